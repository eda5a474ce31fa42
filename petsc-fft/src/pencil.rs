//! Transforms along all axes of an array that is distributed over a process grid.

use std::fmt;

use num_complex::Complex64;
use petsc_rs::{Comm, Result};
use rustfft::{FftDirection, FftPlanner};

use crate::block::Block;
use crate::check_len;
use crate::exchange::Array;
use crate::fftw::{Element, Foreign, Kernel, unsupported};
use crate::lines::Lines;
use crate::real::RealFft;
use crate::route::{Grid, Layout, Route, Step, square};
use crate::scaling::Scaling;
use crate::slab::place;

/// A plan for the transform of an array of two or more dimensions on a process grid. The part of
/// each rank is a pencil (one of the axes is not distributed) or a box like a subdomain of a DMDA.
///
/// Each exchange of data involves only the ranks of one line of the process grid. A thousand ranks
/// can share an array of 32³; with slabs, only 32 of them would have entries. On few ranks, slabs
/// ([`crate::Fft`]) need fewer messages.
pub struct PencilFft {
    grid: Grid,
    input: Block,
    output: Block,
    scaling: Scaling,
    foreign: Option<Box<dyn Foreign<Complex64>>>,
    axes: Vec<Lines>,
    steps: Vec<Step>,
    array: Array<Complex64>,
}

/// The settings of a plan with a process grid.
#[derive(Clone, Debug)]
pub struct PencilBuilder<'a> {
    comm: &'a Comm,
    shape: &'a [usize],
    grid: Option<&'a [usize]>,
    scaling: Scaling,
    in_order: bool,
    kernel: Kernel,
}

impl<'a> PencilBuilder<'a> {
    /// Sets the implementation of the transforms. Default: [`Kernel::Rust`]. [`Kernel::Fftw`]
    /// distributes only the first axis, over all ranks, in the array and in the transform. The
    /// process grid must then be `&[ranks]` (the default), and the transform is always [in
    /// order](Self::in_order).
    #[must_use]
    pub fn kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }

    /// Sets the numbers of ranks along the first axes. Their product must be the number of all
    /// ranks. For example, `&[2, 3]` arranges six ranks in two rows of three: the first axis is
    /// distributed over the rows, and the second axis over the ranks of each row. If there is one
    /// number for each axis, the parts of the ranks are the boxes of a DMDA with the same numbers
    /// of processes; `x` of the DMDA is the last axis of the array. Default: two numbers close to
    /// each other, or one number for an array of two dimensions.
    #[must_use]
    pub fn grid(mut self, grid: &'a [usize]) -> Self {
        self.grid = Some(grid);
        self
    }

    /// Sets the scaling factor. Default: [`Scaling::Backward`].
    #[must_use]
    pub fn scaling(mut self, scaling: Scaling) -> Self {
        self.scaling = scaling;
        self
    }

    /// Sets whether the transform has the same distribution as the array. If true, the number of
    /// exchanges doubles. Default: false.
    #[must_use]
    pub fn in_order(mut self, in_order: bool) -> Self {
        self.in_order = in_order;
        self
    }

    /// Creates the plan of FFTW, if it is requested. Collective.
    fn foreign<T: Element>(&self) -> Result<Option<Box<dyn Foreign<T>>>> {
        match self.kernel {
            Kernel::Rust => Ok(None),
            Kernel::Fftw => T::plan(self.comm, self.shape).map(Some),
        }
    }

    fn make_grid(&self) -> Result<(Grid, Layout)> {
        let (_, ranks) = place(self.comm)?;
        let two = square(ranks);
        let fftw = self.kernel == Kernel::Fftw;
        let usual = if self.shape.len() > 2 && !fftw { &two[..] } else { &[ranks] };
        let sizes = self.grid.unwrap_or(usual);
        if fftw && sizes.first() != Some(&ranks) {
            return unsupported("FFTW distributes only the first axis, over all ranks");
        }
        let layout = Layout::new(self.shape, sizes)?;
        Ok((Grid::new(self.comm, sizes)?, layout))
    }

    /// Creates the plan for complex numbers. Collective; all arguments must be the same on all
    /// ranks.
    ///
    /// # Errors
    /// [`ErrorCode::ARG_OUTOFRANGE`](petsc_rs::ErrorCode::ARG_OUTOFRANGE) if the array has fewer
    /// than two dimensions or no entries, if a rank has more entries than MPI can count, or if the
    /// process grid does not match the array or the number of ranks.
    /// [`ErrorCode::SUP`](petsc_rs::ErrorCode::SUP) if FFTW is requested, but does not support the
    /// process grid, or if PETSc was built without FFTW or with another scalar type.
    pub fn build(self) -> Result<PencilFft> {
        let (grid, layout) = self.make_grid()?;
        let input = layout.block(&grid);
        let mut route = Route::new(layout, &grid)?;
        route.transform((0..self.shape.len()).collect(), &grid)?;
        if self.in_order || self.kernel == Kernel::Fftw {
            route.return_home(&[], &grid)?;
        }
        let foreign = self.foreign()?;
        let mut planner = FftPlanner::new();
        let lines = |&n: &usize| Lines::new(&mut planner, n);
        Ok(PencilFft {
            input,
            output: route.layout().block(&grid),
            scaling: self.scaling,
            foreign,
            axes: self.shape.iter().map(lines).collect(),
            steps: route.steps,
            array: Array::default(),
            grid,
        })
    }

    /// Creates the plan for real numbers. Only one half of the transform is stored. Collective; all
    /// arguments must be the same on all ranks.
    ///
    /// # Errors
    /// See [`PencilBuilder::build`].
    pub fn build_real(self) -> Result<RealFft> {
        let (grid, layout) = self.make_grid()?;
        let foreign = self.foreign()?;
        let in_order = self.in_order || self.kernel == Kernel::Fftw;
        RealFft::new(grid, layout, self.shape, self.scaling, in_order, foreign)
    }
}

