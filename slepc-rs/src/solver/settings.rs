//! How much is wanted, and how accurately.

use petsc_rs::{Error, ErrorCode, Int, Real, Result, Setting, ffi};

/// How many eigenvalues (or singular values), and how large the subspaces, see
/// [`EpsRef::set_dimensions`](crate::EpsRef::set_dimensions).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dimensions {
    /// Number of values wanted. Default: 1. Options: `-eps_nev`, `-svd_nsv`, `-pep_nev`, `-nep_nev`.
    pub nev: Setting<usize>,
    /// Largest dimension of the subspace. Default: by SLEPc, from the two others. Options: `-eps_ncv`, ….
    pub ncv: Setting<usize>,
    /// Largest dimension of the projected problem, for many values. Default: by SLEPc. Options: `-eps_mpd`, ….
    pub mpd: Setting<usize>,
}

impl Dimensions {
    /// `nev` values, and subspaces as SLEPc sees fit.
    #[must_use]
    pub fn nev(nev: usize) -> Self {
        Self {
            nev: nev.into(),
            ..Self::default()
        }
    }
}

/// The dimensions in force, see [`EpsRef::dimensions`](crate::EpsRef::dimensions).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CurrentDimensions {
    /// Number of values wanted.
    pub nev: usize,
    /// Largest dimension of the subspace, `None` before SLEPc has decided.
    pub ncv: Option<usize>,
    /// Largest dimension of the projected problem, `None` before SLEPc has decided.
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

/// When a solver stops, see [`EpsRef::set_tolerances`](crate::EpsRef::set_tolerances).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tolerances {
    /// What the convergence test compares with. Default: 1e-8. Options: `-eps_tol`, `-svd_tol`, ….
    pub tolerance: Setting<Real>,
    /// Largest number of iterations (restarts). Default: by SLEPc, from the size of the problem. Options:
    /// `-eps_max_it`, `-svd_max_it`, ….
    pub max_iterations: Setting<usize>,
}

/// The tolerances in force, see [`EpsRef::tolerances`](crate::EpsRef::tolerances).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CurrentTolerances {
    /// What the convergence test compares with, `None` before SLEPc has decided.
    pub tolerance: Option<Real>,
    /// Largest number of iterations, `None` before SLEPc has decided.
    pub max_iterations: Option<usize>,
}

/// The range that all types have for the fraction that a restart keeps.
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

/// For settings that SLEPc believes.
pub(crate) fn out_of_range(text: impl Into<String>) -> Error {
    Error::new(ErrorCode::ARG_OUTOFRANGE, text)
}

/// A count for C; one that C calls "not decided" is given back as it came.
pub(crate) fn choose(setting: Setting<usize>, current: Int, what: &str) -> Result<Int> {
    match setting {
        Setting::Keep => Ok(current),
        Setting::Value(0) => Err(out_of_range(format!("{what} begins at 1"))),
        Setting::Value(n) => ffi::petsc_int(n),
    }
}

/// A tolerance for C.
pub(crate) fn tolerance(setting: Setting<Real>, current: Real) -> Result<Real> {
    match setting {
        Setting::Keep => Ok(current),
        Setting::Value(v) if v > 0.0 => Ok(v),
        Setting::Value(v) => Err(out_of_range(format!(
            "a tolerance must be positive, got {v}"
        ))),
    }
}

/// Writes the dimensions, the tolerances and `set_track_all` of an eigensolver, or of one of singular values.
macro_rules! settings {
    (
        $borrowed:ident, $values:literal;
        $(#[$set_dimensions_meta:meta])* $set_dimensions:ident,
        $(#[$get_dimensions_meta:meta])* $get_dimensions:ident,
        $(#[$set_tolerances_meta:meta])* $set_tolerances:ident,
        $(#[$get_tolerances_meta:meta])* $get_tolerances:ident,
        $(#[$set_track_all_meta:meta])* $set_track_all:ident
    ) => {
        impl $borrowed {
            #[doc = concat!("Sets how many ", $values, " are wanted, and how large the subspaces may grow (`",
                stringify!($set_dimensions), "`). Logically collective.")]
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` for a zero; a solve refuses more values than the problem has.
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

            #[doc = concat!("The dimensions in force (`", stringify!($get_dimensions), "`). Not collective.")]
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

            #[doc = concat!("Sets when to stop (`", stringify!($set_tolerances), "`). Logically collective.")]
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` for a tolerance that is not positive, or no iteration.
            $(#[$set_tolerances_meta])*
            pub fn set_tolerances(&mut self, tolerances: $crate::solver::Tolerances) -> petsc_rs::Result<()> {
                let (tol, max) = self.raw_tolerances()?;
                let tol = $crate::solver::tolerance(tolerances.tolerance, tol)?;
                let max = $crate::solver::choose(tolerances.max_iterations, max, "the number of iterations")?;
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($set_tolerances(self.as_ptr(), tol, max)) }
            }

            #[doc = concat!("The tolerances in force (`", stringify!($get_tolerances), "`). Not collective.")]
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

            /// Sets whether monitors see all that is in the subspace instead of what is being worked at. Logically
            /// collective. Default: no.
            ///
            /// # Errors
            #[doc = concat!("The errors of `", stringify!($set_track_all), "`.")]
            $(#[$set_track_all_meta])*
            pub fn set_track_all(&mut self, on: bool) -> petsc_rs::Result<()> {
                // SAFETY: a live solver.
                unsafe { petsc_rs::call!($set_track_all(self.as_ptr(), petsc_rs::ffi::raw_bool(on))) }
            }
        }
    };
}

pub(crate) use settings;
