//! The options database.

use petsc_rs::options::Hint;
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, Ksp, Options};
use petsc_test::assert_error;

/// Asserts that the value of an option is rejected with a message that contains `text`.
#[track_caller]
fn fails<T>(result: Result<T>, text: &str) {
    assert_error(result, ErrorCode::USER_INPUT, text);
}

#[petsc_test::test]
fn values_of_all_types_are_read(petsc: &Petsc) -> Result<()> {
    let o = Options::new(petsc)?;
    o.insert_str("-n -12 -x 2.5e-3 -s text -flag -off no -i 3,-4,7-10,0-10:5 -r 1,2.5 -b true,0")?;
    o.insert_str("-c a,b,c -e GMRES -u 18446744073709551615")?;
    assert_eq!(o.int("-n")?, Some(-12));
    assert_eq!(o.int("n")?, Some(-12), "the dash is optional");
    assert_eq!(o.real("-x")?, Some(2.5e-3));
    assert_eq!(o.scalar("-x")?, Some(Scalar::from_real(2.5e-3)));
    assert_eq!(o.string("-s")?.as_deref(), Some("text"));
    assert_eq!(o.bool("-flag")?, Some(true));
    assert_eq!(o.bool("-off")?, Some(false));
    assert_eq!(o.bool("-s2")?, None);
    assert_eq!(o.ints("-i")?, Some(vec![3, -4, 7, 8, 9, 0, 5]));
    assert_eq!(o.reals("-r")?, Some(vec![1.0, 2.5]));
    assert_eq!(o.bools("-b")?, Some(vec![true, false]));
    assert_eq!(o.strings("-c")?, Some(vec!["a".into(), "b".into(), "c".into()]));
    assert_eq!(o.elist("-e", &["cg", "gmres"])?, Some(1));
    assert_eq!(o.parse::<u64>("-u")?, Some(u64::MAX));
    assert_eq!((o.int("-m")?, o.string("-m")?, o.ints("-m")?), (None, None, None));
    Ok(())
}

#[cfg(petsc_scalar = "complex")]
#[petsc_test::test(ranks = [1])]
fn complex_values_are_read(petsc: &Petsc) -> Result<()> {
    let o = Options::new(petsc)?;
    o.insert_str("-z 1.5+2i,-3i")?;
    assert_eq!(o.scalars("-z")?, Some(vec![Scalar::new(1.5, 2.0), Scalar::new(0.0, -3.0)]));
    Ok(())
}

#[petsc_test::test]
fn wrong_values_name_the_option(petsc: &Petsc) -> Result<()> {
    let o = Options::new(petsc)?.with_prefix("my_");
    o.insert_str("-n abc -alone -b perhaps -i 5-3 -e gmrs")?;
    fails(o.int("-n"), "option -my_n: \"abc\" is not a whole number");
    fails(o.real("-n"), "option -my_n: \"abc\" is not a number");
    fails(o.int("-alone"), "option -my_alone: needs a whole number");
    fails(o.bool("-b"), "option -my_b: \"perhaps\" is not a yes or no");
    fails(o.ints("-i"), "the range \"5-3\" is not increasing");
    fails(o.parse::<u8>("-n"), "invalid digit");
    fails(o.elist("-e", &["cg", "gmres"]), "\"gmrs\" is none of cg, gmres; did you mean gmres?");
    let raw = Options::new(petsc)?;
    for name in ["", "-", "-1", "-a b", "-a\0"] {
        assert_error(raw.has(name), ErrorCode::ARG_WRONG, "not a valid option name");
    }
    Ok(())
}

