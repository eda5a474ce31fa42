//! `--messages`: messages and reductions of the benchmarks during setup and solve, from PETSc's
//! log.

use std::path::Path;

use petsc_sys_build::Config;

use super::{build_twins, measure, programs};
use crate::run;

/// The benchmarks that set up and solve in a log stage, each with a size.
const SOLVERS: [(&str, u32); 3] = [("ksp_ex2", 40), ("ksp_ex45", 9), ("snes_ex5", 32)];

const RANKS: [usize; 3] = [1, 2, 4];

/// The name of that stage, and of the stage with the remainder: session, checks, destruction.
const STAGES: [&str; 2] = ["solve", "Main Stage"];

/// The messages of all ranks, and the reductions of one rank.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Traffic {
    messages: f64,
    reductions: f64,
}

/// Prints the table and returns whether Rust and C agree in the stage.
pub(super) fn compare(config: &Config, only: Option<&str>) -> Result<bool, String> {
    build_twins(config, &[])?;
    println!("\nmessages of all ranks, reductions of one rank: C, Rust");
    println!(
        "  {:<10}{:>6}  {:>22}  {:>26}",
        "twin", "ranks", "setup and solve", "outside (need not agree)"
    );
    let mut same = true;
    for (name, size) in SOLVERS {
        if only.is_some_and(|only| only != name) {
            continue;
        }
        let (c, rust) = programs(config, name)?;
        for ranks in RANKS {
            let c = measured(&c, size, ranks)?;
            let rust = measured(&rust, size, ranks)?;
            let column = |stage: usize| {
                let (c, rust) = (c[stage], rust[stage]);
                format!("{}, {} | {}, {}", c.messages, rust.messages, c.reductions, rust.reductions)
            };
            let word = if c[0] == rust[0] { "" } else { "  differ" };
            same &= c[0] == rust[0];
            println!("  {name:<10}{ranks:>6}  {:>22}  {:>26}{word}", column(0), column(1));
        }
    }
    Ok(same)
}

/// Returns the messages and reductions of a program in each stage.
fn measured(program: &Path, size: u32, ranks: usize) -> Result<[Traffic; 2], String> {
    let folder = run::target_dir().join("bench");
    let file = folder.join("messages.csv");
    let mut command = run::mpiexec(ranks);
    command.arg(program).arg(size.to_string());
    command.args(["-log_view", &format!(":{}:ascii_csv", file.display())]);
    measure::printed(&mut command)?;
    let text = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    let of = |stage| {
        traffic(&text, stage).ok_or_else(|| format!("{} has no stage {stage}", file.display()))
    };
    Ok([of(STAGES[0])?, of(STAGES[1])?])
}

/// Sums the lines `stage,summary,<rank>,…` of a log.
fn traffic(log: &str, stage: &str) -> Option<Traffic> {
    let mut lines = log.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next()?;
    let column = |name: &str| header.iter().position(|&word| word == name);
    let (rank, messages) = (column("Rank")?, column("Num Messages")?);
    let reductions = column("Num Reductions")?;
    // Some releases print the summary of a stage twice.
    let mut ranks = std::collections::BTreeMap::new();
    for words in lines.filter(|words| words.starts_with(&[stage, "summary"])) {
        let number = |i: usize| words.get(i)?.parse::<f64>().ok();
        ranks
            .entry(words.get(rank)?.to_string())
            .or_insert((number(messages)?, number(reductions)?));
    }
    Some(Traffic {
        messages: ranks.values().map(|of| of.0).sum(),
        reductions: ranks.values().next()?.1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
Stage Name,Event Name,Rank,Count,Time,Num Messages,Message Length,Num Reductions,FLOP
Main Stage,summary,0,1,0.5,1.,8.,9.,10.
solve,summary,0,1,0.5,2.,8.,5.,10.
solve,summary,1,1,0.5,3.,8.,5.,10.
solve,MatMult,0,1,0.5,7.,8.,7.,10.
solve,summary,0,1,0.5,2.,8.,5.,10.
";

    #[test]
    fn messages_are_summed_over_the_ranks() {
        let expected = Traffic { messages: 5.0, reductions: 5.0 };
        assert_eq!(traffic(LOG, "solve"), Some(expected));
        assert_eq!(traffic(LOG, "other"), None);
    }
}
