//! Port of PETSc's `src/tao/complementarity/tutorials/blackscholes.c`: the price of an American put
//! option, a complementarity problem in each time step.

use std::cell::RefCell;
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::tao::INFINITY;
use petsc_rs::{Dmda, MatrixRef, Options, Tao, TaoType, VectorRef};

/// The option, its asset, and a grid of prices.
struct Market {
    /// The interest rate.
    rate: Real,
    /// The volatility of the asset.
    sigma: Real,
    /// The elasticity of the asset.
    alpha: Real,
    /// The dividend.
    delta: Real,
    strike: Real,
    /// The time step.
    dt: Real,
    /// The price step.
    ds: Real,
    /// The number of prices.
    n: Int,
    grid: Dmda,
    /// The value of the option at the next later time, with ghost points.
    later: RefCell<Vector>,
}

impl Market {
    fn from_options(options: &Options, comm: &Comm, steps: Int) -> Result<Self> {
        let real =
            |name: &str, default: Real| Ok::<_, Error>(options.real(name)?.unwrap_or(default));
        let cells = options.int("-ms")?.unwrap_or(150);
        let grid =
            Dmda::builder(comm).sizes([usize::try_from(cells + 1)?]).from_options().build()?;
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

    /// Returns the payoff of the option if it is exercised immediately.
    fn payoff(&self, i: Int) -> Real {
        (self.strike - i as Real * self.ds).max(0.0)
    }

    /// Returns whether the value at a price is a boundary value.
    fn fixed(&self, i: Int) -> bool {
        i == 0 || i == self.n - 1
    }

    /// Returns the factors of the derivatives with respect to the price: the first one, with
    /// central differences, and the second one.
    fn factors(&self, i: Int) -> (Real, Real) {
        let price = i as Real * self.ds;
        let drift = (self.delta - self.rate) * price;
        let spread = -0.5 * self.sigma * self.sigma * price.powf(self.alpha);
        (drift / (4.0 * self.ds), spread / (2.0 * self.ds * self.ds))
    }

    /// Sets the value at expiration to the payoff, and to 0 at the end of the grid.
    fn at_expiry(&self, x: &mut VectorRef) -> Result<()> {
        let mut x = self.grid.array_mut(x)?;
        for i in self.grid.corners()?.x() {
            let worth = if i == self.n - 1 { 0.0 } else { self.payoff(i) };
            x[i] = Scalar::from_real(worth);
        }
        Ok(())
    }

    /// Continues with the computed values.
    fn step(&self, x: &VectorRef) -> Result<()> {
        let mut later = self.later.borrow_mut();
        self.grid.global_to_local(x, InsertMode::Insert, &mut later)
    }

    /// Sets the bounds: the value is at least the payoff, and is given at the ends.
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

    /// Computes the Black-Scholes equation, with central differences also in time.
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
            let entries = [(i - 1, second - first), (i, middle), (i + 1, second + first)];
            rows.row(i, entries)?;
        }
        rows.finish()
    }
}

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`.
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
    // The loop goes backward in time.
    for _ in 1..steps {
        let _ = tao.solve_unchecked(&mut x)?;
        market.step(&x)?;
    }
    Ok(())
}
