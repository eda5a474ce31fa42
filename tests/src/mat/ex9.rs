//! Port of PETSc's `src/mat/tutorials/ex9.c`: composite matrices, which represent sums and products
//! of matrices without computing the entries.

use petsc_rs::matrix::{CompositeKind, Structure};
use petsc_rs::prelude::*;
use petsc_rs::{MatrixRef, VectorRef};

/// Runs the port.
///
/// # Errors
/// Errors of the products.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let n = usize::try_from(options.int("-n")?.unwrap_or(20))?;
    let count = usize::try_from(options.int("-nmat")?.unwrap_or(3))?;
    let factors: Vec<Scalar> = (2..).take(5).map(|i| Scalar::from_real(Real::from(i))).collect();
    let mut random = Random::new(world)?;
    let mut all = vec![sparse(world, n, n / 2, &mut random)?];
    for _ in 0..count {
        all.push(sparse(world, n, n, &mut random)?);
    }
    all.push(sparse(world, n / 2, n, &mut random)?);
    let part = |i: usize| (factors[i], &*all[i]);
    let plain = |i: usize| (Scalar::from_real(1.0), &*all[i]);

    // The sum of the square matrices.
    let (mut x, mut z) = all[1].vectors()?;
    x.set(Scalar::from_real(1.0))?;
    let mut w = z.duplicate()?;
    for i in 1..=count {
        all[i].mult(&x, &mut w)?;
        z.axpy(factors[i], &w)?;
    }
    let parts: Vec<_> = (1..=count).map(part).collect();
    let mut sum = Matrix::composite(world, CompositeKind::Sum, &parts)?;
    sum.mult(&x, &mut w)?;
    report(petsc, "composite add", &w, &z)?;
    if sum.is_type("composite")? {
        sum.merge_composite(Structure::Different)?;
    }
    sum.mult(&x, &mut w)?;
    report(petsc, "composite add after merge", &w, &z)?;

    // A product that maps vectors of n/2 entries to vectors of n entries.
    let parts: Vec<_> = (0..count).map(part).collect();
    check_product(petsc, &parts)?;
    // A product that maps vectors of n entries to vectors of n/2 entries.
    let parts: Vec<_> = (2..=count + 1).map(plain).collect();
    check_product(petsc, &parts)?;

    let parts: Vec<_> = (1..=count).map(plain).collect();
    let sum = Matrix::composite(world, CompositeKind::Sum, &parts)?;
    if sum.is_type("composite")? {
        if sum.composite_len()? != count {
            petsc.print(format_args!("Error with GetNumberMat\n"))?;
        }
        if sum.composite_part(0)?.as_ptr() != all[1].as_ptr() {
            petsc.print(format_args!("Error with GetMat\n"))?;
        }
        if sum.composite_kind()? != CompositeKind::Sum {
            petsc.print(format_args!("Error with GetType\n"))?;
        }
    }
    Ok(())
}

/// Sets three random entries in each row.
fn sparse(world: &Comm, m: usize, n: usize, random: &mut Random) -> Result<Matrix> {
    let mut a = Matrix::builder(world).global_size(m, n).preallocate(3, 3).build()?;
    let columns = Int::try_from(n)?;
    for i in a.ownership_range()? {
        for k in 0..3 {
            a.set_value(i, (7 * i + 5 * k) % columns, random.value()?, InsertMode::Add)?;
        }
    }
    a.assemble()?;
    Ok(a)
}

/// Compares the composite with explicit products.
fn check_product(petsc: &Petsc, parts: &[(Scalar, &MatrixRef)]) -> Result<()> {
    let (mut x, _) = parts[0].1.vectors()?;
    x.set(Scalar::from_real(1.0))?;
    let mut by_hand = x.duplicate()?;
    by_hand.copy_from(&x)?;
    for (factor, a) in parts {
        let (_, mut next) = a.vectors()?;
        a.mult(&by_hand, &mut next)?;
        next.scale(*factor)?;
        by_hand = next;
    }
    let product = Matrix::composite(petsc.world(), CompositeKind::Product, parts)?;
    let (_, mut y) = product.vectors()?;
    product.mult(&x, &mut y)?;
    report(petsc, "composite multiplicative", &y, &by_hand)
}

fn report(petsc: &Petsc, what: &str, a: &VectorRef, b: &VectorRef) -> Result<()> {
    let error = a.error_norm(b, Norm::Two)?;
    if error > 10000.0 * Real::EPSILON {
        petsc.print(format_args!("Error with {what} {error:e}\n"))?;
    }
    Ok(())
}
