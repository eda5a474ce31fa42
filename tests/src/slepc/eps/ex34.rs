//! Port of SLEPc's `src/eps/tutorials/ex34.c`: a nonlinear eigenvector problem, `-∇·(|∇u|·∇u) =
//! k·|u|·u` on the unit square with `u = 0` on the boundary, solved with nonlinear inverse
//! iteration.
//!
//! The C program uses a `DMPlex` with bilinear elements on eight by eight squares. This port uses a
//! `DMDA` with nine by nine points, whose matrices are the same except for the ordering of the
//! points.

use std::rc::Rc;

use petsc_rs::dm::{ElementType, Elements, StencilType};
use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;
use petsc_rs::{MatrixRef, VectorRef, snes};
use slepc_rs::prelude::*;

use crate::models::square::Square;

/// The number of squares along a side.
const CELLS: usize = 8;

/// The DMDA, its elements, and the boundary points that this rank owns.
struct Problem {
    grid: Dmda,
    elements: Elements,
    edge: Vec<(Int, Int)>,
}

/// A quadrature point in a square of side 1: values and derivatives of the four functions of the
/// corners (0, 0), (1, 0), (1, 1), (0, 1). Each of the four points has the weight one quarter.
struct Point {
    value: [Real; 4],
    slope: [[Real; 4]; 2],
}

fn points() -> impl Iterator<Item = Point> {
    let place = [0.5 - 0.5 / (3.0 as Real).sqrt(), 0.5 + 0.5 / (3.0 as Real).sqrt()];
    place.into_iter().flat_map(move |y| place.into_iter().map(move |x| (x, y))).map(|(x, y)| {
        let (a, b) = (1.0 - x, 1.0 - y);
        Point { value: [a * b, x * b, x * y, a * y], slope: [[-b, b, y, -y], [-a, -x, x, a]] }
    })
}

fn combine(u: &[Scalar; 4], weights: &[Real; 4]) -> Scalar {
    u.iter().zip(weights).map(|(u, w)| *u * *w).sum()
}

/// The side of a square.
const H: Real = 1.0 / CELLS as Real;

/// Returns `∫ |∇u|·∇u·∇φ` for the functions of the corners; one factor of the side of a square
/// remains.
fn stiffness(u: &[Scalar; 4]) -> [Scalar; 4] {
    let mut sum = [Scalar::from_real(0.0); 4];
    for point in points() {
        let [dx, dy] = point.slope.each_ref().map(|slope| combine(u, slope));
        let size = (dx * dx + dy * dy).sqrt();
        for (i, sum) in sum.iter_mut().enumerate() {
            *sum += size * (dx * point.slope[0][i] + dy * point.slope[1][i]) * (0.25 / H);
        }
    }
    sum
}

/// Returns `∫ |u|·u·φ`.
fn mass(u: &[Scalar; 4]) -> [Scalar; 4] {
    let mut sum = [Scalar::from_real(0.0); 4];
    for point in points() {
        let u = combine(u, &point.value);
        for (sum, value) in sum.iter_mut().zip(point.value) {
            *sum += u * (u.modulus() * value * 0.25 * H * H);
        }
    }
    sum
}

impl Problem {
    fn new(world: &Comm) -> Result<Self> {
        let builder = Dmda::builder(world).sizes([CELLS + 1, CELLS + 1]);
        let mut grid = builder.stencil(StencilType::Box, 1).from_options().build()?;
        let elements = grid.elements(ElementType::Q1)?;
        let square = Square::of(&grid)?;
        let edge = grid.corners()?.points().filter(|&at| square.edge(at)).collect();
        Ok(Self { grid, elements, edge })
    }

    /// Adds the contributions of all elements.
    fn sum(
        &self,
        x: &VectorRef,
        y: &mut VectorRef,
        part: fn(&[Scalar; 4]) -> [Scalar; 4],
    ) -> Result<()> {
        let (u, mut sum) = (self.grid.ghosted(x)?, self.grid.local_vector()?);
        sum.set(Scalar::from_real(0.0))?;
        let (u, mut values) = (u.array()?, sum.array_mut()?);
        for corners in &self.elements {
            let local = std::array::from_fn(|i| u[corners[i]]);
            for (&corner, part) in corners.iter().zip(part(&local)) {
                values[corner] += part;
            }
        }
        drop(values);
        y.set(Scalar::from_real(0.0))?;
        self.grid.local_to_global(&sum, InsertMode::Add, y)
    }

    /// Computes `y ← A(x)·x`; on the boundary, `y` is `x`.
    fn left(&self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        self.sum(x, y, stiffness)?;
        let (x, mut y) = (self.grid.array(x)?, self.grid.array_mut(y)?);
        self.edge.iter().for_each(|&at| y[at] = x[at]);
        Ok(())
    }

    /// Computes `y ← B(x)·x`; on the boundary, `y` is zero.
    fn right(&self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        self.sum(x, y, mass)?;
        let mut y = self.grid.array_mut(y)?;
        self.edge.iter().for_each(|&at| y[at] = Scalar::from_real(0.0));
        Ok(())
    }

