//! A minimal surface over a square with prescribed boundary values: minsurf1, minsurf2, plate2, and
//! minsurf1 from `src/tao/complementarity/tutorials`.
//!
//! Each cell of the grid is divided into two triangles. The corners of a triangle are the vertex of
//! its right angle, and the neighbors of this vertex along `x` and along `y`. Both are forward
//! neighbors (`sign` = 1) or backward neighbors (`sign` = -1). The area of the surface over a
//! triangle depends on the slopes between the corners.

use std::ops::Range;

use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, MatrixRef, Options, Random, VectorRef};

use super::{position, total};

/// A point of the grid. Points between 0 and the size are unknowns, the points around them are the
/// boundary.
type Point = (Int, Int);

/// The corners of a triangle, starting at the right angle, in the directions of its sign.
const CORNERS: [Point; 3] = [(0, 0), (1, 0), (0, 1)];

/// The points that share a triangle with a point.
const AROUND: [Point; 7] = [(0, -1), (1, -1), (-1, 0), (0, 0), (1, 0), (-1, 1), (0, 1)];

const ALONG_X: [usize; 2] = [0, 1];
const ALONG_Y: [usize; 2] = [1, 0];

/// The points of a part of the grid, row by row.
fn points(x: Range<Int>, y: Range<Int>) -> impl Iterator<Item = Point> {
    y.flat_map(move |j| x.clone().map(move |i| (i, j)))
}

/// A grid on the square, and the heights at its boundary.
#[derive(Clone, Debug)]
pub struct Surface {
    /// The number of unknowns along `x`.
    pub mx: Int,
    /// The number of unknowns along `y`.
    pub my: Int,
    bottom: Vec<Real>,
    top: Vec<Real>,
    left: Vec<Real>,
    right: Vec<Real>,
}

impl Surface {
    /// Creates a grid of `-mx` by `-my` unknowns; the default of both options is `default`. The
    /// boundary values are those of Enneper's surface.
    ///
    /// # Errors
    /// Options that are not numbers.
    pub fn from_options(options: &Options, default: Int) -> Result<Self> {
        let mx = options.int("-mx")?.unwrap_or(default);
        let my = options.int("-my")?.unwrap_or(default);
        let steps = |m: Int| {
            let h = 1.0 / (m + 1) as Real;
            (0..m + 2).scan(-0.5, move |next, _| Some(std::mem::replace(next, *next + h)))
        };
        let horizontal = |y| steps(mx).map(|x| enneper(x, y)).collect();
        let vertical = |x| steps(my).map(|y| enneper(x, y)).collect();
        Ok(Self {
            mx,
            my,
            bottom: horizontal(-0.5),
            top: horizontal(0.5),
            left: vertical(-0.5),
            right: vertical(0.5),
        })
    }

    /// Multiplies the boundary values by `-bottom`, `-top`, `-right`, `-left`.
    ///
    /// # Errors
    /// Options that are not numbers.
    pub fn scale_edges(&mut self, options: &Options) -> Result<()> {
        let edges = [
            ("-bottom", &mut self.bottom),
            ("-top", &mut self.top),
            ("-right", &mut self.right),
            ("-left", &mut self.left),
        ];
        for (name, edge) in edges {
            let factor = options.real(name)?.unwrap_or(1.0);
            edge.iter_mut().for_each(|height| *height *= factor);
        }
        Ok(())
    }

    /// Returns the number of unknowns.
    ///
    /// # Errors
    /// A negative size.
    pub fn len(&self) -> Result<usize> {
        Ok(usize::try_from(self.mx * self.my)?)
    }

