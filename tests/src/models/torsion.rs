//! The stress in a long bar under torsion, with elasticity and plasticity: eptorsion1, eptorsion2
//! and eptorsion3.
//!
//! `½‖∇v‖² - C·v` is summed over triangles, two for each cell of the grid. This is a quadratic
//! function `½ vᵀHv - Σ load·v` of the unknowns, where `H` has five entries in each row.

use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;
use petsc_rs::{MatrixRef, Options, Tao, TaoRef, TaoType, VectorRef};

use super::{neighbours, position};

/// A grid on the square cross section of the bar.
#[derive(Clone, Copy, Debug)]
pub struct Torsion {
    /// The number of unknowns along `x`.
    pub mx: Int,
    /// The number of unknowns along `y`.
    pub my: Int,
    /// The angle of twist per length.
    pub twist: Real,
}

impl Torsion {
    /// Creates the problem from `-mx`, `-my` and `-par`.
    ///
    /// # Errors
    /// Options that are not numbers.
    pub fn from_options(options: &Options) -> Result<Self> {
        Ok(Self {
            mx: options.int("-mx")?.unwrap_or(10),
            my: options.int("-my")?.unwrap_or(10),
            twist: options.real("-par")?.unwrap_or(5.0),
        })
    }

    /// Prints the problem.
    ///
    /// # Errors
    /// Errors of printing.
    pub fn announce(self, petsc: &Petsc) -> Result<()> {
        let Self { mx, my, .. } = self;
        petsc.print(format_args!(
            "\n---- Elastic-Plastic Torsion Problem -----\nmx: {mx}     my: {my}   \n\n"
        ))
    }

    fn widths(self) -> (Real, Real) {
        (1.0 / (self.mx + 1) as Real, 1.0 / (self.my + 1) as Real)
    }

    /// Returns the entries in a row of the Hessian.
    pub fn row(self, at: (Int, Int)) -> impl Iterator<Item = ((Int, Int), Real)> {
        let (hx, hy) = self.widths();
        let sides = neighbours(at, [self.mx, self.my, 1], (-hy / hx, -hx / hy));
        sides.chain([(at, 2.0 * (hx / hy + hy / hx))])
    }

    /// Returns the linear part of the function, for each unknown.
    #[must_use]
    pub fn load(self) -> Real {
        let (hx, hy) = self.widths();
        self.twist * hx * hy
    }

    /// Computes an initial guess: the distance from the boundary.
    #[must_use]
    pub fn guess(self, (i, j): (Int, Int)) -> Real {
        let (hx, hy) = self.widths();
        let distance = |i: Int, m: Int, h: Real| (i + 1).min(m - i) as Real * h;
        distance(i, self.mx, hx).min(distance(j, self.my, hy))
    }

    /// Returns the value of the function, computed from its gradient `g` at `x`: the function is
    /// quadratic.
    ///
    /// # Errors
    /// Errors of the vectors.
    pub fn value(self, x: &VectorRef, g: &VectorRef) -> Result<Real> {
        Ok(0.5 * (x.dot(g)?.real() - self.load() * x.sum()?.real()))
    }

    fn points(self) -> impl Iterator<Item = (Int, Int)> {
        (0..self.my).flat_map(move |j| (0..self.mx).map(move |i| (i, j)))
    }

    /// Returns the triangles, forward of a point (`sign` 1) and then backward (-1): the point, its
    /// neighbor along `x`, and its neighbor along `y`.
    fn triangles(self) -> impl Iterator<Item = (Int, [(Int, Int); 3])> {
        let all = |sign: Int, first: Int| {
            let (x, y) = (first..self.mx + first + 1, first..self.my + first + 1);
            let corners = move |(i, j)| (sign, [(i, j), (i + sign, j), (i, j + sign)]);
            y.flat_map(move |j| x.clone().map(move |i| corners((i, j))))
        };
        all(1, -1).chain(all(-1, 0))
    }

    /// Returns the position of a point in a vector that is stored row by row, if it is not on the
    /// boundary.
    fn at(self, (i, j): (Int, Int)) -> Option<usize> {
        let inside = (0..self.mx).contains(&i) && (0..self.my).contains(&j);
        inside.then(|| position((i, j), self.mx))
    }

    /// Adds the contributions of the corners of all triangles to a vector, for given values at the
    /// corners.
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

    /// Computes the function and its gradient.
    fn gradient(self, x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
        let (hx, hy) = self.widths();
        let third = self.twist / 3.0;
        let (mut quadratic, mut linear) = (0.0, 0.0);
        self.sum(x, g, |sign, [v, vx, vy]| {
            let (dx, dy) = ((vx - v) / hx, (vy - v) / hy);
            // The sums have the order of the C program, because the order affects finite-difference
            // derivatives.
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

    /// Computes `y ← Hv`.
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

    /// Creates a `Tao` on one rank with function, gradient and Hessian, and the initial guess. With
    /// `-my_tao_mf`, the Hessian is given by its products with vectors only.
    ///
    /// # Errors
    /// Errors of creation.
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
            let mut h = Matrix::builder(own).local_size(n, n).preallocate(5, 0).build()?;
            h.set_option(MatrixOption::Symmetric, true)?;
            tao.set_hessian(&h, &h, move |_, _, h, _| self.hessian(h))?;
        }
        Ok((tao, x))
    }

    /// Solves with the method in the options. With `-test_lmvm`, a quasi-Newton matrix
    /// preconditions Newton's method; afterwards, the error of a product with this matrix followed
    /// by a solve is printed.
    ///
    /// # Errors
    /// Errors of the `Tao`.
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
            petsc.print(format_args!("error between MatMult and MatSolve: {distance:e}\n"))?;
        }
        Ok(())
    }
}
