//! The wave equation as a first-order system, for all of PETSc's `TS` methods.
//!
//! The system is `∂u/∂t = v`, `∂v/∂t = c²·Δu + s`. The sponge is replaced by a damping `γ`, with
//! which a free wave also decays by `√factor` per step: `∂u/∂t = v - γu`, `∂v/∂t = … - γv`. The
//! matched layer adds two unknowns at each point, `φ₁` and `φ₂`.

use std::cell::RefCell;
use std::rc::Rc;

use petsc_rs::bytemuck::Pod;
use petsc_rs::dm::{GridMut, GridRead};
use petsc_rs::prelude::*;
use petsc_rs::ts::{Converged, ExactFinalTime};
use petsc_rs::{DmdaRef, Ts, TsType, VectorRef};

use super::absorb::Profile;
use super::{
    Absorb, Seismogram, Settings, add_up, check_motion, grid, profiles, second_order, sponge,
};

/// The wave field at the end of an integration.
#[derive(Debug)]
pub struct Integrated {
    /// The number of steps and the final time.
    pub finished: Converged,
    /// The displacement at all points, with `x` running fastest.
    pub displacement: Vec<f64>,
    /// The displacements at the receivers.
    pub seismogram: Seismogram,
}

/// The displacement `u`, its velocity `v` and, in a matched layer, `φ` at a point.
trait Unknowns: Pod {
    const COUNT: usize;
    fn u(&self) -> Scalar;
    fn v(&self) -> Scalar;
    fn flux(&self) -> [Scalar; 2];
    fn new(u: Scalar, v: Scalar, flux: [Scalar; 2]) -> Self;
}

impl Unknowns for [Scalar; 2] {
    const COUNT: usize = 2;
    fn u(&self) -> Scalar {
        self[0]
    }
    fn v(&self) -> Scalar {
        self[1]
    }
    fn flux(&self) -> [Scalar; 2] {
        [Scalar::default(); 2]
    }
    fn new(u: Scalar, v: Scalar, _: [Scalar; 2]) -> Self {
        [u, v]
    }
}

impl Unknowns for [Scalar; 4] {
    const COUNT: usize = 4;
    fn u(&self) -> Scalar {
        self[0]
    }
    fn v(&self) -> Scalar {
        self[1]
    }
    fn flux(&self) -> [Scalar; 2] {
        [self[2], self[3]]
    }
    fn new(u: Scalar, v: Scalar, [a, b]: [Scalar; 2]) -> Self {
        [u, v, a, b]
    }
}

/// Integrates over the time of `steps` time steps of the settings, from the displacement and
/// velocity that `initial` returns for a grid index. The default method is Runge–Kutta; `-ts_type`
/// selects another. A method with adaptive steps ends at the same final time. `seen` is called
/// after each step with the number of the step, its time, the DMDA and the displacement.
/// Collective.
///
/// # Errors
/// Invalid settings, or steps that do not converge.
pub fn integrate(
    comm: &Comm,
    settings: &Settings,
    steps: usize,
    initial: impl Fn(usize, usize) -> (f64, f64),
    seen: impl FnMut(usize, f64, &Dmda, &Vector) -> Result<()> + 'static,
) -> Result<Integrated> {
    settings.check_any_method().map_err(Error::input)?;
    // Methods for second-order problems integrate the equation directly.
    let mut chosen = Ts::new(comm)?;
    chosen.set_type(TsType::RK)?;
    chosen.set_from_options()?;
    if chosen.type_name()?.as_deref() == Some("alpha2") {
        return second_order::run(comm, settings, steps, initial, seen);
    }
    if profiles(settings).is_some() {
        run::<[Scalar; 4]>(comm, settings, steps, initial, seen)
    } else {
        run::<[Scalar; 2]>(comm, settings, steps, initial, seen)
    }
}

