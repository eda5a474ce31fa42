//! Port of PETSc's `src/tao/unconstrained/tutorials/minsurf1.c`: a minimal surface on one rank,
//! with any method.

use std::rc::Rc;

use petsc_rs::Tao;
use petsc_rs::ksp::Tolerances;
use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;

use crate::models::{self, surface::Surface};

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`; more than one rank.
pub fn main(petsc: &Petsc) -> Result<()> {
    models::one_rank(petsc)?;
    let (options, own) = (petsc.options(), petsc.self_comm());
    let surface = Rc::new(Surface::from_options(&options, 4)?);
    let (mx, my, n) = (surface.mx, surface.my, surface.len()?);
    own.print(format_args!(
        "\n---- Minimum Surface Area Problem -----\nmx: {mx}     my: {my}   \n\n"
    ))?;
    let mut x = Vector::seq(own, n)?;
    surface.start(&options, &mut x)?;
    let mut h = Matrix::builder(own).local_size(n, n).preallocate(7, 0).build()?;
    h.set_option(MatrixOption::Symmetric, true)?;

    let mut tao = Tao::new(own)?;
    let area = Rc::clone(&surface);
    tao.set_objective_and_gradient(move |_, x, g| area.gradient(x, g))?;
    tao.set_hessian(&h, &h, move |_, x, h, _| surface.hessian(x, h))?;
    tao.set_from_options()?;
    if let Some(mut ksp) = tao.ksp()? {
        ksp.set_tolerances(Tolerances { max_iterations: n.into(), ..Default::default() })?;
    }
    let _ = tao.solve_unchecked(&mut x)?;
    Ok(())
}
