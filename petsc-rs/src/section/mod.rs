//! Sections: the unknowns on the points of a mesh (`PetscSection` in C).

mod builder;

pub use builder::SectionBuilder;

use std::ops::Range;

use petsc_macros::{getter, wraps};

use crate::error::{Error, ErrorCode, Result};
use crate::object::petsc_object;
use crate::{Int, create, ffi, get, get_text, sys};

petsc_object! {
    /// A layout of unknowns on numbered points. For each point, the section contains the number of
    /// unknowns in each field, the constrained unknowns, and the range of the unknowns in a local
    /// vector. [`Section::builder`] creates a section, which does not change afterwards.
    ///
    /// # Examples
    /// Two unknowns on each of four points and one on each of three others; on point 0, all are
    /// constrained:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::Section;
    /// let section = Section::builder(comm, 0..7)
    ///     .field("velocity", 2, |point| if point < 4 { 2 } else { 0 })
    ///     .field("pressure", 1, |point| if point < 4 { 0 } else { 1 })
    ///     .fix("velocity", |point| 0..if point == 0 { 2 } else { 0 })
    ///     .build()?;
    /// assert_eq!(section.len()?, 4 * 2 + 3);
    /// assert_eq!(section.free_len()?, 3 * 2 + 3);
    /// assert_eq!(section.range(4)?, 8..9);
    /// # Ok(()) })
    /// ```
    ///
    /// # See also
    /// [`DmPlex`](crate::dm::DmPlex), a mesh whose points can carry the unknowns of a section.
    #[wraps(PetscSection)]
    Section,
    /// A borrowed [`Section`].
    SectionRef,
    PetscSection,
    PetscSectionDestroy,
}

impl SectionRef {
    /// Returns the range of the points.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::Section;
    /// let section = Section::builder(comm, 0..3).field("u", 1, |point| point as usize).build()?;
    /// let mut unknowns = Vec::new();
    /// for point in section.points()? {
    ///     unknowns.push(section.range(point)?);
    /// }
    /// assert_eq!(unknowns, [0..0, 0..1, 1..3]);
    /// # Ok(()) })
    /// ```
    #[wraps(PetscSectionGetChart, not_collective)]
    pub fn points(&self) -> Result<Range<Int>> {
        // SAFETY: a live section.
        let (start, end) = unsafe { get!(PetscSectionGetChart(self.as_ptr(), _, _)) }?;
        Ok(start..end)
    }

    /// Returns the number of fields; 0 for a section without fields.
    #[getter(PetscSectionGetNumFields)]
    pub fn fields() -> usize;

    /// Returns the name of a field.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the field does not exist.
    #[wraps(PetscSectionGetFieldName, not_collective)]
    pub fn field_name(&self, field: usize) -> Result<String> {
        let field = self.checked_field(field)?;
        // SAFETY: a live section with such a field (above); C writes NULL or a name that the
        // section keeps.
        unsafe { get_text!(PetscSectionGetFieldName(self.as_ptr(), field, _)) }
    }

    /// Returns the range of a point's unknowns in a local vector.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point does not exist.
    ///
    /// # Examples
    /// See [`Section`].
    #[wraps(PetscSectionGetDof, PetscSectionGetOffset, not_collective)]
    pub fn range(&self, point: Int) -> Result<Range<usize>> {
        ffi::check_index(point, &self.points()?)?;
        // SAFETY: a live section that has this point (above).
        let count: usize = unsafe { get!(PetscSectionGetDof(self.as_ptr(), point, _)) }?;
        // SAFETY: as above.
        let start = unsafe { get!(PetscSectionGetOffset(self.as_ptr(), point, _)) }?;
        Ok(start..start + count)
    }

    /// Returns the range that the unknowns of one field on a point occupy in a local vector.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point or field does not exist.
    #[wraps(PetscSectionGetFieldDof, PetscSectionGetFieldOffset, not_collective)]
    pub fn field_range(&self, point: Int, field: usize) -> Result<Range<usize>> {
        ffi::check_index(point, &self.points()?)?;
        let field = self.checked_field(field)?;
        let raw = self.as_ptr();
        // SAFETY: a live section that has this point and field (above).
        let count: usize = unsafe { get!(PetscSectionGetFieldDof(raw, point, field, _)) }?;
        // SAFETY: as above.
        let start = unsafe { get!(PetscSectionGetFieldOffset(raw, point, field, _)) }?;
        Ok(start..start + count)
    }

    /// Returns the number of constrained unknowns of a point.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point does not exist.
    #[wraps(PetscSectionGetConstraintDof, not_collective)]
    pub fn fixed(&self, point: Int) -> Result<usize> {
        ffi::check_index(point, &self.points()?)?;
        // SAFETY: a live section that has this point (above).
        unsafe { get!(PetscSectionGetConstraintDof(self.as_ptr(), point, _)) }
    }

