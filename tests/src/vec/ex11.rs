//! Port of PETSc's `src/vec/vec/tutorials/ex11.c`: norms of a vector and of its components.

use petsc_rs::prelude::*;

const NORMS: [(&str, Norm); 3] = [("2", Norm::Two), ("1", Norm::One), ("inf", Norm::Infinity)];

/// Runs the port.
///
/// # Errors
/// Errors of the norms.
pub fn main(petsc: &Petsc) -> Result<()> {
    let n = petsc.options().int("-n")?.unwrap_or(20);
    let mut x = Vector::builder(petsc.world())
        .global_len(usize::try_from(n)?)
        .block_size(2)
        .from_options()
        .build()?;
    x.set(Scalar::from_real(1.0))?;
    for (name, norm) in NORMS {
        let value = x.norm(norm)?;
        petsc.print(format_args!("L_{name} Norm of entire vector: {value}\n"))?;
    }
    for component in 0..2 {
        for (name, norm) in NORMS {
            let value = x.stride_norm(component, norm)?;
            petsc.print(format_args!("L_{name} Norm of sub-vector {component}: {value}\n"))?;
        }
    }
    Ok(())
}
