//! Linear problems, and problems with a known solution.

use std::ptr;

use petsc_macros::wraps;

use super::TsRef;
use super::hooks::with_closure;
use crate::callback::trampoline;
use crate::error::Result;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{Real, call, sys};

crate::attached! {
    const SOLUTION: Solution = c"petsc-rs.ts.solution-function";
}

type Solution = Box<dyn FnMut(&TsRef, Real, &mut VectorRef) -> Result<()>>;

impl TsRef {
    /// Sets the problem `u' = A u` with a constant matrix. Implicit methods copy the matrix.
    /// Logically collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the matrix is not square.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Matrix, Norm, Scalar, ScalarExt, Ts, TsType, ts::ExactFinalTime};
    /// let mut a = Matrix::builder(comm).global_size(3, 3).preallocate(1, 0).build()?;
    /// for i in a.ownership_range()? {
    ///     a.set_value(i, i, Scalar::from_real(-2.0), InsertMode::Insert)?;
    /// }
    /// a.assemble()?;
    /// let (mut u, _) = a.vectors()?;
    /// u.set(Scalar::from_real(1.0))?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::CN)?;
    /// ts.set_rhs_linear(&a)?;
    /// ts.set_time_step(0.01)?;
    /// ts.set_max_time(1.0)?;
    /// ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    /// let _ = ts.solve(&mut u)?;
    /// assert!((u.norm(Norm::Infinity)? - (-2f64).exp()).abs() < 1e-4);
    /// # Ok(()) })
    /// ```
    #[wraps(TSComputeRHSFunctionLinear, TSComputeRHSJacobianConstant)]
    pub fn set_rhs_linear(&mut self, a: &MatrixRef) -> Result<()> {
        a.check_square()?;
        self.set_rhs_function_linear()?;
        let constant = Some(sys::TSComputeRHSJacobianConstant as _);
        let (raw, none) = (a.as_ptr(), ptr::null_mut());
        // SAFETY: live objects; a function of PETSc that takes no context.
        unsafe { call!(TSSetRHSJacobian(*self.busy()?, raw, raw, constant, none)) }
    }

    /// Sets the problem `u' = A(t) u`: `f(ts, t, u, a, p)` computes the matrix into `a`, and the
    /// matrix of the preconditioner into `p`, see [`set_rhs_jacobian`](Self::set_rhs_jacobian).
    /// Logically collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a matrix is not square.
    #[wraps(TSComputeRHSFunctionLinear)]
    pub fn set_rhs_linear_with<F>(&mut self, a: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        self.set_rhs_jacobian(a, p, f)?;
        self.set_rhs_function_linear()
    }

    fn set_rhs_function_linear(&mut self) -> Result<()> {
        let linear = Some(sys::TSComputeRHSFunctionLinear as _);
        let none = ptr::null_mut();
        // SAFETY: a live integrator, which creates the vector itself for NULL; a function of PETSc
        // without a context.
        unsafe { call!(TSSetRHSFunction(*self.busy()?, ptr::null_mut(), linear, none)) }
    }

    /// Sets the exact solution: `f(ts, t, u)` stores the solution at time `t` in `u`. The option
    /// `-ts_monitor_error` and [`compute_solution_function`](Self::compute_solution_function) call
    /// `f`. Logically collective.
    #[wraps(TSSetSolutionFunction)]
    pub fn set_solution_function<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &mut VectorRef) -> Result<()> + 'static,
    {
        SOLUTION.set(self, Box::new(f))?;
        let none = ptr::null_mut();
        // SAFETY: a live integrator; the function finds the closure composed with it. The DM, on
        // which C stores the pointer, has no destructor for it.
        unsafe { call!(TSSetSolutionFunction(*self.busy()?, Some(solution), none)) }
    }

    /// Computes the exact solution at a time. Collective.
    ///
    /// # Errors
    /// Any error of the closure. Without an exact solution, `u` is not changed.
    #[wraps(TSComputeSolutionFunction)]
    pub fn compute_solution_function(&self, time: Real, u: &mut VectorRef) -> Result<()> {
        u.check_writable()?;
        // SAFETY: live objects; no entries of `u` are borrowed (above).
        unsafe { call!(TSComputeSolutionFunction(*self.held()?, time, u.as_ptr())) }
    }
}

trampoline! {
    fn solution_shim[c"TS solution function"](ts: &TsRef, time: Real, u: &mut VectorRef)
}

unsafe extern "C" fn solution(
    ts: sys::TS,
    time: Real,
    u: sys::Vec,
    _: *mut std::ffi::c_void,
) -> sys::PetscErrorCode {
    // SAFETY: the context of a closure of this type.
    with_closure(ts, &SOLUTION, |ctx| unsafe { solution_shim::<Solution>(ts, time, u, ctx) })
}
