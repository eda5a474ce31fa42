//! `wave` against a mode whose leapfrog is known in closed form, against itself on other numbers of ranks and
//! after a restart, and against the workshop's sponge.

use std::f64::consts::PI;

use petsc_rs::prelude::*;
use petsc_test::assert_close;
use workshop::wave::{Medium, Settings, Source, Wave, Wavelet, sponge};

fn settings(nx: usize, ny: usize) -> Settings {
    Settings {
        points: (nx, ny),
        length: (1000.0, 600.0),
        dt: 0.002,
        medium: Medium::Uniform(1500.0),
        sponge: (0, 0.0),
        source: None,
        receivers: Vec::new(),
    }
}

/// The mode (2, 1), which is zero one cell beyond the grid.
fn mode(nx: usize, ny: usize) -> impl Fn(usize, usize) -> f64 + Clone {
    let sine = |k: f64, i: usize, n: usize| (k * PI * (i + 1) as f64 / (n + 1) as f64).sin();
    move |i, j| sine(2.0, i, nx) * sine(1.0, j, ny)
}

/// By leapfrog, a mode keeps its shape and turns by `θ` a step, where `sin²(θ/2) = (c·dt/2)²·μ` for the
/// eigenvalue `μ` of the five-point formula.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_mode_swings_as_its_formula_says(petsc: &Petsc) -> Result<()> {
    let (nx, ny) = (41, 25);
    let settings = settings(nx, ny);
    let (dx, dy) = settings.spacing();
    let half = |k: f64, n: usize| (k * PI / (2.0 * (n + 1) as f64)).sin();
    let mu = 4.0 * ((half(2.0, nx) / dx).powi(2) + (half(1.0, ny) / dy).powi(2));
    let theta = 2.0 * (0.5 * 1500.0 * settings.dt * mu.sqrt()).asin();
    let shape = mode(nx, ny);
    let mut wave = Wave::new(petsc.world(), settings)?;
    let before = shape.clone();
    wave.set_state(&shape, |i, j| theta.cos() * before(i, j))?;
    let steps = 150;
    for _ in 0..steps {
        wave.advance()?;
    }
    let expected = (f64::from(steps) * theta).cos();
    for (place, value) in wave.gather()?.iter().enumerate() {
        assert_close!(
            *value,
            expected * shape(place % nx, place / nx),
            1e-10,
            1e-11
        );
    }
    Ok(())
}

/// Halving the cells and the step quarters the distance to the continuous standing wave.
#[petsc_test::test(ranks = [1, 2])]
fn the_scheme_is_of_second_order(petsc: &Petsc) -> Result<()> {
    let error = |cells: usize| {
        let (nx, ny) = (2 * cells - 1, cells - 1);
        let mut settings = settings(nx, ny);
        // The zero lies one cell beyond: 2000 m by 1000 m from there to there.
        let h = 1000.0 / cells as f64;
        settings.length = (h * (nx - 1) as f64, h * (ny - 1) as f64);
        settings.dt = 0.2 * h / 1500.0;
        let omega = 1500.0 * PI * (2.0_f64 / 1000.0 / 1000.0).sqrt();
        let (shape, dt) = (mode(nx, ny), settings.dt);
        let mut wave = Wave::new(petsc.world(), settings)?;
        let before = shape.clone();
        wave.set_state(&shape, |i, j| (omega * dt).cos() * before(i, j))?;
        let steps = 10 * cells;
        for _ in 0..steps {
            wave.advance()?;
        }
        let expected = (omega * dt * steps as f64).cos();
        let worst = wave
            .gather()?
            .iter()
            .enumerate()
            .fold(0.0_f64, |worst, (place, value)| {
                worst.max((value - expected * shape(place % nx, place / nx)).abs())
            });
        Ok::<_, Error>(worst)
    };
    let (coarse, fine, finest) = (error(16)?, error(32)?, error(64)?);
    for ratio in [coarse / fine, fine / finest] {
        assert!((3.7..4.3).contains(&ratio), "{coarse} {fine} {finest}");
    }
    Ok(())
}

fn shaken(nx: usize, ny: usize) -> Settings {
    Settings {
        sponge: (6, 2.0),
        source: Some(Source {
            at: (nx / 5, ny / 2),
            wavelet: Wavelet::Ricker,
            amplitude: 1.0,
            frequency: 25.0,
        }),
        receivers: vec![(4 * nx / 5, ny / 2), (0, 0), (nx / 2, ny - 1)],
        ..settings(nx, ny)
    }
}

/// By numpy, `reference/wave.py`: sums of |u| and of i·u after 200 steps, and the receiver's value.
#[petsc_test::test(ranks = [1, 2, 3])]
fn a_shaken_ground_is_that_of_numpy(petsc: &Petsc) -> Result<()> {
    let mut wave = Wave::new(petsc.world(), shaken(53, 31))?;
    for _ in 0..200 {
        wave.advance()?;
    }
    let u = wave.gather()?;
    let absolute: f64 = u.iter().map(|v| v.abs()).sum();
    let moment: f64 = u.iter().enumerate().map(|(k, v)| (k % 53) as f64 * v).sum();
    let trace = wave.traces()?;
    assert_close!(absolute, ABSOLUTE, 1e-9);
    assert_close!(moment, MOMENT, 1e-9, 1e-14);
    assert_close!(trace[0][199], RECEIVED, 1e-9, 1e-16);
    assert_eq!(trace[0].len(), 200);
    Ok(())
}

