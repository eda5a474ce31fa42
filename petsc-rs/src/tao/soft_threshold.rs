//! Soft thresholding, the proximal operator of the L1 norm.

use petsc_macros::wraps;

use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;
use crate::{Real, call, ffi};

impl VectorRef {
    /// Applies soft thresholding to each entry `t` of `x`: the result is `t − upper` if `t >
    /// upper`, `t − lower` if `t < lower`, and zero otherwise. Logically collective.
    ///
    /// With bounds `±λ`, this is the minimizer of `½‖y − x‖² + λ‖y‖₁`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` unless `lower ≤ upper`; `ARG_SIZ` if the lengths differ; `ARG_IDN` if both
    /// are the same vector.
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
        ffi::same_len("length of the result", x.len()?, self.len()?)?;
        x.check_same_layout(self)?;
        if lower > upper || lower.is_nan() || upper.is_nan() {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!("empty interval: lower must not exceed upper, got {lower} and {upper}"),
            ));
        }
        // SAFETY: two live vectors of one layout (above); none of their entries are borrowed.
        unsafe { call!(TaoSoftThreshold(x.as_ptr(), lower, upper, self.as_ptr())) }
    }
}
