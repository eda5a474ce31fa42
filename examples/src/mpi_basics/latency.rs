//! How long a message takes.

use mpi::traits::{Communicator, Destination, Source};
use petsc_rs::Comm;

use super::timing::median;

/// Messages of one size, there and back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PingPong {
    /// Bytes in each message.
    pub bytes: usize,
    /// Seconds for one way: half the median of the round trips.
    pub seconds: f64,
}

impl PingPong {
    /// Bytes a second.
    #[must_use]
    pub fn bandwidth(&self) -> f64 {
        self.bytes as f64 / self.seconds
    }
}

/// A message between the first rank and the last, there and back `rounds` times after as many for warming up, for
/// each size. Empty on the other ranks, and where there is one rank only.
#[must_use]
pub fn ping_pong(comm: &Comm, sizes: &[usize], rounds: usize) -> Vec<PingPong> {
    let last = comm.size() - 1;
    if last == 0 || (comm.rank() != 0 && comm.rank() != last) {
        return Vec::new();
    }
    let partner = comm.mpi().process_at_rank(last - comm.rank());
    let mut results = Vec::new();
    for &bytes in sizes {
        let mut message = vec![0_u8; bytes];
        let mut times = Vec::with_capacity(rounds);
        for round in 0..2 * rounds {
            let start = mpi::time();
            if comm.rank() == 0 {
                partner.send(&message[..]);
                partner.receive_into(&mut message[..]);
            } else {
                partner.receive_into(&mut message[..]);
                partner.send(&message[..]);
            }
            if round >= rounds {
                times.push(0.5 * (mpi::time() - start));
            }
        }
        if comm.rank() == 0 {
            let seconds = median(&times);
            results.push(PingPong { bytes, seconds });
        }
    }
    results
}
