//! `bridge` finds the same on 1, 2 and 3 ranks: all columns of `modes.csv`, but for the error, to 1e-8 of the eigenvalue;
//! only the sandwich beam does not determine its own so well.

use std::path::Path;
use std::time::Duration;

use petsc_rs::prelude::*;

/// What the program writes: rows of numbers, the error left out.
fn modes(args: &[&str], ranks: usize, folder: &Path) -> Result<Vec<Vec<f64>>> {
    let out = folder.to_string_lossy().into_owned();
    let args: Vec<&str> = args.iter().copied().chain(["--out", &out]).collect();
    let program = Path::new(env!("CARGO_BIN_EXE_bridge"));
    let outcome = petsc_test::launch(ranks, program, &args, Duration::from_secs(250))?;
    let said = &outcome.output;
    assert!(!outcome.timed_out, "it hung:\n{said}");
    assert_eq!(outcome.code, Some(0), "{args:?} on {ranks} ranks: {said}");
    let table = std::fs::read_to_string(folder.join("modes.csv"))?;
    let row = |line: &str| -> Result<Vec<f64>> {
        let mut row =
            line.split(',').map(str::parse).collect::<std::result::Result<Vec<f64>, _>>()?;
        row.pop();
        Ok(row)
    };
    table.lines().skip(1).map(row).collect()
}

/// The same on any number of ranks, to 1e-8. Returns the rows.
fn same(args: &[&str], count: usize) -> Result<Vec<Vec<f64>>> {
    same_to(1e-8, args, count)
}

fn same_to(tolerance: f64, args: &[&str], count: usize) -> Result<Vec<Vec<f64>>> {
    let folder = tempfile::tempdir()?;
    let expected = modes(args, 1, folder.path())?;
    assert_eq!(expected.len(), count, "{args:?}");
    for ranks in [2, 3] {
        let found = modes(args, ranks, folder.path())?;
        assert_eq!(found.len(), count, "{args:?} on {ranks} ranks");
        for (found, expected) in found.iter().zip(&expected) {
            // The number of the mode comes first. Of complex values, both parts and the frequency are as accurate as the
            // modulus, and the damping is a part divided by it.
            let complex = match expected.as_slice() {
                [_, re, im, _, _] => Some(re.hypot(*im)),
                _ => None,
            };
            for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
                let size = match (complex, i) {
                    (Some(_), 4) => 1.0,
                    (Some(modulus), _) => modulus.max(expected.abs()),
                    (None, _) => expected.abs(),
                };
                assert!(
                    (found - expected).abs() <= tolerance * size,
                    "{args:?} on {ranks} ranks: {found:e}, on one {expected:e}"
                );
            }
        }
    }
    Ok(expected)
}

#[petsc_test::test(ranks = [1], isolated, timeout = 900)]
fn the_deck_does_not_depend_on_the_number_of_ranks(_petsc: &Petsc) -> Result<()> {
    let found = same(&["--nx", "40", "--ny", "12", "--nev", "5"], 5)?;
    // π²·(1/10² + 1/3²), but for the grid.
    assert!((found[0][1] - 1.195).abs() < 1e-2, "{:?}", found[0]);
    Ok(())
}

#[petsc_test::test(ranks = [1], isolated, timeout = 900)]
fn plates_do_not_depend_on_the_number_of_ranks(_petsc: &Petsc) -> Result<()> {
    for (material, edges) in [("steel", "SSSS"), ("concrete", "CSFS"), ("steel", "CFFF")] {
        let size = ["--nx", "20", "--ny", "9", "--thickness", "0.2"];
        let plate = ["--plate", material, "--edges", edges, "--nev", "4"];
        same(&[size.as_slice(), &plate].concat(), 4)?;
    }
    Ok(())
}

/// The paths of files among the structures.
fn files<const N: usize>(names: [&str; N]) -> Result<[String; N]> {
    let folder = petsc_test::data_dir()?.join("structures");
    Ok(names.map(|name| {
        let path = folder.join(format!("{name}.mtx"));
        path.to_string_lossy().into_owned()
    }))
}

#[petsc_test::test(ranks = [1], isolated, timeout = 900, needs = petsc_test::data_available)]
fn structures_do_not_depend_on_the_number_of_ranks(_petsc: &Petsc) -> Result<()> {
    let [ck, cm, la, lb] = files(["concrete_K", "concrete_M", "lund_a", "lund_b"])?;
    let [hospital, stiff] = files(["hospital_K", "bcsstk13"])?;
    for (k, m) in [(&ck, Some(&cm)), (&la, Some(&lb)), (&hospital, None), (&stiff, None)] {
        let mut args = vec!["--nev", "3", "--stiffness", k];
        if let Some(m) = m {
            args.extend(["--mass", m]);
        }
        same(&args, 3)?;
    }
    Ok(())
}

/// Its stiffness has entries from 1 to 4e11: changing each by a unit in the last place moves the lowest eigenvalues by up
/// to 1e-4, which is as far as double precision determines them.
#[petsc_test::test(ranks = [1], isolated, timeout = 900, needs = petsc_test::data_available)]
fn the_sandwich_beam_does_not_depend_on_the_number_of_ranks(_petsc: &Petsc) -> Result<()> {
    let names = ["Ke", "M", "Kv"].map(|part| format!("sandwich_beam_3360_{part}"));
    let [ke, m, kv] = files([names[0].as_str(), &names[1], &names[2]])?;
    let structure = ["--stiffness", &ke, "--mass", &m];
    let layer = ["--add", &kv, "--factor", "350.4e3", "--nev", "3"];
    let args = [structure.as_slice(), &layer].concat();
    let found = same_to(2e-4, &args, 3)?;
    for (mode, hertz) in found.iter().zip([20.07, 96.55, 234.70]) {
        assert!((mode[2] - hertz).abs() <= 5e-3, "{mode:?}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1], isolated, timeout = 900, needs = petsc_test::data_available)]
fn damped_modes_do_not_depend_on_the_number_of_ranks(_petsc: &Petsc) -> Result<()> {
    let [ck, cm, cc] = files(["concrete_K", "concrete_M", "concrete_C"])?;
    let [hk, hd] = files(["hospital_K", "hospital_D"])?;
    let concrete = ["--stiffness", &ck, "--mass", &cm, "--damping", &cc];
    let found = same(&[concrete.as_slice(), &["--nev", "3"]].concat(), 3)?;
    // Its dampers creep back slowest.
    // With complex numbers, an imaginary part is zero but for rounding.
    let creeps =
        |mode: &Vec<f64>| (mode[2] / mode[1]).abs() < 1e-12 && (mode[4] - 1.0).abs() < 1e-12;
    assert!(found.iter().all(creeps));
    let found = same(&["--stiffness", &hk, "--damping", &hd, "--nev", "3"], 3)?;
    // Nearly the frequencies without damping.
    for (mode, hertz) in found.iter().zip([0.833, 0.939, 1.216]) {
        assert!((mode[3] - hertz).abs() < 2e-3 && mode[4] < 0.06, "{mode:?}");
    }
    Ok(())
}

petsc_test::main!();
