//! Comparison of applications with other software: per-voxel scripts, PyTorch, scipy, and PLINK.
//!
//! The programs run interleaved, and the minimum time of each program is used. Missing software is
//! skipped with a message.

use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use petsc_sys_build::Config;

use super::gwas;
use super::measure::{self, Sample};
use super::python::{Python, script};
use crate::run;

/// Python interpreters selected by the user.
#[derive(Debug, clap::Args)]
pub(crate) struct Interpreters {
    /// Python with scipy; by default PYTHON, the system's, or the first one in PATH.
    #[arg(long, value_name = "PYTHON")]
    pub(super) scipy: Option<OsString>,
    /// Python with torch; by default, PYTHON, the system's, or the first one in PATH.
    #[arg(long, value_name = "PYTHON")]
    torch: Option<OsString>,
    /// Python with mpi4py-fft, for --fft; by default, PYTHON, the system's, or the first one in
    /// PATH.
    #[arg(long, value_name = "PYTHON")]
    pub(super) mpi4py_fft: Option<OsString>,
}

/// The names of these comparisons.
pub(crate) const NAMES: [&str; 4] = ["t2fit", "classifier", "gwas", "powergrid"];

/// Builds and compares the programs.
pub(crate) fn compare(
    config: &Config,
    chosen: impl Fn(&str) -> bool,
    python: Option<&Python>,
    interpreters: &Interpreters,
    repeats: usize,
) -> Result<(), String> {
    let mut cargo = run::cargo();
    cargo.args(["build", "--release", "--package", "workshop"]);
    for name in NAMES.into_iter().filter(|name| chosen(name)) {
        cargo.args(["--bin", name]);
    }
    if chosen(NAMES[2]) {
        cargo.args(["--bin", "hello"]);
    }
    cargo.env("PETSC_DIR", &config.prefix).env_remove("PETSC_RS_PKG");
    run::loud(&mut cargo)?;
    if chosen(NAMES[2]) {
        gwas::compare(repeats)?;
    }
    let repeats = repeats.clamp(1, 5);
    if chosen(NAMES[0]) {
        t2fit(python, interpreters.scipy.as_deref(), repeats)?;
    }
    if chosen(NAMES[1]) {
        classifier(interpreters.torch.as_deref(), repeats)?;
    }
    if chosen(NAMES[3]) {
        powergrid(interpreters.scipy.as_deref(), repeats)?;
    }
    Ok(())
}

/// The echo times in ms of the workshop.
const TIMES: [f64; 10] = [10.0, 20.0, 40.0, 60.0, 80.0, 120.0, 160.0, 200.0, 240.0, 280.0];

fn t2fit(python: Option<&Python>, scipy: Option<&OsStr>, repeats: usize) -> Result<(), String> {
    println!("\nt2fit");
    let file = run::target_dir().join("bench/curves.npy");
    write_curves(&file, 1000, 400).map_err(|e| format!("{}: {e}", file.display()))?;
    let echoes: Vec<String> = TIMES.iter().map(ToString::to_string).collect();
    let scipy = with_module(scipy, "scipy.optimize");
    let (mut rust, mut petsc4py, mut of_scipy) =
        (Sample::default(), Sample::default(), Sample::default());
    for _ in 0..repeats {
        let mut command = Command::new(run::target_dir().join("release/t2fit"));
        command.arg("--input").arg(&file);
        command.args(["--te", &echoes.join(",")]);
        let text = measure::printed(&mut command)?;
        // `n fits in s s, v voxels/s a core`
        let line = text.lines().find(|l| l.contains(" fits in "));
        rust.push(ratio_of(line, 0, 3)?);
        if let Some(python) = python {
            let mut command = python.twin("t2fit");
            command.arg(&file).args(["1000", "petsc"]);
            let text = measure::printed(&mut command)?;
            petsc4py.push(ratio_of(text.lines().last(), 1, 2)?);
        }
        if let Ok(interpreter) = &scipy {
            let mut command = Command::new(interpreter);
            command.arg(script("t2fit")).arg(&file);
            command.args(["4000", "scipy"]);
            let text = measure::printed(&mut command)?;
            of_scipy.push(ratio_of(text.lines().last(), 1, 2)?);
        }
    }
    println!("  seconds for a voxel, 10 echoes, minimum of {repeats} runs each, interleaved");
    println!("    Rust                   {:.3e}", rust.least());
    for (name, sample, goal) in
        [("petsc4py, the workshop", petsc4py, 1000), ("scipy curve_fit", of_scipy, 100)]
    {
        if sample.least().is_nan() {
            println!("    {name:<22} omitted");
        } else {
            println!(
                "    {name:<22} {:.3e}  {:>8.0} × Rust  (goal {goal})",
                sample.least(),
                sample.least() / rust.least()
            );
        }
    }
    if let Err(reason) = scipy {
        println!("  {reason}");
    }
    Ok(())
}

