//! Operators that C creates for a solver. They point to the solver but hold no reference to it. A
//! handle can keep such an operator after the solver is destroyed; products with the operator then
//! return errors.

use std::cell::RefCell;
use std::ffi::{CString, c_void};
use std::ptr;

use super::{Matrix, MatrixRef};
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object;
use crate::{call, callback, ffi, runtime, sys};

type Id = sys::PetscObjectId;

thread_local! {
    /// Identifiers of the solver and operator of each active link.
    static LINKS: RefCell<Vec<(Id, Id)>> = const { RefCell::new(Vec::new()) };
}

/// A link, owned by a solver. Dropping it disables the operator.
#[derive(Debug)]
pub(crate) struct Link {
    matrix: Matrix,
    between: (Id, Id),
}

impl Link {
    /// Disables `matrix` when `solver` is destroyed, or when [`cut`] is called for its method.
    ///
    /// # Errors
    /// The errors of `PetscObjectCompose`.
    pub(crate) fn tie<S: Object + ?Sized>(solver: &S, matrix: &Matrix) -> Result<()> {
        // SAFETY: a live object, as its handle is borrowed.
        unsafe { Self::tie_object(solver.object_ptr(), matrix) }
    }

    /// # Safety
    /// `solver` is live.
    unsafe fn tie_object(solver: sys::PetscObject, matrix: &Matrix) -> Result<()> {
        let between = (runtime::id(solver)?, runtime::id(matrix.object_ptr())?);
        if LINKS.with_borrow(|links| links.contains(&between)) {
            return Ok(());
        }
        let link = Self {
            // SAFETY: live, as its handle is borrowed.
            matrix: unsafe { Matrix::retain(matrix.as_ptr()) }?,
            between,
        };
        // SAFETY: live (by contract).
        unsafe { callback::compose(solver, &name(between.1)?, link) }?;
        LINKS.with_borrow_mut(|links| links.push(between));
        Ok(())
    }
}

fn name(matrix: Id) -> Result<CString> {
    ffi::c_string(&format!("petsc-rs.operator.{matrix}"))
}

/// Disables the operators of `solver`, except `but`, before its method or data computed from its
/// operators is removed.
///
/// # Errors
/// The errors of `PetscObjectCompose`.
pub(crate) fn cut<S: Object + ?Sized>(solver: &S, but: Option<sys::Mat>) -> Result<()> {
    let solver = solver.object_ptr();
    let id = runtime::id(solver)?;
    let but = but.map(|matrix| runtime::id(matrix.cast())).transpose()?;
    let matrices = LINKS.with_borrow(|links| {
        let own = links.iter().filter(|(solver, matrix)| *solver == id && Some(*matrix) != but);
        own.map(|(_, matrix)| *matrix).collect::<Vec<_>>()
    });
    for matrix in matrices {
        let name = name(matrix)?;
        // SAFETY: a live object, as its handle is borrowed; NULL takes away what is there.
        unsafe { call!(PetscObjectCompose(solver, name.as_ptr(), ptr::null_mut())) }?;
    }
    Ok(())
}

impl Drop for Link {
    fn drop(&mut self) {
        let _ = LINKS.try_with(|links| links.borrow_mut().retain(|link| *link != self.between));
        let code = match cut_off(&mut self.matrix) {
            Ok(()) => sys::error_code(0),
            Err(error) => error.code().to_raw(),
        };
        runtime::record_drop("MatShellSetOperation", code);
    }
}

fn cut_off(matrix: &mut Matrix) -> Result<()> {
    if matrix.is_type("mffd")? {
        // SAFETY: a live operator of this type; the function takes no context.
        unsafe { call!(MatMFFDSetFunction(matrix.as_ptr(), Some(gone), ptr::null_mut())) }?;
    }
    if matrix.is_type("shell")? {
        for which in
            [sys::MATOP_MULT, sys::MATOP_MULT_TRANSPOSE, sys::MATOP_MULT_HERMITIAN_TRANSPOSE]
        {
            replace(matrix, which, no_product as *const c_void)?;
        }
        replace(matrix, sys::MATOP_GET_DIAGONAL, no_diagonal as *const c_void)?;
    }
    Ok(())
}

fn replace(matrix: &mut Matrix, which: sys::MatOperation, f: *const c_void) -> Result<()> {
    let mut has = ffi::raw_bool(false);
    // SAFETY: a live matrix and a valid out-pointer.
    unsafe { call!(MatHasOperation(matrix.as_ptr(), which, &raw mut has)) }?;
    if ffi::to_bool(has) {
        matrix.set_erased(which, f)?;
    }
    Ok(())
}

