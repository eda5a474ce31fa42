//! The program, with jobs of its own.

use std::path::Path;
use std::time::Duration;

use petsc_rs::prelude::*;
use workshop::relaxometry::{Synthetic, Voxels, read};

use crate::TIMES;

fn run(ranks: usize, args: &[&str]) -> Result<(Option<i32>, String)> {
    let program = Path::new(env!("CARGO_BIN_EXE_t2fit"));
    let outcome = petsc_test::launch(ranks, program, args, Duration::from_secs(60))?;
    assert!(!outcome.timed_out, "{}", outcome.output);
    Ok((outcome.code, outcome.output))
}

#[cfg(petsc_scalar = "real")]
/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn each_method_fits_the_curve_of_the_workshop(_petsc: &Petsc) -> Result<()> {
    for ranks in [1, 2, 3] {
        for kind in ["lmvm", "cg", "bncg", "blmvm"] {
            let (code, output) = run(ranks, &["-tao_type", kind])?;
            assert_eq!(code, Some(0), "{output}");
            assert!(output.contains("amplitude = 0.975, T2 = 85.966 ms"), "{kind}: {output}");
        }
    }
    Ok(())
}

/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn bad_input_is_one_line(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("broken.npy");
    std::fs::write(&file, b"not an array")?;
    let file = file.to_string_lossy().into_owned();
    let image = folder.path().join("four.npy");
    four_echoes(&image, 1.0)?;
    let image = image.to_string_lossy().into_owned();
    for (args, said) in [
        (vec!["--input", &image, "--te", "10,20,30"], "3 echo times for 4 echoes"),
        (
            vec!["--input", &image, "--te", "10,20,20,40"],
            "echo times must increase, and 20 is followed by 20",
        ),
        (vec!["--input", &image, "--te", "10,nan,20,40"], "must be finite"),
        (vec!["--input", &image], "echo times are missing"),
        (vec!["--synthetic", "4", "4", "2", "--smooth", "0.1"], "fits one slice"),
        (vec!["--synthetic", "4", "4", "1", "--smooth", "0"], "above zero"),
        (vec!["--input", "missing.nii"], "missing.nii"),
        (vec!["--input", &file, "--te", "1,2"], "broken.npy"),
        (vec!["--input", "scan.dcm", "--te", "1,2"], "unknown format"),
        (vec!["--t2-min", "9", "--t2-max", "3"], "must be below --t2-max"),
        (vec!["--synthetic", "0", "4", "4"], "positive sizes"),
        (vec!["--model", "tri"], "tri"),
    ] {
        for ranks in [1, 3] {
            let (code, output) = run(ranks, &args)?;
            assert_eq!(code, Some(2), "{args:?}: {output}");
            assert_eq!(
                output.lines().filter(|l| l.contains(said)).count(),
                1,
                "{args:?}: {output}"
            );
        }
    }
    // Voxels without a number are counted, and no map has one.
    for ranks in [1, 3] {
        let (code, output) = run(ranks, &["--input", &image, "--te", "10,20,30,40"])?;
        assert_eq!(code, Some(0), "{output}");
        assert!(output.contains("4 fitted, 0 masked, 2 bad signals"), "{output}");
    }
    Ok(())
}

/// The unit of the signal is in the amplitudes and their errors, and in no other figure.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn small_signals_have_digits(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let medians = |scale: f64| -> Result<Vec<f64>> {
        let image = folder.path().join(format!("{scale}.npy"));
        four_echoes(&image, scale)?;
        let image = image.to_string_lossy().into_owned();
        let (code, output) = run(1, &["--input", &image, "--te", "10,20,30,40"])?;
        assert_eq!(code, Some(0), "{output}");
        let lines = output.lines().filter(|l| l.contains("standard error"));
        let words = lines.flat_map(|l| l.split([' ', ',']));
        Ok(words.filter_map(|word| word.parse().ok()).collect())
    };
    let (usual, small) = (medians(1.0)?, medians(1e-6)?);
    // Amplitude with error, T2 with error.
    assert_eq!((usual.len(), small.len()), (4, 4));
    for (i, (usual, small)) in usual.iter().zip(&small).enumerate() {
        let expected = if i < 2 { 1e-6 * usual } else { *usual };
        assert!((small / expected - 1.0).abs() < 1e-4, "{small} {expected}");
    }
    Ok(())
}

