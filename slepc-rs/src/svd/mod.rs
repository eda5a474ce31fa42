//! Singular value problems `A·v = σ·u`, and generalized problems for a pair of matrices (`SVD` in
//! C).

mod callbacks;
mod methods;
mod settings;
mod solve;
mod triplets;
mod types;

use std::ffi::CStr;
use std::ptr;

use petsc_macros::wraps;
use petsc_rs::Loan;
use petsc_rs::matrix::{Matrix, MatrixRef};
use petsc_rs::vector::{Vector, VectorRef};
use petsc_rs::{
    Error, ErrorCode, Object as _, Result, Scalar, ScalarExt as _, call, internal, petsc_object,
};

use crate::bv::Bv;
use crate::eps::Eps;
use crate::{solver, sys};

pub use crate::solver::{CurrentDimensions, CurrentTolerances, Dimensions, Tolerances};
pub use callbacks::{Progress, StoppingTest};
pub use methods::BidiagonalForm;
pub use petsc_rs::Setting;
pub use solve::{Converged, NotConverged};
pub use triplets::{SingularTriplet, SingularTriplets};
pub use types::{ConvergedReason, ConvergenceTest, ErrorType, ProblemType, SvdType, Which};

/// Name under which the signature is composed with the solver: SLEPc drops it in a reset.
const SIGNATURE: &CStr = c"petsc-rs.svd.signature";

petsc_object! {
    /// A solver of singular value problems.
    ///
    /// A program creates a solver, sets the operators and the part of the spectrum, reads the
    /// options, solves, and reads the singular triplets. Dropping the handle destroys the solver.
    ///
    /// # Examples
    /// See [`SvdRef::set_operators`].
    ///
    /// # Options
    /// `-svd_type`, `-svd_nsv`, `-svd_tol`, `-svd_largest`, `-svd_smallest`, `-svd_monitor`,
    /// `-svd_view`.
    ///
    /// # See also
    /// [`SvdType`] (the methods), [`SvdRef::singular_triplets`], [`SvdRef::set_dimensions`],
    /// [`Eps`](crate::Eps), [`Bv`].
    #[wraps(SVD)]
    Svd,
    /// A borrowed [`Svd`].
    SvdRef,
    SVD,
    SVDDestroy,
}

crate::base::basics! {
    Svd, SvdRef, SvdType, "singular value solver", "`cross`", "-svd_type";
    #[wraps(SVDCreate)]
    SVDCreate,
    #[wraps(SVDSetType)]
    SVDSetType,
    #[wraps(SVDSetFromOptions)]
    SVDSetFromOptions,
    #[wraps(SVDSetOptionsPrefix)]
    SVDSetOptionsPrefix,
    #[doc(alias = "SVDAppendOptionsPrefix")]
    SVDAppendOptionsPrefix;
    then give_operators
}

impl SvdRef {
    /// Returns the basis of the right subspace and, if the method has one, of the left subspace,
    /// for inspection. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before the first setup, and for methods without a basis.
    #[wraps(SVDGetBV)]
    #[track_caller]
    pub fn bv(&self) -> Result<(Loan<'_, Bv>, Option<Loan<'_, Bv>>)> {
        let (mut right, mut left) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live solver and valid out-pointers.
        unsafe { call!(SVDGetBV(self.as_ptr(), &raw mut right, &raw mut left)) }?;
        // SAFETY: a live basis.
        let right = unsafe { solver::lend_basis(self, right) }?;
        // SAFETY: NULL, or a live basis.
        let left = unsafe { solver::lend_basis(self, left) };
        Ok((right, left.ok()))
    }

    /// Sets the matrix `A`, and the matrix `B` of a generalized problem. `A` may have any shape;
    /// `B` has the same number of columns. Collective.
    ///
    /// The solver keeps references to the matrices. Their values may be changed between solves.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if a matrix lives on other processes; `ARG_WRONG` if the numbers of
    /// columns differ.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt};
    /// use slepc_rs::Svd;
    /// let a = Matrix::constant_diagonal(comm, 5, Scalar::from_real(-3.0))?;
    /// let mut svd = Svd::new(comm)?;
    /// svd.set_operators(&a, None)?;
    /// let _ = svd.solve()?;
    /// assert!((svd.singular_values()?[0] - 3.0).abs() < 1e-10);
    /// # Ok(()) })
    /// ```
    #[wraps(SVDSetOperators)]
    pub fn set_operators(&mut self, a: &MatrixRef, b: Option<&MatrixRef>) -> Result<()> {
        for matrix in [Some(a), b].into_iter().flatten() {
            internal::check_same_ranks(self.object_ptr(), matrix.object_ptr())?;
        }
        if let Some(old) = crate::base::held(self, 0)? {
            if (old.size()?, old.local_size()?) != (a.size()?, a.local_size()?) {
                crate::base::forget(self.object_ptr())?;
                self.set_signature(None)?;
                self.reset()?;
                self.set_initial_spaces(&[], &[])?;
            }
        }
        if let Some(b) = b {
            solver::standardize(&[a, b])?;
        }
        let raw_b = b.map_or(ptr::null_mut(), MatrixRef::as_ptr);
        crate::base::before(self, &[Some(a), b])?;
        // SAFETY: live objects on the same processes, of which SLEPc takes references; it compares sizes.
        unsafe { call!(SVDSetOperators(*self.busy()?, a.as_ptr(), raw_b)) }?;
        crate::base::hold(self.object_ptr(), &[Some(a), b])
    }

