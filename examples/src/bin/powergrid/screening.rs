//! N-1 screening: progress, report and check.

use std::io::IsTerminal as _;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use petsc_rs::prelude::*;
use workshop::matpower::Case;
use workshop::network::{self, DcModel, Solution};

use super::{Args, line_label};

pub(super) fn run(
    petsc: &Petsc,
    args: &Args,
    case: &Case,
    model: &DcModel,
    solution: &Solution,
) -> Result<()> {
    const KEEP: usize = 10;
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
    // Each rank counts for all: they share the outages evenly.
    let result = network::screen(petsc, model, &solution.angles, KEEP, || bar.inc(ranks))?;
    bar.finish_and_clear();
    petsc.print(format_args!(
        "\nN-1 screening: {} outages in {:.1} s, {} lines would split the network (not solved), {} overloads\n",
        result.screened,
        started.elapsed().as_secs_f64(),
        result.islanding.len(),
        result.overloads
    ))?;
    if !result.worst.is_empty() {
        petsc.print(format_args!(
            "{:>24} {:>24} {:>12} {:>10}\n",
            "outage", "overloaded", "MW", "loading"
        ))?;
    }
    for o in &result.worst {
        petsc.print(format_args!(
            "{:>24} {:>24} {:>12.1} {:>8.1} %\n",
            line_label(case, model, o.outage),
            line_label(case, model, o.line),
            o.flow,
            100.0 * o.loading
        ))?;
    }
    let sample: Vec<_> = result.worst.iter().take(args.screen_verify).collect();
    let mut error = 0.0_f64;
    for o in &sample {
        // The line that fails comes before or after the overloaded one in the shorter list.
        let rest = model.without(o.outage);
        let angles = network::solve(petsc.world(), &rest)?.angles;
        let position = if o.line > o.outage {
            o.line - 1
        } else {
            o.line
        };
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
