//! Switches and limits.

use super::SnesRef;
use crate::c_enum::c_enum;
use crate::error::Result;
use crate::{call, ffi, sys};

c_enum! {
    /// At which iterates a method computes `‖F‖`, see [`SnesRef::set_norm_schedule`].
    #[doc(alias = "SNESNormSchedule")]
    NormSchedule of SNESNormSchedule;
    /// As the method wants.
    Default = SNES_NORM_DEFAULT,
    /// Never: the method runs to its limit of iterations.
    Never = SNES_NORM_NONE,
    /// At every iterate.
    Always = SNES_NORM_ALWAYS,
    /// At the first iterate.
    InitialOnly = SNES_NORM_INITIAL_ONLY,
    /// At the last iterate.
    FinalOnly = SNES_NORM_FINAL_ONLY,
    /// At the first and the last iterate.
    InitialAndFinal = SNES_NORM_INITIAL_FINAL_ONLY,
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident($value:ident: $type:ty => $raw:expr): $function:ident, $text:literal;)*) => {
        impl SnesRef {$(
            $(#[$doc])*
            ///
            /// # Errors
            #[doc = concat!("What `", $text, "` returns.")]
            #[doc(alias = $text)]
            pub fn $name(&mut self, $value: $type) -> Result<()> {
                let raw = $raw;
                // SAFETY: a live solver, and a plain value.
                unsafe { call!($function(*self.busy()?, raw)) }
            }
        )*}
    };
}

macro_rules! getters {
    ($($(#[$doc:meta])* $name:ident: $function:ident -> $type:ty, $zero:expr, $convert:expr, $text:literal;)*) => {
        impl SnesRef {$(
            $(#[$doc])*
            ///
            /// # Errors
            #[doc = concat!("What `", $text, "` returns.")]
            #[doc(alias = $text)]
            pub fn $name(&self) -> Result<$type> {
                let mut value = $zero;
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { call!($function(self.as_ptr(), &raw mut value)) }?;
                $convert(value)
            }
        )*}
    };
}

fn flag(raw: sys::PetscBool) -> Result<bool> {
    Ok(ffi::to_bool(raw))
}

setters! {
    /// Takes at least one step, also if the first guess is good enough. Logically collective.
    /// Default: no. Option: `-snes_force_iteration`.
    set_force_iteration(on: bool => ffi::raw_bool(on)): SNESSetForceIteration, "SNESSetForceIteration";
    /// Whether every solve counts function evaluations and linear iterations anew. Logically
    /// collective. Default: yes.
    set_counters_reset(on: bool => ffi::raw_bool(on)): SNESSetCountersReset, "SNESSetCountersReset";
    /// Whether a [`domain`](crate::Error::domain) error of the Jacobian's closure ends the solve with
    /// [`JacobianDomain`](super::ConvergedReason::JacobianDomain), on all ranks, instead of as an error
    /// of the rank that has it. Costs a reduction with every Jacobian. Logically collective. Default: no.
    /// Option: `-snes_check_jacobian_domain_error`.
    set_check_jacobian_domain_error(on: bool => ffi::raw_bool(on)): SNESSetCheckJacobianDomainError, "SNESSetCheckJacobianDomainError";
    /// How many steps may fail (line search, trust region) before the solver gives up. Logically
    /// collective. Default: 1. Option: `-snes_max_fail`.
    set_max_step_failures(n: usize => ffi::petsc_int(n)?): SNESSetMaxNonlinearStepFailures, "SNESSetMaxNonlinearStepFailures";
    /// How many linear solves may fail before the solver gives up. Logically collective. Default: 1.
    /// Option: `-snes_max_linear_solve_fail`.
    set_max_linear_failures(n: usize => ffi::petsc_int(n)?): SNESSetMaxLinearSolveFailures, "SNESSetMaxLinearSolveFailures";
    /// How often to refine the grid and solve again, from the interpolated solution. The vector given
    /// to [`solve`](Self::solve) keeps the coarsest solution; [`solution`](Self::solution) has the
    /// finest. Logically collective. Default: 0. Option: `-snes_grid_sequence`.
    set_grid_sequence(n: usize => ffi::petsc_int(n)?): SNESSetGridSequence, "SNESSetGridSequence";
    /// At which iterates to compute `‖F‖`. Logically collective. Option: `-snes_norm_schedule`.
    set_norm_schedule(schedule: NormSchedule => schedule.to_raw()): SNESSetNormSchedule, "SNESSetNormSchedule";
}

getters! {
    /// See [`set_force_iteration`](Self::set_force_iteration). Not collective.
    force_iteration: SNESGetForceIteration -> bool, ffi::raw_bool(false), flag, "SNESGetForceIteration";
    /// See [`set_check_jacobian_domain_error`](Self::set_check_jacobian_domain_error). Not collective.
    check_jacobian_domain_error: SNESGetCheckJacobianDomainError -> bool, ffi::raw_bool(false), flag, "SNESGetCheckJacobianDomainError";
    /// Number of steps that failed in the last solve. Not collective.
    step_failures: SNESGetNonlinearStepFailures -> usize, 0, ffi::size, "SNESGetNonlinearStepFailures";
    /// See [`set_max_step_failures`](Self::set_max_step_failures). Not collective.
    max_step_failures: SNESGetMaxNonlinearStepFailures -> usize, 0, ffi::size, "SNESGetMaxNonlinearStepFailures";
    /// Number of linear solves that failed in the last solve. Not collective.
    linear_failures: SNESGetLinearSolveFailures -> usize, 0, ffi::size, "SNESGetLinearSolveFailures";
    /// See [`set_max_linear_failures`](Self::set_max_linear_failures). Not collective.
    max_linear_failures: SNESGetMaxLinearSolveFailures -> usize, 0, ffi::size, "SNESGetMaxLinearSolveFailures";
    /// See [`set_grid_sequence`](Self::set_grid_sequence). Not collective.
    grid_sequence: SNESGetGridSequence -> usize, 0, ffi::size, "SNESGetGridSequence";
    /// Number of evaluations of the function in the last solve. Not collective.
    function_evaluations: SNESGetNumberFunctionEvals -> usize, 0, ffi::size, "SNESGetNumberFunctionEvals";
    /// See [`set_norm_schedule`](Self::set_norm_schedule). Not collective.
    norm_schedule: SNESGetNormSchedule -> NormSchedule, sys::SNES_NORM_DEFAULT, NormSchedule::try_from, "SNESGetNormSchedule";
    /// `‖x‖` at the last iterate. Not collective.
    solution_norm: SNESGetSolutionNorm -> crate::Real, 0.0, Ok, "SNESGetSolutionNorm";
    /// Norm of the last step. Not collective.
    update_norm: SNESGetUpdateNorm -> crate::Real, 0.0, Ok, "SNESGetUpdateNorm";
}
