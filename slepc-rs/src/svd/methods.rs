//! What only some methods have.

use petsc_rs::{Result, call, ffi};

use super::SvdRef;
use crate::{solver, sys};

impl SvdRef {
    /// Sets whether the method `cross` forms `AᴴA`, `cyclic` the matrix `[0 A; Aᴴ 0]`, and `trlanczos`, for a generalised
    /// problem, `[A; B]`, instead of applying it: for direct inner solvers. Logically collective. Default: no. Options:
    /// `-svd_cross_explicitmatrix`, `-svd_cyclic_explicitmatrix`, `-svd_trlanczos_explicitmatrix`.
    ///
    /// # Errors
    /// `SUP` for other methods: set the type first.
    #[doc(alias = "SVDCrossSetExplicitMatrix")]
    #[doc(alias = "SVDCyclicSetExplicitMatrix")]
    #[doc(alias = "SVDTRLanczosSetExplicitMatrix")]
    pub fn set_explicit_matrix(&mut self, on: bool) -> Result<()> {
        let methods = ["cross", "cyclic", "trlanczos"];
        let (svd, on) = (self.as_ptr(), ffi::raw_bool(on));
        match solver::one_of(self, &methods, "an explicit matrix")? {
            // SAFETY: a live solver of this type.
            "cross" => unsafe { call!(SVDCrossSetExplicitMatrix(svd, on)) },
            // SAFETY: as above.
            "cyclic" => unsafe { call!(SVDCyclicSetExplicitMatrix(svd, on)) },
            // SAFETY: as above.
            _ => unsafe { call!(SVDTRLanczosSetExplicitMatrix(svd, on)) },
        }
    }

    /// Sets whether the methods `lanczos` and `trlanczos` orthogonalise right vectors only: faster, and less accurate for
    /// small singular values. Logically collective. Default: no. Options: `-svd_lanczos_oneside`,
    /// `-svd_trlanczos_oneside`.
    ///
    /// # Errors
    /// As [`set_explicit_matrix`](Self::set_explicit_matrix).
    #[doc(alias = "SVDLanczosSetOneSide")]
    #[doc(alias = "SVDTRLanczosSetOneSide")]
    pub fn set_one_side(&mut self, on: bool) -> Result<()> {
        let (svd, on) = (self.as_ptr(), ffi::raw_bool(on));
        match solver::one_of(self, &["lanczos", "trlanczos"], "one side")? {
            // SAFETY: a live solver of this type.
            "lanczos" => unsafe { call!(SVDLanczosSetOneSide(svd, on)) },
            // SAFETY: as above.
            _ => unsafe { call!(SVDTRLanczosSetOneSide(svd, on)) },
        }
    }
}
