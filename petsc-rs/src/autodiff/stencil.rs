//! Arguments of a residual at a point: the position, and the unknowns at the point and its
//! neighbors.

use std::fmt;
use std::marker::PhantomData;

use super::Number;
use crate::dm::{BoundaryType, Corners, DmdaRef, Layout, StencilType};
use crate::error::Result;
use crate::{Int, Scalar, ffi};

/// A point of a DMDA, with global indices.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Place<'a> {
    /// Index along `x`.
    pub i: Int,
    /// Index along `y`; 0 in one dimension.
    pub j: Int,
    /// Index along `z`; 0 in one and two dimensions.
    pub k: Int,
    /// The sizes of the DMDA, and the points of this rank.
    pub grid: &'a Layout,
}

impl Place<'_> {
    /// Returns whether the point is the first or the last point in any direction.
    #[must_use]
    #[inline]
    pub fn on_boundary(&self) -> bool {
        let at = [self.i, self.j, self.k];
        let last = |d: usize| at[d] == 0 || at[d] == self.grid.sizes[d] - 1;
        (0..3).any(|d| d < self.grid.dimension && last(d))
    }

    /// Returns the distance between neighboring points in each direction, for a mesh that covers
    /// the interval from 0 to 1 in each direction.
    ///
    /// # Examples
    /// See [`SnesRef::set_residual_autodiff`](crate::SnesRef::set_residual_autodiff).
    #[must_use]
    #[inline]
    pub fn spacing(&self) -> [crate::Real; 3] {
        self.grid.sizes.map(|n| 1.0 / (n - 1).max(1) as crate::Real)
    }
}

mod sealed {
    use super::Int;

    pub trait Step: Copy + std::fmt::Debug {
        fn steps(self) -> [Int; 3];
    }
}

/// Offset from a point to a neighbor: `di`, `(di, dj)` or `(di, dj, dk)`.
pub trait Offset: sealed::Step {}

impl<S: sealed::Step> Offset for S {}

macro_rules! steps {
    ($($ty:ty: |$step:ident| $steps:expr;)*) => {$(
        impl sealed::Step for $ty {
            #[inline(always)]
            fn steps(self) -> [Int; 3] {
                let $step = self;
                $steps
            }
        }
    )*};
}

steps! {
    Int: |i| [i, 0, 0];
    (Int, Int): |step| [step.0, step.1, 0];
    (Int, Int, Int): |step| step.into();
}

/// The points of a stencil, in memory order.
pub(super) struct Plan {
    /// Offsets of the points.
    pub(super) steps: Vec<[Int; 3]>,
    /// For each point of the stencil's bounding box, its number in the stencil, or
    /// [`NONE`](Self::NONE) for a point outside the stencil.
    numbers: Vec<usize>,
    /// Position of the center in the box.
    origin: Int,
    /// Extent of the box in a direction.
    span: Int,
    width: Int,
    pub(super) layout: Layout,
    pub(super) centre: usize,
    /// Whether two points of a stencil may be the same unknown: next to a mirror boundary, or if a
    /// periodic direction is not longer than the stencil. In these cases, the derivatives of both
    /// points are added.
    pub(super) repeats: bool,
}

impl Plan {
    const NONE: usize = usize::MAX;

    /// # Errors
    /// `ARG_SIZ` if a point of the DMDA does not have `DOF` unknowns.
    pub(super) fn new<const DOF: usize>(grid: &DmdaRef) -> Result<Self> {
        let (layout, info) = (grid.layout()?, grid.info()?);
        ffi::same_len("number of unknowns of a point", info.dof, DOF)?;
        let width = ffi::petsc_int(info.stencil_width)?;
        let span = 2 * width + 1;
        let reach = |d: usize| {
            if d < info.dimension { -width..=width } else { 0..=0 }
        };
        let (mut steps, mut numbers) = (Vec::new(), Vec::new());
        for dk in reach(2) {
            for dj in reach(1) {
                for di in reach(0) {
                    let step = [di, dj, dk];
                    let axes = step.iter().filter(|&&d| d != 0).count();
                    let member = info.stencil == StencilType::Box || axes <= 1;
                    numbers.push(if member { steps.len() } else { Self::NONE });
                    if member {
                        steps.push(step);
                    }
                }
            }
        }
        let half = ffi::petsc_int(numbers.len() / 2)?;
        Ok(Self {
            repeats: (0..info.dimension).any(|d| match info.boundaries[d] {
                BoundaryType::None | BoundaryType::Ghosted => false,
                BoundaryType::Periodic => info.sizes[d] <= 2 * info.stencil_width,
                _ => true,
            }),
            centre: numbers[numbers.len() / 2],
            steps,
            numbers,
            origin: half,
            span,
            width,
            layout,
        })
    }

    /// Returns the number of points.
    pub(super) fn points(&self) -> usize {
        self.steps.len()
    }
}

