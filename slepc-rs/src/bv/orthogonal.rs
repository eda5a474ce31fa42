//! Orthogonalization.

use petsc_macros::{getter, wraps};
use petsc_rs::matrix::{Matrix, MatrixRef};
use petsc_rs::vector::VectorRef;
use petsc_rs::{Error, ErrorCode, Real, Result, Scalar, call, ffi};

use super::state::mending;
use super::{BvRef, OrthogBlock, OrthogRefine, OrthogType, small_matrix};
use crate::sys;
use petsc_rs::ffi::range::out_of_range;

/// Settings of the orthogonalization, see [`BvRef::set_orthogonalization`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Orthogonalization {
    /// Method for one column. Default: classical Gram-Schmidt. Option: `-bv_orthog_type`.
    pub kind: OrthogType,
    /// Whether the orthogonalization is repeated. Default: if needed. Option: `-bv_orthog_refine`.
    pub refine: OrthogRefine,
    /// Threshold for [`OrthogRefine::IfNeeded`](super::OrthogRefine): the orthogonalization is
    /// repeated if it reduces the norm of the vector to less than `eta` times the norm before.
    /// Default: 0.7071. Option: `-bv_orthog_eta`.
    pub eta: Real,
    /// Method for all columns together. Default: column after column. Option: `-bv_orthog_block`.
    pub block: OrthogBlock,
}

impl Default for Orthogonalization {
    #[expect(clippy::approx_constant, reason = "what SLEPc has, to the last digit")]
    fn default() -> Self {
        Self {
            kind: OrthogType::Classical,
            refine: OrthogRefine::IfNeeded,
            eta: 0.7071,
            block: OrthogBlock::GramSchmidt,
        }
    }
}

/// Result of the orthogonalization of a vector, see [`BvRef::orthogonalize_column`].
#[derive(Clone, Debug, PartialEq)]
pub struct Orthogonalized {
    /// Coefficients of the components that were subtracted, one per column from the first active
    /// one on.
    pub coefficients: Vec<Scalar>,
    /// Norm of the vector after the orthogonalization.
    pub norm: Real,
    /// Whether SLEPc found the vector linearly dependent on the columns: the remainder is zero, or
    /// its norm still decreases to less than `eta` times the previous norm in the last repetition.
    /// A norm of the order of the rounding error also means that the vector is dependent. Always
    /// false with an indefinite inner product.
    pub dependent: bool,
}

impl BvRef {
    /// Sets the methods of orthogonalization. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` unless `0 < eta ≤ 1`.
    #[wraps(BVSetOrthogonalization)]
    pub fn set_orthogonalization(&mut self, how: Orthogonalization) -> Result<()> {
        if !(how.eta > 0.0 && how.eta <= 1.0) {
            let text = format!("eta must be in (0, 1], got {}", how.eta);
            return Err(out_of_range(text));
        }
        let (kind, refine) = (how.kind.to_raw(), how.refine.to_raw());
        let (basis, eta, block) = (self.as_ptr(), how.eta, how.block.to_raw());
        // SAFETY: a live basis.
        unsafe { call!(BVSetOrthogonalization(basis, kind, refine, eta, block)) }
    }

    /// Returns the methods of orthogonalization. Not collective.
    ///
    /// # Errors
    /// `SUP` for a method that only a newer SLEPc has.
    #[wraps(BVGetOrthogonalization)]
    pub fn orthogonalization(&self) -> Result<Orthogonalization> {
        petsc_rs::not_collective!();
        let (mut kind, mut refine, mut eta, mut block) = (0, 0, 0.0, 0);
        let (a, b, c) = (&raw mut kind, &raw mut refine, &raw mut eta);
        // SAFETY: a live basis and valid out-pointers.
        unsafe { call!(BVGetOrthogonalization(self.as_ptr(), a, b, c, &raw mut block)) }?;
        Ok(Orthogonalization {
            kind: kind.try_into()?,
            refine: refine.try_into()?,
            eta,
            block: block.try_into()?,
        })
    }

