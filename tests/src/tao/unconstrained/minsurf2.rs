//! Port of PETSc's `src/tao/unconstrained/tutorials/minsurf2.c`: a minimal surface on a DMDA in
//! parallel.

use std::rc::Rc;

use petsc_rs::dm::StencilType;
use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;
use petsc_rs::{Tao, TaoType, Viewer};

use crate::models::surface::Surface;

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (options, world) = (petsc.options(), petsc.world());
    let mut surface = Surface::from_options(&options, 10)?;
    surface.scale_edges(&options)?;
    let (surface, mx, my) = (Rc::new(surface.clone()), surface.mx, surface.my);
    petsc.print(format_args!(
        "\n---- Minimum Surface Area Problem -----\nmx: {mx}     my: {my}   \n\n"
    ))?;
    let grid = Dmda::builder(world)
        .sizes([usize::try_from(mx)?, usize::try_from(my)?])
        .stencil(StencilType::Box, 1)
        .from_options()
        .build()?;
    let grid = Rc::new(grid);
    let mut x = grid.create_global_vector()?;
    match options.real("-start")? {
        Some(height) => x.set(Scalar::from_real(height))?,
        None => {
            let random = options.int("-random")?.unwrap_or(0).min(1);
            Surface::start_on(&grid, random, |at| surface.guess(at), &mut x)?;
        }
    }

    let mut tao = Tao::new(world)?;
    tao.set_type(TaoType::CG)?;
    let (area, on) = (Rc::clone(&surface), Rc::clone(&grid));
    tao.set_objective_and_gradient(move |_, x, g| area.gradient_on(&on, x, g))?;
    let mut h = grid.create_matrix()?;
    h.set_option(MatrixOption::Symmetric, true)?;
    if options.has("-tao_fddefault")? {
        options.set_flag("-tao_fd_hessian")?;
    }
    tao.set_hessian(&h, &h, move |_, x, h, _| surface.hessian_on(&grid, x, h))?;
    if options.has("-my_monitor")? {
        tao.add_monitor(|tao| match tao.solution()? {
            Some(x) => x.view(&*Viewer::stdout(&tao.comm()?)?),
            None => Ok(()),
        })?;
    }
    tao.set_from_options()?;
    let _ = tao.solve_unchecked(&mut x)?;
    tao.view(&*Viewer::stdout(world)?)
}
