//! Which variants are more frequent in cases than in controls: workshop 15, and the real thing.
//!
//! ```text
//! cargo build --release -p workshop
//! mpiexec -n 2 target/release/gwas --bfile cohort --out out/
//! mpiexec -n 2 target/release/gwas --bfile mouse_hs1940 --autosomes 19 --phenotype 1 --threshold median
//! mpiexec -n 2 target/release/gwas --bfile cohort --test logistic --covar ages.txt --covar-name age,sex --out out/
//! mpiexec -n 32 target/release/gwas --simulate --samples 50000 --variants 1000000 --causal 10
//! ```
//!
//! Any number of ranks. `associations.tsv` has the columns of PLINK's `--assoc`: chromosome, name and place of
//! each variant, its rarer allele with frequency in cases and controls, chi-square, p and odds ratio.

use std::fmt::Write as _;
use std::fs;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use petsc_rs::prelude::*;
use workshop::app::{self, agree, input_error};
use workshop::gwas::{self, Bed, Bim, Classes, Counts, Fam, Hit, Sample, Sex, Simulation, Status};
use workshop::gwas::{Chromosome, Estimate, Genotypes, Kind, Regression, Threshold, Variant};
use workshop::mpi_basics::chunk;
use workshop::picture::{self, Place};

/// Tests of each variant against a phenotype, for PLINK files or made-up genotypes.
#[derive(Parser, Debug)]
#[command(name = "gwas", version)]
struct Args {
    /// PREFIX.bed, PREFIX.bim and PREFIX.fam
    #[arg(
        long,
        value_name = "PREFIX",
        required_unless_present = "simulate",
        conflicts_with = "simulate"
    )]
    bfile: Option<PathBuf>,
    /// Phenotypes by family and name, instead of those in PREFIX.fam
    #[arg(long, value_name = "FILE", requires = "bfile")]
    pheno: Option<PathBuf>,
    /// Phenotype by its number or by its name in the first line of FILE
    #[arg(long, default_value = "1", value_name = "N|NAME")]
    phenotype: String,
    /// How a variant is tested
    #[arg(long, value_enum, default_value_t = Test::Allelic)]
    test: Test,
    /// Covariates of the regressions by family and name, with a heading or without
    #[arg(long, value_name = "FILE", requires = "bfile")]
    covar: Option<PathBuf>,
    /// Which covariates, by their names or numbers; all of them if this is not given
    #[arg(long, value_name = "A,B", requires = "covar", value_delimiter = ',')]
    covar_name: Vec<String>,
    /// Make cases of quantities above this number, or above the median
    #[arg(long, value_name = "X|median", allow_negative_numbers = true)]
    threshold: Option<Threshold>,
    /// Autosomes of the species: 22 of people, 19 of mice
    #[arg(long, default_value_t = 22, value_parser = clap::value_parser!(u16).range(1..=95))]
    autosomes: u16,
    /// Make the genotypes up
    #[arg(long)]
    simulate: bool,
    /// Made-up samples
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(2..))]
    samples: u32,
    /// Made-up variants
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..))]
    variants: u32,
    /// Made-up variants that are more frequent in cases
    #[arg(long, default_value_t = 5)]
    causal: u32,
    /// By how much they are
    #[arg(long, default_value_t = 0.08, value_parser = fraction)]
    effect: f64,
    /// Part of the made-up genotypes that is unknown
    #[arg(long, default_value_t = 0.0, value_parser = fraction)]
    missing: f64,
    /// Seed of what is made up
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// Write what was made up as PREFIX.bed, PREFIX.bim and PREFIX.fam
    #[arg(long, value_name = "PREFIX", requires = "simulate")]
    save: Option<PathBuf>,
    /// Strongest variants to be listed
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(..=100_000))]
    top: u32,
    /// Folder for associations.tsv, manhattan.png and quantiles.png; nothing is written without it
    #[arg(long)]
    out: Option<PathBuf>,
}

/// How a variant is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Test {
    /// Chi-square of the alleles of cases and controls
    Allelic,
    /// Least squares of a quantity, with covariates
    Linear,
    /// Log odds of cases, with covariates
    Logistic,
}

fn fraction(text: &str) -> std::result::Result<f64, String> {
    match text.parse() {
        Ok(value) if (0.0..=0.5).contains(&value) => Ok(value),
        _ => Err("not between 0 and 0.5".into()),
    }
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        let started = Instant::now();
        let cohort = match &args.bfile {
            Some(prefix) => read(petsc.world(), prefix, &args)?,
            None => make_up(petsc.world(), &args)?,
        };
        let found = scan(petsc, cohort, started)?;
        report(petsc, &found, &args)
    })
}

