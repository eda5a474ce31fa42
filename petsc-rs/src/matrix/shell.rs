//! Shell matrices: operators that closures apply.
//!
//! PETSc keeps one context for an operator (`MatShellSetContext`). The operator and its copies
//! share the container of the context; the container frees the closures with the last copy
//! (`MatShellSetContextDestroy`).

use std::any::Any;
use std::cell::Cell;
use std::ffi::c_void;
use std::ptr;
use std::rc::Rc;

use petsc_macros::wraps;

use super::shell_value::Erased;
use super::{Matrix, MatrixRef};
use crate::callback::{self, Context, Replaceable, context_drop};
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Object as _, call, create, ffi, sys};

/// `y ← op(x)`.
pub(super) type Apply = dyn FnMut(&VectorRef, &mut VectorRef) -> Result<()>;
/// `d ← diagonal`.
pub(super) type Diagonal = dyn FnMut(&mut VectorRef) -> Result<()>;
/// Creates the closures of a duplicate.
type Copy = dyn Fn() -> Result<Closures>;

/// All closures of one operator.
#[derive(Default)]
pub(super) struct Closures {
    pub(super) mult: Replaceable<Apply>,
    pub(super) mult_transpose: Replaceable<Apply>,
    pub(super) mult_hermitian_transpose: Replaceable<Apply>,
    pub(super) diagonal: Replaceable<Diagonal>,
    /// The Rust value that the closures call, if any.
    pub(super) value: Option<Rc<dyn Any>>,
    /// Creates the closures of a duplicate if they are not shared.
    pub(super) copy: Option<Box<Copy>>,
    /// Set together with `copy`: PETSc's own function, which copies multiples and shifts.
    pub(super) duplicate: Cell<Option<Erased>>,
}

pub(super) type Shared = Rc<Closures>;

/// Parameters of a new operator. See [`Matrix::shell`].
#[must_use]
pub struct ShellBuilder<'a> {
    pub(super) comm: &'a Comm,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) closures: Closures,
}

impl std::fmt::Debug for ShellBuilder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShellBuilder")
            .field("rows", &self.rows)
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

impl Matrix {
    /// Returns a builder for an operator with `rows` rows and `columns` columns on this rank, where
    /// `mult(x, y)` computes `y ← A·x`. PETSc can also add, scale and shift the operator; it
    /// applies these operations outside the closure.
    ///
    /// The operator and its copies share the closures. The closures are freed with the last copy.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt, Vector};
    /// # let r = Scalar::from_real;
    /// let twice = Matrix::shell(comm, 2, 2, move |x, y| {
    ///     y.copy_from(x)?;
    ///     y.scale(r(2.0))
    /// })
    /// .diagonal(move |d| d.set(r(2.0)))
    /// .build()?;
    /// let x = Vector::from_slice(comm, &[r(1.0), r(2.0)])?;
    /// let mut y = x.duplicate()?;
    /// twice.mult(&x, &mut y)?;
    /// assert_eq!(&*y.array()?, &[r(2.0), r(4.0)]);
    /// # Ok(()) })
    /// ```
    #[wraps(MatCreateShell)]
    pub fn shell<F>(comm: &Comm, rows: usize, columns: usize, mult: F) -> ShellBuilder<'_>
    where
        F: FnMut(&VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        ShellBuilder {
            comm,
            rows,
            columns,
            closures: Closures { mult: Replaceable::new(Box::new(mult)), ..Closures::default() },
        }
    }
}

