//! Line searches without an optimizer.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::tao::{LineSearch, LineSearchReason, LineSearchType};
use petsc_rs::{ErrorCode, VectorRef};

use super::bowl;

/// `½‖x‖²`.
fn half_square(x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
    g.copy_from(x)?;
    Ok(0.5 * g.dot(x)?)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_full_step_reaches_the_minimum(petsc: &Petsc) -> Result<()> {
    for kind in [LineSearchType::MORE_THUENTE, LineSearchType::ARMIJO, LineSearchType::UNIT] {
        let mut x = Vector::new(petsc.world(), 5)?;
        x.set(3.0)?;
        let (mut g, mut s) = (x.duplicate()?, x.duplicate()?);
        let f = half_square(&x, &mut g)?;
        s.copy_from(&g)?;
        s.scale(-1.0)?;
        let mut search = LineSearch::new(petsc.world())?;
        search.set_type(kind)?;
        search.set_objective_and_gradient(|_, x, g| half_square(x, g))?;
        // The full step is the minimum.
        let step = search.apply(&mut x, f, &mut g, &s)?;
        assert!(step.reason.is_success(), "{kind:?}: {step:?}");
        assert_eq!((step.length, step.objective), (1.0, 0.0), "{kind:?}");
        assert_eq!(x.norm(Norm::Infinity)?, 0.0);
        assert_eq!(g.norm(Norm::Infinity)?, 0.0);
        assert_eq!(search.step_length()?, 1.0);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_search_stops_at_bounds_and_refuses_ascent(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::new(petsc.world(), 5)?;
    x.set(3.0)?;
    let (mut lower, mut upper) = (x.duplicate()?, x.duplicate()?);
    lower.set(1.0)?;
    upper.set(9.0)?;
    let (mut g, mut s) = (x.duplicate()?, x.duplicate()?);
    let f = half_square(&x, &mut g)?;
    s.axpy(-1.0, &g)?;
    let calls = Rc::new(Cell::new(0));
    let count = Rc::clone(&calls);
    let mut search = LineSearch::new(petsc.world())?;
    let refused = search.apply(&mut x, f, &mut g, &s).map_err(|e| e.code());
    assert_eq!(refused.err(), Some(ErrorCode::ORDER));
    search.set_objective_and_gradient(move |_, x, g| {
        count.set(count.get() + 1);
        assert!(x.min()?.expect("not empty").1 >= 1.0);
        half_square(x, g)
    })?;
    let step = search.apply_within(&mut x, f, &mut g, &s, (&lower, &upper))?;
    assert_eq!(x.norm(Norm::Infinity)?, 1.0, "{step:?}");
    assert_eq!(step.objective, 2.5);
    assert!(calls.get() > 0);
    // Up the hill there is nothing to find, and the point stays.
    x.set(3.0)?;
    let f = half_square(&x, &mut g)?;
    s.set(1.0)?;
    let step = search.apply(&mut x, f, &mut g, &s)?;
    assert_eq!(step.reason, LineSearchReason::Ascent);
    assert_eq!(x.norm(Norm::Infinity)?, 3.0);
    Ok(())
}

/// A closure is replaced and freed, sizes are checked, a search serves vectors of another length.
#[petsc_test::test(ranks = [1, 2])]
fn a_replaced_function_is_freed_and_sizes_are_checked(petsc: &Petsc) -> Result<()> {
    let kept = Rc::new(());
    let mut search = LineSearch::new(petsc.world())?;
    for _ in 0..2 {
        let held = Rc::clone(&kept);
        search.set_objective_and_gradient(move |_, x, g| {
            let _ = &held;
            bowl(x, g)
        })?;
        assert_eq!(Rc::strong_count(&kept), 2);
    }
    for n in [6, 9] {
        let mut x = Vector::new(petsc.world(), n)?;
        let (mut g, mut s) = (x.duplicate()?, x.duplicate()?);
        let f = bowl(&x, &mut g)?;
        s.axpy(-1.0, &g)?;
        let step = search.apply(&mut x, f, &mut g, &s)?;
        assert!(step.reason.is_success() && step.objective < f, "{step:?}");
        let long = Vector::new(petsc.world(), n + 2)?;
        let refused = search.apply(&mut x, f, &mut g, &long).map_err(|e| e.code());
        assert_eq!(refused.err(), Some(ErrorCode::ARG_SIZ));
    }
    search.set_objective_and_gradient(|_, _, _| Err(Error::user("no function today")))?;
    let mut x = Vector::new(petsc.world(), 6)?;
    let (mut g, mut s) = (x.duplicate()?, x.duplicate()?);
    let f = bowl(&x, &mut g)?;
    s.axpy(-1.0, &g)?;
    let error = search.apply(&mut x, f, &mut g, &s).expect_err("no function");
    assert!(format!("{error:?}").contains("no function today"), "{error:?}");
    assert_eq!(Rc::strong_count(&kept), 1);
    drop(search);
    Ok(())
}
