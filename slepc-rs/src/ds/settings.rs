//! Dimensions and settings.

use petsc_macros::{getter, setting, wraps};
use petsc_rs::{Error, ErrorCode, Object as _, Result, call, ffi};

use super::{DsRef, Parallel, State};
use crate::sys;
use petsc_rs::ffi::range::out_of_range;

/// The dimensions of a dense problem, see [`DsRef::dimensions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dimensions {
    /// Order of the matrices; for singular values, their number of rows.
    pub n: usize,
    /// Number of leading (locked) columns, which operations do not change.
    pub l: usize,
    /// Position of the arrow in an arrowhead matrix: the index of the row and column that contain
    /// it.
    pub k: usize,
    /// Number of rows of the matrix of vectors after a truncation.
    pub t: usize,
}

impl DsRef {
    /// Sets the order `n` (the number of rows), the number `l` of leading (locked) columns, and the
    /// position `k` of the arrow if the condensed form is an arrowhead matrix (otherwise `k = l`).
    /// Not collective; all ranks must pass the same values.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` unless `l ≤ k ≤ n`, or if the storage is too small for `n` rows (and an
    /// extra row).
    #[wraps(DSSetDimensions)]
    pub fn set_dimensions(&mut self, n: usize, l: usize, k: usize) -> Result<()> {
        petsc_rs::not_collective!();
        let room = self.leading_dimension()? - usize::from(self.extra_row()?);
        if l > k || k > n || n > room {
            let text = format!(
                "invalid dimensions l = {l}, k = {k}, n = {n}: l ≤ k ≤ n ≤ {room} is required"
            );
            return Err(out_of_range(text));
        }
        let (n, l, k) = (ffi::petsc_int(n)?, ffi::petsc_int(l)?, ffi::petsc_int(k)?);
        // SAFETY: a live problem with room for these sizes (above).
        unsafe { call!(DSSetDimensions(*self.writable()?, n, l, k)) }
    }

    /// Returns the dimensions. Not collective.
    #[wraps(DSGetDimensions)]
    pub fn dimensions(&self) -> Result<Dimensions> {
        petsc_rs::not_collective!();
        let (mut n, mut l, mut k, mut t) = (0, 0, 0, 0);
        let (a, b, c, d) = (&raw mut n, &raw mut l, &raw mut k, &raw mut t);
        // SAFETY: a live problem and valid out-pointers.
        unsafe { call!(DSGetDimensions(self.as_ptr(), a, b, c, d)) }?;
        Ok(Dimensions { n: ffi::size(n)?, l: ffi::size(l)?, k: ffi::size(k)?, t: ffi::size(t)? })
    }

    /// Sets the number of columns of the matrix in a problem of type `svd`. Not collective.
    ///
    /// # Errors
    /// `SUP` for other types; `ARG_OUTOFRANGE` if the number is 0, or if the storage is too small
    /// (also for an extra column).
    #[wraps(DSSVDSetDimensions)]
    pub fn set_svd_columns(&mut self, m: usize) -> Result<()> {
        petsc_rs::not_collective!();
        self.only("svd", "set_svd_columns")?;
        let room = self.leading_dimension()? - usize::from(self.extra_row()?);
        if m == 0 || m > room {
            return Err(out_of_range(format!("{m} columns exceed the storage for {room} columns")));
        }
        let m = ffi::petsc_int(m)?;
        // SAFETY: a live problem of this kind, with room (above).
        unsafe { call!(DSSVDSetDimensions(*self.writable()?, m)) }
    }

    /// Returns the number of columns of the matrix in a problem of type `svd`, 0 before it is set.
    /// Not collective.
    ///
    /// # Errors
    /// `SUP` for other types.
    #[wraps(DSSVDGetDimensions)]
    pub fn svd_columns(&self) -> Result<usize> {
        petsc_rs::not_collective!();
        self.only("svd", "svd_columns")?;
        let mut m = 0;
        // SAFETY: a live problem of this kind and a valid out-pointer.
        unsafe { call!(DSSVDGetDimensions(self.as_ptr(), &raw mut m)) }?;
        ffi::size(m)
    }

