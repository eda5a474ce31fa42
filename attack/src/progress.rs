//! Where a child is, in a file: the parent reads there what ran when the child ended.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// The file of progress, written by one rank.
pub(crate) struct Progress(Option<File>);

impl Progress {
    pub(crate) fn new(path: Option<&Path>, rank: i32) -> Self {
        let path = path.filter(|_| rank == 0);
        Self(path.and_then(|path| match File::create(path) {
            Ok(file) => Some(file),
            Err(error) => {
                eprintln!("error: {}: {error}", path.display());
                None
            }
        }))
    }

    /// Case, its seed, and step; the last step is the end, at which everything is dropped.
    pub(crate) fn at(&mut self, case: u64, seed: u64, step: u64) {
        if let Some(file) = &self.0 {
            let line = format!("{case:20} {seed:016x} {step:20}\n");
            // The parent then takes the whole batch for one case that it does not know.
            let _ = file.write_at(line.as_bytes(), 0);
        }
    }
}
