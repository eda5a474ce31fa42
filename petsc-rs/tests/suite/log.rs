//! The log.

use petsc_rs::log::{FLOPS_PER_OPERATION, LogClass, Stage};
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, Viewer};
use petsc_test::assert_error;

#[petsc_test::test(isolated)]
fn figures_are_refused_without_logging(petsc: &Petsc) -> Result<()> {
    let log = petsc.log();
    let event = log.event("before")?;
    event.record(|| Ok(()))?;
    if !log.is_active()? {
        let error = event.figures(None).expect_err("nothing recorded");
        assert_eq!(error.code(), ErrorCode::ORDER);
        assert_error(log.events(), ErrorCode::ORDER, "logging is not active");
        let stdout = Viewer::stdout(petsc.world())?;
        assert_error(log.view(&stdout), ErrorCode::ORDER, "logging is not active");
    }
    Ok(())
}

#[petsc_test::test]
fn events_count_time_and_flops(petsc: &Petsc) -> Result<()> {
    let log = petsc.log();
    log.begin()?;
    log.begin()?;
    assert!(log.is_active()?);
    let class = log.class("my things")?;
    let event = log.event_of("suite event", Some(class))?;
    assert_eq!(log.event("suite event")?, event, "known by its name");
    let before = event.figures(None)?;
    let pause = std::time::Duration::from_millis(20);
    for _ in 0..3 {
        event.record(|| {
            std::thread::sleep(pause);
            log.flops(50.0)
        })?;
    }
    event.deactivate()?;
    event.record(|| log.flops(1e6))?;
    event.activate()?;
    let after = event.figures(None)?;
    assert_eq!(after.count - before.count, 3);
    assert_eq!(after.flops - before.flops, 150.0 * FLOPS_PER_OPERATION);
    let time = after.time - before.time;
    assert!((0.06..5.0).contains(&time), "{time} s");
    let events = log.events()?;
    let listed = events.iter().find(|(name, _)| name == "suite event");
    assert_eq!(listed.map(|(_, f)| f.count), Some(after.count));
    assert_error(log.flops(-1.0), ErrorCode::ARG_OUTOFRANGE, "got -1");
    assert_error(log.flops(f64::NAN), ErrorCode::ARG_OUTOFRANGE, "got NaN");
    let x = Vector::new(petsc.world(), 1)?;
    assert_ne!(LogClass::of(&x)?, class);
    Ok(())
}

#[petsc_test::test]
fn events_of_petsc_are_counted(petsc: &Petsc) -> Result<()> {
    let log = petsc.log();
    log.begin()?;
    let norm = log.event("VecNorm")?;
    let before = norm.figures(None)?;
    let mut x = Vector::new(petsc.world(), 90)?;
    // Not by `set`, after which PETSc knows the norm.
    x.array_mut()?.fill(Scalar::from_real(1.0));
    petsc_test::assert_close!(x.norm(Norm::Two)?, 90.0_f64.sqrt(), 1e-14);
    let after = norm.figures(None)?;
    assert_eq!(after.count - before.count, 1);
    assert!(after.flops > before.flops);
    let reductions = after.reductions - before.reductions;
    assert_eq!(reductions > 0.0, petsc.world().size() > 1, "{reductions}");
    Ok(())
}

#[petsc_test::test]
fn stages_nest_and_end_in_a_panic(petsc: &Petsc) -> Result<()> {
    let log = petsc.log();
    log.begin()?;
    let (outer, inner) = (log.stage("suite outer")?, log.stage("suite inner")?);
    assert_eq!(log.stage("suite outer")?, outer);
    assert_eq!(log.stage("Main Stage")?.figures()?, Stage::MAIN.figures()?);
    let event = log.event("staged")?;
    outer.record(|| {
        event.record(|| log.flops(1.0))?;
        inner.record(|| event.record(|| log.flops(10.0)))?;
        event.record(|| log.flops(100.0))
    })?;
    let in_outer = event.figures(Some(outer))?;
    let in_inner = event.figures(Some(inner))?;
    assert_eq!((in_outer.count, in_outer.flops), (2, 101.0 * FLOPS_PER_OPERATION));
    assert_eq!((in_inner.count, in_inner.flops), (1, 10.0 * FLOPS_PER_OPERATION));
    assert_eq!(outer.figures()?.flops, 101.0 * FLOPS_PER_OPERATION);
    let unwind =
        || inner.record(|| -> Result<()> { std::panic::resume_unwind(Box::new("on purpose")) });
    petsc_test::assert_panics(unwind, "on purpose");
    let main = event.figures(Some(Stage::MAIN))?;
    event.record(|| Ok(()))?;
    assert_eq!(event.figures(Some(Stage::MAIN))?.count, main.count + 1);
    Ok(())
}

#[petsc_test::test]
fn the_summary_names_the_events_of_the_program(petsc: &Petsc) -> Result<()> {
    let log = petsc.log();
    log.begin()?;
    let event = log.event("TableEvent")?;
    event.sync(petsc.world())?;
    event.record(|| log.flops(5.0))?;
    let text = Viewer::capture(petsc.world(), |viewer| log.view(viewer))?;
    assert!(text.contains("Performance Summary"), "{text}");
    assert!(text.contains("TableEvent"), "{text}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn memory_and_time_are_measured(petsc: &Petsc) -> Result<()> {
    let log = petsc.log();
    let memory = log.memory()?;
    assert!(memory.resident > 1e6, "{memory:?}");
    let start = log.time()?;
    std::thread::sleep(std::time::Duration::from_millis(10));
    let seconds = log.time()? - start;
    assert!((0.009..5.0).contains(&seconds), "{seconds}");
    Ok(())
}

#[petsc_test::test(isolated)]
fn stages_are_switched_off(petsc: &Petsc) -> Result<()> {
    let log = petsc.log();
    log.begin()?;
    let (stage, event) = (log.stage("HiddenStage")?, log.event("switched")?);
    assert!(stage.is_active()? && stage.is_visible()?);
    let flops = log.total_flops()?;
    stage.record(|| event.record(|| log.flops(3.0)))?;
    assert_eq!(log.total_flops()? - flops, 3.0 * FLOPS_PER_OPERATION);
    let listed = || {
        let text = Viewer::capture(petsc.world(), |viewer| log.view(viewer))?;
        Ok::<_, Error>(text.contains("\nswitched "))
    };
    assert!(listed()?);
    stage.set_visible(false)?;
    assert!(!stage.is_visible()? && !listed()?);
    stage.set_active(false)?;
    assert!(!stage.is_active()?);
    stage.record(|| event.record(|| Ok(())))?;
    assert_eq!(event.figures(Some(stage))?.count, 1);
    stage.set_active(true)?;
    assert!(stage.is_active()?);
    let start = log.cpu_time()?;
    assert!((0.0..1e6).contains(&start));
    assert!(log.cpu_time()? >= start);
    Ok(())
}
