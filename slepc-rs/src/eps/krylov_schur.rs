//! Spectrum slicing with the method `krylovschur`.

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::ksp::Ksp;
use petsc_rs::{Int, Real, Result, call, ffi};

use super::{Dimensions, EpsRef};
use crate::{solver, sys};

/// Number of eigenvalues below a shift, see [`EpsRef::krylovschur_inertias`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inertia {
    /// The shift.
    pub shift: Real,
    /// Number of eigenvalues below the shift.
    pub below: usize,
}

impl EpsRef {
    /// Returns the linear solver that factorizes `A - σ·B` at the shifts `σ` when [all eigenvalues
    /// of an interval](Self::set_interval) are computed. This solver is used instead of the linear
    /// solver of the spectral transformation. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the type is not `krylovschur`; `ARG_WRONGSTATE` without an interval.
    #[wraps(EPSKrylovSchurGetKSP)]
    #[track_caller]
    pub fn krylovschur_ksp(&mut self) -> Result<Ksp> {
        let _ = self.operators()?;
        self.expect_krylovschur("krylovschur_ksp")?;
        if self.st()?.matrices()? == 0 {
            // Another solver with the same transformation was reset.
            self.give_operators()?;
        }
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver with operators and a valid out-pointer; other methods raise an
        // error.
        unsafe { call!(EPSKrylovSchurGetKSP(*self.busy()?, &raw mut raw)) }?;
        // SAFETY: a live object.
        unsafe { Ksp::part_of(self, raw) }
    }

    /// Sets the number of subintervals into which [the interval](Self::set_interval) is divided.
    /// The ranks are divided into as many subsets. Each subset has copies of the matrices and
    /// computes the eigenvalues in one subinterval; all subsets work at the same time. Collective.
    /// Default: 1. Option: `-eps_krylovschur_partitions`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the number is 0 or exceeds the number of ranks; `ARG_WRONG` for other
    /// types.
    #[wraps(EPSKrylovSchurSetPartitions)]
    pub fn set_krylovschur_partitions(&mut self, parts: usize) -> Result<()> {
        self.expect_krylovschur("set_krylovschur_partitions")?;
        let parts = solver::choose(parts.into(), 1, "the number of parts")?;
        // SAFETY: a live solver of this type; SLEPc compares the number with the ranks.
        unsafe { call!(EPSKrylovSchurSetPartitions(*self.busy()?, parts)) }
    }

    /// Sets the dimensions of the subproblem at each shift of [the interval](Self::set_interval).
    /// Logically collective. Default: chosen by SLEPc. Options: `-eps_krylovschur_nev`,
    /// `-eps_krylovschur_ncv`, `-eps_krylovschur_mpd`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if a dimension is 0; `ARG_WRONG` for other types.
    #[wraps(EPSKrylovSchurSetDimensions)]
    pub fn set_krylovschur_dimensions(&mut self, dimensions: Dimensions) -> Result<()> {
        self.expect_krylovschur("set_krylovschur_dimensions")?;
        let (mut nev, mut ncv, mut mpd) = (0, 0, 0);
        let (eps, a, b, c) = (self.as_ptr(), &raw mut nev, &raw mut ncv, &raw mut mpd);
        // SAFETY: a live solver of this type and valid out-pointers.
        unsafe { call!(EPSKrylovSchurGetDimensions(eps, a, b, c)) }?;
        let nev = solver::choose(dimensions.nev, nev, "the number of eigenvalues")?;
        let ncv = solver::choose(dimensions.ncv, ncv, "the dimension of the subspace")?;
        let mpd = solver::choose(dimensions.mpd, mpd, "the dimension of the projected problem")?;
        // SAFETY: as above.
        unsafe { call!(EPSKrylovSchurSetDimensions(eps, nev, ncv, mpd)) }
    }

    fn expect_krylovschur(&self, what: &str) -> Result<()> {
        crate::base::one_of(self, &["krylovschur"], what).map(drop)
    }

    /// Returns the shifts that divide the interval, and the number of eigenvalues below each shift.
    /// Not collective.
    ///
    /// If the numbers at the two ends of the interval differ by the number of eigenvalues found, no
    /// eigenvalue was missed.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` unless the eigenvalues of an interval were computed.
    #[wraps(EPSKrylovSchurGetInertias)]
    pub fn krylovschur_inertias(&self) -> Result<Vec<Inertia>> {
        petsc_rs::not_collective!();
        let (mut n, mut shifts, mut inertias) = (0, ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live solver and valid out-pointers; other methods, and a solver before the
        // solve, raise an error.
        unsafe {
            call!(EPSKrylovSchurGetInertias(
                self.as_ptr(),
                &raw mut n,
                &raw mut shifts,
                &raw mut inertias
            ))
        }?;
        // SAFETY: SLEPc allocated and filled arrays of `n` entries, which the caller owns.
        unsafe { Inertia::take(n, shifts, inertias) }
    }
}

impl Inertia {
    /// Takes ownership of arrays that SLEPc allocated for its caller.
    ///
    /// # Safety
    /// Both arrays hold `n` entries, and nothing else frees them.
    pub(crate) unsafe fn take(n: Int, shifts: *mut Real, below: *mut Int) -> Result<Vec<Self>> {
        let n = ffi::size(n)?;
        // SAFETY: by contract.
        let shift = unsafe { ffi::slice(shifts, n) };
        // SAFETY: by contract.
        let count = unsafe { ffi::slice(below, n) };
        let list = shift.iter().zip(count);
        let list = list.map(|(&shift, &n)| Ok(Self { shift, below: ffi::size(n)? }));
        let list = list.collect();
        // SAFETY: by contract.
        unsafe { call!(PetscRsSlepcFree(shifts.cast())) }?;
        // SAFETY: by contract.
        unsafe { call!(PetscRsSlepcFree(below.cast())) }?;
        list
    }
}
