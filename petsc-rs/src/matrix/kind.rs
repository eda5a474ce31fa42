//! Names of matrix types: an open set, to which plugins add.

use std::ffi::{CStr, c_char};

/// Name of a matrix type, for `-mat_type` and [`Builder::kind`](super::Builder::kind).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias = "MatType")]
pub struct MatrixType<'a>(pub(crate) &'a CStr);

impl<'a> MatrixType<'a> {
    /// A type by its name.
    #[must_use]
    pub const fn new(name: &'a CStr) -> Self {
        Self(name)
    }

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'a CStr {
        self.0
    }

    pub(crate) fn as_ptr(self) -> *const c_char {
        self.0.as_ptr()
    }
}

macro_rules! kinds {
    ($($(#[$meta:meta])* $name:ident = $text:literal),* $(,)?) => {
        impl MatrixType<'static> {
            $($(#[$meta])* pub const $name: Self = Self($text);)*
        }
    };
}

kinds! {
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
}

/// Name of a package that factors matrices, for [`MatrixRef::factor`](super::MatrixRef::factor) and
/// `-pc_factor_mat_solver_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias = "MatSolverType")]
pub struct SolverType<'a>(pub(crate) &'a CStr);

impl<'a> SolverType<'a> {
    /// A package by its name.
    #[must_use]
    pub const fn new(name: &'a CStr) -> Self {
        Self(name)
    }

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'a CStr {
        self.0
    }
}

macro_rules! packages {
    ($($(#[$meta:meta])* $name:ident = $text:literal),* $(,)?) => {
        impl SolverType<'static> {
            $($(#[$meta])* pub const $name: Self = Self($text);)*
            /// All packages that have a name here, available or not.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

packages! {
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
    /// PaStiX: supernodal, parallel.
    PASTIX = c"pastix",
    /// STRUMPACK: with compression, parallel.
    STRUMPACK = c"strumpack",
    /// Pardiso of Intel's MKL.
    MKL_PARDISO = c"mkl_pardiso",
    /// ScaLAPACK, for dense matrices.
    SCALAPACK = c"scalapack",
}

/// Name of a method that orders rows and columns before a factorisation, see
/// [`MatrixRef::ordering`](super::MatrixRef::ordering).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias = "MatOrderingType")]
pub struct OrderingType<'a>(pub(crate) &'a CStr);

impl<'a> OrderingType<'a> {
    /// A method by its name.
    #[must_use]
    pub const fn new(name: &'a CStr) -> Self {
        Self(name)
    }

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'a CStr {
        self.0
    }
}

impl OrderingType<'static> {
    /// As it is.
    pub const NATURAL: Self = Self(c"natural");
    /// Nested dissection.
    pub const ND: Self = Self(c"nd");
    /// One-way dissection.
    pub const ONE_WAY_DISSECTION: Self = Self(c"1wd");
    /// Reverse Cuthill-McKee: small bandwidth.
    pub const RCM: Self = Self(c"rcm");
    /// Quotient minimum degree.
    pub const QMD: Self = Self(c"qmd");
}
