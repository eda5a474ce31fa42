//! `bridge` against closed forms and published frequencies, on 1, 2 and 3 ranks, and against bad input.

use std::path::Path;
use std::time::Duration;

use petsc_rs::prelude::*;
use workshop::structure::{self, Edge, Edges, Material, Membrane, Modes, Plate, Problem};

const DECK: Membrane = Membrane { nx: 40, ny: 12, length: 10.0, width: 3.0, speed: 1.0 };

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_deck_has_its_exact_discrete_eigenvalues(petsc: &Petsc) -> Result<()> {
    let problem = DECK.problem(petsc.world())?;
    let found = structure::solve(petsc.world(), &problem, 5)?;
    assert!(found.symmetric && found.massless == 0);
    assert_eq!(found.modes.len(), 5);
    for (mode, exact) in found.modes.iter().zip(DECK.exact(5)) {
        petsc_test::assert_close!(mode.eigenvalue, exact.discrete, 1e-9);
        petsc_test::assert_close!(
            mode.frequency,
            exact.discrete.sqrt() / std::f64::consts::TAU,
            1e-9
        );
        assert!(mode.error < 1e-9);
    }
    Ok(())
}

/// A wrong mass, such as `hx·hx`, would be off by 6 % here.
#[petsc_test::test(ranks = [1, 2])]
fn the_grid_is_of_second_order(petsc: &Petsc) -> Result<()> {
    let mut errors = Vec::new();
    for fold in [1, 2, 4] {
        let deck = Membrane { nx: 20 * fold - 1, ny: 6 * fold - 1, ..DECK };
        let problem = deck.problem(petsc.world())?;
        let found = structure::solve(petsc.world(), &problem, 1)?;
        let pi2 = std::f64::consts::PI.powi(2);
        let continuum = pi2 / 100.0 + pi2 / 9.0;
        errors.push((found.modes[0].eigenvalue - continuum).abs());
    }
    for pair in errors.windows(2) {
        let order = (pair[0] / pair[1]).log2();
        assert!((order - 2.0).abs() < 0.05, "order {order} by {errors:?}");
    }
    Ok(())
}

/// The shape of the lowest mode is a product of sines, of norm 1 in the sense of the mass.
#[petsc_test::test(ranks = [1, 2, 3])]
fn the_lowest_shape_is_a_product_of_sines(petsc: &Petsc) -> Result<()> {
    let problem = DECK.problem(petsc.world())?;
    let found = structure::solve(petsc.world(), &problem, 1)?;
    let shape = found.modes[0].shape.main();
    let scale = 2.0 / (DECK.length * DECK.width).sqrt();
    let nx = Int::try_from(DECK.nx)?;
    for (i, value) in shape.ownership_range()?.zip(shape.array()?.iter()) {
        let wave =
            |i: Int, n: usize| ((i + 1) as f64 * std::f64::consts::PI / (n + 1) as f64).sin();
        let expected = scale * wave(i % nx, DECK.nx) * wave(i / nx, DECK.ny);
        assert!((value.modulus() - expected).abs() < 1e-9, "{value} {expected}");
    }
    Ok(())
}

/// Of side 1 and of a stiffness and a mass such that `ω` is the number of the literature.
fn square(n: usize, edges: &str) -> Result<Plate> {
    let poisson = 0.3_f64;
    Ok(Plate {
        nx: n,
        ny: n,
        length: 1.0,
        width: 1.0,
        thickness: 0.01,
        material: Material {
            young: 12.0 * (1.0 - poisson * poisson) / 1e-6,
            poisson,
            density: 100.0,
        },
        edges: edges.parse()?,
    })
}

