//! The state of a session, and its finalization.

use std::cell::RefCell;
use std::ffi::c_int;
use std::sync::atomic::{AtomicBool, Ordering};

use mpi::environment::Universe;

use super::agreement::{self, Outcome, Place, Verdict};
use super::builder::Args;
use super::queue;
use super::registry::{self, Phase};
use crate::error::{Error, ErrorCode, Result};
use crate::sys;
use crate::sys::mpi_sys as mpi_raw;

/// Whether a thread of this process has a session: PETSc belongs to the thread that initialized it.
static ACTIVE: AtomicBool = AtomicBool::new(false);

pub(super) struct Session {
    /// Used only for the agreement at the end.
    pub(super) control: mpi_raw::MPI_Comm,
    /// Whether PETSc is finalized (false if the program had initialized it).
    pub(super) owns_petsc: bool,
    /// Whether unused options are printed.
    pub(super) report_unused: bool,
    /// The value of `PETSC_COMM_WORLD`; freed after PETSc is finalized.
    pub(super) world: Option<mpi_raw::MPI_Comm>,
    /// Dropped, and so MPI finalized, after PETSc.
    pub(super) universe: Option<Universe>,
    /// PETSc keeps pointers to these until it is finalized.
    pub(super) _args: Option<Args>,
}

thread_local! {
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

/// Checks that no session is alive in this process.
pub(super) fn check_none() -> Result<()> {
    check(!ACTIVE.load(Ordering::Acquire))
}

/// Claims PETSc for this thread.
pub(super) fn claim() -> Result<()> {
    check(!ACTIVE.swap(true, Ordering::AcqRel))
}

fn check(free: bool) -> Result<()> {
    if free {
        return Ok(());
    }
    Err(Error::new(ErrorCode::ORDER, "a PETSc session is already alive in this process"))
}

/// Releases the claim.
pub(super) fn give_up() {
    ACTIVE.store(false, Ordering::Release);
}

/// Stores the session: PETSc is initialized.
pub(super) fn open(session: Session) {
    SESSION.set(Some(session));
}

/// Returns the result of the agreement of all ranks.
pub(super) fn agree(verdict: Verdict, place: Place) -> Outcome {
    let control = SESSION.with_borrow(|s| s.as_ref().map(|s| s.control));
    match control {
        Some(control) if !registry::mpi_finalized() => agreement::agree(control, verdict, place),
        _ if verdict == Verdict::Failed => {
            Outcome::AllFailed { speaker: registry::rank().unwrap_or(0) }
        }
        _ => Outcome::Success,
    }
}

/// Sets whether unused options are printed at the end of this session.
pub(super) fn report_unused_options(on: bool) {
    SESSION.with_borrow_mut(|s| {
        if let Some(session) = s {
            session.report_unused &= on;
        }
    });
}

/// Destroys the objects that the ranks have queued after an error. Aborts the job if some ranks do
/// not take part.
pub(super) fn recover() {
    let verdict = if queue::failed() { Verdict::Unrecovered } else { Verdict::Success };
    let why = match agree(verdict, Place::Recovery) {
        Outcome::Success => return,
        Outcome::Alone | Outcome::Silent => "the other ranks did not call it within the time limit",
        Outcome::Apart => {
            // The ranks at the end print a more complete message.
            std::thread::sleep(std::time::Duration::from_secs(10));
            APART
        }
        _ => return queue::empty(),
    };
    let rank = registry::rank().unwrap_or(0);
    let after = match queue::reason() {
        reason if verdict == Verdict::Unrecovered => format!("\n  after this error: {reason}"),
        _ => String::new(),
    };
    let text = format!("error: rank {rank} called `Petsc::recover`, but {why}{after}");
    eprintln!("{text}");
    abort(1);
}

/// See [`Outcome::Apart`].
pub(super) const APART: &str =
    "some ranks are in `Petsc::recover`, while others are at the end of the session";

/// Aborts the job on all ranks. Does not return.
pub(super) fn abort(exit_code: u8) -> ! {
    // SAFETY: MPI runs (the caller has just communicated).
    unsafe { mpi_raw::MPI_Abort(mpi_raw::RSMPI_COMM_WORLD, c_int::from(exit_code)) };
    std::process::abort()
}

/// Called when the last holder is dropped.
pub(super) fn finalize_last() {
    // A session that an unwinding or failed thread drops outside `run`.
    let verdict = if std::thread::panicking() || queue::failed() {
        Verdict::Failed
    } else {
        Verdict::Success
    };
    match agree(verdict, Place::End) {
        outcome @ (Outcome::Alone | Outcome::Silent | Outcome::Apart) => {
            let why = if outcome == Outcome::Apart { APART } else { "other ranks wait for it" };
            eprintln!(
                "petsc-rs: rank {} ends its session, but {why}; aborting the job",
                registry::rank().unwrap_or(0)
            );
            abort(1);
        }
        Outcome::Success => {}
        _ => queue::empty(),
    }
    registry::set_phase(Phase::None);
    let Some(session) = SESSION.take() else {
        return;
    };
    if registry::mpi_finalized() {
        // The user's MPI session was dropped first; PETSc cannot be finalized any more.
        give_up();
        return;
    }
    let mut control = session.control;
    // SAFETY: the duplicate made at initialization; no other code uses it.
    unsafe { mpi_raw::MPI_Comm_free(&raw mut control) };
    if session.owns_petsc {
        let report = session.report_unused && verdict == Verdict::Success;
        if let Err(error) = crate::options::conclude(report) {
            eprintln!("petsc-rs: {error}");
        }
    }
    // SAFETY: the handler pushed at initialization is on top.
    let code = unsafe { sys::PetscPopErrorHandler() };
    registry::record_drop("PetscPopErrorHandler", code);
    if session.owns_petsc {
        // SAFETY: initialized by `start`, and no handle is alive.
        let code = unsafe { sys::PetscFinalize() };
        registry::record_drop("PetscFinalize", code);
    }
    if let Some(mut world) = session.world.filter(|_| !registry::mpi_finalized()) {
        // SAFETY: the duplicate made by `Builder::world`; PETSc is finalized.
        unsafe { mpi_raw::MPI_Comm_free(&raw mut world) };
    }
    drop(session.universe);
    give_up();
}
