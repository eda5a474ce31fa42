use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::failure::Step;
use super::*;

/// A separate folder for one test, removed on drop.
fn scratch(name: &str) -> Scratch {
    let dir = env::temp_dir().join(format!("petsc-rs-vendored-{name}-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    Scratch(dir)
}

#[test]
fn the_key_names_release_scalar_and_width() {
    let default = Request::default();
    assert_eq!(default.key("3.26.1"), "petsc-3.26.1-real-i32");
    let other = Request { scalar: ScalarKind::Complex, int_bits: 64, debug: true, ..default };
    assert_eq!(other.key("3.25.0"), "petsc-3.25.0-complex-i64-debug");
    let slepc = other.of(Package::Slepc);
    assert_eq!(slepc.key("3.25.1"), "slepc-3.25.1-complex-i64-debug");
}

#[test]
fn configure_errors_quote_the_message_below_the_banner() {
    let text = "TESTING: checkLib from config.packages.BlasLapack\n\
        *********************************************************************************************\n\
        \x20          UNABLE to CONFIGURE with GIVEN OPTIONS (see configure.log for details):\n\
        ---------------------------------------------------------------------------------------------\n\
        Could not find a functional BLAS. Run with --with-blas-lib=<lib> to indicate the library.\n\
        *********************************************************************************************\n";
    let error = Step::Configure.failed(text, Path::new("/x/configure.log")).to_string();
    assert!(error.contains("Could not find a functional BLAS"), "{error}");
    assert!(error.contains("/x/configure.log"), "{error}");
    assert!(error.contains("libopenblas-dev"), "{error}");
    assert!(!error.contains("****"), "{error}");
}

#[test]
fn compile_errors_quote_the_first_error_line() {
    let text = "#define PETSC_HAVE_DLERROR 1\n   CC arch-rs/obj/a.o\n/s/a.c:3:1: error: unknown type name 'foo'\n\
                /s/a.c:9:1: error: second\nmake[1]: *** [a.o] Error 1\n";
    let error = Step::Compile.failed(text, Path::new("/x/make.log")).to_string();
    assert!(error.contains("/s/a.c:3:1: error: unknown type name 'foo'"), "{error}");
    assert!(!error.contains("second"), "{error}");
}

#[test]
fn a_full_disk_is_named_whatever_the_step() {
    let text = "a.c:1: fatal error: cannot write: No space left on device\n";
    let error = Step::Compile.failed(text, Path::new("make.log")).to_string();
    assert!(error.contains("PETSC_RS_CACHE"), "{error}");
}

#[test]
fn the_lock_lets_one_in_at_a_time() {
    let dir = scratch("lock");
    let path = dir.0.join("x.lock");
    let (inside, waited) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut hear = |p: Progress| {
                    assert!(matches!(p, Progress::Waiting { .. }));
                    waited.fetch_add(1, Ordering::SeqCst);
                };
                let _lock = Lock::take(&path, &mut hear).unwrap();
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                thread::sleep(Duration::from_millis(400));
                assert_eq!(inside.fetch_sub(1, Ordering::SeqCst), 1);
            });
        }
    });
    assert!(waited.load(Ordering::SeqCst) >= 2, "the waiting processes report it");
    assert!(!path.exists(), "the last process removes the lock");
}

#[test]
fn a_dead_owners_lock_is_taken_over() {
    let dir = scratch("stale");
    let path = dir.0.join("x.lock");
    fs::write(&path, "process 4194305\n").unwrap();
    let begin = std::time::Instant::now();
    let lock = Lock::take(&path, &mut |_| {}).unwrap();
    assert!(begin.elapsed() >= Duration::from_secs(10), "a slow owner keeps the lock");
    assert!(begin.elapsed() < Duration::from_secs(20));
    drop(lock);
    assert!(!path.exists());
}

#[test]
fn only_a_stamp_or_petscs_own_last_file_makes_a_folder_complete() {
    let dir = scratch("complete");
    fs::create_dir_all(dir.0.join("include")).unwrap();
    fs::create_dir_all(dir.0.join("lib/petsc/conf")).unwrap();
    fs::write(dir.0.join("include/petscconf.h"), "").unwrap();
    fs::write(dir.0.join("lib/libpetsc.so"), "").unwrap();
    assert!(!is_complete(&dir.0));
    fs::write(dir.0.join("lib/petsc/conf/uninstall.py"), "").unwrap();
    assert!(is_complete(&dir.0));
    fs::remove_file(dir.0.join("lib/petsc/conf/uninstall.py")).unwrap();
    fs::write(dir.0.join(STAMP), "").unwrap();
    assert!(is_complete(&dir.0));
}

#[test]
fn scratch_of_killed_builds_is_removed_and_nothing_else() {
    let dir = scratch("sweep");
    for name in [
        ".build-petsc-3.26.1-real-i32-77",
        ".build-petsc-3.26.1-real-i32-debug-77",
        "petsc-3.26.1-real-i32",
    ] {
        fs::create_dir_all(dir.0.join(name)).unwrap();
    }
    remove_scratch(&dir.0, "petsc-3.26.1-real-i32").unwrap();
    assert!(!dir.0.join(".build-petsc-3.26.1-real-i32-77").exists());
    assert!(dir.0.join(".build-petsc-3.26.1-real-i32-debug-77").exists());
    assert!(dir.0.join("petsc-3.26.1-real-i32").exists());
}

#[test]
fn only_an_empty_folder_is_removed_in_place_of_a_prefix() {
    let dir = scratch("leftover");
    let (empty, full) = (dir.0.join("empty"), dir.0.join("full"));
    fs::create_dir_all(&empty).unwrap();
    fs::create_dir_all(full.join("lib")).unwrap();
    drop((Leftover(empty.clone()), Leftover(full.clone())));
    assert!(!empty.exists());
    assert!(full.join("lib").is_dir());
}