/// Samples, and where the genotypes of the variants come from.
struct Cohort {
    status: Vec<Status>,
    classes: Classes,
    source: Source,
    /// Numbers of the variants that take part.
    kept: Vec<usize>,
    regression: Option<Regression>,
}

enum Source {
    Plink { bed: Bed, bim: Bim },
    MadeUp(Box<Simulation>),
}

impl Source {
    fn variant(&self, index: usize) -> Variant<'_> {
        match self {
            Self::Plink { bim, .. } => bim.variant(index),
            Self::MadeUp(simulation) => simulation.variant_info(index),
        }
    }

    fn chromosome(&self, index: usize) -> Chromosome {
        match self {
            Self::Plink { bim, .. } => bim.place(index).0,
            Self::MadeUp(simulation) => simulation.variant_info(index).chromosome,
        }
    }

    fn genotypes(&mut self) -> &mut dyn Genotypes {
        match self {
            Self::Plink { bed, .. } => bed,
            Self::MadeUp(simulation) => &mut **simulation,
        }
    }
}

/// Every rank reads the samples and the names; of the genotypes it maps the file and will look at its part.
fn read(comm: &Comm, prefix: &Path, args: &Args) -> Result<Cohort> {
    let file = |extension: &str| {
        let mut name = prefix.as_os_str().to_owned();
        name.push(extension);
        PathBuf::from(name)
    };
    let open = || -> std::result::Result<Cohort, gwas::Mistake> {
        let mut fam = Fam::read(&file(".fam"))?;
        if let Some(path) = &args.pheno {
            fam.read_phenotypes(path)?;
        }
        let (path, values) = fam.phenotype(&args.phenotype)?;
        let (status, regression) = phenotype(&fam, path, &values, args)?;
        let bim = Bim::read(&file(".bim"), args.autosomes)?;
        let bed = Bed::open(&file(".bed"), fam.samples.len(), bim.len())?;
        Ok(Cohort {
            classes: Classes::new(&fam.samples, &status),
            status,
            regression,
            kept: (0..bim.len()).filter(|&i| bim.place(i).1 >= 0).collect(),
            source: Source::Plink { bed, bim },
        })
    };
    // What one rank cannot read ends the job on all.
    agree(comm, open())
}

/// Cases and controls, and what a regression takes. For quantities nobody is either.
fn phenotype(
    fam: &Fam,
    path: &Path,
    values: &[(usize, &str)],
    args: &Args,
) -> std::result::Result<(Vec<Status>, Option<Regression>), gwas::Mistake> {
    let covariates = match &args.covar {
        Some(path) => fam.covariates(path, &args.covar_name)?,
        None => Vec::new(),
    };
    if args.test == Test::Linear {
        let quantities = gwas::numbers(path, values)?;
        let regression = Regression::new(Kind::Linear, &quantities, &covariates);
        return Ok((vec![Status::Missing; values.len()], Some(regression)));
    }
    let status = gwas::from_values(path, values, args.threshold)?;
    let sides: Vec<_> = status.iter().map(side).collect();
    let regression =
        (args.test == Test::Logistic).then(|| Regression::new(Kind::Logistic, &sides, &covariates));
    Ok((status, regression))
}

fn side(status: &Status) -> Option<f64> {
    match status {
        Status::Case => Some(1.0),
        Status::Control => Some(0.0),
        Status::Missing => None,
    }
}

fn make_up(comm: &Comm, args: &Args) -> Result<Cohort> {
    let (samples, variants) = (args.samples as usize, args.variants as usize);
    let status = gwas::random_phenotypes(samples, args.seed);
    for wanted in [Status::Case, Status::Control] {
        if !status.contains(&wanted) {
            return Err(input_error(format_args!(
                "--seed {} makes all of {samples} samples cases or controls",
                args.seed
            )));
        }
    }
    let causal = args.causal as usize;
    let simulation = Simulation::new(
        &status,
        variants,
        args.seed,
        causal,
        args.effect,
        args.missing,
    );
    if let Some(prefix) = &args.save {
        gwas::save_plink(comm, prefix, &simulation, variants, &status)?;
    }
    let sample = Sample {
        id: Default::default(),
        sex: Sex::Unknown,
        founder: true,
    };
    let regression = match args.test {
        Test::Allelic => None,
        Test::Linear => {
            return Err(input_error(
                "made-up samples have no quantities: --test linear needs --bfile",
            ));
        }
        Test::Logistic => {
            let sides: Vec<_> = status.iter().map(side).collect();
            Some(Regression::new(Kind::Logistic, &sides, &[]))
        }
    };
    Ok(Cohort {
        regression,
        classes: Classes::new(&vec![sample; samples], &status),
        status,
        source: Source::MadeUp(Box::new(simulation)),
        kept: (0..variants).collect(),
    })
}

