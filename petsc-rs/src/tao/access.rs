//! Access to the optimizer's vectors and its linear solver.

use std::ptr;

use petsc_macros::{getter, wraps};

use super::TaoRef;
use crate::error::Result;
use crate::ksp::Ksp;
use crate::object::{Loan, LoanMut};
use crate::vector::Vector;
use crate::{call, sys};

type MaybeLoan<'a> = Option<Loan<'a, Vector>>;

impl TaoRef {
    /// Returns the optimizer's solution vector of the last or current solve, `None` before the
    /// first solve.
    #[wraps(TaoGetSolution, not_collective)]
    #[track_caller]
    pub fn solution(&self) -> Result<Option<Loan<'_, Vector>>> {
        // SAFETY: NULL, or a live vector.
        Ok(unsafe { Vector::retain_nullable(self.raw_solution()?) }?.map(Loan::new))
    }

    /// Returns the solution vector for modification, for
    /// [`set_shell_solve`](Self::set_shell_solve).
    ///
    /// # Errors
    /// The errors of `TaoGetSolution`.
    #[track_caller]
    pub fn solution_mut(&mut self) -> Result<Option<LoanMut<'_, Vector>>> {
        // SAFETY: NULL, or a live vector.
        Ok(unsafe { Vector::retain_nullable(self.raw_solution()?) }?.map(LoanMut::new))
    }

    #[getter(TaoGetSolution)]
    pub(super) fn raw_solution() -> sys::Vec;

    /// Returns the gradient of the last or current solve, `None` before the first solve and for
    /// methods without a gradient.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::Tao;
    /// let mut x = Vector::new(comm, 4)?;
    /// let mut tao = Tao::new(comm)?;
    /// tao.set_objective_and_gradient(|_, x, g| {
    ///     g.copy_from(x)?;
    ///     g.shift(-3.0)?; // the gradient of ‖x - 3‖²/2
    ///     Ok(g.dot(g)? / 2.0)
    /// })?;
    /// let _ = tao.solve(&mut x)?;
    /// let gradient = tao.gradient()?.expect("after a solve");
    /// assert!(gradient.norm(Norm::Two)? < 1e-6);
    /// # drop(gradient);
    /// # Ok(()) })
    /// ```
    #[wraps(TaoGetGradient, not_collective)]
    #[track_caller]
    pub fn gradient(&self) -> Result<Option<Loan<'_, Vector>>> {
        let (mut raw, f, ctx) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live optimizer and a valid out-pointer; NULL for values that are not needed.
        unsafe { call!(TaoGetGradient(self.as_ptr(), &raw mut raw, f, ctx)) }?;
        // SAFETY: NULL, or a live vector.
        Ok(unsafe { Vector::retain_nullable(raw) }?.map(Loan::new))
    }

    /// Returns the lower and the upper bounds of the variables.
    ///
    /// Returns `None` without bounds, and before the first solve unless the bounds were set as
    /// vectors.
    #[wraps(TaoGetVariableBounds, not_collective)]
    #[track_caller]
    pub fn variable_bounds(&self) -> Result<Option<(Loan<'_, Vector>, Loan<'_, Vector>)>> {
        let (l, u) = self.raw_bounds()?;
        // SAFETY: NULL, or a live vector.
        let lower = unsafe { Vector::retain_nullable(l) }?;
        // SAFETY: as above.
        let upper = unsafe { Vector::retain_nullable(u) }?;
        Ok(lower.map(Loan::new).zip(upper.map(Loan::new)))
    }

    #[getter(TaoGetVariableBounds)]
    pub(super) fn raw_bounds() -> (sys::Vec, sys::Vec);

    /// Returns the multipliers of the equality and of the inequality constraints, for `ipm` and
    /// `pdipm` after a solve.
    #[wraps(TaoGetDualVariables, not_collective)]
    #[track_caller]
    pub fn dual_variables(&self) -> Result<(MaybeLoan<'_>, MaybeLoan<'_>)> {
        let (e, i) = self.raw_dual_variables()?;
        // SAFETY: NULL, or a live vector.
        let e = unsafe { Vector::retain_nullable(e) }?;
        // SAFETY: as above.
        let i = unsafe { Vector::retain_nullable(i) }?;
        Ok((e.map(Loan::new), i.map(Loan::new)))
    }

    #[getter(TaoGetDualVariables)]
    fn raw_dual_variables() -> (sys::Vec, sys::Vec);

    /// Returns the linear solver, `None` for methods without one.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::{Tao, TaoType};
    /// let mut tao = Tao::new(comm)?;
    /// tao.set_type(TaoType::NLS)?; // Newton's method
    /// let mut ksp = tao.ksp()?.expect("Newton's method has a linear solver");
    /// ksp.set_type(KspType::GMRES)?;
    /// assert_eq!(ksp.type_name()?.as_deref(), Some("gmres"));
    /// # Ok(()) })
    /// ```
    #[wraps(TaoGetKSP, not_collective)]
    #[track_caller]
    pub fn ksp(&self) -> Result<Option<Ksp>> {
        // SAFETY: NULL, or a live object.
        unsafe { Ksp::maybe_part_of(self, self.raw_ksp()?) }
    }

    #[getter(TaoGetKSP)]
    fn raw_ksp() -> sys::KSP;
}
