//! Objective, gradient and Hessian for the points of a slice.

use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use petsc_rs::bytemuck::{Pod, Zeroable};
use petsc_rs::dm::{Corners, GridRead};
use petsc_rs::prelude::*;
use petsc_rs::{MatrixRef, VectorRef};

use super::Smoothness;

/// The two unknowns of a voxel, relative to their medians.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[bytemuck(crate = "petsc_rs::bytemuck")]
#[repr(C)]
pub(super) struct Pair {
    amplitude: Scalar,
    t2: Scalar,
}

impl Pair {
    pub(super) fn new(of: [f64; 2]) -> Self {
        Self { amplitude: Scalar::from_real(of[0]), t2: Scalar::from_real(of[1]) }
    }

    pub(super) fn real(self) -> [f64; 2] {
        [self.amplitude.real(), self.t2.real()]
    }
}

/// The data of the closures.
pub(super) struct Plane {
    pub(super) grid: Dmda,
    pub(super) own: Corners,
    pub(super) nx: Int,
    pub(super) times: Vec<f64>,
    /// The signals of this rank's points in units of the noise, with the echo running fastest.
    pub(super) signal: Vec<f64>,
    /// The points of the whole slice that are fitted.
    pub(super) inside: Vec<bool>,
    /// The median amplitude in units of the noise, and the median T2.
    pub(super) unit: [f64; 2],
    pub(super) smoothness: Smoothness,
}

/// The data term of one voxel.
#[derive(Default)]
struct Misfit {
    /// Half the sum of squares.
    value: f64,
    gradient: [f64; 2],
    /// The Gauss-Newton approximation of the second derivatives, which is positive definite.
    second: [[f64; 2]; 2],
    /// The remaining second derivatives: with respect to amplitude and T2, and twice with respect
    /// to T2.
    bend: [f64; 2],
}

impl Misfit {
    /// Returns the second derivatives with `more` added to the diagonal, if they are positive
    /// definite.
    fn block(&self, more: [f64; 2]) -> [[f64; 2]; 2] {
        let [[aa, at], [_, tt]] = self.second;
        let (aa, tt) = (aa + more[0], tt + more[1]);
        let bent = (at + self.bend[0], tt + self.bend[1]);
        let (at, tt) = if aa * bent.1 > bent.0 * bent.0 { bent } else { (at, tt) };
        [[aa, at], [at, tt]]
    }
}

impl Plane {
    fn misfit(&self, signal: &[f64], [a, tau]: [f64; 2]) -> Misfit {
        let mut m = Misfit::default();
        let mut bend = [0.0; 2];
        for (&t, s) in self.times.iter().zip(signal) {
            let t = t / self.unit[1];
            let decay = self.unit[0] * (-t / tau).exp();
            let r = a * decay - s;
            let slope = t / (tau * tau);
            let (d0, d1) = (decay, a * decay * slope);
            bend[0] += r * decay * slope;
            bend[1] += r * a * decay * (slope * slope - 2.0 * slope / tau);
            m.value += 0.5 * r * r;
            m.gradient[0] += r * d0;
            m.gradient[1] += r * d1;
            m.second[0][0] += d0 * d0;
            m.second[0][1] += d0 * d1;
            m.second[1][1] += d1 * d1;
        }
        m.second[1][0] = m.second[0][1];
        m.bend = bend;
        m
    }

    /// Returns the penalty of a difference and its first two derivatives.
    fn penalty(&self, difference: f64) -> (f64, f64, f64) {
        let Smoothness { spread, edge } = self.smoothness;
        let d = difference / spread;
        let root = (1.0 + (d / edge).powi(2)).sqrt();
        (d * d / (1.0 + root), d / (root * spread), 1.0 / (root * root * root * spread * spread))
    }

    fn is_inside(&self, (i, j): (Int, Int)) -> bool {
        let ny = self.inside.len() as Int / self.nx;
        (0..self.nx).contains(&i) && (0..ny).contains(&j) && self.inside[(j * self.nx + i) as usize]
    }

    fn neighbours(&self, (i, j): (Int, Int)) -> impl Iterator<Item = (Int, Int)> + '_ {
        // The first two neighbors are those whose pairs this point counts.
        [(i + 1, j), (i, j + 1), (i - 1, j), (i, j - 1)]
            .into_iter()
            .map(|at| if self.is_inside(at) { at } else { (-1, -1) })
    }

    /// Returns this rank's points with their signals.
    pub(super) fn points(&self) -> impl Iterator<Item = ((Int, Int), &[f64])> {
        self.own.points().zip(self.signal.chunks_exact(self.times.len()))
    }

    pub(super) fn objective(&self, comm: &Comm, x: &VectorRef, g: &mut VectorRef) -> Result<f64> {
        let local = self.grid.ghosted(x)?;
        let u: GridRead<'_, Pair> = self.grid.array_as(&local)?;
        let mut g = self.grid.array_as_mut::<Pair>(g)?;
        let mut own = 0.0;
        for (at, signal) in self.points() {
            if !self.is_inside(at) {
                g[at] = Pair::new([0.0; 2]);
                continue;
            }
            let here = u[at].real();
            let m = self.misfit(signal, here);
            let (mut value, mut gradient) = (m.value, m.gradient);
            for (k, to) in self.neighbours(at).enumerate() {
                if to.0 < 0 {
                    continue;
                }
                let there = u[to].real();
                for c in 0..2 {
                    let (p, d, _) = self.penalty(here[c] - there[c]);
                    value += if k < 2 { p } else { 0.0 };
                    gradient[c] += d;
                }
            }
            own += value;
            g[at] = Pair::new(gradient);
        }
        let mut all = 0.0;
        comm.mpi().all_reduce_into(&own, &mut all, SystemOperation::sum());
        Ok(all)
    }

    pub(super) fn hessian(&self, x: &VectorRef, h: &mut MatrixRef) -> Result<()> {
        let local = self.grid.ghosted(x)?;
        let u: GridRead<'_, Pair> = self.grid.array_as(&local)?;
        let mut rows = self.grid.stencil_assembler(h, InsertMode::Insert)?;
        let mut blocks = Vec::with_capacity(5);
        for (at, signal) in self.points() {
            blocks.clear();
            let mut middle = [[1.0, 0.0], [0.0, 1.0]];
            if self.is_inside(at) {
                let here = u[at].real();
                let mut pull = [0.0; 2];
                for to in self.neighbours(at).filter(|to| to.0 >= 0) {
                    let there = u[to].real();
                    let mut block = [[0.0; 2]; 2];
                    for c in 0..2 {
                        let (_, _, second) = self.penalty(here[c] - there[c]);
                        pull[c] += second;
                        block[c][c] = -second;
                    }
                    blocks.push((to, block.map(|row| row.map(Scalar::from_real))));
                }
                middle = self.misfit(signal, here).block(pull);
            }
            blocks.push((at, middle.map(|row| row.map(Scalar::from_real))));
            rows.blocks(at, &blocks)?;
        }
        rows.finish()
    }
}
