//! `cargo xtask scaling`: runs an application on several numbers of ranks, and reports its time and
//! the cost of its messages.
//!
//! The problem size is constant (strong scaling), or grows with the number of ranks if an argument
//! contains this number, such as `--samples {100000*p}` (weak scaling). Runs are interleaved, so
//! that other load on the machine affects all numbers of ranks. Time, messages and bytes come from
//! PETSc's log and exclude the start of MPI.

mod log;
mod size;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use crate::bench::measure::Sample;
use crate::job::finish;
use crate::parity::find;
use crate::workshop::{build, choose};
use crate::{Outcome, run};
use log::Log;

/// Arguments of `cargo xtask scaling`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Numbers of ranks.
    #[arg(long, value_delimiter = ',', default_value = "1,2", value_name = "N,N")]
    ranks: Vec<usize>,
    /// Number of runs on each number of ranks, after a warm-up run.
    #[arg(long, default_value_t = 5)]
    repeats: usize,
    /// Time limit of a run in seconds.
    #[arg(long, default_value_t = 600, value_name = "SECONDS")]
    limit: u64,
    /// Latency of the network in seconds, and its time per byte in seconds, for predictions; by
    /// default, both are measured on this machine.
    #[arg(long, value_delimiter = ',', num_args = 2, value_name = "ALPHA,BETA")]
    network: Vec<f64>,
    /// File of the figure; a table with the same name has the extension .csv.
    #[arg(long, default_value = "out/scaling.png", value_name = "FILE")]
    out: PathBuf,
    /// Prefix of the PETSc to use; by default the one that a build finds.
    #[arg(long, value_name = "PREFIX")]
    prefix: Option<PathBuf>,
    /// Name of the application and its arguments: `{p}` is the number of ranks, and `{1000*p}` is a
    /// multiple of it.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    program: Vec<String>,
}

/// The measurements on a number of ranks.
#[derive(Debug)]
struct Row {
    ranks: usize,
    seconds: Sample,
    log: Log,
}

/// Runs the task.
pub(crate) fn run(args: &Args) -> Outcome {
    let [name, arguments @ ..] = &args.program[..] else {
        return Err("the name of the application is missing".into());
    };
    if args.ranks.is_empty() || args.ranks.contains(&0) || args.repeats == 0 {
        return Err("--ranks and --repeats need numbers of at least 1".into());
    }
    choose(std::slice::from_ref(name))?;
    let config = find(args.prefix.as_deref())?;
    println!("{}", config.summary());
    let targets = ["--example", "scaling", "--bin", "scatter_gather", "--bin", name];
    let folder = build(&config, true, &targets)?.folder;
    let limit = Duration::from_secs(args.limit);
    let weak = arguments.iter().any(|a| size::grows(a));
    let rows = measure(&folder.join(name), arguments, args, limit)?;
    println!("\n{}", table(&rows, weak));
    let [alpha, beta] = match args.network[..] {
        [alpha, beta] => [alpha, beta],
        _ => latency(&folder.join("scatter_gather"), limit)?,
    };
    println!("a message: {alpha:.2e} s plus {beta:.2e} s per byte");
    for row in &rows {
        let cost = row.log.cost(alpha, beta);
        println!(
            "{:>5} ranks: messages of the busiest rank cost {cost:.2e} s, {:.2} % of the time",
            row.ranks,
            100.0 * cost / row.seconds.median()
        );
    }
    let csv = args.out.with_extension("csv");
    if let Some(parent) = args.out.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(&csv, lines(&rows, alpha, beta))
        .map_err(|e| format!("{}: {e}", csv.display()))?;
    let mut draw = std::process::Command::new(folder.join("examples/scaling"));
    draw.arg(&csv).arg(&args.out).arg(if weak { "weak" } else { "strong" });
    draw.arg(args.program.join(" "));
    print!("{}", run::output(&mut draw)?);
    Ok(ExitCode::SUCCESS)
}

fn measure(
    program: &Path,
    arguments: &[String],
    args: &Args,
    limit: Duration,
) -> Result<Vec<Row>, String> {
    let mut rows: Vec<Row> = Vec::new();
    for round in 0..=args.repeats {
        for (place, &ranks) in args.ranks.iter().enumerate() {
            let mut mpiexec = run::mpiexec(ranks);
            mpiexec.arg(program);
            for argument in arguments {
                mpiexec.arg(size::of(argument, ranks)?);
            }
            mpiexec.arg("-log_view");
            mpiexec.current_dir(run::workspace());
            let line = run::line(&mpiexec);
            let done = finish(&mut mpiexec, None, limit)?;
            if let Some(failure) = done.failure {
                let last = done.errors.lines().rfind(|l| !l.trim().is_empty());
                return Err(format!("`{line}`: {failure}: {}", last.unwrap_or("no error message")));
            }
            let log = Log::parse(&done.output)
                .ok_or_else(|| format!("the output of `{line}` contains no log"))?;
            if round == 0 {
                let seconds = Sample::default();
                rows.push(Row { ranks, seconds, log });
            } else if let Some(row) = rows.get_mut(place) {
                row.seconds.push(log.seconds);
                row.log = log;
            }
        }
    }
    Ok(rows)
}

/// Returns seconds, speedup and efficiency relative to the first row, and messages of all ranks.
fn table(rows: &[Row], weak: bool) -> String {
    let mut text = format!(
        "{:>5} {:>10} {:>10} {:>10} {:>8} {:>10} {:>12} {:>14}\n",
        "ranks", "median s", "minimum", "maximum", "speedup", "efficiency", "messages", "bytes"
    );
    let Some(first) = rows.first() else {
        return text;
    };
    for row in rows {
        #[expect(clippy::cast_precision_loss, reason = "numbers of ranks")]
        let grown = row.ranks as f64 / first.ranks as f64;
        let ratio = first.seconds.median() / row.seconds.median();
        let (speedup, efficiency) =
            if weak { (ratio * grown, ratio) } else { (ratio, ratio / grown) };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:>5} {:>10.4} {:>10.4} {:>10.4} {speedup:>8.2} {:>8.1} % {:>12.0} {:>14.0}",
            row.ranks,
            row.seconds.median(),
            row.seconds.least(),
            row.seconds.most(),
            100.0 * efficiency,
            row.log.messages,
            row.log.bytes
        );
    }
    text
}

fn lines(rows: &[Row], alpha: f64, beta: f64) -> String {
    let mut text = String::from("ranks,seconds,least,most,messages,bytes,cost\n");
    for row in rows {
        let (s, log) = (&row.seconds, &row.log);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{}",
            row.ranks,
            s.median(),
            s.least(),
            s.most(),
            log.messages,
            log.bytes,
            log.cost(alpha, beta)
        );
    }
    text
}

/// Measures the latency and the seconds per byte with the round trips of `scatter_gather` on two
/// ranks.
fn latency(program: &Path, limit: Duration) -> Result<[f64; 2], String> {
    let mut mpiexec = run::mpiexec(2);
    mpiexec.arg(program).args(["--rounds", "2000"]);
    let done = finish(&mut mpiexec, None, limit)?;
    log::latency(&done.output)
        .ok_or_else(|| "`scatter_gather` measured no message: set --network".into())
}
