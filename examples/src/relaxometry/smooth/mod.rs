//! Smooth maps of a slice, computed as one problem.
//!
//! The objective is half the sum of squares of the residuals in units of the noise, plus a penalty
//! on the relative differences of amplitude and T2 between neighbors. The penalty is quadratic for
//! small differences and linear for large ones, which preserves edges. The minimizer is the maximum
//! a posteriori estimate for normally distributed noise.

mod plane;

use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::tao::{ConvergedReason, Status, Tolerances};
use petsc_rs::{PcType, Tao, TaoType};

use plane::{Pair, Plane};

use super::fit::{Flag, Maps, Settings, Voxels, fit};
use super::model::Model;

/// The parameters of the penalty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Smoothness {
    /// The typical difference between neighboring voxels, as a fraction of the median value.
    pub spread: f64,
    /// Differences larger than this multiple of the typical difference are penalized linearly.
    pub edge: f64,
}

/// A slice of a volume.
#[derive(Clone, Copy)]
pub struct Slice<'a> {
    /// The volume.
    pub voxels: &'a dyn Voxels,
    /// The numbers of points along x and y, with x running fastest.
    pub size: (usize, usize),
    /// The number of the slice's first voxel.
    pub first: usize,
}

impl std::fmt::Debug for Slice<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Slice")
            .field("size", &self.size)
            .field("first", &self.first)
            .finish_non_exhaustive()
    }
}

impl Slice<'_> {
    fn len(&self) -> usize {
        self.size.0 * self.size.1
    }
}

/// The slice as a separate volume.
impl Voxels for Slice<'_> {
    fn len(&self) -> usize {
        Slice::len(self)
    }

    fn signal(&self, echo: usize, voxel: usize) -> f64 {
        self.voxels.signal(echo, self.first + voxel)
    }
}

/// The results for the voxels of the slice.
#[derive(Clone, Debug)]
pub struct Smoothed {
    /// The amplitudes; 0 in voxels that were not fitted.
    pub amplitude: Vec<f64>,
    /// T2; 0 in voxels that were not fitted.
    pub t2: Vec<f64>,
    /// The separate fits of the voxels, which are the initial guess.
    pub separate: Maps,
    /// The standard deviation of the noise, estimated from the residuals of the separate fits.
    pub noise: f64,
    /// The converged reason.
    pub status: Status,
}

/// Fits amplitude and T2 of the voxels for which `chosen` is true. Each rank of `comm` has a part
/// of the slice. The default method is a Newton method with bounds, and options select others.
/// Collective; the results are the same on all ranks.
///
/// # Errors
/// `ARG_WRONG` for a model other than one exponential; errors of the `Tao`, for example in a
/// complex build.
pub fn fit_slice(
    petsc: &Petsc,
    comm: &Comm,
    slice: Slice<'_>,
    chosen: &[bool],
    settings: &Settings,
    smoothness: Smoothness,
) -> Result<Smoothed> {
    if settings.model != Model::Mono {
        return Err(Error::input("a smooth map needs the model of one exponential"));
    }
    let grid = Dmda::builder(comm).sizes([slice.size.0, slice.size.1]).dof(2).build()?;
    let own = grid.corners()?;
    let nx = Int::try_from(slice.size.0)?;
    let number = |(i, j): (Int, Int)| (j * nx + i) as usize;
    let list: Vec<usize> = own.points().map(number).filter(|&v| chosen[v]).collect();
    let mut separate = Maps::new(Model::Mono, slice.len());
    fit(petsc.self_comm(), &slice, &list, settings, &mut separate, |_| ())?;
    separate.combine(comm);
    // Curves that do not determine T2 are excluded, because all voxels have the same step length.
    let inside: Vec<bool> = (0..slice.len())
        .map(|v| {
            let (t2, error) = (separate.parameters[1][v], separate.errors[1][v]);
            separate.flags[v] == Flag::Fitted as u8 && error < 0.5 * t2
        })
        .collect();
    let medians = [0, 1].map(|i| separate.median(&separate.parameters[i]));
    let ([Some(a), Some(t2)], Some(noise)) = (medians, noise(&slice, settings, &separate)) else {
        return Err(Error::input("no voxel of the slice could be fitted"));
    };
    let plane = Rc::new(Plane {
        times: settings.times.clone(),
        signal: own
            .points()
            .flat_map(|at| {
                let echoes = 0..settings.times.len();
                echoes.map(move |e| slice.signal(e, number(at)) / noise)
            })
            .collect(),
        inside,
        unit: [a / noise, t2],
        smoothness,
        own,
        nx,
        grid,
    });
    let mut x = start(&plane, &separate, settings, noise)?;
    let status = minimise(comm, &plane, &mut x, settings)?;
    let (mut amplitude, mut map) = (Vec::new(), Vec::new());
    let all = plane.grid.gather_natural(&x)?;
    for (pair, inside) in all.chunks_exact(2).zip(&plane.inside) {
        let keep = if *inside { 1.0 } else { 0.0 };
        amplitude.push(keep * pair[0].real() * a);
        map.push(keep * pair[1].real() * t2);
    }
    Ok(Smoothed { amplitude, t2: map, separate, noise, status })
}

