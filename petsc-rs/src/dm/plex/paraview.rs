//! Checks whether a mesh or vector can be written to a file for ParaView.

use super::DmPlexRef;
use crate::dm::DmRef;
use crate::error::{ErrorCode, Result};
use crate::object::Object;
use crate::{get_raw, sys};

/// Refuses a mesh, or a vector of a mesh, that cannot be written to a file for ParaView.
/// Collective.
pub(crate) fn check<O: Object + ?Sized>(object: &O) -> Result<()> {
    let class = object.class_name()?;
    let dm = match &*class {
        "DM" => object.object_ptr().cast(),
        // SAFETY: a live vector, by its class.
        "Vec" => unsafe { get_raw!(VecGetDM(object.object_ptr().cast(), _)) }?,
        _ => return Ok(()),
    };
    if dm.is_null() {
        return Ok(());
    }
    // SAFETY: the DM itself, or that of a live vector, which holds a reference to it.
    let grid = unsafe { DmRef::from_ptr(dm) };
    if !grid.is_kind(c"plex")? {
        return Ok(());
    }
    // PETSc reads the coordinates without checking that they exist.
    grid.check_coordinates()?;
    if class == "Vec" {
        return grid.as_plex()?.check_even();
    }
    Ok(())
}

impl DmPlexRef {
    /// Viewers for ParaView assume that all vertices, and all cells, have the same number of
    /// unknowns, and read these numbers on rank 0. Collective.
    fn check_even(&self) -> Result<()> {
        let Some(layout) = self.layout()? else {
            return Ok(());
        };
        let mut wrong = self.rank()? == 0 && self.points()?.is_empty();
        for stratum in [self.vertices()?, self.cells()?] {
            for field in 0..layout.fields()? {
                let (mut least, mut most) = (usize::MAX, 0);
                for point in stratum.clone() {
                    let count = layout.field_range(point, field)?.len();
                    (least, most) = (least.min(count), most.max(count));
                }
                let [least, most] = self.extremes(least, most)?;
                wrong |= least < most;
            }
        }
        let text = "a file for ParaView needs cells on rank 0, the same number of unknowns on all vertices, and the same on all cells";
        self.refuse_on_any(wrong, ErrorCode::SUP, text)
    }
}