    /// Returns the matrices. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if they were not set.
    #[wraps(SVDGetOperators)]
    #[track_caller]
    pub fn operators(&self) -> Result<(Matrix, Option<Matrix>)> {
        petsc_rs::not_collective!();
        let a = crate::base::held(self, 0)?.ok_or_else(|| {
            Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "the solver has no operators yet: call set_operators first",
            )
        })?;
        Ok((a, crate::base::held(self, 1)?))
    }

    /// Sets the signature `Ω` of a hyperbolic problem, a vector with the entries 1 and -1:
    /// `A·v = σ·u` with `uᵀ·Ω·u = ±1`. SLEPc copies the vector. `None` removes the signature. Set
    /// the operators first. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the length of the vector is not the number of rows of the matrix;
    /// `ARG_OUTOFRANGE`, the same on all ranks, if an entry is neither 1 nor -1, which SLEPc does
    /// not check.
    #[wraps(SVDSetSignature)]
    pub fn set_signature(&mut self, signature: Option<&VectorRef>) -> Result<()> {
        if let Some(vector) = signature {
            let (a, _) = self.operators()?;
            crate::base::check_fit(self, &[vector], (a.local_size()?.0, a.size()?.0))?;
            check_signs(vector)?;
        }
        let raw = signature.map_or(ptr::null_mut(), VectorRef::as_ptr);
        // SAFETY: live objects of matching sizes; NULL for none.
        unsafe { call!(SVDSetSignature(*self.busy()?, raw)) }?;
        let (object, name) = (self.object_ptr(), SIGNATURE.as_ptr());
        // SAFETY: live objects, or NULL to remove the previous vector.
        unsafe { call!(PetscObjectCompose(object, name, raw.cast())) }
    }

    #[track_caller]
    fn signature(&self) -> Result<Option<Vector>> {
        // SAFETY: a live object.
        let raw = unsafe { petsc_rs::callback::composed(self.object_ptr(), SIGNATURE) }?;
        // SAFETY: NULL, or the vector composed by `set_signature`.
        unsafe { Vector::retain_nullable(raw.cast()) }
    }

    /// Returns the eigensolver inside the methods `cross` (`AᴴA`) and `cyclic`, to change its
    /// settings. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(SVDCrossGetEPS, SVDCyclicGetEPS)]
    #[track_caller]
    pub fn eps(&self) -> Result<Eps> {
        let mut raw = ptr::null_mut();
        if self.is_type("cyclic")? {
            // SAFETY: a live solver of this type and a valid out-pointer.
            unsafe { call!(SVDCyclicGetEPS(self.as_ptr(), &raw mut raw)) }?;
        } else if self.is_type("cross")? {
            // SAFETY: as above.
            unsafe { call!(SVDCrossGetEPS(self.as_ptr(), &raw mut raw)) }?;
        } else {
            let text =
                "only the methods `cross` and `cyclic` contain an eigensolver: call set_type first";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        // SAFETY: a live object.
        unsafe { Eps::part_of_method(self, raw) }
    }
}

/// Checks that all entries are 1 or -1.
fn check_signs(signature: &VectorRef) -> Result<()> {
    let mut square = signature.duplicate()?;
    square.pointwise_mult(signature, signature)?;
    square.shift(Scalar::from_real(-1.0))?;
    let away = square.norm(petsc_rs::Norm::Infinity)?;
    // Also NaN.
    if away <= 1e-10 {
        return Ok(());
    }
    let text = "the entries of a signature must be 1 or -1";
    Err(internal::collective(ErrorCode::ARG_OUTOFRANGE, text))
}

solver::dense! {
    SvdRef;
    #[wraps(SVDGetDS)]
    fn ds = SVDGetDS;
}
