//! What every class refuses, or cannot do, on any number of ranks: a problem type that does not fit, matrices that are
//! not what they are said to be, more values than there are, no convergence.

use petsc_rs::ErrorCode;
use slepc_rs::eps::{Dimensions, Tolerances};
use slepc_rs::prelude::*;
use slepc_rs::svd::ProblemType as SvdProblemType;
use slepc_rs::{lme, mfn, nep, pep, svd};

use crate::problems::{laplacian, r, solve_directly, solver, tridiagonal};

const N: Int = 20;

/// One step, and an accuracy that it cannot have.
const HOPELESS: Tolerances = Tolerances {
    tolerance: petsc_rs::Setting::Value(1e-30),
    max_iterations: petsc_rs::Setting::Value(1),
};

/// The error of a call that must fail, with this code and these words, on all ranks alike.
fn refused<T: std::fmt::Debug>(
    result: Result<T>,
    code: ErrorCode,
    words: &[&str],
) -> Result<Error> {
    let error = result.err().ok_or("must fail")?;
    assert_eq!(error.code(), code, "{error}");
    let text = error.to_string();
    for words in words {
        assert!(text.contains(words), "no `{words}` in: {text}");
    }
    Ok(error)
}

fn skew(comm: &Comm) -> Result<Matrix> {
    tridiagonal(comm, N, [-1.0, 0.0, 1.0])
}

