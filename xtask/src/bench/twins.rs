//! The benchmarks (in C and in Rust) and their settings.

/// A program in C (`benches/c`), in Rust (`benches/src/bin`) and optionally in Python
/// (`benches/python`), with the same name.
#[derive(Debug)]
pub(crate) struct Twin {
    pub(crate) name: &'static str,
    /// The size for wall times.
    pub(crate) size: u32,
    /// The size for callgrind.
    pub(crate) small: u32,
    /// The goal for the ratio of instructions, Rust to C.
    pub(crate) goal: f64,
    /// The settings for the times of callbacks.
    pub(crate) calls: Option<Calls>,
}

/// Callbacks (or steps) whose times the programs measure if they are started with `<n> times`.
#[derive(Debug)]
pub(crate) struct Calls {
    /// The size for C, Rust and `numpy`.
    pub(crate) size: u32,
    /// The versions of the Python program, with their sizes. The time of a call is compared.
    pub(crate) python: &'static [(&'static str, u32)],
    /// The goal for the ratio of the times of Python, point by point, and Rust.
    pub(crate) goal: Option<f64>,
}

const fn plain(name: &'static str, size: u32, small: u32, goal: f64) -> Twin {
    Twin { name, size, small, goal, calls: None }
}

/// All benchmarks.
pub(crate) const TWINS: &[Twin] = &[
    plain("ksp_ex2", 160, 120, 1.01),
    plain("vector_assembly", 500, 400, 1.02),
    plain("matrix_assembly", 250, 200, 1.02),
    plain("ksp_ex45", 41, 17, 1.01),
    Twin {
        calls: Some(Calls {
            size: 128,
            python: &[("loop", 128), ("arrays", 128), ("numpy", 128)],
            goal: Some(50.0),
        }),
        ..plain("snes_ex5", 128, 64, 1.01)
    },
    Twin {
        calls: Some(Calls { size: 48, python: &[], goal: None }),
        ..plain("snes_ex19", 48, 16, 1.01)
    },
    Twin {
        calls: Some(Calls {
            size: 128,
            python: &[("loop", 128), ("arrays", 128), ("numpy", 128)],
            goal: None,
        }),
        ..plain("ts_ex13", 96, 64, 1.01)
    },
    // The size is the number of pairs of variables.
    Twin {
        calls: Some(Calls {
            size: 2000,
            python: &[("loop", 2000), ("arrays", 2000), ("numpy", 2000)],
            goal: None,
        }),
        ..plain("rosenbrock1", 50_000, 2000, 1.01)
    },
    // The grid has 400 by 240 points; the size is the number of steps.
    Twin {
        calls: Some(Calls {
            size: 200,
            python: &[("loop", 2), ("arrays", 2), ("numpy", 100)],
            goal: Some(100.0),
        }),
        ..plain("wave_step", 400, 30, 1.01)
    },
];

/// The benchmarks with SLEPc.
pub(crate) const SLEPC_TWINS: &[Twin] = &[
    plain("eps_ex1", 200, 100, 1.01),
    plain("eps_ex2", 60, 30, 1.01),
    plain("eps_ex3", 60, 30, 1.01),
];

/// The benchmark whose instructions are those of start and end.
pub(crate) const EMPTY: &str = "empty";

/// The same for SLEPc.
pub(crate) const SLEPC_EMPTY: &str = "slepc_empty";

/// Returns whether a benchmark needs SLEPc.
pub(crate) fn needs_slepc(name: &str) -> bool {
    name == SLEPC_EMPTY || SLEPC_TWINS.iter().any(|twin| twin.name == name)
}
