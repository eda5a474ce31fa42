//! The number types of this build of PETSc.

use crate::sys;

/// `PetscScalar`: `f64`, or `Complex<f64>` in a complex build (`f32` in single precision).
pub type Scalar = sys::PetscScalar;
/// `PetscReal`: `f64` (`f32` in single precision).
pub type Real = sys::PetscReal;
/// `PetscInt`, the type of global indices: `i32` or `i64`.
pub type Int = sys::PetscInt;

/// Operations that let the same source compile for real and for complex scalars.
///
/// ```
/// use petsc_rs::{Real, Scalar, ScalarExt};
/// let z = Scalar::from_real(-3.0);
/// assert_eq!(z.modulus(), 3.0);
/// assert_eq!((z * z.conjugate()).real(), 9.0);
/// ```
pub trait ScalarExt: Copy + Sized {
    /// Whether the scalar type is complex.
    const IS_COMPLEX: bool;
    /// Converts the real number `re` to a scalar.
    fn from_real(re: Real) -> Self;
    /// Returns `re + i·im`; a real build drops the imaginary part.
    fn from_parts(re: Real, im: Real) -> Self;
    /// Returns the real part.
    fn real(self) -> Real;
    /// Returns the imaginary part, 0 in a real build.
    fn imaginary(self) -> Real;
    /// Returns the complex conjugate.
    #[must_use]
    fn conjugate(self) -> Self;
    /// Returns the absolute value `|z|`.
    fn modulus(self) -> Real;
}

#[cfg(petsc_scalar = "real")]
impl ScalarExt for Scalar {
    const IS_COMPLEX: bool = false;
    #[inline]
    fn from_real(re: Real) -> Self {
        re
    }
    #[inline]
    fn from_parts(re: Real, _im: Real) -> Self {
        re
    }
    #[inline]
    fn real(self) -> Real {
        self
    }
    #[inline]
    fn imaginary(self) -> Real {
        0.0
    }
    #[inline]
    fn conjugate(self) -> Self {
        self
    }
    #[inline]
    fn modulus(self) -> Real {
        self.abs()
    }
}

#[cfg(petsc_scalar = "complex")]
impl ScalarExt for Scalar {
    const IS_COMPLEX: bool = true;
    #[inline]
    fn from_real(re: Real) -> Self {
        Self::new(re, 0.0)
    }
    #[inline]
    fn from_parts(re: Real, im: Real) -> Self {
        Self::new(re, im)
    }
    #[inline]
    fn real(self) -> Real {
        self.re
    }
    #[inline]
    fn imaginary(self) -> Real {
        self.im
    }
    #[inline]
    fn conjugate(self) -> Self {
        self.conj()
    }
    #[inline]
    fn modulus(self) -> Real {
        self.norm()
    }
}
