//! Port of PETSc's `src/snes/tutorials/ex1.c`: two equations in two unknowns.

use petsc_rs::ksp::Tolerances;
use petsc_rs::prelude::*;
use petsc_rs::{MatrixRef, Snes, SnesType, VectorRef, Viewer};

/// Runs the port.
///
/// # Errors
/// Errors of the solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, r) = (petsc.world(), Scalar::from_real);
    if world.size() != 1 {
        return Err(Error::input("Example is only for sequential runs"));
    }
    let mut snes = Snes::new(world)?;
    snes.set_type(SnesType::NEWTONLS)?;
    snes.set_options_prefix("mysolver_")?;
    let mut x = Vector::builder(world).global_len(2).from_options().build()?;
    let residual = x.duplicate()?;
    let jacobian = Matrix::builder(world).global_size(2, 2).build()?;
    let hard = petsc.options().has("-hard")?;
    snes.set_function(&residual, move |_, x, f| {
        let (x, mut f) = (x.array()?, f.array_mut()?);
        if hard {
            f[0] = (r(3.0) * x[0]).sin() + x[0];
            f[1] = x[1];
        } else {
            f[0] = x[0] * x[0] + x[0] * x[1] - r(3.0);
            f[1] = x[0] * x[1] + x[1] * x[1] - r(6.0);
        }
        Ok(())
    })?;
    snes.set_jacobian(&jacobian, &jacobian, move |_, x, a, p| {
        let x = x.array()?;
        let entries = if hard {
            [r(3.0) * (r(3.0) * x[0]).cos() + r(1.0), r(0.0), r(0.0), r(1.0)]
        } else {
            [r(2.0) * x[0] + x[1], x[0], x[1], x[0] + r(2.0) * x[1]]
        };
        p.set_values(&[0, 1], &[0, 1], &entries, InsertMode::Insert)?;
        assemble(a, p)
    })?;
    let mut ksp = snes.ksp()?;
    ksp.pc()?.set_type(PcType::NONE)?;
    ksp.set_tolerances(Tolerances {
        rtol: 1e-4.into(),
        max_iterations: 20.into(),
        ..Default::default()
    })?;
    snes.set_from_options()?;
    if hard {
        let mut x = x.array_mut()?;
        (x[0], x[1]) = (r(2.0), r(3.0));
    } else {
        x.set(r(0.5))?;
    }
    let _ = snes.solve_unchecked(None, &mut x)?;
    if hard {
        let stdout = Viewer::stdout(world)?;
        x.view(&stdout)?;
        VectorRef::view(&residual, &stdout)?;
    }
    Ok(())
}

/// Assembles both matrices, which may be the same.
pub(crate) fn assemble(a: &mut MatrixRef, p: &mut MatrixRef) -> Result<()> {
    p.assemble()?;
    if a.as_ptr() == p.as_ptr() {
        return Ok(());
    }
    a.assemble()
}
