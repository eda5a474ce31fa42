//! Operators made of closures and Rust types.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::matrix::ShellMatrix;
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, VectorRef};
use petsc_test::{assert_close, assert_code, assert_error};

use crate::matrix::{AX, assert_vector, example, harmonic, r};

#[petsc_test::test(ranks = [1, 2, 3])]
fn products_go_through_the_closure(petsc: &Petsc) -> Result<()> {
    let a = Rc::new(example(petsc.world())?);
    let (m, n) = a.local_size()?;
    let calls = Rc::new(Cell::new(0));
    let (inner, count, transposed) = (Rc::clone(&a), Rc::clone(&calls), Rc::clone(&a));
    let shell = Matrix::shell(petsc.world(), m, n, move |x, y| {
        count.set(count.get() + 1);
        inner.mult(x, y)
    })
    .mult_transpose(move |x, y| transposed.mult_transpose(x, y))
    .diagonal(|d| d.set(r(4.0)))
    .build()?;
    let x = harmonic(&a)?;
    let mut y = x.duplicate()?;
    shell.mult(&x, &mut y)?;
    assert_vector(&y, &AX)?;
    shell.mult_transpose(&x, &mut y)?;
    let mut z = x.duplicate()?;
    a.mult_transpose(&x, &mut z)?;
    z.axpy(r(-1.0), &y)?;
    assert_close!(z.norm(Norm::Two)?, 0.0, 0.0, 1e-15);
    shell.diagonal(&mut y)?;
    assert_vector(&y, &[4.0; 7])?;
    let mut scaled = shell.duplicate_with_values()?;
    scaled.scale(r(2.0))?;
    drop(shell);
    scaled.mult(&x, &mut y)?;
    assert_vector(&y, &AX.map(|v| 2.0 * v))?;
    assert_eq!(calls.get(), 2);
    drop(scaled);
    assert_eq!(Rc::strong_count(&a), 1, "the closures are freed with the last copy");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_solver_keeps_the_closure(petsc: &Petsc) -> Result<()> {
    let dropped = Rc::new(Cell::new(0));
    struct Count(Rc<Cell<i32>>);
    impl Drop for Count {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    let token = Count(Rc::clone(&dropped));
    let mut ksp = Ksp::new(petsc.world())?;
    let mut b = Vector::with_local_len(petsc.world(), 3)?;
    {
        let shell = Matrix::shell(petsc.world(), 3, 3, move |x, y| {
            let _ = &token;
            y.copy_from(x)?;
            y.scale(r(4.0))
        })
        .build()?;
        ksp.set_operators(&shell, &shell)?;
    }
    ksp.pc()?.set_type(PcType::new(c"none"))?;
    b.set(r(2.0))?;
    let mut x = b.duplicate()?;
    let _ = ksp.solve(&b, &mut x)?;
    assert_close!(x.array()?[0].real(), 0.5, 1e-12);
    assert_eq!(dropped.get(), 0);
    drop(ksp);
    assert_eq!(dropped.get(), 1);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn closures_may_replace_themselves_and_fail(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut a = Matrix::shell(comm, 2, 2, |x, y| y.copy_from(x)).build()?;
    let mut x = Vector::new(comm, 2)?;
    x.set(r(1.0))?;
    let mut y = x.duplicate()?;
    // A closure that replaces itself while it runs.
    let raw = a.as_ptr();
    a.set_shell_mult(move |_, y| {
        // SAFETY: the operator that is running is alive.
        let a = unsafe { petsc_rs::MatrixRef::from_ptr_mut(raw) };
        a.set_shell_mult(|_, y| y.set(r(7.0)))?;
        y.set(r(6.0))
    })?;
    a.mult(&x, &mut y)?;
    assert_vector(&y, &[6.0; 2])?;
    a.mult(&x, &mut y)?;
    assert_vector(&y, &[7.0; 2])?;
    a.set_shell_mult(|_, _| Err("no product today".into()))?;
    let error = a.mult(&x, &mut y).expect_err("the closure fails");
    let source = std::error::Error::source(&error).expect("the user's error");
    assert_eq!(source.to_string(), "no product today");
    a.set_shell_mult(|_, _| std::panic::panic_any("out of paper"))?;
    petsc_test::assert_panics(|| a.mult(&x, &mut y), "out of paper");
    // There is no transpose; PETSc says so.
    let code = a.mult_transpose(&x, &mut y).expect_err("no transpose").code();
    assert_eq!(code, ErrorCode::SUP);
    let code = example(comm)?.set_shell_mult(|_, _| Ok(())).expect_err("not a shell").code();
    assert_eq!(code, ErrorCode::ARG_NOTSAMETYPE);
    // A view of the transpose is of a kind that PETSc builds on operators: not one of ours either.
    let mut view = a.transpose_view()?;
    assert_code(view.set_shell_mult(|_, _| Ok(())), ErrorCode::ARG_NOTSAMETYPE);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_type_acts_as_a_matrix(petsc: &Petsc) -> Result<()> {
    struct Twice {
        calls: usize,
    }
    impl ShellMatrix for Twice {
        const TRANSPOSE: bool = true;
        fn mult(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
            self.calls += 1;
            y.copy_from(x)?;
            y.scale(r(2.0))
        }
        fn mult_transpose(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
            self.mult(x, y)
        }
    }
    let a = Matrix::shell_from(petsc.world(), 2, 2, Twice { calls: 0 })?;
    let mut x = Vector::with_local_len(petsc.world(), 2)?;
    x.set(r(1.5))?;
    let mut y = x.duplicate()?;
    a.mult_transpose(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 3.0, 1e-15);
    assert_error(a.diagonal(&mut y), ErrorCode::SUP, "No method getdiagonal");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn closures_are_not_copied(petsc: &Petsc) -> Result<()> {
    let shell = |factor: Real| {
        Matrix::shell(petsc.world(), 3, 3, move |x, y| {
            y.copy_from(x)?;
            y.scale(Scalar::from_real(factor))
        })
        .build()
    };
    let (mut a, b) = (shell(2.0)?, shell(3.0)?);
    let refused = a.copy_from(&b).map_err(|e| e.code());
    assert_eq!(refused, Err(ErrorCode::SUP));
    let (mut x, mut y) = a.vectors()?;
    x.set(Scalar::from_real(1.0))?;
    a.mult(&x, &mut y)?;
    assert_eq!(y.norm(Norm::Infinity)?, 2.0);
    Ok(())
}

/// Multiplies; counts how many of it there are.
#[derive(Clone)]
struct Times {
    factor: Scalar,
    _alive: Rc<()>,
}

impl ShellMatrix for Times {
    const DIAGONAL: bool = true;

    fn mult(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        y.copy_from(x)?;
        y.scale(self.factor)
    }

    fn diagonal(&mut self, diagonal: &mut VectorRef) -> Result<()> {
        diagonal.set(self.factor)
    }
}

/// Each duplicate has a value of its own, freed with it, and the multiples and shifts of the original.
#[petsc_test::test(ranks = [1, 2, 3])]
fn duplicates_of_a_value_are_clones(petsc: &Petsc) -> Result<()> {
    let alive = Rc::new(());
    let times = Times { factor: r(2.0), _alive: Rc::clone(&alive) };
    let mut a = Matrix::shell_cloned(petsc.world(), 3, 3, times)?;
    a.scale(r(10.0))?;
    let mut bare = a.duplicate()?;
    let mut full = a.duplicate_with_values()?;
    let again = full.duplicate_with_values()?;
    assert_eq!(Rc::strong_count(&alive), 5);
    for (b, factor) in [(&mut bare, 3.0), (&mut full, 5.0)] {
        b.with_shell_value(|times: &mut Times| {
            times.factor = r(factor);
            Ok(())
        })?;
    }
    let (mut x, mut y) = a.vectors()?;
    x.set(r(1.0))?;
    // Without values, a duplicate forgets the multiple, as entries would be forgotten.
    for (b, expected) in [(&a, 20.0), (&bare, 3.0), (&full, 50.0), (&again, 20.0)] {
        b.mult(&x, &mut y)?;
        assert_eq!(y.norm(Norm::Infinity)?, expected);
        b.diagonal(&mut y)?;
        assert_eq!(y.norm(Norm::Infinity)?, expected);
    }
    drop((a, full));
    assert_eq!(Rc::strong_count(&alive), 3);
    drop((bare, again));
    assert_eq!(Rc::strong_count(&alive), 1);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn values_of_other_types_are_refused(petsc: &Petsc) -> Result<()> {
    struct Other;
    impl ShellMatrix for Other {
        fn mult(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
            y.copy_from(x)
        }
    }
    let refused = |a: &mut Matrix| {
        let found = a.with_shell_value(|_: &mut Times| Ok(()));
        found.map_err(|e| e.code())
    };
    let wrong = Err(ErrorCode::ARG_NOTSAMETYPE);
    let mut a = Matrix::shell_from(petsc.world(), 2, 2, Other)?;
    assert_eq!(refused(&mut a), wrong);
    a.with_shell_value(|_: &mut Other| Ok(()))?;
    let mut b = Matrix::shell(petsc.world(), 2, 2, |x, y| y.copy_from(x)).build()?;
    assert_eq!(refused(&mut b), wrong);
    assert_eq!(refused(&mut example(petsc.world())?), wrong);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_clone_that_panics_comes_out_of_duplicate(petsc: &Petsc) -> Result<()> {
    struct Single;
    impl Clone for Single {
        fn clone(&self) -> Self {
            panic!("there is only one");
        }
    }
    impl ShellMatrix for Single {
        fn mult(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
            y.copy_from(x)
        }
    }
    let a = Matrix::shell_cloned(petsc.world(), 2, 2, Single)?;
    petsc_test::assert_panics(|| a.duplicate().map(drop), "there is only one");
    Ok(())
}
