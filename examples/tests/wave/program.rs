//! What the program says to wrong settings, to motions that overflow and to disks that are full.

use std::path::Path;
use std::time::Duration;

use petsc_rs::ErrorCode;
use petsc_rs::prelude::*;
use workshop::wave::{Wave, integrate};

use crate::{settings, shaken};

fn run(ranks: usize, program: &str, args: &[&str]) -> Result<(Option<i32>, String)> {
    let limit = Duration::from_secs(60);
    let done = petsc_test::launch(ranks, Path::new(program), args, limit)?;
    assert!(!done.timed_out, "it hung: {}", done.output);
    Ok((done.code, done.output))
}

const WAVE: &str = env!("CARGO_BIN_EXE_wave");

#[petsc_test::test(ranks = [1, 2])]
fn a_motion_that_is_no_solution_is_an_error(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    // One point, which one rank has.
    let wrong = |i: usize, j: usize| if (i, j) == (5, 5) { f64::NAN } else { 0.0 };
    let mut wave = Wave::new(comm, settings(31, 21))?;
    wave.set_state(wrong, |_, _| 0.0)?;
    wave.advance()?;
    let error = wave.seismogram().expect_err("no solution");
    assert_eq!(error.code(), ErrorCode::FP, "{error}");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("never.chk");
    let error = wave.save(&path).expect_err("no solution");
    assert!(error.message().contains("not finite"), "{error}");
    assert!(!path.exists());
    let initial = |i: usize, j: usize| (wrong(i, j), 0.0);
    let still = petsc.options().scope(|options| {
        // Without control of errors, which would notice.
        options.insert_str("-ts_type rk -ts_adapt_type none")?;
        Ok(integrate(comm, &settings(31, 21), 3, initial, |_, _, _, _| Ok(())).is_ok())
    })?;
    assert!(!still);
    // What overflows is noticed, too.
    let mut loud = shaken(31, 21);
    if let Some(source) = &mut loud.source {
        source.amplitude = 1e300;
        source.signal = workshop::wave::Signal::Record(vec![(0.0, 1e20), (1.0, 1e20)]);
    }
    let mut wave = Wave::new(comm, loud)?;
    for _ in 0..20 {
        wave.advance()?;
    }
    let error = wave.check().expect_err("it overflows");
    assert_eq!(error.code(), ErrorCode::FP, "{error}");
    Ok(())
}

#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn wrong_settings_are_one_line(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let name = |path: &Path| path.to_string_lossy().into_owned();
    let missing = name(&folder.path().join("missing/run.chk"));
    let directory = name(folder.path());
    // By a link, which is what would be lost if the device were not refused.
    let link = folder.path().join("device");
    std::os::unix::fs::symlink("/dev/null", &link)?;
    let device = name(&link);
    let (bratu, heat) = (env!("CARGO_BIN_EXE_bratu"), env!("CARGO_BIN_EXE_heat"));
    let grid = env!("CARGO_BIN_EXE_powergrid");
    let checks: [(usize, &str, &[&str], &str); 11] = [
        (1, WAVE, &["--source-amp", "nan"], "amplitude NaN"),
        (2, WAVE, &["--source-amp", "inf"], "amplitude inf"),
        (1, WAVE, &["--checkpoint", &missing], "missing/run.chk"),
        (2, WAVE, &["--checkpoint", &missing], "missing/run.chk"),
        (1, WAVE, &["--checkpoint", &device], "not a regular file"),
        (2, WAVE, &["--checkpoint", &directory], "not a regular file"),
        (1, bratu, &["-nx", "abc"], "\"abc\" is not a whole number"),
        (1, bratu, &["-lambda", "x"], "-lambda"),
        (5, heat, &["--nx", "3", "--ny", "3"], "among 5 ranks"),
        (1, heat, &["-ts_type", "euler", "--steps", "9"], "unstable"),
        (1, grid, &["--grid", "2", "2"], "--grid 2 2"),
    ];
    for (ranks, program, args, expected) in checks {
        let (code, output) = run(ranks, program, args)?;
        assert_eq!(code, Some(2), "{args:?}: {output}");
        assert_eq!(output.matches("error: ").count(), 1, "{output}");
        assert!(output.contains(expected), "no {expected:?} in {output}");
        assert!(!output.contains("Step "), "before the work: {output}");
    }
    // The device is still there, and nothing is beside it.
    assert!(link.is_symlink() && !folder.path().join("device.new").exists());
    Ok(())
}

/// `/dev/full` refuses each write, as a full disk does; a limit on the size of files does so in the middle of one.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn the_error_of_a_full_disk_names_the_path(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().to_string_lossy().into_owned();
    let table = folder.path().join("seismogram.csv");
    std::os::unix::fs::symlink("/dev/full", &table)?;
    let checkpoint = folder.path().join("run.chk").to_string_lossy().into_owned();
    for ranks in [1, 2] {
        let (code, output) = run(ranks, WAVE, &["--steps", "5", "--out", &out])?;
        assert_eq!(code, Some(2), "{output}");
        let expected = format!("{}: No space left on device", table.display());
        assert!(output.contains(&expected), "{output}");
        // 8 blocks of 512 bytes; the signal would end the program.
        let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"";
        let args = ["-c", script, WAVE, "--steps", "5", "--checkpoint-every", "2"];
        let args = [args.as_slice(), &["--checkpoint", &checkpoint]].concat();
        let (code, output) = run(ranks, "/bin/sh", &args)?;
        assert_ne!(code, Some(0), "{output}");
        let expected = format!("{checkpoint}.new: File too large");
        assert!(output.contains(&expected), "{output}");
        assert_eq!(output.matches("error: ").count(), 1, "{output}");
        assert!(!Path::new(&checkpoint).exists());
    }
    Ok(())
}
