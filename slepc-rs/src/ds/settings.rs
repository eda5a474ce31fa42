//! Sizes and settings.

use petsc_macros::{getter, wraps};
use petsc_rs::{Error, ErrorCode, Object as _, Result, call, ffi};

use super::{DsRef, Parallel, State};
use crate::solver::out_of_range;
use crate::sys;

/// The sizes of a dense problem, see [`DsRef::dimensions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dimensions {
    /// Order of the matrices; of singular values, their number of rows.
    pub n: usize,
    /// Number of leading columns that stay as they are.
    pub l: usize,
    /// Where a condensed form changes its shape: row and column with an arrow.
    pub k: usize,
    /// Number of rows of vectors after a truncation.
    pub t: usize,
}

impl DsRef {
    /// Sets the order `n` (the number of rows), the number `l` of leading columns that are done, and the position `k`
    /// of the arrow of a condensed form (the same as `l` where there is none). Not collective, but the same on all
    /// ranks.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` unless `l ≤ k ≤ n`, or if there is no room for `n` rows (and an extra one).
    #[wraps(DSSetDimensions)]
    pub fn set_dimensions(&mut self, n: usize, l: usize, k: usize) -> Result<()> {
        petsc_rs::not_collective!();
        let room = self.leading_dimension()? - usize::from(self.extra_row()?);
        if l > k || k > n || n > room {
            let text =
                format!("sizes l = {l}, k = {k}, n = {n} with room for {room}: not in this order");
            return Err(out_of_range(text));
        }
        let (n, l, k) = (ffi::petsc_int(n)?, ffi::petsc_int(l)?, ffi::petsc_int(k)?);
        // SAFETY: a live problem with room for these sizes (above).
        unsafe { call!(DSSetDimensions(*self.writable()?, n, l, k)) }
    }

    /// The sizes. Not collective.
    ///
    /// # Errors
    /// The errors of `DSGetDimensions`.
    #[wraps(DSGetDimensions)]
    pub fn dimensions(&self) -> Result<Dimensions> {
        petsc_rs::not_collective!();
        let (mut n, mut l, mut k, mut t) = (0, 0, 0, 0);
        let (a, b, c, d) = (&raw mut n, &raw mut l, &raw mut k, &raw mut t);
        // SAFETY: a live problem and valid out-pointers.
        unsafe { call!(DSGetDimensions(self.as_ptr(), a, b, c, d)) }?;
        Ok(Dimensions {
            n: ffi::size(n)?,
            l: ffi::size(l)?,
            k: ffi::size(k)?,
            t: ffi::size(t)?,
        })
    }

    /// Sets the number of columns of a matrix whose singular values are wanted. Not collective.
    ///
    /// # Errors
    /// `SUP` for another kind of problem; `ARG_OUTOFRANGE` for no column, or if there is no room (for an extra one
    /// too).
    #[wraps(DSSVDSetDimensions)]
    pub fn set_svd_columns(&mut self, m: usize) -> Result<()> {
        petsc_rs::not_collective!();
        self.only("svd", "the number of columns is set")?;
        let room = self.leading_dimension()? - usize::from(self.extra_row()?);
        if m == 0 || m > room {
            return Err(out_of_range(format!("{m} columns with room for {room}")));
        }
        let m = ffi::petsc_int(m)?;
        // SAFETY: a live problem of this kind, with room (above).
        unsafe { call!(DSSVDSetDimensions(*self.writable()?, m)) }
    }

    /// Number of columns of a matrix whose singular values are wanted, 0 before it is set. Not collective.
    ///
    /// # Errors
    /// `SUP` for another kind of problem.
    #[wraps(DSSVDGetDimensions)]
    pub fn svd_columns(&self) -> Result<usize> {
        petsc_rs::not_collective!();
        self.only("svd", "there is a number of columns")?;
        let mut m = 0;
        // SAFETY: a live problem of this kind and a valid out-pointer.
        unsafe { call!(DSSVDGetDimensions(self.as_ptr(), &raw mut m)) }?;
        ffi::size(m)
    }

    /// Sets the number of columns, and the number of rows of the second matrix, where generalized singular values are
    /// wanted. Not collective.
    ///
    /// # Errors
    /// `SUP` for another kind of problem; `ARG_OUTOFRANGE` for none, or if there is no room.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt};
    /// use slepc_rs::ds::{Ds, DsMatrix, DsType};
    /// let mut ds = Ds::new(comm, DsType::GSVD, 2)?;
    /// ds.set_dimensions(2, 0, 0)?; // A = (3, 4)ᵀ
    /// ds.set_gsvd_dimensions(1, 1)?; // B = 2
    /// ds.matrix_mut(DsMatrix::A)?.dense_mut()?.column_mut(0)?.copy_from_slice(&[3.0, 4.0].map(Scalar::from_real));
    /// ds.matrix_mut(DsMatrix::B)?.dense_mut()?[0] = Scalar::from_real(2.0);
    /// let values = ds.solve()?;
    /// assert!((values.get(0).unwrap().re - 2.5).abs() < 1e-12);
    /// # Ok(()) })
    /// ```
    #[wraps(DSGSVDSetDimensions)]
    pub fn set_gsvd_dimensions(&mut self, columns: usize, rows: usize) -> Result<()> {
        petsc_rs::not_collective!();
        self.only("gsvd", "these numbers are set")?;
        let room = self.leading_dimension()?;
        if columns == 0 || rows == 0 || columns > room || rows > room {
            let text = format!("{columns} columns and {rows} rows with room for {room}");
            return Err(out_of_range(text));
        }
        let (m, p) = (ffi::petsc_int(columns)?, ffi::petsc_int(rows)?);
        // SAFETY: a live problem of this kind, with room (above).
        unsafe { call!(DSGSVDSetDimensions(*self.writable()?, m, p)) }
    }

