//! Schedule of the jobs: their ranks together do not exceed the number of cores.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use crate::Case;
use crate::job::{self, Verdict};

/// A test on a number of ranks.
pub(crate) type Key = (&'static str, usize);

/// The tests of one job, unless some fail.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) cases: Vec<&'static Case>,
    pub(crate) ranks: usize,
}

/// Results of jobs, for which trials wait.
#[derive(Default)]
pub(crate) struct Board {
    verdicts: Mutex<HashMap<Key, Verdict>>,
    news: Condvar,
}

impl Board {
    fn post(&self, key: Key, verdict: Verdict) {
        lock(&self.verdicts).entry(key).or_insert(verdict);
        self.news.notify_all();
    }

    /// Waits for the result of a test in a scheduled batch.
    pub(crate) fn wait(&self, key: Key) -> Verdict {
        let mut verdicts = lock(&self.verdicts);
        loop {
            if let Some(verdict) = verdicts.remove(&key) {
                return verdict;
            }
            verdicts = self.news.wait(verdicts).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Posts a result for every test of a batch, even if the thread that runs it panics.
struct Promise<'a> {
    board: &'a Board,
    batch: &'a Batch,
    kept: HashSet<&'static str>,
}

impl Promise<'_> {
    fn keep(&mut self, case: &'static Case, verdict: Verdict) {
        self.kept.insert(case.name);
        self.board.post((case.name, self.batch.ranks), verdict);
    }
}

impl Drop for Promise<'_> {
    fn drop(&mut self) {
        for case in &self.batch.cases {
            if !self.kept.contains(case.name) {
                let key = (case.name, self.batch.ranks);
                self.board.post(key, Err("the test was not run".into()));
            }
        }
    }
}

fn run(batch: &Batch, board: &Board) {
    let mut promise = Promise { board, batch, kept: HashSet::new() };
    match batch.cases[..] {
        [case] if case.must_fail() => {
            let verdict = job::run_failing(case, batch.ranks);
            promise.keep(case, verdict);
        }
        _ => job::run_batch(&batch.cases, batch.ranks, |case, verdict| {
            promise.keep(case, verdict);
        }),
    }
}

/// Free places for ranks.
struct Places {
    free: Mutex<usize>,
    freed: Condvar,
}

/// Releases the places on drop.
struct Taken {
    places: Arc<Places>,
    count: usize,
}

impl Drop for Taken {
    fn drop(&mut self) {
        *lock(&self.places.free) += self.count;
        self.places.freed.notify_all();
    }
}

impl Places {
    /// Waits until one of the jobs fits, takes its places, and returns its index; `None` if there
    /// are no jobs.
    fn take(self: &Arc<Self>, weights: &[usize]) -> Option<(usize, Taken)> {
        if weights.is_empty() {
            return None;
        }
        let mut free = lock(&self.free);
        loop {
            if let Some(next) = weights.iter().position(|&weight| weight <= *free) {
                *free -= weights[next];
                let taken = Taken { places: Arc::clone(self), count: weights[next] };
                return Some((next, taken));
            }
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Runs all batches in the background, the largest first, on at most `capacity` ranks at a time (a
/// larger job runs alone).
pub(crate) fn start(
    mut batches: Vec<Batch>,
    capacity: usize,
    board: &Arc<Board>,
) -> JoinHandle<()> {
    batches.sort_by_key(|batch| std::cmp::Reverse((batch.ranks, batch.cases.len())));
    let board = Arc::clone(board);
    thread::spawn(move || {
        let places = Arc::new(Places { free: Mutex::new(capacity), freed: Condvar::new() });
        let weight = |batch: &Batch| batch.ranks.min(capacity);
        thread::scope(|scope| {
            while let Some((next, taken)) =
                places.take(&batches.iter().map(weight).collect::<Vec<_>>())
            {
                let (batch, board) = (batches.remove(next), &board);
                scope.spawn(move || {
                    run(&batch, board);
                    drop(taken);
                });
            }
        });
    })
}

/// The data of these locks are valid at any time, so a panic of another thread does not invalidate
/// them.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Condvar, Mutex};

    use super::Places;

    #[test]
    fn the_first_that_fits_goes_first() {
        let places = Arc::new(Places { free: Mutex::new(3), freed: Condvar::new() });
        let (first, two) = places.take(&[2, 2, 1]).unwrap();
        assert_eq!(first, 0);
        let (second, one) = places.take(&[2, 1]).unwrap();
        assert_eq!(second, 1);
        assert_eq!(*places.free.lock().unwrap(), 0);
        drop(one);
        drop(two);
        assert_eq!(*places.free.lock().unwrap(), 3);
        assert!(places.take(&[]).is_none());
    }
}
