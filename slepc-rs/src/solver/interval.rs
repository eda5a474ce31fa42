//! The interval of the wanted eigenvalues.

/// Writes `set_interval`.
macro_rules! interval {
    ($borrowed:ident; $(#[$meta:meta])* fn set_interval = $set:ident, $doc:literal;) => {
        impl $borrowed {
            #[doc = concat!("Sets the interval `start..=end` of which [`Which::All`] eigenvalues are wanted (`",
                stringify!($set), "`): ", $doc)]
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` unless `start < end`.
            $(#[$meta])*
            pub fn set_interval(&mut self, start: petsc_rs::Real, end: petsc_rs::Real) -> petsc_rs::Result<()> {
                if start.partial_cmp(&end) != Some(::std::cmp::Ordering::Less) {
                    let text = format!("the interval [{start}, {end}] has no inside");
                    return Err(petsc_rs::ffi::range::out_of_range(text));
                }
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($set(*self.busy()?, start, end)) }
            }
        }
    };
}

pub(crate) use interval;
