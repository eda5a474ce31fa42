//! Element types that PETSc reads from Gmsh files.

/// An element type of Gmsh: its dimension, its order, and how many of its nodes are corners.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Element {
    pub(super) dim: usize,
    pub(super) order: usize,
    pub(super) corners: usize,
    pub(super) nodes: usize,
}

/// A shape: dimension, corners, number of nodes for each order, and the type numbers of order 1, 2,
/// ….
struct Shape(usize, usize, fn(usize) -> usize, &'static [i64]);

const SHAPES: [Shape; 7] = [
    Shape(1, 2, |p| p + 1, &[1, 8, 26, 27, 28, 62, 63, 64, 65, 66]),
    Shape(2, 3, |p| (p + 1) * (p + 2) / 2, &[2, 9, 21, 23, 25, 42, 43, 44, 45, 46]),
    Shape(2, 4, |p| (p + 1) * (p + 1), &[3, 10, 36, 37, 38, 47, 48, 49, 50, 51]),
    Shape(3, 4, |p| (p + 1) * (p + 2) * (p + 3) / 6, &[4, 11, 29, 30, 31, 71, 72, 73, 74, 75]),
    Shape(3, 8, |p| (p + 1) * (p + 1) * (p + 1), &[5, 12, 92, 93, 94, 95, 96, 97, 98]),
    Shape(3, 6, |p| (p + 1) * (p + 1) * (p + 2) / 2, &[6, 13, 90, 91, 106, 107, 108, 109, 110]),
    Shape(
        3,
        5,
        |p| (p + 1) * (p + 2) * (2 * p + 3) / 6,
        &[7, 14, 118, 119, 120, 121, 122, 123, 124],
    ),
];

impl Element {
    pub(super) fn of_type(number: i64) -> Option<Self> {
        let element = |dim, order, corners, nodes| Self { dim, order, corners, nodes };
        match number {
            15 => return Some(element(0, 0, 1, 1)),
            // Serendipity elements: no nodes inside faces and cells.
            16 => return Some(element(2, 2, 4, 8)),
            17 => return Some(element(3, 2, 8, 20)),
            _ => {}
        }
        SHAPES.iter().find_map(|Shape(dim, corners, nodes, types)| {
            let order = 1 + types.iter().position(|t| *t == number)?;
            Some(element(*dim, order, *corners, nodes(order)))
        })
    }
}
