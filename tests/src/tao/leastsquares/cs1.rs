//! Port of PETSc's `src/tao/leastsquares/tutorials/cs1.c`: compressive sensing, `min ½‖A x − b‖² + λ‖D x‖₁` with
//! fewer equations than unknowns.

use petsc_rs::prelude::*;
use petsc_rs::{Tao, TaoType, Vector, Viewer};

const M: usize = 3;
const N: usize = 5;
const K: usize = 4;

const A: [[Real; N]; M] = [
    [0.81, 0.91, 0.28, 0.96, 0.96],
    [0.91, 0.63, 0.55, 0.16, 0.49],
    [0.13, 0.10, 0.96, 0.97, 0.80],
];
/// Returns `A x` for `x = (0, 0, 1, 0, 0)`.
const B: [Real; M] = [0.28, 0.55, 0.96];

/// Creates the dictionary: differences of neighbors.
fn differences(comm: &Comm) -> Result<Matrix> {
    let mut d = Matrix::builder(comm).local_size(K, N).kind(MatrixType::DENSE).build()?;
    for k in d.ownership_range()? {
        let row = [-1.0, 1.0].map(Scalar::from_real);
        d.set_values(&[k], &[k, k + 1], &row, InsertMode::Insert)?;
    }
    d.assemble()?;
    Ok(d)
}

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`.
pub fn main(petsc: &Petsc) -> Result<()> {
    let own = petsc.self_comm();
    let mut x = Vector::seq(own, N)?;
    let f = Vector::seq(own, M)?;
    let j = Matrix::builder(own).local_size(M, N).kind(MatrixType::DENSE).build()?;
    let d = differences(own)?;
    let mut tao = Tao::new(own)?;
    tao.set_type(TaoType::BRGN)?;
    tao.set_brgn_dictionary(&d)?;
    tao.set_residual(&f, |_, x, f| {
        let x = x.array()?;
        for ((f, row), b) in f.array_mut()?.iter_mut().zip(A).zip(B) {
            *f = Scalar::from_real(-b);
            for (a, x) in row.iter().zip(x.iter()) {
                *f += Scalar::from_real(*a) * x;
            }
        }
        Ok(())
    })?;
    tao.set_residual_jacobian(&j, &j, |_, _, j, _| {
        for (i, row) in (0..).zip(A) {
            j.set_values(&[i], &[0, 1, 2, 3, 4], &row.map(Scalar::from_real), InsertMode::Insert)?;
        }
        j.assemble()
    })?;
    tao.set_from_options()?;
    tao.set_convergence_history(100, true)?;
    let _ = tao.solve_unchecked(&mut x)?;
    own.print(format_args!("-------- result x, residual f=A*x-b, and Jacobian=A. -------- \n"))?;
    let out = Viewer::stdout(own)?;
    x.view(&out)?;
    f.view(&out)?;
    j.view(&out)?;
    d.view(&out)
}
