//! Settings for the start of a session.

use std::ffi::{CString, OsString, c_char, c_int};
use std::fmt;
use std::path::PathBuf;
use std::ptr;

use mpi::environment::Universe;
use mpi::traits::AsRaw;
use petsc_macros::wraps;

use super::petsc::Petsc;
use super::session::{self, Session};
use super::{abi, launcher, registry};
use crate::error::{Error, ErrorCode, Result, handler};
use crate::sys::mpi_sys as mpi_raw;
use crate::{call, ffi, get, sys};

/// Settings for the start of a session: arguments, options file, MPI.
///
/// ```
/// # fn main() -> std::process::ExitCode {
/// petsc_rs::Petsc::builder().args(["program", "-ksp_type", "cg"]).run(|petsc| {
///     assert!(petsc.world().size() >= 1);
///     Ok(())
/// })
/// # }
/// ```
#[derive(Default)]
pub struct Builder {
    args: Option<Vec<OsString>>,
    options_file: Option<PathBuf>,
    help: Option<String>,
    universe: Option<Universe>,
    no_signal_handler: bool,
    hide_unused: bool,
    world: Option<mpi_raw::MPI_Comm>,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("args", &self.args)
            .field("options_file", &self.options_file)
            .field("owns_universe", &self.universe.is_some())
            .finish_non_exhaustive()
    }
}

impl Builder {
    /// Sets the command line that PETSc reads, starting with the name of the program. Default: the
    /// command line of the process.
    ///
    /// # Examples
    /// See [`Builder`].
    #[must_use]
    pub fn args<I: IntoIterator<Item: Into<OsString>>>(mut self, args: I) -> Self {
        self.args = Some(args.into_iter().map(Into::into).collect());
        self
    }

