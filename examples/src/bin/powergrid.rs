//! Active power in an electric network: the graph Laplacian of the workshop, made real.
//!
//! ```text
//! cargo run --release -p workshop --bin powergrid -- --case case2869pegase.m --out out/
//! mpiexec -n 2 target/release/powergrid --case case2869pegase.m --screen
//! mpiexec -n 2 target/release/powergrid --case case9241pegase.m --ac --start case -snes_monitor
//! mpiexec -n 3 target/release/powergrid --grid 40 20 --load 0.6 --g 1 --fail 205-206 -ksp_monitor
//! ```
//!
//! Any number of ranks. `angles.csv` has bus and angle in degrees, `flows.csv` from, to, circuit and MW.

use std::fs;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use petsc_rs::prelude::*;
use workshop::app::{self, input_error};
use workshop::matpower::{self, Bus, BusKind, Case};
use workshop::network::ac::{self, AcModel, AcSolution, BranchFlow, Start};
use workshop::network::{self, DcModel, Solution, SyntheticCity};
use workshop::picture;

/// DC power flow of MATPOWER cases, N-1 screening, and the workshop's synthetic city.
///
/// Options with one dash go to PETSc: -ksp_type, -ksp_rtol, -pc_type, -ksp_monitor, -log_view … (-help lists them).
#[derive(Parser, Debug)]
#[command(name = "powergrid", version)]
struct Args {
    /// MATPOWER case file; a bare name is also looked up among the cases that come with the program
    #[arg(long, required_unless_present = "grid", conflicts_with = "grid")]
    case: Option<PathBuf>,
    /// Folder for angles.csv, flows.csv and the pictures; nothing is written without it
    #[arg(long)]
    out: Option<PathBuf>,
    /// The full power flow by Newton's method: magnitudes, reactive power, losses
    #[arg(long, requires = "case", conflicts_with_all = ["grid", "screen"])]
    ac: bool,
    /// Where Newton's method begins
    #[arg(long, value_enum, default_value_t = Start::Flat, requires = "ac")]
    start: Start,
    /// N-1 screening: every line fails in turn, the worst overloads are listed
    #[arg(long)]
    screen: bool,
    /// Check this many outages of the screening by solving the network without the line
    #[arg(long, default_value_t = 0, requires = "screen", value_name = "N")]
    screen_verify: usize,
    /// Synthetic city of NX streets by NY avenues
    #[arg(long, num_args = 2, value_names = ["NX", "NY"], value_parser = clap::value_parser!(u32).range(2..=20_000))]
    grid: Option<Vec<u32>>,
    /// Total load of the city in p.u.
    #[arg(long, default_value_t = 0.6)]
    load: f64,
    /// Conductance of each line of the city in p.u.
    #[arg(long = "g", default_value_t = 1.0)]
    conductance: f64,
    /// Line of the city that fails, by its two nodes
    #[arg(long, value_name = "A-B", requires = "grid")]
    fail: Option<String>,
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| match &args.grid {
        Some(size) => run_city(petsc, &args, size[0] as usize, size[1] as usize),
        None => run_case(petsc, &args),
    })
}

fn run_case(petsc: &Petsc, args: &Args) -> Result<()> {
    let started = Instant::now();
    let path = find(args.case.as_deref().unwrap_or(Path::new("")));
    // Every rank reads the file, so every rank finds the same mistake, and nobody waits.
    let case = matpower::read(&path).map_err(input_error)?;
    if args.ac {
        return run_ac(petsc, args, &path, &case, started);
    }
    let model = DcModel::new(&case)
        .map_err(|text| input_error(format_args!("{}: {text}", path.display())))?;
    let solution = network::solve(petsc.world(), &model)?;
    let flows = model.flows(&solution.angles);
    let loading: Vec<Option<f64>> = flows
        .iter()
        .zip(&model.lines)
        .map(|(f, l)| l.rating.map(|r| f.abs() / r))
        .collect();
    let name = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    summary(petsc, &name, &case, &model, &solution, &flows, started)?;
    if let Some(out) = &args.out {
        write_results(
            petsc, out, &name, &case, &model, &solution, &flows, &loading,
        )?;
    }
    if args.screen {
        screening(petsc, args, &case, &model, &solution)?;
    }
    Ok(())
}

