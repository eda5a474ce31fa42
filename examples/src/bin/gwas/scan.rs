//! The scan of all variants.

use std::io::IsTerminal as _;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use petsc_rs::prelude::*;
use workshop::gwas::{self, Chromosome, Counts, Estimate};
use workshop::mpi_basics::chunk;

use super::cohort::{Cohort, Source};

/// What the scan has found, and what all ranks know of it.
pub(super) struct Found {
    pub(super) cohort: Cohort,
    /// Of this rank's variants, in their order.
    pub(super) counts: Vec<Counts>,
    /// Of a regression, what it says of them.
    pub(super) estimates: Option<Vec<Option<Estimate>>>,
    /// Chi-squares of this rank's variants; NaN where there is none. Of a regression, those of the same probability.
    pub(super) chi_squares: Vec<f64>,
    pub(super) tested: u64,
    pub(super) inflation: Option<f64>,
    pub(super) seconds: (f64, f64),
}

pub(super) fn scan(petsc: &Petsc, mut cohort: Cohort, started: Instant) -> Result<Found> {
    let comm = petsc.world();
    let own = chunk(
        cohort.kept.len(),
        comm.size() as usize,
        comm.rank() as usize,
    );
    let variants: Vec<_> = cohort.kept[own.clone()]
        .iter()
        .map(|&i| (i, cohort.source.chromosome(i)))
        .collect();
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
    let estimates = cohort.regression.take().map(|regression| {
        let genotypes = cohort.source.genotypes();
        let pairs = variants.iter().zip(&counts);
        let estimates = pairs.map(|(&(index, chromosome), counts)| {
            // Of the others men and women have different numbers of copies.
            let two = !matches!(
                chromosome,
                Chromosome::X | Chromosome::Y | Chromosome::Mitochondrial
            );
            two.then(|| regression.estimate(genotypes.variant(index), counts.swapped))
                .flatten()
        });
        estimates.collect::<Vec<_>>()
    });
    let chi_squares: Vec<f64> = match &estimates {
        None => counts
            .iter()
            .map(|c| c.chi_square().unwrap_or(f64::NAN))
            .collect(),
        Some(list) => list
            .iter()
            .map(|e| e.map_or(f64::NAN, |e| gwas::chi_square_of(e.p, e.statistic())))
            .collect(),
    };
    comm.barrier()?;
    let known: Vec<f64> = chi_squares
        .iter()
        .copied()
        .filter(|c| !c.is_nan())
        .collect();
    let median = gwas::median(comm, &known);
    Ok(Found {
        tested: gwas::count(comm, known.len()),
        inflation: median.map(|m| m / gwas::MEDIAN_CHI_SQUARE),
        seconds: (prepared, started.elapsed().as_secs_f64() - prepared),
        cohort,
        counts,
        estimates,
        chi_squares,
    })
}

/// A bar on rank 0, where somebody looks at it.
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
