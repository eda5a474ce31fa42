//! Factorizations; the numbers come from NumPy.

use petsc_rs::ErrorCode;
use petsc_rs::matrix::{FactorKind, FactorOptions, OrderingType, SolverType};
use petsc_rs::prelude::*;
use petsc_test::assert_close;

use crate::matrix::{example, harmonic, r};

const SOLUTION: [f64; 7] = [
    0.587_229_035_579_629_9,
    0.165_079_224_278_580_32,
    0.081_679_348_197_041_92,
    -0.009_378_846_880_679_383,
    0.000_145_807_447_838_686_95,
    0.019_847_821_635_496_94,
    0.013_118_866_454_327_973,
];

fn packages(a: &Matrix, kind: FactorKind) -> Result<Vec<SolverType<'static>>> {
    let mut list = Vec::new();
    for &package in SolverType::ALL {
        if a.factor_available(package, kind)? {
            list.push(package);
        }
    }
    Ok(list)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn every_package_solves(petsc: &Petsc) -> Result<()> {
    let a = example(petsc.world())?;
    let b = harmonic(&a)?;
    let mut x = b.duplicate()?;
    let list = packages(&a, FactorKind::Lu)?;
    assert_eq!(list.contains(&SolverType::PETSC), petsc.world().size() == 1);
    #[cfg(petsc_have_mumps)]
    assert!(list.contains(&SolverType::MUMPS));
    for package in list {
        let options = FactorOptions { package: Some(package), ..Default::default() };
        let mut lu = a.factor(FactorKind::Lu, &options)?;
        lu.solve(&b, &mut x)?;
        assert_vector_loosely(&x, 1.0)?;
        lu.update()?;
        lu.solve(&b, &mut x)?;
        assert_vector_loosely(&x, 1.0)?;
        assert_eq!(lu.package()?.as_bytes(), package.name().to_bytes());
    }
    Ok(())
}

