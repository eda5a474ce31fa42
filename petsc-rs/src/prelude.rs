//! The names that most programs need: `use petsc_rs::prelude::*;`.

pub use crate::{
    Combine, Comm, Converged, Direction, Dm, Dmda, Error, IndexSet, InsertMode, Int, Ksp, KspType,
    LocalToGlobalMap, Matrix, MatrixType, Norm, Object as _, Pc, PcType, Petsc, Random, Real,
    Result, Scalar, ScalarExt as _, Scatter, Vector,
};
