//! Factorizations: direct solvers without a Krylov method.

use std::fmt;
use std::mem::MaybeUninit;
use std::ptr;

use petsc_macros::wraps;

use super::fingerprint::Fingerprint;
use super::{Matrix, MatrixRef, OrderingType, SolverType};
use crate::error::{Error, ErrorCode, Result};
use crate::object::Held;
use crate::runtime::NotCollective;
use crate::vector::{Norm, VectorRef};
use crate::{Object as _, Real, call, create, ffi, sys};

/// Type of a factorization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[wraps(MatFactorType)]
pub enum FactorKind {
    /// `A = L·U`.
    Lu,
    /// `A = L·Lᴴ`, for symmetric (Hermitian) matrices.
    Cholesky,
    /// Incomplete LU: keeps the entries in the nonzero pattern of the matrix and in the given
    /// [`levels`](FactorOptions::levels) of fill.
    Ilu,
    /// Incomplete Cholesky.
    Icc,
}

impl FactorKind {
    fn to_raw(self) -> sys::MatFactorType {
        match self {
            Self::Lu => sys::MAT_FACTOR_LU,
            Self::Cholesky => sys::MAT_FACTOR_CHOLESKY,
            Self::Ilu => sys::MAT_FACTOR_ILU,
            Self::Icc => sys::MAT_FACTOR_ICC,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Lu => "LU",
            Self::Cholesky => "Cholesky",
            Self::Ilu => "ILU",
            Self::Icc => "ICC",
        }
    }
}

/// Options of a factorization. For a field that is `None`, PETSc uses its default.
#[derive(Clone, Copy, Debug, Default)]
#[wraps(MatFactorInfo)]
pub struct FactorOptions<'a> {
    /// Package. Default: the first package that supports the matrix and the factorization.
    pub package: Option<SolverType<'a>>,
    /// Ordering of rows and columns, for packages that do not choose the ordering themselves.
    /// Default: nested dissection; the natural ordering for incomplete factorizations.
    pub ordering: Option<OrderingType<'a>>,
    /// Expected ratio of the number of entries in the factors to the number in the matrix. Default:
    /// 5; 1 for incomplete factorizations.
    pub fill: Option<Real>,
    /// Levels of fill of an incomplete factorization. Default: 0.
    pub levels: Option<u32>,
    /// Absolute value below which a pivot counts as zero. Default: 100 times machine epsilon.
    pub zero_pivot: Option<Real>,
    /// Value added to the diagonal when a pivot is zero. Default: none.
    pub shift: Option<Real>,
}

/// Numbers of negative, zero and positive eigenvalues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inertia {
    /// Number of negative eigenvalues.
    pub negative: usize,
    /// Number of zero eigenvalues.
    pub zero: usize,
    /// Number of positive eigenvalues.
    pub positive: usize,
}

/// A factored matrix that solves linear systems.
///
/// A factor has its own memory. It also holds a reference to the original matrix, for
/// [`update`](Self::update).
pub struct Factor {
    factor: Matrix,
    matrix: Held,
    kind: FactorKind,
    info: sys::MatFactorInfo,
    ordering: OrderingOf,
    state: Option<Fingerprint>,
}

/// The permutations of the symbolic phase.
struct OrderingOf(Option<(crate::IndexSet, crate::IndexSet)>);

impl OrderingOf {
    fn raw(&self) -> (sys::IS, sys::IS) {
        match &self.0 {
            Some((rows, columns)) => (rows.as_ptr(), columns.as_ptr()),
            None => (ptr::null_mut(), ptr::null_mut()),
        }
    }
}

