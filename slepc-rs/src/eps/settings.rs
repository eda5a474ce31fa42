//! What is wanted: how many eigenvalues, which, how accurately.

use petsc_rs::ksp::Setting;
use petsc_rs::{Int, Real, Result, Scalar, call, ffi};

use super::{Balance, EpsRef, Extraction, Which};
use crate::st::out_of_range;
use crate::sys;

/// How many eigenvalues, and how large the subspaces, see [`EpsRef::set_dimensions`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dimensions {
    /// Number of eigenvalues wanted. Default: 1. Option: `-eps_nev`.
    pub nev: Setting<usize>,
    /// Largest dimension of the subspace. Default: by SLEPc, from the two others. Option: `-eps_ncv`.
    pub ncv: Setting<usize>,
    /// Largest dimension of the projected problem, for many eigenvalues. Default: by SLEPc. Option:
    /// `-eps_mpd`.
    pub mpd: Setting<usize>,
}

impl Dimensions {
    /// `nev` eigenvalues, and subspaces as SLEPc sees fit.
    #[must_use]
    pub fn nev(nev: usize) -> Self {
        Self {
            nev: nev.into(),
            ..Self::default()
        }
    }
}

/// The dimensions in force, see [`EpsRef::dimensions`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CurrentDimensions {
    /// Number of eigenvalues wanted.
    pub nev: usize,
    /// Largest dimension of the subspace, `None` before SLEPc has decided.
    pub ncv: Option<usize>,
    /// Largest dimension of the projected problem, `None` before SLEPc has decided.
    pub mpd: Option<usize>,
}

/// When an eigensolver stops, see [`EpsRef::set_tolerances`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tolerances {
    /// What the [convergence test](super::ConvergenceTest) compares with. Default: 1e-8. Option:
    /// `-eps_tol`.
    pub tolerance: Setting<Real>,
    /// Largest number of iterations (restarts). Default: by SLEPc, from the size of the problem. Option:
    /// `-eps_max_it`.
    pub max_iterations: Setting<usize>,
}

/// The tolerances in force, see [`EpsRef::tolerances`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CurrentTolerances {
    /// What the convergence test compares with, `None` before SLEPc has decided.
    pub tolerance: Option<Real>,
    /// Largest number of iterations, `None` before SLEPc has decided.
    pub max_iterations: Option<usize>,
}

impl EpsRef {
    /// Sets how many eigenvalues are wanted, and how large the subspaces may grow. Logically
    /// collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a zero; a solve refuses more eigenvalues than the problem has.
    #[doc(alias = "EPSSetDimensions")]
    pub fn set_dimensions(&mut self, dimensions: Dimensions) -> Result<()> {
        let (nev, ncv, mpd) = self.raw_dimensions()?;
        let choose = |setting: Setting<usize>, current: Int| match setting {
            // What C calls "not decided" is given back as it came.
            Setting::Keep => Ok(current),
            Setting::Value(0) => Err(out_of_range("the dimensions of an eigensolver begin at 1")),
            Setting::Value(n) => ffi::petsc_int(n),
        };
        let nev = choose(dimensions.nev, nev)?;
        let ncv = choose(dimensions.ncv, ncv)?;
        let mpd = choose(dimensions.mpd, mpd)?;
        // SAFETY: a live solver; SLEPc compares the numbers with the problem when it is set up.
        unsafe { call!(EPSSetDimensions(self.as_ptr(), nev, ncv, mpd)) }
    }

    /// The dimensions in force. Not collective.
    ///
    /// # Errors
    /// What `EPSGetDimensions` returns.
    #[doc(alias = "EPSGetDimensions")]
    pub fn dimensions(&self) -> Result<CurrentDimensions> {
        let (nev, ncv, mpd) = self.raw_dimensions()?;
        Ok(CurrentDimensions {
            nev: ffi::size(nev)?,
            ncv: usize::try_from(ncv).ok(),
            mpd: usize::try_from(mpd).ok(),
        })
    }

    fn raw_dimensions(&self) -> Result<(Int, Int, Int)> {
        let (mut nev, mut ncv, mut mpd) = (0, 0, 0);
        // SAFETY: a live solver and valid out-pointers.
        unsafe {
            call!(EPSGetDimensions(
                self.as_ptr(),
                &raw mut nev,
                &raw mut ncv,
                &raw mut mpd
            ))
        }?;
        Ok((nev, ncv, mpd))
    }

    /// Sets when to stop. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a tolerance that is not positive, or no iteration.
    #[doc(alias = "EPSSetTolerances")]
    pub fn set_tolerances(&mut self, tolerances: Tolerances) -> Result<()> {
        let (tol, max) = self.raw_tolerances()?;
        let tol = match tolerances.tolerance {
            Setting::Keep => tol,
            Setting::Value(v) if v > 0.0 => v,
            Setting::Value(v) => {
                return Err(out_of_range(format!(
                    "a tolerance must be positive, got {v}"
                )));
            }
        };
        let max = match tolerances.max_iterations {
            Setting::Keep => max,
            Setting::Value(0) => return Err(out_of_range("at least one iteration is needed")),
            Setting::Value(n) => ffi::petsc_int(n)?,
        };
        // SAFETY: a live solver.
        unsafe { call!(EPSSetTolerances(self.as_ptr(), tol, max)) }
    }

    /// The tolerances in force. Not collective.
    ///
    /// # Errors
    /// What `EPSGetTolerances` returns.
    #[doc(alias = "EPSGetTolerances")]
    pub fn tolerances(&self) -> Result<CurrentTolerances> {
        let (tol, max) = self.raw_tolerances()?;
        Ok(CurrentTolerances {
            tolerance: (tol > 0.0).then_some(tol),
            max_iterations: usize::try_from(max).ok(),
        })
    }

