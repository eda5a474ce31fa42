//! Callbacks of a nonlinear eigenvector problem, see [`EpsRef::set_power_nonlinear`].

use std::ffi::c_void;
use std::ptr;

use petsc_rs::callback::{Attached, Key, Keyed, composed};
use petsc_rs::matrix::MatrixRef;
use petsc_rs::snes::SnesRef;
use petsc_rs::vector::VectorRef;
use petsc_rs::{Error, ErrorCode, Object as _, Result, call, internal, trampoline};

use super::EpsRef;
use crate::sys;

type Function = dyn FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()>;
type Jacobian = dyn FnMut(&SnesRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()>;
#[cfg(petsc_ge_3_20)]
type Norm = dyn FnMut(&SnesRef, &VectorRef) -> Result<petsc_rs::Real>;
type Both = dyn FnMut(&SnesRef, &VectorRef, &mut VectorRef, &mut VectorRef) -> Result<()>;

// Names under which the closures are composed with the solver.
/// A closure: the number that C receives, and the key that frees the closure.
type Numbered = (*mut c_void, Key);

petsc_rs::attached! {
    const LEFT: Numbered = c"petsc-rs.power.left";
    const RIGHT: Numbered = c"petsc-rs.power.right";
    const JACOBIAN: Numbered = c"petsc-rs.power.jacobian";
    const NORM: Numbered = c"petsc-rs.power.norm";
}

/// SLEPc has one context for both functions.
struct Functions {
    one: Box<Function>,
    both: Option<Box<Both>>,
}

impl EpsRef {
    /// Sets the left side of a nonlinear problem: `f(snes, x, y)` computes `y ← A(x)·x`. If `f`
    /// returns an [`Error::domain`], the nonlinear solver shortens its step. Replaces the previous
    /// function, and a function [of both sides](Self::set_power_functions). Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types: set the type first.
    pub fn set_power_function<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let one: Box<Function> = Box::new(f);
        self.put(&LEFT, Functions { one, both: None })
    }

    /// Sets the left side as [`set_power_function`](Self::set_power_function) does, and a second
    /// closure: `both(snes, x, y, z)` computes `y ← A(x)·x` and `z ← B(x)·x` together, for
    /// [Newton's method](Self::set_power_update). Logically collective.
    ///
    /// # Errors
    /// The errors of [`set_power_function`](Self::set_power_function).
    pub fn set_power_functions<F, G>(&mut self, f: F, both: G) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
        G: FnMut(&SnesRef, &VectorRef, &mut VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let (one, both): (Box<Function>, Box<Both>) = (Box::new(f), Box::new(both));
        let both = Some(both);
        self.put(&LEFT, Functions { one, both })
    }

    /// Sets the right side of a nonlinear problem: `f(snes, x, y)` computes `y ← B(x)·x`. If this
    /// function is not set, `B` is the second operator of the problem, or the identity. If `f`
    /// returns an [`Error::domain`], [Newton's method](Self::set_power_update) for both sides
    /// shortens its step; without Newton's method for both sides, the solve fails. Logically
    /// collective.
    ///
    /// # Errors
    /// The errors of [`set_power_function`](Self::set_power_function). If the function is set, a
    /// solve without a second operator returns `ARG_WRONGSTATE`.
    pub fn set_power_function_b<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let one: Box<Function> = Box::new(f);
        self.put(&RIGHT, Functions { one, both: None })
    }

    /// Sets the Jacobian of the left side: `f(snes, x, a, p)` computes in `a` the derivative of
    /// `A(x)·x`, or an approximation, and in `p` the matrix from which the preconditioner is built.
    /// `p` is the matrix of [`set_preconditioner_matrix`](crate::StRef::set_preconditioner_matrix)
    /// if that is set, and otherwise the same matrix as `a`. With `-eps_power_snes_mf_operator`,
    /// `f` only assembles `a`. Logically collective.
    ///
    /// # Errors
    /// The errors of [`set_power_function`](Self::set_power_function).
    pub fn set_power_jacobian<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        let f: Box<Jacobian> = Box::new(f);
        self.put(&JACOBIAN, f)
    }

    /// Sets the norm of `B(x)·x` with which the eigenvector is normalized: `f(snes, bx)` computes
    /// it. Default: the 2-norm. Since SLEPc 3.20. Logically collective: the result must be the same
    /// on all ranks.
    ///
    /// # Errors
    /// The errors of [`set_power_function_b`](Self::set_power_function_b).
    #[cfg(petsc_ge_3_20)]
    pub fn set_power_norm<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef) -> Result<petsc_rs::Real> + 'static,
    {
        let f: Box<Norm> = Box::new(f);
        self.put(&NORM, f)
    }

    /// Stores a closure with this solver, under a key: the DM of the nonlinear solver keeps a copy
    /// of the key that outlives the closure.
    fn put<F>(&mut self, place: &Attached<Numbered>, f: F) -> Result<()> {
        self.expect_power()?;
        let key = Key::new(f);
        place.set(self, (key.as_ctx(), key))?;
        // A solver that is already set up still has the previous closure.
        self.give_operators()
    }

    /// Returns the key of a closure, NULL if there is none.
    fn number(&self, place: &Attached<Numbered>) -> Result<*mut c_void> {
        let number = place.with(self, |(number, _)| Ok(*number))?;
        Ok(number.unwrap_or(ptr::null_mut()))
    }

    /// Composes the closures with the matrices, where SLEPc looks for them at setup. This is
    /// repeated because operations on a matrix can remove composed objects, and another solver can
    /// compose other closures.
    pub(super) fn give_closures(&self) -> Result<()> {
        let left = self.number(&LEFT)?;
        if left.is_null() || !self.power_nonlinear()? {
            return Ok(());
        }
        let (a, b) = self.operators()?;
        let shim = Some(function_shim as _);
        // SAFETY: the key of this name belongs to `Functions`.
        let two = unsafe { Keyed::<Functions>::with(left, |f| Ok(f.both.is_some())) }?;
        let both = two.then_some(both_shim as _);
        // SAFETY: a live matrix; the key belongs to the type that both functions expect.
        unsafe { call!(PetscRsMatSetFormFunction(a.as_ptr(), shim, both, left)) }?;
        let ctx = self.number(&JACOBIAN)?;
        let shim = (!ctx.is_null()).then_some(jacobian_shim as _);
        // SAFETY: a live matrix; the key belongs to the type that the shim expects, or is NULL
        // without a shim.
        unsafe { call!(PetscRsMatSetFormJacobian(a.as_ptr(), shim, ctx)) }?;

        let right = self.number(&RIGHT)?;
        let Some(b) = b else {
            if right.is_null() && self.number(&NORM)?.is_null() {
                return Ok(());
            }
            let text =
                "a function for the right side needs a second operator: pass one to set_operators";
            return Err(internal::collective(ErrorCode::ARG_WRONGSTATE, text));
        };
        if a.as_ptr() == b.as_ptr() {
            let text = "the two operators of a nonlinear problem must be different matrices";
            return Err(internal::collective(ErrorCode::ARG_IDN, text));
        }
        let shim = (!right.is_null()).then_some(right_shim as _);
        // SAFETY: as for the left side, without a shim for NULL.
        unsafe { call!(PetscRsMatSetFormFunction(b.as_ptr(), shim, None, right)) }?;
        #[cfg(petsc_ge_3_20)]
        {
            let ctx = self.number(&NORM)?;
            let shim = (!ctx.is_null()).then_some(norm_shim as _);
            // SAFETY: as for the Jacobian.
            unsafe { call!(PetscRsMatSetFormNorm(b.as_ptr(), shim, ctx)) }?;
        }
        Ok(())
    }
}

