//! Eigenvalues and eigenvectors of the last solve.

use num_complex::Complex;
use petsc_rs::vector::{Vector, VectorRef};
use petsc_rs::{Error, ErrorCode, Int, Real, Result, Scalar, ScalarExt as _, call, ffi};

use super::{EpsRef, ErrorType};
use crate::sys;

/// An eigenpair, or a conjugate pair of them, see [`EpsRef::eigenpairs`].
///
/// Vectors and errors are computed when they are asked for.
///
/// # Conjugate pairs
///
/// Complex eigenvalues of real matrices come in conjugate pairs `λ`, `λ̄` with the vectors `x`, `x̄`. Where
/// numbers are real, a pair is one item of the iterator, with the value of positive imaginary part,
/// and [`is_conjugate_pair`](Self::is_conjugate_pair) says so. Where numbers are complex, no symmetry
/// is assumed: every eigenvalue is an item of its own. [`EpsRef::eigenvalues`] has both values in
/// every build.
#[derive(Debug)]
pub struct Eigenpair<'a> {
    eps: &'a EpsRef,
    index: Int,
    value: Complex<Real>,
    error_estimate: Real,
}

/// The eigenpairs of the last solve, see [`EpsRef::eigenpairs`].
#[derive(Debug)]
pub struct Eigenpairs<'a> {
    eps: &'a EpsRef,
    next: Int,
    end: Int,
}

/// An eigenvector.
#[derive(Debug)]
pub struct Eigenvector {
    main: Vector,
    /// Where numbers are real and the eigenvalue is not.
    imaginary: Option<Vector>,
}

impl EpsRef {
    /// The eigenpairs that converged, in the order of [`set_which`](Self::set_which).
    ///
    /// Not collective by itself; the vectors and errors of a pair are.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if nothing was solved since the solver was changed.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Int, Matrix, Norm, Scalar, ScalarExt, Vector};
    /// # use slepc_rs::{Eps, eps::*};
    /// let diagonal = Vector::from_fn(comm, 5, |i| {
    ///     Ok(Scalar::from_real((i + 1) as f64))
    /// })?;
    /// let a = Matrix::diagonal_of(comm, &diagonal)?;
    /// let mut eps = Eps::new(comm)?;
    /// eps.set_operators(&a, None)?;
    /// eps.set_problem_type(ProblemType::Hermitian)?;
    /// eps.set_dimensions(Dimensions::nev(2))?;
    /// let _ = eps.solve()?;
    /// for (pair, expected) in eps.eigenpairs()?.zip([5.0, 4.0]) {
    ///     let pair = pair?;
    ///     assert!((pair.value().re - expected).abs() < 1e-7);
    ///     assert!(pair.error(ErrorType::Relative)? < 1e-7);
    ///     assert!((pair.vector()?.main().norm(Norm::Two)? - 1.0).abs() < 1e-7);
    /// }
    /// # Ok(()) })
    /// ```
    #[doc(alias = "EPSGetEigenpair")]
    pub fn eigenpairs(&self) -> Result<Eigenpairs<'_>> {
        Ok(Eigenpairs {
            eps: self,
            next: 0,
            end: self.solved()?,
        })
    }

    /// All eigenvalues that converged, both of a conjugate pair, in the order of
    /// [`set_which`](Self::set_which). Not collective.
    ///
    /// # Errors
    /// As [`eigenpairs`](Self::eigenpairs).
    #[doc(alias = "EPSGetEigenvalue")]
    pub fn eigenvalues(&self) -> Result<Vec<Complex<Real>>> {
        (0..self.solved()?).map(|i| self.raw_value(i)).collect()
    }

    /// Eigenvalue number `i` of [`eigenvalues`](Self::eigenvalues). Not collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if fewer have converged; as [`eigenpairs`](Self::eigenpairs).
    #[doc(alias = "EPSGetEigenvalue")]
    pub fn eigenvalue(&self, i: usize) -> Result<Complex<Real>> {
        let (i, end) = (ffi::petsc_int(i)?, self.solved()?);
        ffi::check_index(i, &(0..end))?;
        self.raw_value(i)
    }

    /// Number of eigenvalues of a solver that has solved; optimised SLEPc does not ask.
    fn solved(&self) -> Result<Int> {
        if !self.is_solved()? {
            return Err(Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "nothing was solved since the solver was created or changed",
            ));
        }
        ffi::petsc_int(self.converged()?)
    }

    fn raw_value(&self, i: Int) -> Result<Complex<Real>> {
        let (mut re, mut im) = (Scalar::default(), Scalar::default());
        // SAFETY: a solver that has solved, and valid out-pointers; SLEPc checks the index.
        unsafe { call!(EPSGetEigenvalue(self.as_ptr(), i, &raw mut re, &raw mut im)) }?;
        Ok(value(re, im))
    }
}

/// An eigenvalue as C has it: a real and an imaginary part, or one complex number.
pub(super) fn value(re: Scalar, im: Scalar) -> Complex<Real> {
    let imaginary = if Scalar::IS_COMPLEX {
        re.imaginary()
    } else {
        im.real()
    };
    Complex::new(re.real(), imaginary)
}

