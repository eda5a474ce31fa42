//! Dimensions and tolerances.

use petsc_rs::ffi::range::out_of_range;
use petsc_rs::{Int, Real, Result, Setting, ffi};

/// Number of eigenvalues (or singular values) to compute, and dimensions of the subspaces, see
/// [`EpsRef::set_dimensions`](crate::EpsRef::set_dimensions).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dimensions {
    /// Number of values to compute. Default: 1. Options: `-eps_nev`, `-svd_nsv`, `-pep_nev`,
    /// `-nep_nev`.
    pub nev: Setting<usize>,
    /// Largest dimension of the subspace. Default: computed by SLEPc from the two other dimensions.
    /// Options: `-eps_ncv`, ….
    pub ncv: Setting<usize>,
    /// Largest dimension of the projected problem; a limit is useful if many values are computed.
    /// Default: chosen by SLEPc. Options: `-eps_mpd`, ….
    pub mpd: Setting<usize>,
}

impl Dimensions {
    /// Creates dimensions for `nev` values, with subspaces chosen by SLEPc.
    #[must_use]
    pub fn nev(nev: usize) -> Self {
        Self { nev: nev.into(), ..Self::default() }
    }
}

/// The dimensions in use, see [`EpsRef::dimensions`](crate::EpsRef::dimensions).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CurrentDimensions {
    /// Number of values to compute.
    pub nev: usize,
    /// Largest dimension of the subspace, `None` before SLEPc has chosen it.
    pub ncv: Option<usize>,
    /// Largest dimension of the projected problem, `None` before SLEPc has chosen it.
    pub mpd: Option<usize>,
}

impl CurrentDimensions {
    pub(crate) fn from_raw(nev: Int, ncv: Int, mpd: Int) -> Result<Self> {
        Ok(Self {
            nev: ffi::size(nev)?,
            ncv: usize::try_from(ncv).ok(),
            mpd: usize::try_from(mpd).ok(),
        })
    }
}

/// Tolerances of a solver, see [`EpsRef::set_tolerances`](crate::EpsRef::set_tolerances).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tolerances {
    /// Tolerance of the convergence test. Default: 1e-8. Options: `-eps_tol`, `-svd_tol`, ….
    pub tolerance: Setting<Real>,
    /// Largest number of iterations (restarts). Default: computed by SLEPc from the size of the
    /// problem. Options: `-eps_max_it`, `-svd_max_it`, ….
    pub max_iterations: Setting<usize>,
}

/// The tolerances in use, see [`EpsRef::tolerances`](crate::EpsRef::tolerances).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CurrentTolerances {
    /// Tolerance of the convergence test, `None` before SLEPc has chosen it.
    pub tolerance: Option<Real>,
    /// Largest number of iterations, `None` before SLEPc has chosen it.
    pub max_iterations: Option<usize>,
}

/// Checks the fraction of vectors kept at a restart, whose range is the same for all types.
pub(crate) fn restart_fraction(keep: Real, what: &str) -> Result<()> {
    if (0.1..=0.9).contains(&keep) {
        return Ok(());
    }
    let text = format!("{what} must lie between 0.1 and 0.9, got {keep}");
    Err(out_of_range(text))
}

impl CurrentTolerances {
    pub(crate) fn from_raw(tolerance: Real, max: Int) -> Self {
        Self {
            tolerance: (tolerance > 0.0).then_some(tolerance),
            max_iterations: usize::try_from(max).ok(),
        }
    }
}

/// Converts a count for C; `Keep` returns the current value. An interval without eigenvalues leaves
/// dimensions that are 0, which SLEPc then determines again.
pub(crate) fn choose(setting: Setting<usize>, current: Int, what: &str) -> Result<Int> {
    match setting {
        Setting::Keep if current == 0 => Ok(ffi::DECIDE),
        Setting::Keep => Ok(current),
        Setting::Value(0) => Err(out_of_range(format!("{what} must be at least 1"))),
        Setting::Value(n) => ffi::petsc_int(n),
    }
}

/// Converts a tolerance for C.
pub(crate) fn tolerance(setting: Setting<Real>, current: Real) -> Result<Real> {
    match setting {
        Setting::Keep => Ok(current),
        Setting::Value(v) if v > 0.0 => Ok(v),
        Setting::Value(v) => Err(out_of_range(format!("a tolerance must be positive, got {v}"))),
    }
}