    /// Sets the number of columns, and the number of rows of the second matrix, in a problem of
    /// type `gsvd`. Not collective.
    ///
    /// # Errors
    /// `SUP` for other types; `ARG_OUTOFRANGE` if a number is 0, or if the storage is too small.
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
        self.only("gsvd", "set_gsvd_dimensions")?;
        let room = self.leading_dimension()?;
        if columns == 0 || rows == 0 || columns > room || rows > room {
            let text = format!("{columns} columns or {rows} rows exceed the storage for {room}");
            return Err(out_of_range(text));
        }
        let (m, p) = (ffi::petsc_int(columns)?, ffi::petsc_int(rows)?);
        // SAFETY: a live problem of this kind, with room (above).
        unsafe { call!(DSGSVDSetDimensions(*self.writable()?, m, p)) }
    }

    /// Returns the number of columns, and the number of rows of the second matrix, in a problem of
    /// type `gsvd`; 0 before they are set. Not collective.
    ///
    /// # Errors
    /// `SUP` for other types.
    #[wraps(DSGSVDGetDimensions)]
    pub fn gsvd_dimensions(&self) -> Result<(usize, usize)> {
        petsc_rs::not_collective!();
        self.only("gsvd", "gsvd_dimensions")?;
        let (mut m, mut p) = (0, 0);
        // SAFETY: a live problem of this kind and valid out-pointers.
        unsafe { call!(DSGSVDGetDimensions(self.as_ptr(), &raw mut m, &raw mut p)) }?;
        Ok((ffi::size(m)?, ffi::size(p)?))
    }

    fn only(&self, kind: &str, what: &str) -> Result<()> {
        if self.is_type(kind)? {
            return Ok(());
        }
        let text = format!("{what} requires a dense problem of type {kind}");
        Err(Error::new(ErrorCode::SUP, text))
    }

    /// Sets the state of the computation: [`State::Raw`] after new values were set, or
    /// [`State::Intermediate`] if the matrices are in a condensed form. Logically collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a state that only a solve or a truncation can reach.
    #[wraps(DSSetState)]
    pub fn set_state(&mut self, state: State) -> Result<()> {
        if !matches!(state, State::Raw | State::Intermediate) {
            let text =
                format!("the state {state:?} cannot be set: a solve or a truncation sets it");
            return Err(out_of_range(text));
        }
        // SAFETY: a live problem.
        unsafe { call!(DSSetState(*self.writable()?, state.to_raw())) }
    }

    /// The LAPACK method, as its number in SLEPc's manual page of the type.
    ///
    /// A solve checks whether the type has a method of this number.
    #[setting(
        DSSetMethod,
        DSGetMethod,
        require = check_writable,
        errors = "`ARG_OUTOFRANGE` if the number is too large"
    )]
    #[option("-ds_method", default = "0")]
    pub fn set_method(method: usize);

    /// The parallel mode.
    #[setting(DSSetParallel, DSGetParallel, require = check_writable)]
    #[option("-ds_parallel", default = "[`Parallel::Redundant`]")]
    pub fn set_parallel(parallel: Parallel);

    /// Sets whether the matrix is stored as the [diagonals](Self::diagonals_mut) of its condensed
    /// form instead of in [`A`](super::DsMatrix::A). Logically collective. Default: false.
    ///
    /// # Errors
    /// `SUP` for types without such a form (all but `hep` and `svd`).
    #[wraps(DSSetCompact)]
    pub fn set_compact(&mut self, on: bool) -> Result<()> {
        if on && !self.is_type("hep")? && !self.is_type("svd")? {
            let text = "this type of dense problem has no compact form";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        // SAFETY: a live problem.
        unsafe { call!(DSSetCompact(*self.writable()?, ffi::raw_bool(on))) }
    }

    /// Whether the matrix is stored as the diagonals of its condensed form.
    #[getter(DSGetCompact)]
    pub fn compact() -> bool;

    /// Sets whether the matrix has an extra row (an extra column, for singular values), which
    /// contains the residuals of a Krylov method. Logically collective. Default: false.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the storage is too small; `SUP` for generalized singular values.
    #[wraps(DSSetExtraRow)]
    pub fn set_extra_row(&mut self, on: bool) -> Result<()> {
        if on && self.is_type("gsvd")? {
            let text = "generalized singular values support an extra row only in compact form";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        let room = self.leading_dimension()?;
        let full =
            self.dimensions()?.n >= room || (self.is_type("svd")? && self.svd_columns()? >= room);
        if on && full {
            let text = format!(
                "the matrix fills the storage for {room} rows or columns: there is no room for an extra one"
            );
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        // SAFETY: a live problem with room.
        unsafe { call!(DSSetExtraRow(*self.writable()?, ffi::raw_bool(on))) }
    }

    /// Whether there is an extra row.
    #[getter(DSGetExtraRow)]
    pub fn extra_row() -> bool;

    /// Sets method and parallel mode from the options database (`-ds_method`, `-ds_parallel`, …).
    /// Collective.
    ///
    /// # Errors
    /// An error of PETSc for an invalid value of an option.
    #[wraps(DSSetFromOptions)]
    pub fn set_from_options(&mut self) -> Result<()> {
        // SAFETY: a live problem of a kind.
        unsafe { call!(DSSetFromOptions(*self.writable()?)) }
    }
}
