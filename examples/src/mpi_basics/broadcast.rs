//! One rank tells all the others.

use mpi::traits::{Communicator, Destination, Equivalence, Root, Source};
use petsc_rs::{Comm, Result};

/// What `root` has, on all ranks. Only the root knows how much it is: the length travels first.
///
/// # Errors
/// A length that does not fit into memory.
pub fn broadcast_vec<T>(comm: &Comm, root: i32, data: &[T]) -> Result<Vec<T>>
where
    T: Equivalence + Clone + Default,
{
    let process = comm.mpi().process_at_rank(root);
    let mut len = data.len() as u64;
    process.broadcast_into(&mut len);
    let mut all = if comm.rank() == root {
        data.to_vec()
    } else {
        vec![T::default(); usize::try_from(len)?]
    };
    process.broadcast_into(&mut all[..]);
    Ok(all)
}

/// A text of `root`, on all ranks.
///
/// # Errors
/// What [`broadcast_vec`] returns; bytes that are not UTF-8.
pub fn broadcast_text(comm: &Comm, root: i32, text: &str) -> Result<String> {
    Ok(String::from_utf8(broadcast_vec(
        comm,
        root,
        text.as_bytes(),
    )?)?)
}

/// The same as a broadcast into `data`, by one message to each rank: the root is busy for as many messages as there
/// are ranks, where a broadcast takes as many steps as the number of ranks has binary digits.
pub fn broadcast_by_messages<T: Equivalence>(comm: &Comm, root: i32, data: &mut [T]) {
    if comm.rank() != root {
        comm.mpi().process_at_rank(root).receive_into(data);
        return;
    }
    for rank in (0..comm.size()).filter(|&rank| rank != root) {
        comm.mpi().process_at_rank(rank).send(&data[..]);
    }
}
