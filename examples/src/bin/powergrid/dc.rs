//! The DC power flow: report, files and figures.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use petsc_rs::prelude::*;
use workshop::app::input_error;
use workshop::matpower::{BusKind, Case};
use workshop::network::{self, DcModel, Solution};
use workshop::picture;

use super::{Args, bus_label, cost, line_label, screening, stem, table};

pub(super) fn run(
    petsc: &Petsc,
    args: &Args,
    path: &Path,
    case: &Case,
    started: Instant,
) -> Result<()> {
    let model = DcModel::new(case)
        .map_err(|text| input_error(format_args!("{}: {text}", path.display())))?;
    let solution = network::solve(petsc.world(), &model)?;
    let flows = model.flows(&solution.angles);
    let loading: Vec<Option<f64>> =
        flows.iter().zip(&model.lines).map(|(f, l)| l.rating.map(|r| f.abs() / r)).collect();
    let name = stem(path);
    summary(petsc, &name, case, &model, &solution, &flows, started)?;
    if let Some(out) = &args.out {
        write_results(petsc, out, &name, case, &model, &solution, &flows, &loading)?;
    }
    if args.screen {
        screening::run(petsc, args, case, &model, &solution)?;
    }
    Ok(())
}

fn summary(
    petsc: &Petsc,
    name: &str,
    case: &Case,
    model: &DcModel,
    solution: &Solution,
    flows: &[f64],
    started: Instant,
) -> Result<()> {
    let load: f64 = case.buses.iter().map(|b| b.load).sum();
    let generation: f64 = case.generators.iter().filter(|g| g.in_service).map(|g| g.power).sum();
    let slack =
        case.buses.iter().filter(|b| b.kind == BusKind::Slack).map(|b| b.number.to_string());
    let slack: Vec<String> = slack.collect();
    let lowest = solution.angles.iter().copied().fold(f64::MAX, f64::min).to_degrees();
    let highest = solution.angles.iter().copied().fold(f64::MIN, f64::max).to_degrees();
    let worst = flows
        .iter()
        .zip(&model.lines)
        .enumerate()
        .filter_map(|(i, (f, l))| l.rating.map(|r| (i, f.abs() / r)))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    let worst = match worst {
        Some((line, loading)) => {
            format!("{:.1} % on {}", 100.0 * loading, line_label(case, model, line))
        }
        None => "no line has a rating".into(),
    };
    // The power of the slack bus that balances generation and load.
    let balance: f64 = model.injection.iter().sum::<f64>() * model.base_mva;
    let (ksp, pc) = &solution.method;
    let rows = [
        ("case", name.to_owned()),
        ("buses", case.buses.len().to_string()),
        ("branches in service", format!("{} of {}", model.lines.len(), case.branches.len())),
        ("slack", format!("bus {}", slack.join(", "))),
        ("load", format!("{load:.1} MW")),
        ("generation", format!("{generation:.1} MW, {:+.1} MW at the slack", -balance)),
        ("angles", format!("{lowest:.3}° to {highest:.3}°")),
        ("highest loading", worst),
        ("solver", format!("{ksp} + {pc}, {}", solution.converged)),
        ("residual", format!("{:.2e} p.u.", solution.residual)),
        ("ranks, time", cost(petsc, started)),
    ];
    table(petsc, &rows)
}

#[expect(clippy::too_many_arguments, reason = "the contents of the result files")]
fn write_results(
    petsc: &Petsc,
    out: &Path,
    name: &str,
    case: &Case,
    model: &DcModel,
    solution: &Solution,
    flows: &[f64],
    loading: &[Option<f64>],
) -> Result<()> {
    if petsc.world().rank() != 0 {
        return Ok(());
    }
    let problem =
        |path: &Path, e: std::io::Error| input_error(format_args!("{}: {e}", path.display()));
    fs::create_dir_all(out).map_err(|e| problem(out, e))?;
    let degrees: Vec<f64> = solution.angles.iter().map(|a| a.to_degrees()).collect();

    let path = out.join("angles.csv");
    let mut text = String::from("bus,angle\n");
    for (bus, angle) in case.buses.iter().zip(&degrees) {
        text += &format!("{},{angle:.12}\n", bus.number);
    }
    fs::write(&path, text).map_err(|e| problem(&path, e))?;

    let path = out.join("flows.csv");
    let mut file = std::io::BufWriter::new(fs::File::create(&path).map_err(|e| problem(&path, e))?);
    writeln!(file, "from,to,circuit,MW")?;
    for (line, flow) in model.lines.iter().zip(flows) {
        let branch = &case.branches[line.branch];
        let (from, to) = (bus_label(case, branch.from), bus_label(case, branch.to));
        writeln!(file, "{from},{to},{},{flow:.9}", branch.circuit)?;
    }
    file.flush()?;

    let neighbours: Vec<Vec<usize>> = model
        .neighbours()
        .iter()
        .map(|list| list.iter().map(|&(_, other)| other).collect())
        .collect();
    let points = picture::layout(&neighbours);
    let pictures = [out.join("network.png"), out.join("loading.png")];
    let title = format!("{name}: voltage angles and loading (DC power flow)");
    picture::draw_network(&pictures[0], &title, model, &points, &degrees, loading)?;
    let shown = if loading.iter().any(Option::is_some) { "loading and angles" } else { "angles" };
    let title = format!("{name}: {shown}");
    picture::draw_loading(&pictures[1], &title, &degrees, loading)?;
    petsc.print(format_args!(
        "{:>20}  angles.csv, flows.csv, network.png, loading.png in {}\n",
        "written",
        out.display()
    ))
}
