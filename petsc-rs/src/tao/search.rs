//! Line searches for user-written optimization methods.

use std::ffi::CStr;
use std::ptr;

use petsc_macros::wraps;

use super::{LineSearch, LineSearchRef, LineSearchType, real_numbers};
use crate::c_enum::c_enum;
use crate::callback::{self, trampoline};
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Object as _, Real, call, ffi, sys};

const FUNCTION: &CStr = c"petsc-rs.tao.search.function";

c_enum! {
    /// Result of a line search.
    #[doc(alias = "TaoLineSearchConvergedReason")]
    LineSearchReason of TaoLineSearchConvergedReason;
    /// The sufficient decrease conditions hold.
    Success = TAOLINESEARCH_SUCCESS,
    /// A user-defined test was satisfied.
    SuccessUser = TAOLINESEARCH_SUCCESS_USER,
    /// Stopped for another reason.
    HaltedOther = TAOLINESEARCH_HALTED_OTHER,
    /// Stopped at the maximum number of evaluations.
    HaltedEvaluations = TAOLINESEARCH_HALTED_MAXFCN,
    /// Stopped at the longest step.
    HaltedUpperBound = TAOLINESEARCH_HALTED_UPPERBOUND,
    /// Stopped at the shortest step.
    HaltedLowerBound = TAOLINESEARCH_HALTED_LOWERBOUND,
    /// Stopped because the interval of step lengths became small.
    HaltedTolerance = TAOLINESEARCH_HALTED_RTOL,
    /// Stopped by a user-defined test.
    HaltedUser = TAOLINESEARCH_HALTED_USER,
    /// The search has not ended.
    Iterating = TAOLINESEARCH_CONTINUE_ITERATING,
    /// The function value is infinite or NaN.
    Nan = TAOLINESEARCH_FAILED_INFORNAN,
    /// A parameter is invalid.
    BadParameter = TAOLINESEARCH_FAILED_BADPARAMETER,
    /// The direction is not a descent direction.
    Ascent = TAOLINESEARCH_FAILED_ASCENT,
}

impl LineSearchReason {
    /// Returns whether the search succeeded.
    #[must_use]
    pub fn is_success(self) -> bool {
        matches!(self, Self::Success | Self::SuccessUser)
    }
}

/// Result of a line search, see [`LineSearch::apply`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
#[must_use = "a search may end without a good step"]
pub struct Step {
    /// The step length, in units of the direction.
    pub length: Real,
    /// The function value at the new point.
    pub objective: Real,
    /// How the search ended.
    pub reason: LineSearchReason,
}

impl LineSearch {
    /// Creates a line search of type `more-thuente`. Collective.
    ///
    /// # Errors
    /// `SUP` in a complex build; the errors of `TaoLineSearchCreate`.
    #[wraps(TaoLineSearchCreate)]
    #[track_caller]
    pub fn new(comm: &Comm) -> Result<Self> {
        real_numbers()?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(TaoLineSearchCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let mut search = unsafe { Self::from_raw(raw) };
        search.set_type(LineSearchType::MORE_THUENTE)?;
        Ok(search)
    }

    /// Sets the function and the gradient in one closure: `f(search, x, g)` returns `f(x)`, with
    /// the same value on all ranks, and computes `g ← ∇f(x)`. Replaces an earlier closure.
    /// Logically collective.
    #[wraps(TaoLineSearchSetObjectiveAndGradientRoutine)]
    pub fn set_objective_and_gradient<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&LineSearchRef, &VectorRef, &mut VectorRef) -> Result<Real> + 'static,
    {
        let (search, shim) = (self.as_ptr(), Some(function::<F> as _));
        let give = |ctx| {
            // SAFETY: a live search; `ctx` is what the shim expects.
            unsafe { call!(TaoLineSearchSetObjectiveAndGradientRoutine(search, shim, ctx)) }
        };
        // SAFETY: a live object; C has one place for this.
        unsafe { callback::hand_over(self.object_ptr(), FUNCTION, f, give) }
    }