fn run<T: Unknowns>(
    comm: &Comm,
    settings: &Settings,
    steps: usize,
    initial: impl Fn(usize, usize) -> (f64, f64),
    seen: impl FnMut(usize, f64, &Dmda, &Vector) -> Result<()> + 'static,
) -> Result<Integrated> {
    let grid = grid(comm, settings, T::COUNT)?;
    let mut state = grid.create_global_vector()?;
    {
        let mut values = grid.array_as_mut::<T>(&mut state)?;
        for (i, j) in grid.corners()?.points() {
            let (u, v) = initial(usize::try_from(i)?, usize::try_from(j)?);
            let (u, v) = (Scalar::from_real(u), Scalar::from_real(v));
            values[(i, j)] = T::new(u, v, Default::default());
        }
    }
    let mut ts = Ts::new(comm)?;
    ts.set_dm(&grid)?;
    ts.set_type(TsType::RK)?;
    let ground = Ground::new(&grid, settings)?;
    ts.set_rhs_function_local(move |grid, time, u: &GridRead<'_, T>, g: &mut GridMut<'_, T>| {
        ground.derivative(grid, time, u, g)
    })?;
    let recorder = Recorder::new(comm, settings)?;
    recorder.attach(&mut ts, steps, seen, |grid, single, state| {
        displacement::<T>(grid, single, state)
    })?;
    ts.set_from_options()?;
    let finished = ts.solve(&mut state)?;
    let u = displacement::<T>(&grid, &recorder.grid, &state)?;
    recorder.finish(comm, finished, &u)
}

/// The records of an integration: the displacements at the receivers.
pub(super) struct Recorder {
    settings: Settings,
    /// A vector for the displacement alone.
    pub(super) grid: Rc<Dmda>,
    record: Rc<RefCell<Seismogram>>,
}

impl Recorder {
    pub(super) fn new(comm: &Comm, settings: &Settings) -> Result<Self> {
        let traces = vec![Vec::new(); settings.receivers.len()];
        let times = Vec::new();
        Ok(Self {
            settings: settings.clone(),
            grid: Rc::new(grid(comm, settings, 1)?),
            record: Rc::new(RefCell::new(Seismogram { times, traces })),
        })
    }

    /// Sets the length and number of steps, and adds a monitor; `displacement` extracts the
    /// displacement from the state.
    pub(super) fn attach(
        &self,
        ts: &mut Ts,
        steps: usize,
        mut seen: impl FnMut(usize, f64, &Dmda, &Vector) -> Result<()> + 'static,
        displacement: impl Fn(&DmdaRef, &DmdaRef, &VectorRef) -> Result<Vector> + 'static,
    ) -> Result<()> {
        let dt = self.settings.dt;
        ts.set_time_step(dt)?;
        // The limit suffices for methods that take shorter steps.
        ts.set_max_steps(1000 * steps.max(1))?;
        ts.set_max_time(dt * steps as f64)?;
        ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
        let (record, receivers) = (Rc::clone(&self.record), self.settings.receivers.clone());
        let single = Rc::clone(&self.grid);
        ts.add_monitor(move |ts, step, time, state| {
            // The state before the first step is not recorded.
            if step == 0 {
                return Ok(());
            }
            let u = displacement(ts.dm()?.as_dmda()?, &single, state)?;
            {
                let mut record = record.borrow_mut();
                record.times.push(time);
                let values = single.array(&u)?;
                for (&(i, j), trace) in receivers.iter().zip(&mut record.traces) {
                    let at = (Int::try_from(i)?, Int::try_from(j)?);
                    trace.push(values.get(at).map_or(0.0, |u| u.real()));
                }
            }
            seen(step, time, &single, &u)
        })
    }

    pub(super) fn finish(
        self,
        comm: &Comm,
        finished: Converged,
        u: &VectorRef,
    ) -> Result<Integrated> {
        check_motion(u, finished.steps)?;
        let own = self.record.take();
        let all = self.grid.gather_natural(u)?;
        Ok(Integrated {
            finished,
            displacement: all.iter().map(|v| v.real()).collect(),
            seismogram: Seismogram { traces: add_up(comm, &own.traces), times: own.times },
        })
    }
}