fn plate_modes(petsc: &Petsc, plate: &Plate, count: usize) -> Result<Modes> {
    let problem = plate.problem(&plate.sheet(petsc.world())?)?;
    structure::solve(petsc.world(), &problem, count)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_supported_plate_has_its_exact_discrete_eigenvalues(petsc: &Petsc) -> Result<()> {
    for (nx, ny) in [(17, 9), (4, 6)] {
        let plate = Plate {
            nx,
            ny,
            length: 12.0,
            width: 5.0,
            thickness: 0.2,
            material: Material::STEEL,
            edges: Edges::all(Edge::Supported),
        };
        let found = plate_modes(petsc, &plate, 5)?;
        assert!(found.symmetric && found.massless == 0);
        for (mode, exact) in found.modes.iter().zip(plate.exact(5).ok_or("known")?) {
            petsc_test::assert_close!(mode.eigenvalue, exact.discrete, 1e-9);
        }
    }
    Ok(())
}

/// `f = π/2·√(D/ρh)·(1/a² + 1/b²)`, approached by the square of the spacing.
#[petsc_test::test(ranks = [1, 2])]
fn a_supported_plate_is_of_second_order_in_hertz(petsc: &Petsc) -> Result<()> {
    let mut errors = Vec::new();
    for fold in [1, 2, 4] {
        let plate = Plate {
            nx: 12 * fold - 1,
            ny: 5 * fold - 1,
            length: 12.0,
            width: 5.0,
            thickness: 0.2,
            material: Material::CONCRETE,
            edges: "SSSS".parse()?,
        };
        let found = plate_modes(petsc, &plate, 1)?.modes[0].frequency;
        // Written out: 33 GPa, nu 0.2, 2500 kg/m³.
        let rigidity: f64 = 33e9 * 0.008 / (12.0 * 0.96);
        let hertz =
            std::f64::consts::FRAC_PI_2 * (rigidity / 500.0).sqrt() * (1.0 / 144.0 + 1.0 / 25.0);
        errors.push((found - hertz).abs());
    }
    for pair in errors.windows(2) {
        let order = (pair[0] / pair[1]).log2();
        assert!((order - 2.0).abs() < 0.1, "order {order} by {errors:?}");
    }
    Ok(())
}

/// Frequencies of square plates with `ν = 0.3`, from Leissa's tables and later ones with more digits; two grids and
/// Richardson's rule for an error that falls as the square of the spacing.
#[petsc_test::test(ranks = [1, 2, 3], timeout = 120)]
fn square_plates_have_the_frequencies_of_the_literature(petsc: &Petsc) -> Result<()> {
    let cases: [(&str, usize, &[f64]); 5] = [
        ("CCCC", 0, &[35.985, 73.394, 73.394, 108.22]),
        ("SFSF", 0, &[3.367, 17.316, 19.293]),
        ("SSFF", 0, &[9.631, 16.135, 36.726]),
        ("CFFF", 0, &[3.471, 8.507, 21.285]),
        ("FFFF", 3, &[13.468, 19.596, 24.270]),
    ];
    for (edges, rigid, expected) in cases {
        let mut found = Vec::new();
        for n in [15, 31] {
            let modes = plate_modes(petsc, &square(n, edges)?, rigid + expected.len())?;
            assert!(modes.symmetric, "{edges}");
            let omega = |value: &f64| value.abs().sqrt();
            let values: Vec<f64> = modes.modes.iter().map(|m| m.eigenvalue).collect();
            for value in &values[..rigid] {
                assert!(value.abs() < 1e-5, "{edges}: a rigid motion has {value}");
            }
            let values: Vec<f64> = values[rigid..].iter().map(omega).collect();
            found.push(values);
        }
        for ((coarse, fine), expected) in found[0].iter().zip(&found[1]).zip(expected) {
            let limit = fine + (fine - coarse) / 3.0;
            let error = (limit / expected - 1.0).abs();
            assert!(error < 3e-3, "{edges}: {coarse} {fine} {limit} not {expected}");
            assert!((fine / expected - 1.0).abs() < 0.02, "{edges}: {fine} not {expected}");
        }
    }
    Ok(())
}

/// Whatever is linear in `x` and `y` costs no energy; the product of both, a twist, does.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_free_plate_moves_and_turns_without_energy(petsc: &Petsc) -> Result<()> {
    let plate = Plate { ny: 6, width: 0.7, ..square(9, "FFFF")? };
    let sheet = plate.sheet(petsc.world())?;
    let problem = plate.problem(&sheet)?;
    let scale = problem.stiffness.norm(Norm::Infinity)?;
    let (hx, hy) = (0.1, 0.1);
    let energy = |shape: fn(f64, f64) -> f64| -> Result<f64> {
        let mut u = sheet.grid().create_global_vector()?;
        for (i, j) in sheet.grid().corners()?.points() {
            let value = shape(hx * i as f64, hy * j as f64);
            sheet.grid().array_mut(&mut u)?[(i, j)] = Scalar::from_real(value);
        }
        let mut f = u.duplicate()?;
        problem.stiffness.mult(&u, &mut f)?;
        Ok(f.dot(&u)?.real())
    };
    let rigid: [fn(f64, f64) -> f64; 3] = [|_, _| 1.0, |x, _| x, |_, y| y];
    for shape in rigid {
        assert!(energy(shape)?.abs() < 1e-12 * scale);
    }
    // By hand: a twist, `D·2(1-ν)·area` on any grid; and a cylinder, `D·κ²` on nine tenths of the length, less `ν²` of it
    // along the free sides, where the plate bends back across.
    petsc_test::assert_close!(energy(|x, y| x * y)?, 2.0 * 0.7 * 0.7, 1e-9);
    let bent = 4.0 * 0.9 * (0.6 + 0.1 * 0.91);
    petsc_test::assert_close!(energy(|x, _| x * x)?, bent, 1e-9);
    Ok(())
}

