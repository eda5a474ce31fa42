//! What only the method `krylovschur` has: restart, and slicing of the spectrum.

use std::ptr;

use petsc_rs::ksp::KspRef;
use petsc_rs::{Int, Object as _, Real, Result, call, ffi};

use super::{EpsRef, EpsType};
use crate::solver::out_of_range;
use crate::sys;

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
    /// `SUP` if the method is not `krylovschur`; `ARG_WRONGSTATE` without an interval.
    #[doc(alias = "EPSKrylovSchurGetKSP")]
    pub fn krylovschur_ksp_mut(&mut self) -> Result<&mut KspRef> {
        let _ = self.operators()?;
        if self.type_name()?.is_none() {
            self.set_type(EpsType::KRYLOVSCHUR)?;
        }
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver with operators and a valid out-pointer; refused by other methods.
        unsafe { call!(EPSKrylovSchurGetKSP(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: the solver, which is borrowed mutably, keeps its linear solver.
        Ok(unsafe { KspRef::from_ptr_mut(raw) })
    }

    /// Sets whether a factorisation looks for zero pivots, that is for an end of the interval, or a
    /// shift, that is an eigenvalue. Needs a direct solver that can (MUMPS with
    /// `-mat_mumps_icntl_24 1`). Logically collective. Default: no. Option:
    /// `-eps_krylovschur_detect_zeros`.
    ///
    /// # Errors
    /// What `EPSKrylovSchurSetDetectZeros` returns. Other methods ignore it.
    #[doc(alias = "EPSKrylovSchurSetDetectZeros")]
    pub fn set_krylovschur_detect_zeros(&mut self, on: bool) -> Result<()> {
        // SAFETY: a live solver.
        unsafe {
            call!(EPSKrylovSchurSetDetectZeros(
                self.as_ptr(),
                ffi::raw_bool(on)
            ))
        }
    }

    /// Sets the share of the subspace that a restart keeps, between 0.1 and 0.9. Logically collective.
    /// Default: 0.5. Option: `-eps_krylovschur_restart`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for another number. Other methods ignore it.
    #[doc(alias = "EPSKrylovSchurSetRestart")]
    pub fn set_krylovschur_restart(&mut self, keep: Real) -> Result<()> {
        if !(0.1..=0.9).contains(&keep) {
            let text = format!("a restart keeps between 0.1 and 0.9 of the subspace, not {keep}");
            return Err(out_of_range(text));
        }
        // SAFETY: a live solver.
        unsafe { call!(EPSKrylovSchurSetRestart(self.as_ptr(), keep)) }
    }

    /// The shifts at which the interval was cut, with the number of eigenvalues below each: the
    /// proof that none was missed is that their difference is the number found. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` unless an interval was computed.
    #[doc(alias = "EPSKrylovSchurGetInertias")]
    pub fn krylovschur_inertias(&self) -> Result<Vec<Inertia>> {
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
