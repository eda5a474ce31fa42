//! Unknowns on a mesh.

use std::ffi::CStr;
use std::ptr;

use super::{DmPlex, DmPlexRef};
use crate::comm;
use crate::dm::Dm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::section::{Section, SectionBuilder, SectionRef};
use crate::{Comm, Int, call, ffi};

/// The section under this name is that of the grid, too: C makes one where a mesh without is asked for it, and cannot
/// distribute the mesh any more.
const SECTION: &CStr = c"petsc-rs.dm.section";

impl DmPlexRef {
    /// Starts a section for the points of this mesh, for [`with_section`](Self::with_section). Not collective.
    ///
    /// # Errors
    /// As [`points`](Self::points).
    pub fn section<'a>(&self, comm: &'a Comm) -> Result<SectionBuilder<'a>> {
        Ok(Section::builder(comm, self.points()?))
    }

    /// A grid on this mesh with the unknowns of a section, which must be the same for a point on all ranks that have
    /// it. Shares points, labels and coordinates with this mesh. Collective.
    ///
    /// # Errors
    /// On all ranks: `ARG_OUTOFRANGE` if the points of the section are not those of the mesh, `ARG_INCOMP` if the
    /// ranks that share a point disagree on its unknowns; `ARG_NOTSAMECOMM` if the section lives on other ranks.
    #[doc(alias = "DMClone")]
    #[doc(alias = "DMSetLocalSection")]
    #[track_caller]
    pub fn with_section(&self, section: &SectionRef) -> Result<DmPlex> {
        comm::check_same_ranks(self.object_ptr(), section.object_ptr())?;
        if comm::any_rank(self.object_ptr(), section.points()? != self.points()?)? {
            return Err(Error::collective(
                ErrorCode::ARG_OUTOFRANGE,
                "the points of the section are not those of the mesh",
            ));
        }
        self.check_agreement(section)?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live mesh and a valid out-pointer.
        unsafe { call!(DMClone(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let grid = unsafe { Dm::created(raw) }?;
        // SAFETY: a new grid of the same points as the section, on whose unknowns the ranks agree (above); PETSc
        // takes a reference.
        unsafe { call!(DMSetLocalSection(raw, section.as_ptr())) }?;
        // SAFETY: live objects; PETSc takes a reference and copies the name.
        unsafe {
            call!(PetscObjectCompose(
                grid.object_ptr(),
                SECTION.as_ptr(),
                section.object_ptr()
            ))
        }?;
        grid.into_plex()
    }

    /// PETSc moves values between the ranks by the counts of both sides.
    fn check_agreement(&self, section: &SectionRef) -> Result<()> {
        let mut own = Vec::new();
        for point in section.points()? {
            let unknowns = section.range(point)?.len();
            let mut code = Digest::new(unknowns, section.fixed(point)?);
            for field in 0..section.fields()? {
                code.add(section.field_range(point, field)?.len());
            }
            own.push(code.0);
        }
        let mut owners = own.clone();
        self.take_from_owners(&mut owners)?;
        if comm::any_rank(self.object_ptr(), own != owners)? {
            return Err(Error::collective(
                ErrorCode::ARG_INCOMP,
                "the ranks that share a point disagree on its unknowns",
            ));
        }
        Ok(())
    }

    /// The unknowns of this grid, with fixed ones and ghosts, as they lie in local vectors. `None` for a mesh without.
    /// Not collective.
    ///
    /// # Errors
    /// What `PetscObjectQuery` returns.
    #[doc(alias = "DMGetLocalSection")]
    pub fn layout(&self) -> Result<Option<&SectionRef>> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live mesh, a NUL-terminated name and a valid out-pointer.
        unsafe {
            call!(PetscObjectQuery(
                self.object_ptr(),
                SECTION.as_ptr(),
                &raw mut raw
            ))
        }?;
        // SAFETY: the section of `with_section`, which the grid keeps while it lives.
        Ok((!raw.is_null()).then(|| unsafe { SectionRef::from_ptr(raw.cast()) }))
    }

    /// Where the unknowns of a point and of all that bounds it lie in a local vector, point by point in the order of
    /// its [closure](Self::closure). As indices of rows and columns they are those of
    /// [`set_values_local`](crate::MatrixRef::set_values_local), which leaves fixed unknowns out. Not collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there is no such point; `ARG_WRONGSTATE` if the mesh has no unknowns.
    #[doc(alias = "DMPlexGetClosureIndices")]
    pub fn closure_indices(&self, point: Int) -> Result<Vec<Int>> {
        let Some(layout) = self.layout()? else {
            return Err(Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "the mesh has no unknowns: `with_section` makes a grid that has",
            ));
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

/// A few small numbers as one, for comparison (FNV).
struct Digest(Int);

impl Digest {
    fn new(unknowns: usize, fixed: usize) -> Self {
        let mut code = Self(17);
        code.add(unknowns);
        code.add(fixed);
        code
    }

    fn add(&mut self, n: usize) {
        // The low bits are what counts; they are the same on all ranks.
        let low = Int::try_from(n & 0xffff).unwrap_or(0);
        self.0 = self.0.wrapping_mul(0x0100_0193).wrapping_add(low + 1);
    }
}
