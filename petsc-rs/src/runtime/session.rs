//! Initialise and finalise.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::{CString, OsString, c_char, c_int};
use std::fmt;
use std::path::PathBuf;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

use mpi::environment::Universe;
use mpi::traits::AsRaw;

use super::agreement::{self, Outcome};
use super::registry::{self, Phase};
use super::{abi, launcher};
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result, handler};
use crate::sys::mpi_sys as mpi_raw;
use crate::{call, ffi, sys};

/// PETSc belongs to the thread that initialised it.
static ACTIVE: AtomicBool = AtomicBool::new(false);

struct Session {
    /// For the agreement at the end and nothing else.
    control: mpi_raw::MPI_Comm,
    /// Finalise PETSc (unless somebody else had initialised it).
    owns_petsc: bool,
    /// Print the unused options.
    report_unused: bool,
    /// What `PETSC_COMM_WORLD` was set to; freed after PETSc is finalised.
    world: Option<mpi_raw::MPI_Comm>,
    /// Dropped, and so MPI finalised, after PETSc.
    universe: Option<Universe>,
    /// PETSc keeps pointers to these until it is finalised.
    _args: Option<Args>,
}

/// The command line as C wants it.
struct Args {
    count: c_int,
    /// What `PetscInitialize` is given: a pointer to the array, which PETSc may move.
    start: Box<*mut *mut c_char>,
    /// The array: pointers to the strings, and NULL.
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
        Ok(Self {
            count,
            start,
            _pointers: pointers,
            _strings: strings,
            help,
        })
    }
}

