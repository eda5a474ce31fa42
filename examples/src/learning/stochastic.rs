//! Stochastic gradient descent and Adam, with mini-batch gradients that are averaged over all
//! ranks.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use petsc_rs::{Comm, Result};

use super::problem::Problem;

/// The update of the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// A step along the negative gradient.
    Sgd,
    /// Adam, with means of gradients and of their squares.
    Adam,
}

/// The settings.
#[derive(Clone, Copy, Debug)]
pub struct Stochastic {
    /// The update.
    pub update: Update,
    /// The step length.
    pub rate: f64,
    /// The approximate number of samples in a step, summed over all ranks.
    pub batch: usize,
    /// The number of epochs.
    pub epochs: usize,
}

impl Stochastic {
    /// Trains `theta`. `each` is called after each epoch with the number of the epoch and the mean
    /// loss. Collective.
    ///
    /// # Errors
    /// Errors of MPI.
    pub fn train(
        &self,
        comm: &Comm,
        problem: &Problem,
        theta: &mut [f64],
        mut each: impl FnMut(usize, f64) -> Result<()>,
    ) -> Result<()> {
        let n = theta.len();
        let (mut g, mut mean, mut square) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
        let parts = problem.samples().parts().to_vec();
        let total = problem.samples().total();
        let steps = total.div_ceil(self.batch.max(1)).max(1);
        let first = parts_before(comm, parts.len());
        let mut t = 0;
        for epoch in 0..self.epochs {
            // Each part is shuffled separately, so that the result does not depend on its rank.
            let mut order: Vec<usize> = (0..parts.last().map_or(0, |p| p.end)).collect();
            for (k, part) in parts.iter().enumerate() {
                let seed = (epoch as u64) << 32 | (first + k) as u64;
                shuffle(&mut order[part.clone()], seed);
            }
            for step in 0..steps {
                let share = |len: usize| crate::mpi_basics::chunk(len, steps, step);
                let rows: Vec<_> = parts
                    .iter()
                    .map(|p| p.start + share(p.len()).start..p.start + share(p.len()).end)
                    .collect();
                let own: usize = rows.iter().map(ExactSizeIterator::len).sum();
                let mut count = 0;
                comm.mpi().all_reduce_into(&own, &mut count, SystemOperation::sum());
                problem.gradient_over(theta, &rows, Some(&order), count, &mut g)?;
                t += 1;
                self.step(theta, &g, &mut mean, &mut square, t);
            }
            let loss = problem.gradient(theta, &mut g)?;
            each(epoch + 1, loss)?;
        }
        Ok(())
    }

    fn step(&self, theta: &mut [f64], g: &[f64], mean: &mut [f64], square: &mut [f64], t: i32) {
        const BETA: (f64, f64) = (0.9, 0.999);
        for i in 0..theta.len() {
            theta[i] -= self.rate
                * match self.update {
                    Update::Sgd => g[i],
                    Update::Adam => {
                        mean[i] = BETA.0 * mean[i] + (1.0 - BETA.0) * g[i];
                        square[i] = BETA.1 * square[i] + (1.0 - BETA.1) * g[i] * g[i];
                        let m = mean[i] / (1.0 - BETA.0.powi(t));
                        let v = square[i] / (1.0 - BETA.1.powi(t));
                        m / (v.sqrt() + 1e-8)
                    }
                };
        }
    }
}

/// Returns the number of parts on the preceding ranks.
fn parts_before(comm: &Comm, own: usize) -> usize {
    let mut all = vec![0; comm.size() as usize];
    comm.mpi().all_gather_into(&own, &mut all[..]);
    all[..comm.rank() as usize].iter().sum()
}

fn shuffle(rows: &mut [usize], seed: u64) {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    for i in (1..rows.len()).rev() {
        rows.swap(i, (random.next_u64() % (i as u64 + 1)) as usize);
    }
}
