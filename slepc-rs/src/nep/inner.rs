//! The solvers inside the methods.

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::ksp::Ksp;
use petsc_rs::{Object as _, Result, call};

use super::{NepRef, NepType};
use crate::eps::Eps;
use crate::pep::Pep;
use crate::sys;

impl NepRef {
    /// Returns the linear solver of the methods `rii`, `slp` and `narnoldi`, to change its
    /// settings. Set the type first. Collective. Options: `-nep_rii_ksp_…`, `-nep_slp_pc_…`, ….
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use slepc_rs::prelude::*;
    /// let mut nep = Nep::new(comm)?;
    /// nep.set_type(NepType::RII)?;
    /// nep.ksp()?.set_type(KspType::GMRES)?;
    /// assert_eq!(nep.ksp()?.type_name()?.as_deref(), Some("gmres"));
    /// # Ok(()) })
    /// ```
    #[wraps(NEPRIIGetKSP, NEPSLPGetKSP, NEPNArnoldiGetKSP)]
    #[track_caller]
    pub fn ksp(&mut self) -> Result<Ksp> {
        if self.type_name()?.is_none() {
            self.set_type(NepType::RII)?;
        }
        let method = crate::base::one_of(self, &["rii", "slp", "narnoldi"], "a linear solver")?;
        let (nep, mut raw) = (self.as_ptr(), ptr::null_mut());
        match method {
            // SAFETY: a live solver of this type and a valid out-pointer.
            "rii" => unsafe { call!(NEPRIIGetKSP(nep, &raw mut raw)) },
            // SAFETY: as above.
            "slp" => unsafe { call!(NEPSLPGetKSP(nep, &raw mut raw)) },
            // SAFETY: as above.
            _ => unsafe { call!(NEPNArnoldiGetKSP(nep, &raw mut raw)) },
        }?;
        // SAFETY: a live object.
        unsafe { Ksp::part_of(self, raw) }
    }

    /// Returns the eigensolver of the method `slp`, to change its settings. Collective. Options:
    /// `-nep_slp_eps_…`, `-nep_slp_st_…`.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(NEPSLPGetEPS)]
    #[track_caller]
    pub fn eps(&self) -> Result<Eps> {
        crate::base::one_of(self, &["slp"], "a linear eigensolver")?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver of this type and a valid out-pointer.
        unsafe { call!(NEPSLPGetEPS(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: a live object.
        unsafe { Eps::part_of_method(self, raw) }
    }

    /// Returns the polynomial eigensolver of the method `interpol`, to change its settings.
    /// Collective. Options: `-nep_interpol_pep_…`, `-nep_interpol_st_…`.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(NEPInterpolGetPEP)]
    #[track_caller]
    pub fn pep(&self) -> Result<Pep> {
        crate::base::one_of(self, &["interpol"], "a polynomial eigensolver")?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver of this type and a valid out-pointer.
        unsafe { call!(NEPInterpolGetPEP(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: a live object.
        unsafe { Pep::part_of_method(self, raw) }
    }
}
