//! Callbacks: the functions of the problem, monitors, eigenvalue comparison, convergence and
//! stopping tests.

use petsc_macros::wraps;
use petsc_rs::callback::{Context, hand_over};
use petsc_rs::matrix::MatrixRef;
use petsc_rs::{
    Error, ErrorCode, Int, Object as _, Result, Scalar, call, ffi, internal, trampoline,
};

use super::{ConvergedReason, ConvergenceTest, NepRef};
use crate::base::Composed;
use crate::solver::{self};
use crate::sys;

/// State of a running solve, see [`NepRef::add_monitor`].
pub type Progress<'a> = solver::Progress<'a, NepRef>;

/// Arguments of a user-defined stopping test, see [`NepRef::set_stopping_test_function`].
pub type StoppingTest<'a> = solver::StoppingTest<'a, NepRef>;

solver::eigen_callbacks! {
    NepRef, ConvergenceTest,
    [c"NEP monitor", c"NEP eigenvalue comparison", c"NEP convergence test"],
    "-nep_monitor", "-nep_conv";
    #[wraps(NEPMonitorSet)]
    NEPMonitorSet,
    #[wraps(NEPMonitorCancel)]
    NEPMonitorCancel,
    #[wraps(NEPSetEigenvalueComparison)]
    PetscRsNEPSetEigenvalueComparison,
    #[wraps(NEPSetConvergenceTest)]
    NEPSetConvergenceTest,
    #[doc(alias = "NEPSetConvergenceTestFunction")]
    PetscRsNEPSetConvergenceTestFunction;
    "",
    "",
    "
# Errors
The errors of `NEPSetConvergenceTestFunction`."
}

solver::stopping_tests! {
    NepRef, ConvergedReason, c"NEP stopping test";
    #[wraps(NEPSetStoppingTestFunction)]
    NEPSetStoppingTestFunction,
    NEPStoppingBasic;
    ""
}

impl NepRef {
    /// Sets the function of the problem: `f(nep, λ, t, p)` computes `t ← T(λ)` and the matrix `p`
    /// from which the preconditioner is built; `t` and `p` may be the same matrix. Methods that
    /// need `T(λ)` for several `λ` at the same time call the closure with duplicates of `t`.
    /// Replaces a [split form](Self::set_split_operator). Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if a matrix lives on other processes; `ARG_WRONG` if one is not square;
    /// `ARG_INCOMP` if their sizes differ.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::matrix::MatrixType;
    /// # use petsc_rs::{InsertMode, Matrix, Scalar, ScalarExt};
    /// use slepc_rs::Nep;
    /// // λ² - (i + 1) = 0 on the diagonal, for i = 0, 1, …
    /// let diagonal = |entry: fn(Scalar, f64) -> Scalar| {
    ///     move |lambda: Scalar, t: &mut petsc_rs::MatrixRef| {
    ///         for i in t.ownership_range()? {
    ///             let value = entry(lambda, (i + 1) as f64);
    ///             t.set_value(i, i, value, InsertMode::Insert)?;
    ///         }
    ///         t.assemble()
    ///     }
    /// };
    /// let t = Matrix::constant_diagonal(comm, 4, Scalar::from_real(1.0))?.convert(MatrixType::AIJ)?;
    /// let function = diagonal(|lambda, k| lambda * lambda - k);
    /// let jacobian = diagonal(|lambda, _| lambda * 2.0);
    /// let mut nep = Nep::new(comm)?;
    /// nep.set_function(&t, &t, move |_, lambda, t, _| function(lambda, t))?;
    /// let j = t.duplicate()?;
    /// nep.set_jacobian(&j, move |_, lambda, j| jacobian(lambda, j))?;
    /// nep.set_target(Scalar::from_real(1.4))?;
    /// let _ = nep.solve()?;
    /// assert!((nep.eigenvalue(0)?.re - 2.0_f64.sqrt()).abs() < 1e-8);
    /// # Ok(()) })
    /// ```
    #[wraps(NEPSetFunction)]
    pub fn set_function<F>(&mut self, t: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&NepRef, Scalar, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        self.check_matrix(t, t)?;
        self.check_matrix(p, t)?;
        self.make_room(t)?;
        internal::cut_operators(self)?;
        self.leave_split_form()?;
        let ctx = Context::into_raw(f);
        let free = Some(Context::<F>::drop_indirect as _);
        let (nep, t_raw, p_raw) = (self.busy()?, t.as_ptr(), p.as_ptr());
        let shim = Some(function_shim::<F> as _);
        // SAFETY: live objects on the same processes; the context is freed with the solver, or when another one is
        // set.
        unsafe { call!(PetscRsNEPSetFunction(*nep, t_raw, p_raw, shim, ctx, free)) }?;
        drop(nep);
        crate::base::hold(self.object_ptr(), &[Some(t), Some(p)])?;
        // After a solve, SLEPc has dropped the other matrix.
        self.give_operators()
    }

