//! Colorings of matrices: sets of columns that can be computed together.

use std::ptr;

use petsc_macros::wraps;

use super::MatrixRef;
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::Coloring;
use crate::{call, sys, type_names::type_names};

type_names! {
    /// Name of a coloring algorithm, for `-mat_coloring_type` and [`MatrixRef::create_coloring`].
    #[doc(alias = "MatColoringType")]
    ColoringType;
    /// A different color for each column.
    NATURAL = c"natural",
    /// Smallest-last ordering.
    SL = c"sl",
    /// Largest-first ordering.
    LF = c"lf",
    /// Incidence-degree ordering.
    ID = c"id",
    /// Greedy coloring in the order of the columns, in parallel.
    GREEDY = c"greedy",
    /// Jones–Plassmann algorithm, in parallel.
    JP = c"jp",
    /// Coloring of the graph of a power of the matrix.
    POWER = c"power",
}

impl MatrixRef {
    /// Colors the columns of an assembled matrix so that no two columns of one color have entries
    /// in the same row. Collective. Option: `-mat_coloring_type`.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before assembly; `SUP` for a matrix that is not square, except with
    /// [`SL`](ColoringType::SL) and [`LF`](ColoringType::LF) on one rank.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Matrix, Scalar, ScalarExt, matrix::ColoringType};
    /// # let r = Scalar::from_real;
    /// // Only neighbors have entries in the same row, so three colors suffice.
    /// let mut a = Matrix::builder(comm).global_size(6, 6).build()?;
    /// for i in 0..6 {
    ///     for j in [i - 1, i, i + 1].into_iter().filter(|j| (0..6).contains(j)) {
    ///         a.set_value(i, j, r(1.0), InsertMode::Insert)?;
    ///     }
    /// }
    /// a.assemble()?;
    /// assert_eq!(a.create_coloring(ColoringType::SL)?.colors()?.0, 3);
    /// # Ok(()) })
    /// ```
    #[wraps(MatColoringApply, MatColoringCreate, MatColoringSetType, MatColoringSetFromOptions)]
    #[track_caller]
    pub fn create_coloring(&self, kind: ColoringType<'_>) -> Result<Coloring> {
        self.check_assembled()?;
        let (m, n) = self.size()?;
        let serial = [ColoringType::SL, ColoringType::LF, ColoringType::ID].contains(&kind);
        let whole = serial && kind != ColoringType::ID && self.local_size()? == (m, n);
        if m != n && !whole {
            let text = "a matrix that is not square can be colored only with `sl` or `lf`, and only on one rank";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        let mut tool = ptr::null_mut();
        // SAFETY: a live, assembled matrix and a valid out-pointer.
        unsafe { call!(MatColoringCreate(self.as_ptr(), &raw mut tool)) }?;
        let mut raw = ptr::null_mut();
        let outcome = apply(tool, kind, m == n, &mut raw);
        // SAFETY: gives up the reference of the line that created it.
        let destroyed = unsafe { call!(MatColoringDestroy(&raw mut tool)) };
        outcome.and(destroyed)?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Coloring::created(raw) })
    }
}

fn apply(
    tool: sys::MatColoring,
    kind: ColoringType<'_>,
    by_options: bool,
    raw: &mut sys::ISColoring,
) -> Result<()> {
    // SAFETY: a live object; PETSc copies the name.
    unsafe { call!(MatColoringSetType(tool, kind.as_ptr())) }?;
    if by_options {
        // SAFETY: as above.
        unsafe { call!(MatColoringSetFromOptions(tool)) }?;
    }
    // SAFETY: a live object with a type and a matrix, a valid out-pointer.
    unsafe { call!(MatColoringApply(tool, raw)) }
}
