//! The closures of one optimizer, and its state in Rust.
//!
//! TAO has no destructors for contexts, and some methods copy functions and contexts to inner
//! solvers in their setup. Therefore all closures share one context, which is composed with the
//! optimizer and keeps its address. A closure that is replaced is therefore also replaced for the
//! inner solvers.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::ptr;
use std::rc::Rc;

use super::admm::Terms;
use super::sizes::Sizes;
use super::types::Needs;
use super::{ConvergedReason, TaoRef};
use crate::callback::{Context, Replaceable};
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::IndexSet;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{Object as _, Real, call, sys};

crate::attached! {
    const PARTS: Rc<Parts> = c"petsc-rs.tao.parts";
}

pub(super) type Objective = dyn FnMut(&TaoRef, &VectorRef) -> Result<Real>;
pub(super) type ObjectiveAndGradient =
    dyn FnMut(&TaoRef, &VectorRef, &mut VectorRef) -> Result<Real>;
pub(super) type Map = dyn FnMut(&TaoRef, &VectorRef, &mut VectorRef) -> Result<()>;
pub(super) type Bounds = dyn FnMut(&TaoRef, &mut VectorRef, &mut VectorRef) -> Result<()>;
pub(super) type Jacobian =
    dyn FnMut(&TaoRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()>;
pub(super) type OneMatrix = dyn FnMut(&TaoRef, &VectorRef, &mut MatrixRef) -> Result<()>;
pub(super) type StateJacobian = dyn FnMut(
    &TaoRef,
    &VectorRef,
    &mut MatrixRef,
    &mut MatrixRef,
    Option<&mut MatrixRef>,
) -> Result<()>;
pub(super) type Test = dyn FnMut(&TaoRef) -> Result<ConvergedReason>;
pub(super) type Update = dyn FnMut(&TaoRef, usize) -> Result<()>;
pub(super) type Solve = dyn FnMut(&mut TaoRef) -> Result<()>;

/// All closures of one optimizer.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) objective: Replaceable<Objective>,
    pub(super) gradient: Replaceable<Map>,
    pub(super) objective_and_gradient: Replaceable<ObjectiveAndGradient>,
    pub(super) hessian: Replaceable<Jacobian>,
    pub(super) residual: Replaceable<Map>,
    pub(super) residual_jacobian: Replaceable<Jacobian>,
    pub(super) regularizer: Replaceable<ObjectiveAndGradient>,
    pub(super) regularizer_hessian: Replaceable<OneMatrix>,
    pub(super) bounds: Replaceable<Bounds>,
    pub(super) constraints: Replaceable<Map>,
    pub(super) jacobian: Replaceable<Jacobian>,
    pub(super) equality: Replaceable<Map>,
    pub(super) equality_jacobian: Replaceable<Jacobian>,
    pub(super) inequality: Replaceable<Map>,
    pub(super) inequality_jacobian: Replaceable<Jacobian>,
    pub(super) state_jacobian: Replaceable<StateJacobian>,
    pub(super) design_jacobian: Replaceable<OneMatrix>,
    pub(super) test: Replaceable<Test>,
    pub(super) update: Replaceable<Update>,
    pub(super) solve: Replaceable<Solve>,
    admm: RefCell<Rc<Terms>>,
    /// One more than the largest index of a weighted residual.
    pub(super) weighted: Cell<usize>,
    /// Whether the Hessian is a matrix-free operator.
    pub(super) products: Cell<bool>,
    /// Bounds given as numbers, until there is a vector whose layout can be copied.
    pub(super) constant_bounds: RefCell<Option<(Real, Real)>>,
    /// Whether the current method is the default of `Tao::new`.
    pub(super) first_method: Cell<bool>,
    /// Whether the current method has read options.
    pub(super) options_read: Cell<bool>,
    /// States and design variables, until the check that they divide the solution.
    pub(super) state_design: RefCell<Option<(IndexSet, IndexSet)>>,
    pub(super) sizes: RefCell<Sizes>,
    /// Requirements of the current method, recorded when `TaoSolve` starts.
    pub(super) begun: Cell<Option<Needs>>,
    /// Whether a setup of the current method has started but not succeeded.
    pub(super) half_set_up: Cell<bool>,
    /// The sizes of the last solve that C started.
    pub(super) last: RefCell<Option<Sizes>>,
}

