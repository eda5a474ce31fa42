//! A shorter start of Open MPI where no network is needed.
//!
//! Open MPI starts a daemon for a process that no launcher started, in case it will spawn others, and looks for networks
//! before it finds that there is nobody to talk to. That takes most of half a second, more than many of these programs
//! compute. Both can be turned off by variables, which have to be set before MPI starts.

use std::ffi::OsString;

/// Variables that launchers set for their processes.
const LAUNCHERS: [&str; 5] = [
    "OMPI_COMM_WORLD_SIZE",
    "PMIX_RANK",
    "PMI_RANK",
    "SLURM_PROCID",
    "PALS_RANKID",
];

/// Tells Open MPI what this job does without: alone, a daemon; with all ranks on this machine, networks. What the user
/// has set stays. Another MPI does not look at the variables. To be called before anything else.
pub(crate) fn hint() {
    for (name, value) in hints(|name| std::env::var_os(name)) {
        #[expect(
            unsafe_code,
            reason = "variables can only be set where no other thread looks at them"
        )]
        // SAFETY: the only caller is `app::main`, the first thing that a program does: it has one thread.
        unsafe {
            std::env::set_var(name, value);
        }
    }
}

fn hints(variable: impl Fn(&str) -> Option<OsString>) -> Vec<(&'static str, &'static str)> {
    let alone = LAUNCHERS.iter().all(|name| variable(name).is_none());
    let (all, here) = (
        variable("OMPI_COMM_WORLD_SIZE"),
        variable("OMPI_COMM_WORLD_LOCAL_SIZE"),
    );
    let mut hints = Vec::new();
    if alone {
        hints.push(("OMPI_MCA_ess_singleton_isolated", "1"));
        // All such processes would share one folder, which goes when the first one ends.
        hints.push(("OMPI_MCA_orte_create_session_dirs", "0"));
    }
    if alone || (all.is_some() && all == here) {
        // Shared memory, by Open MPI's own means.
        hints.push(("OMPI_MCA_pml", "ob1"));
    }
    // Where the user chose how messages travel, or where to look for it, nothing is added.
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
        assert_eq!(
            of(&[(all, "4"), (here, "4"), ("PMIX_RANK", "1")]),
            [network]
        );
        assert!(of(&[(all, "4"), (here, "2"), ("PMIX_RANK", "1")]).is_empty());
        assert!(of(&[("SLURM_PROCID", "0")]).is_empty());
    }
}
