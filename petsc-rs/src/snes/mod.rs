//! Nonlinear solvers.

mod bounds;
mod callbacks;
mod closures;
mod colors;
mod compute;
mod convergence;
mod differences;
mod dm;
mod dmda;
mod eisenstat_walker;
mod fas;
mod getters;
mod guess;
mod history;
mod inner;
mod lag;
mod linesearch;
mod linesearch_checks;
mod local_colors;
mod methods;
mod ngs;
mod objective;
mod picard;
mod preflight;
mod reason;
mod scope;
mod settings;
mod solve;
mod tolerances;
mod types;
mod update;

use petsc_macros::wraps;

pub(crate) use callbacks::{FUNCTION, JACOBIAN};
pub use convergence::ConvergenceTest;
pub use differences::MatrixFree;
pub(crate) use differences::check_version_option;
pub use eisenstat_walker::{EisenstatWalker, EisenstatWalkerVersion};
pub use fas::FasType;
pub use history::HistoryEntry;
pub use inner::FunctionType;
pub use lag::Lag;
pub use linesearch::{LineSearch, LineSearchNorms, LineSearchRef, LineSearchTolerances};
pub use linesearch_checks::Changed;
pub use methods::{
    CompositeType, NcgType, NgmresRestartType, NgmresSelectType, QnRestartType, QnScaleType, QnType,
};
pub use reason::ConvergedReason;
pub use scope::SnesScope;
pub use settings::NormSchedule;
pub use solve::{Converged, NotConverged};
pub use tolerances::{CurrentTolerances, Tolerances};
pub use types::{LineSearchType, MultistageType, SnesType};

use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::ksp::{Ksp, KspRef};
use crate::object::{Object as _, petsc_object, same_comm};
use crate::prefixes;
use crate::{call, get_raw, options, runtime, sys};

petsc_object! {
    /// A nonlinear solver for `F(x) = b`.
    ///
    /// A program creates a solver, sets the function with [`set_function`](SnesRef::set_function) and
    /// its Jacobian with [`set_jacobian`](SnesRef::set_jacobian), reads the options and solves, starting
    /// from the initial guess in `x`. The closures may capture values; the solver keeps them until it
    /// is destroyed. Dropping the handle destroys the solver.
    ///
    /// # Examples
    /// `x² = 9` for each entry, with a Jacobian by finite differences:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::Snes;
    /// # let mut a = Matrix::builder(comm).global_size(4, 4).build()?;
    /// # for i in a.ownership_range()? {
    /// #     a.set_value(i, i, 1.0.into(), InsertMode::Insert)?;
    /// # }
    /// # a.assemble()?;
    /// // `a` has the nonzero pattern of the Jacobian: a diagonal.
    /// let (mut x, residual) = a.vectors()?;
    /// let mut snes = Snes::new(comm)?;
    /// snes.set_function(&residual, |_, x, f| {
    ///     f.pointwise_mult(x, x)?;
    ///     f.shift((-9.0).into())
    /// })?;
    /// snes.set_jacobian_fd_coloring(&a, &a)?;
    /// snes.set_from_options()?;
    /// x.set(2.0.into())?; // the initial guess
    /// let end = snes.solve(None, &mut x)?;
    /// assert!((1..10).contains(&end.iterations));
    /// assert!((x.norm(Norm::Infinity)? - 3.0).abs() < 1e-6);
    /// # Ok(()) })
    /// ```
    ///
    /// # Options
    /// `-snes_type`, `-snes_rtol`, `-snes_max_it`, `-snes_monitor`, `-snes_converged_reason`,
    /// `-snes_view`, `-snes_mf` (matrix-free), and the options of the linear solver, such as
    /// `-ksp_type` and `-pc_type`.
    ///
    /// # See also
    /// [`SnesRef::ksp`] (the linear solver), [`SnesType`] (the methods), [`SnesRef::line_search`],
    /// [`SnesRef::set_tolerances`], [`SnesRef::set_dm`], the module `autodiff` (automatic
    /// differentiation), [`SnesRef::scope`] (closures that borrow), [`NotConverged`].
    #[wraps(SNES)]
    Snes,
    /// A borrowed [`Snes`].
    SnesRef,
    SNES,
    SNESDestroy,
}

impl Snes {
    /// Creates a nonlinear solver. Its default type is `newtonls`. Collective.
    #[wraps(SNESCreate)]
    #[track_caller]
    pub fn new(comm: &Comm) -> Result<Self> {
        // SAFETY: a live communicator.
        let raw = unsafe { get_raw!(SNESCreate(comm.as_raw(), _)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Self::from_raw(raw) })
    }
}

prefixes! {
    SnesRef, "solver and of its linear solver";
    #[wraps(SNESSetOptionsPrefix)]
    SNESSetOptionsPrefix,
    #[doc(alias = "SNESAppendOptionsPrefix")]
    SNESAppendOptionsPrefix
}

