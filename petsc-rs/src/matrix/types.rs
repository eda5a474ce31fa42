//! Names of matrix types. Plugins may register more types.

use crate::type_names::type_names;

type_names! {
    /// Name of a matrix type, for `-mat_type` and [`Builder::kind`](super::Builder::kind).
    #[doc(alias = "MatType")]
    MatrixType;
    /// Compressed sparse rows (CSR): `seqaij` on one rank, otherwise `mpiaij`.
    AIJ = c"aij",
    /// Compressed sparse rows on one rank.
    SEQ_AIJ = c"seqaij",
    /// Compressed sparse rows, distributed.
    MPI_AIJ = c"mpiaij",
    /// Compressed sparse rows of small dense blocks.
    BAIJ = c"baij",
    /// Upper triangle of a symmetric matrix, in blocks.
    SBAIJ = c"sbaij",
    /// Dense, in column-major order.
    DENSE = c"dense",
    /// Dense on one rank.
    SEQ_DENSE = c"seqdense",
    /// Dense, distributed by rows.
    MPI_DENSE = c"mpidense",
    /// Sliced ELLPACK, for wide vector units.
    SELL = c"sell",
    /// Compressed sparse rows. Rows with many entries are stored separately.
    AIJ_PERM = c"aijperm",
    /// Nested matrix: blocks that are matrices.
    NEST = c"nest",
    /// Shell matrix: an operator defined by its product with a vector.
    SHELL = c"shell",
    /// Compressed sparse rows for hypre.
    HYPRE = c"hypre",
    /// Sum of overlapping local matrices, for domain decomposition.
    IS = c"is",
    /// Dense, in the two-dimensional block-cyclic distribution of ScaLAPACK.
    SCALAPACK = c"scalapack",
    /// Broyden–Fletcher–Goldfarb–Shanno (BFGS) quasi-Newton matrix. See
    /// [`Matrix::lmvm`](super::Matrix::lmvm).
    LMVM_BFGS = c"lmvmbfgs",
    /// Davidon–Fletcher–Powell (DFP) quasi-Newton matrix.
    LMVM_DFP = c"lmvmdfp",
    /// Symmetric rank-one (SR1) quasi-Newton matrix, which may be indefinite.
    LMVM_SR1 = c"lmvmsr1",
    /// Symmetric Broyden quasi-Newton matrix, a combination of BFGS and DFP.
    LMVM_SYM_BROYDEN = c"lmvmsymbroyden",
    /// Symmetric Broyden quasi-Newton matrix that updates the inverse.
    LMVM_SYM_BAD_BROYDEN = c"lmvmsymbadbroyden",
    /// Diagonal symmetric Broyden quasi-Newton matrix.
    LMVM_DIAG_BROYDEN = c"lmvmdiagbroyden",
    /// Broyden quasi-Newton matrix, for functions whose Jacobian is not symmetric.
    LMVM_BROYDEN = c"lmvmbroyden",
    /// Broyden quasi-Newton matrix that updates the inverse.
    LMVM_BAD_BROYDEN = c"lmvmbadbroyden",
}

type_names! {
    /// Name of a package for factorizations, for [`MatrixRef::factor`](super::MatrixRef::factor)
    /// and `-pc_factor_mat_solver_type`.
    #[doc(alias = "MatSolverType")]
    SolverType;
    /// PETSc's own factorizations, on one rank.
    PETSC = c"petsc",
    /// MUMPS: multifrontal, parallel.
    MUMPS = c"mumps",
    /// SuperLU_DIST: supernodal, parallel.
    SUPERLU_DIST = c"superlu_dist",
    /// SuperLU, on one rank.
    SUPERLU = c"superlu",
    /// UMFPACK of SuiteSparse, LU on one rank.
    UMFPACK = c"umfpack",
    /// CHOLMOD of SuiteSparse, Cholesky on one rank.
    CHOLMOD = c"cholmod",
    /// KLU of SuiteSparse: LU on one rank, for matrices from circuit simulation.
    KLU = c"klu",
    /// SPQR of SuiteSparse: QR on one rank.
    SPQR = c"spqr",
    /// PaStiX: supernodal, parallel.
    PASTIX = c"pastix",
    /// STRUMPACK: multifrontal with low-rank compression, parallel.
    STRUMPACK = c"strumpack",
    /// PARDISO of Intel MKL.
    MKL_PARDISO = c"mkl_pardiso",
    /// ScaLAPACK, for dense matrices.
    SCALAPACK = c"scalapack",
}

type_names! {
    /// Name of an ordering of rows and columns before a factorization. See
    /// [`MatrixRef::ordering`](super::MatrixRef::ordering).
    #[doc(alias = "MatOrderingType")]
    OrderingType;
    /// Natural ordering: rows and columns are not permuted.
    NATURAL = c"natural",
    /// Nested dissection.
    ND = c"nd",
    /// One-way dissection.
    ONE_WAY_DISSECTION = c"1wd",
    /// Reverse Cuthill–McKee, for a small bandwidth.
    RCM = c"rcm",
    /// Quotient minimum degree.
    QMD = c"qmd",
}
