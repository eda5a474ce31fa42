//! Optimizers against optima in closed form.

#[cfg(petsc_scalar = "real")]
mod admm;
#[cfg(petsc_scalar = "real")]
mod constraints;
#[cfg(petsc_scalar = "real")]
mod details;
#[cfg(petsc_scalar = "real")]
mod lmvm;
#[cfg(petsc_scalar = "real")]
mod methods;
#[cfg(petsc_scalar = "real")]
mod search;
#[cfg(petsc_scalar = "real")]
mod states;

use petsc_rs::prelude::*;
#[cfg(petsc_scalar = "real")]
use petsc_rs::{Tao, TaoRef, VectorRef};

#[cfg(petsc_scalar = "complex")]
#[petsc_test::test(ranks = [1, 2])]
fn complex_builds_say_what_is_missing(petsc: &Petsc) -> Result<()> {
    let error = petsc_rs::Tao::new(petsc.world()).expect_err("no TAO");
    assert_eq!(error.code(), petsc_rs::ErrorCode::SUP);
    assert!(error.to_string().contains("real numbers"), "{error}");
    Ok(())
}

/// Weights of `½ Σ wᵢ·(xᵢ − i)²`.
#[cfg(petsc_scalar = "real")]
fn weight(i: Int) -> Real {
    1.0 + i as Real / 4.0
}

/// Value and gradient of `½ Σ wᵢ·(xᵢ − i)²`, whose minimum is `xᵢ = i`.
#[cfg(petsc_scalar = "real")]
fn bowl(x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
    let range = x.ownership_range()?;
    let mut terms = x.duplicate()?;
    {
        let (x, mut g, mut t) = (x.array()?, g.array_mut()?, terms.array_mut()?);
        for (k, i) in range.enumerate() {
            let d = x[k] - i as Real;
            g[k] = weight(i) * d;
            t[k] = 0.5 * weight(i) * d * d;
        }
    }
    terms.sum()
}

/// An optimizer for the bowl with its Hessian, and a first guess.
#[cfg(petsc_scalar = "real")]
fn bowl_with_hessian(petsc: &Petsc, n: usize) -> Result<(Tao, Vector)> {
    let comm = petsc.world();
    let mut x = Vector::new(comm, n)?;
    x.set(0.1)?;
    let mut tao = Tao::new(comm)?;
    tao.set_objective_and_gradient(|_, x, g| bowl(x, g))?;
    let local = x.local_len()?;
    let h = Matrix::builder(comm).local_size(local, local).build()?;
    tao.set_hessian(&h, &h, |_, x, h, _| {
        for i in x.ownership_range()? {
            h.set_value(i, i, weight(i), InsertMode::Insert)?;
        }
        h.assemble()
    })?;
    Ok((tao, x))
}

/// The largest difference from what `f` says of each entry.
#[cfg(petsc_scalar = "real")]
fn error_of(x: &VectorRef, f: impl Fn(Int) -> Real) -> Result<Real> {
    let range = x.ownership_range()?;
    let mut d = x.duplicate()?;
    for ((d, x), i) in d.array_mut()?.iter_mut().zip(x.array()?.iter()).zip(range) {
        *d = x - f(i);
    }
    d.norm(Norm::Infinity)
}

#[cfg(petsc_scalar = "real")]
fn named(tao: &mut TaoRef, kind: &str) -> Result<()> {
    let name = std::ffi::CString::new(kind).expect("a name");
    tao.set_type(petsc_rs::TaoType::new(&name))?;
    // Some methods choose their parts only here.
    tao.set_from_options()
}
