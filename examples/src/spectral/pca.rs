//! Principal components of genotypes, which describe ancestry.

use petsc_rs::prelude::*;
use slepc_rs::prelude::*;
use slepc_rs::svd::{Converged, Dimensions, Tolerances};

use crate::app::input_error;
use crate::eigen;
use crate::gwas::Genotypes;

/// The dominant principal components of a cohort.
#[derive(Debug)]
pub struct Pca {
    /// The singular values of the standardized genotypes, in descending order.
    pub singular: Vec<f64>,
    /// The fraction of the variance that each component explains.
    pub shares: Vec<f64>,
    /// The singular vector of each component, with an entry for each sample; the largest entry is
    /// 1.
    pub components: Vec<Vec<f64>>,
    /// The number of variants that are not constant.
    pub variants: usize,
    /// The converged reason.
    pub converged: Converged,
}

/// Computes principal components with a singular value decomposition, without the relationship
/// matrix of the samples. Each rank reads its part of the variants. A genotype `g` is standardized
/// to `(g - 2p)/√(2p(1-p))` with the allele frequency `p`; an unknown genotype is 0. Constant
/// variants are omitted. Collective.
///
/// # Errors
/// An [`input_error`](crate::app::input_error) for more components than samples or variants; a
/// solver that does not converge.
pub fn principal_components(
    comm: &Comm,
    genotypes: &mut dyn Genotypes,
    (samples, variants): (usize, usize),
    count: usize,
) -> Result<Pca> {
    let (rank, size) = (usize::try_from(comm.rank())?, usize::try_from(comm.size())?);
    let own = variants * rank / size..variants * (rank + 1) / size;
    let rows: Vec<Vec<f64>> =
        own.filter_map(|index| standardise(genotypes.variant(index), samples)).collect();
    let mut values = Vec::with_capacity(rows.len() * samples);
    for sample in 0..samples {
        values.extend(rows.iter().map(|row| Scalar::from_real(row[sample])));
    }
    let matrix = Matrix::from_dense(comm, rows.len(), samples, &values)?;
    let varying = matrix.size()?.0;
    if count == 0 || count > varying.min(samples) {
        return Err(input_error(format_args!(
            "{count} components of {samples} samples and {varying} variants that vary: use fewer components"
        )));
    }
    let variance = matrix.norm(Norm::Frobenius)?.powi(2);
    let mut svd = Svd::new(comm)?;
    svd.set_operators(&matrix, None)?;
    svd.set_type(SvdType::TRLANCZOS)?;
    svd.set_dimensions(Dimensions::nev(count))?;
    svd.set_tolerances(Tolerances { tolerance: 1e-12.into(), ..Tolerances::default() })?;
    svd.set_from_options()?;
    let converged = svd.solve()?;
    let (mut singular, mut components) = (Vec::new(), Vec::new());
    for triplet in svd.singular_triplets()?.take(count) {
        let triplet = triplet?;
        singular.push(triplet.value());
        components.push(eigen::unit_values(&triplet.vectors()?.1.gather_to_all()?));
    }
    Ok(Pca {
        shares: singular.iter().map(|s| s * s / variance).collect(),
        singular,
        components,
        variants: varying,
        converged,
    })
}

/// Returns the standardized copies of the first allele; `None` if they are constant.
fn standardise(packed: &[u8], samples: usize) -> Option<Vec<f64>> {
    let copies: Vec<Option<f64>> = (0..samples)
        .map(|sample| match packed[sample / 4] >> (2 * (sample % 4)) & 0b11 {
            0b00 => Some(2.0),
            0b10 => Some(1.0),
            0b11 => Some(0.0),
            _ => None,
        })
        .collect();
    let known = copies.iter().flatten().count();
    let sum: f64 = copies.iter().flatten().sum();
    let frequency = 0.5 * sum / known.max(1) as f64;
    let spread = (2.0 * frequency * (1.0 - frequency)).sqrt();
    (spread > 0.0).then(|| {
        copies
            .iter()
            .map(|copies| copies.map_or(0.0, |copies| (copies - 2.0 * frequency) / spread))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::standardise;

    #[test]
    fn two_bits_count_the_copies_of_an_allele() {
        // From the lowest bits: 2, unknown, 1, 0; then 1.
        let row = standardise(&[0b11_10_01_00, 0b10], 5).expect("it varies");
        let spread = 0.5_f64.sqrt();
        let expected = [1.0 / spread, 0.0, 0.0, -1.0 / spread, 0.0];
        assert!(row.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15), "{row:?}");
        assert!(standardise(&[0b01_11_11_01], 4).is_none());
        assert!(standardise(&[0b01_01_01_01], 4).is_none());
    }
}
