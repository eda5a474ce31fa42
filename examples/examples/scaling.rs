//! Fits the laws of parallel scaling to measured times and draws them: the last step of `cargo
//! xtask scaling`.
//!
//! ```text
//! scaling table.csv picture.png strong|weak title
//! ```

use std::path::Path;
use std::process::ExitCode;

use workshop::mpi_basics::{Amdahl, Gustafson};
use workshop::picture::{Speedup, draw_speedups};

/// A row of the table.
struct Row {
    ranks: usize,
    seconds: f64,
    least: f64,
    most: f64,
    /// The number of messages.
    cost: f64,
}

fn read(path: &str) -> Result<Vec<Row>, Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
    let row = |line: &str| -> Result<Row, Box<dyn std::error::Error>> {
        let [ranks, seconds, least, most, .., cost] = line.split(',').collect::<Vec<_>>()[..]
        else {
            return Err(format!("{path}: {line}").into());
        };
        Ok(Row {
            ranks: ranks.parse()?,
            seconds: seconds.parse()?,
            least: least.parse()?,
            most: most.parse()?,
            cost: cost.parse()?,
        })
    };
    text.lines().skip(1).map(row).collect()
}

fn study(
    table: &str,
    picture: &str,
    weak: bool,
    title: &str,
) -> Result<(), Box<dyn std::error::Error>> {
    let rows = read(table)?;
    let times: Vec<_> = rows.iter().map(|r| (r.ranks, r.seconds)).collect();
    let (Some(&(first, one)), Some(last)) = (times.first(), rows.last()) else {
        return Err("the table is empty".into());
    };
    let measured = |row: &Row| {
        // In weak scaling, one rank would take the time multiplied by the number of ranks.
        let grown = row.ranks as f64 / first as f64;
        let speedup = |seconds: f64| one / seconds * if weak { grown } else { 1.0 };
        Speedup {
            ranks: row.ranks,
            median: speedup(row.seconds),
            spread: (speedup(row.most), speedup(row.least)),
        }
    };
    let points: Vec<_> = rows.iter().map(measured).collect();
    let (law, curve): (_, Box<dyn Fn(usize) -> f64>) = if weak {
        match Gustafson::fit(&times) {
            Some(fit) => {
                println!("Gustafson's law: {:.1} % serial", 100.0 * fit.serial);
                ("Gustafson", Box::new(move |p| fit.speedup(p, first)))
            }
            None => return Err("a law needs at least two numbers of ranks".into()),
        }
    } else {
        match Amdahl::fit(&times) {
            Some(fit) => {
                println!(
                    "Amdahl's law: {:.1} % serial, at most {:.1} times as fast",
                    100.0 * fit.serial_fraction(),
                    1.0 / fit.serial_fraction()
                );
                // The cost of messages is added, with the messages of the busiest rank for the
                // largest number of ranks.
                let mut p = 2 * last.ranks;
                while p <= 64 * last.ranks {
                    let seconds = fit.serial + fit.parallel / p as f64 + last.cost;
                    println!(
                        "{p:>5} ranks, predicted: {seconds:.4} s, {:.1} times as fast",
                        one / seconds
                    );
                    p *= 4;
                }
                let at_first = fit.speedup(first);
                ("Amdahl", Box::new(move |p| fit.speedup(p) / at_first))
            }
            None => return Err("a law needs at least two numbers of ranks".into()),
        }
    };
    draw_speedups(Path::new(picture), title, &points, law, curve)?;
    println!("wrote {picture}");
    Ok(())
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    let outcome = match &args[..] {
        [_, table, picture, kind, title] => study(table, picture, kind == "weak", title),
        _ => Err("usage: scaling table.csv picture.png strong|weak title".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
