//! Newton refinement of eigenpairs after a solve, for polynomial and nonlinear problems.

use petsc_rs::{Real, Setting};

use crate::sys;

petsc_rs::c_enum! {
    /// Newton refinement of eigenpairs.
    #[doc(alias = "PEPRefine")]
    #[doc(alias = "NEPRefine")]
    Refine of PEPRefine;
    /// None. The default.
    None = PEP_REFINE_NONE,
    /// Simple: each eigenpair separately.
    Simple = PEP_REFINE_SIMPLE,
    /// Multiple: all eigenpairs together.
    Multiple = PEP_REFINE_MULTIPLE,
}

petsc_rs::c_enum! {
    /// Scheme for the linear systems of the refinement.
    #[doc(alias = "PEPRefineScheme")]
    #[doc(alias = "NEPRefineScheme")]
    RefineScheme of PEPRefineScheme;
    /// Schur complement.
    Schur = PEP_REFINE_SCHEME_SCHUR,
    /// Mixed block elimination.
    MixedBlockElimination = PEP_REFINE_SCHEME_MBE,
    /// Explicit matrix: the bordered matrix is assembled.
    Explicit = PEP_REFINE_SCHEME_EXPLICIT,
}

// One enumeration for both classes: the C enumerations have the same values.
const _: () = assert!(
    sys::NEP_REFINE_SIMPLE == sys::PEP_REFINE_SIMPLE
        && sys::NEP_REFINE_MULTIPLE == sys::PEP_REFINE_MULTIPLE
        && sys::NEP_REFINE_SCHEME_SCHUR == sys::PEP_REFINE_SCHEME_SCHUR
        && sys::NEP_REFINE_SCHEME_MBE == sys::PEP_REFINE_SCHEME_MBE
        && sys::NEP_REFINE_SCHEME_EXPLICIT == sys::PEP_REFINE_SCHEME_EXPLICIT
);

/// Parameters of Newton refinement, see [`PepRef::set_refinement`](crate::PepRef::set_refinement).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Refinement {
    /// Number of groups of ranks. The groups refine different eigenpairs at the same time. Default:
    /// 1. Options: `-pep_refine_partitions`, `-nep_refine_partitions`.
    pub partitions: Setting<usize>,
    /// Tolerance. Default: 1/1000 of the tolerance of the solver. Options: `-pep_refine_tol`,
    /// `-nep_refine_tol`.
    pub tolerance: Setting<Real>,
    /// Largest number of iterations. Default: chosen by SLEPc. Options: `-pep_refine_its`,
    /// `-nep_refine_its`.
    pub iterations: Setting<usize>,
    /// Scheme for the linear systems; with `None`, SLEPc chooses. Options: `-pep_refine_scheme`,
    /// `-nep_refine_scheme`.
    pub scheme: Option<RefineScheme>,
}

/// Defines `set_refinement` and `refinement_ksp`.
macro_rules! refining {
    (
        $borrowed:ident, $option:literal;
        $(#[$set_meta:meta])* $set:ident,
        $get:ident,
        $(#[$get_ksp_meta:meta])* $get_ksp:ident
    ) => {
        impl $borrowed {
            #[doc = concat!("Sets the refinement of eigenpairs after a solve (`", stringify!($set),
                "`). Collective. Default: none. Option: `", $option, "`.")]
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` if a number is not positive, or if there are more partitions than
            /// ranks; `ARG_WRONGSTATE` while the solver runs.
            $(#[$set_meta])*
            pub fn set_refinement(
                &mut self,
                kind: $crate::solver::Refine,
                refinement: $crate::solver::Refinement,
            ) -> petsc_rs::Result<()> {
                use $crate::solver::choose;
                let default = petsc_rs::ffi::DEFAULT;
                let groups = choose(refinement.partitions, default, "the number of partitions")?;
                let tol = $crate::solver::tolerance(refinement.tolerance, petsc_rs::ffi::DEFAULT_REAL)?;
                let its = choose(refinement.iterations, default, "the number of iterations")?;
                // 0 means "not set" in C.
                let scheme = refinement.scheme.map_or(0, $crate::solver::RefineScheme::to_raw);
                let (solver, kind) = (self.busy()?, kind.to_raw());
                // SAFETY: a live solver that does not run, because its setup chooses a scheme; SLEPc compares the
                // partitions with the ranks.
                unsafe { petsc_rs::call!($set(*solver, kind, groups, tol, its, scheme)) }?;
                drop(solver);
                // A view of the solver also views this linear solver.
                self.prepare_refinement()
            }

            #[doc = concat!("Returns the linear solver of the refinement, to change its settings (`", stringify!($get_ksp),
                "`). Collective. Set the number of partitions first. Options: `", $option, "_ksp_…`.")]
            ///
            /// # Errors
            #[doc = concat!("The errors of `", stringify!($get_ksp), "`.")]
            $(#[$get_ksp_meta])*
            #[track_caller]
            pub fn refinement_ksp(&self) -> petsc_rs::Result<petsc_rs::Ksp> {
                // SAFETY: a live solver.
                unsafe { petsc_rs::Ksp::part_of(self, self.raw_refinement_ksp()?) }
            }

            /// Returns the linear solver of the refinement. SLEPc creates it through a handle that
            /// it does not initialize: this method sets the handle to a live object first.
            fn raw_refinement_ksp(&self) -> petsc_rs::Result<sys::KSP> {
                let spare = petsc_rs::Ksp::new(&petsc_rs::Object::comm(self)?)?;
                let mut raw = spare.as_ptr();
                // SAFETY: a live solver and a live handle in the out-pointer.
                unsafe { petsc_rs::call!($get_ksp(self.as_ptr(), &raw mut raw)) }?;
                Ok(raw)
            }

            /// Creates the linear solver before a solve, which would otherwise create it.
            pub(super) fn prepare_refinement(&self) -> petsc_rs::Result<()> {
                let mut kind = sys::PEP_REFINE_NONE;
                let none: *mut petsc_rs::Int = ::std::ptr::null_mut();
                let (solver, out, reals, scheme) = (self.as_ptr(), &raw mut kind, none.cast(), none.cast());
                // SAFETY: a live solver and a valid out-pointer; NULL for values that are not
                // needed.
                unsafe { petsc_rs::call!($get(solver, out, none, reals, none, scheme)) }?;
                if kind != sys::PEP_REFINE_NONE {
                    self.raw_refinement_ksp()?;
                }
                Ok(())
            }
        }
    };
}

pub(crate) use refining;
