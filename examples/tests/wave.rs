//! `wave` against a mode whose leapfrog is known in closed form, against itself on other numbers of ranks and
//! after a restart, and against the workshop's sponge.

use std::f64::consts::PI;

use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use petsc_rs::prelude::*;
use petsc_test::assert_close;
use workshop::wave::{Absorb, Medium, Settings, Signal, Source, Wave, Wavelet, integrate, sponge};

fn settings(nx: usize, ny: usize) -> Settings {
    Settings {
        points: (nx, ny),
        length: (1000.0, 600.0),
        dt: 0.002,
        medium: Medium::Uniform(1500.0),
        absorb: Absorb::None,
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
        absorb: Absorb::Sponge {
            width: 6,
            strength: 2.0,
        },
        source: Some(Source {
            at: (nx / 5, ny / 2),
            signal: Signal::Pulse {
                wavelet: Wavelet::Ricker,
                frequency: 25.0,
            },
            amplitude: 1.0,
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
    let trace = wave.seismogram()?.traces;
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
    let number = shared_number(petsc)?;
    let pml = Absorb::Pml {
        width: 6,
        reflection: 1e-3,
    };
    for absorb in [shaken(53, 31).absorb, pml, Absorb::None] {
        restarts(petsc, number, absorb)?;
    }
    Ok(())
}

fn restarts(petsc: &Petsc, number: u32, absorb: Absorb) -> Result<()> {
    let comm = petsc.world();
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("wave-{}-{number}.chk", comm.size()));
    let of_size = |nx| Settings {
        absorb,
        ..shaken(nx, 31)
    };
    let mut whole = Wave::new(comm, of_size(53))?;
    for step in 0..120 {
        if step == 40 || step == 70 {
            whole.save(&file)?;
        }
        whole.advance()?;
    }
    let previous = file.with_extension("chk.previous");
    for (path, step) in [(&file, 70), (&previous, 40)] {
        let mut rest = Wave::new(comm, of_size(53))?;
        rest.restore(path)?;
        assert_eq!(rest.step(), step);
        while rest.step() < 120 {
            rest.advance()?;
        }
        assert_eq!(rest.gather()?, whole.gather()?, "bit by bit");
        assert_eq!(rest.seismogram()?, whole.seismogram()?);
    }
    let mut other = Wave::new(comm, of_size(40))?;
    let error = other.restore(&file).expect_err("another grid");
    assert!(error.to_string().contains("53 x 31 points"), "{error}");
    let mut settings = of_size(53);
    settings.dt *= 0.5;
    let mut other = Wave::new(comm, settings)?;
    let error = other.restore(&file).expect_err("another step");
    assert!(error.to_string().contains("another time step"), "{error}");
    petsc.collect_garbage()?;
    if comm.size() > 1 {
        // One rank alone goes on from what all have written.
        let mut alone = Wave::new(petsc.self_comm(), of_size(53))?;
        alone.restore(&file)?;
        while alone.step() < 120 {
            alone.advance()?;
        }
        assert_eq!(alone.gather()?, whole.gather()?, "on any number of ranks");
    }
    comm.barrier()?;
    if comm.rank() == 0 {
        let bytes = std::fs::read(&file)?;
        std::fs::write(&file, &bytes[..bytes.len() - 8])?;
    }
    comm.barrier()?;
    let mut torn = Wave::new(comm, of_size(53))?;
    let error = torn.restore(&file).expect_err("a torn file");
    assert!(error.to_string().contains("bytes of"), "{error}");
    petsc.collect_garbage()?;
    comm.barrier()?;
    if comm.rank() == 0 {
        std::fs::remove_file(&file)?;
        std::fs::remove_file(&previous)?;
    }
    comm.barrier()
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

/// A pulse in the middle of 61 x 61 points, or of more that end so far away that nothing comes back in time.
fn pulse(margin: usize, absorb: Absorb) -> Settings {
    let n = 61 + 2 * margin;
    Settings {
        points: (n, n),
        length: (10.0 * (n - 1) as f64, 10.0 * (n - 1) as f64),
        dt: 0.004,
        absorb,
        source: Some(Source {
            at: (n / 2 - 4, n / 2),
            signal: Signal::Pulse {
                wavelet: Wavelet::Ricker,
                frequency: 20.0,
            },
            amplitude: 1.0,
        }),
        ..settings(n, n)
    }
}

/// The part of the energy that comes back into the inner 41 x 41 points, by comparison with a field so large that
/// its edges are not felt.
fn reflected(petsc: &Petsc, layers: &[Absorb]) -> Result<Vec<f64>> {
    let (margin, steps) = (100, 240);
    let mut open = Wave::new(petsc.world(), pulse(margin, Absorb::None))?;
    let make = |absorb: &Absorb| Wave::new(petsc.world(), pulse(0, *absorb));
    let mut waves = layers.iter().map(make).collect::<Result<Vec<_>>>()?;
    let (mut energy, mut returned) = (0.0, vec![0.0; layers.len()]);
    for step in 0..steps {
        open.advance()?;
        for wave in &mut waves {
            wave.advance()?;
        }
        if step % 10 != 0 {
            continue;
        }
        let exact = open.gather()?;
        for (wave, returned) in waves.iter().zip(&mut returned) {
            let u = wave.gather()?;
            for (i, j) in (10..51).flat_map(|j| (10..51).map(move |i| (i, j))) {
                let right = exact[(j + margin) * (61 + 2 * margin) + i + margin];
                energy += right * right / layers.len() as f64;
                *returned += (u[j * 61 + i] - right).powi(2);
            }
        }
    }
    Ok(returned.iter().map(|part| part / energy).collect())
}

/// At equal width, and against sponges of several strengths: the workshop's is 4.
#[petsc_test::test(ranks = [1, 2], timeout = 240)]
fn a_matched_layer_sends_back_less_than_a_sponge(petsc: &Petsc) -> Result<()> {
    let width = 10;
    let mut layers = vec![
        Absorb::None,
        Absorb::Pml {
            width,
            reflection: 1e-4,
        },
    ];
    let strengths = [4.0, 0.3, 0.1, 0.03];
    layers.extend(strengths.map(|strength| Absorb::Sponge { width, strength }));
    let returned = reflected(petsc, &layers)?;
    let [nothing, matched, sponges @ ..] = &returned[..] else {
        unreachable!("a number for each");
    };
    assert!(*nothing > 0.5, "{returned:?}");
    assert!(*matched < 1e-5, "{returned:?}");
    for sponge in sponges {
        assert!(matched < &(1e-2 * sponge), "{returned:?}");
    }
    Ok(())
}

/// At the largest legal step, for a long time, with layers that meet in corners.
#[petsc_test::test(ranks = [1, 3])]
fn a_matched_layer_stays_quiet(petsc: &Petsc) -> Result<()> {
    let mut settings = pulse(
        0,
        Absorb::Pml {
            width: 10,
            reflection: 1e-4,
        },
    );
    settings.dt = settings.largest_step();
    let mut wave = Wave::new(petsc.world(), settings)?;
    let mut largest = 0.0_f64;
    for _ in 0..60 {
        wave.advance()?;
        largest = largest.max(wave.displacement().norm(Norm::Infinity)?);
    }
    for _ in 0..3000 {
        wave.advance()?;
    }
    let left = wave.displacement().norm(Norm::Infinity)?;
    assert!(left < 1e-3 * largest, "{left} of {largest}");
    Ok(())
}

/// The mode (2, 1) as a system of first order: its shape stays, and it swings by `cos(c√μ·t)`.
#[petsc_test::test(ranks = [1, 2, 3])]
fn integrators_have_their_order(petsc: &Petsc) -> Result<()> {
    let (nx, ny) = (21, 13);
    let error = |steps: usize| {
        let mut settings = settings(nx, ny);
        settings.dt = 0.4 / steps as f64;
        let (dx, dy) = settings.spacing();
        let half = |k: f64, n: usize| (k * PI / (2.0 * (n + 1) as f64)).sin();
        let mu = 4.0 * ((half(2.0, nx) / dx).powi(2) + (half(1.0, ny) / dy).powi(2));
        let shape = mode(nx, ny);
        let start = shape.clone();
        let done = integrate(
            petsc.world(),
            &settings,
            steps,
            move |i, j| (start(i, j), 0.0),
            |_, _, _, _| Ok(()),
        )?;
        assert_eq!(done.finished.steps, steps);
        let expected = (1500.0 * mu.sqrt() * 0.4).cos();
        let distance =
            |(place, u): (usize, &f64)| (u - expected * shape(place % nx, place / nx)).abs();
        let worst = done.displacement.iter().enumerate().map(distance);
        Ok::<_, Error>(worst.fold(0.0, f64::max))
    };
    let methods = [
        ("-ts_type rk -ts_rk_type 4", 16.0),
        ("-ts_type ssp -ts_ssp_type rks3 -ts_ssp_nstages 4", 8.0),
        // Implicit: Newton's method with a Jacobian by differences.
        ("-ts_type cn -ksp_rtol 1e-12 -snes_rtol 1e-12", 4.0),
    ];
    for (options, ratio) in methods {
        petsc.options().scope(|scope| {
            scope.insert_str(options)?;
            scope.insert_str("-ts_adapt_type none")?;
            let (coarse, fine) = (error(80)?, error(160)?);
            let found = coarse / fine;
            assert!(
                (found / ratio - 1.0).abs() < 0.15,
                "{options}: {coarse} {fine}"
            );
            Ok(())
        })?;
    }
    Ok(())
}

/// Leapfrog and Runge–Kutta are written apart, and agree but for the error of leapfrog, which is of second order.
#[petsc_test::test(ranks = [1, 2])]
fn leapfrog_and_runge_kutta_agree(petsc: &Petsc) -> Result<()> {
    let pml = Absorb::Pml {
        width: 6,
        reflection: 1e-3,
    };
    for absorb in [Absorb::None, pml] {
        let distance = |steps: usize| {
            let settings = Settings {
                absorb,
                dt: 0.3 / steps as f64,
                receivers: vec![(40, 15)],
                ..shaken(53, 31)
            };
            let mut wave = Wave::new(petsc.world(), settings.clone())?;
            for _ in 0..steps {
                wave.advance()?;
            }
            let done = petsc.options().scope(|options| {
                options.insert_str("-ts_type rk -ts_rk_type 4 -ts_adapt_type none")?;
                integrate(
                    petsc.world(),
                    &settings,
                    steps,
                    |_, _| (0.0, 0.0),
                    |_, _, _, _| Ok(()),
                )
            })?;
            assert_eq!(done.seismogram.times.len(), steps);
            let size = wave.displacement().norm(Norm::Infinity)?;
            let worst = wave.gather()?;
            let worst = worst
                .iter()
                .zip(&done.displacement)
                .map(|(a, b)| (a - b).abs());
            Ok::<_, Error>(worst.fold(0.0, f64::max) / size)
        };
        let (coarse, fine) = (distance(150)?, distance(300)?);
        assert!(
            coarse < 0.2 && coarse / fine > 3.5,
            "{absorb:?}: {coarse} {fine}"
        );
    }
    Ok(())
}

/// What leapfrog multiplies by is damping for an integrator: energy that has met the sponge is gone.
#[petsc_test::test(ranks = [1, 2])]
fn integrators_have_a_sponge_too(petsc: &Petsc) -> Result<()> {
    let left = |absorb| {
        let settings = pulse(0, absorb);
        let done = petsc.options().scope(|options| {
            options.insert_str("-ts_adapt_type none")?;
            integrate(
                petsc.world(),
                &settings,
                200,
                |_, _| (0.0, 0.0),
                |_, _, _, _| Ok(()),
            )
        })?;
        Ok::<_, Error>(done.displacement.iter().map(|u| u * u).sum::<f64>())
    };
    let sponge = left(Absorb::Sponge {
        width: 15,
        strength: 1.0,
    })?;
    let nothing = left(Absorb::None)?;
    assert!(sponge < 0.02 * nothing, "{sponge} {nothing}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_recorded_pulse_is_the_pulse(petsc: &Petsc) -> Result<()> {
    let settings = shaken(53, 31);
    let source = settings.source.clone().expect("shaken");
    let sample = |step: i32| {
        (
            f64::from(step) * 0.002,
            source.value(f64::from(step) * 0.002),
        )
    };
    let mut recorded = settings.clone();
    recorded.source = Some(Source {
        signal: Signal::Record((0..100).map(sample).collect()),
        ..source.clone()
    });
    let mut waves = [
        Wave::new(petsc.world(), settings)?,
        Wave::new(petsc.world(), recorded)?,
    ];
    for wave in &mut waves {
        for _ in 0..100 {
            wave.advance()?;
        }
    }
    let [pulse, record] = [waves[0].gather()?, waves[1].gather()?];
    assert!(pulse.iter().any(|u| u.abs() > 1e-6));
    for (a, b) in pulse.iter().zip(&record) {
        assert_close!(*a, *b, 1e-9, 1e-14);
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
    let words: Vec<&str> = text.split(' ').collect();
    let place = words.iter().position(|w| *w == "most").expect("a number");
    let said: f64 = words[place + 1].parse().expect("a number");
    assert!(said <= largest && said > 0.99 * largest, "{text}");
    let mut fastest = shaken(53, 31);
    fastest.dt = largest;
    assert!(fastest.check().is_ok() && (fastest.courant() - 1.0).abs() < 1e-12);
    assert!(refused(|s| s.points = (5, 31)).contains("at least 10"));
    assert!(refused(|s| s.receivers.push((53, 0))).contains("outside"));
    let pml = |width, reflection| Absorb::Pml { width, reflection };
    let mut wide = shaken(53, 31);
    wide.absorb = pml(16, 0.1);
    let text = wide.check().expect_err("refused");
    assert!(text.contains("leave no inside of 53 x 31 points"), "{text}");
    wide.absorb = pml(5, 1.0);
    assert!(
        wide.check()
            .expect_err("refused")
            .contains("between 0 and 1")
    );
    assert!(refused(|s| s.medium = Medium::Uniform(f64::NAN)).contains("wave speed"));
    Ok(())
}

petsc_test::main!();

/// By the generalised α method, which takes the equation of second order as it is, the mode swings by `sin(c√μ·t)`, and
/// the error falls with the square of the step.
#[petsc_test::test(ranks = [1, 2, 3])]
fn second_order_in_time_as_it_is(petsc: &Petsc) -> Result<()> {
    let (nx, ny) = (21, 13);
    let options = "-ts_type alpha2 -ksp_rtol 1e-12";
    let error = |steps: usize| {
        let mut settings = settings(nx, ny);
        settings.dt = 0.2 / steps as f64;
        let (dx, dy) = settings.spacing();
        let half = |k: f64, n: usize| (k * PI / (2.0 * (n + 1) as f64)).sin();
        let mu = 4.0 * ((half(2.0, nx) / dx).powi(2) + (half(1.0, ny) / dy).powi(2));
        let w = 1500.0 * mu.sqrt();
        let shape = mode(nx, ny);
        let start = shape.clone();
        let done = petsc.options().scope(|scope| {
            scope.insert_str(options)?;
            let moving = move |i, j| (0.0, w * start(i, j));
            integrate(petsc.world(), &settings, steps, moving, |_, _, _, _| Ok(()))
        })?;
        assert_eq!(done.finished.steps, steps);
        let expected = (w * 0.2).sin();
        let distance =
            |(place, u): (usize, &f64)| (u - expected * shape(place % nx, place / nx)).abs();
        let worst = done.displacement.iter().enumerate().map(distance);
        Ok::<_, Error>(worst.fold(0.0, f64::max))
    };
    let (coarse, fine) = (error(60)?, error(120)?);
    assert!(
        fine < 0.02 && (coarse / fine / 4.0 - 1.0).abs() < 0.15,
        "{coarse} {fine}"
    );
    Ok(())
}

/// With a source, a sponge and receivers, the second-order form is the system of first order, and without the sponge it
/// is leapfrog, but for the errors of both.
#[petsc_test::test(ranks = [1, 2, 3])]
fn second_order_and_first_order_agree(petsc: &Petsc) -> Result<()> {
    let sponge = Absorb::Sponge {
        width: 5,
        strength: 0.3,
    };
    let mut settings = settings(31, 21);
    settings.absorb = sponge;
    settings.source = Some(Source {
        at: (8, 9),
        signal: Signal::Pulse {
            wavelet: Wavelet::Ricker,
            frequency: 6.0,
        },
        amplitude: 1.0,
    });
    settings.receivers = vec![(20, 12), (3, 3)];
    let run = |settings: &Settings, options: &str| {
        petsc.options().scope(|scope| {
            scope.insert_str(options)?;
            integrate(
                petsc.world(),
                settings,
                400,
                |_, _| (0.0, 0.0),
                |_, _, _, _| Ok(()),
            )
        })
    };
    settings.dt = 0.001;
    let first = run(&settings, "-ts_type rk -ts_rk_type 4 -ts_adapt_type none")?;
    let second = run(&settings, "-ts_type alpha2 -ksp_rtol 1e-10")?;
    assert_eq!(second.seismogram.times.len(), 400);
    for (a, b) in first
        .seismogram
        .traces
        .iter()
        .zip(&second.seismogram.traces)
    {
        let peak = a.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
        let apart = a
            .iter()
            .zip(b)
            .fold(0.0, |m: f64, (a, b)| m.max((a - b).abs()));
        assert!(peak > 0.0 && apart < 0.02 * peak, "{apart} of {peak}");
    }
    // Leapfrog's sponge is another one.
    settings.absorb = Absorb::None;
    let second = run(&settings, "-ts_type alpha2 -ksp_rtol 1e-10")?;
    let mut wave = Wave::new(petsc.world(), settings.clone())?;
    for _ in 0..400 {
        wave.advance()?;
    }
    let leapfrog = wave.gather()?;
    let size = leapfrog.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
    let worst = leapfrog.iter().zip(&second.displacement);
    let worst = worst.fold(0.0, |m: f64, (a, b)| m.max((a - b).abs()));
    assert!(worst < 0.1 * size, "{worst} of {size}");
    // A matched layer is a system of first order.
    settings.absorb = Absorb::Pml {
        width: 5,
        reflection: 1e-3,
    };
    let refused = run(&settings, "-ts_type alpha2")
        .err()
        .ok_or("it must fail")?;
    assert!(refused.to_string().contains("alpha2"), "{refused}");
    Ok(())
}

/// What the chapter on clusters counts: a step sends the points beside each border, both ways, and nothing else.
#[petsc_test::test(ranks = [1, 2, 3])]
fn messages_are_those_that_the_model_counts(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let log = petsc.log();
    log.begin()?;
    let (nx, ny, steps) = (200, 120, 20);
    let mut wave = Wave::new(comm, settings(nx, ny))?;
    wave.advance()?;
    let stage = log.stage("steps of waves")?;
    stage.record(|| {
        for _ in 0..steps {
            wave.advance()?;
        }
        Ok(())
    })?;
    let figures = stage.figures()?;
    // Strips along x. Each message is counted by who sends it and by who receives it.
    let borders = f64::from(comm.size() - 1);
    let messages = 2.0 * borders * f64::from(steps);
    let bytes = messages * (ny * size_of::<Scalar>()) as f64;
    let mut sums = [0.0; 2];
    let own = [figures.messages, figures.message_length];
    comm.mpi()
        .all_reduce_into(&own, &mut sums, SystemOperation::sum());
    assert_close!(sums[0] / 2.0, messages, 1e-12, 0.0);
    assert_close!(sums[1] / 2.0, bytes, 1e-12, 0.0);
    Ok(())
}