fn one(comm: &Comm) -> Result<Matrix> {
    tridiagonal(comm, N, [0.0, 1.0, 0.0])
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn wrong_types_of_linear_problems_are_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (a, b) = (laplacian(comm, N)?, one(comm)?);
    for kind in [EpsProblemType::Hermitian, EpsProblemType::NonHermitian] {
        let mut eps = solver(comm, &a, Some(&b), kind, 1)?;
        let words = ["problem type does not match the number of matrices"];
        refused(eps.solve(), ErrorCode::ARG_INCOMP, &words)?;
    }
    // A positive definite B that is none.
    let minus = tridiagonal(comm, N, [0.0, -1.0, 0.0])?;
    let kind = EpsProblemType::GeneralizedHermitian;
    let mut eps = solver(comm, &a, Some(&minus), kind, 1)?;
    solve_directly(&mut *eps.st()?)?;
    let error = eps.solve().err().ok_or("must fail")?;
    assert!(error.to_string().contains("indefinite"), "{error}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn coefficients_that_are_not_hermitian_are_refused(petsc: &Petsc) -> Result<()> {
    use PepProblemType as Kind;
    let comm = petsc.world();
    let (k, m, bent) = (laplacian(comm, N)?, one(comm)?, tridiagonal(comm, N, [-1.0, 2.0, -0.5])?);
    let g = skew(comm)?;
    let cases: [(Kind, [&Matrix; 3], &str); 7] = [
        (Kind::Hermitian, [&bent, &k, &m], "coefficient 0 is not Hermitian"),
        (Kind::Hermitian, [&k, &bent, &m], "coefficient 1 is not Hermitian"),
        (Kind::Hermitian, [&k, &m, &bent], "coefficient 2 is not Hermitian"),
        (Kind::Hyperbolic, [&k, &g, &m], "coefficient 1 is not Hermitian"),
        (Kind::Gyroscopic, [&k, &k, &m], "coefficient 1 is not skew-Hermitian"),
        (Kind::Gyroscopic, [&bent, &g, &m], "coefficient 0 is not Hermitian"),
        (Kind::Gyroscopic, [&k, &g, &bent], "coefficient 2 is not Hermitian"),
    ];
    for (kind, [k, c, m], words) in cases {
        let mut pep = Pep::new(comm)?;
        pep.set_operators(&[k, c, m])?;
        pep.set_problem_type(kind)?;
        let error = refused(pep.solve(), ErrorCode::ARG_INCOMP, &[words, "another problem type"])?;
        assert!(error.is_collective());
    }
    // What is gyroscopic in truth is none of them: purely imaginary values.
    let mut pep = Pep::new(comm)?;
    pep.set_operators(&[&k, &g, &m])?;
    pep.set_problem_type(Kind::Gyroscopic)?;
    let _ = pep.solve()?;
    assert!(pep.eigenvalue(0)?.re.abs() < 1e-7, "{}", pep.eigenvalue(0)?);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn wrong_types_of_polynomial_problems_are_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let k = laplacian(comm, N)?;
    for (kind, name) in
        [(PepProblemType::Hyperbolic, "hyperbolic"), (PepProblemType::Gyroscopic, "gyroscopic")]
    {
        let mut pep = Pep::new(comm)?;
        pep.set_operators(&[&k, &k, &k, &k])?;
        pep.set_problem_type(kind)?;
        let words = [name, "must be quadratic", "got 4"];
        refused(pep.solve(), ErrorCode::ARG_INCOMP, &words)?;
    }
    // A method for Hermitian problems, of which nobody has said that this is one.
    let mut pep = Pep::new(comm)?;
    pep.set_operators(&[&k, &k, &k])?;
    pep.set_type(PepType::STOAR)?;
    refused(pep.solve(), ErrorCode::SUP, &["stoar", "problem"])?;
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn wrong_types_of_singular_value_problems_are_refused(petsc: &Petsc) -> Result<()> {
    use SvdProblemType as Kind;
    let comm = petsc.world();
    let (a, b) = (laplacian(comm, N)?, one(comm)?);
    let types = "problem type does not match the number of matrices";
    let cases: [(Kind, Option<&Matrix>, &str); 3] = [
        (Kind::Standard, Some(&b), types),
        (Kind::Generalized, None, types),
        (Kind::Hyperbolic, None, "signature"),
    ];
    for (kind, b, words) in cases {
        let mut svd = Svd::new(comm)?;
        svd.set_operators(&a, b.map(|b| &**b))?;
        svd.set_problem_type(kind)?;
        let error = svd.solve().err().ok_or("must fail")?;
        assert!(error.to_string().contains(words), "{kind:?}: {error}");
    }
    // Another metric than the method believes.
    let mut svd = Svd::new(comm)?;
    svd.set_operators(&a, None)?;
    for entry in [2.0, 0.0, f64::NAN] {
        let (mut omega, _) = a.vectors()?;
        omega.set(r(1.0))?;
        if comm.rank() == 0 {
            omega.array_mut()?[0] = r(entry);
        }
        let set = svd.set_signature(Some(&omega));
        let error = refused(set, ErrorCode::ARG_OUTOFRANGE, &["1 or -1"])?;
        assert!(error.is_collective());
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn more_values_than_there_are_is_an_error(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = laplacian(comm, 5)?;
    let range = ErrorCode::ARG_OUTOFRANGE;
    let mut eps = solver(comm, &a, None, EpsProblemType::Hermitian, 6)?;
    refused(eps.solve(), range, &["6 eigenvalues were requested, but the problem has order 5"])?;
    let mut svd = Svd::new(comm)?;
    svd.set_operators(&a, None)?;
    svd.set_dimensions(Dimensions::nev(6))?;
    refused(svd.solve(), range, &["6 singular values were requested, but the problem has 5"])?;
    let mut pep = Pep::new(comm)?;
    pep.set_operators(&[&a, &a, &a])?;
    pep.set_dimensions(Dimensions::nev(11))?;
    refused(pep.solve(), range, &["11 eigenvalues were requested, but the problem has order 10"])?;
    let mut lme = Lme::new(comm)?;
    lme.set_coefficient(&a)?;
    refused(lme.set_solution_rank(Some(6)), range, &["between 1 and 5", "got 6"])?;
    Ok(())
}

/// A nonlinear problem may have any number of eigenvalues: more than rows are no mistake, only more than the method
/// can find.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_nonlinear_problem_may_want_more_values_than_rows(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut nep = nonlinear(comm)?;
    nep.set_dimensions(Dimensions::nev(usize::try_from(N)? + 1))?;
    nep.set_tolerances(HOPELESS)?;
    let error = nep.solve().err().ok_or("must fail")?;
    let failure: &nep::NotConverged = error.downcast_ref().ok_or("a source")?;
    assert_eq!(failure.wanted, usize::try_from(N)? + 1);
    Ok(())
}

fn nonlinear(comm: &Comm) -> Result<Nep> {
    let (a, b) = (laplacian(comm, N)?, one(comm)?);
    let constant = MathFunction::rational(comm, &[r(1.0)], &[])?;
    let square = MathFunction::rational(comm, &[r(-1.0), r(0.0), r(0.0)], &[])?;
    let mut nep = Nep::new(comm)?;
    let terms: [(&petsc_rs::MatrixRef, _); 2] = [(&a, &*constant), (&b, &*square)];
    nep.set_split_operator(&terms, petsc_rs::matrix::Structure::Subset)?;
    nep.set_target(r(0.1))?;
    nep.ksp()?.set_type(KspType::GMRES)?;
    nep.ksp()?.pc()?.set_type(PcType::JACOBI)?;
    Ok(nep)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn no_convergence_has_a_reason_and_a_hint(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let not = ErrorCode::NOT_CONVERGED;
    let a = laplacian(comm, 200)?;
    let limit = "iteration limit reached after 1 iterations";

    let mut eps = solver(comm, &a, None, EpsProblemType::Hermitian, 4)?;
    eps.set_tolerances(HOPELESS)?;
    let error = refused(eps.solve(), not, &["eigensolver did not converge", limit, "-eps_max_it"])?;
    assert!(error.is_collective());
    let failure: &slepc_rs::eps::NotConverged = error.downcast_ref().ok_or("a source")?;
    assert_eq!((failure.wanted, failure.pairs), (4, eps.converged()?));

    let mut svd = Svd::new(comm)?;
    svd.set_operators(&a, None)?;
    svd.set_type(SvdType::TRLANCZOS)?;
    svd.set_tolerances(HOPELESS)?;
    let error =
        refused(svd.solve(), not, &["singular value solver did not", limit, "-svd_max_it"])?;
    assert!(error.is_collective());
    let failure: &svd::NotConverged = error.downcast_ref().ok_or("a source")?;
    assert_eq!((failure.wanted, failure.pairs), (1, 0));

    let (k, m) = (laplacian(comm, N)?, one(comm)?);
    let mut pep = Pep::new(comm)?;
    pep.set_operators(&[&k, &m, &m])?;
    pep.set_which(PepWhich::TargetMagnitude)?;
    pep.st()?.set_type(StType::SINVERT)?;
    solve_directly(&mut *pep.st()?)?;
    pep.set_tolerances(HOPELESS)?;
    let words = ["polynomial eigensolver did not converge", limit, "-pep_max_it"];
    let error = refused(pep.solve(), not, &words)?;
    assert!(error.is_collective());
    let failure: &pep::NotConverged = error.downcast_ref().ok_or("a source")?;
    assert_eq!((failure.wanted, failure.pairs), (1, 0));

    let mut nep = nonlinear(comm)?;
    nep.set_tolerances(HOPELESS)?;
    let words =
        ["nonlinear eigensolver did not converge", "iteration limit reached", "-nep_max_it"];
    let error = refused(nep.solve(), not, &words)?;
    assert!(error.is_collective());

    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    let mut mfn = Mfn::new(comm)?;
    mfn.set_operator(&a)?;
    mfn.function()?.set_type(FnType::EXP)?;
    mfn.set_dimension(2)?;
    mfn.set_tolerances(HOPELESS)?;
    let error = refused(mfn.solve(&b, &mut x), not, &["did not converge", "-mfn_max_it"])?;
    assert!(error.is_collective());
    let failure: &mfn::NotConverged = error.downcast_ref().ok_or("a source")?;
    assert_eq!(failure.reason, mfn::ConvergedReason::IterationLimit);

    let mut minus = laplacian(comm, N)?;
    minus.scale(r(-1.0))?;
    let mut c = Matrix::builder(comm).global_size(N, 1).kind(MatrixType::DENSE).build()?;
    for i in c.ownership_range()? {
        c.set_value(i, 0, r(1.0), InsertMode::Insert)?;
    }
    c.assemble()?;
    let mut lme = Lme::new(comm)?;
    lme.set_coefficient(&minus)?;
    lme.set_rhs_factor(&c)?;
    lme.set_dimension(2)?;
    lme.set_tolerances(HOPELESS)?;
    let error = refused(lme.solve(), not, &["matrix equation did not converge", "-lme_max_it"])?;
    assert!(error.is_collective());
    let failure: &lme::NotConverged = error.downcast_ref().ok_or("a source")?;
    assert_eq!(failure.reason, lme::ConvergedReason::IterationLimit);
    Ok(())
}
