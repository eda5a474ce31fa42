//! Port of PETSc's `src/snes/tutorials/ex19.c`: flow in a cavity with a moving lid and heat
//! transfer.

use petsc_rs::bytemuck::{Pod, Zeroable};
use petsc_rs::dm::{GridMut, GridRead};
use petsc_rs::prelude::*;
use petsc_rs::{Dmda, DmdaRef, Snes, SnesRef, VectorRef};

/// The unknowns of a point.
#[derive(Clone, Copy, Pod, Zeroable)]
#[bytemuck(crate = "petsc_rs::bytemuck")]
#[repr(C)]
struct Field {
    u: Scalar,
    v: Scalar,
    omega: Scalar,
    temp: Scalar,
}

/// The physical parameters.
#[derive(Clone, Copy)]
struct Flow {
    lid: Real,
    prandtl: Real,
    grashof: Real,
}

/// The sizes and distances of the grid.
struct Spacing {
    mx: Int,
    my: Int,
    dhx: Scalar,
    dhy: Scalar,
    hx: Scalar,
    hy: Scalar,
    hxdhy: Scalar,
    hydhx: Scalar,
}

impl Spacing {
    fn of(grid: &DmdaRef) -> Result<Self> {
        let [mx, my, _] = grid.layout()?.sizes;
        let (dhx, dhy) = ((mx - 1) as Real, (my - 1) as Real);
        let (hx, hy) = (1.0 / dhx, 1.0 / dhy);
        let r = Scalar::from_real;
        Ok(Self {
            mx,
            my,
            dhx: r(dhx),
            dhy: r(dhy),
            hx: r(hx),
            hy: r(hy),
            hxdhy: r(hx * dhy),
            hydhx: r(hy * dhx),
        })
    }

    fn is_inner(&self, (i, j): (Int, Int)) -> bool {
        i != 0 && j != 0 && i != self.mx - 1 && j != self.my - 1
    }
}

/// Runs the port.
///
/// # Errors
/// Errors of the solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let mut snes = Snes::new(world)?;
    let grid = Dmda::builder(world)
        .sizes([4, 4])
        .dof(4)
        .field_names(["x_velocity", "y_velocity", "Omega", "temperature"])
        .from_options()
        .build()?;
    snes.set_dm(&grid)?;
    let [mx, my, _] = grid.layout()?.sizes;
    let flow = Flow {
        lid: options.real("-lidvelocity")?.unwrap_or(1.0 / (mx * my) as Real),
        prandtl: options.real("-prandtl")?.unwrap_or(1.0),
        grashof: options.real("-grashof")?.unwrap_or(1.0),
    };
    snes.set_ngs(move |snes, x, b| gauss_seidel(flow, snes, x, b))?;
    snes.set_function_local(
        move |grid: &DmdaRef, x: &GridRead<'_, Field>, f: &mut GridMut<'_, Field>| {
            function(flow, grid, x, f)
        },
    )?;
    snes.set_from_options()?;
    let Flow { lid, prandtl, grashof } = flow;
    petsc.print(format_args!(
        "lid velocity = {lid:e}, prandtl # = {prandtl:e}, grashof # = {grashof:e}\n"
    ))?;
    let mut x = grid.create_global_vector()?;
    initial_guess(flow, &grid, &mut x)?;
    let _ = snes.solve_unchecked(None, &mut x)?;
    let iterations = snes.iterations()?;
    petsc.print(format_args!("Number of SNES iterations = {iterations}\n"))
}

/// Sets the initial guess: fluid at rest and heat conduction.
fn initial_guess(flow: Flow, grid: &DmdaRef, x: &mut VectorRef) -> Result<()> {
    let dx = 1.0 / (grid.layout()?.sizes[0] - 1) as Real;
    let mut x = grid.array_as_mut::<Field>(x)?;
    for (i, j) in grid.corners()?.points() {
        let temp = if flow.grashof > 0.0 { i as Real * dx } else { 0.0 };
        x[(i, j)] = Field { temp: Scalar::from_real(temp), ..Field::zeroed() };
    }
    Ok(())
}

/// Returns the temperature at the right wall.
fn hot(flow: Flow) -> Scalar {
    Scalar::from_real(if flow.grashof > 0.0 { 1.0 } else { 0.0 })
}