    /// Orthonormalizes the active columns, also against the leading columns, which must be
    /// orthonormal. Collective.
    ///
    /// # Errors
    /// `CONV_FAILED` (or an error of LAPACK, for some methods) if a column depends linearly on the
    /// columns before it; `SUP` if the basis has constraints, or if the method does not support the
    /// inner product or ranks without entries.
    #[wraps(BVOrthogonalize)]
    pub fn orthogonalize(&mut self) -> Result<()> {
        self.orthogonalize_into(None)
    }

    /// Orthonormalizes the columns like [`orthogonalize`](Self::orthogonalize), and returns the
    /// factor `R` of `V = Q·R`, where `V` are the columns before the call, and `Q` are the columns
    /// after the call. Collective.
    ///
    /// `R` is a sequential dense matrix, the same on all ranks, and upper triangular (except with
    /// [`OrthogBlock::Svqb`]). The columns of `R` that belong to leading columns are zero.
    ///
    /// # Errors
    /// The errors of [`orthogonalize`](Self::orthogonalize).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt};
    /// use slepc_rs::bv::{Bv, BvType};
    /// let a = [3.0, 4.0, 1.0, 2.0].map(Scalar::from_real); // columns (3, 4) and (1, 2)
    /// let a = Matrix::from_dense(comm, 2, 2, &a)?;
    /// let mut basis = Bv::from_matrix(&a, BvType::SVEC)?;
    /// let r = basis.orthogonalize_with_factor()?;
    /// let r = r.dense()?;
    /// assert!((r.view()[(0, 0)].real() - 5.0).abs() < 1e-12); // √(3² + 4²)
    /// assert!((r.view()[(0, 1)].real() - 2.2).abs() < 1e-12); // (3·1 + 4·2)/5
    /// # Ok(()) })
    /// ```
    #[track_caller]
    pub fn orthogonalize_with_factor(&mut self) -> Result<Matrix> {
        let k = self.active_columns()?.end;
        let r = small_matrix(k, k)?;
        self.orthogonalize_into(Some(&r))?;
        Ok(r)
    }

    fn orthogonalize_into(&mut self, r: Option<&MatrixRef>) -> Result<()> {
        self.check_writable()?;
        ffi::check_no_writer()?;
        self.check_rows()?;
        if self.active_columns()?.is_empty() {
            return Ok(());
        }
        mending(&[self], || {
            let r = r.map_or(std::ptr::null_mut(), MatrixRef::as_ptr);
            // SAFETY: a live basis, and a dense matrix of the order of its columns, or none.
            unsafe { call!(BVOrthogonalize(self.as_ptr(), r)) }
        })
    }

    /// Checks that every rank has rows: LAPACK fails on a rank without rows, while the other ranks
    /// wait for it.
    fn check_rows(&self) -> Result<()> {
        let block = self.orthogonalization()?.block;
        if !matches!(block, OrthogBlock::Tsqr | OrthogBlock::TsqrCholesky) {
            return Ok(());
        }
        let ranges = self.create_vector()?.ownership_ranges()?;
        if ranges.iter().all(|rows| !rows.is_empty()) {
            return Ok(());
        }
        let text = "tall-skinny QR requires entries on every rank";
        Err(petsc_rs::internal::collective(ErrorCode::SUP, text))
    }

    /// Orthogonalizes column `j` against all columns before it, which must be orthonormal. The
    /// column is not normalized. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the column does not exist.
    #[wraps(BVOrthogonalizeColumn)]
    pub fn orthogonalize_column(&mut self, j: usize) -> Result<Orthogonalized> {
        self.check_writable()?;
        let raw = self.column_index(j)?;
        let first = self.active_columns()?.start;
        let mut coefficients = vec![Scalar::default(); j.saturating_sub(first)];
        let (mut norm, mut dependent) = (0.0, ffi::raw_bool(false));
        mending(&[self], || {
            let (basis, h) = (self.as_ptr(), coefficients.as_mut_ptr());
            let (norm, dependent) = (&raw mut norm, &raw mut dependent);
            // SAFETY: a live basis with this column (above), room for a number for each column from
            // the first active one to it, and valid out-pointers.
            unsafe { call!(BVOrthogonalizeColumn(basis, raw, h, norm, dependent)) }
        })?;
        Ok(Orthogonalized { coefficients, norm, dependent: ffi::to_bool(dependent) })
    }

