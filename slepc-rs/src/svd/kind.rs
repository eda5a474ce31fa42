//! Names and closed sets of singular value solvers.

use crate::sys;

petsc_rs::type_names! {
    /// Method of a singular value solver.
    #[doc(alias = "SVDType")]
    SvdType;
    /// An eigensolver for `AᴴA`. The default; loses half of the digits of small singular values.
    CROSS = c"cross",
    /// An eigensolver for `[0 A; Aᴴ 0]`.
    CYCLIC = c"cyclic",
    /// All singular values of a small matrix as a dense one on every rank; for checks.
    LAPACK = c"lapack",
    /// Golub-Kahan-Lanczos with explicit restart.
    LANCZOS = c"lanczos",
    /// Golub-Kahan-Lanczos with thick restart.
    TRLANCZOS = c"trlanczos",
    /// Random projections, for a few digits of many values.
    RANDOMIZED = c"randomized",
    /// ScaLAPACK.
    SCALAPACK = c"scalapack",
    /// KSVD.
    KSVD = c"ksvd",
    /// Elemental.
    ELEMENTAL = c"elemental",
    /// PRIMME.
    PRIMME = c"primme",
}

petsc_rs::c_enum! {
    /// Kind of a singular value problem.
    #[doc(alias = "SVDProblemType")]
    ProblemType of SVDProblemType;
    /// Of one matrix.
    Standard = SVD_STANDARD,
    /// Of a pair of matrices.
    Generalized = SVD_GENERALIZED,
    /// Of one matrix, with a signature.
    Hyperbolic = SVD_HYPERBOLIC,
}

petsc_rs::c_enum! {
    /// Which singular values are wanted.
    #[doc(alias = "SVDWhich")]
    Which of SVDWhich;
    /// The largest. The default.
    Largest = SVD_LARGEST,
    /// The smallest.
    Smallest = SVD_SMALLEST,
}

petsc_rs::c_enum! {
    /// What an error is measured against.
    #[doc(alias = "SVDErrorType")]
    ErrorType of SVDErrorType;
    /// `√(‖A·v - σ·u‖² + ‖Aᴴ·u - σ·v‖²)`.
    Absolute = SVD_ERROR_ABSOLUTE,
    /// The same relative to the singular value.
    Relative = SVD_ERROR_RELATIVE,
    /// The same relative to the norm of the matrix.
    Norm = SVD_ERROR_NORM,
}

petsc_rs::c_enum! {
    /// What a solver compares with its tolerance.
    #[doc(alias = "SVDConv")]
    ConvergenceTest of SVDConv;
    /// The residual norm.
    Absolute = SVD_CONV_ABS,
    /// The residual norm relative to the singular value. The default.
    Relative = SVD_CONV_REL,
    /// The residual norm relative to the norm of the matrix. The default of generalized problems.
    Norm = SVD_CONV_NORM,
    /// Nothing: all iterations are done, for `randomized`.
    MaxIterations = SVD_CONV_MAXIT,
    /// What [`set_convergence_test_function`](crate::SvdRef::set_convergence_test_function) says.
    User = SVD_CONV_USER,
}

petsc_rs::converged_reasons! {
    /// Why a singular value solver stopped.
    #[doc(alias = "SVDConvergedReason")]
    ConvergedReason of SVDConvergedReason;
    /// As many triplets as were wanted are within the tolerance.
    Tolerance = sys::SVD_CONVERGED_TOL, "all wanted triplets are within the tolerance", "";
    /// A test of the program was content.
    User = sys::SVD_CONVERGED_USER, "the program's own test was content", "";
    /// All iterations were done, as [`ConvergenceTest::MaxIterations`] asks.
    MaxIterations = sys::SVD_CONVERGED_MAXIT, "all iterations were done", "";
    /// The limit of iterations was reached.
    IterationLimit = sys::SVD_DIVERGED_ITS, "iteration limit reached", "raise -svd_max_it or -svd_ncv, or try -svd_type trlanczos";
    /// The method broke down.
    Breakdown = sys::SVD_DIVERGED_BREAKDOWN, "the method broke down", "try another -svd_type, or check the matrix for NaN";
    /// Not decided yet.
    Iterating = sys::SVD_CONVERGED_ITERATING, "still iterating", "";
}

impl crate::solver::Reason for ConvergedReason {
    const SOLVER: &'static str = "singular value solver";
    const ITEMS: &'static str = "singular triplets";

    fn advice(self) -> &'static str {
        self.hint()
    }
}
