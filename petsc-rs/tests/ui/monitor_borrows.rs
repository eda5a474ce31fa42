//! A closure that PETSc keeps cannot borrow from the stack.
use petsc_rs::prelude::*;

fn check(ksp: &mut Ksp) -> Result<()> {
    let mut count = 0;
    ksp.add_monitor(|_, _, _| {
        count += 1;
        Ok(())
    })
}

fn main() {}
