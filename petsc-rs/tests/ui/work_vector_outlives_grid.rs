//! I5: a vector lent from the pool of a grid cannot outlive the grid.
use petsc_rs::prelude::*;

fn check(comm: &Comm) -> Result<usize> {
    let x = {
        let grid = Dmda::builder(comm).sizes([8]).build()?;
        grid.global_vector()?
    };
    x.len()
}

fn main() {}
