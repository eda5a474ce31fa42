//! PETSc's binary files.

use std::ffi::c_void;
use std::path::Path;
use std::ptr;

use petsc_macros::{setting, wraps};

use super::{FileMode, Viewer, ViewerRef};
use crate::comm::Comm;
use crate::error::Result;
use crate::{Int, Real, Scalar, call, ffi, sys};

/// Settings of a binary file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BinaryOptions {
    /// Whether all ranks read and write, with MPI-IO. Otherwise rank 0 reads and writes for all
    /// ranks. Option: `-viewer_binary_mpiio`.
    pub mpiio: bool,
    /// Whether to omit the additional file `.info`, which contains options of the objects. Option:
    /// `-viewer_binary_skip_info`.
    pub skip_info: bool,
    /// Whether to omit the headers of objects, for files that other programs read. PETSc can load
    /// such a file only into an object whose sizes are already set. Option:
    /// `-viewer_binary_skip_header`.
    pub skip_header: bool,
}

#[cfg(petsc_precision = "double")]
pub(super) const REAL: sys::PetscDataType = sys::PETSC_DOUBLE;
#[cfg(not(petsc_precision = "double"))]
pub(super) const REAL: sys::PetscDataType = sys::PETSC_FLOAT;
#[cfg(petsc_scalar = "complex")]
const SCALAR: sys::PetscDataType = sys::PETSC_COMPLEX;
#[cfg(not(petsc_scalar = "complex"))]
const SCALAR: sys::PetscDataType = REAL;

impl Viewer {
    /// Opens a file in PETSc's binary format (big endian), for [`view`](crate::Object::view) and
    /// [`Vector::load`](crate::Vector::load). In general, a build of PETSc with another scalar type
    /// or index width cannot read such a file.
    ///
    /// Collective.
    ///
    /// # Errors
    /// `FILE_OPEN` on all ranks if rank 0 cannot open the file.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::{FileMode, Object, Vector, Viewer};
    /// # let dir = tempfile::tempdir()?;
    /// # let path = dir.path().join("x.dat");
    /// let x = Vector::from_slice(comm, &[1.0.into(), 2.0.into()])?;
    /// let file = Viewer::binary(comm, &path, FileMode::Write)?;
    /// x.view(&file)?;
    /// file.close()?;
    /// let y = Vector::load(comm, &*Viewer::binary(comm, &path, FileMode::Read)?)?;
    /// assert_eq!(*x.array()?, *y.array()?);
    /// # Ok(()) })
    /// ```
    #[wraps(PetscViewerBinaryOpen)]
    #[track_caller]
    pub fn binary(comm: &Comm, path: impl AsRef<Path>, mode: FileMode) -> Result<Self> {
        Self::binary_with(comm, path, mode, BinaryOptions::default())
    }

    /// Opens a binary file with settings. Collective.
    #[wraps(PetscViewerBinarySetUseMPIIO, PetscViewerBinarySetSkipInfo, PetscViewerBinarySetSkipHeader, errors = binary)]
    #[track_caller]
    pub fn binary_with(
        comm: &Comm,
        path: impl AsRef<Path>,
        mode: FileMode,
        options: BinaryOptions,
    ) -> Result<Self> {
        let viewer = Self::of_type(comm, c"binary")?;
        let raw = viewer.as_ptr();
        if options.mpiio {
            // SAFETY: a live binary viewer, before its file is opened.
            unsafe { call!(PetscViewerBinarySetUseMPIIO(raw, ffi::raw_bool(true))) }?;
        }
        if options.skip_info {
            // SAFETY: as above.
            unsafe { call!(PetscViewerBinarySetSkipInfo(raw, ffi::raw_bool(true))) }?;
        }
        if options.skip_header {
            // SAFETY: as above.
            unsafe { call!(PetscViewerBinarySetSkipHeader(raw, ffi::raw_bool(true))) }?;
        }
        viewer.open(comm, path.as_ref(), mode)?;
        // SAFETY: a live viewer with mode and name; opens the file.
        unsafe { call!(PetscViewerSetUp(raw)) }?;
        Ok(viewer)
    }
}

