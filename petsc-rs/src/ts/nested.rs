//! Nested states: work vectors stay as they were at the first setup, until a reset, and C does not compare their types with that of the state.

use std::ffi::CStr;

use super::{TsRef, hooks};
use crate::callback;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object;
use crate::vector::{Vector, VectorRef};

const LIKE: &CStr = c"petsc-rs.ts.work-vectors";

/// What the work vectors are like.
enum Like {
    Unknown,
    Plain,
    Nested(Vector),
}

impl TsRef {
    /// Before a setup, which makes work vectors like the state, and all that works with them. `None`: C makes the state.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` if there are work vectors of a nested state and this one is not, or the reverse; as
    /// `check_same_kind` if both are nested.
    pub(super) fn check_nested(&self, u: Option<&VectorRef>) -> Result<()> {
        let mut nested = None;
        if let Some(u) = u {
            if u.is_nest()? {
                // SAFETY: a live vector.
                nested = Some(unsafe { Vector::retain(u.as_ptr()) }?);
            }
        }
        let compare = |before: &mut Like| match (before, &nested) {
            (Like::Unknown, _) => Ok(false),
            (Like::Plain, None) => Ok(true),
            (Like::Nested(before), Some(now)) => before.check_same_kind(now).map(|()| true),
            _ => {
                let text = "the integrator worked with a nested state and this one is not, or the reverse: reset it \
                            first";
                Err(Error::new(ErrorCode::ARG_NOTSAMETYPE, text))
            }
        };
        // SAFETY: under this name lie values of this type.
        if unsafe { hooks::held(self, LIKE, compare) }?.transpose()? == Some(true) {
            return Ok(());
        }
        self.note_like(nested.map_or(Like::Plain, Like::Nested))
    }

    /// After a reset, which frees the work vectors.
    pub(super) fn forget_nested(&self) -> Result<()> {
        self.note_like(Like::Unknown)
    }

    fn note_like(&self, like: Like) -> Result<()> {
        // SAFETY: a live object.
        unsafe { callback::compose(self.object_ptr(), LIKE, like) }?;
        Ok(())
    }
}
