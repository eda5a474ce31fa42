//! Time integrators.

mod adapt;
mod adjoint;
mod callbacks;
mod counts;
mod dm;
mod dmda;
mod events;
mod forward;
mod hessian_product;
mod hooks;
mod implicit;
mod linear;
mod methods;
mod missing;
mod nested;
mod preflight;
mod pseudo;
mod quadrature;
mod reason;
mod recording;
mod register;
mod running;
mod scope;
mod second_order;
mod solve;
mod splits;
mod state;
mod steps;
mod tangent;
mod time_span;
mod trajectory;
mod types;

use std::ptr;

use petsc_macros::{getter, setting, wraps};

pub use adapt::{StepLimits, TsAdapt, TsAdaptRef, TsAdaptType};
pub use events::{Crossing, Event, Happened};
pub use hessian_product::{HessianBlock, HessianProduct};
pub use implicit::ImplicitState;
pub use methods::{
    AlphaParameters, ArkimexType, BasicSymplecticType, GleeType, RkType, RoswType, SspType,
};
pub use quadrature::Quadrature;
pub use reason::ConvergedReason;
pub use register::ArkimexTableau;
pub use running::Running;
pub use scope::TsScope;
pub use second_order::SecondOrderState;
pub use solve::{Converged, NotConverged};
pub use splits::MprkType;
pub use steps::{Step, Steps};
pub use tangent::{SecondOrderCost, Tangent};
pub use trajectory::TrajectoryType;
pub use types::{EquationType, ExactFinalTime, ProblemType, TsType};

use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::{Object as _, petsc_object};
use crate::prefixes;
use crate::{Real, call, sys};

petsc_object! {
    /// An integrator of `u' = G(t, u)` or `F(t, u, u') = G(t, u)`.
    ///
    /// A program creates an integrator, sets the type, the functions, the time step and the final
    /// time, reads the options, and integrates the state in `u`. `G` is integrated explicitly
    /// ([`set_rhs_function`](TsRef::set_rhs_function)), `F` implicitly
    /// ([`set_i_function`](TsRef::set_i_function)); IMEX methods have both. Dropping the handle
    /// destroys the integrator.
    ///
    /// # Examples
    /// `u' = -u` from 0 to 1:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::{Ts, TsType, ts::ExactFinalTime};
    /// let mut u = Vector::new(comm, 3)?;
    /// u.set(1.0.into())?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::RK)?;
    /// ts.set_rhs_function(&*u.duplicate()?, |_, _t, u, g| {
    ///     g.copy_from(u)?;
    ///     g.scale((-1.0).into())
    /// })?;
    /// ts.set_time_step(0.01)?;
    /// ts.set_max_time(1.0)?;
    /// ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    /// ts.set_from_options()?;
    /// let end = ts.solve(&mut u)?;
    /// assert_eq!(end.time, 1.0);
    /// assert!((u.norm(Norm::Infinity)? - (-1f64).exp()).abs() < 1e-3);
    /// # Ok(()) })
    /// ```
    ///
    /// # Options
    /// `-ts_type`, `-ts_dt`, `-ts_max_time`, `-ts_max_steps`, `-ts_adapt_type`, `-ts_monitor`,
    /// `-ts_view`, and the options of the nonlinear solver, such as `-snes_rtol`.
    ///
    /// # See also
    /// [`TsType`] (the methods), [`TsAdapt`] (the choice of time steps), [`TsRef::steps`] (one step at
    /// a time), [`TsRef::add_monitor`], [`Event`] (zero crossings), [`TsRef::set_dm`],
    /// [`TsRef::set_rhs_linear`].
    #[wraps(TS)]
    Ts,
    /// A borrowed [`Ts`].
    TsRef,
    TS,
    TSDestroy,
}

impl Ts {
    /// Creates an integrator. The problem is set later. Collective.
    #[wraps(TSCreate)]
    #[track_caller]
    pub fn new(comm: &Comm) -> Result<Self> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(TSCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let ts = unsafe { Self::from_raw(raw) };
        // A view requires both objects. PETSc creates them in these calls.
        ts.adapt()?;
        ts.raw_dm()?;
        Ok(ts)
    }
}

prefixes! {
    TsRef, "integrator and of its solvers";
    #[wraps(TSSetOptionsPrefix)]
    TSSetOptionsPrefix,
    #[doc(alias = "TSAppendOptionsPrefix")]
    TSAppendOptionsPrefix
}

