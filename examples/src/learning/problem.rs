//! The loss over all ranks' samples, in an order of sums that does not depend on the number of ranks.

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

/// Number of parts that samples are divided into. Each rank has some of them whole, their sums are added one
/// after another: so the loss is the same to the last bit on any number of ranks up to this.
pub const PARTS: usize = 12;

/// Rows that are multiplied at once, so that activations need little memory.
const ROWS: usize = 256;

/// This rank's samples.
#[derive(Clone, Debug)]
pub struct Samples {
    features: Array2<f64>,
    classes: Vec<usize>,
    /// Rows of each of this rank's parts.
    parts: Vec<Range<usize>>,
    /// Parts of each rank.
    counts: Vec<usize>,
    /// Samples of all ranks.
    total: usize,
}

impl Samples {
    /// This rank's share of `total` rows; `make` gives the rows of a range.
    ///
    /// # Errors
    /// As many parts as ranks are needed: never.
    pub fn share(comm: &Comm, total: usize, make: impl Fn(Range<usize>) -> Table) -> Result<Self> {
        let (ranks, rank) = (comm.size() as usize, comm.rank() as usize);
        let parts = PARTS.max(ranks);
        let own = chunk(parts, ranks, rank);
        let rows = |p: usize| chunk(total, parts, p);
        let first = rows(own.start).start;
        let last = rows(own.end - 1).end;
        let table = make(first..last);
        if table.classes.len() != last - first {
            return Err(Error::user(
                "a share of the samples has another length than asked for",
            ));
        }
        Ok(Self {
            features: table.features,
            classes: table.classes,
            parts: own
                .map(|p| rows(p).start - first..rows(p).end - first)
                .collect(),
            counts: (0..ranks).map(|r| chunk(parts, ranks, r).len()).collect(),
            total,
        })
    }

    /// A share of a table that all ranks have.
    ///
    /// # Errors
    /// As [`share`](Self::share).
    pub fn of(comm: &Comm, table: &Table) -> Result<Self> {
        Self::share(comm, table.classes.len(), |range| {
            table.rows(|i| range.contains(&i))
        })
    }

    /// Number of samples of all ranks.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    pub(super) fn parts(&self) -> &[Range<usize>] {
        &self.parts
    }
}

/// The mean loss of a network over samples, with an L2 term on its weights.
#[derive(Debug)]
pub struct Problem {
    comm: Comm,
    network: Network,
    samples: Samples,
    l2: f64,
    memory: RefCell<Memory>,
}

/// Kept from one evaluation to the next.
#[derive(Debug, Default)]
struct Memory {
    /// Sums of parts: of this rank, and of all.
    own: Vec<f64>,
    all: Vec<f64>,
    work: Workspace,
}

impl Problem {
    /// The problem on a communicator of its own. Collective.
    ///
    /// # Errors
    /// What MPI returns.
    pub fn new(comm: &Comm, network: Network, samples: Samples, l2: f64) -> Result<Self> {
        Ok(Self {
            comm: comm.duplicate()?,
            network,
            samples,
            l2,
            memory: RefCell::default(),
        })
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The samples.
    #[must_use]
    pub fn samples(&self) -> &Samples {
        &self.samples
    }

    /// Mean loss and its gradient, the same on all ranks. Collective.
    ///
    /// # Errors
    /// What MPI returns.
    pub fn gradient(&self, theta: &[f64], gradient: &mut [f64]) -> Result<f64> {
        let all: Vec<Range<usize>> = self.samples.parts.clone();
        self.gradient_over(theta, &all, None, self.samples.total, gradient)
    }

    /// The same over some rows of each part, `count` in all; `order` says which row stands where.
    ///
    /// # Errors
    /// What MPI returns.
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
        for (((g, sum), t), weight) in gradient
            .iter_mut()
            .zip(&sums[1..])
            .zip(theta)
            .zip(self.network.is_weight())
        {
            *g = sum * scale;
            if weight {
                *g += self.l2 * t;
                loss += 0.5 * self.l2 * t * t;
            }
        }
        Ok(loss)
    }

    /// The Hessian times `v`, the same on all ranks. Collective.
    ///
    /// # Errors
    /// What MPI returns.
    pub fn hessian_product(&self, theta: &[f64], v: &[f64], product: &mut [f64]) -> Result<()> {
        let sums = self.sum_parts(&self.samples.parts, None, |x, classes, sums, _| {
            self.network
                .add_hessian_product(theta, v, x, classes, &mut sums[1..]);
        })?;
        let scale = 1.0 / self.samples.total.max(1) as f64;
        for (((p, sum), v), weight) in product
            .iter_mut()
            .zip(&sums[1..])
            .zip(v)
            .zip(self.network.is_weight())
        {
            *p = sum * scale + if weight { self.l2 * v } else { 0.0 };
        }
        Ok(())
    }

    /// Adds up, part after part in the same order on any number of ranks, one number and one for each parameter.
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
        let counts: Vec<i32> = self
            .samples
            .counts
            .iter()
            .map(|n| (n * width) as i32)
            .collect();
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
            self.comm
                .mpi()
                .all_gather_varcount_into(&own[..], &mut partition);
        }
        for part in all.chunks_exact(width) {
            add_to(&mut sum, part);
        }
        Ok(sum)
    }

    /// How often a sample of a class (row) was taken for another (column), over all ranks. Collective.
    ///
    /// # Errors
    /// What MPI returns.
    pub fn confusion(&self, theta: &[f64], samples: &Samples, classes: usize) -> Result<Vec<u64>> {
        let mut own = vec![0_u64; classes * classes];
        let mut start = 0;
        while start < samples.classes.len() {
            let end = samples.classes.len().min(start + ROWS);
            let x = samples.features.slice(s![start..end, ..]);
            for (found, class) in self
                .network
                .classify(theta, x)
                .iter()
                .zip(&samples.classes[start..end])
            {
                own[class * classes + found] += 1;
            }
            start = end;
        }
        let mut all = vec![0; own.len()];
        self.comm
            .mpi()
            .all_reduce_into(&own[..], &mut all[..], SystemOperation::sum());
        Ok(all)
    }

    /// The area under the ROC curve of class 1 against class 0, over all ranks; `None` for more than two classes, or where
    /// one has no sample. Collective.
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
        let (odds, classes): (Vec<f64>, Vec<usize>) = all
            .chunks_exact(2)
            .map(|pair| (pair[0], pair[1] as usize))
            .unzip();
        Ok(area_under_roc(&odds, &classes))
    }

    /// The areas under the ROC curves of the samples to train with and of others, as a line to print; nothing for more than
    /// two classes. Collective.
    ///
    /// # Errors
    /// As [`area_under_roc`](Self::area_under_roc).
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

    /// What all ranks have, one after another, on all of them. Collective.
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
