//! How a method measures, starts and scales.

use std::cell::RefCell;
use std::ptr;

use super::KspRef;
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Loan;
use crate::vector::{Vector, VectorRef};
use crate::{Scalar, ScalarExt, call, ffi, sys};

c_enum! {
    /// The norm that a convergence test looks at, see [`KspRef::set_norm_type`].
    #[doc(alias = "KSPNormType")]
    NormType of KSPNormType;
    /// None: the method runs to its limit of iterations.
    None = KSP_NORM_NONE,
    /// The residual after the preconditioner, `‖M⁻¹(b − A·x)‖`.
    Preconditioned = KSP_NORM_PRECONDITIONED,
    /// The residual itself, `‖b − A·x‖`.
    Unpreconditioned = KSP_NORM_UNPRECONDITIONED,
    /// The norm that belongs to the method, `√(rᵀM⁻¹r)` for conjugate gradients.
    Natural = KSP_NORM_NATURAL,
}

c_enum! {
    /// Where the preconditioner is applied, see [`KspRef::set_side`].
    #[doc(alias = "PCSide")]
    Side of PCSide;
    /// `M⁻¹·A·x = M⁻¹·b`.
    Left = PC_LEFT,
    /// `A·M⁻¹·y = b`.
    Right = PC_RIGHT,
    /// Split to both sides.
    Symmetric = PC_SYMMETRIC,
}

