//! Rust version of `c/wave_step.c`: runs the given number of steps of the application `wave` on 400
//! by 240 points, with second differences, a sponge layer and a source.
//!
//! Run: `wave <steps>`

use petsc_benches::{Calls, check, count};
use petsc_rs::dm::BoundaryType;
use petsc_rs::prelude::*;

const NX: Int = 400;
const NY: Int = 240;
const WIDTH: Int = 20;
const H: Real = 10.0;
const DT: Real = 0.001;
const STRENGTH: Real = 0.015;
const FREQUENCY: Real = 15.0;

struct Wave {
    grid: Dmda,
    ghosted: Vector,
    current: Vector,
    previous: Vector,
    stiffness: Vector,
    damping: Vector,
}

fn main() -> std::process::ExitCode {
    petsc_rs::run(|petsc| {
        let steps = count(100);
        let calls = Calls::begin(petsc)?;
        let event = petsc.log().event("WaveStep")?;
        let mut wave = Wave::new(petsc.world())?;
        for step in 0..steps {
            event.record(|| wave.advance(step))?;
        }
        let top = wave.current.norm(Norm::Infinity)?;
        calls.print(petsc, &["WaveStep"])?;
        check(top > 0.0 && top < 1.0)
    })
}

impl Wave {
    fn new(comm: &Comm) -> Result<Self> {
        let grid = Dmda::builder(comm)
            .sizes([usize::try_from(NX)?, usize::try_from(NY)?])
            .boundaries([BoundaryType::Ghosted; 2])
            .build()?;
        let current = grid.create_global_vector()?;
        let mut wave = Self {
            ghosted: grid.create_local_vector()?,
            previous: current.duplicate()?,
            stiffness: current.duplicate()?,
            damping: current.duplicate()?,
            current,
            grid,
        };
        let mut k = wave.grid.array_mut(&mut wave.stiffness)?;
        let mut d = wave.grid.array_mut(&mut wave.damping)?;
        let own = wave.grid.corners()?;
        for j in own.y() {
            for i in own.x() {
                let speed = if j < NY / 2 { 1500.0 } else { 2500.0 };
                let distance = i.min(NX - 1 - i).min(j.min(NY - 1 - j));
                let ratio = (WIDTH - distance) as Real / WIDTH as Real;
                let sponge = (-STRENGTH * ratio * ratio).exp();
                k[(i, j)] = Scalar::from_real(speed * DT * speed * DT);
                d[(i, j)] = Scalar::from_real(if distance >= WIDTH { 1.0 } else { sponge });
            }
        }
        drop((k, d));
        Ok(wave)
    }

    fn advance(&mut self, step: usize) -> Result<()> {
        let (along, two) = (Scalar::from_real(1.0 / (H * H)), Scalar::from_real(2.0));
        self.grid.global_to_local(&self.current, InsertMode::Insert, &mut self.ghosted)?;
        let u = self.grid.array(&self.ghosted)?;
        let k = self.grid.array(&self.stiffness)?;
        let d = self.grid.array(&self.damping)?;
        let mut next = self.grid.array_mut(&mut self.previous)?;
        let own = self.grid.corners()?;
        let x = own.x();
        for j in own.y() {
            let here = u.span(x.start - 1..x.end + 1, j);
            let (below, above) = (u.span(x.clone(), j - 1), u.span(x.clone(), j + 1));
            let (k, d, next) = (k.row(j), d.row(j), next.row_mut(j));
            let n = next.len();
            // Equal lengths, told to the compiler, so that it can compute several points at once.
            let (below, above, k, d) = (&below[..n], &above[..n], &k[..n], &d[..n]);
            let (left, own, right) = (&here[..n], &here[1..=n], &here[2..n + 2]);
            for i in 0..n {
                let curvature = (left[i] - two * own[i] + right[i]) * along
                    + (below[i] - two * own[i] + above[i]) * along;
                next[i] = d[i] * (two * own[i] - next[i] + k[i] * curvature);
            }
        }
        let source = (NX / 2, NY / 4);
        if own.contains((source.0, source.1, 0)) {
            let x =
                std::f64::consts::PI as Real * FREQUENCY * (step as Real * DT - 1.0 / FREQUENCY);
            let pulse = DT * DT * (1.0 - 2.0 * x * x) * (-x * x).exp();
            next[source] += d[source] * Scalar::from_real(pulse);
        }
        drop((u, k, d, next));
        std::mem::swap(&mut self.current, &mut self.previous);
        Ok(())
    }
}
