//! Orthogonalisation.

use petsc_macros::{getter, wraps};
use petsc_rs::matrix::{Matrix, MatrixRef};
use petsc_rs::vector::VectorRef;
use petsc_rs::{Error, ErrorCode, Real, Result, Scalar, call, ffi};

use super::state::mending;
use super::{BvRef, OrthogBlock, OrthogRefine, OrthogType, small_matrix};
use crate::sys;
use petsc_rs::ffi::range::out_of_range;

/// How columns are made orthogonal, see [`BvRef::set_orthogonalization`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Orthogonalization {
    /// The method for one column. Default: classical Gram-Schmidt. Option: `-bv_orthog_type`.
    pub kind: OrthogType,
    /// Whether it is done twice. Default: if needed. Option: `-bv_orthog_refine`.
    pub refine: OrthogRefine,
    /// What "if needed" means: the norm has fallen below this part. Default: 0.7071. Option: `-bv_orthog_eta`.
    pub eta: Real,
    /// The method for all columns. Default: column by column. Option: `-bv_orthog_block`.
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

/// What became of one vector, see [`BvRef::orthogonalize_column`].
#[derive(Clone, Debug, PartialEq)]
pub struct Orthogonalized {
    /// What was taken away of each column, from the first active one on.
    pub coefficients: Vec<Scalar>,
    /// The norm of what is left.
    pub norm: Real,
    /// Whether the vector is found to depend on the columns: nothing is left, or less with each time that it is done
    /// again. A norm no larger than rounding says so too. Never for an indefinite inner product.
    pub dependent: bool,
}

impl BvRef {
    /// Sets how columns are made orthogonal. Logically collective.
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

    /// How columns are made orthogonal. Not collective.
    ///
    /// # Errors
    /// `SUP` for a method that a newer SLEPc has.
    #[wraps(BVGetOrthogonalization)]
    pub fn orthogonalization(&self) -> Result<Orthogonalization> {
        petsc_rs::not_collective!();
        let (mut kind, mut refine, mut eta, mut block) = (0, 0, 0.0, 0);
        let (a, b, c) = (&raw mut kind, &raw mut refine, &raw mut eta);
        // SAFETY: a live basis and valid out-pointers.
        unsafe {
            call!(BVGetOrthogonalization(
                self.as_ptr(),
                a,
                b,
                c,
                &raw mut block
            ))
        }?;
        Ok(Orthogonalization {
            kind: kind.try_into()?,
            refine: refine.try_into()?,
            eta,
            block: block.try_into()?,
        })
    }

    /// Makes the active columns orthonormal, and orthogonal to the leading ones, which are orthonormal already.
    /// Collective.
    ///
    /// # Errors
    /// `CONV_FAILED` (of some methods, what LAPACK says) if a column depends on those before it; `SUP` with constraints,
    /// and for a method that cannot with this inner product, or with a rank that has no entries.
    #[wraps(BVOrthogonalize)]
    pub fn orthogonalize(&mut self) -> Result<()> {
        self.orthogonalize_into(None)
    }

    /// The same, with the factor `R` of `V = Q·R` for the columns `V` as they were and `Q` as they are, a sequential
    /// dense matrix, upper triangular (except with [`OrthogBlock::Svqb`]), the same on all ranks. Its first columns,
    /// as many as leading ones, are zero. Collective.
    ///
    /// # Errors
    /// As [`orthogonalize`](Self::orthogonalize).
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

    /// LAPACK refuses no rows, on that rank alone, while the others wait for it.
    fn check_rows(&self) -> Result<()> {
        let block = self.orthogonalization()?.block;
        if !matches!(block, OrthogBlock::Tsqr | OrthogBlock::TsqrCholesky) {
            return Ok(());
        }
        let ranges = self.create_vector()?.ownership_ranges()?;
        if ranges.iter().all(|rows| !rows.is_empty()) {
            return Ok(());
        }
        let text = "factors in a tree need entries on each rank";
        Err(petsc_rs::internal::collective(ErrorCode::SUP, text))
    }

    /// Makes column `j` orthogonal to all columns before it, which are orthonormal; does not divide it by its norm.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a column that there is not.
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
            // SAFETY: a live basis with this column (above), room for a number for each column from the first active
            // one to it, valid out-pointers.
            unsafe { call!(BVOrthogonalizeColumn(basis, raw, h, norm, dependent)) }
        })?;
        Ok(Orthogonalized {
            coefficients,
            norm,
            dependent: ffi::to_bool(dependent),
        })
    }

    /// Makes a vector orthogonal to the active columns and all before them. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the vector does not fit.
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
            // SAFETY: live objects that fit (above), room for a number for each active column, valid out-pointers.
            unsafe {
                call!(BVOrthogonalizeVec(
                    basis,
                    vector.as_ptr(),
                    h,
                    norm,
                    dependent
                ))
            }
        })?;
        Ok(Orthogonalized {
            coefficients,
            norm,
            dependent: ffi::to_bool(dependent),
        })
    }

    /// Makes column `j` orthonormal to all columns before it: its norm before it was divided, and whether it depended
    /// on them, in which case it is no more than rounding, and `replace` puts a random one in its place. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a column that there is not.
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

    /// Puts constraints before the first column: vectors to which [`orthogonalize_column`](Self::orthogonalize_column)
    /// and the like keep everything orthogonal, without counting as columns. Those that depend on others are left out.
    /// The columns are to be filled anew. Returns how many there are. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if there are constraints already; `ARG_SIZ` if a vector does not fit.
    #[wraps(BVInsertConstraints)]
    pub fn insert_constraints(&mut self, constraints: &[&VectorRef]) -> Result<usize> {
        self.check_writable()?;
        self.check_unconstrained()?;
        if constraints.is_empty() {
            return Ok(0);
        }
        self.check_fit(constraints)?;
        self.forget()?;
        // SLEPc loses the storage of those that it leaves out, so this does it before.
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
        // SAFETY: a live basis of which nothing is lent out, vectors that fit (above), a valid in- and out-pointer.
        unsafe {
            call!(BVInsertConstraints(
                *self.busy()?,
                &raw mut n,
                raw.as_mut_ptr()
            ))
        }?;
        ffi::size(n)
    }

    /// Number of constraints.
    #[getter(BVGetNumConstraints)]
    pub fn constraints() -> usize;

    /// Storage with constraints has another size than SLEPc's other functions think.
    pub(super) fn check_unconstrained(&self) -> Result<()> {
        match self.constraints()? {
            0 => Ok(()),
            n => {
                let text = format!("the basis has {n} constraints, which stay as they are");
                Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
            }
        }
    }
}
