//! Transforms along all axes of a distributed array.

use std::fmt;

use num_complex::Complex64;
use petsc_rs::{Comm, Error, ErrorCode, Result};
use rustfft::{FftDirection, FftPlanner};

use crate::check_len;
use crate::fftw::{Element, Foreign, Kernel};
use crate::lines::Lines;
use crate::scaling::Scaling;
use crate::slab::{Slab, check_shape, place};
use crate::transpose::Transpose;

/// The distribution of the transform.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Output {
    /// Slabs of the second axis, with the axes in the same order as in the input. Each transform
    /// needs only one exchange.
    #[default]
    SecondAxis,
    /// Slabs of the first axis, as in the input. Each transform needs a second exchange.
    FirstAxis,
}

/// A plan for the transform of an array that has two or more dimensions and is distributed in
/// slabs.
///
/// The plan sends its messages on a duplicate of the communicator, separate from all other
/// messages.
pub struct Fft {
    input: Slab,
    output: Slab,
    scaling: Scaling,
    foreign: Option<Box<dyn Foreign<Complex64>>>,
    axes: Vec<Lines>,
    transpose: Transpose,
    /// Work space for one row, or for a slab of the second axis.
    work: Vec<Complex64>,
    /// A slab of the second axis, before the exchange back to slabs of the first.
    second: Vec<Complex64>,
}

/// The settings of a plan.
#[derive(Clone, Debug)]
pub struct Builder<'a> {
    comm: &'a Comm,
    shape: &'a [usize],
    scaling: Scaling,
    output: Output,
    kernel: Kernel,
}

impl Builder<'_> {
    /// Sets the implementation of the transforms. Default: [`Kernel::Rust`]. With [`Kernel::Fftw`],
    /// [`Output::FirstAxis`] is faster than [`Output::SecondAxis`].
    #[must_use]
    pub fn kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }

    /// Sets the scaling factor. Default: [`Scaling::Backward`].
    #[must_use]
    pub fn scaling(mut self, scaling: Scaling) -> Self {
        self.scaling = scaling;
        self
    }

    /// Sets the distribution of the transform. Default: [`Output::SecondAxis`].
    #[must_use]
    pub fn output(mut self, output: Output) -> Self {
        self.output = output;
        self
    }

    /// Creates the plan. Collective; all arguments must be the same on all ranks.
    ///
    /// # Errors
    /// [`ErrorCode::ARG_OUTOFRANGE`] if the array has fewer than two dimensions or no entries, or
    /// if a rank has more entries than MPI can count; [`ErrorCode::SUP`] if FFTW is requested and
    /// PETSc was built without it or with real scalars.
    pub fn build(self) -> Result<Fft> {
        let (rank, ranks) = place(self.comm)?;
        if self.shape.len() < 2 {
            return Err(Error::collective(
                ErrorCode::ARG_OUTOFRANGE,
                format!(
                    "an array of shape {:?} cannot be distributed in slabs: use at least two dimensions",
                    self.shape
                ),
            ));
        }
        check_shape(self.shape, &[0, 1], ranks)?;
        let comm = self.comm.duplicate()?;
        let input = Slab::new(self.shape, 0, ranks, rank);
        let second = Slab::new(self.shape, 1, ranks, rank);
        let foreign = match self.kernel {
            Kernel::Rust => None,
            Kernel::Fftw => Some(Complex64::plan(&comm, self.shape)?),
        };
        let mut planner = FftPlanner::new();
        let row: usize = self.shape[1..].iter().product();
        Ok(Fft {
            foreign,
            axes: self.shape.iter().map(|&n| Lines::new(&mut planner, n)).collect(),
            transpose: Transpose::new(&comm, self.shape)?,
            work: match ranks {
                1 => Vec::new(),
                _ => vec![Complex64::default(); second.len().max(row)],
            },
            second: Vec::new(),
            output: match self.output {
                Output::SecondAxis => second,
                Output::FirstAxis => input.clone(),
            },
            input,
            scaling: self.scaling,
        })
    }
}

impl Fft {
    /// Creates a plan with the default settings. See [`Fft::builder`]. Collective.
    ///
    /// # Errors
    /// See [`Builder::build`].
    pub fn new(comm: &Comm, shape: &[usize]) -> Result<Self> {
        Self::builder(comm, shape).build()
    }

