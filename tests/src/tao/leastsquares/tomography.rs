//! Port of PETSc's `src/tao/leastsquares/tutorials/tomography.c`: tomography with few rays, `min
//! ½‖A x − b‖² + λ g(x)` with `x ≥ 0`, solved with a regularized Gauss-Newton method.

use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::tao::Bound;
use petsc_rs::{ErrorCode, Tao, TaoType};

use crate::models::tomography::Scan;

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`; more than one rank.
pub fn main(petsc: &Petsc) -> Result<()> {
    if petsc.world().size() != 1 {
        let text = "This is a uniprocessor example only!";
        return Err(Error::new(ErrorCode::WRONG_MPI_SIZE, text));
    }
    let own = petsc.self_comm();
    let scan = Rc::new(Scan::read(own)?);
    let n = scan.truth.len()?;
    let mut x = scan.truth.duplicate()?;
    let residual = scan.measured.duplicate()?;
    let mut tao = Tao::new(own)?;
    tao.set_type(TaoType::BRGN)?;
    tao.set_variable_bounds(0.0, Bound::None)?;
    let dictionary = scan.differences(scan.pixels()? - 1)?;
    tao.set_brgn_dictionary(&dictionary)?;
    let rays = Rc::clone(&scan);
    tao.set_residual(&residual, move |_, x, f| rays.residual(x, f))?;
    // The model is linear, so its Jacobian is constant: the matrix itself.
    tao.set_residual_jacobian(&scan.rays, &scan.rays, |_, _, _, _| Ok(()))?;
    // For `-tao_brgn_regularization_type user`: ½‖x‖², whose Hessian is the identity.
    let identity = Matrix::shell(own, n, n, |v, y| y.copy_from(v)).build()?;
    tao.set_brgn_regularizer(
        |_, x, g| {
            g.copy_from(x)?;
            Ok(0.5 * x.dot(x)?.real())
        },
        &identity,
        |_, _, _| Ok(()),
    )?;
    tao.set_from_options()?;
    tao.set_convergence_history(100, true)?;
    let _ = tao.solve_unchecked(&mut x)?;
    scan.report(&mut x)
}