impl fmt::Debug for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Factor").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl MatrixRef {
    /// Factors the matrix. Collective.
    ///
    /// # Errors
    /// `MISSING_FACTOR` if no package of this build supports the matrix and the factorization; the
    /// message names the installed packages that do. `MAT_LU_ZRPVT` or `MAT_CH_ZRPVT` for a zero
    /// pivot; `ARG_SIZ` if the matrix is not square.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt, Vector, matrix::FactorKind};
    /// # let r = Scalar::from_real;
    /// let a = Matrix::from_csr(comm, 2, &[0, 2, 3], &[0, 1, 1], &[r(2.0), r(1.0), r(4.0)])?;
    /// let lu = a.factor(FactorKind::Lu, &Default::default())?;
    /// let b = Vector::from_slice(comm, &[r(4.0), r(8.0)])?;
    /// let mut x = b.duplicate()?;
    /// lu.solve(&b, &mut x)?;
    /// assert_eq!(&*x.array()?, &[r(1.0), r(2.0)]);
    /// # Ok(()) })
    /// ```
    #[wraps(
        MatGetFactor,
        MatLUFactor,
        MatLUFactorSymbolic,
        MatCholeskyFactorSymbolic,
        MatILUFactorSymbolic,
        MatICCFactorSymbolic,
        MatCholeskyFactorNumeric,
        MatFactorInfoInitialize
    )]
    #[track_caller]
    pub fn factor(&self, kind: FactorKind, options: &FactorOptions<'_>) -> Result<Factor> {
        self.check_square()?;
        self.check_assembled()?;
        self.check_readable()?;
        let package = options.package.map_or(ptr::null(), SolverType::as_ptr);
        if !self.raw_available(package, kind)? {
            return Err(self.missing(kind, options.package)?);
        }
        // SAFETY: a live, assembled, square matrix, a NUL-terminated name or NULL; C creates a matrix.
        let factor = unsafe { create!(MatGetFactor(self.as_ptr(), package, kind.to_raw(), _)) }
            .and_then(Matrix::complete)?;
        let mut factor = Factor {
            ordering: OrderingOf(self.factor_ordering(&factor, kind, options.ordering)?),
            factor,
            matrix: Held::new(self)?,
            kind,
            info: factor_info(kind, options)?,
            state: None,
        };
        factor.check_blocks(self)?;
        factor.symbolic(self)?;
        factor.numeric(self)?;
        Ok(factor)
    }

    /// Computes `A = L·U` with the first package that supports it. See [`factor`](Self::factor).
    #[wraps(MatLUFactor, MatLUFactorSymbolic, errors = factor)]
    #[track_caller]
    pub fn lu(&self) -> Result<Factor> {
        self.factor(FactorKind::Lu, &FactorOptions::default())
    }

    /// Computes `A = L·Lᴴ` with the first package that supports it. See [`factor`](Self::factor).
    #[wraps(MatCholeskyFactor, MatCholeskyFactorSymbolic, MatCholeskyFactorNumeric, errors = factor)]
    #[track_caller]
    pub fn cholesky(&self) -> Result<Factor> {
        self.factor(FactorKind::Cholesky, &FactorOptions::default())
    }

    /// Computes an incomplete LU factorization with `levels` of fill, with the first package that
    /// supports it. See [`factor`](Self::factor).
    #[wraps(MatILUFactor, MatILUFactorSymbolic, errors = factor)]
    #[track_caller]
    pub fn ilu(&self, levels: u32) -> Result<Factor> {
        let options = FactorOptions { levels: Some(levels), ..FactorOptions::default() };
        self.factor(FactorKind::Ilu, &options)
    }

    /// Returns whether `package` is available and can factor a matrix of this type.
    #[wraps(MatGetFactorAvailable, not_collective)]
    pub fn factor_available(&self, package: SolverType<'_>, kind: FactorKind) -> Result<bool> {
        self.raw_available(package.as_ptr(), kind)
    }

    fn raw_available(&self, package: *const std::ffi::c_char, kind: FactorKind) -> Result<bool> {
        let mut flag = ffi::raw_bool(false);
        // SAFETY: a live matrix, a NUL-terminated name or NULL for any, a valid out-pointer.
        unsafe {
            call!(MatGetFactorAvailable(self.as_ptr(), package, kind.to_raw(), &raw mut flag))
        }?;
        Ok(ffi::to_bool(flag))
    }

    fn missing(&self, kind: FactorKind, package: Option<SolverType<'_>>) -> Result<Error> {
        let mut there = Vec::new();
        for &candidate in SolverType::ALL {
            if self.factor_available(candidate, kind)? {
                there.push(candidate.name().to_string_lossy());
            }
        }
        let wanted = package.map_or("no package of this PETSc can".to_owned(), |p| {
            format!("{} cannot", p.name().to_string_lossy())
        });
        let matrix = self.type_name()?.unwrap_or_default();
        let can = if there.is_empty() {
            "no other package of this PETSc can".to_owned()
        } else {
            format!("these can: {}", there.join(", "))
        };
        Ok(Error::collective(
            ErrorCode::MISSING_FACTOR,
            format!("{wanted} compute {} of a matrix of type {matrix} here; {can}", kind.name()),
        ))
    }

    /// Returns the permutations that PETSc's own factorizations require as an argument.
    #[track_caller]
    fn factor_ordering(
        &self,
        factor: &Self,
        kind: FactorKind,
        wanted: Option<OrderingType<'_>>,
    ) -> Result<Option<(crate::IndexSet, crate::IndexSet)>> {
        let mut uses = ffi::raw_bool(false);
        // SAFETY: a live factor and a valid out-pointer.
        unsafe { call!(MatFactorGetCanUseOrdering(factor.as_ptr(), &raw mut uses)) }?;
        if !ffi::to_bool(uses) {
            return Ok(None);
        }
        let default = match kind {
            FactorKind::Lu | FactorKind::Cholesky => OrderingType::ND,
            FactorKind::Ilu | FactorKind::Icc => OrderingType::NATURAL,
        };
        let dense = self.type_name()?.as_deref() == Some("seqdense");
        let kind = wanted.unwrap_or(if dense { OrderingType::NATURAL } else { default });
        self.ordering(kind).map(Some)
    }
}

