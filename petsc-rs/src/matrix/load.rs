//! Matrices from files.

use petsc_macros::wraps;

use super::{Matrix, MatrixRef};
use crate::call;
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::viewer::ViewerRef;

impl Matrix {
    /// Loads the next matrix of a binary file as AIJ, with PETSc's parallel layout. For another
    /// type or layout, or an HDF5 file, see [`Builder::load`](crate::matrix::Builder::load).
    /// Collective.
    ///
    /// # Errors
    /// The errors of [`Builder::load`](crate::matrix::Builder::load).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::{FileMode, Viewer};
    /// # let dir = tempfile::tempdir()?;
    /// # let path = dir.path().join("a.dat");
    /// let mut a = Matrix::builder(comm).global_size(4, 4).build()?;
    /// for i in a.ownership_range()? {
    ///     a.set_value(i, i, 3.0.into(), InsertMode::Insert)?;
    /// }
    /// a.assemble()?;
    /// let file = Viewer::binary(comm, &path, FileMode::Write)?;
    /// a.view(&file)?;
    /// file.close()?;
    /// let b = Matrix::load(comm, &*Viewer::binary(comm, &path, FileMode::Read)?)?;
    /// assert_eq!(b.trace()?.real(), 12.0);
    /// # Ok(()) })
    /// ```
    #[wraps(MatLoad)]
    #[track_caller]
    pub fn load(comm: &Comm, viewer: &ViewerRef) -> Result<Self> {
        Self::builder(comm).from_options(false).load(viewer)
    }
}

impl ViewerRef {
    /// Checks whether `a`, which has a type and possibly sizes, can be loaded. Collective.
    pub(crate) fn check_matrix(&self, a: &MatrixRef) -> Result<()> {
        let dense = a.type_name()?.is_some_and(|t| t.contains("dense"));
        if dense && self.is_type("binary")? && self.skips_headers()? {
            let (mut rows, mut columns) = (0, 0);
            // SAFETY: a live matrix and valid out-pointers; unknown sizes are negative.
            unsafe { call!(MatGetSize(a.as_ptr(), &raw mut rows, &raw mut columns)) }?;
            let (Ok(rows), Ok(columns)) = (u64::try_from(rows), u64::try_from(columns)) else {
                return Err(Error::collective(
                    ErrorCode::FILE_UNEXPECTED,
                    "a file without headers does not contain the size of the matrix: set the global size in the builder",
                ));
            };
            return self.check_contents(|file| file.check_values(rows.saturating_mul(columns)));
        }
        #[cfg(petsc_have_hdf5)]
        if self.is_type("hdf5")? && !dense {
            return self.check_sparse(&a.name()?);
        }
        let square = a.stores_upper_triangle()?;
        self.check_contents(|file| file.check_matrix(square))
    }
}
