//! Transforms with FFTW through PETSc.

use std::ops::Range;

use mpi::traits::{CommunicatorCollectives, Equivalence};
use num_complex::Complex64;
use petsc_rs::matrix::FftMatrix;
use petsc_rs::{Comm, Error, ErrorCode, Matrix, Result, Scalar};

use crate::slab::{block, place};
use crate::transpose::{Layout, exchange};

/// The implementation of the transforms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kernel {
    /// The transforms of this crate, with the kernels of `rustfft` and `realfft`.
    #[default]
    Rust,
    /// FFTW, through PETSc's `MATFFTW`, if PETSc was built with FFTW. Complex builds transform
    /// complex arrays; real builds transform real arrays, on one rank only. FFTW distributes the
    /// first axis. The option `-mat_fftw_plannerflags` selects FFTW's planner.
    Fftw,
}

/// A transform of arrays of `T`. The first axes of the arrays and of their spectra are distributed
/// evenly. Collective.
pub(crate) trait Foreign<T> {
    fn forward(&mut self, data: &[T], spectrum: &mut [Complex64], factor: f64) -> Result<()>;
    fn backward(&mut self, spectrum: &[Complex64], data: &mut [T], factor: f64) -> Result<()>;
}

/// The number types of arrays.
pub(crate) trait Element: Sized {
    /// Creates a plan of FFTW, if this PETSc provides one for this number type. Collective.
    fn plan(comm: &Comm, shape: &[usize]) -> Result<Box<dyn Foreign<Self>>>;
}

impl Element for Scalar {
    fn plan(comm: &Comm, shape: &[usize]) -> Result<Box<dyn Foreign<Self>>> {
        Ok(Box::new(Fftw::new(comm, shape)?))
    }
}

#[cfg(petsc_scalar = "real")]
impl Element for Complex64 {
    fn plan(_comm: &Comm, _shape: &[usize]) -> Result<Box<dyn Foreign<Self>>> {
        unsupported(
            "this PETSc has real scalars, and its FFTW transforms real arrays only: use \
             `PencilBuilder::build_real`",
        )
    }
}

#[cfg(petsc_scalar = "complex")]
impl Element for f64 {
    fn plan(_comm: &Comm, _shape: &[usize]) -> Result<Box<dyn Foreign<Self>>> {
        unsupported(
            "this PETSc has complex scalars, and its FFTW transforms complex arrays only: use `Fft`",
        )
    }
}

pub(crate) fn unsupported<T>(text: &str) -> Result<T> {
    Err(Error::collective(ErrorCode::SUP, text))
}

struct Fftw {
    matrix: FftMatrix,
    deal: Deal,
    /// Length of a line along the last axis: `line` in the array, `half` in the spectrum.
    line: usize,
    half: usize,
    array: Vec<Scalar>,
    spectrum: Vec<Complex64>,
}

impl Fftw {
    fn new(comm: &Comm, shape: &[usize]) -> Result<Self> {
        let &[rows, ref others @ .., line] = shape else {
            return Err(Error::collective(
                ErrorCode::ARG_OUTOFRANGE,
                format!("an array of shape {shape:?} has no rows"),
            ));
        };
        let matrix = Matrix::fft(comm, shape)?;
        let half = if cfg!(petsc_scalar = "complex") { line } else { line / 2 + 1 };
        let of_number = size_of::<Complex64>() / size_of::<Scalar>();
        let lines = matrix.spectrum().local_len()? / (of_number * half);
        let of_row: usize = others.iter().product();
        Ok(Self {
            deal: Deal::new(comm, rows, lines / of_row, of_row)?,
            array: vec![Scalar::default(); lines * line],
            spectrum: vec![Complex64::default(); lines * half],
            matrix,
            line,
            half,
        })
    }
}

impl Foreign<Scalar> for Fftw {
    fn forward(&mut self, data: &[Scalar], spectrum: &mut [Complex64], factor: f64) -> Result<()> {
        self.deal.there(data, &mut self.array, self.line)?;
        let len = self.array.len();
        self.matrix.input_mut().array_mut()?[..len].copy_from_slice(&self.array);
        self.matrix.forward()?;
        from_scalars(&self.matrix.spectrum().array()?, &mut self.spectrum, factor);
        self.deal.back(&self.spectrum, spectrum, self.half)
    }

