//! What a solver works with: its basis and its dense problem, to look at.

use petsc_rs::{Error, ErrorCode, Object as _, Result};

use crate::bv::BvRef;
use crate::ds::DsRef;
use crate::sys;

/// The basis of a solver, which has sizes only after a set-up.
///
/// # Safety
/// `raw` is live during `'a`.
pub(crate) unsafe fn lend_basis<'a>(raw: sys::BV) -> Result<&'a BvRef> {
    // SAFETY: by contract.
    let basis = unsafe { BvRef::from_ptr(raw) };
    if basis.type_name()?.is_some() && basis.has_sizes()? {
        return Ok(basis);
    }
    let text = "the solver has no basis yet: solve, or set it up, first";
    Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
}

/// The dense problem of a solver, which is allocated by a set-up.
///
/// # Safety
/// `raw` is live during `'a`.
pub(crate) unsafe fn lend_dense<'a>(raw: sys::DS) -> Result<&'a DsRef> {
    // SAFETY: by contract.
    let dense = unsafe { DsRef::from_ptr(raw) };
    if dense.type_name()?.is_some() && dense.leading_dimension()? > 0 {
        return Ok(dense);
    }
    let text = "the solver has no dense problem yet: solve, or set it up, first";
    Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
}

/// Writes `bv`.
macro_rules! bases {
    ($borrowed:ident; $(#[$meta:meta])* fn bv = $get:ident;) => {
        impl $borrowed {
            #[doc = concat!("The basis of the subspace, to look at (`", stringify!($get), "`). Collective.")]
            ///
            /// # Errors
            /// `ARG_WRONGSTATE` before the first set-up, and with methods that have none.
            $(#[$meta])*
            pub fn bv(&self) -> petsc_rs::Result<&$crate::bv::BvRef> {
                let mut raw = ::std::ptr::null_mut();
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($get(self.as_ptr(), &raw mut raw)) }?;
                // SAFETY: the solver keeps its basis while it is borrowed.
                unsafe { $crate::solver::lend_basis(raw) }
            }
        }
    };
}

/// Writes `ds`.
macro_rules! dense {
    ($borrowed:ident; $(#[$meta:meta])* fn ds = $get:ident;) => {
        impl $borrowed {
            #[doc = concat!("The dense problem on the subspace, to look at (`", stringify!($get), "`). Collective.")]
            ///
            /// # Errors
            /// `ARG_WRONGSTATE` before the first set-up, and with methods that have none.
            $(#[$meta])*
            pub fn ds(&self) -> petsc_rs::Result<&$crate::ds::DsRef> {
                let mut raw = ::std::ptr::null_mut();
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($get(self.as_ptr(), &raw mut raw)) }?;
                // SAFETY: the solver keeps its dense problem while it is borrowed.
                unsafe { $crate::solver::lend_dense(raw) }
            }
        }
    };
}

pub(crate) use {bases, dense};
