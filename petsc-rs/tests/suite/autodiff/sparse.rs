//! Jacobians of any pattern.

use petsc_rs::ErrorCode;
use petsc_rs::autodiff::{Number, Residual, SparseJacobian};
use petsc_rs::prelude::*;

use super::super::vector::real;
use super::{fill, float};

/// `y_i = x_i³ + x_i x_{i+1} + sin(x_{i+5})`, all around a ring of `n`, by what each rank has.
struct Ring {
    n: Int,
    first: Int,
    unknowns: Vec<Int>,
}

impl Ring {
    fn place(&self, i: Int) -> usize {
        let i = i % self.n;
        self.unknowns.iter().position(|&j| j == i).unwrap_or(usize::MAX)
    }
}

impl Residual for Ring {
    fn evaluate<N: Number>(&mut self, x: &[N], y: &mut [N]) -> Result<()> {
        for (i, y) in (self.first..).zip(y) {
            let (here, next) = (x[self.place(i)], x[self.place(i + 1)]);
            *y = here.powi(3) + here * next + x[self.place(i + 5)].sin();
        }
        Ok(())
    }
}

fn columns(n: Int, i: Int) -> Vec<Int> {
    let mut columns = vec![i, (i + 1) % n, (i + 5) % n];
    columns.sort_unstable();
    columns
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_given_pattern_gives_the_jacobian_on_several_ranks(petsc: &Petsc) -> Result<()> {
    let n: Int = 14;
    let mut x = Vector::new(petsc.world(), 14)?;
    fill(&mut x)?;
    let range = x.ownership_range()?;
    let rows: Vec<Vec<Int>> = range.clone().map(|i| columns(n, i)).collect();
    let by_rows = SparseJacobian::from_rows(&x, &rows)?;
    let mut a = by_rows.create_matrix(petsc.world())?;
    let mut jacobian = SparseJacobian::from_matrix(&a)?;
    assert_eq!(jacobian.unknowns(), by_rows.unknowns());
    assert!(jacobian.passes() <= 1, "three columns in a row take fewer than eight colours");
    let mut ring = Ring { n, first: range.start, unknowns: jacobian.unknowns().to_vec() };
    jacobian.compute(&mut ring, &x, &mut a)?;
    let mut y = x.duplicate()?;
    jacobian.residual(&mut ring, &x, &mut y)?;
    let all = x.gather_to_all()?;
    let at = |i: Int| all[usize::try_from(i % n).unwrap_or(0)];
    for (k, i) in range.enumerate() {
        assert_eq!(jacobian.pattern(k), columns(n, i));
        let expected =
            [(i, at(i) * at(i) * real(3.0) + at(i + 1)), (i + 1, at(i)), (i + 5, at(i + 5).cos())];
        for (j, value) in expected {
            assert!((a.value(i, j % n)? - value).modulus() < 1e-14, "{i} {j}");
        }
        let value = at(i) * at(i) * at(i) + at(i) * at(i + 1) + at(i + 5).sin();
        assert!((y.array()?[k] - value).modulus() < 1e-14, "{i} {}", float(i));
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_trace_finds_the_columns_that_each_row_uses(petsc: &Petsc) -> Result<()> {
    let n: Int = 40;
    let mut x = Vector::new(petsc.world(), 40)?;
    fill(&mut x)?;
    let mut ring = Ring { n, first: 0, unknowns: (0..n).collect() };
    let mut jacobian = SparseJacobian::traced(&x, &mut ring)?;
    for (k, i) in (0..n).enumerate() {
        assert_eq!(jacobian.pattern(k), columns(n, i));
    }
    assert!(jacobian.pattern(40).is_empty());
    let mut a = jacobian.create_matrix(petsc.world())?;
    jacobian.compute(&mut ring, &x, &mut a)?;
    let value = x.array()?[5].cos();
    assert!((a.value(0, 5)? - value).modulus() < 1e-15);
    // A second trace begins afresh.
    assert_eq!(SparseJacobian::traced(&x, &mut ring)?.pattern(3), [3, 4, 8]);
    Ok(())
}

/// Everything depends on everything: as many colors as columns.
struct Dense;

impl Residual for Dense {
    fn evaluate<N: Number>(&mut self, x: &[N], y: &mut [N]) -> Result<()> {
        let mut sum = N::real(0.0);
        for &x in x {
            sum += x * x;
        }
        for (k, y) in y.iter_mut().enumerate() {
            *y = sum * x[k];
        }
        Ok(())
    }
}

#[petsc_test::test(ranks = [1])]
fn more_colors_than_directions_take_a_second_pass(petsc: &Petsc) -> Result<()> {
    let x = Vector::from_fn(petsc.world(), 11, |i| Ok(real(float(i) - 4.0)))?;
    let mut jacobian = SparseJacobian::traced(&x, &mut Dense)?;
    assert_eq!(jacobian.passes(), 2);
    let mut a = jacobian.create_matrix(petsc.world())?;
    jacobian.compute(&mut Dense, &x, &mut a)?;
    let sum: f64 = (0..11).map(|i| (float(i) - 4.0).powi(2)).sum();
    for i in 0..11 {
        for j in 0..11 {
            let diagonal = if i == j { sum } else { 0.0 };
            let expected = 2.0 * (float(i) - 4.0) * (float(j) - 4.0) + diagonal;
            assert!((a.value(i, j)?.real() - expected).abs() < 1e-12);
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [2])]
fn tracing_is_refused_on_several_ranks(petsc: &Petsc) -> Result<()> {
    let x = Vector::new(petsc.world(), 4)?;
    let error = SparseJacobian::traced(&x, &mut Dense).expect_err("it should fail");
    assert_eq!(error.code(), ErrorCode::WRONG_MPI_SIZE);
    let error = SparseJacobian::from_rows(&x, &[]).expect_err("it should fail");
    assert_eq!(error.code(), ErrorCode::ARG_SIZ);
    Ok(())
}
