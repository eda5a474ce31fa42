//! The stress in a long bar under torsion, with elasticity and plasticity: eptorsion1, eptorsion2
//! and eptorsion3.
//!
//! `½‖∇v‖² - C·v` is summed over triangles, two for each cell of the grid. This is a quadratic
//! function `½ vᵀHv - Σ load·v` of the unknowns, where `H` has five entries in each row.

use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;
use petsc_rs::{MatrixRef, Options, Tao, TaoRef, TaoType, VectorRef};

use super::{neighbours, position};

/// A grid on the cross section of the bar, which is a square.
#[derive(Clone, Copy, Debug)]
pub struct Torsion {
    /// Number of unknown points along `x`.
    pub mx: Int,
    /// Number of unknown points along `y`.
    pub my: Int,
    /// Angle of the twist per length.
    pub twist: Real,
}

impl Torsion {
    /// As `-mx`, `-my` and `-par` say.
    ///
    /// # Errors
    /// Options that are no numbers.
    pub fn from_options(options: &Options) -> Result<Self> {
        Ok(Self {
            mx: options.int("-mx")?.unwrap_or(10),
            my: options.int("-my")?.unwrap_or(10),
            twist: options.real("-par")?.unwrap_or(5.0),
        })
    }

    /// Prints what is solved.
    ///
    /// # Errors
    /// What printing returns.
    pub fn announce(self, petsc: &Petsc) -> Result<()> {
        let Self { mx, my, .. } = self;
        petsc.print(format_args!(
            "\n---- Elastic-Plastic Torsion Problem -----\nmx: {mx}     my: {my}   \n\n"
        ))
    }

    fn widths(self) -> (Real, Real) {
        (1.0 / (self.mx + 1) as Real, 1.0 / (self.my + 1) as Real)
    }

    /// The entries of a row of the Hessian.
    pub fn row(self, at: (Int, Int)) -> impl Iterator<Item = ((Int, Int), Real)> {
        let (hx, hy) = self.widths();
        let sides = neighbours(at, [self.mx, self.my, 1], (-hy / hx, -hx / hy));
        sides.chain([(at, 2.0 * (hx / hy + hy / hx))])
    }

    /// The linear part of the function, for each unknown.
    #[must_use]
    pub fn load(self) -> Real {
        let (hx, hy) = self.widths();
        self.twist * hx * hy
    }

    /// A first guess: the distance from the edge.
    #[must_use]
    pub fn guess(self, (i, j): (Int, Int)) -> Real {
        let (hx, hy) = self.widths();
        let distance = |i: Int, m: Int, h: Real| (i + 1).min(m - i) as Real * h;
        distance(i, self.mx, hx).min(distance(j, self.my, hy))
    }

    /// The value of the function, of which `g` is the gradient at `x`: both are of second degree.
    ///
    /// # Errors
    /// What the vectors return.
    pub fn value(self, x: &VectorRef, g: &VectorRef) -> Result<Real> {
        Ok(0.5 * (x.dot(g)?.real() - self.load() * x.sum()?.real()))
    }

    fn points(self) -> impl Iterator<Item = (Int, Int)> {
        (0..self.my).flat_map(move |j| (0..self.mx).map(move |i| (i, j)))
    }

    /// The triangles, forward of a point (`sign` 1) and then backward (-1): the point, its neighbour along `x`, and
    /// along `y`.
    fn triangles(self) -> impl Iterator<Item = (Int, [(Int, Int); 3])> {
        let all = |sign: Int, first: Int| {
            let (x, y) = (first..self.mx + first + 1, first..self.my + first + 1);
            let corners = move |(i, j)| (sign, [(i, j), (i + sign, j), (i, j + sign)]);
            y.flat_map(move |j| x.clone().map(move |i| corners((i, j))))
        };
        all(1, -1).chain(all(-1, 0))
    }

    /// Where a point lies in a vector that holds the plane row by row, if it is not at the edge.
    fn at(self, (i, j): (Int, Int)) -> Option<usize> {
        let inside = (0..self.mx).contains(&i) && (0..self.my).contains(&j);
        inside.then(|| position((i, j), self.mx))
    }

    /// Adds up over the triangles what their corners contribute to a vector, given the values there.
    fn sum(
        self,
        v: &VectorRef,
        y: &mut VectorRef,
        mut part: impl FnMut(Int, [Real; 3]) -> [Real; 3],
    ) -> Result<()> {
        let (hx, hy) = self.widths();
        y.set_zero()?;
        {
            let (v, mut y) = (v.array()?, y.array_mut()?);
            for (sign, corners) in self.triangles() {
                let corners = corners.map(|at| self.at(at));
                let parts = part(sign, corners.map(|at| at.map_or(0.0, |k| v[k].real())));
                for (at, part) in corners.into_iter().zip(parts) {
                    if let Some(k) = at {
                        y[k] += Scalar::from_real(part);
                    }
                }
            }
        }
        y.scale(Scalar::from_real(0.5 * hx * hy))
    }

