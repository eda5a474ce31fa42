//! Dense problems (`DS` in C): the small projected problems of a projection method, solved with
//! LAPACK on every rank.
//!
//! A program sets the matrices, [solves](DsRef::solve) the problem, optionally [sorts](DsRef::sort)
//! the eigenvalues, and computes the eigenvectors:
//!
//! ```
//! # petsc_rs::doctest(|comm| {
//! # use petsc_rs::{Scalar, ScalarExt};
//! use slepc_rs::ds::{Ds, DsMatrix, DsType};
//! let mut ds = Ds::new(comm, DsType::HEP, 2)?;
//! ds.set_dimensions(2, 0, 0)?;
//! {
//!     let mut a = ds.matrix_mut(DsMatrix::A)?;
//!     let mut a = a.dense_mut()?;
//!     let mut a = a.view_mut();
//!     (a[(0, 0)], a[(1, 1)]) = (Scalar::from_real(2.0), Scalar::from_real(2.0));
//!     (a[(0, 1)], a[(1, 0)]) = (Scalar::from_real(1.0), Scalar::from_real(1.0));
//! }
//! let mut values = ds.solve()?;
//! ds.sort(&mut values, |a, b| Ok(b.re.total_cmp(&a.re)))?; // the largest first
//! assert!((values.get(0).unwrap().re - 3.0).abs() < 1e-12);
//! assert!((values.get(1).unwrap().re - 1.0).abs() < 1e-12);
//! # Ok(()) })
//! ```

mod matrices;
mod settings;
mod solve;
mod types;

use std::ptr;

use petsc_macros::{getter, wraps};
use petsc_rs::ffi::{Access, Region};
use petsc_rs::object::Busy;
use petsc_rs::{Comm, Error, ErrorCode, Object as _, Result, call, ffi, petsc_object};

use crate::base::session;
use crate::sys;
use petsc_rs::ffi::range::out_of_range;

pub use matrices::{Diagonals, DiagonalsMut, MatrixMut, MatrixRead};
pub use settings::Dimensions;
pub use solve::Values;
pub use types::{DsMatrix, DsType, Parallel, State};

petsc_object! {
    /// A dense problem.
    ///
    /// A program creates a problem, sets the matrices, solves it, and computes the vectors.
    /// Dropping the handle destroys the problem. The [module](crate::ds) has an example.
    ///
    /// # Options
    /// `-ds_method`, `-ds_parallel`, with [`DsRef::set_from_options`].
    ///
    /// # See also
    /// [`DsType`], [`DsMatrix`], [`EpsRef::ds`](crate::EpsRef::ds).
    #[wraps(DS)]
    Ds,
    /// A borrowed [`Ds`].
    DsRef,
    DS,
    DSDestroy,
}

crate::base::prefixed! {
    Ds, DsRef, "dense problem";
    #[wraps(DSSetOptionsPrefix)]
    DSSetOptionsPrefix,
    #[doc(alias = "DSAppendOptionsPrefix")]
    DSAppendOptionsPrefix
}

impl Ds {
    /// Creates a problem of the given type, with storage for matrices up to order `room`, which
    /// must be the same on all ranks. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `room` is 0; `ARG_UNKNOWN_TYPE` if this build does not have the type;
    /// `SUP` for a type that is not listed in [`DsType`], and for [`DsType::PEP`], which
    /// [`polynomial`](Self::polynomial) creates.
    #[wraps(DSCreate, DSSetType, DSAllocate)]
    #[track_caller]
    pub fn new(comm: &Comm, kind: DsType<'_>, room: usize) -> Result<Self> {
        let known =
            [DsType::HEP, DsType::NHEP, DsType::GHEP, DsType::GNHEP, DsType::SVD, DsType::GSVD];
        let ds = Self::bare(comm, kind)?;
        if !known.contains(&kind) {
            let name = ds.type_name()?.unwrap_or_default();
            let text = format!("Ds::new does not create dense problems of type {name}: see DsType");
            return Err(Error::new(ErrorCode::SUP, text));
        }
        ds.allocate(room)?;
        Ok(ds)
    }