    /// Creates the matrix of the Laplace equation, which replaces the derivative of the left-hand
    /// side.
    fn jacobian(&self, a: &mut MatrixRef, p: &mut MatrixRef) -> Result<()> {
        p.set_option(MatrixOption::KeepNonzeroPattern, true)?;
        p.zero_entries()?;
        let mut element = [Scalar::from_real(0.0); 16];
        for Point { slope: [dx, dy], .. } in points() {
            for (place, entry) in element.iter_mut().enumerate() {
                let (i, j) = (place / 4, place % 4);
                *entry += Scalar::from_real(0.25 * (dx[i] * dx[j] + dy[i] * dy[j]));
            }
        }
        for corners in &self.elements {
            let corners =
                corners.iter().map(|&c| Int::try_from(c)).collect::<Result<Vec<_>, _>>()?;
            p.set_values_local(&corners, &corners, &element, InsertMode::Add)?;
        }
        p.assemble()?;
        self.grid.zero_rows(p, &self.edge, Scalar::from_real(1.0), None)?;
        a.assemble()
    }
}

/// Runs the port.
///
/// # Errors
/// Errors of the solves.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let problem = Rc::new(Problem::new(world)?);
    let p = problem.grid.create_matrix()?;
    // The matrices determine the distribution of vectors. Products with shell matrices, which the
    // closures compute, are not needed here.
    let shell = options.bool("-use_shell_matrix")?.unwrap_or(false);
    let (a, b) = if shell {
        let rows = p.local_size()?.0;
        let (one, other) = (Rc::clone(&problem), Rc::clone(&problem));
        let a = Matrix::shell(world, rows, rows, move |x, y| one.left(x, y)).build()?;
        (a, Matrix::shell(world, rows, rows, move |x, y| other.right(x, y)).build()?)
    } else {
        (p.duplicate()?, p.duplicate()?)
    };

    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, Some(&b))?;
    eps.set_problem_type(EpsProblemType::GeneralizedNonHermitian)?;
    eps.set_type(EpsType::POWER)?;
    eps.set_power_nonlinear(true)?;
    let (one, other) = (Rc::clone(&problem), Rc::clone(&problem));
    if options.bool("-form_function_ab")?.unwrap_or(false) {
        let both = Rc::clone(&problem);
        eps.set_power_functions(
            move |_, x, y| one.left(x, y),
            move |_, x, y, z| {
                both.left(x, y)?;
                both.right(x, z)
            },
        )?;
    } else {
        eps.set_power_function(move |_, x, y| one.left(x, y))?;
    }
    eps.set_power_function_b(move |_, x, y| other.right(x, y))?;
    let inner = Rc::clone(&problem);
    eps.set_power_jacobian(move |_, _, a, p| inner.jacobian(a, p))?;
    #[cfg(petsc_ge_3_20)]
    {
        let sign = options.bool("-sign_normalization")?.unwrap_or(true);
        eps.set_power_sign_normalization(sign)?;
        if options.bool("-use_custom_norm")?.unwrap_or(false) {
            eps.set_power_norm(|_, bx| bx.norm(Norm::Two))?;
        }
    }
    eps.power_snes()?.set_dm(&problem.grid)?;
    eps.set_from_options()?;
    if shell {
        eps.st()?.set_preconditioner_matrix(Some(&p))?;
    }
    let _ = eps.solve_unchecked()?;

    if eps.converged()? > 0 && options.bool("-test_init_sol")?.unwrap_or(false) {
        let vector = eps.eigenpairs()?.next().ok_or("no pair")??.vector()?;
        eps.set_initial_space(&[vector.main()])?;
        // The initial guess is the solution, so no iteration is needed if the solver receives it
        // unchanged.
        let mut snes = eps.power_snes()?;
        let norm = snes.function_norm()?;
        snes.set_tolerances(snes::Tolerances {
            atol: (1.2 * norm).into(),
            ..snes::Tolerances::default()
        })?;
        let _ = eps.solve_unchecked()?;
        let steps = eps.power_snes()?.iterations()?;
        if steps > 0 {
            petsc.print(format_args!(" Number of Newton iterations {steps} should be zero \n"))?;
        }
    }
    let kind = eps.type_name()?.unwrap_or_default();
    let how = match (eps.power_nonlinear()?, eps.power_update()?) {
        (true, true) => " (nonlinear with monolithic update)",
        (true, false) => " (nonlinear)",
        _ => "",
    };
    petsc.print(format_args!(" Solution method: {kind}{how}\n\n"))?;
    let nev = eps.dimensions()?.nev;
    petsc.print(format_args!(" Number of requested eigenvalues: {nev}\n"))?;
    if eps.converged()? == 0 {
        return petsc.print(format_args!("Solver did not converge\n"));
    }
    let pair = eps.eigenpairs()?.next().ok_or("no pair")??;
    let (k, vector) = (pair.value().re, pair.vector()?);
    let (mut x, mut y) = (a.vectors()?.0, a.vectors()?.0);
    problem.left(vector.main(), &mut x)?;
    problem.right(vector.main(), &mut y)?;
    x.axpy(Scalar::from_real(-k), &y)?;
    let error = x.norm(Norm::Two)? / (y.norm(Norm::Two)? * k.abs());
    if error < 10.0 * eps.tolerances()?.tolerance.unwrap_or(0.0) {
        petsc.print(format_args!("k: {k:.4}, relative error below tol\n"))
    } else {
        petsc.print(format_args!("k: {k:.4}, relative error: {error}\n"))
    }
}
