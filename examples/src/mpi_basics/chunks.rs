//! Chunks of different sizes: any number of items on any number of ranks.

use std::ops::Range;

use mpi::Count;
use mpi::datatype::{Partition, PartitionMut};
use mpi::traits::{Communicator, Equivalence, Root};
use petsc_rs::{Comm, Result};

/// Returns the range of `total` items on rank `part` of `parts`. The first ranks have one more item
/// if the division has a remainder. The last ranks have none if there are fewer items than ranks.
///
/// # Panics
/// Panics if `part` is not less than `parts`.
///
/// # Examples
/// ```
/// use workshop::mpi_basics::chunk;
/// assert_eq!([chunk(7, 3, 0), chunk(7, 3, 1), chunk(7, 3, 2)], [0..3, 3..5, 5..7]);
/// ```
#[must_use]
pub fn chunk(total: usize, parts: usize, part: usize) -> Range<usize> {
    assert!(part < parts, "part {part} of {parts}");
    let (size, more) = (total / parts, total % parts);
    let start = part * size + part.min(more);
    start..start + size + usize::from(part < more)
}

/// Returns counts and displacements of all ranks, the arguments of collectives with varying counts.
///
/// # Errors
/// More items than MPI's counts can represent.
pub fn layout(total: usize, ranks: usize) -> Result<(Vec<Count>, Vec<Count>)> {
    Count::try_from(total)?;
    let chunks = (0..ranks).map(|rank| chunk(total, ranks, rank));
    // This conversion cannot fail: no count exceeds the total.
    chunks.map(|c| Ok((Count::try_from(c.len())?, Count::try_from(c.start)?))).collect()
}

/// Scatters the items of rank 0; the other ranks pass `None`. The total must be the same on all
/// ranks.
///
/// # Errors
/// More items than MPI's counts can represent; rank 0 has another number of items than `total`.
pub fn scatter_chunks<T>(comm: &Comm, all: Option<&[T]>, total: usize) -> Result<Vec<T>>
where
    T: Equivalence + Clone + Default,
{
    let (ranks, rank) = (comm.size() as usize, comm.rank() as usize);
    let (counts, starts) = layout(total, ranks)?;
    let mut own = vec![T::default(); counts[rank] as usize];
    let root = comm.mpi().process_at_rank(0);
    if rank == 0 {
        let all = all.ok_or("rank 0 must pass the items")?;
        if all.len() != total {
            return Err(format!("{} items, but the total is {total}", all.len()).into());
        }
        let parts = Partition::new(all, counts, starts);
        root.scatter_varcount_into_root(&parts, &mut own[..]);
    } else {
        root.scatter_varcount_into(&mut own[..]);
    }
    Ok(own)
}

/// Gathers the chunks on rank 0, in the order of the ranks; other ranks return `None`.
///
/// # Errors
/// More items than MPI's counts can represent; a chunk whose size is not the size that [`chunk`]
/// returns.
pub fn gather_chunks<T>(comm: &Comm, own: &[T], total: usize) -> Result<Option<Vec<T>>>
where
    T: Equivalence + Clone + Default,
{
    let (ranks, rank) = (comm.size() as usize, comm.rank() as usize);
    let (counts, starts) = layout(total, ranks)?;
    if own.len() != counts[rank] as usize {
        return Err(format!("a chunk of {} instead of {}", own.len(), counts[rank]).into());
    }
    let root = comm.mpi().process_at_rank(0);
    if rank != 0 {
        root.gather_varcount_into(own);
        return Ok(None);
    }
    let mut all = vec![T::default(); total];
    let mut parts = PartitionMut::new(&mut all[..], counts, starts);
    root.gather_varcount_into_root(own, &mut parts);
    Ok(Some(all))
}

#[cfg(test)]
mod tests {
    use super::{chunk, layout};

    #[test]
    fn chunks_cover_everything_once() {
        for total in 0..20 {
            for parts in 1..8 {
                let chunks: Vec<_> = (0..parts).map(|p| chunk(total, parts, p)).collect();
                assert_eq!(chunks[0].start, 0);
                assert_eq!(chunks[parts - 1].end, total);
                assert!(chunks.windows(2).all(|w| w[0].end == w[1].start));
                let sizes: Vec<_> = chunks.iter().map(|c| c.len()).collect();
                assert!(sizes[0] - sizes[parts - 1] <= 1, "{sizes:?}");
            }
        }
    }

    #[test]
    fn counts_that_mpi_cannot_hold_are_refused() {
        assert!(layout(1 << 31, 2).is_err());
        assert_eq!(layout(3, 4).unwrap(), (vec![1, 1, 1, 0], vec![0, 1, 2, 3]));
    }
}
