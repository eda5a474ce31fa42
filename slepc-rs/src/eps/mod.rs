//! Linear eigenvalue problems `A·x = λ·x` and `A·x = λ·B·x` (`EPS` in C).

mod callbacks;
mod convergence;
mod kind;
mod krylov_schur;
mod pairs;
mod reason;
mod settings;
mod solve;
mod spaces;

use std::ffi::CStr;
use std::ptr;

use petsc_rs::matrix::MatrixRef;
use petsc_rs::{Comm, Error, ErrorCode, Object as _, Result, call, ffi, petsc_object};

use crate::st::StRef;
use crate::{session, sys};

pub use callbacks::Progress;
pub use convergence::StoppingTest;
pub use kind::{Balance, ConvergenceTest, EpsType, ErrorType, Extraction, ProblemType, Which};
pub use krylov_schur::Inertia;
pub use pairs::{Eigenpair, Eigenpairs, Eigenvector};
pub use petsc_rs::ksp::Setting;
pub use reason::ConvergedReason;
pub use settings::{CurrentDimensions, CurrentTolerances, Dimensions, Tolerances};
pub use solve::{Converged, NotConverged};

/// Under these names the solver holds its operators: SLEPc does not give back one that was changed.
const OPERATORS: [&CStr; 2] = [c"petsc-rs.eps.a", c"petsc-rs.eps.b"];

petsc_object! {
    /// A solver of linear eigenvalue problems.
    #[doc(alias = "EPS")]
    Eps,
    /// A borrowed [`Eps`].
    EpsRef,
    EPS,
    EPSDestroy,
}

impl Eps {
    /// A solver without operators, of type `krylovschur` unless told otherwise. Collective.
    ///
    /// # Errors
    /// What `EPSCreate` returns.
    #[doc(alias = "EPSCreate")]
    #[track_caller]
    pub fn new(comm: &Comm) -> Result<Self> {
        session::ensure()?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(EPSCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Self::from_raw(raw) })
    }

    /// As [`EpsRef::append_options_prefix`].
    ///
    /// # Errors
    /// As [`EpsRef::append_options_prefix`].
    pub fn append_options_prefix(&mut self, prefix: &str) -> Result<()> {
        EpsRef::append_options_prefix(self, prefix)
    }
}

impl EpsRef {
    /// Sets the operators of `A·x = λ·x`, or of `A·x = λ·B·x`. The solver counts references and does
    /// not lock them: changing their values and solving again is the normal life of a study.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if a matrix lives on other processes; `ARG_WRONG` if one is not square;
    /// `ARG_INCOMP` if they do not fit each other.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt};
    /// use slepc_rs::{Eps, eps::ProblemType};
    /// let a = Matrix::constant_diagonal(comm, 4, Scalar::from_real(6.0))?;
    /// let b = Matrix::constant_diagonal(comm, 4, Scalar::from_real(2.0))?;
    /// let mut eps = Eps::new(comm)?;
    /// eps.set_operators(&a, Some(&b))?;
    /// eps.set_problem_type(ProblemType::GeneralizedHermitian)?;
    /// let _ = eps.solve()?;
    /// assert!((eps.eigenvalue(0)?.re - 3.0).abs() < 1e-10);
    /// # Ok(()) })
    /// ```
    #[doc(alias = "EPSSetOperators")]
    pub fn set_operators(&mut self, a: &MatrixRef, b: Option<&MatrixRef>) -> Result<()> {
        for matrix in [Some(a), b].into_iter().flatten() {
            self.check_same_ranks(matrix)?;
        }
        let (old, _) = self.held_operators()?;
        if let Some(old) = old {
            if (old.size()?, old.local_size()?) != (a.size()?, a.local_size()?) {
                // Before the first set-up SLEPc would keep what it has of the old size.
                self.reset()?;
                self.clear_spaces()?;
            }
        }
        let raw_b = b.map_or(ptr::null_mut(), MatrixRef::as_ptr);
        // SAFETY: live objects on the same processes, of which SLEPc takes references; it compares
        // sizes in every build.
        unsafe { call!(EPSSetOperators(self.as_ptr(), a.as_ptr(), raw_b)) }?;
        for (name, raw) in OPERATORS.iter().zip([a.as_ptr(), raw_b]) {
            // SAFETY: live objects, or NULL to take the old one away.
            unsafe {
                call!(PetscObjectCompose(
                    self.object_ptr(),
                    name.as_ptr(),
                    raw.cast()
                ))
            }?;
        }
        Ok(())
    }

