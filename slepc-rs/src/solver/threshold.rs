//! A threshold instead of a number of results.

#[cfg(petsc_ge_3_23)]
use petsc_rs::Result;

#[cfg(petsc_ge_3_23)]
use crate::sys;

/// Defines `set_threshold` and `threshold`.
macro_rules! threshold {
    (
        $borrowed:ident, $check:ident, $errors:literal;
        $set:ident, $set_alias:literal, $get:ident, $get_alias:literal, $set_test:ident, $test:ident; $doc:literal
    ) => {
        #[cfg(petsc_ge_3_23)]
        impl $borrowed {
            #[doc = $doc]
            ///
            /// # Errors
            #[doc = concat!("`ARG_OUTOFRANGE` for ", $errors, ". If the method does not support a threshold, the solve returns an error.")]
            #[doc(alias = $set_alias)]
            pub fn set_threshold(
                &mut self,
                threshold: petsc_rs::Real,
                relative: bool,
            ) -> petsc_rs::Result<()> {
                petsc_rs::ffi::range::$check(threshold, "the threshold")?;
                let relative = petsc_rs::ffi::raw_bool(relative);
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($set(*self.busy()?, threshold, relative)) }?;
                // SLEPc does not set the test if threshold and flag are unchanged.
                // SAFETY: as above.
                unsafe { petsc_rs::call!($set_test(*self.busy()?, $crate::sys::$test)) }?;
                $crate::solver::ask_threshold(petsc_rs::Object::object_ptr(self))?;
                // A setup replaces the context of the test, which may belong to a closure.
                self.give_operators()
            }

            /// Returns the threshold, and whether it is relative. Since SLEPc 3.23. Not collective.
            ///
            /// # Errors
            #[doc = concat!("The errors of `", stringify!($get), "`.")]
            #[doc(alias = $get_alias)]
            pub fn threshold(&self) -> petsc_rs::Result<(petsc_rs::Real, bool)> {
                petsc_rs::not_collective!();
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

#[cfg(petsc_ge_3_23)]
petsc_rs::attached! {
    /// Marks a solver whose threshold was set by the program.
    const ASKED: () = c"petsc-rs.threshold";
}

/// Marks a solver whose threshold was set: a setup of SLEPc may set another threshold.
#[cfg(petsc_ge_3_23)]
pub(crate) fn ask_threshold(solver: sys::PetscObject) -> Result<()> {
    // SAFETY: a live object.
    unsafe { ASKED.set_raw(solver, ()) }.map(drop)
}

/// Returns whether the program set the threshold.
#[cfg(petsc_ge_3_23)]
pub(crate) fn has_asked_threshold(solver: sys::PetscObject) -> Result<bool> {
    // SAFETY: a live object.
    Ok(unsafe { ASKED.context(solver) }?.is_some())
}
