//! Vectors of a solve: solution, right-hand side, current iterate, residual.

use std::cell::RefCell;
use std::ptr;

use petsc_macros::wraps;

use super::KspRef;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Loan;
use crate::vector::{Vector, VectorRef};
use crate::{Scalar, ScalarExt, call, get_raw};

impl KspRef {
    /// Returns the solution vector of the last or current solve, or `None` before the first solve.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` for the solver of a block when no solve is in progress: its vector then has
    /// no array.
    #[wraps(KSPGetSolution, not_collective)]
    #[track_caller]
    pub fn solution(&self) -> Result<Option<Loan<'_, Vector>>> {
        // SAFETY: a live solver.
        let raw = unsafe { get_raw!(KSPGetSolution(self.as_ptr(), _)) }?;
        // SAFETY: NULL, or a live vector.
        let found = unsafe { Vector::retain_nullable(raw) }?;
        found.as_deref().map_or(Ok(()), VectorRef::check_array)?;
        Ok(found.map(Loan::new))
    }

    /// Returns the right-hand side of the last or current solve, or `None` before the first solve.
    #[wraps(KSPGetRhs, not_collective, errors = solution)]
    #[track_caller]
    pub fn rhs(&self) -> Result<Option<Loan<'_, Vector>>> {
        // SAFETY: a live solver.
        let raw = unsafe { get_raw!(KSPGetRhs(self.as_ptr(), _)) }?;
        // SAFETY: NULL, or a live vector.
        let found = unsafe { Vector::retain_nullable(raw) }?;
        found.as_deref().map_or(Ok(()), VectorRef::check_array)?;
        Ok(found.map(Loan::new))
    }

    /// Returns the current iterate in a new vector. Collective.
    ///
    /// Inside a monitor or convergence test, this is the only way to get the iterate of methods
    /// such as `gmres`. Outside a solve, it returns a copy of the solution.
    ///
    /// # Errors
    /// `ORDER` before the first solve.
    #[wraps(KSPBuildSolution)]
    #[track_caller]
    pub fn build_solution(&self) -> Result<Vector> {
        let Some(solution) = self.solution()? else {
            return Err(before_solve());
        };
        let mut x = solution.duplicate()?;
        if !Iterating::is(self) {
            // After the solve, PETSc would add the last correction a second time.
            x.copy_from(&solution)?;
            return Ok(x);
        }
        // SAFETY: a live solver between two iterations, and a vector like its solution.
        unsafe { call!(KSPBuildSolution(self.as_ptr(), x.as_ptr(), ptr::null_mut())) }?;
        Ok(x)
    }

    /// Returns the residual `b − A·x` in a new vector, where `x` is the result of
    /// [`build_solution`](Self::build_solution). Collective.
    ///
    /// # Errors
    /// `ORDER` before the first solve.
    #[wraps(KSPBuildResidual)]
    #[track_caller]
    pub fn build_residual(&self) -> Result<Vector> {
        let (Some(b), x) = (self.rhs()?, self.build_solution()?) else {
            return Err(before_solve());
        };
        let (mut r, mut product) = (b.duplicate()?, b.duplicate()?);
        self.operators()?.0.mult(&x, &mut product)?;
        r.copy_from(&b)?;
        r.axpy(Scalar::from_real(-1.0), &product)?;
        Ok(r)
    }
}

thread_local! {
    static ITERATING: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Exists while a solver calls a closure between two iterations.
pub(super) struct Iterating;

impl Iterating {
    pub(super) fn enter(ksp: &KspRef) -> Self {
        ITERATING.with_borrow_mut(|all| all.push(ksp.as_ptr().addr()));
        Self
    }

    fn is(ksp: &KspRef) -> bool {
        ITERATING.with_borrow(|all| all.contains(&ksp.as_ptr().addr()))
    }
}

impl Drop for Iterating {
    fn drop(&mut self) {
        ITERATING.with_borrow_mut(Vec::pop);
    }
}

fn before_solve() -> Error {
    Error::new(ErrorCode::ORDER, "the solver has no solution yet: call solve first")
}
