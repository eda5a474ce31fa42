//! The solve for the angles with PETSc.

use petsc_rs::ksp::Tolerances;
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, KspRef, MatrixRef, VectorRef};

use super::DcModel;
use super::direct::{factorise, is_factorisation};

/// The largest relative residual `‖b - A θ‖₂ / ‖b‖₂` of a solution, unless `-ksp_rtol` sets a
/// larger one.
const ACCEPTED: f64 = 1e-6;

/// The maximum number of solves, including those of iterative refinement.
const PASSES: usize = 10;

/// The angles and information about the solve.
#[derive(Clone, Debug)]
pub struct Solution {
    /// The angle at each bus in radians, on every rank.
    pub angles: Vec<f64>,
    /// The converged reason.
    pub converged: Converged,
    /// `‖B θ - p‖∞` in p.u.
    pub residual: f64,
    /// The types of solver and preconditioner.
    pub method: (String, String),
}

/// Solves the model on all ranks of `comm`.
///
/// The default is conjugate gradients with algebraic multigrid. A branch with a negative reactance
/// (series compensation) can make the matrix indefinite. The default is then an LU factorization,
/// because conjugate gradients require a definite matrix.
///
/// Preconditioners that are not factorizations, and all preconditioners of MINRES, are built from
/// the Laplacian with the weights `|b|`. This Laplacian is positive definite and differs from the
/// matrix in a few entries only.
///
/// `-ksp_rtol` is the tolerance of the residual `‖b - A θ‖₂` relative to `‖b‖₂`. Iterative
/// refinement is applied until the tolerance is reached or rounding errors prevent further
/// progress.
///
/// # Errors
/// `NOT_CONVERGED` if the solver does not converge, or if the relative residual is above 1e-6 (or
/// `-ksp_rtol`, if that is larger).
pub fn solve(comm: &Comm, model: &DcModel) -> Result<Solution> {
    let (a, mut x, b) = assemble(comm, model)?;
    let mut ksp = Ksp::new(comm)?;
    ksp.set_operators(&a, &a)?;
    let definite = model.lines.iter().all(|l| l.susceptance > 0.0);
    if definite {
        ksp.set_type(KspType::CG)?;
        ksp.pc()?.set_type(PcType::GAMG)?;
    } else {
        factorise(&mut ksp, comm, f64::EPSILON.sqrt() * mean_diagonal(model))?;
    }
    ksp.set_tolerances(Tolerances { rtol: 1e-13.into(), ..Tolerances::default() })?;
    ksp.set_from_options()?;
    let method = (ksp.type_name()?.unwrap_or_default(), ksp.pc()?.type_name()?.unwrap_or_default());
    if !definite && (method.0 == "minres" || !is_factorisation(&*ksp.pc()?)?) {
        let (p, _, _) = assemble(comm, &model.with_positive_susceptances())?;
        ksp.set_operators(&a, &p)?;
    }
    // The residual that MINRES computes stagnates before the angles are accurate.
    let most_at_once = if definite { 0.0 } else { 1e-8 };
    let (converged, residual) = refine(&mut ksp, &a, &b, &mut x, most_at_once)?;
    let angles = x.gather_to_all()?.iter().map(|angle| angle.real()).collect();
    Ok(Solution { angles, converged, residual: residual.norm(Norm::Infinity)?, method })
}

