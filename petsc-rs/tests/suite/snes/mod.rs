//! Nonlinear solvers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bounds;
mod closures;
mod inner;
mod local_colors;
mod methods;
mod operators;
mod settings;

use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, Snes, VectorRef};
use petsc_test::assert_close;

use crate::ksp::{laplacian, r, tight};

const N: Int = 20;

/// The solution that the cubic problem is made for.
fn root(i: Int) -> Real {
    (i + 1) as Real / N as Real
}

/// `A·x + x³ = b` with the one-dimensional Laplacian, for [`root`]; and its Jacobian if it is asked for.
fn cubic(comm: &Comm, with_jacobian: bool) -> Result<(Snes, Vector)> {
    let a = laplacian(comm, N)?;
    let (x, mut b) = a.vectors()?;
    for i in b.ownership_range()? {
        let u = |i: Int| if (0..N).contains(&i) { root(i) } else { 0.0 };
        let value = 2.0 * u(i) - u(i - 1) - u(i + 1) + u(i).powi(3);
        b.set_value(i, r(value), InsertMode::Insert)?;
    }
    b.assemble()?;
    let jacobian = laplacian(comm, N)?;
    let residual = x.duplicate()?;
    let mut snes = Snes::new(comm)?;
    let linear = laplacian(comm, N)?;
    snes.set_function(&residual, move |_, x, f| {
        linear.mult(x, f)?;
        f.axpy(r(-1.0), &b)?;
        for (f, x) in f.array_mut()?.iter_mut().zip(x.array()?.iter()) {
            *f += *x * *x * *x;
        }
        Ok(())
    })?;
    if with_jacobian {
        snes.set_jacobian(&jacobian, &jacobian, move |_, x, j, p| {
            p.copy_from(&a)?;
            let start = x.ownership_range()?.start;
            for (i, x) in (start..).zip(x.array()?.iter()) {
                p.set_value(i, i, r(3.0) * *x * *x, InsertMode::Add)?;
            }
            p.assemble()?;
            if j.as_ptr() == p.as_ptr() { Ok(()) } else { j.assemble() }
        })?;
    }
    snes.ksp()?.set_tolerances(tight())?;
    Ok((snes, x))
}

fn check_root(x: &VectorRef, tolerance: Real) -> Result<()> {
    let start = x.ownership_range()?.start;
    for (i, x) in (start..).zip(x.array()?.iter()) {
        assert_close!(x.real(), root(i), tolerance, tolerance);
    }
    Ok(())
}

/// `x² = 4`, entry by entry, from 1.
fn squares(comm: &Comm, n: usize) -> Result<(Snes, Vector)> {
    let rows = Int::try_from(n).unwrap();
    let a = Matrix::builder(comm).global_size(rows, rows).build()?;
    let (mut x, f) = a.vectors()?;
    let mut snes = Snes::new(comm)?;
    snes.set_function(&f, |_, x, f| {
        f.pointwise_mult(x, x)?;
        f.shift(r(-4.0))
    })?;
    snes.set_jacobian(&a, &a, |_, x, a, _| diagonal(x, a))?;
    x.set(r(1.0))?;
    Ok((snes, x))
}

/// The derivative of the squares.
fn diagonal(x: &VectorRef, a: &mut petsc_rs::MatrixRef) -> Result<()> {
    let start = x.ownership_range()?.start;
    for (i, x) in (start..).zip(x.array()?.iter()) {
        a.set_value(i, i, r(2.0) * *x, InsertMode::Insert)?;
    }
    a.assemble()
}

fn check_all(x: &VectorRef, value: Real) -> Result<()> {
    for x in x.array()?.iter() {
        assert_close!(x.real(), value, 1e-7);
    }
    Ok(())
}

fn code<T>(outcome: Result<T>) -> ErrorCode {
    crate::vector::code(outcome).expect("the call must fail")
}
