//! Port of PETSc's `src/tao/leastsquares/tutorials/chwirut1.c`: a fit of a curve with three
//! parameters to 214 ultrasonic measurements (NIST, Chwirut).

use petsc_rs::prelude::*;
use petsc_rs::{MatrixRef, Tao, TaoRef, TaoType, Vector, VectorRef, Viewer};

use crate::models::chwirut::{self, MEASURED};

/// The parameters, which are real in every build.
fn parameters(x: &VectorRef) -> Result<[Real; 3]> {
    let x = x.array()?;
    Ok([x[0].real(), x[1].real(), x[2].real()])
}

fn residual(_: &TaoRef, x: &VectorRef, f: &mut VectorRef) -> Result<()> {
    let x = parameters(x)?;
    for (i, f) in f.array_mut()?.iter_mut().enumerate() {
        *f = Scalar::from_real(chwirut::residual(&x, i));
    }
    Ok(())
}

fn jacobian(_: &TaoRef, x: &VectorRef, j: &mut MatrixRef, _: &mut MatrixRef) -> Result<()> {
    let x = parameters(x)?;
    for (i, (t, _)) in (0..).zip(MEASURED) {
        let (base, below) = (chwirut::curve(&x, t), x[1] + x[2] * t);
        let row = [t * base, base / below, base * t / below].map(Scalar::from_real);
        j.set_values(&[i], &[0, 1, 2], &row, InsertMode::Insert)?;
    }
    j.assemble()
}

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`.
pub fn main(petsc: &Petsc) -> Result<()> {
    let own = petsc.self_comm();
    let mut x = Vector::seq(own, 3)?;
    let f = Vector::seq(own, MEASURED.len())?;
    let j = Matrix::builder(own).local_size(MEASURED.len(), 3).kind(MatrixType::DENSE).build()?;
    for (i, start) in (0..).zip([0.15, 0.008, 0.010]) {
        x.set_value(i, Scalar::from_real(start), InsertMode::Insert)?;
    }
    x.assemble()?;
    let mut tao = Tao::new(own)?;
    tao.set_type(TaoType::POUNDERS)?;
    tao.set_residual(&f, residual)?;
    tao.set_residual_jacobian(&j, &j, jacobian)?;
    tao.set_from_options()?;
    tao.set_convergence_history(100, true)?;
    let _ = tao.solve_unchecked(&mut x)?;
    x.view(&*Viewer::stdout(own)?)
}
