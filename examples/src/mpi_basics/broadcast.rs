//! Broadcasts.

use mpi::traits::{Communicator, Destination, Equivalence, Root, Source};
use petsc_rs::{Comm, Result};

/// Broadcasts the data of `root`. The length is broadcast first, because only the root knows it.
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
    let mut all =
        if comm.rank() == root { data.to_vec() } else { vec![T::default(); usize::try_from(len)?] };
    process.broadcast_into(&mut all[..]);
    Ok(all)
}

/// Broadcasts a string of `root`.
///
/// # Errors
/// Errors of [`broadcast_vec`]; bytes that are not UTF-8.
pub fn broadcast_text(comm: &Comm, root: i32, text: &str) -> Result<String> {
    Ok(String::from_utf8(broadcast_vec(comm, root, text.as_bytes())?)?)
}

/// Sends `data` to all ranks with one message to each. The root sends these messages one after the
/// other. A broadcast of MPI takes about `log₂ n` steps for `n` ranks.
pub fn broadcast_by_messages<T: Equivalence>(comm: &Comm, root: i32, data: &mut [T]) {
    if comm.rank() != root {
        comm.mpi().process_at_rank(root).receive_into(data);
        return;
    }
    for rank in (0..comm.size()).filter(|&rank| rank != root) {
        comm.mpi().process_at_rank(rank).send(&data[..]);
    }
}
