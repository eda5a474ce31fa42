//! Port of PETSc's `src/ksp/ksp/tutorials/ex29.c`: diffusion with a discontinuous conductivity on a
//! square with Dirichlet or Neumann conditions, solved with multigrid.

use petsc_rs::matrix::NullSpace;
use petsc_rs::prelude::*;
use petsc_rs::{KspRef, MatrixRef, VectorRef};

use crate::models;

#[derive(Clone, Copy)]
struct Model {
    rho: Real,
    nu: Real,
    insulated: bool,
}

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let grid = Dmda::builder(world)
        .sizes([3, 3])
        .uniform_coordinates([(0.0, 1.0), (0.0, 1.0)])
        .field_names(["Pressure"])
        .from_options()
        .build()?;
    let model = Model {
        rho: options.real("-rho")?.unwrap_or(1.0),
        nu: options.real("-nu")?.unwrap_or(0.1),
        insulated: options.elist("-bc_type", &["dirichlet", "neumann"])? == Some(1),
    };
    let test_solver = options.bool("-testsolver")?.unwrap_or(false);
    let mut ksp = Ksp::new(world)?;
    ksp.set_dm(&grid)?;
    ksp.set_compute_rhs(move |ksp, b| {
        let grid = ksp.dm()?.into_dmda()?;
        let [nx, ny, _] = models::sizes(&grid)?;
        let (hx, hy) = (1.0 / (nx - 1) as Real, 1.0 / (ny - 1) as Real);
        let bell = |x: Real| (-x * x / model.nu).exp();
        let mut values = grid.array_mut(b)?;
        for (i, j) in grid.corners()?.points() {
            let f = bell(i as Real * hx) * bell(j as Real * hy) * hx * hy;
            values[(i, j)] = Scalar::from_real(f);
        }
        drop(values);
        if model.insulated {
            models::remove_constants(b)?;
        }
        Ok(())
    })?;
    ksp.set_compute_operators(move |ksp, a, p| operators(ksp, a, p, model))?;
    ksp.set_from_options()?;
    ksp.set_up()?;
    let _ = ksp.solve_in_place_unchecked()?;
    if test_solver {
        let (Some(x), Some(b)) = (ksp.solution()?, ksp.rhs()?) else {
            return Ok(());
        };
        let (mut x, b) = (copy(&x)?, copy(&b)?);
        ksp.set_dm_active(false)?;
        let _ = ksp.solve_unchecked(&b, &mut x)?;
        petsc.log().stage("Solve only")?.record(|| {
            for _ in 0..20 {
                let _ = ksp.solve_unchecked(&b, &mut x)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn operators(ksp: &KspRef, a: &mut MatrixRef, p: &mut MatrixRef, model: Model) -> Result<()> {
    let grid = ksp.dm()?.into_dmda()?;
    let sizes @ [nx, ny, _] = models::sizes(&grid)?;
    let (hx, hy) = (1.0 / (nx - 1) as Real, 1.0 / (ny - 1) as Real);
    let (x, y) = (hy / hx, hx / hy);
    let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
    for at @ (i, j) in grid.corners()?.points() {
        let rho = conductivity(at, sizes, model.rho);
        let edge = i == 0 || j == 0 || i == nx - 1 || j == ny - 1;
        if edge && !model.insulated {
            rows.set(at, at, 2.0 * rho * (y + x))?;
            continue;
        }
        let around = || models::neighbours(at, sizes, (-rho * x, -rho * y));
        let centre = if edge {
            -around().map(|(_, weight)| weight).sum::<Real>()
        } else {
            2.0 * rho * (y + x)
        };
        rows.row(at, around().chain([(at, centre)]))?;
    }
    rows.finish()?;
    p.view_from_options("-view_mat")?;
    if model.insulated {
        let constants = NullSpace::new(&ksp.comm()?, true, &[])?;
        a.set_null_space(Some(&constants))?;
    }
    Ok(())
}

/// Returns `centre` in the central ninth of the square, and 1 around it.
fn conductivity((i, j): (Int, Int), [nx, ny, _]: [Int; 3], centre: Real) -> Real {
    let inside = |i: Int, n: Int| {
        let (i, n) = (i as Real, n as Real);
        i > n / 3.0 && i < 2.0 * n / 3.0
    };
    if inside(i, nx) && inside(j, ny) { centre } else { 1.0 }
}

fn copy(x: &VectorRef) -> Result<Vector> {
    let mut y = x.duplicate()?;
    y.copy_from(x)?;
    Ok(y)
}
