//! A minimal surface over a square with prescribed boundary values: minsurf1, minsurf2, plate2, and
//! minsurf1 of complementarity.
//!
//! Each cell of the grid is divided into two triangles. A triangle has a corner with a right angle,
//! and its neighbors along `x` and along `y`, both forward (`sign` 1) or both backward (`sign` -1).
//! Its area depends on the slopes between them.

use std::ops::Range;

use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, MatrixRef, Options, Random, VectorRef};

use super::{position, total};

/// A point of the grid. Those between 0 and the size are unknown, those around them are the edge.
type Point = (Int, Int);

/// The corners of a triangle, from the one with the right angle, in directions of its sign.
const CORNERS: [Point; 3] = [(0, 0), (1, 0), (0, 1)];

/// The points that share a triangle with a point.
const AROUND: [Point; 7] = [(0, -1), (1, -1), (-1, 0), (0, 0), (1, 0), (-1, 1), (0, 1)];

const ALONG_X: [usize; 2] = [0, 1];
const ALONG_Y: [usize; 2] = [1, 0];

/// The points of a part of the grid, row by row.
fn points(x: Range<Int>, y: Range<Int>) -> impl Iterator<Item = Point> {
    y.flat_map(move |j| x.clone().map(move |i| (i, j)))
}

/// A grid on the square, and the heights at its edges.
#[derive(Clone, Debug)]
pub struct Surface {
    /// Number of unknown points along `x`.
    pub mx: Int,
    /// Number of unknown points along `y`.
    pub my: Int,
    bottom: Vec<Real>,
    top: Vec<Real>,
    left: Vec<Real>,
    right: Vec<Real>,
}

impl Surface {
    /// A grid of `-mx` by `-my` unknowns, or `default` along a side. At the edges lies Enneper's surface.
    ///
    /// # Errors
    /// Options that are no numbers.
    pub fn from_options(options: &Options, default: Int) -> Result<Self> {
        let mx = options.int("-mx")?.unwrap_or(default);
        let my = options.int("-my")?.unwrap_or(default);
        let steps = |m: Int| {
            let h = 1.0 / (m + 1) as Real;
            (0..m + 2).scan(-0.5, move |next, _| {
                Some(std::mem::replace(next, *next + h))
            })
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

    /// Multiplies the heights of edges by `-bottom`, `-top`, `-right`, `-left`.
    ///
    /// # Errors
    /// Options that are no numbers.
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

    /// The number of unknowns.
    ///
    /// # Errors
    /// A negative size.
    pub fn len(&self) -> Result<usize> {
        Ok(usize::try_from(self.mx * self.my)?)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.mx * self.my == 0
    }

    /// The unknown points, row by row.
    pub fn points(&self) -> impl Iterator<Item = Point> + use<> {
        points(0..self.mx, 0..self.my)
    }

    /// Numbers of steps along the sides, the inverses of the mesh widths.
    fn steps(&self) -> [Real; 2] {
        [(self.mx + 1) as Real, (self.my + 1) as Real]
    }

    /// The height at an edge, which `inside` knows elsewhere.
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

    /// The differences of height of the triangle with its right angle at a point, along `x` and along `y`.
    fn differences(&self, inside: &impl Fn(Point) -> Real, (i, j): Point, sign: Int) -> [Real; 2] {
        let here = self.height(inside, (i, j));
        let (x, y) = ((i + sign, j), (i, j + sign));
        [self.height(inside, x) - here, self.height(inside, y) - here]
    }

    /// The area of a triangle over that of its shadow. Upstream adds the square of one slope or the other first, which
    /// shows where derivatives are taken by differences.
    fn stretch(&self, differences: [Real; 2], [first, second]: [usize; 2]) -> Real {
        let steps = self.steps();
        let (p, q) = (
            differences[first] * steps[first],
            differences[second] * steps[second],
        );
        (1.0 + p * p + q * q).sqrt()
    }

    /// The six triangles around a point: right angle, sign, which of the corners the point is, order of the slopes.
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

    /// The area of the triangles whose right angles lie in a part of the grid, and at the edges next to it.
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

    /// The derivative of the area by the height of a point.
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

    /// The derivatives of [`slope`](Self::slope) by the heights of the unknown points around.
    fn curvature(
        &self,
        inside: &impl Fn(Point) -> Real,
        (i, j): Point,
    ) -> impl Iterator<Item = (Point, Real)> {
        let [rhx, rhy] = self.steps();
        // The derivatives of the slopes by the heights of the corners.
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
        points
            .zip(row)
            .filter(move |((i, j), _)| (0..mx).contains(i) && (0..my).contains(j))
    }

    /// The heights of the edges straight below, above, left and right of a point.
    #[must_use]
    pub fn edges(&self, (i, j): Point) -> [Real; 4] {
        let (x, y) = (position((i + 1, 0), 1), position((j + 1, 0), 1));
        [self.bottom[x], self.top[x], self.left[y], self.right[y]]
    }

    /// A first guess: the mean of the edges, weighted by distances.
    #[must_use]
    pub fn guess(&self, (i, j): Point) -> Real {
        let [bottom, top, left, right] = self.edges((i, j));
        let mean = |at: Int, m: Int, first: Real, last: Real| {
            ((at + 1) as Real * first + (m - at + 1) as Real * last) / (m + 2) as Real
        };
        (mean(j, self.my, bottom, top) + mean(i, self.mx, left, right)) / 2.0
    }
}

/// On one rank, heights row by row in plain vectors.
impl Surface {
    /// Sets the [first guess](Self::guess), or what `-start 0` says.
    ///
    /// # Errors
    /// What the vector returns.
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

    /// The area and its gradient.
    ///
    /// # Errors
    /// What the vectors return.
    pub fn gradient(&self, x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
        let (x, mut g) = (x.array()?, g.array_mut()?);
        let inside = |at| x[position(at, self.mx)].real();
        for at in self.points() {
            g[position(at, self.mx)] = Scalar::from_real(self.slope(&inside, at));
        }
        Ok(self.area(&inside, 0..self.mx, 0..self.my))
    }

    /// The second derivatives.
    ///
    /// # Errors
    /// What the matrix returns.
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

/// On several ranks, heights on a grid with ghost points in a box.
impl Surface {
    /// Sets a first guess, or numbers between -0.5 and 0.5 that were drawn `random` times.
    ///
    /// # Errors
    /// What the vector returns.
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

    /// The area and its gradient.
    ///
    /// # Errors
    /// What the grid returns.
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

    /// The second derivatives.
    ///
    /// # Errors
    /// What grid and matrix return.
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

/// The height of Enneper's surface, whose parameters Newton's method finds.
fn enneper(x: Real, y: Real) -> Real {
    let (mut u, mut v) = (x, -y);
    for _ in 0..5 {
        let f = u + u * v * v - u * u * u / 3.0 - x;
        let g = -v - u * u * v + v * v * v / 3.0 - y;
        if (f * f + g * g).sqrt() <= 1e-10 {
            break;
        }
        let (fu, fv, gu, gv) = (
            1.0 + v * v - u * u,
            2.0 * u * v,
            -2.0 * u * v,
            -1.0 - u * u + v * v,
        );
        let determinant = fu * gv - gu * fv;
        u -= (gv * f - fv * g) / determinant;
        v -= (fu * g - gu * f) / determinant;
    }
    u * u - v * v
}