    /// Returns the constrained unknowns of a point. The unknowns of all fields of the point are
    /// numbered from 0.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point does not exist.
    #[wraps(PetscSectionGetConstraintIndices, not_collective)]
    pub fn fixed_indices(&self, point: Int) -> Result<Vec<usize>> {
        let count = self.fixed(point)?;
        if count == 0 {
            return Ok(Vec::new());
        }
        // SAFETY: a live section in which unknowns of this point are fixed (above).
        let list = unsafe { get!(PetscSectionGetConstraintIndices(self.as_ptr(), point, _)) }?;
        // SAFETY: as many numbers as there are fixed unknowns, which the section keeps.
        let list = unsafe { ffi::slice(list, count) };
        list.iter().map(|&i| ffi::size(i)).collect()
    }

    /// Returns the number of unknowns on this rank, including constrained ones and ghosts: the length
    /// of local vectors.
    ///
    /// # Examples
    /// See [`Section`].
    #[getter(PetscSectionGetStorageSize)]
    pub fn len() -> usize;

    /// Returns whether there are no unknowns on this rank. Not collective.
    ///
    /// # Errors
    /// See [`len`](Self::len).
    pub fn is_empty(&self) -> Result<bool> {
        crate::not_collective!();
        Ok(self.len()? == 0)
    }

    /// Returns the number of unconstrained unknowns on this rank, including ghosts.
    #[getter(PetscSectionGetConstrainedStorageSize)]
    pub fn free_len() -> usize;

    /// Returns the largest number of unknowns of a point.
    #[getter(PetscSectionGetMaxDof)]
    pub fn max_dof() -> usize;

    /// Returns whether any unknowns are constrained.
    #[getter(PetscSectionHasConstraints)]
    pub fn has_fixed() -> bool;

    /// Returns whether the unknowns of each point are contiguous. Otherwise, the unknowns of each
    /// field are contiguous.
    #[getter(PetscSectionGetPointMajor)]
    pub fn point_major() -> bool;

    /// Returns whether constrained unknowns are counted in the offsets of the unknowns.
    #[getter(PetscSectionGetIncludesConstraints)]
    pub fn includes_fixed() -> bool;

    /// Returns the range of all offsets of unknowns on this rank.
    #[wraps(PetscSectionGetOffsetRange, not_collective)]
    pub fn offset_range(&self) -> Result<Range<Int>> {
        // SAFETY: a live section.
        let (start, end) = unsafe { get!(PetscSectionGetOffsetRange(self.as_ptr(), _, _)) }?;
        Ok(start..end)
    }

    /// Returns the number of components of a field.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the field does not exist.
    #[wraps(PetscSectionGetFieldComponents, not_collective)]
    pub fn field_components(&self, field: usize) -> Result<usize> {
        let field = self.checked_field(field)?;
        // SAFETY: a live section with such a field (above).
        unsafe { get!(PetscSectionGetFieldComponents(self.as_ptr(), field, _)) }
    }

    /// Returns the name of a component of a field.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the field or the component does not exist.
    #[wraps(PetscSectionGetComponentName, not_collective)]
    pub fn component_name(&self, field: usize, component: usize) -> Result<String> {
        let components = ffi::petsc_int(self.field_components(field)?)?;
        let (field, component) = (ffi::petsc_int(field)?, ffi::petsc_int(component)?);
        ffi::check_index(component, &(0..components))?;
        let raw = self.as_ptr();
        // SAFETY: a live section with such a component (above), whose name it keeps.
        unsafe { get_text!(PetscSectionGetComponentName(raw, field, component, _)) }
    }

    /// Returns the constrained unknowns of a field on a point. The unknowns of the field on the
    /// point are numbered from 0.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point or field does not exist.
    #[wraps(
        PetscSectionGetFieldConstraintDof,
        PetscSectionGetFieldConstraintIndices,
        not_collective
    )]
    pub fn field_fixed_indices(&self, point: Int, field: usize) -> Result<Vec<usize>> {
        ffi::check_index(point, &self.points()?)?;
        let (raw, f) = (self.as_ptr(), self.checked_field(field)?);
        // SAFETY: a live section that has this point and field (above).
        let count = unsafe { get!(PetscSectionGetFieldConstraintDof(raw, point, f, _)) }?;
        if count == 0 {
            return Ok(Vec::new());
        }
        // SAFETY: as above; unknowns are fixed.
        let list = unsafe { get!(PetscSectionGetFieldConstraintIndices(raw, point, f, _)) }?;
        // SAFETY: as many numbers as there are fixed unknowns, which the section keeps.
        let list = unsafe { ffi::slice(list, count) };
        list.iter().map(|&i| ffi::size(i)).collect()
    }

    /// Creates a copy of the section. Collective.
    #[wraps(PetscSectionClone)]
    #[track_caller]
    pub fn duplicate(&self) -> Result<Section> {
        // SAFETY: a live section that is set up; C creates an object.
        unsafe { create!(PetscSectionClone(self.as_ptr(), _)) }
    }

    fn checked_field(&self, field: usize) -> Result<Int> {
        let fields = self.fields()?;
        if field < fields {
            return ffi::petsc_int(field);
        }
        Err(Error::new(
            ErrorCode::ARG_OUTOFRANGE,
            format!("field {field} does not exist: the section has {fields} fields"),
        ))
    }
}
