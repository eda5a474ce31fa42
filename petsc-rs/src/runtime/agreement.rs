//! How the ranks find out at the end whether one of them failed, without ever waiting for a rank
//! that waits for them.

use std::thread;
use std::time::{Duration, Instant};

use crate::sys::mpi_sys as mpi;

/// What the ranks agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// No rank failed.
    Success,
    /// Every rank failed; `speaker` prints.
    AllFailed { speaker: i32 },
    /// Some failed, some did not; all of them have come here.
    SomeFailed { speaker: i32 },
    /// This rank failed and the others did not come: they wait for it somewhere.
    Alone,
    /// This rank failed, and a lower one that failed too will speak and end the job.
    Silent,
}

/// How long a failed rank waits for the others.
fn grace() -> Duration {
    let seconds = std::env::var("PETSC_RS_ABORT_GRACE")
        .ok()
        .and_then(|s| s.parse().ok());
    Duration::from_secs_f64(
        seconds
            .filter(|s: &f64| s.is_finite() && *s >= 0.0)
            .unwrap_or(1.0),
    )
}

const TAG: i32 = 7;

/// Collective over `comm`, a communicator used for nothing else. A rank that succeeded waits for all
/// others (finalise would do the same); a rank that failed waits for a short time only.
pub(super) fn agree(comm: mpi::MPI_Comm, failed: bool) -> Outcome {
    let (mut rank, mut size) = (0, 1);
    // SAFETY: a live communicator and a valid out-pointer.
    unsafe { mpi::MPI_Comm_rank(comm, &raw mut rank) };
    // SAFETY: as above.
    unsafe { mpi::MPI_Comm_size(comm, &raw mut size) };
    if size == 1 {
        return if failed {
            Outcome::AllFailed { speaker: 0 }
        } else {
            Outcome::Success
        };
    }
    // Minimum over the ranks of: first failed rank, and 1 if this one failed.
    let mine = [if failed { rank } else { i32::MAX }, i32::from(failed)];
    // MPI may write here after this function has given up waiting, so the memory is never freed.
    let buffers = Box::leak(Box::new([mine, [0; 2]]));
    let [mine, all] = buffers.each_mut().map(|b| b.as_mut_ptr());
    let mut request = std::mem::MaybeUninit::<mpi::MPI_Request>::uninit();
    // SAFETY: both buffers hold two ints and live for ever.
    unsafe {
        mpi::MPI_Iallreduce(
            mine.cast_const().cast(),
            all.cast(),
            2,
            mpi::RSMPI_INT32_T,
            mpi::RSMPI_MIN,
            comm,
            request.as_mut_ptr(),
        )
    };
    if !failed {
        // SAFETY: the request of the call above.
        unsafe { mpi::MPI_Wait(request.as_mut_ptr(), mpi::RSMPI_STATUS_IGNORE) };
        // SAFETY: the reduction is complete.
        return outcome(unsafe { all.cast::<[i32; 2]>().read() });
    }
    announce(comm, rank, size);
    let deadline = Instant::now() + grace();
    loop {
        let mut done = 0;
        // SAFETY: the request of the call above.
        unsafe {
            mpi::MPI_Test(
                request.as_mut_ptr(),
                &raw mut done,
                mpi::RSMPI_STATUS_IGNORE,
            )
        };
        if done != 0 {
            // SAFETY: the reduction is complete.
            return outcome(unsafe { all.cast::<[i32; 2]>().read() });
        }
        if Instant::now() >= deadline {
            return if lower_rank_failed(comm, rank) {
                Outcome::Silent
            } else {
                Outcome::Alone
            };
        }
        thread::sleep(Duration::from_millis(2));
    }
}

fn outcome([speaker, everyone]: [i32; 2]) -> Outcome {
    match (speaker, everyone) {
        (i32::MAX, _) => Outcome::Success,
        (speaker, 1) => Outcome::AllFailed { speaker },
        (speaker, _) => Outcome::SomeFailed { speaker },
    }
}

/// Tells the higher ranks that this one failed. The messages are empty, so they never block.
fn announce(comm: mpi::MPI_Comm, rank: i32, size: i32) {
    for higher in rank + 1..size {
        let mut request = std::mem::MaybeUninit::<mpi::MPI_Request>::uninit();
        // SAFETY: an empty message has no buffer; the request is left to the end of the job.
        unsafe {
            mpi::MPI_Isend(
                std::ptr::null(),
                0,
                mpi::RSMPI_INT32_T,
                higher,
                TAG,
                comm,
                request.as_mut_ptr(),
            )
        };
    }
}

fn lower_rank_failed(comm: mpi::MPI_Comm, rank: i32) -> bool {
    (0..rank).any(|lower| {
        let mut flag = 0;
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { mpi::MPI_Iprobe(lower, TAG, comm, &raw mut flag, mpi::RSMPI_STATUS_IGNORE) };
        flag != 0
    })
}
