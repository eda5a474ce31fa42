//! The region of the complex plane in which a solver computes eigenvalues.

/// Defines `region` and `set_region`.
macro_rules! regions {
    (
        $borrowed:ident, $option:literal;
        $(#[$set_meta:meta])* $set:ident,
        $(#[$get_meta:meta])* $get:ident
    ) => {
        impl $borrowed {
            #[doc = concat!("Returns the region of the complex plane in which eigenvalues are computed (`", stringify!($get),
                "`). Default: the whole plane. Options: `", $option, "`.")]
            ///
            /// # Errors
            #[doc = concat!("The errors of `", stringify!($get), "`.")]
            $(#[$get_meta])*
            #[track_caller]
            pub fn region(&self) -> petsc_rs::Result<$crate::Region> {
                // SAFETY: a live region.
                unsafe { $crate::Region::retain(self.raw_region()?) }
            }

            #[doc = concat!("Replaces the region. The solver holds a reference to it (`", stringify!($set),
                "`). Collective.")]
            ///
            /// # Errors
            /// `ARG_NOTSAMECOMM` if the region lives on other processes.
            $(#[$set_meta])*
            pub fn set_region(&mut self, region: &$crate::region::RegionRef) -> petsc_rs::Result<()> {
                let (own, other) = (petsc_rs::Object::object_ptr(self), petsc_rs::Object::object_ptr(region));
                petsc_rs::internal::check_same_ranks(own, other)?;
                // SAFETY: live objects, of which SLEPc takes a reference.
                unsafe { petsc_rs::call!($set(*self.busy()?, region.as_ptr())) }
            }

            fn raw_region(&self) -> petsc_rs::Result<sys::RG> {
                let mut raw = ::std::ptr::null_mut();
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($get(self.as_ptr(), &raw mut raw)) }?;
                Ok(raw)
            }
        }
    };
}

pub(crate) use regions;
