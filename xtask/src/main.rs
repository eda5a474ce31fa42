//! Tasks of the petsc-rs workspace: `cargo xtask <task>`. None of them needs PETSc to build.

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

/// What a task gives back: the exit code of the program, or an error to print.
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
    /// Install or build what is missing: MPI, libclang, PETSc.
    Setup(setup::Args),
    /// Say what is installed, what is wrong, and which command mends it.
    Doctor(doctor::Args),
    /// Set up, build, and solve a real power grid on two ranks.
    Demo(demo::Args),
    /// Run the tests against one or several builds of PETSc.
    Test(test::Args),
    /// Run the ports of PETSc's tutorials and compare with upstream's output.
    Parity(parity::Args),
    /// Run random programs against the safe interface: none may crash, hang or read freed memory.
    Attack(attack::Args),
    /// Compare the speed of twin programs in C and Rust.
    Bench(bench::Args),
    /// Run every application of the workshop, small, and check a number of each.
    Workshop(workshop::Args),
    /// Build the book and the documentation of the crates, and follow every link.
    Docs(docs::Args),
    /// Draw the formulas of the book: mdBook calls this.
    Maths(docs::Maths),
    /// Read which manual pages PETSc and SLEPc have, for the links in the documentation.
    ManualPages(docs::manual_pages::Args),
    /// Count the lines of source for each public function.
    Weight(weight::Args),
    /// Make the pictures of the book again.
    Pictures(pictures::Args),
    /// Run an application on several numbers of ranks, and fit the laws of scaling.
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
