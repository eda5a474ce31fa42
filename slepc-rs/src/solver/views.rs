//! Output of results.

/// Defines `error_view` and `converged_reason_view`.
macro_rules! views {
    (
        $borrowed:ident, $error_type:ident;
        $(#[$error_view_meta:meta])* $error_view:ident,
        $(#[$reason_view_meta:meta])* $reason_view:ident
    ) => {
        impl $borrowed {
            #[doc = concat!("Prints the results with their errors (`", stringify!($error_view),
                "`): a summary, or a table if the format of the viewer is `InfoDetail`. Collective.")]
            ///
            /// # Errors
            /// `ARG_WRONGSTATE` before the first solve, or if the solver was changed after the last
            /// one; `ARG_NOTSAMECOMM` if the viewer lives on other processes.
            $(#[$error_view_meta])*
            pub fn error_view(&self, kind: $error_type, viewer: &petsc_rs::ViewerRef) -> petsc_rs::Result<()> {
                self.solved()?;
                self.check_vectors()?;
                petsc_rs::ffi::check_no_writer()?;
                let (own, other) = (petsc_rs::Object::object_ptr(self), petsc_rs::Object::object_ptr(viewer));
                petsc_rs::internal::check_same_ranks(own, other)?;
                // SAFETY: a solver that has solved, and a live viewer on the same processes.
                unsafe { petsc_rs::call!($error_view(*self.busy()?, kind.to_raw(), viewer.as_ptr())) }
            }

            #[doc = concat!("Prints the reason why the last solve stopped (`", stringify!($reason_view), "`). Collective.")]
            ///
            /// # Errors
            /// The errors of [`error_view`](Self::error_view).
            $(#[$reason_view_meta])*
            pub fn converged_reason_view(&self, viewer: &petsc_rs::ViewerRef) -> petsc_rs::Result<()> {
                self.solved()?;
                let (own, other) = (petsc_rs::Object::object_ptr(self), petsc_rs::Object::object_ptr(viewer));
                petsc_rs::internal::check_same_ranks(own, other)?;
                // SAFETY: a solver that has solved, and a live viewer on the same processes.
                unsafe { petsc_rs::call!($reason_view(self.as_ptr(), viewer.as_ptr())) }
            }
        }
    };
}

pub(crate) use views;
