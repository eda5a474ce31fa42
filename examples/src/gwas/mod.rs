//! Genome-wide association: variants whose frequency differs between cases and controls.
//!
//! Genotypes come from PLINK files, which are mapped into memory and counted in packed form, from
//! VCF files, or from a simulation. The ranks share the variants; each rank has all samples.

mod assoc;
mod bed;
mod bim;
mod count;
mod fam;
mod phenotype;
mod reduce;
mod regression;
mod scan;
mod simulate;
mod statistics;
mod vcf;
mod write;

use std::fmt;
use std::path::{Path, PathBuf};

pub use assoc::{Counts, GenotypeCounts};
pub use bed::Bed;
pub use bim::{Bim, Chromosome, Variant};
pub use count::{Alleles, Group};
pub use fam::{Column, Fam, Sample, Sex};
pub use phenotype::{Status, Threshold, from_values, numbers};
pub use reduce::{Hit, count, discoveries, gather, median, top};
pub use regression::{Estimate, Fitted, Kind, NoEstimate, Regression};
pub use scan::{Classes, Genotypes, scan};
pub use simulate::{Simulation, random_phenotypes};
pub use statistics::{MEDIAN_CHI_SQUARE, chi_square_of, minus_log10_p, p_text, p_value};
pub use vcf::Vcf;
pub use write::{save_plink, write_table};

/// An error in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file.
    pub path: PathBuf,
    /// The line, starting at 1; 0 stands for the whole file.
    pub line: usize,
    /// The description.
    pub message: String,
}

impl Mistake {
    fn new(path: &Path, line: usize, message: impl ToString) -> Self {
        Self { path: path.to_owned(), line, message: message.to_string() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.path.display())?;
        if self.line > 0 {
            write!(f, "{}:", self.line)?;
        }
        write!(f, " {}", self.message)
    }
}

impl std::error::Error for Mistake {}

impl From<Mistake> for petsc_rs::Error {
    fn from(mistake: Mistake) -> Self {
        Self::user(mistake)
    }
}

fn read_text(path: &Path) -> Result<String, Mistake> {
    crate::app::read_text(path).map_err(|e| Mistake::new(path, 0, e))
}
