//! `cargo xtask pictures`: draws the figures of the book with the commands in their captions.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::parity::find;
use crate::run::target_dir;
use crate::workshop::{Built, build};
use crate::{Outcome, run};

/// A command of the book, and the figures that it writes.
struct Source {
    chapter: &'static str,
    ranks: usize,
    /// The command as shown in the chapter.
    command: &'static str,
    /// The file names in the output directory and in the book.
    pictures: &'static [(&'static str, &'static str)],
}

const SOURCES: &[Source] = &[
    Source {
        chapter: "bratu.md",
        ranks: 1,
        command: "bratu -nx 33 -ny 33 --continue 110 --arc 0.1 --out out/",
        pictures: &[("branch.png", "bratu-branch.png")],
    },
    Source {
        chapter: "bratu.md",
        ranks: 1,
        command: "bratu --cell examples/data/battery/nmc_pouch.txt --heat-transfer 10 --ambient 378 --out out/",
        pictures: &[("bratu.png", "bratu-cell.png")],
    },
    Source {
        chapter: "bridge.md",
        ranks: 1,
        command: "bridge --plate steel --thickness 0.01 --length 1 --width 1 --nx 60 --ny 60 --edges FFFF --nev 6 \
                  --out out/",
        pictures: &[("mode-6.png", "bridge-chladni.png")],
    },
    Source {
        chapter: "bridge.md",
        ranks: 1,
        command: "bridge --plate concrete --length 20 --width 6 --nx 60 --ny 20 --nev 6 --ground \
                  examples/data/structures/ground.txt --out out/",
        pictures: &[("response.png", "bridge-response.png")],
    },
    Source {
        chapter: "fft-mri.md",
        ranks: 1,
        command: "mri --acceleration 5 --size 192 160 --rounds 40 --out out/",
        pictures: &[("slice1.png", "mri-phantom.png")],
    },
    Source {
        chapter: "fft-mri.md",
        ranks: 2,
        command: "mri --kspace cartesian_ksp.npy --calibration 24 --rounds 20 --parallel coils --out out/",
        pictures: &[("slice1.png", "mri-brain.png")],
    },
    Source {
        chapter: "gwas.md",
        ranks: 1,
        command: "gwas --simulate --samples 2000 --variants 20000 --effect 0.12 --out out/",
        pictures: &[
            ("manhattan.png", "gwas-manhattan.png"),
            ("quantiles.png", "gwas-quantiles.png"),
        ],
    },
    Source {
        chapter: "learning.md",
        ranks: 2,
        command: "classifier --data digits_8x8.csv.gz --hidden 32 --l2 1e-3 --out out/",
        pictures: &[("confusion.png", "learning-digits.png")],
    },
    Source {
        chapter: "powergrid.md",
        ranks: 2,
        command: "powergrid --case case2869pegase.m --out out/",
        pictures: &[("network.png", "powergrid-europe.png")],
    },
    Source {
        chapter: "t2-mapping.md",
        ranks: 2,
        command: "t2fit --input santini_t2dataset.npy --te 10,25,50,90,150,250 --out out/",
        pictures: &[("t2.png", "t2-brain.png")],
    },
    Source {
        chapter: "wave.md",
        ranks: 1,
        command: "wave --model marmousi_vp_301x941_f32le.bin --model-size 941 301 --nx 471 --ny 151 --length-x 9400 \
                  --length-y 3000 --dt 0.002 --source-freq 10 --wavelet ricker --source 235 24 --receiver 140 24 \
                  --receiver 330 24 --absorb pml --absorb-width 20 --steps 1200 --snapshot 50 --snapshot-as png,gif \
                  --out out/",
        pictures: &[
            ("snapshot-000500.png", "wave-marmousi.png"),
            ("seismogram.png", "wave-seismogram.png"),
        ],
    },
    Source {
        chapter: "wave.md",
        ranks: 1,
        command: "wave --nx 200 --ny 120 --length-x 20000 --length-y 12000 --dt 0.02 --wavelet ricker --source-freq 1 \
                  --steps 300 --receiver 160 60 --snapshot 60 --absorb sponge --out out/",
        pictures: &[("snapshot-000300.png", "wave-sponge.png")],
    },
    Source {
        chapter: "wave.md",
        ranks: 1,
        command: "wave --nx 200 --ny 120 --length-x 20000 --length-y 12000 --dt 0.02 --wavelet ricker --source-freq 1 \
                  --steps 300 --receiver 160 60 --snapshot 60 --absorb pml --out out/",
        pictures: &[("snapshot-000300.png", "wave-pml.png")],
    },
];

