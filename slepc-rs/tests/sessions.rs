//! SLEPc in several sessions of one process: it ends and begins with PETSc. A program of its own, on one rank.

use std::process::ExitCode;

use petsc_rs::{ErrorCode, Petsc};
use slepc_rs::prelude::*;

fn solve(petsc: &Petsc) -> Result<Eps> {
    let n = 20;
    let mut a = Matrix::builder(petsc.world()).global_size(n, n).build()?;
    for i in a.ownership_range()? {
        a.set_value(i, i, Scalar::from_real((i + 1) as f64), InsertMode::Insert)?;
    }
    a.assemble()?;
    let mut eps = Eps::new(petsc.world())?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    // The solver's reference is enough.
    drop(a);
    let converged = eps.solve()?;
    assert!(converged.pairs >= 1);
    assert!((eps.eigenvalue(0)?.re - 20.0).abs() < 1e-7);
    Ok(eps)
}

fn sessions() -> Result<()> {
    let universe = mpi::initialize().ok_or("MPI starts")?;
    for round in 0..3 {
        let petsc = Petsc::builder().args(["sessions"]).init()?;
        if round == 1 {
            slepc_rs::init(&petsc)?;
        }
        let eps = solve(&petsc)?;
        // The solver outlives the session's handle, and PETSc is finalized with it.
        drop(petsc);
        let again = Petsc::builder().args(["sessions"]).init();
        assert_eq!(again.err().map(|e| e.code()), Some(ErrorCode::ORDER));
        drop(eps);
    }
    drop(universe);
    Ok(())
}

fn main() -> ExitCode {
    match sessions() {
        Ok(()) => {
            eprintln!("test sessions ... ok");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}
