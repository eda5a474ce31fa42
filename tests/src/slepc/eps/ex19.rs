//! Port of SLEPc's `src/eps/tutorials/ex19.c`: the Laplacian in three dimensions on a DMDA.

use std::f64::consts::PI;
use std::time::Instant;

use petsc_rs::prelude::*;
use petsc_rs::{Dmda, DmdaRef, Random};
use slepc_rs::eps::{ErrorType, Tolerances};
use slepc_rs::prelude::*;

use crate::models;
use crate::models::eigen::{report, requested, stopping};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    petsc.print(format_args!("\n3-D Laplacian Eigenproblem\n\n"))?;
    let terse = petsc.options().has("-terse")?;
    let grid = Dmda::builder(world).sizes([10, 10, 10]).from_options().build()?;
    let info = grid.info()?;
    let [m, n, p] = info.processes;
    petsc.print(format_args!(" Grid partitioning: {m} {n} {p}\n"))?;
    let a = laplacian(&grid)?;
    // `-seed` is the number of random vectors that are drawn; the last one is the initial guess.
    let seed = petsc.options().int("-seed")?.unwrap_or(1);
    let mut guess = a.vectors()?.0;
    let mut random = Random::new(world)?;
    random.set_from_options()?;
    for _ in 0..seed {
        guess.set_random(&mut random)?;
    }
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    eps.set_which(EpsWhich::SmallestReal)?;
    eps.set_tolerances(Tolerances { tolerance: 1e-8.into(), ..Tolerances::default() })?;
    eps.set_initial_space(&[&guess])?;
    eps.set_from_options()?;
    let start = Instant::now();
    eps.set_up()?;
    let set_up = Instant::now();
    let _ = eps.solve_unchecked()?;
    let end = Instant::now();
    if terse {
        report(petsc, &eps)?;
    } else {
        let its = eps.iterations()?;
        petsc.print(format_args!(" Number of iterations of the method: {its}\n"))?;
        requested(petsc, &eps)?;
        stopping(petsc, eps.tolerances()?)?;
        table(petsc, &eps, info.sizes)?;
    }
    if petsc.options().has("-showtimes")? {
        let (first, second) = ((set_up - start).as_secs_f64(), (end - set_up).as_secs_f64());
        petsc.print(format_args!(" Elapsed time: {first} (setup), {second} (solve)\n"))?;
    }
    Ok(())
}

/// Sets the seven-point stencil with zero boundary values.
fn laplacian(grid: &DmdaRef) -> Result<Matrix> {
    let [x, y, z] = models::sizes(grid)?.map(|n| 0..n);
    let mut a = grid.create_matrix()?;
    let mut rows = grid.stencil_assembler(&mut a, InsertMode::Insert)?;
    for at @ (i, j, k) in grid.corners()?.points3() {
        let around = [
            (i, j, k - 1),
            (i, j - 1, k),
            (i - 1, j, k),
            (i + 1, j, k),
            (i, j + 1, k),
            (i, j, k + 1),
        ];
        let inside = |(i, j, k): &(Int, Int, Int)| x.contains(i) && y.contains(j) && z.contains(k);
        let beside = around.into_iter().filter(inside).map(|at| (at, -1.0));
        rows.row(at, beside.chain([(at, 6.0)]))?;
    }
    rows.finish()?;
    Ok(a)
}

fn table(petsc: &Petsc, eps: &Eps, sizes: [usize; 3]) -> Result<()> {
    let n = eps.converged()?;
    petsc.print(format_args!(" Number of converged approximate eigenpairs: {n}\n\n"))?;
    petsc.print(format_args!(
        "           k          ||Ax-kx||/||kx||   Eigenvalue Error \n   ----------------- ------------------ ------------------\n"
    ))?;
    for (pair, exact) in eps.eigenpairs()?.zip(exact(sizes, n)) {
        let pair = pair?;
        let (value, error) = (pair.value().re, pair.error(ErrorType::Relative)?);
        let off = (value - exact).abs();
        petsc.print(format_args!("   {value:12.6}       {error:12.4e}        {off:12.4e}\n"))?;
    }
    petsc.print(format_args!("\n"))
}

/// Returns the `n` smallest `4·(sin²(i·π/2(M+1)) + …)`.
fn exact(sizes: [usize; 3], n: usize) -> Vec<f64> {
    let sine = |size: usize, i: usize| (PI * i as f64 / 2.0 / (size + 1) as f64).sin().powi(2);
    let modes = 1..=n;
    let mut list: Vec<f64> = modes
        .clone()
        .flat_map(|i| modes.clone().flat_map(move |j| (1..=n).map(move |k| [i, j, k])))
        .map(|ijk| 4.0 * sizes.iter().zip(ijk).map(|(size, i)| sine(*size, i)).sum::<f64>())
        .collect();
    list.sort_by(f64::total_cmp);
    list
}
