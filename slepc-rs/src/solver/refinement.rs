//! Refinement of eigenpairs by Newton's method after a solve, which polynomial and nonlinear problems have.

use petsc_rs::{Real, Setting};

use crate::sys;

petsc_rs::c_enum! {
    /// Refinement of eigenpairs by Newton's method.
    #[doc(alias = "PEPRefine")]
    #[doc(alias = "NEPRefine")]
    Refine of PEPRefine;
    /// None. The default.
    None = PEP_REFINE_NONE,
    /// Each pair for itself.
    Simple = PEP_REFINE_SIMPLE,
    /// All together.
    Multiple = PEP_REFINE_MULTIPLE,
}

petsc_rs::c_enum! {
    /// How the systems of a refinement are solved.
    #[doc(alias = "PEPRefineScheme")]
    #[doc(alias = "NEPRefineScheme")]
    RefineScheme of PEPRefineScheme;
    /// By Schur complements.
    Schur = PEP_REFINE_SCHEME_SCHUR,
    /// By mixed block elimination.
    MixedBlockElimination = PEP_REFINE_SCHEME_MBE,
    /// By the bordered matrix itself.
    Explicit = PEP_REFINE_SCHEME_EXPLICIT,
}

// One set for both classes: C has the same numbers twice.
const _: () = assert!(
    sys::NEP_REFINE_SIMPLE == sys::PEP_REFINE_SIMPLE
        && sys::NEP_REFINE_MULTIPLE == sys::PEP_REFINE_MULTIPLE
        && sys::NEP_REFINE_SCHEME_SCHUR == sys::PEP_REFINE_SCHEME_SCHUR
        && sys::NEP_REFINE_SCHEME_MBE == sys::PEP_REFINE_SCHEME_MBE
        && sys::NEP_REFINE_SCHEME_EXPLICIT == sys::PEP_REFINE_SCHEME_EXPLICIT
);

/// Refinement of eigenpairs by Newton's method, see [`PepRef::set_refinement`](crate::PepRef::set_refinement).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Refinement {
    /// Number of groups of ranks that refine at the same time. Default: 1. Options: `-pep_refine_partitions`,
    /// `-nep_refine_partitions`.
    pub partitions: Setting<usize>,
    /// When it stops. Default: a thousandth of the solver's own. Options: `-pep_refine_tol`, `-nep_refine_tol`.
    pub tolerance: Setting<Real>,
    /// Largest number of iterations. Default: by SLEPc. Options: `-pep_refine_its`, `-nep_refine_its`.
    pub iterations: Setting<usize>,
    /// How the systems are solved; `None` is SLEPc's choice. Options: `-pep_refine_scheme`, `-nep_refine_scheme`.
    pub scheme: Option<RefineScheme>,
}

/// Writes `set_refinement` and `refinement_ksp`.
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
            /// `ARG_OUTOFRANGE` for a number that is not positive, or more groups than ranks; `ARG_WRONGSTATE` while the
            /// solver runs.
            $(#[$set_meta])*
            pub fn set_refinement(
                &mut self,
                kind: $crate::solver::Refine,
                refinement: $crate::solver::Refinement,
            ) -> petsc_rs::Result<()> {
                use $crate::solver::choose;
                let default = petsc_rs::ffi::DEFAULT;
                let groups = choose(refinement.partitions, default, "the number of groups")?;
                let tol = $crate::solver::tolerance(refinement.tolerance, petsc_rs::ffi::DEFAULT_REAL)?;
                let its = choose(refinement.iterations, default, "the number of iterations")?;
                // 0 is "not chosen" in C.
                let scheme = refinement.scheme.map_or(0, $crate::solver::RefineScheme::to_raw);
                let (solver, kind) = (self.busy()?, kind.to_raw());
                // SAFETY: a live solver that does not run: its set-up chooses a scheme; SLEPc compares the groups with
                // the ranks.
                unsafe { petsc_rs::call!($set(*solver, kind, groups, tol, its, scheme)) }?;
                drop(solver);
                // A view goes through its linear solver.
                self.prepare_refinement()
            }

            #[doc = concat!("The linear solver of the refinement (`", stringify!($get_ksp),
                "`), to change it; after the number of groups is set. Collective. Options: `", $option, "_ksp_…`.")]
            ///
            /// # Errors
            #[doc = concat!("What `", stringify!($get_ksp), "` returns.")]
            $(#[$get_ksp_meta])*
            #[track_caller]
            pub fn refinement_ksp(&self) -> petsc_rs::Result<petsc_rs::Ksp> {
                // SAFETY: a live solver.
                unsafe { petsc_rs::Ksp::part_of(self, self.raw_refinement_ksp()?) }
            }

            /// SLEPc makes the linear solver of a refinement through a handle that it has not set: with a live one
            /// in its place, nothing happens to what it points at by chance.
            fn raw_refinement_ksp(&self) -> petsc_rs::Result<sys::KSP> {
                let spare = petsc_rs::Ksp::new(&petsc_rs::Object::comm(self)?)?;
                let mut raw = spare.as_ptr();
                // SAFETY: a live solver and a live handle in the out-pointer.
                unsafe { petsc_rs::call!($get_ksp(self.as_ptr(), &raw mut raw)) }?;
                Ok(raw)
            }

            /// Before a solve, which would make the linear solver itself.
            pub(super) fn prepare_refinement(&self) -> petsc_rs::Result<()> {
                let mut kind = sys::PEP_REFINE_NONE;
                let none: *mut petsc_rs::Int = ::std::ptr::null_mut();
                let (solver, out, reals, scheme) = (self.as_ptr(), &raw mut kind, none.cast(), none.cast());
                // SAFETY: a live solver and a valid out-pointer; NULL for what nobody wants.
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