fn assert_vector_loosely(x: &Vector, factor: f64) -> Result<()> {
    let range = x.ownership_range()?;
    for (i, value) in range.zip(x.array()?.iter()) {
        let expected = factor * SOLUTION[usize::try_from(i).expect("small")];
        assert_close!(value.real(), expected, 1e-11, 1e-13);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_factor_solves_after_its_matrix_changed(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut a = example(comm)?;
    let b = harmonic(&a)?;
    let mut x = b.duplicate()?;
    let mut lu = a.factor(
        FactorKind::Lu,
        &FactorOptions {
            package: Some(SolverType::PETSC),
            ordering: Some(OrderingType::RCM),
            ..Default::default()
        },
    )?;
    lu.solve_transpose(&b, &mut x)?;
    assert_close!(x.array()?[0].real(), 0.504_318_258_830_047_5, 1e-12);
    a.scale(r(2.0))?;
    lu.update()?;
    lu.solve(&b, &mut x)?;
    assert_vector_loosely(&x, 0.5)?;
    let rhs = Matrix::from_dense(comm, 7, 1, &b.array()?)?;
    let mut solution = Matrix::from_dense(comm, 7, 1, &[r(0.0); 7])?;
    lu.mat_solve(&rhs, &mut solution)?;
    assert_close!(solution.dense()?[0].real(), 0.5 * SOLUTION[0], 1e-12);
    let sparse = example(comm)?;
    assert_eq!(
        lu.mat_solve(&sparse, &mut solution).expect_err("sparse").code(),
        ErrorCode::ARG_NOTSAMETYPE
    );
    let ilu = a.ilu(1)?;
    ilu.solve(&b, &mut x)?;
    assert_close!(x.array()?[0].real(), 0.5 * SOLUTION[0], 0.2);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_factor_counts_signs_and_a_singular_matrix_is_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    // Tridiagonal, with four eigenvalues above zero and three below.
    let mut t = Matrix::builder(comm).global_size(7, 7).build()?;
    let d = [2.0, 0.2, -1.6, 2.0, 0.2, -1.6, 2.0];
    for i in 0..7 {
        t.set_value(i, i, r(d[usize::try_from(i).expect("small")]), InsertMode::Insert)?;
        if i < 6 {
            t.set_value(i, i + 1, r(-1.0), InsertMode::Insert)?;
            t.set_value(i + 1, i, r(-1.0), InsertMode::Insert)?;
        }
    }
    t.assemble()?;
    #[cfg(all(petsc_have_mumps, petsc_scalar = "real"))]
    {
        t.set_option(petsc_rs::matrix::MatrixOption::Symmetric, true)?;
        let options = FactorOptions { package: Some(SolverType::MUMPS), ..Default::default() };
        let mut f = t.factor(FactorKind::Cholesky, &options)?;
        f.set_mumps_icntl(24, 1)?;
        f.update()?;
        let inertia = f.inertia()?;
        assert_eq!((inertia.negative, inertia.zero, inertia.positive), (3, 0, 4));
        f.set_mumps_icntl(14, 55)?;
        assert_eq!(f.mumps_icntl(14)?, 55);
        assert_eq!(f.mumps_icntl(0).expect_err("from 1").code(), ErrorCode::ARG_OUTOFRANGE);
        assert_eq!(f.mumps_infog(1)?, 0);
    }
    let options = FactorOptions { package: Some(SolverType::PETSC), ..Default::default() };
    let lu = t.factor(FactorKind::Lu, &options)?;
    assert_eq!(lu.mumps_icntl(14).expect_err("not MUMPS").code(), ErrorCode::ARG_WRONG);
    let mut singular = Matrix::builder(comm).global_size(2, 2).build()?;
    singular.set_values(&[0, 1], &[0, 1], &[r(1.0); 4], InsertMode::Insert)?;
    singular.assemble()?;
    let error = singular.factor(FactorKind::Lu, &options).expect_err("singular");
    assert_eq!(error.code(), ErrorCode::MAT_LU_ZRPVT, "{error}");
    let error = t
        .factor(
            FactorKind::Lu,
            &FactorOptions { package: Some(SolverType::new(c"abacus")), ..Default::default() },
        )
        .expect_err("no such package");
    assert_eq!(error.code(), ErrorCode::MISSING_FACTOR);
    assert!(error.to_string().contains("petsc"), "{error}");
    Ok(())
}

#[cfg(petsc_have_mumps)]
#[petsc_test::test(ranks = [1, 2, 3])]
fn mumps_keeps_the_controls_that_are_set(petsc: &Petsc) -> Result<()> {
    let a = example(petsc.world())?;
    let b = harmonic(&a)?;
    let mut x = b.duplicate()?;
    let options = FactorOptions { package: Some(SolverType::MUMPS), ..Default::default() };
    let mut lu = a.factor(FactorKind::Lu, &options)?;
    lu.set_mumps_icntl(14, 50)?;
    assert_eq!(lu.mumps_icntl(14)?, 50);
    lu.set_mumps_cntl(1, 0.1)?;
    lu.update()?;
    lu.solve(&b, &mut x)?;
    assert_vector_loosely(&x, 1.0)?;
    assert_eq!(lu.mumps_infog(1)?, 0, "no error");
    for index in [0, 99] {
        let error = lu.mumps_icntl(index).expect_err("no such control");
        assert_eq!(error.code(), ErrorCode::ARG_OUTOFRANGE);
    }
    Ok(())
}

#[cfg(petsc_have_mumps)]
#[petsc_test::test(ranks = [1, 2])]
fn parameters_and_results_of_mumps_are_read(petsc: &Petsc) -> Result<()> {
    let a = example(petsc.world())?;
    let options = FactorOptions { package: Some(SolverType::MUMPS), ..Default::default() };
    let mut lu = a.factor(FactorKind::Lu, &options)?;
    lu.set_mumps_cntl(1, 0.25)?;
    assert_close!(lu.mumps_cntl(1)?, 0.25, 0.0);
    // INFO(1) and INFOG(1) are 0 after success. RINFOG(3) is the sum of the operations in RINFO(3).
    assert_eq!((lu.mumps_info(1)?, lu.mumps_infog(1)?), (0, 0));
    let (mine, all) = (lu.mumps_rinfo(3)?, lu.mumps_rinfog(3)?);
    assert!(mine >= 0.0 && all > 0.0 && mine <= all);
    if petsc.world().size() == 1 {
        assert_close!(mine, all, 1e-14);
    }
    for refused in
        [lu.mumps_cntl(16), lu.mumps_rinfo(41), lu.mumps_rinfog(0), lu.mumps_info(81).map(|_| 0.0)]
    {
        petsc_test::assert_code(refused, ErrorCode::ARG_OUTOFRANGE);
    }
    Ok(())
}
