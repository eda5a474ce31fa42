//! Problems for the method `lcl`: minimize `f(u, v)` subject to `c(u, v) = 0`. The constraint is an
//! equation (for example a PDE) that determines the state `u` for each design `v`.

use petsc_macros::wraps;

use super::sizes::{self, Length};
use super::{TaoRef, shims};
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::IndexSetRef;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{InsertMode, Int, Object as _, Scalar, ScalarExt as _, call, comm, ffi};

impl TaoRef {
    /// Sets which entries of the solution are states `u` and which are design variables `v`. Each
    /// entry must be either a state or a design variable. Logically collective.
    ///
    /// On every rank, the number of states must equal the number of constraints. Call this method
    /// before the first solve with `lcl`, and again after the type was changed.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` after a solve with `lcl`. [`solve`](Self::solve) returns `ARG_OUTOFRANGE`
    /// for an index outside the solution, and `ARG_INCOMP` if an entry is in no set, or in both.
    ///
    /// # Examples
    /// A bar on springs is bent with forces `v`: its displacement `u` satisfies `2u = v`. The
    /// displacement should be near 1, and the forces small: the minimizer of `½‖u − 1‖² + ⅛‖v‖²` is
    /// `u = ½`.
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{IndexSet, InsertMode, Matrix, Tao, TaoType, Vector};
    /// # let n = 3_usize;
    /// # let mut x = Vector::new(comm, 2 * n)?;
    /// # let c = Vector::new(comm, n)?;
    /// # let (state, design) = (IndexSet::strided(comm, n, 0, 1)?, IndexSet::strided(comm, n, 3, 1)?);
    /// # let diagonal = |value| -> petsc_rs::Result<Matrix> {
    /// #     let mut a = Matrix::builder(comm).global_size(3, 3).build()?;
    /// #     for i in 0..3 {
    /// #         a.set_value(i, i, value, InsertMode::Insert)?;
    /// #     }
    /// #     a.assemble()?;
    /// #     Ok(a)
    /// # };
    /// let mut tao = Tao::new(comm)?;
    /// tao.set_type(TaoType::LCL)?;
    /// tao.set_from_options()?;
    /// tao.set_objective_and_gradient(move |_, x, g| {
    ///     let (x, mut g) = (x.array()?, g.array_mut()?);
    ///     let mut f = 0.0;
    ///     for i in 0..n {
    ///         (g[i], g[n + i]) = (x[i] - 1.0, x[n + i] / 4.0);
    ///         f += g[i].powi(2) / 2.0 + x[n + i].powi(2) / 8.0;
    ///     }
    ///     Ok(f)
    /// })?;
    /// tao.set_constraints(&c, move |_, x, c| {
    ///     let (x, mut c) = (x.array()?, c.array_mut()?);
    ///     (0..n).for_each(|i| c[i] = 2.0 * x[i] - x[n + i]);
    ///     Ok(())
    /// })?;
    /// // Both Jacobians are constant here.
    /// let (of_state, of_design) = (diagonal(2.0)?, diagonal(-1.0)?);
    /// tao.set_state_design(&state, &design)?;
    /// tao.set_state_jacobian(&of_state, &of_state, None, |_, _, _, _, _| Ok(()))?;
    /// tao.set_design_jacobian(&of_design, |_, _, _| Ok(()))?;
    /// let _ = tao.solve(&mut x)?;
    /// assert!((x.array()?[0] - 0.5).abs() < 1e-3);
    /// # Ok(()) })
    /// ```
    #[wraps(TaoSetStateDesignIS)]
    pub fn set_state_design(&mut self, state: &IndexSetRef, design: &IndexSetRef) -> Result<()> {
        let (parts, _) = self.parts()?;
        if parts.begun.get().is_some_and(|method| method.states) {
            return Err(Error::collective(
                ErrorCode::ARG_WRONGSTATE,
                "the states and design variables cannot change after the first solve with this method: create a new optimizer",
            ));
        }
        comm::check_same_ranks(self.object_ptr(), state.object_ptr())?;
        comm::check_same_ranks(self.object_ptr(), design.object_ptr())?;
        let length = |set: &IndexSetRef| -> Result<Length> { Ok((set.local_len()?, set.len()?)) };
        let (states, designs) = (length(state)?, length(design)?);
        // SAFETY: live objects, of which the optimizer takes references.
        unsafe { call!(TaoSetStateDesignIS(*self.busy()?, state.as_ptr(), design.as_ptr())) }?;
        parts.state_design.replace(Some((state.duplicate()?, design.duplicate()?)));
        self.note(|sizes| (sizes.state, sizes.design) = (Some(states), Some(designs)))
    }

