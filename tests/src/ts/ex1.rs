//! Port of PETSc's `src/ts/tutorials/ex1.c`: the steady state of the Bratu problem with
//! pseudo-transient continuation.

use petsc_rs::prelude::*;
use petsc_rs::ts::{ExactFinalTime, ProblemType};
use petsc_rs::{ErrorCode, Ts, TsType};

/// The grid and the parameter.
#[derive(Clone, Copy)]
struct Problem {
    mx: usize,
    my: usize,
    lambda: Real,
}

impl Problem {
    /// Returns every point in the ordering of the vector: index, column, row and whether it is on
    /// the boundary.
    fn points(self) -> impl Iterator<Item = (usize, usize, usize, bool)> {
        (0..self.mx * self.my).map(move |row| {
            let (i, j) = (row % self.mx, row / self.mx);
            let edge = i == 0 || j == 0 || i == self.mx - 1 || j == self.my - 1;
            (row, i, j, edge)
        })
    }

    fn widths(self) -> (Real, Real) {
        (1.0 / (self.mx - 1) as Real, 1.0 / (self.my - 1) as Real)
    }
}

/// Runs the port.
///
/// # Errors
/// Errors of the integration; more than one rank; a parameter out of range.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    if world.size() != 1 {
        let text = "this is a uniprocessor example only";
        return Err(Error::new(ErrorCode::WRONG_MPI_SIZE, text));
    }
    let p = Problem {
        mx: usize::try_from(options.int("-mx")?.unwrap_or(4))?,
        my: usize::try_from(options.int("-my")?.unwrap_or(4))?,
        lambda: options.real("-param")?.unwrap_or(6.0),
    };
    if !(0.0..6.81).contains(&p.lambda) {
        return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, "parameter is out of range"));
    }
    let n = p.mx * p.my;
    let mut x = Vector::seq(petsc.self_comm(), n)?;
    let j = Matrix::builder(petsc.self_comm())
        .global_size(n, n)
        .kind(MatrixType::SEQ_AIJ)
        .preallocate(5, 0)
        .build()?;
    let mut ts = Ts::new(world)?;
    ts.set_problem_type(ProblemType::Nonlinear)?;
    ts.set_solution(&mut x)?;
    let (hx, hy) = p.widths();
    let (ratio_x, ratio_y, area) = (hy / hx, hx / hy, hx * hy);
    let r = Scalar::from_real;
    ts.set_rhs_function(&*x.duplicate()?, move |_, _, x, f| {
        let (x, mut f) = (x.array()?, f.array_mut()?);
        for (row, _, _, edge) in p.points() {
            if edge {
                f[row] = x[row];
                continue;
            }
            let u = x[row];
            let uxx = (r(2.0) * u - x[row + 1] - x[row - 1]) * r(ratio_x);
            let uyy = (r(2.0) * u - x[row + p.mx] - x[row - p.mx]) * r(ratio_y);
            f[row] = -uxx - uyy + r(area * p.lambda) * u.exp();
        }
        Ok(())
    })?;
    ts.set_rhs_jacobian(&j, &j, move |_, _, x, a, b| {
        let x = x.array()?;
        for ((row, _, _, edge), at) in p.points().zip(0..) {
            if edge {
                b.set_value(at, at, r(1.0), InsertMode::Insert)?;
                continue;
            }
            let mx = Int::try_from(p.mx)?;
            let centre = r(-2.0 * (ratio_x + ratio_y)) + r(area * p.lambda) * x[row].exp();
            b.set_values(
                &[at],
                &[at - mx, at - 1, at, at + 1, at + mx],
                &[r(ratio_y), r(ratio_x), centre, r(ratio_x), r(ratio_y)],
                InsertMode::Insert,
            )?;
        }
        b.assemble()?;
        if a.same_object(b) { Ok(()) } else { a.assemble() }
    })?;
    {
        let mut x = x.array_mut()?;
        for (row, i, j, edge) in p.points() {
            let near = |k: usize, m: usize, h: Real| k.min(m - k - 1) as Real * h;
            let distance = near(i, p.mx, hx).min(near(j, p.my, hy));
            let height = p.lambda / (p.lambda + 1.0) * distance.sqrt();
            x[row] = r(if edge { 0.0 } else { height });
        }
    }
    ts.set_type(TsType::PSEUDO)?;
    ts.set_time_step(0.5 / p.mx.max(p.my) as Real)?;
    ts.set_max_steps(10_000)?;
    ts.set_max_time(1e12)?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    ts.set_from_options()?;
    let end = ts.solve(&mut x)?;
    petsc.print(format_args!(
        "Number of pseudo timesteps = {} final time {:4.2e}\n",
        end.steps, end.time
    ))
}