fn run_ac(petsc: &Petsc, args: &Args, path: &Path, case: &Case, started: Instant) -> Result<()> {
    // The DC model finds buses that nothing connects to a slack, which Newton's method would not say.
    let wrong = |text| input_error(format_args!("{}: {text}", path.display()));
    DcModel::new(case).map_err(wrong)?;
    let model = AcModel::new(case).map_err(wrong)?;
    let solution = ac::solve(petsc.world(), &model, args.start)?;
    let flows = model.admittance.flows(&solution.phasors());
    let losses: f64 = flows.iter().map(|f| (f.from + f.to).re).sum();
    let live = || {
        case.buses
            .iter()
            .zip(&solution.voltages)
            .filter(|(b, _)| b.kind != BusKind::Isolated)
    };
    let by_magnitude = |a: &(&Bus, &(f64, f64)), b: &(&Bus, &(f64, f64))| a.1.0.total_cmp(&b.1.0);
    let voltage = |found: Option<(&Bus, &(f64, f64))>| match found {
        Some((bus, (v, _))) => format!("{v:.4} p.u. at bus {}", bus.number),
        None => "no bus is in service".into(),
    };
    let rows = [
        (
            "case",
            path.file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
        ),
        ("buses", case.buses.len().to_string()),
        ("lowest voltage", voltage(live().min_by(by_magnitude))),
        ("highest voltage", voltage(live().max_by(by_magnitude))),
        (
            "losses in branches",
            format!("{:.2} MW", losses * model.base_mva),
        ),
        (
            "largest mismatch",
            format!("{:.1e} p.u.", solution.mismatch),
        ),
        ("solver", solution.converged.to_string()),
        (
            "ranks, time",
            format!(
                "{}, {:.2} s",
                petsc.world().size(),
                started.elapsed().as_secs_f64()
            ),
        ),
    ];
    for (key, value) in rows {
        petsc.print(format_args!("{key:>20}  {value}\n"))?;
    }
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

/// The file itself, or one of that name among the cases that come with the program.
fn find(path: &Path) -> PathBuf {
    let data = std::env::var_os("PETSC_RS_DATA").map(PathBuf::from);
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut candidates = vec![path.to_owned()];
    for root in data.into_iter().chain([own]) {
        candidates.push(root.join("powergrid").join(path));
        candidates.push(root.join("powergrid").join(path).with_extension("m"));
    }
    candidates
        .into_iter()
        .find(|p| p.is_file())
        .unwrap_or_else(|| path.to_owned())
}

fn bus_label(case: &Case, bus: usize) -> u64 {
    case.buses[bus].number
}

fn line_label(case: &Case, model: &DcModel, line: usize) -> String {
    let branch = &case.branches[model.lines[line].branch];
    let (from, to) = (bus_label(case, branch.from), bus_label(case, branch.to));
    if branch.circuit > 1 {
        format!("{from}-{to} #{}", branch.circuit)
    } else {
        format!("{from}-{to}")
    }
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
    let generation: f64 = case
        .generators
        .iter()
        .filter(|g| g.in_service)
        .map(|g| g.power)
        .sum();
    let slack = case
        .buses
        .iter()
        .filter(|b| b.kind == BusKind::Slack)
        .map(|b| b.number.to_string());
    let slack: Vec<String> = slack.collect();
    let lowest = solution
        .angles
        .iter()
        .copied()
        .fold(f64::MAX, f64::min)
        .to_degrees();
    let highest = solution
        .angles
        .iter()
        .copied()
        .fold(f64::MIN, f64::max)
        .to_degrees();
    let worst = flows
        .iter()
        .zip(&model.lines)
        .enumerate()
        .filter_map(|(i, (f, l))| l.rating.map(|r| (i, f.abs() / r)))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    let worst = match worst {
        Some((line, loading)) => {
            format!(
                "{:.1} % on {}",
                100.0 * loading,
                line_label(case, model, line)
            )
        }
        None => "no line has a rating".into(),
    };
    // What the slack takes up so that generation and load balance.
    let balance: f64 = model.injection.iter().sum::<f64>() * model.base_mva;
    let (ksp, pc) = &solution.method;
    let rows = [
        ("case", name.to_owned()),
        ("buses", case.buses.len().to_string()),
        (
            "branches in service",
            format!("{} of {}", model.lines.len(), case.branches.len()),
        ),
        ("slack", format!("bus {}", slack.join(", "))),
        ("load", format!("{load:.1} MW")),
        (
            "generation",
            format!("{generation:.1} MW, {:+.1} MW at the slack", -balance),
        ),
        ("angles", format!("{lowest:.3}° to {highest:.3}°")),
        ("highest loading", worst),
        ("solver", format!("{ksp} + {pc}, {}", solution.converged)),
        ("residual", format!("{:.2e} p.u.", solution.residual)),
        (
            "ranks, time",
            format!(
                "{}, {:.2} s",
                petsc.world().size(),
                started.elapsed().as_secs_f64()
            ),
        ),
    ];
    for (key, value) in rows {
        petsc.print(format_args!("{key:>20}  {value}\n"))?;
    }
    Ok(())
}

#[expect(
    clippy::too_many_arguments,
    reason = "everything that a result file shows"
)]
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
    picture::draw_loading(
        &pictures[1],
        &format!("{name}: loading and angles"),
        &degrees,
        loading,
    )?;
    petsc.print(format_args!(
        "{:>20}  angles.csv, flows.csv, network.png, loading.png in {}\n",
        "written",
        out.display()
    ))
}

