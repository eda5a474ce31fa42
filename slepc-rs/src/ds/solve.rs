//! Solving, and what comes after.

use std::cmp::Ordering;
use std::ffi::c_void;
use std::marker::PhantomData;
use std::ptr;

use num_complex::Complex;
use petsc_macros::wraps;
use petsc_rs::callback::Context;
use petsc_rs::{Error, ErrorCode, Object as _, Real, Result, Scalar, ScalarExt as _, call, ffi};

use super::{DsMatrix, DsRef, State};
use crate::solver::{comparison, out_of_range, value};
use crate::sys;

/// The values of a dense problem, see [`DsRef::solve`].
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    re: Vec<Scalar>,
    im: Vec<Scalar>,
    len: usize,
}

impl Values {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Value number `i`.
    #[must_use]
    pub fn get(&self, i: usize) -> Option<Complex<Real>> {
        (i < self.len).then(|| value(self.re[i], self.im[i]))
    }

    /// All, in their order.
    pub fn iter(&self) -> impl Iterator<Item = Complex<Real>> + '_ {
        (0..self.len).map(|i| value(self.re[i], self.im[i]))
    }

    /// Where numbers are real, a value off the axis is the first of a pair; sorting looks at the second one unasked.
    fn pairs_are_whole(&self, first: usize) -> bool {
        let mut i = first;
        while i < self.len {
            let second = !Scalar::IS_COMPLEX && value(self.re[i], self.im[i]).im != 0.0;
            i += if second { 2 } else { 1 };
        }
        i == self.len.max(first)
    }
}

/// An order that is lent for one call, and freed on every way out: the call may go on with a panic of the closure.
struct Order<F> {
    ctx: *mut c_void,
    _closure: PhantomData<F>,
}

impl<F> Order<F> {
    fn new(compare: F) -> Self {
        Self {
            ctx: Context::into_raw(compare),
            _closure: PhantomData,
        }
    }
}

impl<F> Drop for Order<F> {
    fn drop(&mut self) {
        // SAFETY: the count of `into_raw`, which C does not have any more.
        unsafe { Context::<F>::free(self.ctx) };
    }
}

comparison!(sort_shim[c"order of a dense problem"]);