impl ViewerRef {
    /// The number of ranks that send data to rank 0 at the same time while a parallel object is
    /// written.
    #[setting(
        PetscViewerBinarySetFlowControl,
        PetscViewerBinaryGetFlowControl,
        composed,
        errors = "`ARG_OUTOFRANGE` for 0 and 1"
    )]
    #[option(default = "256")]
    pub fn set_flow_control(flow_control: usize);

    /// Writes the integers of rank 0, without a header. Collective; all ranks must pass the same
    /// number of values.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of viewer; `FILE_WRITE`.
    #[wraps(PetscViewerBinaryWrite)]
    pub fn write_ints(&self, values: &[Int]) -> Result<()> {
        self.write_raw(values, sys::PETSC_INT)
    }

    /// Writes the real numbers of rank 0, without a header. Collective; all ranks must pass the
    /// same number of values.
    #[wraps(PetscViewerBinaryWrite, errors = write_ints)]
    pub fn write_reals(&self, values: &[Real]) -> Result<()> {
        self.write_raw(values, REAL)
    }

    /// Writes the scalars of rank 0, without a header. Collective; all ranks must pass the same
    /// number of values.
    #[wraps(PetscViewerBinaryWrite, errors = write_ints)]
    pub fn write_scalars(&self, values: &[Scalar]) -> Result<()> {
        self.write_raw(values, SCALAR)
    }

    /// Reads `n` integers and returns them on all ranks. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of viewer; `FILE_READ`, on all ranks, if the file contains
    /// fewer values.
    #[wraps(PetscViewerBinaryRead)]
    pub fn read_ints(&self, n: usize) -> Result<Vec<Int>> {
        let mut values = vec![0; n];
        self.read_raw(values.as_mut_ptr().cast(), n, sys::PETSC_INT)?;
        Ok(values)
    }

    /// Reads `n` real numbers and returns them on all ranks. Collective.
    #[wraps(PetscViewerBinaryRead, errors = read_ints)]
    pub fn read_reals(&self, n: usize) -> Result<Vec<Real>> {
        let mut values = vec![0.0; n];
        self.read_raw(values.as_mut_ptr().cast(), n, REAL)?;
        Ok(values)
    }

    /// Reads `n` scalars and returns them on all ranks. Collective.
    #[wraps(PetscViewerBinaryRead, errors = read_ints)]
    pub fn read_scalars(&self, n: usize) -> Result<Vec<Scalar>> {
        let mut values = vec![Scalar::default(); n];
        self.read_raw(values.as_mut_ptr().cast(), n, SCALAR)?;
        Ok(values)
    }

    fn write_raw<T: Copy>(&self, values: &[T], kind: sys::PetscDataType) -> Result<()> {
        self.check_type(c"binary")?;
        let n = ffi::petsc_int(values.len())?;
        // PETSc swaps the bytes in place while it writes.
        let mut copy = values.to_vec();
        let data: *mut c_void = copy.as_mut_ptr().cast();
        // SAFETY: a live binary viewer (above); `data` holds `n` values of this kind.
        unsafe { call!(PetscViewerBinaryWrite(self.as_ptr(), data, n, kind)) }
    }

    fn read_raw(&self, data: *mut c_void, n: usize, kind: sys::PetscDataType) -> Result<()> {
        self.check_type(c"binary")?;
        let n = ffi::petsc_int(n)?;
        // SAFETY: a live binary viewer (above); `data` has room for `n` values of this kind. With
        // NULL for the count, PETSc reads all of them or fails.
        unsafe { call!(PetscViewerBinaryRead(self.as_ptr(), data, n, ptr::null_mut(), kind)) }
    }
}
