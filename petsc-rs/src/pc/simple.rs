//! Settings of preconditioner types with few settings. A preconditioner of another type ignores the
//! setting.

use petsc_macros::{getter, setting, wraps};

use super::{CompositeType, Pc, PcRef, PcType};
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::range::{at_least_one, out_of_range};
use crate::matrix::Matrix;
use crate::object::{Loan, type_among};
use crate::{Real, Scalar, call, ffi, get_raw, sys};

c_enum! {
    /// The values by which Jacobi divides.
    #[doc(alias = "PCJacobiType")]
    JacobiType of PCJacobiType;
    /// The diagonal, the default.
    Diagonal = PC_JACOBI_DIAGONAL,
    /// The largest absolute value in each row.
    RowMax = PC_JACOBI_ROWMAX,
    /// The sum of each row.
    RowSum = PC_JACOBI_ROWSUM,
}

c_enum! {
    /// The direction of a sweep of successive over-relaxation (SOR).
    #[doc(alias = "MatSORType")]
    SorSweep of MatSORType;
    /// Forward.
    Forward = SOR_FORWARD_SWEEP,
    /// Backward.
    Backward = SOR_BACKWARD_SWEEP,
    /// Forward, then backward.
    Symmetric = SOR_SYMMETRIC_SWEEP,
    /// Forward, over the rows of each rank separately.
    LocalForward = SOR_LOCAL_FORWARD_SWEEP,
    /// Backward, over the rows of each rank separately.
    LocalBackward = SOR_LOCAL_BACKWARD_SWEEP,
    /// Forward, then backward, over the rows of each rank separately.
    LocalSymmetric = SOR_LOCAL_SYMMETRIC_SWEEP,
}

c_enum! {
    /// How ranks are divided into groups.
    #[doc(alias = "PetscSubcommType")]
    SubcommType of PetscSubcommType;
    /// The application creates the groups.
    General = PETSC_SUBCOMM_GENERAL,
    /// Consecutive ranks form a group.
    Contiguous = PETSC_SUBCOMM_CONTIGUOUS,
    /// With n groups, every n-th rank belongs to the same group.
    Interlaced = PETSC_SUBCOMM_INTERLACED,
}

c_enum! {
    /// The coarse space of `exotic`.
    #[doc(alias = "PCExoticType")]
    ExoticType of PCExoticType;
    /// One basis function for each face of the subdomains.
    Face = PC_EXOTIC_FACE,
    /// One basis function for each vertex, edge and face of the subdomains.
    Wirebasket = PC_EXOTIC_WIREBASKET,
}

/// Checks a relaxation factor.
fn relaxation(omega: Real, what: &str) -> Result<()> {
    if omega > 0.0 && omega < 2.0 {
        return Ok(());
    }
    Err(out_of_range(format!("{what} must lie between 0 and 2, got {omega}")))
}