/// Returns the equations at a boundary point. Corners belong to the left and right walls.
fn at_wall<'a, G>(flow: Flow, s: &Spacing, x: &G, (i, j): (Int, Int)) -> Field
where
    G: std::ops::Index<(Int, Int), Output = Field> + ?Sized + 'a,
{
    let c = x[(i, j)];
    if i == 0 {
        let omega = c.omega - (x[(i + 1, j)].v - c.v) * s.dhx;
        Field { u: c.u, v: c.v, omega, temp: c.temp }
    } else if i == s.mx - 1 {
        let omega = c.omega - (c.v - x[(i - 1, j)].v) * s.dhx;
        Field { u: c.u, v: c.v, omega, temp: c.temp - hot(flow) }
    } else if j == 0 {
        let above = x[(i, j + 1)];
        let omega = c.omega + (above.u - c.u) * s.dhy;
        Field { u: c.u, v: c.v, omega, temp: c.temp - above.temp }
    } else {
        let below = x[(i, j - 1)];
        let omega = c.omega + (c.u - below.u) * s.dhy;
        Field { u: c.u - Scalar::from_real(flow.lid), v: c.v, omega, temp: c.temp - below.temp }
    }
}

/// Returns the upwind coefficients of a velocity: its positive and its negative part.
fn upwind(velocity: Scalar) -> (Scalar, Scalar) {
    let (half, size) = (Scalar::from_real(0.5), Scalar::from_real(velocity.modulus()));
    (half * (velocity + size), half * (velocity - size))
}

/// Returns the equations at an interior point.
fn inside<G>(flow: Flow, s: &Spacing, x: &G, (i, j): (Int, Int)) -> Field
where
    G: std::ops::Index<(Int, Int), Output = Field> + ?Sized,
{
    let (two, half) = (Scalar::from_real(2.0), Scalar::from_real(0.5));
    let (c, e, w) = (x[(i, j)], x[(i + 1, j)], x[(i - 1, j)]);
    let (n, b) = (x[(i, j + 1)], x[(i, j - 1)]);
    let ((vxp, vxm), (vyp, vym)) = (upwind(c.u), upwind(c.v));
    let laplace = |of: fn(&Field) -> Scalar| {
        let u = of(&c);
        (two * u - of(&w) - of(&e)) * s.hydhx + (two * u - of(&b) - of(&n)) * s.hxdhy
    };
    let carried = |of: fn(&Field) -> Scalar| {
        let u = of(&c);
        (
            (vxp * (u - of(&w)) + vxm * (of(&e) - u)) * s.hy,
            (vyp * (u - of(&b)) + vym * (of(&n) - u)) * s.hx,
        )
    };
    // The sums have the order of the C program, because the methods amplify rounding errors far
    // from the solution.
    let ((omega_x, omega_y), (temp_x, temp_y)) = (carried(|f| f.omega), carried(|f| f.temp));
    let (grashof, prandtl) = (Scalar::from_real(flow.grashof), Scalar::from_real(flow.prandtl));
    Field {
        u: laplace(|f| f.u) - half * (n.omega - b.omega) * s.hx,
        v: laplace(|f| f.v) + half * (e.omega - w.omega) * s.hy,
        omega: laplace(|f| f.omega) + omega_x + omega_y - half * grashof * (e.temp - w.temp) * s.hy,
        temp: laplace(|f| f.temp) + prandtl * (temp_x + temp_y),
    }
}

fn function(
    flow: Flow,
    grid: &DmdaRef,
    x: &GridRead<'_, Field>,
    f: &mut GridMut<'_, Field>,
) -> Result<()> {
    let s = Spacing::of(grid)?;
    for at in grid.corners()?.points() {
        f[at] = if s.is_inner(at) { inside(flow, &s, x, at) } else { at_wall(flow, &s, x, at) };
    }
    Ok(())
}

