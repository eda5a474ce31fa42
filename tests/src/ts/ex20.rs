//! Port of PETSc's `src/ts/tutorials/ex20.c`: the van der Pol equation with an implicit or an
//! explicit method.

use petsc_rs::prelude::*;
use petsc_rs::ts::ExactFinalTime;
use petsc_rs::{ErrorCode, Ts, TsType, Viewer};

/// Runs the port.
///
/// # Errors
/// Errors of the integration; more than one rank.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    if world.size() != 1 {
        let text = "this is a uniprocessor example only";
        return Err(Error::new(ErrorCode::WRONG_MPI_SIZE, text));
    }
    let mu = options.real("-mu")?.unwrap_or(1e3);
    let a = Matrix::builder(world).global_size(2, 2).build()?;
    let (mut x, f) = a.vectors()?;
    let r = Scalar::from_real;
    let mut ts = Ts::new(world)?;
    if options.bool("-implicitform")?.unwrap_or(true) {
        ts.set_i_function(&f, move |_, _, x, v, f| {
            let (x, v, mut f) = (x.array()?, v.array()?, f.array_mut()?);
            f[0] = v[0] - x[1];
            f[1] = v[1] - r(mu) * ((r(1.0) - x[0] * x[0]) * x[1] - x[0]);
            Ok(())
        })?;
        ts.set_i_jacobian(&a, &a, move |_, state, a, b| {
            let x = state.u.array()?;
            let values = [
                r(state.shift),
                r(-1.0),
                r(mu) * (r(2.0) * x[0] * x[1] + r(1.0)),
                r(state.shift) - r(mu) * (r(1.0) - x[0] * x[0]),
            ];
            b.set_values(&[0, 1], &[0, 1], &values, InsertMode::Insert)?;
            b.assemble()?;
            if a.same_object(b) { Ok(()) } else { a.assemble() }
        })?;
        ts.set_type(TsType::BEULER)?;
    } else {
        ts.set_rhs_function(&f, move |_, _, x, f| {
            let (x, mut f) = (x.array()?, f.array_mut()?);
            f[0] = x[1];
            f[1] = r(mu) * (r(1.0) - x[0] * x[0]) * x[1] - x[0];
            Ok(())
        })?;
        ts.set_type(TsType::RK)?;
    }
    ts.set_max_time(0.5)?;
    ts.set_time_step(0.001)?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    if options.bool("-monitor")?.unwrap_or(false) {
        crate::models::van_der_pol::monitor(&mut ts, world, &x)?;
    }
    crate::models::van_der_pol::begin(&mut x, mu)?;
    ts.set_from_options()?;
    let end = ts.solve(&mut x)?;
    petsc.print(format_args!("steps {}, ftime {}\n", end.steps, end.time))?;
    x.view(&*Viewer::stdout(world)?)
}
