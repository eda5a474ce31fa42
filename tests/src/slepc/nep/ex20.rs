//! Port of SLEPc's `src/nep/tutorials/ex20.c`: a string with a spring and a mass at its end;
//! closures compute the matrix and its derivative.

use petsc_rs::prelude::*;
use petsc_rs::{MatrixRef, VectorRef};
use slepc_rs::nep::{Dimensions, ErrorType, Tolerances};
use slepc_rs::prelude::*;

use crate::models::eigen::{number, stopping};

const KAPPA: Real = 1.0;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(128);
    petsc.print(format_args!("\n1-D Nonlinear Eigenproblem, n={n}\n\n"))?;
    let matrix = || Matrix::builder(world).global_size(n, n).preallocate(3, 1).build();
    let (t, j) = (matrix()?, matrix()?);
    let mut nep = Nep::new(world)?;
    nep.set_function(&t, &t, |_, lambda, t, _| function(lambda, t))?;
    nep.set_jacobian(&j, |_, lambda, j| jacobian(lambda, j))?;
    nep.set_tolerances(Tolerances { tolerance: 1e-9.into(), ..Tolerances::default() })?;
    nep.set_dimensions(Dimensions::nev(1))?;
    nep.set_from_options()?;
    let mut x = t.vectors()?.0;
    x.set(Scalar::from_real(1.0))?;
    nep.set_initial_space(&[&x])?;
    let _ = nep.solve_unchecked()?;
    let its = nep.iterations()?;
    petsc.print(format_args!(" Number of NEP iterations = {its}\n\n"))?;
    let (kind, nev) = (nep.type_name()?.unwrap_or_default(), nep.dimensions()?.nev);
    petsc.print(format_args!(" Solution method: {kind}\n"))?;
    petsc.print(format_args!(" Number of requested eigenvalues: {nev}\n"))?;
    stopping(petsc, nep.tolerances()?)?;
    let found = nep.converged()?;
    petsc.print(format_args!(" Number of converged approximate eigenpairs: {found}\n\n"))?;
    if found == 0 {
        return Ok(());
    }
    petsc.print(format_args!(
        "           k              ||T(k)x||           error\n   ----------------- ------------------ ------------------\n"
    ))?;
    for pair in nep.eigenpairs()? {
        let pair = pair?;
        let residual = pair.error(ErrorType::Relative)?;
        let error = compare(petsc, pair.value().re, pair.vector()?.main())?;
        petsc.print(format_args!(
            "{}   {residual:12.5e}     {error:12.5e}\n",
            number(pair.value())
        ))?;
    }
    petsc.print(format_args!("\n"))
}

/// Computes stiffness minus `λ` times mass of linear elements, with the spring at the end.
fn function(lambda: Scalar, t: &mut MatrixRef) -> Result<()> {
    let n = t.size()?.0 as Real;
    let spring = lambda * KAPPA / (lambda - KAPPA);
    rows(t, lambda * (-1.0 / (6.0 * n)) - n, (lambda * (-1.0 / (3.0 * n)) + n) * 2.0, |d| {
        d * 0.5 + spring
    })
}

/// Computes the derivative.
fn jacobian(lambda: Scalar, j: &mut MatrixRef) -> Result<()> {
    let h = 1.0 / j.size()?.0 as Real;
    let c = Scalar::from_real(KAPPA) / (lambda - KAPPA);
    let (beside, diagonal) = (Scalar::from_real(-h / 6.0), Scalar::from_real(-2.0 * h / 3.0));
    rows(j, beside, diagonal, |d| d * 0.5 - c * c)
}

/// Sets a tridiagonal matrix with a different last row.
fn rows(
    a: &mut MatrixRef,
    beside: Scalar,
    diagonal: Scalar,
    last: impl Fn(Scalar) -> Scalar,
) -> Result<()> {
    let n = Int::try_from(a.size()?.0)?;
    for i in a.ownership_range()? {
        for j in [i - 1, i, i + 1].into_iter().filter(|j| (0..n).contains(j)) {
            let value = match j == i {
                true if i == n - 1 => last(diagonal),
                true => diagonal,
                false => beside,
            };
            a.set_value(i, j, value, InsertMode::Insert)?;
        }
    }
    a.assemble()
}

/// Returns the error of an eigenvector, which is a multiple of `sin(√λ·x)`.
fn compare(petsc: &Petsc, lambda: Real, y: &VectorRef) -> Result<Real> {
    let (h, nu) = (1.0 / y.len()? as Real, lambda.sqrt());
    let mut first = y.duplicate()?;
    if petsc.world().rank() == 0 {
        first.set_value(0, Scalar::from_real(1.0), InsertMode::Insert)?;
    }
    first.assemble()?;
    let first = y.dot(&first)?;
    let mut u = Vector::from_fn(petsc.world(), y.len()?, |i| {
        Ok(Scalar::from_real((nu * (i + 1) as Real * h).sin()))
    })?;
    u.normalize()?;
    u.axpy(Scalar::from_real(-first.modulus()) / first, y)?;
    u.norm(Norm::Two)
}
