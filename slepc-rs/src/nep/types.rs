//! Types and enumerations of nonlinear eigensolvers.

use crate::sys;

petsc_rs::type_names! {
    /// Type of a nonlinear eigensolver.
    #[doc(alias = "NEPType")]
    NepType;
    /// Residual inverse iteration. The default.
    RII = c"rii",
    /// Successive linear problems.
    SLP = c"slp",
    /// Nonlinear Arnoldi.
    NARNOLDI = c"narnoldi",
    /// Contour integrals: all eigenvalues in a region; requires complex scalars.
    CISS = c"ciss",
    /// Polynomial interpolation, for problems in split form.
    INTERPOL = c"interpol",
    /// Rational Krylov method applied to a rational interpolation.
    NLEIGS = c"nleigs",
}

petsc_rs::c_enum! {
    /// Problem type.
    #[doc(alias = "NEPProblemType")]
    ProblemType of NEPProblemType;
    /// General: no properties.
    General = NEP_GENERAL,
    /// Rational: a split form whose functions are all rational.
    Rational = NEP_RATIONAL,
}

petsc_rs::c_enum! {
    /// The eigenvalues to compute, in the order of the results.
    #[doc(alias = "NEPWhich")]
    Which of NEPWhich;
    /// Largest in modulus.
    LargestMagnitude = NEP_LARGEST_MAGNITUDE,
    /// Smallest in modulus.
    SmallestMagnitude = NEP_SMALLEST_MAGNITUDE,
    /// Largest real part.
    LargestReal = NEP_LARGEST_REAL,
    /// Smallest real part.
    SmallestReal = NEP_SMALLEST_REAL,
    /// Largest imaginary part.
    LargestImaginary = NEP_LARGEST_IMAGINARY,
    /// Smallest imaginary part.
    SmallestImaginary = NEP_SMALLEST_IMAGINARY,
    /// Closest to the target. The default.
    TargetMagnitude = NEP_TARGET_MAGNITUDE,
    /// Real part closest to that of the target.
    TargetReal = NEP_TARGET_REAL,
    /// Imaginary part closest to that of the target; requires complex scalars.
    TargetImaginary = NEP_TARGET_IMAGINARY,
    /// All eigenvalues in the region that is set.
    All = NEP_ALL,
    /// The order of [`set_eigenvalue_comparison`](crate::NepRef::set_eigenvalue_comparison).
    User = NEP_WHICH_USER,
}

petsc_rs::c_enum! {
    /// Definition of the error of an eigenpair.
    #[doc(alias = "NEPErrorType")]
    ErrorType of NEPErrorType;
    /// `‖T(λ)·x‖`.
    Absolute = NEP_ERROR_ABSOLUTE,
    /// Relative to the eigenvalue: `‖T(λ)·x‖ / |λ|`.
    Relative = NEP_ERROR_RELATIVE,
    /// Backward error: `‖T(λ)·x‖ / (Σ |fᵢ(λ)|·‖Aᵢ‖)`; requires a split form.
    Backward = NEP_ERROR_BACKWARD,
}

petsc_rs::c_enum! {
    /// Convergence test: the quantity that is compared with the tolerance.
    #[doc(alias = "NEPConv")]
    ConvergenceTest of NEPConv;
    /// The residual norm.
    Absolute = NEP_CONV_ABS,
    /// The residual norm relative to the eigenvalue. The default.
    Relative = NEP_CONV_REL,
    /// The residual norm relative to the norms of the matrices.
    Norm = NEP_CONV_NORM,
    /// The result of
    /// [`set_convergence_test_function`](crate::NepRef::set_convergence_test_function).
    User = NEP_CONV_USER,
}

petsc_rs::converged_reasons! {
    /// Reason why a nonlinear eigensolver stopped.
    #[doc(alias = "NEPConvergedReason")]
    ConvergedReason of NEPConvergedReason;
    /// The requested number of eigenpairs converged within the tolerance.
    Tolerance = sys::NEP_CONVERGED_TOL, "all requested eigenpairs converged within the tolerance", "";
    /// The user-defined stopping test was satisfied.
    User = sys::NEP_CONVERGED_USER, "the user-defined stopping test was satisfied", "";
    /// The maximum number of iterations was reached.
    IterationLimit = sys::NEP_DIVERGED_ITS, "iteration limit reached", "raise -nep_max_it, or set a target closer to the eigenvalue (-nep_target)";
    /// The method broke down.
    Breakdown = sys::NEP_DIVERGED_BREAKDOWN, "the method broke down", "try another -nep_type, a larger -nep_ncv, or check the function for NaN";
    /// A linear solve failed.
    LinearSolve = sys::NEP_DIVERGED_LINEAR_SOLVE, "a linear solve failed", "choose a better preconditioner or a direct solver (-nep_rii_pc_type lu, …)";
    /// The subspace is full.
    SubspaceExhausted = sys::NEP_DIVERGED_SUBSPACE_EXHAUSTED, "the subspace is full", "raise -nep_ncv";
    /// The solve has not finished.
    Iterating = sys::NEP_CONVERGED_ITERATING, "still iterating", "";
}

impl crate::solver::Reason for ConvergedReason {
    const SOLVER: &'static str = "nonlinear eigensolver";
    const ITEMS: &'static str = "eigenpairs";
}