impl SnesRef {
    /// Sets the method. Collective. Default: `newtonls`. Option: `-snes_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if this build has no method with that name; `ARG_WRONGSTATE` for `aspin`
    /// before the function or the DM is set.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::{Snes, SnesType};
    /// let mut snes = Snes::new(comm)?;
    /// snes.set_type(SnesType::NEWTONTR)?; // trust region instead of line search
    /// assert_eq!(snes.type_name()?.as_deref(), Some("newtontr"));
    /// # Ok(()) })
    /// ```
    #[wraps(SNESSetType)]
    pub fn set_type(&mut self, kind: SnesType<'_>) -> Result<()> {
        if kind == SnesType::ASPIN {
            self.check_aspin()?;
        }
        // SAFETY: a live solver; the name is NUL-terminated.
        unsafe { call!(SNESSetType(*self.busy()?, kind.as_ptr())) }
    }

    /// Sets the type, the tolerances and all other settings from the options. Collective.
    ///
    /// # Errors
    /// An invalid option value; `SUP` for `-snes_mf_version 2`; the errors of
    /// [`set_type`](Self::set_type).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::Snes;
    /// petsc.options().insert_str("-snes_type newtontr -snes_rtol 1e-9 -ksp_type cg")?;
    /// let mut snes = Snes::new(petsc.world())?;
    /// snes.set_from_options()?;
    /// assert_eq!(snes.type_name()?.as_deref(), Some("newtontr"));
    /// assert_eq!(snes.ksp()?.type_name()?.as_deref(), Some("cg"));
    /// # Ok(()) })
    /// ```
    #[wraps(SNESSetFromOptions)]
    pub fn set_from_options(&mut self) -> Result<()> {
        check_version_option()?;
        if self.type_option()?.as_deref() == SnesType::ASPIN.name().to_str().ok() {
            self.check_aspin()?;
        }
        // SAFETY: a live solver, which has the function that its method requires (above).
        unsafe { call!(SNESSetFromOptions(*self.busy()?)) }
    }

    /// Checks that the function or the DM is set: for `aspin`, C reads the length of the function's
    /// vector, which may be NULL.
    fn check_aspin(&self) -> Result<()> {
        if self.residual().is_ok_and(|f| f.is_some()) {
            return Ok(());
        }
        let text =
            "the method aspin needs the function or the DM: call set_function or set_dm first";
        Err(Error::collective(ErrorCode::ARG_WRONGSTATE, text))
    }

    /// Returns the value of `-snes_type` for this solver.
    fn type_option(&self) -> Result<Option<String>> {
        options::of_object(self.options_prefix()?, c"-snes_type")
    }

    /// Removes the vectors, the matrices and all data built from them. Keeps the type, the
    /// tolerances and the closures. Collective.
    #[wraps(SNESReset)]
    pub fn reset(&mut self) -> Result<()> {
        // SAFETY: a live solver.
        unsafe { call!(SNESReset(*self.busy()?)) }
    }

    /// Replaces the linear solver. This solver takes a reference. Logically collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if the communicator of `ksp` has other ranks; `ARG_INCOMP` if this solver
    /// is, or was, a part of `ksp`.
    #[wraps(SNESSetKSP)]
    pub fn set_ksp(&mut self, ksp: &KspRef) -> Result<()> {
        same_comm(self.object_ptr(), ksp.object_ptr())?;
        let snes = self.busy()?;
        runtime::give(self, ksp)?;
        // SAFETY: live objects on the same ranks (above); PETSc takes a reference.
        unsafe { call!(SNESSetKSP(*snes, ksp.as_ptr())) }
    }

    /// Returns the linear solver.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::Snes;
    /// let snes = Snes::new(comm)?;
    /// let mut ksp = snes.ksp()?;
    /// ksp.set_type(KspType::CG)?;
    /// ksp.pc()?.set_type(PcType::JACOBI)?;
    /// assert_eq!(snes.ksp()?.type_name()?.as_deref(), Some("cg"));
    /// # Ok(()) })
    /// ```
    #[wraps(SNESGetKSP)]
    #[track_caller]
    pub fn ksp(&self) -> Result<Ksp> {
        crate::part_by!(self.raw_ksp => Ksp)
    }

    fn raw_ksp(&self) -> Result<sys::KSP> {
        // SAFETY: a live solver.
        unsafe { get_raw!(PetscRsSNESGetKSP(self.as_ptr(), _)) }
    }

    /// Returns the DM on which PETSc stores the functions. Creates it if there is none.
    pub(crate) fn raw_dm(&self) -> Result<sys::DM> {
        // SAFETY: a live solver.
        unsafe { get_raw!(SNESGetDM(self.as_ptr(), _)) }
    }
}
