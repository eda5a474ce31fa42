//! The extended or chained Rosenbrock function of rosenbrock1, rosenbrock2 and rosenbrock3.

use petsc_rs::prelude::*;
use petsc_rs::tao::{ConvergedReason, Tolerances};
use petsc_rs::{ErrorCode, MatrixRef, Options, Tao, TaoRef, TaoType, VectorRef};

/// The function.
#[derive(Clone, Copy, Debug)]
pub struct Rosenbrock {
    /// The number of variables.
    pub n: usize,
    /// The parameter that determines the condition number.
    pub alpha: Real,
    /// Whether each variable is coupled with the next one. Otherwise, the variables are coupled in
    /// pairs.
    pub chained: bool,
}

impl Rosenbrock {
    /// Creates the function from `-n`, `-alpha` and `-chained`.
    ///
    /// # Errors
    /// Options that are not numbers.
    pub fn from_options(options: &Options) -> Result<Self> {
        Ok(Self {
            n: usize::try_from(options.int("-n")?.unwrap_or(2))?,
            alpha: options.real("-alpha")?.unwrap_or(99.0),
            chained: options.bool("-chained")?.unwrap_or(false),
        })
    }

    /// Creates a `Tao` with the function, its gradient and its Hessian, and the initial guess 0.
    ///
    /// # Errors
    /// Errors of creation.
    pub fn optimiser(self, own: &Comm, kind: TaoType<'_>) -> Result<(Tao, Vector)> {
        let h = Matrix::builder(own)
            .local_size(self.n, self.n)
            .block_size(2)
            .kind(MatrixType::BAIJ)
            .build()?;
        let mut tao = Tao::new(own)?;
        tao.set_type(kind)?;
        tao.set_objective_and_gradient(move |_, x, g| self.gradient(x, g))?;
        tao.set_hessian(&h, &h, move |_, x, h, _| self.hessian(x, h))?;
        Ok((tao, Vector::seq(own, self.n)?))
    }

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
                put(i, true, -2.0 * (1.0 - x(i)) + 2.0 * alpha * t * (-2.0 * x(i)));
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
        let (step, last) = if self.chained { (1, self.n - 1) } else { (2, self.n) };
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

const RULE: &str = "-----------------------\n";

/// Solves with five iterations at a time until the gradient is small. Returns the number of
/// iterations.
///
/// # Errors
/// Errors of the `Tao`.
pub fn in_pieces(own: &Comm, tao: &mut TaoRef, x: &mut VectorRef) -> Result<usize> {
    tao.set_tolerances(Tolerances {
        gatol: 1e-5.into(),
        grtol: 0.0.into(),
        gttol: 0.0.into(),
        max_iterations: 5.into(),
        ..Default::default()
    })?;
    let mut iterations = 0;
    loop {
        let status = tao.solve_unchecked(x)?;
        iterations += status.iterations;
        own.print(format_args!("{RULE}"))?;
        if status.reason == ConvergedReason::GradientAbsolute {
            return Ok(iterations);
        }
    }
}

/// Solves again without interruption, which must take the same number of iterations.
///
/// # Errors
/// Errors of the `Tao`; another number of iterations.
pub fn in_one(own: &Comm, tao: &mut TaoRef, x: &mut VectorRef, recycled: usize) -> Result<()> {
    tao.set_tolerances(Tolerances { max_iterations: 100.into(), ..Default::default() })?;
    x.set_zero()?;
    let oneshot = tao.solve(x)?.iterations;
    own.print(format_args!("{RULE}recycled its: {recycled} | oneshot its: {oneshot}\n"))?;
    if recycled == oneshot {
        return Ok(());
    }
    let text = "the pieces do not add up to the whole";
    Err(Error::new(ErrorCode::NOT_CONVERGED, text))
}
