//! Gathers whole vectors on one rank or on all ranks.

use super::Scatter;
use crate::Scalar;
use crate::comm;
use crate::error::Result;
use crate::object::Object as _;
use crate::vector::VectorRef;

impl VectorRef {
    /// Returns all entries on rank 0, and `None` on other ranks. Collective.
    ///
    /// # Errors
    /// See [`Scatter::to_zero`].
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt, Vector};
    /// let x = Vector::from_fn(comm, 3, |i| Ok(Scalar::from_real(i as f64)))?;
    /// if let Some(all) = x.gather_to_zero()? {
    ///     assert_eq!(all[2].real(), 2.0);
    /// }
    /// # Ok(()) })
    /// ```
    pub fn gather_to_zero(&self) -> Result<Option<Vec<Scalar>>> {
        let (scatter, mut all) = Scatter::to_zero(self)?;
        scatter.forward(self, &mut all)?;
        if comm::rank_in_object(self.object_ptr())? == 0 {
            Ok(Some(all.array()?.to_vec()))
        } else {
            Ok(None)
        }
    }

    /// Returns all entries on every rank. Collective.
    ///
    /// # Errors
    /// See [`Scatter::to_all`].
    pub fn gather_to_all(&self) -> Result<Vec<Scalar>> {
        let (scatter, mut all) = Scatter::to_all(self)?;
        scatter.forward(self, &mut all)?;
        Ok(all.array()?.to_vec())
    }
}
