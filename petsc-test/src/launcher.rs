//! The command that starts a program on several ranks, for launchers of any MPI.

use std::env;
use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::child;
use crate::process::{self, Outcome};

/// Runs a program under mpiexec, and waits for at most `timeout` until it ends.
///
/// Sets the environment variables that launchers require to run as root, or to run more ranks than
/// there are cores. One rank runs without a launcher, unless `PETSC_TEST_MPIEXEC_SERIAL` is set.
///
/// # Errors
/// An I/O error if the launcher cannot be started.
///
/// # Examples
/// ```no_run
/// # use std::{path::Path, time::Duration};
/// let program = Path::new("target/debug/solver");
/// let job = petsc_test::launch(2, program, &["-ksp_type", "cg"], Duration::from_secs(60))?;
/// assert_eq!(job.code, Some(0), "{}", job.output);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn launch<S: AsRef<OsStr>>(
    ranks: usize,
    program: &Path,
    args: &[S],
    timeout: Duration,
) -> io::Result<Outcome> {
    let mut command = command(ranks, program);
    command.args(args);
    finish(command, timeout)
}

/// Runs a command that [`command`] created and that the caller may have changed. Waits for it as
/// [`launch`] does.
///
/// # Errors
/// An I/O error if the command cannot be started.
///
/// # Examples
/// ```no_run
/// # use std::{path::Path, time::Duration};
/// let mut command = petsc_test::command(2, Path::new("target/debug/solver"));
/// command.env("PETSC_RS_ABORT_GRACE", "0.1");
/// let job = petsc_test::finish(command, Duration::from_secs(60))?;
/// assert_eq!(job.code, Some(0), "{}", job.output);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn finish(command: Command, timeout: Duration) -> io::Result<Outcome> {
    let deadline = Instant::now() + timeout;
    process::run(command, || Instant::now() < deadline)
}

/// Families of launchers with different flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    OpenMpi,
    /// MPICH and Intel MPI.
    Hydra,
    /// `srun` and others, which are called with `-n` only.
    Other,
}

impl Family {
    /// Determines the family from the output of `mpiexec --version`.
    fn of(version: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|word| version.contains(word));
        if has(&["Open MPI", "OpenRTE", "PRRTE"]) {
            Self::OpenMpi
        } else if has(&["HYDRA", "Intel(R) MPI"]) {
            Self::Hydra
        } else {
            Self::Other
        }
    }

    fn flags(self) -> &'static [&'static str] {
        match self {
            Self::OpenMpi => &["--oversubscribe", "--tag-output"],
            Self::Hydra => &["-prepend-rank"],
            Self::Other => &[],
        }
    }
}

/// Variables that allow launchers to run more ranks than cores, and to run as root.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("OMPI_ALLOW_RUN_AS_ROOT", "1"),
    ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"),
    ("OMPI_MCA_rmaps_base_oversubscribe", "1"),
    ("OMPI_MCA_mpi_yield_when_idle", "1"),
    // Open MPI 5 has another launcher.
    ("PRTE_ALLOW_RUN_AS_ROOT", "1"),
    ("PRTE_ALLOW_RUN_AS_ROOT_CONFIRM", "1"),
    ("PRTE_MCA_rmaps_default_mapping_policy", ":oversubscribe"),
    ("OMP_NUM_THREADS", "1"),
];

/// Settings with which Open MPI omits the search for graphics cards and PCI devices, and networks
/// other than TCP and shared memory; a short job then starts in half of the time. Variables of the
/// user take precedence.
const QUICK_START: &[(&str, &str)] = &[
    ("HWLOC_COMPONENTS", "-gl,-opencl,-pci,-linuxio"),
    ("OMPI_MCA_pml", "ob1"),
    ("OMPI_MCA_mtl", "^ofi,psm,psm2"),
    ("OMPI_MCA_btl", "^openib,ofi,usnic,uct"),
];

