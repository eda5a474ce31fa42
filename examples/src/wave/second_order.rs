//! The second-order wave equation for `-ts_type alpha2`.
//!
//! With the damping `γ` of the sponge, the equation is `∂²u/∂t² + 2γ·∂u/∂t + γ²u = c²·Δu + s`. A
//! matched layer has first-order unknowns, which this method does not support.

use petsc_rs::dm::GridRead;
use petsc_rs::prelude::*;
use petsc_rs::ts::SecondOrderState;
use petsc_rs::{DmdaRef, MatrixRef, Ts, TsType, VectorRef};
use std::rc::Rc;

use super::system::{Ground, Integrated, Recorder};
use super::{Settings, profiles};

/// Integrates with `alpha2`. See [`integrate`](super::integrate).
pub(super) fn run(
    comm: &Comm,
    settings: &Settings,
    steps: usize,
    initial: impl Fn(usize, usize) -> (f64, f64),
    seen: impl FnMut(usize, f64, &Dmda, &Vector) -> Result<()> + 'static,
) -> Result<Integrated> {
    if profiles(settings).is_some() {
        let text = "-ts_type alpha2 does not support a matched layer: use --absorb sponge or none";
        return Err(Error::input(text));
    }
    let recorder = Recorder::new(comm, settings)?;
    let grid = Rc::clone(&recorder.grid);
    let ground = Rc::new(Ground::new(&grid, settings)?);
    let (mut u, mut v) = (grid.create_global_vector()?, grid.create_global_vector()?);
    {
        let (mut u, mut v) = (grid.array_mut(&mut u)?, grid.array_mut(&mut v)?);
        for (point, (i, j)) in grid.corners()?.points().enumerate() {
            let (first, speed) = initial(usize::try_from(i)?, usize::try_from(j)?);
            u[(i, j)] = Scalar::from_real(first);
            v[(i, j)] = Scalar::from_real(speed - ground.damping[point] * first);
        }
    }
    let mut ts = Ts::new(comm)?;
    ts.set_dm(&grid)?;
    ts.set_type(TsType::ALPHA2)?;
    let of = Rc::clone(&ground);
    ts.set_i2_function(&*u.duplicate()?, move |ts, state, y| {
        of.rest(ts.dm()?.as_dmda()?, state, y)
    })?;
    let j = grid.create_matrix()?;
    ts.set_i2_jacobian(&j, &j, move |ts, state, a, p| {
        ground.derivatives(ts.dm()?.as_dmda()?, state, p)?;
        if a.same_object(p) { Ok(()) } else { a.assemble() }
    })?;
    recorder.attach(&mut ts, steps, seen, |_, _, state| {
        let mut u = state.duplicate_with_values()?;
        u.set_name("displacement")?;
        Ok(u)
    })?;
    ts.set_from_options()?;
    let finished = ts.solve_second_order(&mut u, &mut v)?;
    recorder.finish(comm, finished, &u)
}

impl Ground {
    /// `1/dx²` and `1/dy²`.
    fn weights(&self) -> (f64, f64) {
        let (dx, dy) = self.settings.spacing();
        (1.0 / (dx * dx), 1.0 / (dy * dy))
    }

    /// Computes the residual `a + 2γv + γ²u - c²·Δu - s`.
    fn rest(&self, grid: &DmdaRef, state: &SecondOrderState<'_>, y: &mut VectorRef) -> Result<()> {
        let real = Scalar::from_real;
        let ghosted = grid.ghosted(state.u)?;
        let u: GridRead<'_, Scalar> = grid.array(&ghosted)?;
        let (v, a) = (grid.array(state.v)?, grid.array(state.a)?);
        let mut y = grid.array_mut(y)?;
        let (along_x, along_y) = self.weights();
        for (point, at) in grid.corners()?.points().enumerate() {
            let ((i, j), own) = (at, u[at]);
            let bent = (u[(i - 1, j)] + u[(i + 1, j)] - own - own) * real(along_x)
                + (u[(i, j - 1)] + u[(i, j + 1)] - own - own) * real(along_y);
            let gamma = self.damping[point];
            y[at] = a[at] + v[at] * real(2.0 * gamma) + own * real(gamma * gamma)
                - bent * real(self.stiffness[point]);
        }
        if let Some(source) = &self.settings.source {
            let at = (Int::try_from(source.at.0)?, Int::try_from(source.at.1)?);
            if let Some(point) = y.get_mut(at) {
                *point -= real(source.value(state.time));
            }
        }
        Ok(())
    }

    fn derivatives(
        &self,
        grid: &DmdaRef,
        state: &SecondOrderState<'_>,
        p: &mut MatrixRef,
    ) -> Result<()> {
        let (along_x, along_y) = self.weights();
        let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
        for (point, (i, j)) in grid.corners()?.points().enumerate() {
            let (c2, gamma) = (self.stiffness[point], self.damping[point]);
            let own = state.shift_a
                + 2.0 * gamma * state.shift_v
                + gamma * gamma
                + 2.0 * c2 * (along_x + along_y);
            let row = [
                ((i, j - 1), -c2 * along_y),
                ((i - 1, j), -c2 * along_x),
                ((i, j), own),
                ((i + 1, j), -c2 * along_x),
                ((i, j + 1), -c2 * along_y),
            ];
            rows.row((i, j), row)?;
        }
        rows.finish()
    }
}