fn structure(petsc: &Petsc, k: &str, m: Option<&str>) -> Result<Modes> {
    let folder = petsc_test::data_dir()?.join("structures");
    let file = |name: &str| folder.join(format!("{name}.mtx"));
    let problem = Problem::read(petsc.world(), &file(k), m.map(file).as_deref())?;
    structure::solve(petsc.world(), &problem, 3)
}

fn check(found: &[f64], expected: [f64; 3], digit: f64) {
    assert_eq!(found.len(), 3);
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= digit, "{found} instead of {expected}");
    }
}

fn hertz(modes: &Modes) -> Vec<f64> {
    modes.modes.iter().map(|m| m.frequency).collect()
}

#[petsc_test::test(ranks = [1, 2, 3], needs = petsc_test::data_available)]
fn the_concrete_structure_has_its_published_frequencies(petsc: &Petsc) -> Result<()> {
    let found = structure(petsc, "concrete_K", Some("concrete_M"))?;
    assert_eq!((found.symmetric, found.massless), (true, 997));
    check(&hertz(&found), [4.309, 4.447, 5.719], 5e-4);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3], needs = petsc_test::data_available)]
fn the_lund_pair_has_its_published_eigenvalues(petsc: &Petsc) -> Result<()> {
    let found = structure(petsc, "lund_a", Some("lund_b"))?;
    let values: Vec<f64> = found.modes.iter().map(|m| m.eigenvalue).collect();
    check(&values, [208.237, 574.256, 1399.128], 5e-4);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3], needs = petsc_test::data_available)]
fn the_hospital_building_has_its_published_frequencies(petsc: &Petsc) -> Result<()> {
    let found = structure(petsc, "hospital_K", None)?;
    assert!(!found.symmetric, "its stiffness is off by a hundredth");
    check(&hertz(&found), [0.833, 0.939, 1.216], 5e-4);
    Ok(())
}

/// The elastic faces, and a viscoelastic core of 350.4 kPa.
#[petsc_test::test(ranks = [1, 2, 3], needs = petsc_test::data_available)]
fn the_sandwich_beam_has_its_published_frequencies(petsc: &Petsc) -> Result<()> {
    let folder = petsc_test::data_dir()?.join("structures");
    let file = |part: &str| folder.join(format!("sandwich_beam_3360_{part}.mtx"));
    let mut problem = Problem::read(petsc.world(), &file("Ke"), Some(&file("M")))?;
    problem.add_stiffness(&file("Kv"), 350.4e3)?;
    let found = structure::solve(petsc.world(), &problem, 3)?;
    check(&hertz(&found), [20.07, 96.55, 234.70], 5e-3);
    Ok(())
}

