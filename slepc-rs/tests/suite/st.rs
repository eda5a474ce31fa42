//! Spectral transformations.

use petsc_test::assert_close;
use slepc_rs::prelude::*;
use slepc_rs::st::MatMode;

use crate::problems::{laplacian, laplacian_eigenvalue, r, solve_directly, solver};

#[petsc_test::test(ranks = [1, 2, 3])]
fn iterative_inner_solver_without_forming_the_shifted_matrix(petsc: &Petsc) -> Result<()> {
    let n = 40;
    let a = laplacian(petsc.world(), n)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 2)?;
    eps.set_which(EpsWhich::TargetMagnitude)?;
    eps.set_target(r(-0.1))?;
    let st = eps.st_mut()?;
    st.set_type(StType::SINVERT)?;
    st.set_mat_mode(MatMode::Shell)?;
    assert_eq!(st.mat_mode()?, MatMode::Shell);
    let ksp = st.ksp_mut()?;
    ksp.set_type(KspType::GMRES)?;
    ksp.pc_mut()?.set_type(PcType::JACOBI)?;
    let _ = eps.solve()?;
    assert!(eps.st()?.ksp()?.total_iterations()? > 0);
    for (value, k) in eps.eigenvalues()?.iter().zip([1, 2]) {
        assert_close!(value.re, laplacian_eigenvalue(n, k), 1e-7);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn cayley(petsc: &Petsc) -> Result<()> {
    let n = 40;
    let a = laplacian(petsc.world(), n)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 2)?;
    eps.set_which(EpsWhich::TargetMagnitude)?;
    eps.set_target(r(1.1))?;
    let st = eps.st_mut()?;
    st.set_type(StType::CAYLEY)?;
    st.set_cayley_antishift(r(2.0))?;
    solve_directly(st)?;
    let _ = eps.solve()?;
    let mut expected: Vec<f64> = (1..=n).map(|k| laplacian_eigenvalue(n, k)).collect();
    expected.sort_by(|a, b| (a - 1.1).abs().total_cmp(&(b - 1.1).abs()));
    for (value, expected) in eps.eigenvalues()?.iter().zip(&expected).take(2) {
        assert_close!(value.re, *expected, 1e-9);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_transformation_shared_and_moved(petsc: &Petsc) -> Result<()> {
    let n = 30;
    let a = laplacian(petsc.world(), n)?;
    let mut st = St::new(petsc.world())?;
    st.set_type(StType::SINVERT)?;
    solve_directly(&mut st)?;
    let mut eps = Eps::new(petsc.world())?;
    eps.set_st(&st)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    eps.set_which(EpsWhich::TargetMagnitude)?;
    for k in [1, 12] {
        eps.set_target(r(laplacian_eigenvalue(n, k) + 1e-3))?;
        st.set_shift(eps.target()?)?;
        let _ = eps.solve()?;
        assert_close!(eps.eigenvalue(0)?.re, laplacian_eigenvalue(n, k), 1e-9);
    }
    drop(eps);
    assert_eq!(st.type_name()?.as_deref(), Some("sinvert"));
    Ok(())
}
