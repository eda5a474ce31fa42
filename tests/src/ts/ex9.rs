//! Port of PETSc's `src/ts/tutorials/ex9.c`: finite volumes with slope limiters in one dimension.
//! Only advection, Burgers' equation with the exact Riemann solver, and the simpler limiters are
//! ported.

use std::f64::consts::PI;

use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use petsc_rs::prelude::*;
use petsc_rs::ts::ExactFinalTime;
use petsc_rs::{DmdaRef, ErrorCode, Ts, TsType, VectorRef};

/// The equation, the interval and the boundary conditions.
#[derive(Clone, Copy)]
struct Problem {
    burgers: bool,
    speed: Real,
    periodic: bool,
    initial: Int,
    ends: (Real, Real),
    limit: fn(Real, Real) -> Real,
}

/// Returns the number of smallest absolute value if all have the same sign, otherwise 0.
fn minmod(numbers: &[Real]) -> Real {
    let first = numbers[0];
    if numbers.iter().any(|n| first * n < 0.0) {
        return 0.0;
    }
    let least = numbers.iter().fold(Real::INFINITY, |a, b| a.min(b.abs()));
    if first < 0.0 { -least } else { least }
}

/// Returns the number of largest absolute value of two with the same sign, otherwise 0.
fn maxmod(a: Real, b: Real) -> Real {
    if a * b < 0.0 {
        0.0
    } else if a.abs() > b.abs() {
        a
    } else {
        b
    }
}

fn limiter(name: &str) -> Result<fn(Real, Real) -> Real> {
    Ok(match name {
        "upwind" => |_, _| 0.0,
        "lax-wendroff" => |_, right| right,
        "beam-warming" => |left, _| left,
        "fromm" => |left, right| 0.5 * (left + right),
        "minmod" => |left, right| minmod(&[left, right]),
        "superbee" => |l, r| maxmod(minmod(&[l, 2.0 * r]), minmod(&[2.0 * l, r])),
        "mc" => |left, right| minmod(&[2.0 * left, 0.5 * (left + right), 2.0 * right]),
        _ => {
            let text = format!("the limiter '{name}' is not ported");
            return Err(Error::new(ErrorCode::ARG_UNKNOWN_TYPE, text));
        }
    })
}

impl Problem {
    /// Returns the solution at time `t`, if it is known.
    fn sample(self, t: Real, x: Real) -> Result<Real> {
        let unknown = |what: &str| Err(Error::new(ErrorCode::SUP, what.to_owned()));
        if self.burgers {
            if self.periodic && t > 0.0 {
                return unknown("exact solution not implemented for periodic");
            }
            return Ok(match self.initial {
                0 => {
                    if x < 0.0 {
                        1.0
                    } else {
                        -1.0
                    }
                }
                1 if x < -t => -1.0,
                1 if x < t => x / t,
                2 if x <= 0.0 => 0.0,
                2 | 3 if x < t && (self.initial == 2 || x >= 0.2 * t) => x / t,
                2 => {
                    if x < 1.0 + 0.5 * t {
                        1.0
                    } else {
                        0.0
                    }
                }
                3 if x < 0.2 * t => 0.2,
                1 | 3 => 1.0,
                4 if t > 0.0 => return unknown("only initial condition available"),
                4 => 0.7 + 0.3 * (2.0 * PI * (x - self.ends.0) / (self.ends.1 - self.ends.0)).sin(),
                5 => {
                    if x < 0.5 * t {
                        1.0
                    } else {
                        0.0
                    }
                }
                _ => return unknown("unknown initial condition"),
            });
        }
        let (min, range) = (self.ends.0, self.ends.1 - self.ends.0);
        let back = x - self.speed * t;
        let x = if self.periodic { min + (range + back % range) % range } else { back };
        Ok(match self.initial {
            0 => {
                if x < 0.0 {
                    1.0
                } else {
                    -1.0
                }
            }
            1 => {
                if x < 0.0 {
                    -1.0
                } else {
                    1.0
                }
            }
            2 => {
                if 0.0 < x && x < 1.0 {
                    1.0
                } else {
                    0.0
                }
            }
            3 => (2.0 * PI * x).sin(),
            4 => x.abs(),
            5 => {
                if !(0.0..=0.5).contains(&x) {
                    0.0
                } else {
                    (2.0 * PI * x).sin().powi(2)
                }
            }
            6 => {
                if !(0.0..2.0).contains(&x) {
                    0.0
                } else {
                    1.0 - (x - 1.0).abs()
                }
            }
            7 => (PI * x).sin().powi(10),
            _ => return unknown("unknown initial condition"),
        })
    }

    /// Returns the flux between two states, and the largest wave speed.
    fn riemann(self, left: Real, right: Real) -> (Real, Real) {
        if !self.burgers {
            let a = self.speed;
            return (a.max(0.0) * left + a.min(0.0) * right, a);
        }
        let (l, r) = (left * left, right * right);
        let flux = if left >= right {
            0.5 * l.max(r)
        } else if left * right < 0.0 {
            0.0
        } else {
            0.5 * l.min(r)
        };
        (flux, if left.abs() > right.abs() { left } else { right })
    }

    /// Returns the mesh width.
    fn width(self, grid: &DmdaRef) -> Result<Real> {
        Ok((self.ends.1 - self.ends.0) / grid.layout()?.sizes[0] as Real)
    }

