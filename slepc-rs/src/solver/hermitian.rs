//! Checks that matrices have the structure of the problem type. SLEPc does not check this, and
//! computes wrong eigenvalues for matrices without the structure.

use petsc_rs::matrix::MatrixRef;
use petsc_rs::vector::VectorRef;
use petsc_rs::{ErrorCode, Object as _, Real, Result, Scalar, ScalarExt as _, internal};

/// A relative difference above this tolerance is not a rounding error.
const TOLERANCE: Real = 1e-8;

/// Checks a matrix that must be Hermitian.
pub(crate) fn check_hermitian(a: &MatrixRef, name: &str) -> Result<()> {
    check(a, name, "Hermitian", 1.0)
}

/// Checks a matrix that must be skew-Hermitian, `Aᴴ = -A`.
pub(crate) fn check_skew_hermitian(a: &MatrixRef, name: &str) -> Result<()> {
    check(a, name, "skew-Hermitian", -1.0)
}

/// Compares `yᴴ·A·x` and `±(A·y)ᴴ·x` for two vectors. Only matrices with stored entries are
/// checked: the product of a shell matrix may cost as much as the solve, and other types are
/// symmetric by their storage format.
fn check(a: &MatrixRef, name: &str, kind: &str, sign: Real) -> Result<()> {
    let stored = a.type_name()?.unwrap_or_default();
    if !["seqaij", "mpiaij", "seqbaij", "mpibaij", "seqdense", "mpidense"]
        .contains(&stored.as_str())
    {
        return Ok(());
    }
    let (mut x, mut y) = a.vectors()?;
    let (mut ax, mut ay) = (x.duplicate()?, y.duplicate()?);
    fill(&mut x, 0.618_033_988_749_895)?;
    fill(&mut y, 0.414_213_562_373_095)?;
    a.mult(&x, &mut ax)?;
    a.mult(&y, &mut ay)?;
    let (left, right) = (ax.dot(&y)?, x.dot(&ay)? * Scalar::from_real(sign));
    let norm = petsc_rs::Norm::Two;
    let scale = ax.norm(norm)? * y.norm(norm)? + x.norm(norm)? * ay.norm(norm)?;
    // NaN is not an error of this check.
    if (left - right).modulus() > TOLERANCE * scale {
        let minus = if sign < 0.0 { "-" } else { "" };
        let text = format!(
            "{name} is not {kind}, which the problem type requires: for two vectors, (y, A·x) is {left} and {minus}(A·y, x) is \
             {right}; set another problem type"
        );
        return Err(internal::collective(ErrorCode::ARG_INCOMP, text));
    }
    Ok(())
}

/// Fills a vector with numbers without a regular pattern, the same on any number of ranks.
fn fill(x: &mut VectorRef, step: Real) -> Result<()> {
    let first = x.ownership_range()?.start;
    for (i, x) in x.array_mut()?.iter_mut().enumerate() {
        let place = (first as Real + i as Real + 1.0) * step;
        *x = Scalar::from_parts(place.fract() - 0.5, (place * 0.7).fract() - 0.5);
    }
    Ok(())
}
