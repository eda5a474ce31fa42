//! Checks of nested states. An integrator keeps its work vectors from the first setup until a
//! reset, and C does not compare the type of the work vectors with the type of a new state.

use super::TsRef;
use crate::error::{Error, ErrorCode, Result};
use crate::vector::{Vector, VectorRef};

crate::attached! {
    const LIKE: Like = c"petsc-rs.ts.work-vectors";
}

/// Structure of the work vectors.
enum Like {
    Unknown,
    Plain,
    Nested(Vector),
}

impl TsRef {
    /// Called before a setup, which creates work vectors like the state, and before calls that use
    /// these vectors. `None` if C creates the state.
    ///
    /// # Errors
    /// `ARG_NOTSAMETYPE` if the work vectors are nested and the state is not, or vice versa; the
    /// errors of `check_same_kind` if both are nested.
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
                let text = "the work vectors of the integrator are nested and this state is not, or vice versa: \
                            call reset first";
                Err(Error::new(ErrorCode::ARG_NOTSAMETYPE, text))
            }
        };
        if LIKE.with(self, compare)? == Some(true) {
            return Ok(());
        }
        self.note_like(nested.map_or(Like::Plain, Like::Nested))
    }

    /// Called after a reset, which frees the work vectors.
    pub(super) fn forget_nested(&self) -> Result<()> {
        self.note_like(Like::Unknown)
    }

    fn note_like(&self, like: Like) -> Result<()> {
        LIKE.set(self, like).map(drop)
    }
}
