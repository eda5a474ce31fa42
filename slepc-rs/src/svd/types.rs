//! Types and enumerations of singular value solvers.

use crate::sys;

petsc_rs::type_names! {
    /// Type of a singular value solver.
    #[doc(alias = "SVDType")]
    SvdType;
    /// An eigensolver for `AᴴA`. The default. It computes small singular values with only half of
    /// the digits of the precision.
    CROSS = c"cross",
    /// An eigensolver for `[0 A; Aᴴ 0]`.
    CYCLIC = c"cyclic",
    /// LAPACK: all singular values. Every rank solves the complete problem with a dense matrix; for
    /// small problems and checks.
    LAPACK = c"lapack",
    /// Golub-Kahan-Lanczos with explicit restart.
    LANCZOS = c"lanczos",
    /// Golub-Kahan-Lanczos with thick restart.
    TRLANCZOS = c"trlanczos",
    /// Randomized SVD, for many values with low accuracy.
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
    /// Type of a singular value problem.
    #[doc(alias = "SVDProblemType")]
    ProblemType of SVDProblemType;
    /// Standard: one matrix.
    Standard = SVD_STANDARD,
    /// Generalized: a pair of matrices.
    Generalized = SVD_GENERALIZED,
    /// Hyperbolic: one matrix, with a signature.
    Hyperbolic = SVD_HYPERBOLIC,
}

petsc_rs::c_enum! {
    /// The singular values to compute.
    #[doc(alias = "SVDWhich")]
    Which of SVDWhich;
    /// The largest. The default.
    Largest = SVD_LARGEST,
    /// The smallest.
    Smallest = SVD_SMALLEST,
}

petsc_rs::c_enum! {
    /// Definition of the error of a triplet.
    #[doc(alias = "SVDErrorType")]
    ErrorType of SVDErrorType;
    /// `√(‖A·v - σ·u‖² + ‖Aᴴ·u - σ·v‖²)`.
    Absolute = SVD_ERROR_ABSOLUTE,
    /// The absolute error relative to the singular value.
    Relative = SVD_ERROR_RELATIVE,
    /// The absolute error relative to the norm of the matrix.
    Norm = SVD_ERROR_NORM,
}

petsc_rs::c_enum! {
    /// Convergence test: the quantity that is compared with the tolerance.
    #[doc(alias = "SVDConv")]
    ConvergenceTest of SVDConv;
    /// The residual norm.
    Absolute = SVD_CONV_ABS,
    /// The residual norm relative to the singular value. The default.
    Relative = SVD_CONV_REL,
    /// The residual norm relative to the norm of the matrix. The default of generalized problems.
    Norm = SVD_CONV_NORM,
    /// No test: the solver performs all iterations. For `randomized`.
    MaxIterations = SVD_CONV_MAXIT,
    /// The result of
    /// [`set_convergence_test_function`](crate::SvdRef::set_convergence_test_function).
    User = SVD_CONV_USER,
}

petsc_rs::converged_reasons! {
    /// Reason why a singular value solver stopped.
    #[doc(alias = "SVDConvergedReason")]
    ConvergedReason of SVDConvergedReason;
    /// The requested number of triplets converged within the tolerance.
    Tolerance = sys::SVD_CONVERGED_TOL, "all requested triplets converged within the tolerance", "";
    /// The user-defined stopping test was satisfied.
    User = sys::SVD_CONVERGED_USER, "the user-defined stopping test was satisfied", "";
    /// All iterations were performed, with [`ConvergenceTest::MaxIterations`].
    MaxIterations = sys::SVD_CONVERGED_MAXIT, "all iterations were performed", "";
    /// The maximum number of iterations was reached.
    IterationLimit = sys::SVD_DIVERGED_ITS, "iteration limit reached", "raise -svd_max_it or -svd_ncv, or try -svd_type trlanczos";
    /// The method broke down.
    Breakdown = sys::SVD_DIVERGED_BREAKDOWN, "the method broke down", "try another -svd_type, or check the matrix for NaN";
    /// The solve has not finished.
    Iterating = sys::SVD_CONVERGED_ITERATING, "still iterating", "";
}

impl crate::solver::Reason for ConvergedReason {
    const SOLVER: &'static str = "singular value solver";
    const ITEMS: &'static str = "singular triplets";
}
