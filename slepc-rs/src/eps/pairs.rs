//! Eigenvalues and eigenvectors of the last solve.

use petsc_rs::{Result, Scalar, call, ffi};

use super::{EpsRef, ErrorType};
use crate::{solver, sys};

pub use crate::solver::Eigenvector;

/// An eigenpair, or a complex conjugate pair of eigenpairs, see [`EpsRef::eigenpairs`].
pub type Eigenpair<'a> = solver::Eigenpair<'a, EpsRef>;

/// The eigenpairs of the last solve, see [`EpsRef::eigenpairs`].
pub type Eigenpairs<'a> = solver::Eigenpairs<'a, EpsRef>;

solver::eigenpairs! {
    /// Returns an iterator over the converged eigenpairs, in the order of
    /// [`set_which`](Self::set_which).
    ///
    /// Not collective; methods of a pair that compute vectors or errors are collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before the first solve, or if the solver was changed after the last one.
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
    #[doc(alias = "EPSGetEigenvalue")]
    EpsRef, ErrorType, "Not collective.", not_collective;
    EPSGetEigenvalue (0), EPSGetEigenpair, EPSGetErrorEstimate, EPSComputeError
}

solver::left_vectors! {
    /// Returns the left eigenvector `y`, with `yᴴ·A = λ·yᴴ·B`. Collective.
    #[doc(alias = "EPSGetLeftEigenvector")]
    EpsRef; EPSGetLeftEigenvector
}

impl EpsRef {
    /// Maps eigenvalues of the transformed problem to those of the original problem.
    fn to_problem(&self, re: &mut [Scalar], im: &mut [Scalar]) -> Result<()> {
        let (n, st) = (ffi::petsc_int(re.len().min(im.len()))?, self.st()?.as_ptr());
        // SAFETY: the live transformation of a solver that is solving; both arrays have `n` entries.
        unsafe { call!(STBackTransform(st, n, re.as_mut_ptr(), im.as_mut_ptr())) }
    }
}
