//! Transforms along all axes of an array that a grid of ranks has.

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

/// A plan for the transform of an array of two or more dimensions over a grid of ranks: pencils, where one axis of
/// three is whole on each rank, or boxes, as a DMDA has them.
///
/// The exchanges are among the ranks of one line of the grid. A thousand ranks can share an array of 32³ in
/// this way, where slabs leave all but 32 without work. On few ranks slabs ([`crate::Fft`]) send less often.
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

/// What a plan over a grid of ranks is to be like.
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
    /// Whose transforms these are. Default: [`Kernel::Rust`]. [`Kernel::Fftw`] deals out the first axis alone, to all ranks,
    /// and leaves the transform so: the grid is `&[ranks]`, which is then the default, and the transform in order.
    #[must_use]
    pub fn kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }

    /// Numbers of ranks that share the first axes, their product the number of all ranks: `&[2, 3]` deals out the
    /// first axis to two rows of three ranks, the second to the ranks of each row. With as many numbers as the array
    /// has axes the boxes are those of a DMDA with these numbers of processes, the last axis being its `x`.
    /// Default: two numbers near each other, or one for an array of two dimensions.
    #[must_use]
    pub fn grid(mut self, grid: &'a [usize]) -> Self {
        self.grid = Some(grid);
        self
    }

    /// Where the factor stands. Default: [`Scaling::Backward`].
    #[must_use]
    pub fn scaling(mut self, scaling: Scaling) -> Self {
        self.scaling = scaling;
        self
    }

    /// Whether the transform is dealt out as the array is, for twice the exchanges. Default: false.
    #[must_use]
    pub fn in_order(mut self, in_order: bool) -> Self {
        self.in_order = in_order;
        self
    }

    /// The plan of FFTW, if that is wanted. Collective.
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
        let usual = if self.shape.len() > 2 && !fftw {
            &two[..]
        } else {
            &[ranks]
        };
        let sizes = self.grid.unwrap_or(usual);
        if fftw && sizes.first() != Some(&ranks) {
            return unsupported("FFTW deals out the first axis alone, to all ranks");
        }
        let layout = Layout::new(self.shape, sizes)?;
        Ok((Grid::new(self.comm, sizes)?, layout))
    }

    /// Makes the plan for complex numbers. Collective; everything must be the same on all ranks.
    ///
    /// # Errors
    /// [`ErrorCode::ARG_OUTOFRANGE`](petsc_rs::ErrorCode::ARG_OUTOFRANGE) if there are less than two dimensions or no
    /// entry, more entries on a rank than MPI can count, or the grid does not fit the array or the ranks.
    /// [`ErrorCode::SUP`](petsc_rs::ErrorCode::SUP) if FFTW is asked for, and the grid is not one of its, or PETSc was built
    /// without it or with scalars of the other kind.
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

    /// Makes the plan for real numbers, of whose transform only one half is kept. Collective; everything must be the
    /// same on all ranks.
    ///
    /// # Errors
    /// As [`PencilBuilder::build`].
    pub fn build_real(self) -> Result<RealFft> {
        let (grid, layout) = self.make_grid()?;
        let foreign = self.foreign()?;
        let in_order = self.in_order || self.kernel == Kernel::Fftw;
        RealFft::new(grid, layout, self.shape, self.scaling, in_order, foreign)
    }
}

impl PencilFft {
    /// Plans with the defaults: see [`PencilFft::builder`]. Collective.
    ///
    /// # Errors
    /// As [`PencilBuilder::build`].
    pub fn new(comm: &Comm, shape: &[usize]) -> Result<Self> {
        Self::builder(comm, shape).build()
    }

    /// Begins a plan for arrays of this shape, the slowest axis first.
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

    /// What this rank has of the array.
    #[must_use]
    pub fn input(&self) -> &Block {
        &self.input
    }

    /// What this rank has of the transform.
    #[must_use]
    pub fn output(&self) -> &Block {
        &self.output
    }

    /// Numbers of ranks along the directions of the grid.
    #[must_use]
    pub fn grid(&self) -> &[usize] {
        self.grid.sizes()
    }

    /// `X[k] = Σ x[j]·exp(−2πi Σ jₐkₐ/nₐ)`, times the factor of the scaling. Collective.
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
        walk(
            &self.steps,
            &self.grid,
            &mut self.axes,
            &mut self.array,
            factor,
        );
        spectrum.copy_from_slice(&self.array.values);
        Ok(())
    }

    /// `x[j] = Σ X[k]·exp(2πi Σ jₐkₐ/nₐ)`, times the factor of the scaling. Collective.
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
        walk_back(
            &self.steps,
            &self.grid,
            &mut self.axes,
            &mut self.array,
            factor,
        );
        data.copy_from_slice(&self.array.values);
        Ok(())
    }

    fn factor(&self, direction: FftDirection) -> f64 {
        let n = self.input.shape().iter().map(|&n| n as f64).product();
        self.scaling.factor(direction, n)
    }
}

/// Goes through the steps; the first transform brings the factor in. Collective.
pub(crate) fn walk(
    steps: &[Step],
    grid: &Grid,
    axes: &mut [Lines],
    array: &mut Array<Complex64>,
    mut factor: f64,
) {
    for step in steps {
        match step {
            Step::Exchange {
                direction,
                before,
                after,
            } => {
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

/// Goes through the steps backwards; the first transform brings the factor in. Collective.
pub(crate) fn walk_back(
    steps: &[Step],
    grid: &Grid,
    axes: &mut [Lines],
    array: &mut Array<Complex64>,
    mut factor: f64,
) {
    for step in steps.iter().rev() {
        match step {
            Step::Exchange {
                direction,
                before,
                after,
            } => {
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
