//! Scatters: entries of one vector travel to another by index (`VecScatter` in C).

mod create;
mod gather;
mod split;

pub use split::ScatterInFlight;

use std::ffi::CStr;
use std::ptr;

use petsc_macros::wraps;

use crate::callback::Context;
use crate::error::{Error, ErrorCode, Result};
use crate::object::{Object as _, petsc_object};
use crate::vector::{InsertMode, VectorRef};
use crate::{ScalarExt as _, call, ffi, sys};

petsc_object! {
    /// A plan that moves entries of one vector to another.
    #[wraps(VecScatter, PetscSF)]
    Scatter,
    /// A borrowed [`Scatter`].
    ScatterRef,
    VecScatter,
    VecScatterDestroy,
}

/// What happens to the value that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combine {
    /// Replaced.
    #[doc(alias = "INSERT_VALUES")]
    Insert,
    /// Added to.
    #[doc(alias = "ADD_VALUES")]
    Add,
    /// The larger one stays; real numbers only.
    #[doc(alias = "MAX_VALUES")]
    Max,
    /// The smaller one stays; real numbers only.
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
            return Err(Error::new(
                ErrorCode::SUP,
                "complex numbers have no maximum or minimum",
            ));
        }
        Ok(match self {
            Self::Insert => sys::INSERT_VALUES,
            Self::Add => sys::ADD_VALUES,
            Self::Max => sys::MAX_VALUES,
            Self::Min => sys::MIN_VALUES,
        })
    }
}

/// Which way entries travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[wraps(ScatterMode)]
pub enum Direction {
    /// From the vector that the scatter was created with first to the second.
    #[doc(alias = "SCATTER_FORWARD")]
    Forward,
    /// Back.
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

/// Local lengths of the two vectors. PETSc keeps them too, but looks only in debug builds.
#[derive(Clone, Copy, Debug)]
struct Lengths {
    from: usize,
    to: usize,
}

const LENGTHS: &CStr = c"petsc-rs.scatter-lengths";

impl ScatterRef {
    /// Copies entries of `x` to `y`, or back if `direction` is [`Direction::Reverse`]; `x` is always
    /// the source. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a vector has another local length than the one the scatter was created with,
    /// `ARG_WRONGSTATE` if an array is borrowed, `SUP` for a maximum or minimum of complex numbers.
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

    /// Copies entries of `x` to `y`: [`scatter`](Self::scatter) with insertion. Collective.
    ///
    /// # Errors
    /// As [`scatter`](Self::scatter).
    pub fn forward(&self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        self.scatter(x, y, Combine::Insert, Direction::Forward)
    }

    /// Copies entries of `y` back to `x`: [`scatter`](Self::scatter) with insertion, reversed.
    /// Collective.
    ///
    /// # Errors
    /// As [`scatter`](Self::scatter).
    pub fn reverse(&self, y: &VectorRef, x: &mut VectorRef) -> Result<()> {
        self.scatter(y, x, Combine::Insert, Direction::Reverse)
    }

    fn check_lengths(&self, x: &VectorRef, y: &VectorRef, direction: Direction) -> Result<()> {
        let lengths = self.lengths()?;
        let (source, target) = match direction {
            Direction::Forward => (lengths.from, lengths.to),
            Direction::Reverse => (lengths.to, lengths.from),
        };
        ffi::same_len("source of the scatter", source, x.local_len()?)?;
        ffi::same_len("target of the scatter", target, y.local_len()?)
    }

    /// Local lengths of the vectors that it was created for, from and to.
    pub(crate) fn local_lengths(&self) -> Result<(usize, usize)> {
        let lengths = self.lengths()?;
        Ok((lengths.from, lengths.to))
    }

    fn lengths(&self) -> Result<Lengths> {
        let mut found = ptr::null_mut();
        // SAFETY: a live object, a static name, a valid out-pointer.
        unsafe {
            call!(PetscObjectQuery(
                self.object_ptr(),
                LENGTHS.as_ptr(),
                &raw mut found
            ))
        }?;
        if found.is_null() {
            return Err(Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "this scatter was not created by petsc-rs, so the lengths of its vectors are unknown",
            ));
        }
        let mut ctx = ptr::null_mut();
        let out: *mut *mut std::ffi::c_void = &raw mut ctx;
        // SAFETY: a live container and a valid out-pointer.
        unsafe { call!(PetscContainerGetPointer(found.cast(), out.cast())) }?;
        // SAFETY: only this module composes under this name, always with `Lengths`.
        unsafe { Context::<Lengths>::with(ctx, |lengths| Ok(*lengths)) }
    }
}
