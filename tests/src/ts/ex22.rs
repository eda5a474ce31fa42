//! Port of PETSc's `src/ts/tutorials/ex22.c`: advection and a stiff reaction in one dimension, with
//! implicit-explicit methods.

use petsc_rs::dm::{GridMut, GridRead, StencilType};
use petsc_rs::prelude::*;
use petsc_rs::ts::{ConvergedReason, ExactFinalTime};
use petsc_rs::{DmdaRef, Ts, TsType};

type Field = [Scalar; 2];

/// Runs the port.
///
/// # Errors
/// Errors of the integration.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let grid = Dmda::builder(world).sizes([11]).dof(2).stencil(StencilType::Box, 2);
    let mut grid = grid.from_options().build()?;
    let mut x = grid.create_global_vector()?;
    let real = |name: &str, default: Real| Ok::<_, Error>(options.real(name)?.unwrap_or(default));
    let a = [real("-a0", 1.0)?, real("-a1", 0.0)?];
    let k0 = real("-k0", 1e6)?;
    let k = [k0, real("-k1", 2.0 * k0)?];
    let s = [real("-s0", 0.0)?, real("-s1", 1.0)?];
    let r = Scalar::from_real;

    // The C program selects the line search `basic`.
    if !options.has("-snes_linesearch_type")? {
        options.set("-snes_linesearch_type", "basic")?;
    }
    let mut ts = Ts::new(world)?;
    ts.set_dm(&grid)?;
    ts.set_type(TsType::ARKIMEX)?;
    ts.set_rhs_function_local(
        move |grid: &DmdaRef, t: Real, x: &GridRead<'_, Field>, f: &mut GridMut<'_, Field>| {
            let m = grid.layout()?.sizes[0];
            let inflow = [1.0 - (12.0 * t).sin().powi(4), 0.0];
            for i in grid.corners()?.x() {
                for c in 0..2 {
                    let at = |offset: Int, weight: Real| r(weight) * x[i + offset][c];
                    let flux = if i == 0 {
                        r(inflow[c] / 3.0) + at(0, 0.5) + at(1, -1.0) + at(2, 1.0 / 6.0)
                    } else if i == 1 {
                        r(-inflow[c] / 12.0)
                            + at(-1, 2.0 / 3.0)
                            + at(1, -2.0 / 3.0)
                            + at(2, 1.0 / 12.0)
                    } else if i == m - 2 {
                        at(-2, -1.0 / 6.0) + at(-1, 1.0) + at(0, -0.5) + at(1, -1.0 / 3.0)
                    } else if i == m - 1 {
                        at(0, -1.0) + at(-1, 1.0)
                    } else {
                        at(-2, -1.0 / 12.0)
                            + at(-1, 2.0 / 3.0)
                            + at(1, -2.0 / 3.0)
                            + at(2, 1.0 / 12.0)
                    };
                    f[i][c] = r(a[c] * m as Real) * flux;
                }
            }
            Ok(())
        },
    )?;
    ts.set_i_function_local(
        move |grid: &DmdaRef,
              _: Real,
              x: &GridRead<'_, Field>,
              v: &GridRead<'_, Field>,
              f: &mut GridMut<'_, Field>| {
            for i in grid.corners()?.x() {
                let [p, q] = x[i];
                let reaction = r(k[0]) * p - r(k[1]) * q;
                f[i] = [v[i][0] + reaction - r(s[0]), v[i][1] - reaction - r(s[1])];
            }
            Ok(())
        },
    )?;
    grid.set_mat_type(MatrixType::AIJ)?;
    let j = grid.create_matrix()?;
    ts.set_i_jacobian(&j, &j, move |ts, state, j, p| {
        for i in ts.dm()?.as_dmda()?.corners()?.x() {
            let block = [state.shift + k[0], -k[1], -k[0], state.shift + k[1]].map(r);
            p.set_values_blocked(&[i], &[i], &block, InsertMode::Insert)?;
        }
        p.assemble()?;
        if j.same_object(p) { Ok(()) } else { j.assemble() }
    })?;
    ts.set_max_time(0.1)?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    {
        let m = grid.layout()?.sizes[0];
        let mut x = grid.array_as_mut::<Field>(&mut x)?;
        let ik = if k[1] == 0.0 { 1.0 } else { 1.0 / k[1] };
        for i in grid.corners()?.x() {
            let first = 1.0 + s[1] * (i + 1) as Real / m as Real;
            x[i] = [r(first), r(k[0] * ik * first + s[1] * ik)];
        }
    }
    ts.set_solution(&mut x)?;
    ts.set_time_step(0.1 * a[0].max(a[1]) / x.len()? as Real)?;
    ts.set_from_options()?;
    let end = ts.solve(&mut x)?;
    let reason = match end.reason {
        ConvergedReason::Time => "CONVERGED_TIME",
        _ => "CONVERGED_ITS",
    };
    petsc.print(format_args!("{reason} at time {} after {} steps\n", end.time, end.steps))
}
