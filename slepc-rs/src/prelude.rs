//! The names that most programs need, including those of petsc-rs: `use slepc_rs::prelude::*;`.

pub use petsc_rs::prelude::*;

pub use crate::bv::{Bv, BvType};
pub use crate::ds::{Ds, DsMatrix, DsType};
pub use crate::eps::{Eps, EpsType, ProblemType as EpsProblemType, Which as EpsWhich};
pub use crate::function::{FnType, MathFunction};
pub use crate::lme::{Lme, LmeType};
pub use crate::mfn::{Mfn, MfnType};
pub use crate::nep::{Nep, NepType, Which as NepWhich};
pub use crate::pep::{Pep, PepType, ProblemType as PepProblemType, Which as PepWhich};
pub use crate::region::{Region, RegionType};
pub use crate::st::{St, StType};
pub use crate::svd::{Svd, SvdType, Which as SvdWhich};
