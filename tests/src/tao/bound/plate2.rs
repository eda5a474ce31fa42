//! Port of PETSc's `src/tao/bound/tutorials/plate2.c`: a minimal surface above a plate, whose
//! height is a lower bound for the surface.

use std::cell::RefCell;
use std::rc::Rc;

use petsc_rs::dm::StencilType;
use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;
use petsc_rs::tao::{Bound, INFINITY};
use petsc_rs::{DmdaRef, Tao, TaoType, VectorRef, Viewer};

use crate::models::surface::Surface;

/// The plate below the surface.
struct Plate {
    /// The numbers of grid points above the plate, along `x` and along `y`.
    sizes: (Int, Int),
    height: Real,
    round: bool,
}

impl Plate {
    /// Returns whether a point of a grid of `(mx, my)` is above the plate.
    fn below(&self, (i, j): (Int, Int), (mx, my): (Int, Int)) -> bool {
        let (bx, by) = self.sizes;
        if self.round {
            let (x, y) = ((2 * i - mx) * by, (2 * j - my) * bx);
            return x * x + y * y <= bx * bx * by * by;
        }
        let covers = |at: Int, m: Int, b: Int| ((m - b) / 2..m - (m - b) / 2).contains(&at);
        covers(i, mx, bx) && covers(j, my, by)
    }

    fn bound(&self, grid: &DmdaRef, surface: &Surface, lower: &mut VectorRef) -> Result<()> {
        let mut lower = grid.array_mut(lower)?;
        for at in grid.corners()?.points() {
            let below = self.below(at, (surface.mx, surface.my));
            lower[at] = Scalar::from_real(if below { self.height } else { -INFINITY });
        }
        Ok(())
    }
}

/// Returns the initial guess of this program, which is above the mean of the boundary values.
fn guess(surface: &Surface, (i, j): (Int, Int)) -> Real {
    let [bottom, top, left, right] = surface.edges((i, j));
    let part = |steps: Int, edge: Real, of: Int| steps as Real * edge / of as Real;
    let (mx, my) = (surface.mx, surface.my);
    let vertical = part(j + 1, bottom, my) + part(my - j + 1, top, my + 2);
    (vertical + part(i + 1, left, mx) + part(mx - i + 1, right, mx + 2)) / 2.0
}

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (options, world) = (petsc.options(), petsc.world());
    let mut surface = Surface::from_options(&options, 10)?;
    surface.scale_edges(&options)?;
    let (mx, my) = (surface.mx, surface.my);
    let (bx, by) = (options.int("-bmx")?, options.int("-bmy")?);
    let (bx, by) = (bx.unwrap_or(mx / 2), by.unwrap_or(my / 2));
    let plate = Plate {
        sizes: (bx.clamp(0, mx), by.clamp(0, my)),
        height: options.real("-bheight")?.unwrap_or(0.1),
        round: options.has("-cylinder")?,
    };
    petsc.print(format_args!(
        "\n---- Minimum Surface Area With Plate Problem -----\nmx:{mx}, my:{my}, bmx:{bx}, bmy:{by}, height:{}\n",
        plate.height
    ))?;
    let grid = Dmda::builder(world)
        .sizes([usize::try_from(mx)?, usize::try_from(my)?])
        .stencil(StencilType::Box, 1)
        .from_options()
        .build()?;
    let mut x = grid.create_global_vector()?;
    match options.int("-start")? {
        Some(0) => x.set_zero()?,
        start => {
            let guess = |at| guess(&surface, at);
            Surface::start_on(&grid, start.unwrap_or(-1), guess, &mut x)?;
        }
    }
    let mut lower = x.duplicate()?;
    plate.bound(&grid, &surface, &mut lower)?;

    let n = x.local_len()?;
    let mut h = Matrix::builder(world).local_size(n, n).preallocate(7, 3).build()?;
    h.set_option(MatrixOption::Symmetric, true)?;
    let map = grid.local_to_global_map()?;
    h.set_local_to_global_map(&map, &map)?;

    let (grid, surface) = (Rc::new(grid), Rc::new(surface));
    let mut tao = Tao::new(world)?;
    tao.set_type(TaoType::BLMVM)?;
    let (area, on) = (Rc::clone(&surface), Rc::clone(&grid));
    tao.set_objective_and_gradient(move |_, x, g| area.gradient_on(&on, x, g))?;
    if options.has("-matrixfree")? {
        // Only the closures have the matrix; the optimizer only uses products with it.
        let h = Rc::new(RefCell::new(h));
        let inside = Rc::clone(&h);
        let mut shell =
            Matrix::shell(world, n, n, move |v, y| inside.borrow().mult(v, y)).build()?;
        shell.set_option(MatrixOption::Symmetric, true)?;
        tao.set_hessian(&shell, &shell, move |_, x, _, _| {
            surface.hessian_on(&grid, x, &mut h.borrow_mut())
        })?;
    } else {
        tao.set_hessian(&h, &h, move |_, x, h, _| surface.hessian_on(&grid, x, h))?;
    }
    tao.set_variable_bounds(&lower, Bound::None)?;
    tao.set_from_options()?;
    let _ = tao.solve_unchecked(&mut x)?;
    tao.view(&*Viewer::stdout(world)?)
}
