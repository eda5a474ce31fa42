//! The step of the norm 1 that has a formula.

use petsc_macros::wraps;

use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Real, call, ffi};

impl VectorRef {
    /// Sets each entry to that of `x` beyond an interval: `x − upper` above it, `x − lower` below it, zero within.
    /// With `±λ`, it is the minimiser of `½‖y − x‖² + λ‖y‖₁`. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` unless `lower ≤ upper`; `ARG_SIZ` if the lengths differ; `ARG_IDN` if both are one vector.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::Vector;
    /// let x = Vector::from_slice(comm, &[-3.0, 0.5, 2.0])?;
    /// let mut y = x.duplicate()?;
    /// y.set_soft_threshold(&x, -1.0, 1.0)?;
    /// assert_eq!(&*y.array()?, &[-2.0, 0.0, 1.0]);
    /// # Ok(()) })
    /// ```
    #[wraps(TaoSoftThreshold)]
    pub fn set_soft_threshold(&mut self, x: &Self, lower: Real, upper: Real) -> Result<()> {
        self.check_writable()?;
        x.check_readable()?;
        x.check_distinct(self)?;
        ffi::same_len("entries of the vectors", x.len()?, self.len()?)?;
        x.check_same_local_len(self)?;
        if lower > upper || lower.is_nan() || upper.is_nan() {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!("the interval from {lower} to {upper} has no points"),
            ));
        }
        // SAFETY: two live vectors of one layout (above); nobody holds slices of them.
        unsafe { call!(TaoSoftThreshold(x.as_ptr(), lower, upper, self.as_ptr())) }
    }
}
