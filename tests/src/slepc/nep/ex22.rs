//! Port of SLEPc's `src/nep/tutorials/ex22.c`: a parabolic equation with a delay, in split form.

use std::f64::consts::PI;

use petsc_rs::matrix::{MatrixOption, Structure};
use petsc_rs::prelude::*;
use slepc_rs::nep::{Dimensions, ErrorType, Tolerances};
use slepc_rs::prelude::*;

use crate::models::eigen::results;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(128);
    let tau = petsc.options().real("-tau")?.unwrap_or(0.001);
    petsc.print(format_args!("\n1-D Delay Eigenproblem, n={n}, tau={tau}\n\n"))?;
    let h = PI / (n + 1) as Real;
    let r = Scalar::from_real;
    let mut identity = Matrix::constant_diagonal(world, usize::try_from(n)?, r(1.0))?;
    let mut a = Matrix::builder(world).global_size(n, n).build()?;
    let mut b = Matrix::builder(world).global_size(n, n).build()?;
    for i in a.ownership_range()? {
        for j in [i - 1, i + 1].into_iter().filter(|j| (0..n).contains(j)) {
            a.set_value(i, j, r(1.0 / (h * h)), InsertMode::Insert)?;
        }
        a.set_value(i, i, r(-2.0 / (h * h) + 20.0), InsertMode::Insert)?;
        let x = (i + 1) as Real * h;
        let late = -4.1 + x * (1.0 - (x - PI).exp());
        b.set_value(i, i, r(late), InsertMode::Insert)?;
    }
    for matrix in [&mut a, &mut b] {
        matrix.assemble()?;
    }
    for matrix in [&mut identity, &mut a, &mut b] {
        matrix.set_option(MatrixOption::Hermitian, true)?;
    }
    // A - λ·I + exp(-τ·λ)·B; A comes first because its nonzero pattern contains those of the other
    // matrices.
    let minus_lambda = MathFunction::rational(world, &[r(-1.0), r(0.0)], &[])?;
    let one = MathFunction::rational(world, &[r(1.0)], &[])?;
    let mut delay = MathFunction::of_type(world, FnType::EXP)?;
    delay.set_scale(r(-tau), r(1.0))?;
    let mut nep = Nep::new(world)?;
    nep.set_split_operator(
        &[(&a, &one), (&identity, &minus_lambda), (&b, &delay)],
        Structure::Subset,
    )?;
    nep.set_tolerances(Tolerances { tolerance: 1e-9.into(), ..Tolerances::default() })?;
    nep.set_dimensions(Dimensions::nev(1))?;
    // The C program sets the lag of the preconditioner before the type, so the setting has no
    // effect and is omitted here.
    nep.set_from_options()?;
    let _ = nep.solve_unchecked()?;
    let nev = nep.dimensions()?.nev;
    petsc.print(format_args!(" Number of requested eigenvalues: {nev}\n"))?;
    results(
        petsc,
        |viewer| nep.error_view(ErrorType::Relative, viewer),
        |viewer| nep.converged_reason_view(viewer),
    )
}
