//! Viewers: output of objects to the screen and to files, and input from files.

mod binary;
mod capture;
mod contents;
mod format;
#[cfg(petsc_have_hdf5)]
mod hdf5;
mod option;

use std::ffi::CStr;
use std::fmt;
use std::path::Path;
use std::ptr;

use petsc_macros::{getter, wraps};

pub use binary::BinaryOptions;
pub use format::{FileMode, ViewerFormat};
#[cfg(petsc_have_hdf5)]
pub use hdf5::AttributeValue;

use crate::comm::Comm;
use crate::error::{Error, Result};
use crate::object::{Object, petsc_object};
use crate::{call, create, ffi, file, get, runtime, sys};

petsc_object! {
    /// A viewer: prints or saves objects, or loads them.
    ///
    /// A program creates a viewer of a format and passes it to [`Object::view`] or to a function
    /// that loads, for example [`Vector::load`](crate::Vector::load). Dropping the handle closes
    /// the file; [`close`](Viewer::close) does the same and returns errors.
    ///
    /// # Examples
    /// A binary file is written and read again:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::{FileMode, Viewer};
    /// # let directory = std::env::temp_dir();
    /// # let path = directory.join(format!("petsc-rs-viewer-{}.bin", std::process::id()));
    /// let x = Vector::from_fn(comm, 4, |i| Ok(Scalar::from_real(i as Real)))?;
    /// let viewer = Viewer::binary(comm, &path, FileMode::Write)?;
    /// x.view(&*viewer)?;
    /// viewer.close()?;
    /// let y = Vector::load(comm, &*Viewer::binary(comm, &path, FileMode::Read)?)?;
    /// assert_eq!(y.sum()?.real(), 6.0);
    /// # std::fs::remove_file(&path).ok();
    /// # std::fs::remove_file(path.with_extension("bin.info")).ok();
    /// # Ok(()) })
    /// ```
    ///
    /// # Options
    /// Options such as `-vec_view` and `-ksp_view` create a viewer themselves, for example
    /// `-vec_view binary:x.bin`; [`Options::viewer`](crate::Options::viewer) does the same for an
    /// option of the program.
    ///
    /// # See also
    /// [`ViewerFormat`], [`FileMode`], [`Object::view`].
    #[wraps(PetscViewer)]
    Viewer,
    /// A borrowed [`Viewer`].
    ViewerRef,
    PetscViewer,
    PetscViewerDestroy,
}

impl Viewer {
    /// Creates a viewer of a type, without a file. Collective.
    #[track_caller]
    fn of_type(comm: &Comm, kind: &CStr) -> Result<Self> {
        // SAFETY: a live communicator; C creates an object.
        let viewer: Self = unsafe { create!(PetscViewerCreate(comm.as_raw(), _)) }?;
        // SAFETY: a live viewer; the name is static.
        unsafe { call!(PetscViewerSetType(viewer.as_ptr(), kind.as_ptr())) }?;
        Ok(viewer)
    }

    /// Sets the file of the viewer, after rank 0 has checked that it can be opened.
    fn open(&self, comm: &Comm, path: &Path, mode: FileMode) -> Result<()> {
        file::check(comm, path, mode.access())?;
        // SAFETY: a live viewer of a type with files.
        unsafe { call!(PetscViewerFileSetMode(self.as_ptr(), mode.to_raw())) }?;
        self.set_file_name(&path.to_string_lossy())
    }

    fn set_file_name(&self, name: &str) -> Result<()> {
        let name = ffi::c_string(name)?;
        // SAFETY: a live viewer of a type with files; PETSc copies the name.
        unsafe { call!(PetscViewerFileSetName(self.as_ptr(), name.as_ptr())) }
    }