    fn raw_tolerances(&self) -> Result<(Real, Int)> {
        let (mut tol, mut max) = (0.0, 0);
        // SAFETY: a live solver and valid out-pointers.
        unsafe { call!(EPSGetTolerances(self.as_ptr(), &raw mut tol, &raw mut max)) }?;
        Ok((tol, max))
    }

    /// Sets which eigenvalues are wanted. Logically collective. Default: the largest in modulus.
    /// Options: `-eps_largest_real`, `-eps_target_magnitude`, `-eps_all`, ….
    ///
    /// # Errors
    /// What `EPSSetWhichEigenpairs` returns; whether the choice fits problem and method is checked by
    /// a solve.
    #[doc(alias = "EPSSetWhichEigenpairs")]
    pub fn set_which(&mut self, which: Which) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(EPSSetWhichEigenpairs(self.as_ptr(), which.to_raw())) }
    }

    /// Which eigenvalues are wanted, `None` before anybody has said. Not collective.
    ///
    /// # Errors
    /// `SUP` for a choice that a newer SLEPc has.
    #[doc(alias = "EPSGetWhichEigenpairs")]
    pub fn which(&self) -> Result<Option<Which>> {
        let mut raw = 0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSGetWhichEigenpairs(self.as_ptr(), &raw mut raw)) }?;
        (raw != 0).then(|| Which::try_from(raw)).transpose()
    }

    /// Sets the number that the wanted eigenvalues are close to; it becomes the shift of the
    /// transformation too, unless that has one of its own. Takes part if [`which`](Self::set_which)
    /// asks for it. Logically collective. Option: `-eps_target`.
    ///
    /// # Errors
    /// What `EPSSetTarget` returns.
    #[doc(alias = "EPSSetTarget")]
    pub fn set_target(&mut self, target: Scalar) -> Result<()> {
        // SAFETY: a live solver and a valid pointer.
        unsafe { call!(PetscRsEPSSetTarget(self.as_ptr(), &raw const target)) }
    }

    /// The target. Not collective.
    ///
    /// # Errors
    /// What `EPSGetTarget` returns.
    #[doc(alias = "EPSGetTarget")]
    pub fn target(&self) -> Result<Scalar> {
        let mut target = Scalar::default();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSGetTarget(self.as_ptr(), &raw mut target)) }?;
        Ok(target)
    }

    /// Sets the interval `start..=end` of which [`Which::All`] eigenvalues are wanted: of a Hermitian
    /// problem, by spectrum slicing (`krylovschur` with shift-and-invert and a Cholesky factorisation
    /// that counts negative pivots) or by a filter. Logically collective. Option: `-eps_interval a,b`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` unless `start < end`.
    #[doc(alias = "EPSSetInterval")]
    pub fn set_interval(&mut self, start: Real, end: Real) -> Result<()> {
        if start.partial_cmp(&end) != Some(std::cmp::Ordering::Less) {
            let text = format!("the interval [{start}, {end}] has no inside");
            return Err(out_of_range(text));
        }
        // SAFETY: a live solver.
        unsafe { call!(EPSSetInterval(self.as_ptr(), start, end)) }
    }

    /// Sets how eigenpairs are taken from the subspace. Logically collective. Default:
    /// [`Extraction::Ritz`]. Option: `-eps_harmonic` and so on.
    ///
    /// # Errors
    /// What `EPSSetExtraction` returns; whether the method can is checked by a solve.
    #[doc(alias = "EPSSetExtraction")]
    pub fn set_extraction(&mut self, extraction: Extraction) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(EPSSetExtraction(self.as_ptr(), extraction.to_raw())) }
    }

    /// Sets balancing of a non-Hermitian problem, in `iterations` of the Krylov method. Logically
    /// collective. Default: none. Option: `-eps_balance`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for no iteration.
    #[doc(alias = "EPSSetBalance")]
    pub fn set_balance(&mut self, balance: Balance, iterations: usize, cutoff: Real) -> Result<()> {
        if iterations == 0 || cutoff.is_nan() || cutoff <= 0.0 {
            let text = "balancing needs an iteration and a positive cutoff";
            return Err(out_of_range(text));
        }
        let iterations = ffi::petsc_int(iterations)?;
        // SAFETY: a live solver.
        unsafe {
            call!(EPSSetBalance(
                self.as_ptr(),
                balance.to_raw(),
                iterations,
                cutoff
            ))
        }
    }

    /// Sets whether left eigenvectors are computed too. Logically collective. Default: no. Option:
    /// `-eps_two_sided`.
    ///
    /// # Errors
    /// What `EPSSetTwoSided` returns; whether the method can is checked by a solve.
    #[doc(alias = "EPSSetTwoSided")]
    pub fn set_two_sided(&mut self, on: bool) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(EPSSetTwoSided(self.as_ptr(), ffi::raw_bool(on))) }
    }

    /// Sets whether residuals of the problem itself, instead of the transformed one, decide about
    /// convergence. Logically collective. Default: no. Option: `-eps_true_residual`.
    ///
    /// # Errors
    /// What `EPSSetTrueResidual` returns.
    #[doc(alias = "EPSSetTrueResidual")]
    pub fn set_true_residual(&mut self, on: bool) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(EPSSetTrueResidual(self.as_ptr(), ffi::raw_bool(on))) }
    }

    /// Sets whether monitors see all pairs of the subspace instead of those being worked at.
    /// Logically collective. Default: no.
    ///
    /// # Errors
    /// What `EPSSetTrackAll` returns.
    #[doc(alias = "EPSSetTrackAll")]
    pub fn set_track_all(&mut self, on: bool) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(EPSSetTrackAll(self.as_ptr(), ffi::raw_bool(on))) }
    }
}
