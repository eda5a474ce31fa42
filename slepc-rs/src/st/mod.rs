//! Spectral transformations (`ST` in C). A solver works with the transformed operator, the extreme
//! eigenvalues of which correspond to the requested eigenvalues.

mod filter;
mod shell;

use std::ptr;

use petsc_macros::{getter, setting, wraps};
use petsc_rs::ksp::{Ksp, KspRef};
use petsc_rs::matrix::{MatrixRef, Structure};
use petsc_rs::{Object as _, Result, Scalar, call, ffi, internal, petsc_object};

use crate::sys;

petsc_object! {
    /// A spectral transformation.
    ///
    /// It belongs to an [`Eps`](crate::Eps) or a [`Pep`](crate::Pep), whose `st` method returns it.
    /// A program sets its type and shift, and the type of its linear solver.
    ///
    /// # Examples
    /// See [`StRef::set_shift`].
    ///
    /// # Options
    /// `-st_type`, `-st_shift`, `-st_matmode`, and those of the linear solver, such as
    /// `-st_ksp_type` and `-st_pc_type`.
    ///
    /// # See also
    /// [`StType`], [`EpsRef::st`](crate::EpsRef::st), [`StRef::ksp`].
    #[wraps(ST)]
    St,
    /// A borrowed [`St`].
    StRef,
    ST,
    STDestroy,
}

petsc_rs::type_names! {
    /// Type of a spectral transformation of the problem `A·x = λ·B·x`, with the transformed
    /// operator and its eigenvalues.
    #[doc(alias = "STType")]
    StType;
    /// `B⁻¹·A - σ·I`: eigenvalues `λ - σ`. The default.
    SHIFT = c"shift",
    /// `(A - σ·B)⁻¹·B`: eigenvalues `1/(λ - σ)`, for the eigenvalues closest to `σ`, also in the
    /// interior of the spectrum.
    SINVERT = c"sinvert",
    /// `(A - σ·B)⁻¹·(A + ν·B)`: eigenvalues `(λ + ν)/(λ - σ)`.
    CAYLEY = c"cayley",
    /// A preconditioner for solvers that need no transformation (Davidson methods, LOBPCG).
    PRECOND = c"precond",
    /// A polynomial of the operator that is large in an interval, for interior eigenvalues without
    /// linear solves.
    FILTER = c"filter",
    /// A user-defined transformation.
    SHELL = c"shell",
}

petsc_rs::c_enum! {
    /// How the matrix `A - σ·B` is stored.
    #[doc(alias = "STMatMode")]
    MatMode of STMatMode;
    /// A copy. The default.
    Copy = ST_MATMODE_COPY,
    /// In place of `A`, which is restored after the solve.
    InPlace = ST_MATMODE_INPLACE,
    /// A shell matrix that applies `A - σ·B`, for iterative linear solvers.
    Shell = ST_MATMODE_SHELL,
}

crate::base::basics! {
    St, StRef, StType, "spectral transformation", "`shift`", "-st_type";
    #[wraps(STCreate)]
    STCreate,
    #[wraps(STSetType)]
    STSetType,
    #[wraps(STSetFromOptions)]
    STSetFromOptions,
    #[wraps(STSetOptionsPrefix)]
    STSetOptionsPrefix,
    #[doc(alias = "STAppendOptionsPrefix")]
    STAppendOptionsPrefix
}

impl StRef {
    /// Sets the shift `σ`. Logically collective. Default: the target of the solver if it has one,
    /// otherwise 0. Option: `-st_shift`.
    ///
    /// # Errors
    /// The errors of `STSetShift`, such as a factorization that fails for the new shift.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use slepc_rs::prelude::*;
    /// let mut st = St::new(comm)?;
    /// st.set_type(StType::SINVERT)?;
    /// st.set_shift(2.5.into())?;
    /// assert_eq!(st.shift()?.real(), 2.5);
    /// # Ok(()) })
    /// ```
    #[wraps(STSetShift)]
    pub fn set_shift(&mut self, shift: Scalar) -> Result<()> {
        ffi::check_solver()?;
        // SAFETY: a live transformation and a valid pointer. After a setup, the change acts
        // through the type, which is then set.
        unsafe { call!(PetscRsSTSetShift(*self.busy()?, &raw const shift)) }
    }

    /// Returns the shift `σ`.
    ///
    /// # Examples
    /// See [`set_shift`](Self::set_shift).
    #[getter(STGetShift)]
    pub fn shift() -> Scalar;

    /// `ν`, the antishift of the Cayley transformation. Other types ignore the setting.
    #[setting(PetscRsSTCayleySetAntishift, by_pointer, c = ["STCayleySetAntishift"])]
    #[option("-st_cayley_antishift", default = "`σ`")]
    pub fn set_cayley_antishift(cayley_antishift: Scalar);

