//! Principal components of a cohort's genotypes.
//!
//! ```text
//! cargo run --release -p workshop --features slepc --bin pca -- --bfile cohort --components 10 --out out/
//! mpiexec -n 2 target/release/pca --bfile cohort -svd_type cross -svd_monitor
//! ```
//!
//! The program runs on any number of ranks. `components.txt` has a line for each sample. The option
//! `--covar` of `gwas` reads such files.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use petsc_rs::prelude::*;
use workshop::app::{self, agree};
use workshop::gwas::{Bed, Bim, Fam, Mistake};
use workshop::spectral::{self, Pca};

/// Computes principal components of PLINK files with a singular value decomposition of the
/// standardized genotypes.
///
/// SLEPc and PETSc options begin with one dash: -svd_type, -svd_monitor, -svd_ncv (-help lists
/// them).
#[derive(Parser, Debug)]
#[command(name = "pca", version)]
struct Args {
    /// Read PREFIX.bed, PREFIX.bim and PREFIX.fam
    #[arg(long, value_name = "PREFIX")]
    bfile: PathBuf,
    /// Number of components
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    components: u32,
    /// Number of autosomes of the species: 22 for humans, 19 for mice
    #[arg(long, default_value_t = 22, value_parser = clap::value_parser!(u16).range(1..=95))]
    autosomes: u16,
    /// Directory for components.txt; without it, no file is written
    #[arg(long)]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        slepc_rs::init(petsc)?;
        let (fam, bim, mut bed) = agree(petsc.world(), open(&args))?;
        let sizes = (fam.samples.len(), bim.len());
        let count = args.components as usize;
        let found = spectral::principal_components(petsc.world(), &mut bed, sizes, count)?;
        petsc.print(format_args!(
            "{:>20}  {} samples, {} of {} variants vary\n{:>20}  {}\n\n",
            "cohort", sizes.0, found.variants, sizes.1, "found", found.converged
        ))?;
        petsc.print(format_args!(
            "{:>9} {:>18} {:>10}\n",
            "component", "singular value", "variance"
        ))?;
        for (i, (value, share)) in found.singular.iter().zip(&found.shares).enumerate() {
            petsc.print(format_args!("{:>9} {value:>18.10} {:>9.3} %\n", i + 1, 100.0 * share))?;
        }
        match &args.out {
            None => Ok(()),
            Some(out) => write(petsc, out, &fam, &found),
        }
    })
}

fn open(args: &Args) -> std::result::Result<(Fam, Bim, Bed), Mistake> {
    let file = |extension: &str| {
        let mut name = args.bfile.as_os_str().to_owned();
        name.push(extension);
        PathBuf::from(name)
    };
    let fam = Fam::read(&file(".fam"))?;
    let bim = Bim::read(&file(".bim"), args.autosomes)?;
    let bed = Bed::open(&file(".bed"), fam.samples.len(), bim.len())?;
    Ok((fam, bim, bed))
}

/// Returns the text in the format of PLINK's covariates: family, name, and the components.
fn write(petsc: &Petsc, out: &Path, fam: &Fam, found: &Pca) -> Result<()> {
    let mut text = String::from("FID IID");
    for i in 1..=found.components.len() {
        write!(text, " PC{i}").map_err(|e| e.to_string())?;
    }
    text.push('\n');
    for (i, sample) in fam.samples.iter().enumerate() {
        text += &format!("{} {}", sample.id.0, sample.id.1);
        for component in &found.components {
            write!(text, " {:.9e}", component[i]).map_err(|e| e.to_string())?;
        }
        text.push('\n');
    }
    let mut outcome = Ok(());
    if petsc.world().rank() == 0 {
        outcome =
            fs::create_dir_all(out).and_then(|()| fs::write(out.join("components.txt"), text));
    }
    agree(petsc.world(), outcome.map_err(|e| format!("{}: {e}", out.display())))?;
    petsc.print(format_args!("{:>20}  components.txt in {}\n", "written", out.display()))
}
