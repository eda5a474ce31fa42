//! Field split preconditioners (`fieldsplit`), and the combination types that they share with
//! `composite`.

use std::ptr;

use petsc_macros::{getter, setting, wraps};

use super::PcRef;
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::range::not_negative;
use crate::index_set::IndexSetRef;
use crate::matrix::{Matrix, MatrixRef};
use crate::object::type_among;
use crate::{Int, Object, Real, Scalar, call, ffi, get_raw, sys};

crate::attached! {
    /// Name under which the preconditioner stores the number of rows that its index sets require.
    const ROWS: Int = c"petsc-rs.pc.field-split-rows";
}

c_enum! {
    /// How several preconditioners are combined.
    #[doc(alias = "PCCompositeType")]
    CompositeType of PCCompositeType;
    /// Additive: the sum of all.
    Additive = PC_COMPOSITE_ADDITIVE,
    /// Multiplicative: one after another, each applied to the residual that the previous ones
    /// leave.
    Multiplicative = PC_COMPOSITE_MULTIPLICATIVE,
    /// Symmetric multiplicative: in forward order, then in backward order.
    SymmetricMultiplicative = PC_COMPOSITE_SYMMETRIC_MULTIPLICATIVE,
    /// For `composite` and a matrix `α·I + R + S`: applies the preconditioners of `α·I + S` and
    /// `α·I + R` one after the other.
    Special = PC_COMPOSITE_SPECIAL,
    /// Block factorization with a Schur complement, for two fields.
    Schur = PC_COMPOSITE_SCHUR,
    /// Golub–Kahan bidiagonalization, for symmetric saddle-point problems.
    Gkb = PC_COMPOSITE_GKB,
}

c_enum! {
    /// The factors of a Schur complement factorization that are applied.
    #[doc(alias = "PCFieldSplitSchurFactType")]
    SchurFactorization of PCFieldSplitSchurFactType;
    /// The diagonal, with the sign of the Schur complement reversed.
    Diagonal = PC_FIELDSPLIT_SCHUR_FACT_DIAG,
    /// The lower triangle and the diagonal.
    Lower = PC_FIELDSPLIT_SCHUR_FACT_LOWER,
    /// The diagonal and the upper triangle.
    Upper = PC_FIELDSPLIT_SCHUR_FACT_UPPER,
    /// All three factors.
    Full = PC_FIELDSPLIT_SCHUR_FACT_FULL,
}

c_enum! {
    /// The matrix from which the preconditioner of the Schur complement is built.
    #[doc(alias = "PCFieldSplitSchurPreType")]
    SchurPreconditioner of PCFieldSplitSchurPreType;
    /// The Schur complement itself, for preconditioners that need no entries.
    Itself = PC_FIELDSPLIT_SCHUR_PRE_SELF,
    /// The assembled approximation `A11 − A10·diag(A00)⁻¹·A01`.
    Selfp = PC_FIELDSPLIT_SCHUR_PRE_SELFP,
    /// The second diagonal block `A11`, the default.
    A11 = PC_FIELDSPLIT_SCHUR_PRE_A11,
    /// A matrix that the application sets.
    User = PC_FIELDSPLIT_SCHUR_PRE_USER,
    /// The assembled Schur complement, suitable for small systems.
    Full = PC_FIELDSPLIT_SCHUR_PRE_FULL,
}

impl PcRef {
    /// Adds a field to `fieldsplit`. `indices` are the global indices of the unknowns of the field
    /// on this rank. Collective.
    ///
    /// The options of the solver of this field begin with `-fieldsplit_NAME_`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for an index outside the operator, which must be set first (optimized PETSc
    /// does not check the indices); `ARG_WRONG` if the type is not `fieldsplit`.
    #[wraps(PCFieldSplitSetIS)]
    pub fn add_field(&mut self, name: &str, indices: &[Int]) -> Result<()> {
        type_among(self, &["fieldsplit"], "add_field")?;
        let (rows, _) = self.operators()?.1.size()?;
        ffi::check_indices(indices, &(0..ffi::petsc_int(rows)?))?;
        let comm = self.raw_comm()?;
        let n = ffi::petsc_int(indices.len())?;
        // SAFETY: a live communicator and `n` indices, which PETSc copies.
        let mut is = unsafe {
            get_raw!(ISCreateGeneral(comm, n, indices.as_ptr(), sys::PETSC_COPY_VALUES, _))
        }?;
        // SAFETY: a live index set.
        let outcome = unsafe { self.add_field_raw(name, is) };
        // SAFETY: releases the reference from its creation.
        unsafe { call!(ISDestroy(&raw mut is)) }?;
        outcome
    }

