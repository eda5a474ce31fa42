//! Boolean options of matrices.

use petsc_macros::wraps;

use super::MatrixRef;
use crate::error::Result;
use crate::{call, ffi, sys};

macro_rules! options {
    ($($(#[$meta:meta])* $name:ident = $raw:ident, square $square:literal;)*) => {
        /// An option of a matrix. Each description applies while the option is on. See
        /// [`MatrixRef::set_option`].
        ///
        /// Three options of C are omitted (`MAT_SORTED_FULL`, `MAT_STRUCTURE_ONLY`,
        /// `MAT_SUBMAT_SINGLEIS`): PETSc writes outside its arrays if the matrix does not have the
        /// stated property.
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

            /// Returns whether the option states a property that only square matrices have.
            fn needs_square(self) -> bool {
                match self { $(Self::$name => $square,)* }
            }

            /// Returns whether the option may allow entries outside the nonzero pattern.
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
    /// The values are symmetric. Solvers rely on this property.
    Symmetric = MAT_SYMMETRIC, square true;
    /// The nonzero pattern is symmetric.
    StructurallySymmetric = MAT_STRUCTURALLY_SYMMETRIC, square true;
    /// The values are Hermitian. Solvers rely on this property.
    Hermitian = MAT_HERMITIAN, square true;
    /// The matrix is symmetric (Hermitian) positive definite. Solvers rely on this property.
    Spd = MAT_SPD, square true;
    /// Symmetry, once set, remains set when values change.
    SymmetryEternal = MAT_SYMMETRY_ETERNAL, square true;
    /// Structural symmetry, once set, remains set when values change.
    StructuralSymmetryEternal = MAT_STRUCTURAL_SYMMETRY_ETERNAL, square true;
    /// Positive definiteness, once set, remains set when values change.
    SpdEternal = MAT_SPD_ETERNAL, square true;
    /// A diagonal entry that is not set is stored as zero.
    ForceDiagonalEntries = MAT_FORCE_DIAGONAL_ENTRIES, square true;
    /// Entries that are set in rows of other ranks are dropped.
    IgnoreOffProcEntries = MAT_IGNORE_OFF_PROC_ENTRIES, square false;
    /// No rank sets entries in rows of other ranks, so assembly needs no communication.
    NoOffProcEntries = MAT_NO_OFF_PROC_ENTRIES, square false;
    /// Each rank zeroes only rows that it owns.
    NoOffProcZeroRows = MAT_NO_OFF_PROC_ZERO_ROWS, square false;
    /// [`zero_rows`](MatrixRef::zero_rows) and related methods keep the nonzero pattern.
    KeepNonzeroPattern = MAT_KEEP_NONZERO_PATTERN, square false;
    /// Zero values that are set are not stored.
    IgnoreZeroEntries = MAT_IGNORE_ZERO_ENTRIES, square false;
    /// Entries may be added outside the nonzero pattern after assembly.
    NewNonzeroLocations = MAT_NEW_NONZERO_LOCATIONS, square false;
    /// Adding an entry outside the nonzero pattern after assembly is an error.
    NewNonzeroLocationErr = MAT_NEW_NONZERO_LOCATION_ERR, square false;
    /// Setting an entry that was not preallocated is an error.
    NewNonzeroAllocationErr = MAT_NEW_NONZERO_ALLOCATION_ERR, square false;
    /// A preallocated entry that is never set is an error.
    UnusedNonzeroLocationErr = MAT_UNUSED_NONZERO_LOCATION_ERR, square false;
    /// Symmetric storage ignores entries below the diagonal. By default, setting such an entry is
    /// an error.
    IgnoreLowerTriangular = MAT_IGNORE_LOWER_TRIANGULAR, square false;
    /// In symmetric storage, setting an entry below the diagonal is an error.
    ErrorLowerTriangular = MAT_ERROR_LOWER_TRIANGULAR, square false;
    /// In symmetric storage, reading a row returns only its part in the upper triangle.
    GetRowUpperTriangular = MAT_GETROW_UPPERTRIANGULAR, square false;
    /// Products and factorizations use consecutive rows with equal nonzero patterns (inodes).
    UseInodes = MAT_USE_INODES, square false;
    /// Values are passed in row-major order (default), not in column-major order.
    RowOriented = MAT_ROW_ORIENTED, square false;
    /// The first product with the transpose computes and stores the transpose; later products use
    /// it.
    FormExplicitTranspose = MAT_FORM_EXPLICIT_TRANSPOSE, square false;
}

impl MatrixRef {
    /// Switches an option on or off. Logically collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the option states a symmetry and the matrix is not square; `ARG_WRONGSTATE` if
    /// the option allows new entries in a distributed matrix with
    /// [coordinates](Self::set_preallocation_coo).
    ///
    /// # Examples
    /// A program states that a matrix is symmetric. Conjugate gradients and Cholesky factorizations
    /// rely on this property:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::matrix::MatrixOption;
    /// let mut a = Matrix::builder(comm).global_size(4, 4).build()?;
    /// a.set_option(MatrixOption::Symmetric, true)?;
    /// assert_eq!(a.symmetric_known()?, Some(true));
    /// # Ok(()) })
    /// ```
    #[wraps(MatSetOption)]
    pub fn set_option(&mut self, option: MatrixOption, on: bool) -> Result<()> {
        if on && option.needs_square() {
            self.check_square()?;
        }
        if option.allows_new_places(on) {
            self.check_without_plan()?;
        }
        // SAFETY: a live matrix with a type.
        unsafe { call!(MatSetOption(self.as_ptr(), option.to_raw(), ffi::raw_bool(on))) }
    }

    /// Returns whether an option is on. PETSc reports this for some options only (symmetries,
    /// [`NoOffProcEntries`](MatrixOption::NoOffProcEntries), …).
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for other options.
    #[wraps(MatGetOption, not_collective)]
    pub fn option(&self, option: MatrixOption) -> Result<bool> {
        let mut on = ffi::raw_bool(false);
        // SAFETY: a live matrix with a type and a valid out-pointer.
        unsafe { call!(MatGetOption(self.as_ptr(), option.to_raw(), &raw mut on)) }?;
        Ok(ffi::to_bool(on))
    }
}
