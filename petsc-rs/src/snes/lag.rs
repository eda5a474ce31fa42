//! Lagged Jacobians and preconditioners.

use petsc_macros::setting;

use super::SnesRef;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Value;
use crate::{Int, ffi};

/// When the Jacobian or the preconditioner is rebuilt, see [`SnesRef::set_lag_jacobian`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lag {
    /// In every n-th iteration, starting with the first of a solve.
    Every(usize),
    /// In the next iteration, then never again.
    Once,
    /// Never: the solver uses the existing one.
    Never,
}

impl Value for Lag {
    type Raw = Int;
    const ZERO: Int = 0;

    fn into_c(self) -> Result<Int> {
        match self {
            Self::Every(0) => {
                Err(Error::new(ErrorCode::ARG_OUTOFRANGE, "the lag must be at least 1, got 0"))
            }
            Self::Every(n) => ffi::petsc_int(n),
            Self::Once => Ok(-2),
            Self::Never => Ok(-1),
        }
    }

    fn from_c(raw: Int) -> Result<Self> {
        Ok(match raw {
            -2 => Self::Once,
            -1 => Self::Never,
            n => Self::Every(ffi::size(n)?),
        })
    }
}

impl SnesRef {
    /// The lag of the Jacobian: the iterations in which it is computed.
    #[setting(SNESSetLagJacobian, SNESGetLagJacobian, errors = "`ARG_OUTOFRANGE` for `Every(0)`")]
    #[option("-snes_lag_jacobian", default = "every iteration")]
    pub fn set_lag_jacobian(lag_jacobian: Lag);

    /// Whether the iterations that [`set_lag_jacobian`](Self::set_lag_jacobian) counts continue
    /// from one solve to the next, for example in a time integration, instead of starting again
    /// from zero.
    #[setting(SNESSetLagJacobianPersists)]
    #[option("-snes_lag_jacobian_persists", default = "false")]
    pub fn set_lag_jacobian_persists(lag_jacobian_persists: bool);

    /// The lag of the preconditioner: the iterations in which it is built from the Jacobian.
    #[setting(
        SNESSetLagPreconditioner,
        SNESGetLagPreconditioner,
        errors = "`ARG_OUTOFRANGE` for `Every(0)`"
    )]
    #[option("-snes_lag_preconditioner", default = "with every Jacobian")]
    pub fn set_lag_preconditioner(lag_preconditioner: Lag);

    /// Whether the iterations that [`set_lag_preconditioner`](Self::set_lag_preconditioner) counts
    /// continue from one solve to the next, instead of starting again from zero.
    #[setting(SNESSetLagPreconditionerPersists)]
    #[option("-snes_lag_preconditioner_persists", default = "false")]
    pub fn set_lag_preconditioner_persists(lag_preconditioner_persists: bool);
}
