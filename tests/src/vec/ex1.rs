//! Port of PETSc's `src/vec/vec/tutorials/ex1.c`: the basic operations on vectors.

use petsc_rs::prelude::*;

/// Formats a difference as in the C program: rounding errors become zero.
fn shown(difference: Real) -> String {
    if difference.abs() < 1e-10 {
        "0.".into()
    } else {
        // The number of digits is that of `%g`.
        format!("{difference:.5}")
    }
}

/// Runs the port.
///
/// # Errors
/// Errors of the operations.
pub fn main(petsc: &Petsc) -> Result<()> {
    let r = Scalar::from_real;
    let n = petsc.options().int("-n")?.unwrap_or(20);
    let length = usize::try_from(n)?;
    let root = (n as Real).sqrt();
    let mut x = Vector::builder(petsc.world()).global_len(length).from_options().build()?;
    let (mut y, mut w) = (x.duplicate()?, x.duplicate()?);
    let mut z = x.duplicate_many(3)?;
    x.set(r(1.0))?;
    y.set(r(2.0))?;
    for (z, value) in z.iter_mut().zip([1.0, 2.0, 3.0]) {
        z.set(r(value))?;
    }
    let z: Vec<_> = z.iter().map(|z| &**z).collect();
    x.dot(&y)?;
    x.dot_many(&z)?;
    petsc.print(format_args!("Vector length {n}\n"))?;
    for (name, place) in [("VecMax", x.max()?), ("VecMin", x.min()?)] {
        let (index, value) = place.unwrap_or((-1, Real::NAN));
        petsc.print(format_args!("{name} {value}., VecInd {index}\n"))?;
    }
    petsc.print(format_args!("All other values should be near zero\n"))?;

    let print = |name: &str, vector: &Vector, expected: Real| -> Result<()> {
        let difference = vector.norm(Norm::Two)? - expected * root;
        petsc.print(format_args!("{name} {}\n", shown(difference)))
    };
    x.scale(r(2.0))?;
    print("VecScale", &x, 2.0)?;
    w.copy_from(&x)?;
    print("VecCopy ", &w, 2.0)?;
    y.axpy(r(3.0), &x)?;
    print("VecAXPY", &y, 8.0)?;
    y.aypx(r(2.0), &x)?;
    print("VecAYPX", &y, 18.0)?;
    x.swap(&mut y)?;
    print("VecSwap ", &y, 2.0)?;
    print("VecSwap ", &x, 18.0)?;
    w.set_waxpy(r(2.0), &x, &y)?;
    print("VecWAXPY", &w, 38.0)?;
    w.pointwise_mult(&y, &x)?;
    print("VecPointwiseMult", &w, 36.0)?;
    w.pointwise_divide(&x, &y)?;
    print("VecPointwiseDivide", &w, 9.0)?;
    if cfg!(petsc_ge_3_19) {
        // A division by zero gives zero; the tutorial of PETSc 3.18 does not test this.
        y.set_value(0, r(0.0), InsertMode::Insert)?;
        y.assemble()?;
        w.pointwise_divide(&x, &y)?;
        print("VecPointwiseDivide", &w, 9.0)?;
    }
    x.set(r(1.0))?;
    x.maxpy(&[r(1.0), r(3.0), r(2.0)], &z)?;
    let mut differences = String::new();
    for (z, expected) in z.iter().zip([1.0, 2.0, 3.0]) {
        differences += &shown(z.norm(Norm::Two)? - expected * root);
        differences.push(' ');
    }
    petsc.print(format_args!("VecMAXPY {differences}\n"))
}
