//! The loss of the samples of all ranks, with an order of summation that does not depend on the
//! number of ranks.

use std::cell::RefCell;
use std::ops::Range;

use mpi::Count;
use mpi::collective::SystemOperation;
use mpi::datatype::PartitionMut;
use mpi::traits::CommunicatorCollectives;
use ndarray::{Array2, ArrayView2, s};
use petsc_rs::{Comm, Error, Result};

use super::network::{Network, Output, Workspace};
use super::roc::area_under_roc;
use super::table::Table;
use crate::mpi_basics::chunk;

/// The number of parts into which the samples are divided. Each part is on one rank, and the sums
/// of the parts are added in order. The loss is therefore identical to the last bit on any number
/// of ranks up to this number.
pub const PARTS: usize = 12;

/// The number of rows that are multiplied at once, which limits the memory for activations.
const ROWS: usize = 256;

/// The samples of this rank.
#[derive(Clone, Debug)]
pub struct Samples {
    features: Array2<f64>,
    classes: Vec<usize>,
    /// The rows of each part that is on this rank.
    parts: Vec<Range<usize>>,
    /// The number of parts of each rank.
    counts: Vec<usize>,
    /// The number of samples of all ranks.
    total: usize,
}

impl Samples {
    /// Returns this rank's part of `total` rows; `make` returns the rows of a range.
    ///
    /// # Errors
    /// The number of samples returned by `make` is wrong.
    pub fn share(comm: &Comm, total: usize, make: impl Fn(Range<usize>) -> Table) -> Result<Self> {
        let (ranks, rank) = (comm.size() as usize, comm.rank() as usize);
        let parts = PARTS.max(ranks);
        let own = chunk(parts, ranks, rank);
        let rows = |p: usize| chunk(total, parts, p);
        let first = rows(own.start).start;
        let last = rows(own.end - 1).end;
        let table = make(first..last);
        if table.classes.len() != last - first {
            return Err(Error::user("`make` returned a wrong number of samples"));
        }
        Ok(Self {
            features: table.features,
            classes: table.classes,
            parts: own.map(|p| rows(p).start - first..rows(p).end - first).collect(),
            counts: (0..ranks).map(|r| chunk(parts, ranks, r).len()).collect(),
            total,
        })
    }

    /// Returns this rank's part of a table that all ranks have.
    ///
    /// # Errors
    /// See [`share`](Self::share).
    pub fn of(comm: &Comm, table: &Table) -> Result<Self> {
        Self::share(comm, table.classes.len(), |range| table.rows(|i| range.contains(&i)))
    }

    /// Returns the number of samples of all ranks.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    pub(super) fn parts(&self) -> &[Range<usize>] {
        &self.parts
    }
}

/// The mean loss of a network for the samples, plus an L2 penalty on its weights.
#[derive(Debug)]
pub struct Problem {
    comm: Comm,
    network: Network,
    samples: Samples,
    l2: f64,
    memory: RefCell<Memory>,
}

/// Storage that is reused in each evaluation.
#[derive(Debug, Default)]
struct Memory {
    /// The sums of the parts of this rank, and of all parts.
    own: Vec<f64>,
    all: Vec<f64>,
    work: Workspace,
}

impl Problem {
    /// Creates the problem on a duplicate of the communicator. Collective.
    ///
    /// # Errors
    /// Errors of MPI.
    pub fn new(comm: &Comm, network: Network, samples: Samples, l2: f64) -> Result<Self> {
        Ok(Self { comm: comm.duplicate()?, network, samples, l2, memory: RefCell::default() })
    }

    /// Returns the network.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Returns the samples.
    #[must_use]
    pub fn samples(&self) -> &Samples {
        &self.samples
    }

    /// Returns the mean loss and computes its gradient, the same on all ranks. Collective.
    ///
    /// # Errors
    /// Errors of MPI.
    pub fn gradient(&self, theta: &[f64], gradient: &mut [f64]) -> Result<f64> {
        let all: Vec<Range<usize>> = self.samples.parts.clone();
        self.gradient_over(theta, &all, None, self.samples.total, gradient)
    }