    /// Creates a polynomial problem `(E₀ + λ·E₁ + … + λᵈ·E_d)·x = 0`, with storage for coefficient
    /// matrices up to order `room`. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the degree is 0 or exceeds 9, or if `room` is 0.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt};
    /// use slepc_rs::ds::{Ds, DsMatrix};
    /// let mut ds = Ds::polynomial(comm, 2, 1)?; // 6 - 5·λ + λ²
    /// ds.set_dimensions(1, 0, 0)?;
    /// let coefficients = [(DsMatrix::E0, 6.0), (DsMatrix::E1, -5.0), (DsMatrix::E2, 1.0)];
    /// for (which, value) in coefficients {
    ///     ds.matrix_mut(which)?.dense_mut()?[0] = Scalar::from_real(value);
    /// }
    /// let mut roots: Vec<_> = ds.solve()?.iter().map(|root| root.re).collect();
    /// roots.sort_by(f64::total_cmp);
    /// assert!((roots[0] - 2.0).abs() < 1e-10 && (roots[1] - 3.0).abs() < 1e-10);
    /// # Ok(()) })
    /// ```
    #[wraps(DSPEPSetDegree)]
    #[track_caller]
    pub fn polynomial(comm: &Comm, degree: usize, room: usize) -> Result<Self> {
        if !(1..=9).contains(&degree) {
            let text = format!("the degree of the polynomial must be from 1 to 9, got {degree}");
            return Err(out_of_range(text));
        }
        let (ds, degree) = (Self::bare(comm, DsType::PEP)?, ffi::petsc_int(degree)?);
        // SAFETY: a live problem of this kind.
        unsafe { call!(DSPEPSetDegree(ds.as_ptr(), degree)) }?;
        ds.allocate(room)?;
        Ok(ds)
    }

    fn bare(comm: &Comm, kind: DsType<'_>) -> Result<Self> {
        session::ensure()?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(DSCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let ds = unsafe { Self::from_raw(raw) };
        // SAFETY: a live problem and a NUL-terminated name.
        unsafe { call!(DSSetType(ds.as_ptr(), kind.as_ptr())) }?;
        Ok(ds)
    }

    /// Returns the state of the computation. See [`DsRef::state`].
    ///
    /// # Errors
    /// The errors of [`DsRef::state`].
    pub fn state(&self) -> Result<State> {
        DsRef::state(self)
    }

    /// Allocates the matrices, the last step of construction.
    fn allocate(&self, room: usize) -> Result<()> {
        if room == 0 {
            return Err(out_of_range(
                "the matrices of a dense problem must have an order of at least 1",
            ));
        }
        let ld = ffi::petsc_int(room)?;
        // SAFETY: a live problem of a kind, with its degree.
        unsafe { call!(DSAllocate(self.as_ptr(), ld)) }
    }
}

impl DsRef {
    /// Returns the handle for a call that writes the matrices.
    fn writable(&self) -> Result<Busy<sys::DS>> {
        self.check_writable()?;
        self.busy()
    }

    fn check_writable(&self) -> Result<()> {
        ffi::ask_guards(|| ffi::check_region(Region::object(self.as_ptr()), Access::Write))
    }

    /// The leading dimension: the number of rows for which storage is allocated.
    #[getter(DSGetLeadingDimension)]
    pub fn leading_dimension() -> usize;

    /// Returns the state of the computation.
    #[getter(DSGetState)]
    pub fn state() -> State;

    /// Checks that the problem was solved. Optimized SLEPc omits this check.
    fn check_solved(&self) -> Result<()> {
        if matches!(self.state()?, State::Condensed | State::Truncated) {
            return Ok(());
        }
        let text = "the dense problem is not solved: call solve first";
        Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
    }

    /// Returns the degree of a polynomial problem, and 1 for other types.
    fn degree(&self) -> Result<usize> {
        if !self.is_type("pep")? {
            return Ok(1);
        }
        let mut d = 0;
        // SAFETY: a live problem of this kind and a valid out-pointer.
        unsafe { call!(DSPEPGetDegree(self.as_ptr(), &raw mut d)) }?;
        ffi::size(d)
    }
}
