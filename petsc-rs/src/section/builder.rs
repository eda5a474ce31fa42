//! Builder of sections.

use std::fmt;
use std::ops::Range;

use petsc_macros::wraps;

use super::{Section, SectionRef};
use crate::comm::{self, Comm};
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::{Int, call, create, ffi};

/// Parameters of a new section. See [`Section::builder`].
#[must_use = "a builder does nothing until `build`"]
pub struct SectionBuilder<'a> {
    comm: &'a Comm,
    points: Range<Int>,
    fields: Vec<Field<'a>>,
    fixes: Vec<Fix<'a>>,
}

struct Field<'a> {
    name: String,
    components: usize,
    count: Box<dyn FnMut(Int) -> usize + 'a>,
}

struct Fix<'a> {
    field: String,
    which: Box<dyn FnMut(Int) -> Range<usize> + 'a>,
}

/// The unknowns of one point: the number in each field, and the constrained ones.
struct Point {
    counts: Vec<usize>,
    fixed: Vec<Vec<usize>>,
}

impl Section {
    /// Returns a builder of a section. `points` is the range of point numbers on this rank.
    #[wraps(PetscSectionSetChart)]
    pub fn builder(comm: &Comm, points: Range<Int>) -> SectionBuilder<'_> {
        SectionBuilder { comm, points, fields: Vec::new(), fixes: Vec::new() }
    }
}

impl<'a> SectionBuilder<'a> {
    /// Adds a field with `components` components. Each point has `count(point)` unknowns of the
    /// field: usually `components`, or a multiple of it. On each point, the unknowns of the first
    /// field come first, then those of the second field, and so on.
    #[wraps(PetscSectionSetNumFields, PetscSectionSetFieldName, PetscSectionSetFieldComponents)]
    pub fn field(
        mut self,
        name: &str,
        components: usize,
        count: impl FnMut(Int) -> usize + 'a,
    ) -> Self {
        self.fields.push(Field { name: name.to_owned(), components, count: Box::new(count) });
        self
    }

    /// Constrains unknowns of a field. `which(point)` is the range of the constrained unknowns; the
    /// unknowns of the field on the point are numbered from 0.
    ///
    /// Local vectors contain the constrained unknowns, with values that the program sets; global
    /// vectors and matrices do not contain them. The constraints of several calls add up.
    #[wraps(PetscSectionSetFieldConstraintDof, PetscSectionSetFieldConstraintIndices)]
    pub fn fix(mut self, field: &str, which: impl FnMut(Int) -> Range<usize> + 'a) -> Self {
        self.fixes.push(Fix { field: field.to_owned(), which: Box::new(which) });
        self
    }