fn screening(
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

fn run_city(petsc: &Petsc, args: &Args, nx: usize, ny: usize) -> Result<()> {
    if !(args.conductance.is_finite() && args.conductance > 0.0) {
        return Err(input_error(format_args!(
            "--g {} must be positive",
            args.conductance
        )));
    }
    if !args.load.is_finite() {
        return Err(input_error(format_args!(
            "--load {} is not a number",
            args.load
        )));
    }
    let city = SyntheticCity {
        nx,
        ny,
        load: args.load,
        conductance: args.conductance,
    };
    let model = city.model();
    let failed = args
        .fail
        .as_deref()
        .map(|text| parse_line(text, &model))
        .transpose()?;
    let before = network::solve(petsc.world(), &model)?;
    petsc.print(format_args!("city of {nx} x {ny}, {}\n", before.converged))?;
    let after = match failed {
        None => None,
        Some(line) if network::bridges(&model)[line] => {
            return Err(input_error(
                "the line of --fail is the only way to a part of the city",
            ));
        }
        Some(line) => Some(network::solve(petsc.world(), &model.without(line))?),
    };
    petsc.print(format_args!(
        "\n{:<12} {:>8} {:>12} {:>12}\n",
        "place", "node", "voltage", "after"
    ))?;
    for (name, node) in city.places() {
        let later = after
            .as_ref()
            .map_or(String::new(), |s| format!("{:.6}", s.angles[node]));
        petsc.print(format_args!(
            "{name:<12} {node:>8} {:>12.6} {later:>12}\n",
            before.angles[node]
        ))?;
    }
    petsc.print(format_args!(
        "\n{:<20} {:>12} {:>12}\n",
        "line", "current", "after"
    ))?;
    for (i, l) in model.lines.iter().enumerate() {
        let at_place = city
            .places()
            .iter()
            .any(|&(_, node)| node == l.from || node == l.to);
        if !at_place && failed != Some(i) {
            continue;
        }
        let later = after.as_ref().map_or(String::new(), |s| {
            if failed == Some(i) {
                "failed".into()
            } else {
                format!("{:.6}", l.flow(&s.angles))
            }
        });
        petsc.print(format_args!(
            "{:<20} {:>12.6} {later:>12}\n",
            format!("{}-{}", l.from, l.to),
            l.flow(&before.angles)
        ))?;
    }
    if let (Some(out), 0) = (&args.out, petsc.world().rank()) {
        fs::create_dir_all(out).map_err(|e| input_error(format_args!("{}: {e}", out.display())))?;
        let text: String = std::iter::once("node,before,after\n".to_owned())
            .chain((0..model.buses).map(|i| {
                let later = after
                    .as_ref()
                    .map_or(String::new(), |s| format!("{:.12}", s.angles[i]));
                format!("{i},{:.12},{later}\n", before.angles[i])
            }))
            .collect();
        fs::write(out.join("voltages.csv"), text)?;
    }
    Ok(())
}

/// The line named by its two nodes, `A-B`.
fn parse_line(text: &str, model: &DcModel) -> Result<usize> {
    let nodes: Option<(usize, usize)> = text
        .split_once('-')
        .and_then(|(a, b)| Some((a.trim().parse().ok()?, b.trim().parse().ok()?)));
    let Some((a, b)) = nodes else {
        return Err(input_error(format_args!(
            "--fail {text}: two nodes are needed, such as 205-206"
        )));
    };
    SyntheticCity::line(model, a, b)
        .ok_or_else(|| input_error(format_args!("--fail {text}: no line connects these nodes")))
}