/// Defines the dimensions and the tolerances of a solver of eigenvalues or singular values.
macro_rules! settings {
    (
        $borrowed:ident, $values:literal;
        $(#[$set_dimensions_meta:meta])* $set_dimensions:ident,
        $(#[$get_dimensions_meta:meta])* $get_dimensions:ident,
        $(#[$set_tolerances_meta:meta])* $set_tolerances:ident,
        $(#[$get_tolerances_meta:meta])* $get_tolerances:ident
    ) => {
        impl $borrowed {
            #[doc = concat!("Sets the number of ", $values, " to compute, and the largest dimensions of the subspaces (`",
                stringify!($set_dimensions), "`). Logically collective.")]
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` if a dimension is 0. A solve returns an error if the number of
            /// values exceeds the order of the problem.
            $(#[$set_dimensions_meta])*
            pub fn set_dimensions(&mut self, dimensions: $crate::solver::Dimensions) -> petsc_rs::Result<()> {
                let (nev, ncv, mpd) = self.raw_dimensions()?;
                let what = "each dimension of a solver";
                let nev = $crate::solver::choose(dimensions.nev, nev, what)?;
                let ncv = $crate::solver::choose(dimensions.ncv, ncv, what)?;
                let mpd = $crate::solver::choose(dimensions.mpd, mpd, what)?;
                // SAFETY: a live solver; SLEPc compares the numbers with the problem when it is set up.
                unsafe { petsc_rs::call!($set_dimensions(*self.busy()?, nev, ncv, mpd)) }
            }

            #[doc = concat!("Returns the dimensions in use (`", stringify!($get_dimensions), "`). Not collective.")]
            ///
            /// # Errors
            #[doc = concat!("The errors of `", stringify!($get_dimensions), "`.")]
            $(#[$get_dimensions_meta])*
            pub fn dimensions(&self) -> petsc_rs::Result<$crate::solver::CurrentDimensions> {
                petsc_rs::not_collective!();
                let (nev, ncv, mpd) = self.raw_dimensions()?;
                $crate::solver::CurrentDimensions::from_raw(nev, ncv, mpd)
            }

            fn raw_dimensions(&self) -> petsc_rs::Result<(petsc_rs::Int, petsc_rs::Int, petsc_rs::Int)> {
                let (mut nev, mut ncv, mut mpd) = (0, 0, 0);
                // SAFETY: a live solver and valid out-pointers.
                unsafe {
                    petsc_rs::call!($get_dimensions(
                        self.as_ptr(),
                        &raw mut nev,
                        &raw mut ncv,
                        &raw mut mpd
                    ))
                }?;
                Ok((nev, ncv, mpd))
            }

            #[doc = concat!("Sets the tolerances (`", stringify!($set_tolerances), "`). Logically collective.")]
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` for a tolerance that is not positive, or a maximum of 0 iterations.
            $(#[$set_tolerances_meta])*
            pub fn set_tolerances(&mut self, tolerances: $crate::solver::Tolerances) -> petsc_rs::Result<()> {
                let (tol, max) = self.raw_tolerances()?;
                let tol = $crate::solver::tolerance(tolerances.tolerance, tol)?;
                let max = $crate::solver::choose(tolerances.max_iterations, max, "the number of iterations")?;
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($set_tolerances(self.as_ptr(), tol, max)) }
            }

            #[doc = concat!("Returns the tolerances in use (`", stringify!($get_tolerances), "`). Not collective.")]
            ///
            /// # Errors
            #[doc = concat!("The errors of `", stringify!($get_tolerances), "`.")]
            $(#[$get_tolerances_meta])*
            pub fn tolerances(&self) -> petsc_rs::Result<$crate::solver::CurrentTolerances> {
                petsc_rs::not_collective!();
                let (tol, max) = self.raw_tolerances()?;
                Ok($crate::solver::CurrentTolerances::from_raw(tol, max))
            }

            fn raw_tolerances(&self) -> petsc_rs::Result<(petsc_rs::Real, petsc_rs::Int)> {
                let (mut tol, mut max) = (0.0, 0);
                // SAFETY: a live solver and valid out-pointers.
                unsafe { petsc_rs::call!($get_tolerances(self.as_ptr(), &raw mut tol, &raw mut max)) }?;
                Ok((tol, max))
            }
        }
    };
}

pub(crate) use settings;
