//! Port of PETSc's `src/tao/complementarity/tutorials/blackscholes.c`: the price of an American put
//! option, a complementarity problem in each time step.

use std::cell::RefCell;
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::tao::INFINITY;
use petsc_rs::{Dmda, MatrixRef, Options, Tao, TaoType, VectorRef};

/// The option, what it is for, and a grid of prices.
struct Market {
    /// Interest.
    rate: Real,
    /// Volatility of the asset.
    sigma: Real,
    /// Elasticity of the asset.
    alpha: Real,
    /// Dividend.
    delta: Real,
    strike: Real,
    /// Step of time.
    dt: Real,
    /// Step of the price.
    ds: Real,
    /// Number of prices.
    n: Int,
    grid: Dmda,
    /// The value one step of time later, with ghost points.
    later: RefCell<Vector>,
}

impl Market {
    fn from_options(options: &Options, comm: &Comm, steps: Int) -> Result<Self> {
        let real =
            |name: &str, default: Real| Ok::<_, Error>(options.real(name)?.unwrap_or(default));
        let cells = options.int("-ms")?.unwrap_or(150);
        let grid = Dmda::builder(comm)
            .sizes([usize::try_from(cells + 1)?])
            .from_options()
            .build()?;
        Ok(Self {
            rate: real("-rate", 0.04)?,
            sigma: real("-sigma", 0.40)?,
            alpha: real("-alpha", 2.0)?,
            delta: real("-delta", 0.01)?,
            strike: real("-strike", 10.0)?,
            dt: real("-expiry", 1.0)? / steps as Real,
            ds: real("-es", 100.0)? / cells as Real,
            n: cells + 1,
            later: RefCell::new(grid.create_local_vector()?),
            grid,
        })
    }

    /// What the option pays if it is used at once.
    fn payoff(&self, i: Int) -> Real {
        (self.strike - i as Real * self.ds).max(0.0)
    }

    /// Whether the value at a price is given by its edge of the grid.
    fn fixed(&self, i: Int) -> bool {
        i == 0 || i == self.n - 1
    }

    /// What the derivatives by the price are multiplied by: the first by central differences, and the second.
    fn factors(&self, i: Int) -> (Real, Real) {
        let price = i as Real * self.ds;
        let drift = (self.delta - self.rate) * price;
        let spread = -0.5 * self.sigma * self.sigma * price.powf(self.alpha);
        (drift / (4.0 * self.ds), spread / (2.0 * self.ds * self.ds))
    }

    /// The value is the payoff when it expires, and 0 where the grid ends.
    fn at_expiry(&self, x: &mut VectorRef) -> Result<()> {
        let mut x = self.grid.array_mut(x)?;
        for i in self.grid.corners()?.x() {
            let worth = if i == self.n - 1 { 0.0 } else { self.payoff(i) };
            x[i] = Scalar::from_real(worth);
        }
        Ok(())
    }

    /// Goes on with what was found.
    fn step(&self, x: &VectorRef) -> Result<()> {
        let mut later = self.later.borrow_mut();
        self.grid.global_to_local(x, InsertMode::Insert, &mut later)
    }

    /// The option is worth what it pays at least, and known at the ends.
    fn bounds(&self, lower: &mut VectorRef, upper: &mut VectorRef) -> Result<()> {
        let (mut lower, mut upper) = (self.grid.array_mut(lower)?, self.grid.array_mut(upper)?);
        for i in self.grid.corners()?.x() {
            let at_most = match i {
                0 => self.strike.max(0.0),
                i if i == self.n - 1 => 0.0,
                _ => INFINITY,
            };
            lower[i] = Scalar::from_real(self.payoff(i));
            upper[i] = Scalar::from_real(at_most);
        }
        Ok(())
    }

    /// The equation of Black and Scholes, by differences that are central in time, too.
    fn constraints(&self, x: &VectorRef, f: &mut VectorRef) -> Result<()> {
        let (local, later) = (self.grid.ghosted(x)?, self.later.borrow());
        let (x, later) = (self.grid.array(&local)?, self.grid.array(&later)?);
        let (x, later) = (|i: Int| x[i].real(), |i: Int| later[i].real());
        let mut f = self.grid.array_mut(f)?;
        for i in self.grid.corners()?.x() {
            let value = if i == 0 {
                x(0) - self.strike
            } else if self.fixed(i) {
                x(i)
            } else {
                let (first, second) = self.factors(i);
                let (l, r, v) = (i - 1, i + 1, &later);
                let slope = x(r) - x(l) + v(r) - v(l);
                let bend = x(r) - 2.0 * x(i) + x(l) + v(r) - 2.0 * v(i) + v(l);
                (1.0 / self.dt + self.rate) * x(i) - v(i) / self.dt + first * slope + second * bend
            };
            f[i] = Scalar::from_real(value);
        }
        Ok(())
    }

    fn jacobian(&self, j: &mut MatrixRef) -> Result<()> {
        let mut rows = self.grid.stencil_assembler(j, InsertMode::Insert)?;
        for i in self.grid.corners()?.x() {
            if self.fixed(i) {
                rows.set(i, i, 1.0)?;
                continue;
            }
            let (first, second) = self.factors(i);
            let middle = 1.0 / self.dt + self.rate - 2.0 * second;
            let entries = [
                (i - 1, second - first),
                (i, middle),
                (i + 1, second + first),
            ];
            rows.row(i, entries)?;
        }
        rows.finish()
    }
}

/// Runs the port.
///
/// # Errors
/// What the optimiser returns.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (options, world) = (petsc.options(), petsc.world());
    let steps = options.int("-mt")?.unwrap_or(10);
    let market = Rc::new(Market::from_options(&options, world, steps)?);
    let mut x = market.grid.create_global_vector()?;
    market.at_expiry(&mut x)?;
    market.step(&x)?;

    let mut tao = Tao::new(world)?;
    tao.set_type(TaoType::SSILS)?;
    let equation = Rc::clone(&market);
    let f = x.duplicate()?;
    tao.set_constraints(&f, move |_, x, f| equation.constraints(x, f))?;
    let j = market.grid.create_matrix()?;
    let derivatives = Rc::clone(&market);
    tao.set_jacobian(&j, &j, move |_, _, j, _| derivatives.jacobian(j))?;
    let limits = Rc::clone(&market);
    tao.set_compute_variable_bounds(move |_, lower, upper| limits.bounds(lower, upper))?;
    tao.set_from_options()?;
    // Backwards in time.
    for _ in 1..steps {
        let _ = tao.solve_unchecked(&mut x)?;
        market.step(&x)?;
    }
    Ok(())
}