    /// Sets an options file. It is read before the command line. Default: `~/.petscrc` and
    /// `.petscrc`.
    #[must_use]
    pub fn options_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.options_file = Some(path.into());
        self
    }

    /// Sets the text that `-help` prints before the help of PETSc.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Takes over `universe`, an initialized MPI, and finalizes it after PETSc. Without this call,
    /// MPI is finalized together with PETSc if PETSc initialized it; otherwise it stays
    /// initialized.
    #[must_use]
    pub fn universe(mut self, universe: Universe) -> Self {
        self.universe = Some(universe);
        self
    }

    /// Runs PETSc on a subset of the processes: `comm` becomes `PETSC_COMM_WORLD`. MPI must be
    /// initialized. Processes outside `comm` can start other sessions.
    ///
    /// # Errors
    /// `ORDER` if a session is already alive, because its `PETSC_COMM_WORLD` cannot be changed; the
    /// errors of `MPI_Comm_dup`.
    #[wraps(PETSC_COMM_WORLD)]
    pub fn world<C>(mut self, comm: &C) -> Result<Self>
    where
        C: AsRaw<Raw = mpi_raw::MPI_Comm>,
    {
        session::check_none()?;
        self.world = Some(crate::comm::duplicate_raw(comm.as_raw())?);
        Ok(self)
    }

    /// Sets whether unused options are listed at the end of the session, with suggestions of
    /// similar names, on the standard error of rank 0. They are not listed after an error. With
    /// `-options_left yes`, PETSc prints its own report instead; with `-options_left no`, nothing
    /// is listed. Default: true. Option: `-options_left`.
    #[must_use]
    #[wraps(PetscOptionsLeft)]
    pub fn report_unused_options(mut self, on: bool) -> Self {
        self.hide_unused = !on;
        self
    }

    /// Sets whether PETSc catches signals such as a segmentation violation, prints a message and
    /// aborts the job. Default: true. Option: `-no_signal_handler`.
    #[must_use]
    pub fn signal_handler(mut self, on: bool) -> Self {
        self.no_signal_handler = !on;
        self
    }

    /// Initializes MPI, if it is not initialized, and PETSc.
    ///
    /// Collective over all processes of the job.
    ///
    /// # Errors
    /// `ORDER` if a session is alive in this process, or if MPI was already finalized (it cannot be
    /// initialized twice); `LIB` if the loaded PETSc library is not the one for which the program
    /// was compiled.
    #[wraps(PetscInitialize, PetscInitialized, PetscFinalize)]
    pub fn init(self) -> Result<Petsc> {
        abi::check()?;
        if registry::mpi_finalized() {
            return Err(Error::new(
                ErrorCode::ORDER,
                "MPI was finalized in this process and cannot be initialized again; initialize it \
                 before PETSc (Builder::universe) to use PETSc more than once",
            ));
        }
        session::claim()?;
        self.start().inspect_err(|_| session::give_up())
    }

    fn start(self) -> Result<Petsc> {
        // SAFETY: may be called at any time.
        let already: bool = unsafe { get!(PetscInitialized(_)) }?;
        let owns_petsc = !already;
        if let Some(world) = self.world.filter(|_| owns_petsc) {
            // SAFETY: a live communicator, freed after PETSc is finalized; PETSc is not initialized
            // yet.
            unsafe { sys::PetscRsSetCommWorld(world) };
        }
        let args = owns_petsc.then(|| self.initialize()).transpose()?;
        // SAFETY: PETSc is initialized; the handler has the right type and needs no context.
        unsafe { call!(PetscPushErrorHandler(Some(handler::collect), ptr::null_mut())) }?;
        // SAFETY: PETSc is initialized; replaces constructors of PETSc.
        unsafe { call!(PetscRsPCGuard()) }?;
        // SAFETY: as above.
        unsafe { call!(PetscRsKSPGuard()) }?;
        // SAFETY: as above.
        unsafe { call!(PetscRsDMDAGuard()) }?;
        // SAFETY: as above.
        unsafe { call!(PetscRsSNESGuard()) }?;
        // SAFETY: as above.
        unsafe { call!(PetscRsTSGuard()) }?;
        // SAFETY: as above.
        unsafe { call!(PetscRsTaoGuard()) }?;
        // SAFETY: as above.
        unsafe { call!(PetscRsMatGuard()) }?;
        // SAFETY: PETSc is initialized.
        let raw_world = unsafe { sys::PetscRsCommWorld() };
        let (mut rank, mut size) = (0, 0);
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { mpi_raw::MPI_Comm_rank(raw_world, &raw mut rank) };
        // SAFETY: as above.
        unsafe { mpi_raw::MPI_Comm_size(raw_world, &raw mut size) };
        registry::start(rank);
        crate::options::forget();
        let control = crate::comm::duplicate_raw(raw_world)?;
        session::open(Session {
            control,
            owns_petsc,
            report_unused: !self.hide_unused,
            world: self.world,
            universe: self.universe,
            _args: args,
        });
        if let Some(warning) = launcher::singleton_warning(size, &launcher::mpi_library()) {
            eprintln!("{warning}");
        }
        Petsc::hold(raw_world)
    }

    fn initialize(&self) -> Result<Args> {
        let mut args: Vec<CString> = Vec::new();
        let given = self.args.clone().unwrap_or_else(|| std::env::args_os().collect());
        for arg in given {
            args.push(ffi::c_string(&arg.to_string_lossy())?);
        }
        if args.is_empty() {
            args.push(c"petsc-rs".into());
        }
        if self.no_signal_handler {
            args.push(c"-no_signal_handler".into());
        }
        let file = self.options_file.as_ref();
        let file = file.map(|f| ffi::c_string(&f.to_string_lossy())).transpose()?;
        let help = self.help.as_deref().map(ffi::c_string).transpose()?;
        let file = file.as_ref().map_or(ptr::null(), |f| f.as_ptr());
        let mut args = Args::new(args, help)?;
        let help = args.help.as_ref().map_or(ptr::null(), |h| h.as_ptr());
        // SAFETY: count, NULL-terminated array, strings and help live until after PetscFinalize;
        // `file` for this call, in which PETSc copies it. PETSc is not initialized.
        unsafe { call!(PetscInitialize(&raw mut args.count, &raw mut *args.start, file, help)) }?;
        Ok(args)
    }
}

/// The command line in the format of C.
pub(super) struct Args {
    count: c_int,
    /// The argument of `PetscInitialize`: a pointer to the array of arguments. PETSc may change the
    /// pointer.
    start: Box<*mut *mut c_char>,
    /// The array of arguments: pointers to the strings, then NULL.
    _pointers: Vec<*mut c_char>,
    _strings: Vec<CString>,
    help: Option<CString>,
}

impl Args {
    fn new(strings: Vec<CString>, help: Option<CString>) -> Result<Self> {
        let mut pointers: Vec<_> = strings.iter().map(|s| s.as_ptr().cast_mut()).collect();
        pointers.push(ptr::null_mut());
        let count = c_int::try_from(strings.len())?;
        let start = Box::new(pointers.as_mut_ptr());
        Ok(Self { count, start, _pointers: pointers, _strings: strings, help })
    }
}