    /// Returns whether there are no unknowns.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.mx * self.my == 0
    }

    /// Returns the unknowns, row by row.
    pub fn points(&self) -> impl Iterator<Item = Point> + use<> {
        points(0..self.mx, 0..self.my)
    }

    /// Returns the numbers of steps along the sides, the inverses of the mesh widths.
    fn steps(&self) -> [Real; 2] {
        [(self.mx + 1) as Real, (self.my + 1) as Real]
    }

    /// Returns the height at a point: `inside` returns it for unknowns.
    fn height(&self, inside: &impl Fn(Point) -> Real, (i, j): Point) -> Real {
        let (x, y) = (position((i + 1, 0), 1), position((j + 1, 0), 1));
        match (i, j) {
            (_, j) if j == self.my => self.top[x],
            (i, _) if i == self.mx => self.right[y],
            (-1, _) => self.left[y],
            (_, -1) => self.bottom[x],
            _ => inside((i, j)),
        }
    }

    /// Returns the differences in height of the triangle with its right angle at a point, along `x`
    /// and along `y`.
    fn differences(&self, inside: &impl Fn(Point) -> Real, (i, j): Point, sign: Int) -> [Real; 2] {
        let here = self.height(inside, (i, j));
        let (x, y) = ((i + sign, j), (i, j + sign));
        [self.height(inside, x) - here, self.height(inside, y) - here]
    }

    /// Returns the area of a triangle divided by that of its projection. The C program adds the
    /// squares of the slopes in one order or the other, which affects finite-difference
    /// derivatives.
    fn stretch(&self, differences: [Real; 2], [first, second]: [usize; 2]) -> Real {
        let steps = self.steps();
        let (p, q) = (differences[first] * steps[first], differences[second] * steps[second]);
        (1.0 + p * p + q * q).sqrt()
    }

    /// The six triangles around a point: right angle, sign, the corner of the point, order of the
    /// slopes.
    fn fan((i, j): Point) -> [(Point, Int, usize, [usize; 2]); 6] {
        [
            ((i - 1, j), 1, 1, ALONG_X),
            ((i, j), -1, 0, ALONG_X),
            ((i, j + 1), -1, 2, ALONG_Y),
            ((i, j), 1, 0, ALONG_Y),
            ((i + 1, j), -1, 1, ALONG_X),
            ((i, j - 1), 1, 2, ALONG_Y),
        ]
    }

    /// Returns the area of the triangles whose right angles lie in a part of the grid, and at the
    /// boundary next to it.
    fn area(&self, inside: &impl Fn(Point) -> Real, x: Range<Int>, y: Range<Int>) -> Real {
        let area = |at, sign, order| self.stretch(self.differences(inside, at, sign), order);
        let mut sum = 0.0;
        for at in points(x.clone(), y.clone()) {
            sum += area(at, -1, ALONG_X) + area(at, 1, ALONG_Y);
        }
        let (left, bottom) = (x.start == 0, y.start == 0);
        let (right, top) = (x.end == self.mx, y.end == self.my);
        let (beyond_x, beyond_y) = (self.mx..self.mx + 1, self.my..self.my + 1);
        let edges = [
            (left, -1..0, y.clone(), 1, ALONG_Y),
            (bottom, x.clone(), -1..0, 1, ALONG_X),
            (right, beyond_x.clone(), y, -1, ALONG_X),
            (top, x, beyond_y.clone(), -1, ALONG_Y),
            (left && bottom, -1..0, -1..0, 1, ALONG_Y),
            (right && top, beyond_x, beyond_y, -1, ALONG_Y),
        ];
        for (_, x, y, sign, order) in edges.into_iter().filter(|edge| edge.0) {
            for at in points(x, y) {
                sum += area(at, sign, order);
            }
        }
        let [rhx, rhy] = self.steps();
        sum * (0.5 * (1.0 / rhx) * (1.0 / rhy))
    }

    /// Returns the derivative of the area with respect to the height of a point.
    fn slope(&self, inside: &impl Fn(Point) -> Real, at: Point) -> Real {
        let [rhx, rhy] = self.steps();
        let (hx, hy) = (1.0 / rhx, 1.0 / rhy);
        let (ydx, xdy) = (hy / hx, hx / hy);
        let triangles = Self::fan(at).map(|(origin, sign, own, order)| {
            let [dx, dy] = self.differences(inside, origin, sign);
            let change = match own {
                0 => -(dx * ydx + dy * xdy),
                1 => dx * ydx,
                _ => dy * xdy,
            };
            change / self.stretch([dx, dy], order)
        });
        triangles.iter().sum::<Real>() / 2.0
    }

    /// Returns the derivatives of [`slope`](Self::slope) with respect to the heights of the
    /// unknowns around.
    fn curvature(
        &self,
        inside: &impl Fn(Point) -> Real,
        (i, j): Point,
    ) -> impl Iterator<Item = (Point, Real)> {
        let [rhx, rhy] = self.steps();
        // The derivatives of the slopes with respect to the heights of the corners.
        let weights = [[-rhx, -rhy], [rhx, 0.0], [0.0, rhy]];
        let mut row = [0.0; AROUND.len()];
        for (origin, sign, own, order) in Self::fan((i, j)) {
            let [dx, dy] = self.differences(inside, origin, sign);
            let ([p, q], [wp, wq]) = ([dx * rhx, dy * rhy], weights[own]);
            let s = self.stretch([dx, dy], order);
            for ((di, dj), [vp, vq]) in CORNERS.into_iter().zip(weights) {
                let at = (origin.0 + sign * di - i, origin.1 + sign * dj - j);
                let bend =
                    (wp * vp + wq * vq) / s - (p * wp + q * wq) * (p * vp + q * vq) / (s * s * s);
                for (entry, around) in row.iter_mut().zip(AROUND) {
                    if around == at {
                        *entry += 0.5 * bend / (rhx * rhy);
                    }
                }
            }
        }
        let (mx, my) = (self.mx, self.my);
        let points = AROUND.into_iter().map(move |(di, dj)| (i + di, j + dj));
        points.zip(row).filter(move |((i, j), _)| (0..mx).contains(i) && (0..my).contains(j))
    }

    /// Returns the boundary heights directly below, above, left and right of a point.
    #[must_use]
    pub fn edges(&self, (i, j): Point) -> [Real; 4] {
        let (x, y) = (position((i + 1, 0), 1), position((j + 1, 0), 1));
        [self.bottom[x], self.top[x], self.left[y], self.right[y]]
    }

    /// Returns an initial guess: the mean of the boundary values, weighted with distances.
    #[must_use]
    pub fn guess(&self, (i, j): Point) -> Real {
        let [bottom, top, left, right] = self.edges((i, j));
        let mean = |at: Int, m: Int, first: Real, last: Real| {
            ((at + 1) as Real * first + (m - at + 1) as Real * last) / (m + 2) as Real
        };
        (mean(j, self.my, bottom, top) + mean(i, self.mx, left, right)) / 2.0
    }
}