/// Compares the DC power flow of 9241 buses, some of them with series capacitors, on one core:
/// complete programs that read the same file.
fn powergrid(scipy: Option<&OsStr>, repeats: usize) -> Result<(), String> {
    println!("\npowergrid");
    let examples = run::workspace().join("examples");
    let case = examples.join("data/powergrid/case9241pegase.m");
    let scipy = with_module(scipy, "scipy.sparse.linalg");
    let (mut rust, mut of_scipy) = (Sample::default(), Sample::default());
    for _ in 0..repeats {
        let mut command = Command::new(run::target_dir().join("release/powergrid"));
        rust.push(measure::timed(command.arg("--case").arg(&case))?);
        if let Ok(interpreter) = &scipy {
            let mut command = Command::new(interpreter);
            command.arg(examples.join("reference/powergrid_dc.py"));
            command.arg(&case).arg("--out");
            command.arg(run::target_dir().join("bench/powergrid"));
            of_scipy.push(measure::timed(&mut command)?);
        }
    }
    println!("  seconds, minimum of {repeats} runs each, interleaved");
    println!("    Rust   {:.3} (goal 1)", rust.least());
    match scipy {
        Ok(_) => println!("    scipy  {:.3}", of_scipy.least()),
        Err(reason) => println!("  {reason}"),
    }
    Ok(())
}

/// A network and its samples.
struct Training {
    samples: &'static str,
    features: &'static str,
    hidden: &'static str,
}

const TRAININGS: [Training; 2] = [
    Training { samples: "10000", features: "16", hidden: "32,16" },
    Training { samples: "20000", features: "64", hidden: "256,128" },
];

fn classifier(torch: Option<&OsStr>, repeats: usize) -> Result<(), String> {
    println!("\nclassifier");
    let interpreter = match with_module(torch, "torch") {
        Ok(interpreter) => interpreter,
        Err(reason) => {
            println!("  {reason}");
            return Ok(());
        }
    };
    println!(
        "  seconds to reach the loss of 50 iterations of PyTorch's LBFGS, minimum of {repeats} runs each, interleaved"
    );
    for training in &TRAININGS {
        for threads in [1, 2] {
            let (mut rust, mut torch) = (Sample::default(), Sample::default());
            let mut loss = String::new();
            for _ in 0..repeats {
                let mut command = Command::new(&interpreter);
                command.arg(script("classifier"));
                command.args([training.samples, training.features, training.hidden]);
                command.args([threads.to_string().as_str(), "50"]);
                let text = measure::printed(command.env("MKL_NUM_THREADS", threads.to_string()))?;
                let line = text.lines().find(|l| l.starts_with("torch "));
                torch.push(number(line, 2)?);
                loss = word(line, 1)?.to_owned();
                let mut command = run::mpiexec(threads);
                command.arg(run::target_dir().join("release/classifier"));
                command.args(["--samples", training.samples]);
                command.args(["--features", training.features]);
                command.args(["--hidden", training.hidden, "--until", &loss]);
                command.args(["--epochs", "1000", "-tao_type", "lmvm"]);
                let text = measure::printed(&mut command)?;
                let line = text.lines().find(|l| l.contains(" iterations, loss "));
                let line = line.and_then(|l| l.rsplit(',').next());
                rust.push(number(line, 0)?);
            }
            println!(
                "    {} samples, {} features, {}: {threads} threads or ranks, loss {loss}: PyTorch {:.3}, Rust {:.3}, ratio {:.2} (goal 1)",
                training.samples,
                training.features,
                training.hidden,
                torch.least(),
                rust.least(),
                rust.least() / torch.least()
            );
        }
    }
    Ok(())
}

