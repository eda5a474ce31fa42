//! Products.

use super::MatrixRef;
use crate::error::Result;
use crate::vector::VectorRef;
use crate::{call, sys};

impl MatrixRef {
    /// Computes `y ← A·x`. Collective.
    ///
    /// # Errors
    /// `ARG_IDN` if `x` and `y` are one vector, `ARG_SIZ` if sizes do not fit, `ARG_WRONGSTATE` if
    /// the matrix is not assembled.
    #[doc(alias = "MatMult")]
    #[inline]
    pub fn mult(&self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        x.check_readable()?;
        y.check_writable()?;
        // SAFETY: live objects; MatMult checks state, identity and sizes in every build.
        unsafe { call!(MatMult(self.as_ptr(), x.as_ptr(), y.as_ptr())) }
    }
}
