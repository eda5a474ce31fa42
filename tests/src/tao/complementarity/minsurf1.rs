//! Port of PETSc's `src/tao/complementarity/tutorials/minsurf1.c`: a minimal surface, computed as
//! the zero of the gradient with a complementarity method.

use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::tao::INFINITY;
use petsc_rs::{Tao, TaoType};

use crate::models::surface::Surface;

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (options, own) = (petsc.options(), petsc.self_comm());
    let surface = Rc::new(Surface::from_options(&options, 4)?);
    let (mx, my, n) = (surface.mx, surface.my, surface.len()?);
    own.print(format_args!("\n---- Minimum Surface Area Problem -----\nmx:{mx}, my:{my}\n"))?;
    let mut x = Vector::seq(own, n)?;
    surface.start(&options, &mut x)?;
    let c = x.duplicate()?;
    let j = Matrix::builder(own).local_size(n, n).preallocate(7, 0).build()?;

    let mut tao = Tao::new(own)?;
    tao.set_type(TaoType::SSILS)?;
    let area = Rc::clone(&surface);
    tao.set_constraints(&c, move |_, x, c| area.gradient(x, c).map(|_| ()))?;
    tao.set_jacobian(&j, &j, move |_, x, j, _| surface.hessian(x, j))?;
    tao.set_variable_bounds(-INFINITY, INFINITY)?;
    tao.set_from_options()?;
    let _ = tao.solve_unchecked(&mut x)?;
    Ok(())
}
