//! Line searches, which choose the length of a step.

use petsc_macros::{getter, setting, wraps};

use super::{LineSearchType, Snes, SnesRef};
use crate::error::{Error, ErrorCode, Result};
use crate::object::petsc_object;
use crate::setting::Setting;
use crate::{Real, call, ffi, get_raw, sys};

petsc_object! {
    /// A line search.
    ///
    /// It belongs to a [`Snes`], which creates it and applies it in each iteration.
    /// [`SnesRef::line_search`] returns it.
    ///
    /// # Examples
    /// See [`SnesRef::line_search`].
    ///
    /// # Options
    /// `-snes_linesearch_type`, `-snes_linesearch_order`, `-snes_linesearch_damping`,
    /// `-snes_linesearch_monitor`.
    ///
    /// # See also
    /// [`LineSearchType`], [`LineSearchTolerances`], [`LineSearchRef::set_pre_check`].
    #[wraps(SNESLineSearch)]
    LineSearch,
    /// A borrowed [`LineSearch`], see [`SnesRef::line_search`].
    LineSearchRef,
    SNESLineSearch,
    SNESLineSearchDestroy,
}

/// Stopping criteria of a line search, see [`LineSearchRef::set_tolerances`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LineSearchTolerances {
    /// Smallest step length λ, as a fraction of the full step. Default: 1e-12. Option:
    /// `-snes_linesearch_minlambda`.
    pub min_step: Setting<Real>,
    /// Largest norm of a step. Default: 1e8. Option: `-snes_linesearch_maxstep`.
    pub max_step: Setting<Real>,
    /// Relative tolerance of iterative searches. Default: 1e-8. Option: `-snes_linesearch_rtol`.
    pub rtol: Setting<Real>,
    /// Absolute tolerance of iterative searches. Default: 1e-15. Option: `-snes_linesearch_atol`.
    pub atol: Setting<Real>,
    /// Tolerance for the step length λ. Default: 1e-8. Option: `-snes_linesearch_ltol`.
    pub ltol: Setting<Real>,
    /// Maximum number of iterations. Default: depends on the type. Option:
    /// `-snes_linesearch_max_it`.
    pub max_iterations: Setting<usize>,
}

/// Norms of a line search, see [`LineSearchRef::norms`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct LineSearchNorms {
    /// `‖x‖`.
    pub solution: Real,
    /// `‖F(x)‖`.
    pub function: Real,
    /// Norm of the step.
    pub step: Real,
}

impl SnesRef {
    /// Returns the line search. Creates it if there is none.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::snes::LineSearchType;
    /// let mut snes = petsc_rs::Snes::new(comm)?;
    /// let mut search = snes.line_search()?;
    /// search.set_type(LineSearchType::BASIC)?;
    /// search.set_damping(0.5)?;
    /// assert_eq!(snes.line_search()?.damping()?, 0.5);
    /// # Ok(()) })
    /// ```
    #[wraps(SNESGetLineSearch, not_collective)]
    #[track_caller]
    pub fn line_search(&self) -> Result<LineSearch> {
        // SAFETY: a live object.
        unsafe { LineSearch::part_of(self, self.raw_line_search()?) }
    }

    fn raw_line_search(&self) -> Result<sys::SNESLineSearch> {
        // SAFETY: a live solver.
        unsafe { get_raw!(SNESGetLineSearch(self.as_ptr(), _)) }
    }
}

impl LineSearchRef {
    /// Sets the type of the line search. Collective. Default: `bt` for Newton's method; depends on
    /// the method otherwise. Option: `-snes_linesearch_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if no line search has that name.
    #[wraps(SNESLineSearchSetType)]
    pub fn set_type(&mut self, kind: LineSearchType<'_>) -> Result<()> {
        // SAFETY: a live search; the name is NUL-terminated.
        unsafe { call!(SNESLineSearchSetType(*self.busy()?, kind.as_ptr())) }
    }

    /// Sets the type, the tolerances and all other settings from the options. Collective.
    ///
    /// # Errors
    /// An invalid option value.
    #[wraps(SNESLineSearchSetFromOptions)]
    pub fn set_from_options(&mut self) -> Result<()> {
        // SAFETY: a live search.
        unsafe { call!(SNESLineSearchSetFromOptions(*self.busy()?)) }
    }

