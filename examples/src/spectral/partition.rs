//! Bisection of a network with the second eigenvector of its Laplacian.

use clap::ValueEnum;
use petsc_rs::prelude::*;
use slepc_rs::eps::{Converged, Dimensions, ErrorType, Tolerances};
use slepc_rs::prelude::*;

use crate::app::input_error;
use crate::eigen;
use crate::network::DcModel;

/// The weight of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Weight {
    /// Weight 1
    Lines,
    /// Susceptance of the line in p.u.; strongly coupled buses stay together
    Susceptance,
}

/// A network in two parts.
#[derive(Debug)]
pub struct Partition {
    /// The algebraic connectivity: the second smallest eigenvalue of the Laplacian. The smallest is
    /// 0.
    pub connectivity: f64,
    /// The Fiedler vector, with an entry for each bus, scaled such that the entry of largest
    /// modulus is 1.
    pub values: Vec<f64>,
    /// The side of each bus.
    pub sides: Vec<bool>,
    /// The lines between the sides.
    pub cut: Vec<usize>,
    /// The sum of the weights of the lines in `cut`.
    pub cut_weight: f64,
    /// `‖L·x - λ·x‖/λ‖x‖`.
    pub error: f64,
    /// The converged reason.
    pub converged: Converged,
}

impl Weight {
    fn of(self, model: &DcModel, line: usize) -> f64 {
        match self {
            Self::Lines => 1.0,
            Self::Susceptance => model.lines[line].susceptance.abs(),
        }
    }
}

/// Bisects a network by the sign of the Fiedler vector. With `halves`, the network is bisected at
/// the median of the vector instead, so that both sides have the same size.
///
/// Constant vectors have the eigenvalue 0 and are deflated, so that the required eigenvector is the
/// first one. Collective.
///
/// # Errors
/// An [`input_error`](crate::app::input_error) for a network that has fewer than two buses or is
/// not connected; a solver that does not converge.
pub fn partition(comm: &Comm, model: &DcModel, weight: Weight, halves: bool) -> Result<Partition> {
    let parts = parts(model);
    if model.buses < 2 || parts > 1 {
        return Err(input_error(format_args!(
            "the network of {} buses is not connected: it has {parts} parts",
            model.buses
        )));
    }
    let laplacian = laplacian(comm, model, weight)?;
    let (mut ones, _) = laplacian.vectors()?;
    ones.set(Scalar::from_real(1.0))?;
    let mut eps = Eps::new(comm)?;
    eps.set_operators(&laplacian, None)?;
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    eps.set_deflation_space(&[&ones])?;
    eps.set_dimensions(Dimensions::nev(1))?;
    eps.set_which(EpsWhich::TargetMagnitude)?;
    // The target is below 0, where the Laplacian is singular.
    let shift = -1e-5 * laplacian.norm(Norm::Infinity)?;
    eps.set_target(Scalar::from_real(shift))?;
    eigen::invert_directly(comm, &mut *eps.st()?)?;
    eps.set_tolerances(Tolerances { tolerance: 1e-12.into(), ..Tolerances::default() })?;
    eps.set_from_options()?;
    let converged = eps.solve()?;
    let pair = eps.eigenpairs()?.next().ok_or("an eigenpair")??;
    let values = eigen::unit_values(&pair.vector()?.main().gather_to_all()?);
    let level = if halves { median(&values) } else { 0.0 };
    let sides: Vec<bool> = values.iter().map(|&value| value >= level).collect();
    let cut: Vec<usize> = (0..model.lines.len())
        .filter(|&i| sides[model.lines[i].from] != sides[model.lines[i].to])
        .collect();
    Ok(Partition {
        connectivity: pair.value().re,
        error: pair.error(ErrorType::Relative)?,
        cut_weight: cut.iter().map(|&line| weight.of(model, line)).sum(),
        values,
        sides,
        cut,
        converged,
    })
}

fn laplacian(comm: &Comm, model: &DcModel, weight: Weight) -> Result<Matrix> {
    let neighbours = model.neighbours();
    let most = neighbours.iter().map(Vec::len).max().unwrap_or(0);
    let n = model.buses;
    let mut laplacian = Matrix::builder(comm)
        .global_size(n, n)
        .preallocate((most + 1).min(n), most.min(n))
        .build()?;
    let rows = laplacian.ownership_range()?;
    let mut entries = laplacian.assembler(InsertMode::Add)?;
    for row in rows {
        entries.set(row, row, Scalar::default())?;
        for &(line, other) in &neighbours[usize::try_from(row)?] {
            let value = Scalar::from_real(weight.of(model, line));
            entries.set(row, row, value)?;
            entries.set(row, Int::try_from(other)?, -value)?;
        }
    }
    entries.finish()?;
    Ok(laplacian)
}

/// Returns the number of connected components.
fn parts(model: &DcModel) -> usize {
    let neighbours = model.neighbours();
    let mut reached = vec![false; model.buses];
    let mut parts = 0;
    for start in 0..model.buses {
        if reached[start] {
            continue;
        }
        parts += 1;
        let mut stack = vec![start];
        while let Some(bus) = stack.pop() {
            if !std::mem::replace(&mut reached[bus], true) {
                stack.extend(neighbours[bus].iter().map(|&(_, other)| other));
            }
        }
    }
    parts
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
