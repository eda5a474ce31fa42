//! HDF5 files.

use std::ffi::c_char;
use std::path::Path;
use std::ptr;

use petsc_macros::wraps;

use super::binary::REAL;
use super::{FileMode, Viewer, ViewerRef, undo};
use crate::comm::Comm;
use crate::error::Result;
use crate::object::Object;
use crate::{Int, Real, call, ffi, get, sys};

/// A number that can be stored in an attribute: [`Int`] or [`Real`].
pub trait AttributeValue: Copy + Default + sealed::Sealed {
    #[doc(hidden)]
    const KIND: sys::PetscDataType;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for crate::Int {}
    impl Sealed for crate::Real {}
}

impl AttributeValue for Int {
    const KIND: sys::PetscDataType = sys::PETSC_INT;
}

impl AttributeValue for Real {
    const KIND: sys::PetscDataType = REAL;
}

impl Viewer {
    /// Opens an HDF5 file. Objects are stored and loaded with their
    /// [names](crate::Object::set_name).
    ///
    /// Collective.
    ///
    /// # Errors
    /// `FILE_OPEN`, on all ranks, if rank 0 cannot open the file; an error of HDF5 if the file is
    /// not an HDF5 file.
    #[wraps(PetscViewerHDF5Open)]
    #[track_caller]
    pub fn hdf5(comm: &Comm, path: impl AsRef<Path>, mode: FileMode) -> Result<Self> {
        let viewer = Self::of_type(comm, c"hdf5")?;
        let path = path.as_ref();
        // HDF5 appends to existing files, and an empty file is not an HDF5 file.
        let fresh = mode != FileMode::Read && !path.exists();
        crate::file::check(comm, path, mode.access())?;
        comm.barrier()?;
        if fresh && comm.rank() == 0 {
            let _ = std::fs::remove_file(path);
        }
        comm.barrier()?;
        // SAFETY: a live viewer of a type with files.
        unsafe { call!(PetscViewerFileSetMode(viewer.as_ptr(), mode.to_raw())) }?;
        viewer.set_file_name(&path.to_string_lossy())?;
        Ok(viewer)
    }
}

impl ViewerRef {
    /// Runs `body` while `group` is the current group of the HDF5 file. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of viewer; the errors of `body`.
    #[wraps(PetscViewerHDF5PushGroup, PetscViewerHDF5PopGroup)]
    pub fn with_group<T>(&self, group: &str, body: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        self.check_type(c"hdf5")?;
        let group = ffi::c_string(group)?;
        // SAFETY: a live HDF5 viewer (above); PETSc copies the name.
        unsafe { call!(PetscViewerHDF5PushGroup(self.as_ptr(), group.as_ptr())) }?;
        let _undo = undo!(self, PetscViewerHDF5PopGroup);
        body(self)
    }

    /// Returns whether the file has a group. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of viewer.
    #[wraps(PetscViewerHDF5HasGroup)]
    pub fn has_group(&self, group: &str) -> Result<bool> {
        self.check_type(c"hdf5")?;
        let group = ffi::c_string(group)?;
        // SAFETY: a live HDF5 viewer (above), a NUL-terminated name.
        unsafe { get!(PetscViewerHDF5HasGroup(self.as_ptr(), group.as_ptr(), _)) }
    }

    /// Returns whether the file has a dataset. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of viewer.
    #[wraps(PetscViewerHDF5HasDataset)]
    pub fn has_dataset(&self, path: &str) -> Result<bool> {
        self.check_type(c"hdf5")?;
        let path = ffi::c_string(path)?;
        // SAFETY: a live HDF5 viewer (above), a NUL-terminated name.
        unsafe { get!(PetscViewerHDF5HasDataset(self.as_ptr(), path.as_ptr(), _)) }
    }

    /// Returns whether the current group of the file contains an object with the name of `object`.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of viewer; an error of PETSc for an object without a name.
    #[wraps(PetscViewerHDF5HasObject)]
    pub fn has_object<O: Object + ?Sized>(&self, object: &O) -> Result<bool> {
        self.check_type(c"hdf5")?;
        // SAFETY: a live HDF5 viewer (above) and a live object, whose name PETSc checks.
        unsafe { get!(PetscViewerHDF5HasObject(self.as_ptr(), object.object_ptr(), _)) }
    }

    /// Runs `body`. In `body`, vectors are written and read as the steps of a time series: their
    /// datasets have an additional dimension. The current step is 0 at first;
    /// [`set_timestep`](Self::set_timestep) changes it. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of viewer; the errors of `body`.
    #[wraps(PetscViewerHDF5PushTimestepping, PetscViewerHDF5PopTimestepping)]
    pub fn with_timesteps<T>(&self, body: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        self.check_type(c"hdf5")?;
        // SAFETY: a live HDF5 viewer (above).
        unsafe { call!(PetscViewerHDF5PushTimestepping(self.as_ptr())) }?;
        let _undo = undo!(self, PetscViewerHDF5PopTimestepping);
        body(self)
    }

    /// Sets the step that is written or read next. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of viewer; an error of PETSc outside
    /// [`with_timesteps`](Self::with_timesteps).
    #[wraps(PetscViewerHDF5SetTimestep)]
    pub fn set_timestep(&self, step: usize) -> Result<()> {
        self.check_type(c"hdf5")?;
        let step = ffi::petsc_int(step)?;
        // SAFETY: a live HDF5 viewer (above).
        unsafe { call!(PetscViewerHDF5SetTimestep(self.as_ptr(), step)) }
    }