/// Settings for one rank without a launcher: no daemon that would start further processes, and no
/// folder for the job, which all such processes would share and which the first one to end would
/// remove.
const ALONE: &[(&str, &str)] =
    &[("OMPI_MCA_ess_singleton_isolated", "1"), ("OMPI_MCA_orte_create_session_dirs", "0")];

/// Prefixes of the variables that MPI sets for the processes of a job.
const OF_THE_JOB: &[&str] = &[
    "PMIX_",
    "PMI_",
    "HYDI_",
    "MPI_LOCALNRANKS",
    "MPI_LOCALRANKID",
    "OMPI_COMM_WORLD_",
    "OMPI_UNIVERSE_SIZE",
    "OMPI_APP_CTX",
    "OMPI_ARGV",
    "OMPI_COMMAND",
    "OMPI_FILE_LOCATION",
    "OMPI_FIRST_RANKS",
    "OMPI_MCA_ess",
    "OMPI_MCA_initial_wdir",
    "OMPI_MCA_orte",
    "OMPI_MCA_pmix",
    "OMPI_NUM_APP_CTX",
];

/// Returns the command that starts `program` on `ranks` ranks, as [`launch`] does, so that a test
/// can change it or interact with the job. One rank needs no launcher.
#[must_use]
pub fn command(ranks: usize, program: &Path) -> Command {
    let alone = ranks == 1 && env::var_os("PETSC_TEST_MPIEXEC_SERIAL").is_none();
    let mut command = if alone {
        Command::new(program)
    } else {
        let launcher = launcher();
        let mut words = launcher.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or("mpiexec"));
        command.args(words).arg("-n").arg(ranks.to_string());
        command.args(family().flags()).arg(program);
        command
    };
    // A test that is itself an MPI process has the variables of its job, which would affect another
    // launcher.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if OF_THE_JOB.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    for name in [child::FOLDER, child::RANKS, child::PARENT] {
        command.env_remove(name);
    }
    command.envs(ENVIRONMENT.iter().copied());
    for &(name, value) in QUICK_START.iter().chain(if alone { ALONE } else { &[] }) {
        command.env(name, env::var_os(name).unwrap_or_else(|| value.into()));
    }
    command
}

fn launcher() -> String {
    env::var("PETSC_TEST_MPIEXEC").unwrap_or_else(|_| "mpiexec".into())
}

fn family() -> Family {
    static ANSWER: OnceLock<Family> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        let launcher = launcher();
        let program = launcher.split_whitespace().next().unwrap_or("mpiexec");
        let output = Command::new(program).arg("--version").output();
        output.map_or(Family::Other, |o| Family::of(&String::from_utf8_lossy(&o.stdout)))
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::{OsStr, OsString};
    use std::path::Path;

    use super::{ALONE, Family, QUICK_START, command};

    #[test]
    fn what_the_user_sets_wins_over_a_quick_start() {
        let command = command(1, Path::new("solver"));
        for (name, value) in QUICK_START.iter().chain(ALONE) {
            let given = std::env::var_os(name).unwrap_or_else(|| OsString::from(value));
            let passed = |(key, value)| (key == OsStr::new(name)).then_some(value);
            assert_eq!(command.get_envs().find_map(passed), Some(Some(&*given)), "{name}");
        }
    }

    #[test]
    fn a_launcher_is_recognized_by_its_version_text() {
        let of = Family::of;
        assert_eq!(of("mpiexec (OpenRTE) 4.1.4\n"), Family::OpenMpi);
        assert_eq!(of("mpiexec (Open MPI) 5.0.3\n"), Family::OpenMpi);
        assert_eq!(of("HYDRA build details:\n  Version: 4.0.2\n"), Family::Hydra);
        assert_eq!(of("Intel(R) MPI Library for Linux* OS, Version 2021.11"), Family::Hydra);
        assert_eq!(of("slurm 23.02.6"), Family::Other);
    }
}
