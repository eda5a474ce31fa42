//! Second derivatives of functions of the final state: a tangent linear integration, then a
//! second-order adjoint.

use std::cell::RefCell;
use std::fmt;
use std::ptr;

use petsc_macros::wraps;

use super::adjoint::Forget;
use super::hessian_product::cost_count;
use super::{Converged, ConvergedReason, EquationType, TsRef, TsType};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::{Matrix, MatrixRef};
use crate::vector::{Vector, VectorRef};
use crate::{Object as _, Real, Scalar, call, ffi, runtime, sys};

/// First and second derivatives of a cost function, for [`Tangent::adjoint_solve`]. On entry, the
/// derivatives with respect to the state refer to the final state; on return, they refer to the
/// initial state. On return, the derivatives with respect to the parameters are total derivatives.
#[derive(Debug)]
pub struct SecondOrderCost<'a> {
    /// The gradient with respect to the state.
    pub lambda: &'a mut VectorRef,
    /// The directional derivative of `lambda`. On entry: the Hessian with respect to the final
    /// state times the [tangent of the final state](Tangent::derivative). On return: the Hessian
    /// with respect to the initial state times the direction.
    pub lambda2: &'a mut VectorRef,
    /// The gradient with respect to the parameters and its directional derivative, if the problem
    /// has parameters.
    pub mu: Option<(&'a mut VectorRef, &'a mut VectorRef)>,
}

/// Local entries of the tangents of all stages, for each step.
type Stages = Vec<Vec<Vec<Scalar>>>;

