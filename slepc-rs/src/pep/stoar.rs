//! Spectrum slicing with the method `stoar`.

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::{Error, ErrorCode, Object as _, Result, call};

use super::PepRef;
use crate::eps::Inertia;
use crate::sys;

impl PepRef {
    /// Returns the shifts that divide the interval, and the number of eigenvalues of the linearized
    /// problem below each shift. Not collective.
    ///
    /// The numbers at the two ends of the interval differ by the number of eigenvalues found.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types; `ARG_WRONGSTATE` unless the eigenvalues of an interval were
    /// computed.
    #[wraps(PEPSTOARGetInertias)]
    pub fn stoar_inertias(&self) -> Result<Vec<Inertia>> {
        petsc_rs::not_collective!();
        if !self.is_type("stoar")? {
            let text = "only the method `stoar` supports spectrum slicing: call set_type first";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        self.solved()?;
        let (mut n, mut shifts, mut inertias) = (0, ptr::null_mut(), ptr::null_mut());
        let (pep, a, b, c) = (self.as_ptr(), &raw mut n, &raw mut shifts, &raw mut inertias);
        // SAFETY: a live solver of this type that has solved, and valid out-pointers.
        unsafe { call!(PEPSTOARGetInertias(pep, a, b, c)) }?;
        // SAFETY: SLEPc allocated and filled arrays of `n` entries, which the caller owns.
        unsafe { Inertia::take(n, shifts, inertias) }
    }
}
