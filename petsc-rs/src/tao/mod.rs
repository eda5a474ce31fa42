//! Optimization: TAO.
//!
//! A [`Tao`] minimizes `f(x)`, optionally with bounds and constraints. Complex builds of PETSc have
//! no optimization methods: there, [`Tao::new`] returns an error.

mod access;
mod admm;
mod almm;
mod callbacks;
mod check;
mod compute;
mod constraints;
mod differences;
mod history;
mod least_squares;
mod line_search;
mod nested;
mod objective;
mod parts;
mod preflight;
mod quasi_newton;
mod reason;
mod search;
mod shims;
mod sizes;
mod soft_threshold;
mod solve;
mod state_design;
mod tolerances;
mod types;

use std::ffi::c_void;
use std::ptr;

use petsc_macros::wraps;

pub use admm::{AdmmRegularizer, AdmmUpdate};
pub use almm::AlmmType;
pub use constraints::{Bound, INFINITY};
pub use history::{History, Status};
#[cfg(petsc_ge_3_24)]
pub use least_squares::BrgnRegularization;
pub use line_search::{LineSearch, LineSearchRef, LineSearchType};
pub use reason::ConvergedReason;
pub use search::{LineSearchReason, Step};
pub use solve::{Converged, NotConverged};
pub use tolerances::{CurrentTolerances, Tolerances};
pub use types::TaoType;

use crate::comm::Comm;
use crate::error::Result;
use crate::object::petsc_object;
use crate::prefixes;
use crate::solver::method::check_parts_of_method;
use crate::{Object as _, call, ffi, options, sys};

petsc_object! {
    /// An optimizer: `min f(x)`, optionally with bounds and constraints.
    ///
    /// A program creates an optimizer, sets the type, the objective and its derivatives, reads the
    /// options, and minimizes from the initial guess in `x`. Dropping the handle destroys the
    /// optimizer. Complex builds of PETSc have no optimization methods.
    ///
    /// # Examples
    /// Minimizes `‖x - 3‖²/2`:
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::Tao;
    /// let mut x = Vector::new(comm, 4)?; // the initial guess 0
    /// let mut tao = Tao::new(comm)?;
    /// tao.set_objective_and_gradient(|_, x, g| {
    ///     g.copy_from(x)?;
    ///     g.shift(-3.0)?; // ∇f(x) = x - 3
    ///     Ok(g.dot(g)? / 2.0)
    /// })?;
    /// tao.set_from_options()?;
    /// let end = tao.solve(&mut x)?;
    /// assert!(end.objective < 1e-12);
    /// assert!((x.norm(Norm::Infinity)? - 3.0).abs() < 1e-6);
    /// # Ok(()) })
    /// ```
    ///
    /// # Options
    /// `-tao_type`, `-tao_gatol`, `-tao_max_it`, `-tao_monitor`, `-tao_view`, `-tao_fd_gradient`.
    ///
    /// # See also
    /// [`TaoType`] (the methods and what they need), [`TaoRef::set_variable_bounds`],
    /// [`TaoRef::set_hessian`], [`TaoRef::set_tolerances`], the module `autodiff` (automatic
    /// differentiation).
    Tao,
    /// A borrowed [`Tao`].
    TaoRef,
    Tao,
    TaoDestroy,
}