impl TsRef {
    /// Integrates like [`solve`](Self::solve), and also integrates the tangent: the directional
    /// derivative of the state for given directions of the initial state and the parameters.
    /// [`Tangent::adjoint_solve`] then computes Hessian-vector products with these directions.
    /// Collective.
    ///
    /// `direction` is the direction of the initial state. If derivatives with respect to parameters
    /// are set ([`set_rhs_jacobian_p`](Self::set_rhs_jacobian_p)), `parameters` is the direction of
    /// the parameters. The tangents of all stages of all steps are stored in memory until the
    /// result is dropped.
    ///
    /// The method `rk` is supported with constant time steps and a scheme without zero weights,
    /// such as `3bs` (the default) or `4`. If no derivatives with respect to parameters are set,
    /// `cn`, the endpoint variant of `theta`, and `beuler` for an [explicit
    /// equation](Self::set_equation_type) are also supported.
    ///
    /// # Errors
    /// The errors of `solve`; `ARG_WRONGSTATE` without a [saved trajectory](Self::save_trajectory)
    /// or with sensitivities, `ARG_INCOMP` if there is a direction of the parameters but no
    /// derivatives with respect to them, or vice versa, `SUP` with integrals, events or other
    /// methods.
    ///
    /// # Examples
    /// Decay `u' = -u²` with initial value 1 up to time 1, where `u(1) = 1 / (1/u(0) + 1)`: the
    /// second derivative of `u(1)` with respect to `u(0)` is `-2 / 2³`.
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # if comm.size() > 1 { return Ok(()) }
    /// # use petsc_rs::{InsertMode::Insert, Matrix, Scalar, ScalarExt, Ts, TsType};
    /// # use petsc_rs::ts::{ExactFinalTime, HessianBlock, SecondOrderCost, TrajectoryType};
    /// let r = Scalar::from_real;
    /// let a = Matrix::builder(comm).global_size(1, 1).preallocate(1, 0).build()?;
    /// let (mut u, g) = a.vectors()?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::CN)?;
    /// ts.set_rhs_function(&g, move |_, _, u, g| {
    ///     g.pointwise_mult(u, u)?;
    ///     g.scale(r(-1.0))
    /// })?;
    /// ts.set_rhs_jacobian(&a, &a, move |_, _, u, a, _| {
    ///     a.set_value(0, 0, r(-2.0) * u.array()?[0], Insert)?;
    ///     a.assemble()
    /// })?;
    /// ts.set_rhs_hessian_product(move |_, product, y| {
    ///     assert_eq!(product.block, HessianBlock::StateState);
    ///     y.pointwise_mult(product.left, product.right)?;
    ///     y.scale(r(-2.0))
    /// })?;
    /// ts.set_time_step(0.01)?;
    /// ts.set_max_time(1.0)?;
    /// ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    /// ts.save_trajectory(TrajectoryType::MEMORY)?;
    /// u.set(r(1.0))?;
    /// let (mut direction, mut lambda, mut lambda2) = (u.duplicate()?, u.duplicate()?, u.duplicate()?);
    /// direction.set(r(1.0))?;
    /// let tangent = ts.solve_tangent(&mut u, &direction, None)?;
    /// lambda.set(r(1.0))?; // u(1) is linear in the final state:
    /// lambda2.set(r(0.0))?;
    /// let cost = SecondOrderCost { lambda: &mut lambda, lambda2: &mut lambda2, mu: None };
    /// tangent.adjoint_solve(&mut [cost])?;
    /// assert!((lambda.array()?[0].real() - 0.25).abs() < 1e-4);
    /// assert!((lambda2.array()?[0].real() + 0.25).abs() < 1e-4);
    /// # Ok(()) })
    /// ```
    #[wraps(TSAdjointSetForward, TSSetCostHessianProducts)]
    pub fn solve_tangent(
        &mut self,
        u: &mut VectorRef,
        direction: &VectorRef,
        parameters: Option<&VectorRef>,
    ) -> Result<Tangent<'_>> {
        self.check_tangent(parameters.is_some())?;
        self.check_derivative_fits(u)?;
        u.check_same_kind(direction)?;
        u.check_same_layout(direction)?;
        let along = match parameters {
            Some(along) => {
                let mut copy = along.duplicate()?;
                copy.copy_from(along)?;
                Some(copy)
            }
            None => None,
        };
        let s = self.column_of(direction)?;
        self.set_sensitivities(&s)?;
        // From here on, dropping it removes all pointers from C.
        let mut tangent = Tangent { ts: self, s, along, finished: None, stages: Vec::new() };
        tangent.integrate(u)?;
        Ok(tangent)
    }

    /// Creates a dense matrix with one column.
    fn column_of(&self, direction: &VectorRef) -> Result<Matrix> {
        let (rows, mut raw) = (ffi::petsc_int(direction.local_len()?)?, ptr::null_mut());
        // SAFETY: a live communicator and a valid out-pointer; with NULL, PETSc owns the entries.
        unsafe {
            call!(MatCreateDense(
                self.comm()?.as_raw(),
                rows,
                ffi::DECIDE,
                ffi::DECIDE,
                1,
                ptr::null_mut(),
                &raw mut raw
            ))
        }?;
        // SAFETY: just created; the reference is ours.
        let mut s = unsafe { Matrix::created(raw) }?;
        s.dense_mut()?.column_mut(0)?.copy_from_slice(&direction.array()?);
        s.assemble()?;
        Ok(s)
    }

    fn check_tangent(&self, with_parameters: bool) -> Result<()> {
        let fail = |code, text: &str| Err(Error::new(code, text));
        if !self.trajectory_is_saved()? {
            let text = "the integrator has no saved trajectory: call save_trajectory first";
            return fail(ErrorCode::ARG_WRONGSTATE, text);
        }
        if self.sensitivities().is_ok() {
            let text = "the integrator has sensitivities: call remove_sensitivities first";
            return fail(ErrorCode::ARG_WRONGSTATE, text);
        }
        if self.has_events()? || self.has_quadrature()? {
            let text = "second derivatives do not support events and integrals";
            return fail(ErrorCode::SUP, text);
        }
        self.check_carrier()?;
        let derived = self.has_parameter_derivatives()?;
        if derived != with_parameters {
            let text = "a direction of the parameters and derivatives with respect to them (set_rhs_jacobian_p) \
                        require each other; the direction may be zero";
            return fail(ErrorCode::ARG_INCOMP, text);
        }
        if self.is_type(&TsType::RK.name().to_string_lossy())? {
            return self.check_weights();
        }
        if derived {
            let text = "second derivatives with respect to parameters need the method rk";
            return fail(ErrorCode::SUP, text);
        }
        let theta = self.theta()?;
        if theta != 1.0 && !self.theta_endpoint()? {
            let text = "second derivatives need the method theta with endpoints: call set_theta_endpoint, or use cn";
            return fail(ErrorCode::SUP, text);
        }
        if theta == 1.0 && self.equation_type()? != EquationType::OdeExplicit {
            let text = "beuler computes second derivatives only for explicit equations: call \
                        set_equation_type(EquationType::OdeExplicit)";
            return fail(ErrorCode::SUP, text);
        }
        Ok(())
    }

    /// Checks the weights: for a zero weight, PETSc adds to the values of the previous stage.
    fn check_weights(&self) -> Result<()> {
        let (mut stages, mut order, mut fsal) = (0, 0, ffi::raw_bool(false));
        let (mut a, mut b, mut c) = (ptr::null(), ptr::null(), ptr::null());
        let (mut embedded, mut interpolation) = (ptr::null(), ptr::null());
        // SAFETY: a live integrator of this type, and valid out-pointers.
        unsafe {
            call!(TSRKGetTableau(
                self.as_ptr(),
                &raw mut stages,
                &raw mut a,
                &raw mut b,
                &raw mut c,
                &raw mut embedded,
                &raw mut order,
                &raw mut interpolation,
                &raw mut fsal
            ))
        }?;
        // Leaves out the last stage of a scheme whose first stage is the last one of the previous
        // step.
        let count = ffi::size(stages)? - usize::from(ffi::to_bool(fsal));
        // SAFETY: the scheme has that many weights at least.
        let weights = unsafe { ffi::slice(b, count) };
        if weights.contains(&0.0) {
            let text = "PETSc computes wrong second derivatives with schemes that have zero weights: use RkType::RK3BS or RK4";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        Ok(())
    }

    /// Returns the tangents of the stages of a step, which the method stores.
    fn stage_tangents(&self) -> Result<&[sys::Mat]> {
        let (mut count, mut raw) = (0, ptr::null_mut());
        // SAFETY: a live integrator with work space for tangents, and valid out-pointers.
        unsafe { call!(TSForwardGetStages(self.as_ptr(), &raw mut count, &raw mut raw)) }?;
        if raw.is_null() {
            return Err(tangents_gone());
        }
        // SAFETY: an array of the method, which owns it while the integrator is borrowed.
        Ok(unsafe { ffi::slice(raw.cast_const(), ffi::size(count)?) })
    }
}