    /// Sets whether vectors with one unknown per point are stored with an additional dimension of
    /// extent 1 for the unknowns, as vectors with several unknowns are. Logically collective.
    /// Default: false. Option: `-viewer_hdf5_base_dimension2`.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of viewer.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::{Dmda, FileMode, Object, Scalar, ScalarExt, Viewer};
    /// # let dir = tempfile::tempdir()?;
    /// # let path = dir.path().join("x.h5");
    /// let grid = Dmda::builder(comm).sizes([3, 2]).build()?;
    /// let mut x = grid.create_global_vector()?;
    /// x.set(Scalar::from_real(2.5))?;
    /// x.set_name("x")?;
    /// let file = Viewer::hdf5(comm, &path, FileMode::Write)?;
    /// file.set_base_dimension2(true)?;
    /// x.view(&file)?;
    /// file.close()?;
    /// let mut y = x.duplicate()?;
    /// y.set_name("x")?;
    /// y.read(&*Viewer::hdf5(comm, &path, FileMode::Read)?)?;
    /// assert!(x.equal(&y)?);
    /// # Ok(()) })
    /// ```
    #[wraps(PetscViewerHDF5SetBaseDimension2)]
    pub fn set_base_dimension2(&self, on: bool) -> Result<()> {
        self.check_type(c"hdf5")?;
        // SAFETY: a live HDF5 viewer (above).
        unsafe { call!(PetscViewerHDF5SetBaseDimension2(self.as_ptr(), ffi::raw_bool(on))) }
    }

    /// Writes a number as an attribute of a dataset or group. The path `parent` is relative to the
    /// current group.
    ///
    /// Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of viewer; an error of PETSc if the dataset or group does not
    /// exist.
    #[wraps(PetscViewerHDF5WriteAttribute)]
    pub fn write_attribute<T: AttributeValue>(
        &self,
        parent: &str,
        name: &str,
        value: T,
    ) -> Result<()> {
        self.write_attribute_raw(parent, name, T::KIND, (&raw const value).cast())
    }

    /// Writes a string as an attribute of a dataset or group. Collective.
    #[wraps(PetscViewerHDF5WriteAttribute, errors = write_attribute)]
    pub fn write_text_attribute(&self, parent: &str, name: &str, value: &str) -> Result<()> {
        let value = ffi::c_string(value)?;
        self.write_attribute_raw(parent, name, sys::PETSC_STRING, value.as_ptr().cast())
    }

    fn write_attribute_raw(
        &self,
        parent: &str,
        name: &str,
        kind: sys::PetscDataType,
        value: *const std::ffi::c_void,
    ) -> Result<()> {
        self.check_type(c"hdf5")?;
        let (parent, name) = (ffi::c_string(parent)?, ffi::c_string(name)?);
        // SAFETY: a live HDF5 viewer (above), NUL-terminated names, a value of this kind.
        unsafe {
            call!(PetscViewerHDF5WriteAttribute(
                self.as_ptr(),
                parent.as_ptr(),
                name.as_ptr(),
                kind,
                value
            ))
        }
    }

    /// Returns whether a dataset or group has an attribute. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of viewer.
    #[wraps(PetscViewerHDF5HasAttribute)]
    pub fn has_attribute(&self, parent: &str, name: &str) -> Result<bool> {
        self.check_type(c"hdf5")?;
        let (parent, name) = (ffi::c_string(parent)?, ffi::c_string(name)?);
        // SAFETY: a live HDF5 viewer (above), NUL-terminated names.
        unsafe {
            get!(PetscViewerHDF5HasAttribute(self.as_ptr(), parent.as_ptr(), name.as_ptr(), _))
        }
    }

    /// Reads a number from an attribute of a dataset or group. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of viewer; an error of PETSc if the attribute does not exist.
    #[wraps(PetscViewerHDF5ReadAttribute)]
    pub fn read_attribute<T: AttributeValue>(&self, parent: &str, name: &str) -> Result<T> {
        let mut value = T::default();
        self.read_attribute_raw(parent, name, T::KIND, (&raw mut value).cast())?;
        Ok(value)
    }

    /// Reads a string from an attribute of a dataset or group that contains a string. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of viewer; an error of PETSc if the attribute does not exist.
    ///
    /// # Safety
    /// The attribute is a string: PETSc does not check its type, and searches the bytes of any
    /// other type for a terminating NUL.
    #[wraps(PetscViewerHDF5ReadAttribute)]
    pub unsafe fn read_text_attribute(&self, parent: &str, name: &str) -> Result<String> {
        let mut text: *mut c_char = ptr::null_mut();
        self.read_attribute_raw(parent, name, sys::PETSC_STRING, (&raw mut text).cast())?;
        // SAFETY: a NUL-terminated string by contract, or NULL.
        let value = unsafe { ffi::str_from_ptr(text) }.unwrap_or_default();
        // SAFETY: the caller owns the string that PETSc returned.
        unsafe { call!(PetscRsFree(text.cast())) }?;
        Ok(value)
    }

    fn read_attribute_raw(
        &self,
        parent: &str,
        name: &str,
        kind: sys::PetscDataType,
        value: *mut std::ffi::c_void,
    ) -> Result<()> {
        self.check_type(c"hdf5")?;
        let (parent, name) = (ffi::c_string(parent)?, ffi::c_string(name)?);
        // SAFETY: a live HDF5 viewer (above), NUL-terminated names, room for a value of this kind; no
        // default, so that a missing attribute is an error.
        unsafe {
            call!(PetscViewerHDF5ReadAttribute(
                self.as_ptr(),
                parent.as_ptr(),
                name.as_ptr(),
                kind,
                ptr::null_mut(),
                value
            ))
        }
    }
}
