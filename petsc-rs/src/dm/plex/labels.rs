//! Labels: named integer values on points, for boundaries, materials and physical groups.

use std::ops::Range;
use std::ptr;

use petsc_macros::wraps;

use super::DmPlexRef;
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::IndexSet;
use crate::{Int, call, ffi, get, get_raw, sys};

impl DmPlexRef {
    /// Returns the names of the labels, including those of PETSc itself, such as `celltype` and
    /// `depth`.
    #[wraps(DMGetNumLabels, DMGetLabelName, not_collective)]
    pub fn labels(&self) -> Result<Vec<String>> {
        // SAFETY: a live mesh.
        let n = unsafe { get_raw!(DMGetNumLabels(self.as_ptr(), _)) }?;
        let name = |label| {
            // SAFETY: a live mesh with this label (above).
            let name = unsafe { get_raw!(DMGetLabelName(self.as_ptr(), label, _)) }?;
            // SAFETY: NULL or a name that the mesh keeps.
            Ok(unsafe { ffi::str_from_ptr(name) }.unwrap_or_default())
        };
        (0..n).map(name).collect()
    }

    /// Returns whether a label with this name exists.
    #[wraps(DMHasLabel, not_collective)]
    pub fn has_label(&self, name: &str) -> Result<bool> {
        let name = ffi::c_string(name)?;
        // SAFETY: a live mesh and a NUL-terminated name.
        unsafe { get!(DMHasLabel(self.as_ptr(), name.as_ptr(), _)) }
    }

