//! Characteristic numbers of an image.

use mpi::collective::SystemOperation;
use mpi::datatype::PartitionMut;
use mpi::traits::{Communicator, CommunicatorCollectives, Root};
use petsc_rs::{Comm, Result};

use crate::mpi_basics::layout;

/// Norm, maximum, and the nine pixels at one, two and three quarters of the rows and columns.
pub type Summary = [f64; 11];

/// Computes the characteristic numbers of an image of `shape` that is distributed in rows.
/// Collective.
///
/// # Errors
/// More rows or columns than an MPI count can represent.
pub fn summary(comm: &Comm, own: &[f64], shape: [usize; 2]) -> Result<Summary> {
    let mut numbers = [0.0; 11];
    if let Some(image) = gather(comm, own, shape)? {
        numbers[0] = image.iter().map(|v| v * v).sum::<f64>().sqrt();
        numbers[1] = image.iter().copied().fold(0.0, f64::max);
        for (k, number) in numbers[2..].iter_mut().enumerate() {
            let (i, j) = (shape[0] * (1 + k / 3) / 4, shape[1] * (1 + k % 3) / 4);
            *number = image[i * shape[1] + j];
        }
    }
    comm.mpi().process_at_rank(0).broadcast_into(&mut numbers[..]);
    Ok(numbers)
}

/// Gathers the image on rank 0; other ranks return `None`. Collective.
///
/// # Errors
/// More rows or columns than an MPI count can represent.
pub fn gather(comm: &Comm, own: &[f64], [ny, nx]: [usize; 2]) -> Result<Option<Vec<f64>>> {
    let (mut counts, mut starts) = layout(ny, comm.size() as usize)?;
    let width = i32::try_from(nx)?;
    counts.iter_mut().for_each(|c| *c *= width);
    starts.iter_mut().for_each(|s| *s *= width);
    let root = comm.mpi().process_at_rank(0);
    if comm.rank() != 0 {
        root.gather_varcount_into(own);
        return Ok(None);
    }
    let mut all = vec![0.0; ny * nx];
    root.gather_varcount_into_root(own, &mut PartitionMut::new(&mut all[..], counts, starts));
    Ok(Some(all))
}

/// Returns the ratio of the maximum of `reference` to the root mean square of `own - reference`, in
/// decibels. Collective.
#[must_use]
pub fn psnr(comm: &Comm, own: &[f64], reference: &[f64]) -> f64 {
    let squares: f64 = own.iter().zip(reference).map(|(a, b)| (a - b) * (a - b)).sum();
    let own = [squares, own.len() as f64];
    let (mut sums, mut top) = ([0.0_f64; 2], 0.0_f64);
    let largest = reference.iter().copied().fold(0.0, f64::max);
    let mpi = comm.mpi();
    mpi.all_reduce_into(&own, &mut sums, SystemOperation::sum());
    mpi.all_reduce_into(&largest, &mut top, SystemOperation::max());
    20.0 * (top / (sums[0] / sums[1]).sqrt()).log10()
}
