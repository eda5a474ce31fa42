//! The tutorials and their locations.

use std::path::{Path, PathBuf};

use petsc_sys_build::Config;
use petsc_sys_build::slepc::Slepc;

/// The tutorials that have, or must get, a Rust port: area and example numbers.
const LISTED: &[(&str, &[u32])] = &[
    ("vec", &[1, 2, 3, 5, 6, 8, 9, 10, 11, 16, 18]),
    ("is", &[1, 2, 3, 4, 5]),
    ("mat", &[2, 3, 4, 9, 15, 17]),
    ("ksp", &[1, 2, 3, 5, 6, 7, 9, 10, 15, 16, 18, 23, 25, 27, 28, 29, 32, 34, 45, 46, 50, 65, 66]),
    ("dm", &[1, 2, 3, 5, 6, 9, 15]),
    ("sys", &[1, 2, 3, 4]),
];

/// The tutorials of SLEPc, which run if SLEPc is installed.
const LISTED_SLEPC: &[(&str, &[u32])] = &[("eps", &[1, 2, 3, 4, 5])];

/// SLEPc's areas.
const SLEPC: [&str; 6] = ["eps", "svd", "pep", "nep", "mfn", "lme"];

/// The prefix of an area that both libraries have: `slepc/sys/ex33`.
const OF_SLEPC: &str = "slepc/";

/// Returns whether a tutorial belongs to SLEPc.
pub(crate) fn needs_slepc(name: &str) -> bool {
    let area = name.split_once('/').map_or("", |(area, _)| area);
    SLEPC.contains(&area) || name.starts_with(OF_SLEPC)
}

/// Returns the names (`ksp/ex2`) of the tutorials with ports.
pub(crate) fn listed(with_slepc: bool) -> Vec<String> {
    let more = if with_slepc { LISTED_SLEPC } else { &[] };
    LISTED
        .iter()
        .chain(more)
        .flat_map(|(area, numbers)| numbers.iter().map(move |n| format!("{area}/ex{n}")))
        .collect()
}

/// Returns the directories, below that of the examples, in which the tutorials of an area may be.
fn folders(area: &str) -> Vec<String> {
    let area = area.strip_prefix(OF_SLEPC).unwrap_or(area);
    let short = match area {
        "vec" => "vec/vec",
        "is" => "vec/is/is",
        "sf" => "vec/is/sf",
        "ksp" => "ksp/ksp",
        "pc" => "ksp/pc",
        "tagger" => "vec/vec/utils/tagger",
        "plex" | "stag" | "swarm" | "network" | "forest" => &format!("dm/impls/{area}"),
        other => other,
    };
    let mut list = vec![format!("{short}/tutorials")];
    // `ts/hybrid` is in ts/tutorials/hybrid, `tao/bound` in tao/bound/tutorials, and
    // `tao/tutorials` in tao/tutorials.
    match area.split_once('/') {
        Some((first, "tutorials")) => folders(first),
        Some((first, rest)) => {
            let within = folders(first);
            list.extend(within.iter().map(|folder| format!("{folder}/{rest}")));
            list
        }
        None => list,
    }
}

/// Returns the C source of a tutorial such as `ksp/ex2`.
pub(crate) fn source(examples: &Path, name: &str) -> Result<PathBuf, String> {
    let (area, stem) = name
        .rsplit_once('/')
        .ok_or_else(|| format!("`{name}` does not have the form <area>/<exN>"))?;
    let file = format!("{stem}.c");
    let folders = folders(area);
    let found = folders.iter().map(|f| examples.join(f).join(&file)).find(|p| p.is_file());
    found.ok_or_else(|| format!("there is no {file} in {}", folders.join(", ")))
}