    /// Sets the derivative of the function: `f(nep, λ, j)` computes `j ← T'(λ)`. SLEPc's manual
    /// lists the methods that need it. Collective.
    #[wraps(NEPSetJacobian, errors = set_function)]
    pub fn set_jacobian<F>(&mut self, j: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&NepRef, Scalar, &mut MatrixRef) -> Result<()> + 'static,
    {
        self.check_matrix(j, j)?;
        self.leave_split_form()?;
        if let Some(t) = crate::base::held(self, 0)? {
            self.check_matrix(j, &t)?;
        }
        let ctx = Context::into_raw(f);
        let free = Some(Context::<F>::drop_indirect as _);
        let (nep, j_raw) = (self.busy()?, j.as_ptr());
        let shim = Some(jacobian_shim::<F> as _);
        // SAFETY: as for `set_function`.
        unsafe { call!(PetscRsNEPSetJacobian(*nep, j_raw, shim, ctx, free)) }?;
        drop(nep);
        crate::base::hold_as(self.object_ptr(), Composed::Jacobian, &[j.object_ptr()])?;
        self.give_operators()
    }

    /// Sets the singularities of the function for the method `nleigs`: `f(nep, n)` returns at most
    /// `n` points that represent the branch cuts and poles of the function. Replaces the previous
    /// closure. Logically collective: the result must be the same on all ranks.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types: set the type first. If the closure returns more than `n`
    /// points, the solve fails.
    #[wraps(NEPNLEIGSSetSingularitiesFunction)]
    pub fn set_nleigs_singularities<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&NepRef, usize) -> Result<Vec<Scalar>> + 'static,
    {
        crate::base::one_of(self, &["nleigs"], "singularities")?;
        let shim = Some(singularities_shim::<F> as _);
        let give = |ctx| {
            // SAFETY: a live solver; `ctx` has the type that the shim expects.
            unsafe { call!(NEPNLEIGSSetSingularitiesFunction(*self.busy()?, shim, ctx)) }
        };
        // SAFETY: a live object; C has one such function per solver.
        unsafe { hand_over(self.object_ptr(), c"petsc-rs.singularities", f, give) }
    }

    fn check_matrix(&self, matrix: &MatrixRef, other: &MatrixRef) -> Result<()> {
        internal::check_same_ranks(self.object_ptr(), matrix.object_ptr())?;
        let (size, local) = (matrix.size()?, matrix.local_size()?);
        if size.0 != size.1 || local.0 != local.1 {
            let text = format!("the matrix of an eigenvalue problem must be square, got {size:?}");
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        if (size, local) != (other.size()?, other.local_size()?) {
            let text = "the matrices of the problem must have the same size";
            return Err(Error::new(ErrorCode::ARG_INCOMP, text));
        }
        Ok(())
    }

    fn leave_split_form(&mut self) -> Result<()> {
        if self.functions()?.is_empty() {
            return Ok(());
        }
        crate::base::forget(self.object_ptr())
    }
}

trampoline! {
    fn function_shim[c"NEP function"](
        nep: &NepRef, lambda: *const Scalar, t: &mut MatrixRef, p: &mut MatrixRef
    )
    for FnMut(&NepRef, Scalar, &mut MatrixRef, &mut MatrixRef) -> Result<()> as F
    = |f| {
        // SAFETY: the C shim passes the address of its argument.
        let lambda = unsafe { *lambda };
        f(nep, lambda, t, p)
    }
}

trampoline! {
    fn jacobian_shim[c"NEP Jacobian"](nep: &NepRef, lambda: *const Scalar, j: &mut MatrixRef)
    for FnMut(&NepRef, Scalar, &mut MatrixRef) -> Result<()> as F
    = |f| {
        // SAFETY: as above.
        let lambda = unsafe { *lambda };
        f(nep, lambda, j)
    }
}

trampoline! {
    fn singularities_shim[c"NEP singularities"](nep: &NepRef, count: *mut Int, numbers: *mut Scalar)
    for FnMut(&NepRef, usize) -> Result<Vec<Scalar>> as F
    = |f| {
        // SAFETY: a valid pointer of SLEPc to the number of entries of the array.
        let room = ffi::size(unsafe { *count })?;
        let found = f(nep, room)?;
        if found.len() > room {
            let text = format!("{} singularities exceed the maximum of {room}", found.len());
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        // SAFETY: SLEPc passes an array of `room` entries.
        let numbers = unsafe { ffi::slice_mut(numbers, room) };
        numbers[..found.len()].copy_from_slice(&found);
        let found = ffi::petsc_int(found.len())?;
        // SAFETY: as above.
        unsafe { *count = found };
        Ok(())
    }
}
