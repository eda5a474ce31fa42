//! Diaries of the ranks of a job: each rank writes a line when a test starts, when its
//! function returns or fails, and when the test is complete.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A step of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The test has started. The value is the number of bytes that the rank had printed before.
    Start(u64),
    /// The function has returned an error or panicked.
    Failed,
    /// The function has returned; the following steps are collective.
    Through,
    /// The test is complete.
    Done,
}

/// The diary of a rank.
pub(crate) struct Diary(File);

impl Diary {
    pub(crate) fn open(folder: &Path, rank: i32) -> io::Result<Self> {
        File::create(path(folder, rank)).map(Self)
    }

    pub(crate) fn write(&mut self, step: Step, name: &str) -> io::Result<()> {
        let (word, size) = match step {
            Step::Start(size) => ("start", size),
            Step::Failed => ("failed", 0),
            Step::Through => ("through", 0),
            Step::Done => ("done", 0),
        };
        // In a single write, because another process reads at the same time.
        self.0.write_all(format!("{word} {size} {name}\n").as_bytes())
    }
}

fn path(folder: &Path, rank: impl std::fmt::Display) -> PathBuf {
    folder.join(format!("diary-{rank}"))
}

fn entry(line: &str) -> Option<(Step, &str)> {
    let mut words = line.splitn(3, ' ');
    let (word, size, name) = (words.next()?, words.next()?, words.next()?);
    let step = match word {
        "start" => Step::Start(size.parse().ok()?),
        "failed" => Step::Failed,
        "through" => Step::Through,
        "done" => Step::Done,
        _ => return None,
    };
    Some((step, name))
}

/// The diaries of all ranks, as last read.
pub(crate) struct Diaries {
    paths: Vec<PathBuf>,
    texts: Vec<String>,
}

impl Diaries {
    pub(crate) fn new(folder: &Path, ranks: usize) -> Self {
        Self {
            paths: (0..ranks).map(|rank| path(folder, rank)).collect(),
            texts: vec![String::new(); ranks],
        }
    }

    /// Reads new lines; returns false if there are none.
    pub(crate) fn refresh(&mut self) -> bool {
        let mut news = false;
        for (path, text) in self.paths.iter().zip(&mut self.texts) {
            let size = fs::metadata(path).map_or(0, |m| m.len());
            if size == text.len() as u64 {
                continue;
            }
            let mut now = fs::read_to_string(path).unwrap_or_default();
            now.truncate(now.rfind('\n').map_or(0, |end| end + 1));
            news |= now.len() != text.len();
            *text = now;
        }
        news
    }

    /// Returns whether a rank has started a test.
    pub(crate) fn started(&self) -> bool {
        self.texts.iter().any(|text| !text.is_empty())
    }

    /// Number of tests, from the first, that every rank has completed.
    pub(crate) fn done(&self, names: &[&str]) -> usize {
        let of = |text: &String| {
            let done = text.lines().filter_map(entry);
            let done = done.filter(|&(step, _)| step == Step::Done);
            let pairs = names.iter().zip(done);
            pairs.take_while(|(name, (_, done))| *name == done).count()
        };
        self.texts.iter().map(of).min().unwrap_or(0)
    }

    /// The ranks that have reached `step` of a test.
    pub(crate) fn ranks_at(&self, step: Step, name: &str) -> Vec<usize> {
        let here = |text: &String| text.lines().filter_map(entry).any(|e| e == (step, name));
        (0..self.texts.len()).filter(|&rank| here(&self.texts[rank])).collect()
    }

    /// Number of bytes that a rank had printed when it started a test, or the last test before it.
    pub(crate) fn printed_before(&self, rank: usize) -> u64 {
        let entries = self.texts[rank].lines().filter_map(entry);
        let mut starts = entries.filter_map(|(step, _)| match step {
            Step::Start(size) => Some(size),
            _ => None,
        });
        starts.next_back().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Diaries, Diary, Step};

    #[test]
    fn a_diary_counts_what_every_rank_has_done() {
        let dir = tempfile::tempdir().unwrap();
        let mut diaries = Diaries::new(dir.path(), 2);
        assert!(!diaries.refresh());
        assert!(!diaries.started());
        let mut ranks = [0, 1].map(|rank| Diary::open(dir.path(), rank).unwrap());
        for diary in &mut ranks {
            diary.write(Step::Start(7), "a").unwrap();
            diary.write(Step::Done, "a").unwrap();
        }
        ranks[0].write(Step::Start(40), "b b").unwrap();
        ranks[0].write(Step::Through, "b b").unwrap();
        ranks[0].write(Step::Done, "b b").unwrap();
        assert!(diaries.refresh());
        assert!(!diaries.refresh());
        assert_eq!(diaries.done(&["a", "b b", "c"]), 1);
        assert_eq!(diaries.ranks_at(Step::Through, "b b"), [0]);
        assert_eq!(diaries.printed_before(0), 40);
        assert_eq!(diaries.printed_before(1), 7);
    }
}
