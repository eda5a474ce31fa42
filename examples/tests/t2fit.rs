//! `t2fit` against scipy's `curve_fit`, its engines against each other, and medians of real images.

use std::path::Path;
use std::time::Duration;

use petsc_rs::prelude::*;
use petsc_test::assert_close;
use workshop::relaxometry::{
    Bounds, Engine, Flag, Maps, Model, Settings, Synthetic, Voxels, fit, read,
};
#[cfg(petsc_scalar = "real")]
use workshop::relaxometry::{Slice, Smoothed, Smoothness, fit_slice};

const TIMES: [f64; 10] = [
    10.0, 20.0, 40.0, 60.0, 80.0, 120.0, 160.0, 200.0, 240.0, 280.0,
];

/// Curves with what scipy makes of them, from examples/reference/t2fit.py.
struct Reference {
    signals: Vec<Vec<f64>>,
    parameters: Vec<Vec<f64>>,
    errors: Vec<Vec<f64>>,
}

impl Voxels for Reference {
    fn len(&self) -> usize {
        self.signals.len()
    }

    fn signal(&self, echo: usize, voxel: usize) -> f64 {
        self.signals[voxel][echo]
    }
}

fn reference(model: &str) -> Reference {
    let text = include_str!("../data/relaxometry/reference.csv");
    let mut all = Reference {
        signals: Vec::new(),
        parameters: Vec::new(),
        errors: Vec::new(),
    };
    for line in text.lines() {
        let Some(numbers) = line.strip_prefix(model).and_then(|l| l.strip_prefix(',')) else {
            continue;
        };
        let numbers: Vec<f64> = numbers
            .split(',')
            .map(|n| n.parse().expect("a number"))
            .collect();
        let n = (numbers.len() - 10) / 2;
        all.signals.push(numbers[..10].to_vec());
        all.parameters.push(numbers[10..10 + n].to_vec());
        all.errors.push(numbers[10 + n..].to_vec());
    }
    all
}

fn settings(model: Model, engine: Engine) -> Settings {
    Settings {
        model,
        engine,
        bounds: Bounds { t2: (1.0, 5000.0) },
        times: TIMES.to_vec(),
    }
}

/// The largest relative difference from scipy among those that it and we call fitted, and their number.
fn compare(
    petsc: &Petsc,
    name: &str,
    model: Model,
    engine: Engine,
    most: usize,
) -> Result<(f64, f64, usize)> {
    let all = reference(name);
    let list: Vec<usize> = (0..all.len().min(most)).collect();
    let mut maps = Maps::new(model, all.len());
    fit(
        petsc.self_comm(),
        &all,
        &list,
        &settings(model, engine),
        &mut maps,
        |_| (),
    )?;
    let (mut worst, mut worst_error, mut n) = (0.0_f64, 0.0_f64, 0);
    for &v in list
        .iter()
        .filter(|v| maps.flags[**v] == Flag::Fitted as u8)
    {
        n += 1;
        for (i, p) in all.parameters[v].iter().enumerate() {
            let rate = model.is_rate(i);
            let expected = if rate { 1.0 / p } else { *p };
            let scale = if i == 2 {
                expected.abs().max(all.parameters[v][0])
            } else {
                expected.abs()
            };
            worst = worst.max((maps.parameters[i][v] - expected).abs() / scale);
            let error = all.errors[v][i] * if rate { expected * expected } else { 1.0 };
            worst_error = worst_error.max((maps.errors[i][v] / error - 1.0).abs());
        }
    }
    Ok((worst, worst_error, n))
}

#[petsc_test::test(ranks = [1])]
fn lanes_find_what_scipy_finds(petsc: &Petsc) -> Result<()> {
    let (worst, error, n) = compare(petsc, "mono", Model::Mono, Engine::Batch, 500)?;
    assert!(
        worst < 1e-6 && error < 1e-5 && n == 500,
        "{worst:e}, {error:e}, {n}"
    );
    let (worst, error, n) = compare(petsc, "offset", Model::Offset, Engine::Batch, 100)?;
    assert!(
        worst < 1e-6 && error < 1e-5 && n > 95,
        "{worst:e}, {error:e}, {n}"
    );
    let (worst, error, n) = compare(petsc, "bi", Model::Bi, Engine::Batch, 50)?;
    assert!(
        worst < 1e-6 && error < 1e-4 && n > 45,
        "{worst:e}, {error:e}, {n}"
    );
    Ok(())
}

