//! Samples and genotypes, from files or from a simulation.

use std::path::{Path, PathBuf};

use petsc_rs::prelude::*;
use workshop::app::{agree, input_error};
use workshop::gwas::{
    self, Bed, Bim, Chromosome, Classes, Fam, Genotypes, Kind, Regression, Sample, Sex, Simulation,
    Status, Variant, Vcf,
};
use workshop::mpi_basics::chunk;

use super::{Args, Test};

/// The samples and the source of the genotypes.
pub(super) struct Cohort {
    pub(super) status: Vec<Status>,
    pub(super) classes: Classes,
    pub(super) source: Source,
    /// The numbers of the tested variants.
    pub(super) kept: Vec<usize>,
    pub(super) regression: Option<Regression>,
}

pub(super) enum Source {
    Plink { bed: Bed, bim: Bim },
    Vcf(Box<Vcf>),
    MadeUp(Box<Simulation>),
}

impl Source {
    pub(super) fn variant(&self, index: usize) -> Variant<'_> {
        match self {
            Self::Plink { bim, .. } => bim.variant(index),
            Self::Vcf(vcf) => vcf.bim().variant(index),
            Self::MadeUp(simulation) => simulation.variant_info(index),
        }
    }

    pub(super) fn chromosome(&self, index: usize) -> Chromosome {
        match self {
            Self::Plink { bim, .. } => bim.place(index).0,
            Self::Vcf(vcf) => vcf.bim().place(index).0,
            Self::MadeUp(simulation) => simulation.variant_info(index).chromosome,
        }
    }

    pub(super) fn position(&self, index: usize) -> i64 {
        match self {
            Self::Plink { bim, .. } => bim.place(index).1,
            Self::Vcf(vcf) => vcf.bim().place(index).1,
            Self::MadeUp(simulation) => simulation.variant_info(index).position,
        }
    }

    pub(super) fn genotypes(&mut self) -> &mut dyn Genotypes {
        match self {
            Self::Plink { bed, .. } => bed,
            Self::Vcf(vcf) => &mut **vcf,
            Self::MadeUp(simulation) => &mut **simulation,
        }
    }
}

/// Reads samples and names on every rank, and the genotypes of this rank's variants.
pub(super) fn read_vcf(comm: &Comm, path: &Path, args: &Args) -> Result<Cohort> {
    let open = || -> std::result::Result<Cohort, gwas::Mistake> {
        let mut vcf = Vcf::open(path, args.autosomes)?;
        let mut fam = Fam::of_names(path, vcf.samples());
        if let Some(path) = &args.pheno {
            fam.read_phenotypes(path)?;
        }
        let (path, values) = fam.phenotype(&args.phenotype)?;
        let (status, regression) = phenotype(&fam, path, &values, args)?;
        let all = vcf.bim().len();
        vcf.load(chunk(all, comm.size() as usize, comm.rank() as usize))?;
        Ok(Cohort {
            classes: Classes::new(&fam.samples, &status),
            status,
            regression,
            kept: (0..all).collect(),
            source: Source::Vcf(Box::new(vcf)),
        })
    };
    agree(comm, open())
}

/// Reads samples and names on every rank, and maps the genotypes, of which each rank reads its
/// part.
pub(super) fn read_plink(comm: &Comm, prefix: &Path, args: &Args) -> Result<Cohort> {
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
    // An error on one rank ends the job.
    agree(comm, open())
}

/// Returns cases and controls, and the data of a regression. With quantities, there are no cases
/// and controls.
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
    let regression = (args.test == Test::Logistic)
        .then(|| Regression::new(args.logistic(), &sides, &covariates));
    Ok((status, regression))
}

fn side(status: &Status) -> Option<f64> {
    match status {
        Status::Case => Some(1.0),
        Status::Control => Some(0.0),
        Status::Missing => None,
    }
}

pub(super) fn make_up(comm: &Comm, args: &Args) -> Result<Cohort> {
    let (samples, variants) = (args.samples as usize, args.variants as usize);
    let status = gwas::random_phenotypes(samples, args.seed);
    for wanted in [Status::Case, Status::Control] {
        if !status.contains(&wanted) {
            return Err(input_error(format_args!(
                "--seed {} makes all {samples} samples cases, or all controls: use another seed",
                args.seed
            )));
        }
    }
    let causal = args.causal as usize;
    let simulation =
        Simulation::new(&status, variants, args.seed, causal, args.effect, args.missing);
    if let Some(prefix) = &args.save {
        gwas::save_plink(comm, prefix, &simulation, variants, &status)?;
    }
    let sample = Sample { id: Default::default(), sex: Sex::Unknown, founder: true };
    let regression = match args.test {
        Test::Allelic | Test::Trend => None,
        Test::Linear => {
            return Err(input_error(
                "simulated samples have no quantities: --test linear needs --bfile",
            ));
        }
        Test::Logistic => {
            let sides: Vec<_> = status.iter().map(side).collect();
            Some(Regression::new(args.logistic(), &sides, &[]))
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
