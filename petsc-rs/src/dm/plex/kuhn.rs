//! Kuhn triangulation of boxes: each piece is cut along the same diagonal into triangles or
//! tetrahedra.

use crate::error::Result;
use crate::{Int, Real, ffi};

/// Returns the corners of the pieces, with `x` the fastest index.
pub(super) fn vertices<const D: usize>(
    faces: [usize; D],
    ends: impl Fn(usize) -> (Real, Real),
) -> Vec<[Real; D]> {
    let step = |d: usize, i: usize| {
        let (lower, upper) = ends(d);
        let part = i as Real / faces[d] as Real;
        (1.0 - part) * lower + part * upper
    };
    let count = faces.iter().map(|n| n + 1).product();
    let place = |number: usize| {
        let mut rest = number;
        std::array::from_fn(|d| {
            let i = rest % (faces[d] + 1);
            rest /= faces[d] + 1;
            step(d, i)
        })
    };
    (0..count).map(place).collect()
}

/// Returns two triangles for each rectangle, counterclockwise.
pub(super) fn triangles([m, n]: [usize; 2]) -> Result<Vec<[Int; 3]>> {
    let at = |i: usize, j: usize| ffi::petsc_int(i + (m + 1) * j);
    let mut cells = Vec::with_capacity(2 * m * n);
    for j in 0..n {
        for i in 0..m {
            let (a, b) = (at(i, j)?, at(i + 1, j)?);
            let (c, d) = (at(i, j + 1)?, at(i + 1, j + 1)?);
            cells.extend([[a, b, d], [a, d, c]]);
        }
    }
    Ok(cells)
}

/// The six tetrahedra of a cube. Each follows a path along the edges from corner (0, 0, 0) to (1,
/// 1, 1): the order of the axes, and whether it is an even permutation.
const WAYS: [([usize; 3], bool); 6] = [
    ([0, 1, 2], true),
    ([1, 2, 0], true),
    ([2, 0, 1], true),
    ([0, 2, 1], false),
    ([2, 1, 0], false),
    ([1, 0, 2], false),
];

/// Returns six tetrahedra for each cuboid, which share its diagonal.
pub(super) fn tetrahedra([m, n, p]: [usize; 3]) -> Result<Vec<[Int; 4]>> {
    let at = |[i, j, k]: [usize; 3]| ffi::petsc_int(i + (m + 1) * (j + (n + 1) * k));
    let mut cells = Vec::with_capacity(6 * m * n * p);
    for k in 0..p {
        for j in 0..n {
            for i in 0..m {
                for (way, right) in WAYS {
                    let mut corner = [i, j, k];
                    let mut cell = [at(corner)?; 4];
                    for (to, axis) in cell[1..].iter_mut().zip(way) {
                        corner[axis] += 1;
                        *to = at(corner)?;
                    }
                    // PETSc expects the first three corners clockwise, seen from the fourth.
                    if right {
                        cell.swap(1, 2);
                    }
                    cells.push(cell);
                }
            }
        }
    }
    Ok(cells)
}
