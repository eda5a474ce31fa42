//! What a running session says of itself, and that it is the only one.

use petsc_rs::ErrorCode;
use petsc_rs::prelude::*;
use petsc_rs::{check, sys};
use petsc_test::{assert_code, assert_error};

#[petsc_test::test]
fn there_is_one_session(_petsc: &Petsc) -> Result<()> {
    let error = Petsc::init().expect_err("one is alive");
    assert_eq!(error.code(), ErrorCode::ORDER);
    assert!(error.to_string().contains("already alive in this process"), "{error}");
    let elsewhere = std::thread::spawn(|| Petsc::init().map(drop).map_err(|e| e.code()));
    let outcome = elsewhere.join().expect("the thread itself is fine");
    assert_eq!(outcome, Err(ErrorCode::ORDER));
    Ok(())
}

#[petsc_test::test]
fn a_session_knows_its_version_host_and_handles(petsc: &Petsc) -> Result<()> {
    let (major, minor, _) = petsc.version()?;
    assert_eq!(major, 3);
    assert!((18..100).contains(&minor));
    assert!(!petsc.mpi_library().is_empty());
    assert!(!petsc.host_name()?.is_empty());
    let before = petsc.handles().len();
    let x = Vector::new(petsc.world(), 1)?;
    let handles = petsc.handles();
    assert_eq!(handles.len(), before + 1);
    assert!(handles.iter().any(|h| h.to_string().contains("session.rs")), "{handles:?}");
    drop(x);
    assert_eq!(petsc.handles().len(), before);
    Ok(())
}

#[petsc_test::test]
fn raw_calls_are_checked(petsc: &Petsc) -> Result<()> {
    let x = Vector::new(petsc.world(), 5)?;
    let mut size = 0;
    // SAFETY: a live vector and a valid out-pointer.
    check("VecGetSize", unsafe { sys::VecGetSize(x.as_ptr(), &raw mut size) })?;
    assert_eq!(size, 5);
    // SAFETY: a live vector and a NUL-terminated name.
    let code = unsafe { sys::VecSetType(x.as_ptr(), c"nonsense".as_ptr()) };
    let error = check("VecSetType", code).expect_err("there is no such type");
    assert_eq!(error.code(), ErrorCode::ARG_UNKNOWN_TYPE);
    assert_eq!(error.call(), Some("VecSetType"));
    assert!(error.message().contains("nonsense"), "{error}");
    Ok(())
}

#[petsc_test::test]
fn ownership_is_split_evenly(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let size = usize::try_from(comm.size())?;
    let rank = usize::try_from(comm.rank())?;
    let (local, global) = comm.split_ownership(None, Some(10))?;
    assert_eq!((local, global), (10 / size + usize::from(10 % size > rank), 10));
    let (local, global) = comm.split_ownership(Some(rank + 1), None)?;
    assert_eq!((local, global), (rank + 1, size * (size + 1) / 2));
    assert_code(comm.split_ownership(None, None), ErrorCode::ARG_INCOMP);
    Ok(())
}

#[petsc_test::test]
fn ranks_take_turns(petsc: &Petsc) -> Result<()> {
    let path = super::options::shared_dir(petsc)?.join("turns");
    let comm = petsc.world();
    comm.sequential_phase(1, || {
        use std::io::Write as _;
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&path)?;
        std::thread::sleep(std::time::Duration::from_millis(5));
        writeln!(&file, "{}", comm.rank())?;
        Ok(())
    })?;
    comm.barrier()?;
    let expected: String = (0..comm.size()).map(|r| format!("{r}\n")).collect();
    assert_eq!(std::fs::read_to_string(&path)?, expected);
    assert_error(
        comm.sequential_phase(0, || Ok(())),
        ErrorCode::ARG_OUTOFRANGE,
        "number of ranks that run together",
    );
    Ok(())
}

#[petsc_test::test]
fn a_session_knows_its_program_directory_and_packages(petsc: &Petsc) -> Result<()> {
    // The name that the test harness passes.
    assert_eq!(petsc.program_name()?, "petsc-test");
    let directory = std::env::current_dir()?;
    assert_eq!(petsc.working_directory()?, directory.to_string_lossy());
    assert!(!petsc.user_name()?.is_empty());
    assert!(petsc.has_external_package("mpi")? && petsc.has_external_package("BlasLapack")?);
    assert!(!petsc.has_external_package("no such package")?);
    let long = "a".repeat(200);
    assert_code(petsc.has_external_package(&long), ErrorCode::SUP);
    Ok(())
}

#[petsc_test::test(isolated)]
fn information_is_switched_on_and_off(petsc: &Petsc) -> Result<()> {
    let class = petsc_rs::Object::class_id(&Vector::new(petsc.world(), 1)?)?;
    let enabled = || {
        let mut enabled = petsc_rs::ffi::raw_bool(false);
        // SAFETY: a registered class and a valid out-pointer.
        let code = unsafe { sys::PetscInfoEnabled(class, &raw mut enabled) };
        check("PetscInfoEnabled", code)?;
        Ok::<_, Error>(petsc_rs::ffi::to_bool(enabled))
    };
    assert!(!enabled()?);
    petsc.allow_info(true)?;
    let on = enabled();
    petsc.allow_info(false)?;
    assert!(on? && !enabled()?);
    Ok(())
}