impl DsRef {
    /// Solves: brings the matrices to a condensed form, and returns the eigenvalues, or the singular values. Every rank
    /// does it for itself. Logically collective.
    ///
    /// # Errors
    /// `SUP` for generalized singular values where a vector is in the null space of both matrices;
    /// `ARG_WRONGSTATE` without dimensions, or if it was solved already: say [`set_state`](Self::set_state) that the
    /// matrices are new; `ARG_OUTOFRANGE` if there is no [method](Self::set_method) of that number; what LAPACK says.
    #[wraps(DSSolve)]
    pub fn solve(&mut self) -> Result<Values> {
        if matches!(self.state()?, State::Condensed | State::Truncated) {
            let text =
                "the dense problem was solved already: say `set_state` that its matrices are new";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        let mut values = self.room_for_values()?;
        self.check_sizes()?;
        let (re, im) = (values.re.as_mut_ptr(), values.im.as_mut_ptr());
        // SAFETY: a live problem with sizes that fit (above), and room for all values.
        unsafe { call!(DSSolve(*self.writable()?, re, im)) }?;
        if self.is_type("gsvd")? {
            // Infinite values are left out.
            values.len = self.dimensions()?.t;
        }
        Ok(values)
    }

    fn room_for_values(&self) -> Result<Values> {
        let (room, n, degree) = (
            self.leading_dimension()?,
            self.dimensions()?.n,
            self.degree()?,
        );
        let len = if self.is_type("svd")? {
            n.min(self.svd_columns()?)
        } else if self.is_type("gsvd")? {
            // After a solve, the number of values that are finite.
            self.dimensions()?.t
        } else {
            n * degree
        };
        let zeros = vec![Scalar::default(); room * degree];
        Ok(Values {
            re: zeros.clone(),
            im: zeros,
            len,
        })
    }

    /// What LAPACK would not survive.
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
                return wrong("all columns of the dense problem are leading ones");
            }
        }
        if self.is_type("gsvd")? {
            if self.gsvd_dimensions()?.0 == 0 {
                return wrong("the dense problem has no columns: call set_gsvd_dimensions");
            }
            if sizes.l > 0 {
                return wrong("no columns of a generalised problem are leading ones");
            }
        }
        if self.compact()? && sizes.k >= least {
            return wrong("the arrow of a compact form stands before its last row");
        }
        Ok(())
    }

    /// Sorts values, and with them the condensed form and its vectors: `Less` if the first comes before the second.
    /// Where numbers are real, pairs stay together. Logically collective: all ranks must say the same.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if it was not solved, or is truncated; `ARG_SIZ` for values of another problem; `SUP` for the
    /// singular values of a matrix with more rows than columns; the closure's own error.
    #[wraps(DSSort)]
    pub fn sort<F>(&mut self, values: &mut Values, compare: F) -> Result<()>
    where
        F: FnMut(Complex<Real>, Complex<Real>) -> Result<Ordering>,
    {
        self.check_solved()?;
        self.check_values(values)?;
        let sizes = self.dimensions()?;
        if self.state()? == State::Truncated {
            let text = "a truncated problem is not sorted";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        if self.is_type("svd")? && sizes.n > self.svd_columns()? {
            let text = "singular values are not sorted where there are more rows than columns";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        if !values.pairs_are_whole(sizes.l) {
            let text = "a pair of values is torn apart";
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        let order = Order::<F>::new(compare);
        let (re, im) = (values.re.as_mut_ptr(), values.im.as_mut_ptr());
        let (shim, ctx) = (Some(sort_shim::<F> as _), order.ctx);
        // SAFETY: a live problem that was solved, its values, and an order that SLEPc forgets before it returns.
        unsafe { call!(PetscRsDSSort(*self.writable()?, re, im, shim, ctx)) }
    }

    fn check_values(&self, values: &Values) -> Result<()> {
        let expected = self.room_for_values()?;
        ffi::same_len("values", expected.len, values.len)?;
        ffi::same_len("room for values", expected.re.len(), values.re.len())
    }

    /// Gives every rank the values and the vectors of the first one, with [`Parallel::Synchronized`](super::Parallel):
    /// rounding may differ between machines. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if it was not solved; `ARG_SIZ` for values of another problem.
    #[wraps(DSSynchronize)]
    pub fn synchronize(&mut self, values: &mut Values) -> Result<()> {
        self.check_solved()?;
        self.check_values(values)?;
        let (re, im) = (values.re.as_mut_ptr(), values.im.as_mut_ptr());
        // SAFETY: a live problem that was solved, and its values.
        unsafe { call!(DSSynchronize(*self.writable()?, re, im)) }
    }

    /// Forms all vectors of a kind: eigenvectors in [`DsMatrix::X`], left ones in [`DsMatrix::Y`], of which
    /// [`matrix`](Self::matrix) lends the result. Singular vectors are there after the solve. Where numbers are real, a
    /// pair of values has the real and the imaginary part of its vector in two columns. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if it was not solved; `ARG_OUTOFRANGE` or `SUP` for a matrix that does not hold vectors of this
    /// kind of problem.
    #[wraps(DSVectors)]
    pub fn vectors(&mut self, which: DsMatrix) -> Result<()> {
        self.check_vectors(which)?;
        let none = ptr::null_mut();
        // SAFETY: a live problem that was solved; NULL for all vectors, and no residual.
        unsafe {
            call!(DSVectors(
                *self.writable()?,
                which.to_raw(),
                none,
                none.cast()
            ))
        }
    }

    /// Forms vector number `j` alone. Returns the number of the last column that was written (of a pair, the second
    /// one) and, with an [extra row](Self::set_extra_row), how the residual of the method relates to it: the last
    /// entry of the vector, in modulus. Logically collective.
    ///
    /// # Errors
    /// The errors of [`vectors`](Self::vectors); `ARG_OUTOFRANGE` for a vector that there is not.
    pub fn vector(&mut self, which: DsMatrix, j: usize) -> Result<(usize, Option<Real>)> {
        self.check_vectors(which)?;
        let n = self.dimensions()?.n * self.degree()?;
        if j >= n {
            return Err(out_of_range(format!("vector {j} of {n}")));
        }
        let (mut j, mut residual) = (ffi::petsc_int(j)?, 0.0);
        let wanted = (self.is_type("hep")? || self.is_type("nhep")?) && self.extra_row()?;
        let out = if wanted {
            &raw mut residual
        } else {
            ptr::null_mut()
        };
        // SAFETY: a live problem that was solved and has this vector, a valid in- and out-pointer, and one for the
        // residual or NULL.
        unsafe {
            call!(DSVectors(
                *self.writable()?,
                which.to_raw(),
                &raw mut j,
                out
            ))
        }?;
        Ok((ffi::size(j)?, wanted.then_some(residual)))
    }

    fn check_vectors(&self, which: DsMatrix) -> Result<()> {
        self.check_solved()?;
        if matches!(which, DsMatrix::X | DsMatrix::Y | DsMatrix::U | DsMatrix::V) {
            return Ok(());
        }
        let text = format!("the matrix {which:?} does not hold vectors");
        Err(out_of_range(text))
    }

    /// Keeps the first `n` values and what belongs to them; with `trim`, as a problem that is new, else the vectors
    /// keep their length. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if it was not solved; `ARG_OUTOFRANGE` unless `l ≤ n ≤` the size now; `SUP` for a kind that is
    /// not truncated.
    #[wraps(DSTruncate)]
    pub fn truncate(&mut self, n: usize, trim: bool) -> Result<()> {
        self.check_solved()?;
        let sizes = self.dimensions()?;
        if n < sizes.l || n > sizes.n {
            let text = format!("{} values cut to {n}, of which {} stay", sizes.n, sizes.l);
            return Err(out_of_range(text));
        }
        if n == 0 {
            return Err(out_of_range("at least one value is kept"));
        }
        let n = ffi::petsc_int(n)?;
        // SAFETY: a live problem that was solved, and a size within its own.
        unsafe { call!(DSTruncate(*self.writable()?, n, ffi::raw_bool(trim))) }
    }

    /// Brings the extra row up to the condensed form. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without an [extra row](Self::set_extra_row), or if it was not solved; `SUP` for a kind that has
    /// none.
    #[wraps(DSUpdateExtraRow)]
    pub fn update_extra_row(&mut self) -> Result<()> {
        self.check_solved()?;
        // SAFETY: a live problem that was solved; SLEPc asks for the row.
        unsafe { call!(DSUpdateExtraRow(*self.writable()?)) }
    }
}