/// Returns the median of the residuals of the separate fits.
fn noise(slice: &Slice<'_>, settings: &Settings, maps: &Maps) -> Option<f64> {
    let freedom = settings.times.len() - 2;
    let left = |v: usize| {
        let p = [maps.parameters[0][v], 1.0 / maps.parameters[1][v]];
        let squares = settings.times.iter().enumerate().map(|(e, &t)| {
            let r = Model::Mono.value(&p, t) - slice.signal(e, v);
            r * r
        });
        squares.sum::<f64>() / freedom.max(1) as f64
    };
    let fitted = |v: usize| maps.flags[v] == Flag::Fitted as u8;
    let squares: Vec<f64> =
        (0..slice.len()).map(|v| if fitted(v) { left(v) } else { 0.0 }).collect();
    let median = maps.median(&squares)?.sqrt();
    // The estimate is bounded from below, so that data without noise keep a finite weight.
    let floor = 1e-4 * maps.median(&maps.parameters[0])?;
    Some(median.max(floor))
}

/// Returns the separate fits in the unknowns of the problem.
fn start(plane: &Plane, maps: &Maps, settings: &Settings, noise: f64) -> Result<Vector> {
    let mut x = plane.grid.create_global_vector()?;
    let mut u = plane.grid.array_as_mut::<Pair>(&mut x)?;
    let (low, high) = settings.bounds.t2;
    for (at, _) in plane.points() {
        let v = (at.1 * plane.nx + at.0) as usize;
        let a = (maps.parameters[0][v] / noise / plane.unit[0]).clamp(0.0, 100.0);
        let t2 = maps.parameters[1][v].clamp(low, high) / plane.unit[1];
        u[at] = Pair::new([a, t2]);
    }
    drop(u);
    Ok(x)
}

fn minimise(comm: &Comm, plane: &Rc<Plane>, x: &mut Vector, settings: &Settings) -> Result<Status> {
    let mut tao = Tao::new(comm)?;
    tao.set_type(TaoType::BNLS)?;
    tao.set_tolerances(Tolerances {
        gatol: 1e-5.into(),
        grtol: 0.0.into(),
        max_iterations: 2000.into(),
        max_evaluations: 20_000.into(),
        ..Tolerances::default()
    })?;
    let (mut low, mut high) = (x.duplicate()?, x.duplicate()?);
    let bounds = settings.bounds.t2;
    for (vector, amplitude, t2) in [(&mut low, 0.0, bounds.0), (&mut high, 1e20, bounds.1)] {
        let mut u = plane.grid.array_as_mut::<Pair>(vector)?;
        for at in plane.own.points() {
            u[at] = Pair::new([amplitude, t2 / plane.unit[1]]);
        }
    }
    tao.set_variable_bounds(&low, &high)?;
    let (data, ranks) = (Rc::clone(plane), comm.duplicate()?);
    tao.set_objective_and_gradient(move |_, x, g| data.objective(&ranks, x, g))?;
    let h = plane.grid.create_matrix()?;
    let data = Rc::clone(plane);
    tao.set_hessian(&h, &h, move |_, x, h, _| data.hessian(x, h))?;
    if let Some(ksp) = tao.ksp()? {
        ksp.pc()?.set_type(PcType::BJACOBI)?;
    }
    tao.set_from_options()?;
    let status = tao.solve_unchecked(x)?;
    // Near the optimum, a line search fails because of rounding errors of the sum over the slice.
    let at_rounding =
        matches!(status.reason, ConvergedReason::LineSearch | ConvergedReason::TrustRegion)
            && status.gradient_norm < 1e-7 * status.objective.abs().max(1.0);
    if !status.reason.is_converged() && !at_rounding {
        return Err(Error::user(format!(
            "the smooth map did not converge: {} after {} iterations, gradient {:.1e}",
            status.reason, status.iterations, status.gradient_norm
        )));
    }
    Ok(status)
}
