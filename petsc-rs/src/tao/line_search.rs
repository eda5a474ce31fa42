//! The line search of an optimiser.

use std::ptr;

use petsc_macros::{getter, setting, wraps};

use super::TaoRef;
use crate::error::Result;
use crate::object::petsc_object;
use crate::type_names::type_names;
use crate::{Real, call, ffi, sys};

petsc_object! {
    /// A line search.
    #[wraps(TaoLineSearch)]
    LineSearch,
    /// A borrowed [`LineSearch`], see [`TaoRef::line_search`].
    LineSearchRef,
    TaoLineSearch,
    TaoLineSearchDestroy,
}

type_names! {
    /// Name of a line search, for `-tao_ls_type` and [`LineSearchRef::set_type`].
    #[doc(alias = "TaoLineSearchType")]
    LineSearchType;
    /// The full step.
    UNIT = c"unit",
    /// Moré and Thuente: sufficient decrease and curvature.
    MORE_THUENTE = c"more-thuente",
    /// Backtracking for gradient projection.
    GPCG = c"gpcg",
    /// Armijo's backtracking.
    ARMIJO = c"armijo",
    /// The same within an orthant.
    OWARMIJO = c"owarmijo",
}

impl LineSearchRef {
    /// Sets the method. Logically collective. Default: depends on the optimiser. Option: `-tao_ls_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if no method has that name in this build.
    #[wraps(TaoLineSearchSetType)]
    pub fn set_type(&mut self, kind: LineSearchType<'_>) -> Result<()> {
        // SAFETY: a live line search; the name is NUL-terminated.
        unsafe { call!(TaoLineSearchSetType(*self.busy()?, kind.as_ptr())) }
    }

    /// Takes type and parameters from the options. Collective.
    ///
    /// # Errors
    /// A wrong value of an option.
    #[wraps(TaoLineSearchSetFromOptions)]
    pub fn set_from_options(&mut self) -> Result<()> {
        // SAFETY: a live line search.
        unsafe { call!(TaoLineSearchSetFromOptions(*self.busy()?)) }
    }

    /// Length of the last step. Not collective.
    ///
    /// # Errors
    /// What `TaoLineSearchGetStepLength` returns.
    #[wraps(TaoLineSearchGetStepLength)]
    pub fn step_length(&self) -> Result<Real> {
        crate::not_collective!();
        let mut step = 0.0;
        // SAFETY: a live line search and a valid out-pointer.
        unsafe { call!(TaoLineSearchGetStepLength(*self.busy()?, &raw mut step)) }?;
        Ok(step)
    }

    /// The step length that the next line search tries first.
    #[setting(TaoLineSearchSetInitialStepLength)]
    #[option(default = "1")]
    pub fn set_initial_step_length(initial_step_length: Real);

    /// The objective after the full step of the last line search.
    #[getter(TaoLineSearchGetFullStepObjective)]
    pub fn full_step_objective() -> Real;

    /// Numbers of evaluations by the search itself: of the function, of the gradient, of both at once.
    /// Zero while it calls the functions of its optimiser, which counts them. Not collective.
    ///
    /// # Errors
    /// What `TaoLineSearchGetNumberFunctionEvaluations` returns.
    #[wraps(TaoLineSearchGetNumberFunctionEvaluations)]
    pub fn evaluations(&self) -> Result<(usize, usize, usize)> {
        crate::not_collective!();
        let (mut f, mut g, mut both) = (0, 0, 0);
        // SAFETY: a live line search and valid out-pointers.
        unsafe {
            call!(TaoLineSearchGetNumberFunctionEvaluations(
                self.as_ptr(),
                &raw mut f,
                &raw mut g,
                &raw mut both
            ))
        }?;
        Ok((ffi::size(f)?, ffi::size(g)?, ffi::size(both)?))
    }
}

impl TaoRef {
    /// The line search, `None` for methods without one.
    ///
    /// # Errors
    /// What `TaoGetLineSearch` returns.
    #[wraps(TaoGetLineSearch)]
    #[track_caller]
    pub fn line_search(&self) -> Result<Option<LineSearch>> {
        // SAFETY: NULL, or a live object.
        unsafe { LineSearch::maybe_part_of(self, self.raw_line_search()?) }
    }

    fn raw_line_search(&self) -> Result<sys::TaoLineSearch> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live optimiser and a valid out-pointer.
        unsafe { call!(TaoGetLineSearch(self.as_ptr(), &raw mut raw)) }?;
        Ok(raw)
    }
}
