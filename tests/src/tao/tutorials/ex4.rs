//! Port of PETSc's `src/tao/tutorials/ex4.c`: `min ½‖F x − d‖² + α‖x‖ₚ`, solved with one `Tao` for
//! the sum, or with alternating `Tao`s for its terms (ADMM, implemented here); then a Taylor test
//! of the gradient.

use std::cell::RefCell;
use std::rc::Rc;

use petsc_rs::matrix::{MatrixOption, Structure};
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, MatrixRef, Options, Random, Tao, TaoRef, TaoType, Vector, VectorRef};

fn real(value: Real) -> Scalar {
    Scalar::from_real(value)
}

struct Problem {
    f: Matrix,
    /// `FᵀF`.
    normal: Matrix,
    d: Vector,
    /// `Fᵀd`.
    projected: Vector,
    random: RefCell<Random>,
    norm: Norm,
    alpha: Real,
    /// The smoothing parameter of the L1 norm.
    epsilon: Real,
    /// The penalty parameter of ADMM.
    mu: Real,
    /// The variables of ADMM: `x`, `z`, and the scaled multiplier `u`.
    x: RefCell<Vector>,
    z: RefCell<Vector>,
    u: RefCell<Vector>,
}

/// Creates the five-point stencil on a square of `n` points.
fn stencil(f: &mut Matrix, n: Int) -> Result<()> {
    let side = (1..).take_while(|s| s * s <= n).last().unwrap_or(0);
    if side * side != n {
        let text = "Number of rows must be square";
        return Err(Error::new(ErrorCode::ARG_SIZ, text));
    }
    for row in f.ownership_range()? {
        let (i, j) = (row / side, row % side);
        let beside = [
            (j + 1 < side, row + 1),
            (j > 0, row - 1),
            (i + 1 < side, row + side),
            (i > 0, row - side),
        ];
        f.set_value(row, row, real(4.0), InsertMode::Insert)?;
        for (_, column) in beside.into_iter().filter(|(inside, _)| *inside) {
            f.set_value(row, column, real(-1.0), InsertMode::Insert)?;
        }
    }
    f.assemble()?;
    f.set_option(MatrixOption::Symmetric, true)
}

/// Creates a matrix with five random numbers in each row, in random columns.
fn scattered(f: &mut Matrix, n: Int, random: &mut Random) -> Result<()> {
    for row in f.ownership_range()? {
        for _ in 0..5 {
            let value = random.real_value()?;
            // The integer part of a number from 0 to n.
            let column = (0..n).rfind(|j| *j as Real <= n as Real * value).unwrap_or(0);
            f.set_value(row, column, real(value), InsertMode::Add)?;
        }
    }
    f.assemble()
}

impl Problem {
    fn new(comm: &Comm, options: &Options) -> Result<Self> {
        let (m, n) = (options.int("-m")?.unwrap_or(16), options.int("-n")?.unwrap_or(16));
        let of_norm = options.string("-p")?;
        let norm = match of_norm.as_deref() {
            None | Some("2") => Norm::Two,
            Some("1") => Norm::One,
            _ => {
                let text = "Example only works for NORM_1 and NORM_2";
                return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
            }
        };
        let mut random = Random::new(comm)?;
        random.set_from_options()?;
        let mut f = Matrix::builder(comm).global_size(m, n).preallocate(5, 5).build()?;
        if options.int("-matrix_format")?.unwrap_or(0) == 0 {
            stencil(&mut f, n)?;
        } else {
            scattered(&mut f, n, &mut random)?;
        }
        let normal = f.transpose_product(&f, None)?.into_matrix();
        let (x, mut d) = f.vectors()?;
        d.set_random(&mut random)?;
        let mut projected = x.duplicate()?;
        f.mult_transpose(&d, &mut projected)?;
        let real_option =
            |name, otherwise| Ok::<_, Error>(options.real(name)?.unwrap_or(otherwise));
        Ok(Self {
            normal,
            d,
            projected,
            random: RefCell::new(random),
            norm,
            alpha: real_option("-alpha", 1.0)?,
            epsilon: real_option("-epsilon", 1e-3)?,
            mu: real_option("-mu", 1.0)?,
            z: RefCell::new(x.duplicate()?),
            u: RefCell::new(x.duplicate()?),
            x: RefCell::new(x),
            f,
        })
    }

    /// Computes `½‖F x − d‖²`.
    fn misfit(&self, x: &VectorRef) -> Result<Real> {
        let mut y = self.d.duplicate()?;
        self.f.mult(x, &mut y)?;
        y.axpy(real(-1.0), &self.d)?;
        Ok(0.5 * y.dot(&y)?.real())
    }