#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1])]
fn every_method_of_tao_finds_it_too(petsc: &Petsc) -> Result<()> {
    for kind in ["bnls", "bntr", "tron", "blmvm", "bqnls", "brgn"] {
        petsc.options().scope(|options| {
            options.set("-tao_type", kind)?;
            options.insert_str("-tao_brgn_subsolver_tao_gatol 1e-11")?;
            let (worst, error, n) = compare(petsc, "mono", Model::Mono, Engine::Tao, 60)?;
            assert!(
                worst < 1e-6 && error < 1e-5 && n > 57,
                "{kind}: {worst:e}, {error:e}, {n}"
            );
            Ok(())
        })?;
    }
    let (worst, _, n) = compare(petsc, "mono", Model::Mono, Engine::Tao, 500)?;
    assert!(worst < 1e-6 && n > 490, "{worst:e}, {n}");
    let (worst, _, n) = compare(petsc, "offset", Model::Offset, Engine::Tao, 100)?;
    assert!(worst < 1e-6 && n > 95, "{worst:e}, {n}");
    let (worst, _, n) = compare(petsc, "bi", Model::Bi, Engine::Tao, 50)?;
    assert!(worst < 1e-6 && n > 45, "{worst:e}, {n}");
    Ok(())
}

/// The largest relative difference between the two engines, of parameters and of their errors, over the voxels that both
/// call fitted, and how many these are.
#[cfg(petsc_scalar = "real")]
fn between_engines(petsc: &Petsc, voxels: &dyn Voxels, model: Model) -> Result<(f64, f64, usize)> {
    let list: Vec<usize> = (0..voxels.len()).collect();
    let by = |engine| -> Result<Maps> {
        let mut maps = Maps::new(model, voxels.len());
        let how = settings(model, engine);
        fit(petsc.self_comm(), voxels, &list, &how, &mut maps, |_| ())?;
        Ok(maps)
    };
    let (batch, tao) = (by(Engine::Batch)?, by(Engine::Tao)?);
    let fitted = |v: &usize| [&batch, &tao].map(|m| m.flags[*v]) == [Flag::Fitted as u8; 2];
    let (mut parameters, mut errors, mut n) = (0.0_f64, 0.0_f64, 0);
    for v in list.into_iter().filter(fitted) {
        n += 1;
        for i in 0..model.parameters() {
            let (a, b) = (batch.parameters[i][v], tao.parameters[i][v]);
            // An offset may be next to nothing beside the amplitude.
            let scale = if i == 2 {
                b.abs().max(tao.parameters[0][v])
            } else {
                b.abs()
            };
            parameters = parameters.max((a - b).abs() / scale);
            errors = errors.max((batch.errors[i][v] / tao.errors[i][v] - 1.0).abs());
        }
    }
    Ok((parameters, errors, n))
}

#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1])]
fn both_engines_reach_one_optimum(petsc: &Petsc) -> Result<()> {
    // Curves on which scipy was asked too, and a slice of all amplitudes and T2 with more noise.
    for (name, model, least) in [
        ("mono", Model::Mono, 490),
        ("offset", Model::Offset, 95),
        ("bi", Model::Bi, 45),
    ] {
        let (parameters, errors, n) = between_engines(petsc, &reference(name), model)?;
        assert!(
            parameters < 1e-6 && errors < 1e-4 && n >= least,
            "{name}: {parameters:e}, {errors:e}, {n}"
        );
    }
    let noisy = Synthetic::slice(&TIMES, 800, 7, 0.05);
    let (parameters, errors, n) = between_engines(petsc, &noisy, Model::Mono)?;
    assert!(
        parameters < 1e-6 && errors < 1e-5 && n > 750,
        "{parameters:e}, {errors:e}, {n}"
    );
    Ok(())
}

