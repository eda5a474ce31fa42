//! Rust version of `c/rosenbrock1.c`: the extended Rosenbrock function of PETSc's tutorial
//! tao/unconstrained/rosenbrock1 with n pairs of variables and `alpha = 99`, on one rank. It is
//! minimized from zero with `lmvm` and then with `nls`.
//!
//! Run: `rosenbrock1 <n>`

use petsc_benches::{Calls, check, count};
use petsc_rs::prelude::*;
use petsc_rs::{MatrixRef, Tao, TaoType, VectorRef};

const ALPHA: Real = 99.0;

fn main() -> std::process::ExitCode {
    petsc_rs::run(|petsc| {
        let n = 2 * count(1000);
        let calls = Calls::begin(petsc)?;
        let own = petsc.self_comm();
        let mut x = Vector::seq(own, n)?;
        let h = Matrix::builder(own)
            .local_size(n, n)
            .block_size(2)
            .kind(MatrixType::BAIJ)
            .preallocate(1, 0)
            .build()?;
        let mut tao = Tao::new(own)?;
        tao.set_objective_and_gradient(|_, x, g| gradient(x, g))?;
        tao.set_hessian(&h, &h, |_, x, h, _| hessian(x, h))?;
        for kind in [TaoType::LMVM, TaoType::NLS] {
            tao.set_type(kind)?;
            tao.set_from_options()?;
            x.set_zero()?;
            let _ = tao.solve(&mut x)?;
            let size = n as Real;
            check((x.norm(Norm::One)? - size).abs() < 1e-4 * size)?;
        }
        calls.print(petsc, &["TaoObjGradEval", "TaoHessianEval"])
    })
}

fn gradient(x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
    let (x, mut g) = (x.array()?, g.array_mut()?);
    let mut sum = 0.0;
    for (x, g) in x.chunks_exact(2).zip(g.chunks_exact_mut(2)) {
        let (a, b) = (x[0].real(), x[1].real());
        let (t, u) = (b - a * a, 1.0 - a);
        sum += ALPHA * t * t + u * u;
        g[0] = Scalar::from_real(-4.0 * ALPHA * t * a - 2.0 * u);
        g[1] = Scalar::from_real(2.0 * ALPHA * t);
    }
    Ok(sum)
}

fn hessian(x: &VectorRef, h: &mut MatrixRef) -> Result<()> {
    let x = x.array()?;
    let mut entries = h.assembler(InsertMode::Insert)?;
    for (i, x) in (0..).step_by(2).zip(x.chunks_exact(2)) {
        let (a, b) = (x[0].real(), x[1].real());
        let across = -4.0 * ALPHA * a;
        let block = [-4.0 * ALPHA * (b - 3.0 * a * a) + 2.0, across, across, 2.0 * ALPHA];
        let at = [i, i + 1];
        entries.block(&at, &at, &block.map(Scalar::from_real))?;
    }
    entries.finish()
}
