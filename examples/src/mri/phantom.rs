//! The Shepp-Logan phantom, and coils around it.

use std::f64::consts::TAU;

use num_complex::Complex64;

/// Value, half axes, center and angle in degrees of the ellipses of the modified Shepp-Logan
/// phantom.
const ELLIPSES: [(f64, f64, f64, f64, f64, f64); 10] = [
    (1.0, 0.69, 0.92, 0.0, 0.0, 0.0),
    (-0.8, 0.6624, 0.874, 0.0, -0.0184, 0.0),
    (-0.2, 0.11, 0.31, 0.22, 0.0, -18.0),
    (-0.2, 0.16, 0.41, -0.22, 0.0, 18.0),
    (0.1, 0.21, 0.25, 0.0, 0.35, 0.0),
    (0.1, 0.046, 0.046, 0.0, 0.1, 0.0),
    (0.1, 0.046, 0.046, 0.0, -0.1, 0.0),
    (0.1, 0.046, 0.023, -0.08, -0.605, 0.0),
    (0.1, 0.023, 0.023, 0.0, -0.606, 0.0),
    (0.1, 0.023, 0.046, 0.06, -0.605, 0.0),
];

/// Returns the center of a pixel in `[-1, 1]²`: `x` to the right, `y` upward, the first row at the
/// top.
fn place(row: usize, column: usize, [ny, nx]: [usize; 2]) -> (f64, f64) {
    let middle = |i: usize, n: usize| (2.0 * i as f64 + 1.0 - n as f64) / n as f64;
    (middle(column, nx), -middle(row, ny))
}

/// Returns the value of the phantom at a pixel. `height` is the height of the slice: 0 at the
/// center of the head, and 1 at its top.
#[must_use]
pub fn phantom(row: usize, column: usize, shape: [usize; 2], height: f64) -> f64 {
    let (x, y) = place(row, column, shape);
    let shrink = (1.0 - height * height).sqrt();
    let (x, y) = (x / shrink, y / shrink);
    let inside = |&(value, a, b, x0, y0, degrees): &(f64, f64, f64, f64, f64, f64)| {
        let (s, c) = degrees.to_radians().sin_cos();
        let (u, v) = ((x - x0) * c + (y - y0) * s, (y - y0) * c - (x - x0) * s);
        let inside = (u / a) * (u / a) + (v / b) * (v / b) <= 1.0;
        if inside { value } else { 0.0 }
    };
    ELLIPSES.iter().map(inside).sum()
}

/// Returns the sensitivity of coil `number` of `coils`, on a circle around the head, at a pixel.
#[must_use]
pub fn coil(
    number: usize,
    coils: usize,
    row: usize,
    column: usize,
    shape: [usize; 2],
) -> Complex64 {
    let (x, y) = place(row, column, shape);
    let angle = TAU * number as f64 / coils as f64;
    let (s, c) = angle.sin_cos();
    let (dx, dy) = (x - 1.2 * c, y - 1.2 * s);
    let phase = angle + 0.8 * (x * c + y * s);
    Complex64::from_polar((-(dx * dx + dy * dy) / 1.28).exp(), phase)
}

#[cfg(test)]
mod tests {
    use super::{coil, phantom};

    #[test]
    fn the_head_has_its_parts() {
        let at = |row, column| phantom(row, column, [101, 101], 0.0);
        // Exterior, bone, tissue, and the dark ventricle on the left, which is the wider one.
        assert_eq!((at(0, 0), at(5, 50)), (0.0, 1.0));
        assert!((at(80, 30) - 0.2).abs() < 1e-12, "{}", at(80, 30));
        assert!(at(50, 39).abs() < 1e-12 && at(50, 61).abs() < 1e-12);
        // A higher slice is smaller.
        assert_eq!(phantom(5, 50, [101, 101], 0.6), 0.0);
    }

    #[test]
    fn a_coil_is_most_sensitive_nearby() {
        let near = coil(0, 4, 50, 100, [101, 101]).norm();
        assert!(near > 5.0 * coil(2, 4, 50, 100, [101, 101]).norm());
    }
}
