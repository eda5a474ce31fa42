//! Names of matrix types: an open set, to which plugins add.

use crate::type_names::type_names;

type_names! {
    /// Name of a matrix type, for `-mat_type` and [`Builder::kind`](super::Builder::kind).
    #[doc(alias = "MatType")]
    MatrixType;
    /// Compressed sparse rows; `seqaij` on one rank, else `mpiaij`.
    AIJ = c"aij",
    /// Compressed sparse rows on one rank.
    SEQ_AIJ = c"seqaij",
    /// Compressed sparse rows, distributed.
    MPI_AIJ = c"mpiaij",
    /// Compressed sparse rows of small dense blocks.
    BAIJ = c"baij",
    /// The upper triangle of a symmetric matrix in blocks.
    SBAIJ = c"sbaij",
    /// Dense, column by column.
    DENSE = c"dense",
    /// Dense on one rank.
    SEQ_DENSE = c"seqdense",
    /// Dense, distributed by rows.
    MPI_DENSE = c"mpidense",
    /// Sliced ELLPACK, for wide vector units.
    SELL = c"sell",
    /// Compressed sparse rows with the rows that have many entries stored apart.
    AIJ_PERM = c"aijperm",
    /// A matrix of matrices.
    NEST = c"nest",
    /// An operator that is only known by its product with a vector.
    SHELL = c"shell",
    /// Compressed sparse rows for hypre.
    HYPRE = c"hypre",
    /// Sums of overlapping local matrices, for domain decomposition.
    IS = c"is",
    /// Dense blocks distributed in two dimensions by ScaLAPACK.
    SCALAPACK = c"scalapack",
    /// Quasi-Newton by Broyden, Fletcher, Goldfarb and Shanno, see [`Matrix::lmvm`](super::Matrix::lmvm).
    LMVM_BFGS = c"lmvmbfgs",
    /// Quasi-Newton by Davidon, Fletcher and Powell.
    LMVM_DFP = c"lmvmdfp",
    /// Quasi-Newton by symmetric matrices of rank one, which may be indefinite.
    LMVM_SR1 = c"lmvmsr1",
    /// Quasi-Newton between BFGS and DFP.
    LMVM_SYM_BROYDEN = c"lmvmsymbroyden",
    /// The same for the inverse.
    LMVM_SYM_BAD_BROYDEN = c"lmvmsymbadbroyden",
    /// The diagonal of such a matrix.
    LMVM_DIAG_BROYDEN = c"lmvmdiagbroyden",
    /// Quasi-Newton by Broyden, for functions whose Jacobian is not symmetric.
    LMVM_BROYDEN = c"lmvmbroyden",
    /// The same for the inverse.
    LMVM_BAD_BROYDEN = c"lmvmbadbroyden",
}

type_names! {
    /// Name of a package that factors matrices, for [`MatrixRef::factor`](super::MatrixRef::factor) and
    /// `-pc_factor_mat_solver_type`.
    #[doc(alias = "MatSolverType")]
    SolverType;
    /// PETSc's own, on one rank.
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
    /// KLU of SuiteSparse, for circuits.
    KLU = c"klu",
    /// SPQR of SuiteSparse: QR on one rank.
    SPQR = c"spqr",
    /// PaStiX: supernodal, parallel.
    PASTIX = c"pastix",
    /// STRUMPACK: with compression, parallel.
    STRUMPACK = c"strumpack",
    /// Pardiso of Intel's MKL.
    MKL_PARDISO = c"mkl_pardiso",
    /// ScaLAPACK, for dense matrices.
    SCALAPACK = c"scalapack",
}

type_names! {
    /// Name of a method that orders rows and columns before a factorisation, see
    /// [`MatrixRef::ordering`](super::MatrixRef::ordering).
    #[doc(alias = "MatOrderingType")]
    OrderingType;
    /// As it is.
    NATURAL = c"natural",
    /// Nested dissection.
    ND = c"nd",
    /// One-way dissection.
    ONE_WAY_DISSECTION = c"1wd",
    /// Reverse Cuthill-McKee: small bandwidth.
    RCM = c"rcm",
    /// Quotient minimum degree.
    QMD = c"qmd",
}
