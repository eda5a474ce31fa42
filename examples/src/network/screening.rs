//! N-1 screening: the flows in all lines after the outage of each line.
//!
//! Let `f_k` be the flow in line `k`, let `θ` solve `B θ = e_from - e_to` for the ends of `k`, and
//! let `s_l = b_l (θ_from(l) - θ_to(l))` be the flow in line `l` for one unit sent between these
//! ends. After the outage of line `k`, the flow in line `l` is exactly `f_l + s_l f_k / (1 - s_k)`.
//! The matrix does not change, and all outages use the same factorization.

use mpi::traits::*;
use petsc_rs::prelude::*;

use super::solve::assemble;
use super::{DcModel, bridges};

/// A line whose flow exceeds its rating after an outage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overload {
    /// The position of the failed line.
    pub outage: usize,
    /// The position of the overloaded line.
    pub line: usize,
    /// The flow in MW.
    pub flow: f64,
    /// `|flow| / rating`.
    pub loading: f64,
}

/// The loading above which a line is overloaded. The tolerance excludes rounding errors of fully
/// loaded lines.
const FULL: f64 = 1.0 + 1e-9;

/// If a line is already overloaded before any outage, an overload is counted only if the outage
/// increases the loading by more than this number.
const WORSE: f64 = 0.05;

/// The result of a screening, on every rank.
#[derive(Clone, Debug, PartialEq)]
pub struct Screening {
    /// The number of computed outages.
    pub screened: usize,
    /// The lines whose outage disconnects the network. These outages are not computed.
    pub islanding: Vec<usize>,
    /// The lines that are overloaded before any outage.
    pub before: Vec<usize>,
    /// The number of overloads, that is, of pairs of an outage and a line that is overloaded after
    /// it. If a line is already overloaded before any outage, a pair counts only if the outage
    /// raises the loading of the line by more than 5 % of the rating.
    pub overloads: u64,
    /// The largest overloads, in descending order.
    pub worst: Vec<Overload>,
}

/// Screens all lines. The ranks of `comm` share the outages. `progress` is called after each outage
/// of this rank.
///
/// # Errors
/// A factorization that fails.
pub fn screen(
    petsc: &Petsc,
    model: &DcModel,
    theta: &[f64],
    keep: usize,
    mut progress: impl FnMut(),
) -> Result<Screening> {
    let comm = petsc.world();
    let is_bridge = bridges(model);
    let outages: Vec<usize> = (0..model.lines.len()).filter(|&l| !is_bridge[l]).collect();
    let base = model.flows(theta);
    let loading = |line: usize, flow: f64| model.lines[line].rating.map_or(0.0, |r| flow.abs() / r);
    let loadings: Vec<f64> = (0..base.len()).map(|l| loading(l, base[l])).collect();
    let mut engine = Engine::new(petsc, model)?;
    let (mut overloads, mut worst) = (0_u64, Vec::new());
    let (rank, size) = (usize::try_from(comm.rank())?, usize::try_from(comm.size())?);
    for &outage in outages.iter().skip(rank).step_by(size) {
        let flows = engine.flows_without(model, &base, outage)?;
        for (line, (&flow, &before)) in flows.iter().zip(&loadings).enumerate() {
            let loading = loading(line, flow);
            let limit = if before > FULL { before + WORSE } else { FULL };
            // The failed line has no flow.
            if loading > limit {
                overloads += 1;
                worst.push(Overload { outage, line, flow, loading });
            }
        }
        // The list is sorted only after it has grown, which keeps it short.
        if worst.len() > 64 * keep {
            keep_worst(&mut worst, keep);
        }
        progress();
    }
    keep_worst(&mut worst, keep);
    let (overloads, worst) = combine(comm, overloads, &worst, keep)?;
    let islanding = (0..model.lines.len()).filter(|&l| is_bridge[l]).collect();
    Ok(Screening {
        screened: outages.len(),
        islanding,
        before: (0..base.len()).filter(|&l| loadings[l] > FULL).collect(),
        overloads,
        worst,
    })
}

/// Sorts overloads in descending order. Equal ones are ordered by outage and line, so that the list
/// does not depend on the number of ranks.
fn keep_worst(worst: &mut Vec<Overload>, keep: usize) {
    worst.sort_by(|a, b| {
        b.loading.total_cmp(&a.loading).then((a.outage, a.line).cmp(&(b.outage, b.line)))
    });
    worst.truncate(keep);
}

/// The factored matrix of the whole network, on this rank.
struct Engine {
    ksp: Ksp,
    rhs: Vector,
    theta: Vector,
    given: Vec<bool>,
}

impl Engine {
    fn new(petsc: &Petsc, model: &DcModel) -> Result<Self> {
        let (a, theta, rhs) = assemble(petsc.self_comm(), model)?;
        let mut ksp = Ksp::new(petsc.self_comm())?;
        ksp.set_options_prefix("screen_")?;
        ksp.set_operators(&a, &a)?;
        ksp.set_type(KspType::PREONLY)?;
        ksp.pc()?.set_type(PcType::LU)?;
        ksp.set_from_options()?;
        let mut given = vec![false; model.buses];
        for &(bus, _) in &model.fixed {
            given[bus] = true;
        }
        Ok(Self { ksp, rhs, theta, given })
    }

    /// Returns the flows in MW in all lines after an outage; the flow in the failed line is 0.
    fn flows_without(&mut self, model: &DcModel, base: &[f64], outage: usize) -> Result<Vec<f64>> {
        let failed = &model.lines[outage];
        {
            let mut rhs = self.rhs.array_mut()?;
            rhs.fill(Scalar::from_real(0.0));
            // A bus with a prescribed angle balances any power.
            for (bus, unit) in [(failed.from, 1.0), (failed.to, -1.0)] {
                if !self.given[bus] {
                    rhs[bus] = Scalar::from_real(unit);
                }
            }
        }
        let _ = self.ksp.solve(&self.rhs, &mut self.theta)?;
        let theta = self.theta.array()?;
        let share = |l: &super::Line| l.susceptance * (theta[l.from].real() - theta[l.to].real());
        let transfer = base[outage] / (1.0 - share(failed));
        let mut flows: Vec<f64> =
            model.lines.iter().zip(base).map(|(l, f)| f + share(l) * transfer).collect();
        flows[outage] = 0.0;
        Ok(flows)
    }
}

fn combine(
    comm: &Comm,
    mine: u64,
    worst: &[Overload],
    keep: usize,
) -> Result<(u64, Vec<Overload>)> {
    let mut total = 0_u64;
    comm.mpi().all_reduce_into(&mine, &mut total, mpi::collective::SystemOperation::sum());
    // Each entry has four numbers; a loading of 0 marks an unused entry. Positions are exact as
    // floating-point numbers.
    let mut flat = vec![0.0_f64; 4 * keep];
    for (slot, o) in flat.chunks_exact_mut(4).zip(worst) {
        slot.copy_from_slice(&[o.outage as f64, o.line as f64, o.flow, o.loading]);
    }
    let mut all = vec![0.0_f64; flat.len() * usize::try_from(comm.size())?];
    comm.mpi().all_gather_into(&flat[..], &mut all[..]);
    let mut list: Vec<Overload> = all
        .chunks_exact(4)
        .filter(|slot| slot[3] > 0.0)
        .map(|s| Overload { outage: s[0] as usize, line: s[1] as usize, flow: s[2], loading: s[3] })
        .collect();
    keep_worst(&mut list, keep);
    Ok((total, list))
}
