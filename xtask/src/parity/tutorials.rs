//! Which tutorials there are, and where.

use std::path::{Path, PathBuf};

use petsc_sys_build::Config;

/// The tutorials that have, or must get, a Rust port: area and example numbers.
const LISTED: &[(&str, &[u32])] = &[
    ("vec", &[1, 2, 3, 5, 6, 8, 9, 10, 11, 16, 18]),
    ("is", &[1, 2, 3, 4, 5]),
    ("mat", &[2, 3, 4, 9, 15, 17]),
    ("ksp", &[1, 2, 3, 5, 6, 7, 9, 10, 15, 16, 18, 23, 27]),
    ("sys", &[1, 2, 3, 4]),
];

/// Names (`ksp/ex2`) of the tutorials that are to be ported.
pub(crate) fn listed() -> Vec<String> {
    LISTED
        .iter()
        .flat_map(|(area, numbers)| numbers.iter().map(move |n| format!("{area}/ex{n}")))
        .collect()
}

/// Folder of an area below the folder of the examples. What is not in the table is taken as it
/// stands (`ts/hybrid`, `dm/impls/plex`).
fn folder(area: &str) -> String {
    match area {
        "vec" => "vec/vec/tutorials".into(),
        "is" => "vec/is/is/tutorials".into(),
        "sf" => "vec/is/sf/tutorials".into(),
        "ksp" => "ksp/ksp/tutorials".into(),
        "pc" => "ksp/pc/tutorials".into(),
        "plex" => "dm/impls/plex/tutorials".into(),
        "stag" => "dm/impls/stag/tutorials".into(),
        "swarm" => "dm/impls/swarm/tutorials".into(),
        "network" => "dm/impls/network/tutorials".into(),
        other => match other.split_once('/') {
            Some((first, rest)) if first != "dm" => format!("{first}/tutorials/{rest}"),
            _ => format!("{other}/tutorials"),
        },
    }
}

/// The C source of `ksp/ex2`.
pub(crate) fn source(examples: &Path, name: &str) -> Result<PathBuf, String> {
    let (area, stem) = name
        .rsplit_once('/')
        .ok_or_else(|| format!("`{name}` is not <area>/<exN>"))?;
    let path = examples.join(folder(area)).join(format!("{stem}.c"));
    if path.is_file() {
        return Ok(path);
    }
    Err(format!("{name}: there is no {}", path.display()))
}

/// The folder that holds `vec/vec/tutorials`: of an installation, of a source tree, or Debian's
/// package of examples.
pub(crate) fn examples(config: &Config, wanted: Option<&Path>) -> Result<PathBuf, String> {
    let minor = format!("{}.{}", config.version.major, config.version.minor);
    let candidates = match wanted {
        Some(path) => vec![
            path.to_owned(),
            path.join("src"),
            path.join("share/petsc/examples/src"),
        ],
        None => vec![
            config.prefix.join("share/petsc/examples/src"),
            config.prefix.join("src"),
            PathBuf::from(format!("/usr/share/petsc/{minor}/share/petsc/examples/src")),
        ],
    };
    let probe = |path: &PathBuf| path.join("vec/vec/tutorials/output").is_dir();
    candidates
        .iter()
        .find(|p| probe(p))
        .cloned()
        .ok_or_else(|| {
            let list: Vec<_> = candidates
                .iter()
                .map(|p| format!("  {}", p.display()))
                .collect();
            format!(
                "PETSc's tutorials were not found. Tried:\n{}\nInstall them \
             (`apt install libpetsc{minor}-dev-examples`) or give --examples <folder>.",
                list.join("\n")
            )
        })
}

/// Folders that may hold the `DATAFILESPATH` collection: the variable, else what was installed.
pub(crate) fn data_folders(config: &Config, workspace: &Path) -> Vec<PathBuf> {
    if let Some(path) = std::env::var_os("DATAFILESPATH").filter(|p| !p.is_empty()) {
        return vec![path.into()];
    }
    [
        config.prefix.join("share/petsc/datafiles"),
        workspace.join("../shared/data/meshes/petsc"),
    ]
    .into_iter()
    .filter(|p| p.is_dir())
    .collect()
}
