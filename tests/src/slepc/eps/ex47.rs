//! Port of SLEPc's `src/eps/tutorials/ex47.c`: an operator that is symmetric with respect to
//! another inner product.

use petsc_rs::Viewer;
use petsc_rs::prelude::*;
use slepc_rs::eps::{ErrorType, Tolerances};
use slepc_rs::prelude::*;

use crate::models::laplacian;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(45);
    let m = petsc.options().int("-m")?.unwrap_or(n);
    let size = n * m;
    petsc
        .print(format_args!("\nGeneralized Symmetric Eigenproblem, N={size} ({n}x{m} grid)\n\n"))?;
    let a = laplacian(world, m, n, None)?;
    let mut b = Matrix::builder(world).global_size(size, size).build()?;
    for i in b.ownership_range()? {
        let weight = 2.0 / f64::from(u32::try_from(i + 2)?).ln();
        b.set_value(i, i, Scalar::from_real(weight), InsertMode::Insert)?;
    }
    b.assemble()?;
    let tolerance = 1000.0 * f64::EPSILON;
    let mut ksp = Ksp::new(world)?;
    ksp.set_operators(&a, &a)?;
    ksp.set_tolerances(petsc_rs::ksp::Tolerances {
        rtol: tolerance.into(),
        ..petsc_rs::ksp::Tolerances::default()
    })?;
    ksp.set_from_options()?;
    // A⁻¹·B is not symmetric, but self-adjoint in the inner product of B.
    let (rows, mut w) = (a.local_size()?.0, a.vectors()?.0);
    let product = b.duplicate_with_values()?;
    let shell = Matrix::shell(world, rows, rows, move |x, y| {
        product.mult(x, &mut w)?;
        ksp.solve(&w, y).map(drop)
    })
    .build()?;

    let mut eps = Eps::new(world)?;
    eps.set_operators(&shell, None)?;
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    eps.set_tolerances(Tolerances { tolerance: tolerance.into(), ..Tolerances::default() })?;
    eps.set_from_options()?;
    eps.set_inner_product(&b)?;
    let _ = eps.solve_unchecked()?;
    let tolerance = eps.tolerances()?.tolerance.unwrap_or(tolerance);
    eps.error_view(ErrorType::Relative, &*Viewer::stdout(world)?)?;

    let found = eps.converged()?;
    if found < 2 {
        return Ok(());
    }
    // The eigenvectors are orthonormal in the inner product of B.
    let mut vectors = Bv::new(world, usize::try_from(size)?, found, BvType::SVEC)?;
    vectors.set_matrix(Some(&b), false)?;
    for (i, pair) in eps.eigenpairs()?.enumerate() {
        vectors.insert_vector(i, pair?.vector()?.main())?;
    }
    let products = vectors.dot(&vectors)?;
    let level = products
        .dense()?
        .view()
        .indexed_iter()
        .map(|((i, j), x)| {
            let expected = if i == j { 1.0 } else { 0.0 };
            (*x - Scalar::from_real(expected)).modulus()
        })
        .fold(0.0, f64::max);
    if level < 10.0 * tolerance {
        petsc.print(format_args!("Level of orthogonality below the tolerance\n"))
    } else {
        petsc.print(format_args!("Level of orthogonality: {level}\n"))
    }
}
