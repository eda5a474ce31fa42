//! Names and closed sets of dense problems.

use crate::sys;

petsc_rs::type_names! {
    /// Kind of a dense problem. Those here can be made; solvers have others too.
    #[doc(alias = "DSType")]
    DsType;
    /// `A·x = λ·x`, Hermitian.
    HEP = c"hep",
    /// `A·x = λ·x`: the Schur form.
    NHEP = c"nhep",
    /// `A·x = λ·B·x`, Hermitian, with a positive definite `B`.
    GHEP = c"ghep",
    /// `A·x = λ·B·x`: the generalized Schur form.
    GNHEP = c"gnhep",
    /// `A = U·Σ·Vᴴ`.
    SVD = c"svd",
    /// `A = U·C·X⁻¹` and `B = V·S·X⁻¹` with diagonal `C` and `S`: the generalized singular values are `c/s`, see
    /// [`set_gsvd_dimensions`](super::DsRef::set_gsvd_dimensions).
    GSVD = c"gsvd",
    /// `(E₀ + λ·E₁ + …)·x = 0`, see [`Ds::polynomial`](super::Ds::polynomial).
    PEP = c"pep",
}

petsc_rs::c_enum! {
    /// How far a dense problem is.
    #[doc(alias = "DSStateType")]
    State of DSStateType;
    /// Nothing is done.
    Raw = DS_STATE_RAW,
    /// The matrix is condensed in part (tridiagonal, Hessenberg).
    Intermediate = DS_STATE_INTERMEDIATE,
    /// Solved.
    Condensed = DS_STATE_CONDENSED,
    /// Solved, and cut to a smaller size.
    Truncated = DS_STATE_TRUNCATED,
}

petsc_rs::c_enum! {
    /// Which matrix of a dense problem.
    #[doc(alias = "DSMatType")]
    DsMatrix of DSMatType;
    /// The first matrix.
    A = DS_MAT_A,
    /// The second one of a generalized problem.
    B = DS_MAT_B,
    /// Diagonals of a condensed form, of real numbers: see [`DsRef::diagonals`](super::DsRef::diagonals).
    T = DS_MAT_T,
    /// A diagonal, of real numbers.
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
    /// Who solves, where several ranks hold the same problem.
    #[doc(alias = "DSParallelType")]
    Parallel of DSParallelType;
    /// Every rank, for itself. The default.
    Redundant = DS_PARALLEL_REDUNDANT,
    /// Every rank, and [`DsRef::synchronize`](super::DsRef::synchronize) makes all have what the first one has.
    Synchronized = DS_PARALLEL_SYNCHRONIZED,
    /// Some methods of nonlinear problems: all ranks together.
    Distributed = DS_PARALLEL_DISTRIBUTED,
}
