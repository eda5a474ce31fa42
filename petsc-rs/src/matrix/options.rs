//! Settings that are on or off.

use petsc_macros::wraps;

use super::MatrixRef;
use crate::error::Result;
use crate::{call, ffi, sys};

macro_rules! options {
    ($($(#[$meta:meta])* $name:ident = $raw:ident, square $square:literal;)*) => {
        /// A setting of a matrix, see [`MatrixRef::set_option`]. Those of C are left out with which a
        /// wrong claim makes PETSc write outside its arrays (`MAT_SORTED_FULL`,
        /// `MAT_STRUCTURE_ONLY`, `MAT_SUBMAT_SINGLEIS`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        #[doc(alias = "MatOption")]
        pub enum MatrixOption {
            $($(#[$meta])* $name,)*
        }

        impl MatrixOption {
            fn to_raw(self) -> sys::MatOption {
                match self { $(Self::$name => sys::$raw,)* }
            }

            /// Whether it claims something that only a square matrix can have.
            fn needs_square(self) -> bool {
                match self { $(Self::$name => $square,)* }
            }

            /// Whether the setting may let the matrix take entries at places that it does not have.
            fn allows_new_places(self, on: bool) -> bool {
                match self {
                    Self::NewNonzeroLocations => on,
                    Self::NewNonzeroLocationErr => !on,
                    Self::NewNonzeroAllocationErr => true,
                    _ => false,
                }
            }
        }
    };
}

options! {
    /// The values are symmetric. Solvers rely on it.
    Symmetric = MAT_SYMMETRIC, square true;
    /// The places of entries are symmetric.
    StructurallySymmetric = MAT_STRUCTURALLY_SYMMETRIC, square true;
    /// The values are Hermitian. Solvers rely on it.
    Hermitian = MAT_HERMITIAN, square true;
    /// The matrix is symmetric (Hermitian) positive definite. Solvers rely on it.
    Spd = MAT_SPD, square true;
    /// Symmetry, once set, survives changes of values.
    SymmetryEternal = MAT_SYMMETRY_ETERNAL, square true;
    /// Structural symmetry, once set, survives changes of values.
    StructuralSymmetryEternal = MAT_STRUCTURAL_SYMMETRY_ETERNAL, square true;
    /// Positive definiteness, once set, survives changes of values.
    SpdEternal = MAT_SPD_ETERNAL, square true;
    /// Store zeros on the diagonal where nothing was set.
    ForceDiagonalEntries = MAT_FORCE_DIAGONAL_ENTRIES, square true;
    /// Drop entries for rows of other ranks.
    IgnoreOffProcEntries = MAT_IGNORE_OFF_PROC_ENTRIES, square false;
    /// No rank sets entries of other ranks: assembly needs no communication.
    NoOffProcEntries = MAT_NO_OFF_PROC_ENTRIES, square false;
    /// Rows to be zeroed are on the rank that asks for it.
    NoOffProcZeroRows = MAT_NO_OFF_PROC_ZERO_ROWS, square false;
    /// Zeroing rows keeps their places.
    KeepNonzeroPattern = MAT_KEEP_NONZERO_PATTERN, square false;
    /// Zeros that are set are not stored.
    IgnoreZeroEntries = MAT_IGNORE_ZERO_ENTRIES, square false;
    /// New places may be added after assembly.
    NewNonzeroLocations = MAT_NEW_NONZERO_LOCATIONS, square false;
    /// A new place after assembly is an error.
    NewNonzeroLocationErr = MAT_NEW_NONZERO_LOCATION_ERR, square false;
    /// An entry for which there is no room is an error.
    NewNonzeroAllocationErr = MAT_NEW_NONZERO_ALLOCATION_ERR, square false;
    /// Room that was never used is an error.
    UnusedNonzeroLocationErr = MAT_UNUSED_NONZERO_LOCATION_ERR, square false;
    /// Symmetric storage ignores entries below the diagonal, which else are an error.
    IgnoreLowerTriangular = MAT_IGNORE_LOWER_TRIANGULAR, square false;
    /// Symmetric storage refuses entries below the diagonal.
    ErrorLowerTriangular = MAT_ERROR_LOWER_TRIANGULAR, square false;
    /// Symmetric storage lends the upper triangle of rows.
    GetRowUpperTriangular = MAT_GETROW_UPPERTRIANGULAR, square false;
    /// Use equal rows next to each other to speed up products and factorisations.
    UseInodes = MAT_USE_INODES, square false;
    /// Values are given row by row (default) and not column by column.
    RowOriented = MAT_ROW_ORIENTED, square false;
    /// Products with the transpose build it once.
    FormExplicitTranspose = MAT_FORM_EXPLICIT_TRANSPOSE, square false;
}

impl MatrixRef {
    /// Switches a setting. Logically collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the setting claims a symmetry and the matrix is not square; `ARG_WRONGSTATE` if it allows new
    /// places in a distributed matrix with a [plan of coordinates](Self::set_preallocation_coo).
    #[wraps(MatSetOption)]
    pub fn set_option(&mut self, option: MatrixOption, on: bool) -> Result<()> {
        if on && option.needs_square() {
            self.check_square()?;
        }
        if option.allows_new_places(on) {
            self.check_without_plan()?;
        }
        // SAFETY: a live matrix with a type.
        unsafe {
            call!(MatSetOption(
                self.as_ptr(),
                option.to_raw(),
                ffi::raw_bool(on)
            ))
        }
    }

    /// Whether a setting is on, for those that PETSc tells (the symmetries and
    /// [`NoOffProcEntries`](MatrixOption::NoOffProcEntries), …). Not collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for others.
    #[wraps(MatGetOption)]
    pub fn option(&self, option: MatrixOption) -> Result<bool> {
        crate::not_collective!();
        let mut on = ffi::raw_bool(false);
        // SAFETY: a live matrix with a type and a valid out-pointer.
        unsafe { call!(MatGetOption(self.as_ptr(), option.to_raw(), &raw mut on)) }?;
        Ok(ffi::to_bool(on))
    }
}
