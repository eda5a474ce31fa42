//! Closures that the optimiser calls. TAO has no destructor for them, so they live in containers
//! composed with the optimiser.

use std::ptr;

use super::TaoRef;
use crate::callback::{self, Context, trampoline};
use crate::error::Result;
use crate::object::Object as _;
use crate::vector::VectorRef;
use crate::{Real, call, sys};

impl TaoRef {
    /// Sets function and gradient: `f(tao, x, g)` returns `f(x)`, equal on all ranks, and computes
    /// `g ← ∇f(x)`. Logically collective.
    ///
    /// # Errors
    /// What `TaoSetObjectiveAndGradient` returns.
    ///
    /// # Examples
    /// The minimum of `Σ (xᵢ - 3)²`:
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Tao, Vector};
    /// let mut x = Vector::new(comm, 4)?;
    /// let mut tao = Tao::new(comm)?;
    /// tao.set_objective_and_gradient(|_, x, g| {
    ///     for (g, x) in g.array_mut()?.iter_mut().zip(x.array()?.iter()) {
    ///         *g = 2.0 * (x - 3.0);
    ///     }
    ///     let norm = g.norm(petsc_rs::Norm::Two)?;
    ///     Ok(norm * norm / 4.0)
    /// })?;
    /// let _ = tao.solve(&mut x)?;
    /// assert!((x.norm(petsc_rs::Norm::Infinity)? - 3.0).abs() < 1e-6);
    /// # Ok(()) })
    /// ```
    #[doc(alias = "TaoSetObjectiveAndGradient")]
    pub fn set_objective_and_gradient<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TaoRef, &VectorRef, &mut VectorRef) -> Result<Real> + 'static,
    {
        // SAFETY: a live optimiser.
        let ctx =
            unsafe { callback::compose(self.object_ptr(), c"petsc-rs.objective_and_gradient", f) }?;
        let shim = Some(objective_and_gradient_shim::<F> as _);
        let tao = self.as_ptr();
        // SAFETY: a live optimiser, which makes its own gradient vector for NULL; the container keeps
        // `ctx` until the optimiser goes or another closure takes its place.
        unsafe { call!(TaoSetObjectiveAndGradient(tao, ptr::null_mut(), shim, ctx)) }
    }

    /// Adds a monitor, called at every iteration. Logically collective.
    ///
    /// # Errors
    /// Too many monitors.
    #[doc(alias = "TaoMonitorSet")]
    pub fn add_monitor<F>(&mut self, monitor: F) -> Result<()>
    where
        F: FnMut(&TaoRef) -> Result<()> + 'static,
    {
        let ctx = Context::into_raw(monitor);
        let (shim, free) = (
            Some(monitor_shim::<F> as _),
            Some(Context::<F>::drop_indirect as _),
        );
        #[cfg(petsc_ge_3_21)]
        // SAFETY: a live optimiser; each monitor has a context of its own, which PETSc frees.
        unsafe { call!(TaoMonitorSet(self.as_ptr(), shim, ctx, free)) }?;
        #[cfg(not(petsc_ge_3_21))]
        // SAFETY: as above, under its name before 3.21.
        unsafe { call!(TaoSetMonitor(self.as_ptr(), shim, ctx, free)) }?;
        Ok(())
    }
}

trampoline! {
    fn objective_and_gradient_shim[c"TAO objective and gradient"](
        tao: &TaoRef, x: &VectorRef; -> Real; g: &mut VectorRef
    )
}

trampoline! { fn monitor_shim[c"TAO monitor"](tao: &TaoRef) }
