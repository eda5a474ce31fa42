//! Names and closed sets of polynomial eigensolvers.

use crate::sys;

petsc_rs::type_names! {
    /// Method of a polynomial eigensolver.
    #[doc(alias = "PEPType")]
    PepType;
    /// An eigensolver for a linear problem of `d` times the size.
    LINEAR = c"linear",
    /// Arnoldi for quadratic problems.
    QARNOLDI = c"qarnoldi",
    /// Two-level orthogonal Arnoldi. The default.
    TOAR = c"toar",
    /// The same for symmetric quadratic problems; all eigenvalues of an interval.
    STOAR = c"stoar",
    /// Jacobi-Davidson.
    JD = c"jd",
    /// Contour integrals: all eigenvalues of a region; for complex numbers.
    CISS = c"ciss",
}

petsc_rs::c_enum! {
    /// What is known about the coefficients.
    #[doc(alias = "PEPProblemType")]
    ProblemType of PEPProblemType;
    /// Nothing.
    General = PEP_GENERAL,
    /// All are Hermitian (symmetric).
    Hermitian = PEP_HERMITIAN,
    /// Quadratic, Hermitian, `M` positive definite and so much damping that all eigenvalues are real.
    Hyperbolic = PEP_HYPERBOLIC,
    /// Quadratic, `K` and `M` Hermitian, `M` positive definite, `C` skew-Hermitian.
    Gyroscopic = PEP_GYROSCOPIC,
}

petsc_rs::c_enum! {
    /// Which eigenvalues are wanted, first to last.
    #[doc(alias = "PEPWhich")]
    Which of PEPWhich;
    /// Of largest modulus. The default.
    LargestMagnitude = PEP_LARGEST_MAGNITUDE,
    /// Of smallest modulus.
    SmallestMagnitude = PEP_SMALLEST_MAGNITUDE,
    /// Of largest real part.
    LargestReal = PEP_LARGEST_REAL,
    /// Of smallest real part.
    SmallestReal = PEP_SMALLEST_REAL,
    /// Of largest imaginary part (in modulus, for real numbers).
    LargestImaginary = PEP_LARGEST_IMAGINARY,
    /// Of smallest imaginary part (in modulus, for real numbers).
    SmallestImaginary = PEP_SMALLEST_IMAGINARY,
    /// Closest to the target.
    TargetMagnitude = PEP_TARGET_MAGNITUDE,
    /// Of real part closest to the target's.
    TargetReal = PEP_TARGET_REAL,
    /// Of imaginary part closest to the target's.
    TargetImaginary = PEP_TARGET_IMAGINARY,
    /// All in the interval or region that was set.
    All = PEP_ALL,
    /// In the order of [`set_eigenvalue_comparison`](crate::PepRef::set_eigenvalue_comparison).
    User = PEP_WHICH_USER,
}

petsc_rs::c_enum! {
    /// Polynomials that the coefficients belong to.
    #[doc(alias = "PEPBasis")]
    Basis of PEPBasis;
    /// Powers of `λ`. The default.
    Monomial = PEP_BASIS_MONOMIAL,
    /// Chebyshev polynomials of the first kind.
    Chebyshev1 = PEP_BASIS_CHEBYSHEV1,
    /// Chebyshev polynomials of the second kind.
    Chebyshev2 = PEP_BASIS_CHEBYSHEV2,
    /// Legendre polynomials.
    Legendre = PEP_BASIS_LEGENDRE,
    /// Laguerre polynomials.
    Laguerre = PEP_BASIS_LAGUERRE,
    /// Hermite polynomials.
    Hermite = PEP_BASIS_HERMITE,
}

petsc_rs::c_enum! {
    /// Scaling of a polynomial problem.
    #[doc(alias = "PEPScale")]
    Scale of PEPScale;
    /// None. The default.
    None = PEP_SCALE_NONE,
    /// By a number, `λ = α·μ`.
    Scalar = PEP_SCALE_SCALAR,
    /// By diagonal matrices.
    Diagonal = PEP_SCALE_DIAGONAL,
    /// By both.
    Both = PEP_SCALE_BOTH,
}

petsc_rs::c_enum! {
    /// How eigenvectors are taken from those of the linear problem.
    #[doc(alias = "PEPExtract")]
    Extraction of PEPExtract;
    /// The first block.
    None = PEP_EXTRACT_NONE,
    /// The block of largest norm. The default.
    Norm = PEP_EXTRACT_NORM,
    /// The block of smallest residual.
    Residual = PEP_EXTRACT_RESIDUAL,
    /// A combination of all.
    Structured = PEP_EXTRACT_STRUCTURED,
}

petsc_rs::c_enum! {
    /// What an error is measured against.
    #[doc(alias = "PEPErrorType")]
    ErrorType of PEPErrorType;
    /// `‖P(λ)·x‖`.
    Absolute = PEP_ERROR_ABSOLUTE,
    /// The same divided by `|λ|·‖x‖`.
    Relative = PEP_ERROR_RELATIVE,
    /// The same divided by `Σ |λ|ⁱ·‖Aᵢ‖`.
    Backward = PEP_ERROR_BACKWARD,
}

petsc_rs::c_enum! {
    /// What a solver compares with its tolerance.
    #[doc(alias = "PEPConv")]
    ConvergenceTest of PEPConv;
    /// The residual norm.
    Absolute = PEP_CONV_ABS,
    /// The residual norm relative to the eigenvalue. The default.
    Relative = PEP_CONV_REL,
    /// The residual norm relative to the norms of the matrices.
    Norm = PEP_CONV_NORM,
    /// What [`set_convergence_test_function`](crate::PepRef::set_convergence_test_function) says.
    User = PEP_CONV_USER,
}

petsc_rs::converged_reasons! {
    /// Why a polynomial eigensolver stopped.
    #[doc(alias = "PEPConvergedReason")]
    ConvergedReason of PEPConvergedReason;
    /// As many pairs as were wanted are within the tolerance.
    Tolerance = sys::PEP_CONVERGED_TOL, "all wanted pairs are within the tolerance", "";
    /// A stopping test of the program was content.
    User = sys::PEP_CONVERGED_USER, "the program's own test was content", "";
    /// The limit of iterations was reached.
    IterationLimit = sys::PEP_DIVERGED_ITS, "iteration limit reached", "raise -pep_max_it or -pep_ncv, transform the spectrum (-st_type sinvert with -pep_target), or scale (-pep_scale scalar)";
    /// The method broke down.
    Breakdown = sys::PEP_DIVERGED_BREAKDOWN, "the method broke down", "try another -pep_type, a larger -pep_ncv, or check the operators for NaN";
    /// Symmetry was lost in an indefinite problem.
    SymmetryLost = sys::PEP_DIVERGED_SYMMETRY_LOST, "symmetry was lost", "solve it as a general problem";
    /// Not decided yet.
    Iterating = sys::PEP_CONVERGED_ITERATING, "still iterating", "";
}

impl crate::solver::Reason for ConvergedReason {
    const SOLVER: &'static str = "polynomial eigensolver";
    const ITEMS: &'static str = "eigenpairs";
}
