//! What only the method `stoar` has: slicing of the spectrum.

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::{Error, ErrorCode, Object as _, Result, call};

use super::PepRef;
use crate::eps::Inertia;
use crate::sys;

impl PepRef {
    /// The shifts at which the interval was cut, with the number of eigenvalues below each (of the linear problem):
    /// their difference is the number found. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types; `ARG_WRONGSTATE` unless an interval was computed.
    #[wraps(PEPSTOARGetInertias)]
    pub fn stoar_inertias(&self) -> Result<Vec<Inertia>> {
        petsc_rs::not_collective!();
        if !self.is_type("stoar")? {
            let text = "only the method `stoar` cuts an interval";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        self.solved()?;
        let (mut n, mut shifts, mut inertias) = (0, ptr::null_mut(), ptr::null_mut());
        let (pep, a, b, c) = (
            self.as_ptr(),
            &raw mut n,
            &raw mut shifts,
            &raw mut inertias,
        );
        // SAFETY: a live solver of this type that has solved, and valid out-pointers.
        unsafe { call!(PEPSTOARGetInertias(pep, a, b, c)) }?;
        // SAFETY: SLEPc has allocated and filled `n` entries of each, which are ours.
        unsafe { Inertia::take(n, shifts, inertias) }
    }
}