    fn backward(&mut self, spectrum: &[Complex64], data: &mut [Scalar], factor: f64) -> Result<()> {
        self.deal.there(spectrum, &mut self.spectrum, self.half)?;
        to_scalars(&self.spectrum, &mut self.matrix.spectrum_mut().array_mut()?);
        self.matrix.backward()?;
        for (to, from) in self.array.iter_mut().zip(&*self.matrix.result().array()?) {
            *to = from * factor;
        }
        self.deal.back(&self.array, data, self.line)
    }
}

#[cfg(petsc_scalar = "complex")]
fn from_scalars(values: &[Scalar], numbers: &mut [Complex64], factor: f64) {
    for (number, value) in numbers.iter_mut().zip(values) {
        *number = value * factor;
    }
}

#[cfg(petsc_scalar = "complex")]
fn to_scalars(numbers: &[Complex64], values: &mut [Scalar]) {
    values[..numbers.len()].copy_from_slice(numbers);
}

#[cfg(petsc_scalar = "real")]
fn from_scalars(values: &[Scalar], numbers: &mut [Complex64], factor: f64) {
    for (number, pair) in numbers.iter_mut().zip(values.chunks_exact(2)) {
        *number = Complex64::new(pair[0], pair[1]) * factor;
    }
}

#[cfg(petsc_scalar = "real")]
fn to_scalars(numbers: &[Complex64], values: &mut [Scalar]) {
    for (number, pair) in numbers.iter().zip(values.chunks_exact_mut(2)) {
        pair.copy_from_slice(&[number.re, number.im]);
    }
}

/// Maps between rows that are distributed evenly, as in this crate, and rows as FFTW distributes
/// them.
struct Deal {
    comm: Comm,
    even: Vec<usize>,
    own: Vec<usize>,
    /// Whether the distribution of this crate and that of FFTW are equal on every rank.
    same: bool,
    /// The number of lines along the last axis in one row.
    of_row: usize,
}

impl Deal {
    /// Creates the map for the rows of the first axis; `own` of them are on this rank in FFTW's
    /// distribution. Collective.
    fn new(comm: &Comm, rows: usize, own: usize, of_row: usize) -> Result<Self> {
        let (rank, ranks) = place(comm)?;
        let mut all = vec![0; ranks];
        comm.mpi().all_gather_into(&own, &mut all[..]);
        let mut ends: Vec<usize> = Vec::new();
        for count in &all {
            ends.push(ends.last().unwrap_or(&0) + count);
        }
        let even: Vec<_> = (0..ranks).map(|r| block(rows, ranks, r)).collect();
        let fftw: Vec<_> = ends.iter().zip(&all).map(|(end, count)| end - count..*end).collect();
        let common = |mine: &Range<usize>, theirs: &[Range<usize>]| {
            let shared = theirs.iter().map(|other| {
                let (start, end) = (mine.start.max(other.start), mine.end.min(other.end));
                end.saturating_sub(start)
            });
            shared.collect()
        };
        Ok(Self {
            comm: comm.duplicate()?,
            same: even.iter().map(ExactSizeIterator::len).eq(all),
            own: common(&even[rank], &fftw),
            even: common(&fftw[rank], &even),
            of_row,
        })
    }

    fn layout(&self, rows: &[usize], line: usize) -> Result<Layout> {
        Layout::new(rows.iter().map(|n| n * self.of_row * line))
    }

    fn there<T: Copy + Equivalence>(&self, from: &[T], to: &mut [T], line: usize) -> Result<()> {
        self.send(from, &self.own, to, &self.even, line)
    }

    fn back<T: Copy + Equivalence>(&self, from: &[T], to: &mut [T], line: usize) -> Result<()> {
        self.send(from, &self.even, to, &self.own, line)
    }

    fn send<T: Copy + Equivalence>(
        &self,
        from: &[T],
        sent: &[usize],
        to: &mut [T],
        received: &[usize],
        line: usize,
    ) -> Result<()> {
        if self.same {
            to.copy_from_slice(from);
            return Ok(());
        }
        let (send, receive) = (self.layout(sent, line)?, self.layout(received, line)?);
        exchange(&self.comm, from, &send, to, &receive);
        Ok(())
    }
}
