//! Types and enumerations of polynomial eigensolvers.

use crate::sys;

petsc_rs::type_names! {
    /// Type of a polynomial eigensolver.
    #[doc(alias = "PEPType")]
    PepType;
    /// Linearization: an eigensolver for a linear problem of `d` times the size.
    LINEAR = c"linear",
    /// Q-Arnoldi, for quadratic problems.
    QARNOLDI = c"qarnoldi",
    /// Two-level orthogonal Arnoldi. The default.
    TOAR = c"toar",
    /// Two-level orthogonal Arnoldi for symmetric quadratic problems; also computes all eigenvalues
    /// in an interval.
    STOAR = c"stoar",
    /// Jacobi-Davidson.
    JD = c"jd",
    /// Contour integrals: all eigenvalues in a region; requires complex scalars.
    CISS = c"ciss",
}

petsc_rs::c_enum! {
    /// Problem type: the properties of the coefficients.
    #[doc(alias = "PEPProblemType")]
    ProblemType of PEPProblemType;
    /// General: no properties.
    General = PEP_GENERAL,
    /// All coefficients are Hermitian (symmetric).
    Hermitian = PEP_HERMITIAN,
    /// Hyperbolic: quadratic, Hermitian, `M` positive definite, and so strongly damped that all
    /// eigenvalues are real.
    Hyperbolic = PEP_HYPERBOLIC,
    /// Gyroscopic: quadratic, `K` and `M` Hermitian, `M` positive definite, `C` skew-Hermitian.
    Gyroscopic = PEP_GYROSCOPIC,
}

petsc_rs::c_enum! {
    /// The eigenvalues to compute, in the order of the results.
    #[doc(alias = "PEPWhich")]
    Which of PEPWhich;
    /// Largest in modulus. The default.
    LargestMagnitude = PEP_LARGEST_MAGNITUDE,
    /// Smallest in modulus.
    SmallestMagnitude = PEP_SMALLEST_MAGNITUDE,
    /// Largest real part.
    LargestReal = PEP_LARGEST_REAL,
    /// Smallest real part.
    SmallestReal = PEP_SMALLEST_REAL,
    /// Largest imaginary part (its absolute value, with real scalars).
    LargestImaginary = PEP_LARGEST_IMAGINARY,
    /// Smallest imaginary part (its absolute value, with real scalars).
    SmallestImaginary = PEP_SMALLEST_IMAGINARY,
    /// Closest to the target.
    TargetMagnitude = PEP_TARGET_MAGNITUDE,
    /// Real part closest to that of the target.
    TargetReal = PEP_TARGET_REAL,
    /// Imaginary part closest to that of the target.
    TargetImaginary = PEP_TARGET_IMAGINARY,
    /// All eigenvalues in the interval or region that is set.
    All = PEP_ALL,
    /// The order of [`set_eigenvalue_comparison`](crate::PepRef::set_eigenvalue_comparison).
    User = PEP_WHICH_USER,
}

petsc_rs::c_enum! {
    /// Polynomial basis in which the coefficients are given.
    #[doc(alias = "PEPBasis")]
    Basis of PEPBasis;
    /// Monomials: powers of `λ`. The default.
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
    /// Scalar scaling, `λ = α·μ`.
    Scalar = PEP_SCALE_SCALAR,
    /// Diagonal scaling matrices.
    Diagonal = PEP_SCALE_DIAGONAL,
    /// Scalar and diagonal scaling.
    Both = PEP_SCALE_BOTH,
}

petsc_rs::c_enum! {
    /// Extraction of eigenvectors of the polynomial problem from eigenvectors of the linearization.
    #[doc(alias = "PEPExtract")]
    Extraction of PEPExtract;
    /// The first block.
    None = PEP_EXTRACT_NONE,
    /// The block with the largest norm. The default.
    Norm = PEP_EXTRACT_NORM,
    /// The block with the smallest residual.
    Residual = PEP_EXTRACT_RESIDUAL,
    /// A combination of all blocks.
    Structured = PEP_EXTRACT_STRUCTURED,
}

petsc_rs::c_enum! {
    /// Definition of the error of an eigenpair.
    #[doc(alias = "PEPErrorType")]
    ErrorType of PEPErrorType;
    /// `‖P(λ)·x‖`.
    Absolute = PEP_ERROR_ABSOLUTE,
    /// Relative to the eigenvalue: `‖P(λ)·x‖ / (|λ|·‖x‖)`.
    Relative = PEP_ERROR_RELATIVE,
    /// Backward error: `‖P(λ)·x‖ / (Σ |λ|ⁱ·‖Aᵢ‖ · ‖x‖)`.
    Backward = PEP_ERROR_BACKWARD,
}

petsc_rs::c_enum! {
    /// Convergence test: the quantity that is compared with the tolerance.
    #[doc(alias = "PEPConv")]
    ConvergenceTest of PEPConv;
    /// The residual norm.
    Absolute = PEP_CONV_ABS,
    /// The residual norm relative to the eigenvalue. The default.
    Relative = PEP_CONV_REL,
    /// The residual norm relative to the norms of the matrices.
    Norm = PEP_CONV_NORM,
    /// The result of
    /// [`set_convergence_test_function`](crate::PepRef::set_convergence_test_function).
    User = PEP_CONV_USER,
}

petsc_rs::converged_reasons! {
    /// Reason why a polynomial eigensolver stopped.
    #[doc(alias = "PEPConvergedReason")]
    ConvergedReason of PEPConvergedReason;
    /// The requested number of eigenpairs converged within the tolerance.
    Tolerance = sys::PEP_CONVERGED_TOL, "all requested eigenpairs converged within the tolerance", "";
    /// The user-defined stopping test was satisfied.
    User = sys::PEP_CONVERGED_USER, "the user-defined stopping test was satisfied", "";
    /// The maximum number of iterations was reached.
    IterationLimit = sys::PEP_DIVERGED_ITS, "iteration limit reached", "raise -pep_max_it or -pep_ncv, transform the spectrum (-st_type sinvert with -pep_target), or scale (-pep_scale scalar)";
    /// The method broke down.
    Breakdown = sys::PEP_DIVERGED_BREAKDOWN, "the method broke down", "try another -pep_type, a larger -pep_ncv, or check the operators for NaN";
    /// Symmetry was lost in an indefinite problem.
    SymmetryLost = sys::PEP_DIVERGED_SYMMETRY_LOST, "symmetry was lost", "set the problem type to general";
    /// The solve has not finished.
    Iterating = sys::PEP_CONVERGED_ITERATING, "still iterating", "";
}

impl crate::solver::Reason for ConvergedReason {
    const SOLVER: &'static str = "polynomial eigensolver";
    const ITEMS: &'static str = "eigenpairs";
}
