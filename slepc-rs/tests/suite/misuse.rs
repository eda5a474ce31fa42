//! Wrong use ends as an error that says what is wrong.

use petsc_rs::ErrorCode;
use petsc_test::assert_code;
use slepc_rs::eps::{Dimensions, NotConverged, Tolerances};
use slepc_rs::prelude::*;

use crate::problems::{code, laplacian, r, solver, tridiagonal};

#[petsc_test::test(ranks = [1, 2])]
fn results_are_refused_before_a_solve(petsc: &Petsc) -> Result<()> {
    use petsc_rs::ErrorCode;
    let mut eps = Eps::new(petsc.world())?;
    assert_eq!(code(eps.solve()), Some(ErrorCode::ARG_WRONGSTATE));
    assert_eq!(code(eps.operators()), Some(ErrorCode::ARG_WRONGSTATE));
    assert_eq!(code(eps.eigenpairs()), Some(ErrorCode::ARG_WRONGSTATE));
    let a = laplacian(petsc.world(), 20)?;
    eps.set_operators(&a, None)?;
    eps.set_problem_type(EpsProblemType::Hermitian)?;
    assert_eq!(code(eps.eigenvalue(0)), Some(ErrorCode::ARG_WRONGSTATE));
    let n = eps.solve()?.pairs;
    assert_eq!(code(eps.eigenvalue(n)), Some(ErrorCode::ARG_OUTOFRANGE));
    // A change makes the old pairs unreachable: their arrays will be replaced.
    eps.set_dimensions(Dimensions::nev(2))?;
    assert_eq!(code(eps.eigenvalues()), Some(ErrorCode::ARG_WRONGSTATE));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn more_eigenvalues_than_there_are_is_an_error(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 5)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 6)?;
    let error = eps.solve().err().ok_or("must fail")?;
    assert_eq!(error.code(), ErrorCode::ARG_OUTOFRANGE);
    assert!(error.message().contains("6 eigenvalues were requested, but the problem has order 5"));
    eps.set_dimensions(Dimensions::nev(5))?;
    assert_eq!(eps.solve()?.pairs, 5);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_problem_type_that_does_not_fit_is_refused(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 10)?;
    let b = Matrix::constant_diagonal(petsc.world(), 10, r(2.0))?;
    let mut eps = solver(petsc.world(), &a, Some(&b), EpsProblemType::Hermitian, 1)?;
    let error = eps.solve().err().ok_or("must fail")?;
    assert!(error.to_string().contains("problem type does not match"), "{error}");
    let small = Matrix::constant_diagonal(petsc.world(), 9, r(2.0))?;
    assert_code(eps.set_operators(&a, Some(&small)), ErrorCode::ARG_INCOMP);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn no_convergence_says_how_far_it_came(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 400)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 8)?;
    eps.set_which(EpsWhich::SmallestReal)?;
    eps.set_tolerances(Tolerances { max_iterations: 2.into(), ..Tolerances::default() })?;
    let error = eps.solve().err().ok_or("must not converge")?;
    assert!(error.is_collective());
    let failure: &NotConverged = error.downcast_ref().ok_or("a source")?;
    assert_eq!((failure.wanted, failure.iterations), (8, 2));
    assert_eq!(failure.pairs, eps.eigenvalues()?.len());
    assert!(error.to_string().contains("-eps_max_it"), "{error}");
    Ok(())
}

