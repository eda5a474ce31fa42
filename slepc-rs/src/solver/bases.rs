//! The basis and the dense problem of a solver, for inspection.

use petsc_rs::{Error, ErrorCode, Loan, Object, Result};

use crate::bv::Bv;
use crate::ds::Ds;
use crate::sys;

/// Returns the basis of a solver, which has sizes only after a setup.
///
/// # Safety
/// `raw` is NULL or live.
#[track_caller]
pub(crate) unsafe fn lend_basis<S: Object>(_solver: &S, raw: sys::BV) -> Result<Loan<'_, Bv>> {
    // SAFETY: by contract.
    if let Some(basis) = unsafe { Bv::retain_nullable(raw) }? {
        if basis.type_name()?.is_some() && basis.has_sizes()? {
            return Ok(Loan::new(basis));
        }
    }
    let text = "the solver has no basis yet: call solve or set_up first";
    Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
}

/// Returns the dense problem of a solver, which is allocated by a setup.
///
/// # Safety
/// `raw` is live.
#[track_caller]
pub(crate) unsafe fn lend_dense<S: Object>(_solver: &S, raw: sys::DS) -> Result<Loan<'_, Ds>> {
    // SAFETY: by contract.
    let dense = unsafe { Ds::retain(raw) }?;
    if dense.type_name()?.is_some() && dense.leading_dimension()? > 0 {
        return Ok(Loan::new(dense));
    }
    let text = "the solver has no dense problem yet: call solve or set_up first";
    Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
}

/// Defines `bv`.
macro_rules! bases {
    ($borrowed:ident; $(#[$meta:meta])* fn bv = $get:ident;) => {
        impl $borrowed {
            #[doc = concat!("Returns the basis of the subspace, for inspection (`", stringify!($get), "`). Collective.")]
            ///
            /// # Errors
            /// `ARG_WRONGSTATE` before the first setup, and for methods without a basis.
            $(#[$meta])*
            #[track_caller]
            pub fn bv(&self) -> petsc_rs::Result<petsc_rs::Loan<'_, $crate::Bv>> {
                let mut raw = ::std::ptr::null_mut();
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($get(self.as_ptr(), &raw mut raw)) }?;
                // SAFETY: a live basis.
                unsafe { $crate::solver::lend_basis(self, raw) }
            }
        }
    };
}

/// Defines `ds`.
macro_rules! dense {
    ($borrowed:ident; $(#[$meta:meta])* fn ds = $get:ident;) => {
        impl $borrowed {
            #[doc = concat!("Returns the dense problem on the subspace, for inspection (`", stringify!($get), "`). Collective.")]
            ///
            /// # Errors
            /// `ARG_WRONGSTATE` before the first setup, and for methods without a dense problem.
            $(#[$meta])*
            #[track_caller]
            pub fn ds(&self) -> petsc_rs::Result<petsc_rs::Loan<'_, $crate::Ds>> {
                let mut raw = ::std::ptr::null_mut();
                // SAFETY: a live solver and a valid out-pointer.
                unsafe { petsc_rs::call!($get(self.as_ptr(), &raw mut raw)) }?;
                // SAFETY: a live dense problem.
                unsafe { $crate::solver::lend_dense(self, raw) }
            }
        }
    };
}

pub(crate) use {bases, dense};
