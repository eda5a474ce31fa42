//! Scatters: communication of vector entries by index (`VecScatter` in C).

mod create;
mod gather;
mod split;

pub use split::ScatterInFlight;

use petsc_macros::wraps;

use crate::error::{Error, ErrorCode, Result};
use crate::object::petsc_object;
use crate::vector::{InsertMode, VectorRef};
use crate::{ScalarExt as _, ffi, sys};

petsc_object! {
    /// A communication pattern that copies entries of one vector to another.
    ///
    /// A program creates a scatter for two vectors and two index sets, and applies it in either
    /// direction as often as necessary, also to other vectors of the same layouts. Dropping the
    /// handle destroys the scatter.
    ///
    /// # Examples
    /// See [`ScatterRef::scatter`].
    ///
    /// # See also
    /// [`VectorRef::gather_to_all`](crate::VectorRef::gather_to_all),
    /// [`VectorRef::subvector`](crate::VectorRef::subvector), [`IndexSet`](crate::IndexSet),
    /// [`StarForest`](crate::StarForest) (for data other than vectors).
    #[wraps(VecScatter, PetscSF)]
    Scatter,
    /// A borrowed [`Scatter`].
    ScatterRef,
    VecScatter,
    VecScatterDestroy,
}

/// How a new value is combined with the existing value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combine {
    /// Replaces the existing value.
    #[doc(alias = "INSERT_VALUES")]
    Insert,
    /// Adds to the existing value.
    #[doc(alias = "ADD_VALUES")]
    Add,
    /// Keeps the larger value; real numbers only.
    #[doc(alias = "MAX_VALUES")]
    Max,
    /// Keeps the smaller value; real numbers only.
    #[doc(alias = "MIN_VALUES")]
    Min,
}

impl From<InsertMode> for Combine {
    fn from(mode: InsertMode) -> Self {
        match mode {
            InsertMode::Insert => Self::Insert,
            InsertMode::Add => Self::Add,
        }
    }
}

impl Combine {
    pub(crate) fn to_raw(self) -> Result<sys::InsertMode> {
        if crate::Scalar::IS_COMPLEX && matches!(self, Self::Max | Self::Min) {
            return Err(Error::new(ErrorCode::SUP, "complex numbers have no maximum or minimum"));
        }
        Ok(match self {
            Self::Insert => sys::INSERT_VALUES,
            Self::Add => sys::ADD_VALUES,
            Self::Max => sys::MAX_VALUES,
            Self::Min => sys::MIN_VALUES,
        })
    }
}

/// Direction of a scatter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[wraps(ScatterMode)]
pub enum Direction {
    /// From vectors with the layout of `x` in [`Scatter::new`] to vectors with the layout of `y`.
    #[doc(alias = "SCATTER_FORWARD")]
    Forward,
    /// From vectors with the layout of `y` in [`Scatter::new`] to vectors with the layout of `x`.
    #[doc(alias = "SCATTER_REVERSE")]
    Reverse,
}

impl Direction {
    pub(crate) fn to_raw(self) -> sys::ScatterMode {
        match self {
            Self::Forward => sys::SCATTER_FORWARD,
            Self::Reverse => sys::SCATTER_REVERSE,
        }
    }
}

/// Local lengths of the two vectors. PETSc stores them too, but checks them only in debug builds.
#[derive(Clone, Copy, Debug)]
struct Lengths {
    from: usize,
    to: usize,
}

crate::attached! {
    const LENGTHS: Lengths = c"petsc-rs.scatter-lengths";
}

impl ScatterRef {
    /// Copies entries of `x` to `y`. Collective.
    ///
    /// `x` is always the source. With [`Direction::Reverse`], `x` must have the layout of the
    /// second vector with which the scatter was created, and `y` that of the first.
    ///
    /// # Errors
    /// `ARG_SIZ` if the local length of a vector differs from that of the vector with which the
    /// scatter was created; `ARG_WRONGSTATE` if an array is borrowed; `SUP` for a maximum or
    /// minimum of complex numbers.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Combine, Direction, IndexSet, Scalar, ScalarExt, Scatter, Vector};
    /// let x = Vector::from_slice(comm, &[1.0, 2.0, 3.0].map(Scalar::from_real))?;
    /// let mut y = Vector::with_local_len(comm, 2)?;
    /// let from = IndexSet::general(comm, &[2, 0])?;
    /// let scatter = Scatter::new(&x, Some(&from), &y, None)?;
    /// scatter.scatter(&x, &mut y, Combine::Insert, Direction::Forward)?;
    /// assert_eq!(y.array()?[0].real(), 3.0);
    /// # Ok(()) })
    /// ```
    #[wraps(VecScatterBegin, VecScatterEnd)]
    pub fn scatter(
        &self,
        x: &VectorRef,
        y: &mut VectorRef,
        combine: Combine,
        direction: Direction,
    ) -> Result<()> {
        self.begin(x, y, combine, direction)?.finish()
    }

    /// Copies entries of `x` to `y`: a [`scatter`](Self::scatter) with insertion. Collective.
    ///
    /// # Errors
    /// See [`scatter`](Self::scatter).
    pub fn forward(&self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        self.scatter(x, y, Combine::Insert, Direction::Forward)
    }

    /// Copies entries of `y` back to `x`: a reverse [`scatter`](Self::scatter) with insertion.
    /// Collective.
    ///
    /// # Errors
    /// See [`scatter`](Self::scatter).
    pub fn reverse(&self, y: &VectorRef, x: &mut VectorRef) -> Result<()> {
        self.scatter(y, x, Combine::Insert, Direction::Reverse)
    }

    fn check_lengths(&self, x: &VectorRef, y: &VectorRef, direction: Direction) -> Result<()> {
        let lengths = self.lengths()?;
        let (source, target) = match direction {
            Direction::Forward => (lengths.from, lengths.to),
            Direction::Reverse => (lengths.to, lengths.from),
        };
        ffi::same_len("local length of the source of the scatter", source, x.local_len()?)?;
        ffi::same_len("local length of the target of the scatter", target, y.local_len()?)
    }

    /// Returns the local lengths of the vectors for which the scatter was created: source and
    /// target.
    pub(crate) fn local_lengths(&self) -> Result<(usize, usize)> {
        let lengths = self.lengths()?;
        Ok((lengths.from, lengths.to))
    }

    fn lengths(&self) -> Result<Lengths> {
        LENGTHS.get(self)?.ok_or_else(|| {
            Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "this scatter was not created by petsc-rs, so the lengths of its vectors are unknown",
            )
        })
    }
}