/// Uses the same defaults as the preconditioners `lu`, `cholesky`, `ilu` and `icc`.
fn factor_info(kind: FactorKind, options: &FactorOptions<'_>) -> Result<sys::MatFactorInfo> {
    let mut info = MaybeUninit::<sys::MatFactorInfo>::zeroed();
    // SAFETY: a valid pointer; the function fills the structure.
    unsafe { call!(MatFactorInfoInitialize(info.as_mut_ptr())) }?;
    // SAFETY: numbers and flags, for which zeros are valid; filled by the line above.
    let mut info = unsafe { *info.as_ptr() };
    info.fill = options.fill.unwrap_or(match kind {
        FactorKind::Lu | FactorKind::Cholesky => 5.0,
        FactorKind::Ilu | FactorKind::Icc => 1.0,
    });
    info.zeropivot = options.zero_pivot.unwrap_or(100.0 * Real::EPSILON);
    info.pivotinblocks = 1.0;
    info.dtcol = 1e-6;
    if let Some(levels) = options.levels {
        info.levels = Real::from(levels);
    }
    if let Some(shift) = options.shift {
        info.shifttype = Real::from(sys::MAT_SHIFT_NONZERO);
        info.shiftamount = shift;
    }
    Ok(info)
}

impl Factor {
    /// PETSc's numeric Cholesky factorization of block matrices calls a function that no symbolic
    /// phase sets. For blocks of one entry it does not check whether rows are permuted, and its
    /// result has no inertia.
    fn check_blocks(&self, a: &MatrixRef) -> Result<()> {
        let symmetric = matches!(self.kind, FactorKind::Cholesky | FactorKind::Icc);
        if !symmetric || !a.is_type("seqbaij")? || self.package()? != "petsc" {
            return Ok(());
        }
        let text =
            "PETSc has no symmetric factorization of a matrix of type baij; convert it to sbaij";
        Err(Error::new(ErrorCode::SUP, text))
    }

    /// PETSc repeats the factorization with larger shifts until the pivots are large enough, which
    /// does not end with infinite entries. See the workaround `pc_factor_infinite`.
    fn check_finite(&self, a: &MatrixRef) -> Result<()> {
        if self.info.shiftamount == 0.0 || self.package()? != "petsc" || a.is_type("seqdense")? {
            return Ok(());
        }
        if a.norm(Norm::Infinity)?.is_infinite() {
            let text = "a matrix with infinite entries cannot be factored with a shift";
            return Err(Error::new(ErrorCode::FP, text));
        }
        Ok(())
    }

