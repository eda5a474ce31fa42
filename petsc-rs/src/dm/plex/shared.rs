//! Points that several ranks share.

use petsc_macros::wraps;

use super::DmPlexRef;
use crate::comm;
use crate::error::Result;
use crate::index_set::{IndexSet, IndexSetRef};
use crate::object::Object as _;
use crate::scatter::Combine;
use crate::star_forest::StarForest;
use crate::{Int, ffi, get_raw};

impl DmPlexRef {
    /// Returns, for each point of this rank, the rank that owns the point. Collective.
    ///
    /// Every point has one owner. Other ranks have a copy of the point if their parts of the mesh
    /// meet or overlap there.
    ///
    /// # Errors
    /// The errors of `PetscSFBcastBegin`.
    ///
    /// # Examples
    /// Each vertex is counted once:
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

    /// Returns the global number of each cell of this rank. The cells that a rank owns have
    /// consecutive numbers. For a cell that another rank owns, the result is `-(n + 1)` instead of
    /// its number `n`. Collective.
    #[wraps(DMPlexGetCellNumbering)]
    pub fn cell_numbers(&self) -> Result<Vec<Int>> {
        // SAFETY: a live mesh.
        let set = unsafe { get_raw!(DMPlexGetCellNumbering(self.as_ptr(), _)) }?;
        // SAFETY: an index set that the mesh keeps.
        Ok(unsafe { IndexSetRef::from_ptr(set) }.indices()?.to_vec())
    }

    /// Returns the global number of each vertex, as [`cell_numbers`](Self::cell_numbers) does for
    /// cells. Collective.
    #[wraps(DMPlexGetVertexNumbering)]
    pub fn vertex_numbers(&self) -> Result<Vec<Int>> {
        // SAFETY: a live mesh.
        let set = unsafe { get_raw!(DMPlexGetVertexNumbering(self.as_ptr(), _)) }?;
        // SAFETY: an index set that the mesh keeps.
        Ok(unsafe { IndexSetRef::from_ptr(set) }.indices()?.to_vec())
    }

    /// Returns the global number of each point, as [`cell_numbers`](Self::cell_numbers) does for
    /// cells. Points of one depth have consecutive numbers. Collective.
    #[wraps(DMPlexCreatePointNumbering)]
    pub fn point_numbers(&self) -> Result<Vec<Int>> {
        // SAFETY: a live mesh.
        let set = unsafe { get_raw!(DMPlexCreatePointNumbering(self.as_ptr(), _)) }?;
        // SAFETY: just created; the reference is ours.
        let set = unsafe { IndexSet::from_raw(set) };
        let numbers = set.indices()?.to_vec();
        Ok(numbers)
    }

    /// Returns the number of points of this rank.
    pub(super) fn count(&self) -> Result<usize> {
        let points = self.points()?;
        ffi::size(points.end - points.start)
    }

    pub(super) fn rank(&self) -> Result<usize> {
        comm::rank_in_object(self.object_ptr())
    }

    /// Returns the star forest of shared points, or `None` for a mesh that is not distributed.
    ///
    /// The roots are the points on the ranks that own them; the leaves are the copies on other
    /// ranks. The arrays of the star forest have one entry for each point of a rank.
    #[wraps(DMGetPointSF, not_collective)]
    #[track_caller]
    pub fn point_star_forest(&self) -> Result<Option<StarForest>> {
        // SAFETY: a live mesh.
        let raw = unsafe { get_raw!(DMGetPointSF(self.as_ptr(), _)) }?;
        // SAFETY: NULL, or a live star forest.
        let Some(forest) = unsafe { StarForest::retain_nullable(raw) }? else {
            return Ok(None);
        };
        Ok(forest.has_graph()?.then_some(forest))
    }

    /// Replaces each entry with that of the point's owner. Collective.
    pub(super) fn take_from_owners(&self, entries: &mut [Int]) -> Result<()> {
        if let Some(forest) = self.point_star_forest()? {
            let own = entries.to_vec();
            forest.broadcast(&own, entries, Combine::Insert)?;
        }
        Ok(())
    }

    /// Replaces each entry with the sum over the ranks that have the point. Collective.
    pub(super) fn sum_over_ranks(&self, entries: &mut [Int]) -> Result<()> {
        if let Some(forest) = self.point_star_forest()? {
            let own = entries.to_vec();
            forest.reduce(&own, entries, Combine::Add)?;
        }
        self.take_from_owners(entries)
    }
}
