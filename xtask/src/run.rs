//! Runs other programs: prints the command line, and converts a failure into an error that names
//! it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Returns the root of the workspace.
pub(crate) fn workspace() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// Returns the target directory of cargo.
pub(crate) fn target_dir() -> PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR").filter(|v| !v.is_empty());
    named.map_or_else(|| workspace().join("target"), |dir| workspace().join(dir))
}

/// Returns a command for the cargo that runs this task.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace());
    command
}

/// Returns `mpiexec -n ranks`, which can run as root and with more ranks than cores.
pub(crate) fn mpiexec(ranks: usize) -> Command {
    let mut command = mpiexec_program();
    command.args(["-n", &ranks.to_string()]);
    // These variables apply to processes without a launcher.
    command.env_remove("OMPI_MCA_orte_create_session_dirs");
    allow_many_ranks(&mut command);
    command
}

/// Allows Open MPI to start as root (in containers) and with more ranks than cores, and limits each
/// rank to one thread.
pub(crate) fn allow_many_ranks(command: &mut Command) {
    command
        .env("OMPI_ALLOW_RUN_AS_ROOT", "1")
        .env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
        .env("OMPI_MCA_rmaps_base_oversubscribe", "1")
        .env("PRTE_MCA_rmaps_default_mapping_policy", ":oversubscribe")
        .env("OMP_NUM_THREADS", "1");
}

/// Configures Open MPI for many short jobs on this machine: it does not search for graphics cards,
/// PCI devices and networks other than TCP and shared memory, which halves the start-up time.
/// Variables that the user has set are kept. `petsc-test` uses the same configuration.
pub(crate) fn quick_start(command: &mut Command) {
    keep_or_set(
        command,
        &[
            ("HWLOC_COMPONENTS", "-gl,-opencl,-pci,-linuxio"),
            ("OMPI_MCA_pml", "ob1"),
            ("OMPI_MCA_mtl", "^ofi,psm,psm2"),
            ("OMPI_MCA_btl", "^openib,ofi,usnic,uct"),
        ],
    );
}

/// Configures Open MPI for processes without a launcher, such as documentation examples: it starts
/// no daemon and creates no session directory, which all such processes would share. With a
/// launcher, this configuration does not work.
pub(crate) fn quick_start_alone(command: &mut Command) {
    quick_start(command);
    keep_or_set(
        command,
        &[("OMPI_MCA_ess_singleton_isolated", "1"), ("OMPI_MCA_orte_create_session_dirs", "0")],
    );
}

fn keep_or_set(command: &mut Command, variables: &[(&str, &str)]) {
    for &(name, value) in variables {
        command.env(name, std::env::var_os(name).unwrap_or_else(|| value.into()));
    }
}

/// Returns a command for `mpiexec`, or for the program in the variable MPIEXEC.
pub(crate) fn mpiexec_program() -> Command {
    Command::new(std::env::var_os("MPIEXEC").unwrap_or_else(|| "mpiexec".into()))
}

/// Returns the command line in the form in which it can be typed.
pub(crate) fn line(command: &Command) -> String {
    let word = |w: &OsStr| {
        let w = w.to_string_lossy();
        if w.is_empty() || w.contains([' ', '"', '$', '*', ';']) {
            format!("'{w}'")
        } else {
            w.into_owned()
        }
    };
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(word)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Prints the command line and runs it with inherited output. A failure is an error.
pub(crate) fn loud(command: &mut Command) -> Result<(), String> {
    let line = line(command);
    println!("$ {line}");
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` failed ({status})")),
        Err(error) => Err(format!("`{line}` could not be run ({error})")),
    }
}

/// Runs a command and returns its output.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let line = line(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("`{line}` could not be run ({error})"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let word = stderr.lines().find(|l| !l.trim().is_empty()).unwrap_or("no error message");
    Err(format!("`{line}` failed ({}): {word}", output.status))
}

/// Returns whether a program is in PATH.
pub(crate) fn in_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| dir.join(program).is_file())
}
