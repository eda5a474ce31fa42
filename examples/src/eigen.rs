//! What programs with eigenvalues share.

use petsc_rs::prelude::*;
use slepc_rs::StType;
use slepc_rs::st::StRef;

/// Sets shift-and-invert with direct solves on any number of ranks: where PETSc cannot factorise in parallel, every
/// rank solves the whole system. Options come later, so they win. Collective.
///
/// # Errors
/// What setting the types returns.
pub fn invert_directly(comm: &Comm, st: &mut StRef) -> Result<()> {
    st.set_type(StType::SINVERT)?;
    if comm.size() > 1 && !cfg!(any(petsc_have_mumps, petsc_have_superlu_dist)) {
        let mut ksp = st.ksp()?;
        ksp.set_type(KspType::PREONLY)?;
        ksp.pc()?.set_type(PcType::REDUNDANT)?;
    }
    Ok(())
}

/// The factor that makes the entry of the largest modulus 1, of those that are equal but for rounding the first.
/// Eigenvectors come with either sign, and with any phase where numbers are complex; so scaled, those of simple
/// eigenvalues do not depend on the number of ranks.
#[must_use]
pub fn unit_scale(values: &[Scalar]) -> Scalar {
    let largest = values.iter().fold(0.0_f64, |m, v| m.max(v.modulus()));
    let first = values.iter().find(|v| v.modulus() > 0.999 * largest);
    match first {
        Some(value) if largest > 0.0 => {
            value.conjugate() / Scalar::from_real(value.modulus() * largest)
        }
        _ => Scalar::from_real(1.0),
    }
}

/// The real parts of an eigenvector of a real symmetric matrix, by [`unit_scale`].
#[must_use]
pub fn unit_values(values: &[Scalar]) -> Vec<f64> {
    let scale = unit_scale(values);
    values.iter().map(|v| (*v * scale).real()).collect()
}