/// What the scan has found, and what all ranks know of it.
struct Found {
    cohort: Cohort,
    /// Of this rank's variants, in their order.
    counts: Vec<Counts>,
    /// Of a regression, what it says of them.
    estimates: Option<Vec<Option<Estimate>>>,
    /// Chi-squares of this rank's variants; NaN where there is none. Of a regression, those of the same probability.
    chi_squares: Vec<f64>,
    tested: u64,
    inflation: Option<f64>,
    seconds: (f64, f64),
}

fn scan(petsc: &Petsc, mut cohort: Cohort, started: Instant) -> Result<Found> {
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

fn report(petsc: &Petsc, found: &Found, args: &Args) -> Result<()> {
    let comm = petsc.world();
    let Found { cohort, .. } = found;
    let number = |wanted| cohort.status.iter().filter(|s| **s == wanted).count();
    let all = match &cohort.source {
        Source::Plink { bim, .. } => bim.len(),
        Source::MadeUp(_) => cohort.kept.len(),
    };
    let threshold = 0.05 / found.tested.max(1) as f64;
    let significant = gwas::count(
        comm,
        found
            .chi_squares
            .iter()
            .filter(|&&c| gwas::p_value(c) < threshold)
            .count(),
    );
    let rows = [
        (
            "samples",
            format!(
                "{}: {} cases, {} controls, {} unknown",
                cohort.status.len(),
                number(Status::Case),
                number(Status::Control),
                number(Status::Missing)
            ),
        ),
        (
            "variants",
            format!(
                "{} of {all}, {} with a chi-square",
                cohort.kept.len(),
                found.tested
            ),
        ),
        (
            "inflation",
            found.inflation.map_or("none".into(), |l| format!("{l:.4}")),
        ),
        (
            "significant",
            format!("{significant} with p < {threshold:.3e} (Bonferroni, 5 %)"),
        ),
        (
            "discoveries",
            format!(
                "{} with a false discovery rate of 5 % (Benjamini, Hochberg)",
                gwas::discoveries(comm, &found.chi_squares, cohort.kept.len(), 0.05)?
            ),
        ),
        (
            "ranks, time",
            format!(
                "{}, {:.3} s to prepare, {:.3} s to count",
                comm.size(),
                found.seconds.0,
                found.seconds.1
            ),
        ),
    ];
    for (name, value) in rows {
        petsc.print(format_args!("{name:<14} {value}\n"))?;
    }
    strongest(petsc, found, args.top as usize)?;
    match &args.out {
        None => Ok(()),
        Some(folder) => write(comm, found, folder, -threshold.log10()),
    }
}

fn strongest(petsc: &Petsc, found: &Found, count: usize) -> Result<()> {
    let comm = petsc.world();
    let (kept, source) = (&found.cohort.kept, &found.cohort.source);
    let start = chunk(kept.len(), comm.size() as usize, comm.rank() as usize).start;
    let hits = found.chi_squares.iter().zip(start..);
    let hits = hits.filter(|(c, _)| !c.is_nan()).map(|(&value, i)| Hit {
        value,
        index: i as u64,
    });
    let best = gwas::top(comm, hits, count)?;
    // The same by PETSc: the largest entry of a distributed vector.
    let values = found
        .chi_squares
        .iter()
        .map(|c| Scalar::from_real(if c.is_nan() { -1.0 } else { *c }));
    let vector = Vector::from_slice(comm, &values.collect::<Vec<_>>())?;
    // Of equal ones each may name another.
    if let (Some(hit), Some((index, value))) = (best.first(), vector.max()?) {
        if hit.value != value {
            return Err(format!("{hit:?} is not the largest entry, {value} at {index}").into());
        }
    }
    if !best.is_empty() {
        petsc.print(format_args!(
            "\n{:>4} {:<16} {:>12} {:>12} {:>12}\n",
            "chr", "variant", "position", "chi-square", "p"
        ))?;
    }
    for hit in best {
        let variant = source.variant(kept[usize::try_from(hit.index)?]);
        petsc.print(format_args!(
            "{:>4} {:<16} {:>12} {:>12.4} {:>12}\n",
            variant.chromosome.to_string(),
            variant.id,
            variant.position,
            hit.value,
            gwas::p_text(hit.value, 3)
        ))?;
    }
    if let Source::MadeUp(simulation) = source {
        let causal: Vec<_> = simulation
            .causal()
            .iter()
            .take(20)
            .map(|i| (i + 1).to_string())
            .collect();
        petsc.print(format_args!(
            "more frequent in cases: {}\n",
            causal.join(", ")
        ))?;
    }
    Ok(())
}

/// The table by all ranks, the pictures by rank 0.
fn write(comm: &Comm, found: &Found, folder: &Path, line: f64) -> Result<()> {
    let made = if comm.rank() == 0 {
        fs::create_dir_all(folder)
    } else {
        Ok(())
    };
    agree(comm, made.map_err(|e| format!("{}: {e}", folder.display())))?;
    let (kept, source) = (&found.cohort.kept, &found.cohort.source);
    let own = chunk(kept.len(), comm.size() as usize, comm.rank() as usize);
    let mut table = String::new();
    for (counts, &index) in found.counts.iter().zip(&kept[own]) {
        table_row(&mut table, &source.variant(index), counts)?;
    }
    let heading = "CHR\tSNP\tBP\tA1\tF_A\tF_U\tA2\tCHISQ\tP\tOR\n";
    gwas::write_table(comm, &folder.join("associations.tsv"), heading, &table)?;
    if let Some(estimates) = &found.estimates {
        let own = chunk(kept.len(), comm.size() as usize, comm.rank() as usize);
        let mut table = String::new();
        for ((counts, estimate), &index) in found.counts.iter().zip(estimates).zip(&kept[own]) {
            estimate_row(
                &mut table,
                &source.variant(index),
                counts,
                estimate.as_ref(),
            )?;
        }
        let heading = "CHR\tSNP\tBP\tA1\tNMISS\tBETA\tSE\tSTAT\tP\n";
        gwas::write_table(comm, &folder.join("regression.tsv"), heading, &table)?;
    }
    let all = gwas::gather(comm, &found.chi_squares, kept.len())?;
    let drawn = match all {
        Some(all) => draw(&all, found, folder, line),
        None => Ok(()),
    };
    agree(comm, drawn)
}

fn estimate_row(
    table: &mut String,
    variant: &Variant<'_>,
    counts: &Counts,
    estimate: Option<&Estimate>,
) -> Result<()> {
    let first = if counts.swapped {
        variant.second
    } else {
        variant.first
    };
    let numbers = match estimate {
        Some(e) => format!(
            "{}\t{}\t{}\t{}\t{:.9e}",
            e.samples,
            e.beta,
            e.error,
            e.statistic(),
            e.p
        ),
        None => "NA\tNA\tNA\tNA\tNA".to_owned(),
    };
    writeln!(
        table,
        "{}\t{}\t{}\t{first}\t{numbers}",
        variant.chromosome, variant.id, variant.position
    )
    .map_err(Error::user)
}

fn table_row(table: &mut String, variant: &Variant<'_>, counts: &Counts) -> Result<()> {
    let text = |value: Option<f64>| value.map_or("NA".to_owned(), |v| v.to_string());
    let (mut first, mut second) = (variant.first, variant.second);
    if counts.swapped {
        (first, second) = (second, first);
    }
    let [cases, controls] = counts.frequencies();
    writeln!(
        table,
        "{}\t{}\t{}\t{first}\t{}\t{}\t{second}\t{}\t{}\t{}",
        variant.chromosome,
        variant.id,
        variant.position,
        text(cases),
        text(controls),
        text(counts.chi_square()),
        counts
            .chi_square()
            .map_or("NA".to_owned(), |c| gwas::p_text(c, 9)),
        text(counts.odds_ratio())
    )
    .map_err(Error::user)
}

fn draw(
    all: &[f64],
    found: &Found,
    folder: &Path,
    line: f64,
) -> std::result::Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (kept, source) = (&found.cohort.kept, &found.cohort.source);
    let tested = || all.iter().zip(kept).filter(|(c, _)| !c.is_nan());
    let names: Vec<_> = tested()
        .map(|(_, &i)| source.chromosome(i).to_string())
        .collect();
    let places: Vec<Place<'_>> = tested()
        .zip(&names)
        .map(|((&chi_square, &i), chromosome)| Place {
            chromosome,
            position: source.variant(i).position,
            strength: gwas::minus_log10_p(chi_square),
        })
        .collect();
    let strengths: Vec<f64> = places.iter().map(|p| p.strength).collect();
    let title = format!("{} variants", places.len());
    picture::draw_manhattan(&folder.join("manhattan.png"), &title, &places, line)?;
    let title = "observed against expected by chance";
    picture::draw_quantiles(
        &folder.join("quantiles.png"),
        title,
        &strengths,
        found.inflation,
    )
}
