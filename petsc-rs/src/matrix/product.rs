//! Products of matrices that can be computed again after a change of values.

use std::ops::Deref;
use std::ptr;

use petsc_macros::wraps;

use super::{Matrix, MatrixRef};
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::{Real, call, create, ffi, sys};

/// A product of two matrices that can be computed again after their values have changed. See
/// [`MatrixRef::product`].
///
/// Dereferences to the result, for reading only: if entries were added to the result, the next
/// computation would write out of bounds. A product holds references to both factors.
#[derive(Debug)]
pub struct Product {
    result: Matrix,
    kind: Kind,
    fill: Option<Real>,
    /// References to both factors: if a factor is a view of another matrix, C may use that matrix
    /// and release the view.
    factors: [Matrix; 2],
    states: [State; 3],
}

/// Pattern and size of the factors and of the result, on which the symbolic product depends.
type State = (i64, (usize, usize));

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Ab,
    AtB,
    ABt,
    PtAP,
    RARt,
}

impl Kind {
    fn to_raw(self) -> sys::MatProductType {
        match self {
            Self::Ab => sys::MATPRODUCT_AB,
            Self::AtB => sys::MATPRODUCT_AtB,
            Self::ABt => sys::MATPRODUCT_ABt,
            Self::PtAP => sys::MATPRODUCT_PtAP,
            Self::RARt => sys::MATPRODUCT_RARt,
        }
    }

    /// Checks that local sizes agree, which optimized PETSc does not check for all types.
    fn check(self, a: &MatrixRef, b: &MatrixRef) -> Result<()> {
        if matches!(self, Self::PtAP | Self::RARt) {
            a.check_square()?;
        }
        // Global sizes come first: their error occurs on all ranks.
        let inner = |(am, an), (bm, bn)| match self {
            Self::Ab | Self::PtAP => (an, bm),
            Self::AtB => (am, bm),
            Self::ABt | Self::RARt => (an, bn),
        };
        let (left, right) = inner(a.size()?, b.size()?);
        ffi::same_len("inner dimension of the product", left, right)?;
        let (left, right) = inner(a.local_size()?, b.local_size()?);
        ffi::same_len("local inner dimension of the product", left, right)
    }
}

impl MatrixRef {
    /// Computes `A·B`. The product can be computed again after the values of a factor have changed.
    /// Collective.
    ///
    /// `fill` is the expected ratio of the number of entries in the product to the number in both
    /// factors. With `None`, PETSc chooses the ratio.
    ///
    /// # Errors
    /// `ARG_SIZ` if the sizes do not match; `ARG_WRONGSTATE` before assembly; `SUP` if matrices of
    /// these types cannot be multiplied.
    #[wraps(
        MatMatMult,
        MatProductCreate,
        MatProductSetType,
        MatProductSetFill,
        MatProductSetFromOptions,
        MatProductSymbolic
    )]
    #[track_caller]
    pub fn product(&self, b: &Self, fill: Option<Real>) -> Result<Product> {
        Product::compute(self, b, Kind::Ab, fill)
    }

    /// Computes `Aᵀ·B`. See [`product`](Self::product).
    #[wraps(MatTransposeMatMult, errors = product)]
    #[track_caller]
    pub fn transpose_product(&self, b: &Self, fill: Option<Real>) -> Result<Product> {
        Product::compute(self, b, Kind::AtB, fill)
    }

    /// Computes `A·Bᵀ`. See [`product`](Self::product).
    #[wraps(MatMatTransposeMult, errors = product)]
    #[track_caller]
    pub fn product_transpose(&self, b: &Self, fill: Option<Real>) -> Result<Product> {
        Product::compute(self, b, Kind::ABt, fill)
    }

    /// Computes `Pᵀ·A·P`, the coarse operator of multigrid. See [`product`](Self::product).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt};
    /// # let r = Scalar::from_real;
    /// let mut a = Matrix::from_csr(comm, 2, &[0, 1, 2], &[0, 1], &[r(1.0), r(2.0)])?;
    /// let p = Matrix::from_csr(comm, 1, &[0, 1, 2], &[0, 0], &[r(1.0), r(1.0)])?;
    /// let mut coarse = a.ptap(&p, None)?;
    /// assert_eq!(coarse.trace()?.real(), 3.0);
    /// a.scale(r(10.0))?;
    /// coarse.update()?;
    /// assert_eq!(coarse.trace()?.real(), 30.0);
    /// # Ok(()) })
    /// ```
    #[wraps(MatPtAP, errors = product)]
    #[track_caller]
    pub fn ptap(&self, p: &Self, fill: Option<Real>) -> Result<Product> {
        Product::compute(self, p, Kind::PtAP, fill)
    }

    /// Computes `R·A·Rᵀ`. See [`product`](Self::product).
    #[wraps(MatRARt, errors = product)]
    #[track_caller]
    pub fn rart(&self, r: &Self, fill: Option<Real>) -> Result<Product> {
        Product::compute(self, r, Kind::RARt, fill)
    }

    /// Computes the matrix `A·B`. Collective.
    #[wraps(MatMatMult, errors = product)]
    #[track_caller]
    pub fn mat_mult(&self, b: &Self) -> Result<Matrix> {
        Ok(self.product(b, None)?.into_matrix())
    }

    fn product_state(&self) -> Result<State> {
        let mut pattern = 0;
        // SAFETY: a live matrix and a valid out-pointer.
        unsafe { call!(PetscRsMatPattern(self.as_ptr(), &raw mut pattern)) }?;
        Ok((pattern, self.local_size()?))
    }
}