trampoline! {
    keyed of Functions: fn function_shim[c"EPS function of a side"](snes: &SnesRef, x: &VectorRef, y: &mut VectorRef)
        = |f| snes.pass_on_domain_error((f.one)(snes, x, y))
}

trampoline! {
    keyed of Functions: fn right_shim[c"EPS function of the right side"](
        snes: &SnesRef, x: &VectorRef, y: &mut VectorRef
    ) = |f| {
        let outcome = (f.one)(snes, x, y);
        if in_newton(snes)? { snes.pass_on_domain_error(outcome) } else { outcome }
    }
}

/// Returns whether the nonlinear solver calls the function of the right side during its solve.
/// Otherwise the eigensolver calls it, and a domain error reported to the nonlinear solver would be
/// lost.
fn in_newton(snes: &SnesRef) -> Result<bool> {
    // SAFETY: a live object.
    let eps = unsafe { composed(snes.object_ptr(), c"eps") }?;
    if eps.is_null() {
        return Ok(false);
    }
    // SAFETY: the eigensolver composes itself under this name during its solve.
    let eps = unsafe { EpsRef::from_ptr(eps.cast()) };
    let mut x = ptr::null_mut();
    // SAFETY: a live solver and a valid out-pointer, NULL before the first solve after a setup.
    unsafe { call!(SNESGetSolution(snes.as_ptr(), &raw mut x)) }?;
    Ok(!x.is_null() && eps.power_update()?)
}

trampoline! {
    keyed of Functions: fn both_shim[c"EPS function of both sides"](
        snes: &SnesRef, x: &VectorRef, y: &mut VectorRef, z: &mut VectorRef
    ) = |f| match &mut f.both {
        Some(both) => snes.pass_on_domain_error(both(snes, x, y, z)),
        None => Err(Error::new(ErrorCode::ARG_WRONGSTATE, "the function of both sides was replaced")),
    }
}

trampoline! {
    keyed of Box<Jacobian>: fn jacobian_shim[c"EPS Jacobian of the left side"](
        snes: &SnesRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef
    ) = |f| f(snes, x, a, p)
}

#[cfg(petsc_ge_3_20)]
trampoline! {
    keyed of Box<Norm>: fn norm_shim[c"EPS norm of the right side"](
        snes: &SnesRef, bx: &VectorRef; -> petsc_rs::Real;
    ) = |f| f(snes, bx)
}
