//! Local blocks: parts of a matrix in which a program sets values, whatever the storage of the
//! matrix.

use std::fmt;
use std::marker::PhantomData;
use std::ptr;

use petsc_macros::wraps;

use super::MatrixRef;
use super::assembler::{below, beyond};
use super::submatrix::check_set;
use crate::error::Result;
use crate::index_set::IndexSetRef;
use crate::object::Object as _;
use crate::runtime::{self, DropMode};
use crate::vector::InsertMode;
use crate::{Int, Scalar, call, ffi, sys};

impl MatrixRef {
    /// Lends the block with the given rows and columns, so that its values can be set. Not
    /// collective.
    ///
    /// `rows` and `columns` contain local indices, which the maps of the matrix convert to global
    /// indices. With local blocks, the code that assembles one field of a coupled problem can be
    /// independent of the other fields. A nested matrix lends the block that it stores; other
    /// matrices lend a view. Returns `None` if a nested matrix stores no such block, or if the
    /// block does not accept local indices. Assemble the whole matrix afterwards.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without maps or while entries are borrowed; `ARG_OUTOFRANGE` for an index
    /// outside the maps, and for an index set that does not define a block of a nested matrix;
    /// `ARG_SIZ` for a set that is longer than the map of a matrix of type `is`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Dmda, InsertMode, Scalar, ScalarExt, dm::DmComposite};
    /// let (a, b) = (Dmda::builder(comm).sizes([4]), Dmda::builder(comm).sizes([3]));
    /// let both = DmComposite::new(comm, &[&*a.build()?, &*b.build()?])?;
    /// let mut matrix = both.create_matrix()?;
    /// let sets = both.local_index_sets()?;
    /// // The first point of the local range of each DM, which another rank may own.
    /// for set in &sets {
    ///     if let Some(mut block) = matrix.local_block(set, set)? {
    ///         block.set_values(&[0], &[0], &[Scalar::from_real(7.0)], InsertMode::Insert)?;
    ///     }
    /// }
    /// matrix.assemble()?;
    /// assert_eq!(matrix.value(0, 0).ok().map_or(7.0, |z| z.real()), 7.0);
    /// # Ok(()) })
    /// ```
    #[wraps(MatGetLocalSubMatrix, MatRestoreLocalSubMatrix)]
    pub fn local_block<'a>(
        &'a mut self,
        rows: &'a IndexSetRef,
        columns: &'a IndexSetRef,
    ) -> Result<Option<LocalBlock<'a>>> {
        crate::not_collective!();
        let (m, n) = self.local_limits()?;
        check_set(rows, m)?;
        check_set(columns, n)?;
        if self.is_type("is")? {
            // C copies the sets to arrays of these lengths.
            for (set, limit) in [(rows, m), (columns, n)] {
                check_repeated(set, limit)?;
            }
        }
        let lent = if self.is_type("nest")? {
            match self.known_block(rows, columns)? {
                Some(raw) => Lent::Stored(raw),
                None => return Ok(None),
            }
        } else {
            let mut raw = ptr::null_mut();
            // SAFETY: a live matrix with maps, sets within them (above), a valid out-pointer.
            unsafe {
                call!(MatGetLocalSubMatrix(
                    self.as_ptr(),
                    rows.as_ptr(),
                    columns.as_ptr(),
                    &raw mut raw
                ))
            }?;
            Lent::View(raw)
        };
        let mut block = LocalBlock {
            lent,
            whole: self.as_ptr(),
            sets: [rows.as_ptr(), columns.as_ptr()],
            limits: [ffi::petsc_int(rows.local_len()?)?, ffi::petsc_int(columns.local_len()?)?],
            borrow: None,
            _lifetime: PhantomData,
        };
        block.borrow = Some(self.borrow(ffi::Access::Write)?);
        Ok(Some(block))
    }

    /// Returns the block that a nested matrix stores for two of its local index sets. For other
    /// index sets, C would return NULL and dereference it.
    fn known_block(&self, rows: &IndexSetRef, columns: &IndexSetRef) -> Result<Option<sys::Mat>> {
        let (m, n) = self.nest_size()?;
        let (mut row_sets, mut column_sets) = (vec![ptr::null_mut(); m], vec![ptr::null_mut(); n]);
        // SAFETY: a live nested matrix (asked above), room for all its sets.
        unsafe {
            call!(MatNestGetLocalISs(
                self.as_ptr(),
                row_sets.as_mut_ptr(),
                column_sets.as_mut_ptr()
            ))
        }?;
        let (i, j) = (place(&row_sets, rows)?, place(&column_sets, columns)?);
        let Some(block) = self.nest_block(i, j)? else {
            return Ok(None);
        };
        Ok(block.has_local_maps()?.then(|| block.as_ptr()))
    }
}

