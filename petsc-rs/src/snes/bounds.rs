//! Bounds on the solution: variational inequalities.

use std::ffi::CStr;
use std::ptr;

use petsc_macros::wraps;

use super::SnesRef;
use crate::callback::{guard, trampoline};
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::IndexSet;
use crate::object::Loan;
use crate::vector::{Vector, VectorRef};
use crate::{Object, call, get_raw, sys};

const LOWER: &CStr = c"petsc-rs.snes.lower-bound";
const UPPER: &CStr = c"petsc-rs.snes.upper-bound";
const COMPUTE: &CStr = c"petsc-rs.snes.compute-bounds";

impl SnesRef {
    /// Sets lower and upper bounds of the solution for the methods `vinewtonrsls` and
    /// `vinewtonssls`. An infinite entry means that there is no bound. Collective.
    ///
    /// At the solution, entry `i` of `F` is zero if `xᵢ` lies strictly between its bounds, `≥ 0` if
    /// `xᵢ` is at the lower bound, and `≤ 0` if `xᵢ` is at the upper bound. The solver takes
    /// references to the vectors, and reads their values again in each solve.
    ///
    /// # Errors
    /// `ARG_SIZ` if the two vectors have different layouts; `ARG_WRONGSTATE` before the function is
    /// set.
    ///
    /// # Examples
    /// `x² = 4` with `x ≤ 1`:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{InsertMode, Matrix, Norm, Scalar, ScalarExt, Snes, SnesType};
    /// # let mut a = Matrix::builder(comm).global_size(2, 2).build()?;
    /// # for i in a.ownership_range()? { a.set_value(i, i, Scalar::from_real(1.0), InsertMode::Insert)?; }
    /// # a.assemble()?;
    /// # let (mut x, f) = a.vectors()?;
    /// let mut snes = Snes::new(comm)?;
    /// snes.set_type(SnesType::VINEWTONRSLS)?;
    /// snes.set_function(&f, |_, x, f| {
    ///     f.pointwise_mult(x, x)?;
    ///     f.shift(Scalar::from_real(-4.0))
    /// })?;
    /// snes.set_jacobian_fd_coloring(&a, &a)?;
    /// let (mut lower, mut upper) = (x.duplicate()?, x.duplicate()?);
    /// lower.set(Scalar::from_real(-1.0))?;
    /// upper.set(Scalar::from_real(1.0))?;
    /// snes.set_variable_bounds(&lower, &upper)?;
    /// x.set(Scalar::from_real(0.5))?;
    /// let _ = snes.solve(None, &mut x)?;
    /// assert!((x.norm(Norm::Infinity)? - 1.0).abs() < 1e-12);
    /// # Ok(()) })
    /// ```
    #[wraps(SNESVISetVariableBounds)]
    pub fn set_variable_bounds(&mut self, lower: &VectorRef, upper: &VectorRef) -> Result<()> {
        lower.check_readable()?;
        upper.check_readable()?;
        if lower.local_len()? != upper.local_len()? {
            let text = "the vectors of lower and upper bounds have different layouts";
            return Err(Error::new(ErrorCode::ARG_SIZ, text));
        }
        if let Some(residual) = self.residual()? {
            check_like(lower, &residual)?;
        }
        // SAFETY: live vectors of one layout (above); PETSc takes references.
        unsafe { call!(SNESVISetVariableBounds(*self.busy()?, lower.as_ptr(), upper.as_ptr())) }?;
        // C removes the bounds in a reset. Therefore they are stored here, too.
        for (name, bound) in [(LOWER, lower), (UPPER, upper)] {
            let (me, bound) = (self.object_ptr(), bound.object_ptr());
            // SAFETY: live objects; PETSc counts the vector and copies the name.
            unsafe { call!(PetscObjectCompose(me, name.as_ptr(), bound)) }?;
        }
        Ok(())
    }

    /// Returns the lower and the upper bounds of
    /// [`set_variable_bounds`](Self::set_variable_bounds).
    ///
    /// # Errors
    /// The errors of `PetscObjectQuery`.
    #[wraps(SNESVIGetVariableBounds, not_collective)]
    #[track_caller]
    pub fn variable_bounds(&self) -> Result<Option<(Loan<'_, Vector>, Loan<'_, Vector>)>> {
        let (lower, upper) = (self.composed(LOWER)?, self.composed(UPPER)?);
        if lower.is_null() || upper.is_null() {
            return Ok(None);
        }
        // SAFETY: a live vector.
        let lower = unsafe { Vector::retain(lower.cast()) }?;
        // SAFETY: as above.
        let upper = unsafe { Vector::retain(upper.cast()) }?;
        Ok(Some((Loan::new(lower), Loan::new(upper))))
    }

