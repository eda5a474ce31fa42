//! Genome-wide association: unit 15 of the workshop, with PLINK and VCF files, regressions and
//! false discovery rates.
//!
//! ```text
//! cargo build --release -p workshop
//! mpiexec -n 2 target/release/gwas --bfile cohort --out out/
//! mpiexec -n 2 target/release/gwas --bfile mouse_hs1940 --autosomes 19 --phenotype 1 --threshold median
//! mpiexec -n 2 target/release/gwas --bfile cohort --test logistic --covar ages.txt --covar-name age,sex --out out/
//! mpiexec -n 2 target/release/gwas --bfile cohort --test logistic --firth --out out/
//! mpiexec -n 2 target/release/gwas --vcf people.vcf.gz --pheno traits.txt --test trend --out out/
//! mpiexec -n 32 target/release/gwas --simulate --samples 50000 --variants 1000000 --causal 10
//! ```
//!
//! The program runs on any number of ranks. `associations.tsv` has the columns of PLINK's
//! `--assoc`: chromosome, name and position of each variant, its minor allele with its frequency in
//! cases and controls, chi-square, p-value and odds ratio.

mod cohort;
mod files;
mod report;
mod scan;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, ValueEnum};
use workshop::app;
use workshop::gwas::{Kind, Threshold};

/// Tests each variant for association with a phenotype, for PLINK files, VCF files or simulated
/// genotypes.
#[derive(Parser, Debug)]
#[command(name = "gwas", version)]
struct Args {
    /// Read PREFIX.bed, PREFIX.bim and PREFIX.fam
    #[arg(
        long,
        value_name = "PREFIX",
        required_unless_present_any = ["simulate", "vcf"],
        conflicts_with = "simulate"
    )]
    bfile: Option<PathBuf>,
    /// VCF file, plain or compressed; the name of a sample is also used as its family
    #[arg(long, value_name = "FILE", requires = "pheno", conflicts_with_all = ["simulate", "bfile"])]
    vcf: Option<PathBuf>,
    /// File with phenotypes by family and name, instead of those in PREFIX.fam
    #[arg(long, value_name = "FILE", conflicts_with = "simulate")]
    pheno: Option<PathBuf>,
    /// Number of the phenotype, or its name in the first line of the file
    #[arg(long, default_value = "1", value_name = "N|NAME")]
    phenotype: String,
    /// Association test
    #[arg(long, value_enum, default_value_t = Test::Allelic)]
    test: Test,
    /// Use Firth's penalized likelihood with --test logistic, for variants whose likelihood has no
    /// maximum, or for all variants
    #[arg(
        long,
        value_enum,
        value_name = "WHERE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "fallback"
    )]
    firth: Option<Firth>,
    /// File with covariates of the regressions by family and name, with or without a heading
    #[arg(long, value_name = "FILE", conflicts_with = "simulate")]
    covar: Option<PathBuf>,
    /// Covariates, by name or number; by default all
    #[arg(long, value_name = "A,B", requires = "covar", value_delimiter = ',')]
    covar_name: Vec<String>,
    /// Convert a quantity: samples above this number, or above the median, are cases, all others
    /// controls
    #[arg(long, value_name = "X|median", allow_negative_numbers = true)]
    threshold: Option<Threshold>,
    /// Number of autosomes of the species: 22 for humans, 19 for mice
    #[arg(long, default_value_t = 22, value_parser = clap::value_parser!(u16).range(1..=95))]
    autosomes: u16,
    /// Simulate the genotypes
    #[arg(long)]
    simulate: bool,
    /// Number of simulated samples
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(2..))]
    samples: u32,
    /// Number of simulated variants
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..))]
    variants: u32,
    /// Number of simulated variants that are more frequent in cases
    #[arg(long, default_value_t = 5)]
    causal: u32,
    /// Frequency of these variants in cases minus their frequency in controls
    #[arg(long, default_value_t = 0.08, value_parser = fraction)]
    effect: f64,
    /// Fraction of the simulated genotypes that is unknown
    #[arg(long, default_value_t = 0.0, value_parser = fraction)]
    missing: f64,
    /// Seed of the simulation
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// Write the simulated genotypes as PREFIX.bed, PREFIX.bim and PREFIX.fam
    #[arg(long, value_name = "PREFIX", requires = "simulate")]
    save: Option<PathBuf>,
    /// Number of variants to print: those with the largest statistics
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(..=100_000))]
    top: u32,
    /// Directory for associations.tsv, manhattan.png and quantiles.png; without it, no file is
    /// written
    #[arg(long)]
    out: Option<PathBuf>,
}

/// The association test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Test {
    /// Chi-square of the allele counts
    Allelic,
    /// Cochran-Armitage trend test
    Trend,
    /// Linear regression with covariates
    Linear,
    /// Logistic regression with covariates
    Logistic,
}

/// The variants that are fitted with Firth's penalty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Firth {
    /// Variants for which the likelihood has no maximum
    Fallback,
    /// All variants
    All,
}

impl Args {
    /// Returns the type of regression of `--test logistic`.
    fn logistic(&self) -> Kind {
        match self.firth {
            None => Kind::Logistic,
            Some(Firth::Fallback) => Kind::LogisticOrFirth,
            Some(Firth::All) => Kind::Firth,
        }
    }
}

fn fraction(text: &str) -> std::result::Result<f64, String> {
    match text.parse() {
        Ok(value) if (0.0..=0.5).contains(&value) => Ok(value),
        _ => Err("use a number between 0 and 0.5".into()),
    }
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        let started = Instant::now();
        let comm = petsc.world();
        if args.firth.is_some() && args.test != Test::Logistic {
            return Err(app::input_error("--firth needs --test logistic"));
        }
        let cohort = match (&args.bfile, &args.vcf) {
            (Some(prefix), _) => cohort::read_plink(comm, prefix, &args)?,
            (None, Some(path)) => cohort::read_vcf(comm, path, &args)?,
            (None, None) => cohort::make_up(comm, &args)?,
        };
        let found = scan::scan(petsc, cohort, args.test, started)?;
        report::report(petsc, &found, &args)
    })
}