/// Solves `A x = b` with iterative refinement until the tolerance of `ksp` is reached. Each solve
/// reduces the residual by at most `most_at_once`. Also returns the residual.
fn refine(
    ksp: &mut KspRef,
    a: &MatrixRef,
    b: &VectorRef,
    x: &mut VectorRef,
    most_at_once: f64,
) -> Result<(Converged, Vector)> {
    let (mut correction, mut residual) = (x.duplicate()?, b.duplicate()?);
    residual.copy_from(b)?;
    x.set_zero()?;
    let asked = ksp.tolerances()?;
    let size = b.norm(Norm::Two)?;
    let wanted = asked.atol.max(asked.rtol * size);
    let (mut norm, mut iterations) = (size, 0);
    for pass in 1.. {
        let rtol = (asked.rtol * size / norm).max(most_at_once);
        ksp.set_tolerances(Tolerances {
            rtol: if rtol < 1.0 { rtol } else { asked.rtol }.into(),
            ..Tolerances::default()
        })?;
        let solved = ksp.solve(&residual, &mut correction)?;
        iterations += solved.iterations;
        x.axpy(Scalar::from_real(1.0), &correction)?;
        // r ← b - A·x
        a.mult(x, &mut residual)?;
        residual.aypx(Scalar::from_real(-1.0), b)?;
        let before = std::mem::replace(&mut norm, residual.norm(Norm::Two)?);
        let progress = norm <= 0.5 * before;
        if norm > wanted && progress && pass < PASSES {
            continue;
        }
        if norm <= wanted.max(ACCEPTED * size) {
            let converged = Converged { iterations, ..solved };
            return Ok((converged, residual));
        }
        break;
    }
    Err(Error::collective(
        ErrorCode::NOT_CONVERGED,
        format!(
            "the solver ended with a relative residual of {:.1e}, which is above {:.0e}: the angles would be wrong; \
             try the default solver or -ksp_type fgmres -pc_type lu",
            norm / size,
            ACCEPTED.max(asked.rtol)
        ),
    ))
}

/// Returns the matrix, a vector for the angles, and the right-hand side. Every rank adds its part
/// of the lines.
pub(super) fn assemble(comm: &Comm, model: &DcModel) -> Result<(Matrix, Vector, Vector)> {
    let n = model.buses;
    let mut degree = vec![1_usize; n];
    for line in &model.lines {
        degree[line.from] += 1;
        degree[line.to] += 1;
    }
    let most = degree.iter().copied().max().unwrap_or(1);
    let mut a = Matrix::builder(comm).global_size(n, n).preallocate(most, most).build()?;
    let (ranks, rank) = (usize::try_from(comm.size())?, usize::try_from(comm.rank())?);
    let share = |count: usize| count * rank / ranks..count * (rank + 1) / ranks;
    for line in &model.lines[share(model.lines.len())] {
        let ends = [Int::try_from(line.from)?, Int::try_from(line.to)?];
        let y = line.susceptance;
        let block = [y, -y, -y, y].map(Scalar::from_real);
        a.set_values(&ends, &ends, &block, InsertMode::Add)?;
    }
    // A bus without lines also needs a diagonal entry.
    for &(bus, _) in &model.fixed[share(model.fixed.len())] {
        let bus = Int::try_from(bus)?;
        a.set_value(bus, bus, Scalar::from_real(0.0), InsertMode::Add)?;
    }
    a.assemble()?;

    let (mut x, mut b) = a.vectors()?;
    let rows = b.ownership_range()?;
    for (row, value) in rows.zip(b.array_mut()?.iter_mut()) {
        *value = Scalar::from_real(model.injection[usize::try_from(row)?]);
    }
    // The rank that owns a bus with a prescribed angle sets it.
    let rows = x.ownership_range()?;
    let mut given = Vec::new();
    for &(bus, angle) in &model.fixed {
        let bus = Int::try_from(bus)?;
        if rows.contains(&bus) {
            given.push(bus);
            x.set_value(bus, Scalar::from_real(angle), InsertMode::Insert)?;
        }
    }
    x.assemble()?;
    let diagonal = Scalar::from_real(mean_diagonal(model));
    a.zero_rows_columns(&given, diagonal, Some((&x, &mut b)))?;
    Ok((a, x, b))
}

/// Returns the mean of the absolute diagonal entries, for the rows of prescribed angles. This does
/// not increase the condition number.
fn mean_diagonal(model: &DcModel) -> f64 {
    let sum: f64 = model.lines.iter().map(|l| 2.0 * l.susceptance.abs()).sum();
    if sum > 0.0 { sum / model.buses as f64 } else { 1.0 }
}