    /// Returns `ν`, the antishift of the Cayley transformation.
    #[getter(STCayleyGetAntishift)]
    #[types("cayley")]
    pub fn cayley_antishift() -> Scalar;

    /// Whether the transformation is applied to the matrices of a polynomial problem. Otherwise the
    /// transformation is applied to the linearization of the problem.
    ///
    /// Methods that linearize the problem change this setting themselves; the method `jd` of
    /// [`Pep`](crate::Pep) requires false.
    #[setting(
        STSetTransform,
        STGetTransform,
        errors = "A solve checks whether the method supports it"
    )]
    #[option("-st_transform", default = "false")]
    pub fn set_transform(transform: bool);

    /// The storage of the matrix `A - σ·B`.
    #[setting(
        STSetMatMode,
        STGetMatMode,
        errors = "`ARG_WRONGSTATE` if the transformation was set up"
    )]
    #[option("-st_matmode", default = "[`MatMode::Copy`]")]
    pub fn set_mat_mode(mat_mode: MatMode);

    /// Sets how the nonzero patterns of the matrices are related. SLEPc uses this relation to
    /// compute `A - σ·B` faster. SLEPc does not check this relation. Logically collective. Default:
    /// unknown. Option: `-st_matstructure`.
    #[wraps(STSetMatStructure)]
    pub fn set_mat_structure(&mut self, structure: Structure) -> Result<()> {
        // SAFETY: a live transformation.
        unsafe { call!(STSetMatStructure(*self.busy()?, crate::base::raw_structure(structure))) }
    }

    /// Sets the matrix from which the preconditioner is built, instead of `A - σ·B`; `None` removes
    /// it. The transformation keeps a reference. Set the operators of the solver first. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the matrix lives on other processes.
    #[wraps(STSetPreconditionerMat)]
    pub fn set_preconditioner_matrix(&mut self, p: Option<&MatrixRef>) -> Result<()> {
        if let Some(p) = p {
            internal::check_same_ranks(self.object_ptr(), p.object_ptr())?;
        }
        let p = p.map_or(ptr::null_mut(), MatrixRef::as_ptr);
        // SAFETY: live objects, of which SLEPc takes a reference; NULL for none.
        unsafe { call!(STSetPreconditionerMat(*self.busy()?, p)) }
    }

    /// Returns whether the type `precond` passes the operator to its linear solver, in addition to
    /// the matrix from which the preconditioner is built. Types other than `precond` always pass
    /// the operator. Not collective.
    #[wraps(STPrecondGetKSPHasMat)]
    pub fn precond_ksp_has_matrix(&self) -> Result<bool> {
        petsc_rs::not_collective!();
        if !self.is_type("precond")? {
            return Ok(true);
        }
        let mut flag = ffi::raw_bool(false);
        // SAFETY: a live transformation of this kind and a valid out-pointer.
        unsafe { call!(STPrecondGetKSPHasMat(self.as_ptr(), &raw mut flag)) }?;
        Ok(ffi::to_bool(flag))
    }

    /// Replaces the linear solver. The transformation holds a reference to it. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the solver lives on other processes; `ARG_INCOMP` if this
    /// transformation is, or was, a part of the solver.
    #[wraps(STSetKSP)]
    pub fn set_ksp(&mut self, ksp: &KspRef) -> Result<()> {
        internal::check_same_ranks(self.object_ptr(), ksp.object_ptr())?;
        let st = self.busy()?;
        internal::give(self, ksp)?;
        let replaced = self.ksp()?;
        if replaced.operators_set()? == (true, true) {
            // From now on the solvers inside end with the transformation, even if the linear solver
            // lives longer.
            let _ = replaced.operators()?;
        }
        // SAFETY: live objects on the same processes, of which SLEPc takes a reference.
        unsafe { call!(PetscRsSTSetKSP(*st, ksp.as_ptr())) }
    }

    /// Returns the linear solver for systems with `A - σ·B`, or with `B` if the type is `shift`.
    /// Default: a direct solver. Options: `-st_ksp_…`, `-st_pc_…`.
    #[wraps(STGetKSP)]
    #[track_caller]
    pub fn ksp(&self) -> Result<Ksp> {
        petsc_rs::part_by!(self.raw_ksp => Ksp)
    }

    fn raw_ksp(&self) -> Result<sys::KSP> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live transformation and a valid out-pointer.
        unsafe { call!(STGetKSP(self.as_ptr(), &raw mut raw)) }?;
        Ok(raw)
    }

    /// Returns the number of matrices of the problem, 0 before the solver has set them. Not
    /// collective.
    pub(crate) fn matrices(&self) -> Result<usize> {
        petsc_rs::not_collective!();
        let mut n = 0;
        // SAFETY: a live transformation and a valid out-pointer.
        unsafe { call!(STGetNumMatrices(self.as_ptr(), &raw mut n)) }?;
        ffi::size(n)
    }
}
