//! Schur complements.

use std::ptr;

use petsc_macros::wraps;

use super::{Matrix, MatrixRef};
use crate::error::Result;
use crate::{create, ffi, sys};

/// Blocks of a two-by-two block system. See [`Matrix::schur_complement`].
#[derive(Clone, Copy, Debug)]
pub struct Blocks<'a> {
    /// Block (0, 0), whose inverse the Schur complement contains.
    pub a00: &'a MatrixRef,
    /// Matrix from which the preconditioner for `a00` is built, often `a00` itself.
    pub p00: &'a MatrixRef,
    /// Block (0, 1).
    pub a01: &'a MatrixRef,
    /// Block (1, 0).
    pub a10: &'a MatrixRef,
    /// Block (1, 1); `None` for a zero block.
    pub a11: Option<&'a MatrixRef>,
}

impl Blocks<'_> {
    fn check_sizes(&self, place: &str, size: Size) -> Result<()> {
        let (n0, (m1, n1)) = (size(self.a00)?.0, (size(self.a10)?.0, size(self.a01)?.1));
        let same =
            |what: &str, expected, found| ffi::same_len(&format!("{what}{place}"), expected, found);
        same("rows of a01", n0, size(self.a01)?.0)?;
        same("columns of a10", n0, size(self.a10)?.1)?;
        if let Some(a11) = self.a11 {
            same("rows of a11", m1, size(a11)?.0)?;
            same("columns of a11", n1, size(a11)?.1)?;
        }
        Ok(())
    }
}

/// Returns the local or global numbers of rows and columns.
type Size = fn(&MatrixRef) -> Result<(usize, usize)>;

impl Matrix {
    /// Creates the operator `a11 − a10·a00⁻¹·a01`. Each product solves a system with `a00`.
    /// Collective.
    ///
    /// The options prefix of the solver for `a00` is that of the operator followed by
    /// `fieldsplit_0_`, as in `-fieldsplit_0_ksp_type`.
    ///
    /// # Errors
    /// `ARG_SIZ` if the sizes of the blocks do not match.
    #[wraps(MatCreateSchurComplement)]
    #[track_caller]
    pub fn schur_complement(blocks: &Blocks<'_>) -> Result<Self> {
        let Blocks { a00, p00, a01, a10, a11 } = *blocks;
        a00.check_square()?;
        a00.check_same_layout(p00)?;
        // Global sizes first: their error occurs on all ranks.
        blocks.check_sizes("", MatrixRef::size)?;
        blocks.check_sizes(", on this rank", MatrixRef::local_size)?;
        for block in [a00, p00, a01, a10].into_iter().chain(a11) {
            block.check_readable()?;
        }
        let a11: sys::Mat = a11.map_or(ptr::null_mut(), MatrixRef::as_ptr);
        // SAFETY: live matrices of fitting sizes (above), which PETSc counts; C creates a matrix.
        unsafe {
            create!(MatCreateSchurComplement(
                a00.as_ptr(),
                p00.as_ptr(),
                a01.as_ptr(),
                a10.as_ptr(),
                a11,
                _
            ))
        }
        .and_then(Matrix::complete)
    }
}