    fn symbolic(&mut self, a: &MatrixRef) -> Result<()> {
        let _alone = NotCollective::on(a)?;
        self.state = Some(a.fingerprint()?);
        let (rows, columns) = self.ordering.raw();
        let (f, a, info) = (self.factor.as_ptr(), a.as_ptr(), &raw const self.info);
        match self.kind {
            // SAFETY: a live matrix and its factor of this kind, orderings of it or NULL.
            FactorKind::Lu => unsafe { call!(MatLUFactorSymbolic(f, a, rows, columns, info)) },
            // SAFETY: as above.
            FactorKind::Cholesky => unsafe { call!(MatCholeskyFactorSymbolic(f, a, rows, info)) },
            // SAFETY: as above.
            FactorKind::Ilu => unsafe { call!(MatILUFactorSymbolic(f, a, rows, columns, info)) },
            // SAFETY: as above.
            FactorKind::Icc => unsafe { call!(MatICCFactorSymbolic(f, a, rows, info)) },
        }
    }

    fn numeric(&mut self, a: &MatrixRef) -> Result<()> {
        let _alone = NotCollective::on(a)?;
        self.check_finite(a)?;
        let (f, a, info) = (self.factor.as_ptr(), a.as_ptr(), &raw const self.info);
        match self.kind {
            FactorKind::Lu | FactorKind::Ilu => {
                // SAFETY: a live matrix and its factor after the symbolic phase.
                unsafe { call!(MatLUFactorNumeric(f, a, info)) }?;
            }
            FactorKind::Cholesky | FactorKind::Icc => {
                // SAFETY: as above.
                unsafe { call!(MatCholeskyFactorNumeric(f, a, info)) }?;
            }
        }
        let mut error = sys::MAT_FACTOR_NOERROR;
        // SAFETY: a live factor and a valid out-pointer.
        unsafe { call!(MatFactorGetError(f, &raw mut error)) }?;
        let text = match error {
            sys::MAT_FACTOR_NOERROR => return Ok(()),
            sys::MAT_FACTOR_STRUCT_ZEROPIVOT => "the matrix is structurally singular",
            sys::MAT_FACTOR_NUMERIC_ZEROPIVOT => "a pivot is zero: the matrix is singular",
            sys::MAT_FACTOR_OUTMEMORY => "the package ran out of memory",
            _ => "the package failed",
        };
        let code = match self.kind {
            FactorKind::Lu | FactorKind::Ilu => ErrorCode::MAT_LU_ZRPVT,
            FactorKind::Cholesky | FactorKind::Icc => ErrorCode::MAT_CH_ZRPVT,
        };
        Err(Error::new(code, format!("{}: {text}", self.kind.name())))
    }

    /// Factors the matrix again with its current values. Collective.
    ///
    /// # Errors
    /// See [`MatrixRef::factor`]; `ARG_WRONGSTATE` if the nonzero pattern has changed; in this
    /// case, call [`MatrixRef::factor`] again.
    #[wraps(MatLUFactorNumeric)]
    pub fn update(&mut self) -> Result<()> {
        let raw: sys::Mat = self.matrix.object().cast();
        // SAFETY: this keeps a reference to the matrix.
        let a = unsafe { MatrixRef::from_ptr(raw) };
        a.check_assembled()?;
        a.check_readable()?;
        if let Some(then) = &self.state {
            then.check(&a.fingerprint()?, "the symbolic factorization")?;
        }
        self.numeric(a)
    }

    /// Computes `x ← A⁻¹·b`. Collective.
    ///
    /// # Errors
    /// `ARG_IDN` if `b` and `x` are the same vector; `ARG_SIZ` if a size does not match.
    ///
    /// # Examples
    /// See [`MatrixRef::factor`].
    #[wraps(MatSolve)]
    pub fn solve(&self, b: &VectorRef, x: &mut VectorRef) -> Result<()> {
        self.check(b, x)?;
        // SAFETY: a live factor and live vectors that fit (above).
        unsafe { call!(MatSolve(self.factor.as_ptr(), b.as_ptr(), x.as_ptr())) }
    }

    /// Computes `x ← A⁻ᵀ·b`. See [`solve`](Self::solve).
    #[wraps(MatSolveTranspose, errors = solve)]
    pub fn solve_transpose(&self, b: &VectorRef, x: &mut VectorRef) -> Result<()> {
        self.check(b, x)?;
        // SAFETY: a live factor and live vectors that fit (above).
        unsafe { call!(MatSolveTranspose(self.factor.as_ptr(), b.as_ptr(), x.as_ptr())) }
    }