thread_local! {
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
    /// Citations of this session.
    static CITED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// How to start a session: arguments, options file, MPI.
///
/// ```
/// # fn main() -> std::process::ExitCode {
/// petsc_rs::Petsc::builder().args(["program", "-ksp_type", "cg"]).run(|petsc| {
///     assert!(petsc.world().size() >= 1);
///     Ok(())
/// })
/// # }
/// ```
pub struct Builder {
    args: Option<Vec<OsString>>,
    options_file: Option<PathBuf>,
    help: Option<String>,
    universe: Option<Universe>,
    no_signal_handler: bool,
    report_unused: bool,
    world: Option<mpi_raw::MPI_Comm>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            args: None,
            options_file: None,
            help: None,
            universe: None,
            no_signal_handler: false,
            report_unused: true,
            world: None,
        }
    }
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
    /// The command line that PETSc reads, the program's name first. Default: the process's own.
    #[must_use]
    pub fn args<I: IntoIterator<Item: Into<OsString>>>(mut self, args: I) -> Self {
        self.args = Some(args.into_iter().map(Into::into).collect());
        self
    }

    /// A file with options, read before the command line. Default: `~/.petscrc` and `.petscrc`.
    #[must_use]
    pub fn options_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.options_file = Some(path.into());
        self
    }

    /// Text printed above PETSc's own for `-help`.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Takes over an MPI session, and finalises it after PETSc. Without this, MPI is finalised by
    /// PETSc if PETSc initialised it, and left alone if it was running already.
    #[must_use]
    pub fn universe(mut self, universe: Universe) -> Self {
        self.universe = Some(universe);
        self
    }

    /// Lets PETSc run on some of the job's processes: `comm` becomes `PETSC_COMM_WORLD`. MPI must be
    /// running, and the processes outside of `comm` start a session of their own or none.
    ///
    /// # Errors
    /// `ORDER` if a session is alive, whose world cannot be changed any more; what `MPI_Comm_dup`
    /// returns.
    #[doc(alias = "PETSC_COMM_WORLD")]
    pub fn world<C>(mut self, comm: &C) -> Result<Self>
    where
        C: AsRaw<Raw = mpi_raw::MPI_Comm>,
    {
        if ACTIVE.load(Ordering::Acquire) {
            return Err(active());
        }
        self.world = Some(crate::comm::duplicate_raw(comm.as_raw())?);
        Ok(self)
    }

    /// Whether options that nobody asked for are listed at the end, with what may have been meant, on
    /// rank 0's standard error. Default: yes; not after an error. With `-options_left yes` or `no`,
    /// PETSc's own report, or none, takes its place. Option: `-options_left`.
    #[must_use]
    #[doc(alias = "PetscOptionsLeft")]
    pub fn report_unused_options(mut self, on: bool) -> Self {
        self.report_unused = on;
        self
    }

    /// Whether PETSc catches signals such as a segmentation violation, says so and aborts the job.
    /// Default: yes. Option: `-no_signal_handler`.
    #[must_use]
    pub fn signal_handler(mut self, on: bool) -> Self {
        self.no_signal_handler = !on;
        self
    }

    /// Initialises MPI (if nobody has) and PETSc.
    ///
    /// Collective over all processes of the job.
    ///
    /// # Errors
    /// `ORDER` if a session is alive in this process, or MPI was finalised already (MPI cannot be
    /// initialised twice); `LIB` if the library loaded is not the one compiled for.
    #[doc(alias = "PetscInitialize")]
    pub fn init(self) -> Result<Petsc> {
        abi::check()?;
        if registry::mpi_finalized() {
            return Err(Error::new(
                ErrorCode::ORDER,
                "MPI was finalised in this process and cannot be initialised again; initialise it \
                 before PETSc (Builder::universe) to use PETSc more than once",
            ));
        }
        if ACTIVE.swap(true, Ordering::AcqRel) {
            return Err(active());
        }
        match self.start() {
            Ok(petsc) => Ok(petsc),
            Err(error) => {
                ACTIVE.store(false, Ordering::Release);
                Err(error)
            }
        }
    }

    fn start(self) -> Result<Petsc> {
        let mut already = ffi::raw_bool(false);
        // SAFETY: may be called at any time; a valid out-pointer.
        unsafe { call!(PetscInitialized(&raw mut already)) }?;
        let owns_petsc = !ffi::to_bool(already);
        if let Some(world) = self.world.filter(|_| owns_petsc) {
            // SAFETY: a live communicator, freed after PETSc is finalised; PETSc is not initialised
            // yet.
            unsafe { sys::PetscRsSetCommWorld(world) };
        }
        let args = owns_petsc.then(|| self.initialize()).transpose()?;
        // SAFETY: PETSc is initialised; the handler has the right type and needs no context.
        unsafe {
            call!(PetscPushErrorHandler(
                Some(handler::collect),
                ptr::null_mut()
            ))
        }?;
        // SAFETY: PETSc is initialised.
        let raw_world = unsafe { sys::PetscRsCommWorld() };
        let (mut rank, mut size) = (0, 0);
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { mpi_raw::MPI_Comm_rank(raw_world, &raw mut rank) };
        // SAFETY: as above.
        unsafe { mpi_raw::MPI_Comm_size(raw_world, &raw mut size) };
        registry::start(rank);
        crate::options::forget();
        CITED.take();
        let control = crate::comm::duplicate_raw(raw_world)?;
        SESSION.set(Some(Session {
            control,
            owns_petsc,
            report_unused: self.report_unused,
            world: self.world,
            universe: self.universe,
            _args: args,
        }));
        if let Some(warning) = launcher::singleton_warning(size, &mpi_library()) {
            eprintln!("{warning}");
        }
        // From here the holder count finalises, also if one of these fails.
        let hold = registry::Hold::new();
        let world = Comm::duplicate_of(raw_world)?;
        // SAFETY: PETSc is initialised.
        let self_comm = Comm::duplicate_of(unsafe { sys::PetscRsCommSelf() })?;
        Ok(Petsc {
            world,
            self_comm,
            _hold: hold,
        })
    }

    fn initialize(&self) -> Result<Args> {
        let mut args: Vec<CString> = Vec::new();
        let given = self
            .args
            .clone()
            .unwrap_or_else(|| std::env::args_os().collect());
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
        let file = file
            .map(|f| ffi::c_string(&f.to_string_lossy()))
            .transpose()?;
        let help = self.help.as_deref().map(ffi::c_string).transpose()?;
        let file = file.as_ref().map_or(ptr::null(), |f| f.as_ptr());
        let mut args = Args::new(args, help)?;
        let help = args.help.as_ref().map_or(ptr::null(), |h| h.as_ptr());
        // SAFETY: count, NULL-terminated array, strings and help live until after PetscFinalize;
        // `file` for this call, in which PETSc copies it. PETSc is not initialised.
        unsafe {
            call!(PetscInitialize(
                &raw mut args.count,
                &raw mut *args.start,
                file,
                help
            ))
        }?;
        Ok(args)
    }
}

