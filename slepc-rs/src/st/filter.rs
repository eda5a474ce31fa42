//! Settings of the type `filter`.

use petsc_macros::wraps;
use petsc_rs::{Object as _, Real, Result, call, ffi};

use super::StRef;
use crate::sys;
use petsc_rs::ffi::range::out_of_range;

impl StRef {
    /// Sets the interval in which the polynomial filter is large. The interval of the eigensolver
    /// has the same effect. Logically collective. Option: `-st_filter_interval a,b`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` unless `start < end`; `SUP` for other types.
    #[wraps(STFilterSetInterval)]
    pub fn set_filter_interval(&mut self, start: Real, end: Real) -> Result<()> {
        self.check_interval(start, end)?;
        // SAFETY: a live transformation of this kind.
        unsafe { call!(STFilterSetInterval(*self.busy()?, start, end)) }
    }

    /// Sets the range that contains all eigenvalues. Logically collective. Default: estimated.
    /// Option: `-st_filter_range a,b`.
    ///
    /// # Errors
    /// The errors of [`set_filter_interval`](Self::set_filter_interval).
    #[wraps(STFilterSetRange)]
    pub fn set_filter_range(&mut self, left: Real, right: Real) -> Result<()> {
        self.check_interval(left, right)?;
        // SAFETY: as above.
        unsafe { call!(STFilterSetRange(*self.busy()?, left, right)) }
    }

    /// Sets the degree of the polynomial. Logically collective. Default: 100. Option:
    /// `-st_filter_degree`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the degree is 0; `SUP` for other types.
    #[wraps(STFilterSetDegree)]
    pub fn set_filter_degree(&mut self, degree: usize) -> Result<()> {
        self.expect("filter")?;
        let degree = ffi::petsc_int(degree)?;
        if degree == 0 {
            return Err(out_of_range("the degree of a filter must be at least 1"));
        }
        // SAFETY: as above.
        unsafe { call!(STFilterSetDegree(*self.busy()?, degree)) }
    }

    /// Returns the interval in which the polynomial filter is large, both ends 0 if none is set.
    /// Not collective.
    ///
    /// # Errors
    /// `SUP` for other types.
    #[wraps(STFilterGetInterval)]
    pub fn filter_interval(&self) -> Result<(Real, Real)> {
        petsc_rs::not_collective!();
        self.expect("filter")?;
        let (mut start, mut end) = (0.0, 0.0);
        let (a, b) = (&raw mut start, &raw mut end);
        // SAFETY: a live transformation of this kind and valid out-pointers.
        unsafe { call!(STFilterGetInterval(self.as_ptr(), a, b)) }?;
        Ok((start, end))
    }

    /// Returns the range that contains all eigenvalues, both ends 0 before it is set or estimated.
    /// Not collective.
    ///
    /// # Errors
    /// `SUP` for other types.
    #[wraps(STFilterGetRange)]
    pub fn filter_range(&self) -> Result<(Real, Real)> {
        petsc_rs::not_collective!();
        self.expect("filter")?;
        let (mut left, mut right) = (0.0, 0.0);
        let (a, b) = (&raw mut left, &raw mut right);
        // SAFETY: as above.
        unsafe { call!(STFilterGetRange(self.as_ptr(), a, b)) }?;
        Ok((left, right))
    }

    /// Returns the degree of the polynomial. Not collective.
    ///
    /// # Errors
    /// `SUP` for other types.
    #[wraps(STFilterGetDegree)]
    pub fn filter_degree(&self) -> Result<usize> {
        petsc_rs::not_collective!();
        self.expect("filter")?;
        let mut degree = 0;
        // SAFETY: as above.
        unsafe { call!(STFilterGetDegree(self.as_ptr(), &raw mut degree)) }?;
        ffi::size(degree)
    }

    fn check_interval(&self, start: Real, end: Real) -> Result<()> {
        if start.partial_cmp(&end) != Some(std::cmp::Ordering::Less) {
            return Err(out_of_range(format!(
                "empty interval [{start}, {end}]: start must be below end"
            )));
        }
        self.expect("filter")
    }

    /// Checks the type: SLEPc ignores settings of other types.
    pub(super) fn expect(&self, kind: &str) -> Result<()> {
        if self.is_type(kind)? {
            return Ok(());
        }
        let text = format!("the setting requires the type `{kind}`: call set_type first");
        Err(petsc_rs::Error::new(petsc_rs::ErrorCode::SUP, text))
    }
}
