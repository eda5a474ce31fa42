//! Shell matrices whose operations are methods of a Rust value. Duplicates share or clone the
//! value.

use std::cell::RefCell;
use std::ffi::c_void;
use std::ptr;
use std::rc::Rc;

use petsc_macros::wraps;

use super::shell::{Closures, ShellBuilder, shared};
use super::{Matrix, MatrixRef};
use crate::callback::{self, Replaceable};
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Object as _, call, ffi, sys};

/// Operations of a Rust type that acts as a matrix. See [`Matrix::shell_from`].
pub trait ShellMatrix: 'static {
    /// Whether the type implements [`mult_transpose`](Self::mult_transpose).
    const TRANSPOSE: bool = false;
    /// Whether the type implements [`diagonal`](Self::diagonal).
    const DIAGONAL: bool = false;

    /// Computes `y ← A·x`.
    ///
    /// # Errors
    /// Errors are returned from the call that required the product.
    fn mult(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()>;

    /// Computes `y ← Aᵀ·x`.
    ///
    /// # Errors
    /// See [`mult`](Self::mult).
    fn mult_transpose(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        let _ = (x, y);
        Err(Error::new(ErrorCode::SUP, "this operator has no transpose"))
    }

    /// Computes the diagonal of `A`, for Jacobi preconditioners.
    ///
    /// # Errors
    /// See [`mult`](Self::mult).
    fn diagonal(&mut self, diagonal: &mut VectorRef) -> Result<()> {
        let _ = diagonal;
        Err(Error::new(ErrorCode::SUP, "this operator has no diagonal"))
    }
}

fn reentry<E>(_: E) -> Error {
    let text = "an operator was called while one of its operations was running";
    Error::new(ErrorCode::ARG_WRONGSTATE, text)
}

/// Returns closures that call a value.
fn closures_of<S: ShellMatrix>(value: &Rc<RefCell<S>>) -> Closures {
    let operator = Rc::clone(value);
    let closures = Closures {
        mult: Replaceable::new(Box::new(move |x, y| {
            operator.try_borrow_mut().map_err(reentry)?.mult(x, y)
        })),
        value: Some(Rc::<RefCell<S>>::clone(value)),
        ..Closures::default()
    };
    if S::TRANSPOSE {
        let operator = Rc::clone(value);
        closures.mult_transpose.set(Box::new(move |x, y| {
            let mut operator = operator.try_borrow_mut().map_err(reentry)?;
            operator.mult_transpose(x, y)
        }));
    }
    if S::DIAGONAL {
        let operator = Rc::clone(value);
        closures
            .diagonal
            .set(Box::new(move |d| operator.try_borrow_mut().map_err(reentry)?.diagonal(d)));
    }
    closures
}

/// Returns closures that call a value, and clone it for duplicates.
fn cloned<S: ShellMatrix + Clone>(value: S) -> Closures {
    let value = Rc::new(RefCell::new(value));
    let source = Rc::clone(&value);
    Closures {
        copy: Some(Box::new(move || {
            let copy = source.try_borrow().map_err(reentry)?.clone();
            Ok(cloned(copy))
        })),
        ..closures_of(&value)
    }
}

impl Matrix {
    /// Creates an operator whose products are computed by a Rust value. Collective.
    ///
    /// Duplicates share the value. Only a duplicate created [with
    /// values](MatrixRef::duplicate_with_values) can compute products.
    ///
    /// # Errors
    /// See [`ShellBuilder::build`].
    #[track_caller]
    pub fn shell_from<S: ShellMatrix>(
        comm: &Comm,
        rows: usize,
        columns: usize,
        operator: S,
    ) -> Result<Self> {
        let closures = closures_of(&Rc::new(RefCell::new(operator)));
        ShellBuilder { comm, rows, columns, closures }.build()
    }

    /// Creates an operator whose products are computed by a Rust value, which is cloned for each
    /// duplicate. Collective.
    ///
    /// Each duplicate, including those that PETSc creates, supports all operations. A solver can
    /// therefore use the operator and a duplicate with different values of a parameter at the same
    /// time.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::matrix::{Matrix, ShellMatrix};
    /// # use petsc_rs::{Norm, Result, Scalar, ScalarExt, VectorRef};
    /// #[derive(Clone)]
    /// struct Times(Scalar);
    ///
    /// impl ShellMatrix for Times {
    ///     fn mult(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
    ///         y.copy_from(x)?;
    ///         y.scale(self.0)
    ///     }
    /// }
    ///
    /// let a = Matrix::shell_cloned(comm, 2, 2, Times(Scalar::from_real(2.0)))?;
    /// let mut b = a.duplicate()?;
    /// b.with_shell_value(|times: &mut Times| {
    ///     times.0 = Scalar::from_real(3.0);
    ///     Ok(())
    /// })?;
    /// let (mut x, mut y) = a.vectors()?;
    /// x.set(Scalar::from_real(1.0))?;
    /// a.mult(&x, &mut y)?;
    /// assert_eq!(y.norm(Norm::Infinity)?, 2.0);
    /// b.mult(&x, &mut y)?;
    /// assert_eq!(y.norm(Norm::Infinity)?, 3.0);
    /// # Ok(()) })
    /// ```
    #[wraps(MATOP_DUPLICATE, errors = ShellBuilder::build)]
    #[track_caller]
    pub fn shell_cloned<S: ShellMatrix + Clone>(
        comm: &Comm,
        rows: usize,
        columns: usize,
        operator: S,
    ) -> Result<Self> {
        ShellBuilder { comm, rows, columns, closures: cloned(operator) }.build()
    }
}