    /// Adds a field, as [`add_field`](Self::add_field) does, given as an index set. The
    /// preconditioner holds a reference to the set. Collective.
    #[wraps(PCFieldSplitSetIS, errors = add_field)]
    pub fn add_field_set(&mut self, name: &str, indices: &IndexSetRef) -> Result<()> {
        // SAFETY: a live index set.
        unsafe { self.add_field_raw(name, indices.as_ptr()) }
    }

    /// # Safety
    /// `is` is a live index set on the communicator of the preconditioner.
    unsafe fn add_field_raw(&mut self, name: &str, is: sys::IS) -> Result<()> {
        type_among(self, &["fieldsplit"], "add_field_set")?;
        let (rows, _) = self.operators()?.1.size()?;
        let name = ffi::c_string(name)?;
        // SAFETY: a live index set by contract.
        let (smallest, largest) = unsafe { get_raw!(ISGetMinMax(is, _, _)) }?;
        // SAFETY: a live index set by contract.
        let size = unsafe { get_raw!(ISGetLocalSize(is, _)) }?;
        if size > 0 {
            ffi::check_indices(&[smallest, largest], &(0..ffi::petsc_int(rows)?))?;
        }
        let needed = ffi::petsc_int(rows)?;
        ROWS.set(self, needed)?;
        // SAFETY: live objects; indices are in range (above); PETSc copies the name.
        unsafe { call!(PCFieldSplitSetIS(*self.busy()?, name.as_ptr(), is)) }
    }