impl Tao {
    /// Creates an optimizer of type `lmvm`. The problem is set later. Collective.
    ///
    /// PETSc itself sets no type, and a solve without a type would return the initial guess.
    ///
    /// # Errors
    /// `SUP` in a complex build, whose PETSc has no optimization methods; the errors of
    /// `TaoCreate`.
    #[wraps(TaoCreate)]
    #[track_caller]
    pub fn new(comm: &Comm) -> Result<Self> {
        real_numbers()?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(TaoCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let mut tao = unsafe { Self::from_raw(raw) };
        tao.set_type(TaoType::LMVM)?;
        tao.parts()?.0.first_method.set(true);
        Ok(tao)
    }
}

prefixes! {
    TaoRef, "optimizer and of its inner solvers";
    #[wraps(TaoSetOptionsPrefix)]
    TaoSetOptionsPrefix,
    #[doc(alias = "TaoAppendOptionsPrefix")]
    TaoAppendOptionsPrefix
}

/// Returns whether this build has a method with that name.
fn is_registered(name: &str) -> Result<bool> {
    let (name, mut make) = (ffi::c_string(name)?, ptr::null_mut::<c_void>());
    // SAFETY: the list is written by TaoInitializePackage and when methods are registered, on this thread.
    let list = unsafe { sys::TaoList };
    // SAFETY: a list of PETSc, a NUL-terminated name, and a place for a pointer to a function.
    unsafe { call!(PetscFunctionListFind_Private(list, name.as_ptr(), (&raw mut make).cast())) }?;
    Ok(!make.is_null())
}

/// Complex builds of PETSc have no optimization methods.
fn real_numbers() -> Result<()> {
    if cfg!(petsc_scalar = "complex") {
        return Err(crate::Error::collective(
            crate::ErrorCode::SUP,
            "TAO needs a PETSc build with real numbers, but this build is complex: set PETSC_DIR to a real build",
        ));
    }
    Ok(())
}

impl TaoRef {
    /// Sets the method and its default limits and tolerances. Limits and tolerances that were set
    /// explicitly remain. Collective. Default: `lmvm`. Option: `-tao_type`.
    ///
    /// Before PETSc 3.26, a method that has no default for a limit or tolerance keeps the default
    /// of the previous method.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if this build has no method with that name. After any other error, for
    /// example of an option of the method, the optimizer has no method until one is set.
    #[wraps(TaoSetType)]
    pub fn set_type(&mut self, kind: TaoType<'_>) -> Result<()> {
        // SAFETY: a live optimizer; the name is NUL-terminated.
        let set = || unsafe { call!(TaoSetType(*self.busy()?, kind.as_ptr())) };
        self.changing_method(Some(&kind.name().to_string_lossy()), set)?;
        self.release_admm()
    }

    /// Runs `change`, which may make `next` the current method. First removes the defaults of the
    /// method of [`Tao::new`], since `TaoCreate` sets none.
    fn changing_method(
        &self,
        next: Option<&str>,
        change: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let before = self.type_name()?;
        let (parts, _) = self.parts()?;
        let next = next.filter(|next| Some(*next) != before.as_deref());
        let replaced = next.map(is_registered).transpose()?.unwrap_or(false);
        if replaced {
            check_parts_of_method(self)?;
        }
        if replaced && parts.first_method.get() {
            // SAFETY: a live optimizer.
            unsafe { call!(PetscRsTaoForgetDefaults(self.as_ptr())) }?;
        }
        let outcome = change();
        let mut now = self.type_name()?;
        if outcome.is_err() && replaced && now == before {
            // A method whose creation fails has replaced the functions of the old method, which is
            // destroyed, but the type name is still the old one.
            // SAFETY: a live object; NULL for no name.
            unsafe { call!(PetscObjectChangeTypeName(self.object_ptr(), ptr::null())) }?;
            now = None;
        }
        if now != before {
            parts.change_method();
            self.cut_within()?;
        }
        if outcome.is_ok() || replaced {
            parts.first_method.set(false);
        }
        outcome
    }

    /// Sets the type, the tolerances and all other settings from the options. Collective.
    ///
    /// # Errors
    /// An invalid option value.
    #[wraps(TaoSetFromOptions)]
    pub fn set_from_options(&mut self) -> Result<()> {
        let next = options::of_object(self.options_prefix()?, c"-tao_type")?;
        // SAFETY: a live optimizer.
        let set = || unsafe { call!(TaoSetFromOptions(*self.busy()?)) };
        self.changing_method(next.as_deref(), set)?;
        self.parts()?.0.options_read.set(true);
        self.link_differences()?;
        self.release_admm()
    }
}