    /// Sets the closure `f(snes, lower, upper)` that computes the bounds in the setup of the
    /// solver. The closure is freed with the solver, or when it is replaced. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` after [`set_variable_bounds`](Self::set_variable_bounds), whose bounds take
    /// precedence.
    #[wraps(SNESVISetComputeVariableBounds)]
    pub fn set_compute_variable_bounds<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &mut VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        if self.variable_bounds()?.is_some() {
            let text = "the solver has bounds from set_variable_bounds, which take precedence";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        self.put_alone(COMPUTE, f)?;
        let compute = Some(bounds::<F> as _);
        // SAFETY: a live solver, to which a closure of this type is attached under the name that
        // the function uses.
        unsafe { call!(SNESVISetComputeVariableBounds(*self.busy()?, compute)) }
    }

    /// Returns the active set: the entries of this rank at which a bound of
    /// [`set_variable_bounds`](Self::set_variable_bounds) is active for the solution `x` with
    /// `f = F(x)`. Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without bounds; `ARG_SIZ` if the local sizes of `x` or `f` differ from
    /// those of the bounds.
    #[wraps(SNESVIGetActiveSetIS)]
    #[track_caller]
    pub fn active_set(&self, x: &VectorRef, f: &VectorRef) -> Result<IndexSet> {
        x.check_readable()?;
        f.check_readable()?;
        let Some((lower, _)) = self.variable_bounds()? else {
            let text = "the solver has no bounds: call set_variable_bounds first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        };
        check_like(x, &lower)?;
        check_like(f, &lower)?;
        self.renew_bounds()?;
        let (x, f) = (x.as_ptr(), f.as_ptr());
        // SAFETY: live vectors of the layout of the bounds, which the solver has (above).
        let raw = unsafe { get_raw!(SNESVIGetActiveSetIS(self.as_ptr(), x, f, _)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { IndexSet::from_raw(raw) })
    }

    /// Called before a solve: checks that the bounds fit `x`, and restores them after a reset.
    pub(super) fn check_bounds(&self, x: &VectorRef) -> Result<()> {
        let Some((lower, _)) = self.variable_bounds()? else {
            return Ok(());
        };
        check_like(x, &lower)?;
        if self.grid_sequence()? > 0 {
            let text = "fixed bounds cannot be used with grid sequencing: call set_compute_variable_bounds";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        if self.residual()?.is_some() {
            self.renew_bounds()?;
        }
        Ok(())
    }

    fn renew_bounds(&self) -> Result<()> {
        let Some((lower, upper)) = self.variable_bounds()? else {
            return Ok(());
        };
        let (lower, upper) = (lower.as_ptr(), upper.as_ptr());
        // SAFETY: live vectors of one layout, as when they were set.
        unsafe { call!(SNESVISetVariableBounds(self.as_ptr(), lower, upper)) }
    }
}

/// Checks the local sizes, since C indexes one vector with the length of the other.
fn check_like(x: &VectorRef, like: &VectorRef) -> Result<()> {
    let (found, expected) = (x.local_len()?, like.local_len()?);
    if found == expected {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::ARG_SIZ,
        format!(
            "a vector of {found} entries on this rank does not fit the bounds or the function, which have {expected}"
        ),
    ))
}

/// C has no context for this callback: the closure is the one attached to the solver.
unsafe extern "C" fn bounds<F>(
    snes: sys::SNES,
    lower: sys::Vec,
    upper: sys::Vec,
) -> sys::PetscErrorCode
where
    F: FnMut(&SnesRef, &mut VectorRef, &mut VectorRef) -> Result<()>,
{
    let mut ctx = ptr::null_mut();
    let found = guard(c"SNES bounds", || {
        // SAFETY: PETSc passes a live solver for this call.
        ctx = unsafe { SnesRef::from_ptr(snes) }.held_alone(COMPUTE)?;
        Ok(())
    });
    if found != 0 {
        return found;
    }
    // SAFETY: the arguments of this callback, and a key for a closure that was set with this function.
    unsafe { bounds_shim::<F>(snes, lower, upper, ctx) }
}

trampoline! {
    keyed fn bounds_shim[c"SNES bounds"](snes: &SnesRef, lower: &mut VectorRef, upper: &mut VectorRef)
}
