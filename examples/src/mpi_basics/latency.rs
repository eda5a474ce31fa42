//! The latency of messages.

use mpi::traits::{Communicator, Destination, Source};
use petsc_rs::Comm;

use super::timing::median;

/// Round trips with messages of one size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PingPong {
    /// The bytes in each message.
    pub bytes: usize,
    /// The seconds for one direction: half the median of the round trips.
    pub seconds: f64,
}

impl PingPong {
    /// Returns the bytes per second.
    #[must_use]
    pub fn bandwidth(&self) -> f64 {
        self.bytes as f64 / self.seconds
    }
}

/// Measures `rounds` round trips between the first and the last rank for each size, after the same
/// number of warm-up rounds. The result is empty on other ranks, and with one rank.
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
