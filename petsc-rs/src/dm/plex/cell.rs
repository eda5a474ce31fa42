//! Types of cells.

use crate::c_enum::c_enum;
use crate::sys;

c_enum! {
    /// Type of a point of a mesh: the shape of a cell.
    #[doc(alias = "DMPolytopeType")]
    CellType of DMPolytopeType;
    /// A vertex.
    Point = DM_POLYTOPE_POINT,
    /// An edge.
    Segment = DM_POLYTOPE_SEGMENT,
    /// An edge across a layer of cohesive cells.
    PointPrismTensor = DM_POLYTOPE_POINT_PRISM_TENSOR,
    /// A triangle.
    Triangle = DM_POLYTOPE_TRIANGLE,
    /// A quadrilateral.
    Quadrilateral = DM_POLYTOPE_QUADRILATERAL,
    /// A quadrilateral across a layer of cohesive cells: tensor product of two edges.
    SegPrismTensor = DM_POLYTOPE_SEG_PRISM_TENSOR,
    /// A tetrahedron.
    Tetrahedron = DM_POLYTOPE_TETRAHEDRON,
    /// A hexahedron.
    Hexahedron = DM_POLYTOPE_HEXAHEDRON,
    /// A prism over a triangle.
    TriPrism = DM_POLYTOPE_TRI_PRISM,
    /// A prism across a layer of cohesive cells: tensor product of a triangle and an edge.
    TriPrismTensor = DM_POLYTOPE_TRI_PRISM_TENSOR,
    /// A hexahedron across a layer of cohesive cells: tensor product of a quadrilateral and an
    /// edge.
    QuadPrismTensor = DM_POLYTOPE_QUAD_PRISM_TENSOR,
    /// A pyramid over a quadrilateral.
    Pyramid = DM_POLYTOPE_PYRAMID,
    /// A ghost cell outside the boundary, for finite volumes.
    FvGhost = DM_POLYTOPE_FV_GHOST,
    /// A ghost cell of another rank, for finite volumes.
    InteriorGhost = DM_POLYTOPE_INTERIOR_GHOST,
    /// Unknown type.
    Unknown = DM_POLYTOPE_UNKNOWN,
}

impl CellType {
    /// Returns the number of dimensions, or `None` for a type without a shape.
    #[must_use]
    pub fn dimension(self) -> Option<usize> {
        Some(match self {
            Self::Point => 0,
            Self::Segment | Self::PointPrismTensor => 1,
            Self::Triangle | Self::Quadrilateral | Self::SegPrismTensor => 2,
            Self::Tetrahedron
            | Self::Hexahedron
            | Self::TriPrism
            | Self::TriPrismTensor
            | Self::QuadPrismTensor
            | Self::Pyramid => 3,
            Self::FvGhost | Self::InteriorGhost | Self::Unknown => return None,
        })
    }

    /// Returns the number of corners, or `None` for a type without a shape.
    #[must_use]
    pub fn corners(self) -> Option<usize> {
        Some(match self {
            Self::Point => 1,
            Self::Segment | Self::PointPrismTensor => 2,
            Self::Triangle => 3,
            Self::Quadrilateral | Self::SegPrismTensor | Self::Tetrahedron => 4,
            Self::Pyramid => 5,
            Self::TriPrism | Self::TriPrismTensor => 6,
            Self::Hexahedron | Self::QuadPrismTensor => 8,
            Self::FvGhost | Self::InteriorGhost | Self::Unknown => return None,
        })
    }
}
