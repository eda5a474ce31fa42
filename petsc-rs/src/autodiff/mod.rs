//! Automatic differentiation: exact Jacobians of residuals that are written once (feature
//! `autodiff`).
//!
//! A residual is generic over its [`Number`] type. With [`Scalar`](crate::Scalar) numbers, it
//! computes the function. [`Dual`] numbers also compute the derivatives of the function in several
//! directions, as accurately as the function itself. [`Traced`] numbers find the variables on which
//! each entry of the result depends.
//!
//! The interfaces are
//!
//! - on a [`Dmda`](crate::Dmda): [`GridResidual`] with
//!   [`set_residual_autodiff`](crate::SnesRef::set_residual_autodiff), and [`GridTransient`] with
//!   [`set_i_residual_autodiff`](crate::TsRef::set_i_residual_autodiff);
//! - for other discretizations: [`Residual`] over slices, and [`SparseJacobian`] with a nonzero
//!   pattern that is given or traced;
//! - for optimization: [`Objective`] with
//!   [`Tao::set_objective_autodiff`](crate::TaoRef::set_objective_autodiff). [`Derivatives`]
//!   computes the gradient, and Hessian-vector products with [`HyperDual`] numbers.

mod dual;
mod grid;
mod hyper_dual;
mod number;
mod objective;
mod solvers;
mod sparse;
mod stencil;
mod trace;

pub use dual::Dual;
pub use grid::GridResidual;
pub use hyper_dual::HyperDual;
pub use number::Number;
pub use objective::{Derivatives, Objective};
pub use solvers::GridTransient;
pub use sparse::{Residual, SparseJacobian};
use stencil::Plan;
pub use stencil::{Offset, Place, Stencil};
pub use trace::Traced;
