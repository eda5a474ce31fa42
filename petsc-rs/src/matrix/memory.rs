//! The memory of the entries of a matrix, as recorded in the borrow table.

use std::ptr;

use super::MatrixRef;
use crate::error::Result;
use crate::ffi::{Access, Borrow, Borrows, Region};
use crate::object::Object as _;
use crate::{call, callback, ffi, sys};

/// Types that have no entries to lend, or share them with no other matrix.
const OWN: [&str; 13] = [
    "seqaij",
    "seqbaij",
    "mpibaij",
    "seqsbaij",
    "mpisbaij",
    "seqsell",
    "mpisell",
    "shell",
    "mffd",
    "diagonal",
    "constantdiagonal",
    "preallocator",
    "fftw",
];

/// Location of the entries of a matrix.
enum Storage {
    /// In the matrix itself.
    Own,
    /// In one array, which a submatrix may share.
    Dense,
    /// In other matrices.
    Parts(Vec<sys::Mat>),
    /// Not known to this crate.
    Unknown,
}

impl MatrixRef {
    /// Checks in the borrow table that C may read the entries.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if a guard for writing lends the same memory.
    #[doc(hidden)]
    #[inline]
    pub fn check_readable(&self) -> Result<()> {
        ffi::ask_guards(|| self.check_memory(Access::Read))
    }

    /// Checks in the borrow table that C may write the entries.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if a guard lends the same memory.
    #[doc(hidden)]
    #[inline]
    pub fn check_writable(&self) -> Result<()> {
        ffi::ask_guards(|| self.check_memory(Access::Write))
    }

    #[cold]
    pub(crate) fn check_memory(&self, access: Access) -> Result<()> {
        let own = Region::object(self.as_ptr());
        match self.storage()? {
            Storage::Own => ffi::check_region(own, access),
            Storage::Dense => ffi::check_region(self.dense_region()?, access),
            Storage::Parts(parts) => {
                ffi::check_region(own, access)?;
                parts.into_iter().try_for_each(|part| {
                    // SAFETY: this matrix keeps its parts.
                    unsafe { Self::from_ptr(part) }.check_memory(access)
                })
            }
            Storage::Unknown => {
                ffi::check_region(own, access)?;
                ffi::check_no_matrix(access)
            }
        }
    }

    /// Enters a guard for this matrix, its memory and its parts.
    pub(crate) fn borrow(&self, access: Access) -> Result<Borrows> {
        let storage = self.storage()?;
        let region = match storage {
            Storage::Dense => self.dense_region()?,
            _ => Region::object(self.as_ptr()),
        };
        let mut borrows = Borrows::from(Borrow::enter_region(self, region, access)?.of_matrix());
        for part in self.blocks(storage)? {
            // SAFETY: this matrix keeps its parts.
            let part = unsafe { Self::from_ptr(part) }.borrow_part(access)?;
            borrows.extend(part);
        }
        Ok(borrows)
    }

    /// Enters a guard for a part of a matrix. The part may share the memory of the whole, which has
    /// its own entry.
    fn borrow_part(&self, access: Access) -> Result<Borrows> {
        let mut borrows = Borrows::from(Borrow::enter(self, access)?.of_matrix().as_part());
        for part in self.blocks(self.storage()?)? {
            // SAFETY: this matrix keeps its parts.
            let part = unsafe { Self::from_ptr(part) }.borrow_part(access)?;
            borrows.extend(part);
        }
        Ok(borrows)
    }

    fn storage(&self) -> Result<Storage> {
        let kind = self.type_name()?.unwrap_or_default();
        Ok(match kind.as_str() {
            "seqdense" | "mpidense" => Storage::Dense,
            "nest" => Storage::Parts(self.nest_parts()?),
            "is" => Storage::Parts(vec![self.local_part()?.as_ptr()]),
            kind if kind.starts_with("mpiaij") => Storage::Parts(self.aij_parts()?),
            kind if OWN.iter().any(|own| kind.starts_with(own)) => Storage::Own,
            _ => Storage::Unknown,
        })
    }

    fn blocks(&self, storage: Storage) -> Result<Vec<sys::Mat>> {
        match storage {
            Storage::Parts(parts) => Ok(parts),
            Storage::Dense if self.is_type("mpidense")? => {
                let mut local = ptr::null_mut();
                // SAFETY: a live dense matrix (above) and a valid out-pointer.
                unsafe { call!(MatDenseGetLocalMatrix(self.as_ptr(), &raw mut local)) }?;
                // SAFETY: a live matrix. MatGetDiagonalBlock uses this name.
                let diagonal = unsafe { callback::composed(self.object_ptr(), c"DiagonalBlock") }?;
                Ok(present([local, diagonal.cast()]))
            }
            Storage::Own | Storage::Dense | Storage::Unknown => Ok(Vec::new()),
        }
    }

    fn nest_parts(&self) -> Result<Vec<sys::Mat>> {
        let (rows, columns) = self.nest_size()?;
        let mut parts = Vec::new();
        for (i, j) in (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))) {
            parts.extend(self.nest_block(i, j)?.map(|part| part.as_ptr()));
        }
        Ok(parts)
    }

    /// Returns the diagonal and off-diagonal blocks of an `mpiaij` matrix, if they are allocated.
    fn aij_parts(&self) -> Result<Vec<sys::Mat>> {
        let (mut own, mut other) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live matrix of this type (`storage`), valid out-pointers, NULL for what nobody wants.
        unsafe {
            call!(MatMPIAIJGetSeqAIJ(self.as_ptr(), &raw mut own, &raw mut other, ptr::null_mut()))
        }?;
        Ok(present([own, other]))
    }
}

fn present(parts: [sys::Mat; 2]) -> Vec<sys::Mat> {
    parts.into_iter().filter(|part| !part.is_null()).collect()
}
