//! Solve and postprocessing.

use std::cmp::Ordering;
use std::ffi::c_void;
use std::marker::PhantomData;
use std::ptr;

use num_complex::Complex;
use petsc_macros::wraps;
use petsc_rs::callback::Context;
use petsc_rs::{Error, ErrorCode, Object as _, Real, Result, Scalar, ScalarExt as _, call, ffi};

use super::{DsMatrix, DsRef, State};
use crate::base::{comparison, value};
use crate::sys;
use petsc_rs::ffi::range::out_of_range;

/// The eigenvalues or singular values of a dense problem, see [`DsRef::solve`].
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    re: Vec<Scalar>,
    im: Vec<Scalar>,
    len: usize,
}

impl Values {
    /// Returns the number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns value number `i`.
    ///
    /// # Examples
    /// See [`DsRef::vectors`].
    #[must_use]
    pub fn get(&self, i: usize) -> Option<Complex<Real>> {
        (i < self.len).then(|| value(self.re[i], self.im[i]))
    }

    /// Returns an iterator over all values, in their order.
    ///
    /// # Examples
    /// See [`DsRef::vectors`].
    pub fn iter(&self) -> impl Iterator<Item = Complex<Real>> + '_ {
        (0..self.len).map(|i| value(self.re[i], self.im[i]))
    }

    /// Returns whether the values contain complete conjugate pairs. With real scalars, a complex
    /// value is the first of a pair, and the sort reads the second one without a check.
    fn pairs_are_whole(&self, first: usize) -> bool {
        let mut i = first;
        while i < self.len {
            let second = !Scalar::IS_COMPLEX && value(self.re[i], self.im[i]).im != 0.0;
            i += if second { 2 } else { 1 };
        }
        i == self.len.max(first)
    }
}

/// A comparison that is passed to one call, and freed on every exit: a panic of the closure
/// continues after the call.
struct Order<F> {
    ctx: *mut c_void,
    _closure: PhantomData<F>,
}

impl<F> Order<F> {
    fn new(compare: F) -> Self {
        Self { ctx: Context::into_raw(compare), _closure: PhantomData }
    }
}

impl<F> Drop for Order<F> {
    fn drop(&mut self) {
        // SAFETY: the reference of `into_raw`, which SLEPc no longer uses.
        unsafe { Context::<F>::free(self.ctx) };
    }
}

comparison!(sort_shim[c"order of a dense problem"]);

