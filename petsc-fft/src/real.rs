//! Transforms of real arrays.

use std::fmt;
use std::sync::Arc;

use num_complex::Complex64;
use petsc_rs::{Error, ErrorCode, Result};
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::{FftDirection, FftPlanner};

use crate::block::Block;
use crate::check_len;
use crate::exchange::Array;
use crate::fftw::Foreign;
use crate::lines::Lines;
use crate::pencil::{walk, walk_back};
use crate::route::{Grid, Layout, Route, Step};
use crate::scaling::Scaling;

/// A plan for the transform of a real array on a process grid, with half the work and half the
/// message sizes of a complex transform. Along the last axis, of length `n`, only the coefficients
/// `0..=n/2` are stored. Each of the other coefficients is the complex conjugate of the coefficient
/// at the opposite frequency.
///
/// Created with [`PencilBuilder::build_real`](crate::PencilBuilder::build_real).
///
/// # Examples
/// ```
/// use petsc_fft::{Complex64, PencilFft};
/// # petsc_rs::doctest(|comm| {
/// let mut fft = PencilFft::builder(comm, &[3, 4]).build_real()?;
/// assert_eq!(fft.output().shape(), [3, 3]);
/// let ones = vec![1.0; fft.input().len()];
/// let mut sums = vec![Complex64::default(); fft.output().len()];
/// fft.forward(&ones, &mut sums)?;
/// let mut back = vec![0.0; ones.len()];
/// fft.backward(&sums, &mut back)?;
/// assert!(back.iter().all(|x| (x - 1.0_f64).abs() < 1e-14));
/// # Ok(()) })
/// ```
pub struct RealFft {
    grid: Grid,
    input: Block,
    output: Block,
    scaling: Scaling,
    foreign: Option<Box<dyn Foreign<f64>>>,
    /// `before` contains the exchanges after which the last axis is not distributed, and `after`
    /// the steps after the transform along this axis.
    before: Vec<Step>,
    after: Vec<Step>,
    last: Last,
    axes: Vec<Lines>,
    real: Array<f64>,
    complex: Array<Complex64>,
}

/// The kernels of the last axis.
struct Last {
    n: usize,
    forward: Arc<dyn RealToComplex<f64>>,
    inverse: Arc<dyn ComplexToReal<f64>>,
    scratch: Vec<Complex64>,
}

impl RealFft {
    pub(crate) fn new(
        grid: Grid,
        layout: Layout,
        shape: &[usize],
        scaling: Scaling,
        in_order: bool,
        foreign: Option<Box<dyn Foreign<f64>>>,
    ) -> Result<Self> {
        let input = layout.block(&grid);
        let last = shape.len() - 1;
        let half = shape[last] / 2 + 1;
        let mut before = Route::new(layout, &grid)?;
        before.gather(last, &(0..=last).collect::<Vec<_>>(), &grid)?;
        let mut after = Route::new(before.with_len(last, half), &grid)?;
        after.transform((0..last).collect(), &grid)?;
        if in_order {
            after.return_home(before.moves(), &grid)?;
        }
        let mut planner = FftPlanner::new();
        let mut real = RealFftPlanner::new();
        let (forward, inverse) =
            (real.plan_fft_forward(shape[last]), real.plan_fft_inverse(shape[last]));
        let scratch = forward.get_scratch_len().max(inverse.get_scratch_len());
        Ok(Self {
            input,
            output: after.layout().block(&grid),
            scaling,
            foreign,
            before: before.steps,
            after: after.steps,
            axes: shape[..last].iter().map(|&n| Lines::new(&mut planner, n)).collect(),
            last: Last {
                n: shape[last],
                forward,
                inverse,
                scratch: vec![Complex64::default(); scratch],
            },
            real: Array::default(),
            complex: Array::default(),
            grid,
        })
    }

    /// Returns the part of the array on this rank.
    #[must_use]
    pub fn input(&self) -> &Block {
        &self.input
    }

    /// Returns the part of the stored half of the transform that is on this rank.
    #[must_use]
    pub fn output(&self) -> &Block {
        &self.output
    }