impl PencilFft {
    /// Creates a plan with the default settings. See [`PencilFft::builder`]. Collective.
    ///
    /// # Errors
    /// See [`PencilBuilder::build`].
    pub fn new(comm: &Comm, shape: &[usize]) -> Result<Self> {
        Self::builder(comm, shape).build()
    }

    /// Returns a builder for arrays of this shape, with the slowest axis first.
    ///
    /// # Examples
    /// ```
    /// use petsc_fft::{Complex64, PencilFft};
    /// # petsc_rs::doctest(|comm| {
    /// let mut fft = PencilFft::builder(comm, &[4, 5, 6]).in_order(true).build()?;
    /// let ones = vec![Complex64::ONE; fft.input().len()];
    /// let mut sums = vec![Complex64::default(); fft.output().len()];
    /// fft.forward(&ones, &mut sums)?;
    /// for (i, sum) in sums.iter().enumerate() {
    ///     let expected = if fft.output().global_index(i) == 0 { 120.0 } else { 0.0 };
    ///     assert!((sum - expected).norm() < 1e-12);
    /// }
    /// # Ok(()) })
    /// ```
    #[must_use]
    pub fn builder<'a>(comm: &'a Comm, shape: &'a [usize]) -> PencilBuilder<'a> {
        PencilBuilder {
            comm,
            shape,
            grid: None,
            scaling: Scaling::default(),
            in_order: false,
            kernel: Kernel::default(),
        }
    }

    /// Returns the part of the array on this rank.
    #[must_use]
    pub fn input(&self) -> &Block {
        &self.input
    }

    /// Returns the part of the transform on this rank.
    #[must_use]
    pub fn output(&self) -> &Block {
        &self.output
    }