    /// Sets the Jacobian with respect to the states: `f(tao, x, j, p, inverse)` computes
    /// `j ← ∂c/∂u`, which is square and nonsingular. Replaces an earlier closure. Logically
    /// collective.
    ///
    /// The preconditioner is built from `p`, which may be the same matrix. `inverse` is optional: a
    /// matrix, for example a shell matrix, that applies the inverse of `j`. Without it, the linear
    /// solver [`ksp`](Self::ksp) (options `-ksp_…`) solves with `j`.
    ///
    /// # Errors
    /// `ARG_SIZ` if the matrices differ in size. [`solve`](Self::solve) checks that they fit.
    #[wraps(TaoSetJacobianStateRoutine)]
    pub fn set_state_jacobian<F>(
        &mut self,
        j: &MatrixRef,
        p: &MatrixRef,
        inverse: Option<&MatrixRef>,
        f: F,
    ) -> Result<()>
    where
        F: FnMut(
                &TaoRef,
                &VectorRef,
                &mut MatrixRef,
                &mut MatrixRef,
                Option<&mut MatrixRef>,
            ) -> Result<()>
            + 'static,
    {
        let shape = sizes::shape(j, p)?;
        comm::check_same_ranks(self.object_ptr(), j.object_ptr())?;
        if let Some(inverse) = inverse {
            j.check_same_layout(inverse)?;
        }
        let inverse = inverse.map_or(std::ptr::null_mut(), MatrixRef::as_ptr);
        let (parts, ctx) = self.parts()?;
        let shim = Some(shims::state_jacobian as _);
        let (j, p) = (j.as_ptr(), p.as_ptr());
        // SAFETY: live objects, of which the optimizer takes references, NULL for none; it keeps the context.
        unsafe { call!(TaoSetJacobianStateRoutine(*self.busy()?, j, p, inverse, shim, ctx)) }?;
        parts.state_jacobian.set(Box::new(f));
        self.note(|sizes| sizes.state_jacobian = Some(shape))
    }

    /// Sets the Jacobian with respect to the design variables: `f(tao, x, j)` computes `j ← ∂c/∂v`.
    /// Replaces an earlier closure. Logically collective.
    ///
    /// `j` has a row for each constraint and a column for each design variable.
    ///
    /// # Errors
    /// [`solve`](Self::solve) returns `ARG_SIZ` if the matrix does not have these sizes.
    #[wraps(TaoSetJacobianDesignRoutine)]
    pub fn set_design_jacobian<F>(&mut self, j: &MatrixRef, f: F) -> Result<()>
    where
        F: FnMut(&TaoRef, &VectorRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        let shape = sizes::shape(j, j)?;
        comm::check_same_ranks(self.object_ptr(), j.object_ptr())?;
        let (parts, ctx) = self.parts()?;
        let shim = Some(shims::design_jacobian as _);
        // SAFETY: live objects, of which the optimizer takes a reference; it keeps the context.
        unsafe { call!(TaoSetJacobianDesignRoutine(*self.busy()?, j.as_ptr(), shim, ctx)) }?;
        parts.design_jacobian.set(Box::new(f));
        self.note(|sizes| sizes.design_jacobian = Some(shape))
    }

    /// Called before the first solve: checks that each entry of `x` is either a state or a design
    /// variable. C scatters without this check.
    pub(super) fn check_division(&self, x: &VectorRef) -> Result<()> {
        let (parts, _) = self.parts()?;
        if let Some((state, design)) = &*parts.state_design.borrow() {
            self.check_sets(x, state, design)?;
        }
        // Only valid sets are removed; the next solve rejects invalid sets again.
        parts.state_design.take();
        Ok(())
    }

    fn check_sets(&self, x: &VectorRef, state: &IndexSetRef, design: &IndexSetRef) -> Result<()> {
        let last = ffi::petsc_int(x.len()?)?;
        let inside = |i: &Int| (0..last).contains(i);
        let (states, designs) = (state.indices()?, design.indices()?);
        let all_inside = states.iter().chain(designs.iter()).all(inside);
        if comm::any_rank(self.object_ptr(), !all_inside)? {
            return Err(Error::collective(
                ErrorCode::ARG_OUTOFRANGE,
                "the index of a state or design variable lies outside the solution",
            ));
        }
        let mut times = x.duplicate()?;
        times.set(Scalar::from_real(0.0))?;
        for set in [&states, &designs] {
            let ones = vec![Scalar::from_real(1.0); set.len()];
            times.set_values(set, &ones, InsertMode::Add)?;
        }
        times.assemble()?;
        let each_once = times.array()?.iter().all(|n| n.real() == 1.0);
        if comm::any_rank(self.object_ptr(), !each_once)? {
            return Err(Error::collective(
                ErrorCode::ARG_INCOMP,
                "each entry of the solution must be either a state or a design variable",
            ));
        }
        Ok(())
    }
}