#[petsc_test::test]
fn a_prefix_selects_the_options_of_a_database(petsc: &Petsc) -> Result<()> {
    let o = Options::new(petsc)?;
    let inner = o.with_prefix("inner_");
    inner.set("-tol", 0.5)?;
    o.set_flag("-verbose")?;
    assert_eq!(o.real("-inner_tol")?, Some(0.5));
    assert_eq!(inner.with_prefix("").prefix(), "inner_");
    inner.set("tol", 0.25)?;
    assert_eq!(o.real("-inner_tol")?, Some(0.25), "replaced");
    let all = vec![("inner_tol".to_owned(), Some("0.25".to_owned())), ("verbose".to_owned(), None)];
    assert_eq!(o.all()?, all);
    assert_eq!(inner.all()?, all[..1]);
    inner.clear("-tol")?;
    assert!(!o.has("-inner_tol")? && o.has("-verbose")?);
    inner.insert_yaml("a: 1\nb:\n  c: 2\n")?;
    assert_eq!((o.int("-inner_a")?, inner.int("-b_c")?), (Some(1), Some(2)));
    // Another database does not see any of it.
    assert!(!petsc.options().has("-verbose")?);
    Ok(())
}

#[petsc_test::test]
fn options_are_read_from_plain_and_yaml_files(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let dir = shared_dir(petsc)?;
    let (plain, yaml) = (dir.join("options"), dir.join("options.yaml"));
    if comm.rank() == 0 {
        std::fs::write(&plain, "# a comment\n-n 3 # another\n-text \"a b\"\n")?;
        std::fs::write(&yaml, "ksp:\n  type: cg\n")?;
    }
    comm.barrier()?;
    let o = Options::new(petsc)?;
    o.insert_file(comm, &plain)?;
    o.insert_file(comm, &yaml)?;
    assert_eq!(o.int("-n")?, Some(3));
    assert_eq!(o.string("-text")?.as_deref(), Some("a b"));
    assert_eq!(o.string("-ksp_type")?.as_deref(), Some("cg"));
    let error = o.insert_file(comm, dir.join("absent")).expect_err("no such file");
    assert_eq!(error.code(), ErrorCode::FILE_OPEN);
    assert!(error.is_collective() && error.to_string().contains("absent"), "{error}");
    comm.barrier()?;
    Ok(())
}

#[petsc_test::test]
fn a_scope_restores_the_options(petsc: &Petsc) -> Result<()> {
    let o = petsc.options();
    o.insert_str("-kept 1 -replaced old -cleared yes")?;
    assert_eq!(o.string("-replaced")?.as_deref(), Some("old"));
    let before = o.all()?;
    o.scope(|s| {
        s.set("-replaced", "new")?;
        s.set("-replaced", "newer")?;
        s.clear("-cleared")?;
        s.with_prefix("deep_").set("-fresh", 2)?;
        s.insert_str("-added 7")?;
        s.scope(|t| {
            t.set("-added", 8)?;
            assert_eq!(o.int("-added")?, Some(8));
            Ok(())
        })?;
        assert_eq!(o.int("-added")?, Some(7));
        assert_eq!(o.string("-replaced")?.as_deref(), Some("newer"));
        assert_eq!(o.int("-deep_fresh")?, Some(2));
        assert!(!o.has("-cleared")?);
        Ok(())
    })?;
    assert_eq!(o.all()?, before);
    // What was used before is not reported afterwards; what was not still is.
    let left: Vec<String> = o.left()?.into_iter().map(|(n, _)| n).collect();
    assert!(!left.contains(&"replaced".into()), "{left:?}");
    assert!(left.contains(&"kept".into()), "{left:?}");
    let unwind = || {
        o.scope(|s| -> Result<()> {
            s.set("-replaced", "panic")?;
            s.set("-temporary", 1)?;
            std::panic::resume_unwind(Box::new("on purpose"))
        })
    };
    petsc_test::assert_panics(unwind, "on purpose");
    let failed = o.scope(|s| {
        s.set("-temporary", 1)?;
        Err::<(), _>(Error::user("on purpose"))
    });
    assert_error(failed, ErrorCode::USER, "on purpose");
    assert_eq!(o.all()?, before);
    for name in ["-kept", "-replaced", "-cleared"] {
        o.clear(name)?;
    }
    Ok(())
}

