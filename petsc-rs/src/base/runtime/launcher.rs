//! Detects that the launcher belongs to another MPI than the program. Such a launcher starts N
//! processes, each of which is the only process of its own `MPI_COMM_WORLD`.

use std::env;

use crate::sys;

/// Pairs of environment variables in which launchers pass the number of processes and the rank.
const SIZES: &[(&str, &str, &str)] = &[
    ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "Open MPI's mpiexec"),
    ("PMI_SIZE", "PMI_RANK", "a launcher of MPICH or Intel MPI"),
    ("MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK", "MVAPICH2's mpiexec"),
    ("PALS_SIZE", "PALS_RANKID", "Cray's PALS"),
];

/// Returns the text of the warning if a launcher started several processes and MPI has one process.
/// Only the process with rank 0 of the launcher returns it.
pub(super) fn singleton_warning(world_size: i32, library: &str) -> Option<String> {
    warning(world_size, library, |name| env::var(name).ok())
}

/// Returns the name and the version of the MPI library, as the library reports them.
pub(super) fn mpi_library() -> String {
    let mut text = [0u8; 256];
    // SAFETY: the buffer has the capacity given; the shim terminates the string.
    let length = unsafe { sys::PetscRsMpiLibrary(text.as_mut_ptr().cast(), 256) };
    let length = usize::try_from(length).unwrap_or(0).min(text.len());
    let text = String::from_utf8_lossy(&text[..length]);
    text.split([',', '\n']).next().unwrap_or_default().to_owned()
}

fn warning(
    world_size: i32,
    library: &str,
    variable: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    if world_size != 1 {
        return None;
    }
    SIZES.iter().find_map(|(size, rank, launcher)| {
        let count: u32 = variable(size)?.parse().ok()?;
        let first = variable(rank).is_none_or(|r| r == "0");
        (count > 1 && first).then(|| {
            format!(
                "petsc-rs: {launcher} started {count} processes, but MPI has one process in each of them: this \
                 program was linked with {library}. Start it with the mpiexec of that MPI."
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use super::warning;

    #[test]
    fn only_singletons_of_a_foreign_launcher_are_warned_once() {
        let env = |rank: &'static str| {
            move |name: &str| match name {
                "PMI_SIZE" => Some("4".to_owned()),
                "PMI_RANK" => Some(rank.to_owned()),
                _ => None,
            }
        };
        assert!(warning(1, "Open MPI", env("0")).is_some_and(|w| w.contains("4 processes")));
        assert!(warning(1, "Open MPI", env("2")).is_none());
        assert!(warning(4, "Open MPI", env("0")).is_none());
        assert!(warning(1, "Open MPI", |_| None).is_none());
    }
}
