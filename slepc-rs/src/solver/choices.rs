//! Which eigenvalues are wanted, and what is known about the problem.

/// Writes `set_problem_type`, `set_which`, `set_target` and their getters.
macro_rules! choices {
    (
        $borrowed:ident, $type:ident, $which:ident;
        $(#[$set_type_meta:meta])* fn set_problem_type = $set_type:ident, $type_doc:literal;
        $(#[$type_meta:meta])* fn problem_type = $get_type:ident;
        $(#[$set_which_meta:meta])* fn set_which = $set_which:ident, $which_doc:literal, $which_errors:literal;
        $(#[$which_meta:meta])* fn which = $get_which:ident;
        $(#[$set_target_meta:meta])* fn set_target = $set_target:ident, $c_target:literal, $target_doc:literal;
        $(#[$target_meta:meta])* fn target = $get_target:ident;
    ) => {
        impl $borrowed {
            #[doc = concat!("Says what is known about the problem (`", stringify!($set_type),
                "`). Logically collective. Default: nothing. ", $type_doc)]
            ///
            /// # Errors
            #[doc = concat!("What `", stringify!($set_type),
                "` returns; whether the matrices are what is said is checked by a solve, as far as it can.")]
            $(#[$set_type_meta])*
            pub fn set_problem_type(&mut self, kind: $type) -> petsc_rs::Result<()> {
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($set_type(*self.busy()?, kind.to_raw())) }
            }

            #[doc = concat!("What is known about the problem, `None` if nothing was said (`", stringify!($get_type),
                "`). Not collective.")]
            ///
            /// # Errors
            /// `SUP` for a kind that a newer SLEPc has.
            $(#[$type_meta])*
            pub fn problem_type(&self) -> petsc_rs::Result<Option<$type>> {
                petsc_rs::not_collective!();
                let mut raw = 0;
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($get_type(self.as_ptr(), &raw mut raw)) }?;
                (raw != 0).then(|| $type::try_from(raw)).transpose()
            }

            #[doc = concat!("Sets which eigenvalues are wanted (`", stringify!($set_which),
                "`). Logically collective. Default: ", $which_doc)]
            ///
            /// # Errors
            #[doc = concat!($which_errors, " Whether the choice fits problem and method is checked by a solve.")]
            $(#[$set_which_meta])*
            pub fn set_which(&mut self, which: $which) -> petsc_rs::Result<()> {
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($set_which(*self.busy()?, which.to_raw())) }
            }

            #[doc = concat!("Which eigenvalues are wanted, `None` before anybody has said (`", stringify!($get_which),
                "`). Not collective.")]
            ///
            /// # Errors
            /// `SUP` for a choice that a newer SLEPc has.
            $(#[$which_meta])*
            pub fn which(&self) -> petsc_rs::Result<Option<$which>> {
                petsc_rs::not_collective!();
                let mut raw = 0;
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($get_which(self.as_ptr(), &raw mut raw)) }?;
                (raw != 0).then(|| $which::try_from(raw)).transpose()
            }

            #[doc = concat!("Sets the number that the wanted eigenvalues are close to (`", $c_target, "`), if [`which`](Self::set_which) asks \
                for it. ", $target_doc, " Logically collective.")]
            ///
            /// # Errors
            #[doc = concat!("What `", $c_target, "` returns.")]
            $(#[$set_target_meta])*
            pub fn set_target(&mut self, target: petsc_rs::Scalar) -> petsc_rs::Result<()> {
                // SAFETY: a live solver and a valid pointer.
                unsafe { petsc_rs::call!($set_target(*self.busy()?, &raw const target)) }
            }

            #[doc = concat!("The target (`", stringify!($get_target), "`). Not collective.")]
            ///
            /// # Errors
            #[doc = concat!("What `", stringify!($get_target), "` returns.")]
            $(#[$target_meta])*
            pub fn target(&self) -> petsc_rs::Result<petsc_rs::Scalar> {
                petsc_rs::not_collective!();
                let mut target = petsc_rs::Scalar::default();
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($get_target(self.as_ptr(), &raw mut target)) }?;
                Ok(target)
            }
        }
    };
}

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
                    return Err($crate::solver::out_of_range(text));
                }
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($set(*self.busy()?, start, end)) }
            }
        }
    };
}

pub(crate) use {choices, interval};
