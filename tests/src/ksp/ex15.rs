//! Port of PETSc's `src/ksp/ksp/tutorials/ex15.c`: a user-defined preconditioner.

use petsc_rs::ksp::Tolerances;
use petsc_rs::pc::Preconditioner;
use petsc_rs::prelude::*;
use petsc_rs::{PcRef, VectorRef};

use crate::models::laplacian;

/// The inverse of the diagonal, as a preconditioner.
struct InverseDiagonal(Vector);

impl Preconditioner for InverseDiagonal {
    fn apply(&mut self, _pc: &PcRef, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        y.pointwise_mult(x, &self.0)
    }

    fn description(&self) -> String {
        "MyPreconditioner".into()
    }
}

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let m = options.int("-m")?.unwrap_or(8);
    let n = options.int("-n")?.unwrap_or(7);
    let a = laplacian(world, m, n, None)?;
    let (mut x, mut b) = a.vectors()?;
    let mut exact = x.duplicate()?;
    exact.set(Scalar::from_real(1.0))?;
    a.mult(&exact, &mut b)?;
    let mut ksp = Ksp::new(world)?;
    ksp.set_operators(&a, &a)?;
    ksp.set_tolerances(Tolerances { rtol: 1e-7.into(), ..Default::default() })?;
    if options.bool("-user_defined_pc")?.unwrap_or(false) {
        let mut inverse = x.duplicate()?;
        a.diagonal(&mut inverse)?;
        inverse.reciprocal()?;
        ksp.pc()?.set_preconditioner(InverseDiagonal(inverse))?;
    } else {
        ksp.pc()?.set_type(PcType::JACOBI)?;
    }
    ksp.set_from_options()?;
    let _ = ksp.solve_unchecked(&b, &mut x)?;
    x.axpy(Scalar::from_real(-1.0), &exact)?;
    let (norm, iterations) = (x.norm(Norm::Two)?, ksp.iterations()?);
    petsc.print(format_args!("Norm of error {norm:e} iterations {iterations}\n"))
}
