//! Loading of vectors and matrices from files.

use std::fs::File;
use std::io::{self, Seek as _};
use std::os::fd::BorrowedFd;
use std::ptr;

use petsc_macros::wraps;

use super::ViewerRef;
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::file::binary::{Binary, Fault};
use crate::matrix::{Matrix, MatrixRef};
use crate::object::Object;
use crate::vector::{Vector, VectorRef};
use crate::{call, ffi, file};

impl ViewerRef {
    /// Checks the type of the viewer: loading from any other type can read private data of the
    /// wrong type.
    pub(crate) fn check_loadable(&self) -> Result<()> {
        for kind in ["binary", "hdf5"] {
            if self.is_type(kind)? {
                return Ok(());
            }
        }
        Err(Error::argument(format!(
            "objects are loaded from binary and HDF5 files, not from a viewer of type {}",
            self.type_name()?.as_deref().unwrap_or("(none)")
        )))
    }

    /// Checks whether a vector of `len` entries can be loaded. Collective.
    fn check_vector(&self, len: Option<u64>) -> Result<()> {
        let headless = self.is_type("binary")? && self.skips_headers()?;
        match len {
            None if headless => Err(Error::collective(
                ErrorCode::FILE_UNEXPECTED,
                "a file without headers does not contain the length of a vector: use VectorRef::read on an existing vector",
            )),
            Some(len) if headless => self.check_contents(|file| file.check_values(len)),
            _ => self.check_contents(Binary::check_vector),
        }
    }

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
                    "a file without headers does not contain the size of a matrix: set the global size in the builder",
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

    /// Checks on rank 0 the next object of a binary file; other files are checked by their
    /// libraries. Collective.
    fn check_contents(&self, check: impl FnOnce(&Binary) -> Result<(), Fault>) -> Result<()> {
        if !self.is_type("binary")? {
            return Ok(());
        }
        let (name, place) = (self.file_name()?, self.place()?);
        let comm = self.comm()?;
        let mut found = Ok(());
        if comm.rank() == 0 {
            found = match place.open(&name) {
                Err(error) => Err((
                    ErrorCode::FILE_READ,
                    format!("cannot check {name} before it is loaded: {error}"),
                )),
                Ok(file) => check(&file)
                    .map_err(|fault| (ErrorCode::FILE_UNEXPECTED, format!("{name}, {fault}"))),
            };
        }
        file::agree(&comm, found)
    }

    fn file_name(&self) -> Result<String> {
        let mut name = ptr::null();
        // SAFETY: a live viewer with a file and a valid out-pointer.
        unsafe { call!(PetscViewerFileGetName(self.as_ptr(), &raw mut name)) }?;
        // SAFETY: NULL, or a string that lives until the file name changes.
        Ok(unsafe { ffi::str_from_ptr(name) }.unwrap_or_default())
    }

    fn skips_headers(&self) -> Result<bool> {
        let mut skips = ffi::raw_bool(false);
        // SAFETY: a live viewer and a valid out-pointer.
        unsafe {
            call!(PetscViewerBinaryGetSkipHeader(
                self.as_ptr(),
                &raw mut skips
            ))
        }?;
        Ok(ffi::to_bool(skips))
    }

    /// Returns the position at which a binary viewer reads next. Collective.
    fn place(&self) -> Result<Place> {
        let mut mpiio = ffi::raw_bool(false);
        // SAFETY: a live binary viewer and a valid out-pointer.
        unsafe { call!(PetscViewerBinaryGetUseMPIIO(self.as_ptr(), &raw mut mpiio)) }?;
        #[cfg(petsc_have_mpiio)]
        if ffi::to_bool(mpiio) {
            let mut offset = 0;
            // SAFETY: as above.
            unsafe {
                call!(PetscViewerBinaryGetMPIIOOffset(
                    self.as_ptr(),
                    &raw mut offset
                ))
            }?;
            return Ok(Place::Offset(u64::try_from(offset)?));
        }
        let mut descriptor = -1;
        // SAFETY: a live binary viewer and a valid out-pointer; opens the file if necessary.
        unsafe {
            call!(PetscViewerBinaryGetDescriptor(
                self.as_ptr(),
                &raw mut descriptor
            ))
        }?;
        Ok(Place::Descriptor(descriptor))
    }
}