#[petsc_test::test(ranks = [2])]
fn objects_of_other_processes_are_refused(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.self_comm(), 10)?;
    let mut eps = Eps::new(petsc.world())?;
    let wrong = Some(ErrorCode::ARG_NOTSAMECOMM);
    assert_eq!(code(eps.set_operators(&a, None)), wrong);
    assert_eq!(code(eps.set_st(&*St::new(petsc.self_comm())?)), wrong);
    let ksp = Ksp::new(petsc.self_comm())?;
    assert_eq!(code(eps.st()?.set_ksp(&ksp)), wrong);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn functions_have_sixteen_methods(petsc: &Petsc) -> Result<()> {
    let mut f = MathFunction::of_type(petsc.world(), FnType::EXP)?;
    f.set_method(15)?;
    for beyond in [16, 17] {
        let refused = code(f.set_method(beyond));
        assert_eq!(refused, Some(ErrorCode::ARG_OUTOFRANGE));
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn vectors_that_do_not_fit_are_refused(petsc: &Petsc) -> Result<()> {
    use petsc_rs::ErrorCode;
    let a = laplacian(petsc.world(), 10)?;
    let long = Vector::new(petsc.world(), 11)?;
    let mut eps = Eps::new(petsc.world())?;
    let early = code(eps.set_initial_space(&[&long]));
    assert_eq!(early, Some(ErrorCode::ARG_WRONGSTATE));
    eps.set_operators(&a, None)?;
    assert_eq!(code(eps.set_initial_space(&[&long])), Some(ErrorCode::ARG_SIZ));
    let nested = Vector::nest(petsc.world(), &[&Vector::new(petsc.world(), 10)?])?;
    assert_eq!(code(eps.set_initial_space(&[&nested])), Some(ErrorCode::ARG_NOTSAMETYPE));
    assert_eq!(code(eps.set_deflation_space(&[&long])), Some(ErrorCode::ARG_SIZ));
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn numbers_out_of_range_are_refused(petsc: &Petsc) -> Result<()> {
    use petsc_rs::ErrorCode;
    let out = Some(ErrorCode::ARG_OUTOFRANGE);
    let mut eps = Eps::new(petsc.world())?;
    assert_eq!(code(eps.set_dimensions(Dimensions::nev(0))), out);
    assert_eq!(code(eps.set_interval(2.0, 1.0)), out);
    let error = eps.set_interval(1.0, 1.0).expect_err("empty").to_string();
    assert!(error.contains("empty interval [1, 1]"), "{error}");
    assert_eq!(code(eps.set_interval(f64::NAN, 1.0)), out);
    let tolerance = Tolerances { tolerance: (-1.0).into(), ..Tolerances::default() };
    assert_eq!(code(eps.set_tolerances(tolerance)), out);
    let unknown = code(eps.set_type(EpsType::new(c"no-such-method")));
    assert_eq!(unknown, Some(ErrorCode::ARG_UNKNOWN_TYPE));
    Ok(())
}

/// A slice of a vector is lent while a solver wants to run.
#[petsc_test::test(ranks = [1])]
fn a_solve_is_refused_while_an_array_is_borrowed(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 10)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    let mut x = Vector::new(petsc.world(), 10)?;
    let array = x.array_mut()?;
    assert_eq!(code(eps.solve()), Some(ErrorCode::ARG_WRONGSTATE));
    drop(array);
    let _ = eps.solve()?;
    Ok(())
}

/// Wrong eigenvalues, if nobody looked.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_matrix_that_is_not_hermitian_is_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let skew = tridiagonal(comm, 20, [-1.0, 2.0, -0.5])?;
    let plain = laplacian(comm, 20)?;
    let positive = EpsProblemType::GeneralizedHermitian;
    let cases = [
        (&skew, None, EpsProblemType::Hermitian, "A is not Hermitian"),
        (&skew, Some(&plain), positive, "A is not Hermitian"),
        (&plain, Some(&skew), positive, "B is not Hermitian"),
    ];
    for (a, b, kind, text) in cases {
        let mut eps = solver(comm, a, b, kind, 1)?;
        let error = eps.solve().err().ok_or("must fail")?;
        assert_eq!(error.code(), ErrorCode::ARG_INCOMP);
        assert!(error.is_collective() && error.message().contains(text), "{error}");
    }
    // Small differences come from rounding.
    let mut nearly = laplacian(comm, 20)?;
    if comm.rank() == 0 {
        nearly.set_value(0, 1, r(-1.0 - 1e-13), InsertMode::Insert)?;
    }
    nearly.assemble()?;
    let _ = solver(comm, &nearly, None, EpsProblemType::Hermitian, 1)?.solve()?;
    Ok(())
}
