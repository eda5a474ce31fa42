//! Control parameters and results of MUMPS. Their indices are those of the MUMPS manual, which
//! start at 1.

use petsc_macros::wraps;

use super::Factor;
use crate::error::{Error, ErrorCode, Result};
use crate::{Int, Real};
#[cfg(petsc_have_mumps)]
use crate::{call, get, sys};

impl Factor {
    /// Sets the integer control `ICNTL(index)`. The next phase of MUMPS uses it. Logically
    /// collective. Option: `-mat_mumps_icntl_<index>`.
    ///
    /// # Errors
    /// `ARG_WRONG` if another package computed the factorization; `ARG_OUTOFRANGE` if MUMPS has no
    /// such control; `SUP` in a build without MUMPS.
    #[wraps(MatMumpsSetIcntl)]
    pub fn set_mumps_icntl(&mut self, index: Int, value: Int) -> Result<()> {
        self.check_mumps(index, 60)?;
        #[cfg(petsc_have_mumps)]
        // SAFETY: a live factor of MUMPS and an index of a control (above).
        unsafe { call!(MatMumpsSetIcntl(Self::as_ptr(self), index, value)) }?;
        let _ = value;
        Ok(())
    }

    /// Sets the real control `CNTL(index)`. Logically collective. Option:
    /// `-mat_mumps_cntl_<index>`.
    #[wraps(MatMumpsSetCntl, errors = set_mumps_icntl)]
    pub fn set_mumps_cntl(&mut self, index: Int, value: Real) -> Result<()> {
        self.check_mumps(index, 15)?;
        #[cfg(petsc_have_mumps)]
        // SAFETY: a live factor of MUMPS and an index of a control (above).
        unsafe { call!(MatMumpsSetCntl(Self::as_ptr(self), index, value)) }?;
        let _ = value;
        Ok(())
    }

    /// C reads the array of MUMPS at any index without a check.
    fn check_mumps(&self, index: Int, last: Int) -> Result<()> {
        let package = self.package()?;
        if package != "mumps" {
            return Err(Error::argument(format!(
                "the matrix was factored by {package}, not by mumps"
            )));
        }
        if !(1..=last).contains(&index) {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!("index {index} is outside the range 1..={last} of the MUMPS manual"),
            ));
        }
        Ok(())
    }
}

macro_rules! parameters {
    ($(#[$wraps:meta] $what:literal $name:ident = $function:ident: $number:ty, $last:literal;)*) => {
        impl Factor {
            $(
                #[doc = concat!("Returns the ", $what, ". Not collective.")]
                ///
                /// # Errors
                /// See [`set_mumps_icntl`](Self::set_mumps_icntl).
                #[$wraps]
                pub fn $name(&self, index: Int) -> Result<$number> {
                    crate::not_collective!();
                    self.check_mumps(index, $last)?;
                    #[cfg(petsc_have_mumps)]
                    // SAFETY: a live factor of MUMPS, an index of its array (above), a valid out-pointer.
                    return unsafe { get!($function(Self::as_ptr(self), index, _)) };
                    #[cfg(not(petsc_have_mumps))]
                    Ok(<$number>::default())
                }
            )*
        }
    };
}

parameters! {
    #[wraps(MatMumpsGetIcntl)]
    "integer control `ICNTL(index)`" mumps_icntl = MatMumpsGetIcntl: Int, 60;
    #[wraps(MatMumpsGetCntl)]
    "real control `CNTL(index)`" mumps_cntl = MatMumpsGetCntl: Real, 15;
    #[wraps(MatMumpsGetInfo)]
    "result `INFO(index)` of this rank" mumps_info = MatMumpsGetInfo: Int, 80;
    #[wraps(MatMumpsGetInfog)]
    "result `INFOG(index)`, which is global to all ranks" mumps_infog = MatMumpsGetInfog: Int, 80;
    #[wraps(MatMumpsGetRinfo)]
    "result `RINFO(index)` of this rank" mumps_rinfo = MatMumpsGetRinfo: Real, 40;
    #[wraps(MatMumpsGetRinfog)]
    "result `RINFOG(index)`, which is global to all ranks" mumps_rinfog = MatMumpsGetRinfog: Real, 40;
}
