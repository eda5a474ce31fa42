//! `cargo xtask attack`: random programs that use the safe interface of petsc-rs.
//!
//! The programs run in child processes (crate `petsc-attack`), with many cases in each. If a child
//! ends with a signal or a nonzero exit code, or hangs, its case is replayed alone, shortened, and
//! reported.

mod child;
mod known;
mod record;
mod shorten;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use petsc_sys_build::{locate, slepc};

use crate::{Outcome, run};
use child::{Ended, Failure, Starter, replay, stack};
use known::Known;
use record::{Counts, Place};
use shorten::shorten;

/// The classes that are tested in turn if none is named.
const CLASSES: &[&str] = &["vector", "matrix", "ksp", "snes", "ts", "tao", "dm"];

/// The classes of slepc-rs, which are omitted if there is no SLEPc for this PETSc.
const SLEPC: &[&str] = &["eps", "svd", "pep", "nep"];

/// A number of steps that no case exceeds.
const STEPS: u64 = 40;

/// Arguments of `cargo xtask attack`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Class to test: vector, matrix, ksp, snes, ts, tao, dm; with SLEPc also eps, svd, pep, nep.
    /// By default, the cases are divided among all classes.
    class: Option<String>,
    /// Number of random programs.
    #[arg(long, default_value_t = 1000)]
    cases: u64,
    /// Seed of the random numbers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Run with valgrind's memcheck, which detects reads of freed memory. About 50 times slower.
    #[arg(long)]
    memcheck: bool,
    /// Number of ranks of each program.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=8))]
    ranks: u8,
    /// Number of cases that each child runs.
    #[arg(long, default_value_t = 200)]
    batch: u64,
    /// Number of concurrent children; by default one for each core.
    #[arg(long)]
    jobs: Option<usize>,
    /// Stop after this number of different failures.
    #[arg(long, default_value_t = 20)]
    faults: usize,
    /// Run the case with this seed (hexadecimal), and print its operations.
    #[arg(long, value_name = "SEED", requires = "class")]
    replay: Option<String>,
    /// Run only these steps of the case.
    #[arg(long, value_name = "N,N", requires = "replay")]
    steps: Option<String>,
    /// Compile with optimization.
    #[arg(long)]
    release: bool,
}