    /// The function and its gradient.
    fn gradient(self, x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
        let (hx, hy) = self.widths();
        let third = self.twist / 3.0;
        let (mut quadratic, mut linear) = (0.0, 0.0);
        self.sum(x, g, |sign, [v, vx, vy]| {
            let (dx, dy) = ((vx - v) / hx, (vy - v) / hy);
            // Upstream's order of sums, which shows where derivatives are taken by differences.
            if sign == 1 {
                quadratic += dx * dx + dy * dy;
                linear -= third * (v + vx + vy);
            } else {
                quadratic = quadratic + dx * dx + dy * dy;
                linear -= third * (vy + vx + v);
            }
            [-dx / hx - dy / hy - third, dx / hx - third, dy / hy - third]
        })?;
        Ok(0.5 * hx * hy * (0.5 * quadratic + linear))
    }

    /// `y ← Hv`.
    fn product(self, v: &VectorRef, y: &mut VectorRef) -> Result<()> {
        let (hx, hy) = self.widths();
        let (xx, yy) = (1.0 / (hx * hx), 1.0 / (hy * hy));
        self.sum(v, y, |_, [v, vx, vy]| {
            let (dx, dy) = (xx * (vx - v), yy * (vy - v));
            [-dx - dy, dx, dy]
        })
    }

    fn hessian(self, h: &mut MatrixRef) -> Result<()> {
        let row = |(i, j): (Int, Int)| j * self.mx + i;
        for at in self.points() {
            for (other, value) in self.row(at) {
                let value = Scalar::from_real(value);
                h.set_value(row(at), row(other), value, InsertMode::Insert)?;
            }
        }
        h.assemble()
    }

    /// An optimiser on one rank with function, gradient, Hessian (by its products alone with `-my_tao_mf`), and the
    /// first guess.
    ///
    /// # Errors
    /// What creation returns.
    pub fn optimiser(self, petsc: &Petsc) -> Result<(Tao, Vector)> {
        let own = petsc.self_comm();
        let n = usize::try_from(self.mx * self.my)?;
        let mut x = Vector::seq(own, n)?;
        {
            let mut x = x.array_mut()?;
            for at in self.points() {
                x[position(at, self.mx)] = Scalar::from_real(self.guess(at));
            }
        }
        let mut tao = Tao::new(own)?;
        tao.set_type(TaoType::LMVM)?;
        tao.set_objective_and_gradient(move |_, x, g| self.gradient(x, g))?;
        if petsc.options().has("-my_tao_mf")? {
            tao.set_hessian_product(&x, move |_, v, y| self.product(v, y))?;
        } else {
            let mut h = Matrix::builder(own)
                .local_size(n, n)
                .preallocate(5, 0)
                .build()?;
            h.set_option(MatrixOption::Symmetric, true)?;
            tao.set_hessian(&h, &h, move |_, _, h, _| self.hessian(h))?;
        }
        Ok((tao, x))
    }

    /// Solves as the options say. With `-test_lmvm`, Newton's method is preconditioned by a quasi-Newton matrix, of
    /// which the product and the inverse are compared afterwards.
    ///
    /// # Errors
    /// What the optimiser returns.
    pub fn solve(petsc: &Petsc, tao: &mut TaoRef, x: &mut VectorRef) -> Result<()> {
        let options = petsc.options();
        let test_lmvm = options.bool("-test_lmvm")?.unwrap_or(false);
        if test_lmvm {
            options.set("-tao_type", "bntr")?;
            options.set("-tao_bnk_pc_type", "lmvm")?;
        }
        tao.set_from_options()?;
        let _ = tao.solve_unchecked(x)?;
        if let (true, Some(ksp)) = (test_lmvm, tao.ksp()?) {
            let pc = ksp.pc()?;
            let m = pc.lmvm_matrix()?;
            let (mut fives, mut there, mut back) = (x.duplicate()?, x.duplicate()?, x.duplicate()?);
            fives.set(Scalar::from_real(5.0))?;
            m.mult(&fives, &mut there)?;
            m.lmvm_solve(&there, &mut back)?;
            let distance = back.error_norm(&fives, Norm::Two)?;
            petsc.print(format_args!(
                "error between MatMult and MatSolve: {distance:e}\n"
            ))?;
        }
        Ok(())
    }
}
