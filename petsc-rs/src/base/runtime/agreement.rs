//! Agreement of the ranks on whether one of them failed: at the end of the session, and in
//! `Petsc::recover`. Two ranks never wait for each other.

use std::thread;
use std::time::{Duration, Instant};

use crate::sys::mpi_sys as mpi;

/// State that a rank reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Success,
    /// The program handled an error that other ranks possibly do not have, and has not called
    /// `Petsc::recover` afterwards.
    Unrecovered,
    Failed,
}

/// The point at which the ranks agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    End,
    Recovery,
}

/// Result of the agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// No rank failed.
    Success,
    /// No rank failed, and all ranks have handled an error.
    AllUnrecovered,
    /// Some ranks are at the end of the session, others are in `Petsc::recover`.
    Apart,
    /// Every rank failed or handled an error; rank `speaker` prints the message.
    AllFailed { speaker: i32 },
    /// Some ranks failed or handled an error, others did not; all ranks take part in the agreement.
    SomeFailed { speaker: i32 },
    /// This rank failed, and the other ranks do not take part in the agreement: they wait for this
    /// rank elsewhere.
    Alone,
    /// This rank failed, and a lower rank that also failed will print its message and abort the
    /// job.
    Silent,
}

/// Time for which a rank waits for the others; `None` means no limit.
fn limit(verdict: Verdict) -> Option<Duration> {
    match verdict {
        Verdict::Success => None,
        // If all ranks have handled an error, this is not a failure.
        Verdict::Unrecovered => Some(grace(60.0)),
        Verdict::Failed => Some(grace(1.0)),
    }
}

fn grace(default: f64) -> Duration {
    let seconds = std::env::var("PETSC_RS_ABORT_GRACE").ok().and_then(|s| s.parse().ok());
    Duration::from_secs_f64(seconds.filter(|s: &f64| s.is_finite() && *s >= 0.0).unwrap_or(default))
}

const TAG: i32 = 7;

/// Determines whether all ranks failed or succeeded. Collective on `comm`, a communicator that is
/// used only for this. A rank that succeeded waits for all others, as finalization would; a rank
/// that failed waits only for a short time.
pub(super) fn agree(comm: mpi::MPI_Comm, verdict: Verdict, place: Place) -> Outcome {
    let (mut rank, mut size) = (0, 1);
    // SAFETY: a live communicator and a valid out-pointer.
    unsafe { mpi::MPI_Comm_rank(comm, &raw mut rank) };
    // SAFETY: as above.
    unsafe { mpi::MPI_Comm_size(comm, &raw mut size) };
    if size == 1 {
        return match verdict {
            Verdict::Success => Outcome::Success,
            Verdict::Unrecovered => Outcome::AllUnrecovered,
            Verdict::Failed => Outcome::AllFailed { speaker: 0 },
        };
    }
    let mine = vote(verdict, place, rank);
    // MPI may write to this memory after this function has stopped waiting, so it is never freed.
    let buffers = Box::leak(Box::new([mine, [0; VOTES as usize]]));
    let [mine, all] = buffers.each_mut().map(|b| b.as_mut_ptr());
    let mut request = std::mem::MaybeUninit::<mpi::MPI_Request>::uninit();
    // SAFETY: both buffers hold that many ints and live for ever.
    unsafe {
        mpi::MPI_Iallreduce(
            mine.cast_const().cast(),
            all.cast(),
            VOTES.into(),
            mpi::RSMPI_INT32_T,
            mpi::RSMPI_MIN,
            comm,
            request.as_mut_ptr(),
        )
    };
    let Some(limit) = limit(verdict) else {
        // SAFETY: the request of the call above.
        unsafe { mpi::MPI_Wait(request.as_mut_ptr(), mpi::RSMPI_STATUS_IGNORE) };
        // SAFETY: the reduction is complete.
        return outcome(unsafe { all.cast::<Votes>().read() });
    };
    if place == Place::End {
        announce(comm, rank, size);
    }
    let deadline = Instant::now() + limit;
    loop {
        let mut done = 0;
        // SAFETY: the request of the call above.
        unsafe { mpi::MPI_Test(request.as_mut_ptr(), &raw mut done, mpi::RSMPI_STATUS_IGNORE) };
        if done != 0 {
            // SAFETY: the reduction is complete.
            return outcome(unsafe { all.cast::<Votes>().read() });
        }
        if Instant::now() >= deadline {
            return if lower_rank_failed(comm, rank) { Outcome::Silent } else { Outcome::Alone };
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// The ranks agree on the minimum of each of these numbers.
const VOTES: u8 = 5;

type Votes = [i32; VOTES as usize];

fn vote(verdict: Verdict, place: Place, rank: i32) -> Votes {
    let rank_if = |yes| if yes { rank } else { i32::MAX };
    let unwell = verdict != Verdict::Success;
    let failed = verdict == Verdict::Failed;
    let place = place as i32;
    [rank_if(unwell), i32::from(unwell), rank_if(failed), place, -place]
}

fn outcome([unwell, everyone, failed, first, last]: Votes) -> Outcome {
    match (unwell, everyone, failed) {
        _ if first != -last => Outcome::Apart,
        (i32::MAX, ..) => Outcome::Success,
        (_, 1, i32::MAX) => Outcome::AllUnrecovered,
        (_, 1, speaker) => Outcome::AllFailed { speaker },
        (speaker, _, i32::MAX) | (_, _, speaker) => Outcome::SomeFailed { speaker },
    }
}

/// Notifies the higher ranks that this rank failed. The messages are empty, so they never block.
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
