//! What all objects share.

use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, ViewerFormat};
use petsc_test::assert_error;

#[petsc_test::test]
fn names_types_and_prefixes_are_read_back(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::new(petsc.world(), 5)?;
    x.set_name("temperature")?;
    assert_eq!(x.name()?, "temperature");
    assert_eq!(x.class_name()?, "Vec");
    let kind = if petsc.world().size() == 1 { "seq" } else { "mpi" };
    assert!(x.is_type(kind)? && !x.is_type("nest")?);
    assert_eq!(x.options_prefix()?, None);
    x.set_options_prefix("hot_")?;
    assert_eq!(x.options_prefix()?.as_deref(), Some("hot_"));
    let y = Vector::new(petsc.world(), 1)?;
    let ksp = Ksp::new(petsc.world())?;
    assert_eq!(x.class_id()?, y.class_id()?);
    assert_ne!(x.class_id()?, ksp.class_id()?);
    Ok(())
}

#[petsc_test::test]
fn composed_objects_live_on(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut ksp = Ksp::new(comm)?;
    {
        let scaling = Vector::new(comm, 6)?;
        ksp.compose("scaling", &scaling)?;
        assert_eq!(scaling.reference_count()?, 2);
    }
    let found: Vector = ksp.query("scaling")?.expect("composed above");
    assert_eq!((found.len()?, found.reference_count()?), (6, 2));
    assert!(ksp.query::<Vector>("other")?.is_none());
    let error = ksp.query::<Matrix>("scaling").expect_err("it is a vector");
    assert!(error.to_string().contains("is a Vec, not a Mat"), "{error}");
    ksp.uncompose("scaling")?;
    assert!(ksp.query::<Vector>("scaling")?.is_none());
    assert_eq!(found.reference_count()?, 1, "ours remains usable");
    assert_eq!(found.len()?, 6);
    Ok(())
}

#[petsc_test::test]
fn composing_cannot_replace_what_petsc_or_closures_use(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (m, n) = (4, 4);
    let mut a = Matrix::builder(comm).global_size(m, n).build()?;
    a.assemble()?;
    // PETSc takes whatever is composed under this name for a null space.
    a.compose("nearnullspace", &Vector::new(comm, 4)?)?;
    let (x, mut y) = a.vectors()?;
    a.mult(&x, &mut y)?;
    assert_eq!(y.norm(Norm::Two)?, 0.0);
    assert!(a.query::<Vector>("nearnullspace")?.is_some());
    Ok(())
}

#[petsc_test::test]
fn the_communicator_outlives_its_object(petsc: &Petsc) -> Result<()> {
    let comm = {
        let own = petsc.world().duplicate()?;
        let x = Vector::new(&own, 3)?;
        x.comm()?
    };
    assert_eq!((comm.rank(), comm.size()), (petsc.world().rank(), petsc.world().size()));
    comm.barrier()?;
    let y = Vector::new(&comm, 4)?;
    drop(comm);
    assert_eq!(y.comm()?.size(), petsc.world().size());
    Ok(())
}

#[petsc_test::test]
fn views_are_returned_as_text(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut x = Vector::new(comm, 4)?;
    x.set_name("x")?;
    for i in x.ownership_range()? {
        x.set_value(i, Scalar::from_real(i as Real + 0.5), InsertMode::Insert)?;
    }
    x.assemble()?;
    let text = x.view_to_string(ViewerFormat::Default)?;
    let kind = if comm.size() == 1 { "seq" } else { "mpi" };
    assert!(
        text.starts_with(&format!(
            "Vec Object: x {}",
            if comm.size() == 1 {
                "1 MPI process".to_owned()
            } else {
                format!("{} MPI processes", comm.size())
            }
        )),
        "{text}"
    );
    assert!(text.contains(&format!("type: {kind}")), "{text}");
    let numbers: Vec<f64> = text
        .lines()
        .filter_map(|l| l.split_whitespace().next()?.trim_end_matches("+0.i").parse().ok())
        .collect();
    if cfg!(not(petsc_scalar = "complex")) {
        assert_eq!(numbers, [0.5, 1.5, 2.5, 3.5], "{text}");
    }
    let matlab = x.view_to_string(ViewerFormat::Matlab)?;
    assert!(matlab.contains("x = ["), "{matlab}");
    let mut ksp = Ksp::new(comm)?;
    ksp.set_type(KspType::CG)?;
    assert!(ksp.view_to_string(ViewerFormat::Default)?.contains("type: cg"));
    Ok(())
}

#[petsc_test::test]
fn an_option_chooses_the_view(petsc: &Petsc) -> Result<()> {
    let dir = super::options::shared_dir(petsc)?;
    let file = dir.join("x.txt");
    let mut x = Vector::new(petsc.world(), 3)?;
    x.set_name("seen")?;
    petsc.options().scope(|o| {
        o.set("-my_view", format!("ascii:{}:ascii_matlab", file.display()))?;
        x.view_from_options("-other_view")?;
        x.view_from_options("-my_view")
    })?;
    petsc.world().barrier()?;
    let text = std::fs::read_to_string(&file)?;
    assert!(text.contains("seen = ["), "{text}");
    petsc.options().scope(|o| {
        o.set("-my_view", "no_such_viewer")?;
        assert_error(x.view_from_options("-my_view"), ErrorCode::SUP, "no_such_viewer");
        Ok(())
    })?;
    Ok(())
}

#[petsc_test::test(ranks = [2, 3])]
fn viewer_and_object_live_on_the_same_ranks(petsc: &Petsc) -> Result<()> {
    let x = Vector::new(petsc.world(), 3)?;
    let viewer = petsc_rs::Viewer::stderr(petsc.self_comm())?;
    let error = x.view(&viewer).expect_err("other ranks");
    assert_eq!(error.code(), ErrorCode::ARG_NOTSAMECOMM);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn an_object_is_not_viewed_while_it_is_written(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::new(petsc.world(), 3)?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.compose("x", &x)?;
    let other: Vector = ksp.query("x")?.expect("composed above");
    let guard = x.array_mut()?;
    let error = other.view_to_string(ViewerFormat::Default).expect_err("borrowed");
    assert_eq!(error.code(), ErrorCode::ARG_WRONGSTATE);
    drop(guard);
    assert!(other.view_to_string(ViewerFormat::Default).is_ok());
    Ok(())
}
