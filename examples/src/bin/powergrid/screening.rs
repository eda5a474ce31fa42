//! N-1 screening: progress, report, file and check.

use std::fmt::Write as _;
use std::fs;
use std::io::IsTerminal as _;
use std::path::Path;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use petsc_rs::prelude::*;
use workshop::app::agree;
use workshop::matpower::Case;
use workshop::network::{self, DcModel, Overload, Screening, Solution};

use super::{Args, bus_label, line_label};

/// The number of overloads that are printed.
const PRINTED: usize = 10;

/// The maximum number of overloads in the file.
const WRITTEN: usize = 10_000;

pub(super) fn run(
    petsc: &Petsc,
    args: &Args,
    case: &Case,
    model: &DcModel,
    solution: &Solution,
) -> Result<()> {
    let started = Instant::now();
    let lead = petsc.world().rank() == 0;
    let ranks = u64::try_from(petsc.world().size())?;
    let bar = ProgressBar::new(model.lines.len() as u64);
    if !lead || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template("screening {wide_bar} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    let keep = if args.out.is_some() { WRITTEN } else { PRINTED.max(args.screen_verify) };
    // The progress of rank 0 stands for all ranks, which have equal numbers of outages.
    let result = network::screen(petsc, model, &solution.angles, keep, || bar.inc(ranks))?;
    bar.finish_and_clear();
    petsc.print(format_args!(
        "\nN-1 screening: {} outages in {:.1} s, {} lines would split the network (not solved), {} overloads, \
         {} lines overloaded before any outage\n",
        result.screened,
        started.elapsed().as_secs_f64(),
        result.islanding.len(),
        result.overloads,
        result.before.len()
    ))?;
    if !result.worst.is_empty() {
        petsc.print(format_args!(
            "{:>24} {:>24} {:>12} {:>10}\n",
            "outage", "overloaded", "MW", "loading"
        ))?;
    }
    for o in result.worst.iter().take(PRINTED) {
        petsc.print(format_args!(
            "{:>24} {:>24} {:>12.1} {:>8.1} %\n",
            line_label(case, model, o.outage),
            line_label(case, model, o.line),
            o.flow,
            100.0 * o.loading
        ))?;
    }
    if let Some(out) = &args.out {
        write(petsc, out, case, model, solution, &result)?;
    }
    let sample: Vec<_> = result.worst.iter().take(args.screen_verify).collect();
    let mut error = 0.0_f64;
    for o in &sample {
        // The failed line precedes or follows the overloaded one in the shorter list.
        let rest = model.without(o.outage);
        let angles = network::solve(petsc.world(), &rest)?.angles;
        let position = if o.line > o.outage { o.line - 1 } else { o.line };
        error = error.max((rest.flows(&angles)[position] - o.flow).abs());
    }
    if !sample.is_empty() {
        petsc.print(format_args!(
            "{} outages solved again without the line: largest difference {error:.1e} MW\n",
            sample.len()
        ))?;
    }
    Ok(())
}

/// Writes the lines that are overloaded before any outage, without an outage, and then the largest
/// overloads.
fn write(
    petsc: &Petsc,
    out: &Path,
    case: &Case,
    model: &DcModel,
    solution: &Solution,
    result: &Screening,
) -> Result<()> {
    let path = out.join("screening.csv");
    let outcome = if petsc.world().rank() == 0 {
        fs::write(&path, table(case, model, solution, result))
    } else {
        Ok(())
    };
    agree(petsc.world(), outcome.map_err(|e| format!("{}: {e}", path.display())))?;
    petsc.print(format_args!(
        "{:>20}  screening.csv in {}, {} of {} overloads\n",
        "written",
        out.display(),
        result.worst.len(),
        result.overloads
    ))
}

fn table(case: &Case, model: &DcModel, solution: &Solution, result: &Screening) -> String {
    let columns = |line: usize| {
        let branch = &case.branches[model.lines[line].branch];
        let (from, to) = (bus_label(case, branch.from), bus_label(case, branch.to));
        format!("{from},{to},{}", branch.circuit)
    };
    let mut text =
        String::from("outage_from,outage_to,outage_circuit,from,to,circuit,MW,loading\n");
    let mut row = |outage: &str, line: usize, flow: f64| {
        let loading = model.lines[line].rating.map_or(0.0, |r| flow.abs() / r);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{outage},{},{flow:.9},{loading:.9}", columns(line));
    };
    let flows = model.flows(&solution.angles);
    for &line in &result.before {
        row(",,", line, flows[line]);
    }
    for &Overload { outage, line, flow, .. } in &result.worst {
        row(&columns(outage), line, flow);
    }
    text
}
