//! Points that several ranks have.

use std::ptr;

use petsc_macros::wraps;

use super::DmPlexRef;
use crate::comm;
use crate::error::Result;
use crate::object::Object as _;
use crate::scatter::Combine;
use crate::star_forest::StarForest;
use crate::{Int, call, ffi};

impl DmPlexRef {
    /// For each point of this rank, the rank that owns it: every point has one owner, and may be on other ranks too,
    /// where their parts touch or overlap. Collective.
    ///
    /// # Errors
    /// What `PetscSFBcastBegin` returns.
    ///
    /// # Examples
    /// Vertices are counted once:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::dm::DmPlex;
    /// let mesh = DmPlex::box_mesh(comm, [3, 3]).build()?.distribute(0)?;
    /// let (me, owners) = (usize::try_from(comm.rank())?, mesh.owners()?);
    /// let mine = mesh.vertices()?.filter(|&p| owners[p as usize] == me).count();
    /// # assert!(comm.size() > 1 || mine == 16);
    /// # Ok(()) })
    /// ```
    pub fn owners(&self) -> Result<Vec<usize>> {
        let me = ffi::petsc_int(self.rank()?)?;
        let mut owners = vec![me; self.count()?];
        self.take_from_owners(&mut owners)?;
        owners.into_iter().map(ffi::size).collect()
    }

    /// Number of points of this rank.
    pub(super) fn count(&self) -> Result<usize> {
        let points = self.points()?;
        ffi::size(points.end - points.start)
    }

    pub(super) fn rank(&self) -> Result<usize> {
        comm::rank_in_object(self.object_ptr())
    }

    /// How values travel between the points that several ranks have: the roots are the points of their owners, the
    /// leaves the copies elsewhere, both in arrays of an entry for each point. `None` for a mesh that is not distributed.
    /// Not collective.
    ///
    /// # Errors
    /// What `DMGetPointSF` returns.
    #[wraps(DMGetPointSF)]
    #[track_caller]
    pub fn point_star_forest(&self) -> Result<Option<StarForest>> {
        crate::not_collective!();
        let mut raw = ptr::null_mut();
        // SAFETY: a live mesh and a valid out-pointer.
        unsafe { call!(DMGetPointSF(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: NULL, or a live star forest.
        let Some(forest) = unsafe { StarForest::retain_nullable(raw) }? else {
            return Ok(None);
        };
        Ok(forest.has_graph()?.then_some(forest))
    }

    /// Each entry becomes that of the point's owner. Collective.
    pub(super) fn take_from_owners(&self, entries: &mut [Int]) -> Result<()> {
        if let Some(forest) = self.point_star_forest()? {
            let own = entries.to_vec();
            forest.broadcast(&own, entries, Combine::Insert)?;
        }
        Ok(())
    }

    /// Each entry becomes the sum over the ranks that have the point. Collective.
    pub(super) fn sum_over_ranks(&self, entries: &mut [Int]) -> Result<()> {
        if let Some(forest) = self.point_star_forest()? {
            let own = entries.to_vec();
            forest.reduce(&own, entries, Combine::Add)?;
        }
        self.take_from_owners(entries)
    }
}