/// Published with as many digits as are written here; the mass is 1.
#[petsc_test::test(ranks = [1, 2, 3], needs = petsc_test::data_available)]
fn the_boeing_matrices_have_their_published_eigenvalues(petsc: &Petsc) -> Result<()> {
    for (name, expected, digit) in
        [("bcsstk01", 3417.27, 5e-3), ("bcsstk02", 4.2141, 5e-5), ("bcsstk13", 284.33, 5e-3)]
    {
        let found = structure(petsc, name, None)?;
        let value = found.modes[0].eigenvalue;
        assert!((value - expected).abs() <= digit, "{name}: {value}");
    }
    Ok(())
}

/// MUMPS counts negative pivots of real matrices on any number of ranks; PETSc itself on one.
fn can_count() -> std::result::Result<(), String> {
    if cfg!(petsc_scalar = "complex") {
        return Err("negative pivots are counted of real numbers".into());
    }
    if cfg!(petsc_have_mumps) {
        Ok(())
    } else {
        Err("on several ranks, MUMPS counts negative pivots".into())
    }
}

/// The square plate has many frequencies twice.
#[petsc_test::test(ranks = [1, 2, 3], needs = can_count)]
fn no_mode_of_an_interval_is_missing(petsc: &Petsc) -> Result<()> {
    let plate = square(15, "SSSS")?;
    let problem = plate.problem(&plate.sheet(petsc.world())?)?;
    let hertz = |omega2: f64| omega2.sqrt() / std::f64::consts::TAU;
    let exact = plate.exact(15 * 15).ok_or("known")?;
    let ends = (40.0, 60.0);
    let inside: Vec<f64> =
        exact.iter().map(|e| hertz(e.discrete)).filter(|f| (ends.0..ends.1).contains(f)).collect();
    let slice = structure::solve_interval(petsc, &problem, ends)?;
    assert_eq!(inside.len(), 9, "counted by the closed form");
    assert_eq!(slice.below, (17, 26));
    assert_eq!(slice.modes.modes.len(), 9);
    for (mode, expected) in slice.modes.modes.iter().zip(inside) {
        petsc_test::assert_close!(mode.frequency, expected, 1e-9);
    }
    Ok(())
}

/// From 0 Hz on, with the three motions that do not bend it.
#[petsc_test::test(ranks = [1, 2, 3], needs = can_count)]
fn an_interval_from_zero_has_the_rigid_motions(petsc: &Petsc) -> Result<()> {
    let plate = square(9, "FFFF")?;
    let problem = plate.problem(&plate.sheet(petsc.world())?)?;
    let slice = structure::solve_interval(petsc, &problem, (0.0, 3.5))?;
    // 13.5, 19.6 and 24.3 by 2π are 2.1, 3.1 and 3.9 Hz.
    assert_eq!(slice.below, (0, 5));
    let rigid = slice.modes.modes.iter().filter(|m| m.eigenvalue.abs() < 1e-5);
    assert_eq!((rigid.count(), slice.modes.modes.len()), (3, 5));
    Ok(())
}

/// A singular mass matrix, and the frequencies of the README beside it.
#[petsc_test::test(ranks = [1, 2], needs = can_count_in_data)]
fn an_interval_of_a_structure_has_the_same_frequencies(petsc: &Petsc) -> Result<()> {
    let folder = petsc_test::data_dir()?.join("structures");
    let file = |name: &str| folder.join(format!("concrete_{name}.mtx"));
    let problem = Problem::read(petsc.world(), &file("K"), Some(&file("M")))?;
    let slice = structure::solve_interval(petsc, &problem, (1.0, 6.0))?;
    assert_eq!((slice.below.0, slice.modes.massless), (0, 997));
    check(&hertz(&slice.modes)[..3], [4.309, 4.447, 5.719], 5e-4);
    Ok(())
}

