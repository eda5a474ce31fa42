//! The AC power flow: report and files.

use std::fs;
use std::path::Path;
use std::time::Instant;

use petsc_rs::ErrorCode;
use petsc_rs::prelude::*;
use workshop::app::input_error;
use workshop::matpower::{Bus, BusKind, Case};
use workshop::network::DcModel;
use workshop::network::ac::{self, AcModel, AcSolution, BranchFlow, Doubts, Start};

use super::{Args, bus_label, cost, stem, table};

pub(super) fn run(
    petsc: &Petsc,
    args: &Args,
    path: &Path,
    case: &Case,
    started: Instant,
) -> Result<()> {
    // The DC model reports buses without a connection to a slack bus, which Newton's method does
    // not.
    let wrong = |text| input_error(format_args!("{}: {text}", path.display()));
    let dc = DcModel::new(case).map_err(wrong)?;
    let model = AcModel::new(case).map_err(wrong)?;
    let start = args.start.unwrap_or_else(|| Start::of_case(&model));
    let guess = start.voltages(petsc.world(), &model, &dc)?;
    let solution =
        ac::solve(petsc.world(), &model, &guess).map_err(|e| with_another_start(e, start))?;
    let phasors = solution.phasors();
    let flows = model.admittance.flows(&phasors);
    let losses: f64 = flows.iter().map(|f| (f.from + f.to).re).sum();
    let live =
        || case.buses.iter().zip(&solution.voltages).filter(|(b, _)| b.kind != BusKind::Isolated);
    let by_magnitude = |a: &(&Bus, &(f64, f64)), b: &(&Bus, &(f64, f64))| a.1.0.total_cmp(&b.1.0);
    let voltage = |found: Option<(&Bus, &(f64, f64))>| match found {
        Some((bus, (v, _))) => format!("{v:.4} p.u. at bus {}", bus.number),
        None => "no bus is in service".into(),
    };
    let rows = [
        ("case", stem(path)),
        ("buses", case.buses.len().to_string()),
        ("lowest voltage", voltage(live().min_by(by_magnitude))),
        ("highest voltage", voltage(live().max_by(by_magnitude))),
        ("losses in branches", format!("{:.2} MW", losses * model.base_mva)),
        ("largest mismatch", format!("{:.1e} p.u.", solution.mismatch)),
        ("solver", solution.converged.to_string()),
        ("ranks, time", cost(petsc, started)),
    ];
    table(petsc, &rows)?;
    warn(petsc, case, start, &Doubts::new(case, &model, &phasors))?;
    let Some(out) = &args.out else {
        return Ok(());
    };
    if petsc.world().rank() == 0 {
        write_ac(out, case, &model, &solution, &flows)
            .map_err(|e| input_error(format_args!("{}: {e}", out.display())))?;
    }
    petsc.print(format_args!(
        "{:>20}  voltages.csv, ac_flows.csv in {}\n",
        "written",
        out.display()
    ))
}

/// Suggests another initial guess if Newton's method does not converge or finds another solution.
fn another_start(start: Start) -> &'static str {
    match start {
        Start::Flat => {
            "--start case (the voltages of the file) or --start dc (the angles of the DC power flow)"
        }
        Start::Dc => "--start case (the voltages of the file)",
        Start::Case => "--start dc (the angles of the DC power flow) or --start flat",
    }
}

fn with_another_start(error: Error, start: Start) -> Error {
    if error.code() != ErrorCode::NOT_CONVERGED {
        return error;
    }
    Error::collective(
        error.code(),
        format!(
            "{}; try {}, or -snes_type newtontr; a network without a solution cannot carry its load",
            error.message(),
            another_start(start)
        ),
    )
}

/// Prints implausible properties of the solution.
fn warn(petsc: &Petsc, case: &Case, start: Start, doubts: &Doubts) -> Result<()> {
    if let Some(&(branch, angle)) = doubts.wide.first() {
        let branch = &case.branches[branch];
        petsc.print(format_args!(
            "{:>20}  {} branches with more than 90° between their ends, {:.1}° on {}-{}\n",
            "warning",
            doubts.wide.len(),
            angle.to_degrees(),
            bus_label(case, branch.from),
            bus_label(case, branch.to)
        ))?;
    }
    if let Some(&(bus, v)) = doubts.outside.first() {
        petsc.print(format_args!(
            "{:>20}  {} voltages far outside their limits, {v:.4} p.u. at bus {}\n",
            "warning",
            doubts.outside.len(),
            bus_label(case, bus)
        ))?;
    }
    if *doubts != Doubts::default() {
        petsc.print(format_args!(
            "{:>20}  this may be another solution than the operating point: try {}\n",
            "warning",
            another_start(start)
        ))?;
    }
    Ok(())
}

fn write_ac(
    out: &Path,
    case: &Case,
    model: &AcModel,
    solution: &AcSolution,
    flows: &[BranchFlow],
) -> std::io::Result<()> {
    fs::create_dir_all(out)?;
    let mut text = String::from("bus,magnitude,angle\n");
    for (bus, (v, angle)) in case.buses.iter().zip(&solution.voltages) {
        text += &format!("{},{v:.12},{:.12}\n", bus.number, angle.to_degrees());
    }
    fs::write(out.join("voltages.csv"), text)?;
    let mut text = String::from("from,to,circuit,MW_from,MVAr_from,MW_to,MVAr_to\n");
    for flow in flows {
        let branch = &case.branches[flow.branch];
        let (from, to) = (bus_label(case, branch.from), bus_label(case, branch.to));
        let [a, b] = [flow.from, flow.to].map(|s| s * model.base_mva);
        text += &format!(
            "{from},{to},{},{:.9},{:.9},{:.9},{:.9}\n",
            branch.circuit, a.re, a.im, b.re, b.im
        );
    }
    fs::write(out.join("ac_flows.csv"), text)
}