    fn misfit_gradient(&self, x: &VectorRef, g: &mut VectorRef) -> Result<()> {
        self.normal.mult(x, g)?;
        g.axpy(real(-1.0), &self.projected)
    }

    fn misfit_hessian(&self, h: &mut MatrixRef, shift: Real) -> Result<()> {
        h.zero_entries()?;
        h.axpy(real(1.0), &self.normal, Structure::Different)?;
        h.shift(real(shift))
    }

    /// Computes `½‖x‖²` or `‖x‖₁`, times `α`.
    fn size(&self, x: &VectorRef) -> Result<Real> {
        let norm = x.norm(self.norm)?;
        let value = if self.norm == Norm::Two { 0.5 * norm * norm } else { norm };
        Ok(self.alpha * value)
    }

    fn size_gradient(&self, x: &VectorRef, g: &mut VectorRef) -> Result<()> {
        if self.norm == Norm::Two {
            return g.copy_from(x);
        }
        for (g, x) in g.array_mut()?.iter_mut().zip(x.array()?.iter()) {
            *g = real(x.real() / (x.real().abs() + self.epsilon));
        }
        Ok(())
    }

    /// Adds the diagonal Hessian of the norm.
    fn add_size_hessian(&self, x: &VectorRef, h: &mut MatrixRef) -> Result<()> {
        if self.norm == Norm::Two {
            return h.shift(real(self.mu));
        }
        let mut diagonal = x.duplicate()?;
        for (h, x) in diagonal.array_mut()?.iter_mut().zip(x.array()?.iter()) {
            let square = x.real() * x.real();
            let below = square + self.epsilon;
            *h = real(self.mu * (1.0 / below.abs().sqrt() + (1.0 - square / below.abs())));
        }
        h.set_diagonal(&diagonal, InsertMode::Add)
    }

    /// Computes `x − z + u`, the vector in the penalty of ADMM.
    fn gap(&self, x: &VectorRef, z: &VectorRef) -> Result<Vector> {
        let mut gap = x.duplicate()?;
        gap.set_waxpy(real(-1.0), z, x)?;
        gap.axpy(real(1.0), &self.u.borrow())?;
        Ok(gap)
    }

    fn penalty(&self, x: &VectorRef, z: &VectorRef) -> Result<Real> {
        let gap = self.gap(x, z)?;
        Ok(0.5 * self.mu * gap.dot(&gap)?.real())
    }

    /// Creates the `Tao` for the data term with the penalty, with variable `x`.
    fn misfit_optimiser(self: &Rc<Self>, comm: &Comm) -> Result<Tao> {
        let mut tao = Tao::new(comm)?;
        tao.set_type(TaoType::NLS)?;
        let this = Rc::clone(self);
        tao.set_objective(move |_, x| Ok(this.misfit(x)? + this.penalty(x, &this.z.borrow())?))?;
        let this = Rc::clone(self);
        tao.set_gradient(move |_, x, g| {
            this.misfit_gradient(x, g)?;
            g.axpy(real(this.mu), &*this.gap(x, &this.z.borrow())?)
        })?;
        let h = self.normal.duplicate()?;
        let this = Rc::clone(self);
        tao.set_hessian(&h, &h, move |_, _, h, _| this.misfit_hessian(h, this.mu))?;
        tao.set_options_prefix("misfit_")?;
        tao.set_from_options()?;
        Ok(tao)
    }

    /// Creates the `Tao` for the norm with the penalty, with variable `z`; used for the 2-norm. The
    /// 1-norm has a closed form.
    fn size_optimiser(self: &Rc<Self>, comm: &Comm) -> Result<Tao> {
        let mut tao = Tao::new(comm)?;
        tao.set_type(TaoType::NLS)?;
        let this = Rc::clone(self);
        tao.set_objective(move |_, z| Ok(this.size(z)? + this.penalty(&this.x.borrow(), z)?))?;
        let this = Rc::clone(self);
        tao.set_gradient(move |_, z, g| {
            this.size_gradient(z, g)?;
            g.axpy(real(-this.mu), &*this.gap(&this.x.borrow(), z)?)
        })?;
        let h = self.normal.duplicate()?;
        let mu = self.mu;
        tao.set_hessian(&h, &h, move |_, _, h, _| {
            h.zero_entries()?;
            h.shift(real(mu))
        })?;
        tao.set_options_prefix("reg_")?;
        tao.set_from_options()?;
        Ok(tao)
    }