    /// Returns the nonlinear solver of the line search.
    ///
    /// # Errors
    /// The errors of `SNESLineSearchGetSNES`; `ARG_WRONGSTATE` if the line search belongs to no
    /// solver.
    #[wraps(SNESLineSearchGetSNES, not_collective)]
    #[track_caller]
    pub fn snes(&self) -> Result<Snes> {
        // SAFETY: a live search.
        let raw = unsafe { get_raw!(SNESLineSearchGetSNES(self.as_ptr(), _)) }?;
        if raw.is_null() {
            let text = "the line search belongs to no solver";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        // SAFETY: handles to a line search keep its solver alive.
        unsafe { Snes::retain(raw) }
    }

    /// Sets the order of the polynomial (`bt`: 1 to 3) or of the fit (`l2`, `cp`). Logically
    /// collective. Default: depends on the type. Option: `-snes_linesearch_order`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` unless the order is 1 to 3.
    #[wraps(SNESLineSearchSetOrder)]
    pub fn set_order(&mut self, order: usize) -> Result<()> {
        if !(1..=3).contains(&order) {
            let text = format!("the order of a line search must be 1 to 3, got {order}");
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        let order = ffi::petsc_int(order)?;
        // SAFETY: a live search; the order is in range (above).
        unsafe { call!(SNESLineSearchSetOrder(*self.busy()?, order)) }
    }

    /// Returns the order of the line search.
    ///
    /// See [`set_order`](Self::set_order).
    #[getter(SNESLineSearchGetOrder)]
    pub fn order() -> usize;

    /// The damping: the initial step length λ.
    #[setting(SNESLineSearchSetDamping, SNESLineSearchGetDamping)]
    #[option("-snes_linesearch_damping", default = "1")]
    pub fn set_damping(damping: Real);

    /// The step length λ of the last search.
    #[setting(SNESLineSearchSetLambda, SNESLineSearchGetLambda)]
    pub fn set_lambda(lambda: Real);

    /// Returns the norms of the last line search.
    #[wraps(SNESLineSearchGetNorms, not_collective)]
    pub fn norms(&self) -> Result<LineSearchNorms> {
        // SAFETY: a live search.
        let (x, f, y) = unsafe { get_raw!(SNESLineSearchGetNorms(self.as_ptr(), _, _, _)) }?;
        Ok(LineSearchNorms { solution: x, function: f, step: y })
    }

    /// Whether the line search computes the final norms, which the convergence test requires.
    #[setting(SNESLineSearchSetComputeNorms)]
    #[option("-snes_linesearch_norms", default = "true")]
    pub fn set_compute_norms(compute_norms: bool);

    /// Sets the stopping criteria. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a negative number or `rtol ≥ 1`.
    #[wraps(SNESLineSearchSetTolerances)]
    pub fn set_tolerances(&mut self, tolerances: LineSearchTolerances) -> Result<()> {
        let max = tolerances.max_iterations.limit()?;
        let min_step = tolerances.min_step.tolerance()?;
        let max_step = tolerances.max_step.tolerance()?;
        let (rtol, atol) = (tolerances.rtol.tolerance()?, tolerances.atol.tolerance()?);
        let ltol = tolerances.ltol.tolerance()?;
        // SAFETY: a live search; PETSc checks the ranges in every build.
        unsafe {
            call!(SNESLineSearchSetTolerances(
                self.as_ptr(),
                min_step,
                max_step,
                rtol,
                atol,
                ltol,
                max
            ))
        }
    }

    /// Returns the stopping criteria. See [`set_tolerances`](Self::set_tolerances).
    #[wraps(SNESLineSearchGetTolerances, not_collective)]
    pub fn tolerances(&self) -> Result<LineSearchTolerances> {
        let raw = self.as_ptr();
        // SAFETY: a live search.
        let (min_step, max_step, rtol, atol, ltol, max) =
            unsafe { get_raw!(SNESLineSearchGetTolerances(raw, _, _, _, _, _, _)) }?;
        Ok(LineSearchTolerances {
            min_step: Setting::Value(min_step),
            max_step: Setting::Value(max_step),
            rtol: Setting::Value(rtol),
            atol: Setting::Value(atol),
            ltol: Setting::Value(ltol),
            max_iterations: Setting::Value(ffi::size(max)?),
        })
    }

    /// The sufficient decrease parameter of `bt`.
    #[setting(SNESLineSearchBTSetAlpha, SNESLineSearchBTGetAlpha)]
    #[types("bt")]
    #[option("-snes_linesearch_alpha", default = "1e-4")]
    pub fn set_backtracking_alpha(backtracking_alpha: Real);
}
