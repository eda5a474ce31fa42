//! Points that several ranks have.

use super::DmPlexRef;
use crate::comm;
use crate::error::Result;
use crate::object::Object as _;
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
    #[doc(alias = "DMGetPointSF")]
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

    /// Each entry becomes that of the point's owner. Collective.
    pub(super) fn take_from_owners(&self, entries: &mut [Int]) -> Result<()> {
        self.check_entries(entries)?;
        let own = entries.to_vec();
        // SAFETY: a live mesh and arrays of an entry for each of its points (above), numbered from 0.
        unsafe {
            call!(PetscRsPlexBroadcast(
                self.as_ptr(),
                own.as_ptr(),
                entries.as_mut_ptr()
            ))
        }
    }

    /// Each entry becomes the sum over the ranks that have the point. Collective.
    pub(super) fn sum_over_ranks(&self, entries: &mut [Int]) -> Result<()> {
        self.check_entries(entries)?;
        let own = entries.to_vec();
        // SAFETY: a live mesh and arrays of an entry for each of its points (above), numbered from 0.
        unsafe {
            call!(PetscRsPlexSum(
                self.as_ptr(),
                own.as_ptr(),
                entries.as_mut_ptr()
            ))
        }?;
        self.take_from_owners(entries)
    }

    fn check_entries(&self, entries: &[Int]) -> Result<()> {
        ffi::same_len("points", self.count()?, entries.len())
    }
}
