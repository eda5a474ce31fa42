//! Types and enumerations of basis vectors.

use crate::sys;

petsc_rs::type_names! {
    /// Storage format of basis vectors.
    #[doc(alias = "BVType")]
    BvType;
    /// A single long vector that holds the columns one after another. The default.
    SVEC = c"svec",
    /// One vector per column.
    VECS = c"vecs",
    /// One vector per column, with all entries in one contiguous block of memory.
    CONTIGUOUS = c"contiguous",
    /// A dense matrix.
    MAT = c"mat",
}

petsc_rs::c_enum! {
    /// Method that orthogonalizes a column against the columns before it.
    #[doc(alias = "BVOrthogType")]
    OrthogType of BVOrthogType;
    /// Classical Gram-Schmidt: one global reduction for all coefficients. The default.
    Classical = BV_ORTHOG_CGS,
    /// Modified Gram-Schmidt: one global reduction per coefficient.
    Modified = BV_ORTHOG_MGS,
}

petsc_rs::c_enum! {
    /// Whether the orthogonalization of a column is repeated (refinement).
    #[doc(alias = "BVOrthogRefineType")]
    OrthogRefine of BVOrthogRefineType;
    /// Repeated if the orthogonalization has reduced the norm of the column to less than `η` times
    /// the norm before. The default.
    IfNeeded = BV_ORTHOG_REFINE_IFNEEDED,
    /// Never.
    Never = BV_ORTHOG_REFINE_NEVER,
    /// Always.
    Always = BV_ORTHOG_REFINE_ALWAYS,
}

petsc_rs::c_enum! {
    /// Method that orthonormalizes all columns together.
    #[doc(alias = "BVOrthogBlockType")]
    OrthogBlock of BVOrthogBlockType;
    /// Gram-Schmidt, column after column. The default.
    GramSchmidt = BV_ORTHOG_BLOCK_GS,
    /// Cholesky factorization of `VᴴV`.
    Cholesky = BV_ORTHOG_BLOCK_CHOL,
    /// Tall-skinny QR: a QR factorization on each rank, and a tree reduction of the factors. Not
    /// available with an inner product matrix.
    Tsqr = BV_ORTHOG_BLOCK_TSQR,
    /// The triangular factor is computed with tall-skinny QR, and then used like a Cholesky factor.
    /// Not available with an inner product matrix.
    TsqrCholesky = BV_ORTHOG_BLOCK_TSQRCHOL,
    /// Eigendecomposition of `VᴴV` (SVQB); the factor is not triangular.
    Svqb = BV_ORTHOG_BLOCK_SVQB,
}

petsc_rs::c_enum! {
    /// Method for products of a matrix and a basis.
    #[doc(alias = "BVMatMultType")]
    MatMultMethod of BVMatMultType;
    /// One matrix-vector product per column.
    Vectors = BV_MATMULT_VECS,
    /// One matrix-matrix product with all columns as a dense matrix. The default.
    Matrix = BV_MATMULT_MAT,
}
