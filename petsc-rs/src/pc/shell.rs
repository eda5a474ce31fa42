//! Preconditioners written in Rust: closures and trait implementations.

use std::fmt;
use std::ptr;

use petsc_macros::wraps;

use super::PcRef;
use crate::callback::{self};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Object, call, sys};

crate::attached! {
    /// Name under which the Rust object is attached to the C object. `PCShellSetContext` is not used:
    /// it depends on the type name, which a registered type has changed, and has no destructor.
    const SHELL: Boxed = c"petsc-rs.pc.shell";
    /// Marks a preconditioner that has the hook for options.
    const OPTIONS: () = c"petsc-rs.pc.shell-options";
}

/// A preconditioner written in Rust, see [`PcRef::set_preconditioner`] and
/// [`Petsc::register_pc`](crate::Petsc::register_pc).
pub trait Preconditioner {
    /// Computes `y ← M⁻¹·x`.
    ///
    /// # Errors
    /// Any error. The solve returns an error with this error as its source.
    fn apply(&mut self, pc: &PcRef, x: &VectorRef, y: &mut VectorRef) -> Result<()>;

    /// Computes `y ← M⁻ᵀ·x`. Called only if [`has_transpose`](Self::has_transpose) returns true.
    ///
    /// # Errors
    /// The errors of [`apply`](Self::apply); `SUP` unless this method is implemented.
    fn apply_transpose(&mut self, pc: &PcRef, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        let _ = (pc, x, y);
        let text = "this preconditioner cannot apply its transpose";
        Err(Error::new(ErrorCode::SUP, text))
    }

    /// Returns whether [`apply_transpose`](Self::apply_transpose) is implemented. Called once, when
    /// the preconditioner is installed.
    fn has_transpose(&self) -> bool {
        false
    }

    /// Builds the data of `apply` from [`PcRef::operators`]. Called before the first application,
    /// and again when the operators have changed.
    ///
    /// # Errors
    /// The errors of [`apply`](Self::apply).
    fn set_up(&mut self, pc: &PcRef) -> Result<()> {
        let _ = pc;
        Ok(())
    }

    /// Reads options with the prefix of `pc`. Called from `set_from_options` of the solver.
    ///
    /// # Errors
    /// An invalid option value.
    fn set_from_options(&mut self, pc: &PcRef) -> Result<()> {
        let _ = pc;
        Ok(())
    }

    /// Returns the text that `-ksp_view` prints below the type.
    fn description(&self) -> String {
        std::any::type_name::<Self>().to_owned()
    }
}

/// A preconditioner that consists of closures.
///
/// ```
/// # petsc_rs::doctest(|comm| {
/// use petsc_rs::pc::{Pc, Shell};
/// let mut pc = Pc::new(comm)?;
/// pc.set_preconditioner(
///     Shell::new(|x, y| y.copy_from(x)).transpose(|x, y| y.copy_from(x)),
/// )?;
/// assert!(pc.has_transpose()?);
/// # Ok(()) })
/// ```
pub struct Shell<'a> {
    apply: Box<Apply<'a>>,
    transpose: Option<Box<Apply<'a>>>,
    set_up: Option<Box<SetUp<'a>>>,
}

type Apply<'a> = dyn FnMut(&VectorRef, &mut VectorRef) -> Result<()> + 'a;
type SetUp<'a> = dyn FnMut(&PcRef) -> Result<()> + 'a;

impl<'a> Shell<'a> {
    /// Creates a preconditioner from the closure `apply(x, y)`, which computes `y ← M⁻¹·x`.
    pub fn new(apply: impl FnMut(&VectorRef, &mut VectorRef) -> Result<()> + 'a) -> Self {
        Self { apply: Box::new(apply), transpose: None, set_up: None }
    }

    /// Sets the closure `apply(x, y)`, which computes `y ← M⁻ᵀ·x`.
    #[wraps(PCShellSetApplyTranspose)]
    #[must_use]
    pub fn transpose(
        mut self,
        apply: impl FnMut(&VectorRef, &mut VectorRef) -> Result<()> + 'a,
    ) -> Self {
        self.transpose = Some(Box::new(apply));
        self
    }

