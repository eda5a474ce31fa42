//! Events.
use super::TsRef;
use crate::error::Result;
impl TsRef {
    pub(super) fn has_events(&self) -> Result<bool> { Ok(false) }
    pub(super) fn saves_trajectory(&self) -> Result<bool> { Ok(false) }
}
