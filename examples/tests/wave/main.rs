//! `wave` against a mode whose leapfrog is known in closed form, against itself on other numbers of ranks and
//! after a restart, and against the workshop's sponge.

mod edges;
mod integrators;
mod messages;
mod program;
mod restart;
mod scheme;
mod signal;

use std::f64::consts::PI;

use workshop::wave::{Absorb, Medium, Settings, Signal, Source, Wavelet};

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

fn shaken(nx: usize, ny: usize) -> Settings {
    Settings {
        absorb: Absorb::Sponge { width: 6, strength: 2.0 },
        source: Some(Source {
            at: (nx / 5, ny / 2),
            signal: Signal::Pulse { wavelet: Wavelet::Ricker, frequency: 25.0 },
            amplitude: 1.0,
        }),
        receivers: vec![(4 * nx / 5, ny / 2), (0, 0), (nx / 2, ny - 1)],
        ..settings(nx, ny)
    }
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
            signal: Signal::Pulse { wavelet: Wavelet::Ricker, frequency: 20.0 },
            amplitude: 1.0,
        }),
        ..settings(n, n)
    }
}

petsc_test::main!();