    /// The operators `A` and `B`, which is missing in a standard problem. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if they were not set.
    #[doc(alias = "EPSGetOperators")]
    pub fn operators(&self) -> Result<(&MatrixRef, Option<&MatrixRef>)> {
        let (a, b) = self.held_operators()?;
        let a = a.ok_or_else(|| {
            Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "the solver has no operators yet: call set_operators first",
            )
        })?;
        Ok((a, b))
    }

    fn held_operators(&self) -> Result<(Option<&MatrixRef>, Option<&MatrixRef>)> {
        let (mut a, mut b) = (ptr::null_mut(), ptr::null_mut());
        for (name, out) in OPERATORS.iter().zip([&raw mut a, &raw mut b]) {
            // SAFETY: a live object, a NUL-terminated name, a valid out-pointer.
            unsafe { call!(PetscObjectQuery(self.object_ptr(), name.as_ptr(), out)) }?;
        }
        if a.is_null() && self.st()?.matrices()? > 0 {
            // A solver that was made in C.
            let (out_a, out_b) = ((&raw mut a).cast(), (&raw mut b).cast());
            // SAFETY: a live solver and valid out-pointers.
            unsafe { call!(EPSGetOperators(self.as_ptr(), out_a, out_b)) }?;
        }
        let borrow = |raw: sys::PetscObject| {
            // SAFETY: the solver keeps a reference while it is borrowed; replacing it needs `&mut`.
            (!raw.is_null()).then(|| unsafe { MatrixRef::from_ptr(raw.cast()) })
        };
        Ok((borrow(a), borrow(b)))
    }

    /// Says what is known about the operators. Logically collective. Default: nothing, that is a
    /// non-Hermitian problem. Options: `-eps_hermitian`, `-eps_gen_hermitian`, ….
    ///
    /// SLEPc believes this: a matrix that is not Hermitian in truth gives wrong eigenvalues, whose
    /// [`error`](Eigenpair::error) then tells.
    ///
    /// # Errors
    /// What `EPSSetProblemType` returns; whether the number of matrices fits is checked by a solve.
    #[doc(alias = "EPSSetProblemType")]
    pub fn set_problem_type(&mut self, kind: ProblemType) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(EPSSetProblemType(self.as_ptr(), kind.to_raw())) }
    }

    /// What is known about the operators, `None` if nothing was said. Not collective.
    ///
    /// # Errors
    /// `SUP` for a kind that a newer SLEPc has.
    #[doc(alias = "EPSGetProblemType")]
    pub fn problem_type(&self) -> Result<Option<ProblemType>> {
        let mut raw = 0;
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSGetProblemType(self.as_ptr(), &raw mut raw)) }?;
        (raw != 0).then(|| ProblemType::try_from(raw)).transpose()
    }

    /// Whether the problem is said to be Hermitian. Not collective.
    ///
    /// # Errors
    /// What `EPSIsHermitian` returns.
    #[doc(alias = "EPSIsHermitian")]
    pub fn is_hermitian(&self) -> Result<bool> {
        let mut flag = ffi::raw_bool(false);
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSIsHermitian(self.as_ptr(), &raw mut flag)) }?;
        Ok(ffi::to_bool(flag))
    }

    /// Sets the method. Collective. Default: `krylovschur`. Option: `-eps_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if no method has that name in this build.
    #[doc(alias = "EPSSetType")]
    pub fn set_type(&mut self, kind: EpsType<'_>) -> Result<()> {
        // SAFETY: a live solver; the name is NUL-terminated.
        unsafe { call!(EPSSetType(self.as_ptr(), kind.as_ptr())) }
    }

    /// Takes type, tolerances and everything else from the options, also those of the spectral
    /// transformation and its linear solver. Collective.
    ///
    /// # Errors
    /// A wrong value of an option.
    #[doc(alias = "EPSSetFromOptions")]
    pub fn set_from_options(&mut self) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(EPSSetFromOptions(self.as_ptr())) }
    }

    /// Sets the prefix of the options of this solver and of what belongs to it. Use the same on all
    /// ranks.
    ///
    /// # Errors
    /// A prefix with a NUL or a leading `-`.
    #[doc(alias = "EPSSetOptionsPrefix")]
    pub fn set_options_prefix(&mut self, prefix: &str) -> Result<()> {
        let prefix = ffi::c_string(prefix)?;
        // SAFETY: a live solver; PETSc copies the prefix.
        unsafe { call!(EPSSetOptionsPrefix(self.as_ptr(), prefix.as_ptr())) }
    }

    /// Adds to the prefix of the options of this solver and of what belongs to it.
    ///
    /// # Errors
    /// A prefix with a NUL or a leading `-`.
    #[doc(alias = "EPSAppendOptionsPrefix")]
    pub fn append_options_prefix(&mut self, prefix: &str) -> Result<()> {
        let prefix = ffi::c_string(prefix)?;
        // SAFETY: a live solver; PETSc copies the prefix.
        unsafe { call!(EPSAppendOptionsPrefix(self.as_ptr(), prefix.as_ptr())) }
    }

    /// Forgets subspaces and what was built from the operators; keeps these, type, tolerances and
    /// callbacks. Collective.
    ///
    /// # Errors
    /// What `EPSReset` returns.
    #[doc(alias = "EPSReset")]
    pub fn reset(&mut self) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(EPSReset(self.as_ptr())) }?;
        // SAFETY: a live solver, whose subspaces are gone (above).
        unsafe { call!(PetscRsEPSRenew(self.as_ptr())) }
    }

    /// Replaces the spectral transformation; the solver counts a reference. Collective. Set the
    /// operators afterwards: they are kept in the transformation.
    ///
    /// # Errors
    /// What `EPSSetST` returns.
    #[doc(alias = "EPSSetST")]
    pub fn set_st(&mut self, st: &StRef) -> Result<()> {
        for name in OPERATORS {
            // SAFETY: a live object; NULL takes away what was composed.
            unsafe {
                call!(PetscObjectCompose(
                    self.object_ptr(),
                    name.as_ptr(),
                    ptr::null_mut()
                ))
            }?;
        }
        // SAFETY: live objects, of which SLEPc takes a reference.
        unsafe { call!(EPSSetST(self.as_ptr(), st.as_ptr())) }
    }

    /// The spectral transformation.
    ///
    /// # Errors
    /// What `EPSGetST` returns.
    #[doc(alias = "EPSGetST")]
    pub fn st(&self) -> Result<&StRef> {
        // SAFETY: the solver keeps its transformation while it is borrowed; replacing it needs `&mut`.
        Ok(unsafe { StRef::from_ptr(self.raw_st()?) })
    }

    /// The spectral transformation, to change it.
    ///
    /// # Errors
    /// What `EPSGetST` returns.
    pub fn st_mut(&mut self) -> Result<&mut StRef> {
        // SAFETY: as for `st`; the solver is borrowed mutably.
        Ok(unsafe { StRef::from_ptr_mut(self.raw_st()?) })
    }

    fn raw_st(&self) -> Result<sys::ST> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(EPSGetST(self.as_ptr(), &raw mut raw)) }?;
        Ok(raw)
    }

    /// Optimised PETSc believes that objects live on the same processes.
    fn check_same_ranks<O: petsc_rs::Object>(&self, other: &O) -> Result<()> {
        petsc_rs::internal::check_same_ranks(self.object_ptr(), other.object_ptr())
    }
}
