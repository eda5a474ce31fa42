//! Port of PETSc's `src/tao/unconstrained/tutorials/rosenbrock1.c`: the extended or chained Rosenbrock function on
//! one rank.

use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, MatrixRef, Tao, VectorRef};

#[derive(Clone, Copy)]
struct Problem {
    n: usize,
    alpha: Real,
    chained: bool,
}

impl Problem {
    fn gradient(self, x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
        let (x, mut g) = (x.array()?, g.array_mut()?);
        let x = |i: usize| x[i].real();
        let mut put = |i: usize, add: bool, v: Real| {
            let old = if add { g[i] } else { Scalar::from_real(0.0) };
            g[i] = old + Scalar::from_real(v);
        };
        let (alpha, mut f) = (self.alpha, 0.0);
        if self.chained {
            put(0, false, 0.0);
            for i in 0..self.n - 1 {
                let t = x(i + 1) - x(i) * x(i);
                f += (1.0 - x(i)).powi(2) + alpha * t * t;
                put(
                    i,
                    true,
                    -2.0 * (1.0 - x(i)) + 2.0 * alpha * t * (-2.0 * x(i)),
                );
                put(i + 1, false, 2.0 * alpha * t);
            }
        } else {
            for i in (0..self.n / 2).map(|k| 2 * k) {
                let (t, u) = (x(i + 1) - x(i) * x(i), 1.0 - x(i));
                f += alpha * t * t + u * u;
                put(i, false, -4.0 * alpha * t * x(i) - 2.0 * u);
                put(i + 1, false, 2.0 * alpha * t);
            }
        }
        Ok(f)
    }

    fn hessian(self, x: &VectorRef, h: &mut MatrixRef) -> Result<()> {
        if self.chained || h.is_assembled()? {
            h.zero_entries()?;
        }
        let x = x.array()?;
        let x = |i: usize| x[i].real();
        let alpha = self.alpha;
        let (step, last) = if self.chained {
            (1, self.n - 1)
        } else {
            (2, self.n)
        };
        for i in (0..last).step_by(step) {
            let (block, mode) = if self.chained {
                let t = x(i + 1) - x(i) * x(i);
                let across = 2.0 * alpha * (-2.0 * x(i));
                let first = 2.0 + 2.0 * alpha * (t * (-2.0) - 2.0 * x(i));
                ([first, across, across, 2.0 * alpha * t], InsertMode::Add)
            } else {
                let across = -4.0 * alpha * x(i);
                let first = -4.0 * alpha * (x(i + 1) - 3.0 * x(i) * x(i)) + 2.0;
                ([first, across, across, 2.0 * alpha], InsertMode::Insert)
            };
            let at = [Int::try_from(i)?, Int::try_from(i + 1)?];
            h.set_values(&at, &at, &block.map(Scalar::from_real), mode)?;
        }
        h.assemble()
    }
}

/// Runs the port.
///
/// # Errors
/// What the optimiser returns; more than one rank.
pub fn main(petsc: &Petsc) -> Result<()> {
    if petsc.world().size() != 1 {
        return Err(Error::new(
            ErrorCode::WRONG_MPI_SIZE,
            "Incorrect number of processors",
        ));
    }
    let (options, own) = (petsc.options(), petsc.self_comm());
    let problem = Problem {
        n: usize::try_from(options.int("-n")?.unwrap_or(2))?,
        alpha: options.real("-alpha")?.unwrap_or(99.0),
        chained: options.bool("-chained")?.unwrap_or(false),
    };
    let test_lmvm = options.bool("-test_lmvm")?.unwrap_or(false);
    let mut x = Vector::seq(own, problem.n)?;
    let h = Matrix::builder(own)
        .local_size(problem.n, problem.n)
        .block_size(2)
        .kind(MatrixType::BAIJ)
        .build()?;
    let mut tao = Tao::new(own)?;
    tao.set_objective_and_gradient(move |_, x, g| problem.gradient(x, g))?;
    tao.set_hessian(&h, &h, move |_, x, h, _| problem.hessian(x, h))?;
    if test_lmvm {
        options.set("-tao_type", "bqnktr")?;
    }
    tao.set_from_options()?;
    let _ = tao.solve_unchecked(&mut x)?;
    if test_lmvm {
        let mut ones = x.duplicate()?;
        let (mut there, mut back) = (x.duplicate()?, x.duplicate()?);
        ones.set(Scalar::from_real(1.0))?;
        tao.lmvm_matrix()?.mult(&ones, &mut there)?;
        tao.lmvm_solve(&there, &mut back)?;
        back.axpy(Scalar::from_real(-1.0), &ones)?;
        let distance = back.norm(Norm::Two)?;
        let text = "error between LMVM MatMult and MatSolve:";
        match distance {
            d if d < 1e-11 => own.print(format_args!("{text} < 1.e-11\n"))?,
            d if d < 1e-6 => own.print(format_args!("{text} < 1.e-6\n"))?,
            d => own.print(format_args!("{text} {d:e}\n"))?,
        }
    }
    Ok(())
}
