//! Preconditioners in Rust: closures, types, and types that are chosen by name.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::pc::{PcRef, Preconditioner, RegisteredPreconditioner, Shell};
use petsc_rs::{ErrorCode, VectorRef, prelude::*};
use petsc_test::{assert_close, assert_error};

use crate::ksp::{laplacian, r, tight};

/// Halves, and counts what happens to it.
struct Half {
    drops: Rc<Cell<usize>>,
    set_ups: Rc<Cell<usize>>,
}

impl Drop for Half {
    fn drop(&mut self) {
        self.drops.set(self.drops.get() + 1);
    }
}

impl Preconditioner for Half {
    fn apply(&mut self, _: &PcRef, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        y.copy_from(x)?;
        y.axpy(r(-0.5), x)
    }

    fn set_up(&mut self, pc: &PcRef) -> Result<()> {
        assert_eq!(pc.operators()?.0.size()?, (8, 8));
        self.set_ups.set(self.set_ups.get() + 1);
        Ok(())
    }
}

#[petsc_test::test(ranks = [1, 2])]
fn a_preconditioner_in_rust_is_dropped_once(petsc: &Petsc) -> Result<()> {
    let (drops, set_ups) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let half = || Half { drops: Rc::clone(&drops), set_ups: Rc::clone(&set_ups) };
    let a = laplacian(petsc.world(), 8)?;
    let (mut y, mut x) = a.vectors()?;
    x.set(r(4.0))?;
    let mut pc = Pc::new(petsc.world())?;
    pc.set_preconditioner(half())?;
    pc.set_operators(&a, &a)?;
    pc.apply(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 2.0, 1e-14);
    pc.apply(&x, &mut y)?;
    assert_eq!((drops.get(), set_ups.get()), (0, 1));
    assert!(!pc.has_transpose()?);
    // Replaced by another, which is not set up again: PETSc sees the same shell.
    pc.set_preconditioner(half())?;
    assert_eq!(drops.get(), 1);
    // Another type after setup: gone with the shell, although the object lives.
    pc.set_type(PcType::JACOBI)?;
    assert_eq!(drops.get(), 2);
    pc.apply(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 2.0, 1e-14);
    pc.set_preconditioner(half())?;
    pc.set_up()?;
    drop(pc);
    assert_eq!(drops.get(), 3);
    // The wrapper is gone, the solver's preconditioner lives.
    let mut ksp = Ksp::new(petsc.world())?;
    {
        let mut pc = Pc::new(petsc.world())?;
        pc.set_preconditioner(half())?;
        ksp.set_pc(&pc)?;
    }
    assert_eq!(drops.get(), 3);
    ksp.set_operators(&a, &a)?;
    let _ = ksp.solve(&x, &mut y)?;
    drop(ksp);
    assert_eq!(drops.get(), 4);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn closures_serve_the_transpose_and_the_set_up(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 8)?;
    let (mut y, mut x) = a.vectors()?;
    x.set(r(4.0))?;
    let set_up = Rc::new(Cell::new(0));
    let count = Rc::clone(&set_up);
    let mut pc = Pc::new(petsc.world())?;
    pc.set_preconditioner(
        Shell::new(|x, y| y.copy_from(x))
            .transpose(|x, y| {
                y.copy_from(x)?;
                y.axpy(r(2.0), x)
            })
            .set_up(move |_| {
                count.set(count.get() + 1);
                Ok(())
            }),
    )?;
    pc.set_operators(&a, &a)?;
    assert!(pc.has_transpose()?);
    pc.apply_transpose(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 12.0, 1e-14);
    assert_eq!(set_up.get(), 1);
    pc.set_shell(|x, y| y.copy_from(x))?;
    assert!(!pc.has_transpose()?);
    assert_error(pc.apply_transpose(&x, &mut y), ErrorCode::SUP, "No method applytranspose");
    Ok(())
}

thread_local! {
    static MADE: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

/// Divides by a number that an option gives.
struct Scaled(Real);

impl Preconditioner for Scaled {
    fn apply(&mut self, _: &PcRef, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        y.copy_from(x)?;
        y.axpy(r(1.0 / self.0 - 1.0), x)
    }

    fn set_from_options(&mut self, pc: &PcRef) -> Result<()> {
        let prefix = pc.options_prefix()?.unwrap_or_default();
        self.0 = if prefix == "four_" { 4.0 } else { 2.0 };
        Ok(())
    }
}

impl Drop for Scaled {
    fn drop(&mut self) {
        let (made, dropped) = MADE.get();
        MADE.set((made, dropped + 1));
    }
}

impl RegisteredPreconditioner for Scaled {
    fn new(pc: &PcRef) -> Result<Self> {
        if pc.options_prefix()?.as_deref() == Some("bad_") {
            return Err(Error::user("not this one"));
        }
        let (made, dropped) = MADE.get();
        MADE.set((made + 1, dropped));
        Ok(Self(1.0))
    }
}

#[petsc_test::test(ranks = [1, 2])]
fn a_registered_type_is_chosen_by_name(petsc: &Petsc) -> Result<()> {
    MADE.set((0, 0));
    petsc.register_pc::<Scaled>("test-scaled")?;
    assert_error(
        petsc.register_pc::<Scaled>("shell"),
        ErrorCode::ARG_WRONG,
        "cannot be registered",
    );
    let scaled = PcType::new(c"test-scaled");
    let a = laplacian(petsc.world(), 8)?;
    let (mut y, mut x) = a.vectors()?;
    x.set(r(4.0))?;
    let mut pc = Pc::new(petsc.world())?;
    pc.set_options_prefix("four_")?;
    pc.set_operators(&a, &a)?;
    pc.set_type(scaled)?;
    assert_eq!(pc.type_name()?.as_deref(), Some("test-scaled"));
    pc.apply(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 4.0, 1e-14);
    pc.set_from_options()?;
    pc.set_type(scaled)?;
    assert_eq!(MADE.get(), (1, 0), "the same type again changes nothing");
    pc.apply(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 1.0, 1e-14);
    pc.set_type(PcType::JACOBI)?;
    assert_eq!(MADE.get(), (1, 1));
    pc.set_from_options()?;
    pc.set_type(scaled)?;
    drop(pc);
    assert_eq!(MADE.get(), (2, 2));
    // One that cannot be made: an error with the reason, and the object can be used on.
    let mut pc = Pc::new(petsc.world())?;
    pc.set_options_prefix("bad_")?;
    let error = pc.set_type(scaled).unwrap_err();
    assert!(format!("{error:?}").contains("not this one"), "{error:?}");
    pc.set_operators(&a, &a)?;
    assert_error(pc.apply(&x, &mut y), ErrorCode::USER, "No apply() routine");
    pc.set_type(PcType::JACOBI)?;
    pc.apply(&x, &mut y)?;
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn an_error_in_a_shell_leaves_the_solver_usable(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 10)?;
    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    ksp.pc()?.set_shell(|_, _| Err(Error::user("no")))?;
    let error = ksp.solve(&b, &mut x).unwrap_err();
    assert!(format!("{error:?}").contains("caused by: no"), "{error:?}");
    // Since 3.22 vectors that were being read when the error came stay locked: `reset` makes new ones.
    ksp.reset()?;
    ksp.set_operators(&a, &a)?;
    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    ksp.pc()?.set_shell(|x, y| y.copy_from(x))?;
    ksp.set_tolerances(tight())?;
    let _ = ksp.solve(&b, &mut x)?;
    assert!(ksp.true_residual_norm(&b, &x)? < 1e-8);
    Ok(())
}
