//! A closure of a scope cannot borrow what ends before the scope.
use petsc_rs::prelude::*;
use petsc_rs::{Snes, VectorRef};

fn check(snes: &mut Snes, x: &mut Vector, residual: &VectorRef) -> Result<()> {
    snes.scope(|s| {
        {
            let shift = Scalar::from_real(4.0);
            s.set_function(residual, |_, x, f| {
                f.copy_from(x)?;
                f.shift(shift)
            })?;
        }
        s.solve(None, x).map(|_| ())
    })
}

fn main() {}
