//! Finite elements: the cells between grid points.

use std::slice::ChunksExact;

use petsc_macros::{getter, wraps};

use super::DmdaRef;
use crate::c_enum::c_enum;
use crate::error::{Error, Result};
use crate::{call, ffi, get_raw, sys};

c_enum! {
    /// Type of the elements.
    #[doc(alias = "DMDAElementType")]
    ElementType of DMDAElementType;
    /// Simplices: two triangles in each cell, or six tetrahedra.
    #[doc(alias = "DMDA_ELEMENT_P1")]
    P1 = DMDA_ELEMENT_P1,
    /// Quadrilaterals or hexahedra: the cells themselves.
    #[doc(alias = "DMDA_ELEMENT_Q1")]
    Q1 = DMDA_ELEMENT_Q1,
}

/// The elements of this rank. See [`DmdaRef::elements`].
///
/// Each element lists the positions of its nodes in local vectors. A position counts points, not
/// unknowns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elements {
    nodes: Vec<usize>,
    per_element: usize,
}

impl DmdaRef {
    /// Returns the type of the elements. [`elements`](Self::elements) sets this type.
    #[getter(DMDAGetElementType)]
    pub fn element_type() -> ElementType;

    /// Returns the number of cells between grid points that this rank assembles in each direction,
    /// 0 in unused dimensions.
    #[getter(DMDAGetElementsSizes)]
    pub fn element_sizes() -> (usize, usize, usize);

    /// Returns the elements that this rank assembles. Logically collective.
    ///
    /// Each element of the grid belongs to one rank, so each contribution to a global vector is
    /// added once. Requires a box stencil.
    ///
    /// # Errors
    /// `SUP` for a star stencil or a stencil of width 0.
    ///
    /// # Examples
    /// The area of a grid of 5 × 3 points, computed from the corners of the elements:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, InsertMode, Scalar, ScalarExt, dm::{ElementType, StencilType}};
    /// let mut grid = Dmda::builder(comm)
    ///     .sizes([5, 3])
    ///     .stencil(StencilType::Box, 1)
    ///     .build()?;
    /// let elements = grid.elements(ElementType::P1)?;
    /// let mut local = grid.create_local_vector()?;
    /// let mut values = local.array_mut()?;
    /// for triangle in &elements {
    ///     for &node in triangle {
    ///         values[node] += Scalar::from_real(0.5 / 3.0);
    ///     }
    /// }
    /// drop(values);
    /// let mut area = grid.create_global_vector()?;
    /// grid.local_to_global(&local, InsertMode::Add, &mut area)?;
    /// assert!((area.sum()?.real() - 8.0).abs() < 1e-12);
    /// # Ok(()) })
    /// ```
    #[wraps(DMDASetElementType, DMDAGetElements, DMDARestoreElements)]
    pub fn elements(&mut self, kind: ElementType) -> Result<Elements> {
        // SAFETY: a live DMDA.
        unsafe { call!(DMDASetElementType(*self.busy()?, kind.to_raw())) }?;
        // SAFETY: a live DMDA.
        let (mut count, mut per_element, mut list) =
            unsafe { get_raw!(DMDAGetElements(self.as_ptr(), _, _, _)) }?;
        let per_element_ = ffi::size(per_element)?;
        let len = ffi::size(count)? * per_element_;
        // SAFETY: as many indices, which the grid keeps.
        let nodes = unsafe { ffi::slice(list, len) };
        let nodes = nodes.iter().map(|&n| ffi::size(n)).collect::<Result<_>>();
        // SAFETY: the matching call for what the grid lent.
        unsafe {
            call!(DMDARestoreElements(
                self.as_ptr(),
                &raw mut count,
                &raw mut per_element,
                &raw mut list
            ))
        }?;
        if per_element_ == 0 {
            return Err(Error::argument("the DMDA has no elements"));
        }
        Ok(Elements { nodes: nodes?, per_element: per_element_ })
    }
}

impl Elements {
    /// Returns the number of elements of this rank.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len() / self.per_element
    }

    /// Returns whether this rank has no elements.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Returns the number of nodes of an element.
    #[must_use]
    pub fn nodes_per_element(&self) -> usize {
        self.per_element
    }

    /// Returns an iterator over the elements; each item is the list of nodes of one element.
    pub fn iter(&self) -> ChunksExact<'_, usize> {
        self.nodes.chunks_exact(self.per_element)
    }
}

impl<'a> IntoIterator for &'a Elements {
    type Item = &'a [usize];
    type IntoIter = ChunksExact<'a, usize>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