fn can_count_in_data() -> std::result::Result<(), String> {
    can_count().and_then(|()| petsc_test::data_available())
}

/// Where PETSc has no MUMPS, one rank can count by PETSc's own factorization.
#[petsc_test::test(ranks = [1])]
fn where_modes_cannot_be_counted_it_says_why(petsc: &Petsc) -> Result<()> {
    let problem = DECK.problem(petsc.world())?;
    let slice = structure::solve_interval(petsc, &problem, (0.0, 0.28));
    if cfg!(petsc_scalar = "complex") {
        let error = slice.expect_err("it cannot count");
        assert!(error.to_string().contains("real scalars"), "{error}");
        return Ok(());
    }
    let slice = slice?;
    assert_eq!(slice.modes.modes.len(), 4);
    for (mode, exact) in slice.modes.modes.iter().zip(DECK.exact(4)) {
        petsc_test::assert_close!(mode.eigenvalue, exact.discrete, 1e-9);
    }
    Ok(())
}

/// With `C = 2·α·M`, the modes of the membrane have `λ² + 2·α·λ + ω² = 0`.
#[petsc_test::test(ranks = [1, 2, 3])]
fn damping_in_proportion_to_the_mass_has_its_closed_form(petsc: &Petsc) -> Result<()> {
    let alpha = 0.05;
    let problem = DECK.problem(petsc.world())?;
    let mass = problem.mass.as_ref().ok_or("the mass")?;
    let mut damping = mass.duplicate_with_values()?;
    damping.scale(Scalar::from_real(2.0 * alpha))?;
    let (modes, _) = structure::solve_damped(petsc.world(), &problem, &damping, 3)?;
    assert_eq!(modes.len(), 3);
    for (mode, exact) in modes.iter().zip(DECK.exact(3)) {
        let omega = exact.discrete.sqrt();
        petsc_test::assert_close!(mode.value.re, -alpha, 1e-9);
        petsc_test::assert_close!(mode.value.im, (omega * omega - alpha * alpha).sqrt(), 1e-9);
        petsc_test::assert_close!(mode.ratio, alpha / omega, 1e-9);
        petsc_test::assert_close!(mode.frequency, mode.value.im / std::f64::consts::TAU, 1e-12);
        assert!(mode.error < 1e-9);
    }
    Ok(())
}

fn run_program(args: &[&str], ranks: usize) -> Result<(Option<i32>, String)> {
    let program = Path::new(env!("CARGO_BIN_EXE_bridge"));
    let outcome = petsc_test::launch(ranks, program, args, Duration::from_secs(30))?;
    assert!(!outcome.timed_out, "it hung:\n{}", outcome.output);
    Ok((outcome.code, outcome.output))
}

/// A chain of equal masses between two walls, in Matrix Market files, and `ω² = 4k/m·sin²(jπ/2(n+1))` of its modes.
struct Chain {
    links: usize,
    stiffness: f64,
    mass: f64,
}

impl Chain {
    fn write(&self, folder: &Path) -> Result<[String; 2]> {
        let n = self.links;
        let entries = |list: &[(usize, usize, f64)]| {
            let mut text =
                format!("%%MatrixMarket matrix coordinate real general\n{n} {n} {}\n", list.len());
            for (i, j, value) in list {
                text += &format!("{i} {j} {value:e}\n");
            }
            text
        };
        let (mut k, mut m) = (Vec::new(), Vec::new());
        for i in 1..=n {
            k.push((i, i, 2.0 * self.stiffness));
            m.push((i, i, self.mass));
            if i > 1 {
                k.extend([(i, i - 1, -self.stiffness), (i - 1, i, -self.stiffness)]);
            }
        }
        let write = |name: &str, list: &[(usize, usize, f64)]| -> Result<String> {
            let path = folder.join(name);
            std::fs::write(&path, entries(list))?;
            Ok(path.to_string_lossy().into_owned())
        };
        Ok([write("k.mtx", &k)?, write("m.mtx", &m)?])
    }

