//! Dense problems.

use std::f64::consts::PI;

use num_complex::Complex;
use petsc_rs::ErrorCode;
use petsc_test::{assert_close, assert_code};
use slepc_rs::ds::{Ds, DsMatrix, DsType, Parallel, State, Values};
use slepc_rs::prelude::*;

use crate::problems::{code, laplacian, laplacian_eigenvalue, r};

/// Fills a matrix by `f(i, j)`.
fn fill(ds: &mut Ds, which: DsMatrix, f: impl Fn(usize, usize) -> f64) -> Result<()> {
    let mut matrix = ds.matrix_mut(which)?;
    let mut entries = matrix.dense_mut()?;
    for ((i, j), x) in entries.view_mut().indexed_iter_mut() {
        *x = r(f(i, j));
    }
    Ok(())
}

fn second_difference(i: usize, j: usize) -> f64 {
    match i.abs_diff(j) {
        0 => 2.0,
        1 => -1.0,
        _ => 0.0,
    }
}

fn nth(values: &Values, i: usize) -> f64 {
    values.get(i).map_or(f64::NAN, |value| value.re)
}

fn ascending(a: Complex<f64>, b: Complex<f64>) -> Result<std::cmp::Ordering> {
    Ok(a.re.total_cmp(&b.re))
}

/// Eigenvalue `i` of the second difference of order `n`, from 0.
fn exact(n: usize, i: usize) -> f64 {
    2.0 - 2.0 * ((i + 1) as f64 * PI / (n + 1) as f64).cos()
}

/// Whether the columns of `which` are eigenvectors of `A - λ·B` for the values.
fn assert_eigenvectors(
    ds: &Ds,
    values: &Values,
    a: impl Fn(usize, usize) -> f64,
    b: impl Fn(usize, usize) -> f64,
) -> Result<()> {
    let x = ds.matrix(DsMatrix::X)?;
    let x = x.dense()?;
    let x = x.view();
    for (k, value) in values.iter().enumerate() {
        for i in 0..values.len() {
            let product = |f: &dyn Fn(usize, usize) -> f64| {
                (0..values.len()).fold(r(0.0), |sum, j| sum + r(f(i, j)) * x[(j, k)])
            };
            let residual = product(&a) - product(&b) * r(value.re);
            assert_close!(residual.modulus(), 0.0, 0.0, 1e-10);
        }
    }
    Ok(())
}

