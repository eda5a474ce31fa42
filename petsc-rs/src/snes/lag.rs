//! How often Jacobian and preconditioner are built anew.

use super::SnesRef;
use crate::error::{Error, ErrorCode, Result};
use crate::{Int, call, ffi, sys};

/// How often something is built anew, see [`SnesRef::set_lag_jacobian`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lag {
    /// Every so many iterations, beginning with the first of a solve.
    Every(usize),
    /// At the next chance, then never.
    Once,
    /// Never: what is there is used.
    Never,
}

impl Lag {
    fn to_raw(self) -> Result<Int> {
        match self {
            Self::Every(0) => Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                "a lag must be at least 1",
            )),
            Self::Every(n) => ffi::petsc_int(n),
            Self::Once => Ok(-2),
            Self::Never => Ok(-1),
        }
    }

    fn from_raw(raw: Int) -> Result<Self> {
        Ok(match raw {
            -2 => Self::Once,
            -1 => Self::Never,
            n => Self::Every(ffi::size(n)?),
        })
    }
}

impl SnesRef {
    /// How often the Jacobian is computed anew. Logically collective. Default: every iteration.
    /// Option: `-snes_lag_jacobian`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for `Every(0)`.
    #[doc(alias = "SNESSetLagJacobian")]
    pub fn set_lag_jacobian(&mut self, lag: Lag) -> Result<()> {
        // SAFETY: a live solver; the number is in range.
        unsafe { call!(SNESSetLagJacobian(*self.busy()?, lag.to_raw()?)) }
    }

    /// See [`set_lag_jacobian`](Self::set_lag_jacobian). Not collective.
    ///
    /// # Errors
    /// What `SNESGetLagJacobian` returns.
    #[doc(alias = "SNESGetLagJacobian")]
    pub fn lag_jacobian(&self) -> Result<Lag> {
        crate::not_collective!();
        let mut raw = 1;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(SNESGetLagJacobian(self.as_ptr(), &raw mut raw)) }?;
        Lag::from_raw(raw)
    }

    /// Whether the count behind [`set_lag_jacobian`](Self::set_lag_jacobian) goes on from solve to
    /// solve, as in a time step. Logically collective. Default: no. Option:
    /// `-snes_lag_jacobian_persists`.
    ///
    /// # Errors
    /// What `SNESSetLagJacobianPersists` returns.
    #[doc(alias = "SNESSetLagJacobianPersists")]
    pub fn set_lag_jacobian_persists(&mut self, on: bool) -> Result<()> {
        let on = ffi::raw_bool(on);
        // SAFETY: a live solver.
        unsafe { call!(SNESSetLagJacobianPersists(*self.busy()?, on)) }
    }

    /// How often the preconditioner is built anew from the Jacobian. Logically collective. Default:
    /// with every Jacobian. Option: `-snes_lag_preconditioner`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for `Every(0)`.
    #[doc(alias = "SNESSetLagPreconditioner")]
    pub fn set_lag_preconditioner(&mut self, lag: Lag) -> Result<()> {
        // SAFETY: a live solver; the number is in range.
        unsafe { call!(SNESSetLagPreconditioner(*self.busy()?, lag.to_raw()?)) }
    }

    /// See [`set_lag_preconditioner`](Self::set_lag_preconditioner). Not collective.
    ///
    /// # Errors
    /// What `SNESGetLagPreconditioner` returns.
    #[doc(alias = "SNESGetLagPreconditioner")]
    pub fn lag_preconditioner(&self) -> Result<Lag> {
        crate::not_collective!();
        let mut raw = 1;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(SNESGetLagPreconditioner(self.as_ptr(), &raw mut raw)) }?;
        Lag::from_raw(raw)
    }

    /// Whether the count behind [`set_lag_preconditioner`](Self::set_lag_preconditioner) goes on from
    /// solve to solve. Logically collective. Default: no. Option: `-snes_lag_preconditioner_persists`.
    ///
    /// # Errors
    /// What `SNESSetLagPreconditionerPersists` returns.
    #[doc(alias = "SNESSetLagPreconditionerPersists")]
    pub fn set_lag_preconditioner_persists(&mut self, on: bool) -> Result<()> {
        let on = ffi::raw_bool(on);
        // SAFETY: a live solver.
        unsafe { call!(SNESSetLagPreconditionerPersists(*self.busy()?, on)) }
    }
}
