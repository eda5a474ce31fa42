//! I6 as a property: whatever is created, in whatever order it is dropped, on 1, 2 and 3 ranks, the
//! session ends once, every closure is freed once, and the next session works.
//!
//! MPI is initialized once and outlives the sessions, so that hundreds of them fit into one process.

#![expect(clippy::print_stdout, reason = "speaks to cargo")]

use std::cell::Cell;
use std::process::{Command, ExitCode};
use std::rc::Rc;

use petsc_rs::dm::{Coloring, ColoringKind, GridMut, GridRead};
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, Snes};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const CHILD: &str = "PETSC_RS_DROP_ORDER_CHILD";

/// Anything that keeps the session alive.
enum Holder {
    Session(#[expect(dead_code, reason = "held for its drop")] Petsc),
    Comm(#[expect(dead_code, reason = "held for its drop")] Comm),
    Vector(#[expect(dead_code, reason = "held for its drop")] Vector),
    Matrix(#[expect(dead_code, reason = "held for its drop")] Matrix),
    Ksp(#[expect(dead_code, reason = "held for its drop")] Ksp),
    Grid(#[expect(dead_code, reason = "held for its drop")] Dmda),
    Snes(#[expect(dead_code, reason = "held for its drop")] Snes),
    Coloring(#[expect(dead_code, reason = "held for its drop")] Coloring),
}

struct CountDrops(Rc<Cell<usize>>);

impl Drop for CountDrops {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

/// Everything at once, wired together; returns the holders and the number of closures given away.
fn build(petsc: Petsc, freed: &Rc<Cell<usize>>) -> Result<(Vec<Holder>, usize)> {
    let comm = petsc.world().duplicate()?;
    let mut a = Matrix::builder(&comm).global_size(12, 12).build()?;
    for i in a.ownership_range()? {
        a.set_value(i, i, Scalar::from_real(2.0), InsertMode::Insert)?;
    }
    a.assemble()?;
    let (mut x, mut b) = a.vectors()?;
    b.set(Scalar::from_real(1.0))?;
    let mut ksp = Ksp::new(&comm)?;
    ksp.set_operators(&a, &a)?;
    let mut closures = 0;
    for _ in 0..2 {
        let count = CountDrops(Rc::clone(freed));
        // The closure owns a vector, which is destroyed while its solver is.
        let owned = x.duplicate()?;
        closures += 1;
        ksp.add_monitor(move |_, _, _| {
            let _ = (&count, owned.local_len()?);
            Ok(())
        })?;
    }
    let _ = ksp.solve(&b, &mut x)?;
    let mut second = Ksp::new(petsc.world())?;
    second.set_operators(&a, &a)?;
    let (grid, snes, y) = on_grid(&comm, freed)?;
    closures += 1;
    let coloring = grid.create_coloring(ColoringKind::Global)?;
    Ok((
        vec![
            Holder::Session(petsc),
            Holder::Comm(comm),
            Holder::Matrix(a),
            Holder::Vector(x),
            Holder::Vector(b),
            Holder::Ksp(ksp),
            Holder::Ksp(second),
            Holder::Grid(grid),
            Holder::Snes(snes),
            Holder::Vector(y),
            Holder::Coloring(coloring),
        ],
        closures,
    ))
}

/// A grid with a closure that solver, solution and finer grids share.
fn on_grid(comm: &Comm, freed: &Rc<Cell<usize>>) -> Result<(Dmda, Snes, Vector)> {
    let grid = Dmda::builder(comm).sizes([12]).build()?;
    let mut snes = Snes::new(comm)?;
    snes.set_dm(&grid)?;
    let count = CountDrops(Rc::clone(freed));
    snes.set_function_local(
        move |grid: &DmdaRef, u: &GridRead<'_, Scalar>, f: &mut GridMut<'_, Scalar>| {
            let _ = &count;
            for i in grid.corners()?.x() {
                f[i] = u[i] - Scalar::from_real(1.0);
            }
            Ok(())
        },
    )?;
    let mut x = grid.create_global_vector()?;
    let _ = snes.solve(None, &mut x)?;
    Ok((grid, snes, x))
}

fn one_session(order: &[usize]) -> Result<()> {
    let petsc = Petsc::builder().args(["drop_order"]).init()?;
    let freed = Rc::new(Cell::new(0));
    let (holders, closures) = build(petsc, &freed)?;
    let mut holders: Vec<Option<Holder>> = holders.into_iter().map(Some).collect();
    for &i in order {
        drop(holders[i].take());
    }
    assert!(holders.iter().all(Option::is_none));
    assert_eq!(freed.get(), closures, "closures freed, order {order:?}");
    Ok(())
}

fn child() -> ExitCode {
    let Some(universe) = mpi::initialize() else {
        return ExitCode::FAILURE;
    };
    // The same sequence on every rank.
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let config = Config { cases: 60, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let order = Just((0..11).collect::<Vec<usize>>()).prop_shuffle();
    let outcome = runner.run(&order, |order| {
        one_session(&order).map_err(|e| TestCaseError::fail(format!("{e:?}")))
    });
    drop(universe);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn main() -> ExitCode {
    if std::env::var_os(CHILD).is_some() {
        return child();
    }
    // `cargo nextest` asks for the list of tests.
    if std::env::args().any(|a| a == "--list") {
        println!("drop_order: test");
        return ExitCode::SUCCESS;
    }
    let Ok(exe) = std::env::current_exe() else {
        return ExitCode::FAILURE;
    };
    for ranks in ["1", "2", "3"] {
        let status = Command::new("timeout")
            .args(["60", "mpiexec", "--oversubscribe", "-n", ranks])
            .arg(&exe)
            .env(CHILD, "1")
            // Set for processes without a launcher.
            .env_remove("OMPI_MCA_orte_create_session_dirs")
            .envs([
                ("OMPI_ALLOW_RUN_AS_ROOT", "1"),
                ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"),
                ("OMP_NUM_THREADS", "1"),
            ])
            .status();
        let ok = status.is_ok_and(|s| s.success());
        println!("test drop_order::ranks_{ranks} ... {}", if ok { "ok" } else { "FAILED" });
        if !ok {
            return ExitCode::FAILURE;
        }
    }
    println!("\ntest result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out");
    ExitCode::SUCCESS
}
