//! The scan of all variants.

use std::io::IsTerminal as _;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use petsc_rs::prelude::*;
use workshop::gwas::{
    self, Chromosome, Classes, Counts, Estimate, Fitted, GenotypeCounts, NoEstimate,
};
use workshop::mpi_basics::chunk;

use super::Test;
use super::cohort::{Cohort, Source};

/// The results of a test in addition to the allele counts; an entry is `None` if the variant has no
/// result.
pub(super) enum Answers {
    /// The allelic test has no results in addition to the allele counts.
    Alleles,
    Trend(Vec<Option<GenotypeCounts>>),
    Regression(Vec<Fitted>),
}

impl Answers {
    fn new(
        cohort: &mut Cohort,
        test: Test,
        variants: &[(usize, Chromosome)],
        counts: &[Counts],
    ) -> Self {
        let (regression, classes): (_, &Classes) = (cohort.regression.take(), &cohort.classes);
        let genotypes = cohort.source.genotypes();
        let pairs = variants.iter().zip(counts);
        match (regression, test) {
            (Some(regression), _) => {
                // On other chromosomes, men and women have different numbers of copies.
                let sexes = [Chromosome::X, Chromosome::Y, Chromosome::Mitochondrial];
                let fits = |place: &Chromosome| !sexes.contains(place);
                let list: Vec<_> = pairs
                    .filter(|((_, place), _)| fits(place))
                    .map(|(&(index, _), counts)| (index, counts.swapped))
                    .collect();
                let mut found = regression.estimates(genotypes, &list).into_iter();
                let one = |(_, place): &(usize, Chromosome)| {
                    let fitted = if fits(place) { found.next() } else { None };
                    fitted.unwrap_or(Err(NoEstimate::Chromosome))
                };
                Self::Regression(variants.iter().map(one).collect())
            }
            (None, Test::Trend) => {
                let one = |(&(index, place), counts): (&(usize, Chromosome), &Counts)| {
                    classes.genotypes(place, genotypes.variant(index), counts.swapped)
                };
                Self::Trend(pairs.map(one).collect())
            }
            (None, _) => Self::Alleles,
        }
    }

    /// Returns chi-squares with one degree of freedom, NaN if there is none. For a regression, they
    /// have the same p-value.
    fn chi_squares(&self, counts: &[Counts]) -> Vec<f64> {
        let known = |chi_square: Option<f64>| chi_square.unwrap_or(f64::NAN);
        match self {
            Self::Alleles => counts.iter().map(|c| known(c.chi_square())).collect(),
            Self::Trend(list) => {
                let trend = |g: &Option<GenotypeCounts>| known(g.and_then(|g| g.trend()));
                list.iter().map(trend).collect()
            }
            Self::Regression(list) => {
                let of = |e: Estimate| gwas::chi_square_of(e.p, e.statistic);
                list.iter().map(|e| known(e.ok().map(of))).collect()
            }
        }
    }
}

/// The results of the scan, on this rank and on all ranks.
pub(super) struct Found {
    pub(super) cohort: Cohort,
    /// The counts of this rank's variants, in their order.
    pub(super) counts: Vec<Counts>,
    /// The results of other tests.
    pub(super) answers: Answers,
    /// The chi-squares of this rank's variants; NaN if there is none. For a regression, they have
    /// the same p-value.
    pub(super) chi_squares: Vec<f64>,
    pub(super) tested: u64,
    pub(super) inflation: Option<f64>,
    pub(super) seconds: (f64, f64),
    /// The largest memory use of a rank in bytes, including mapped files.
    pub(super) memory: f64,
}

pub(super) fn scan(
    petsc: &Petsc,
    mut cohort: Cohort,
    test: Test,
    started: Instant,
) -> Result<Found> {
    let comm = petsc.world();
    let own = chunk(cohort.kept.len(), comm.size() as usize, comm.rank() as usize);
    let variants: Vec<_> =
        cohort.kept[own.clone()].iter().map(|&i| (i, cohort.source.chromosome(i))).collect();
    if let (Source::Plink { bed, .. }, [first, .., last]) = (&cohort.source, &variants[..]) {
        bed.will_read(first.0..last.0 + 1);
    }
    comm.barrier()?;
    let prepared = started.elapsed().as_secs_f64();
    let bar = progress(comm, variants.len());
    let mut left = 0_u64;
    let genotypes = cohort.source.genotypes();
    let counts = gwas::scan(genotypes, &cohort.classes, variants.iter().copied(), || {
        left += 1;
        if left % 256 == 0 {
            bar.inc(256);
        }
    });
    bar.finish_and_clear();
    let answers = Answers::new(&mut cohort, test, &variants, &counts);
    let chi_squares = answers.chi_squares(&counts);
    comm.barrier()?;
    let known: Vec<f64> = chi_squares.iter().copied().filter(|c| !c.is_nan()).collect();
    let median = gwas::median(comm, &known);
    let (own, mut memory) = (petsc.log().memory()?.resident, 0.0);
    comm.mpi().all_reduce_into(&own, &mut memory, SystemOperation::max());
    Ok(Found {
        tested: gwas::count(comm, known.len()),
        inflation: median.map(|m| m / gwas::MEDIAN_CHI_SQUARE),
        seconds: (prepared, started.elapsed().as_secs_f64() - prepared),
        memory,
        cohort,
        counts,
        answers,
        chi_squares,
    })
}

/// Returns a progress bar, which is visible on rank 0 if its output is a terminal.
fn progress(comm: &Comm, len: usize) -> ProgressBar {
    let bar = ProgressBar::new(len as u64);
    let shown = comm.rank() == 0 && std::io::stderr().is_terminal();
    bar.set_draw_target(if shown {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    });
    if let Ok(style) =
        ProgressStyle::with_template("{bar:40} {pos}/{len} variants of rank 0, {eta}")
    {
        bar.set_style(style);
    }
    bar
}