impl MatrixRef {
    /// Calls `f` with the value of an operator created with [`Matrix::shell_from`] or
    /// [`Matrix::shell_cloned`], to read or change it. Not collective, but a change must be made on
    /// all ranks.
    ///
    /// After this call, PETSc regards data computed from the operator, such as a preconditioner, as
    /// out of date.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` if the matrix has no such value, or a value of another type;
    /// `ARG_WRONGSTATE` while an operation of the value is running. Errors of `f` are returned.
    pub fn with_shell_value<S: ShellMatrix, R>(
        &mut self,
        f: impl FnOnce(&mut S) -> Result<R>,
    ) -> Result<R> {
        crate::not_collective!();
        let closures = self.closures()?;
        let value = closures.value.as_ref();
        let value = value.and_then(|value| value.downcast_ref::<RefCell<S>>());
        let value = value.ok_or_else(|| {
            let name = std::any::type_name::<S>();
            let text = format!("the operator has no value of type {name}");
            Error::new(ErrorCode::ARG_NOTSAMETYPE, text)
        })?;
        let result = f(&mut *value.try_borrow_mut().map_err(reentry)?);
        let (object, mut state) = (self.object_ptr(), 0);
        // SAFETY: a live object and a valid out-pointer.
        unsafe { call!(PetscObjectStateGet(object, &raw mut state)) }?;
        // SAFETY: a live object.
        unsafe { call!(PetscObjectStateSet(object, state + 1)) }?;
        result
    }
}

type Duplicate =
    unsafe extern "C" fn(sys::Mat, sys::MatDuplicateOption, *mut sys::Mat) -> sys::PetscErrorCode;

/// `MatDuplicate` of an operator, which C stores without its type.
pub(super) type Erased = unsafe extern "C" fn();

impl MatrixRef {
    /// Installs the duplicate function of this crate; `closures` keep PETSc's own.
    pub(super) fn install_duplicate(&mut self, closures: &Closures) -> Result<()> {
        let ours: Duplicate = duplicate_shim;
        let (a, which, mut theirs) = (self.as_ptr(), sys::MATOP_DUPLICATE, None);
        // SAFETY: a live matrix of type shell and a valid out-pointer.
        unsafe { call!(MatShellGetOperation(a, which, &raw mut theirs)) }?;
        match theirs {
            // A copy has the functions of the original.
            Some(f) if ptr::addr_eq(f as *const c_void, ours as *const c_void) => Ok(()),
            theirs => {
                closures.duplicate.set(theirs);
                self.set_erased(which, ours as *const c_void)
            }
        }
    }
}

/// Installed only for closures that can be copied.
unsafe extern "C" fn duplicate_shim(
    a: sys::Mat,
    option: sys::MatDuplicateOption,
    out: *mut sys::Mat,
) -> sys::PetscErrorCode {
    callback::guard_with(
        c"shell duplicate",
        || {
            let closures = shared(a)?;
            let (Some(copy), Some(theirs)) = (&closures.copy, closures.duplicate.get()) else {
                let text = "the operator cannot be duplicated";
                return Err(Error::new(ErrorCode::PLIB, text));
            };
            let copy = copy()?;
            copy.duplicate.set(Some(theirs));
            #[expect(
                clippy::disallowed_methods,
                reason = "only transmute converts between function pointers of different types"
            )]
            // SAFETY: C returned it as the operation of this type.
            let theirs = unsafe { std::mem::transmute::<Erased, Duplicate>(theirs) };
            let mut raw = ptr::null_mut();
            // SAFETY: the live operator that PETSc duplicates, and a valid out-pointer.
            let code = unsafe { theirs(a, option, &raw mut raw) };
            ffi::check("MatDuplicate", code)?;
            // SAFETY: just created; the reference is ours.
            let mut new = unsafe { Matrix::created(raw) }?;
            new.give_closures(copy)?;
            Ok(new)
        },
        |new| {
            // SAFETY: a valid out-pointer of PETSc, to which the reference goes.
            unsafe { *out = new.into_raw() };
        },
    )
}