    /// Returns the mean loss and computes its gradient for some rows of each part, `count` in
    /// total; `order` is a permutation of the rows.
    ///
    /// # Errors
    /// Errors of MPI.
    pub(super) fn gradient_over(
        &self,
        theta: &[f64],
        parts: &[Range<usize>],
        order: Option<&[usize]>,
        count: usize,
        gradient: &mut [f64],
    ) -> Result<f64> {
        let sums = self.sum_parts(parts, order, |x, classes, sums, work| {
            let (loss, g) = sums.split_at_mut(1);
            loss[0] += self.network.add_gradient(theta, x, classes, g, work);
        })?;
        let scale = 1.0 / count.max(1) as f64;
        let mut loss = sums[0] * scale;
        for (((g, sum), t), weight) in
            gradient.iter_mut().zip(&sums[1..]).zip(theta).zip(self.network.is_weight())
        {
            *g = sum * scale;
            if weight {
                *g += self.l2 * t;
                loss += 0.5 * self.l2 * t * t;
            }
        }
        Ok(loss)
    }

    /// Computes the product of the Hessian and `v`, the same on all ranks. Collective.
    ///
    /// # Errors
    /// Errors of MPI.
    pub fn hessian_product(&self, theta: &[f64], v: &[f64], product: &mut [f64]) -> Result<()> {
        let sums = self.sum_parts(&self.samples.parts, None, |x, classes, sums, _| {
            self.network.add_hessian_product(theta, v, x, classes, &mut sums[1..]);
        })?;
        let scale = 1.0 / self.samples.total.max(1) as f64;
        for (((p, sum), v), weight) in
            product.iter_mut().zip(&sums[1..]).zip(v).zip(self.network.is_weight())
        {
            *p = sum * scale + if weight { self.l2 * v } else { 0.0 };
        }
        Ok(())
    }

