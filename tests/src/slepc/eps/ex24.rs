//! Port of SLEPc's `src/eps/tutorials/ex24.c`: spectrum folding at a target with a shell matrix.

use petsc_rs::matrix::MatrixType;
use petsc_rs::prelude::*;
use slepc_rs::prelude::*;

use crate::models::laplacian;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(10);
    let m = petsc.options().int("-m")?.unwrap_or(n);
    let target = petsc.options().real("-target")?.unwrap_or(0.0);
    let size = n * m;
    petsc.print(format_args!(
        "\nSpectrum Folding, N={size} ({n}x{m} grid) target={target:.6}\n\n"
    ))?;
    let a = laplacian(world, m, n, None)?;
    let (inner, mut work) = (laplacian(world, m, n, None)?, a.vectors()?.0);
    let sigma = Scalar::from_real(-target);
    let (rows, columns) = a.local_size()?;
    // (A - t·I)²
    let folded = Matrix::shell(world, rows, columns, move |x, y| {
        inner.mult(x, &mut work)?;
        work.axpy(sigma, x)?;
        inner.mult(&work, y)?;
        y.axpy(sigma, &work)
    })
    .build()?;
    let mut eps = Eps::new(world)?;
    eps.set_operators(&folded, None)?;
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    eps.set_which(EpsWhich::SmallestReal)?;
    eps.set_from_options()?;
    let kind = eps.type_name()?.unwrap_or_default();
    if ["gd", "jd", "blopex", "lobpcg", "rqcg"].contains(&kind.as_str()) {
        precondition(petsc, &a, &mut eps)?;
    }
    let _ = eps.solve_unchecked()?;
    petsc.print(format_args!(" Solution method: {kind}\n\n"))?;
    report(petsc, &a, &eps)
}

/// Sets a preconditioner for methods that need one: the diagonal of `A²`.
fn precondition(petsc: &Petsc, a: &Matrix, eps: &mut Eps) -> Result<()> {
    let mut diagonal = a.vectors()?.0;
    a.row_sum(&mut diagonal)?;
    diagonal.scale(Scalar::from_real(-1.0))?;
    diagonal.shift(Scalar::from_real(20.0))?;
    let p = Matrix::diagonal_of(petsc.world(), &diagonal)?.convert(MatrixType::AIJ)?;
    let mut st = eps.st()?;
    st.set_type(StType::PRECOND)?;
    st.set_preconditioner_matrix(Some(&p))?;
    st.ksp()?.pc()?.set_type(PcType::JACOBI)?;
    let both = st.precond_ksp_has_matrix()?;
    petsc.print(format_args!(" Preconditioned solver, hasmat={both}\n"))
}

/// Computes the eigenvalues of the original problem as Rayleigh quotients.
fn report(petsc: &Petsc, a: &Matrix, eps: &Eps) -> Result<()> {
    let n = eps.converged()?;
    petsc.print(format_args!(" Number of converged eigenpairs: {n}\n\n"))?;
    if n == 0 {
        return Ok(());
    }
    let mut found = Vec::new();
    for pair in eps.eigenpairs()? {
        let x = pair?.vector()?.into_parts().0;
        let mut residual = x.duplicate()?;
        a.mult(&x, &mut residual)?;
        let value = residual.dot(&x)?;
        residual.axpy(-value, &x)?;
        found.push((value.real(), residual.norm(Norm::Two)?));
    }
    if petsc.options().has("-terse")? {
        let tolerance = eps.tolerances()?.tolerance.unwrap_or(0.0);
        if found.iter().any(|(_, error)| *error >= 5.0 * tolerance) {
            petsc.print(format_args!(
                " Problem: some of the first {n} relative errors are higher than the tolerance\n\n"
            ))?;
        } else {
            petsc.print(format_args!(
                " nconv={n} eigenvalues computed up to the required tolerance:"
            ))?;
            for (value, _) in found {
                petsc.print(format_args!(" {value:.5}"))?;
            }
        }
    } else {
        petsc.print(format_args!(
            "           k              ||Ax-kx||\n   ----------------- ------------------\n"
        ))?;
        for (value, error) in found {
            petsc.print(format_args!("   {value:12.6}       {error:12.1e}\n"))?;
        }
    }
    petsc.print(format_args!("\n"))
}
