//! The progress of a child, in one file for each rank: from these files, the parent reads which
//! operation ran when the child ended.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// The file of progress of this rank.
pub(crate) struct Progress(Option<File>);

/// Where in the file there is how this rank came to its agreement with the others.
const OUTCOME: u64 = 60;

impl Progress {
    pub(crate) fn new(path: Option<&Path>, rank: i32) -> Self {
        let path = path.map(|path| match rank {
            0 => path.to_owned(),
            _ => path.with_extension(format!("progress-{rank}")),
        });
        Self(path.and_then(|path| match File::create(&path) {
            Ok(file) => Some(file),
            Err(error) => {
                eprintln!("error: {}: {error}", path.display());
                None
            }
        }))
    }

    /// Case, its seed, and step; the last step is the end, at which everything is dropped.
    pub(crate) fn at(&self, case: u64, seed: u64, step: u64) {
        self.write(&format!("{case:20} {seed:016x} {step:20} \n"), 0);
    }

    /// Whether this rank has an error, and waits for what the others say.
    pub(crate) fn failed(&self, failed: bool) {
        self.write(if failed { "failed\n" } else { "      \n" }, OUTCOME);
    }

    fn write(&self, text: &str, at: u64) {
        if let Some(file) = &self.0 {
            // The parent then takes the whole batch for one case that it does not know.
            let _ = file.write_at(text.as_bytes(), at);
        }
    }
}