    /// Adds one number and one entry for each parameter over the parts, in the same order on any
    /// number of ranks.
    fn sum_parts(
        &self,
        parts: &[Range<usize>],
        order: Option<&[usize]>,
        mut add: impl FnMut(ArrayView2<'_, f64>, &[usize], &mut [f64], &mut Workspace),
    ) -> Result<Vec<f64>> {
        let width = 1 + self.network.parameters();
        let mut memory = self.memory.borrow_mut();
        let Memory { own, all, work } = &mut *memory;
        let mut sum = vec![0.0; width];
        let alone = self.samples.counts.len() == 1;
        own.clear();
        own.resize(width * if alone { 1 } else { parts.len() }, 0.0);
        for (k, part) in parts.iter().enumerate() {
            let sums = if alone {
                own.fill(0.0);
                &mut own[..]
            } else {
                &mut own[k * width..][..width]
            };
            let mut start = part.start;
            while start < part.end {
                let end = part.end.min(start + ROWS);
                match order {
                    None => {
                        let x = self.samples.features.slice(s![start..end, ..]);
                        add(x, &self.samples.classes[start..end], sums, work);
                    }
                    Some(order) => {
                        let rows = &order[start..end];
                        let x = self.samples.features.select(ndarray::Axis(0), rows);
                        let classes: Vec<usize> =
                            rows.iter().map(|&i| self.samples.classes[i]).collect();
                        add(x.view(), &classes, sums, work);
                    }
                }
                start = end;
            }
            if alone {
                add_to(&mut sum, sums);
            }
        }
        if alone {
            return Ok(sum);
        }
        let counts: Vec<i32> = self.samples.counts.iter().map(|n| (n * width) as i32).collect();
        let places: Vec<i32> = counts
            .iter()
            .scan(0, |at, n| {
                let place = *at;
                *at += n;
                Some(place)
            })
            .collect();
        let total: usize = self.samples.counts.iter().sum();
        all.resize(total * width, 0.0);
        {
            let mut partition = PartitionMut::new(&mut all[..], &counts[..], &places[..]);
            self.comm.mpi().all_gather_varcount_into(&own[..], &mut partition);
        }
        for part in all.chunks_exact(width) {
            add_to(&mut sum, part);
        }
        Ok(sum)
    }

    /// Returns the confusion matrix over all ranks: rows are true classes, columns predicted
    /// classes. Collective.
    ///
    /// # Errors
    /// Errors of MPI.
    pub fn confusion(&self, theta: &[f64], samples: &Samples, classes: usize) -> Result<Vec<u64>> {
        let mut own = vec![0_u64; classes * classes];
        let mut start = 0;
        while start < samples.classes.len() {
            let end = samples.classes.len().min(start + ROWS);
            let x = samples.features.slice(s![start..end, ..]);
            for (found, class) in
                self.network.classify(theta, x).iter().zip(&samples.classes[start..end])
            {
                own[class * classes + found] += 1;
            }
            start = end;
        }
        let mut all = vec![0; own.len()];
        self.comm.mpi().all_reduce_into(&own[..], &mut all[..], SystemOperation::sum());
        Ok(all)
    }

    /// Returns the area under the ROC curve of class 1 against class 0 over all ranks. Returns
    /// `None` for more than two classes, or if a class has no sample. Collective.
    ///
    /// # Errors
    /// More samples than MPI can count.
    pub fn area_under_roc(&self, theta: &[f64], samples: &Samples) -> Result<Option<f64>> {
        if self.network.output() != Output::Sigmoid {
            return Ok(None);
        }
        let mut own = Vec::with_capacity(2 * samples.classes.len());
        for start in (0..samples.classes.len()).step_by(ROWS) {
            let end = samples.classes.len().min(start + ROWS);
            let x = samples.features.slice(s![start..end, ..]);
            let odds = self.network.log_odds(theta, x);
            let classes = &samples.classes[start..end];
            own.extend(odds.iter().zip(classes).flat_map(|(z, c)| [*z, *c as f64]));
        }
        let all = self.gather(&own)?;
        let (odds, classes): (Vec<f64>, Vec<usize>) =
            all.chunks_exact(2).map(|pair| (pair[0], pair[1] as usize)).unzip();
        Ok(area_under_roc(&odds, &classes))
    }

    /// Returns a line with the areas under the ROC curves of the training samples and of other
    /// samples, or an empty string for more than two classes. Collective.
    ///
    /// # Errors
    /// See [`area_under_roc`](Self::area_under_roc).
    pub fn roc_line(&self, theta: &[f64], others: &Samples) -> Result<String> {
        let trained = self.area_under_roc(theta, &self.samples)?;
        let tested = self.area_under_roc(theta, others)?;
        Ok(match (trained, tested) {
            (Some(trained), Some(tested)) => {
                format!("area under the ROC curve: training {trained:.4}, test {tested:.4}\n")
            }
            (Some(trained), None) => {
                format!("area under the ROC curve: training {trained:.4}\n")
            }
            (None, _) => String::new(),
        })
    }

    /// Gathers the values of all ranks on all ranks. Collective.
    fn gather(&self, own: &[f64]) -> Result<Vec<f64>> {
        let (comm, mut counts) = (self.comm.mpi(), vec![0; self.comm.size() as usize]);
        comm.all_gather_into(&Count::try_from(own.len())?, &mut counts[..]);
        let mut places = vec![0; counts.len()];
        for rank in 1..counts.len() {
            places[rank] = places[rank - 1] + counts[rank - 1];
        }
        let mut all = vec![0.0; counts.iter().map(|n| *n as usize).sum()];
        let mut partition = PartitionMut::new(&mut all[..], &counts[..], &places[..]);
        comm.all_gather_varcount_into(own, &mut partition);
        Ok(all)
    }
}

fn add_to(sum: &mut [f64], part: &[f64]) {
    for (sum, part) in sum.iter_mut().zip(part) {
        *sum += part;
    }
}