impl Parts {
    /// Called when the method has changed. C destroys states and design variables with a method
    /// that was set up with them (`TaoDestroy_LCL`), and keeps them otherwise.
    pub(super) fn change_method(&self) {
        self.options_read.set(false);
        self.half_set_up.set(false);
        if self.begun.take().is_some_and(|method| method.states) {
            let mut sizes = self.sizes.borrow_mut();
            (sizes.state, sizes.design) = (None, None);
        }
    }

    /// Checks that constraints may change. The methods for general constraints store the vectors of
    /// their setup without a reference, and which data they destroy depends on the constraints that
    /// are set.
    pub(super) fn check_constraints_change(&self) -> Result<()> {
        if !self.begun.get().is_some_and(|method| method.general) {
            return Ok(());
        }
        Err(Error::collective(
            ErrorCode::ARG_WRONGSTATE,
            "the constraints cannot change after the first solve with this method: create a new optimizer",
        ))
    }

    /// Returns the closures of the method `admm`.
    pub(super) fn admm(&self) -> Rc<Terms> {
        Rc::clone(&self.admm.borrow())
    }

    pub(super) fn set_admm(&self, terms: Rc<Terms>) {
        // Dropped outside the borrow, as in `Replaceable::set`.
        let old = self.admm.replace(terms);
        drop(old);
    }
}

impl TaoRef {
    /// Returns the closures with their context for C. Creates them in the first call.
    pub(super) fn parts(&self) -> Result<(Rc<Parts>, *mut c_void)> {
        // SAFETY: a live object.
        let ctx = match unsafe { PARTS.context(self.object_ptr()) }? {
            Some(ctx) => ctx,
            None => PARTS.set(self, Rc::new(Parts::default()))?,
        };
        // SAFETY: the context of such a value.
        Ok((unsafe { shared(ctx) }?, ctx))
    }

    /// Returns the Hessian and the Jacobians of the equality and of the inequality constraints.
    /// Each is NULL if it is not set.
    pub(super) fn raw_matrices(&self) -> Result<[sys::Mat; 3]> {
        let mut matrices = [ptr::null_mut(); 3];
        // SAFETY: a live optimizer and a place for each matrix.
        unsafe { call!(PetscRsTaoGetMatrices(self.as_ptr(), matrices.as_mut_ptr())) }?;
        Ok(matrices)
    }

    /// Stores sizes that the next solve checks.
    pub(super) fn note(&self, what: impl FnOnce(&mut Sizes)) -> Result<()> {
        what(&mut self.parts()?.0.sizes.borrow_mut());
        Ok(())
    }

    /// Returns whether there is a Hessian, including one that an option computes.
    pub(super) fn has_hessian(&self) -> Result<bool> {
        let (h, p, function) = self.raw_hessian()?;
        Ok(function.is_some() && !h.is_null() && !p.is_null())
    }

    /// Returns the matrices of the Hessian, and its C function if there is one.
    pub(super) fn raw_hessian(&self) -> Result<(sys::Mat, sys::Mat, Option<Hessian>)> {
        let (mut h, mut p, mut ctx) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut::<c_void>());
        let mut f = None;
        // SAFETY: a live optimizer and valid out-pointers.
        unsafe {
            call!(TaoGetHessian(
                self.as_ptr(),
                &raw mut h,
                &raw mut p,
                &raw mut f,
                (&raw mut ctx).cast()
            ))
        }?;
        Ok((h, p, f))
    }
}

/// The C function of the Hessian.
pub(super) type Hessian = unsafe extern "C" fn(
    sys::Tao,
    sys::Vec,
    sys::Mat,
    sys::Mat,
    *mut c_void,
) -> sys::PetscErrorCode;

/// # Safety
/// `ctx` is the context of the parts of a live optimizer.
pub(super) unsafe fn shared(ctx: *mut c_void) -> Result<Rc<Parts>> {
    // SAFETY: by contract; the slot of the context is never borrowed for longer than this.
    unsafe { Context::<Rc<Parts>>::with(ctx, |parts| Ok(Rc::clone(parts))) }
}