    /// Creates an ASCII viewer on the standard output of rank 0, through PETSc's output stream.
    /// Collective.
    ///
    /// # Errors
    /// The errors of `PetscViewerCreate`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::{Object, Vector, Viewer};
    /// let x = Vector::from_slice(comm, &[1.0.into(), 2.0.into()])?;
    /// x.view(&*Viewer::stdout(comm)?)?;
    /// # Ok(()) })
    /// ```
    #[wraps(PETSC_VIEWER_STDOUT_WORLD, PETSC_VIEWER_STDOUT_, PetscViewerASCIIGetStdout)]
    #[track_caller]
    pub fn stdout(comm: &Comm) -> Result<Self> {
        let viewer = Self::of_type(comm, c"ascii")?;
        viewer.set_file_name("stdout")?;
        Ok(viewer)
    }

    /// Creates an ASCII viewer on the standard error of rank 0. Collective.
    ///
    /// # Errors
    /// The errors of `PetscViewerCreate`.
    #[wraps(PETSC_VIEWER_STDERR_WORLD, PetscViewerASCIIGetStderr)]
    #[track_caller]
    pub fn stderr(comm: &Comm) -> Result<Self> {
        let viewer = Self::of_type(comm, c"ascii")?;
        viewer.set_file_name("stderr")?;
        Ok(viewer)
    }

    /// Creates an ASCII viewer that writes to a file. An existing file is replaced. Rank 0 writes
    /// the file, and compresses it if the extension is `.gz`.
    ///
    /// Collective.
    ///
    /// # Errors
    /// `FILE_OPEN` on all ranks if rank 0 cannot open the file.
    #[wraps(PetscViewerASCIIOpen)]
    #[track_caller]
    pub fn ascii(comm: &Comm, path: impl AsRef<Path>) -> Result<Self> {
        Self::ascii_with_mode(comm, path, FileMode::Write)
    }

    /// Creates an ASCII viewer of a file. The mode determines whether the file is replaced,
    /// appended to or changed. Collective.
    #[wraps(PetscViewerFileSetMode, errors = ascii)]
    #[track_caller]
    pub fn ascii_with_mode(comm: &Comm, path: impl AsRef<Path>, mode: FileMode) -> Result<Self> {
        let viewer = Self::of_type(comm, c"ascii")?;
        viewer.open(comm, path.as_ref(), mode)?;
        Ok(viewer)
    }

    /// Creates a viewer of a file for ParaView: `.vts`, `.vtr` or `.vtu`. The viewer supports only
    /// DMs of structured or unstructured meshes, and their vectors. The file is written when the
    /// viewer is [closed](Self::close).
    ///
    /// Collective.
    ///
    /// # Errors
    /// `FILE_OPEN` on all ranks if rank 0 cannot open the file; `ARG_WRONG` for another extension.
    #[wraps(PetscViewerVTKOpen)]
    #[track_caller]
    pub fn vtk(comm: &Comm, path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        if !matches!(&*extension, "vts" | "vtr" | "vtu") {
            return Err(Error::argument(format!(
                "{}: the extension of a VTK file must be .vts, .vtr or .vtu",
                path.display()
            )));
        }
        let viewer = Self::of_type(comm, c"vtk")?;
        viewer.open(comm, path, FileMode::Write)?;
        Ok(viewer)
    }

    /// Creates a graphics viewer: a window of `width` by `height` pixels if PETSc was built with X
    /// and a display is available; otherwise it draws nothing. Options: `-draw_type`,
    /// `-draw_pause`, `-nox`. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the title contains a NUL character; the errors of `PetscViewerDrawOpen`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::Viewer;
    /// let x = Vector::from_fn(comm, 50, |i| Ok(Scalar::from_real((i as Real / 10.0).sin())))?;
    /// let window = Viewer::draw(comm, "solution", 400, 300)?;
    /// assert!(window.is_type("draw")?);
    /// x.view(&window)?;
    /// # Ok(()) })
    /// ```
    #[wraps(PetscViewerDrawOpen)]
    #[track_caller]
    pub fn draw(comm: &Comm, title: &str, width: u16, height: u16) -> Result<Self> {
        let title = ffi::c_string(title)?;
        // SAFETY: a live communicator, NULL for the default display, a title that PETSc copies; C
        // creates an object.
        unsafe {
            create!(PetscViewerDrawOpen(
                comm.as_raw(),
                ptr::null(),
                title.as_ptr(),
                0,
                0,
                width.into(),
                height.into(),
                _
            ))
        }
    }