macro_rules! flags {
    ($($(#[$set_doc:meta])* $set:ident, $(#[$get_doc:meta])* $get:ident: $set_c:ident, $get_c:ident, $set_alias:literal, $get_alias:literal;)*) => {
        impl KspRef {$(
            $(#[$set_doc])*
            ///
            /// # Errors
            #[doc = concat!("What `", stringify!($set_c), "` returns.")]
            #[doc(alias = $set_alias)]
            pub fn $set(&mut self, on: bool) -> Result<()> {
                // SAFETY: a live solver.
                unsafe { call!($set_c(*self.busy()?, ffi::raw_bool(on))) }
            }

            $(#[$get_doc])*
            ///
            /// # Errors
            #[doc = concat!("What `", stringify!($get_c), "` returns.")]
            #[doc(alias = $get_alias)]
            pub fn $get(&self) -> Result<bool> {
                let mut on = ffi::raw_bool(false);
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { call!($get_c(self.as_ptr(), &raw mut on)) }?;
                Ok(ffi::to_bool(on))
            }
        )*}
    };
}

flags! {
    /// Whether the first guess is what the solution vector holds, instead of zero. Logically
    /// collective. Default: no. Option: `-ksp_initial_guess_nonzero`.
    set_initial_guess_nonzero,
    /// See [`set_initial_guess_nonzero`](Self::set_initial_guess_nonzero).
    initial_guess_nonzero: KSPSetInitialGuessNonzero, KSPGetInitialGuessNonzero, "KSPSetInitialGuessNonzero", "KSPGetInitialGuessNonzero";
    /// Whether the first guess is the preconditioner applied to the right-hand side. Logically
    /// collective. Default: no. Option: `-ksp_knoll`.
    set_initial_guess_knoll,
    /// See [`set_initial_guess_knoll`](Self::set_initial_guess_knoll).
    initial_guess_knoll: KSPSetInitialGuessKnoll, KSPGetInitialGuessKnoll, "KSPSetInitialGuessKnoll", "KSPGetInitialGuessKnoll";
    /// Whether to go on with the preconditioner that is built although the operators changed.
    /// Logically collective. Default: no. Option: `-ksp_reuse_preconditioner`.
    set_reuse_preconditioner,
    /// See [`set_reuse_preconditioner`](Self::set_reuse_preconditioner).
    reuse_preconditioner: KSPSetReusePreconditioner, KSPGetReusePreconditioner, "KSPSetReusePreconditioner", "KSPGetReusePreconditioner";
    /// Whether a solve that does not converge is an error inside PETSc already, also for the solvers
    /// inside a preconditioner. Logically collective. Default: no. Option:
    /// `-ksp_error_if_not_converged`.
    set_error_if_not_converged,
    /// See [`set_error_if_not_converged`](Self::set_error_if_not_converged).
    error_if_not_converged: KSPSetErrorIfNotConverged, KSPGetErrorIfNotConverged, "KSPSetErrorIfNotConverged", "KSPGetErrorIfNotConverged";
}

#[cfg(not(petsc_ge_3_26))]
flags! {
    /// Whether to scale the system symmetrically by the square root of its diagonal. **Changes the
    /// matrix**; [`set_diagonal_scale_fix`](Self::set_diagonal_scale_fix) scales it back. Logically
    /// collective. Default: no. Option: `-ksp_diagonal_scale`. Until
    /// PETSc 3.25.
    set_diagonal_scale,
    /// See [`set_diagonal_scale`](Self::set_diagonal_scale).
    diagonal_scale: KSPSetDiagonalScale, KSPGetDiagonalScale, "KSPSetDiagonalScale", "KSPGetDiagonalScale";
    /// Whether to scale the matrix back after the solve. Logically collective. Default: no. Option:
    /// `-ksp_diagonal_scale_fix`. Until PETSc 3.25.
    set_diagonal_scale_fix,
    /// See [`set_diagonal_scale_fix`](Self::set_diagonal_scale_fix).
    diagonal_scale_fix: KSPSetDiagonalScaleFix, KSPGetDiagonalScaleFix, "KSPSetDiagonalScaleFix", "KSPGetDiagonalScaleFix";
}

impl KspRef {
    /// Sets the norm that the convergence test looks at. Logically collective. Default: depends on
    /// method and side. Option: `-ksp_norm_type`.
    ///
    /// # Errors
    /// What `KSPSetNormType` returns; a norm that the method does not know is an error of
    /// [`set_up`](Self::set_up).
    #[doc(alias = "KSPSetNormType")]
    pub fn set_norm_type(&mut self, norm: NormType) -> Result<()> {
        // SAFETY: a live solver and a value of the enum.
        unsafe { call!(KSPSetNormType(*self.busy()?, norm.to_raw())) }
    }

    /// The norm that the convergence test looks at. Not collective; decides the default.
    ///
    /// # Errors
    /// `ARG_TYPENOTSET` before the method is set.
    #[doc(alias = "KSPGetNormType")]
    pub fn norm_type(&self) -> Result<NormType> {
        crate::not_collective!();
        self.check_type_set()?;
        let mut raw = sys::KSP_NORM_NONE;
        // SAFETY: a live solver with a type and a valid out-pointer.
        unsafe { call!(KSPGetNormType(self.as_ptr(), &raw mut raw)) }?;
        NormType::try_from(raw)
    }

    /// Sets the side of the preconditioner. Logically collective. Default: left for most methods.
    /// Option: `-ksp_pc_side`.
    ///
    /// # Errors
    /// What `KSPSetPCSide` returns; a side that the method does not know is an error of
    /// [`set_up`](Self::set_up).
    #[doc(alias = "KSPSetPCSide")]
    pub fn set_side(&mut self, side: Side) -> Result<()> {
        // SAFETY: a live solver and a value of the enum.
        unsafe { call!(KSPSetPCSide(*self.busy()?, side.to_raw())) }
    }

    /// The side of the preconditioner. Not collective; decides the default.
    ///
    /// # Errors
    /// `ARG_TYPENOTSET` before the method is set.
    #[doc(alias = "KSPGetPCSide")]
    pub fn side(&self) -> Result<Side> {
        crate::not_collective!();
        self.check_type_set()?;
        let mut raw = sys::PC_LEFT;
        // SAFETY: a live solver with a type and a valid out-pointer.
        unsafe { call!(KSPGetPCSide(self.as_ptr(), &raw mut raw)) }?;
        Side::try_from(raw)
    }

    /// Which norms and sides there are belongs to the method.
    fn check_type_set(&self) -> Result<()> {
        if crate::Object::type_name(self)?.is_some() {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_TYPENOTSET,
            "the solver has no method yet: call set_type or set_from_options first",
        ))
    }

    /// From which iteration on the method computes norms at all. Logically collective. Default: 0.
    /// Option: `-ksp_check_norm_iteration`.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if the number does not fit.
    #[doc(alias = "KSPSetCheckNormIteration")]
    pub fn set_check_norm_iteration(&mut self, iteration: usize) -> Result<()> {
        let n = ffi::petsc_int(iteration)?;
        // SAFETY: a live solver.
        unsafe { call!(KSPSetCheckNormIteration(*self.busy()?, n)) }
    }

    /// Whether to use the norm of the previous iteration, which saves a reduction. Logically
    /// collective. Default: no. Option: `-ksp_lag_norm`.
    ///
    /// # Errors
    /// What `KSPSetLagNorm` returns.
    #[doc(alias = "KSPSetLagNorm")]
    pub fn set_lag_norm(&mut self, on: bool) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(KSPSetLagNorm(*self.busy()?, ffi::raw_bool(on))) }
    }

    /// Whether reaching the limit of iterations counts as convergence. Logically collective.
    /// Default: no. Option: `-ksp_converged_maxits`.
    ///
    /// # Errors
    /// What `KSPConvergedDefaultSetConvergedMaxits` returns.
    #[doc(alias = "KSPConvergedDefaultSetConvergedMaxits")]
    pub fn set_converged_at_limit(&mut self, on: bool) -> Result<()> {
        let on = ffi::raw_bool(on);
        // SAFETY: a live solver; does nothing if its test is not the default one.
        unsafe { call!(KSPConvergedDefaultSetConvergedMaxits(*self.busy()?, on)) }
    }

    /// Solution of the last or current solve, `None` before the first. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` for the solver of a block outside of its solve, when the vector has no array.
    #[doc(alias = "KSPGetSolution")]
    #[track_caller]
    pub fn solution(&self) -> Result<Option<Loan<'_, Vector>>> {
        crate::not_collective!();
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(KSPGetSolution(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: NULL, or a live vector.
        let found = unsafe { Vector::retain_nullable(raw) }?;
        found.as_deref().map_or(Ok(()), VectorRef::check_array)?;
        Ok(found.map(Loan::new))
    }

    /// Right-hand side of the last or current solve, `None` before the first. Not collective.
    ///
    /// # Errors
    /// As [`solution`](Self::solution).
    #[doc(alias = "KSPGetRhs")]
    #[track_caller]
    pub fn rhs(&self) -> Result<Option<Loan<'_, Vector>>> {
        crate::not_collective!();
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(KSPGetRhs(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: NULL, or a live vector.
        let found = unsafe { Vector::retain_nullable(raw) }?;
        found.as_deref().map_or(Ok(()), VectorRef::check_array)?;
        Ok(found.map(Loan::new))
    }

    /// The current iterate in a new vector: within a monitor or convergence test, methods such as
    /// `gmres` have it nowhere else; outside, a copy of the solution. Collective.
    ///
    /// # Errors
    /// `ORDER` before the first solve.
    #[doc(alias = "KSPBuildSolution")]
    #[track_caller]
    pub fn build_solution(&self) -> Result<Vector> {
        let Some(solution) = self.solution()? else {
            return Err(before_solve());
        };
        let mut x = solution.duplicate()?;
        if !Iterating::is(self) {
            // Afterwards PETSc would add the last correction again.
            x.copy_from(&solution)?;
            return Ok(x);
        }
        // SAFETY: a live solver between two iterations, and a vector like its solution.
        unsafe { call!(KSPBuildSolution(self.as_ptr(), x.as_ptr(), ptr::null_mut())) }?;
        Ok(x)
    }

    /// The residual `b − A·x` of the current iterate in a new vector, as
    /// [`build_solution`](Self::build_solution). Collective.
    ///
    /// # Errors
    /// `ORDER` before the first solve.
    #[doc(alias = "KSPBuildResidual")]
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

/// Alive while a solver asks a closure between two iterations.
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
    Error::new(ErrorCode::ORDER, "the solver has not solved anything yet")
}
