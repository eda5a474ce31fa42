//! A program that fails: `fault KIND err|panic first|last|all` solves a system. Its callback KIND
//! returns an error or panics, on the first rank, the last rank or all ranks. The test `faults`
//! starts the program and checks how the job ends.

#[cfg(feature = "slepc")]
mod eigen;
mod grid;
mod optimise;
mod snes;
mod time;

use std::process::ExitCode;

use petsc_rs::MatrixRef;
use petsc_rs::ksp::ConvergedReason;
use petsc_rs::prelude::*;

const N: Int = 60;

/// The failure, and the ranks on which it occurs.
#[derive(Clone)]
struct Fault {
    panics: bool,
    here: bool,
    calls: usize,
}

impl Fault {
    /// Never fails.
    fn none() -> Self {
        Self { panics: false, here: false, calls: 0 }
    }

    /// Fails at the second call on the selected ranks.
    fn strike(&mut self) -> Result<()> {
        self.calls += 1;
        if !self.here || self.calls < 2 {
            return Ok(());
        }
        #[expect(clippy::panic, reason = "panicking is what this program is for")]
        if self.panics {
            panic!("injected fault");
        }
        Err(Error::user("injected fault"))
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    Petsc::builder().args(["fault"]).run(|petsc| {
        let [kind, how, who] = args.as_slice() else {
            return Err(Error::user("usage: fault KIND err|panic first|last|all"));
        };
        let world = petsc.world();
        let here = match who.as_str() {
            "first" => world.rank() == 0,
            "last" => world.rank() == world.size() - 1,
            _ => true,
        };
        let fault = Fault { panics: how == "panic", here, calls: 0 };
        run(petsc, kind, fault)
    })
}

fn fill(a: &mut MatrixRef) -> Result<()> {
    for i in a.ownership_range()? {
        a.set_value(i, i, Scalar::from_real(2.0), InsertMode::Insert)?;
        for j in [i - 1, i + 1].into_iter().filter(|j| (0..N).contains(j)) {
            a.set_value(i, j, Scalar::from_real(-1.0), InsertMode::Insert)?;
        }
    }
    a.assemble()
}

fn run(petsc: &Petsc, kind: &str, mut fault: Fault) -> Result<()> {
    if let Some(kind) = kind.strip_prefix("time-") {
        return time::run(petsc, kind, fault);
    }
    if let Some(kind) = kind.strip_prefix("grid-") {
        return grid::run(petsc, kind, fault);
    }
    if let Some(kind) = kind.strip_prefix("tao-") {
        return optimise::run(petsc, kind, fault);
    }
    #[cfg(feature = "slepc")]
    if let Some(kind) = kind.strip_prefix("eigen-") {
        return eigen::run(petsc, kind, fault);
    }
    if let Some(kind) = kind.strip_prefix("snes-") {
        return snes::run(petsc, kind, fault);
    }
    let world = petsc.world();
    let mut a = Matrix::builder(world).global_size(N, N).build()?;
    fill(&mut a)?;
    let (mut x, mut b) = a.vectors()?;
    b.set(Scalar::from_real(1.0))?;
    let mut ksp = Ksp::new(world)?;
    ksp.set_type(KspType::GMRES)?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    ksp.set_operators(&a, &a)?;
    match kind {
        "monitor" => ksp.add_monitor(move |_, _, _| fault.strike())?,
        "convergence" => ksp.set_convergence_test(move |test| {
            fault.strike()?;
            let _ = test.default_test()?;
            Ok(ConvergedReason::Iterating)
        })?,
        "shell-mult" => {
            let shell = shell_like(world, a, fault)?;
            ksp.pc()?.set_type(PcType::NONE)?;
            ksp.set_operators(&shell, &shell)?;
        }
        "shell-pc" => ksp.pc()?.set_shell(move |x, y| {
            fault.strike()?;
            y.copy_from(x)
        })?,
        "compute-operators" => {
            // This closure is called once in a solve, and a fault strikes at the second call: count
            // one call in advance.
            fault.calls = 1;
            ksp = Ksp::new(world)?;
            ksp.set_template(&a)?;
            ksp.set_compute_operators(move |_, a, _| {
                fault.strike()?;
                fill(a)
            })?;
        }
        other => return Err(Error::user(format!("unknown kind {other}"))),
    }
    let converged = ksp.solve(&b, &mut x)?;
    petsc.print(format_args!("{converged}\n"))
}

/// A shell matrix whose closure computes `y ← A·x`.
fn shell_like(world: &Comm, a: Matrix, mut fault: Fault) -> Result<Matrix> {
    let (rows, columns) = a.local_size()?;
    Matrix::shell(world, rows, columns, move |x, y| {
        fault.strike()?;
        a.mult(x, y)
    })
    .build()
}