    /// `j` counts from 1.
    fn omega2(&self, j: usize) -> f64 {
        let angle = j as f64 * std::f64::consts::FRAC_PI_2 / (self.links + 1) as f64;
        4.0 * self.stiffness / self.mass * angle.sin().powi(2)
    }
}

/// The rows of the table of modes, as words.
fn rows(output: &str) -> Vec<Vec<&str>> {
    let table = output.lines().skip_while(|l| !l.starts_with("mode"));
    table.skip(1).map(|l| l.split_whitespace().collect()).collect()
}

#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn small_frequencies_have_their_digits(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    // Some µHz: by soft springs, and by masses that are larger by 14 orders than stiff ones.
    for (stiffness, mass) in [(1.0, 1e10), (1e3, 1e14)] {
        let chain = Chain { links: 10, stiffness, mass };
        let [k, m] = chain.write(folder.path())?;
        let args = ["--stiffness", &k, "--mass", &m, "--nev", "3"];
        let (code, output) = run_program(&args, 1)?;
        assert_eq!(code, Some(0), "{output}");
        assert!(!output.contains("within the tolerance"), "{output}");
        let rows = rows(&output);
        assert_eq!(rows.len(), 3, "{output}");
        for (j, row) in rows.iter().enumerate() {
            let number = |i: usize| row[i].parse::<f64>().map_err(|e| e.to_string());
            let omega2 = chain.omega2(j + 1);
            petsc_test::assert_close!(number(1)?, omega2, 1e-9);
            let hertz = omega2.sqrt() / std::f64::consts::TAU;
            petsc_test::assert_close!(number(2)?, hertz, 1e-8);
            // Of the eigenvalue, whatever the unit of mass.
            assert!(number(3)? < 1e-11, "{output}");
        }
    }
    // Nothing holds a free plate.
    let plate = ["--plate", "steel", "--edges", "FFFF", "--nx", "8", "--ny", "8"];
    let (code, output) = run_program(&[plate.as_slice(), &["--nev", "4"]].concat(), 1)?;
    assert_eq!(code, Some(0), "{output}");
    assert!(!output.contains("-0.0"), "{output}");
    let expected = ["0", "0", "moves", "without", "bending"];
    let rows = rows(&output);
    assert!(rows[..3].iter().all(|row| row[1..] == expected), "{output}");
    assert!(rows[3][1].parse::<f64>().is_ok_and(|v| v > 1.0), "{output}");
    Ok(())
}

#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn a_structure_that_buckles_is_called_so(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let chain = Chain { links: 10, stiffness: -2.0, mass: 1e3 };
    let [k, m] = chain.write(folder.path())?;
    let args = ["--stiffness", &k, "--mass", &m, "--nev", "2"];
    for ranks in [1, 2] {
        let (code, output) = run_program(&args, ranks)?;
        assert_eq!(code, Some(0), "{output}");
        let text = "2 modes have a negative omega²";
        assert!(output.contains(text), "{output}");
    }
    let (_, output) = run_program(&args, 1)?;
    let rows = rows(&output);
    // The lowest first.
    for (row, j) in rows.iter().zip([2, 1]) {
        let value: f64 = row[1].parse().map_err(|_| row.join(" "))?;
        petsc_test::assert_close!(value, chain.omega2(j), 1e-9);
        assert_eq!((row[2], row[4]), ("-", "buckles:"), "{output}");
    }
    assert_eq!(rows.len(), 2);
    // A shape that does not swing has no answer to a motion of the ground.
    let ground = folder.path().join("ground.txt");
    std::fs::write(&ground, "0 0\n1 1\n")?;
    let ground = ground.to_string_lossy().into_owned();
    let args = ["--stiffness", &k, "--mass", &m, "--ground", &ground];
    let (code, output) = run_program(&args, 1)?;
    assert_eq!(code, Some(2), "{output}");
    assert!(output.contains("so the structure buckles"), "{output}");
    // Far from the modes that were asked for.
    let head = "%%MatrixMarket matrix coordinate real general\n3 3 3\n";
    std::fs::write(&k, format!("{head}1 1 2.0\n2 2 -1e6\n3 3 3.0\n"))?;
    let (code, output) = run_program(&["--stiffness", &k, "--nev", "2"], 1)?;
    assert_eq!(code, Some(0), "{output}");
    assert!(output.contains("in modes that are not listed"), "{output}");
    Ok(())
}

