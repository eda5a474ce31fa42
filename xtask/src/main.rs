//! Tasks of the petsc-rs workspace: `cargo xtask <task>`. The tasks build without PETSc.

mod attack;
mod bench;
mod builds;
mod demo;
mod docs;
mod doctor;
mod job;
mod parity;
mod pictures;
mod run;
mod scaling;
mod setup;
mod test;
mod weight;
mod workshop;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The result of a task: the exit code of the program, or an error to print.
pub(crate) type Outcome = Result<ExitCode, Box<dyn std::error::Error>>;

/// Tasks of the petsc-rs workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Install or build missing software: MPI, libclang, PETSc.
    Setup(setup::Args),
    /// List the installed software, report problems, and print the command that solves each
    /// problem.
    Doctor(doctor::Args),
    /// Install missing software, build, and solve a power network on two ranks.
    Demo(demo::Args),
    /// Run the tests with one or several builds of PETSc.
    Test(test::Args),
    /// Run the ports of PETSc's tutorials and compare with PETSc's reference output.
    Parity(parity::Args),
    /// Run random programs with the safe interface and report crashes, hangs and reads of freed
    /// memory.
    Attack(attack::Args),
    /// Compare the speed of benchmarks in C and Rust.
    Bench(bench::Args),
    /// Run a small case of every application of the workshop and check one number of its output.
    Workshop(workshop::Args),
    /// Build the book and the documentation of the crates, and check every link.
    Docs(docs::Args),
    /// Convert the formulas of the book; mdBook calls this task.
    Maths(docs::Maths),
    /// Update the lists of the manual pages of PETSc and SLEPc, for the links in the documentation.
    ManualPages(docs::manual_pages::Args),
    /// Count the source lines for each public function.
    Weight(weight::Args),
    /// Make the figures of the book.
    Pictures(pictures::Args),
    /// Run an application on several numbers of ranks, and fit Amdahl's or Gustafson's law.
    Scaling(scaling::Args),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Setup(args) => setup::run(&args),
        Task::Doctor(args) => doctor::run(&args),
        Task::Demo(args) => demo::run(&args),
        Task::Test(args) => test::run(&args),
        Task::Parity(args) => parity::run(&args),
        Task::Attack(args) => attack::run(&args),
        Task::Bench(args) => bench::run(&args),
        Task::Workshop(args) => workshop::run(&args),
        Task::Docs(args) => docs::run(&args),
        Task::Maths(args) => docs::maths(&args),
        Task::ManualPages(args) => docs::manual_pages::run(&args),
        Task::Weight(args) => weight::run(&args),
        Task::Pictures(args) => pictures::run(&args),
        Task::Scaling(args) => scaling::run(&args),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}
