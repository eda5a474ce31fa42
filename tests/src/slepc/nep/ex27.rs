//! Port of SLEPc's `src/nep/tutorials/ex27.c`: a problem with the square root of the eigenvalue, in
//! split form or with closures.

use petsc_rs::matrix::{MatrixRef, Structure};
use petsc_rs::prelude::*;
use slepc_rs::nep::ErrorType;
use slepc_rs::prelude::*;

use crate::models::eigen::results;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(100);
    let split = petsc.options().bool("-split")?.unwrap_or(true);
    let form = if split { " (in split form)" } else { "" };
    petsc.print(format_args!("\nSquare root eigenproblem, n={n}{form}\n\n"))?;
    let mut nep = Nep::new(world)?;
    nep.set_type(NepType::NLEIGS)?;
    // The branch cut of the square root, (-∞, 0), is represented by points on (-10⁶, -10⁻⁵).
    nep.set_nleigs_singularities(|_, n| {
        let h = 11.0 / (n - 1) as Real;
        let point = |i| match i {
            0 => -1e-5,
            i if i == n - 1 => -1e6,
            i => -Real::powf(10.0, -5.0 + h * i as Real),
        };
        Ok((0..n).map(|i| Scalar::from_real(point(i))).collect())
    })?;
    let high = if Scalar::IS_COMPLEX { 0.001 } else { 0.0 };
    nep.region()?.set_interval([0.01, 16.0], [-high, high])?;
    nep.set_target(Scalar::from_real(1.1))?;
    let mut t = Matrix::builder(world).global_size(n, n).build()?;
    fill(&mut t, Scalar::from_real(-2.0))?;
    if split {
        let identity =
            Matrix::constant_diagonal(world, usize::try_from(n)?, Scalar::from_real(1.0))?;
        let one = MathFunction::rational(world, &[Scalar::from_real(1.0)], &[])?;
        let root = MathFunction::of_type(world, FnType::SQRT)?;
        nep.set_split_operator(&[(&t, &one), (&identity, &root)], Structure::Subset)?;
    } else {
        nep.set_function(&t, &t, |_, lambda, t, _| fill(t, lambda.sqrt() - 2.0))?;
        let mut j = Matrix::builder(world).global_size(n, n).build()?;
        diagonal(&mut j, Scalar::from_real(1.0))?;
        nep.set_jacobian(&j, |_, lambda, j| diagonal(j, Scalar::from_real(0.5) / lambda.sqrt()))?;
    }
    nep.set_from_options()?;
    let _ = nep.solve_unchecked()?;
    let (kind, nev) = (nep.type_name()?.unwrap_or_default(), nep.dimensions()?.nev);
    petsc.print(format_args!(" Solution method: {kind}\n"))?;
    petsc.print(format_args!(" Number of requested eigenvalues: {nev}\n"))?;
    results(
        petsc,
        |viewer| nep.error_view(ErrorType::Backward, viewer),
        |viewer| nep.converged_reason_view(viewer),
    )
}

/// Creates a tridiagonal matrix with `diagonal` and off-diagonal entries 1.
fn fill(t: &mut MatrixRef, diagonal: Scalar) -> Result<()> {
    let n = Int::try_from(t.size()?.0)?;
    for i in t.ownership_range()? {
        for j in [i - 1, i, i + 1].into_iter().filter(|j| (0..n).contains(j)) {
            let value = if i == j { diagonal } else { Scalar::from_real(1.0) };
            t.set_value(i, j, value, InsertMode::Insert)?;
        }
    }
    t.assemble()
}

fn diagonal(a: &mut MatrixRef, value: Scalar) -> Result<()> {
    for i in a.ownership_range()? {
        a.set_value(i, i, value, InsertMode::Insert)?;
    }
    a.assemble()
}