    /// Returns the numbers of ranks along the directions of the process grid.
    #[must_use]
    pub fn grid(&self) -> &[usize] {
        self.grid.sizes()
    }

    /// Computes `X[k] = Σ x[j]·exp(−2πi Σ jₐkₐ/nₐ)`, multiplied by the scaling factor. Collective.
    ///
    /// # Errors
    /// [`ErrorCode::ARG_SIZ`](petsc_rs::ErrorCode::ARG_SIZ) if the lengths are not those of [`PencilFft::input`] and
    /// [`PencilFft::output`].
    pub fn forward(&mut self, data: &[Complex64], spectrum: &mut [Complex64]) -> Result<()> {
        check_len("array", data.len(), self.input.len())?;
        check_len("transform", spectrum.len(), self.output.len())?;
        let factor = self.factor(FftDirection::Forward);
        if let Some(foreign) = &mut self.foreign {
            return foreign.forward(data, spectrum, factor);
        }
        self.array.fill(data);
        walk(&self.steps, &self.grid, &mut self.axes, &mut self.array, factor);
        spectrum.copy_from_slice(&self.array.values);
        Ok(())
    }

    /// Computes `x[j] = Σ X[k]·exp(2πi Σ jₐkₐ/nₐ)`, multiplied by the scaling factor. Collective.
    ///
    /// # Errors
    /// [`ErrorCode::ARG_SIZ`](petsc_rs::ErrorCode::ARG_SIZ) if the lengths are not those of [`PencilFft::output`] and
    /// [`PencilFft::input`].
    pub fn backward(&mut self, spectrum: &[Complex64], data: &mut [Complex64]) -> Result<()> {
        check_len("transform", spectrum.len(), self.output.len())?;
        check_len("array", data.len(), self.input.len())?;
        let factor = self.factor(FftDirection::Inverse);
        if let Some(foreign) = &mut self.foreign {
            return foreign.backward(spectrum, data, factor);
        }
        self.array.fill(spectrum);
        walk_back(&self.steps, &self.grid, &mut self.axes, &mut self.array, factor);
        data.copy_from_slice(&self.array.values);
        Ok(())
    }

    fn factor(&self, direction: FftDirection) -> f64 {
        let n = self.input.shape().iter().map(|&n| n as f64).product();
        self.scaling.factor(direction, n)
    }
}

/// Executes the steps; the first transform includes the scaling factor. Collective.
pub(crate) fn walk(
    steps: &[Step],
    grid: &Grid,
    axes: &mut [Lines],
    array: &mut Array<Complex64>,
    mut factor: f64,
) {
    for step in steps {
        match step {
            Step::Exchange { direction, before, after } => {
                if let Some(line) = grid.line(*direction) {
                    array.exchange(line, before, after);
                }
            }
            Step::Transform { axis, stride } => {
                let factor = std::mem::replace(&mut factor, 1.0);
                axes[*axis].transform(&mut array.values, *stride, FftDirection::Forward, factor);
            }
        }
    }
}

/// Executes the steps in reverse order; the first transform includes the scaling factor.
/// Collective.
pub(crate) fn walk_back(
    steps: &[Step],
    grid: &Grid,
    axes: &mut [Lines],
    array: &mut Array<Complex64>,
    mut factor: f64,
) {
    for step in steps.iter().rev() {
        match step {
            Step::Exchange { direction, before, after } => {
                if let Some(line) = grid.line(*direction) {
                    array.exchange(line, after, before);
                }
            }
            Step::Transform { axis, stride } => {
                let factor = std::mem::replace(&mut factor, 1.0);
                axes[*axis].transform(&mut array.values, *stride, FftDirection::Inverse, factor);
            }
        }
    }
}

impl fmt::Debug for PencilFft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PencilFft")
            .field("grid", &self.grid.sizes())
            .field("input", &self.input)
            .field("output", &self.output)
            .field("scaling", &self.scaling)
            .finish_non_exhaustive()
    }
}