impl Product {
    #[track_caller]
    fn compute(a: &MatrixRef, b: &MatrixRef, kind: Kind, fill: Option<Real>) -> Result<Self> {
        kind.check(a, b)?;
        let sorted = b.type_name()?.is_some_and(|name| name.ends_with("aijperm"));
        if matches!(kind, Kind::ABt | Kind::RARt) && sorted {
            // C sorts the rows of the transpose before it creates them.
            let text = "products with the transpose of a matrix of type aijperm are not supported";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        if kind == Kind::PtAP && (a.is_type("hypre")? || b.is_type("hypre")?) {
            // C gives the result a communicator that is already freed.
            let text = "Pt·A·P of matrices of type hypre is not supported; convert them to aij";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        for factor in [a, b] {
            factor.check_assembled()?;
            factor.check_readable()?;
        }
        let [first, second] = [a, b].map(|factor| {
            // SAFETY: a live matrix.
            unsafe { Matrix::retain(factor.as_ptr()) }
        });
        let factors = [first?, second?];
        let states = [a.product_state()?, b.product_state()?];
        // SAFETY: live matrices, of which the product takes references; C creates a matrix.
        let result =
            unsafe { create!(MatProductCreate(a.as_ptr(), b.as_ptr(), ptr::null_mut(), _)) }
                .and_then(Matrix::complete)?;
        let raw = result.as_ptr();
        // SAFETY: a live product.
        unsafe { call!(MatProductSetType(raw, kind.to_raw())) }?;
        // SAFETY: a live product.
        unsafe { call!(MatProductSetFill(raw, fill.unwrap_or(ffi::DEFAULT_REAL))) }?;
        // SAFETY: a live product with a type.
        unsafe { call!(MatProductSetFromOptions(raw)) }?;
        // SAFETY: a live product with a type, whose functions were chosen (above).
        unsafe { call!(PetscRsMatProductCheckInner(raw)) }?;
        // SAFETY: a live product of matrices that fit (above).
        unsafe { call!(MatProductSymbolic(raw)) }?;
        // SAFETY: a live product after its symbolic phase.
        unsafe { call!(PetscRsMatProductCheck(raw)) }?;
        // SAFETY: a live product whose places were found above, and whose numeric functions exist (above).
        unsafe { call!(MatProductNumeric(raw)) }?;
        let states = [states[0], states[1], result.product_state()?];
        Ok(Self { result, kind, fill, factors, states })
    }

    /// Computes the product again with the current values of the factors. Collective.
    ///
    /// If the nonzero pattern of a factor has changed, this call creates a new result matrix.
    #[wraps(MatProductNumeric, errors = MatrixRef::product)]
    pub fn update(&mut self) -> Result<()> {
        let [a, b] = &self.factors;
        let result = self.result.product_state()?;
        if [a.product_state()?, b.product_state()?, result] != self.states {
            *self = Self::compute(a, b, self.kind, self.fill)?;
            return Ok(());
        }
        for factor in [a, b] {
            factor.check_assembled()?;
            factor.check_readable()?;
        }
        self.result.check_writable()?;
        // SAFETY: a live product whose symbolic phase belongs to these places (above).
        unsafe { call!(MatProductNumeric(self.result.as_ptr())) }?;
        self.states[2] = self.result.product_state()?;
        Ok(())
    }

    /// Returns the result as a matrix. The product can then no longer be computed again. PETSc may
    /// still hold references to the factors.
    #[must_use]
    pub fn into_matrix(self) -> Matrix {
        self.result
    }
}

impl Deref for Product {
    type Target = MatrixRef;

    fn deref(&self) -> &MatrixRef {
        &self.result
    }
}
