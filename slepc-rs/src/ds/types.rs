//! Types and enumerations of dense problems.

use crate::sys;

petsc_rs::type_names! {
    /// Type of a dense problem. Programs can create dense problems of these types; solvers also use
    /// other types.
    #[doc(alias = "DSType")]
    DsType;
    /// `A·x = λ·x`, Hermitian.
    HEP = c"hep",
    /// `A·x = λ·x`; computes the Schur form.
    NHEP = c"nhep",
    /// `A·x = λ·B·x`, Hermitian, with a positive definite `B`.
    GHEP = c"ghep",
    /// `A·x = λ·B·x`; computes the generalized Schur form.
    GNHEP = c"gnhep",
    /// Singular value decomposition `A = U·Σ·Vᴴ`.
    SVD = c"svd",
    /// Generalized singular value decomposition `A = U·C·X⁻¹`, `B = V·S·X⁻¹` with diagonal `C` and
    /// `S`. The generalized singular values are `c/s`, see
    /// [`set_gsvd_dimensions`](super::DsRef::set_gsvd_dimensions).
    GSVD = c"gsvd",
    /// Polynomial eigenvalue problem `(E₀ + λ·E₁ + …)·x = 0`, see
    /// [`Ds::polynomial`](super::Ds::polynomial).
    PEP = c"pep",
}

petsc_rs::c_enum! {
    /// State of the computation of a dense problem.
    #[doc(alias = "DSStateType")]
    State of DSStateType;
    /// Raw: not solved.
    Raw = DS_STATE_RAW,
    /// Intermediate: the matrix is in a condensed form (tridiagonal, Hessenberg).
    Intermediate = DS_STATE_INTERMEDIATE,
    /// Condensed: solved.
    Condensed = DS_STATE_CONDENSED,
    /// Truncated: solved, and reduced to a smaller size.
    Truncated = DS_STATE_TRUNCATED,
}

petsc_rs::c_enum! {
    /// A matrix of a dense problem.
    #[doc(alias = "DSMatType")]
    DsMatrix of DSMatType;
    /// The first matrix.
    A = DS_MAT_A,
    /// The second matrix of a generalized problem.
    B = DS_MAT_B,
    /// Diagonals of a condensed form, real; see [`DsRef::diagonals`](super::DsRef::diagonals).
    T = DS_MAT_T,
    /// A diagonal, real.
    D = DS_MAT_D,
    /// Schur vectors.
    Q = DS_MAT_Q,
    /// Left Schur vectors.
    Z = DS_MAT_Z,
    /// Eigenvectors.
    X = DS_MAT_X,
    /// Left eigenvectors.
    Y = DS_MAT_Y,
    /// Left singular vectors.
    U = DS_MAT_U,
    /// Right singular vectors.
    V = DS_MAT_V,
    /// Workspace.
    W = DS_MAT_W,
    /// Coefficient 0 of a polynomial or nonlinear problem.
    E0 = DS_MAT_E0,
    /// Coefficient 1.
    E1 = DS_MAT_E1,
    /// Coefficient 2.
    E2 = DS_MAT_E2,
    /// Coefficient 3.
    E3 = DS_MAT_E3,
    /// Coefficient 4.
    E4 = DS_MAT_E4,
    /// Coefficient 5.
    E5 = DS_MAT_E5,
    /// Coefficient 6.
    E6 = DS_MAT_E6,
    /// Coefficient 7.
    E7 = DS_MAT_E7,
    /// Coefficient 8.
    E8 = DS_MAT_E8,
    /// Coefficient 9.
    E9 = DS_MAT_E9,
}

petsc_rs::c_enum! {
    /// Parallel mode: which ranks solve a problem that is stored on several ranks.
    #[doc(alias = "DSParallelType")]
    Parallel of DSParallelType;
    /// Redundant: every rank solves the problem. The default.
    Redundant = DS_PARALLEL_REDUNDANT,
    /// Synchronized: every rank solves the problem, and
    /// [`DsRef::synchronize`](super::DsRef::synchronize) broadcasts the result of the first rank.
    Synchronized = DS_PARALLEL_SYNCHRONIZED,
    /// Distributed: all ranks solve together, in some methods of nonlinear problems.
    Distributed = DS_PARALLEL_DISTRIBUTED,
}
