//! Names and closed sets of nonlinear eigensolvers.

use crate::sys;

petsc_rs::type_names! {
    /// Method of a nonlinear eigensolver.
    #[doc(alias = "NEPType")]
    NepType;
    /// Residual inverse iteration. The default.
    RII = c"rii",
    /// Successive linear problems.
    SLP = c"slp",
    /// Nonlinear Arnoldi.
    NARNOLDI = c"narnoldi",
    /// Contour integrals: all eigenvalues of a region; for complex numbers.
    CISS = c"ciss",
    /// A polynomial problem that interpolates; for split forms.
    INTERPOL = c"interpol",
    /// Rational Krylov on a rational approximation.
    NLEIGS = c"nleigs",
}

petsc_rs::c_enum! {
    /// What is known about the problem.
    #[doc(alias = "NEPProblemType")]
    ProblemType of NEPProblemType;
    /// Nothing.
    General = NEP_GENERAL,
    /// A split form whose functions are all rational.
    Rational = NEP_RATIONAL,
}

petsc_rs::c_enum! {
    /// Which eigenvalues are wanted, first to last.
    #[doc(alias = "NEPWhich")]
    Which of NEPWhich;
    /// Of largest modulus.
    LargestMagnitude = NEP_LARGEST_MAGNITUDE,
    /// Of smallest modulus.
    SmallestMagnitude = NEP_SMALLEST_MAGNITUDE,
    /// Of largest real part.
    LargestReal = NEP_LARGEST_REAL,
    /// Of smallest real part.
    SmallestReal = NEP_SMALLEST_REAL,
    /// Of largest imaginary part.
    LargestImaginary = NEP_LARGEST_IMAGINARY,
    /// Of smallest imaginary part.
    SmallestImaginary = NEP_SMALLEST_IMAGINARY,
    /// Closest to the target. The default.
    TargetMagnitude = NEP_TARGET_MAGNITUDE,
    /// Of real part closest to the target's.
    TargetReal = NEP_TARGET_REAL,
    /// Of imaginary part closest to the target's; for complex numbers.
    TargetImaginary = NEP_TARGET_IMAGINARY,
    /// All in the region that was set.
    All = NEP_ALL,
    /// In the order of [`set_eigenvalue_comparison`](crate::NepRef::set_eigenvalue_comparison).
    User = NEP_WHICH_USER,
}

petsc_rs::c_enum! {
    /// What an error is measured against.
    #[doc(alias = "NEPErrorType")]
    ErrorType of NEPErrorType;
    /// `‖T(λ)·x‖`.
    Absolute = NEP_ERROR_ABSOLUTE,
    /// The same divided by `|λ|`.
    Relative = NEP_ERROR_RELATIVE,
    /// The same divided by `Σ |fᵢ(λ)|·‖Aᵢ‖`; for split forms.
    Backward = NEP_ERROR_BACKWARD,
}

petsc_rs::c_enum! {
    /// What a solver compares with its tolerance.
    #[doc(alias = "NEPConv")]
    ConvergenceTest of NEPConv;
    /// The residual norm.
    Absolute = NEP_CONV_ABS,
    /// The residual norm relative to the eigenvalue. The default.
    Relative = NEP_CONV_REL,
    /// The residual norm relative to the norms of the matrices.
    Norm = NEP_CONV_NORM,
    /// What [`set_convergence_test_function`](crate::NepRef::set_convergence_test_function) says.
    User = NEP_CONV_USER,
}

petsc_rs::converged_reasons! {
    /// Why a nonlinear eigensolver stopped.
    #[doc(alias = "NEPConvergedReason")]
    ConvergedReason of NEPConvergedReason;
    /// As many pairs as were wanted are within the tolerance.
    Tolerance = sys::NEP_CONVERGED_TOL, "all wanted pairs are within the tolerance", "";
    /// A stopping test of the program was content.
    User = sys::NEP_CONVERGED_USER, "the program's own test was content", "";
    /// The limit of iterations was reached.
    IterationLimit = sys::NEP_DIVERGED_ITS, "iteration limit reached", "raise -nep_max_it, or begin closer to the eigenvalue (-nep_target)";
    /// The method broke down.
    Breakdown = sys::NEP_DIVERGED_BREAKDOWN, "the method broke down", "try another -nep_type, a larger -nep_ncv, or check the function for NaN";
    /// A linear solve failed.
    LinearSolve = sys::NEP_DIVERGED_LINEAR_SOLVE, "a linear solve failed", "choose a better preconditioner or a direct solver (-nep_rii_pc_type lu, …)";
    /// The subspace is full.
    SubspaceExhausted = sys::NEP_DIVERGED_SUBSPACE_EXHAUSTED, "the subspace is full", "raise -nep_ncv";
    /// Not decided yet.
    Iterating = sys::NEP_CONVERGED_ITERATING, "still iterating", "";
}

impl crate::solver::Reason for ConvergedReason {
    const SOLVER: &'static str = "nonlinear eigensolver";
    const ITEMS: &'static str = "eigenpairs";
}