/// Applies Newton's method to the four unknowns of one point after another.
fn gauss_seidel(
    flow: Flow,
    snes: &SnesRef,
    x: &mut VectorRef,
    b: Option<&VectorRef>,
) -> Result<()> {
    // As in the C program, the first two numbers are used as the relative and the absolute
    // tolerance.
    let (rtol, atol, stol, most) = snes.ngs_tolerances()?;
    let sweeps = snes.ngs_sweeps()?;
    let grid = snes.dm()?.into_dmda()?;
    let s = Spacing::of(&grid)?;
    let mut local = grid.local_vector()?;
    grid.global_to_local(x, InsertMode::Insert, &mut local)?;
    {
        let right = b.map(|b| grid.array_as::<Field>(b)).transpose()?;
        let wanted = |at| right.as_ref().map_or(Field::zeroed(), |b| b[at]);
        let mut x = grid.array_as_mut::<Field>(&mut local)?;
        for at in grid.corners()?.points().filter(|&at| !s.is_inner(at)) {
            let b = wanted(at);
            let lid = at.1 == s.my - 1 && at.0 != 0 && at.0 != s.mx - 1;
            let wall = Scalar::from_real(if lid { flow.lid } else { 0.0 });
            (x[at].u, x[at].v) = (wall + b.u, b.v);
        }
        for _ in 0..sweeps {
            for at in grid.corners()?.points() {
                let b = wanted(at);
                let mut first = 0.0;
                for l in 0..most {
                    let (f, y) = improve(flow, &s, &mut x, at, b);
                    let (f, y, size) = (length(f), length(y), length(x[at]));
                    if l == 0 {
                        first = f;
                    }
                    if rtol * first > f || atol > f || size * stol > y {
                        break;
                    }
                }
            }
        }
    }
    grid.local_to_global(&local, InsertMode::Insert, x)
}

fn length(f: Field) -> Real {
    (f.u * f.u + f.v * f.v + f.omega * f.omega + f.temp * f.temp).real().sqrt()
}

/// Makes one step at one point, and returns the residual before it and the step.
fn improve(
    flow: Flow,
    s: &Spacing,
    x: &mut GridMut<'_, Field>,
    at: (Int, Int),
    b: Field,
) -> (Field, Field) {
    let zero = Scalar::from_real(0.0);
    if !s.is_inner(at) {
        // At a corner, the equations of both walls are applied one after the other.
        let (i, j) = at;
        let mut y = Field::zeroed();
        let mut wall = |omega: Scalar, temp: Scalar, x: &mut GridMut<'_, Field>| {
            y = Field { u: zero, v: zero, omega: omega - b.omega, temp: temp - b.temp };
            x[at].omega -= y.omega;
            x[at].temp -= y.temp;
        };
        if i == 0 {
            let c = x[at];
            wall(c.omega - (x[(i + 1, j)].v - c.v) * s.dhx, c.temp, x);
        }
        if i == s.mx - 1 {
            let c = x[at];
            wall(c.omega - (c.v - x[(i - 1, j)].v) * s.dhx, c.temp - hot(flow), x);
        }
        if j == 0 {
            let (c, n) = (x[at], x[(i, j + 1)]);
            wall(c.omega + (n.u - c.u) * s.dhy, c.temp - n.temp, x);
        }
        if j == s.my - 1 {
            let (c, n) = (x[at], x[(i, j - 1)]);
            wall(c.omega + (c.u - n.u) * s.dhy, c.temp - n.temp, x);
        }
        return (y, y);
    }
    let two = Scalar::from_real(2.0);
    let (i, j) = at;
    let f = inside(flow, s, x, at);
    let f = Field { u: f.u - b.u, v: f.v - b.v, omega: f.omega - b.omega, temp: f.temp - b.temp };
    let (c, e, w) = (x[at], x[(i + 1, j)], x[(i - 1, j)]);
    let (n, o) = (x[(i, j + 1)], x[(i, j - 1)]);
    let ((vxp, vxm), (vyp, vym)) = (upwind(c.u), upwind(c.v));
    let diagonal = two * (s.hydhx + s.hxdhy);
    let wind = (vxp - vxm) * s.hy + (vyp - vym) * s.hx;
    let prandtl = Scalar::from_real(flow.prandtl);
    let along = |velocity: Scalar, before: Scalar, here: Scalar, after: Scalar| {
        if velocity.real() > 0.0 { here - before } else { after - here }
    };
    let (yu, yv) = (f.u / diagonal, f.v / diagonal);
    let dodu = along(c.u, w.omega, c.omega, e.omega) * s.hy;
    let dodv = along(c.v, o.omega, c.omega, n.omega) * s.hx;
    let dtdu = prandtl * along(c.u, w.temp, c.temp, e.temp) * s.hy;
    let dtdv = prandtl * along(c.v, o.temp, c.temp, n.temp) * s.hx;
    let y = Field {
        u: yu,
        v: yv,
        omega: (f.omega - (dodu * yu + dodv * yv)) / (diagonal + wind),
        temp: (f.temp - (dtdu * yu + dtdv * yv)) / (diagonal + prandtl * wind),
    };
    x[at] = Field { u: c.u - y.u, v: c.v - y.v, omega: c.omega - y.omega, temp: c.temp - y.temp };
    (f, y)
}
