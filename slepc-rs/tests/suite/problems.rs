//! Problems whose eigenvalues are known.

use std::f64::consts::PI;

use slepc_rs::prelude::*;

pub(crate) fn r(x: f64) -> Scalar {
    Scalar::from_real(x)
}

/// Rows `left`, `middle`, `right` on three diagonals.
pub(crate) fn tridiagonal(comm: &Comm, n: Int, entries: [f64; 3]) -> Result<Matrix> {
    let mut a = Matrix::builder(comm).global_size(n, n).build()?;
    for i in a.ownership_range()? {
        for (j, x) in [i - 1, i, i + 1].into_iter().zip(entries) {
            if (0..n).contains(&j) {
                a.set_value(i, j, r(x), InsertMode::Insert)?;
            }
        }
    }
    a.assemble()?;
    Ok(a)
}

pub(crate) fn laplacian(comm: &Comm, n: Int) -> Result<Matrix> {
    tridiagonal(comm, n, [-1.0, 2.0, -1.0])
}

/// `2 - 2·cos(k·π/(n+1))`, `k` from 1.
pub(crate) fn laplacian_eigenvalue(n: Int, k: Int) -> f64 {
    2.0 - 2.0 * (k as f64 * PI / (n + 1) as f64).cos()
}

/// Blocks `[a -b; b a]` with `a = k`, `b = k/2` for `k` from 1: eigenvalues `k ± i·k/2`.
pub(crate) fn rotations(comm: &Comm, blocks: Int) -> Result<Matrix> {
    let n = 2 * blocks;
    let mut a = Matrix::builder(comm).global_size(n, n).build()?;
    for i in a.ownership_range()? {
        let k = (i / 2 + 1) as f64;
        a.set_value(i, i, r(k), InsertMode::Insert)?;
        let (j, sign) = if i % 2 == 0 { (i + 1, -1.0) } else { (i - 1, 1.0) };
        a.set_value(i, j, r(sign * k / 2.0), InsertMode::Insert)?;
    }
    a.assemble()?;
    Ok(a)
}

pub(crate) fn solver(
    comm: &Comm,
    a: &Matrix,
    b: Option<&Matrix>,
    kind: EpsProblemType,
    nev: usize,
) -> Result<Eps> {
    let mut eps = Eps::new(comm)?;
    eps.set_operators(a, b.map(|b| &**b))?;
    eps.set_problem_type(kind)?;
    eps.set_dimensions(slepc_rs::eps::Dimensions::nev(nev))?;
    Ok(eps)
}

/// Makes a transformation solve directly, also on several ranks of a PETSc that cannot factorize in parallel.
pub(crate) fn solve_directly(st: &mut slepc_rs::StRef) -> Result<()> {
    let parallel = cfg!(any(petsc_have_mumps, petsc_have_superlu_dist));
    let mut ksp = st.ksp()?;
    if ksp.comm()?.size() > 1 && !parallel {
        ksp.set_type(KspType::PREONLY)?;
        ksp.pc()?.set_type(PcType::REDUNDANT)?;
    }
    Ok(())
}

pub(crate) fn code<T>(result: Result<T>) -> Option<petsc_rs::ErrorCode> {
    result.err().map(|e| e.code())
}
