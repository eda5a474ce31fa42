//! Eigenvalues and eigenvectors of the last solve.

use num_complex::Complex;
use petsc_macros::wraps;
use petsc_rs::vector::{Vector, VectorRef};
use petsc_rs::{Int, Object, Real, Result, Scalar, ScalarExt as _, ffi};

use crate::base::value;
use crate::sys;

/// A class of eigensolvers, with the functions that an eigenpair calls to compute its values,
/// vectors and errors. Implemented by the borrowed handles of this crate.
pub trait Eigensolver: Object + std::fmt::Debug + Sized {
    /// Definition of the error of a pair.
    type ErrorType: Copy;

    #[doc(hidden)]
    fn read_value(&self, i: Int) -> Result<Complex<Real>>;
    #[doc(hidden)]
    fn read_estimate(&self, i: Int) -> Result<Real>;
    #[doc(hidden)]
    fn read_vector(&self, i: Int, re: &Vector, im: Option<&Vector>) -> Result<()>;
    #[doc(hidden)]
    fn compute_error(&self, i: Int, kind: Self::ErrorType) -> Result<Real>;
    /// Creates two vectors that match the operators.
    #[doc(hidden)]
    fn new_vectors(&self) -> Result<(Vector, Vector)>;
    /// Maps eigenvalues of the transformed problem to those of the original problem.
    #[doc(hidden)]
    fn back_transform(&self, re: &mut [Scalar], im: &mut [Scalar]) -> Result<()>;
}

/// An eigenpair, or a complex conjugate pair of eigenpairs, see
/// [`EpsRef::eigenpairs`](crate::EpsRef::eigenpairs).
///
/// Vectors and errors are computed when the corresponding method is called.
///
/// # Conjugate pairs
///
/// Complex eigenvalues of real matrices come in conjugate pairs `λ`, `λ̄` with the eigenvectors
/// `x`, `x̄`. With real scalars, the iterator returns such a pair as one item: it has the
/// eigenvalue with positive imaginary part, and [`is_conjugate_pair`](Self::is_conjugate_pair)
/// returns true. With complex scalars, every eigenvalue is a separate item. `eigenvalues()`
/// contains both eigenvalues in every build.
#[derive(Debug)]
pub struct Eigenpair<'a, S> {
    solver: &'a S,
    index: Int,
    value: Complex<Real>,
    error_estimate: Real,
}

/// The eigenpairs of the last solve, see [`EpsRef::eigenpairs`](crate::EpsRef::eigenpairs).
#[derive(Debug)]
pub struct Eigenpairs<'a, S> {
    solver: &'a S,
    next: Int,
    end: Int,
}

/// An eigenvector.
#[derive(Debug)]
pub struct Eigenvector {
    main: Vector,
    /// Present with real scalars and a complex eigenvalue.
    imaginary: Option<Vector>,
}

impl<'a, S> Eigenpairs<'a, S> {
    /// Creates an iterator over `end` results of a solver that has solved.
    pub(crate) fn of(solver: &'a S, end: Int) -> Self {
        Self { solver, next: 0, end }
    }
}

impl<'a, S: Eigensolver> Iterator for Eigenpairs<'a, S> {
    type Item = Result<Eigenpair<'a, S>>;

    fn next(&mut self) -> Option<Self::Item> {
        (self.next < self.end).then(|| {
            let index = self.next;
            self.next += 1;
            let pair = Eigenpair {
                solver: self.solver,
                index,
                value: self.solver.read_value(index)?,
                error_estimate: self.solver.read_estimate(index)?,
            };
            if pair.is_conjugate_pair() {
                self.next += 1;
            }
            Ok(pair)
        })
    }
}

