//! The names that nearly every program needs: `use petsc_rs::prelude::*;`.

pub use crate::{
    Comm, Converged, Error, InsertMode, Int, Ksp, KspType, Matrix, MatrixType, Norm, Object as _,
    Pc, PcType, Petsc, Real, Result, Scalar, ScalarExt as _, Vector,
};
