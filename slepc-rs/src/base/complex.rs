//! Conversion of eigenvalues from and to C. In real builds, C represents an eigenvalue as two
//! scalars, the real and the imaginary part; in complex builds, as one complex scalar.

use std::cmp::Ordering;

use num_complex::Complex;
use petsc_rs::{Int, Real, Scalar, ScalarExt as _};

/// Converts an eigenvalue from its representation in C: real and imaginary part, or one complex
/// number.
pub(crate) fn value(re: Scalar, im: Scalar) -> Complex<Real> {
    let imaginary = if Scalar::IS_COMPLEX { re.imaginary() } else { im.real() };
    Complex::new(re.real(), imaginary)
}

/// The inverse of [`value`].
pub(crate) fn scalars(value: Complex<Real>) -> (Scalar, Scalar) {
    let second = if Scalar::IS_COMPLEX { 0.0 } else { value.im };
    (Scalar::from_parts(value.re, value.im), Scalar::from_real(second))
}

/// # Safety
/// Both pointers point to a number.
pub(crate) unsafe fn read(re: *const Scalar, im: *const Scalar) -> Complex<Real> {
    // SAFETY: by contract.
    let re = unsafe { *re };
    // SAFETY: by contract.
    let im = unsafe { *im };
    value(re, im)
}

/// Converts an ordering for C.
pub(crate) fn order(order: Ordering) -> Int {
    match order {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }
}

/// Writes the function that C calls to compare two eigenvalues.
macro_rules! comparison {
    ($name:ident[$what:literal]) => {
        petsc_rs::trampoline! {
            fn $name[$what](
                a_re: *const petsc_rs::Scalar, a_im: *const petsc_rs::Scalar,
                b_re: *const petsc_rs::Scalar, b_im: *const petsc_rs::Scalar; -> petsc_rs::Int;
            )
            for FnMut(
                num_complex::Complex<petsc_rs::Real>,
                num_complex::Complex<petsc_rs::Real>,
            ) -> petsc_rs::Result<::std::cmp::Ordering> as F
            = |compare| {
                // SAFETY: the C shim passes addresses of its arguments.
                let a = unsafe { $crate::base::read(a_re, a_im) };
                // SAFETY: as above.
                let b = unsafe { $crate::base::read(b_re, b_im) };
                compare(a, b).map($crate::base::order)
            }
        }
    };
}

pub(crate) use comparison;