/// The unknowns at a point, and at those of its neighbors that belong to the stencil of the DMDA.
pub struct Stencil<'a, N, const DOF: usize> {
    values: &'a [Scalar],
    plan: &'a Plan,
    numbers: &'a [usize],
    /// Number of this point in `values`, and the strides to its neighbors along `y` and `z`.
    place: Int,
    strides: [Int; 2],
    /// Range of the offsets at which points exist, in each direction.
    low: [Int; 3],
    high: [Int; 3],
    /// Number of the first direction of differentiation in this pass.
    first: usize,
    points: usize,
    _number: PhantomData<N>,
}

impl<N, const DOF: usize> fmt::Debug for Stencil<'_, N, DOF> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stencil")
            .field("low", &self.low)
            .field("high", &self.high)
            .finish_non_exhaustive()
    }
}

impl<'a, N: Number, const DOF: usize> Stencil<'a, N, DOF> {
    /// `values` contains the points of this rank and its ghost points.
    #[inline(always)]
    pub(super) fn new(values: &'a [Scalar], plan: &'a Plan, at: &Place<'_>) -> Self {
        let Corners { start, end } = plan.layout.ghosted;
        let at = [at.i, at.j, at.k];
        let strides = strides(&plan.layout.ghosted);
        let low = [0, 1, 2].map(|d| (start[d] - at[d]).max(-plan.width));
        let high = [0, 1, 2].map(|d| (end[d] - 1 - at[d]).min(plan.width));
        Self {
            values,
            plan,
            numbers: &plan.numbers,
            place: (at[0] - start[0])
                + strides[0] * (at[1] - start[1])
                + strides[1] * (at[2] - start[2]),
            strides,
            low,
            high,
            first: 0,
            points: plan.steps.len(),
            _number: PhantomData,
        }
    }

    /// Returns the same stencil for the directions from `first` on: unknown `c` of stencil point
    /// `s` is direction `c · points + s`.
    #[inline(always)]
    pub(super) fn pass(&self, first: usize) -> Self {
        Self { first, ..*self }
    }

    /// Returns the position of the neighbor among the points of this rank and its ghost points, if
    /// it exists.
    #[inline(always)]
    pub(super) fn neighbour(&self, steps: [Int; 3]) -> Option<Int> {
        let here = |d: usize| steps[d] == 0 || (self.low[d]..=self.high[d]).contains(&steps[d]);
        if !(here(0) && here(1) && here(2)) {
            return None;
        }
        Some(self.place + steps[0] + self.strides[0] * steps[1] + self.strides[1] * steps[2])
    }

    /// Returns a number with this value that depends on unknown `c` of this point.
    #[inline(always)]
    pub(super) fn centre(&self, c: usize, value: Scalar) -> N {
        let direction = self.plan.centre.wrapping_sub(self.first);
        N::variable(value, direction.wrapping_add(c * self.points))
    }

    /// Returns the unknowns of a neighbor: `x.point((1, 0))` is the next point along `x`,
    /// `x.point((0, 0))` this point.
    ///
    /// # Panics
    /// If the stencil of the DMDA does not contain the offset, or if the neighbor does not exist,
    /// because it lies beyond the end of a direction with the boundary type
    /// [`BoundaryType::None`](crate::dm::BoundaryType::None).
    #[must_use]
    #[inline(always)]
    pub fn point<O: Offset>(&self, offset: O) -> [N; DOF] {
        let steps = offset.steps();
        let found = self.neighbour(steps).and_then(|place| {
            let span = self.plan.span;
            let number = self.plan.origin + steps[0] + span * (steps[1] + span * steps[2]);
            let number = *self.numbers.get(ffi::index_to_usize(number))?;
            let first = ffi::index_to_usize(place) * DOF;
            Some((number, self.values.get(first..first + DOF)?))
        });
        match found {
            Some((number, values)) if number != Plan::NONE => {
                let direction = number.wrapping_sub(self.first);
                let mut all = [N::from(values[0]); DOF];
                for (c, (number, &value)) in all.iter_mut().zip(values).enumerate() {
                    *number = N::variable(value, direction.wrapping_add(c * self.points));
                }
                all
            }
            _ => outside(steps),
        }
    }
}

impl<N: Number> Stencil<'_, N, 1> {
    /// Returns the unknown of a neighbor, if points have one unknown: see [`point`](Self::point).
    ///
    /// # Panics
    /// The same as for [`point`](Self::point).
    ///
    /// # Examples
    /// See [`SnesRef::set_residual_autodiff`](crate::SnesRef::set_residual_autodiff).
    #[must_use]
    #[inline(always)]
    pub fn value<O: Offset>(&self, offset: O) -> N {
        let [value] = self.point(offset);
        value
    }
}

/// Distances in memory between neighbors along `y` and `z`.
#[inline(always)]
pub(super) fn strides(corners: &Corners) -> [Int; 2] {
    let extent = |d: usize| corners.end[d] - corners.start[d];
    [extent(0), extent(0) * extent(1)]
}

#[cold]
#[inline(never)]
#[expect(clippy::panic, reason = "panics as a slice does for an index out of bounds")]
fn outside(steps: [Int; 3]) -> ! {
    panic!("the stencil of the DMDA has no point at {steps:?} relative to this point")
}