    /// Number of columns, and of rows of the second matrix, where generalized singular values are wanted; 0 before they
    /// are set. Not collective.
    ///
    /// # Errors
    /// `SUP` for another kind of problem.
    #[wraps(DSGSVDGetDimensions)]
    pub fn gsvd_dimensions(&self) -> Result<(usize, usize)> {
        petsc_rs::not_collective!();
        self.only("gsvd", "there are these numbers")?;
        let (mut m, mut p) = (0, 0);
        // SAFETY: a live problem of this kind and valid out-pointers.
        unsafe { call!(DSGSVDGetDimensions(self.as_ptr(), &raw mut m, &raw mut p)) }?;
        Ok((ffi::size(m)?, ffi::size(p)?))
    }

    fn only(&self, kind: &str, what: &str) -> Result<()> {
        if self.is_type(kind)? {
            return Ok(());
        }
        let text = format!("{what} of a dense problem of kind {kind} alone");
        Err(Error::new(ErrorCode::SUP, text))
    }

    /// Says what is in the matrices: new values ([`State::Raw`]), or a form that is condensed in part already.
    /// Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a state that only a solve, or a truncation, makes.
    #[wraps(DSSetState)]
    pub fn set_state(&mut self, state: State) -> Result<()> {
        if !matches!(state, State::Raw | State::Intermediate) {
            let text = format!("a problem gets into the state {state:?} by what is done to it");
            return Err(out_of_range(text));
        }
        // SAFETY: a live problem.
        unsafe { call!(DSSetState(*self.writable()?, state.to_raw())) }
    }

    /// Chooses among the methods of the kind. Logically collective. Default: 0. Option: `-ds_method`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a number that is too large; whether there is a method of that number is checked by a solve.
    #[wraps(DSSetMethod)]
    pub fn set_method(&mut self, method: usize) -> Result<()> {
        let method = ffi::petsc_int(method)?;
        // SAFETY: a live problem; SLEPc checks the number.
        unsafe { call!(DSSetMethod(*self.writable()?, method)) }
    }

    /// The number of the method. Not collective.
    ///
    /// # Errors
    /// The errors of `DSGetMethod`.
    #[wraps(DSGetMethod)]
    pub fn method(&self) -> Result<usize> {
        petsc_rs::not_collective!();
        let mut method = 0;
        // SAFETY: a live problem and a valid out-pointer.
        unsafe { call!(DSGetMethod(self.as_ptr(), &raw mut method)) }?;
        ffi::size(method)
    }

    /// Sets who solves. Logically collective. Default: [`Parallel::Redundant`]. Option: `-ds_parallel`.
    ///
    /// # Errors
    /// The errors of `DSSetParallel`.
    #[wraps(DSSetParallel)]
    pub fn set_parallel(&mut self, mode: Parallel) -> Result<()> {
        // SAFETY: a live problem.
        unsafe { call!(DSSetParallel(*self.writable()?, mode.to_raw())) }
    }

    /// Who solves. Not collective.
    ///
    /// # Errors
    /// `SUP` for a mode that a newer SLEPc has.
    #[wraps(DSGetParallel)]
    pub fn parallel(&self) -> Result<Parallel> {
        petsc_rs::not_collective!();
        let mut raw = 0;
        // SAFETY: a live problem and a valid out-pointer.
        unsafe { call!(DSGetParallel(self.as_ptr(), &raw mut raw)) }?;
        raw.try_into()
    }

    /// Sets whether the matrix is given by the [diagonals](Self::diagonals_mut) of its condensed form instead of
    /// [`A`](super::DsMatrix::A). Logically collective. Default: no.
    ///
    /// # Errors
    /// `SUP` for kinds that have no such form (others than `hep` and `svd`).
    #[wraps(DSSetCompact)]
    pub fn set_compact(&mut self, on: bool) -> Result<()> {
        if on && !self.is_type("hep")? && !self.is_type("svd")? {
            let text = "this kind of dense problem has no compact form";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        // SAFETY: a live problem.
        unsafe { call!(DSSetCompact(*self.writable()?, ffi::raw_bool(on))) }
    }

    /// Whether the matrix is stored by its diagonals.
    #[getter(DSGetCompact)]
    pub fn compact() -> bool;

    /// Sets whether the matrix has a row more than columns (a column more, of singular values): the residuals of a
    /// Krylov method. Logically collective. Default: no.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the sizes leave no room; `SUP` for generalized singular values.
    #[wraps(DSSetExtraRow)]
    pub fn set_extra_row(&mut self, on: bool) -> Result<()> {
        if on && self.is_type("gsvd")? {
            let text = "generalised singular values have an extra row in compact form only";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        let room = self.leading_dimension()?;
        let full =
            self.dimensions()?.n >= room || (self.is_type("svd")? && self.svd_columns()? >= room);
        if on && full {
            let text = format!("the matrix fills the room for {room} rows or columns");
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        // SAFETY: a live problem with room.
        unsafe { call!(DSSetExtraRow(*self.writable()?, ffi::raw_bool(on))) }
    }

    /// Whether there is an extra row.
    #[getter(DSGetExtraRow)]
    pub fn extra_row() -> bool;

    /// Takes method and mode from the options (`-ds_method`, `-ds_parallel`, …). Collective.
    ///
    /// # Errors
    /// A wrong value of an option.
    #[wraps(DSSetFromOptions)]
    pub fn set_from_options(&mut self) -> Result<()> {
        // SAFETY: a live problem of a kind.
        unsafe { call!(DSSetFromOptions(*self.writable()?)) }
    }
}
