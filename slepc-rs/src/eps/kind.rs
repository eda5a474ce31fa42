//! Names and closed sets of eigensolvers.

use crate::sys;

petsc_rs::type_names! {
    /// Method of an eigensolver.
    #[doc(alias = "EPSType")]
    EpsType;
    /// Power iteration, inverse and Rayleigh quotient iteration with a transformation.
    POWER = c"power",
    /// Subspace iteration.
    SUBSPACE = c"subspace",
    /// Arnoldi with explicit restart.
    ARNOLDI = c"arnoldi",
    /// Lanczos with explicit restart; Hermitian problems only.
    LANCZOS = c"lanczos",
    /// Krylov-Schur: Arnoldi, or Lanczos, with thick restart. The default.
    KRYLOVSCHUR = c"krylovschur",
    /// Generalized Davidson.
    GD = c"gd",
    /// Jacobi-Davidson.
    JD = c"jd",
    /// Conjugate gradients on the Rayleigh quotient; Hermitian problems only.
    RQCG = c"rqcg",
    /// Locally optimal block preconditioned conjugate gradients; Hermitian problems only.
    LOBPCG = c"lobpcg",
    /// Contour integrals: all eigenvalues of a region.
    CISS = c"ciss",
    /// Rightmost eigenvalues by Lyapunov inverse iteration.
    LYAPII = c"lyapii",
    /// All eigenvalues of a small problem as a dense matrix on every rank; for checks.
    LAPACK = c"lapack",
    /// ARPACK.
    ARPACK = c"arpack",
    /// TRLAN.
    TRLAN = c"trlan",
    /// BLOPEX.
    BLOPEX = c"blopex",
    /// PRIMME.
    PRIMME = c"primme",
    /// FEAST of MKL.
    FEAST = c"feast",
    /// ScaLAPACK: as `lapack`, distributed.
    SCALAPACK = c"scalapack",
    /// ELPA.
    ELPA = c"elpa",
    /// Elemental.
    ELEMENTAL = c"elemental",
    /// EVSL.
    EVSL = c"evsl",
}

petsc_rs::c_enum! {
    /// What is known about the operators of an eigenvalue problem.
    #[doc(alias = "EPSProblemType")]
    ProblemType of EPSProblemType;
    /// `A·x = λ·x`, `A` Hermitian (symmetric).
    Hermitian = EPS_HEP,
    /// `A·x = λ·B·x`, `A` Hermitian, `B` Hermitian positive (semi-)definite.
    GeneralizedHermitian = EPS_GHEP,
    /// `A·x = λ·x`.
    NonHermitian = EPS_NHEP,
    /// `A·x = λ·B·x`.
    GeneralizedNonHermitian = EPS_GNHEP,
    /// `A·x = λ·B·x`, `B` Hermitian positive (semi-)definite.
    PositiveGeneralizedNonHermitian = EPS_PGNHEP,
    /// `A·x = λ·B·x`, both Hermitian, `B` indefinite.
    GeneralizedHermitianIndefinite = EPS_GHIEP,
}

petsc_rs::c_enum! {
    /// Which eigenvalues are wanted, first to last.
    #[doc(alias = "EPSWhich")]
    Which of EPSWhich;
    /// Of largest modulus. The default.
    LargestMagnitude = EPS_LARGEST_MAGNITUDE,
    /// Of smallest modulus. A target of 0 with shift-and-invert finds the same sooner.
    SmallestMagnitude = EPS_SMALLEST_MAGNITUDE,
    /// Of largest real part.
    LargestReal = EPS_LARGEST_REAL,
    /// Of smallest real part.
    SmallestReal = EPS_SMALLEST_REAL,
    /// Of largest imaginary part (in modulus, for real numbers).
    LargestImaginary = EPS_LARGEST_IMAGINARY,
    /// Of smallest imaginary part (in modulus, for real numbers).
    SmallestImaginary = EPS_SMALLEST_IMAGINARY,
    /// Closest to the target.
    TargetMagnitude = EPS_TARGET_MAGNITUDE,
    /// Of real part closest to the target's.
    TargetReal = EPS_TARGET_REAL,
    /// Of imaginary part closest to the target's.
    TargetImaginary = EPS_TARGET_IMAGINARY,
    /// All in the interval or region that was set.
    All = EPS_ALL,
    /// In the order of [`set_eigenvalue_comparison`](crate::EpsRef::set_eigenvalue_comparison).
    User = EPS_WHICH_USER,
}

petsc_rs::c_enum! {
    /// How eigenpairs are taken from the subspace.
    #[doc(alias = "EPSExtraction")]
    Extraction of EPSExtraction;
    /// Rayleigh-Ritz. The default.
    Ritz = EPS_RITZ,
    /// Harmonic, for eigenvalues inside the spectrum.
    Harmonic = EPS_HARMONIC,
    /// Harmonic, relative.
    HarmonicRelative = EPS_HARMONIC_RELATIVE,
    /// Harmonic, for the rightmost.
    HarmonicRight = EPS_HARMONIC_RIGHT,
    /// Harmonic, for the largest.
    HarmonicLargest = EPS_HARMONIC_LARGEST,
    /// Refined.
    Refined = EPS_REFINED,
    /// Refined harmonic.
    RefinedHarmonic = EPS_REFINED_HARMONIC,
}

petsc_rs::c_enum! {
    /// What an error is measured against.
    #[doc(alias = "EPSErrorType")]
    ErrorType of EPSErrorType;
    /// `‖A·x - λ·B·x‖`.
    Absolute = EPS_ERROR_ABSOLUTE,
    /// The same divided by `|λ|·‖x‖`.
    Relative = EPS_ERROR_RELATIVE,
    /// The same divided by `‖A‖ + |λ|·‖B‖`.
    Backward = EPS_ERROR_BACKWARD,
}

petsc_rs::c_enum! {
    /// What a solver compares with its tolerance.
    #[doc(alias = "EPSConv")]
    ConvergenceTest of EPSConv;
    /// The residual norm.
    Absolute = EPS_CONV_ABS,
    /// The residual norm relative to the eigenvalue. The default.
    Relative = EPS_CONV_REL,
    /// The residual norm relative to the norms of the matrices.
    Norm = EPS_CONV_NORM,
    /// What [`set_convergence_test_function`](crate::EpsRef::set_convergence_test_function) says.
    User = EPS_CONV_USER,
}

petsc_rs::c_enum! {
    /// Balancing of non-Hermitian problems.
    #[doc(alias = "EPSBalance")]
    Balance of EPSBalance;
    /// None. The default.
    None = EPS_BALANCE_NONE,
    /// By products with the operator.
    OneSided = EPS_BALANCE_ONESIDE,
    /// By products with the operator and its transpose.
    TwoSided = EPS_BALANCE_TWOSIDE,
}