/// Replaces a function whose solver is destroyed.
unsafe extern "C" fn gone(_: *mut c_void, _: sys::Vec, _: sys::Vec) -> sys::PetscErrorCode {
    ErrorCode::ARG_WRONGSTATE.to_raw()
}

/// Replaces a product.
unsafe extern "C" fn no_product(_: sys::Mat, _: sys::Vec, _: sys::Vec) -> sys::PetscErrorCode {
    ErrorCode::ARG_WRONGSTATE.to_raw()
}

/// Replaces the diagonal.
unsafe extern "C" fn no_diagonal(_: sys::Mat, _: sys::Vec) -> sys::PetscErrorCode {
    ErrorCode::ARG_WRONGSTATE.to_raw()
}

/// Replaces `MatDuplicate`: PETSc's function would share the context of the original, and free it
/// twice.
unsafe extern "C" fn no_duplicate(
    _: sys::Mat,
    _: sys::MatDuplicateOption,
    _: *mut sys::Mat,
) -> sys::PetscErrorCode {
    ErrorCode::SUP.to_raw()
}

/// # Safety
/// `solver` is live.
unsafe fn is_linear(solver: sys::PetscObject) -> Result<bool> {
    let mut class = ptr::null();
    // SAFETY: live (by contract), and a valid out-pointer.
    unsafe { call!(PetscObjectGetClassName(solver, &raw mut class)) }?;
    // SAFETY: a static string.
    let class = unsafe { ffi::str_from_ptr(class) }.unwrap_or_default();
    Ok(["KSP", "PC"].contains(&class.as_str()))
}

impl Matrix {
    /// Returns a handle to an operator of a solver. If a matrix-free operator calls the solver
    /// without a reference to it, the handle keeps the solver alive.
    ///
    /// # Safety
    /// See [`retain`](Self::retain).
    ///
    /// # Errors
    /// `ORDER` if the matrix has no sizes yet: optimized PETSc does not check this. The errors of
    /// `PetscObjectReference`.
    #[doc(hidden)]
    #[track_caller]
    pub unsafe fn operator_of<S: Object>(solver: &S, raw: sys::Mat) -> Result<Self> {
        // SAFETY: live (by contract).
        let borrowed = unsafe { MatrixRef::from_ptr(raw) };
        if borrowed.raw_size()?.0 < 0 {
            let text = "the matrix of the solver has no sizes yet: set up the solver first";
            return Err(Error::new(ErrorCode::ORDER, text));
        }
        if borrowed.has_entries()? || borrowed.has_closures()? {
            // SAFETY: by contract.
            return unsafe { Self::retain(raw) };
        }
        // SAFETY: by contract.
        let mut operator = unsafe { Self::part_of(solver, raw) }?;
        if operator.is_type("shell")? {
            operator.tie_to_wholes()?;
        }
        Ok(operator)
    }

    /// Returns a handle to an operator of a solver, or `None` for NULL. See
    /// [`operator_of`](Self::operator_of).
    ///
    /// # Safety
    /// NULL, or see [`operator_of`](Self::operator_of).
    ///
    /// # Errors
    /// See [`operator_of`](Self::operator_of).
    #[doc(hidden)]
    #[track_caller]
    pub unsafe fn maybe_operator_of<S: Object>(solver: &S, raw: sys::Mat) -> Result<Option<Self>> {
        if raw.is_null() {
            return Ok(None);
        }
        // SAFETY: by contract; not NULL.
        unsafe { Self::operator_of(solver, raw) }.map(Some)
    }

    /// For an operator created in C: links it to the nonlinear solvers, integrators or optimizers
    /// that contain it. Linear solvers create none.
    fn tie_to_wholes(&mut self) -> Result<()> {
        for whole in runtime::wholes_of(self.object_ptr())? {
            // SAFETY: it has the operator as a part, and lives.
            if !unsafe { is_linear(whole) }? {
                // SAFETY: as above.
                unsafe { Link::tie_object(whole, self) }?;
            }
        }
        // SAFETY: no preconditions.
        let alone = Comm::share(unsafe { sys::PetscRsCommSelf() })?;
        let own = Self::shell(&alone, 0, 0, |_, _| Ok(())).build()?;
        if self.operation(sys::MATOP_DUPLICATE)? == own.operation(sys::MATOP_DUPLICATE)? {
            self.set_erased(sys::MATOP_DUPLICATE, no_duplicate as *const c_void)?;
        }
        Ok(())
    }
}