    /// Computes `x ← y + A⁻¹·b`. See [`solve`](Self::solve).
    #[wraps(MatSolveAdd, errors = solve)]
    pub fn solve_add(&self, b: &VectorRef, y: &VectorRef, x: &mut VectorRef) -> Result<()> {
        self.check(b, x)?;
        self.factor.check_left(y)?;
        y.check_readable()?;
        // SAFETY: a live factor and live vectors that fit (above).
        unsafe { call!(MatSolveAdd(self.factor.as_ptr(), b.as_ptr(), y.as_ptr(), x.as_ptr())) }
    }

    /// Computes `X ← A⁻¹·B` for dense matrices with equal numbers of columns. Collective.
    ///
    /// # Errors
    /// `ARG_IDN` if `b` and `x` are the same matrix; `ARG_SIZ` if a size does not match;
    /// `ARG_NOTSAMETYPE` if a matrix is not dense.
    #[wraps(MatMatSolve)]
    pub fn mat_solve(&self, b: &MatrixRef, x: &mut MatrixRef) -> Result<()> {
        if b.same_object(x) {
            return Err(Error::new(
                ErrorCode::ARG_IDN,
                "the right-hand sides and the solutions are the same matrix",
            ));
        }
        for m in [b, &*x] {
            let kind = m.type_name()?.unwrap_or_default();
            if !matches!(kind.as_str(), "seqdense" | "mpidense") {
                return Err(Error::new(
                    ErrorCode::ARG_NOTSAMETYPE,
                    format!("right-hand sides and solutions must be dense, not of type {kind}"),
                ));
            }
        }
        b.check_same_layout(x)?;
        ffi::same_len(
            "number of local rows of the right-hand sides",
            self.factor.local_size()?.0,
            b.local_size()?.0,
        )?;
        b.check_assembled()?;
        b.check_readable()?;
        x.check_writable()?;
        // SAFETY: a live factor and live dense matrices that fit (above).
        unsafe { call!(MatMatSolve(self.factor.as_ptr(), b.as_ptr(), x.as_ptr())) }
    }

    /// Returns the numbers of negative, zero and positive eigenvalues, from a Cholesky
    /// factorization. Collective.
    ///
    /// With MUMPS, `ICNTL(24)` must be 1 during the factorization: set it with
    /// [`set_mumps_icntl`](Self::set_mumps_icntl), then call [`update`](Self::update).
    ///
    /// # Errors
    /// `SUP` for a package that does not compute the inertia; `ARG_WRONG` if `ICNTL(24)` of MUMPS
    /// is not 1.
    #[wraps(MatGetInertia)]
    pub fn inertia(&self) -> Result<Inertia> {
        let (mut negative, mut zero, mut positive) = (0, 0, 0);
        // SAFETY: a live factor and valid out-pointers.
        unsafe {
            call!(MatGetInertia(
                self.factor.as_ptr(),
                &raw mut negative,
                &raw mut zero,
                &raw mut positive
            ))
        }?;
        Ok(Inertia {
            negative: ffi::size(negative)?,
            zero: ffi::size(zero)?,
            positive: ffi::size(positive)?,
        })
    }

    /// Returns the package that computed the factorization.
    #[wraps(MatFactorGetSolverType, not_collective)]
    pub fn package(&self) -> Result<String> {
        let mut name = ptr::null();
        // SAFETY: a live factor and a valid out-pointer.
        unsafe { call!(MatFactorGetSolverType(self.factor.as_ptr(), &raw mut name)) }?;
        // SAFETY: NULL or a name that the factor keeps.
        Ok(unsafe { ffi::str_from_ptr(name) }.unwrap_or_default())
    }

    /// Returns the C object, for C functions that this crate does not wrap.
    #[must_use]
    pub fn as_ptr(&self) -> sys::Mat {
        self.factor.as_ptr()
    }

    fn check(&self, b: &VectorRef, x: &VectorRef) -> Result<()> {
        self.factor.check_left(b)?;
        self.factor.check_right(x)?;
        b.check_distinct(x)?;
        b.check_readable()?;
        x.check_writable()
    }
}
