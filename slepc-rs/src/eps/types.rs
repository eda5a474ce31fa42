//! Types and enumerations of eigensolvers.

use crate::sys;

petsc_rs::type_names! {
    /// Type of an eigensolver.
    #[doc(alias = "EPSType")]
    EpsType;
    /// Power iteration; with a spectral transformation, inverse iteration and Rayleigh quotient
    /// iteration.
    POWER = c"power",
    /// Subspace iteration.
    SUBSPACE = c"subspace",
    /// Arnoldi with explicit restart.
    ARNOLDI = c"arnoldi",
    /// Lanczos with explicit restart; Hermitian problems only.
    LANCZOS = c"lanczos",
    /// Krylov-Schur: Arnoldi or Lanczos with thick restart. The default.
    KRYLOVSCHUR = c"krylovschur",
    /// Generalized Davidson.
    GD = c"gd",
    /// Jacobi-Davidson.
    JD = c"jd",
    /// Conjugate gradients on the Rayleigh quotient; Hermitian problems only.
    RQCG = c"rqcg",
    /// Locally optimal block preconditioned conjugate gradients; Hermitian problems only.
    LOBPCG = c"lobpcg",
    /// Contour integrals: all eigenvalues in a region.
    CISS = c"ciss",
    /// Rightmost eigenvalues by Lyapunov inverse iteration.
    LYAPII = c"lyapii",
    /// LAPACK: all eigenvalues. Every rank solves the complete problem with dense matrices; for
    /// small problems and checks.
    LAPACK = c"lapack",
    /// ARPACK.
    ARPACK = c"arpack",
    /// TRLAN.
    TRLAN = c"trlan",
    /// BLOPEX.
    BLOPEX = c"blopex",
    /// PRIMME.
    PRIMME = c"primme",
    /// FEAST in MKL.
    FEAST = c"feast",
    /// ScaLAPACK: all eigenvalues, from the operators as distributed dense matrices.
    SCALAPACK = c"scalapack",
    /// ELPA.
    ELPA = c"elpa",
    /// Elemental.
    ELEMENTAL = c"elemental",
    /// EVSL.
    EVSL = c"evsl",
}

petsc_rs::c_enum! {
    /// Problem type: the properties of the operators.
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
    /// The eigenvalues to compute, in the order of the results.
    #[doc(alias = "EPSWhich")]
    Which of EPSWhich;
    /// Largest in modulus. The default.
    LargestMagnitude = EPS_LARGEST_MAGNITUDE,
    /// Smallest in modulus. Shift-and-invert with [`TargetMagnitude`](Self::TargetMagnitude) and
    /// the target 0 computes the same eigenvalues faster.
    SmallestMagnitude = EPS_SMALLEST_MAGNITUDE,
    /// Largest real part.
    LargestReal = EPS_LARGEST_REAL,
    /// Smallest real part.
    SmallestReal = EPS_SMALLEST_REAL,
    /// Largest imaginary part (its absolute value, with real scalars).
    LargestImaginary = EPS_LARGEST_IMAGINARY,
    /// Smallest imaginary part (its absolute value, with real scalars).
    SmallestImaginary = EPS_SMALLEST_IMAGINARY,
    /// Closest to the target.
    TargetMagnitude = EPS_TARGET_MAGNITUDE,
    /// Real part closest to that of the target.
    TargetReal = EPS_TARGET_REAL,
    /// Imaginary part closest to that of the target.
    TargetImaginary = EPS_TARGET_IMAGINARY,
    /// All eigenvalues in the interval or region that is set.
    All = EPS_ALL,
    /// The order of [`set_eigenvalue_comparison`](crate::EpsRef::set_eigenvalue_comparison).
    User = EPS_WHICH_USER,
}

petsc_rs::c_enum! {
    /// Extraction of eigenpairs from the subspace.
    #[doc(alias = "EPSExtraction")]
    Extraction of EPSExtraction;
    /// Rayleigh-Ritz. The default.
    Ritz = EPS_RITZ,
    /// Harmonic Ritz, for interior eigenvalues.
    Harmonic = EPS_HARMONIC,
    /// Harmonic Ritz, relative to the eigenvalue.
    HarmonicRelative = EPS_HARMONIC_RELATIVE,
    /// Harmonic Ritz, for the rightmost eigenvalues.
    HarmonicRight = EPS_HARMONIC_RIGHT,
    /// Harmonic Ritz, for the largest eigenvalues.
    HarmonicLargest = EPS_HARMONIC_LARGEST,
    /// Refined Ritz.
    Refined = EPS_REFINED,
    /// Refined harmonic Ritz.
    RefinedHarmonic = EPS_REFINED_HARMONIC,
}

petsc_rs::c_enum! {
    /// Definition of the error of an eigenpair.
    #[doc(alias = "EPSErrorType")]
    ErrorType of EPSErrorType;
    /// `‖A·x - λ·B·x‖`.
    Absolute = EPS_ERROR_ABSOLUTE,
    /// Relative to the eigenvalue: `‖A·x - λ·B·x‖ / (|λ|·‖x‖)`.
    Relative = EPS_ERROR_RELATIVE,
    /// Backward error: `‖A·x - λ·B·x‖ / ((‖A‖ + |λ|·‖B‖)·‖x‖)`.
    Backward = EPS_ERROR_BACKWARD,
}

petsc_rs::c_enum! {
    /// Convergence test: the quantity that is compared with the tolerance.
    #[doc(alias = "EPSConv")]
    ConvergenceTest of EPSConv;
    /// The residual norm.
    Absolute = EPS_CONV_ABS,
    /// The residual norm relative to the eigenvalue. The default.
    Relative = EPS_CONV_REL,
    /// The residual norm relative to the norms of the matrices.
    Norm = EPS_CONV_NORM,
    /// The result of
    /// [`set_convergence_test_function`](crate::EpsRef::set_convergence_test_function).
    User = EPS_CONV_USER,
}

petsc_rs::c_enum! {
    /// Balancing of non-Hermitian problems.
    #[doc(alias = "EPSBalance")]
    Balance of EPSBalance;
    /// None. The default.
    None = EPS_BALANCE_NONE,
    /// One-sided: uses products with the operator.
    OneSided = EPS_BALANCE_ONESIDE,
    /// Two-sided: uses products with the operator and its transpose.
    TwoSided = EPS_BALANCE_TWOSIDE,
}
