//! Sets the type again for methods that `KSPReset` leaves in an invalid state.

use super::{KspRef, KspType};
use crate::error::{Error, Result};
use crate::object::Object as _;
use crate::{call, get_raw, sys};

/// Defines a method that sets the type again and restores the settings of its directions.
macro_rules! anew {
    ($($name:ident: $kind:ident, $most:ident $set_most:ident, $at_once:ident $set_at_once:ident,
        $truncation:ident $set_truncation:ident;)*) => {
        impl KspRef {$(
            fn $name(&self) -> Result<()> {
                let ksp = self.as_ptr();
                let (mut most, mut at_once, mut truncation) = (0, 0, sys::KSP_FCD_TRUNC_TYPE_NOTAY);
                // SAFETY: a live solver of this type (by the caller) and a valid out-pointer.
                unsafe { call!($most(ksp, &raw mut most)) }?;
                // SAFETY: as above.
                unsafe { call!($at_once(ksp, &raw mut at_once)) }?;
                // SAFETY: as above.
                unsafe { call!($truncation(ksp, &raw mut truncation)) }?;
                for kind in [KspType::PREONLY, KspType::$kind] {
                    // SAFETY: a live solver; the name is NUL-terminated.
                    unsafe { call!(KSPSetType(ksp, kind.as_ptr())) }?;
                }
                // SAFETY: a live solver of this type, to which these settings belong.
                unsafe { call!($set_most(ksp, most)) }?;
                // C rejects larger values, but starts with a larger one where there are few
                // directions.
                // SAFETY: as above.
                unsafe { call!($set_at_once(ksp, at_once.min(most + 1))) }?;
                // SAFETY: as above.
                unsafe { call!($set_truncation(ksp, truncation)) }
            }
        )*}
    };
}

anew! {
    renew_fcg: FCG, KSPFCGGetMmax KSPFCGSetMmax, KSPFCGGetNprealloc KSPFCGSetNprealloc,
        KSPFCGGetTruncationType KSPFCGSetTruncationType;
    renew_pipefcg: PIPEFCG, KSPPIPEFCGGetMmax KSPPIPEFCGSetMmax, KSPPIPEFCGGetNprealloc KSPPIPEFCGSetNprealloc,
        KSPPIPEFCGGetTruncationType KSPPIPEFCGSetTruncationType;
    renew_directions_of_pipegcr: PIPEGCR, KSPPIPEGCRGetMmax KSPPIPEGCRSetMmax,
        KSPPIPEGCRGetNprealloc KSPPIPEGCRSetNprealloc, KSPPIPEGCRGetTruncationType KSPPIPEGCRSetTruncationType;
}

impl KspRef {
    /// `KSPReset` frees the vectors of these methods, or loses their addresses, but keeps their
    /// number: the next solve would write to them. Setting the type again resets the number; this
    /// method restores the settings.
    pub(super) fn renew(&self) -> Result<()> {
        match self.type_name()?.as_deref() {
            Some("fcg") => self.renew_fcg(),
            Some("pipefcg") => self.renew_pipefcg(),
            Some("pipegcr") => self.renew_pipegcr(),
            _ => Ok(()),
        }
    }

    /// If a setup fails after it has allocated the directions, the next setup allocates them again
    /// and counts both sets.
    #[inline]
    pub(super) fn renew_unfinished<T>(&self, outcome: Result<T>) -> Result<T> {
        outcome.map_err(|error| self.renew_after(error))
    }

    #[cold]
    fn renew_after(&self, error: Error) -> Error {
        match self.is_set_up() {
            Ok(true) => error,
            Ok(false) => self.renew().err().unwrap_or(error),
            Err(other) => other,
        }
    }

    fn renew_pipegcr(&self) -> Result<()> {
        // SAFETY: a live solver of this type (by the caller).
        let unroll = unsafe { get_raw!(KSPPIPEGCRGetUnrollW(self.as_ptr(), _)) }?;
        self.renew_directions_of_pipegcr()?;
        // SAFETY: a live solver of this type, to which this setting belongs.
        unsafe { call!(KSPPIPEGCRSetUnrollW(self.as_ptr(), unroll)) }
    }
}
