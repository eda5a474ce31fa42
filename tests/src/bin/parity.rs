//! All ports in one program: `parity <area>/<exN> [PETSc options]`, or `parity --list`.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use petsc_parity::{all, port};
use petsc_rs::Petsc;

fn main() -> ExitCode {
    let mut args: Vec<OsString> = env::args_os().collect();
    let name = args.get(1).and_then(|a| a.to_str()).unwrap_or_default().to_owned();
    if name == "--list" {
        let list: String = all().map(|(name, _)| format!("{name}\n")).collect();
        return match io::stdout().write_all(list.as_bytes()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    let Some(main) = port(&name) else {
        eprintln!("usage: parity <area>/<exN> [PETSc options]; `parity --list` names the ports");
        return ExitCode::from(2);
    };
    // The remaining arguments are the command line of the tutorial.
    args.remove(1);
    if name == "sys/ex4" {
        // This port initializes MPI before PETSc.
        return petsc_parity::sys::ex4::start(args);
    }
    Petsc::builder().args(args).run(|petsc| {
        let outcome = main(petsc);
        match &outcome {
            // With this option, PETSc's test checks the printed error message. The run succeeds
            // after the error is printed in PETSc's format.
            Err(error) if petsc.options().has("-petsc_ci_portable_error_output")? => {
                error.print_traceback(petsc.world())?;
                // The C program ends here and does not report memory that the failed functions did
                // not free.
                petsc.options().set("-malloc_dump", "no")
            }
            _ => outcome,
        }
    })
}
