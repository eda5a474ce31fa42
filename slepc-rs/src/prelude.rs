//! The names that nearly every program needs, with those of petsc-rs: `use slepc_rs::prelude::*;`.

pub use petsc_rs::prelude::*;

pub use crate::eps::{Eps, EpsType, ProblemType as EpsProblemType, Which as EpsWhich};
pub use crate::st::{St, StType};
