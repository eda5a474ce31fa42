//! Access to the solver's vectors and matrices.

use std::ptr;

use petsc_macros::wraps;

use super::SnesRef;
use crate::error::Result;
use crate::matrix::Matrix;
use crate::object::Loan;
use crate::vector::{Vector, VectorRef};
use crate::{call, sys};

macro_rules! vectors {
    ($($(#[$doc:meta])* $name:ident: $function:ident, $text:literal;)*) => {
        impl SnesRef {$(
            $(#[$doc])*
            /// Not collective.
            ///
            /// # Errors
            #[doc = concat!("The errors of `", $text, "`.")]
            #[doc(alias = $text)]
            #[track_caller]
            pub fn $name(&self) -> Result<Option<Loan<'_, Vector>>> {
                crate::not_collective!();
                let mut raw = ptr::null_mut();
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { call!($function(self.as_ptr(), &raw mut raw)) }?;
                // SAFETY: NULL, or a live vector.
                let found = unsafe { Vector::retain_nullable(raw) }?;
                Ok(found.map(Loan::new))
            }
        )*}
    };
}

vectors! {
    /// Returns the solution vector, in a monitor the current iterate; `None` before the first
    /// solve.
    solution: SNESGetSolution, "SNESGetSolution";
    /// Returns the last step, `None` before the first solve.
    solution_update: SNESGetSolutionUpdate, "SNESGetSolutionUpdate";
    /// Returns the right-hand side of the last solve, if it had one.
    rhs: SNESGetRhs, "SNESGetRhs";
}

impl SnesRef {
    /// Returns the vector of the function values `F(x)` at the last iterate. Collective if PETSc
    /// has to create it, which happens if there is a DM or a solution vector.
    ///
    /// # Errors
    /// The errors of `SNESGetFunction`.
    #[wraps(SNESGetFunction)]
    #[track_caller]
    pub fn residual(&self) -> Result<Option<Loan<'_, Vector>>> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer; the others may be NULL.
        unsafe {
            call!(SNESGetFunction(
                self.as_ptr(),
                &raw mut raw,
                ptr::null_mut(),
                ptr::null_mut()
            ))
        }?;
        // SAFETY: NULL, or a live vector.
        let found = unsafe { Vector::retain_nullable(raw) }?;
        Ok(found.map(Loan::new))
    }

    /// Returns the Jacobian and the matrix of its preconditioner, `None` before they are set or
    /// created. Not collective.
    ///
    /// # Errors
    /// The errors of `SNESGetJacobian`.
    #[wraps(SNESGetJacobian)]
    #[track_caller]
    pub fn jacobian(&self) -> Result<Option<(Matrix, Matrix)>> {
        crate::not_collective!();
        let (mut a, mut p) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live solver and valid out-pointers; the others may be NULL.
        unsafe {
            call!(SNESGetJacobian(
                self.as_ptr(),
                &raw mut a,
                &raw mut p,
                ptr::null_mut(),
                ptr::null_mut()
            ))
        }?;
        if a.is_null() || p.is_null() {
            return Ok(None);
        }
        // SAFETY: a live matrix.
        let a = unsafe { Matrix::operator_of(self, a) }?;
        // SAFETY: as above.
        let p = unsafe { Matrix::operator_of(self, p) }?;
        Ok(Some((a, p)))
    }

    /// Sets the vector that [`solve_in_place`](Self::solve_in_place) uses for the initial guess and the
    /// solution. The solver takes a reference. Collective.
    ///
    /// # Errors
    /// The errors of `SNESSetSolution`.
    #[wraps(SNESSetSolution)]
    pub fn set_solution(&mut self, x: &VectorRef) -> Result<()> {
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(SNESSetSolution(*self.busy()?, x.as_ptr())) }
    }
}
