//! Viewers: where objects are printed, saved and loaded from.

mod binary;
mod capture;
mod format;
#[cfg(petsc_have_hdf5)]
mod hdf5;
mod load;
mod option;

use std::ffi::CStr;
use std::fmt;
use std::path::Path;
use std::ptr;

use petsc_macros::wraps;

pub use binary::BinaryOptions;
pub use format::{FileMode, ViewerFormat};
#[cfg(petsc_have_hdf5)]
pub use hdf5::AttributeValue;

use crate::comm::Comm;
use crate::error::{Error, Result};
use crate::object::{Object, petsc_object};
use crate::{call, ffi, file, runtime, sys};

petsc_object! {
    /// Something that objects are printed to, saved in, or loaded from.
    #[wraps(PetscViewer)]
    Viewer,
    /// A borrowed [`Viewer`].
    ViewerRef,
    PetscViewer,
    PetscViewerDestroy,
}

impl Viewer {
    /// A viewer of one type, without a file. Collective.
    #[track_caller]
    fn of_type(comm: &Comm, kind: &CStr) -> Result<Self> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(PetscViewerCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let viewer = unsafe { Self::from_raw(raw) };
        // SAFETY: a live viewer; the name is static.
        unsafe { call!(PetscViewerSetType(viewer.as_ptr(), kind.as_ptr())) }?;
        Ok(viewer)
    }

    /// Gives the viewer its file, after rank 0 has found out whether it can be opened.
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

    /// Text on rank 0's standard output, through PETSc's own stream. Collective.
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
    #[wraps(
        PETSC_VIEWER_STDOUT_WORLD,
        PETSC_VIEWER_STDOUT_,
        PetscViewerASCIIGetStdout
    )]
    #[track_caller]
    pub fn stdout(comm: &Comm) -> Result<Self> {
        let viewer = Self::of_type(comm, c"ascii")?;
        viewer.set_file_name("stdout")?;
        Ok(viewer)
    }

    /// Text on rank 0's standard error. Collective.
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

    /// Text in a file, which is replaced. Rank 0 writes; a name ending in `.gz` is compressed.
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

    /// Text in a file, replaced, continued or changed. Collective.
    ///
    /// # Errors
    /// The errors of [`ascii`](Self::ascii).
    #[wraps(PetscViewerFileSetMode)]
    #[track_caller]
    pub fn ascii_with_mode(comm: &Comm, path: impl AsRef<Path>, mode: FileMode) -> Result<Self> {
        let viewer = Self::of_type(comm, c"ascii")?;
        viewer.open(comm, path.as_ref(), mode)?;
        Ok(viewer)
    }

    /// A file for ParaView: `.vts`, `.vtr` or `.vtu`. Takes vectors and grids of a structured or
    /// unstructured mesh only, and writes when it is [closed](Self::close).
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
                "{}: a VTK file ends in .vts, .vtr or .vtu",
                path.display()
            )));
        }
        let viewer = Self::of_type(comm, c"vtk")?;
        viewer.open(comm, path, FileMode::Write)?;
        Ok(viewer)
    }

    /// A picture: a window of `width` by `height` pixels where PETSc has X and there is a display, nothing
    /// otherwise. Options: `-draw_type`, `-draw_pause`, `-nox`. Collective.
    ///
    /// # Errors
    /// A title with a NUL; the errors of `PetscViewerDrawOpen`.
    #[wraps(PetscViewerDrawOpen)]
    #[track_caller]
    pub fn draw(comm: &Comm, title: &str, width: u16, height: u16) -> Result<Self> {
        let title = ffi::c_string(title)?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator, NULL for the default display, a title that PETSc copies, a valid
        // out-pointer.
        unsafe {
            call!(PetscViewerDrawOpen(
                comm.as_raw(),
                ptr::null(),
                title.as_ptr(),
                0,
                0,
                width.into(),
                height.into(),
                &raw mut raw
            ))
        }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Self::from_raw(raw) })
    }

    /// Writes what is left to write and destroys the viewer, with an error that dropping would keep
    /// for the end of the session. Collective.
    ///
    /// # Errors
    /// The errors of `PetscViewerDestroy`.
    #[wraps(PetscViewerDestroy)]
    pub fn close(self) -> Result<()> {
        // Giving up the handle must not end the session before the viewer.
        let _hold = runtime::Hold::new();
        let mut raw = self.into_raw();
        // SAFETY: the reference of the handle that was given up.
        unsafe { call!(PetscViewerDestroy(&raw mut raw)) }
    }
}

impl ViewerRef {
    /// Writes what is buffered. Collective.
    ///
    /// # Errors
    /// The errors of `PetscViewerFlush`.
    #[wraps(PetscViewerFlush)]
    pub fn flush(&self) -> Result<()> {
        // SAFETY: a live viewer.
        unsafe { call!(PetscViewerFlush(self.as_ptr())) }
    }

    /// How objects are written at the moment.
    ///
    /// # Errors
    /// What `PetscViewerGetFormat` returns; a format without a name here.
    #[wraps(PetscViewerGetFormat)]
    pub fn format(&self) -> Result<ViewerFormat> {
        let mut raw = sys::PETSC_VIEWER_DEFAULT;
        // SAFETY: a live viewer and a valid out-pointer.
        unsafe { call!(PetscViewerGetFormat(self.as_ptr(), &raw mut raw)) }?;
        ViewerFormat::try_from(raw)
    }

