//! Which variants are more frequent in cases than in controls: workshop 15, and the real thing.
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
//! Any number of ranks. `associations.tsv` has the columns of PLINK's `--assoc`: chromosome, name and place of
//! each variant, its rarer allele with frequency in cases and controls, chi-square, p and odds ratio.

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

/// Tests of each variant against a phenotype, for PLINK files or made-up genotypes.
#[derive(Parser, Debug)]
#[command(name = "gwas", version)]
struct Args {
    /// PREFIX.bed, PREFIX.bim and PREFIX.fam
    #[arg(
        long,
        value_name = "PREFIX",
        required_unless_present_any = ["simulate", "vcf"],
        conflicts_with = "simulate"
    )]
    bfile: Option<PathBuf>,
    /// A VCF file, plain or compressed; both family and name of a sample are its name there
    #[arg(long, value_name = "FILE", requires = "pheno", conflicts_with_all = ["simulate", "bfile"])]
    vcf: Option<PathBuf>,
    /// Phenotypes by family and name, instead of those in PREFIX.fam
    #[arg(long, value_name = "FILE", conflicts_with = "simulate")]
    pheno: Option<PathBuf>,
    /// Phenotype by its number or by its name in the first line of FILE
    #[arg(long, default_value = "1", value_name = "N|NAME")]
    phenotype: String,
    /// How a variant is tested
    #[arg(long, value_enum, default_value_t = Test::Allelic)]
    test: Test,
    /// Firth's penalised likelihood for --test logistic: where the likelihood has no maximum, or for all variants
    #[arg(
        long,
        value_enum,
        value_name = "WHERE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "fallback"
    )]
    firth: Option<Firth>,
    /// Covariates of the regressions by family and name, with a heading or without
    #[arg(long, value_name = "FILE", conflicts_with = "simulate")]
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
    /// Cochran's and Armitage's trend of cases with the number of alleles
    Trend,
    /// Least squares of a quantity, with covariates
    Linear,
    /// Log odds of cases, with covariates
    Logistic,
}

/// For which variants the likelihood has Firth's penalty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Firth {
    /// Those for which the likelihood without it has no maximum
    Fallback,
    /// All of them
    All,
}

impl Args {
    /// What `--test logistic` fits.
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
        _ => Err("not between 0 and 0.5".into()),
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
