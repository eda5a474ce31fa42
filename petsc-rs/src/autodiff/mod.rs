//! Exact Jacobians from residuals that are written once (feature `autodiff`).
//!
//! A residual is written generically over the [`Number`] it computes with. With [`Scalar`](crate::Scalar)
//! it is the function; with [`Dual`] numbers, the derivatives in several directions come out with it, as
//! exact as the function itself; with [`Traced`] numbers, one learns which entry depends on which.
//!
//! - On a [`Dmda`](crate::Dmda): [`GridResidual`], given to
//!   [`set_residual_autodiff`](crate::SnesRef::set_residual_autodiff), and [`GridTransient`] to
//!   [`set_i_residual_autodiff`](crate::TsRef::set_i_residual_autodiff).
//! - On anything else: [`Residual`] over slices, and [`SparseJacobian`] for a pattern that is given or
//!   traced.
//! - For an optimiser: [`Objective`], given to
//!   [`Tao::set_objective_autodiff`](crate::TaoRef::set_objective_autodiff), which gets its gradient and products with
//!   its Hessian, the latter by [`HyperDual`] numbers.

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
