//! What is wanted, and how it is looked for.

use petsc_rs::vector::VectorRef;
use petsc_rs::{Result, call, ffi};

use super::{ProblemType, SvdRef, Which};
use crate::{solver, sys};

solver::settings! {
    SvdRef, "singular values";
    #[doc(alias = "SVDSetDimensions")]
    SVDSetDimensions,
    #[doc(alias = "SVDGetDimensions")]
    SVDGetDimensions,
    #[doc(alias = "SVDSetTolerances")]
    SVDSetTolerances,
    #[doc(alias = "SVDGetTolerances")]
    SVDGetTolerances,
    #[doc(alias = "SVDSetTrackAll")]
    SVDSetTrackAll
}

impl SvdRef {
    /// Sets the kind of problem. Logically collective. Default: by what was set. Options: `-svd_standard`,
    /// `-svd_generalized`, `-svd_hyperbolic`.
    ///
    /// # Errors
    /// What `SVDSetProblemType` returns; whether the matrices fit is checked by a solve.
    #[doc(alias = "SVDSetProblemType")]
    pub fn set_problem_type(&mut self, kind: ProblemType) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(SVDSetProblemType(*self.busy()?, kind.to_raw())) }
    }

    /// The kind of problem, `None` before it is known. Not collective.
    ///
    /// # Errors
    /// `SUP` for a kind that a newer SLEPc has.
    #[doc(alias = "SVDGetProblemType")]
    pub fn problem_type(&self) -> Result<Option<ProblemType>> {
        petsc_rs::not_collective!();
        let mut raw = 0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(SVDGetProblemType(self.as_ptr(), &raw mut raw)) }?;
        (raw != 0).then(|| ProblemType::try_from(raw)).transpose()
    }

    /// Sets which singular values are wanted. Logically collective. Default: the largest. Options: `-svd_largest`,
    /// `-svd_smallest`.
    ///
    /// # Errors
    /// What `SVDSetWhichSingularTriplets` returns.
    #[doc(alias = "SVDSetWhichSingularTriplets")]
    pub fn set_which(&mut self, which: Which) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(SVDSetWhichSingularTriplets(*self.busy()?, which.to_raw())) }
    }

    /// Which singular values are wanted. Not collective.
    ///
    /// # Errors
    /// `SUP` for a choice that a newer SLEPc has.
    #[doc(alias = "SVDGetWhichSingularTriplets")]
    pub fn which(&self) -> Result<Which> {
        petsc_rs::not_collective!();
        let mut raw = 0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(SVDGetWhichSingularTriplets(self.as_ptr(), &raw mut raw)) }?;
        Which::try_from(raw)
    }

    /// Sets whether products with `Aᴴ` are made from `A` itself instead of a stored transpose. Logically collective.
    /// Default: no, where the matrix can be transposed. Option: `-svd_implicittranspose`.
    ///
    /// # Errors
    /// What `SVDSetImplicitTranspose` returns.
    #[doc(alias = "SVDSetImplicitTranspose")]
    pub fn set_implicit_transpose(&mut self, on: bool) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(SVDSetImplicitTranspose(*self.busy()?, ffi::raw_bool(on))) }
    }

    /// Sets right and left vectors from which the next solve begins; SLEPc forgets them afterwards. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without operators; `ARG_SIZ` if a vector does not fit them.
    #[doc(alias = "SVDSetInitialSpaces")]
    pub fn set_initial_spaces(&mut self, right: &[&VectorRef], left: &[&VectorRef]) -> Result<()> {
        let (mut rows, mut columns) = ((0, 0), (0, 0));
        if !(right.is_empty() && left.is_empty()) {
            let (a, _) = self.operators()?;
            let (local, global) = (a.local_size()?, a.size()?);
            (rows, columns) = ((local.0, global.0), (local.1, global.1));
        }
        let (n, mut right) = solver::check_fit(self, right, columns)?;
        let (m, mut left) = solver::check_fit(self, left, rows)?;
        let (right, left) = (right.as_mut_ptr(), left.as_mut_ptr());
        // SAFETY: live vectors that fit the operators, of which SLEPc takes references.
        unsafe { call!(SVDSetInitialSpaces(*self.busy()?, n, right, m, left)) }
    }
}
