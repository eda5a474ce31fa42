//! Port of SLEPc's `src/eps/tutorials/ex5.c`: a random walk on a triangle.

use petsc_rs::prelude::*;
use slepc_rs::prelude::*;

use crate::models::eigen::{report, requested};

/// Runs the port.
///
/// # Errors
/// What assembly and solve return.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let m = petsc.options().int("-m")?.unwrap_or(15);
    let n = m * (m + 1) / 2;
    petsc.print(format_args!("\nMarkov Model, N={n} (m={m})\n\n"))?;
    let mut a = Matrix::builder(world).global_size(n, n).build()?;
    walk(&mut a, m)?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::NonHermitian)?;
    eps.set_from_options()?;
    let (mut v, _) = a.vectors()?;
    if world.rank() == 0 {
        for i in 0..3 {
            v.set_value(i, Scalar::from_real(1.0), InsertMode::Insert)?;
        }
    }
    v.assemble()?;
    eps.set_initial_space(&[&v])?;
    let _ = eps.solve_unchecked()?;
    requested(petsc, &eps)?;
    report(petsc, &eps)
}

/// Chances to go from point to point of a triangle with `m` points along a side; its rows are those points.
fn walk(a: &mut Matrix, m: Int) -> Result<()> {
    let rows = a.ownership_range()?;
    let chance = 0.5 / (m - 1) as Real;
    let points = (1..=m).flat_map(|i| (1..=m - i + 1).map(move |j| (i, j, m - i + 1)));
    for (row, (i, j, last)) in (0..).zip(points).filter(|(row, _)| rows.contains(row)) {
        let mut set = |column: Int, value: Real| {
            a.set_value(row, column, Scalar::from_real(value), InsertMode::Insert)
        };
        if j != last {
            let away = chance * (i + j - 1) as Real;
            set(row + 1, if i == 1 { 2.0 * away } else { away })?;
            set(row + last, if j == 1 { 2.0 * away } else { away })?;
        }
        let back = 0.5 - chance * (i + j - 3) as Real;
        if j > 1 {
            set(row - 1, back)?;
        }
        if i > 1 {
            set(row - last - 1, back)?;
        }
    }
    a.assemble()
}
