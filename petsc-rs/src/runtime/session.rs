//! The state of a session, and its end.

use std::cell::RefCell;
use std::ffi::c_int;
use std::sync::atomic::{AtomicBool, Ordering};

use mpi::environment::Universe;

use super::agreement::{self, Outcome};
use super::builder::Args;
use super::registry::{self, Phase};
use crate::error::{Error, ErrorCode, Result};
use crate::sys;
use crate::sys::mpi_sys as mpi_raw;

/// PETSc belongs to the thread that initialised it.
static ACTIVE: AtomicBool = AtomicBool::new(false);

pub(super) struct Session {
    /// For the agreement at the end and nothing else.
    pub(super) control: mpi_raw::MPI_Comm,
    /// Finalise PETSc (unless somebody else had initialised it).
    pub(super) owns_petsc: bool,
    /// Print the unused options.
    pub(super) report_unused: bool,
    /// What `PETSC_COMM_WORLD` was set to; freed after PETSc is finalised.
    pub(super) world: Option<mpi_raw::MPI_Comm>,
    /// Dropped, and so MPI finalised, after PETSc.
    pub(super) universe: Option<Universe>,
    /// PETSc keeps pointers to these until it is finalised.
    pub(super) _args: Option<Args>,
}

thread_local! {
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

/// No session is alive in this process.
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
    Err(Error::new(
        ErrorCode::ORDER,
        "a PETSc session is alive in this process already",
    ))
}

/// Gives up the claim.
pub(super) fn give_up() {
    ACTIVE.store(false, Ordering::Release);
}

/// PETSc runs from here on.
pub(super) fn open(session: Session) {
    SESSION.set(Some(session));
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
        give_up();
        return;
    }
    crate::comm::free_left();
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
    give_up();
}
