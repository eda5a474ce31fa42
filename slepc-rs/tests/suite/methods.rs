//! Settings that only some methods have, against the same closed forms.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::ErrorCode;
use petsc_rs::matrix::Structure;
use petsc_test::assert_close;
use slepc_rs::eps::{Dimensions, Tolerances};
use slepc_rs::prelude::*;
use slepc_rs::svd;

use crate::problems::{
    code, laplacian, laplacian_eigenvalue, r, rotations, solve_directly, solver, tridiagonal,
};

const N: Int = 40;

/// `A·V = V·(Vᴴ·A·V)` for an orthonormal `V`.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_matrix_maps_the_invariant_subspace_into_itself(petsc: &Petsc) -> Result<()> {
    let a = rotations(petsc.world(), 20)?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::NonHermitian, 4)?;
    assert_eq!(code(eps.invariant_subspace()), Some(ErrorCode::ARG_WRONGSTATE));
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    eps.set_krylovschur_locking(false)?;
    let n = eps.solve()?.pairs;
    let basis = eps.invariant_subspace()?;
    assert!(n >= 4 && basis.len() == n);
    for (i, v) in basis.iter().enumerate() {
        let mut rest = v.duplicate()?;
        a.mult(v, &mut rest)?;
        for (j, w) in basis.iter().enumerate() {
            let expected = if i == j { 1.0 } else { 0.0 };
            assert_close!(v.dot(w)?.modulus(), expected, 1e-10, 1e-10);
            let part = rest.dot(w)?;
            rest.axpy(-part, w)?;
        }
        let left = rest.norm(Norm::Two)?;
        assert!(left < 1e-6, "vector {i} leaves the subspace by {left}");
    }
    // Vectors of pairs are written over the basis.
    let _ = eps.eigenpairs()?.next().ok_or("a pair")??.vector()?;
    assert_eq!(code(eps.invariant_subspace()), Some(ErrorCode::ARG_WRONGSTATE));
    Ok(())
}

/// MUMPS counts negative pivots of real matrices on any number of ranks.
#[cfg(all(petsc_have_mumps, petsc_scalar = "real"))]
#[petsc_test::test(ranks = [1, 2, 3], args = ["-st_mat_mumps_icntl_13", "1"])]
fn groups_of_ranks_find_all_values_of_an_interval(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), N)?;
    let ranks = usize::try_from(petsc.world().size())?;
    let mut eps = solver(petsc.world(), &a, None, EpsProblemType::Hermitian, 1)?;
    eps.set_type(EpsType::KRYLOVSCHUR)?;
    let range = Some(ErrorCode::ARG_OUTOFRANGE);
    assert_eq!(code(eps.set_krylovschur_partitions(0)), range);
    assert_eq!(code(eps.set_krylovschur_partitions(ranks + 1)), range);
    eps.set_krylovschur_partitions(ranks)?;
    eps.set_krylovschur_dimensions(Dimensions::nev(12))?;
    eps.set_which(EpsWhich::All)?;
    eps.set_interval(0.5, 3.3)?;
    eps.st()?.set_type(StType::SINVERT)?;
    let mut ksp = eps.krylovschur_ksp()?;
    ksp.set_type(KspType::PREONLY)?;
    ksp.pc()?.set_type(PcType::CHOLESKY)?;
    ksp.pc()?.set_factor_solver(petsc_rs::matrix::SolverType::MUMPS)?;
    let converged = eps.solve()?;
    let inside = (1..=N).map(|k| laplacian_eigenvalue(N, k));
    let inside: Vec<f64> = inside.filter(|x| (0.5..=3.3).contains(x)).collect();
    assert_eq!(converged.pairs, inside.len());
    let mut found: Vec<f64> = eps.eigenvalues()?.iter().map(|z| z.re).collect();
    found.sort_by(f64::total_cmp);
    for (found, expected) in found.iter().zip(&inside) {
        assert_close!(*found, *expected, 1e-9);
    }
    // A vector from another group.
    for pair in eps.eigenpairs()? {
        let pair = pair?;
        assert!(pair.error(slepc_rs::eps::ErrorType::Absolute)? < 1e-7);
    }
    let cuts = eps.krylovschur_inertias()?;
    let (first, last) = (cuts.first().ok_or("a cut")?, cuts.last().ok_or("a cut")?);
    assert_eq!(last.below.abs_diff(first.below), inside.len());
    assert_eq!(code(eps.invariant_subspace()), Some(ErrorCode::SUP));
    eps.set_type(EpsType::LANCZOS)?;
    assert_eq!(code(eps.set_krylovschur_partitions(1)), Some(ErrorCode::ARG_WRONG));
    Ok(())
}

/// A mass matrix with zeros: without purification, vectors have parts in its kernel.
#[petsc_test::test(ranks = [1, 2])]
fn purification_does_not_change_the_values(petsc: &Petsc) -> Result<()> {
    let k = laplacian(petsc.world(), N)?;
    let mut m = tridiagonal(petsc.world(), N, [0.0, 1.0, 0.0])?;
    for i in m.ownership_range()?.filter(|i| i % 4 == 3) {
        m.set_value(i, i, r(0.0), InsertMode::Insert)?;
    }
    m.assemble()?;
    let kind = EpsProblemType::GeneralizedHermitian;
    let mut first = Vec::new();
    for on in [true, false] {
        let mut eps = solver(petsc.world(), &k, Some(&m), kind, 2)?;
        assert!(eps.purify()?);
        eps.set_purify(on)?;
        assert_eq!(eps.purify()?, on);
        assert!(eps.is_generalized()? && eps.is_positive()?);
        eps.set_which(EpsWhich::TargetMagnitude)?;
        eps.set_target(r(0.0))?;
        eps.st()?.set_type(StType::SINVERT)?;
        eps.st()?.set_mat_structure(Structure::Subset)?;
        solve_directly(&mut *eps.st()?)?;
        let _ = eps.solve()?;
        first.push(eps.eigenvalue(0)?.re);
    }
    assert_close!(first[0], first[1], 1e-8);
    let eps = solver(petsc.world(), &k, None, EpsProblemType::Hermitian, 2)?;
    assert!(!eps.is_generalized()?);
    Ok(())
}