impl<S: Eigensolver> Eigenpair<'_, S> {
    /// Returns the eigenvalue. A conjugate pair is represented by the eigenvalue with positive
    /// imaginary part.
    #[must_use]
    pub fn value(&self) -> Complex<Real> {
        self.value
    }

    /// Returns whether this item stands for an eigenvalue and its conjugate; always false with
    /// complex scalars.
    #[must_use]
    pub fn is_conjugate_pair(&self) -> bool {
        !Scalar::IS_COMPLEX && self.value.im != 0.0
    }

    /// Returns the error estimate that the solver compared with its tolerance.
    #[wraps(EPSGetErrorEstimate, PEPGetErrorEstimate, NEPGetErrorEstimate)]
    #[must_use]
    pub fn error_estimate(&self) -> Real {
        self.error_estimate
    }

    /// Computes the error from the residual of the problem. Collective.
    ///
    /// # Errors
    /// The errors of the C function of the class (`EPSComputeError` and so on); for example, the
    /// backward error requires the norm of a matrix, which shell matrices do not have.
    #[wraps(EPSComputeError, PEPComputeError, NEPComputeError)]
    pub fn error(&self, kind: S::ErrorType) -> Result<Real> {
        ffi::check_no_writer()?;
        self.solver.compute_error(self.index, kind)
    }

    /// Computes the eigenvector, normalized to `‖x‖₂ = 1`, or to `‖x‖_B = 1` if the problem type
    /// requires a positive definite `B`. Collective.
    ///
    /// # Errors
    /// The errors of the C function of the class (`EPSGetEigenvector` and so on).
    #[track_caller]
    pub fn vector(&self) -> Result<Eigenvector> {
        self.collect(|re, im| self.solver.read_vector(self.index, re, im))
    }

    #[track_caller]
    pub(crate) fn collect(
        &self,
        get: impl FnOnce(&Vector, Option<&Vector>) -> Result<()>,
    ) -> Result<Eigenvector> {
        ffi::check_no_writer()?;
        let (main, other) = self.solver.new_vectors()?;
        let imaginary = self.is_conjugate_pair().then_some(other);
        get(&main, imaginary.as_ref())?;
        Ok(Eigenvector { main, imaginary })
    }

    pub(crate) fn place(&self) -> (&S, Int) {
        (self.solver, self.index)
    }
}

impl Eigenvector {
    /// Returns the eigenvector; with real scalars and a complex eigenvalue, its real part.
    ///
    /// # Examples
    /// See [`EpsRef::eigenpairs`](crate::EpsRef::eigenpairs).
    #[must_use]
    pub fn main(&self) -> &Vector {
        &self.main
    }

    /// Returns the imaginary part of the eigenvector, with real scalars and a complex eigenvalue.
    #[must_use]
    pub fn imaginary(&self) -> Option<&Vector> {
        self.imaginary.as_ref()
    }

    /// Returns [`main`](Self::main) and [`imaginary`](Self::imaginary) as owned vectors.
    #[must_use]
    pub fn into_parts(self) -> (Vector, Option<Vector>) {
        (self.main, self.imaginary)
    }

