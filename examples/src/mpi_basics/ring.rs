//! Messages from rank to rank, around a ring.

use std::thread;
use std::time::{Duration, Instant};

use mpi::point_to_point as p2p;
use mpi::request;
use mpi::topology::{Process, SimpleCommunicator};
use mpi::traits::{Communicator, CommunicatorCollectives, Destination, Source};
use petsc_rs::Comm;

/// The ranks before and after this one in the ring; itself where there is one rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbours {
    /// The rank before.
    pub left: i32,
    /// The rank after.
    pub right: i32,
}

impl Neighbours {
    /// Of rank `rank` of `size`.
    #[must_use]
    pub fn new(rank: i32, size: i32) -> Self {
        Self {
            left: (rank + size - 1) % size,
            right: (rank + 1) % size,
        }
    }
}

fn processes(comm: &Comm) -> (Process<'_>, Process<'_>) {
    let at = Neighbours::new(comm.rank(), comm.size());
    let mpi: &SimpleCommunicator = comm.mpi();
    (mpi.process_at_rank(at.left), mpi.process_at_rank(at.right))
}

/// Blocking messages: a token goes around once, each rank adds `value`. The sum on rank 0, `None` elsewhere.
///
/// Rank 0 sends before it receives, all others receive before they send: that is what keeps a ring of blocking
/// calls from waiting for itself.
#[must_use]
pub fn pass_token(comm: &Comm, value: u64) -> Option<u64> {
    let (left, right) = processes(comm);
    if comm.size() == 1 {
        return Some(value);
    }
    if comm.rank() == 0 {
        right.send(&value);
        return Some(left.receive::<u64>().0);
    }
    let (token, _) = left.receive::<u64>();
    right.send(&(token + value));
    None
}

/// Sends to the right and receives from the left in one call, in which neither waits for the other.
#[must_use]
pub fn exchange(comm: &Comm, value: u64) -> u64 {
    let (left, right) = processes(comm);
    p2p::send_receive(&value, &right, &left).0
}

/// The same by calls that return at once; `meanwhile` runs while the messages are under way.
pub fn exchange_immediate<T>(comm: &Comm, value: u64, meanwhile: impl FnOnce() -> T) -> (u64, T) {
    let (left, right) = processes(comm);
    let mut received = 0;
    let result = request::scope(|scope| {
        let receive = left.immediate_receive_into(scope, &mut received);
        let send = right.immediate_send(scope, &value);
        let result = meanwhile();
        receive.wait();
        send.wait();
        result
    });
    (received, result)
}

/// Two messages told apart by their tags: sent as `first`, `second`, received in the other order.
#[must_use]
pub fn two_tags(comm: &Comm, first: f64, second: f64) -> (f64, f64) {
    const FIRST: i32 = 7;
    const SECOND: i32 = 9;
    let (left, right) = processes(comm);
    request::scope(|scope| {
        let sends = [
            right.immediate_send_with_tag(scope, &first, FIRST),
            right.immediate_send_with_tag(scope, &second, SECOND),
        ];
        let (second, status) = left.receive_with_tag::<f64>(SECOND);
        debug_assert_eq!(status.tag(), SECOND);
        let (first, _) = left.receive_with_tag::<f64>(FIRST);
        for send in sends {
            send.wait();
        }
        (first, second)
    })
}

/// What became of a ring in which every rank sends before it receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlock {
    /// The send had not completed when patience was at its end.
    pub stuck: bool,
    /// What came from the left after the receive was posted at last.
    pub received: u64,
}

/// Every rank sends to the right, and nobody receives before the send is complete: with blocking calls the job
/// would hang for ever. Here the send returns at once and is asked, for as long as `patience`, whether it is
/// complete; then the receive that was missing is posted, and everything ends well.
///
/// A *synchronous* send is used, which by the standard completes only when its receive has begun. A plain
/// send may be buffered and hide the mistake until the messages grow: see [`eager_sends`].
#[must_use]
pub fn show_deadlock(comm: &Comm, value: u64, patience: Duration) -> Deadlock {
    let (left, right) = processes(comm);
    request::scope(|scope| {
        let send = right.immediate_synchronous_send(scope, &value);
        let until = Instant::now() + patience;
        let mut send = Some(send);
        while let Some(waiting) = send.take() {
            match waiting.test() {
                Ok(_) => break,
                Err(waiting) => send = Some(waiting),
            }
            if Instant::now() >= until {
                break;
            }
            thread::sleep(Duration::from_millis(1));
        }
        // Nobody receives before all have looked.
        comm.mpi().barrier();
        let (received, _) = left.receive::<u64>();
        let stuck = send.is_some();
        if let Some(send) = send {
            send.wait();
        }
        Deadlock { stuck, received }
    })
}

/// For each size in bytes, whether a plain send to the right completes although nobody receives: what MPI buffers
/// on its own account. A program must not rely on it.
#[must_use]
pub fn eager_sends(comm: &Comm, sizes: &[usize]) -> Vec<bool> {
    const TRIES: usize = 20;
    let (left, right) = processes(comm);
    let attempt = |&size: &usize| {
        let message = vec![1_u8; size];
        request::scope(|scope| {
            let mut send = Err(right.immediate_send(scope, &message[..]));
            for _ in 0..TRIES {
                send = match send {
                    Err(waiting) => waiting.test(),
                    done => done,
                };
                thread::sleep(Duration::from_micros(200));
            }
            comm.mpi().barrier();
            let mut received = vec![0_u8; size];
            left.receive_into(&mut received[..]);
            match send {
                Ok(_) => true,
                Err(waiting) => {
                    waiting.wait();
                    false
                }
            }
        })
    };
    sizes.iter().map(attempt).collect()
}
