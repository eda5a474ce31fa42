//! Checks of the contents of a file before objects are loaded from it.

use std::fs::File;
use std::io::{self, Seek as _};
use std::os::fd::BorrowedFd;

use petsc_macros::wraps;

use super::ViewerRef;
use crate::error::{Error, ErrorCode, Result};
use crate::file::binary::{Binary, Fault};
use crate::object::{Object, check_composed};
use crate::{file, get, get_text};

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

    /// Checks on rank 0 the next object of a binary file; other files are checked by their
    /// libraries. Collective.
    pub(crate) fn check_contents(
        &self,
        check: impl FnOnce(&Binary) -> Result<(), Fault>,
    ) -> Result<()> {
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

    /// Returns the name of the file of the viewer.
    ///
    /// # Errors
    /// `ARG_WRONG` if the viewer has a type without files.
    #[wraps(PetscViewerFileGetName, not_collective)]
    pub fn file_name(&self) -> Result<String> {
        check_composed(self, "PetscViewerFileGetName", "file_name")?;
        // SAFETY: a live viewer with a file; C writes NULL, or a string that lives until the file
        // name changes.
        unsafe { get_text!(PetscViewerFileGetName(self.as_ptr(), _)) }
    }

    pub(crate) fn skips_headers(&self) -> Result<bool> {
        // SAFETY: a live viewer.
        unsafe { get!(PetscViewerBinaryGetSkipHeader(self.as_ptr(), _)) }
    }

    /// Returns the position at which a binary viewer reads next. Collective.
    fn place(&self) -> Result<Place> {
        // SAFETY: a live binary viewer.
        let mpiio: bool = unsafe { get!(PetscViewerBinaryGetUseMPIIO(self.as_ptr(), _)) }?;
        #[cfg(petsc_have_mpiio)]
        if mpiio {
            // SAFETY: as above.
            let offset: i64 = unsafe { get!(PetscViewerBinaryGetMPIIOOffset(self.as_ptr(), _)) }?;
            return Ok(Place::Offset(u64::try_from(offset)?));
        }
        // SAFETY: a live binary viewer; opens the file if necessary.
        let descriptor = unsafe { get!(PetscViewerBinaryGetDescriptor(self.as_ptr(), _)) }?;
        Ok(Place::Descriptor(descriptor))
    }
}

/// Position at which a binary viewer reads next.
enum Place {
    /// The current position in a file that rank 0 has opened. If PETSc has decompressed the file,
    /// its name may differ from that of the viewer.
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
