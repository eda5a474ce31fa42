//! Settings of individual nonlinear methods. If the solver has another type, setters whose C
//! function checks the type have no effect. The other setters return `ARG_WRONG`, because their C
//! function would misinterpret the private data of the solver's method.

use petsc_macros::{getter, setting, wraps};

use super::{MultistageType, Snes, SnesRef};
use crate::c_enum::c_enum;
use crate::error::Result;
use crate::object::type_among;
use crate::pc::AsmType;
use crate::setting::Setting;
use crate::{Real, call, ffi, get_raw, sys};

c_enum! {
    /// Type of quasi-Newton method.
    #[doc(alias = "SNESQNType")]
    QnType of SNESQNType;
    /// Limited-memory BFGS: the default.
    Lbfgs = SNES_QN_LBFGS,
    /// Broyden's "good" method.
    Broyden = SNES_QN_BROYDEN,
    /// Broyden's "bad" method.
    BadBroyden = SNES_QN_BADBROYDEN,
}

c_enum! {
    /// Scaling of the initial Jacobian in a quasi-Newton method.
    #[doc(alias = "SNESQNScaleType")]
    QnScaleType of SNESQNScaleType;
    /// The default of the method.
    Default = SNES_QN_SCALE_DEFAULT,
    /// No scaling.
    None = SNES_QN_SCALE_NONE,
    /// A scalar.
    Scalar = SNES_QN_SCALE_SCALAR,
    /// A diagonal.
    Diagonal = SNES_QN_SCALE_DIAGONAL,
    /// A linear solve with the Jacobian.
    Jacobian = SNES_QN_SCALE_JACOBIAN,
}

c_enum! {
    /// When a quasi-Newton method restarts.
    #[doc(alias = "SNESQNRestartType")]
    QnRestartType of SNESQNRestartType;
    /// The default of the method.
    Default = SNES_QN_RESTART_DEFAULT,
    /// Never.
    None = SNES_QN_RESTART_NONE,
    /// When Powell's criterion holds.
    Powell = SNES_QN_RESTART_POWELL,
    /// After a fixed number of iterations.
    Periodic = SNES_QN_RESTART_PERIODIC,
}

c_enum! {
    /// When NGMRES or Anderson mixing restarts.
    #[doc(alias = "SNESNGMRESRestartType")]
    NgmresRestartType of SNESNGMRESRestartType;
    /// Never.
    None = SNES_NGMRES_RESTART_NONE,
    /// After a fixed number of iterations.
    Periodic = SNES_NGMRES_RESTART_PERIODIC,
    /// When a test of the differences between iterates and of the residual norms detects
    /// stagnation.
    Difference = SNES_NGMRES_RESTART_DIFFERENCE,
}

c_enum! {
    /// How NGMRES combines the candidate and the minimizer.
    #[doc(alias = "SNESNGMRESSelectType")]
    NgmresSelectType of SNESNGMRESSelectType;
    /// Always uses the minimizer.
    None = SNES_NGMRES_SELECT_NONE,
    /// Selects one of the two with a criterion.
    Difference = SNES_NGMRES_SELECT_DIFFERENCE,
    /// Uses a line search between the two.
    LineSearch = SNES_NGMRES_SELECT_LINESEARCH,
}

c_enum! {
    /// Update formula of nonlinear conjugate gradients.
    #[doc(alias = "SNESNCGType")]
    NcgType of SNESNCGType;
    /// Fletcher and Reeves.
    FletcherReeves = SNES_NCG_FR,
    /// Polak, Ribière and Polyak: the default.
    PolakRibierePolyak = SNES_NCG_PRP,
    /// Hestenes and Stiefel.
    HestenesStiefel = SNES_NCG_HS,
    /// Dai and Yuan.
    DaiYuan = SNES_NCG_DY,
    /// Conjugate descent.
    ConjugateDescent = SNES_NCG_CD,
}