fn active() -> Error {
    Error::new(
        ErrorCode::ORDER,
        "a PETSc session is alive in this process already",
    )
}

fn mpi_library() -> String {
    let mut text = [0u8; 256];
    // SAFETY: the buffer has the capacity given; the shim terminates the text.
    let length = unsafe { sys::PetscRsMpiLibrary(text.as_mut_ptr().cast(), 256) };
    let length = usize::try_from(length).unwrap_or(0).min(text.len());
    let text = String::from_utf8_lossy(&text[..length]);
    text.split([',', '\n'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// A running session: the only source of communicators, without which nothing can be created.
///
/// PETSc is finalised when this and every object are gone, whichever goes last.
#[derive(Debug)]
pub struct Petsc {
    world: Comm,
    self_comm: Comm,
    _hold: registry::Hold,
}

impl Petsc {
    /// Options for the start of a session.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Starts a session with the process's arguments. Programs use [`run`](crate::run) instead.
    ///
    /// # Errors
    /// As [`Builder::init`].
    pub fn init() -> Result<Self> {
        Self::builder().init()
    }

    /// All processes of the job: a duplicate of `PETSC_COMM_WORLD`.
    #[must_use]
    #[doc(alias = "PETSC_COMM_WORLD")]
    pub fn world(&self) -> &Comm {
        &self.world
    }

    /// This process alone: a duplicate of `PETSC_COMM_SELF`.
    #[must_use]
    #[doc(alias = "PETSC_COMM_SELF")]
    pub fn self_comm(&self) -> &Comm {
        &self.self_comm
    }

    /// Release of the PETSc loaded: major, minor, subminor.
    ///
    /// # Errors
    /// What `PetscGetVersionNumber` returns.
    #[doc(alias = "PetscGetVersionNumber")]
    pub fn version(&self) -> Result<(usize, usize, usize)> {
        let (mut major, mut minor, mut subminor) = (0, 0, 0);
        // SAFETY: valid out-pointers; the last one may be NULL.
        unsafe {
            call!(PetscGetVersionNumber(
                &raw mut major,
                &raw mut minor,
                &raw mut subminor,
                ptr::null_mut()
            ))
        }?;
        Ok((ffi::size(major)?, ffi::size(minor)?, ffi::size(subminor)?))
    }

    /// Name and version of the MPI library, as it describes itself.
    #[must_use]
    #[doc(alias = "MPI_Get_library_version")]
    pub fn mpi_library(&self) -> String {
        mpi_library()
    }

    /// Name of the computer that this rank runs on.
    ///
    /// # Errors
    /// What `PetscGetHostName` returns.
    #[doc(alias = "PetscGetHostName")]
    pub fn host_name(&self) -> Result<String> {
        let mut name = [0; 256];
        // SAFETY: room for as many bytes as given; PETSc terminates the text.
        unsafe { call!(PetscGetHostName(name.as_mut_ptr(), name.len())) }?;
        // SAFETY: NUL-terminated by the call above.
        Ok(unsafe { ffi::str_from_ptr(name.as_ptr()) }.unwrap_or_default())
    }

    /// Adds a BibTeX entry to those that `-citations` prints at the end; the same text counts once.
    ///
    /// Not collective; what rank 0 adds is printed. Option: `-citations`.
    ///
    /// # Errors
    /// A text with a NUL; what `PetscCitationsRegister` returns.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// petsc.cite("@article{me, title = {How I solved it}}\n")?;
    /// # Ok(()) })
    /// ```
    #[doc(alias = "PetscCitationsRegister")]
    pub fn cite(&self, bibtex: &str) -> Result<()> {
        let text = ffi::c_string(bibtex)?;
        if !CITED.with_borrow_mut(|cited| cited.insert(bibtex.to_owned())) {
            return Ok(());
        }
        // SAFETY: PETSc is initialised and copies the NUL-terminated text.
        unsafe { call!(PetscRsCitationsRegister(text.as_ptr())) }
    }

    /// The handles that are alive on this rank, with the source lines that created them.
    #[must_use]
    pub fn handles(&self) -> Vec<registry::LeakedHandle> {
        registry::alive()
    }

    /// Prints on rank 0 through PETSc's own output stream, so that the text stays in order with what
    /// viewers and monitors print.
    ///
    /// Not collective; ranks other than 0 print nothing.
    ///
    /// # Errors
    /// What `PetscPrintf` returns; a text with a NUL.
    #[doc(alias = "PetscPrintf")]
    pub fn print(&self, text: fmt::Arguments<'_>) -> Result<()> {
        self.world.print(text)
    }

    /// The owned handles that are alive on this thread, with the source lines that created them.
    #[must_use]
    pub fn handles_alive(&self) -> Vec<super::LeakedHandle> {
        registry::alive()
    }

    /// Destroys what was queued since an error on this rank, and makes destruction collective again.
    ///
    /// Collective over all processes. Call it after recovering from an error on all ranks.
    ///
    /// # Errors
    /// What `PetscGarbageCleanup` returns.
    #[doc(alias = "PetscGarbageCleanup")]
    pub fn collect_garbage(&self) -> Result<()> {
        registry::clear_failure();
        crate::comm::collect_garbage()
    }
}

/// How the program ended on this rank, for [`conclude`].
pub(super) fn agree(failed: bool) -> Outcome {
    let control = SESSION.with_borrow(|s| s.as_ref().map(|s| s.control));
    match control {
        Some(control) if !registry::mpi_finalized() => agreement::agree(control, failed),
        _ if failed => Outcome::AllFailed {
            speaker: registry::rank().unwrap_or(0),
        },
        _ => Outcome::Success,
    }
}

/// Whether unused options are to be printed at the end of this session.
pub(super) fn report_unused_options(on: bool) {
    SESSION.with_borrow_mut(|s| {
        if let Some(session) = s {
            session.report_unused &= on;
        }
    });
}

/// Ends the job on all ranks. Does not return.
pub(super) fn abort(exit_code: u8) -> ! {
    // SAFETY: MPI runs (the caller has just communicated).
    unsafe { mpi_raw::MPI_Abort(mpi_raw::RSMPI_COMM_WORLD, c_int::from(exit_code)) };
    std::process::abort()
}

/// Called when the last holder goes.
pub(super) fn finalize_last() {
    // A session that is dropped by an unwinding or failed thread outside of `run`.
    if (std::thread::panicking() || registry::failed()) && agree(true) == Outcome::Alone {
        eprintln!(
            "petsc-rs: rank {} failed while others wait for it; ending the job",
            registry::rank().unwrap_or(0)
        );
        abort(1);
    }
    registry::set_phase(Phase::None);
    let Some(session) = SESSION.take() else {
        return;
    };
    if registry::mpi_finalized() {
        // The user's MPI session went first; there is nothing left that could be finalised.
        ACTIVE.store(false, Ordering::Release);
        return;
    }
    let mut control = session.control;
    // SAFETY: the duplicate made at start; nobody else has it.
    unsafe { mpi_raw::MPI_Comm_free(&raw mut control) };
    if session.owns_petsc {
        let report = session.report_unused && !registry::failed();
        if let Err(error) = crate::options::conclude(report) {
            eprintln!("petsc-rs: {error}");
        }
    }
    // SAFETY: the handler pushed at start is on top.
    let code = unsafe { sys::PetscPopErrorHandler() };
    registry::record_drop("PetscPopErrorHandler", code);
    if session.owns_petsc {
        // SAFETY: initialised by `start`, and no handle is alive.
        let code = unsafe { sys::PetscFinalize() };
        registry::record_drop("PetscFinalize", code);
    }
    if let Some(mut world) = session.world.filter(|_| !registry::mpi_finalized()) {
        // SAFETY: the duplicate made by `Builder::world`; PETSc is finalised.
        unsafe { mpi_raw::MPI_Comm_free(&raw mut world) };
    }
    drop(session.universe);
    ACTIVE.store(false, Ordering::Release);
}