#[petsc_test::test]
fn scoped_options_reach_solvers(petsc: &Petsc) -> Result<()> {
    let mut ksp = petsc.options().scope(|o| {
        o.insert_str("-inner_ksp_type gmres -inner_ksp_rtol 1e-3")?;
        let mut ksp = Ksp::new(petsc.world())?;
        ksp.set_options_prefix("inner_")?;
        ksp.set_from_options()?;
        Ok(ksp)
    })?;
    assert!(ksp.is_type("gmres")?);
    assert!(!petsc.options().has("-inner_ksp_type")?);
    // A database of its own, as the one that solvers read.
    let own = Options::new(petsc)?;
    own.set("-inner_ksp_type", "cg")?;
    own.activate(|| ksp.set_from_options())?;
    assert!(ksp.is_type("cg")?);
    assert!(own.left()?.is_empty());
    let again = petsc.options().activate(|| Ok(()));
    assert_error(again, ErrorCode::ARG_WRONG, "already active");
    Ok(())
}

#[petsc_test::test]
fn unused_options_have_a_hint(petsc: &Petsc) -> Result<()> {
    let o = Options::new(petsc)?;
    o.insert_str(
        "-ksp_rtl 1e-3 -inner_pc_tpye none -ksp_rtol 1 -qqqqqqqqqqqqqq -used 1 -levels 3",
    )?;
    assert_eq!(o.int("-used")?, Some(1));
    assert_eq!(o.int("-lvels")?, None);
    let unused = o.unused()?;
    let hint = |name: &str| {
        let found = unused.iter().find(|u| u.name == name);
        &found.expect("every unused option is listed").hint
    };
    assert_eq!(*hint("ksp_rtl"), Hint::Similar(vec!["ksp_rtol".into()]));
    assert_eq!(*hint("inner_pc_tpye"), Hint::Similar(vec!["inner_pc_type".into()]));
    assert_eq!(*hint("ksp_rtol"), Hint::NotRead);
    assert_eq!(*hint("qqqqqqqqqqqqqq"), Hint::None);
    assert_eq!(*hint("levels"), Hint::Similar(vec!["lvels".into()]), "our own");
    assert!(unused.iter().all(|u| u.name != "used"));
    Ok(())
}

/// A folder that all ranks see, removed by nobody but the operating system.
pub(crate) fn shared_dir(petsc: &Petsc) -> Result<std::path::PathBuf> {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let comm = petsc.world();
    // Rank 0's process number, told to all by a reduction.
    let mut id = Vector::with_local_len(comm, 1)?;
    let mine = if comm.rank() == 0 { std::process::id() } else { 0 };
    id.array_mut()?[0] = Scalar::from_real(f64::from(mine));
    let id = id.norm(Norm::One)?;
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("petsc-rs-suite-{id}-{count}-{}", comm.size());
    let dir = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&dir)?;
    comm.barrier()?;
    Ok(dir)
}

#[petsc_test::test]
fn all_options_are_removed(petsc: &Petsc) -> Result<()> {
    let o = Options::new(petsc)?;
    o.insert_str("-a 1 -in_b 2 -in_c 3")?;
    o.with_prefix("in_").clear_all()?;
    assert_eq!(o.all()?, [("a".to_owned(), Some("1".to_owned()))]);
    o.scope(|inside| inside.clear_all())?;
    assert_eq!(o.int("-a")?, Some(1));
    o.clear_all()?;
    assert!(o.all()?.is_empty());
    o.set("-d", 4)?;
    assert_eq!(o.int("-d")?, Some(4));
    Ok(())
}

#[petsc_test::test]
fn an_alias_sets_the_option_of_another_name(petsc: &Petsc) -> Result<()> {
    let o = Options::new(petsc)?;
    o.set_alias("-short", "-a_long_name")?;
    o.set("-short", 7)?;
    assert_eq!(o.int("-a_long_name")?, Some(7));
    let refused = o.set_alias("-3", "-b");
    assert_error(refused, ErrorCode::ARG_WRONG, "not a valid option name");
    Ok(())
}