    /// Returns a builder for arrays of this shape, with the slowest axis first.
    ///
    /// # Examples
    /// ```
    /// use petsc_fft::{Complex64, Fft, Output, Scaling};
    /// # petsc_rs::doctest(|comm| {
    /// let mut fft = Fft::builder(comm, &[2, 3])
    ///     .scaling(Scaling::Forward)
    ///     .output(Output::FirstAxis)
    ///     .build()?;
    /// let ones = vec![Complex64::ONE; fft.input().len()];
    /// let mut means = vec![Complex64::default(); fft.output().len()];
    /// fft.forward(&ones, &mut means)?;
    /// if comm.rank() == 0 {
    ///     assert!((means[0].re - 1.0).abs() < 1e-15);
    /// }
    /// # Ok(()) })
    /// ```
    #[must_use]
    pub fn builder<'a>(comm: &'a Comm, shape: &'a [usize]) -> Builder<'a> {
        Builder {
            comm,
            shape,
            scaling: Scaling::default(),
            output: Output::default(),
            kernel: Kernel::default(),
        }
    }

    /// Returns the part of the array on this rank: a range of the first axis.
    #[must_use]
    pub fn input(&self) -> &Slab {
        &self.input
    }

    /// Returns the part of the transform on this rank.
    #[must_use]
    pub fn output(&self) -> &Slab {
        &self.output
    }

    /// Computes `X[k] = Σ x[j]·exp(−2πi Σ jₐkₐ/nₐ)`, multiplied by the scaling factor. Collective.
    ///
    /// # Errors
    /// [`ErrorCode::ARG_SIZ`] if the lengths are not those of [`Fft::input`] and [`Fft::output`].
    pub fn forward(&mut self, data: &[Complex64], spectrum: &mut [Complex64]) -> Result<()> {
        check_len("array", data.len(), self.input.len())?;
        check_len("transform", spectrum.len(), self.output.len())?;
        if self.foreign.is_some() {
            self.foreign_forward(data, spectrum)?;
        } else if self.output.axis() == 0 {
            self.first_to_first(data, spectrum, FftDirection::Forward);
        } else {
            let factor = self.factor(FftDirection::Forward);
            self.first_to_second(data, spectrum, FftDirection::Forward, factor);
        }
        Ok(())
    }

    /// Computes `x[j] = Σ X[k]·exp(2πi Σ jₐkₐ/nₐ)`, multiplied by the scaling factor. Collective.
    ///
    /// # Errors
    /// [`ErrorCode::ARG_SIZ`] if the lengths are not those of [`Fft::output`] and [`Fft::input`].
    pub fn backward(&mut self, spectrum: &[Complex64], data: &mut [Complex64]) -> Result<()> {
        check_len("transform", spectrum.len(), self.output.len())?;
        check_len("array", data.len(), self.input.len())?;
        if self.foreign.is_some() {
            self.foreign_backward(spectrum, data)?;
        } else if self.output.axis() == 0 {
            self.first_to_first(spectrum, data, FftDirection::Inverse);
        } else {
            self.second_to_first(spectrum, data, FftDirection::Inverse);
        }
        Ok(())
    }

    fn foreign_forward(&mut self, data: &[Complex64], spectrum: &mut [Complex64]) -> Result<()> {
        let factor = self.factor(FftDirection::Forward);
        let len = self.row_len();
        let Some(foreign) = &mut self.foreign else {
            return Ok(());
        };
        if self.output.axis() == 0 || self.transpose.is_alone() {
            return foreign.forward(data, spectrum, factor);
        }
        self.second.resize(data.len(), Complex64::default());
        foreign.forward(data, &mut self.second, factor)?;
        for (i, row) in self.second.chunks_exact(len).enumerate() {
            self.transpose.pack(i, row, spectrum);
        }
        self.transpose.send_packed(spectrum);
        Ok(())
    }

    fn foreign_backward(&mut self, spectrum: &[Complex64], data: &mut [Complex64]) -> Result<()> {
        let factor = self.factor(FftDirection::Inverse);
        let len = self.row_len();
        let Some(foreign) = &mut self.foreign else {
            return Ok(());
        };
        if self.output.axis() == 0 || self.transpose.is_alone() {
            return foreign.backward(spectrum, data, factor);
        }
        self.transpose.receive_packed(spectrum);
        self.second.resize(data.len(), Complex64::default());
        for (i, row) in self.second.chunks_exact_mut(len).enumerate() {
            self.transpose.unpack(i, spectrum, row);
        }
        foreign.backward(&self.second, data, factor)
    }