impl DsRef {
    /// Solves the problem: reduces the matrices to a condensed form, and returns the eigenvalues or
    /// the singular values. Every rank solves the same problem. Logically collective.
    ///
    /// # Errors
    /// `SUP` for generalized singular values if a vector is in the null space of both matrices;
    /// `ARG_WRONGSTATE` without dimensions, or if the problem was solved already (call
    /// [`set_state`](Self::set_state) after setting new matrices); `ARG_OUTOFRANGE` if the type has
    /// no [method](Self::set_method) of this number; the errors of LAPACK.
    #[wraps(DSSolve)]
    pub fn solve(&mut self) -> Result<Values> {
        if matches!(self.state()?, State::Condensed | State::Truncated) {
            let text =
                "the dense problem was solved already: call set_state after setting new matrices";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        let mut values = self.room_for_values()?;
        self.check_sizes()?;
        let (re, im) = (values.re.as_mut_ptr(), values.im.as_mut_ptr());
        // SAFETY: a live problem with sizes that fit (above), and room for all values.
        unsafe { call!(DSSolve(*self.writable()?, re, im)) }?;
        if self.is_type("gsvd")? {
            // SLEPc leaves out infinite values.
            values.len = self.dimensions()?.t;
        }
        Ok(values)
    }

    fn room_for_values(&self) -> Result<Values> {
        let (room, n, degree) = (self.leading_dimension()?, self.dimensions()?.n, self.degree()?);
        let len = if self.is_type("svd")? {
            n.min(self.svd_columns()?)
        } else if self.is_type("gsvd")? {
            // After a solve, the number of finite values.
            self.dimensions()?.t
        } else {
            n * degree
        };
        let zeros = vec![Scalar::default(); room * degree];
        Ok(Values { re: zeros.clone(), im: zeros, len })
    }

    /// Checks sizes for which LAPACK would fail.
    fn check_sizes(&self) -> Result<()> {
        let sizes = self.dimensions()?;
        let wrong = |text: &str| Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        if sizes.n == 0 {
            return wrong("the dense problem has no dimensions: call set_dimensions");
        }
        let mut least = sizes.n;
        if self.is_type("svd")? {
            least = least.min(self.svd_columns()?);
            if least == 0 {
                return wrong("the dense problem has no columns: call set_svd_columns");
            }
            if sizes.l >= least {
                return wrong("all columns of the dense problem are leading columns");
            }
        }
        if self.is_type("gsvd")? {
            if self.gsvd_dimensions()?.0 == 0 {
                return wrong("the dense problem has no columns: call set_gsvd_dimensions");
            }
            if sizes.l > 0 {
                return wrong("a generalized problem cannot have leading columns");
            }
        }
        if self.compact()? && sizes.k >= least {
            return wrong("the arrow of a compact form must be before the last row");
        }
        Ok(())
    }

    /// Sorts the values, and reorders the condensed form and the vectors in the same way: `compare`
    /// returns `Less` if the first value comes before the second. With real scalars, conjugate
    /// pairs stay together. Logically collective: the result must be the same on all ranks.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the problem is not solved, or is truncated; `ARG_SIZ` for values of
    /// another problem; `SUP` for the singular values of a matrix with more rows than columns; the
    /// error of the closure.
    #[wraps(DSSort)]
    pub fn sort<F>(&mut self, values: &mut Values, compare: F) -> Result<()>
    where
        F: FnMut(Complex<Real>, Complex<Real>) -> Result<Ordering>,
    {
        self.check_solved()?;
        self.check_values(values)?;
        let sizes = self.dimensions()?;
        if self.state()? == State::Truncated {
            let text = "a truncated problem cannot be sorted";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        if self.is_type("svd")? && sizes.n > self.svd_columns()? {
            let text = "singular values of a matrix with more rows than columns cannot be sorted";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        if !values.pairs_are_whole(sizes.l) {
            let text = "the values contain one half of a complex conjugate pair";
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        let order = Order::<F>::new(compare);
        let (re, im) = (values.re.as_mut_ptr(), values.im.as_mut_ptr());
        let (shim, ctx) = (Some(sort_shim::<F> as _), order.ctx);
        // SAFETY: a live problem that was solved, its values, and a comparison that SLEPc drops
        // before it returns.
        unsafe { call!(PetscRsDSSort(*self.writable()?, re, im, shim, ctx)) }
    }

    fn check_values(&self, values: &Values) -> Result<()> {
        let expected = self.room_for_values()?;
        ffi::same_len("number of values", expected.len, values.len)?;
        ffi::same_len("number of values with storage", expected.re.len(), values.re.len())
    }

    /// Broadcasts the values and vectors of the first rank to all ranks, if the mode is
    /// [`Parallel::Synchronized`](super::Parallel). Without this call, the results of the ranks can
    /// differ by rounding errors. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the problem is not solved; `ARG_SIZ` for values of another problem.
    #[wraps(DSSynchronize)]
    pub fn synchronize(&mut self, values: &mut Values) -> Result<()> {
        self.check_solved()?;
        self.check_values(values)?;
        let (re, im) = (values.re.as_mut_ptr(), values.im.as_mut_ptr());
        // SAFETY: a live problem that was solved, and its values.
        unsafe { call!(DSSynchronize(*self.writable()?, re, im)) }
    }

    /// Computes all vectors of a kind: eigenvectors in [`DsMatrix::X`], left eigenvectors in
    /// [`DsMatrix::Y`]. [`matrix`](Self::matrix) returns the result. Singular vectors need no call:
    /// a solve computes them. With real scalars, the real and the imaginary part of the vector of a
    /// conjugate pair are in two columns. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the problem is not solved; `ARG_OUTOFRANGE` or `SUP` for a matrix that
    /// does not contain vectors of this type of problem.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use slepc_rs::prelude::*;
    /// let mut ds = Ds::new(comm, DsType::HEP, 2)?;
    /// ds.set_dimensions(2, 0, 0)?;
    /// let a = [2.0, 1.0, 1.0, 2.0].map(Scalar::from_real);
    /// ds.matrix_mut(DsMatrix::A)?.dense_mut()?.copy_from_slice(&a);
    /// let values = ds.solve()?;
    /// ds.vectors(DsMatrix::X)?;
    /// assert!(values.iter().any(|value| (value.re - 3.0).abs() < 1e-12));
    /// let x = ds.matrix(DsMatrix::X)?.dense()?[0]; // (1, 1)/√2, up to the sign
    /// assert!((x.modulus() - 0.5f64.sqrt()).abs() < 1e-12);
    /// # Ok(()) })
    /// ```
    #[wraps(DSVectors)]
    pub fn vectors(&mut self, which: DsMatrix) -> Result<()> {
        self.check_vectors(which)?;
        let none = ptr::null_mut();
        // SAFETY: a live problem that was solved; NULL for all vectors, and no residual.
        unsafe { call!(DSVectors(*self.writable()?, which.to_raw(), none, none.cast())) }
    }

    /// Computes vector number `j` only. Returns the number of the last column that was written; for
    /// a conjugate pair, this is the second column of the pair. With an [extra
    /// row](Self::set_extra_row), also returns the modulus of the last entry of the vector: the
    /// residual of the Krylov method is proportional to it. Logically collective.
    ///
    /// # Errors
    /// The errors of [`vectors`](Self::vectors); `ARG_OUTOFRANGE` if the vector does not exist.
    pub fn vector(&mut self, which: DsMatrix, j: usize) -> Result<(usize, Option<Real>)> {
        self.check_vectors(which)?;
        let n = self.dimensions()?.n * self.degree()?;
        if j >= n {
            return Err(out_of_range(format!("vector {j} lies outside 0..{n}")));
        }
        let (mut j, mut residual) = (ffi::petsc_int(j)?, 0.0);
        let wanted = (self.is_type("hep")? || self.is_type("nhep")?) && self.extra_row()?;
        let out = if wanted { &raw mut residual } else { ptr::null_mut() };
        // SAFETY: a live problem that was solved and has this vector, a valid in- and out-pointer, and one for the
        // residual or NULL.
        unsafe { call!(DSVectors(*self.writable()?, which.to_raw(), &raw mut j, out)) }?;
        Ok((ffi::size(j)?, wanted.then_some(residual)))
    }

    fn check_vectors(&self, which: DsMatrix) -> Result<()> {
        self.check_solved()?;
        if matches!(which, DsMatrix::X | DsMatrix::Y | DsMatrix::U | DsMatrix::V) {
            return Ok(());
        }
        let text = format!("the matrix {which:?} does not contain vectors");
        Err(out_of_range(text))
    }

    /// Truncates the problem to the first `n` values and the corresponding parts of the matrices.
    /// With `trim`, all dimensions are set as for a new problem of order `n`; otherwise the vectors
    /// keep their length. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the problem is not solved; `ARG_OUTOFRANGE` unless `n` lies between `l`
    /// and the current size; `SUP` for a type that does not support truncation.
    #[wraps(DSTruncate)]
    pub fn truncate(&mut self, n: usize, trim: bool) -> Result<()> {
        self.check_solved()?;
        let sizes = self.dimensions()?;
        if n < sizes.l || n > sizes.n {
            let text =
                format!("{} values cannot be truncated to {n}: {} are locked", sizes.n, sizes.l);
            return Err(out_of_range(text));
        }
        if n == 0 {
            return Err(out_of_range("a truncation must keep at least one value"));
        }
        let n = ffi::petsc_int(n)?;
        // SAFETY: a live problem that was solved, and a size within its size.
        unsafe { call!(DSTruncate(*self.writable()?, n, ffi::raw_bool(trim))) }
    }

    /// Applies the transformations of the condensed form to the extra row. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without an [extra row](Self::set_extra_row), or if the problem is not
    /// solved; `SUP` for a type without an extra row.
    #[wraps(DSUpdateExtraRow)]
    pub fn update_extra_row(&mut self) -> Result<()> {
        self.check_solved()?;
        // SAFETY: a live problem that was solved; SLEPc checks for the row.
        unsafe { call!(DSUpdateExtraRow(*self.writable()?)) }
    }
}