impl ShellBuilder<'_> {
    /// Sets the closure that computes `y ← Aᵀ·x`.
    #[wraps(MATOP_MULT_TRANSPOSE)]
    pub fn mult_transpose<F>(self, f: F) -> Self
    where
        F: FnMut(&VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        self.closures.mult_transpose.set(Box::new(f));
        self
    }

    /// Sets the closure that computes `y ← Aᴴ·x`, for complex scalars.
    #[wraps(MATOP_MULT_HERMITIAN_TRANSPOSE)]
    pub fn mult_hermitian_transpose<F>(self, f: F) -> Self
    where
        F: FnMut(&VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        self.closures.mult_hermitian_transpose.set(Box::new(f));
        self
    }

    /// Sets the closure that computes the diagonal, for Jacobi preconditioners.
    #[wraps(MATOP_GET_DIAGONAL)]
    pub fn diagonal<F>(self, f: F) -> Self
    where
        F: FnMut(&mut VectorRef) -> Result<()> + 'static,
    {
        self.closures.diagonal.set(Box::new(f));
        self
    }

    /// Creates the operator. Collective.
    ///
    /// # Errors
    /// `INT_OVERFLOW` for a size that does not fit into `PetscInt`.
    ///
    /// # Examples
    /// See [`Matrix::shell`].
    #[wraps(MatCreateShell)]
    #[track_caller]
    pub fn build(self) -> Result<Matrix> {
        let (m, n) = (ffi::petsc_int(self.rows)?, ffi::petsc_int(self.columns)?);
        // SAFETY: a live communicator; C creates a matrix; the context comes below.
        let mut a = unsafe {
            create!(MatCreateShell(
                self.comm.as_raw(),
                m,
                n,
                ffi::DECIDE,
                ffi::DECIDE,
                ptr::null_mut(),
                _
            ))
        }
        .and_then(Matrix::complete)?;
        a.give_closures(self.closures)?;
        a.assemble()?;
        Ok(a)
    }
}

impl MatrixRef {
    /// Replaces the closure that computes the product of an operator created with
    /// [`Matrix::shell`]. Logically collective.
    ///
    /// Copies of the operator use the new closure too. A closure may replace itself; the old
    /// closure is freed when it returns.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` if the matrix was not created with [`Matrix::shell`].
    #[wraps(MatShellSetOperation)]
    pub fn set_shell_mult<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let closures = self.closures()?;
        closures.mult.set(Box::new(f));
        self.install(&closures)
    }

    /// Replaces the closure that computes the product with the transpose. See
    /// [`set_shell_mult`](Self::set_shell_mult).
    #[wraps(MatShellSetOperation, errors = set_shell_mult)]
    pub fn set_shell_mult_transpose<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let closures = self.closures()?;
        closures.mult_transpose.set(Box::new(f));
        self.install(&closures)
    }

    /// Replaces the closure that computes the diagonal. See
    /// [`set_shell_mult`](Self::set_shell_mult).
    #[wraps(MatShellSetOperation, errors = set_shell_mult)]
    pub fn set_shell_diagonal<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&mut VectorRef) -> Result<()> + 'static,
    {
        let closures = self.closures()?;
        closures.diagonal.set(Box::new(f));
        self.install(&closures)
    }

    /// Sets closures of an operator without closures, or of one that shares the closures of another
    /// operator.
    pub(super) fn give_closures(&mut self, closures: Closures) -> Result<()> {
        let closures: Shared = Rc::new(closures);
        let ctx = Context::<Shared>::into_raw(Rc::clone(&closures));
        // SAFETY: a live operator. If this fails, the closures are leaked: PETSc may hold them.
        unsafe { call!(MatShellSetContext(self.as_ptr(), ctx)) }?;
        let destroy = context_drop!(Shared);
        // SAFETY: `ctx` is what this destructor expects, in the form that this release calls.
        unsafe { call!(MatShellSetContextDestroy(self.as_ptr(), destroy)) }?;
        self.install(&closures)
    }

    /// Sets the operations in PETSc.
    fn install(&mut self, closures: &Closures) -> Result<()> {
        let mult: Operation = mult_shim;
        self.set_operation(sys::MATOP_MULT, mult)?;
        if closures.mult_transpose.is_set() {
            self.set_operation(sys::MATOP_MULT_TRANSPOSE, mult_transpose_shim)?;
        }
        if closures.mult_hermitian_transpose.is_set() {
            self.set_operation(sys::MATOP_MULT_HERMITIAN_TRANSPOSE, mult_hermitian_shim)?;
        }
        if closures.diagonal.is_set() {
            let f: unsafe extern "C" fn(sys::Mat, sys::Vec) -> sys::PetscErrorCode = diagonal_shim;
            self.set_erased(sys::MATOP_GET_DIAGONAL, f as *const c_void)?;
        }
        if closures.copy.is_some() {
            self.install_duplicate(closures)?;
        }
        Ok(())
    }

    fn set_operation(&mut self, which: sys::MatOperation, f: Operation) -> Result<()> {
        self.set_erased(which, f as *const c_void)
    }

    /// Sets an operation; `f` has the type of this operation.
    pub(crate) fn set_erased(&mut self, which: sys::MatOperation, f: *const c_void) -> Result<()> {
        // SAFETY: C keeps function pointers of any type as `void (*)(void)` and casts them back.
        let f = unsafe { erase(f) };
        // SAFETY: a live operator; the function has the type of this operation.
        unsafe { call!(MatShellSetOperation(self.as_ptr(), which, f)) }
    }

    /// Returns whether the matrix is an operator of this crate: then its product is `mult_shim`.
    pub(super) fn has_closures(&self) -> Result<bool> {
        let ours: Operation = mult_shim;
        Ok(self.is_type("shell")? && self.operation(sys::MATOP_MULT)? == Some(ours as usize))
    }

    /// Returns the address of an operation of an operator of type shell.
    pub(super) fn operation(&self, which: sys::MatOperation) -> Result<Option<usize>> {
        let mut f = None;
        // SAFETY: a live matrix of type shell and a valid out-pointer.
        unsafe { call!(MatShellGetOperation(self.as_ptr(), which, &raw mut f)) }?;
        Ok(f.map(|f| f as usize))
    }

    /// Returns the closures.
    pub(super) fn closures(&self) -> Result<Shared> {
        if self.has_closures()? {
            return shared(self.as_ptr());
        }
        let text = "the matrix was not created with Matrix::shell";
        Err(Error::new(ErrorCode::ARG_NOTSAMETYPE, text))
    }
}