    fn factor(&self, direction: FftDirection) -> f64 {
        let n = self.input.shape().iter().map(|&n| n as f64).product();
        self.scaling.factor(direction, n)
    }

    /// Transforms along all axes except the first, for one index of the first axis: these entries
    /// stay in the cache.
    fn row(
        axes: &mut [Lines],
        from: &[Complex64],
        to: &mut [Complex64],
        direction: FftDirection,
        factor: f64,
    ) {
        let mut stride = 1;
        for (number, lines) in axes.iter_mut().enumerate().skip(1).rev() {
            let factor = if number == 1 { factor } else { 1.0 };
            if stride == 1 {
                lines.transform_to(from, to, stride, direction, factor);
            } else {
                lines.transform(to, stride, direction, factor);
            }
            stride *= lines.len();
        }
    }

    /// Transforms in place.
    fn row_in_place(
        axes: &mut [Lines],
        row: &mut [Complex64],
        direction: FftDirection,
        factor: f64,
    ) {
        let mut stride = 1;
        for (number, lines) in axes.iter_mut().enumerate().skip(1).rev() {
            let factor = if number == 1 { factor } else { 1.0 };
            lines.transform(row, stride, direction, factor);
            stride *= lines.len();
        }
    }

    /// Returns the number of entries for one index of the first axis.
    fn row_len(&self) -> usize {
        self.input.shape()[1..].iter().product()
    }

    /// Transforms slabs of the first axis to slabs of the second.
    fn first_to_second(
        &mut self,
        from: &[Complex64],
        to: &mut [Complex64],
        direction: FftDirection,
        factor: f64,
    ) {
        let len = self.row_len();
        if self.transpose.is_alone() {
            for (from, to) in from.chunks_exact(len).zip(to.chunks_exact_mut(len)) {
                Self::row(&mut self.axes, from, to, direction, 1.0);
            }
        } else {
            let row = &mut self.work[..len];
            for (i, from) in from.chunks_exact(len).enumerate() {
                Self::row(&mut self.axes, from, row, direction, 1.0);
                self.transpose.pack(i, row, to);
            }
            self.transpose.send_packed(to);
        }
        let stride = to.len() / self.axes[0].len();
        self.axes[0].transform(to, stride, direction, factor);
    }

    /// Transforms slabs of the second axis to slabs of the first.
    fn second_to_first(&mut self, from: &[Complex64], to: &mut [Complex64], way: FftDirection) {
        let factor = self.factor(way);
        if self.transpose.is_alone() {
            // The layouts are the same: the axis with the longest stride is transformed in place.
            return self.first_to_second(from, to, way, factor);
        }
        let len = self.row_len();
        let stride = from.len() / self.axes[0].len();
        let second = &mut self.work[..from.len()];
        self.axes[0].transform_to(from, second, stride, way, 1.0);
        self.transpose.receive_packed(second);
        for (i, row) in to.chunks_exact_mut(len).enumerate() {
            self.transpose.unpack(i, second, row);
            Self::row_in_place(&mut self.axes, row, way, factor);
        }
    }

    /// Transforms slabs of the first axis to slabs of the first.
    fn first_to_first(&mut self, from: &[Complex64], to: &mut [Complex64], way: FftDirection) {
        let factor = self.factor(way);
        if self.transpose.is_alone() {
            return self.first_to_second(from, to, way, factor);
        }
        let mut second = std::mem::take(&mut self.second);
        second.resize(self.transpose.second_len(), Complex64::default());
        self.first_to_second(from, &mut second, way, factor);
        self.transpose.receive_packed(&second);
        let len = self.row_len();
        for (i, row) in to.chunks_exact_mut(len).enumerate() {
            self.transpose.unpack(i, &second, row);
        }
        self.second = second;
    }
}

impl fmt::Debug for Fft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fft")
            .field("input", &self.input)
            .field("output", &self.output)
            .field("scaling", &self.scaling)
            .finish_non_exhaustive()
    }
}
