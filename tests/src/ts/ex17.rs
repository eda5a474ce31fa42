//! Port of PETSc's `src/ts/tutorials/ex17.c`: the heat equation in one dimension with algebraic equations at both ends.

use petsc_rs::dm::{GridMut, GridRead, StencilAssembler};
use petsc_rs::prelude::*;
use petsc_rs::ts::{ExactFinalTime, ProblemType};
use petsc_rs::{DmdaRef, Ts, TsType};

type In<'a> = GridRead<'a, Scalar>;

/// Runs the port.
///
/// # Errors
/// Errors of the integration; an unknown kind of Jacobian.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let mut grid = Dmda::builder(world).sizes([11]).from_options().build()?;
    let mut u = grid.create_global_vector()?;
    let fixed = options.int("-boundary")?.unwrap_or(0) == 0;
    let m = grid.layout()?.sizes[0];
    let s = ((m - 1) as Real).powi(2);
    let r = Scalar::from_real;
    // The neighbor of an end point.
    let beside = move |i: Int| if i == 0 { 1 } else { m - 2 };
    let mut ts = Ts::new(world)?;
    ts.set_problem_type(ProblemType::Nonlinear)?;
    ts.set_type(TsType::THETA)?;
    ts.set_theta(1.0)?;
    ts.set_dm(&grid)?;
    ts.set_i_function_local(
        move |grid: &DmdaRef, _: Real, u: &In<'_>, v: &In<'_>, f: &mut GridMut<'_, Scalar>| {
            for i in grid.corners()?.x() {
                f[i] = if i > 0 && i < m - 1 {
                    v[i] + (r(2.0) * u[i] - u[i - 1] - u[i + 1]) * r(s)
                } else if fixed {
                    u[i]
                } else {
                    u[i] - u[beside(i)]
                };
            }
            Ok(())
        },
    )?;
    grid.set_mat_type(MatrixType::AIJ)?;
    ts.set_max_time(1.0)?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    for i in grid.corners()?.x() {
        let d = (i as Real / (m - 1) as Real - 0.5).abs();
        let height = if d < 0.125 { (-30.0 * d * d * d).exp() } else { 0.0 };
        grid.array_mut(&mut u)?[i] = r(height);
    }
    ts.set_solution(&mut u)?;
    ts.set_time_step(0.01)?;
    match options.elist("-jac_type", &["analytic", "fd_coloring", "fd_full"])?.unwrap_or(0) {
        0 => ts.set_i_jacobian_local(
            move |grid: &DmdaRef,
                  _: Real,
                  _: &In<'_>,
                  _: &In<'_>,
                  shift: Real,
                  rows: &mut StencilAssembler<'_>| {
                for i in grid.corners()?.x() {
                    if i > 0 && i < m - 1 {
                        rows.row(i, [(i - 1, r(-s)), (i, r(2.0 * s + shift)), (i + 1, r(-s))])?;
                        continue;
                    }
                    rows.set(i, i, r(1.0))?;
                    if !fixed {
                        rows.set(i, beside(i), r(-1.0))?;
                    }
                }
                Ok(())
            },
        )?,
        1 => options.set_flag("-snes_fd_color")?,
        _ => options.set_flag("-snes_fd")?,
    }
    ts.set_from_options()?;
    let end = ts.solve(&mut u)?;
    let norm = u.norm(Norm::One)?;
    let extreme = |found: Option<(Int, Real)>| found.map_or(0.0, |(_, value)| value);
    let (max, min) = (extreme(u.max()?), extreme(u.min()?));
    petsc.print(format_args!(
        "timestep {}: time {}, solution norm {norm:e}, max {max:e}, min {min:e}\n",
        end.steps,
        ts.time()?
    ))
}
