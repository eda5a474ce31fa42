//! Port of PETSc's `src/ts/tutorials/ex43.c`: a second-order oscillator.

use petsc_rs::prelude::*;
use petsc_rs::ts::ExactFinalTime;
use petsc_rs::{ErrorCode, Ts, TsType};

/// Returns the state at time `t` of an oscillator of frequency `w` and damping `xi` with initial
/// position `u0` and velocity `v0`.
fn exact(t: Real, w: Real, xi: Real, u0: Real, v0: Real) -> Real {
    let a = xi * w;
    if xi < 1.0 {
        let w = (1.0 - xi * xi).sqrt() * w;
        (-a * t).exp() * ((v0 + a * u0) / w * (w * t).sin() + u0 * (w * t).cos())
    } else if xi > 1.0 {
        let w = (xi * xi - 1.0).sqrt() * w;
        let c1 = (w * u0 + xi * u0 + v0) / (2.0 * w);
        let c2 = (w * u0 - xi * u0 - v0) / (2.0 * w);
        c1 * ((-xi + w) * t).exp() + c2 * ((-xi - w) * t).exp()
    } else {
        ((v0 + a * u0) * t + u0) * (-a * t).exp()
    }
}

/// Runs the port.
///
/// # Errors
/// Errors of the integration; more than one rank.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (own, options) = (petsc.self_comm(), petsc.options());
    if petsc.world().size() != 1 {
        let text = "only for sequential runs";
        return Err(Error::new(ErrorCode::WRONG_MPI_SIZE, text));
    }
    let real = |name: &str, default: Real| Ok::<_, Error>(options.real(name)?.unwrap_or(default));
    let (w, xi) = (real("-frequency", 1.0)?, real("-damping", 0.0)?);
    let (u0, v0) = (real("-initial_u", 1.0)?, real("-initial_v", 0.0)?);
    let r = Scalar::from_real;
    let mut ts = Ts::new(own)?;
    ts.set_type(TsType::ALPHA2)?;
    ts.set_max_time(5.0 * (2.0 * std::f64::consts::PI))?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    ts.set_time_step(0.01)?;
    let f = Vector::seq(own, 1)?;
    let j = Matrix::from_dense(own, 1, 1, &[r(0.0)])?;
    if xi == 0.0 {
        ts.set_i_function(&f, move |_, _, u, a, f| {
            f.array_mut()?[0] = a.array()?[0] + r(w * w) * u.array()?[0];
            Ok(())
        })?;
        ts.set_i_jacobian(&j, &j, move |_, state, j, p| {
            p.set_value(0, 0, r(state.shift + w * w), InsertMode::Insert)?;
            p.assemble()?;
            if j.same_object(p) { Ok(()) } else { j.assemble() }
        })?;
    } else {
        ts.set_i2_function(&f, move |_, s, f| {
            let (u, v, a) = (s.u.array()?[0], s.v.array()?[0], s.a.array()?[0]);
            f.array_mut()?[0] = a + r(2.0 * xi * w) * v + r(w * w) * u;
            Ok(())
        })?;
        ts.set_i2_jacobian(&j, &j, move |_, s, j, p| {
            let slope = s.shift_a + s.shift_v * (2.0 * xi * w) + w * w;
            p.set_value(0, 0, r(slope), InsertMode::Insert)?;
            p.assemble()?;
            if j.same_object(p) { Ok(()) } else { j.assemble() }
        })?;
    }
    ts.set_solution_function(move |_, t, u| {
        u.array_mut()?[0] = r(exact(t, w, xi, u0, v0));
        Ok(())
    })?;
    let (mut u, mut v) = (Vector::seq(own, 1)?, Vector::seq(own, 1)?);
    u.set(r(u0))?;
    v.set(r(v0))?;
    ts.set_solution2(&mut u, &mut v)?;
    ts.set_from_options()?;
    let _ = ts.solve_in_place()?;
    Ok(())
}