/// Functions on one rank, with heights row by row in vectors.
impl Surface {
    /// Sets the [initial guess](Self::guess), or zero with `-start 0`.
    ///
    /// # Errors
    /// Errors of the vector.
    pub fn start(&self, options: &Options, x: &mut VectorRef) -> Result<()> {
        if options.int("-start")? == Some(0) {
            return x.set_zero();
        }
        let mut x = x.array_mut()?;
        for at in self.points() {
            x[position(at, self.mx)] = Scalar::from_real(self.guess(at));
        }
        Ok(())
    }

    /// Computes the area and its gradient.
    ///
    /// # Errors
    /// Errors of the vectors.
    pub fn gradient(&self, x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
        let (x, mut g) = (x.array()?, g.array_mut()?);
        let inside = |at| x[position(at, self.mx)].real();
        for at in self.points() {
            g[position(at, self.mx)] = Scalar::from_real(self.slope(&inside, at));
        }
        Ok(self.area(&inside, 0..self.mx, 0..self.my))
    }

    /// Computes the second derivatives.
    ///
    /// # Errors
    /// Errors of the matrix.
    pub fn hessian(&self, x: &VectorRef, h: &mut MatrixRef) -> Result<()> {
        let x = x.array()?;
        let inside = |at| x[position(at, self.mx)].real();
        let row = |(i, j): Point| j * self.mx + i;
        for at in self.points() {
            let (columns, values): (Vec<Int>, Vec<Scalar>) = self
                .curvature(&inside, at)
                .map(|(other, value)| (row(other), Scalar::from_real(value)))
                .unzip();
            h.set_values(&[row(at)], &columns, &values, InsertMode::Insert)?;
        }
        h.assemble()
    }
}

/// Functions on several ranks, with heights on a DMDA with ghost points in a box.
impl Surface {
    /// Sets the initial guess to the heights that `guess` returns. If `random` is positive, sets it
    /// to random numbers between -0.5 and 0.5 instead: the vector is drawn `random` times, and the
    /// last draw is used.
    ///
    /// # Errors
    /// Errors of the vector.
    pub fn start_on(
        grid: &DmdaRef,
        random: Int,
        guess: impl Fn(Point) -> Real,
        x: &mut VectorRef,
    ) -> Result<()> {
        if random > 0 {
            let mut numbers = Random::new(&grid.comm()?)?;
            for _ in 0..random {
                x.set_random(&mut numbers)?;
            }
            return x.shift(Scalar::from_real(-0.5));
        }
        let mut x = grid.array_mut(x)?;
        for at in grid.corners()?.points() {
            x[at] = Scalar::from_real(guess(at));
        }
        Ok(())
    }

    /// Computes the area and its gradient.
    ///
    /// # Errors
    /// Errors of the DMDA.
    pub fn gradient_on(&self, grid: &DmdaRef, x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
        let local = grid.ghosted(x)?;
        let (x, mut g) = (grid.array(&local)?, grid.array_mut(g)?);
        let inside = |at| x[at].real();
        let own = grid.corners()?;
        for at in own.points() {
            g[at] = Scalar::from_real(self.slope(&inside, at));
        }
        let area = self.area(&inside, own.x(), own.y());
        Ok(total(&grid.comm()?, area))
    }

    /// Computes the second derivatives.
    ///
    /// # Errors
    /// Errors of the DMDA and the matrix.
    pub fn hessian_on(&self, grid: &DmdaRef, x: &VectorRef, h: &mut MatrixRef) -> Result<()> {
        let local = grid.ghosted(x)?;
        let x = grid.array(&local)?;
        let inside = |at| x[at].real();
        let mut rows = grid.stencil_assembler(h, InsertMode::Insert)?;
        for at in grid.corners()?.points() {
            rows.row(at, self.curvature(&inside, at))?;
        }
        rows.finish()
    }
}

/// Returns the height of Enneper's surface, whose parameters are computed with Newton's method.
fn enneper(x: Real, y: Real) -> Real {
    let (mut u, mut v) = (x, -y);
    for _ in 0..5 {
        let f = u + u * v * v - u * u * u / 3.0 - x;
        let g = -v - u * u * v + v * v * v / 3.0 - y;
        if (f * f + g * g).sqrt() <= 1e-10 {
            break;
        }
        let (fu, fv, gu, gv) =
            (1.0 + v * v - u * u, 2.0 * u * v, -2.0 * u * v, -1.0 - u * u + v * v);
        let determinant = fu * gv - gu * fv;
        u -= (gv * f - fv * g) / determinant;
        v -= (fu * g - gu * f) / determinant;
    }
    u * u - v * v
}
