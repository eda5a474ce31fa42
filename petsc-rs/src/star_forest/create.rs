//! Creation of star forests.

use mpi::collective::CommunicatorCollectives as _;
use petsc_macros::wraps;

use super::StarForest;
use crate::comm::{self, Comm};
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::{Int, call, create, ffi, sys};

/// A leaf of this rank, and its root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Position of the leaf in arrays of leaves.
    pub place: usize,
    /// Rank of the root.
    pub rank: usize,
    /// Position of the root in arrays of roots on its rank.
    pub root: usize,
}

impl StarForest {
    /// Creates a star forest with `roots` roots and the given leaves on this rank. Collective.
    ///
    /// # Errors
    /// On all ranks: `ARG_WRONG` if a rank has two leaves in one position; `ARG_OUTOFRANGE` if the
    /// root of a leaf does not exist; `INT_OVERFLOW` if a rank has more roots or leaves than fit
    /// into `PetscInt`.
    #[wraps(PetscSFCreate, PetscSFSetGraph, PetscSFSetUp)]
    #[track_caller]
    pub fn new(comm: &Comm, roots: usize, leaves: &[Leaf]) -> Result<Self> {
        // SAFETY: a live communicator; C creates an object.
        let forest: Self = unsafe { create!(PetscSFCreate(comm.as_raw(), _)) }?;
        forest.check_graph(comm, roots, leaves)?;
        let mut sorted = leaves.to_vec();
        sorted.sort_unstable_by_key(|leaf| leaf.place);
        let mut places: Vec<Int> = Vec::with_capacity(sorted.len());
        let mut nodes = Vec::with_capacity(sorted.len());
        for leaf in &sorted {
            places.push(ffi::petsc_int(leaf.place)?);
            nodes.push(sys::PetscSFNode {
                rank: leaf.rank.try_into()?,
                index: ffi::petsc_int(leaf.root)?,
            });
        }
        let (roots, leaves) = (ffi::petsc_int(roots)?, ffi::petsc_int(nodes.len())?);
        // SAFETY: a live star forest; `leaves` places, all different, and roots that exist (above), which PETSc copies.
        unsafe {
            call!(PetscSFSetGraph(
                forest.as_ptr(),
                roots,
                leaves,
                places.as_mut_ptr(),
                sys::PETSC_COPY_VALUES,
                nodes.as_mut_ptr(),
                sys::PETSC_COPY_VALUES
            ))
        }?;
        // SAFETY: a live star forest with its graph.
        unsafe { call!(PetscSFSetUp(forest.as_ptr())) }?;
        Ok(forest)
    }

    /// Checks roots and leaves: optimized PETSc writes to the positions of leaves without a check.
    fn check_graph(&self, comm: &Comm, roots: usize, leaves: &[Leaf]) -> Result<()> {
        let mut places: Vec<_> = leaves.iter().map(|leaf| leaf.place).collect();
        places.sort_unstable();
        let twice = places.windows(2).any(|pair| pair[0] == pair[1]);
        let most = usize::try_from(Int::MAX)?;
        let large = roots > most || places.last().is_some_and(|&place| place >= most);
        if comm::any_rank(self.object_ptr(), large)? {
            return Err(Error::collective(
                ErrorCode::INT_OVERFLOW,
                "a rank has more roots or leaves than PetscInt can count",
            ));
        }
        if comm::any_rank(self.object_ptr(), twice)? {
            return Err(Error::collective(
                ErrorCode::ARG_WRONG,
                "a rank has two leaves in one position",
            ));
        }
        let mut all = vec![0_u64; usize::try_from(comm.size())?];
        comm.mpi().all_gather_into(&(roots as u64), &mut all[..]);
        let there = |leaf: &Leaf| all.get(leaf.rank).is_some_and(|&n| (leaf.root as u64) < n);
        if comm::any_rank(self.object_ptr(), !leaves.iter().all(there))? {
            return Err(Error::collective(
                ErrorCode::ARG_OUTOFRANGE,
                "the root of a leaf does not exist",
            ));
        }
        Ok(())
    }
}