/// Six hundred voxels of the brain image, with what scipy makes of them.
#[petsc_test::test(ranks = [1], needs = petsc_test::data_available)]
fn a_brain_as_scipy_fits_it(petsc: &Petsc) -> Result<()> {
    let path = petsc_test::data("mri").ok_or("no images")?;
    let scan = read(&path.join("santini_t2dataset.npy")).expect("an image");
    let rows: Vec<Vec<f64>> = include_str!("../data/relaxometry/brain.csv")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .map(|l| l.split(',').map(|n| n.parse().expect("a number")).collect())
        .collect();
    assert_eq!(rows.len(), 600);
    let list: Vec<usize> = rows.iter().map(|r| r[0] as usize).collect();
    let settings = Settings {
        times: vec![10.0, 25.0, 50.0, 90.0, 150.0, 250.0],
        ..settings(Model::Mono, Engine::Batch)
    };
    let mut maps = Maps::new(Model::Mono, scan.len());
    fit(
        petsc.self_comm(),
        &scan,
        &list,
        &settings,
        &mut maps,
        |_| (),
    )?;
    let mut fitted = 0;
    for row in &rows {
        let v = row[0] as usize;
        if maps.flags[v] != Flag::Fitted as u8 {
            continue;
        }
        fitted += 1;
        assert_close!(maps.parameters[0][v], row[1], 1e-6);
        assert_close!(maps.parameters[1][v], 1.0 / row[2], 1e-6);
        assert_close!(maps.errors[0][v], row[3], 1e-5);
        assert_close!(maps.errors[1][v], row[4] / (row[2] * row[2]), 1e-5);
    }
    assert!(fitted > 550, "{fitted}");
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn without_noise_the_truth_comes_back(petsc: &Petsc) -> Result<()> {
    let slice = Synthetic::slice(&TIMES, 333, 5, 0.0);
    let list: Vec<usize> = (0..333).collect();
    let mut maps = Maps::new(Model::Mono, 333);
    fit(
        petsc.self_comm(),
        &slice,
        &list,
        &settings(Model::Mono, Engine::Batch),
        &mut maps,
        |_| (),
    )?;
    for (v, t2) in slice.t2.iter().enumerate() {
        // The signals are 32-bit numbers.
        assert_close!(maps.parameters[1][v], *t2, 1e-6);
        assert_eq!(maps.flags[v], Flag::Fitted as u8);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn nothing_is_ever_nan(petsc: &Petsc) -> Result<()> {
    let all = Reference {
        signals: vec![
            vec![0.0; 10],
            vec![f64::NAN; 10],
            vec![5.0; 10],
            vec![-1.0; 10],
            (0..10).map(|i| f64::from(i % 3)).collect(),
            (0..10).map(|i| f64::from(i) * 1e30).collect(),
            (0..10).map(|i| if i == 0 { 1000.0 } else { 0.0 }).collect(),
        ],
        parameters: Vec::new(),
        errors: Vec::new(),
    };
    let list: Vec<usize> = (0..7).collect();
    for model in [Model::Mono, Model::Offset, Model::Bi] {
        let mut maps = Maps::new(model, 7);
        fit(
            petsc.self_comm(),
            &all,
            &list,
            &settings(model, Engine::Batch),
            &mut maps,
            |_| (),
        )?;
        let every = maps
            .parameters
            .iter()
            .chain(&maps.errors)
            .chain([&maps.r_squared]);
        assert!(every.flatten().all(|v| v.is_finite()), "{maps:?}");
        assert_eq!(maps.flags[1], Flag::BadSignal as u8);
        assert_eq!(maps.flags[3], Flag::BadSignal as u8);
        assert!(
            ![0, 4].iter().any(|&v| maps.flags[v] == Flag::Fitted as u8),
            "{model:?}: {:?}",
            maps.flags
        );
    }
    Ok(())
}

#[petsc_test::test(ranks = [1], needs = petsc_test::data_available)]
fn real_images(petsc: &Petsc) -> Result<()> {
    let (brain, prostate) = ("santini_t2dataset.npy", "bolan_invivo_000198.nii.gz");
    let step: Vec<f64> = (0..10).map(|i| 26.4 + 13.2 * f64::from(i)).collect();
    for (name, times, median) in [
        (brain, vec![10.0, 25.0, 50.0, 90.0, 150.0, 250.0], 61.1),
        (prostate, step, 91.8),
    ] {
        let path = petsc_test::data("mri").ok_or("no images")?.join(name);
        let scan = read(&path).expect("an image");
        assert_eq!(scan.echoes, times.len());
        let threshold = workshop::relaxometry::noise_threshold(&scan, 0.05);
        let list: Vec<usize> = (0..scan.len())
            .filter(|&v| scan.signal(0, v) > threshold)
            .collect();
        let settings = Settings {
            times,
            ..settings(Model::Mono, Engine::Batch)
        };
        let mut maps = Maps::new(Model::Mono, scan.len());
        fit(
            petsc.self_comm(),
            &scan,
            &list,
            &settings,
            &mut maps,
            |_| (),
        )?;
        assert_close!(
            maps.median(&maps.parameters[1]).expect("fitted voxels"),
            median,
            2e-3
        );
    }
    Ok(())
}

#[cfg(petsc_scalar = "real")]
const SIZE: (usize, usize) = (40, 33);

#[cfg(petsc_scalar = "real")]
fn smoothed(petsc: &Petsc, phantom: &Synthetic, chosen: &[bool]) -> Result<Smoothed> {
    smoothed_on(petsc, petsc.world(), phantom, chosen)
}

#[cfg(petsc_scalar = "real")]
fn smoothed_on(
    petsc: &Petsc,
    comm: &Comm,
    phantom: &Synthetic,
    chosen: &[bool],
) -> Result<Smoothed> {
    let slice = Slice {
        voxels: phantom,
        size: SIZE,
        first: 0,
    };
    let smoothness = Smoothness {
        spread: 0.1,
        edge: 1.0,
    };
    let settings = settings(Model::Mono, Engine::Batch);
    fit_slice(petsc, comm, slice, chosen, &settings, smoothness)
}

/// The root of the mean square of the relative errors of T2.
#[cfg(petsc_scalar = "real")]
fn error(map: &[f64], truth: &[f64], at: impl Fn(usize) -> bool) -> f64 {
    let errors: Vec<f64> = (0..map.len())
        .filter(|&v| at(v))
        .map(|v| (map[v] / truth[v] - 1.0).powi(2))
        .collect();
    (errors.iter().sum::<f64>() / errors.len() as f64).sqrt()
}

#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1, 2, 3], timeout = 200)]
fn a_smooth_map_is_closer_to_the_truth(petsc: &Petsc) -> Result<()> {
    let phantom = Synthetic::phantom(&TIMES, SIZE, 0.05);
    let chosen: Vec<bool> = phantom.t2.iter().map(|&t2| t2 > 0.0).collect();
    let found = smoothed(petsc, &phantom, &chosen)?;
    let fitted = |v: usize| found.t2[v] > 0.0;
    assert!((0..chosen.len()).filter(|&v| fitted(v)).count() > 830);
    let separate = error(&found.separate.parameters[1], &phantom.t2, fitted);
    let smooth = error(&found.t2, &phantom.t2, fitted);
    assert!(smooth < 0.65 * separate, "{smooth} {separate}");
    assert_close!(found.noise, 0.05, 0.1);
    // Every method has the same optimum, on any number of ranks.
    for kind in ["blmvm", "tron"] {
        petsc.options().scope(|options| {
            options.set("-tao_type", kind)?;
            let other = smoothed(petsc, &phantom, &chosen)?;
            for (x, y) in other.t2.iter().zip(&found.t2) {
                assert_close!(*x, *y, 1e-6);
            }
            Ok(())
        })?;
    }
    // What one rank finds alone.
    let alone = smoothed_on(petsc, petsc.self_comm(), &phantom, &chosen)?;
    for (x, y) in found.t2.iter().zip(&alone.t2) {
        assert_close!(*x, *y, 1e-6);
    }
    for (x, y) in found.amplitude.iter().zip(&alone.amplitude) {
        assert_close!(*x, *y, 1e-6);
    }
    Ok(())
}

/// Voxels without a number are left out, and so is one where there is nothing.
#[cfg(petsc_scalar = "real")]
#[petsc_test::test(ranks = [1, 2])]
fn holes_in_a_slice_stay_holes(petsc: &Petsc) -> Result<()> {
    let phantom = Synthetic::phantom(&TIMES, SIZE, 0.02);
    let middle = SIZE.0 * (SIZE.1 / 2) + SIZE.0 / 2;
    let chosen: Vec<bool> = (0..phantom.t2.len())
        .map(|v| phantom.t2[v] > 0.0 && v != middle)
        .collect();
    let found = smoothed(petsc, &phantom, &chosen)?;
    assert_eq!((found.t2[middle], found.amplitude[middle]), (0.0, 0.0));
    assert!(found.t2[middle + 1] > 0.0);
    let nothing = vec![false; chosen.len()];
    let error = smoothed(petsc, &phantom, &nothing).expect_err("nothing to fit");
    assert!(error.to_string().contains("no voxel"), "{error}");
    Ok(())
}

fn run(ranks: usize, args: &[&str]) -> Result<(Option<i32>, String)> {
    let program = Path::new(env!("CARGO_BIN_EXE_t2fit"));
    let outcome = petsc_test::launch(ranks, program, args, Duration::from_secs(60))?;
    assert!(!outcome.timed_out, "{}", outcome.output);
    Ok((outcome.code, outcome.output))
}

#[cfg(petsc_scalar = "real")]
/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn the_workshops_curve(_petsc: &Petsc) -> Result<()> {
    for ranks in [1, 2, 3] {
        for kind in ["lmvm", "cg", "bncg", "blmvm"] {
            let (code, output) = run(ranks, &["-tao_type", kind])?;
            assert_eq!(code, Some(0), "{output}");
            assert!(
                output.contains("amplitude = 0.975, T2 = 85.966 ms"),
                "{kind}: {output}"
            );
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
    four_echoes(&image)?;
    let image = image.to_string_lossy().into_owned();
    for (args, said) in [
        (
            vec!["--input", &image, "--te", "10,20,30"],
            "3 echo times for 4 echoes",
        ),
        (
            vec!["--input", &image, "--te", "10,20,20,40"],
            "echo times must increase, and 20 is followed by 20",
        ),
        (
            vec!["--input", &image, "--te", "10,nan,20,40"],
            "must be finite",
        ),
        (vec!["--input", &image], "echo times are missing"),
        (
            vec!["--synthetic", "4", "4", "2", "--smooth", "0.1"],
            "fits one slice",
        ),
        (
            vec!["--synthetic", "4", "4", "1", "--smooth", "0"],
            "above zero",
        ),
        (vec!["--input", "missing.nii"], "missing.nii"),
        (vec!["--input", &file, "--te", "1,2"], "broken.npy"),
        (vec!["--input", "scan.dcm", "--te", "1,2"], "neither .npy"),
        (vec!["--t2-min", "9", "--t2-max", "3"], "no range"),
        (vec!["--synthetic", "0", "4", "4"], "above zero"),
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
        assert!(
            output.contains("4 fitted, 0 masked, 2 bad signals"),
            "{output}"
        );
    }
    Ok(())
}

/// Slices read, fitted and written one by one give the maps of the whole image.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn slice_by_slice(_petsc: &Petsc) -> Result<()> {
    const SIZE: [usize; 3] = [12, 7, 5];
    let folder = tempfile::tempdir()?;
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let slices: Vec<_> = (0..SIZE[2])
        .map(|z| Synthetic::slice(&TIMES, SIZE[0] * SIZE[1], z, 0.02))
        .collect();
    // Sixteen bits and a factor, most significant byte first; a voxel in nine is dark.
    let mut bytes = vec![0_u8; 352];
    let mut put = |at: usize, b: &[u8]| bytes[at..at + b.len()].copy_from_slice(b);
    put(0, &348_i32.to_be_bytes());
    for (i, n) in [4, 12, 7, 5, 10, 1, 1, 1_i16].into_iter().enumerate() {
        put(40 + 2 * i, &n.to_be_bytes());
    }
    put(70, &4_i16.to_be_bytes());
    put(72, &16_i16.to_be_bytes());
    for (at, x) in [
        (80, 2.0_f32),
        (84, 2.0),
        (88, 3.0),
        (108, 352.0),
        (112, 0.25),
    ] {
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
            for (a, b) in a.data.iter().zip(&b.data) {
                assert_close!(f64::from(*b), f64::from(*a), 1e-6);
            }
            maps += 1;
        }
        assert_eq!(maps, 6);
        for (file, text) in [
            ("short.nii", "the header speaks of"),
            ("scan.nii.gz", "unpack"),
        ] {
            let (code, output) = run(ranks, &["--input", &at(file), "--te", te, "--stream"])?;
            assert_eq!(code, Some(2), "{output}");
            assert_eq!(output.matches(text).count(), 1, "{output}");
        }
    }
    Ok(())
}

/// Two by three voxels, two of them not numbers.
fn four_echoes(path: &Path) -> Result<()> {
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
            let s = 100.0 * (-f64::from(e + 1) / f64::from(4 + v)).exp() + wiggle;
            let bad = (v == 1 && e == 0) || (v == 4 && e == 3);
            bytes.extend_from_slice(&(if bad { f64::NAN } else { s }).to_le_bytes());
        }
    }
    std::fs::write(path, bytes)?;
    Ok(())
}

petsc_test::main!();
