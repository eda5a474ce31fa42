//! What only the method `krylovschur` has: restart, and slicing of the spectrum.

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::ksp::Ksp;
use petsc_rs::{Int, Real, Result, call, ffi};

use super::{Dimensions, EpsRef};
use crate::{solver, sys};

/// How many eigenvalues lie below a shift, see [`EpsRef::krylovschur_inertias`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inertia {
    /// The shift.
    pub shift: Real,
    /// Number of eigenvalues below it.
    pub below: usize,
}

impl EpsRef {
    /// The linear solver that factorises at the shifts when [all eigenvalues of an
    /// interval](Self::set_interval) are computed. The problem's own transformation is not used for
    /// it. Collective.
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
        // SAFETY: a live solver with operators and a valid out-pointer; refused by other methods.
        unsafe { call!(EPSKrylovSchurGetKSP(*self.busy()?, &raw mut raw)) }?;
        // SAFETY: a live object.
        unsafe { Ksp::part_of(self, raw) }
    }

    /// Sets into how many parts [an interval](Self::set_interval) is cut, each for a group of ranks with copies of the
    /// matrices: then the groups work at the same time. Collective. Default: 1. Option:
    /// `-eps_krylovschur_partitions`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for none, or more than ranks; `ARG_WRONG` for other types.
    #[wraps(EPSKrylovSchurSetPartitions)]
    pub fn set_krylovschur_partitions(&mut self, parts: usize) -> Result<()> {
        self.expect_krylovschur("set_krylovschur_partitions")?;
        let parts = solver::choose(parts.into(), 1, "the number of parts")?;
        // SAFETY: a live solver of this type; SLEPc compares the number with the ranks.
        unsafe { call!(EPSKrylovSchurSetPartitions(*self.busy()?, parts)) }
    }

    /// Sets the dimensions of the solve at each shift of [an interval](Self::set_interval). Logically collective.
    /// Default: by SLEPc. Options: `-eps_krylovschur_nev`, `-eps_krylovschur_ncv`, `-eps_krylovschur_mpd`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a zero; `ARG_WRONG` for other types.
    #[wraps(EPSKrylovSchurSetDimensions)]
    pub fn set_krylovschur_dimensions(&mut self, dimensions: Dimensions) -> Result<()> {
        self.expect_krylovschur("set_krylovschur_dimensions")?;
        let (mut nev, mut ncv, mut mpd) = (0, 0, 0);
        let (eps, a, b, c) = (self.as_ptr(), &raw mut nev, &raw mut ncv, &raw mut mpd);
        // SAFETY: a live solver of this type and valid out-pointers.
        unsafe { call!(EPSKrylovSchurGetDimensions(eps, a, b, c)) }?;
        let nev = solver::choose(dimensions.nev, nev, "the number of eigenvalues")?;
        let ncv = solver::choose(dimensions.ncv, ncv, "the dimension of the subspace")?;
        let mpd = solver::choose(
            dimensions.mpd,
            mpd,
            "the dimension of the projected problem",
        )?;
        // SAFETY: as above.
        unsafe { call!(EPSKrylovSchurSetDimensions(eps, nev, ncv, mpd)) }
    }

    fn expect_krylovschur(&self, what: &str) -> Result<()> {
        solver::one_of(self, &["krylovschur"], what).map(drop)
    }

    /// The shifts at which the interval was cut, with the number of eigenvalues below each: the
    /// proof that none was missed is that their difference is the number found. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` unless an interval was computed.
    #[wraps(EPSKrylovSchurGetInertias)]
    pub fn krylovschur_inertias(&self) -> Result<Vec<Inertia>> {
        petsc_rs::not_collective!();
        let (mut n, mut shifts, mut inertias) = (0, ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live solver and valid out-pointers; refused by other methods and before a solve.
        unsafe {
            call!(EPSKrylovSchurGetInertias(
                self.as_ptr(),
                &raw mut n,
                &raw mut shifts,
                &raw mut inertias
            ))
        }?;
        // SAFETY: SLEPc has allocated and filled `n` entries of each, which are ours.
        unsafe { Inertia::take(n, shifts, inertias) }
    }
}

impl Inertia {
    /// Takes over arrays that SLEPc allocated for its caller.
    ///
    /// # Safety
    /// Both hold `n` entries, and nobody else frees them.
    pub(crate) unsafe fn take(n: Int, shifts: *mut Real, below: *mut Int) -> Result<Vec<Self>> {
        let n = ffi::size(n)?;
        // SAFETY: by contract.
        let shift = unsafe { ffi::slice(shifts, n) };
        // SAFETY: by contract.
        let count = unsafe { ffi::slice(below, n) };
        let list = shift.iter().zip(count);
        let list = list.map(|(&shift, &n)| {
            Ok(Self {
                shift,
                below: ffi::size(n)?,
            })
        });
        let list = list.collect();
        // SAFETY: by contract.
        unsafe { call!(PetscRsSlepcFree(shifts.cast())) }?;
        // SAFETY: by contract.
        unsafe { call!(PetscRsSlepcFree(below.cast())) }?;
        list
    }
}