/// Returns the selected interpreter, or the first one that has a module, or the reason why there is
/// none.
pub(super) fn with_module(named: Option<&OsStr>, module: &str) -> Result<OsString, String> {
    let variable = std::env::var_os("PYTHON").filter(|p| !p.is_empty());
    let candidates: Vec<OsString> = match named {
        Some(one) => vec![one.to_owned()],
        None => variable.into_iter().chain(["/usr/bin/python3".into(), "python3".into()]).collect(),
    };
    let has = |interpreter: &&OsString| {
        let mut command = Command::new(interpreter);
        let output = command.args(["-c", &format!("import numpy, {module}")]);
        output.output().is_ok_and(|o| o.status.success())
    };
    let option = module.split('.').next().unwrap_or(module);
    let option = option.replace('_', "-");
    let found = candidates.iter().find(has).cloned();
    found.ok_or(format!(
        "{option} is omitted, because no Python has it: select a Python with --{option} <interpreter>"
    ))
}

fn word(line: Option<&str>, index: usize) -> Result<&str, String> {
    line.and_then(|l| l.split_whitespace().nth(index))
        .ok_or_else(|| format!("a program printed an unexpected line: {line:?}"))
}

pub(super) fn number(line: Option<&str>, index: usize) -> Result<f64, String> {
    let word = word(line, index)?;
    word.trim_end_matches(',').parse().map_err(|_| format!("`{word}` is not a number"))
}

/// Seconds, word `seconds` of a line, by the count that is word `count`.
fn ratio_of(line: Option<&str>, count: usize, seconds: usize) -> Result<f64, String> {
    Ok(number(line, seconds)? / number(line, count)?)
}

/// Curves with T2 between 20 and 200 ms and noise, as an array of `rows` by `columns` by echoes.
fn write_curves(path: &PathBuf, rows: usize, columns: usize) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut head = format!(
        "{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, {columns}, {}), }}",
        TIMES.len()
    );
    while (10 + head.len() + 1) % 64 != 0 {
        head.push(' ');
    }
    head.push('\n');
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    file.write_all(b"\x93NUMPY\x01\x00")?;
    file.write_all(&u16::try_from(head.len()).unwrap_or(0).to_le_bytes())?;
    file.write_all(head.as_bytes())?;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut uniform = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        f64::from((state >> 33) as u32) / f64::from(1_u32 << 31)
    };
    for _ in 0..rows * columns {
        let (a, t2) = (0.5 + uniform(), 20.0 + 180.0 * uniform());
        for t in TIMES {
            let noise: f64 = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
            let signal = (a * (-t / t2).exp() + 0.02 * noise).max(0.0);
            file.write_all(&signal.to_le_bytes())?;
        }
    }
    file.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let line = Some("4000 fits in 0.500 s, 8000 voxels/s a core");
        assert!((ratio_of(line, 0, 3).expect("numbers") - 1.25e-4).abs() < 1e-18);
        assert!(number(Some("one two"), 1).is_err());
        assert!(word(None, 0).is_err());
        let reason = with_module(Some(OsStr::new("/nowhere/python")), "torch");
        assert!(reason.expect_err("nothing there").contains("--torch"));
    }
}