/// Result of an integration with a tangent, see [`TsRef::solve_tangent`].
pub struct Tangent<'a> {
    ts: &'a mut TsRef,
    s: Matrix,
    along: Option<Vector>,
    finished: Option<Converged>,
    stages: Stages,
}

impl Tangent<'_> {
    fn integrate(&mut self, u: &mut VectorRef) -> Result<()> {
        if let Some(along) = &self.along {
            let ts = self.ts.as_ptr();
            let (count, mut none) = (cost_count(self.ts)?, ptr::null_mut());
            // The method reads the direction, and whether there are gradients with respect to
            // parameters.
            // SAFETY: live objects; `Forget` below removes the pointers, of which C reads only the
            // direction.
            unsafe {
                call!(TSSetCostHessianProducts(
                    ts,
                    count,
                    &raw mut none,
                    &raw mut none,
                    along.as_ptr()
                ))
            }?;
            let _forget = Forget(ts);
            self.record(u)
        } else {
            self.record(u)
        }
    }

    /// Stores the tangents. PETSc's trajectories do not store them, or store them in a wrong order
    /// for methods whose last stage is the result.
    fn record(&mut self, u: &mut VectorRef) -> Result<()> {
        let stages = RefCell::new(Stages::new());
        let finished = self.ts.scope(|s| {
            s.add_monitor(|ts, step, _, _| {
                let mut stages = stages.borrow_mut();
                if step != stages.len() + 1 || ts.is_interpolated() {
                    return Ok(());
                }
                let tangents = ts.stage_tangents()?.iter();
                let tangents = tangents.map(|&s| {
                    // SAFETY: a live matrix of the method; the handle claims no memory.
                    let s = unsafe { MatrixRef::from_ptr::<'_>(s) };
                    Ok(s.dense()?.column(0)?.to_vec())
                });
                stages.push(tangents.collect::<Result<_>>()?);
                Ok(())
            })?;
            s.preflight(u)?;
            s.run(u)
        })?;
        self.stages = stages.into_inner();
        self.finished = Some(finished);
        Ok(())
    }

    /// Returns the result of the integration.
    ///
    /// # Errors
    /// No error is expected, because [`TsRef::solve_tangent`] returns no tangent if the integration
    /// fails.
    pub fn finished(&self) -> Result<Converged> {
        self.finished.ok_or_else(|| {
            Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "the integration did not end: call solve_tangent again",
            )
        })
    }

    /// Copies the tangent of the final state (its derivative in the direction) to `w`. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if `w` does not have the length of the state.
    #[wraps(TSForwardGetSensitivities)]
    pub fn derivative(&self, w: &mut VectorRef) -> Result<()> {
        self.s.column(0, w)
    }

    /// Computes the gradients and their derivatives in the direction, backward through the steps.
    /// Collective.
    ///
    /// # Errors
    /// The errors of [`TsRef::adjoint_solve`]; `ARG_WRONGSTATE` without products of second
    /// derivatives ([`set_rhs_hessian_product`](TsRef::set_rhs_hessian_product)).
    #[wraps(
        TSAdjointSolve,
        TSSetCostHessianProducts,
        TSAdjointSetUp,
        TSAdjointStep,
        TSAdjointMonitor
    )]
    pub fn adjoint_solve(mut self, costs: &mut [SecondOrderCost<'_>]) -> Result<()> {
        if self.ts.has_quadrature()? {
            // They were created after the solve, through another handle.
            let text = "second derivatives do not support integrals";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        let count = ffi::petsc_int(costs.len())?;
        let [mut lambda, mut lambda2, mut mu, mut mu2] = self.check_costs(costs)?;
        let ts = self.ts.as_ptr();
        self.ts.check_writable_state(self.ts.raw_solution()?)?;
        self.ts.claim_grid()?;
        let along = self.along.as_ref().map_or(ptr::null_mut(), |v| v.as_ptr());
        // Created first, so that it is dropped after the last call of C, also after an error.
        let _forget = Forget(ts);
        let state = self.ts.solution()?;
        let products = self.ts.install_products(costs.len(), &state, self.along.as_deref())?;
        // SAFETY: live objects; C keeps the pointers to the arrays until `_forget` takes them away.
        unsafe {
            call!(TSSetCostHessianProducts(
                *self.ts.busy()?,
                count,
                lambda2.as_mut_ptr(),
                or_null(&mut mu2),
                along
            ))
        }?;
        // SAFETY: as above.
        unsafe {
            call!(TSSetCostGradients(
                *self.ts.busy()?,
                count,
                lambda.as_mut_ptr(),
                or_null(&mut mu)
            ))
        }?;
        self.ts.check_adjoint_derivative(!mu.is_empty())?;
        if !self.ts.trajectory_is_saved()? {
            let text = "the saved trajectory was removed: call solve_tangent again";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        self.ts.use_recording()?;
        // SAFETY: a live integrator with a trajectory (above).
        unsafe { call!(TSAdjointSetUp(*self.ts.busy()?)) }?;
        let monitor = |ts: &TsRef, lambda: &mut [sys::Vec], mu: &mut [sys::Vec]| {
            let (step, time) = (ffi::petsc_int(ts.step_number()?)?, ts.time()?);
            let (u, mu) = (ts.raw_solution()?, or_null(mu));
            // SAFETY: live objects, arrays of `count` vectors; a monitor cannot remove the others:
            // `busy`.
            unsafe {
                call!(TSAdjointMonitor(*ts.busy()?, step, time, u, count, lambda.as_mut_ptr(), mu))
            }
        };
        while self.ts.step_number()? > 0 {
            // Trajectories in memory return nothing for an integrator that has ended.
            self.ts.set_converged_reason(ConvergedReason::Iterating)?;
            self.recall()?;
            monitor(self.ts, &mut lambda, &mut mu)?;
            // SAFETY: a live integrator, set up for it, which its closures cannot change: `busy`;
            // the vectors have the checked sizes, and none of their entries are borrowed.
            unsafe { call!(TSAdjointStep(*self.ts.busy()?)) }?;
            if self.ts.converged_reason()?.to_raw() < 0 {
                return self.ts.judge().map(|_| ());
            }
        }
        self.recall()?;
        monitor(self.ts, &mut lambda, &mut mu)?;
        drop(products);
        Ok(())
    }

    /// Restores from memory the state of the step, its stages and their tangents.
    fn recall(&mut self) -> Result<()> {
        let step = self.ts.step_number()?;
        let (number, mut time) = (ffi::petsc_int(step)?, Real::NAN);
        let trajectory = self.ts.raw_trajectory()?;
        // SAFETY: live objects and a valid out-pointer; the step was done. C may do steps again: `busy`.
        unsafe { call!(TSTrajectoryGet(trajectory, *self.ts.busy()?, number, &raw mut time)) }?;
        // Trajectories in memory set the time of the integrator themselves.
        if !time.is_nan() {
            self.ts.set_time(time)?;
        }
        let Some(kept) = step.checked_sub(1) else {
            return Ok(());
        };
        let kept = self.stages.get(kept).ok_or_else(|| {
            let text =
                format!("the integration did not start with step 0: step {step} has no tangent");
            Error::new(ErrorCode::ARG_WRONGSTATE, text)
        })?;
        for (&s, kept) in self.ts.stage_tangents()?.iter().zip(kept) {
            if s.is_null() {
                return Err(tangents_gone());
            }
            // SAFETY: a live matrix of the method, or the one of `self`; the handle claims no memory.
            let s = unsafe { MatrixRef::from_ptr_mut::<'_>(s) };
            s.dense_mut()?.column_mut(0)?.copy_from_slice(kept);
        }
        Ok(())
    }

    fn check_costs(&self, costs: &mut [SecondOrderCost<'_>]) -> Result<[Vec<sys::Vec>; 4]> {
        if costs.is_empty() {
            let text = "the number of cost functions must be at least 1, got 0";
            return Err(Error::new(ErrorCode::ARG_SIZ, text));
        }
        let mut raw: [Vec<sys::Vec>; 4] = Default::default();
        for cost in costs {
            self.ts.check_gradient(cost.lambda)?;
            self.ts.check_gradient(cost.lambda2)?;
            raw[0].push(cost.lambda.as_ptr());
            raw[1].push(cost.lambda2.as_ptr());
            match (&mut cost.mu, &self.along) {
                (Some((mu, mu2)), Some(along)) => {
                    for (vector, raw) in [mu, mu2].into_iter().zip(&mut raw[2..]) {
                        vector.check_writable()?;
                        along.check_same_kind(vector)?;
                        ffi::same_len(
                            "length of a gradient with respect to the parameters",
                            along.local_len()?,
                            vector.local_len()?,
                        )?;
                        raw.push(vector.as_ptr());
                    }
                }
                (None, None) => {}
                _ => {
                    let text = "gradients with respect to parameters need a direction of the parameters, and vice versa";
                    return Err(Error::new(ErrorCode::ARG_INCOMP, text));
                }
            }
        }
        Ok(raw)
    }
}

fn tangents_gone() -> Error {
    let text = "the integrator was reset, which frees the tangents: call solve_tangent again";
    Error::new(ErrorCode::ARG_WRONGSTATE, text)
}

fn or_null(vectors: &mut [sys::Vec]) -> *mut sys::Vec {
    if vectors.is_empty() { ptr::null_mut() } else { vectors.as_mut_ptr() }
}

impl Drop for Tangent<'_> {
    fn drop(&mut self) {
        // SAFETY: a live integrator, whose solve this guard outlives.
        let code = unsafe { sys::PetscRsTSForwardReset(self.ts.as_ptr()) };
        runtime::record_drop("TSForwardReset", code);
    }
}

impl fmt::Debug for Tangent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tangent")
            .field("ts", &self.ts)
            .field("finished", &self.finished)
            .finish_non_exhaustive()
    }
}