/// Runs the task.
pub(crate) fn run(args: &Args) -> Outcome {
    let with_slepc = locate().is_ok_and(|config| slepc::locate(&config).is_ok());
    let program = build(args, with_slepc)?;
    let folder = run::target_dir().join("attack").join(std::process::id().to_string());
    std::fs::create_dir_all(&folder)?;
    let starter = |class: &str| Starter {
        program: program.clone(),
        class: class.to_owned(),
        ranks: usize::from(args.ranks),
        memcheck: args.memcheck,
        patience: Duration::from_secs(match args.ranks {
            _ if args.memcheck => 200,
            1 => 15,
            // If only one rank has an error, the case hangs and takes this time.
            _ => 15,
        }),
        folder: folder.clone(),
    };
    if let (Some(seed), Some(class)) = (&args.replay, &args.class) {
        return replay_one(&starter(class), seed, args.steps.as_deref());
    }
    let classes: Vec<&str> = match &args.class {
        Some(class) => vec![class],
        None if with_slepc => [CLASSES, SLEPC].concat(),
        None => CLASSES.to_vec(),
    };
    let known = Known::parse(&std::fs::read_to_string(run::workspace().join("attack/known.txt"))?);
    let share = args.cases.div_ceil(classes.len() as u64);
    let mut clean = true;
    for class in classes {
        let hunt = Hunt::new(args, starter(class), &known, share);
        clean &= hunt.run();
    }
    let _ = std::fs::remove_dir_all(&folder);
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn build(args: &Args, with_slepc: bool) -> Result<PathBuf, String> {
    let mut cargo = run::cargo();
    cargo.args(["build", "--quiet", "--package", "petsc-attack"]);
    if with_slepc {
        cargo.args(["--features", "petsc-attack/slepc"]);
    }
    if args.release {
        cargo.arg("--release");
    }
    run::loud(&mut cargo)?;
    let profile = if args.release { "release" } else { "debug" };
    Ok(run::target_dir().join(profile).join("petsc-attack"))
}

fn replay_one(starter: &Starter, seed: &str, steps: Option<&str>) -> Outcome {
    let mut arguments = vec!["--replay".to_owned(), seed.to_owned()];
    arguments.extend(steps.map(|steps| format!("--steps={steps}")));
    let ended = starter.run("replay", &arguments)?;
    print!("{}", ended.errors);
    match ended.failure {
        None => println!("no failure"),
        Some(failure) => {
            println!("failure: {failure}");
            let seed = u64::from_str_radix(seed.trim_start_matches("0x"), 16)?;
            let steps: Vec<u64> = match steps {
                Some(steps) => steps.split(',').filter_map(|n| n.parse().ok()).collect(),
                None => ended.place.map(|p| p.steps(STEPS)).unwrap_or_default(),
            };
            for function in starter.functions(seed, &steps) {
                println!("    {function}");
            }
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A failure, with the shortest case that reproduces it.
#[derive(Debug)]
struct Fault {
    failure: Failure,
    signature: String,
    seed: u64,
    steps: Vec<u64>,
    found_at: u64,
    times: u64,
}

/// The test of one class.
struct Hunt<'a> {
    args: &'a Args,
    starter: Starter,
    known: &'a Known,
    cases: u64,
    next: AtomicU64,
    done: AtomicU64,
    /// The number of cases in which ranks hung after an error on another rank.
    parted: AtomicU64,
    stop: AtomicBool,
    counts: Mutex<Counts>,
    faults: Mutex<Vec<Fault>>,
    met: Mutex<BTreeMap<String, Meetings>>,
    /// The signatures of failures, indexed by the stack of the crash.
    stacks: Mutex<BTreeMap<Vec<String>, String>>,
}

/// The number of occurrences of a known failure, and its first case.
#[derive(Debug)]
struct Meetings {
    times: u64,
    seed: u64,
    steps: Vec<u64>,
}

impl<'a> Hunt<'a> {
    fn new(args: &'a Args, starter: Starter, known: &'a Known, cases: u64) -> Self {
        Self {
            args,
            starter,
            known,
            cases,
            next: AtomicU64::new(0),
            done: AtomicU64::new(0),
            parted: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            counts: Mutex::default(),
            faults: Mutex::default(),
            met: Mutex::default(),
            stacks: Mutex::default(),
        }
    }

    /// Returns whether there is no new failure.
    fn run(&self) -> bool {
        let begun = Instant::now();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let jobs = self.args.jobs.unwrap_or(cores).max(1);
        std::thread::scope(|scope| {
            for number in 0..jobs {
                scope.spawn(move || self.work(number));
            }
        });
        self.report(begun)
    }

    fn work(&self, number: usize) {
        while !self.stop.load(Ordering::Relaxed) {
            let from = self.next.fetch_add(self.args.batch, Ordering::Relaxed);
            if from >= self.cases {
                return;
            }
            let to = (from + self.args.batch).min(self.cases);
            if let Err(error) = self.batch(number, from, to) {
                eprintln!("error: {error}");
                self.stop.store(true, Ordering::Relaxed);
                self.note(Failure::Code(1), error, from, 0, Vec::new());
            }
        }
    }

    /// Runs the cases `from..to`. After a failure, another child runs the cases after the failed
    /// one.
    fn batch(&self, number: usize, mut from: u64, to: u64) -> Result<(), String> {
        while from < to && !self.stop.load(Ordering::Relaxed) {
            let arguments = [
                format!("--from={from}"),
                format!("--cases={}", to - from),
                format!("--seed={}", self.args.seed),
            ];
            let ended = self.starter.run(&format!("{number}"), &arguments)?;
            self.add_counts(&ended.counts);
            let Some(failure) = ended.failure else {
                self.done.fetch_add(to - from, Ordering::Relaxed);
                return Ok(());
            };
            let Some(place) = ended.place else {
                return Err(format!("no case was started ({failure}): {}", ended.errors));
            };
            self.done.fetch_add(place.case + 1 - from, Ordering::Relaxed);
            self.examine(number, failure, place, &ended)?;
            from = place.case + 1;
        }
        Ok(())
    }

    /// Replays the case alone, and shortens it unless its failure is known.
    fn examine(
        &self,
        number: usize,
        failure: Failure,
        place: Place,
        batch: &Ended,
    ) -> Result<(), String> {
        if batch.parted {
            self.parted.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        let name = format!("{number}-replay");
        let steps = place.steps(STEPS);
        let at = stack(&batch.errors, &self.starter.program);
        let signature = lock(&self.stacks).get(&at).cloned();
        if signature.is_some_and(|signature| self.seen_before(&signature, place.seed, &steps)) {
            return Ok(());
        }
        let starter = self.starter.for_replays();
        let alone = starter.run(&name, &replay(place.seed, &steps))?;
        let Some(again) = alone.failure else {
            let first = format!(
                "fails only after the cases before it (--seed {} --from): {}",
                self.args.seed,
                end_of(&batch.errors)
            );
            self.note(failure, first, place.case, place.seed, steps);
            return Ok(());
        };
        let signature = self.signature(again, &alone, place.seed, &steps);
        if !at.is_empty() {
            lock(&self.stacks).insert(at, signature.clone());
        }
        if self.seen_before(&signature, place.seed, &steps) {
            return Ok(());
        }
        let operation = alone.last_operation();
        let shortest = shorten(&steps, |steps| {
            let trial = starter.run(&name, &replay(place.seed, steps));
            trial.is_ok_and(|t| {
                t.failure == Some(again) && !t.parted && t.last_operation() == operation
            })
        });
        self.note(again, signature, place.case, place.seed, shortest);
        Ok(())
    }

    /// Returns the signature of a failure: the functions of the crash, or the operation.
    fn signature(&self, failure: Failure, alone: &Ended, seed: u64, steps: &[u64]) -> String {
        let mut functions = match failure {
            Failure::Signal(_) => self.starter.functions(seed, steps),
            Failure::Code(_) => of_valgrind(&alone.errors),
            Failure::Hang => Vec::new(),
        };
        functions.extend(panic_of(&alone.errors));
        format!("{failure}: {}: {}", alone.last_operation(), functions.join(" < "))
    }

    fn seen_before(&self, signature: &str, seed: u64, steps: &[u64]) -> bool {
        if let Some(line) = self.known.find(signature) {
            let mut met = lock(&self.met);
            let meetings = met.entry(line.to_owned()).or_insert_with(|| Meetings {
                times: 0,
                seed,
                steps: steps.to_vec(),
            });
            meetings.times += 1;
            return true;
        }
        let mut faults = lock(&self.faults);
        let same = faults.iter_mut().find(|f| place_of(&f.signature) == place_of(signature));
        same.map(|fault| fault.times += 1).is_some()
    }

    fn note(&self, failure: Failure, signature: String, case: u64, seed: u64, steps: Vec<u64>) {
        // Another job may have found the same failure.
        if self.seen_before(&signature, seed, &steps) {
            return;
        }
        let fault = Fault { failure, signature, seed, steps, found_at: case, times: 1 };
        println!("{}", self.describe(&fault));
        let mut faults = lock(&self.faults);
        faults.push(fault);
        if faults.len() >= self.args.faults {
            self.stop.store(true, Ordering::Relaxed);
        }
    }

    fn describe(&self, fault: &Fault) -> String {
        format!(
            "failure in case {} ({}), {} times\n    {}\n    {}",
            fault.found_at,
            fault.failure,
            fault.times,
            fault.signature,
            self.command(fault.seed, &fault.steps)
        )
    }

    /// Returns the command that replays a case.
    fn command(&self, seed: u64, steps: &[u64]) -> String {
        let steps: Vec<_> = steps.iter().map(u64::to_string).collect();
        let mut options = String::new();
        if self.args.memcheck {
            options += " --memcheck";
        }
        if self.args.ranks > 1 {
            options += &format!(" --ranks {}", self.args.ranks);
        }
        format!(
            "cargo xtask attack {}{options} --replay {seed:016x} --steps {}",
            self.starter.class,
            steps.join(",")
        )
    }

    fn add_counts(&self, text: &str) {
        lock(&self.counts).add(text);
    }

    fn report(&self, begun: Instant) -> bool {
        let counts = lock(&self.counts);
        let faults = lock(&self.faults);
        println!("\n{}", counts.table());
        for fault in faults.iter() {
            println!("{}", self.describe(fault));
        }
        let met = lock(&self.met);
        for (words, reason) in self.known.lines() {
            if let Some(m) = met.get(words) {
                println!("known failure, {} times: {words} | {reason}", m.times);
                println!("    {}", self.command(m.seed, &m.steps));
            }
        }
        println!(
            "{}: {} cases on {} rank(s){}, seed {}, {} s",
            self.starter.class,
            self.done.load(Ordering::Relaxed),
            self.args.ranks,
            if self.args.memcheck { " under memcheck" } else { "" },
            self.args.seed,
            begun.elapsed().as_secs()
        );
        if self.args.ranks > 1 {
            println!(
                "cases that were ended because one rank had an error and the others waited: {}",
                self.parted.load(Ordering::Relaxed)
            );
        }
        println!(
            "failures: {}; known failures: {}",
            faults.len(),
            met.values().map(|m| m.times).sum::<u64>()
        );
        println!("operations that returned Ok: {:.1} %", counts.share());
        println!("operations that succeeded fewer than 20 times: {}", list(&counts.seldom()));
        faults.is_empty()
    }
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

/// Returns the part of a signature after the operation: many operations lead to the same failure in
/// C.
fn place_of(signature: &str) -> &str {
    let mut parts = signature.splitn(3, ": ");
    let place = parts.nth(2).unwrap_or_default();
    if place.is_empty() { signature } else { place }
}

/// Returns the functions of valgrind's first error, down to the first one of petsc-rs.
fn of_valgrind(errors: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut inside = false;
    for line in errors.lines().filter(|line| line.starts_with("==")) {
        let text = line[2..].split_once("== ").map_or("", |(_, text)| text);
        let text = text.trim();
        let frame = text.strip_prefix("at ").or_else(|| text.strip_prefix("by "));
        let Some(frame) = frame else {
            if inside {
                break;
            }
            if text.starts_with("Invalid")
                || text.contains("uninitialised")
                || text.contains("overlap")
            {
                names.push(text.to_owned());
            }
            continue;
        };
        inside = true;
        let name = frame.split_once(": ").map_or(frame, |(_, name)| name);
        let name = name.split(" (").next().unwrap_or(name);
        if name == "???" {
            continue;
        }
        names.push(name.to_owned());
        if name.contains("petsc_rs::") {
            break;
        }
    }
    names
}

/// Returns the first line of a panic message.
fn panic_of(errors: &str) -> Option<String> {
    let mut lines = errors.lines().skip_while(|line| !line.contains("panicked at"));
    // The number of the thread is removed, because it varies between runs.
    let (_, place) = lines.next()?.split_once("panicked at")?;
    Some(format!("panicked at{place} {}", lines.next().unwrap_or_default()))
}

fn end_of(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(3)..].join(" / ")
}

/// A thread that panicked leaves no incomplete list.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_complaint_of_valgrind_is_the_place() {
        let errors = "==1== Invalid read of size 8\n==1==    at 0x50: VecNorm (in /lib/p.so)\n==1==    by 0x3: ??? (in x)\n\
            ==1==    by 0x3B: petsc_rs::vector::norm (in x)\n==1==    by 0x4: main (in x)\n\
            ==1==  Address 0x1 is 0 bytes inside a block of size 8 free'd\n==1==    at 0x1: free (in y)\n";
        assert_eq!(
            of_valgrind(errors),
            ["Invalid read of size 8", "VecNorm", "petsc_rs::vector::norm"]
        );
        assert!(of_valgrind("step 1\n  Vector::set\n").is_empty());
    }

    #[test]
    fn one_fault_reached_by_two_operations_is_one() {
        let (a, b) = ("signal 11: Vector::norm: VecNorm < f", "signal 11: Vector ask: VecNorm < f");
        assert_eq!(place_of(a), place_of(b));
        assert_ne!(place_of("no progress: a: "), place_of("no progress: b: "));
    }
}
