//! Alternating directions: `min f(x) + g(z)` with `A·x + B·z = c`, each term with an optimiser of its own.

mod check;
mod setters;
mod solvers;
mod terms;

pub(super) use terms::Terms;

use super::TaoRef;
use crate::c_enum::c_enum;
use crate::sys;

c_enum! {
    /// How the step of `admm` over `z` is made, see [`TaoRef::set_admm_regularizer_type`].
    #[doc(alias = "TaoADMMRegularizerType")]
    AdmmRegularizer of TaoADMMRegularizerType;
    /// By an optimiser, for what [`TaoRef::set_admm_regularizer`] says.
    User = TAO_ADMM_REGULARIZER_USER,
    /// By the formula for `g(z) = λ‖z‖₁`, with `A = I` and `B = −I`.
    SoftThreshold = TAO_ADMM_REGULARIZER_SOFT_THRESH,
}

c_enum! {
    /// How the penalty of `admm` changes, see [`TaoRef::set_admm_update`].
    #[doc(alias = "TaoADMMUpdateType")]
    AdmmUpdate of TaoADMMUpdateType;
    /// Not at all.
    Basic = TAO_ADMM_UPDATE_BASIC,
    /// It falls by what the steps say of the curvature.
    Adaptive = TAO_ADMM_UPDATE_ADAPTIVE,
    /// The same.
    AdaptiveRelaxed = TAO_ADMM_UPDATE_ADAPTIVE_RELAXED,
}