/// Slices read, fitted and written one by one give the maps of the whole image.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn slices_one_by_one_give_the_maps_of_the_whole_image(_petsc: &Petsc) -> Result<()> {
    const SIZE: [usize; 3] = [12, 7, 5];
    let folder = tempfile::tempdir()?;
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let slices: Vec<_> =
        (0..SIZE[2]).map(|z| Synthetic::slice(&TIMES, SIZE[0] * SIZE[1], z, 0.02)).collect();
    // Sixteen bits and a factor, most significant byte first; a voxel in nine is dark.
    let mut bytes = vec![0_u8; 352];
    let mut put = |at: usize, b: &[u8]| bytes[at..at + b.len()].copy_from_slice(b);
    put(0, &348_i32.to_be_bytes());
    for (i, n) in [4, 12, 7, 5, 10, 1, 1, 1_i16].into_iter().enumerate() {
        put(40 + 2 * i, &n.to_be_bytes());
    }
    put(70, &4_i16.to_be_bytes());
    put(72, &16_i16.to_be_bytes());
    for (at, x) in [(80, 2.0_f32), (84, 2.0), (88, 3.0), (108, 352.0), (112, 0.25)] {
        put(at, &x.to_be_bytes());
    }
    put(344, b"n+1\0");
    for e in 0..TIMES.len() {
        for slice in &slices {
            for v in 0..slice.len() {
                let s = if v % 9 == 4 { 0.0 } else { slice.signal(e, v) };
                bytes.extend_from_slice(&((s * 4000.0).round() as i16).to_be_bytes());
            }
        }
    }
    std::fs::write(at("scan.nii"), &bytes)?;
    std::fs::write(at("short.nii"), &bytes[..bytes.len() - 1])?;
    let (scan, whole) = (at("scan.nii"), at("whole"));
    let te = "10,20,40,60,80,120,160,200,240,280";
    let (code, output) = run(1, &["--input", &scan, "--te", te, "--out", &whole])?;
    assert_eq!(code, Some(0), "{output}");
    let said = |text: &str| {
        // Before it, several ranks have their numbers.
        let (_, rest) = text.split_once("12 x 7 x 5 voxels")?;
        rest.lines().next().map(str::to_owned)
    };
    for ranks in [1, 3] {
        let parts = at(&format!("parts{ranks}"));
        let args = ["--input", &scan, "--te", te, "--stream", "--out", &parts];
        let (code, again) = run(ranks, &args)?;
        assert_eq!(code, Some(0), "{again}");
        assert!(said(&output).is_some_and(|l| l.contains("fitted")));
        assert_eq!(said(&output), said(&again));
        let mut maps = 0;
        for file in std::fs::read_dir(&parts)? {
            let name = file?.file_name();
            let [a, b] = [&whole, &parts].map(|f| read(&Path::new(f).join(&name)));
            let (a, b) = (a.expect("a map"), b.expect("a map"));
            assert_eq!((a.size, a.spacing), (b.size, b.spacing));
            assert_eq!(a.size, SIZE);
            let bits = |map: &[f32]| map.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&a.data), bits(&b.data), "{name:?}");
            maps += 1;
        }
        assert_eq!(maps, 6);
        for (file, text) in [("short.nii", "but the header needs"), ("scan.nii.gz", "decompress")] {
            let (code, output) = run(ranks, &["--input", &at(file), "--te", te, "--stream"])?;
            assert_eq!(code, Some(2), "{output}");
            assert_eq!(output.matches(text).count(), 1, "{output}");
        }
    }
    Ok(())
}

/// Two by three voxels, two of them not numbers.
fn four_echoes(path: &Path, scale: f64) -> Result<()> {
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    let mut head = String::from("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3, 4), }");
    while (10 + head.len() + 1) % 64 != 0 {
        head.push(' ');
    }
    head.push('\n');
    bytes.extend_from_slice(&u16::try_from(head.len())?.to_le_bytes());
    bytes.extend_from_slice(head.as_bytes());
    for v in 0..6 {
        for e in 0..4 {
            let wiggle = if e % 2 == 0 { 1.0 } else { -1.0 };
            let s = scale * (100.0 * (-f64::from(e + 1) / f64::from(4 + v)).exp() + wiggle);
            let bad = (v == 1 && e == 0) || (v == 4 && e == 3);
            bytes.extend_from_slice(&(if bad { f64::NAN } else { s }).to_le_bytes());
        }
    }
    std::fs::write(path, bytes)?;
    Ok(())
}