impl PcRef {
    /// Returns the quasi-Newton matrix of `lmvm`. The preconditioner applies the inverse of this
    /// matrix. TAO solvers update this matrix.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(PCLMVMGetMatLMVM, not_collective)]
    #[track_caller]
    pub fn lmvm_matrix(&self) -> Result<Loan<'_, Matrix>> {
        type_among(self, &["lmvm"], "lmvm_matrix")?;
        // SAFETY: a live preconditioner of such a type.
        let raw = unsafe { get_raw!(PCLMVMGetMatLMVM(self.as_ptr(), _)) }?;
        // SAFETY: a live matrix.
        Ok(Loan::new(unsafe { Matrix::retain(raw) }?))
    }

    /// The values by which `jacobi` divides.
    #[setting(PCJacobiSetType, PCJacobiGetType, composed)]
    #[option("-pc_jacobi_type", default = "the diagonal")]
    pub fn set_jacobi_type(jacobi_type: JacobiType);

    /// Whether `jacobi` divides by absolute values.
    #[setting(PCJacobiSetUseAbs, PCJacobiGetUseAbs, composed)]
    #[option("-pc_jacobi_abs", default = "false")]
    pub fn set_jacobi_absolute(jacobi_absolute: bool);

    /// Whether `jacobi` replaces zero values by one.
    #[setting(PCJacobiSetFixDiagonal, PCJacobiGetFixDiagonal, composed)]
    #[option("-pc_jacobi_fixdiagonal", default = "true")]
    pub fn set_jacobi_fix_diagonal(jacobi_fix_diagonal: bool);

    /// The relaxation factor ω of `sor`.
    #[setting(
        PCSORSetOmega,
        PCSORGetOmega,
        composed, check = relaxation,
        errors = "`ARG_OUTOFRANGE` unless `0 < ω < 2`"
    )]
    #[option("-pc_sor_omega", default = "1")]
    pub fn set_sor_omega(sor_omega: Real);

    /// The direction of the sweeps of `sor`. On several ranks, the sweeps are local.
    #[setting(PCSORSetSymmetric, PCSORGetSymmetric, composed)]
    #[option("-pc_sor_symmetric", "-pc_sor_local_symmetric", default = "local symmetric")]
    pub fn set_sor_sweep(sor_sweep: SorSweep);

    /// The relaxation factor ω of `eisenstat`.
    #[setting(
        PCEisenstatSetOmega,
        PCEisenstatGetOmega,
        composed, check = relaxation,
        errors = "`ARG_OUTOFRANGE` unless `0 < ω < 2`"
    )]
    #[option("-pc_eisenstat_omega", default = "1")]
    pub fn set_eisenstat_omega(eisenstat_omega: Real);

    /// The number of sweeps of `sor`, and the number of local sweeps on each rank within one sweep.
    #[setting(PCSORSetIterations, PCSORGetIterations, composed, get = sor_iterations)]
    #[option("-pc_sor_its", "-pc_sor_lits", default = "1, 1")]
    pub fn set_sor_iterations(global: usize, local: usize);

    /// Sets the preconditioner of hypre: `boomeramg`, `euclid`, `pilut`, `parasails`, `ams` or
    /// `ads`. Collective. Default: `boomeramg`. Option: `-pc_hypre_type`.
    ///
    /// # Errors
    /// `ARG_WRONG` if the type is not `hypre`; `ARG_UNKNOWN_TYPE` for another name;
    /// `ARG_WRONGSTATE` if a preconditioner of hypre is already set.
    #[wraps(PCHYPRESetType)]
    pub fn set_hypre_type(&mut self, name: &str) -> Result<()> {
        type_among(self, &["hypre"], "set_hypre_type")?;
        let name = ffi::c_string(name)?;
        #[cfg(petsc_have_hypre)]
        // SAFETY: a live preconditioner of type `hypre`; PETSc copies the name.
        let outcome = unsafe { call!(PCHYPRESetType(*self.busy()?, name.as_ptr())) };
        #[cfg(not(petsc_have_hypre))]
        let outcome = {
            // A build without hypre has no preconditioner of that type (checked above).
            drop(name);
            Ok(())
        };
        outcome
    }

    /// Adds a preconditioner to `composite`. The options of the preconditioner with number N begin
    /// with `-sub_N_`. Collective. Option: `-pc_composite_pcs`.
    ///
    /// # Errors
    /// `ARG_WRONG` if the type is not `composite`; `ARG_UNKNOWN_TYPE` for an unknown type.
    #[wraps(PCCompositeAddPCType)]
    pub fn add_composite(&mut self, kind: PcType<'_>) -> Result<()> {
        type_among(self, &["composite"], "add_composite")?;
        let kind = kind.name().as_ptr();
        // SAFETY: a live preconditioner of type `composite`; the name is NUL-terminated.
        unsafe { call!(PetscRsPCCompositeAddType(*self.busy()?, kind)) }
    }

    /// Returns the number of preconditioners in `composite`.
    #[getter(PCCompositeGetNumberPC)]
    #[types("composite")]
    pub fn composite_len() -> usize;

    /// Returns preconditioner `i` of `composite`, counting from 0.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `composite` has no preconditioner `i`.
    #[wraps(PCCompositeGetPC, not_collective)]
    #[track_caller]
    pub fn composite(&self, i: usize) -> Result<Pc> {
        let n = self.composite_len()?;
        if i >= n {
            let text = format!("preconditioner {i} lies outside 0..{n}");
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        let i = ffi::petsc_int(i)?;
        // SAFETY: a live `composite` with that many members.
        let raw = unsafe { get_raw!(PCCompositeGetPC(self.as_ptr(), i, _)) }?;
        // SAFETY: a live preconditioner.
        unsafe { Pc::part_of(self, raw) }
    }

    /// Sets how `composite` combines its preconditioners. Logically collective. Default: additive.
    /// Option: `-pc_composite_type`.
    ///
    /// # Errors
    /// `ARG_WRONG` for a combination that only `fieldsplit` has.
    #[wraps(PCCompositeSetType)]
    pub fn set_composite_type(&mut self, kind: CompositeType) -> Result<()> {
        if matches!(kind, CompositeType::Schur | CompositeType::Gkb) {
            let text = "only fieldsplit has this combination";
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        // SAFETY: a live preconditioner and a value of the enum.
        unsafe { call!(PCCompositeSetType(*self.busy()?, kind.to_raw())) }
    }

    /// Returns how `composite` combines its preconditioners.
    #[getter(PCCompositeGetType, composed)]
    pub fn composite_type() -> CompositeType;

    /// Whether `bddc` and `nn` scale the interface unknowns with the diagonals of the local
    /// matrices.
    #[setting(PCISSetUseStiffnessScaling, composed)]
    #[option("-pc_is_use_stiffness_scaling", default = "false")]
    pub fn set_stiffness_scaling(stiffness_scaling: bool);

    /// The number of subdomains of `bddc` that form one subdomain of the next coarser level.
    #[setting(PCBDDCSetCoarseningRatio, composed, check = at_least_one)]
    #[option("-pc_bddc_coarsening_ratio", default = "8")]
    pub fn set_bddc_coarsening_ratio(bddc_coarsening_ratio: usize);

    /// The number of additional levels of `bddc`.
    #[setting(PCBDDCSetLevels, composed, errors = "`SUP` above 7")]
    #[option("-pc_bddc_levels", default = "0")]
    pub fn set_bddc_levels(bddc_levels: usize);

    /// The α of the term `α·I` in a `composite` of type special.
    #[setting(PetscRsPCCompositeSpecialSetAlpha, by_pointer, c = ["PCCompositeSpecialSetAlpha"])]
    pub fn set_composite_alpha(composite_alpha: Scalar);

    /// The number of groups into which `redundant` divides the ranks. Each group solves the whole
    /// system.
    #[setting(PCRedundantSetNumber, errors = "`ARG_WRONG` for 0")]
    #[types("redundant")]
    #[option("-pc_redundant_number", default = "each rank is a group")]
    pub fn set_redundant_groups(redundant_groups: usize);

    /// The factor by which `telescope` reduces the number of ranks for its inner solver.
    #[setting(
        PCTelescopeSetReductionFactor,
        PCTelescopeGetReductionFactor,
        composed,
        errors = "`ARG_WRONG` unless the factor lies between 1 and the number of ranks"
    )]
    #[option("-pc_telescope_reduction_factor", default = "1")]
    pub fn set_telescope_reduction(telescope_reduction: usize);

    /// How `telescope` chooses the ranks of the inner solver.
    #[setting(
        PCTelescopeSetSubcommType,
        PCTelescopeGetSubcommType,
        composed,
        errors = "`ARG_WRONGSTATE` after [`set_up`](Self::set_up)"
    )]
    #[option("-pc_telescope_subcomm_type", default = "interlaced")]
    pub fn set_telescope_subcomm(telescope_subcomm: SubcommType);

    /// Whether `telescope` ignores the DM and redistributes only the matrix.
    #[setting(PCTelescopeSetIgnoreDM, PCTelescopeGetIgnoreDM, composed)]
    #[option("-pc_telescope_ignore_dm", default = "false")]
    pub fn set_telescope_ignore_dm(telescope_ignore_dm: bool);

    /// Whether the inner solver of `telescope` gets the next coarser DM of the hierarchy.
    #[setting(PCTelescopeSetUseCoarseDM, PCTelescopeGetUseCoarseDM, composed)]
    #[option("-pc_telescope_use_coarse_dm", default = "false")]
    pub fn set_telescope_use_coarse_dm(telescope_use_coarse_dm: bool);

    /// Whether `telescope` ignores the closures of the DM that compute operators.
    #[setting(
        PCTelescopeSetIgnoreKSPComputeOperators,
        PCTelescopeGetIgnoreKSPComputeOperators,
        composed
    )]
    #[option("-pc_telescope_ignore_kspcomputeoperators", default = "false")]
    pub fn set_telescope_ignore_compute_operators(telescope_ignore_compute_operators: bool);

    /// The coarse space of `exotic`.
    #[setting(PCExoticSetType, composed)]
    #[option("-pc_exotic_type", default = "wirebasket")]
    pub fn set_exotic_type(exotic_type: ExoticType);

    /// Whether `deflation` only corrects the initial guess, without deflation in the iterations.
    #[setting(PCDeflationSetInitOnly, composed)]
    #[option("-pc_deflation_init_only", default = "false")]
    pub fn set_deflation_initial_only(deflation_initial_only: bool);

    /// The factor by which `deflation` reduces the number of ranks for its coarse problem.
    #[setting(PCDeflationSetReductionFactor, composed, check = at_least_one)]
    #[option("-pc_deflation_reduction_factor", default = "chosen by PETSc")]
    pub fn set_deflation_reduction(deflation_reduction: usize);
}