impl<'a> Iterator for Eigenpairs<'a> {
    type Item = Result<Eigenpair<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        (self.next < self.end).then(|| {
            let index = self.next;
            self.next += 1;
            let value = self.eps.raw_value(index)?;
            let mut error_estimate = 0.0;
            // SAFETY: a solver that has solved, and a valid out-pointer; SLEPc checks the index.
            unsafe {
                call!(EPSGetErrorEstimate(
                    self.eps.as_ptr(),
                    index,
                    &raw mut error_estimate
                ))
            }?;
            let pair = Eigenpair {
                eps: self.eps,
                index,
                value,
                error_estimate,
            };
            if pair.is_conjugate_pair() {
                self.next += 1;
            }
            Ok(pair)
        })
    }
}

impl Eigenpair<'_> {
    /// The eigenvalue; of a conjugate pair, the one of positive imaginary part.
    #[must_use]
    pub fn value(&self) -> Complex<Real> {
        self.value
    }

    /// Whether this stands for an eigenvalue and its conjugate; never where numbers are complex.
    #[must_use]
    pub fn is_conjugate_pair(&self) -> bool {
        !Scalar::IS_COMPLEX && self.value.im != 0.0
    }

    /// What the solver compared with its tolerance when it accepted the pair.
    #[must_use]
    #[doc(alias = "EPSGetErrorEstimate")]
    pub fn error_estimate(&self) -> Real {
        self.error_estimate
    }

    /// Computes the error from the residual `A·x - λ·B·x`. Collective.
    ///
    /// # Errors
    /// What `EPSComputeError` returns, such as no norm of a shell matrix for [`ErrorType::Backward`].
    #[doc(alias = "EPSComputeError")]
    pub fn error(&self, kind: ErrorType) -> Result<Real> {
        ffi::check_no_writer()?;
        let mut error = 0.0;
        // SAFETY: a solver that has solved, borrowed since, and a valid out-pointer.
        unsafe {
            call!(EPSComputeError(
                self.eps.as_ptr(),
                self.index,
                kind.to_raw(),
                &raw mut error
            ))
        }?;
        Ok(error)
    }

    /// The eigenvector, of norm 1 in the sense of the problem: `‖x‖₂`, or `‖x‖_B` where `B` is said to
    /// be positive. Collective.
    ///
    /// # Errors
    /// What `EPSGetEigenvector` returns.
    #[doc(alias = "EPSGetEigenvector")]
    #[track_caller]
    pub fn vector(&self) -> Result<Eigenvector> {
        self.collect(|re, im| {
            // SAFETY: a solver that has solved, borrowed since, and vectors made from its operator.
            unsafe { call!(EPSGetEigenvector(self.eps.as_ptr(), self.index, re, im)) }
        })
    }

    /// The left eigenvector, `yᴴ·A = λ·yᴴ·B`. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` unless [`set_two_sided`](EpsRef::set_two_sided) asked for it.
    #[doc(alias = "EPSGetLeftEigenvector")]
    #[track_caller]
    pub fn left_vector(&self) -> Result<Eigenvector> {
        self.collect(|re, im| {
            // SAFETY: as for `vector`; SLEPc checks that left vectors were computed.
            unsafe { call!(EPSGetLeftEigenvector(self.eps.as_ptr(), self.index, re, im)) }
        })
    }

    #[track_caller]
    fn collect(&self, get: impl FnOnce(sys::Vec, sys::Vec) -> Result<()>) -> Result<Eigenvector> {
        ffi::check_no_writer()?;
        let (a, _) = self.eps.operators()?;
        let (main, other) = a.vectors()?;
        let imaginary = self.is_conjugate_pair().then_some(other);
        let im = imaginary
            .as_deref()
            .map_or(std::ptr::null_mut(), VectorRef::as_ptr);
        get(main.as_ptr(), im)?;
        Ok(Eigenvector { main, imaginary })
    }
}

impl Eigenvector {
    /// The vector, where numbers are complex or the eigenvalue is real; else its real part.
    #[must_use]
    pub fn main(&self) -> &Vector {
        &self.main
    }

    /// The imaginary part, where numbers are real and the eigenvalue is not.
    #[must_use]
    pub fn imaginary(&self) -> Option<&Vector> {
        self.imaginary.as_ref()
    }

    /// [`main`](Self::main) and [`imaginary`](Self::imaginary), to keep.
    #[must_use]
    pub fn into_parts(self) -> (Vector, Option<Vector>) {
        (self.main, self.imaginary)
    }

    /// The entries of this rank as complex numbers, in every build. Not collective.
    ///
    /// # Errors
    /// What [`VectorRef::array`] returns.
    pub fn local_values(&self) -> Result<Vec<Complex<Real>>> {
        let main = self.main.array()?;
        match &self.imaginary {
            None => Ok(main.iter().map(|x| value(*x, Scalar::default())).collect()),
            Some(imaginary) => {
                let imaginary = imaginary.array()?;
                let both = main.iter().zip(imaginary.iter());
                Ok(both.map(|(x, y)| value(*x, *y)).collect())
            }
        }
    }
}
