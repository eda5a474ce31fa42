//! Objectives: functions whose gradient is `F`.

use std::ffi::CStr;

use petsc_macros::wraps;

use super::SnesRef;
use crate::callback::trampoline;
use crate::error::Result;
use crate::vector::VectorRef;
use crate::{Real, call, sys};

pub(super) const OBJECTIVE: &CStr = c"petsc-rs.snes.objective";

impl SnesRef {
    /// Sets the objective: `f(snes, x)` returns the value of the function whose gradient is `F`. It
    /// must be the same on all ranks. Logically collective.
    ///
    /// Line searches and trust regions use the objective instead of `‖F‖`. The closure is stored in
    /// the same place as the closure of [`set_function`](Self::set_function).
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Norm, Scalar, ScalarExt, Snes, Vector};
    /// # let mut x = Vector::new(comm, 4)?;
    /// let mut snes = Snes::new(comm)?;
    /// snes.set_objective(|_, x| Ok(x.norm(Norm::Two)?.powi(2) / 2.0))?;
    /// x.set(Scalar::from_real(1.0))?;
    /// assert!((snes.compute_objective(&x)? - 2.0).abs() < 1e-14);
    /// # Ok(()) })
    /// ```
    #[wraps(SNESSetObjective)]
    pub fn set_objective<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef) -> Result<Real> + 'static,
    {
        let ctx = self.put(OBJECTIVE, f)?;
        let shim = Some(objective_shim::<F> as _);
        // SAFETY: a live solver; `ctx` is a key for what the shim expects.
        unsafe { call!(SNESSetObjective(*self.busy()?, shim, ctx)) }
    }
}

trampoline! { keyed fn objective_shim[c"SNES objective"](snes: &SnesRef, x: &VectorRef; -> Real;) }
