//! Command-line arguments and startup, shared by all applications: `clap` parses the arguments of
//! the application, and PETSc parses its options.
//!
//! Arguments that begin with `--`, and their values, belong to the application. Options that begin
//! with one `-` belong to PETSc: `powergrid --case case14.m -ksp_type gmres -ksp_rtol 1e-10`.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use petsc_rs::{Comm, Dmda, Error, ErrorCode, Petsc, Result};

use crate::mpi_basics::broadcast_text;
use crate::start;

/// Runs an application.
pub fn main<A: Parser>(body: impl FnOnce(&Petsc, A) -> Result<()>) -> ExitCode {
    start::hint();
    let (own, petsc) = split(std::env::args_os().collect());
    Petsc::builder().args(petsc).run(|petsc| match A::try_parse_from(own) {
        Ok(args) => body(petsc, args),
        // `--help` and `--version` are not errors.
        Err(text) if text.exit_code() == 0 => petsc.print(format_args!("{text}")),
        Err(text) => Err(input_error(one_line(&text.to_string()))),
    })
}

/// Returns clap's message without usage and tips.
fn one_line(text: &str) -> String {
    let message = text.trim_start_matches("error: ").split("\n\n").next().unwrap_or_default();
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match petsc_option(&message) {
        Some(option) => format!("{message}; options of PETSc have one dash: {option}"),
        None => format!("{message}; see --help"),
    }
}

/// Returns the PETSc option that corresponds to an unexpected argument with two dashes. The
/// arguments of the applications contain no underscores.
fn petsc_option(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("unexpected argument '-")?;
    let (option, _) = rest.split_once('\'')?;
    option.contains('_').then_some(option)
}

/// Returns an error for invalid input. All ranks must return this error; the program then prints
/// one line and exits with code 2.
pub fn input_error(text: impl ToString) -> Error {
    Error::input(text.to_string())
}

/// The first bytes of a file compressed with gzip or bgzip.
pub const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Returns the text of a file.
///
/// # Errors
/// The reason, without the name of the file: the file cannot be read, is compressed, or is not
/// UTF-8.
pub fn read_text(path: &Path) -> std::result::Result<String, String> {
    let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
    if bytes.starts_with(&GZIP) {
        return Err("the file is compressed with gzip: decompress it first".into());
    }
    String::from_utf8(bytes).map_err(|_| "the file is not UTF-8 text".into())
}

/// Parses a positive number.
///
/// # Errors
/// The text is not a positive number.
pub fn positive(text: &str) -> std::result::Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if x.is_finite() && x > 0.0 => Ok(x),
        Ok(_) => Err("must be a positive number".into()),
        Err(e) => Err(e.to_string()),
    }
}

/// Returns the value of a PETSc option from the result `found` of reading it. If the value cannot
/// be parsed, the error is an [`input_error`].
///
/// # Errors
/// An [`input_error`].
pub fn option<T>(found: Result<Option<T>>) -> Result<Option<T>> {
    found.map_err(|error| input_error(error.message()))
}

/// Returns the result `built` of creating a DMDA with `points` points in each direction. If the
/// points cannot be divided among the ranks, the error is replaced by an [`input_error`].
///
/// # Errors
/// An [`input_error`], or an error of the DMDA's constructor.
pub fn divided(comm: &Comm, points: &[usize], built: Result<Dmda>) -> Result<Dmda> {
    built.map_err(|error| {
        // DMSetUp: "Partition in x direction is too fine". Sizes of zero are refused earlier.
        if error.code() != ErrorCode::ARG_OUTOFRANGE || comm.size() == 1 || points.contains(&0) {
            return error;
        }
        let points: Vec<String> = points.iter().map(ToString::to_string).collect();
        input_error(format_args!(
            "{} points cannot be divided among {} ranks: use fewer ranks or more points",
            points.join(" x "),
            comm.size()
        ))
    })
}

/// Converts an error on some ranks into an error on all ranks, so that no rank waits for a rank
/// that has failed. If several ranks have failed, the error of the lowest one is reported.
/// Collective.
///
/// # Errors
/// An [`input_error`] on all ranks if `outcome` is an error on any rank.
pub fn agree<T, E: ToString>(comm: &Comm, outcome: std::result::Result<T, E>) -> Result<T> {
    let own = if outcome.is_ok() { comm.size() } else { comm.rank() };
    let mut first = 0;
    comm.mpi().all_reduce_into(&own, &mut first, SystemOperation::min());
    let text = match outcome {
        Ok(value) if first == comm.size() => return Ok(value),
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    };
    Err(input_error(broadcast_text(comm, first, &text)?))
}

/// Returns the arguments of the application and those of PETSc, both starting with the program's
/// name.
fn split(args: Vec<OsString>) -> (Vec<OsString>, Vec<OsString>) {
    let mut args = args.into_iter();
    let name = args.next().unwrap_or_else(|| "workshop".into());
    let (mut own, mut petsc) = (vec![name.clone()], vec![name]);
    let mut to_petsc = false;
    for arg in args {
        let text = arg.to_string_lossy();
        if text.starts_with("--") || text == "-h" || text == "-V" {
            to_petsc = false;
        } else if text.starts_with('-') && text.chars().nth(1).is_some_and(char::is_alphabetic) {
            to_petsc = true;
        }
        if to_petsc { petsc.push(arg) } else { own.push(arg) }
    }
    (own, petsc)
}

#[cfg(test)]
mod tests {
    #[test]
    fn options_of_petsc_with_two_dashes_are_named() {
        let said = |argument: &str| {
            let text = format!("error: unexpected argument '{argument}' found\n\nUsage: x");
            super::one_line(&text)
        };
        assert_eq!(
            said("--tao_type"),
            "unexpected argument '--tao_type' found; options of PETSc have one dash: -tao_type"
        );
        assert_eq!(said("--size"), "unexpected argument '--size' found; see --help");
    }

    #[test]
    fn arguments_are_split_by_their_dashes() {
        let args =
            ["p", "--case", "a.m", "-ksp_type", "cg", "--out", "-1", "-ksp_rtol", "-2", "--x"];
        let (own, petsc) = super::split(args.map(Into::into).into());
        assert_eq!(own, ["p", "--case", "a.m", "--out", "-1", "--x"]);
        assert_eq!(petsc, ["p", "-ksp_type", "cg", "-ksp_rtol", "-2"]);
    }
}