    /// Checks that the operator is not smaller than the one for which the index sets of
    /// `fieldsplit` were checked. Optimized PETSc does not check them.
    pub(crate) fn check_splits(&self, p: &MatrixRef) -> Result<()> {
        if self.type_name()?.as_deref() != Some("fieldsplit") {
            return Ok(());
        }
        let Some(needed) = ROWS.get(self)? else {
            return Ok(());
        };
        let (rows, _) = p.size()?;
        if ffi::petsc_int(rows)? >= needed {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ARG_OUTOFRANGE,
            format!(
                "the fields of this preconditioner require {needed} rows, but the new operator has \
                 {rows}: set another type, set fieldsplit again, and add the fields again"
            ),
        ))
    }

    /// The number of unknowns in a block, for fields that
    /// [`add_field_components`](Self::add_field_components) adds to `fieldsplit`.
    #[setting(
        PCFieldSplitSetBlockSize,
        composed,
        errors = "`ARG_OUTOFRANGE` for 0,
        `ARG_WRONGSTATE` if another block size is already set"
    )]
    #[option("-pc_fieldsplit_block_size", default = "the block size of the matrix")]
    pub fn set_field_block_size(field_block_size: usize);

    /// Adds a field to `fieldsplit`. The field consists of the given components of each block of
    /// `block_size` unknowns. All fields must have the same block size. Logically collective.
    /// Option: `-pc_fieldsplit_N_fields`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a component outside the block, or if there is no component;
    /// `ARG_WRONGSTATE` for a block size that differs from an earlier one.
    #[wraps(PCFieldSplitSetFields)]
    pub fn add_field_components(
        &mut self,
        name: &str,
        block_size: usize,
        components: &[usize],
    ) -> Result<()> {
        type_among(self, &["fieldsplit"], "add_field_components")?;
        // Some releases do not compare the components with the block size.
        if components.is_empty() || components.iter().any(|&c| c >= block_size) {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!(
                    "the components {components:?} must lie in 0..{block_size}, and there must be at least one"
                ),
            ));
        }
        self.set_field_block_size(block_size)?;
        let name = ffi::c_string(name)?;
        let fields = components.iter().map(|&c| ffi::petsc_int(c)).collect::<Result<Vec<_>>>()?;
        let n = ffi::petsc_int(fields.len())?;
        let fields = fields.as_ptr();
        let (pc, name) = (self.busy()?, name.as_ptr());
        // SAFETY: a live preconditioner; `n` components, which PETSc copies and compares with the
        // block size.
        unsafe { call!(PCFieldSplitSetFields(*pc, name, n, fields, fields)) }
    }

    /// Sets how `fieldsplit` combines the fields. Collective. Default: multiplicative. Option:
    /// `-pc_fieldsplit_type`.
    ///
    /// # Errors
    /// `ARG_WRONG` for [`Special`](CompositeType::Special).
    #[wraps(PCFieldSplitSetType)]
    pub fn set_field_split_type(&mut self, kind: CompositeType) -> Result<()> {
        if kind == CompositeType::Special {
            let text = "only composite supports the combination special, not fieldsplit";
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        // SAFETY: a live preconditioner and a value of the enum.
        unsafe { call!(PCFieldSplitSetType(*self.busy()?, kind.to_raw())) }
    }

    /// Returns how `fieldsplit` combines the fields.
    #[getter(PCFieldSplitGetType)]
    #[types("fieldsplit")]
    pub fn field_split_type() -> CompositeType;

    /// Returns the global indices of a field of `fieldsplit` on this rank. `None` if the field does
    /// not exist, or if its index set is not created yet.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(PCFieldSplitGetIS, not_collective)]
    pub fn field_indices(&self, name: &str) -> Result<Option<Vec<Int>>> {
        type_among(self, &["fieldsplit"], "field_indices")?;
        let name = ffi::c_string(name)?;
        // SAFETY: a live `fieldsplit` and a NUL-terminated name.
        let set = unsafe { get_raw!(PCFieldSplitGetIS(self.as_ptr(), name.as_ptr(), _)) }?;
        if set.is_null() {
            return Ok(None);
        }
        // SAFETY: a live index set.
        let set = unsafe { IndexSetRef::from_ptr(set) };
        Ok(Some(set.indices()?.to_vec()))
    }

    /// Whether `fieldsplit` uses a Schur complement factorization with the rows that have a zero
    /// diagonal entry as the second field.
    #[setting(PCFieldSplitSetDetectSaddlePoint, PCFieldSplitGetDetectSaddlePoint)]
    #[types("fieldsplit")]
    #[option("-pc_fieldsplit_detect_saddle_point", default = "false")]
    pub fn set_field_detect_saddle_point(field_detect_saddle_point: bool);

    /// Returns two settings of a `fieldsplit` of type Schur: which matrix it uses to build the
    /// preconditioner of the Schur complement, and the matrix for `User`, or `None` if the
    /// application has set none. See [`set_schur_preconditioner`](Self::set_schur_preconditioner).
    ///
    /// The initial setting in C, `User` without a matrix, has the same effect as `A11`.
    #[wraps(PCFieldSplitGetSchurPre, not_collective)]
    #[track_caller]
    pub fn schur_preconditioner(&self) -> Result<(SchurPreconditioner, Option<Matrix>)> {
        // SAFETY: a live preconditioner; C looks the implementation up.
        let (kind, raw) = unsafe { get_raw!(PCFieldSplitGetSchurPre(self.as_ptr(), _, _)) }?;
        // SAFETY: NULL or a live matrix.
        Ok((kind.try_into()?, unsafe { Matrix::retain_nullable(raw) }?))
    }

    /// The factors of the Schur complement factorization that `fieldsplit` applies.
    #[setting(PCFieldSplitSetSchurFactType, composed, collective = "Collective")]
    #[option("-pc_fieldsplit_schur_fact_type", default = "full")]
    pub fn set_schur_factorization(schur_factorization: SchurFactorization);

    /// Sets which matrix a `fieldsplit` of type Schur uses to build the preconditioner of the Schur
    /// complement. Collective. Default: A11. Option: `-pc_fieldsplit_schur_precondition`.
    ///
    /// Only [`SchurPreconditioner::User`] uses `matrix`.
    ///
    /// # Errors
    /// `ARG_NULL` for `User` without a matrix.
    #[wraps(PCFieldSplitSetSchurPre)]
    pub fn set_schur_preconditioner(
        &mut self,
        kind: SchurPreconditioner,
        matrix: Option<&MatrixRef>,
    ) -> Result<()> {
        if kind == SchurPreconditioner::User && matrix.is_none() {
            let text = "SchurPreconditioner::User needs a matrix, got None";
            return Err(Error::new(ErrorCode::ARG_NULL, text));
        }
        let matrix = matrix.map_or(ptr::null_mut(), MatrixRef::as_ptr);
        let kind = kind.to_raw();
        // SAFETY: live objects, of which PETSc takes references; a value of the enum.
        unsafe { call!(PCFieldSplitSetSchurPre(*self.busy()?, kind, matrix)) }
    }

    /// The factor that multiplies the Schur complement in the factorization
    /// [`Diagonal`](SchurFactorization::Diagonal).
    #[setting(
        PetscRsPCFieldSplitSetSchurScale,
        by_pointer,
        collective = "Collective",
        c = ["PCFieldSplitSetSchurScale"]
    )]
    #[option("-pc_fieldsplit_schur_scale", default = "-1")]
    pub fn set_schur_scale(schur_scale: Scalar);

    /// Whether `fieldsplit` uses the fields of the DM.
    #[setting(PCFieldSplitSetDMSplits, PCFieldSplitGetDMSplits)]
    #[types("fieldsplit")]
    #[option("-pc_fieldsplit_dm_splits", default = "true")]
    pub fn set_field_dm_splits(field_dm_splits: bool);

    /// Whether `fieldsplit` takes the diagonal blocks from the operator, instead of the matrix from
    /// which the preconditioner is built.
    #[setting(PCFieldSplitSetDiagUseAmat, PCFieldSplitGetDiagUseAmat)]
    #[types("fieldsplit")]
    #[option("-pc_fieldsplit_diag_use_amat", default = "false")]
    pub fn set_field_diagonal_use_operator(field_diagonal_use_operator: bool);

    /// Whether `fieldsplit` takes the off-diagonal blocks from the operator, instead of the matrix
    /// from which the preconditioner is built.
    #[setting(PCFieldSplitSetOffDiagUseAmat, PCFieldSplitGetOffDiagUseAmat)]
    #[types("fieldsplit")]
    #[option("-pc_fieldsplit_off_diag_use_amat", default = "false")]
    pub fn set_field_off_diagonal_use_operator(field_off_diagonal_use_operator: bool);

    /// The tolerance of the Golub–Kahan bidiagonalization of `fieldsplit`.
    #[setting(PCFieldSplitSetGKBTol, composed, check = not_negative)]
    #[option("-pc_fieldsplit_gkb_tol", default = "1e-5")]
    pub fn set_field_gkb_tolerance(field_gkb_tolerance: Real);

    /// The parameter ν of the augmented Lagrangian of the Golub–Kahan bidiagonalization of
    /// `fieldsplit`.
    #[setting(PCFieldSplitSetGKBNu, composed, check = not_negative)]
    #[option("-pc_fieldsplit_gkb_nu", default = "1")]
    pub fn set_field_gkb_nu(field_gkb_nu: Real);

    /// The maximum number of iterations of the Golub–Kahan bidiagonalization of `fieldsplit`.
    #[setting(PCFieldSplitSetGKBMaxit, composed)]
    #[option("-pc_fieldsplit_gkb_maxit", default = "100")]
    pub fn set_field_gkb_iterations(field_gkb_iterations: usize);

    fn raw_comm(&self) -> Result<sys::mpi_sys::MPI_Comm> {
        // SAFETY: a constant of the MPI library, overwritten below.
        let mut comm = unsafe { sys::PetscRsCommSelf() };
        // SAFETY: a live object and a valid out-pointer.
        unsafe { call!(PetscObjectGetComm(self.object_ptr(), &raw mut comm)) }?;
        Ok(comm)
    }
}