/// Returns the displacement alone.
fn displacement<T: Unknowns>(
    grid: &DmdaRef,
    single: &DmdaRef,
    state: &VectorRef,
) -> Result<Vector> {
    let mut u = single.create_global_vector()?;
    let values = grid.array_as::<T>(state)?;
    let mut to = single.array_mut(&mut u)?;
    for at in grid.corners()?.points() {
        to[at] = values[at].u();
    }
    drop(to);
    u.set_name("displacement")?;
    Ok(u)
}

/// The properties of the ground at this rank's points.
pub(super) struct Ground {
    pub(super) settings: Settings,
    profiles: Option<(Profile, Profile)>,
    /// `c²`, row by row.
    pub(super) stiffness: Vec<f64>,
    /// The damping of the sponge, in 1/s.
    pub(super) damping: Vec<f64>,
}

impl Ground {
    pub(super) fn new(grid: &DmdaRef, settings: &Settings) -> Result<Self> {
        let (mut stiffness, mut damping) = (Vec::new(), Vec::new());
        for (i, j) in grid.corners()?.points() {
            let at = (usize::try_from(i)?, usize::try_from(j)?);
            stiffness.push(settings.medium.speed(at, settings.points).powi(2));
            damping.push(match settings.absorb {
                Absorb::Sponge { width, strength } => {
                    let factor = sponge(at, settings.points, (width, strength));
                    -0.5 * factor.ln() / settings.dt
                }
                _ => 0.0,
            });
        }
        Ok(Self { profiles: profiles(settings), settings: settings.clone(), stiffness, damping })
    }

    fn derivative<T: Unknowns>(
        &self,
        grid: &DmdaRef,
        time: f64,
        state: &GridRead<'_, T>,
        g: &mut GridMut<'_, T>,
    ) -> Result<()> {
        let real = Scalar::from_real;
        let (dx, dy) = self.settings.spacing();
        let corners = grid.corners()?;
        let x = corners.x();
        for (row, j) in corners.y().enumerate() {
            let here = state.span(x.start - 1..x.end + 1, j);
            let (below, above) = (state.span(x.clone(), j - 1), state.span(x.clone(), j + 1));
            let rates = g.row_mut(j);
            let n = rates.len();
            let (stiffness, damping) =
                (&self.stiffness[row * n..][..n], &self.damping[row * n..][..n]);
            for (p, i) in x.clone().enumerate() {
                let (left, own, right) = (&here[p], &here[p + 1], &here[p + 2]);
                let (u, v) = (own.u(), own.v());
                let mut sum = (left.u() + right.u() - u - u) * real(1.0 / (dx * dx))
                    + (below[p].u() + above[p].u() - u - u) * real(1.0 / (dy * dy));
                let mut change = v - u * real(damping[p]);
                let mut force = -v * real(damping[p]);
                let mut flux = [Scalar::default(); 2];
                if let Some((along_x, along_y)) = &self.profiles {
                    let [first, second] = own.flux();
                    sum += (right.flux()[0] - first) * real(1.0 / dx)
                        + (above[p].flux()[1] - second) * real(1.0 / dy);
                    let (x, y) = (i as f64, j as f64);
                    let (a, b) = (along_x.at(x), along_y.at(y));
                    force -= v * real(a + b) + u * real(a * b);
                    // φ is located half a cell before the point; there is none beyond the edge.
                    let (a_before, b_before) = (along_x.at(x - 0.5), along_y.at(y - 0.5));
                    if i > 0 {
                        let slope = (u - left.u()) * real((b - a_before) / dx);
                        flux[0] = slope - first * real(a_before);
                    }
                    if j > 0 {
                        let slope = (u - below[p].u()) * real((a - b_before) / dy);
                        flux[1] = slope - second * real(b_before);
                    }
                    change = v;
                }
                force += sum * real(stiffness[p]);
                rates[p] = T::new(change, force, flux);
            }
        }
        if let Some(source) = &self.settings.source {
            let at = (Int::try_from(source.at.0)?, Int::try_from(source.at.1)?);
            if let Some(point) = g.get_mut(at) {
                let shaken = point.v() + real(source.value(time));
                *point = T::new(point.u(), shaken, point.flux());
            }
        }
        Ok(())
    }
}