    /// Creates the section. Collective.
    ///
    /// # Errors
    /// If one rank returns an error, all ranks do; a rank that detects no error itself returns
    /// `ARG_WRONG`. `ARG_WRONG` without a field, for two fields with the same name, or for a
    /// constraint on a field that does not exist; `ARG_OUTOFRANGE` for a field without components,
    /// or a constraint on an unknown that its point does not have; `INT_OVERFLOW` if the number of
    /// unknowns of a rank does not fit into `PetscInt`.
    ///
    /// # Examples
    /// See [`Section`].
    #[wraps(
        PetscSectionCreate,
        PetscSectionSetFieldDof,
        PetscSectionSetDof,
        PetscSectionSetConstraintDof,
        PetscSectionSetConstraintIndices,
        PetscSectionSetUp
    )]
    #[track_caller]
    pub fn build(mut self) -> Result<Section> {
        // SAFETY: a live communicator; C creates an object.
        let section: Section = unsafe { create!(PetscSectionCreate(self.comm.as_raw(), _)) }?;
        let points = self.check().and_then(|()| self.points());
        let failed = comm::any_rank(section.object_ptr(), points.is_err())?;
        let points = points?;
        if failed {
            return Err(Error::collective(
                ErrorCode::ARG_WRONG,
                "the section is invalid on another rank",
            ));
        }
        self.name_fields(&section)?;
        for (point, unknowns) in self.points.clone().zip(&points) {
            section.count(point, unknowns)?;
        }
        // SAFETY: a live section whose counts are complete.
        unsafe { call!(PetscSectionSetUp(section.as_ptr())) }?;
        for (point, unknowns) in self.points.clone().zip(&points) {
            section.fix(point, unknowns)?;
        }
        Ok(section)
    }

    /// Sets points and fields, without unknowns.
    fn name_fields(&self, section: &SectionRef) -> Result<()> {
        let raw = section.as_ptr();
        let fields = ffi::petsc_int(self.fields.len())?;
        // SAFETY: a live section; at least one field (above).
        unsafe { call!(PetscSectionSetNumFields(raw, fields)) }?;
        for (f, field) in (0..fields).zip(&self.fields) {
            let name = ffi::c_string(&field.name)?;
            let components = ffi::petsc_int(field.components)?;
            // SAFETY: a live section with this field; PETSc copies the name.
            unsafe { call!(PetscSectionSetFieldName(raw, f, name.as_ptr())) }?;
            // SAFETY: as above.
            unsafe { call!(PetscSectionSetFieldComponents(raw, f, components)) }?;
        }
        let Range { start, end } = self.points;
        // SAFETY: a live section, a range in order (above).
        unsafe { call!(PetscSectionSetChart(raw, start, end)) }
    }

    fn check(&self) -> Result<()> {
        if self.points.start > self.points.end {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!("the range of points {:?} ends before it starts", self.points),
            ));
        }
        if self.fields.is_empty() {
            return Err(Error::argument("a section needs at least one field"));
        }
        for (f, field) in self.fields.iter().enumerate() {
            if self.fields[..f].iter().any(|other| other.name == field.name) {
                let text = format!("two fields have the name \"{}\"", field.name);
                return Err(Error::argument(text));
            }
            if field.components == 0 {
                return Err(Error::new(
                    ErrorCode::ARG_OUTOFRANGE,
                    format!("the field \"{}\" has no components", field.name),
                ));
            }
        }
        for fix in &self.fixes {
            if !self.fields.iter().any(|field| field.name == fix.field) {
                let text = format!("the field \"{}\" to constrain does not exist", fix.field);
                return Err(Error::argument(text));
            }
        }
        Ok(())
    }

    /// Calls the closures for all points.
    fn points(&mut self) -> Result<Vec<Point>> {
        let mut all = Vec::new();
        let mut total = 0_usize;
        for point in self.points.clone() {
            let unknowns = self.point(point)?;
            // Older releases add them up in PetscInt without an overflow check.
            total = unknowns.counts.iter().fold(total, |n, &more| n.saturating_add(more));
            ffi::petsc_int(total)?;
            all.push(unknowns);
        }
        Ok(all)
    }

    fn point(&mut self, point: Int) -> Result<Point> {
        let mut counts = Vec::with_capacity(self.fields.len());
        let mut fixed = Vec::with_capacity(self.fields.len());
        for field in &mut self.fields {
            let count = (field.count)(point);
            let mut which = Vec::new();
            for fix in self.fixes.iter_mut().filter(|fix| fix.field == field.name) {
                let more = (fix.which)(point);
                if more.end > count && !more.is_empty() {
                    return Err(Error::new(
                        ErrorCode::ARG_OUTOFRANGE,
                        format!(
                            "unknowns {more:?} of \"{}\" cannot be constrained: point {point} has {count}",
                            field.name
                        ),
                    ));
                }
                which.extend(more);
            }
            which.sort_unstable();
            which.dedup();
            counts.push(count);
            fixed.push(which);
        }
        Ok(Point { counts, fixed })
    }
}

impl SectionRef {
    fn count(&self, point: Int, unknowns: &Point) -> Result<()> {
        let raw = self.as_ptr();
        for (f, (&count, fixed)) in (0..).zip(unknowns.counts.iter().zip(&unknowns.fixed)) {
            let (count, fixed) = (ffi::petsc_int(count)?, ffi::petsc_int(fixed.len())?);
            // SAFETY: a live section that is not set up and has this point and field.
            unsafe { call!(PetscSectionSetFieldDof(raw, point, f, count)) }?;
            if fixed > 0 {
                // SAFETY: as above.
                unsafe { call!(PetscSectionSetFieldConstraintDof(raw, point, f, fixed)) }?;
            }
        }
        let count = ffi::petsc_int(unknowns.counts.iter().sum())?;
        let fixed = ffi::petsc_int(unknowns.fixed.iter().map(Vec::len).sum())?;
        // SAFETY: as above.
        unsafe { call!(PetscSectionSetDof(raw, point, count)) }?;
        if fixed > 0 {
            // SAFETY: as above.
            unsafe { call!(PetscSectionSetConstraintDof(raw, point, fixed)) }?;
        }
        Ok(())
    }

    fn fix(&self, point: Int, unknowns: &Point) -> Result<()> {
        let raw = self.as_ptr();
        let mut all = Vec::new();
        let mut before = 0;
        for (f, (count, fixed)) in (0..).zip(unknowns.counts.iter().zip(&unknowns.fixed)) {
            let of_field: Vec<Int> =
                fixed.iter().map(|&i| ffi::petsc_int(i)).collect::<Result<_>>()?;
            all.extend(of_field.iter().map(|i| i + before));
            before += ffi::petsc_int(*count)?;
            if of_field.is_empty() {
                continue;
            }
            // SAFETY: a live section that is set up, as many indices as `count` said, which C copies.
            unsafe {
                call!(PetscRsSectionSetFieldConstraintIndices(raw, point, f, of_field.as_ptr()))
            }?;
        }
        if all.is_empty() {
            return Ok(());
        }
        // SAFETY: as above.
        unsafe { call!(PetscRsSectionSetConstraintIndices(raw, point, all.as_ptr())) }
    }
}

impl fmt::Debug for SectionBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.fields.iter().map(|field| &field.name).collect();
        f.debug_struct("SectionBuilder")
            .field("points", &self.points)
            .field("fields", &names)
            .finish_non_exhaustive()
    }
}