    /// Computes `X[k] = Σ x[j]·exp(−2πi Σ jₐkₐ/nₐ)` for the stored coefficients, multiplied by the
    /// scaling factor. Collective.
    ///
    /// # Errors
    /// [`ErrorCode::ARG_SIZ`] if the lengths are not those of [`RealFft::input`] and [`RealFft::output`].
    pub fn forward(&mut self, data: &[f64], spectrum: &mut [Complex64]) -> Result<()> {
        check_len("array", data.len(), self.input.len())?;
        check_len("transform", spectrum.len(), self.output.len())?;
        let factor = self.factor(FftDirection::Forward);
        if let Some(foreign) = &mut self.foreign {
            return foreign.forward(data, spectrum, factor);
        }
        self.real.fill(data);
        exchange_all(self.before.iter(), &self.grid, &mut self.real, true);
        let (n, half) = (self.last.n, self.last.n / 2 + 1);
        let lines = self.real.values.len() / n;
        self.complex.values.resize(lines * half, Complex64::default());
        let pairs = self.real.values.chunks_exact_mut(n);
        for (from, to) in pairs.zip(self.complex.values.chunks_exact_mut(half)) {
            let done = self.last.forward.process_with_scratch(from, to, &mut self.last.scratch);
            done.map_err(kernel_error)?;
        }
        if factor != 1.0 {
            self.complex.values.iter_mut().for_each(|value| *value *= factor);
        }
        walk(&self.after, &self.grid, &mut self.axes, &mut self.complex, 1.0);
        spectrum.copy_from_slice(&self.complex.values);
        Ok(())
    }

    /// Computes `x[j] = Σ X[k]·exp(2πi Σ jₐkₐ/nₐ)`, multiplied by the scaling factor. The sum is
    /// over all coefficients; `spectrum` contains only the stored ones. Collective. Imaginary parts
    /// of coefficients that must be real are ignored.
    ///
    /// # Errors
    /// [`ErrorCode::ARG_SIZ`] if the lengths are not those of [`RealFft::output`] and [`RealFft::input`].
    pub fn backward(&mut self, spectrum: &[Complex64], data: &mut [f64]) -> Result<()> {
        check_len("transform", spectrum.len(), self.output.len())?;
        check_len("array", data.len(), self.input.len())?;
        let factor = self.factor(FftDirection::Inverse);
        if let Some(foreign) = &mut self.foreign {
            return foreign.backward(spectrum, data, factor);
        }
        self.complex.fill(spectrum);
        walk_back(&self.after, &self.grid, &mut self.axes, &mut self.complex, 1.0);
        let (n, half) = (self.last.n, self.last.n / 2 + 1);
        let lines = self.complex.values.len() / half;
        self.real.values.resize(lines * n, 0.0);
        let pairs = self.complex.values.chunks_exact_mut(half);
        for (from, to) in pairs.zip(self.real.values.chunks_exact_mut(n)) {
            from[0].im = 0.0;
            if n % 2 == 0 {
                from[half - 1].im = 0.0;
            }
            let done = self.last.inverse.process_with_scratch(from, to, &mut self.last.scratch);
            done.map_err(kernel_error)?;
        }
        exchange_all(self.before.iter().rev(), &self.grid, &mut self.real, false);
        for (to, from) in data.iter_mut().zip(&self.real.values) {
            *to = from * factor;
        }
        Ok(())
    }

    fn factor(&self, direction: FftDirection) -> f64 {
        let n = self.input.shape().iter().map(|&n| n as f64).product();
        self.scaling.factor(direction, n)
    }
}

/// Returns the exchanges before the first transform.
fn exchange_all<'a>(
    steps: impl Iterator<Item = &'a Step>,
    grid: &Grid,
    array: &mut Array<f64>,
    forward: bool,
) {
    for step in steps {
        let Step::Exchange { direction, before, after } = step else {
            continue;
        };
        let (from, to) = if forward { (before, after) } else { (after, before) };
        if let Some(line) = grid.line(*direction) {
            array.exchange(line, from, to);
        }
    }
}

fn kernel_error(error: realfft::FftError) -> Error {
    Error::new(ErrorCode::PLIB, error.to_string())
}

impl fmt::Debug for RealFft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RealFft")
            .field("grid", &self.grid.sizes())
            .field("input", &self.input)
            .field("output", &self.output)
            .field("scaling", &self.scaling)
            .finish_non_exhaustive()
    }
}
