//! A field in chunks with a halo exchange, in one dimension.

use mpi::request;
use mpi::topology::Process;
use mpi::traits::{Communicator, Destination, Source};
use petsc_rs::{Comm, Result};

use super::chunks::{chunk, gather_chunks};
use super::ring::Neighbours;

const TO_LEFT: i32 = 1;
const TO_RIGHT: i32 = 2;

/// Heat conduction in a ring of cells; each rank has a chunk.
#[derive(Clone, Debug)]
pub struct Ring {
    comm: Comm,
    cells: usize,
    /// The cells of this rank.
    own: Vec<f64>,
    /// The communicator of the first ranks, which have cells; `None` on ranks without cells.
    neighbours: Option<Neighbours>,
}

impl Ring {
    /// Creates a ring of `cells` cells with the temperatures that `start` returns.
    #[must_use]
    pub fn new(comm: &Comm, cells: usize, start: impl Fn(usize) -> f64) -> Self {
        let (rank, size) = (comm.rank() as usize, comm.size() as usize);
        let own = chunk(cells, size, rank).map(start).collect();
        let busy = size.min(cells);
        let neighbours =
            (rank < busy).then(|| Neighbours::new(comm.rank(), comm.size().min(busy as i32)));
        Self { comm: comm.clone(), cells, own, neighbours }
    }

    /// Exchanges the border cells: returns the last cell of the left neighbor and the first cell of
    /// the right one. `meanwhile` is called during the exchange.
    fn halo(&self, at: Neighbours, meanwhile: impl FnOnce(&[f64])) -> (f64, f64) {
        let mpi = self.comm.mpi();
        let (left, right): (Process<'_>, Process<'_>) =
            (mpi.process_at_rank(at.left), mpi.process_at_rank(at.right));
        let (first, last) = (self.own[0], self.own[self.own.len() - 1]);
        let (mut from_left, mut from_right) = (0.0, 0.0);
        // With two ranks, both neighbors are the same rank. The tags distinguish the two messages.
        request::scope(|scope| {
            let receives = [
                left.immediate_receive_into_with_tag(scope, &mut from_left, TO_RIGHT),
                right.immediate_receive_into_with_tag(scope, &mut from_right, TO_LEFT),
            ];
            let sends = [
                left.immediate_send_with_tag(scope, &first, TO_LEFT),
                right.immediate_send_with_tag(scope, &last, TO_RIGHT),
            ];
            meanwhile(&self.own);
            for receive in receives {
                receive.wait();
            }
            for send in sends {
                send.wait();
            }
        });
        (from_left, from_right)
    }

    /// Makes one explicit step: each cell changes by `ratio` times the sum of its differences to
    /// both neighbors. Collective.
    pub fn step(&mut self, ratio: f64) {
        let Some(at) = self.neighbours else {
            return;
        };
        let n = self.own.len();
        let moved = |left: f64, here: f64, right: f64| here + ratio * (left - 2.0 * here + right);
        let mut next = vec![0.0; n];
        let (left, right) = self.halo(at, |own| {
            // The interior cells need no halo.
            for (to, three) in next[1..].iter_mut().zip(own.windows(3)) {
                *to = moved(three[0], three[1], three[2]);
            }
        });
        let own = &self.own;
        next[0] = moved(left, own[0], *own.get(1).unwrap_or(&right));
        if n > 1 {
            next[n - 1] = moved(own[n - 2], own[n - 1], right);
        }
        self.own = next;
    }

    /// Gathers all cells on rank 0; other ranks return `None`. Collective.
    ///
    /// # Errors
    /// More cells than MPI's counts can represent.
    pub fn gather(&self) -> Result<Option<Vec<f64>>> {
        gather_chunks(&self.comm, &self.own, self.cells)
    }
}
