//! The commands that the book, the README, the job scripts and the headers of the programs show: each of their options
//! is one that the program's `--help` knows.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The programs, and where they were built. Those with eigenvalues are `None` without SLEPc.
const PROGRAMS: [(&str, Option<&str>); 19] = [
    ("bcast", Some(env!("CARGO_BIN_EXE_bcast"))),
    ("bratu", Some(env!("CARGO_BIN_EXE_bratu"))),
    ("bridge", option_env!("CARGO_BIN_EXE_bridge")),
    ("classifier", Some(env!("CARGO_BIN_EXE_classifier"))),
    ("cooling", option_env!("CARGO_BIN_EXE_cooling")),
    ("fft", Some(env!("CARGO_BIN_EXE_fft"))),
    ("gwas", Some(env!("CARGO_BIN_EXE_gwas"))),
    ("heat", Some(env!("CARGO_BIN_EXE_heat"))),
    ("hello", Some(env!("CARGO_BIN_EXE_hello"))),
    ("integral", Some(env!("CARGO_BIN_EXE_integral"))),
    ("logreg", Some(env!("CARGO_BIN_EXE_logreg"))),
    ("mri", Some(env!("CARGO_BIN_EXE_mri"))),
    ("partition", option_env!("CARGO_BIN_EXE_partition")),
    ("pca", option_env!("CARGO_BIN_EXE_pca")),
    ("powergrid", Some(env!("CARGO_BIN_EXE_powergrid"))),
    ("scatter_gather", Some(env!("CARGO_BIN_EXE_scatter_gather"))),
    ("send_recv", Some(env!("CARGO_BIN_EXE_send_recv"))),
    ("t2fit", Some(env!("CARGO_BIN_EXE_t2fit"))),
    ("wave", Some(env!("CARGO_BIN_EXE_wave"))),
];

/// A command and the file that shows it.
#[derive(Debug)]
struct Command {
    file: PathBuf,
    program: String,
    options: Vec<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn is_program(name: &str) -> bool {
    PROGRAMS.iter().any(|(program, _)| *program == name)
}

/// The files with commands, and their text without the marks of comments.
fn texts() -> Vec<(PathBuf, String)> {
    let mut files = vec![root().join("README.md"), root().join("Dockerfile")];
    for folder in ["docs/src", "ci/cluster", "examples/src/bin"] {
        for entry in fs::read_dir(root().join(folder)).expect("the folder is there") {
            let path = entry.expect("the folder can be read").path();
            match path.is_dir() {
                true => files.extend(Some(path.join("main.rs")).filter(|main| main.is_file())),
                false => files.push(path),
            }
        }
    }
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a text");
            let is_rust = path.extension().is_some_and(|e| e == "rs");
            let lines = text
                .lines()
                .filter_map(|line| if is_rust { line.strip_prefix("//!") } else { Some(line) });
            (path.clone(), lines.collect::<Vec<_>>().join("\n"))
        })
        .collect()
}

/// The commands of a text: lines of a program, with what a backslash continues, and `code` that begins with one.
fn commands(file: &Path, text: &str) -> Vec<Command> {
    let joined = text.replace("\\\n", " ");
    let mut pieces: Vec<String> =
        joined.lines().filter(|line| !line.contains('`')).map(str::to_owned).collect();
    // Without fences, every second part between marks is code, also over several lines.
    let prose: Vec<&str> = joined.split("```").step_by(2).collect();
    for part in prose {
        pieces.extend(part.split('`').skip(1).step_by(2).map(str::to_owned));
    }
    let mut found = Vec::new();
    for piece in pieces {
        let piece = piece.split([';', '|', '#', '&']).next().unwrap_or_default();
        let words: Vec<&str> = piece.split_whitespace().collect();
        let place = (0..words.len()).find(|&i| {
            let before = if i > 0 { words[i - 1] } else { "--" };
            let name = words[i].rsplit('/').next().unwrap_or_default();
            is_program(name) && (matches!(before, "--" | "--bin") || words[i].contains("release/"))
        });
        let Some(place) = place else {
            continue;
        };
        let options = words[place + 1..].iter().filter(|word| word.starts_with("--"));
        found.push(Command {
            file: file.to_owned(),
            program: words[place].rsplit('/').next().unwrap_or_default().to_owned(),
            options: options
                .map(|o| o.split('=').next().unwrap_or_default().to_owned())
                .filter(|o| o.len() > 2)
                .collect(),
        });
    }
    found
}

fn help(program: &str) -> String {
    let done =
        petsc_test::launch(1, Path::new(program), &["--help".to_owned()], Duration::from_secs(60))
            .expect("the program can be started");
    assert_eq!(done.code, Some(0), "{program} --help: {}", done.output);
    done.output
}

/// What each program that was built says to `--help`.
fn helps() -> BTreeMap<&'static str, String> {
    PROGRAMS.into_iter().filter_map(|(name, path)| Some((name, help(path?)))).collect()
}

#[test]
fn commands_are_found() {
    let text = "run `wave --nx 4\n--ny 3`, or\n```text\nmpiexec -n 2 target/release/fft --shape 4 \\\n  --times\n\
                cargo xtask scaling -- gwas --simulate\n```\nand `wave`.\n";
    let found = commands(Path::new("x.md"), text);
    let seen: Vec<_> = found.iter().map(|c| (c.program.as_str(), c.options.join(" "))).collect();
    let expected =
        [("fft", "--shape --times"), ("gwas", "--simulate"), ("wave", "--nx --ny"), ("wave", "")];
    assert_eq!(seen, expected.map(|(p, o)| (p, o.to_owned())));
}

#[test]
fn every_option_that_is_shown_exists() {
    let helps = helps();
    let mut count = 0;
    let mut wrong = Vec::new();
    for (file, text) in texts() {
        for command in commands(&file, &text) {
            let Some(help) = helps.get(command.program.as_str()) else {
                continue;
            };
            let known = |option: &String| {
                let ends = |c: char| !(c.is_alphanumeric() || c == '-');
                help.split(ends).any(|word| word == option)
            };
            count += command.options.len();
            wrong.extend(
                command
                    .options
                    .iter()
                    .filter(|o| !known(o))
                    .map(|o| format!("{}: {} {o}", command.file.display(), command.program)),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count > 100, "{count} options");
}

#[test]
fn every_program_shows_how_it_is_run() {
    for (name, help) in helps() {
        assert!(help.contains("Usage: "), "{name}: {help}");
        let folder = root().join("examples/src/bin");
        let one = folder.join(format!("{name}.rs"));
        let path = if one.is_file() { one } else { folder.join(name).join("main.rs") };
        let text = fs::read_to_string(&path).expect("the program's source");
        let header: String = text.lines().take_while(|l| l.starts_with("//!")).collect();
        let runs = [format!("release/{name}"), format!("--bin {name}")];
        assert!(runs.iter().any(|r| header.contains(r)), "{name}: no run line");
    }
}
