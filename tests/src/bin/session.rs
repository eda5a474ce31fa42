//! Programs that start and end sessions in every order. The name on the command line selects one;
//! `tests/session.rs` runs them.

use std::process::{Command, ExitCode};

use petsc_rs::dm::DmPlex;
use petsc_rs::matrix::{Factor, FactorKind, FactorOptions, SolverType};
use petsc_rs::prelude::*;
use petsc_rs::{Builder, ErrorCode};

type Universe = mpi::environment::Universe;

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().collect();
    let what = if args.len() > 1 { args.remove(1) } else { String::new() };
    let builder = Petsc::builder().args(args);
    match what.as_str() {
        "plain" => builder.run(norm_of_ones),
        "universe-taken" => builder.universe(universe()).run(norm_of_ones),
        "universe-around" => universe_around(),
        "universe-first" => universe_first(builder),
        "after-finalise" => after_finalise(builder),
        "leak" => builder.run(leak),
        "leak-and-error" => builder.run(|petsc| {
            leak(petsc)?;
            Err(Error::user("on purpose").with_exit_code(9))
        }),
        "cite" => builder.run(cite),
        "options" => builder.run(solve),
        "options-silent" => builder.report_unused_options(false).run(solve),
        "options-error" => builder.run(|_| Err(Error::user("on purpose"))),
        "options-init" => match builder.init().and_then(|petsc| solve(&petsc)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        "segv" => builder.run(segv),
        "segv-quiet" => builder.signal_handler(false).run(segv),
        "halves" => halves(),
        what if what.starts_with("unheard-") => builder.run(|petsc| unheard(petsc, what)),
        _ => ExitCode::from(99),
    }
}

#[expect(clippy::expect_used, reason = "a test program")]
fn universe() -> Universe {
    mpi::initialize().expect("MPI is not running yet")
}

fn norm_of_ones(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::new(petsc.world(), 16)?;
    x.set(Scalar::from_real(1.0))?;
    petsc.print(format_args!("norm {}\n", x.norm(Norm::Two)?))
}

/// The program initializes MPI, so PETSc can be initialized twice.
fn universe_around() -> ExitCode {
    let universe = universe();
    for _ in 0..2 {
        let code = Petsc::builder().args(["twice"]).run(|petsc| {
            let event = petsc.log().event("once")?;
            EVENTS.with_borrow_mut(|events| events.push(event));
            norm_of_ones(petsc)?;
            let first = EVENTS.with_borrow(|events| events[0]);
            let outcome = first.begin().map(drop).map_err(|e| e.code());
            petsc.print(format_args!("event {outcome:?}\n"))
        });
        if code != ExitCode::SUCCESS {
            return code;
        }
    }
    drop(universe);
    ExitCode::SUCCESS
}

thread_local! {
    static EVENTS: std::cell::RefCell<Vec<petsc_rs::log::Event>> = const {
        std::cell::RefCell::new(Vec::new())
    };
}

/// MPI is finalized before PETSc.
fn universe_first(builder: Builder) -> ExitCode {
    let universe = universe();
    let Ok(petsc) = builder.init() else {
        return ExitCode::FAILURE;
    };
    let Ok(x) = Vector::new(petsc.world(), 4) else {
        return ExitCode::FAILURE;
    };
    drop(universe);
    drop(petsc);
    drop(x);
    ExitCode::SUCCESS
}

fn after_finalise(builder: Builder) -> ExitCode {
    let first = builder.run(norm_of_ones);
    match Petsc::init() {
        Err(error) if error.code() == ErrorCode::ORDER => {
            eprintln!("{error}");
            first
        }
        _ => ExitCode::FAILURE,
    }
}

fn leak(petsc: &Petsc) -> Result<()> {
    let x = Vector::new(petsc.world(), 3)?;
    // The vector is never dropped, as in a reference cycle through a closure.
    Box::leak(Box::new(x));
    Ok(())
}

fn cite(petsc: &Petsc) -> Result<()> {
    for _ in 0..2 {
        petsc.cite("@article{solver, title = {Mine}}\n")?;
    }
    Ok(())
}

fn solve(petsc: &Petsc) -> Result<()> {
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_from_options()?;
    petsc.print(format_args!("solved with {:?}\n", petsc.options().int("-level")?))
}

fn segv(petsc: &Petsc) -> Result<()> {
    petsc.print(format_args!("before\n"))?;
    let me = std::process::id().to_string();
    // Rust's own handler returns from the first signal, because a real fault would occur again.
    for _ in 0..2 {
        Command::new("kill").args(["-SEGV", &me]).status()?;
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    Ok(())
}

/// Starts PETSc separately on the even and on the odd ranks.
fn halves() -> ExitCode {
    use mpi::topology::{Color, Communicator as _};
    let universe = universe();
    let world = universe.world();
    let half = world.split_by_color(Color::with_value(world.rank() % 2));
    let Some(builder) = half.and_then(|half| Petsc::builder().args(["halves"]).world(&half).ok())
    else {
        return ExitCode::FAILURE;
    };
    builder.run(|petsc| {
        let size = petsc.world().size();
        norm_of_ones(petsc)?;
        petsc.print(format_args!("size {size}\n"))
    })
}

/// Rank 0 has an error and does not return it.
fn unheard(petsc: &Petsc, what: &str) -> Result<()> {
    let (world, first) = (petsc.world(), petsc.world().rank() == 0);
    // MUMPS waits for all ranks when a factor is destroyed.
    let factor = what.ends_with("mumps").then(|| mumps(world)).transpose()?;
    let (mut x, y) = (Vector::new(world, 40)?, Vector::new(world, 41)?);
    let mesh = DmPlex::box_mesh(world, [2, 2]).build()?;
    match what {
        "unheard-local" if first => drop(mesh.affine_map(300)),
        "unheard-local-mumps" if first => drop(x.value(1000)),
        "unheard-alone-mumps" if first => drop(diagonal(petsc.self_comm(), 0.0)?.lu()),
        // This call is logically collective: the calling rank does not wait for the others.
        "unheard-collective" | "unheard-collective-mumps" if first => {
            drop(x.axpy(Scalar::from_real(1.0), &y));
        }
        "unheard-on-all" => drop(x.axpy(Scalar::from_real(1.0), &y)),
        "unheard-users-mumps" if first => return Err(Error::user("on purpose")),
        "unheard-recover-mumps" if first => {
            drop(x.axpy(Scalar::from_real(1.0), &y));
            petsc.recover()?;
        }
        "unheard-recover-end" if first => petsc.recover()?,
        _ => {}
    }
    drop(factor);
    Ok(())
}

fn mumps(comm: &Comm) -> Result<Factor> {
    let options = FactorOptions { package: Some(SolverType::MUMPS), ..Default::default() };
    diagonal(comm, 2.0)?.factor(FactorKind::Lu, &options)
}

fn diagonal(comm: &Comm, entry: f64) -> Result<Matrix> {
    let n = 12;
    let mut a = Matrix::builder(comm).global_size(n, n).build()?;
    for i in a.ownership_range()? {
        a.set_value(i, i, Scalar::from_real(entry), InsertMode::Insert)?;
    }
    a.assemble()?;
    Ok(a)
}
