//! The maps of a slice as one problem: all curves at once, and neighbours that tend to be alike.
//!
//! Half the squares of the misfits in units of the noise, and for each pair of neighbours a penalty on the
//! relative difference of their amplitudes and T2: quadratic for small ones, linear for large ones, so that edges
//! stay. It is the most probable map if noise is normal and neighbours differ by so much.

mod plane;

use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::tao::{ConvergedReason, Status, Tolerances};
use petsc_rs::{PcType, Tao, TaoType};

use plane::{Pair, Plane};

use super::fit::{Flag, Maps, Settings, Voxels, fit};
use super::model::Model;

/// How alike neighbours are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Smoothness {
    /// By how much neighbours usually differ, as a share of the median.
    pub spread: f64,
    /// Differences beyond so many of these count linearly.
    pub edge: f64,
}

/// A slice of a volume.
#[derive(Clone, Copy)]
pub struct Slice<'a> {
    /// The volume.
    pub voxels: &'a dyn Voxels,
    /// Points along x and y, x running fastest.
    pub size: (usize, usize),
    /// Number of the slice's first voxel.
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

/// The slice as a volume of its own.
impl Voxels for Slice<'_> {
    fn len(&self) -> usize {
        Slice::len(self)
    }

    fn signal(&self, echo: usize, voxel: usize) -> f64 {
        self.voxels.signal(echo, self.first + voxel)
    }
}

/// What came out, for the voxels of the slice.
#[derive(Clone, Debug)]
pub struct Smoothed {
    /// Amplitudes, 0 where nothing was fitted.
    pub amplitude: Vec<f64>,
    /// T2, 0 where nothing was fitted.
    pub t2: Vec<f64>,
    /// The fits voxel by voxel, where it began.
    pub separate: Maps,
    /// Standard deviation of the noise, as the fits voxel by voxel leave it.
    pub noise: f64,
    /// How it ended.
    pub status: Status,
}

/// Fits amplitude and T2 of the voxels of a slice for which `chosen` says so, each rank of `comm` its part of the slice: by
/// Newton's method within bounds, or what the options say. Collective, with the same numbers on all ranks.
///
/// # Errors
/// `ARG_WRONG` for another model than one exponential; what the optimiser returns, such as in a complex build.
pub fn fit_slice(
    petsc: &Petsc,
    comm: &Comm,
    slice: Slice<'_>,
    chosen: &[bool],
    settings: &Settings,
    smoothness: Smoothness,
) -> Result<Smoothed> {
    if settings.model != Model::Mono {
        return Err(Error::input("a smooth map is of one exponential"));
    }
    let grid = Dmda::builder(comm)
        .sizes([slice.size.0, slice.size.1])
        .dof(2)
        .build()?;
    let own = grid.corners()?;
    let nx = Int::try_from(slice.size.0)?;
    let number = |(i, j): (Int, Int)| (j * nx + i) as usize;
    let list: Vec<usize> = own.points().map(number).filter(|&v| chosen[v]).collect();
    let mut separate = Maps::new(Model::Mono, slice.len());
    fit(
        petsc.self_comm(),
        &slice,
        &list,
        settings,
        &mut separate,
        |_| (),
    )?;
    separate.combine(comm);
    // A curve that by itself says nothing about T2 would hold up all others: one step length is for all.
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
    Ok(Smoothed {
        amplitude,
        t2: map,
        separate,
        noise,
        status,
    })
}

/// The median of what the fits leave, voxel by voxel.
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
    let squares: Vec<f64> = (0..slice.len())
        .map(|v| if fitted(v) { left(v) } else { 0.0 })
        .collect();
    let median = maps.median(&squares)?.sqrt();
    // Without noise, misfits still count.
    let floor = 1e-4 * maps.median(&maps.parameters[0])?;
    Some(median.max(floor))
}

/// The separate fits, in the unknowns of the problem.
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
    // At the last digits of the sum over the slice a line search finds nothing better.
    let at_rounding = matches!(
        status.reason,
        ConvergedReason::LineSearch | ConvergedReason::TrustRegion
    ) && status.gradient_norm < 1e-7 * status.objective.abs().max(1.0);
    if !status.reason.is_converged() && !at_rounding {
        return Err(Error::user(format!(
            "the smooth map did not converge: {} after {} iterations, gradient {:.1e}",
            status.reason, status.iterations, status.gradient_norm
        )));
    }
    Ok(status)
}