/// Position at which a binary viewer reads next.
enum Place {
    /// The position in a file that rank 0 has open. Its name may differ if PETSc has decompressed
    /// it.
    Descriptor(i32),
    /// A byte offset in the named file.
    #[cfg(petsc_have_mpiio)]
    Offset(u64),
}

impl Place {
    fn open(&self, name: &str) -> io::Result<Binary> {
        match *self {
            Self::Descriptor(descriptor) if descriptor < 0 => {
                Err(io::Error::other(format!("{name} is not open")))
            }
            Self::Descriptor(descriptor) => {
                // SAFETY: PETSc's viewer, which the caller has borrowed, keeps the file open.
                let theirs = unsafe { BorrowedFd::borrow_raw(descriptor) };
                let mut file = File::from(theirs.try_clone_to_owned()?);
                let start = file.stream_position()?;
                Binary::new(file, start)
            }
            #[cfg(petsc_have_mpiio)]
            Self::Offset(start) => Binary::new(File::open(name)?, start),
        }
    }
}

impl Vector {
    /// Loads the next vector of a binary file, with PETSc's parallel layout. For an HDF5 file, in
    /// which vectors have names, see [`load_named`](Self::load_named).
    ///
    /// Collective.
    ///
    /// # Errors
    /// `FILE_UNEXPECTED`, on all ranks, with the byte offset, if there is no vector or it is
    /// damaged.
    #[wraps(VecLoad)]
    #[track_caller]
    pub fn load(comm: &Comm, viewer: &ViewerRef) -> Result<Self> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(VecCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let mut x = unsafe { Self::from_raw(raw) };
        // SAFETY: a live vector; the name is static.
        unsafe { call!(VecSetType(x.as_ptr(), c"standard".as_ptr())) }?;
        x.fill(viewer, None)?;
        Ok(x)
    }

    /// Loads the vector with this name in the current group of an HDF5 file. Collective.
    ///
    /// # Errors
    /// An error of HDF5 if there is no such vector.
    #[wraps(VecLoad)]
    #[track_caller]
    pub fn load_named(comm: &Comm, viewer: &ViewerRef, name: &str) -> Result<Self> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(VecCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let mut x = unsafe { Self::from_raw(raw) };
        x.set_name(name)?;
        // SAFETY: a live vector; the name is static.
        unsafe { call!(VecSetType(x.as_ptr(), c"standard".as_ptr())) }?;
        x.fill(viewer, None)?;
        Ok(x)
    }
}

impl VectorRef {
    /// Loads the next vector of a binary file, or the vector with the name of this vector in an
    /// HDF5 file, with the parallel layout of this vector. Collective.
    ///
    /// # Errors
    /// `FILE_UNEXPECTED`, on all ranks, with the byte offset, if there is no vector, or if it is
    /// damaged or has another size; `ARG_WRONGSTATE` while an array of this vector is borrowed.
    #[wraps(VecLoad)]
    pub fn read(&mut self, viewer: &ViewerRef) -> Result<()> {
        self.check_writable()?;
        let len = self.len()? as u64;
        if !viewer.is_type("hdf5")? {
            return self.fill(viewer, Some(len));
        }
        // C replaces the array of the vector (`VecReplaceArray`), but not that of the local form of a
        // ghosted vector, nor the pointer of the owner of the memory.
        let mut read = self.duplicate()?;
        read.set_name(&self.name()?)?;
        read.fill(viewer, Some(len))?;
        self.copy_from(&read)
    }

    /// Loads a vector whose size may be set.
    fn fill(&mut self, viewer: &ViewerRef, len: Option<u64>) -> Result<()> {
        viewer.check_loadable()?;
        viewer.check_vector(len)?;
        // SAFETY: live objects; the type of the viewer supports loading of vectors, and a binary
        // file contains as many values as its header states (above).
        unsafe { call!(VecLoad(self.as_ptr(), viewer.as_ptr())) }
    }
}

impl Matrix {
    /// Loads the next matrix of a binary file as AIJ, with PETSc's parallel layout. For another
    /// type or layout, or an HDF5 file, see [`Builder::load`](crate::matrix::Builder::load).
    /// Collective.
    ///
    /// # Errors
    /// The errors of [`Builder::load`](crate::matrix::Builder::load).
    #[wraps(MatLoad)]
    #[track_caller]
    pub fn load(comm: &Comm, viewer: &ViewerRef) -> Result<Self> {
        Self::builder(comm).from_options(false).load(viewer)
    }
}