/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn the_program_prints_and_writes_its_modes(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().to_string_lossy().into_owned();
    for ranks in [1, 2] {
        let args = ["--nx", "40", "--ny", "12", "--nev", "3", "--out", &out];
        let (code, output) = run_program(&args, ranks)?;
        assert_eq!(code, Some(0), "{output}");
        assert!(output.contains("krylovschur + sinvert"), "{output}");
        let table = std::fs::read_to_string(folder.path().join("modes.csv"))?;
        assert_eq!(table.lines().count(), 4);
        for (line, exact) in table.lines().skip(1).zip(DECK.exact(3)) {
            let value: f64 = line.split(',').nth(1).ok_or("a value")?.parse()?;
            petsc_test::assert_close!(value, exact.discrete, 1e-9);
        }
    }
    // Another inner solver by option.
    let options =
        ["--nev", "2", "-st_ksp_type", "cg", "-st_pc_type", "jacobi", "-st_ksp_rtol", "1e-13"];
    let (code, output) = run_program(&options, 2)?;
    assert_eq!(code, Some(0), "{output}");
    assert!(output.contains("cg + jacobi"), "{output}");
    Ok(())
}

#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn bad_input_is_one_line_and_exit_code_2(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = |name: &str, text: &str| -> Result<String> {
        let path = folder.path().join(name);
        std::fs::write(&path, text)?;
        Ok(path.to_string_lossy().into_owned())
    };
    let head = "%%MatrixMarket matrix coordinate real general\n";
    let k = path("k.mtx", &format!("{head}2 2 2\n1 1 2.0\n2 2 3.0\n"))?;
    let wide = path("wide.mtx", &format!("{head}2 3 1\n1 1 2.0\n"))?;
    let m3 = path("m3.mtx", &format!("{head}3 3 1\n1 1 2.0\n"))?;
    let m1 = path("m1.mtx", &format!("{head}2 2 1\n1 1 2.0\n"))?;
    let torn = path("torn.mtx", &format!("{head}2 2 2\n1 1 2.0\n"))?;
    for ranks in [1, 3] {
        let checks: [(&[&str], &str); 12] = [
            (&["--interval", "3"], "two frequencies"),
            (&["--interval", "3,2"], "the lower one first"),
            (&["--plate", "steel", "--edges", "CCX"], "four letters"),
            (&["--plate", "wood"], "possible values: steel, concrete"),
            (&["--edges", "CCCC"], "--plate"),
            (&["--stiffness", &wide], "2 x 3"),
            (&["--stiffness", &k, "--mass", &m3, "--nev", "1"], "3 rows"),
            (&["--stiffness", &k, "--mass", &m1, "--nev", "2"], "1 unknowns with mass"),
            (&["--stiffness", &torn], "torn.mtx"),
            (&["--stiffness", "/nonexistent.mtx"], "nonexistent.mtx"),
            (&["--width", "0"], "positive"),
            (&["--nx", "3", "--ny", "2", "--nev", "7"], "7 modes were requested"),
        ];
        for (args, expected) in checks {
            let (code, output) = run_program(args, ranks)?;
            assert_eq!(code, Some(2), "{args:?}: {output}");
            assert_eq!(output.matches("error: ").count(), 1, "{output}");
            assert!(output.contains(expected), "no {expected:?} in {output}");
        }
    }
    // More ranks than points along a side.
    let (code, output) = run_program(&["--nx", "2", "--ny", "1", "--nev", "1"], 5)?;
    assert_eq!(code, Some(2), "{output}");
    assert!(output.contains("2 x 1 points cannot be divided"), "{output}");
    Ok(())
}

petsc_test::main!();
