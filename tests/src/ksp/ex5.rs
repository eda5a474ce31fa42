//! Port of PETSc's `src/ksp/ksp/tutorials/ex5.c`: two systems with one solver and two log stages.
//! The second matrix replaces the first.

use petsc_rs::Random;
use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;

/// Adds one row of the five-point stencil on `m` by `n` points.
fn add_row(c: &mut Matrix, row: Int, (m, n): (Int, Int), centre: Real) -> Result<()> {
    let (i, j) = (row / n, row % n);
    let beside = [(i > 0, row - n), (i < m - 1, row + n), (j > 0, row - 1), (j < n - 1, row + 1)];
    for (_, column) in beside.into_iter().filter(|(inside, _)| *inside) {
        c.set_value(row, column, Scalar::from_real(-1.0), InsertMode::Add)?;
    }
    c.set_value(row, row, Scalar::from_real(centre), InsertMode::Add)
}

/// Adds entries that make the matrix unsymmetric.
fn add_nonsymmetric(c: &mut Matrix, n: Int) -> Result<()> {
    for row in c.ownership_range()? {
        if row / n > 1 {
            c.set_value(row, row - n - 1, Scalar::from_real(-1.5), InsertMode::Add)?;
        }
    }
    Ok(())
}

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options, log) = (petsc.world(), petsc.options(), petsc.log());
    let m = options.int("-m")?.unwrap_or(3);
    let rank = Int::from(i16::try_from(world.rank())?);
    let size = Int::from(i16::try_from(world.size())?);
    let grid = (m, 2 * size);
    let points = m * 2 * size;
    let nonsymmetric = options.bool("-mat_nonsym")?.unwrap_or(false);
    let scaled = options.bool("-test_scaledMat")?.unwrap_or(false);
    let report = |norm: Real, limit: Real, iterations: usize| {
        if scaled && norm <= limit {
            return Ok(());
        }
        petsc.print(format_args!(
            "Relative norm of the residual {norm:e}, Iterations {iterations}\n"
        ))
    };

    let mut ksp = Ksp::new(world)?;
    let (mut c, mut u, mut x, mut b) = log.stage("Original Solve")?.record(|| {
        let mut c = Matrix::builder(world).global_size(points, points).build()?;
        for row in c.ownership_range()? {
            add_row(&mut c, row, grid, 4.0)?;
        }
        if nonsymmetric {
            add_nonsymmetric(&mut c, grid.1)?;
        } else {
            c.set_option(MatrixOption::Symmetric, true)?;
            c.set_option(MatrixOption::SymmetryEternal, true)?;
        }
        c.assemble()?;
        let (mut u, mut b) = c.vectors()?;
        let mut x = u.duplicate()?;
        for (k, index) in (0..).zip(u.ownership_range()?) {
            let value = Scalar::from_real((k + 100 * rank) as Real);
            u.set_value(index, value, InsertMode::Insert)?;
        }
        u.assemble()?;
        c.mult(&u, &mut b)?;
        ksp.set_operators(&c, &c)?;
        ksp.set_from_options()?;
        ksp.set_up()?;
        let _ = ksp.solve_unchecked(&b, &mut x)?;
        x.axpy(Scalar::from_real(-1.0), &u)?;
        let relative = x.norm(Norm::Two)? / b.norm(Norm::Two)?;
        report(relative, 1e-5, ksp.iterations()?)?;
        Ok((c, u, x, b))
    })?;
    let first_norm = b.norm(Norm::Two)?;

    log.stage("Second Solve")?.record(|| {
        c.zero_entries()?;
        for i in 0..m {
            for j in 2 * rank..2 * rank + 2 {
                add_row(&mut c, j + grid.1 * i, grid, 6.0)?;
            }
        }
        if nonsymmetric {
            add_nonsymmetric(&mut c, grid.1)?;
        }
        c.assemble()?;
        if scaled {
            let small = Scalar::from_real(6.0 * 0.000_01);
            if rank == 0 {
                c.set_value(0, 0, small, InsertMode::Insert)?;
            } else if rank == size - 1 {
                c.set_value(points - 1, points - 1, small, InsertMode::Insert)?;
            }
            c.assemble()?;
            let mut random = Random::new(world)?;
            random.set_from_options()?;
            u.set_random(&mut random)?;
        }
        if options.bool("-test_newMat")?.unwrap_or(false) {
            c = c.duplicate_with_values()?;
        }
        c.mult(&u, &mut b)?;
        ksp.set_operators(&c, &c)?;
        ksp.set_up()?;
        let _ = ksp.solve_unchecked(&b, &mut x)?;
        x.axpy(Scalar::from_real(-1.0), &u)?;
        report(x.norm(Norm::Two)? / first_norm, 1e-10, ksp.iterations()?)
    })
}
