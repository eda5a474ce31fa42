//! Names of matrix types: an open set, to which plugins add.

use std::ffi::CStr;

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
    pub fn name(self) -> &'a CStr {
        self.0
    }
}

impl MatrixType<'static> {
    /// Compressed sparse rows.
    pub const AIJ: Self = Self(c"aij");
    /// Compressed sparse rows of small dense blocks.
    pub const BAIJ: Self = Self(c"baij");
    /// The upper triangle of a symmetric matrix in blocks.
    pub const SBAIJ: Self = Self(c"sbaij");
    /// Dense, column by column.
    pub const DENSE: Self = Self(c"dense");
}
