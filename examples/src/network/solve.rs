//! The angles, by PETSc.

use petsc_rs::ksp::Tolerances;
use petsc_rs::prelude::*;

use super::DcModel;

/// Angles and how they were found.
#[derive(Clone, Debug)]
pub struct Solution {
    /// Angle at each bus in radians; on every rank.
    pub angles: Vec<f64>,
    /// How the solver ended.
    pub converged: Converged,
    /// `‖B θ - p‖∞` in p.u.
    pub residual: f64,
    /// Types of solver and preconditioner.
    pub method: (String, String),
}

/// Solves the model on all ranks of `comm`, unless the options say otherwise by conjugate gradients with algebraic
/// multigrid.
///
/// A branch with a negative reactance (series compensation) can make the matrix indefinite, which conjugate gradients
/// cannot take. Then MINRES solves it, preconditioned by the Laplacian with `|b|`, which is positive definite and
/// differs from the true one in a few entries only. Its own residual stagnates before the angles are exact to 1e-8
/// rad, so the residual is solved for again, three times in all.
///
/// # Errors
/// A solver that does not converge.
pub fn solve(comm: &Comm, model: &DcModel) -> Result<Solution> {
    let (a, mut x, b) = assemble(comm, model)?;
    let mut ksp = Ksp::new(comm)?;
    let definite = model.lines.iter().all(|l| l.susceptance > 0.0);
    let (passes, rtol) = if definite {
        ksp.set_operators(&a, &a)?;
        ksp.set_type(KspType::CG)?;
        (1, 1e-13)
    } else {
        let (p, _, _) = assemble(comm, &model.with_positive_susceptances())?;
        ksp.set_operators(&a, &p)?;
        ksp.set_type(KspType::MINRES)?;
        (3, 1e-8)
    };
    ksp.pc_mut()?.set_type(PcType::GAMG)?;
    ksp.set_tolerances(Tolerances {
        rtol: rtol.into(),
        ..Tolerances::default()
    })?;
    ksp.set_from_options()?;
    x.set_zero()?;
    let (mut correction, mut residual) = (x.duplicate()?, b.duplicate()?);
    residual.copy_from(&b)?;
    let mut iterations = 0;
    let mut converged = None;
    for _ in 0..passes {
        let pass = ksp.solve(&residual, &mut correction)?;
        iterations += pass.iterations;
        converged = Some(Converged { iterations, ..pass });
        x.axpy(Scalar::from_real(1.0), &correction)?;
        // r ← b - A·x
        a.mult(&x, &mut residual)?;
        residual.aypx(Scalar::from_real(-1.0), &b)?;
    }
    let converged = converged.ok_or("at least one pass is made")?;
    let residual = residual.norm(Norm::Infinity)?;
    let method = (
        ksp.type_name()?.unwrap_or_default(),
        ksp.pc()?.type_name()?.unwrap_or_default(),
    );
    let angles = x
        .gather_to_all()?
        .iter()
        .map(|angle| angle.real())
        .collect();
    Ok(Solution {
        angles,
        converged,
        residual,
        method,
    })
}

/// Matrix, vector for the angles, and right-hand side. Every rank adds its share of the lines.
pub(super) fn assemble(comm: &Comm, model: &DcModel) -> Result<(Matrix, Vector, Vector)> {
    let n = model.buses;
    let mut degree = vec![1_usize; n];
    for line in &model.lines {
        degree[line.from] += 1;
        degree[line.to] += 1;
    }
    let most = degree.iter().copied().max().unwrap_or(1);
    let mut a = Matrix::builder(comm)
        .global_size(n, n)
        .preallocate(most, most)
        .build()?;
    let (ranks, rank) = (usize::try_from(comm.size())?, usize::try_from(comm.rank())?);
    let share = |count: usize| count * rank / ranks..count * (rank + 1) / ranks;
    for line in &model.lines[share(model.lines.len())] {
        let ends = [Int::try_from(line.from)?, Int::try_from(line.to)?];
        let y = line.susceptance;
        let block = [y, -y, -y, y].map(Scalar::from_real);
        a.set_values(&ends, &ends, &block, InsertMode::Add)?;
    }
    // A bus without lines needs an entry on its diagonal, too.
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
    // The rank that owns a bus with a given angle says so.
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
    // A diagonal of the size of the others keeps the condition number.
    let scale = model
        .lines
        .iter()
        .map(|l| 2.0 * l.susceptance.abs())
        .sum::<f64>()
        / n as f64;
    let diagonal = Scalar::from_real(if scale > 0.0 { scale } else { 1.0 });
    a.zero_rows_columns(&given, diagonal, Some((&x, &mut b)))?;
    Ok((a, x, b))
}