type Operation = unsafe extern "C" fn(sys::Mat, sys::Vec, sys::Vec) -> sys::PetscErrorCode;

/// Converts a function pointer to the form in which C stores operations.
///
/// # Safety
/// `f` is a function pointer.
unsafe fn erase(f: *const c_void) -> Option<unsafe extern "C" fn()> {
    #[expect(
        clippy::disallowed_methods,
        reason = "only transmute converts between function pointers of different types"
    )]
    // SAFETY: by contract; who calls it casts it back.
    Some(unsafe { std::mem::transmute::<*const c_void, unsafe extern "C" fn()>(f) })
}

/// Returns the closures of an operator of this crate.
pub(super) fn shared(a: sys::Mat) -> Result<Shared> {
    let mut ctx: *mut c_void = ptr::null_mut();
    // SAFETY: a live matrix of type shell and a valid out-pointer.
    unsafe { call!(MatShellGetContext(a, (&raw mut ctx).cast())) }?;
    // SAFETY: only `ShellBuilder::build` installs our operations, with a context of this type.
    unsafe { Context::<Shared>::with(ctx, |closures| Ok(Rc::clone(closures))) }
}

fn apply(
    name: &std::ffi::CStr,
    a: sys::Mat,
    x: sys::Vec,
    y: sys::Vec,
    which: impl FnOnce(&Closures) -> &Replaceable<Apply>,
) -> sys::PetscErrorCode {
    callback::guard(name, || {
        let closures = shared(a)?;
        // SAFETY: PETSc lends a live vector for this call.
        let x = unsafe { VectorRef::from_ptr(x) };
        // SAFETY: as above; handles have no size, so the reference claims nothing.
        let y = unsafe { VectorRef::from_ptr_mut(y) };
        which(&closures).run(|f| f(x, y))
    })
}

unsafe extern "C" fn mult_shim(a: sys::Mat, x: sys::Vec, y: sys::Vec) -> sys::PetscErrorCode {
    apply(c"shell mult", a, x, y, |c| &c.mult)
}

unsafe extern "C" fn mult_transpose_shim(
    a: sys::Mat,
    x: sys::Vec,
    y: sys::Vec,
) -> sys::PetscErrorCode {
    apply(c"shell mult transpose", a, x, y, |c| &c.mult_transpose)
}

unsafe extern "C" fn mult_hermitian_shim(
    a: sys::Mat,
    x: sys::Vec,
    y: sys::Vec,
) -> sys::PetscErrorCode {
    apply(c"shell mult Hermitian transpose", a, x, y, |c| &c.mult_hermitian_transpose)
}

unsafe extern "C" fn diagonal_shim(a: sys::Mat, d: sys::Vec) -> sys::PetscErrorCode {
    callback::guard(c"shell diagonal", || {
        let closures = shared(a)?;
        // SAFETY: PETSc lends a live vector for this call.
        let d = unsafe { VectorRef::from_ptr_mut(d) };
        closures.diagonal.run(|f| f(d))
    })
}
