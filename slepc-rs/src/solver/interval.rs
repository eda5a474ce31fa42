//! The interval of the eigenvalues to compute.

/// Defines `set_interval`.
macro_rules! interval {
    ($borrowed:ident; $(#[$meta:meta])* fn set_interval = $set:ident, $doc:literal;) => {
        impl $borrowed {
            #[doc = concat!("Sets the interval `start..=end` in which [`Which::All`] computes all eigenvalues (`",
                stringify!($set), "`), ", $doc)]
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` unless `start < end`.
            $(#[$meta])*
            pub fn set_interval(&mut self, start: petsc_rs::Real, end: petsc_rs::Real) -> petsc_rs::Result<()> {
                if start.partial_cmp(&end) != Some(::std::cmp::Ordering::Less) {
                    let text = format!("empty interval [{start}, {end}]: start must be below end");
                    return Err(petsc_rs::ffi::range::out_of_range(text));
                }
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($set(*self.busy()?, start, end)) }
            }
        }
    };
}

pub(crate) use interval;