const ABSOLUTE: f64 = 0.001_254_255_154_169_907_4;
const MOMENT: f64 = -0.000_161_079_616_009_376_6;
const RECEIVED: f64 = -1.448_778_824_090_176_4e-8;

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_restart_goes_on_as_if_nothing_had_been(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!(
        "wave-{}-{}.chk",
        comm.size(),
        shared_number(petsc)?
    ));
    let mut whole = Wave::new(comm, shaken(53, 31))?;
    for step in 0..120 {
        if step == 70 {
            whole.save(&file)?;
        }
        whole.advance()?;
    }
    let mut rest = Wave::new(comm, shaken(53, 31))?;
    rest.restore(&file)?;
    assert_eq!(rest.step(), 70);
    while rest.step() < 120 {
        rest.advance()?;
    }
    assert_eq!(rest.gather()?, whole.gather()?, "bit by bit");
    assert_eq!(rest.traces()?, whole.traces()?);
    let mut other = Wave::new(comm, shaken(40, 31))?;
    let error = other.restore(&file).expect_err("another grid");
    assert!(error.to_string().contains("53 x 31 points"), "{error}");
    petsc.collect_garbage()?;
    if comm.size() > 1 {
        // One rank alone goes on from what all have written.
        let mut alone = Wave::new(petsc.self_comm(), shaken(53, 31))?;
        alone.restore(&file)?;
        while alone.step() < 120 {
            alone.advance()?;
        }
        assert_eq!(alone.gather()?, whole.gather()?, "on any number of ranks");
    }
    comm.barrier()?;
    if comm.rank() == 0 {
        std::fs::remove_file(&file)?;
    }
    Ok(())
}

/// Rank 0's process number.
fn shared_number(petsc: &Petsc) -> Result<u32> {
    use mpi::traits::{Communicator as _, Root as _};
    let mut number = std::process::id();
    petsc
        .world()
        .mpi()
        .process_at_rank(0)
        .broadcast_into(&mut number);
    Ok(number)
}

/// The workshop takes the place of an entry in PETSc's order for its place in the grid. On one rank these agree;
/// on more, its sponge lies across the middle.
#[petsc_test::test(ranks = [1, 3])]
fn the_sponge_is_at_the_edges_on_any_number_of_ranks(petsc: &Petsc) -> Result<()> {
    // Wider than high, so that the ranks stand side by side.
    let (nx, ny) = (60, 20);
    let wave = Wave::new(petsc.world(), settings(nx, ny))?;
    let (mut right, mut workshop) = (0, 0);
    let first = wave.displacement().ownership_range()?.start;
    for (k, (i, j)) in (first..).zip(wave.grid().corners()?.points()) {
        let here = (usize::try_from(i)?, usize::try_from(j)?);
        let taken = (usize::try_from(k)? % nx, usize::try_from(k)? / nx);
        let factor = sponge(here, (nx, ny), (5, 4.0));
        right += i32::from(factor < 1.0);
        workshop += i32::from(factor != sponge(taken, (nx, ny), (5, 4.0)));
    }
    let mut totals = Vector::with_local_len(petsc.world(), 1)?;
    totals.array_mut()?[0] = Scalar::from_real(f64::from(right));
    assert_eq!(totals.sum()?.real(), 60.0 * 20.0 - 50.0 * 10.0);
    totals.array_mut()?[0] = Scalar::from_real(f64::from(workshop));
    let wrong = totals.sum()?.real();
    if petsc.world().size() == 1 {
        assert_eq!(wrong, 0.0);
    } else {
        assert!(wrong > 100.0, "{wrong}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn wrong_settings_are_said_in_a_line(_petsc: &Petsc) -> Result<()> {
    let refused = |change: fn(&mut Settings)| {
        let mut settings = shaken(53, 31);
        change(&mut settings);
        settings.check().expect_err("refused")
    };
    let text = refused(|s| s.dt = 0.1);
    assert!(text.contains("unstable (CFL"), "{text}");
    let largest = shaken(53, 31).largest_step();
    assert!(text.contains(&format!("at most {largest:.6} s")), "{text}");
    let mut fastest = shaken(53, 31);
    fastest.dt = largest;
    assert!(fastest.check().is_ok() && (fastest.courant() - 1.0).abs() < 1e-12);
    assert!(refused(|s| s.points = (5, 31)).contains("at least 10"));
    assert!(refused(|s| s.receivers.push((53, 0))).contains("outside"));
    assert!(refused(|s| s.medium = Medium::Uniform(f64::NAN)).contains("wave speed"));
    Ok(())
}

petsc_test::main!();