    /// Computes the cell means of the known solution with the trapezoidal rule.
    fn means(self, grid: &DmdaRef, t: Real, u: &mut VectorRef) -> Result<()> {
        let h = self.width(grid)?;
        let mut u = grid.array_mut(u)?;
        for i in grid.corners()?.x() {
            let middle = self.ends.0 + h / 2.0 + i as Real * h;
            let mut mean = 0.0;
            for j in 0..=200 {
                let weight = if j == 0 || j == 200 { 0.5 } else { 1.0 };
                let x = middle + h * f64::from(j - 100) / 200.0;
                mean += weight * self.sample(t, x)? / 200.0;
            }
            u[i] = Scalar::from_real(mean);
        }
        Ok(())
    }

    /// Computes the right-hand side, and returns the largest wave speed on this rank, in cells per
    /// unit of time.
    fn flow(self, grid: &DmdaRef, u: &VectorRef, f: &mut VectorRef) -> Result<Real> {
        let (h, cells) = (self.width(grid)?, grid.layout()?.sizes[0]);
        let owned = grid.corners()?.x();
        let local = grid.ghosted(u)?;
        let u = grid.array(&local)?;
        let (start, end) = (owned.start, owned.end);
        let at = |i: Int| {
            let inside = if self.periodic {
                i
            } else if i < 0 {
                0
            } else if i >= cells {
                end - 1
            } else {
                i
            };
            u[inside].real()
        };
        let slope = |i: Int| (self.limit)(at(i) - at(i - 1), at(i + 1) - at(i)) / h;
        let mut f = grid.array_mut(f)?;
        f.as_mut_slice().fill(Scalar::from_real(0.0));
        let mut fastest: Real = 0.0;
        for i in start..=end {
            let left = at(i - 1) + slope(i - 1) * h / 2.0;
            let right = at(i) - slope(i) * h / 2.0;
            let (flux, speed) = self.riemann(left, right);
            fastest = fastest.max((speed / h).abs());
            let change = Scalar::from_real(flux / h);
            if i > start {
                f[i - 1] -= change;
            }
            if i < end {
                f[i] += change;
            }
        }
        Ok(fastest)
    }
}

/// Prints the range, the mean and the total variation of the state.
fn statistics(petsc: &Petsc, grid: &DmdaRef, u: &VectorRef) -> Result<()> {
    let local = grid.ghosted(u)?;
    let values = grid.array(&local)?;
    let mut variation = u.duplicate()?;
    for i in grid.corners()?.x() {
        let jump = values[i] - values[i - 1];
        grid.array_mut(&mut variation)?[i] = Scalar::from_real(jump.modulus());
    }
    let ends = u.min()?.zip(u.max()?);
    let ((at_min, min), (at_max, max)) = ends.unwrap_or(((0, 0.0), (0, 0.0)));
    petsc.print(format_args!(
        "Solution range [{min:8.5},{max:8.5}] with extrema at {at_min} and {at_max}, \
         mean {:8.5}, ||x||_TV {:8.5}\n",
        u.mean()?.real(),
        variation.mean()?.real()
    ))
}

/// Runs the port.
///
/// # Errors
/// Errors of the integration; physics or a limiter that is not ported.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let text = |name: &str, default: &str| {
        Ok::<_, Error>(options.string(name)?.unwrap_or_else(|| default.to_owned()))
    };
    let physics = text("-physics", "advect")?;
    if !["advect", "burgers"].contains(&physics.as_str()) {
        let text = format!("the physics '{physics}' are not ported");
        return Err(Error::new(ErrorCode::ARG_UNKNOWN_TYPE, text));
    }
    let p = Problem {
        burgers: physics == "burgers",
        speed: options.real("-physics_advect_a")?.unwrap_or(1.0),
        periodic: text("-bc_type", "periodic")?.eq_ignore_ascii_case("periodic"),
        initial: options.int("-initial")?.unwrap_or(0),
        ends: (options.real("-xmin")?.unwrap_or(-1.0), options.real("-xmax")?.unwrap_or(1.0)),
        limit: limiter(&text("-limit", "mc")?)?,
    };
    let grid = Dmda::builder(world)
        .sizes([50])
        .boundaries([petsc_rs::dm::BoundaryType::Periodic])
        .stencil(petsc_rs::dm::StencilType::Box, 2)
        .from_options()
        .build()?;
    let mut x = grid.create_global_vector()?;
    let mut f = x.duplicate()?;
    let mut ts = Ts::new(world)?;
    ts.set_dm(&grid)?;
    ts.set_rhs_function(&f, move |ts, _, u, f| p.flow(ts.dm()?.as_dmda()?, u, f).map(|_| ()))?;
    ts.set_type(TsType::SSP)?;
    ts.set_max_time(10.0)?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    p.means(&grid, 0.0, &mut x)?;
    let (own, mut fastest) = (p.flow(&grid, &x, &mut f)?, 0.0);
    world.mpi().all_reduce_into(&own, &mut fastest, SystemOperation::max());
    ts.set_time_step(options.real("-cfl")?.unwrap_or(0.9) / fastest)?;
    ts.set_from_options()?;
    statistics(petsc, &grid, &x)?;
    let end = ts.solve(&mut x)?;
    petsc.print(format_args!("Final time {:8.5}, steps {}\n", end.time, end.steps))?;
    if options.bool("-exact")?.unwrap_or(false) {
        p.means(&grid, end.time, &mut f)?;
        f.aypx(Scalar::from_real(-1.0), &x)?;
        petsc.print(format_args!(
            "Error ||x-x_e||_1 {:8.4e}  ||x-x_e||_sup {:8.4e}\n",
            f.norm(Norm::One)? / x.len()? as Real,
            f.norm(Norm::Infinity)?
        ))?;
    }
    statistics(petsc, &grid, &x)
}