    /// Alternates between both terms until `x` and `z` agree.
    fn alternate(self: &Rc<Self>, comm: &Comm, options: &Options) -> Result<()> {
        let steps = options.int("-iter")?.unwrap_or(10);
        let absolute = options.real("-abstol")?.unwrap_or(1e-4);
        let relative = options.real("-reltol")?.unwrap_or(1e-2);
        let mut of_misfit = self.misfit_optimiser(comm)?;
        let mut of_size = self.size_optimiser(comm)?;
        for step in 0..steps {
            let before = self.z.borrow().duplicate_with_values()?;
            // The closures read `x` and `z` during the solve, which therefore works on a copy.
            let mut x = self.x.borrow().duplicate_with_values()?;
            let _ = of_misfit.solve_unchecked(&mut x)?;
            self.x.replace(x);
            let x = self.x.borrow();
            let mut z = before.duplicate_with_values()?;
            if self.norm == Norm::One {
                let mut at = x.duplicate_with_values()?;
                at.axpy(real(1.0), &self.u.borrow())?;
                z.set_soft_threshold(&at, -self.alpha / self.mu, self.alpha / self.mu)?;
            } else {
                let _ = of_size.solve_unchecked(&mut z)?;
            }
            let mut gap = x.duplicate_with_values()?;
            gap.axpy(real(-1.0), &z)?;
            self.u.borrow_mut().axpy(real(1.0), &gap)?;
            let moved = z.error_norm(&before, Norm::Two)? * self.mu;
            let apart = gap.norm(Norm::Two)?;
            let larger = x.norm(Norm::Two)?.max(z.norm(Norm::Two)?);
            let floor = (x.len()? as Real).sqrt() * absolute;
            let primal = floor + relative * larger;
            let dual = floor + relative * self.u.borrow().norm(Norm::Two)? * self.mu;
            self.z.replace(z);
            comm.print(format_args!(
                "Iter {step} : ||x-z||: {apart:.5e}, mu*||z-zold||: {moved:.5e}\n"
            ))?;
            if apart < primal && moved < dual {
                break;
            }
        }
        Ok(())
    }

    /// Checks that the objective minus its linear model decreases with the square of the step.
    fn taylor(&self, tao: &TaoRef, x: &VectorRef, options: &Options) -> Result<()> {
        let comm = x.comm()?;
        let least = options.real("-hMin")?.unwrap_or(1e-3);
        let factor = options.real("-hFactor")?.unwrap_or(0.5);
        let mut h = options.real("-hStart")?.unwrap_or(1.0);
        let (mut direction, mut g) = (x.duplicate()?, x.duplicate()?);
        direction.set_random(&mut self.random.borrow_mut())?;
        let here = tao.compute_objective_and_gradient(x, &mut g)?;
        let slope = g.dot(&direction)?.real();
        let mut errors: Vec<(Real, Real)> = Vec::new();
        while h >= least {
            let mut there = x.duplicate()?;
            there.set_waxpy(real(h), &direction, x)?;
            let (value, model) = (tao.compute_objective(&there)?, here + h * slope);
            let error = (value - model).abs();
            comm.print(format_args!(
                "J(xhat): {value:.5e}, predicted: {model:.5e}, diff {error:.5e}\n"
            ))?;
            errors.push((h, error));
            h *= factor;
        }
        for (step, pair) in errors.windows(2).enumerate() {
            let rate = (pair[1].1 / pair[0].1).ln() / (pair[1].0 / pair[0].0).ln();
            comm.print(format_args!("Convergence rate step {step}: {rate:.5e}\n"))?;
        }
        Ok(())
    }
}

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`s; a number of rows that is not a square number, for the five-point stencil.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (comm, options) = (petsc.world(), petsc.options());
    let problem = Rc::new(Problem::new(comm, &options)?);
    let mut tao = Tao::new(comm)?;
    tao.set_type(TaoType::NM)?;
    let this = Rc::clone(&problem);
    tao.set_objective(move |_, x| Ok(this.misfit(x)? + this.size(x)?))?;
    let this = Rc::clone(&problem);
    tao.set_gradient(move |_, x, g| {
        this.misfit_gradient(x, g)?;
        let mut size = x.duplicate()?;
        this.size_gradient(x, &mut size)?;
        g.axpy(real(1.0), &size)
    })?;
    let this = Rc::clone(&problem);
    let h = problem.normal.duplicate()?;
    tao.set_hessian(&h, &h, move |_, x, h, _| {
        this.misfit_hessian(h, 0.0)?;
        this.add_size_hessian(x, h)
    })?;
    tao.set_from_options()?;
    let mut x = problem.x.borrow().duplicate()?;
    if options.bool("-use_admm")?.unwrap_or(false) {
        problem.alternate(comm, &options)?;
        x.copy_from(&problem.x.borrow())?;
    } else {
        let _ = tao.solve_unchecked(&mut x)?;
    }
    x.view_from_options("-view_sol")?;
    if options.bool("-taylor")?.unwrap_or(true) {
        problem.taylor(&tao, &x, &options)?;
    }
    Ok(())
}
