//! The closures of a nonlinear eigenvector problem, see [`EpsRef::set_power_nonlinear`].

use std::ffi::{CStr, c_void};
use std::ptr;

use petsc_rs::callback::{Context, Key, Keyed, compose};
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

// The names under which the solver holds its closures.
const LEFT: &CStr = c"petsc-rs.power.left";
const RIGHT: &CStr = c"petsc-rs.power.right";
const JACOBIAN: &CStr = c"petsc-rs.power.jacobian";
const NORM: &CStr = c"petsc-rs.power.norm";

/// C has one context for both.
struct Functions {
    one: Box<Function>,
    both: Option<Box<Both>>,
}

impl EpsRef {
    /// Sets the left side of a nonlinear problem: `f(snes, x, y)` computes `y ← A(x)·x`. An [`Error::domain`] makes the
    /// nonlinear solver shorten its step. Replaces an earlier one, also [of both sides](Self::set_power_functions).
    /// Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types: set the type first.
    pub fn set_power_function<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let one: Box<Function> = Box::new(f);
        self.put(LEFT, Functions { one, both: None })
    }

    /// As [`set_power_function`](Self::set_power_function), with another closure, `f(snes, x, y, z)`, that computes
    /// `y ← A(x)·x` and `z ← B(x)·x` at once, for [Newton's method](Self::set_power_update). Logically collective.
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
        self.put(LEFT, Functions { one, both })
    }

    /// Sets the right side of a nonlinear problem: `f(snes, x, y)` computes `y ← B(x)·x`. Without, the second operator is
    /// applied, or none. An [`Error::domain`] shortens a step of [Newton's method](Self::set_power_update) for both sides;
    /// otherwise it is an error of the solve. Logically collective.
    ///
    /// # Errors
    /// The errors of [`set_power_function`](Self::set_power_function). A solve says `ARG_WRONGSTATE` without a second operator.
    pub fn set_power_function_b<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let one: Box<Function> = Box::new(f);
        self.put(RIGHT, Functions { one, both: None })
    }

    /// Sets the Jacobian of the left side: `f(snes, x, a, p)` computes the derivative of `A(x)·x`, or an approximation,
    /// and `p`, from which the preconditioner is built: the matrix of
    /// [`set_preconditioner_matrix`](crate::StRef::set_preconditioner_matrix), else the same as `a`. With
    /// `-eps_power_snes_mf_operator`, `a` needs no more than to be assembled. Logically collective.
    ///
    /// # Errors
    /// The errors of [`set_power_function`](Self::set_power_function).
    pub fn set_power_jacobian<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        let f: Box<Jacobian> = Box::new(f);
        self.put(JACOBIAN, f)
    }

    /// Sets the norm of `B(x)·x` that makes an eigenvector, in place of the two-norm: `f(snes, bx)`. From SLEPc 3.20
    /// on. Logically collective: all ranks must say the same.
    ///
    /// # Errors
    /// The errors of [`set_power_function_b`](Self::set_power_function_b).
    #[cfg(petsc_ge_3_20)]
    pub fn set_power_norm<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&SnesRef, &VectorRef) -> Result<petsc_rs::Real> + 'static,
    {
        let f: Box<Norm> = Box::new(f);
        self.put(NORM, f)
    }

    /// Holds a closure by this solver, under a number: the nonlinear solver's grid keeps a copy that outlives it.
    fn put<F>(&mut self, name: &CStr, f: F) -> Result<()> {
        self.expect_power()?;
        let key = Key::new(f);
        // SAFETY: a live object.
        unsafe { compose(self.object_ptr(), name, (key.as_ctx(), key)) }?;
        // A solver that was set up has the closure before.
        self.give_operators()
    }

    /// The number of a closure, NULL if there is none.
    fn number(&self, name: &CStr) -> Result<*mut c_void> {
        let mut container = ptr::null_mut();
        let object = self.object_ptr();
        // SAFETY: a live object, a NUL-terminated name and a valid out-pointer.
        unsafe { call!(PetscObjectQuery(object, name.as_ptr(), &raw mut container)) }?;
        if container.is_null() {
            return Ok(container.cast());
        }
        let mut ctx = ptr::null_mut();
        // SAFETY: under this name lies a container of `put`.
        unsafe { call!(PetscRsContainerGetPointer(container, &raw mut ctx)) }?;
        // SAFETY: its pointer is the context made there.
        unsafe { Context::<(*mut c_void, Key)>::with(ctx, |(number, _)| Ok(*number)) }
    }

    /// Composes the closures with the matrices, where SLEPc looks for them when it sets up: operations on a matrix may
    /// take from it what is composed, and another solver may have closures of its own.
    pub(super) fn give_closures(&self) -> Result<()> {
        let left = self.number(LEFT)?;
        if left.is_null() || !self.power_nonlinear()? {
            return Ok(());
        }
        let (a, b) = self.operators()?;
        let shim = Some(function_shim as _);
        // SAFETY: the key of this name is for `Functions`.
        let two = unsafe { Keyed::<Functions>::with(left, |f| Ok(f.both.is_some())) }?;
        let both = two.then_some(both_shim as _);
        // SAFETY: a live matrix; the number is a key for what both functions expect.
        unsafe { call!(PetscRsMatSetFormFunction(a.as_ptr(), shim, both, left)) }?;
        let ctx = self.number(JACOBIAN)?;
        let shim = (!ctx.is_null()).then_some(jacobian_shim as _);
        // SAFETY: a live matrix; the number is a key for what the shim expects, or NULL with no shim.
        unsafe { call!(PetscRsMatSetFormJacobian(a.as_ptr(), shim, ctx)) }?;

        let right = self.number(RIGHT)?;
        let Some(b) = b else {
            if right.is_null() && self.number(NORM)?.is_null() {
                return Ok(());
            }
            let text = "the closures of a right side need a second operator: see set_operators";
            return Err(internal::collective(ErrorCode::ARG_WRONGSTATE, text));
        };
        if a.as_ptr() == b.as_ptr() {
            let text = "a nonlinear problem needs a matrix for each of its sides";
            return Err(internal::collective(ErrorCode::ARG_IDN, text));
        }
        let shim = (!right.is_null()).then_some(right_shim as _);
        // SAFETY: as for the left side, with no shim for NULL.
        unsafe { call!(PetscRsMatSetFormFunction(b.as_ptr(), shim, None, right)) }?;
        #[cfg(petsc_ge_3_20)]
        {
            let ctx = self.number(NORM)?;
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

/// Whether the nonlinear solver asks for the right side, in the middle of its solve. Otherwise the eigensolver does, and
/// nobody would see a domain error that was left with the nonlinear one.
fn in_newton(snes: &SnesRef) -> Result<bool> {
    let (mut eps, object) = (ptr::null_mut(), snes.object_ptr());
    // SAFETY: a live object, a NUL-terminated name and a valid out-pointer.
    unsafe { call!(PetscObjectQuery(object, c"eps".as_ptr(), &raw mut eps)) }?;
    if eps.is_null() {
        return Ok(false);
    }
    // SAFETY: under this name the eigensolver composes itself while it solves.
    let eps = unsafe { EpsRef::from_ptr(eps.cast()) };
    let mut x = ptr::null_mut();
    // SAFETY: a live solver and a valid out-pointer, NULL before the first solve since a set-up.
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
