//! A threshold in place of a number of results.

/// Writes `set_threshold` and `threshold`.
macro_rules! threshold {
    ($borrowed:ident; $set:ident, $set_alias:literal, $get:ident, $get_alias:literal; $doc:literal) => {
        #[cfg(petsc_ge_3_23)]
        impl $borrowed {
            #[doc = $doc]
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` for a NaN. What a method cannot do is an error of its solve.
            #[doc(alias = $set_alias)]
            pub fn set_threshold(
                &mut self,
                threshold: petsc_rs::Real,
                relative: bool,
            ) -> petsc_rs::Result<()> {
                if threshold.is_nan() {
                    return Err($crate::solver::out_of_range("a threshold is a number"));
                }
                let relative = petsc_rs::ffi::raw_bool(relative);
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($set(self.as_ptr(), threshold, relative)) }?;
                // The context of the test, which may be that of a closure, is replaced by a set-up.
                self.give_operators()
            }

            /// The threshold, and whether it is relative. From SLEPc 3.23 on. Not collective.
            ///
            /// # Errors
            #[doc = concat!("What `", stringify!($get), "` returns.")]
            #[doc(alias = $get_alias)]
            pub fn threshold(&self) -> petsc_rs::Result<(petsc_rs::Real, bool)> {
                let (mut threshold, mut relative) = (0.0, petsc_rs::ffi::raw_bool(false));
                let (solver, a, b) = (self.as_ptr(), &raw mut threshold, &raw mut relative);
                // SAFETY: a live solver and valid out-pointers.
                unsafe { petsc_rs::call!($get(solver, a, b)) }?;
                Ok((threshold, petsc_rs::ffi::to_bool(relative)))
            }
        }
    };
}

pub(crate) use threshold;
