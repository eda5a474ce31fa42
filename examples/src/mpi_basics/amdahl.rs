//! The laws of Amdahl and Gustafson, fitted to measured times.

/// `seconds(p) = serial + parallel/p`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amdahl {
    /// The time in seconds of the part that is not divided among the workers.
    pub serial: f64,
    /// The time in seconds, with one worker, of the part that is divided among the workers.
    pub parallel: f64,
}

impl Amdahl {
    /// Computes the least squares fit to pairs of a number of workers and a time in seconds.
    /// Neither part is negative. Returns `None` if all numbers of workers are equal.
    #[must_use]
    pub fn fit(times: &[(usize, f64)]) -> Option<Self> {
        let n = times.len() as f64;
        let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
            times.iter().map(|&(p, t)| f(1.0 / p as f64, t)).sum()
        };
        let (x, y) = (sum(&|x, _| x), sum(&|_, y| y));
        let (xx, xy) = (sum(&|x, _| x * x), sum(&|x, y| x * y));
        let determinant = n * xx - x * x;
        if determinant <= 1e-12 {
            return None;
        }
        let parallel = (n * xy - x * y) / determinant;
        let serial = (y - parallel * x) / n;
        Some(if serial < 0.0 {
            Self { serial: 0.0, parallel: xy / xx }
        } else if parallel < 0.0 {
            Self { serial: y / n, parallel: 0.0 }
        } else {
            Self { serial, parallel }
        })
    }

    /// Returns the serial part as a fraction of the time with one worker.
    #[must_use]
    pub fn serial_fraction(&self) -> f64 {
        self.serial / (self.serial + self.parallel)
    }

    /// Returns the speedup that the law predicts for `workers`.
    #[must_use]
    pub fn speedup(&self, workers: usize) -> f64 {
        (self.serial + self.parallel) / (self.serial + self.parallel / workers as f64)
    }
}

/// Gustafson's law for work that grows with the number of workers: `speedup(p) = p - serial·(p -
/// 1)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gustafson {
    /// The serial fraction, from 0 to 1.
    pub serial: f64,
}

impl Gustafson {
    /// Computes the least squares fit to pairs of a number of workers and a time in seconds, with
    /// work proportional to the number of workers. Returns `None` if all numbers of workers are
    /// equal.
    #[must_use]
    pub fn fit(times: &[(usize, f64)]) -> Option<Self> {
        let &(first, one) = times.first()?;
        let (mut top, mut bottom) = (0.0, 0.0);
        for &(p, t) in times {
            let p = p as f64 / first as f64;
            // p - speedup = serial·(p - 1)
            top += p * (1.0 - one / t) * (p - 1.0);
            bottom += (p - 1.0) * (p - 1.0);
        }
        (bottom > 0.0).then(|| Self { serial: (top / bottom).clamp(0.0, 1.0) })
    }

    /// Returns the speedup that the law predicts for `workers`, relative to `first`.
    #[must_use]
    pub fn speedup(&self, workers: usize, first: usize) -> f64 {
        let p = workers as f64 / first as f64;
        p - self.serial * (p - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Amdahl, Gustafson};

    #[test]
    fn growing_work_gives_back_its_law() {
        let law = |p: usize| {
            let p = p as f64;
            3.0 * p / (p - 0.2 * (p - 1.0))
        };
        let fit = Gustafson::fit(&[1, 2, 4, 8].map(|p| (p, law(p)))).unwrap();
        assert!((fit.serial - 0.2).abs() < 1e-12);
        assert!((fit.speedup(11, 1) - 9.0).abs() < 1e-12);
        assert_eq!(Gustafson::fit(&[(2, 1.0), (2, 1.1)]), None);
    }

    #[test]
    fn exact_times_give_back_the_law() {
        let law = |p: usize| 0.2 + 1.8 / p as f64;
        let fit = Amdahl::fit(&[1, 2, 4, 8].map(|p| (p, law(p)))).unwrap();
        assert!((fit.serial - 0.2).abs() < 1e-12 && (fit.parallel - 1.8).abs() < 1e-12);
        assert!((fit.serial_fraction() - 0.1).abs() < 1e-12);
        // A serial fraction of a tenth: the speedup is at most ten.
        assert!((fit.speedup(1_000_000) - 10.0).abs() < 1e-3);
    }

    #[test]
    fn superlinear_times_have_no_negative_part() {
        let fit = Amdahl::fit(&[(1, 1.0), (2, 0.4)]).unwrap();
        assert_eq!(fit.serial, 0.0);
        assert!(Amdahl::fit(&[(2, 1.0), (2, 1.1)]).is_none());
    }
}
