//! Conversion of the values of settings between Rust and C.

use crate::error::Result;
use crate::{Int, Real, ffi, sys};

/// The type of a setting, which the attribute macros `setting` and `getter` convert.
pub trait Value: Sized {
    /// The type in C.
    type Raw;

    /// Initial value of the out-pointer of a getter.
    const ZERO: Self::Raw;

    /// Converts the value for C.
    ///
    /// # Errors
    /// `INT_OVERFLOW` if a count exceeds the range of `PetscInt`.
    fn into_c(self) -> Result<Self::Raw>;

    /// Converts a value that C returned.
    ///
    /// # Errors
    /// `PLIB` or `SUP` for a value that the Rust type does not have.
    fn from_c(raw: Self::Raw) -> Result<Self>;
}

impl Value for bool {
    type Raw = sys::PetscBool;
    #[cfg(petsc_ge_3_24)]
    const ZERO: Self::Raw = false;
    #[cfg(not(petsc_ge_3_24))]
    const ZERO: Self::Raw = 0;

    fn into_c(self) -> Result<Self::Raw> {
        Ok(ffi::raw_bool(self))
    }

    fn from_c(raw: Self::Raw) -> Result<Self> {
        Ok(ffi::to_bool(raw))
    }
}

impl Value for usize {
    type Raw = Int;
    const ZERO: Self::Raw = 0;

    fn into_c(self) -> Result<Self::Raw> {
        ffi::petsc_int(self)
    }

    fn from_c(raw: Self::Raw) -> Result<Self> {
        ffi::size(raw)
    }
}

/// `None` is 0, which means "not set" in some enumerations of SLEPc.
impl<T: Value<Raw = std::ffi::c_uint>> Value for Option<T> {
    type Raw = T::Raw;
    const ZERO: Self::Raw = 0;

    fn into_c(self) -> Result<Self::Raw> {
        self.map_or(Ok(0), T::into_c)
    }

    fn from_c(raw: Self::Raw) -> Result<Self> {
        (raw != 0).then(|| T::from_c(raw)).transpose()
    }
}

/// Types that are the same in C.
macro_rules! same {
    ($($(#[$meta:meta])* ($($of:tt)*) $name:ty = $zero:expr;)*) => {
        $(
            $(#[$meta])*
            impl$($of)* Value for $name {
                type Raw = Self;
                const ZERO: Self = $zero;

                fn into_c(self) -> Result<Self> {
                    Ok(self)
                }

                fn from_c(raw: Self) -> Result<Self> {
                    Ok(raw)
                }
            }
        )*
    };
}

same! {
    () Real = 0.0;
    #[cfg(petsc_scalar = "complex")]
    () crate::Scalar = Self::new(0.0, 0.0);
    () i32 = 0;
    () i64 = 0;
    (<T>) *const T = std::ptr::null();
    (<T>) *mut T = std::ptr::null_mut();
}