    /// Sets the value of a label on points, replacing previous values. Logically collective; each
    /// rank passes its own points.
    ///
    /// A label that does not exist is created. DMs that were created from this mesh earlier keep
    /// their own labels.
    ///
    /// # Errors
    /// `ARG_WRONG` for the labels of PETSc itself; `ARG_OUTOFRANGE` if a point does not exist, or
    /// for the value -1, which means no value.
    #[wraps(DMCreateLabel, DMSetLabelValue, DMClearLabelValue, DMLabelSetValue, DMLabelClearValue)]
    pub fn set_label(&mut self, name: &str, points: &[Int], value: Int) -> Result<()> {
        ffi::check_indices(points, &self.points()?)?;
        self.create_label(name)?;
        let label = self.label(name)?;
        if value == none(label)? {
            let text = format!("the value {value} is reserved for points without a value");
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        for &point in points {
            // In C, a point may have several values.
            if let Some(before) = self.label_value(name, point)? {
                // SAFETY: a live label of this mesh, which has this point (above).
                unsafe { call!(DMLabelClearValue(label, point, before)) }?;
            }
            // SAFETY: as above.
            unsafe { call!(DMLabelSetValue(label, point, value)) }?;
        }
        Ok(())
    }

    /// Removes a label. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for the labels of PETSc itself, or if the label does not exist.
    #[wraps(DMRemoveLabel)]
    pub fn remove_label(&mut self, name: &str) -> Result<()> {
        self.label(name)?;
        check_own(name)?;
        let name = ffi::c_string(name)?;
        // SAFETY: a live mesh and a NUL-terminated name; with NULL, PETSc destroys the label.
        unsafe { call!(DMRemoveLabel(*self.busy()?, name.as_ptr(), ptr::null_mut())) }
    }

    /// Removes a value of a label from all points of this rank.
    ///
    /// # Errors
    /// `ARG_WRONG` for the labels of PETSc itself, or if the label does not exist.
    #[wraps(DMClearLabelStratum, DMLabelClearStratum, not_collective)]
    pub fn clear_label_value(&mut self, name: &str, value: Int) -> Result<()> {
        check_own(name)?;
        let label = self.label(name)?;
        // SAFETY: a live label.
        unsafe { call!(DMLabelClearStratum(label, value)) }
    }

    /// Returns whether a point of this rank has, or had at some time, this value of a label.
    ///
    /// # Errors
    /// `ARG_WRONG` if the label does not exist.
    #[wraps(DMLabelHasStratum, DMLabelHasValue, not_collective)]
    pub fn has_label_value(&self, name: &str, value: Int) -> Result<bool> {
        let label = self.label(name)?;
        // SAFETY: a live label.
        unsafe { get!(DMLabelHasStratum(label, value, _)) }
    }

    /// Returns the number of points of this rank with this value of a label.
    ///
    /// # Errors
    /// `ARG_WRONG` if the label does not exist.
    #[wraps(DMGetStratumSize, DMLabelGetStratumSize, not_collective)]
    pub fn label_value_count(&self, name: &str, value: Int) -> Result<usize> {
        let label = self.label(name)?;
        // SAFETY: a live label.
        ffi::size(unsafe { get_raw!(DMLabelGetStratumSize(label, value, _)) }?)
    }

    /// Returns the smallest range that contains all points of this rank with this value of a label,
    /// or `None` if no point has the value.
    ///
    /// # Errors
    /// `ARG_WRONG` if the label does not exist.
    #[wraps(DMLabelGetStratumBounds, not_collective)]
    pub fn label_value_bounds(&self, name: &str, value: Int) -> Result<Option<Range<Int>>> {
        let label = self.label(name)?;
        // SAFETY: a live label.
        let (start, end) = unsafe { get_raw!(DMLabelGetStratumBounds(label, value, _, _)) }?;
        Ok((start < end).then_some(start..end))
    }

    /// Sets whether a label is written to a file together with the mesh. Default: true.
    ///
    /// # Errors
    /// `ARG_WRONG` if the label does not exist.
    #[wraps(DMSetLabelOutput, not_collective)]
    pub fn set_label_output(&mut self, name: &str, output: bool) -> Result<()> {
        self.label(name)?;
        let (name, output) = (ffi::c_string(name)?, ffi::raw_bool(output));
        // SAFETY: a live mesh with this label (above).
        unsafe { call!(DMSetLabelOutput(*self.busy()?, name.as_ptr(), output)) }
    }

    /// Returns whether a label is written to a file together with the mesh.
    ///
    /// # Errors
    /// `ARG_WRONG` if the label does not exist.
    #[wraps(DMGetLabelOutput, not_collective)]
    pub fn label_output(&self, name: &str) -> Result<bool> {
        self.label(name)?;
        let name = ffi::c_string(name)?;
        // SAFETY: a live mesh with this label (above).
        unsafe { get!(DMGetLabelOutput(self.as_ptr(), name.as_ptr(), _)) }
    }

    fn create_label(&self, name: &str) -> Result<()> {
        check_own(name)?;
        let name = ffi::c_string(name)?;
        // SAFETY: a live mesh; PETSc copies the name, and leaves a label that is there as it is.
        unsafe { call!(DMCreateLabel(self.as_ptr(), name.as_ptr())) }
    }

    /// Returns the value of a label on a point, or `None`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the point does not exist; `ARG_WRONG` if the label does not exist.
    #[wraps(DMLabelGetValue, DMLabelGetDefaultValue, not_collective)]
    pub fn label_value(&self, name: &str, point: Int) -> Result<Option<Int>> {
        self.check_point(point)?;
        let label = self.label(name)?;
        // SAFETY: a live label.
        let value = unsafe { get_raw!(DMLabelGetValue(label, point, _)) }?;
        Ok((value != none(label)?).then_some(value))
    }

    /// Returns the points of this rank with this value of a label, in ascending order.
    ///
    /// # Errors
    /// `ARG_WRONG` if the label does not exist.
    #[wraps(DMLabelGetStratumIS, not_collective)]
    pub fn points_with_label(&self, name: &str, value: Int) -> Result<Vec<Int>> {
        let label = self.label(name)?;
        // SAFETY: a live label.
        let raw = unsafe { get_raw!(DMLabelGetStratumIS(label, value, _)) }?;
        // SAFETY: NULL or a set of which the reference is ours.
        unsafe { indices(raw) }
    }

    /// Returns the values that a label has on points of this rank, in arbitrary order.
    ///
    /// # Errors
    /// `ARG_WRONG` if the label does not exist.
    #[wraps(DMLabelGetValueIS, not_collective)]
    pub fn label_values(&self, name: &str) -> Result<Vec<Int>> {
        let label = self.label(name)?;
        // SAFETY: a live label.
        let raw = unsafe { get_raw!(DMLabelGetValueIS(label, _)) }?;
        // SAFETY: NULL or a set of which the reference is ours.
        unsafe { indices(raw) }
    }

    /// Sets the value of a label on the boundary of the whole mesh: on its faces, and on the edges
    /// and vertices that bound these faces. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for the labels of PETSc itself; `ARG_WRONGSTATE` on all ranks if the mesh has
    /// only cells and vertices.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::dm::DmPlex;
    /// let mut mesh = DmPlex::box_mesh(comm, [2, 2]).simplex(false).build()?;
    /// mesh.mark_boundary("edge", 7)?;
    /// if comm.rank() == 0 {
    ///     // Eight vertices and eight edges: all but the interior vertex and its four edges.
    ///     assert_eq!(mesh.points_with_label("edge", 7)?.len(), 16);
    /// }
    /// # Ok(()) })
    /// ```
    #[wraps(DMPlexMarkBoundaryFaces)]
    pub fn mark_boundary(&mut self, name: &str, value: Int) -> Result<()> {
        let (points, faces) = (self.points()?, self.faces()?);
        let flat = !points.is_empty() && ffi::size(self.depth()?)? != self.dimension()?;
        let text = "the mesh has no faces between its cells";
        self.refuse_on_any(flat, ErrorCode::ARG_WRONGSTATE, text)?;
        // Not DMPlexMarkBoundaryFaces, which in older releases also marks the faces between ranks.
        let mut cells = vec![0; self.count()?];
        let (me, owners) = (self.rank()?, self.owners()?);
        for face in faces.clone() {
            let own = |cell: &&Int| owners[ffi::index_to_usize(**cell)] == me;
            let beside = self.support(face)?.iter().filter(own).count();
            cells[ffi::index_to_usize(face)] = ffi::petsc_int(beside)?;
        }
        self.sum_over_ranks(&mut cells)?;
        let mut marks = vec![0; self.count()?];
        for face in faces.filter(|&face| cells[ffi::index_to_usize(face)] == 1) {
            for point in self.closure(face)? {
                marks[ffi::index_to_usize(point)] = 1;
            }
        }
        // A vertex of the boundary may be on ranks without any of its boundary faces.
        self.sum_over_ranks(&mut marks)?;
        let marked = |point: &Int| marks[ffi::index_to_usize(*point)] > 0;
        let marked: Vec<Int> = points.filter(marked).collect();
        self.set_label(name, &marked, value)
    }

    fn label(&self, name: &str) -> Result<sys::DMLabel> {
        let text = ffi::c_string(name)?;
        // SAFETY: a live mesh and a NUL-terminated name.
        let label = unsafe { get_raw!(DMGetLabel(self.as_ptr(), text.as_ptr(), _)) }?;
        if label.is_null() {
            let text = format!("the mesh has no label \"{name}\"");
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        Ok(label)
    }
}

/// Refuses the labels of PETSc itself.
fn check_own(name: &str) -> Result<()> {
    if matches!(name, "depth" | "celltype" | "dim") {
        let text = format!("the label \"{name}\" is reserved for PETSc");
        return Err(Error::argument(text));
    }
    Ok(())
}

/// Returns the default value of a label, for points without a value.
fn none(label: sys::DMLabel) -> Result<Int> {
    // SAFETY: a live label of a mesh that the caller borrows.
    unsafe { get_raw!(DMLabelGetDefaultValue(label, _)) }
}

/// # Safety
/// `raw` is NULL or a live set, of which the caller gives up a reference.
unsafe fn indices(raw: sys::IS) -> Result<Vec<Int>> {
    if raw.is_null() {
        return Ok(Vec::new());
    }
    // SAFETY: by contract.
    let set = unsafe { IndexSet::from_raw(raw) };
    let found = set.indices()?.to_vec();
    Ok(found)
}