    /// Searches from `x` along `s` for a point with a smaller function value. Collective.
    ///
    /// `f` and `g` are the function value and the gradient at `x`. On return, `x` is the new point
    /// and `g` the gradient there.
    ///
    /// # Errors
    /// `ORDER` without a function; `ARG_SIZ` if the vectors differ in length; any error of the
    /// function.
    ///
    /// # Examples
    /// Steepest descent:
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Norm, Result, Vector, VectorRef, tao::LineSearch};
    /// fn quartic(x: &VectorRef, g: &mut VectorRef) -> Result<f64> {
    ///     let mut terms = x.duplicate()?;
    ///     terms.pointwise_mult(x, x)?;
    ///     g.pointwise_mult(x, &terms)?; // of ¼ Σ xᵢ⁴
    ///     Ok(g.dot(x)? / 4.0)
    /// }
    ///
    /// let mut x = Vector::new(comm, 5)?;
    /// x.set(2.0)?;
    /// let (mut g, mut s) = (x.duplicate()?, x.duplicate()?);
    /// let mut f = quartic(&x, &mut g)?;
    /// let mut search = LineSearch::new(comm)?;
    /// search.set_objective_and_gradient(|_, x, g| quartic(x, g))?;
    /// for _ in 0..40 {
    ///     s.copy_from(&g)?;
    ///     s.scale(-1.0)?;
    ///     let step = search.apply(&mut x, f, &mut g, &s)?;
    ///     assert!(step.objective < f);
    ///     f = step.objective;
    /// }
    /// assert!(f < 1e-4);
    /// # Ok(()) })
    /// ```
    #[wraps(TaoLineSearchApply)]
    pub fn apply(
        &mut self,
        x: &mut VectorRef,
        f: Real,
        g: &mut VectorRef,
        s: &VectorRef,
    ) -> Result<Step> {
        self.search(x, f, g, s, None)
    }

    /// Searches like [`apply`](Self::apply), but inside bounds. The types `more-thuente` and `gpcg`
    /// support bounds. Collective.
    #[wraps(TaoLineSearchSetVariableBounds, errors = apply)]
    pub fn apply_within(
        &mut self,
        x: &mut VectorRef,
        f: Real,
        g: &mut VectorRef,
        s: &VectorRef,
        (lower, upper): (&VectorRef, &VectorRef),
    ) -> Result<Step> {
        self.search(x, f, g, s, Some((lower, upper)))
    }

    fn search(
        &mut self,
        x: &mut VectorRef,
        f: Real,
        g: &mut VectorRef,
        s: &VectorRef,
        bounds: Option<(&VectorRef, &VectorRef)>,
    ) -> Result<Step> {
        x.check_writable()?;
        g.check_writable()?;
        s.check_readable()?;
        for other in [&*g, s].into_iter().chain(bounds.into_iter().flat_map(|b| [b.0, b.1])) {
            x.check_same_layout(other)?;
            x.check_distinct(other)?;
            other.check_readable()?;
        }
        g.check_distinct(s)?;
        ffi::check_no_writer()?;
        // SAFETY: a live object.
        if unsafe { callback::composed(self.object_ptr(), FUNCTION) }?.is_null() {
            let text = "the line search has no function: call set_objective_and_gradient first";
            return Err(Error::collective(ErrorCode::ORDER, text));
        }
        let (lower, upper) =
            bounds.map_or((ptr::null_mut(), ptr::null_mut()), |(l, u)| (l.as_ptr(), u.as_ptr()));
        // SAFETY: live objects that fit, of which the search takes references, or NULL for none.
        unsafe { call!(TaoLineSearchSetVariableBounds(*self.busy()?, lower, upper)) }?;
        let _locks = ffi::Locks::note([x.as_ptr(), g.as_ptr(), s.as_ptr()])?;
        let (mut objective, mut length, mut reason) = (f, 0.0, 0);
        // SAFETY: a live search with a function (above), vectors of one length whose entries are
        // not borrowed, and valid out-pointers.
        unsafe {
            call!(TaoLineSearchApply(
                *self.busy()?,
                x.as_ptr(),
                &raw mut objective,
                g.as_ptr(),
                s.as_ptr(),
                &raw mut length,
                &raw mut reason
            ))
        }?;
        Ok(Step { length, objective, reason: LineSearchReason::try_from(reason)? })
    }
}

trampoline! {
    fn function[c"line search: objective and gradient"](
        search: &LineSearchRef, x: &VectorRef; -> Real; g: &mut VectorRef
    )
}