impl TsRef {
    /// Sets the integration method. Collective. Option: `-ts_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if this build has no integrator with that name.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::{Ts, TsType};
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::BDF)?;
    /// assert_eq!(ts.type_name()?.as_deref(), Some("bdf"));
    /// # Ok(()) })
    /// ```
    #[wraps(TSSetType)]
    pub fn set_type(&mut self, kind: TsType<'_>) -> Result<()> {
        let was_pseudo = self.is_type("pseudo")?;
        // SAFETY: a live integrator; the name is NUL-terminated.
        unsafe { call!(TSSetType(*self.busy()?, kind.as_ptr())) }?;
        self.leave_pseudo(was_pseudo)
    }

    /// Sets the type, the time steps and all other settings from the options. Collective.
    ///
    /// # Errors
    /// An invalid option value; `SUP` for `-snes_mf_version 2`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::Ts;
    /// petsc.options().insert_str("-ts_type bdf -ts_dt 0.25 -ts_max_time 2")?;
    /// let mut ts = Ts::new(petsc.world())?;
    /// ts.set_from_options()?;
    /// assert_eq!(ts.type_name()?.as_deref(), Some("bdf"));
    /// assert_eq!((ts.time_step()?, ts.max_time()?), (0.25, 2.0));
    /// # Ok(()) })
    /// ```
    #[wraps(TSSetFromOptions)]
    pub fn set_from_options(&mut self) -> Result<()> {
        crate::snes::check_version_option()?;
        self.make_room_for_time_span()?;
        if self.is_type("glee")? {
            // This sets the scheme again, which does not renew the work vectors of the previous
            // scheme.
            self.check_before_set_up()?;
        }
        let parts = self.uses_split_rhs()?;
        let was_pseudo = self.is_type("pseudo")?;
        // SAFETY: a live integrator.
        unsafe { call!(TSSetFromOptions(*self.busy()?)) }?;
        self.leave_pseudo(was_pseudo)?;
        self.note_options_of_trajectory()?;
        self.keep_split_rhs(parts)
    }

    /// The current time.
    #[setting(TSSetTime, TSGetTime)]
    #[option(default = "0")]
    pub fn set_time(time: Real);

    /// Sets the initial or the next time step. Logically collective. Option: `-ts_dt`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a step that is zero or not finite.
    ///
    /// # Examples
    /// Two steps of forward Euler for `u' = -u`, each of which halves `u`:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::{Ts, TsType, ts::ExactFinalTime};
    /// let mut u = Vector::new(comm, 3)?;
    /// u.set(1.0.into())?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::EULER)?;
    /// ts.set_rhs_function(&*u.duplicate()?, |_, _, u, g| {
    ///     g.copy_from(u)?;
    ///     g.scale((-1.0).into())
    /// })?;
    /// ts.set_time_step(0.5)?;
    /// ts.set_max_time(1.0)?;
    /// ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    /// assert_eq!(ts.solve(&mut u)?.steps, 2);
    /// assert_eq!(u.norm(Norm::Infinity)?, 0.25);
    /// # Ok(()) })
    /// ```
    #[wraps(TSSetTimeStep)]
    pub fn set_time_step(&mut self, step: Real) -> Result<()> {
        if step == 0.0 || !step.is_finite() {
            let text = format!("the time step must be finite and not 0, got {step}");
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        // SAFETY: a live integrator.
        unsafe { call!(TSSetTimeStep(self.as_ptr(), step)) }
    }

    /// The final time.
    ///
    /// # Examples
    /// See [`set_time_step`](Self::set_time_step).
    #[setting(TSSetMaxTime, running)]
    #[option("-ts_max_time")]
    pub fn set_max_time(max_time: Real);

    /// The maximum number of steps.
    #[setting(TSSetMaxSteps, running)]
    #[option("-ts_max_steps")]
    pub fn set_max_steps(max_steps: usize);

    /// The treatment of the final time.
    ///
    /// # Examples
    /// See [`set_time_step`](Self::set_time_step).
    #[setting(TSSetExactFinalTime)]
    #[option("-ts_exact_final_time")]
    pub fn set_exact_final_time(exact_final_time: ExactFinalTime);

    #[getter(TSGetDM)]
    pub(crate) fn raw_dm() -> sys::DM;
}