    /// Orthogonalizes a vector against the active and the leading columns. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the sizes of the vector and the basis differ.
    #[wraps(BVOrthogonalizeVec)]
    pub fn orthogonalize_vector(&self, vector: &mut VectorRef) -> Result<Orthogonalized> {
        self.check_readable()?;
        self.check_fit(&[vector])?;
        vector.check_writable()?;
        let _locks = ffi::Locks::note([vector.as_ptr()])?;
        let mut coefficients = vec![Scalar::default(); self.active_columns()?.len()];
        let (mut norm, mut dependent) = (0.0, ffi::raw_bool(false));
        mending(&[self], || {
            let (basis, h) = (self.as_ptr(), coefficients.as_mut_ptr());
            let (norm, dependent) = (&raw mut norm, &raw mut dependent);
            // SAFETY: live objects of matching sizes (above), room for a number for each active
            // column, valid out-pointers.
            unsafe { call!(BVOrthogonalizeVec(basis, vector.as_ptr(), h, norm, dependent)) }
        })?;
        Ok(Orthogonalized { coefficients, norm, dependent: ffi::to_bool(dependent) })
    }

    /// Orthonormalizes column `j` against all columns before it. Returns the norm of the
    /// orthogonalized column before its normalization, and whether the column depends linearly on
    /// the columns before it. Collective.
    ///
    /// After the orthogonalization, a linearly dependent column contains only rounding errors. With
    /// `replace`, it is replaced with a random vector, which is orthonormalized.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the column does not exist.
    #[wraps(BVOrthonormalizeColumn)]
    pub fn orthonormalize_column(&mut self, j: usize, replace: bool) -> Result<(Real, bool)> {
        self.check_writable()?;
        let (j, replace) = (self.column_index(j)?, ffi::raw_bool(replace));
        let (mut norm, mut dependent) = (0.0, ffi::raw_bool(false));
        mending(&[self], || {
            let (basis, norm, dependent) = (self.as_ptr(), &raw mut norm, &raw mut dependent);
            // SAFETY: a live basis with this column (above) and valid out-pointers.
            unsafe { call!(BVOrthonormalizeColumn(basis, j, replace, norm, dependent)) }
        })?;
        Ok((norm, ffi::to_bool(dependent)))
    }

    /// Inserts constraints before the first column: vectors against which
    /// [`orthogonalize_column`](Self::orthogonalize_column) and similar methods also orthogonalize.
    /// Constraints are not counted as columns, and linearly dependent ones are left out. Returns
    /// the number of constraints. Collective.
    ///
    /// The previous contents of the columns are lost.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the basis has constraints already; `ARG_SIZ` if the sizes of a vector do
    /// not match.
    #[wraps(BVInsertConstraints)]
    pub fn insert_constraints(&mut self, constraints: &[&VectorRef]) -> Result<usize> {
        self.check_writable()?;
        self.check_unconstrained()?;
        if constraints.is_empty() {
            return Ok(0);
        }
        self.check_fit(constraints)?;
        self.forget()?;
        // SLEPc leaks the storage of the constraints that it leaves out, so they are removed here
        // first.
        let mut independent = self.duplicate_resized(constraints.len())?;
        let n = independent.insert_vectors(0, constraints, true)?;
        let mut vectors = Vec::with_capacity(n);
        for j in 0..n {
            let mut vector = self.create_vector()?;
            independent.copy_vector(j, &mut vector)?;
            vectors.push(vector);
        }
        let vectors: Vec<_> = vectors.iter().map(|vector| &**vector).collect();
        let (mut n, mut raw) = self.check_fit(&vectors)?;
        // SAFETY: a live basis without borrowed columns, vectors of matching sizes (above), a valid
        // in- and out-pointer.
        unsafe { call!(BVInsertConstraints(*self.busy()?, &raw mut n, raw.as_mut_ptr())) }?;
        ffi::size(n)
    }

    /// Number of constraints.
    #[getter(BVGetNumConstraints)]
    pub fn constraints() -> usize;

    /// Checks that there are no constraints: with them the storage has a size that SLEPc's other
    /// functions do not expect.
    pub(super) fn check_unconstrained(&self) -> Result<()> {
        match self.constraints()? {
            0 => Ok(()),
            n => {
                let text = format!("the basis has {n} constraints, which cannot be changed");
                Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
            }
        }
    }
}
