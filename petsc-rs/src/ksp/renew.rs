//! What `KSPReset` leaves behind.

use super::{KspRef, KspType};
use crate::error::Result;
use crate::object::Object as _;
use crate::{call, ffi, sys};

impl KspRef {
    /// `KSPReset` frees the vectors of `pipegcr` and still counts them: the next solve writes to them. Choosing the
    /// type anew forgets the count; the settings of the method are carried over.
    pub(super) fn renew(&self) -> Result<()> {
        if !self.is_type("pipegcr")? {
            return Ok(());
        }
        let ksp = self.as_ptr();
        let (mut most, mut at_once, mut truncation) = (0, 0, sys::KSP_FCD_TRUNC_TYPE_NOTAY);
        let mut unroll = ffi::raw_bool(false);
        // SAFETY: a live solver of this type and a valid out-pointer.
        unsafe { call!(KSPPIPEGCRGetMmax(ksp, &raw mut most)) }?;
        // SAFETY: as above.
        unsafe { call!(KSPPIPEGCRGetNprealloc(ksp, &raw mut at_once)) }?;
        // SAFETY: as above.
        unsafe { call!(KSPPIPEGCRGetTruncationType(ksp, &raw mut truncation)) }?;
        // SAFETY: as above.
        unsafe { call!(KSPPIPEGCRGetUnrollW(ksp, &raw mut unroll)) }?;
        for kind in [KspType::PREONLY, KspType::PIPEGCR] {
            // SAFETY: a live solver; the name is NUL-terminated.
            unsafe { call!(KSPSetType(ksp, kind.as_ptr())) }?;
        }
        // SAFETY: a live solver of this type, whose own settings these are.
        unsafe { call!(KSPPIPEGCRSetMmax(ksp, most)) }?;
        // SAFETY: as above.
        unsafe { call!(KSPPIPEGCRSetNprealloc(ksp, at_once)) }?;
        // SAFETY: as above.
        unsafe { call!(KSPPIPEGCRSetTruncationType(ksp, truncation)) }?;
        // SAFETY: as above.
        unsafe { call!(KSPPIPEGCRSetUnrollW(ksp, unroll)) }
    }
}