fn identity(i: usize, j: usize) -> f64 {
    f64::from(u8::from(i == j))
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn each_method_solves_a_hermitian_problem(petsc: &Petsc) -> Result<()> {
    let n = 6;
    for method in 0..3 {
        let mut ds = Ds::new(petsc.world(), DsType::HEP, n)?;
        ds.set_method(method)?;
        assert_eq!(ds.method()?, method);
        ds.set_parallel(Parallel::Synchronized)?;
        ds.set_dimensions(n, 0, 0)?;
        fill(&mut ds, DsMatrix::A, second_difference)?;
        let mut values = ds.solve()?;
        assert_eq!(ds.state()?, State::Condensed);
        ds.sort(&mut values, |a, b| ascending(b, a))?;
        ds.synchronize(&mut values)?;
        assert_eq!(values.len(), n);
        for (i, value) in values.iter().enumerate() {
            assert_close!(value.re, exact(n, n - 1 - i), 1e-12);
        }
        ds.vectors(DsMatrix::X)?;
        assert_eigenvectors(&ds, &values, second_difference, identity)?;
        // Once more, from new values.
        assert_eq!(code(ds.solve()), Some(ErrorCode::ARG_WRONGSTATE));
        ds.set_state(State::Raw)?;
        fill(&mut ds, DsMatrix::A, |i, j| 3.0 * second_difference(i, j))?;
        let mut values = ds.solve()?;
        ds.sort(&mut values, ascending)?;
        assert_close!(nth(&values, 0), 3.0 * exact(n, 0), 1e-12);
        assert!(values.get(n).is_none());
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn an_extra_row_gives_the_residuals_of_compact_storage(petsc: &Petsc) -> Result<()> {
    let n = 5;
    let mut ds = Ds::new(petsc.world(), DsType::HEP, n + 1)?;
    ds.set_compact(true)?;
    ds.set_extra_row(true)?;
    assert!(ds.compact()? && ds.extra_row()?);
    ds.set_dimensions(n, 0, 0)?;
    {
        let mut diagonals = ds.diagonals_mut()?;
        diagonals.diagonal_mut(0)?.fill(2.0);
        // The last one is the residual of the method.
        diagonals.diagonal_mut(1)?.fill(-1.0);
    }
    let mut values = ds.solve()?;
    ds.sort(&mut values, ascending)?;
    for (i, value) in values.iter().enumerate() {
        assert_close!(value.re, exact(n, i), 1e-12);
    }
    // The last entry of eigenvector k is √(2/(n+1))·sin(n·k·π/(n+1)).
    for k in 0..n {
        let (_, residual) = ds.vector(DsMatrix::X, k)?;
        let angle = (n * (k + 1)) as f64 * PI / (n + 1) as f64;
        let expected = (2.0 / (n + 1) as f64).sqrt() * angle.sin();
        assert_close!(residual.unwrap_or(f64::NAN), expected.abs(), 1e-10);
    }
    ds.update_extra_row()?;
    ds.truncate(3, false)?;
    assert_eq!((ds.state()?, ds.dimensions()?.n), (State::Truncated, 3));
    assert_eq!(code(ds.sort(&mut values, ascending)), Some(ErrorCode::ARG_SIZ));
    assert_close!(ds.diagonals()?.diagonal(0)?[2], exact(n, 2), 1e-12);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn conjugate_pairs_stay_together(petsc: &Petsc) -> Result<()> {
    // Blocks [k -k/2; k/2 k], of which the eigenvalues are k·(1 ± i/2), and a single 10.
    let block = |i: usize, j: usize| {
        let k = (i / 2 + 1) as f64;
        match (i, j) {
            (4, 4) => 10.0,
            _ if i == j => k,
            _ if i / 2 == j / 2 && i < 4 && j < 4 => k / if i < j { -2.0 } else { 2.0 },
            _ => 0.0,
        }
    };
    let mut ds = Ds::new(petsc.world(), DsType::NHEP, 5)?;
    ds.set_dimensions(5, 0, 0)?;
    fill(&mut ds, DsMatrix::A, block)?;
    let mut values = ds.solve()?;
    ds.sort(&mut values, |a, b| Ok(b.norm().total_cmp(&a.norm())))?;
    let found: Vec<_> = values.iter().collect();
    assert_close!(found[0].re, 10.0, 1e-12);
    assert_close!(found[1].re, 2.0, 1e-12);
    assert_close!(found[1].im.abs(), 1.0, 1e-12);
    assert_close!(found[2].im, -found[1].im, 1e-12);
    assert_close!(found[4].im.abs(), 0.5, 1e-12);
    ds.vectors(DsMatrix::X)?;
    // The vector of 10 is the last unit vector.
    assert_close!(ds.matrix(DsMatrix::X)?.dense()?.view()[(4, 0)].modulus(), 1.0, 1e-12);
    let (last, _) = ds.vector(DsMatrix::X, 1)?;
    let pair = if Scalar::IS_COMPLEX { 1 } else { 2 };
    assert_eq!(last, pair);
    // Schur vectors are orthogonal.
    let q = ds.matrix(DsMatrix::Q)?;
    let q = q.dense()?;
    let dot: f64 = q
        .view()
        .column(0)
        .iter()
        .zip(q.view().column(3))
        .map(|(a, b)| (a.conjugate() * *b).real())
        .sum();
    assert_close!(dot, 0.0, 0.0, 1e-12);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn symmetric_and_general_solvers_agree_on_a_generalized_problem(petsc: &Petsc) -> Result<()> {
    let n = 5;
    // B = diag(1, 2, …): the values are those of B⁻¹A.
    let b = |i: usize, j: usize| if i == j { (i + 1) as f64 } else { 0.0 };
    let mut found = Vec::new();
    for kind in [DsType::GHEP, DsType::GNHEP] {
        let mut ds = Ds::new(petsc.world(), kind, n)?;
        ds.set_dimensions(n, 0, 0)?;
        fill(&mut ds, DsMatrix::A, second_difference)?;
        fill(&mut ds, DsMatrix::B, b)?;
        let mut values = ds.solve()?;
        ds.sort(&mut values, ascending)?;
        ds.vectors(DsMatrix::X)?;
        assert_eigenvectors(&ds, &values, second_difference, b)?;
        // The determinant of A is n + 1, of B it is n!.
        let product: f64 = values.iter().map(|value| value.re).product();
        assert_close!(product, 6.0 / 120.0, 1e-10);
        found.push(values.iter().map(|value| value.re).collect::<Vec<_>>());
    }
    for (x, y) in found[0].iter().zip(&found[1]) {
        assert_close!(*x, *y, 1e-10);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn singular_values_and_vectors_reproduce_the_matrix(petsc: &Petsc) -> Result<()> {
    let mut ds = Ds::new(petsc.world(), DsType::SVD, 4)?;
    ds.set_dimensions(2, 0, 0)?;
    assert_eq!(code(ds.solve()), Some(ErrorCode::ARG_WRONGSTATE));
    ds.set_svd_columns(3)?;
    assert_eq!(ds.svd_columns()?, 3);
    // Rows (3, 2, 2) and (2, 3, -2): singular values 5 and 3.
    let a = [[3.0, 2.0, 2.0], [2.0, 3.0, -2.0]];
    fill(&mut ds, DsMatrix::A, |i, j| a[i][j])?;
    let mut values = ds.solve()?;
    assert_eq!(values.len(), 2);
    ds.sort(&mut values, ascending)?;
    assert_close!(nth(&values, 0), 3.0, 1e-12);
    assert_close!(nth(&values, 1), 5.0, 1e-12);
    ds.vectors(DsMatrix::U)?;
    let (u, v) = (ds.matrix(DsMatrix::U)?, ds.matrix(DsMatrix::V)?);
    let (u, v) = (u.dense()?, v.dense()?);
    assert_eq!((u.view().dim(), v.view().dim()), ((2, 2), (3, 3)));
    // A·v = σ·u
    for (k, value) in values.iter().enumerate() {
        for (i, row) in a.iter().enumerate() {
            let av = (0..3).fold(r(0.0), |sum, j| sum + r(row[j]) * v.view()[(j, k)]);
            assert_close!((av - u.view()[(i, k)] * r(value.re)).modulus(), 0.0, 0.0, 1e-12);
        }
    }
    Ok(())
}

/// Whether `A·X = U·C` and `B·X = V·S` with the values `c/s`, for the matrices as they were.
fn assert_generalized_vectors(
    ds: &mut Ds,
    values: &Values,
    a: &dyn Fn(usize, usize) -> f64,
    b: &dyn Fn(usize, usize) -> f64,
) -> Result<()> {
    let columns = ds.gsvd_dimensions()?.0;
    for (which, vectors, f) in [(DsMatrix::A, DsMatrix::U, a), (DsMatrix::B, DsMatrix::V, b)] {
        ds.vectors(vectors)?;
        let (x, u, c) = (ds.matrix(DsMatrix::X)?, ds.matrix(vectors)?, ds.matrix(which)?);
        let (x, u, c) = (x.dense()?, u.dense()?, c.dense()?);
        for k in 0..values.len() {
            for i in 0..u.view().nrows() {
                let product =
                    (0..columns).fold(r(0.0), |sum, j| sum + r(f(i, j)) * x.view()[(j, k)]);
                let expected = u.view()[(i, k)] * c.view()[(k, k)];
                assert_close!((product - expected).modulus(), 0.0, 0.0, 1e-12);
            }
        }
    }
    let (c, s) = (ds.matrix(DsMatrix::A)?, ds.matrix(DsMatrix::B)?);
    for (k, value) in values.iter().enumerate() {
        let (c, s) = (c.dense()?.view()[(k, k)].real(), s.dense()?.view()[(k, k)].real());
        assert_close!(c / s, value.re, 1e-12);
        assert_close!(c * c + s * s, 1.0, 1e-12);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn generalized_singular_values_are_the_ratios(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    // diag(α)·C and diag(β)·C for any C of full rank have the values α/β.
    let c = [[2.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, -1.0, 4.0]];
    let scaled =
        |d: &'static [f64]| move |i: usize, j: usize| d.get(i).map_or(0.0, |d| d * c[i][j]);
    let (first, second) = (&[1.0, 2.0, 6.0][..], &[4.0, 4.0, 3.0][..]);
    // As many rows as columns, more (of zeros), and fewer.
    for rows in [3, 4] {
        let (a, b) = (scaled(first), scaled(second));
        let mut ds = Ds::new(comm, DsType::GSVD, 4)?;
        ds.set_parallel(Parallel::Synchronized)?;
        ds.set_dimensions(rows, 0, 0)?;
        assert_eq!(code(ds.solve()), Some(ErrorCode::ARG_WRONGSTATE));
        ds.set_gsvd_dimensions(3, 3)?;
        assert_eq!(ds.gsvd_dimensions()?, (3, 3));
        fill(&mut ds, DsMatrix::A, a)?;
        fill(&mut ds, DsMatrix::B, b)?;
        let mut values = ds.solve()?;
        ds.sort(&mut values, ascending)?;
        ds.synchronize(&mut values)?;
        assert_eq!(values.len(), 3);
        for (value, expected) in values.iter().zip([0.25, 0.5, 2.0]) {
            assert_close!(value.re, expected, 1e-12);
        }
        assert_generalized_vectors(&mut ds, &values, &a, &b)?;
    }
    // One value is infinite: B has rank 2.
    let (a, b) = (scaled(first), scaled(&[4.0, 0.0, 3.0]));
    let mut ds = Ds::new(comm, DsType::GSVD, 3)?;
    ds.set_dimensions(3, 0, 0)?;
    ds.set_gsvd_dimensions(3, 3)?;
    fill(&mut ds, DsMatrix::A, a)?;
    fill(&mut ds, DsMatrix::B, b)?;
    let mut values = ds.solve()?;
    ds.sort(&mut values, ascending)?;
    assert_eq!(values.len(), 2);
    assert_close!(nth(&values, 0), 0.25, 1e-12);
    assert_close!(nth(&values, 1), 2.0, 1e-12);
    // Two rows: the value of the third direction is zero, and is not told.
    let mut ds = Ds::new(comm, DsType::GSVD, 3)?;
    ds.set_dimensions(2, 0, 0)?;
    ds.set_gsvd_dimensions(3, 3)?;
    fill(&mut ds, DsMatrix::A, scaled(first))?;
    fill(&mut ds, DsMatrix::B, scaled(second))?;
    let mut values = ds.solve()?;
    ds.sort(&mut values, ascending)?;
    assert_eq!(values.len(), 2);
    assert_close!(nth(&values, 0), 0.25, 1e-12);
    assert_close!(nth(&values, 1), 0.5, 1e-12);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn wrong_generalized_singular_value_problems_are_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let range = Some(ErrorCode::ARG_OUTOFRANGE);
    let unable = Some(ErrorCode::SUP);
    let mut ds = Ds::new(comm, DsType::GSVD, 2)?;
    for (columns, rows) in [(0, 1), (1, 0), (3, 1), (1, 3)] {
        assert_eq!(code(ds.set_gsvd_dimensions(columns, rows)), range);
    }
    assert_eq!(ds.gsvd_dimensions()?.0, 0);
    assert_eq!(code(ds.set_extra_row(true)), unable);
    assert_eq!(code(ds.set_compact(true)), unable);
    ds.set_gsvd_dimensions(2, 2)?;
    ds.set_dimensions(2, 1, 1)?;
    assert_eq!(code(ds.solve()), Some(ErrorCode::ARG_WRONGSTATE));
    // The second unit vector is in the null space of both.
    ds.set_dimensions(2, 0, 0)?;
    let first = |i: usize, j: usize| f64::from(u8::from(i == 0 && j == 0));
    fill(&mut ds, DsMatrix::A, first)?;
    fill(&mut ds, DsMatrix::B, first)?;
    assert_eq!(code(ds.solve()), unable);
    fill(&mut ds, DsMatrix::A, identity)?;
    fill(&mut ds, DsMatrix::B, |i, j| 2.0 * identity(i, j))?;
    let values = ds.solve()?;
    assert_close!(nth(&values, 1), 0.5, 1e-12);
    assert_code(ds.vectors(DsMatrix::Y), ErrorCode::ARG_OUTOFRANGE);
    let mut hep = Ds::new(comm, DsType::HEP, 2)?;
    assert_eq!(code(hep.set_gsvd_dimensions(1, 1)), unable);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn roots_of_a_matrix_polynomial_are_found(petsc: &Petsc) -> Result<()> {
    // diag(1, 2) + λ·0 - λ²: ±1, ±√2.
    let mut ds = Ds::polynomial(petsc.world(), 2, 3)?;
    ds.set_dimensions(2, 0, 0)?;
    fill(&mut ds, DsMatrix::E0, |i, j| if i == j { (i + 1) as f64 } else { 0.0 })?;
    fill(&mut ds, DsMatrix::E2, |i, j| -identity(i, j))?;
    let mut values = ds.solve()?;
    assert_eq!(values.len(), 4);
    ds.sort(&mut values, ascending)?;
    let root = 2.0f64.sqrt();
    for (value, expected) in values.iter().zip([-root, -1.0, 1.0, root]) {
        assert_close!(value.re, expected, 1e-12);
    }
    ds.vectors(DsMatrix::X)?;
    let x = ds.matrix(DsMatrix::X)?;
    assert_eq!(x.size()?, (2, 4));
    // The roots of 1 - λ² belong to the first unit vector.
    assert_close!(x.dense()?.view()[(0, 1)].modulus(), 1.0, 1e-12);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn wrong_dense_problems_are_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let range = Some(ErrorCode::ARG_OUTOFRANGE);
    let state = Some(ErrorCode::ARG_WRONGSTATE);
    let unable = Some(ErrorCode::SUP);
    assert_eq!(code(Ds::new(comm, DsType::HEP, 0)), range);
    assert_eq!(code(Ds::new(comm, DsType::PEP, 3)), unable);
    assert_eq!(code(Ds::new(comm, DsType::new(c"nep"), 3)), unable);
    assert_eq!(code(Ds::new(comm, DsType::new(c"no_such"), 3)), Some(ErrorCode::ARG_UNKNOWN_TYPE));
    assert_eq!(code(Ds::polynomial(comm, 10, 3)), range);
    let mut ds = Ds::new(comm, DsType::HEP, 3)?;
    assert_eq!(code(ds.solve()), state);
    assert_code(ds.matrix(DsMatrix::A), ErrorCode::ORDER);
    assert_eq!(code(ds.set_dimensions(4, 0, 0)), range);
    assert_eq!(code(ds.set_dimensions(3, 2, 1)), range);
    assert_eq!(code(ds.set_dimensions(2, 0, 3)), range);
    assert_eq!(code(ds.set_svd_columns(2)), unable);
    assert_eq!(code(ds.set_state(State::Condensed)), range);
    ds.set_dimensions(3, 0, 0)?;
    assert_eq!(code(ds.set_extra_row(true)), state);
    assert!(ds.has(DsMatrix::A)? && !ds.has(DsMatrix::B)?);
    assert_eq!(code(ds.matrix(DsMatrix::B)), state);
    assert_eq!(code(ds.vectors(DsMatrix::X)), state);
    assert_eq!(code(ds.truncate(2, false)), state);
    assert_eq!(code(ds.update_extra_row()), state);
    {
        let _a = ds.matrix(DsMatrix::A)?;
        assert_code(ds.matrix(DsMatrix::A), ErrorCode::ORDER);
        let _q = ds.matrix(DsMatrix::Q)?;
    }
    assert_eq!(code(ds.set_method(99)), range);
    ds.set_method(5)?;
    fill(&mut ds, DsMatrix::A, second_difference)?;
    assert_eq!(code(ds.solve()), range);
    ds.set_method(0)?;
    let mut values = ds.solve()?;
    assert_eq!(code(ds.vectors(DsMatrix::A)), range);
    assert_code(ds.vectors(DsMatrix::U), ErrorCode::SUP);
    assert_eq!(code(ds.vector(DsMatrix::X, 3)), range);
    assert_eq!(code(ds.truncate(4, false)), range);
    // Values of another problem.
    let mut other = Ds::new(comm, DsType::HEP, 2)?;
    other.set_dimensions(2, 0, 0)?;
    other.set_identity(DsMatrix::A)?;
    let mut wrong = other.solve()?;
    assert_eq!(code(ds.sort(&mut wrong, ascending)), Some(ErrorCode::ARG_SIZ));
    // An order that fails.
    let failed = ds.sort(&mut values, |_, _| Err(Error::new(ErrorCode::USER, "no order")));
    assert_code(failed, ErrorCode::USER);
    ds.sort(&mut values, ascending)?;
    assert_close!(nth(&values, 2), exact(3, 2), 1e-12);
    let mut nhep = Ds::new(comm, DsType::NHEP, 2)?;
    assert_eq!(code(nhep.set_compact(true)), unable);
    assert_eq!(code(nhep.diagonals().map(|_| ())), state);
    nhep.set_identity(DsMatrix::A)?;
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_solver_lends_its_dense_problem(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = laplacian(comm, 12)?;
    let mut eps = crate::problems::solver(comm, &a, None, EpsProblemType::Hermitian, 1)?;
    assert_eq!(code(eps.ds()), Some(ErrorCode::ARG_WRONGSTATE));
    let _ = eps.solve()?;
    let ds = eps.ds()?;
    assert!(ds.is_type("hep")? && ds.compact()?);
    assert!(ds.leading_dimension()? >= 1);
    // The first Ritz value, on the diagonal of the condensed form.
    let first = ds.diagonals()?.diagonal(0)?[0];
    assert_close!(first, laplacian_eigenvalue(12, 12), 1e-8);
    Ok(())
}

/// A second handle does not change what is lent.
#[petsc_test::test(ranks = [1])]
fn diagonals_that_are_lent_do_not_change(petsc: &Petsc) -> Result<()> {
    let mut ds = Ds::new(petsc.world(), DsType::HEP, 3)?;
    ds.set_compact(true)?;
    ds.set_dimensions(3, 0, 0)?;
    ds.diagonals_mut()?.diagonal_mut(0)?.fill(2.0);
    let mut twin = ds.share()?;
    let lent = ds.diagonals()?;
    let state = Some(ErrorCode::ARG_WRONGSTATE);
    assert_eq!(code(twin.solve()), state);
    assert_eq!(code(twin.diagonals_mut()), state);
    assert_eq!(code(twin.set_dimensions(2, 0, 0)), state);
    assert_eq!(lent.diagonal(0)?, [2.0; 3]);
    drop(lent);
    assert_eq!(twin.solve()?.iter().count(), 3);
    Ok(())
}
