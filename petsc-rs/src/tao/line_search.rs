//! Line searches of optimizers.

use petsc_macros::{getter, setting, wraps};

use super::TaoRef;
use crate::error::Result;
use crate::object::petsc_object;
use crate::type_names::type_names;
use crate::{Real, call, sys};

petsc_object! {
    /// A line search.
    ///
    /// It belongs to a [`Tao`](crate::Tao), which creates it and applies it in each iteration.
    /// [`TaoRef::line_search`] returns it. [`LineSearch::new`] creates one that a program applies
    /// itself.
    ///
    /// # Examples
    /// See [`LineSearch::apply`].
    ///
    /// # Options
    /// `-tao_ls_type`, `-tao_ls_max_funcs`, `-tao_ls_ftol`, `-tao_ls_gtol`, `-tao_ls_monitor`.
    ///
    /// # See also
    /// [`LineSearchType`], [`LineSearchReason`](super::LineSearchReason).
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
    /// The full step, without a search.
    UNIT = c"unit",
    /// Moré–Thuente: sufficient decrease and curvature conditions.
    MORE_THUENTE = c"more-thuente",
    /// Backtracking for gradient projection.
    GPCG = c"gpcg",
    /// Backtracking with the Armijo condition.
    ARMIJO = c"armijo",
    /// Backtracking with the Armijo condition, inside an orthant.
    OWARMIJO = c"owarmijo",
}

impl LineSearchRef {
    /// Sets the type of the line search. Logically collective. Default: depends on the optimizer.
    /// Option: `-tao_ls_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if this build has no line search with that name.
    #[wraps(TaoLineSearchSetType)]
    pub fn set_type(&mut self, kind: LineSearchType<'_>) -> Result<()> {
        // SAFETY: a live line search; the name is NUL-terminated.
        unsafe { call!(TaoLineSearchSetType(*self.busy()?, kind.as_ptr())) }
    }

    /// Sets the type and all parameters from the options. Collective.
    ///
    /// # Errors
    /// An invalid option value.
    #[wraps(TaoLineSearchSetFromOptions)]
    pub fn set_from_options(&mut self) -> Result<()> {
        // SAFETY: a live line search.
        unsafe { call!(TaoLineSearchSetFromOptions(*self.busy()?)) }
    }

    /// Returns the length of the last step.
    #[getter(TaoLineSearchGetStepLength)]
    pub fn step_length() -> Real;

    /// The step length that the next line search tries first.
    #[setting(TaoLineSearchSetInitialStepLength)]
    #[option(default = "1")]
    pub fn set_initial_step_length(initial_step_length: Real);

    /// Returns the objective after the full step of the last line search.
    #[getter(TaoLineSearchGetFullStepObjective)]
    pub fn full_step_objective() -> Real;

    /// Returns how often the line search evaluated the function alone, the gradient alone, and both
    /// together.
    ///
    /// The numbers are zero if the line search calls the functions of its optimizer, which then
    /// counts the evaluations.
    #[getter(TaoLineSearchGetNumberFunctionEvaluations)]
    pub fn evaluations() -> (usize, usize, usize);
}

impl TaoRef {
    /// Returns the line search, `None` for methods without one.
    #[wraps(TaoGetLineSearch)]
    #[track_caller]
    pub fn line_search(&self) -> Result<Option<LineSearch>> {
        // SAFETY: NULL, or a live object.
        unsafe { LineSearch::maybe_part_of(self, self.raw_line_search()?) }
    }

    #[getter(TaoGetLineSearch)]
    fn raw_line_search() -> sys::TaoLineSearch;
}