/// Returns the directory that contains `vec/vec/tutorials`: in an installation, in a source tree,
/// or in Debian's package of examples.
pub(crate) fn examples(config: &Config, wanted: Option<&Path>) -> Result<PathBuf, String> {
    let minor = format!("{}.{}", config.version.major, config.version.minor);
    let candidates = match wanted {
        Some(path) => {
            vec![path.to_owned(), path.join("src"), path.join("share/petsc/examples/src")]
        }
        None => vec![
            config.prefix.join("share/petsc/examples/src"),
            config.prefix.join("src"),
            PathBuf::from(format!("/usr/share/petsc/{minor}/share/petsc/examples/src")),
        ],
    };
    let probe = |path: &PathBuf| path.join("vec/vec/tutorials/output").is_dir();
    candidates.iter().find(|p| probe(p)).cloned().ok_or_else(|| {
        let list: Vec<_> = candidates.iter().map(|p| format!("  {}", p.display())).collect();
        format!(
            "PETSc's tutorials were not found. Tried:\n{}\nInstall them \
             (`apt install libpetsc{minor}-dev-examples`) or give --examples <folder>.",
            list.join("\n")
        )
    })
}

/// Returns the directory that contains `eps/tutorials`: in SLEPc's installation, or in Debian's
/// package of examples.
pub(crate) fn slepc_examples(slepc: &Slepc) -> Option<PathBuf> {
    let minor = format!("{}.{}", slepc.version.major, slepc.version.minor);
    [
        slepc.prefix.join("share/slepc/examples/src"),
        slepc.prefix.join("src"),
        PathBuf::from(format!("/usr/share/slepc/{minor}/share/slepc/examples/src")),
    ]
    .into_iter()
    .find(|path| path.join("eps/tutorials/output").is_dir())
}

/// Returns directories that may contain the `DATAFILESPATH` collection: that of the variable, then
/// those of packages.
pub(crate) fn data_folders(config: &Config) -> Vec<PathBuf> {
    let named = std::env::var_os("DATAFILESPATH").filter(|p| !p.is_empty());
    named
        .map(PathBuf::from)
        .into_iter()
        .chain([config.prefix.join("share/petsc/datafiles")])
        .filter(|p| p.is_dir())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parity::{block, expand};

    #[test]
    fn areas_are_found_where_upstream_has_them() {
        assert_eq!(folders("is"), ["vec/is/is/tutorials"]);
        assert_eq!(folders("tao/tutorials"), ["tao/tutorials"]);
        assert_eq!(folders("tao/bound"), ["tao/bound/tutorials", "tao/tutorials/bound"]);
        assert_eq!(folders("ksp/network")[1], "ksp/ksp/tutorials/network");
        assert_eq!(folders("forest"), ["dm/impls/forest/tutorials"]);
        assert_eq!(folders("tagger"), ["vec/vec/utils/tagger/tutorials"]);
        assert_eq!(folders("slepc/sys"), ["sys/tutorials"]);
        assert!(needs_slepc("slepc/sys/ex33") && !needs_slepc("sys/ex1"));
        assert_eq!(listed(false).len(), 56);
    }

    /// The numbers come from PETSc's own parser, config/testparse.py of 3.18.5. Nothing is compared
    /// if these tutorials are not installed.
    #[test]
    fn installed_tutorials_have_the_cases_that_upstream_counts() {
        let examples = Path::new("/usr/share/petsc/3.18/share/petsc/examples/src");
        let names = |name: &str| {
            let text = std::fs::read(source(examples, name).unwrap()).unwrap();
            let blocks = block::parse(&String::from_utf8_lossy(&text)).unwrap();
            let cases = expand::cases(name.rsplit('/').next().unwrap(), &blocks).unwrap();
            let output = |c: &expand::Case| {
                let path = source(examples, name).unwrap().with_file_name("").join(&c.output);
                assert!(path.is_file() || c.fields.has("TODO"), "{}", path.display());
            };
            cases.iter().for_each(output);
            let mut names: Vec<_> =
                cases.iter().map(|c| c.name.split('+').next().unwrap().to_owned()).collect();
            names.dedup();
            (blocks.blocks.len(), names.len(), cases.len())
        };
        if !examples.is_dir() {
            return;
        }
        // The numbers of blocks, of tests with PETSc's names, and of runs.
        assert_eq!(names("ksp/ex2"), (36, 36, 46));
        assert_eq!(names("ksp/ex27"), (12, 32, 81));
        assert_eq!(names("vec/ex1"), (1, 8, 8));
        assert_eq!(names("mat/ex9"), (1, 1, 4));
    }
}
