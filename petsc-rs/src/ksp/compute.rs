//! Closures that compute operators, right-hand side and first guess when the solver asks for them.
//!
//! PETSc keeps them on the solver's DM, copies the pointers to coarser DMs and has no destructor for
//! them. What C is given is therefore not a pointer but a number, never used twice, under which the
//! closure is found as long as its DM lives; a copy that outlives the DM gets an error.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::{CStr, c_void};
use std::ptr;
use std::rc::Rc;

use super::KspRef;
use crate::callback;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{call, sys};

const OPERATORS: &CStr = c"petsc-rs.ksp.compute-operators";
const RHS: &CStr = c"petsc-rs.ksp.compute-rhs";
const GUESS: &CStr = c"petsc-rs.ksp.compute-initial-guess";

thread_local! {
    static CLOSURES: RefCell<HashMap<usize, Rc<dyn Any>>> = RefCell::default();
    static NEXT: Cell<usize> = const { Cell::new(1) };
}

/// The place of a closure in the table; dropping it removes the closure.
struct Key(usize);

impl Key {
    fn new<F: 'static>(f: F) -> Self {
        let key = NEXT.get();
        NEXT.set(key + 1);
        CLOSURES.with_borrow_mut(|all| all.insert(key, Rc::new(RefCell::new(f))));
        Self(key)
    }

    fn as_ctx(&self) -> *mut c_void {
        ptr::without_provenance_mut(self.0)
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        // The closure is dropped outside of the borrow: its captures may have closures of their own.
        let closure =
            CLOSURES.try_with(|all| all.try_borrow_mut().map(|mut all| all.remove(&self.0)));
        drop(closure);
    }
}

fn with<F: 'static>(ctx: *mut c_void, body: impl FnOnce(&mut F) -> Result<()>) -> Result<()> {
    let closure = CLOSURES.with_borrow(|all| all.get(&ctx.addr()).cloned());
    let Some(closure) = closure.and_then(|c| c.downcast::<RefCell<F>>().ok()) else {
        return Err(Error::new(
            ErrorCode::ARG_WRONGSTATE,
            "PETSc called a closure whose DM is gone, or which was replaced",
        ));
    };
    let Ok(mut closure) = closure.try_borrow_mut() else {
        return Err(Error::new(
            ErrorCode::ARG_WRONGSTATE,
            "a callback was entered again while it runs",
        ));
    };
    body(&mut closure)
}

impl KspRef {
    /// Gives the solver a DM that makes matrices and vectors like `a` (of type `shell`), so that
    /// [`set_compute_operators`](Self::set_compute_operators) and the like work without a grid:
    /// the solver creates its own operator with the nonzero pattern of `a`, and the closures fill it.
    /// Collective.
    ///
    /// # Errors
    /// What `DMShellCreate` and `KSPSetDM` return.
    #[doc(alias = "DMShellCreate")]
    pub fn set_template(&mut self, a: &MatrixRef) -> Result<()> {
        // SAFETY: live objects, of which PETSc takes references.
        unsafe { call!(PetscRsKSPSetTemplate(self.as_ptr(), a.as_ptr())) }
    }

    /// Sets what computes the operators: `f(ksp, a, p)` fills `a` and `p`, which may be one matrix.
    /// Needs a DM ([`set_template`](Self::set_template)) that makes them. The closure lives on the
    /// DM, is called by every solver on it, and is freed with it or when another one is set.
    /// Collective.
    ///
    /// # Errors
    /// What `KSPSetComputeOperators` returns.
    #[doc(alias = "KSPSetComputeOperators")]
    pub fn set_compute_operators<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&KspRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
    {
        let ctx = self.put_on_dm(OPERATORS, f)?;
        let shim = Some(operators_shim::<F> as _);
        // SAFETY: a live solver; `ctx` is a key for the closure.
        unsafe { call!(KSPSetComputeOperators(self.as_ptr(), shim, ctx)) }
    }

