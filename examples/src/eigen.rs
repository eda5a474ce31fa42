//! Functions for programs that compute eigenvalues.

use petsc_rs::prelude::*;
use slepc_rs::StType;
use slepc_rs::st::StRef;

/// Sets shift-and-invert with direct solves on any number of ranks. If PETSc cannot factor in
/// parallel, every rank solves the whole system. Options that are set later override these
/// settings. Collective.
///
/// # Errors
/// Errors of the functions that set the types.
pub fn invert_directly(comm: &Comm, st: &mut StRef) -> Result<()> {
    st.set_type(StType::SINVERT)?;
    if comm.size() > 1 && !cfg!(any(petsc_have_mumps, petsc_have_superlu_dist)) {
        let mut ksp = st.ksp()?;
        ksp.set_type(KspType::PREONLY)?;
        ksp.pc()?.set_type(PcType::REDUNDANT)?;
    }
    Ok(())
}

/// Returns the factor that scales the entry of largest modulus to 1. If several entries have this
/// modulus up to rounding, the first one is scaled to 1. Eigenvectors have an arbitrary sign, and
/// an arbitrary phase in complex builds. With this scaling, eigenvectors of simple eigenvalues do
/// not depend on the number of ranks.
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

/// Returns the real parts of an eigenvector of a real symmetric matrix, scaled with [`unit_scale`].
#[must_use]
pub fn unit_values(values: &[Scalar]) -> Vec<f64> {
    let scale = unit_scale(values);
    values.iter().map(|v| (*v * scale).real()).collect()
}
