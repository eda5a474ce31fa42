//! Colourings of matrices: which columns can be computed together.

use std::ptr;

use petsc_macros::wraps;

use super::MatrixRef;
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::Coloring;
use crate::{call, sys, type_names::type_names};

type_names! {
    /// Name of an algorithm that colours columns, for `-mat_coloring_type` and
    /// [`MatrixRef::create_coloring`].
    #[doc(alias = "MatColoringType")]
    ColoringType;
    /// A colour for each column.
    NATURAL = c"natural",
    /// Smallest degree last.
    SL = c"sl",
    /// Largest degree first.
    LF = c"lf",
    /// By incidence degree.
    ID = c"id",
    /// In the order of the columns, in parallel.
    GREEDY = c"greedy",
    /// Jones and Plassmann's, in parallel.
    JP = c"jp",
    /// From a power of the matrix.
    POWER = c"power",
}

impl MatrixRef {
    /// A colouring of the columns of an assembled matrix: no two of one colour meet in a row. Collective.
    /// Option: `-mat_coloring_type`.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` before assembly; `SUP` for a matrix that is not square, except by
    /// [`SL`](ColoringType::SL) and [`LF`](ColoringType::LF) on one rank.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Matrix, Scalar, ScalarExt, matrix::ColoringType};
    /// # let r = Scalar::from_real;
    /// // Only neighbours meet, so three colours do.
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
    #[wraps(
        MatColoringApply,
        MatColoringCreate,
        MatColoringSetType,
        MatColoringSetFromOptions
    )]
    #[track_caller]
    pub fn create_coloring(&self, kind: ColoringType<'_>) -> Result<Coloring> {
        self.check_assembled()?;
        let (m, n) = self.size()?;
        let serial = [ColoringType::SL, ColoringType::LF, ColoringType::ID].contains(&kind);
        let whole = serial && kind != ColoringType::ID && self.local_size()? == (m, n);
        if m != n && !whole {
            let text = "only `sl` and `lf` colour a matrix that is not square, on one rank";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        if serial && (m == 0 || n == 0) {
            let text = "there is nothing to colour in a matrix without rows or columns";
            return Err(Error::collective(ErrorCode::ARG_SIZ, text));
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
