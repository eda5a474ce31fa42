//! What is freed when, after errors too.

use std::rc::Rc;

use petsc_rs::prelude::*;

/// On 3.18 this kept everything that one rank owned alone, for nobody empties PETSc's queue there.
#[petsc_test::test(ranks = [1, 2, 3])]
fn objects_of_one_rank_go_at_once_after_an_error(petsc: &Petsc) -> Result<()> {
    let used = Rc::new(());
    let held = Rc::clone(&used);
    let mut ksp = Ksp::new(petsc.self_comm())?;
    ksp.add_monitor(move |_, _, _| {
        let _ = &held;
        Ok(())
    })?;
    assert!(Vector::new(petsc.world(), 3)?.value(99).is_err());
    drop(ksp);
    assert_eq!(
        Rc::strong_count(&used),
        1,
        "the closure went with the solver"
    );
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn objects_of_all_ranks_go_when_all_agree(petsc: &Petsc) -> Result<()> {
    let used = Rc::new(());
    let held = Rc::clone(&used);
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.add_monitor(move |_, _, _| {
        let _ = &held;
        Ok(())
    })?;
    assert!(Vector::new(petsc.world(), 3)?.value(99).is_err());
    drop(ksp);
    let alone = petsc.world().size() == 1;
    assert_eq!(Rc::strong_count(&used), if alone { 1 } else { 2 });
    petsc.collect_garbage()?;
    assert_eq!(Rc::strong_count(&used), 1);
    Ok(())
}
