//! Unknowns on a mesh.

use std::ffi::CStr;

use petsc_macros::wraps;

use super::{DmPlex, DmPlexRef};
use mpi::collective::{CommunicatorCollectives as _, SystemOperation};

use crate::comm;
use crate::dm::Dm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::section::{Section, SectionBuilder, SectionRef};
use crate::{Comm, Int, call, ffi, get_raw};

/// Name under which the section of a DM is composed. `DMGetLocalSection` creates a section for a DM
/// without one, and a mesh with a section cannot be distributed.
const SECTION: &CStr = c"petsc-rs.dm.section";

impl DmPlexRef {
    /// Returns a builder of a section for the points of this mesh. See
    /// [`with_section`](Self::with_section). Not collective.
    ///
    /// # Errors
    /// See [`points`](Self::points).
    pub fn section<'a>(&self, comm: &'a Comm) -> Result<SectionBuilder<'a>> {
        crate::not_collective!();
        Ok(Section::builder(comm, self.points()?))
    }

    /// Creates a DM on this mesh with the unknowns of a section. Collective.
    ///
    /// A point must have the same unknowns on all ranks that share it. The new DM shares points and
    /// coordinates with this mesh, and has a copy of its current labels.
    ///
    /// # Errors
    /// On all ranks: `ARG_OUTOFRANGE` if the points of the section are not those of the mesh;
    /// `ARG_INCOMP` if ranks that share a point have different unknowns for it; `ARG_NOTSAMECOMM`
    /// if the section is on a different communicator.
    #[wraps(DMClone, DMSetLocalSection)]
    #[track_caller]
    pub fn with_section(&self, section: &SectionRef) -> Result<DmPlex> {
        comm::check_same_ranks(self.object_ptr(), section.object_ptr())?;
        let text = "the points of the section are not those of the mesh";
        self.refuse_on_any(section.points()? != self.points()?, ErrorCode::ARG_OUTOFRANGE, text)?;
        self.check_agreement(section)?;
        // SAFETY: a live mesh.
        let raw = unsafe { get_raw!(DMClone(self.as_ptr(), _)) }?;
        // SAFETY: just created; the reference is ours.
        let grid = unsafe { Dm::created(raw) }?;
        // SAFETY: a new DM with the same points as the section, on whose unknowns the ranks agree (above); PETSc
        // takes a reference.
        unsafe { call!(DMSetLocalSection(raw, section.as_ptr())) }?;
        let (dm, section) = (grid.object_ptr(), section.object_ptr());
        // SAFETY: live objects; PETSc takes a reference and copies the name.
        unsafe { call!(PetscObjectCompose(dm, SECTION.as_ptr(), section)) }?;
        grid.into_plex()
    }

    /// Checks that all ranks that share a point have the same unknowns on it: PETSc sends the
    /// values with the counts of the sender and receives them with those of the receiver.
    fn check_agreement(&self, section: &SectionRef) -> Result<()> {
        let (fields, points) = (section.fields()?, section.points()?);
        let mut fixed = Vec::new();
        for point in points.clone() {
            fixed.push(section.fixed_indices(point)?);
        }
        let most = fixed.iter().map(Vec::len).max().unwrap_or(0);
        let [least_fields, most_fields] = self.extremes(fields, fields)?;
        let [_, most] = self.extremes(0, most)?;
        // All ranks execute the same steps: one array with an entry for each point in each.
        let mut differ = least_fields != most_fields;
        for field in 0..most_fields {
            let count = |point| match field < fields {
                true => ffi::petsc_int(section.field_range(point, field)?.len()),
                false => Ok(0),
            };
            let own = points.clone().map(count).collect::<Result<Vec<_>>>()?;
            differ |= self.differs_from_owners(own)?;
        }
        for k in 0..most {
            let kth = |list: &Vec<usize>| list.get(k).map_or(Ok(-1), |&i| ffi::petsc_int(i));
            let own = fixed.iter().map(kth).collect::<Result<Vec<_>>>()?;
            differ |= self.differs_from_owners(own)?;
        }
        let text = "ranks that share a point have different unknowns for it";
        self.refuse_on_any(differ, ErrorCode::ARG_INCOMP, text)
    }

    /// Returns the minimum of one number and the maximum of another over the ranks. Collective.
    pub(super) fn extremes(&self, least: usize, most: usize) -> Result<[usize; 2]> {
        let (own, mut all) = ([u64::MAX - least as u64, most as u64], [0; 2]);
        let comm = self.comm()?;
        comm.mpi().all_reduce_into(&own[..], &mut all[..], SystemOperation::max());
        let [least, most] = all;
        Ok([usize::try_from(u64::MAX - least)?, usize::try_from(most)?])
    }

    fn differs_from_owners(&self, own: Vec<Int>) -> Result<bool> {
        let mut owners = own.clone();
        self.take_from_owners(&mut owners)?;
        Ok(own != owners)
    }

    /// Returns the section of local vectors, including constrained unknowns and ghost points, or
    /// `None` for a mesh without unknowns.
    ///
    /// # Errors
    /// The errors of `PetscObjectQuery`.
    ///
    /// # Examples
    /// See [`DmPlex`].
    #[wraps(DMGetLocalSection, not_collective)]
    #[track_caller]
    pub fn layout(&self) -> Result<Option<Section>> {
        // SAFETY: a live object.
        let raw = unsafe { crate::callback::composed(self.object_ptr(), SECTION) }?;
        // SAFETY: NULL, or the section of `with_section`.
        unsafe { Section::retain_nullable(raw.cast()) }
    }

    /// Returns the local indices of the unknowns on the [closure](Self::closure) of a point, in the
    /// order of the closure.
    ///
    /// [`set_values_local`](crate::MatrixRef::set_values_local) accepts these indices for rows and
    /// columns, and omits constrained unknowns.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point does not exist; `ARG_WRONGSTATE` if the mesh has no unknowns.
    #[wraps(DMPlexGetClosureIndices, not_collective)]
    pub fn closure_indices(&self, point: Int) -> Result<Vec<Int>> {
        let Some(layout) = self.layout()? else {
            let text = "the mesh has no unknowns: create a DM with unknowns with `with_section`";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        };
        let mut indices = Vec::new();
        for point in self.closure(point)? {
            for at in layout.range(point)? {
                indices.push(ffi::petsc_int(at)?);
            }
        }
        Ok(indices)
    }
}