fn singular(comm: &Comm, kind: SvdType<'_>) -> Result<Svd> {
    let mut svd = Svd::new(comm)?;
    svd.set_operators(&*laplacian(comm, N)?, None)?;
    svd.set_type(kind)?;
    svd.set_dimensions(Dimensions::nev(3))?;
    Ok(svd)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn explicit_matrices_and_one_side_give_the_singular_values(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for kind in [SvdType::CROSS, SvdType::CYCLIC, SvdType::LANCZOS, SvdType::TRLANCZOS] {
        let mut svd = singular(comm, kind)?;
        let name = svd.type_name()?.unwrap_or_default();
        if name == "cross" || name == "cyclic" {
            svd.set_explicit_matrix(true)?;
            assert_eq!(code(svd.set_one_side(true)), Some(ErrorCode::ARG_WRONG));
        } else {
            svd.set_one_side(true)?;
        }
        let _ = svd.solve()?;
        for (sigma, k) in svd.singular_values()?.iter().zip([N, N - 1, N - 2]) {
            assert_close!(*sigma, laplacian_eigenvalue(N, k), 1e-7);
        }
    }
    let mut svd = singular(comm, SvdType::LAPACK)?;
    assert_eq!(code(svd.set_explicit_matrix(true)), Some(ErrorCode::ARG_WRONG));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_stopping_test_ends_a_singular_value_solve(petsc: &Petsc) -> Result<()> {
    let mut svd = singular(petsc.world(), SvdType::TRLANCZOS)?;
    svd.set_dimensions(Dimensions::nev(10))?;
    let held = Rc::new(Cell::new(0));
    for _ in 0..2 {
        let calls = Rc::clone(&held);
        svd.set_stopping_test_function(move |test| {
            calls.set(calls.get() + 1);
            assert_eq!(test.wanted(), 10);
            if test.converged() >= 2 {
                return Ok(svd::ConvergedReason::User);
            }
            test.default_test()
        })?;
    }
    assert_eq!(Rc::strong_count(&held), 2);
    let converged = svd.solve()?;
    assert_eq!(converged.reason, svd::ConvergedReason::User);
    assert!(held.get() > 0 && (2..10).contains(&converged.pairs), "{converged}");
    drop(svd);
    assert_eq!(Rc::strong_count(&held), 1);
    Ok(())
}

/// `κ + g·λ + λ²` for each pair of rows, with a skew `C`: values on the imaginary axis.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_gyroscopic_problem_and_its_linear_form_have_equal_values(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let k = laplacian(comm, N)?;
    let g = tridiagonal(comm, N, [-0.1, 0.0, 0.1])?;
    let m = tridiagonal(comm, N, [0.0, 1.0, 0.0])?;
    let mut expected = Vec::new();
    for linear in [false, true] {
        let mut pep = Pep::new(comm)?;
        pep.set_operators(&[&k, &g, &m])?;
        pep.set_tolerances(Tolerances { tolerance: 1e-11.into(), ..Tolerances::default() })?;
        if linear {
            pep.set_type(PepType::LINEAR)?;
            pep.set_linear_explicit_matrix(true)?;
            pep.set_linearization(1.0, 0.0)?;
            assert_eq!(code(pep.set_locking(true)), Some(ErrorCode::ARG_WRONG));
            solve_directly(&mut *pep.eps()?.st()?)?;
        } else {
            for kind in [PepType::STOAR, PepType::QARNOLDI, PepType::TOAR] {
                pep.set_type(kind)?;
                assert!(pep.locking()?);
            }
            pep.set_locking(false)?;
            pep.set_restart(0.6)?;
            let wrong = Some(ErrorCode::ARG_WRONG);
            assert_eq!(code(pep.set_linear_explicit_matrix(true)), wrong);
            assert_eq!(code(pep.set_linearization(1.0, 0.0)), wrong);
            let range = Some(ErrorCode::ARG_OUTOFRANGE);
            assert_eq!(code(pep.set_linearization(0.0, 0.0)), range);
            assert_eq!(code(pep.set_restart(1.0)), range);
            solve_directly(&mut *pep.st()?)?;
        }
        if linear {
            // A solver that was set up takes it all the same.
            let _ = pep.solve()?;
            pep.set_linearization(1.0, 0.5)?;
            assert_eq!(pep.linearization()?, (1.0, 0.5));
            let changed = Some(ErrorCode::ARG_WRONGSTATE);
            assert_eq!(code(pep.eigenvalue(0)), changed);
        }
        let _ = pep.solve()?;
        let value = pep.eigenvalue(0)?;
        assert!(value.re.abs() < 1e-8, "{value}");
        expected.push(value.im.abs());
    }
    assert_close!(expected[0], expected[1], 1e-9);
    Ok(())
}