    /// Sets the closure `set_up(pc)`. PETSc calls the closure before the first application, and
    /// after the operators have changed.
    #[wraps(PCShellSetSetUp)]
    #[must_use]
    pub fn set_up(mut self, set_up: impl FnMut(&PcRef) -> Result<()> + 'a) -> Self {
        self.set_up = Some(Box::new(set_up));
        self
    }
}

impl fmt::Debug for Shell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shell")
            .field("transpose", &self.transpose.is_some())
            .field("set_up", &self.set_up.is_some())
            .finish_non_exhaustive()
    }
}

impl Preconditioner for Shell<'_> {
    fn apply(&mut self, _pc: &PcRef, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        (self.apply)(x, y)
    }

    fn apply_transpose(&mut self, _pc: &PcRef, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        match &mut self.transpose {
            Some(apply) => apply(x, y),
            None => {
                Err(Error::new(ErrorCode::SUP, "this preconditioner cannot apply its transpose"))
            }
        }
    }

    fn has_transpose(&self) -> bool {
        self.transpose.is_some()
    }

    fn set_up(&mut self, pc: &PcRef) -> Result<()> {
        match &mut self.set_up {
            Some(set_up) => set_up(pc),
            None => Ok(()),
        }
    }

    fn description(&self) -> String {
        "closures".to_owned()
    }
}

pub(super) type Boxed = Box<dyn Preconditioner>;

impl PcRef {
    /// Sets the type `shell` with the closure `apply(x, y)`, which computes `y ← M⁻¹·x`.
    /// Collective.
    ///
    /// The C object owns the closure. The closure is freed when the C object is destroyed, or gets
    /// another type or another closure.
    ///
    /// # Errors
    /// The errors of `PCSetType`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let mut ksp = petsc_rs::Ksp::new(comm)?;
    /// ksp.pc()?.set_shell(|x, y| y.copy_from(x))
    /// # })
    /// ```
    #[wraps(PCShellSetApply)]
    pub fn set_shell<F>(&mut self, apply: F) -> Result<()>
    where
        F: FnMut(&VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        self.set_preconditioner(Shell::new(apply))
    }

    /// Sets the type `shell` with an implementation of [`Preconditioner`]. The methods of
    /// `custom` share its state. Collective.
    ///
    /// # Errors
    /// The errors of `PCSetType`.
    #[wraps(PCShellSetContext)]
    pub fn set_preconditioner<P: Preconditioner + 'static>(&mut self, custom: P) -> Result<()> {
        if !self.is_type("shell")? {
            self.set_type(super::PcType::SHELL)?;
        }
        self.install(Box::new(custom))
    }

    /// Attaches the Rust object to a preconditioner of type `shell`. The solver must be set up
    /// again.
    pub(super) fn install(&mut self, custom: Boxed) -> Result<()> {
        let transpose = custom.has_transpose();
        let description = crate::ffi::c_string(&custom.description().replace('\0', ""))?;
        SHELL.set(self, custom)?;
        // SAFETY: a live shell; each shim finds the Rust side composed with it.
        unsafe { call!(PCShellSetApply(self.as_ptr(), Some(apply_shim))) }?;
        let shim = transpose.then_some(transpose_shim as _);
        // SAFETY: as above; NULL means that there is none.
        unsafe { call!(PCShellSetApplyTranspose(self.as_ptr(), shim)) }?;
        // SAFETY: as above.
        unsafe { call!(PetscRsPCShellSetSetUp(self.as_ptr(), Some(set_up_shim))) }?;
        // SAFETY: as above.
        unsafe { call!(PCShellSetDestroy(self.as_ptr(), Some(destroy_shim))) }?;
        // SAFETY: as above; PETSc copies the name.
        unsafe { call!(PCShellSetName(self.as_ptr(), description.as_ptr())) }?;
        self.read_options_too()
    }

    /// `PCSHELL` has no hook for options, but every object has one. It is added once, because hooks
    /// remain when the type changes.
    fn read_options_too(&mut self) -> Result<()> {
        if OPTIONS.is_set(self)? {
            return Ok(());
        }
        OPTIONS.set(self, ())?;
        // SAFETY: a live object; the shim needs no context and no destructor.
        unsafe {
            call!(PetscObjectAddOptionsHandler(
                self.object_ptr(),
                Some(options_shim),
                None,
                ptr::null_mut()
            ))
        }
    }
}