c_enum! {
    /// How the solvers of a composite are combined.
    #[doc(alias = "SNESCompositeType")]
    CompositeType of SNESCompositeType;
    /// Additive: the corrections of all solvers are added. The default.
    Additive = SNES_COMPOSITE_ADDITIVE,
    /// Multiplicative: one solver after another.
    Multiplicative = SNES_COMPOSITE_MULTIPLICATIVE,
    /// Additive: the corrections are combined so that the residual is smallest.
    AdditiveOptimal = SNES_COMPOSITE_ADDITIVEOPTIMAL,
}

impl SnesRef {
    /// The type of the quasi-Newton method.
    #[setting(SNESQNSetType, composed)]
    #[option("-snes_qn_type")]
    pub fn set_qn_type(qn_type: QnType);

    /// The scaling of the initial Jacobian of `qn`.
    #[setting(SNESQNSetScaleType, composed)]
    #[option("-snes_qn_scale_type")]
    pub fn set_qn_scale_type(qn_scale_type: QnScaleType);

    /// The restart criterion of `qn`.
    #[setting(SNESQNSetRestartType, composed)]
    #[option("-snes_qn_restart_type")]
    pub fn set_qn_restart_type(qn_restart_type: QnRestartType);

    /// The restart criterion of `ngmres`.
    #[setting(SNESNGMRESSetRestartType, composed)]
    #[option("-snes_ngmres_restart_type", default = "difference")]
    pub fn set_ngmres_restart_type(ngmres_restart_type: NgmresRestartType);

    /// The criterion with which `ngmres` combines the candidate and the minimizer.
    #[setting(SNESNGMRESSetSelectType, composed)]
    #[option("-snes_ngmres_select_type", default = "difference")]
    pub fn set_ngmres_select_type(ngmres_select_type: NgmresSelectType);

    /// The formula of the nonlinear conjugate gradient method.
    #[setting(SNESNCGSetType, composed)]
    #[option("-snes_ncg_type")]
    pub fn set_ncg_type(ncg_type: NcgType);
}

impl SnesRef {
    /// Whether `ngmres` restarts when the residual norm increases.
    #[setting(SNESNGMRESSetRestartFmRise, SNESNGMRESGetRestartFmRise, composed)]
    #[option("-snes_ngmres_restart_fm_rise", default = "false")]
    pub fn set_ngmres_restart_on_rise(ngmres_restart_on_rise: bool);

    /// Sets the radius of the trust region below which `newtontr` stops. Logically collective.
    /// Default: 1e-12. Options: `-snes_trtol`, since 3.22 `-snes_tr_deltamin`.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method; `ARG_OUTOFRANGE` for a negative number.
    #[wraps(SNESSetTrustRegionTolerance, SNESNewtonTRSetTolerances)]
    pub fn set_trust_region_tolerance(&mut self, radius: Real) -> Result<()> {
        self.check_method("newtontr")?;
        let radius = Setting::Value(radius).tolerance()?;
        #[cfg(not(petsc_ge_3_22))]
        // SAFETY: a live solver.
        unsafe {
            call!(SNESSetTrustRegionTolerance(*self.busy()?, radius))
        }
        #[cfg(petsc_ge_3_22)]
        {
            let keep = Setting::Keep.tolerance()?;
            // SAFETY: a live solver; the other radii stay.
            unsafe { call!(SNESNewtonTRSetTolerances(*self.busy()?, radius, keep, keep)) }
        }
    }

    /// The damping of the corrections of `nasm`.
    #[setting(SNESNASMSetDamping, SNESNASMGetDamping, composed)]
    #[option("-snes_nasm_damping", default = "1")]
    pub fn set_nasm_damping(nasm_damping: Real);

