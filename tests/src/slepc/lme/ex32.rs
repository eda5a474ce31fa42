//! Port of SLEPc's `src/lme/tutorials/ex32.c`: a Lyapunov equation of low rank with the Laplacian.

use petsc_rs::matrix::MatrixType;
use petsc_rs::prelude::*;
use slepc_rs::lme::Tolerances;
use slepc_rs::prelude::*;

use crate::models::{eigen::stopping, laplacian};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(10);
    let m = petsc.options().int("-m")?.unwrap_or(n);
    let sigma = petsc.options().scalar("-sigma")?.unwrap_or_default();
    let rank = petsc.options().int("-rank")?.unwrap_or(0);
    let size = n * m;
    petsc.print(format_args!("\nLyapunov equation, N={size} ({n}x{m} grid)\n\n"))?;
    let mut a = laplacian(world, m, n, None)?;
    a.scale(Scalar::from_real(-1.0))?;
    a.shift(-sigma)?;
    // The right-hand side is C₁·C₁ᵀ with the matrix `c1`.
    let builder = Matrix::builder(world).global_size(size, 2);
    let mut c1 = builder.kind(MatrixType::DENSE).build()?;
    for i in c1.ownership_range()? {
        let second = match i {
            0 => -2.0,
            1 | 2 => -1.0,
            _ => 0.0,
        };
        let first = if i < size / 2 { 1.0 } else { 0.0 };
        let values = [first, second].map(Scalar::from_real);
        c1.set_values(&[i], &[0, 1], &values, InsertMode::Insert)?;
    }
    c1.assemble()?;
    let mut lme = Lme::new(world)?;
    lme.set_coefficient(&a)?;
    lme.set_rhs_factor(&c1)?;
    if rank != 0 {
        petsc.print(format_args!(" Computing a solution with prescribed rank={rank}\n"))?;
        lme.set_solution_rank(Some(usize::try_from(rank)?))?;
    }
    lme.set_tolerances(Tolerances { tolerance: 1e-7.into(), ..Tolerances::default() })?;
    lme.set_from_options()?;
    let its = lme.solve()?.iterations;
    if rank == 0 {
        let columns = lme.solution_factor()?.size()?.1;
        petsc.print(format_args!(" The solver has computed a solution with rank={columns}\n"))?;
    }
    petsc.print(format_args!(" Number of iterations of the method: {its}\n"))?;
    let ncv = lme.dimension()?.unwrap_or(0);
    petsc.print(format_args!(" Subspace dimension: {ncv}\n"))?;
    stopping(petsc, lme.tolerances()?)?;
    let estimate = lme.error_estimate()?;
    petsc.print(format_args!(" Error estimate reported by the solver: {estimate:.3e}\n"))?;
    if n > 150 {
        return petsc.print(format_args!(" Matrix too large to compute residual norm\n\n"));
    }
    let norm = lme.residual_norm()?;
    petsc.print(format_args!(" Computed residual norm: {norm:.3e}\n\n"))
}
