//! `t2fit` against scipy's `curve_fit`, its engines against each other, and medians of real images.

#[cfg(petsc_scalar = "real")]
mod engines;
mod program;
mod scipy;
#[cfg(petsc_scalar = "real")]
mod smooth;
mod truth;

use workshop::relaxometry::{Bounds, Engine, Model, Settings, Voxels};

const TIMES: [f64; 10] = [10.0, 20.0, 40.0, 60.0, 80.0, 120.0, 160.0, 200.0, 240.0, 280.0];

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
    let text = include_str!("../../data/relaxometry/reference.csv");
    let mut all = Reference { signals: Vec::new(), parameters: Vec::new(), errors: Vec::new() };
    for line in text.lines() {
        let Some(numbers) = line.strip_prefix(model).and_then(|l| l.strip_prefix(',')) else {
            continue;
        };
        let numbers: Vec<f64> = numbers.split(',').map(|n| n.parse().expect("a number")).collect();
        let n = (numbers.len() - 10) / 2;
        all.signals.push(numbers[..10].to_vec());
        all.parameters.push(numbers[10..10 + n].to_vec());
        all.errors.push(numbers[10 + n..].to_vec());
    }
    all
}

fn settings(model: Model, engine: Engine) -> Settings {
    Settings { model, engine, bounds: Bounds { t2: (1.0, 5000.0) }, times: TIMES.to_vec() }
}

petsc_test::main!();