    /// Runs `body` while the viewer writes in another format. Collective.
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
        let _undo = Undo(self, "PetscViewerPopFormat", sys::PetscViewerPopFormat);
        body(self)
    }

    /// Runs `body` while the lines of an ASCII viewer are indented by one step more.
    ///
    /// # Errors
    /// The errors of `body`.
    #[wraps(PetscViewerASCIIPushTab, PetscViewerASCIIPopTab)]
    pub fn with_tab<T>(&self, body: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        // SAFETY: a live viewer; PETSc does nothing for other types.
        unsafe { call!(PetscViewerASCIIPushTab(self.as_ptr())) }?;
        let _undo = Undo(self, "PetscViewerASCIIPopTab", sys::PetscViewerASCIIPopTab);
        body(self)
    }

    /// Prints rank 0's text on an ASCII viewer.
    ///
    /// # Errors
    /// `ARG_WRONG` for a viewer of another type; a text with a NUL.
    #[wraps(PetscViewerASCIIPrintf)]
    pub fn print(&self, text: fmt::Arguments<'_>) -> Result<()> {
        self.check_type(c"ascii")?;
        let text = ffi::c_string(&text.to_string())?;
        // SAFETY: a live ASCII viewer (above); the format takes one NUL-terminated string.
        unsafe {
            call!(PetscViewerASCIIPrintf(
                self.as_ptr(),
                c"%s".as_ptr(),
                text.as_ptr()
            ))
        }
    }

    /// Prints what every rank has to say, in the order of the ranks, on an ASCII viewer.
    ///
    /// Collective.
    ///
    /// # Errors
    /// The errors of [`print`](Self::print).
    #[wraps(
        PetscViewerASCIISynchronizedPrintf,
        PetscViewerASCIIPushSynchronized,
        PetscViewerASCIIPopSynchronized
    )]
    pub fn print_synchronized(&self, text: fmt::Arguments<'_>) -> Result<()> {
        self.check_type(c"ascii")?;
        let text = ffi::c_string(&text.to_string())?;
        // SAFETY: a live ASCII viewer (above).
        unsafe { call!(PetscViewerASCIIPushSynchronized(self.as_ptr())) }?;
        let _undo = Undo(
            self,
            "PetscViewerASCIIPopSynchronized",
            sys::PetscViewerASCIIPopSynchronized,
        );
        // SAFETY: the format takes one NUL-terminated string.
        unsafe {
            call!(PetscViewerASCIISynchronizedPrintf(
                self.as_ptr(),
                c"%s".as_ptr(),
                text.as_ptr()
            ))
        }?;
        self.flush()
    }

    /// Runs `body` on each rank with an ASCII viewer of its own, for objects of one rank each; what it
    /// prints appears on this one, rank by rank. This viewer takes nothing meanwhile. Collective, also
    /// where `body` fails.
    ///
    /// # Errors
    /// `ARG_WRONG` for a viewer of another type, an error of PETSc's within such a `body`; what `body`
    /// returns.
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
        let _undo = Undo(
            self,
            "PetscViewerASCIIPopSynchronized",
            sys::PetscViewerASCIIPopSynchronized,
        );
        // SAFETY: a constant of the MPI library.
        let alone = unsafe { sys::PetscRsCommSelf() };
        let mut raw = ptr::null_mut();
        // SAFETY: a live ASCII viewer (above) and a valid out-pointer.
        unsafe { call!(PetscViewerGetSubViewer(self.as_ptr(), alone, &raw mut raw)) }?;
        let own = Part(self, raw);
        // SAFETY: a live viewer, until it is given back.
        body(unsafe { Self::from_ptr(own.1) })
    }

    /// The functions of one type read its private data, and optimized PETSc does not look at it.
    fn check_type(&self, kind: &CStr) -> Result<()> {
        let kind = kind.to_string_lossy();
        if self.is_type(&kind)? {
            return Ok(());
        }
        Err(Error::argument(format!(
            "the viewer is of type {}, and this needs {kind}",
            self.type_name()?.as_deref().unwrap_or("(none)")
        )))
    }
}

/// A viewer of one rank, given back on every way out.
struct Part<'a>(&'a ViewerRef, sys::PetscViewer);

impl Drop for Part<'_> {
    fn drop(&mut self) {
        // SAFETY: a constant of the MPI library.
        let alone = unsafe { sys::PetscRsCommSelf() };
        // SAFETY: what this viewer lent, for the matching call.
        let code =
            unsafe { sys::PetscViewerRestoreSubViewer(self.0.as_ptr(), alone, &raw mut self.1) };
        runtime::record_drop("PetscViewerRestoreSubViewer", code);
        // SAFETY: a live viewer. Newer releases have done so by now.
        let code = unsafe { sys::PetscViewerFlush(self.0.as_ptr()) };
        runtime::record_drop("PetscViewerFlush", code);
    }
}

/// Undoes a push on every way out.
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