    /// Sets what computes the right-hand side: `f(ksp, b)`. As
    /// [`set_compute_operators`](Self::set_compute_operators).
    ///
    /// # Errors
    /// What `KSPSetComputeRHS` returns.
    #[doc(alias = "KSPSetComputeRHS")]
    pub fn set_compute_rhs<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&KspRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let ctx = self.put_on_dm(RHS, f)?;
        let shim = Some(vector_shim::<F> as _);
        // SAFETY: a live solver; `ctx` is a key for the closure.
        unsafe { call!(KSPSetComputeRHS(self.as_ptr(), shim, ctx)) }
    }

    /// Sets what computes the first guess: `f(ksp, x)`, called when the solver is set up. As
    /// [`set_compute_operators`](Self::set_compute_operators).
    ///
    /// # Errors
    /// What `KSPSetComputeInitialGuess` returns.
    #[doc(alias = "KSPSetComputeInitialGuess")]
    pub fn set_compute_initial_guess<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&KspRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let ctx = self.put_on_dm(GUESS, f)?;
        let shim = Some(vector_shim::<F> as _);
        // SAFETY: a live solver; `ctx` is a key for the closure.
        unsafe { call!(KSPSetComputeInitialGuess(self.as_ptr(), shim, ctx)) }
    }

    /// Uses the DM of another solver, with the closures on it. Collective.
    ///
    /// # Errors
    /// What `KSPSetDM` returns.
    #[doc(alias = "KSPSetDM")]
    pub fn share_dm(&mut self, other: &KspRef) -> Result<()> {
        let dm = other.raw_dm()?;
        // SAFETY: live objects; PETSc takes a reference.
        unsafe { call!(KSPSetDM(self.as_ptr(), dm)) }
    }

    fn raw_dm(&self) -> Result<sys::DM> {
        let mut dm = ptr::null_mut();
        // SAFETY: a live solver and a valid out-pointer; PETSc makes a DM if there is none.
        unsafe { call!(KSPGetDM(self.as_ptr(), &raw mut dm)) }?;
        Ok(dm)
    }

    fn put_on_dm<F: 'static>(&mut self, name: &CStr, f: F) -> Result<*mut c_void> {
        let dm = self.raw_dm()?;
        let key = Key::new(f);
        let ctx = key.as_ctx();
        // SAFETY: the solver's DM lives; the key lives as long as it, or until it is replaced.
        unsafe { callback::compose(dm.cast(), name, key) }?;
        Ok(ctx)
    }
}

unsafe extern "C" fn operators_shim<F>(
    ksp: sys::KSP,
    a: sys::Mat,
    p: sys::Mat,
    ctx: *mut c_void,
) -> sys::PetscErrorCode
where
    F: FnMut(&KspRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
{
    callback::guard(c"KSP operators", || {
        // SAFETY: PETSc lends live objects for this call.
        let ksp = unsafe { KspRef::from_ptr(ksp) };
        // SAFETY: as above.
        let a = unsafe { MatrixRef::from_ptr_mut(a) };
        // SAFETY: as above; should both be one matrix, the handles claim no memory.
        let p = unsafe { MatrixRef::from_ptr_mut(p) };
        with::<F>(ctx, |f| f(ksp, a, p))
    })
}

unsafe extern "C" fn vector_shim<F>(
    ksp: sys::KSP,
    x: sys::Vec,
    ctx: *mut c_void,
) -> sys::PetscErrorCode
where
    F: FnMut(&KspRef, &mut VectorRef) -> Result<()> + 'static,
{
    callback::guard(c"KSP right-hand side or guess", || {
        // SAFETY: PETSc lends live objects for this call.
        let ksp = unsafe { KspRef::from_ptr(ksp) };
        // SAFETY: as above.
        let x = unsafe { VectorRef::from_ptr_mut(x) };
        with::<F>(ctx, |f| f(ksp, x))
    })
}