    /// Writes buffered data and destroys the viewer. Errors are returned; if the viewer is dropped
    /// instead, an error is reported only at the end of the session. Collective.
    #[wraps(PetscViewerDestroy)]
    pub fn close(self) -> Result<()> {
        // Releasing the handle must not end the session before the viewer is destroyed.
        let _hold = runtime::Hold::new();
        let mut raw = self.into_raw();
        // SAFETY: the reference of the handle that was released.
        unsafe { call!(PetscViewerDestroy(&raw mut raw)) }
    }
}

impl ViewerRef {
    /// Writes buffered data. Collective.
    #[wraps(PetscViewerFlush)]
    pub fn flush(&self) -> Result<()> {
        // SAFETY: a live viewer.
        unsafe { call!(PetscViewerFlush(self.as_ptr())) }
    }

    /// Returns the current format.
    #[getter(PetscViewerGetFormat)]
    pub fn format() -> ViewerFormat;

    /// Returns the mode in which the file of the viewer is opened.
    #[getter(PetscViewerFileGetMode, composed)]
    pub fn file_mode() -> FileMode;

    /// Runs `body` while the viewer has another format. Collective.
    ///
    /// # Errors
    /// The errors of `body`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::{Object, Vector, Viewer, ViewerFormat};
    /// let x = Vector::from_slice(comm, &[1.0.into()])?;
    /// let stdout = Viewer::stdout(comm)?;
    /// stdout.with_format(ViewerFormat::Matlab, |v| x.view(v))?;
    /// assert_eq!(stdout.format()?, ViewerFormat::Default);
    /// # Ok(()) })
    /// ```
    #[wraps(PetscViewerPushFormat, PetscViewerPopFormat)]
    pub fn with_format<T>(
        &self,
        format: ViewerFormat,
        body: impl FnOnce(&Self) -> Result<T>,
    ) -> Result<T> {
        // SAFETY: a live viewer.
        unsafe { call!(PetscViewerPushFormat(self.as_ptr(), format.to_raw())) }?;
        let _undo = undo!(self, PetscViewerPopFormat);
        body(self)
    }

    /// Runs `body` while the lines of an ASCII viewer are indented by one more level.
    ///
    /// # Errors
    /// The errors of `body`.
    #[wraps(PetscViewerASCIIPushTab, PetscViewerASCIIPopTab)]
    pub fn with_tab<T>(&self, body: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        // SAFETY: a live viewer; PETSc does nothing for other types.
        unsafe { call!(PetscViewerASCIIPushTab(self.as_ptr())) }?;
        let _undo = undo!(self, PetscViewerASCIIPopTab);
        body(self)
    }

    /// Prints text of rank 0 on an ASCII viewer.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of viewer, or if the text contains a NUL character.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::Viewer;
    /// let text = Viewer::capture(comm, |viewer| viewer.print(format_args!("step {}\n", 3)))?;
    /// if comm.rank() == 0 {
    ///     assert_eq!(text, "step 3\n");
    /// }
    /// # Ok(()) })
    /// ```
    #[wraps(PetscViewerASCIIPrintf)]
    pub fn print(&self, text: fmt::Arguments<'_>) -> Result<()> {
        self.check_type(c"ascii")?;
        let text = ffi::c_string(&text.to_string())?;
        // SAFETY: a live ASCII viewer (above); the format takes one NUL-terminated string.
        unsafe { call!(PetscViewerASCIIPrintf(self.as_ptr(), c"%s".as_ptr(), text.as_ptr())) }
    }

