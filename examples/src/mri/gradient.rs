//! Differences between neighboring pixels of an image that is distributed in rows.

use mpi::point_to_point::send_receive_into;
use mpi::traits::Communicator;
use num_complex::Complex64;
use petsc_rs::Comm;

/// Differences with the next pixel below and to the right, with periodic boundaries. Each rank has
/// at least one row.
#[derive(Clone, Debug)]
pub struct Gradient {
    comm: Comm,
    columns: usize,
}

impl Gradient {
    /// Creates the operator for images with this number of columns.
    #[must_use]
    pub fn new(comm: &Comm, columns: usize) -> Self {
        Self { comm: comm.clone(), columns }
    }

    /// Sends a row to the rank at distance `step` and receives the row of the rank at the opposite
    /// distance. Collective.
    fn shift(&self, row: &[Complex64], step: i32) -> Vec<Complex64> {
        let (rank, size) = (self.comm.rank(), self.comm.size());
        let mpi = self.comm.mpi();
        let to = mpi.process_at_rank((rank + size + step) % size);
        let from = mpi.process_at_rank((rank + size - step) % size);
        let mut got = vec![Complex64::default(); row.len()];
        send_receive_into(row, &to, &mut got[..], &from);
        got
    }

    /// Computes the differences downward and to the right. Collective.
    #[must_use]
    pub fn apply(&self, x: &[Complex64]) -> [Vec<Complex64>; 2] {
        let n = self.columns;
        let below = self.shift(&x[..n], -1);
        let next = x[n..].iter().chain(&below);
        let down = x.iter().zip(next).map(|(a, b)| b - a).collect();
        let right = x.chunks_exact(n).flat_map(|row| {
            let next = row[1..].iter().chain(&row[..1]);
            row.iter().zip(next).map(|(a, b)| b - a)
        });
        [down, right.collect()]
    }

    /// Adds `factor` times the adjoint of [`Gradient::apply`] to `x`. Collective.
    pub fn add_adjoint(
        &self,
        [down, right]: &[Vec<Complex64>; 2],
        factor: f64,
        x: &mut [Complex64],
    ) {
        let n = self.columns;
        let above = self.shift(&down[down.len() - n..], 1);
        let previous = above.iter().chain(down);
        for ((x, d), p) in x.iter_mut().zip(down).zip(previous) {
            *x += factor * (p - d);
        }
        for (x, row) in x.chunks_exact_mut(n).zip(right.chunks_exact(n)) {
            let previous = row[n - 1..].iter().chain(row);
            for ((x, d), p) in x.iter_mut().zip(row).zip(previous) {
                *x += factor * (p - d);
            }
        }
    }
}