    /// Returns the entries of this rank as complex numbers, in every build. Not collective.
    ///
    /// # Errors
    /// The errors of [`VectorRef::array`].
    pub fn local_values(&self) -> Result<Vec<Complex<Real>>> {
        petsc_rs::not_collective!();
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

/// Converts the vectors for C: the second one may be NULL.
pub(crate) fn raw_pair(re: &Vector, im: Option<&Vector>) -> (sys::Vec, sys::Vec) {
    let im = im.map(|im| -> &VectorRef { im });
    (re.as_ptr(), im.map_or(std::ptr::null_mut(), VectorRef::as_ptr))
}

/// Defines `eigenpairs`, `eigenvalues` and `eigenvalue`. `value` contains the C call that returns
/// an eigenvalue.
macro_rules! eigenpairs {
    (
        $(#[$meta:meta])* $borrowed:ident, $error_type:ident, $collective:literal $(, $declared:ident)?;
        $get_value:ident $nulls:tt, $get_pair:ident, $get_estimate:ident, $compute_error:ident
    ) => {
        impl $borrowed {
            $(#[$meta])*
            pub fn eigenpairs(&self) -> petsc_rs::Result<$crate::solver::Eigenpairs<'_, Self>> {
                $(petsc_rs::$declared!();)?
                Ok($crate::solver::Eigenpairs::of(self, self.solved()?))
            }

            #[doc = concat!("Returns all converged eigenvalues, both of each conjugate pair, in the order of ",
                "[`set_which`](Self::set_which). ", $collective)]
            ///
            /// # Errors
            /// The errors of [`eigenpairs`](Self::eigenpairs).
            pub fn eigenvalues(
                &self,
            ) -> petsc_rs::Result<Vec<num_complex::Complex<petsc_rs::Real>>> {
                $(petsc_rs::$declared!();)?
                use $crate::solver::Eigensolver as _;
                (0..self.solved()?).map(|i| self.read_value(i)).collect()
            }

            #[doc = concat!("Returns eigenvalue number `i` of [`eigenvalues`](Self::eigenvalues). ", $collective)]
            ///
            /// # Errors
            /// `ARG_OUTOFRANGE` if fewer have converged; the errors of
            /// [`eigenpairs`](Self::eigenpairs).
            pub fn eigenvalue(&self, i: usize) -> petsc_rs::Result<num_complex::Complex<petsc_rs::Real>> {
                $(petsc_rs::$declared!();)?
                use $crate::solver::Eigensolver as _;
                let (i, end) = (petsc_rs::ffi::petsc_int(i)?, self.solved()?);
                petsc_rs::ffi::check_index(i, &(0..end))?;
                self.read_value(i)
            }
        }

        impl $crate::solver::Eigensolver for $borrowed {
            type ErrorType = $error_type;

            fn read_value(&self, i: petsc_rs::Int) -> petsc_rs::Result<num_complex::Complex<petsc_rs::Real>> {
                self.check_result(i)?;
                if stringify!($nulls) == "(2)" {
                    // It computes the vectors as well.
                    self.check_vectors()?;
                }
                let (mut re, mut im) = (petsc_rs::Scalar::default(), petsc_rs::Scalar::default());
                // SAFETY: a solver that has this result (above), and valid out-pointers.
                unsafe {
                    $crate::solver::call_with_nulls!($get_value(self.as_ptr(), i, &raw mut re, &raw mut im) $nulls)
                }?;
                Ok($crate::base::value(re, im))
            }

            fn read_estimate(&self, i: petsc_rs::Int) -> petsc_rs::Result<petsc_rs::Real> {
                self.check_result(i)?;
                let mut estimate = 0.0;
                // SAFETY: a solver that has this result (above), and a valid out-pointer.
                unsafe { petsc_rs::call!($get_estimate(self.as_ptr(), i, &raw mut estimate)) }?;
                Ok(estimate)
            }

            fn read_vector(
                &self,
                i: petsc_rs::Int,
                re: &petsc_rs::Vector,
                im: Option<&petsc_rs::Vector>,
            ) -> petsc_rs::Result<()> {
                self.check_result(i)?;
                self.check_vectors()?;
                let (re, im) = $crate::solver::raw_pair(re, im);
                let none = ::std::ptr::null_mut();
                // SAFETY: a solver that has this result (above), and vectors made from its operators.
                unsafe { petsc_rs::call!($get_pair(self.as_ptr(), i, none, ::std::ptr::null_mut(), re, im)) }
            }

            fn compute_error(&self, i: petsc_rs::Int, kind: $error_type) -> petsc_rs::Result<petsc_rs::Real> {
                self.check_result(i)?;
                self.check_vectors()?;
                let mut error = 0.0;
                // SAFETY: a solver that has this result (above), and a valid out-pointer.
                unsafe { petsc_rs::call!($compute_error(*self.busy()?, i, kind.to_raw(), &raw mut error)) }?;
                Ok(error)
            }

            fn new_vectors(&self) -> petsc_rs::Result<(petsc_rs::Vector, petsc_rs::Vector)> {
                self.first_operator()?.vectors()
            }

            fn back_transform(
                &self,
                re: &mut [petsc_rs::Scalar],
                im: &mut [petsc_rs::Scalar],
            ) -> petsc_rs::Result<()> {
                self.to_problem(re, im)
            }
        }
    };
}

/// Defines `left_vector` of the pairs of a class.
macro_rules! left_vectors {
    ($(#[$doc:meta])* $borrowed:ident; $get:ident) => {
        impl $crate::solver::Eigenpair<'_, $borrowed> {
            $(#[$doc])*
            ///
            /// # Errors
            #[doc = concat!("`ARG_WRONGSTATE` unless [`set_two_sided`](", stringify!($borrowed),
                "::set_two_sided) was set before the solve.")]
            #[track_caller]
            pub fn left_vector(&self) -> petsc_rs::Result<$crate::solver::Eigenvector> {
                let (solver, index) = self.place();
                self.collect(|re, im| {
                    solver.check_result(index)?;
                    solver.check_vectors()?;
                    let (re, im) = $crate::solver::raw_pair(re, im);
                    // SAFETY: a solver that has this result (above), and vectors made from its operators; SLEPc checks
                    // that left vectors were computed.
                    unsafe { petsc_rs::call!($get(solver.as_ptr(), index, re, im)) }
                })
            }
        }
    };
}

/// Passes NULL for vectors that are not needed.
macro_rules! call_with_nulls {
    ($f:ident($($arg:expr),*) (2)) => {
        petsc_rs::call!($f($($arg,)* ::std::ptr::null_mut(), ::std::ptr::null_mut()))
    };
    ($f:ident($($arg:expr),*) (0)) => {
        petsc_rs::call!($f($($arg),*))
    };
}

pub(crate) use {call_with_nulls, eigenpairs, left_vectors};
