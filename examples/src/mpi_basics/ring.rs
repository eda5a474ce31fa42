//! Messages between the ranks of a ring.

use std::thread;
use std::time::{Duration, Instant};

use mpi::point_to_point as p2p;
use mpi::request;
use mpi::topology::{Process, SimpleCommunicator};
use mpi::traits::{Communicator, CommunicatorCollectives, Destination, Source};
use petsc_rs::Comm;

/// The previous and the next rank in the ring. With one rank, both are the rank itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbours {
    /// The previous rank.
    pub left: i32,
    /// The next rank.
    pub right: i32,
}

impl Neighbours {
    /// Returns the neighbors of rank `rank` of `size`.
    #[must_use]
    pub fn new(rank: i32, size: i32) -> Self {
        Self { left: (rank + size - 1) % size, right: (rank + 1) % size }
    }
}

fn processes(comm: &Comm) -> (Process<'_>, Process<'_>) {
    let at = Neighbours::new(comm.rank(), comm.size());
    let mpi: &SimpleCommunicator = comm.mpi();
    (mpi.process_at_rank(at.left), mpi.process_at_rank(at.right))
}

/// Sends a token around the ring with blocking messages; each rank adds `value`. Returns the sum on
/// rank 0, `None` on other ranks.
///
/// Rank 0 sends before it receives; all other ranks receive before they send. This order prevents a
/// deadlock.
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

/// Sends to the right and receives from the left in one call, which cannot deadlock.
#[must_use]
pub fn exchange(comm: &Comm, value: u64) -> u64 {
    let (left, right) = processes(comm);
    p2p::send_receive(&value, &right, &left).0
}

/// Exchanges with nonblocking calls; `meanwhile` is called during the exchange.
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

/// Sends two messages with different tags, `first` and `second`, and receives them in the other
/// order.
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

/// The outcome of a ring in which every rank sends before it receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlock {
    /// Whether the send was incomplete when the time limit expired.
    pub stuck: bool,
    /// The message from the left, which arrives after the receive is finally posted.
    pub received: u64,
}

/// Sends to the right on every rank, and posts no receive before the send is complete: with
/// blocking calls, the job would hang. Here the send is nonblocking and is tested until it
/// completes or the time `patience` has passed. Then the missing receive is posted, and the
/// messages complete.
///
/// The send is *synchronous*: according to the standard, it completes only after its receive has
/// started. A standard send may be buffered, which hides the error until messages are larger: see
/// [`eager_sends`].
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
        // The receives start after all ranks have tested their sends.
        comm.mpi().barrier();
        let (received, _) = left.receive::<u64>();
        let stuck = send.is_some();
        if let Some(send) = send {
            send.wait();
        }
        Deadlock { stuck, received }
    })
}

/// Returns for each size in bytes whether a standard send to the right completes before its receive
/// is posted, because MPI buffers the message. A program must not rely on this.
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