/// Checks that a set has no more indices than there are to choose from.
fn check_repeated(set: &IndexSetRef, limit: Int) -> Result<()> {
    let n = set.local_len()?;
    if ffi::petsc_int(n)? <= limit {
        return Ok(());
    }
    Err(crate::Error::new(
        crate::ErrorCode::ARG_SIZ,
        format!("the set contains {n} indices, but only {limit} exist: an index is repeated"),
    ))
}

/// Returns the position of the set with the same indices.
fn place(sets: &[sys::IS], wanted: &IndexSetRef) -> Result<usize> {
    for (i, &set) in sets.iter().enumerate() {
        if set.is_null() {
            continue;
        }
        // SAFETY: the nested matrix keeps its sets while it is borrowed.
        if *unsafe { IndexSetRef::from_ptr(set) }.indices()? == *wanted.indices()? {
            return Ok(i);
        }
    }
    Err(crate::Error::new(
        crate::ErrorCode::ARG_OUTOFRANGE,
        "no block row or column of the nested matrix has this index set",
    ))
}

enum Lent {
    /// A block of a nested matrix.
    Stored(sys::Mat),
    /// A view, which is returned to C on drop.
    View(sys::Mat),
}

/// A block of a matrix, lent so that its values can be set. See [`MatrixRef::local_block`].
pub struct LocalBlock<'a> {
    lent: Lent,
    whole: sys::Mat,
    sets: [sys::IS; 2],
    limits: [Int; 2],
    borrow: Option<ffi::Borrows>,
    _lifetime: PhantomData<(&'a mut MatrixRef, &'a IndexSetRef)>,
}

impl LocalBlock<'_> {
    /// Sets a dense block of entries. `rows` and `columns` are positions in the two index sets. See
    /// [`set_values_local`](MatrixRef::set_values_local).
    #[wraps(MatSetValuesLocal, not_collective, errors = MatrixRef::set_values_local)]
    pub fn set_values(
        &mut self,
        rows: &[Int],
        columns: &[Int],
        values: &[Scalar],
        mode: InsertMode,
    ) -> Result<()> {
        let [m, n] = self.limits;
        if !below(rows, m) || !below(columns, n) {
            return Err(beyond(rows, columns, m, n));
        }
        // SAFETY: the matrix is borrowed mutably and unchanged, so the view of it lives as well.
        unsafe { MatrixRef::from_ptr(self.whole) }.check_block(rows, columns)?;
        let (Lent::Stored(raw) | Lent::View(raw)) = self.lent;
        // SAFETY: as above.
        unsafe { MatrixRef::from_ptr_mut(raw) }.put_values_local(rows, columns, values, mode)
    }
}

impl Drop for LocalBlock<'_> {
    fn drop(&mut self) {
        self.borrow = None;
        let Lent::View(mut raw) = self.lent else {
            return;
        };
        if runtime::drop_mode() == DropMode::Skip {
            return;
        }
        // The block is an object of this rank alone, so it is returned even after an error.
        let [rows, columns] = self.sets;
        // SAFETY: what MatGetLocalSubMatrix gave for these live objects.
        let code =
            unsafe { sys::MatRestoreLocalSubMatrix(self.whole, rows, columns, &raw mut raw) };
        runtime::record_drop("MatRestoreLocalSubMatrix", code);
    }
}

impl fmt::Debug for LocalBlock<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalBlock").field("limits", &self.limits).finish_non_exhaustive()
    }
}