/// Runs `body` with the Rust object of a preconditioner, if it has one.
fn with<T>(pc: &PcRef, body: impl FnOnce(&mut Boxed, &PcRef) -> Result<T>) -> Result<Option<T>> {
    SHELL.with(pc, |custom| body(custom, pc))
}

fn missing<T>(outcome: Option<T>) -> Result<T> {
    outcome.ok_or_else(|| {
        Error::new(
            ErrorCode::ARG_WRONGSTATE,
            "the preconditioner has type shell, but no Rust object: call set_shell or set_preconditioner",
        )
    })
}

unsafe extern "C" fn apply_shim(pc: sys::PC, x: sys::Vec, y: sys::Vec) -> sys::PetscErrorCode {
    callback::guard(c"PC apply", || {
        // SAFETY: PETSc passes live objects for this call.
        let pc = unsafe { PcRef::from_ptr(pc) };
        // SAFETY: as above.
        let x = unsafe { VectorRef::from_ptr(x) };
        // SAFETY: as above.
        let y = unsafe { VectorRef::from_ptr_mut(y) };
        missing(with(pc, |custom, pc| custom.apply(pc, x, y))?)
    })
}

unsafe extern "C" fn transpose_shim(pc: sys::PC, x: sys::Vec, y: sys::Vec) -> sys::PetscErrorCode {
    callback::guard(c"PC apply transpose", || {
        // SAFETY: PETSc passes live objects for this call.
        let pc = unsafe { PcRef::from_ptr(pc) };
        // SAFETY: as above.
        let x = unsafe { VectorRef::from_ptr(x) };
        // SAFETY: as above.
        let y = unsafe { VectorRef::from_ptr_mut(y) };
        missing(with(pc, |custom, pc| custom.apply_transpose(pc, x, y))?)
    })
}

unsafe extern "C" fn set_up_shim(pc: sys::PC) -> sys::PetscErrorCode {
    callback::guard(c"PC setup", || {
        // SAFETY: PETSc passes a live object for this call.
        let pc = unsafe { PcRef::from_ptr(pc) };
        missing(with(pc, |custom, pc| custom.set_up(pc))?)
    })
}

/// Called when the type changes and when the object is destroyed. It frees the Rust object with the
/// shell, since the C object may continue with another type.
unsafe extern "C" fn destroy_shim(pc: sys::PC) -> sys::PetscErrorCode {
    // SAFETY: a live object; composing NULL removes the container, which frees its context.
    unsafe { sys::PetscObjectCompose(pc.cast(), SHELL.name().as_ptr(), ptr::null_mut()) }
}

unsafe extern "C" fn options_shim(
    pc: sys::PetscObject,
    _items: OptionItems,
    _ctx: *mut std::ffi::c_void,
) -> sys::PetscErrorCode {
    callback::guard(c"PC options", || {
        // SAFETY: PETSc passes the preconditioner to which the handler was added.
        let pc = unsafe { PcRef::from_ptr(pc.cast()) };
        // There is nothing to do if the type is not implemented in Rust any more.
        with(pc, |custom, pc| custom.set_from_options(pc)).map(|_| ())
    })
}

#[cfg(not(petsc_ge_3_23))]
type OptionItems = *mut sys::PetscOptionItems;
#[cfg(petsc_ge_3_23)]
type OptionItems = sys::PetscOptionItems;