    /// Prints the text of every rank on an ASCII viewer, in the order of the ranks.
    ///
    /// Collective.
    #[wraps(PetscViewerASCIISynchronizedPrintf, PetscViewerASCIIPushSynchronized, PetscViewerASCIIPopSynchronized, errors = print)]
    pub fn print_synchronized(&self, text: fmt::Arguments<'_>) -> Result<()> {
        self.check_type(c"ascii")?;
        let text = ffi::c_string(&text.to_string())?;
        // SAFETY: a live ASCII viewer (above).
        unsafe { call!(PetscViewerASCIIPushSynchronized(self.as_ptr())) }?;
        let _undo = undo!(self, PetscViewerASCIIPopSynchronized);
        // SAFETY: the format takes one NUL-terminated string.
        unsafe {
            call!(PetscViewerASCIISynchronizedPrintf(self.as_ptr(), c"%s".as_ptr(), text.as_ptr()))
        }?;
        self.flush()
    }

    /// Runs `body` on each rank with a separate ASCII viewer, for objects that live on one rank.
    /// The output of all ranks appears on this viewer, in the order of the ranks. This viewer
    /// cannot be used in `body`. Collective, even if `body` fails.
    ///
    /// # Errors
    /// `ARG_WRONG` for another type of viewer, or an error of PETSc if this viewer is used in
    /// `body`; the errors of `body`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::{Dmda, Object, Viewer};
    /// let mut local = Dmda::builder(comm).sizes([2]).build()?.create_local_vector()?;
    /// local.set(1.5.into())?;
    /// let text = Viewer::capture(comm, |out| out.each_rank(|own| local.view(own)))?;
    /// assert_eq!(text.matches("1.5").count(), 2);
    /// # Ok(()) })
    /// ```
    #[wraps(PetscViewerGetSubViewer, PetscViewerRestoreSubViewer)]
    pub fn each_rank<T>(&self, body: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        self.check_type(c"ascii")?;
        // SAFETY: a live ASCII viewer (above).
        unsafe { call!(PetscViewerASCIIPushSynchronized(self.as_ptr())) }?;
        let _undo = undo!(self, PetscViewerASCIIPopSynchronized);
        // SAFETY: a constant of the MPI library.
        let alone = unsafe { sys::PetscRsCommSelf() };
        // SAFETY: a live ASCII viewer (above).
        let raw = unsafe { get!(PetscViewerGetSubViewer(self.as_ptr(), alone, _)) }?;
        let own = Part(self, raw);
        // SAFETY: a live viewer, until it is given back.
        body(unsafe { Self::from_ptr(own.1) })
    }

    /// Checks the type: the functions of one type read its private data, which optimized PETSc does
    /// not check.
    fn check_type(&self, kind: &CStr) -> Result<()> {
        let kind = kind.to_string_lossy();
        if self.is_type(&kind)? {
            return Ok(());
        }
        Err(Error::argument(format!(
            "the viewer has type {}, but type {kind} is required",
            self.type_name()?.as_deref().unwrap_or("(none)")
        )))
    }
}

/// A viewer of one rank, returned to its owner on drop.
struct Part<'a>(&'a ViewerRef, sys::PetscViewer);

impl Drop for Part<'_> {
    fn drop(&mut self) {
        // SAFETY: a constant of the MPI library.
        let alone = unsafe { sys::PetscRsCommSelf() };
        // SAFETY: the viewer from the matching call.
        let code =
            unsafe { sys::PetscViewerRestoreSubViewer(self.0.as_ptr(), alone, &raw mut self.1) };
        runtime::record_drop("PetscViewerRestoreSubViewer", code);
        // SAFETY: a live viewer. Newer releases have restored it already.
        let code = unsafe { sys::PetscViewerFlush(self.0.as_ptr()) };
        runtime::record_drop("PetscViewerFlush", code);
    }
}

/// `undo!(viewer, PetscViewerPopFormat)`: the value that calls the function on drop.
macro_rules! undo {
    ($viewer:expr, $pop:ident) => {
        $crate::viewer::Undo($viewer, stringify!($pop), sys::$pop)
    };
}

use undo;

/// Reverts a push on drop.
struct Undo<'a>(
    &'a ViewerRef,
    &'static str,
    unsafe extern "C" fn(sys::PetscViewer) -> sys::PetscErrorCode,
);

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        // SAFETY: a live viewer, on which the matching push was the last one of this kind.
        let code = unsafe { (self.2)(self.0.as_ptr()) };
        runtime::record_drop(self.1, code);
    }
}
