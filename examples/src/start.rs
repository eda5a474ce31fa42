//! A faster start of Open MPI for jobs that need no network.
//!
//! Open MPI starts a daemon for a process without a launcher, because the process may spawn others,
//! and searches for networks. This takes nearly half a second, which is longer than many of these
//! programs run. Environment variables disable the daemon and the search; they must be set before
//! MPI starts.

use std::ffi::OsString;

/// Variables that launchers set for their processes.
const LAUNCHERS: [&str; 5] =
    ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID", "PALS_RANKID"];

/// Sets the variables of Open MPI for this job: no daemon for a single process, no networks if all
/// ranks are on this machine. Variables that the user has set are kept. Other MPI implementations
/// ignore these variables. Call this function first in `main`.
pub(crate) fn hint() {
    for (name, value) in hints(|name| std::env::var_os(name)) {
        #[expect(
            unsafe_code,
            reason = "variables can be set only while no other thread reads them"
        )]
        // SAFETY: the only caller is `app::main`, at the start of the program, when the process has
        // one thread.
        unsafe {
            std::env::set_var(name, value);
        }
    }
}

fn hints(variable: impl Fn(&str) -> Option<OsString>) -> Vec<(&'static str, &'static str)> {
    let alone = LAUNCHERS.iter().all(|name| variable(name).is_none());
    let (all, here) = (variable("OMPI_COMM_WORLD_SIZE"), variable("OMPI_COMM_WORLD_LOCAL_SIZE"));
    let mut hints = Vec::new();
    if alone {
        hints.push(("OMPI_MCA_ess_singleton_isolated", "1"));
        // All such processes would share one session directory, which is removed when the first one
        // ends.
        hints.push(("OMPI_MCA_orte_create_session_dirs", "0"));
    }
    if alone || (all.is_some() && all == here) {
        // Open MPI's point-to-point layer for shared memory and TCP.
        hints.push(("OMPI_MCA_pml", "ob1"));
    }
    // If the user has selected a transport or its configuration, no variable is added.
    let chosen = |name: &str| variable(name).is_some();
    if chosen("OMPI_MCA_btl") || chosen("OMPI_MCA_mtl") {
        hints.retain(|(name, _)| *name != "OMPI_MCA_pml");
    }
    hints.retain(|(name, _)| !chosen(name));
    hints
}

#[cfg(test)]
mod tests {
    use super::hints;

    #[test]
    fn only_jobs_on_one_machine_do_without_networks() {
        let of = |set: &[(&str, &str)]| -> Vec<&'static str> {
            let found = hints(|name| {
                let pair = set.iter().find(|(n, _)| *n == name);
                pair.map(|(_, value)| value.into())
            });
            found.into_iter().map(|(name, _)| name).collect()
        };
        let (alone, network) = ("OMPI_MCA_ess_singleton_isolated", "OMPI_MCA_pml");
        let (all, here) = ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_SIZE");
        let folder = "OMPI_MCA_orte_create_session_dirs";
        assert_eq!(of(&[]), [alone, folder, network]);
        assert_eq!(of(&[(network, "cm")]), [alone, folder]);
        assert_eq!(of(&[("OMPI_MCA_mtl", "psm2")]), [alone, folder]);
        assert_eq!(of(&[(all, "4"), (here, "4"), ("PMIX_RANK", "1")]), [network]);
        assert!(of(&[(all, "4"), (here, "2"), ("PMIX_RANK", "1")]).is_empty());
        assert!(of(&[("SLURM_PROCID", "0")]).is_empty());
    }
}