/// Files with measured data, and their subdirectories in the data directory.
const MEASURED: [(&str, &str); 4] = [
    ("cartesian_ksp.npy", "mri"),
    ("digits_8x8.csv.gz", "ml"),
    ("santini_t2dataset.npy", "mri"),
    ("marmousi_vp_301x941_f32le.bin", "seismic"),
];

/// Arguments of `cargo xtask pictures`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only figures whose names start with this.
    #[arg(long, default_value = "", hide_default_value = true, value_name = "NAME")]
    only: String,
    /// Directory with measured data; without it, figures that need data are not changed.
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Build and run with optimization.
    #[arg(long)]
    release: bool,
}

/// Runs the task.
pub(crate) fn run(args: &Args) -> Outcome {
    let config = find(None)?;
    let built = build(&config, args.release, &["--bins"])?;
    for (number, source) in SOURCES.iter().enumerate() {
        let chosen = |(_, name): &&(&str, &str)| name.starts_with(&args.only);
        if source.pictures.iter().any(|p| chosen(&p)) {
            let out = target_dir().join(format!("pictures/{number}"));
            make(source, &built, args.data.as_deref(), &out)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs a command and copies its figures into the book.
fn make(source: &Source, built: &Built, data: Option<&Path>, out: &Path) -> Result<(), String> {
    let mut words = source.command.split_whitespace();
    let program = words.next().unwrap_or_default();
    if program == "bridge" && !built.with_slepc {
        println!("omitted: {} (there is no SLEPc for this PETSc)", source.command);
        return Ok(());
    }
    let mut command = run::mpiexec(source.ranks);
    command.arg(built.folder.join(program)).current_dir(run::workspace());
    for word in words {
        match (MEASURED.iter().find(|(file, _)| *file == word), data) {
            (Some((file, folder)), Some(data)) => command.arg(data.join(folder).join(file)),
            (Some(_), None) => {
                println!("omitted: {} (needs --data)", source.command);
                return Ok(());
            }
            (None, _) if word == "out/" => command.arg(out),
            (None, _) => command.arg(word),
        };
    }
    run::loud(&mut command)?;
    for (from, to) in source.pictures {
        let to = run::workspace().join("docs/src/pictures").join(to);
        std::fs::copy(out.join(from), &to).map_err(|e| format!("{from}: {e}"))?;
        println!("{}: {}", source.chapter, to.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Returns the words without the marks of code and punctuation.
    fn words(text: &str) -> Vec<String> {
        let word = |w: &str| w.trim_matches(['`', '*', ',', '.', ':', ';']).to_owned();
        text.split_whitespace().map(word).collect()
    }

    #[test]
    fn every_picture_has_its_command_and_every_command_stands_in_its_chapter() {
        let book = run::workspace().join("docs/src");
        let made: BTreeSet<_> = SOURCES
            .iter()
            .flat_map(|source| source.pictures)
            .map(|(_, name)| (*name).to_owned())
            .collect();
        let there: BTreeSet<_> = std::fs::read_dir(book.join("pictures"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(made, there);
        for source in SOURCES {
            let text = std::fs::read_to_string(book.join(source.chapter)).unwrap();
            let text = words(&text.replace("target/release/", " "));
            let command = words(source.command);
            assert!(
                text.windows(command.len()).any(|part| part == command),
                "{} does not show `{}`",
                source.chapter,
                source.command
            );
            for (_, name) in source.pictures {
                let link = format!("(pictures/{name})");
                assert!(text.iter().any(|word| word.ends_with(&link)), "{name}");
            }
        }
    }
}
