//! Names and closed sets of basis vectors.

use crate::sys;

petsc_rs::type_names! {
    /// How basis vectors are stored.
    #[doc(alias = "BVType")]
    BvType;
    /// One long vector, column after column. The default.
    SVEC = c"svec",
    /// A vector for each column.
    VECS = c"vecs",
    /// A vector for each column, in one block of memory.
    CONTIGUOUS = c"contiguous",
    /// A dense matrix.
    MAT = c"mat",
}

petsc_rs::c_enum! {
    /// How a column is made orthogonal to those before it.
    #[doc(alias = "BVOrthogType")]
    OrthogType of BVOrthogType;
    /// Classical Gram-Schmidt: one reduction for all coefficients. The default.
    Classical = BV_ORTHOG_CGS,
    /// Modified Gram-Schmidt: a reduction for each coefficient.
    Modified = BV_ORTHOG_MGS,
}

petsc_rs::c_enum! {
    /// Whether a column is made orthogonal a second time.
    #[doc(alias = "BVOrthogRefineType")]
    OrthogRefine of BVOrthogRefineType;
    /// Where its norm has fallen below `η` times what it was. The default.
    IfNeeded = BV_ORTHOG_REFINE_IFNEEDED,
    /// Never.
    Never = BV_ORTHOG_REFINE_NEVER,
    /// Always.
    Always = BV_ORTHOG_REFINE_ALWAYS,
}

petsc_rs::c_enum! {
    /// How all columns are made orthonormal at once.
    #[doc(alias = "BVOrthogBlockType")]
    OrthogBlock of BVOrthogBlockType;
    /// Column by column. The default.
    GramSchmidt = BV_ORTHOG_BLOCK_GS,
    /// By the Cholesky factor of `VᴴV`.
    Cholesky = BV_ORTHOG_BLOCK_CHOL,
    /// By QR of the rows of each rank, and of the factors in a tree. Not with an inner product of its own.
    Tsqr = BV_ORTHOG_BLOCK_TSQR,
    /// The triangular factor by the tree, and then as with Cholesky. Not with an inner product of its own.
    TsqrCholesky = BV_ORTHOG_BLOCK_TSQRCHOL,
    /// By the eigenvectors of `VᴴV`: the factor is not triangular.
    Svqb = BV_ORTHOG_BLOCK_SVQB,
}

petsc_rs::c_enum! {
    /// How products with a matrix are formed.
    #[doc(alias = "BVMatMultType")]
    MatMultMethod of BVMatMultType;
    /// Column by column.
    Vectors = BV_MATMULT_VECS,
    /// With a dense matrix of all columns. The default.
    Matrix = BV_MATMULT_MAT,
}
