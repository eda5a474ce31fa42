//! Port of PETSc's `src/tao/bound/tutorials/jbearing2.c`: the pressure in a journal bearing, which
//! minimizes a quadratic function of nonnegative variables.

use std::f64::consts::PI;
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::tao::ConvergedReason;
use petsc_rs::{DmdaRef, KspType, MatrixRef, Tao, TaoType, VectorRef};

/// A grid on the unrolled bearing.
#[derive(Clone, Copy)]
struct Bearing {
    nx: Int,
    ny: Int,
    eccentricity: Real,
    height: Real,
}

impl Bearing {
    fn widths(self) -> (Real, Real) {
        let (nx, ny) = (self.nx as Real, self.ny as Real);
        (2.0 * PI / (nx + 1.0), 2.0 * self.height / (ny + 1.0))
    }

    /// Returns the third power of the gap at an angle.
    fn gap(self, angle: Real) -> Real {
        let gap = 1.0 + self.eccentricity * angle.cos();
        gap * gap * gap
    }

    /// Returns a row of the quadratic part of the function.
    fn row(self, (i, j): (Int, Int)) -> impl Iterator<Item = ((Int, Int), Real)> {
        let (hx, hy) = self.widths();
        let angle = (i + 1) as Real * hx;
        let (here, right, left) = (self.gap(angle), self.gap(angle + hx), self.gap(angle - hx));
        // The integral over a triangle with two corners at the first angle.
        let triangle = |twice: Real, once: Real| hx * hy * (twice + once + twice) / 6.0;
        let (to_right, to_left) = (triangle(here, right), triangle(here, left));
        let third = |twice: Real| hx * hy * (here + twice + twice) / 6.0;
        let (from_right, from_left) = (third(right), third(left));
        let (xx, yy) = (1.0 / (hx * hx), 1.0 / (hy * hy));
        let vertical = -yy * (to_right + to_left);
        let across = [-xx * (to_left + from_left), -xx * (to_right + from_right)];
        let middle = xx * (to_right + to_left + from_right + from_left)
            + yy * (to_right + to_left + to_right + to_left);
        let entries = [
            ((i, j - 1), vertical),
            ((i - 1, j), across[0]),
            ((i, j), middle),
            ((i + 1, j), across[1]),
            ((i, j + 1), vertical),
        ];
        let inside =
            move |(i, j): (Int, Int)| (0..self.nx).contains(&i) && (0..self.ny).contains(&j);
        entries.into_iter().filter(move |(at, _)| inside(*at))
    }

    /// Returns the linear part.
    fn linear(self, grid: &DmdaRef) -> Result<Vector> {
        let (hx, hy) = self.widths();
        let mut b = grid.create_global_vector()?;
        {
            let mut b = grid.array_mut(&mut b)?;
            for (i, j) in grid.corners()?.points() {
                let angle = (i + 1) as Real * hx;
                b[(i, j)] = Scalar::from_real(-self.eccentricity * hx * hy * angle.sin());
            }
        }
        Ok(b)
    }

    fn gradient(
        self,
        grid: &DmdaRef,
        b: &VectorRef,
        x: &VectorRef,
        g: &mut VectorRef,
    ) -> Result<Real> {
        {
            let local = grid.ghosted(x)?;
            let (x, mut g) = (grid.array(&local)?, grid.array_mut(g)?);
            for at in grid.corners()?.points() {
                let products = self.row(at).map(|(other, a)| a * x[other].real());
                g[at] = Scalar::from_real(products.sum());
            }
        }
        let value = x.dot(g)?.real() / 2.0 + b.dot(x)?.real();
        g.axpy(Scalar::from_real(1.0), b)?;
        Ok(value)
    }

    fn hessian(self, grid: &DmdaRef, a: &mut MatrixRef) -> Result<()> {
        let mut rows = grid.stencil_assembler(a, InsertMode::Insert)?;
        for at in grid.corners()?.points() {
            rows.row(at, self.row(at))?;
        }
        rows.finish()
    }
}

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (options, world) = (petsc.options(), petsc.world());
    let bearing = Bearing {
        nx: options.int("-mx")?.unwrap_or(50),
        ny: options.int("-my")?.unwrap_or(50),
        eccentricity: options.real("-ecc")?.unwrap_or(0.1),
        height: options.real("-b")?.unwrap_or(10.0),
    };
    let Bearing { nx, ny, eccentricity: ecc, .. } = bearing;
    petsc.print(format_args!(
        "\n---- Journal Bearing Problem SHB-----\nmx: {nx},  my: {ny},  ecc: {ecc} \n\n"
    ))?;
    let grid = Dmda::builder(world)
        .sizes([usize::try_from(nx)?, usize::try_from(ny)?])
        .from_options()
        .build()?;
    let mut x = grid.create_global_vector()?;
    let b = bearing.linear(&grid)?;
    let mut a = grid.create_matrix()?;
    if options.bool("-test_getdiagonal")?.unwrap_or(false) {
        a.forget_diagonal()?;
    }

    let grid = Rc::new(grid);
    let mut tao = Tao::new(world)?;
    tao.set_type(TaoType::BLMVM)?;
    let on = Rc::clone(&grid);
    tao.set_objective_and_gradient(move |_, x, g| bearing.gradient(&on, &b, x, g))?;
    tao.set_hessian(&a, &a, move |_, _, a, _| bearing.hessian(&grid, a))?;
    tao.set_variable_bounds(0.0, 1000.0)?;
    if let Some(mut ksp) = tao.ksp()? {
        ksp.set_type(KspType::CG)?;
    }
    if options.has("-testmonitor")? {
        let comm = world.duplicate()?;
        tao.add_monitor(move |tao| {
            let status = tao.status()?;
            if status.iterations % 5 != 0 {
                return Ok(());
            }
            let (its, f) = (status.iterations, status.objective);
            comm.print(format_args!("iteration={its}\tf={f}\n"))
        })?;
    }
    if options.has("-testconvergence")? {
        tao.set_convergence_test(|tao| {
            let status = tao.status()?;
            Ok(if status.iterations == 100 {
                ConvergedReason::IterationLimit
            } else {
                status.reason
            })
        })?;
    }
    tao.set_from_options()?;
    let _ = tao.solve_unchecked(&mut x)?;
    Ok(())
}