    /// How `nasm` combines the overlapping subdomains: `Basic` or `Restrict`.
    #[setting(
        SNESNASMSetType,
        SNESNASMGetType,
        composed,
        errors = "`ARG_OUTOFRANGE` for other values"
    )]
    #[option("-snes_nasm_type", default = "Restrict")]
    pub fn set_nasm_type(nasm_type: AsmType);

    /// Whether `nasm` computes the Jacobian at the solution, for an outer Newton method.
    #[setting(SNESNASMSetComputeFinalJacobian, composed)]
    #[option("-snes_nasm_finaljacobian", default = "false")]
    pub fn set_nasm_final_jacobian(nasm_final_jacobian: bool);

    /// Returns the number of subdomains of `nasm` on this rank, 0 before the setup.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method.
    #[wraps(SNESNASMGetNumber, not_collective)]
    pub fn nasm_count(&self) -> Result<usize> {
        self.check_method("nasm")?;
        // SAFETY: a live solver of type NASM (above).
        let n = unsafe { get_raw!(SNESNASMGetNumber(self.as_ptr(), _)) }?;
        ffi::size(n.max(0))
    }

    /// Returns the solver of a subdomain of `nasm` on this rank.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method; `ARG_OUTOFRANGE` if there is no subdomain with this number.
    #[wraps(SNESNASMGetSNES, not_collective)]
    #[track_caller]
    pub fn nasm_solver(&self, i: usize) -> Result<Snes> {
        let (i, n) = (ffi::petsc_int(i)?, ffi::petsc_int(self.nasm_count()?)?);
        ffi::check_index(i, &(0..n))?;
        // SAFETY: a live solver of type NASM with this subdomain (above).
        let raw = unsafe { get_raw!(SNESNASMGetSNES(self.as_ptr(), i, _)) }?;
        // SAFETY: a live solver.
        unsafe { Snes::part_of(self, raw) }
    }

    /// Returns whether `newtontrdc` accepted the last step.
    #[getter(SNESNewtonTRDCGetRhoFlag)]
    #[types("newtontrdc")]
    pub fn trust_region_accepted() -> bool;

    /// Sets the smoother of `ms`. Logically collective. Default: `m62`. Option: `-snes_ms_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if no smoother has that name.
    #[wraps(SNESMSSetType)]
    pub fn set_multistage_type(&mut self, kind: MultistageType<'_>) -> Result<()> {
        // SAFETY: a live solver; other methods ignore this; the name is NUL-terminated.
        unsafe { call!(SNESMSSetType(*self.busy()?, kind.as_ptr())) }
    }

    /// The damping of the steps of `ms`.
    #[setting(SNESMSSetDamping, SNESMSGetDamping, composed)]
    #[option("-snes_ms_damping", default = "depends on the smoother")]
    pub fn set_multistage_damping(multistage_damping: Real);

    /// The number of sweeps in an iteration of `ngs`.
    #[setting(SNESNGSSetSweeps, SNESNGSGetSweeps)]
    #[types("ngs")]
    #[option("-snes_ngs_sweeps", default = "1")]
    pub fn set_ngs_sweeps(ngs_sweeps: usize);

    /// Sets the stopping criteria of the local problems in a sweep of `ngs`. Logically collective.
    /// Options: `-snes_ngs_atol`, `-snes_ngs_rtol`, `-snes_ngs_stol`, `-snes_ngs_max_it`.
    ///
    /// The maximum number of function evaluations is not used.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method; `ARG_OUTOFRANGE` for a negative number.
    #[wraps(SNESNGSSetTolerances)]
    pub fn set_ngs_tolerances(&mut self, tolerances: super::Tolerances) -> Result<()> {
        self.check_method("ngs")?;
        let super::Tolerances { atol, rtol, stol, .. } = tolerances;
        let (atol, rtol, stol) = (atol.tolerance()?, rtol.tolerance()?, stol.tolerance()?);
        let max = tolerances.max_iterations.limit()?;
        // SAFETY: a live solver of type NGS (above).
        unsafe { call!(SNESNGSSetTolerances(*self.busy()?, atol, rtol, stol, max)) }
    }

    /// Returns the tolerances of the local problems of `ngs`, for a closure of
    /// [`set_ngs`](Self::set_ngs): absolute tolerance, relative tolerance, step tolerance, and
    /// number of iterations.
    #[getter(SNESNGSGetTolerances)]
    #[types("ngs")]
    pub fn ngs_tolerances() -> (Real, Real, Real, usize);

    /// Checks the type of the solver. C accesses the private data without this check.
    pub(super) fn check_method(&self, kind: &str) -> Result<()> {
        type_among(self, &[kind], "this setting of a nonlinear solver").map(drop)
    }
}
