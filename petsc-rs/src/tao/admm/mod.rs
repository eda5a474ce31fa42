//! Alternating direction method of multipliers (ADMM): `min f(x) + g(z)` subject to
//! `A·x + B·z = c`, with an inner optimizer for each term.

mod check;
pub(super) use check::ParentLink;
mod setters;
mod solvers;
mod terms;

pub(super) use terms::Terms;

use super::TaoRef;
use crate::c_enum::c_enum;
use crate::sys;

c_enum! {
    /// Method for the minimization over `z` in `admm`, see [`TaoRef::set_admm_regularizer_type`].
    #[doc(alias = "TaoADMMRegularizerType")]
    AdmmRegularizer of TaoADMMRegularizerType;
    /// An inner optimizer, applied to the function of [`TaoRef::set_admm_regularizer`].
    User = TAO_ADMM_REGULARIZER_USER,
    /// Soft thresholding, the exact minimizer for `g(z) = λ‖z‖₁` with `A = I` and `B = −I`.
    SoftThreshold = TAO_ADMM_REGULARIZER_SOFT_THRESH,
}

c_enum! {
    /// Update of the penalty in `admm`, see [`TaoRef::set_admm_update`].
    #[doc(alias = "TaoADMMUpdateType")]
    AdmmUpdate of TaoADMMUpdateType;
    /// The penalty is constant.
    Basic = TAO_ADMM_UPDATE_BASIC,
    /// The penalty decreases: each new value is computed from estimates of the curvature along the
    /// last steps.
    Adaptive = TAO_ADMM_UPDATE_ADAPTIVE,
    /// The same as `Adaptive`.
    AdaptiveRelaxed = TAO_ADMM_UPDATE_ADAPTIVE_RELAXED,
}
