//! The closures of one optimiser, with what Rust knows of it.
//!
//! TAO has no destructors for contexts, and some methods copy functions and contexts into solvers of
//! their own when they are set up. So all closures lie behind one context, which is composed with the
//! optimiser and stays in its place: a closure that is replaced is replaced for the inner solvers too.

use std::cell::{Cell, RefCell};
use std::ffi::{CStr, c_void};
use std::ptr;
use std::rc::Rc;

use super::admm::Terms;
use super::sizes::Sizes;
use super::types::Needs;
use super::{ConvergedReason, TaoRef};
use crate::callback::{self, Context};
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::IndexSet;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{Object as _, Real, call, sys};

const PARTS: &CStr = c"petsc-rs.tao.parts";

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

/// A closure that may be replaced while it runs.
pub(super) struct Slot<F: ?Sized>(RefCell<Option<Rc<RefCell<Box<F>>>>>);

impl<F: ?Sized> Default for Slot<F> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<F: ?Sized> Slot<F> {
    pub(super) fn set(&self, closure: Box<F>) {
        // Dropped outside of the borrow: its captures may have closures of their own.
        let old = self.0.replace(Some(Rc::new(RefCell::new(closure))));
        drop(old);
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.borrow().is_some()
    }

    pub(super) fn run<T>(&self, body: impl FnOnce(&mut F) -> Result<T>) -> Result<T> {
        let closure = self.0.borrow().clone();
        let Some(closure) = closure else {
            return Err(Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "the optimiser needs a function that was not set",
            ));
        };
        let mut closure = closure.try_borrow_mut().map_err(|_| {
            Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "a callback was entered again while it runs",
            )
        })?;
        body(&mut closure)
    }
}

/// All closures of one optimiser.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) objective: Slot<Objective>,
    pub(super) gradient: Slot<Map>,
    pub(super) objective_and_gradient: Slot<ObjectiveAndGradient>,
    pub(super) hessian: Slot<Jacobian>,
    pub(super) residual: Slot<Map>,
    pub(super) residual_jacobian: Slot<Jacobian>,
    pub(super) regularizer: Slot<ObjectiveAndGradient>,
    pub(super) regularizer_hessian: Slot<OneMatrix>,
    pub(super) bounds: Slot<Bounds>,
    pub(super) constraints: Slot<Map>,
    pub(super) jacobian: Slot<Jacobian>,
    pub(super) equality: Slot<Map>,
    pub(super) equality_jacobian: Slot<Jacobian>,
    pub(super) inequality: Slot<Map>,
    pub(super) inequality_jacobian: Slot<Jacobian>,
    pub(super) state_jacobian: Slot<StateJacobian>,
    pub(super) design_jacobian: Slot<OneMatrix>,
    pub(super) test: Slot<Test>,
    pub(super) update: Slot<Update>,
    pub(super) solve: Slot<Solve>,
    admm: RefCell<Rc<Terms>>,
    /// One more than the largest number of a residual that has a weight.
    pub(super) weighted: Cell<usize>,
    /// Whether the Hessian is known by its products alone.
    pub(super) products: Cell<bool>,
    /// Bounds that are numbers, until there is a vector to copy.
    pub(super) constant_bounds: RefCell<Option<(Real, Real)>>,
    /// Whether the method of now is that of `Tao::new`, which nobody has set.
    pub(super) first_method: Cell<bool>,
    /// Whether the method of now was asked to read options.
    pub(super) options_read: Cell<bool>,
    /// States and design variables, until it is checked that they divide the solution.
    pub(super) state_design: RefCell<Option<(IndexSet, IndexSet)>>,
    pub(super) sizes: RefCell<Sizes>,
    /// What the method of now needs, once C has begun to solve by it.
    pub(super) begun: Cell<Option<Needs>>,
    /// Whether a set-up of the method of now has begun and not succeeded.
    pub(super) half_set_up: Cell<bool>,
    /// The sizes of the last solve that C began.
    pub(super) last: RefCell<Option<Sizes>>,
}

impl Parts {
    /// The method of now is another than before. C destroys states and design variables with a method that was set up
    /// with them (`TaoDestroy_LCL`), and leaves them else.
    pub(super) fn change_method(&self) {
        self.options_read.set(false);
        self.half_set_up.set(false);
        if self.begun.take().is_some_and(|method| method.states) {
            let mut sizes = self.sizes.borrow_mut();
            (sizes.state, sizes.design) = (None, None);
        }
    }

    /// The methods for general constraints keep the vectors that they were set up with, without a reference, and destroy
    /// their data by which constraints there are.
    pub(super) fn check_constraints_change(&self) -> Result<()> {
        if !self.begun.get().is_some_and(|method| method.general) {
            return Ok(());
        }
        Err(Error::collective(
            ErrorCode::ARG_WRONGSTATE,
            "the method keeps the constraints of its first solve: make a new optimiser",
        ))
    }

    /// Closures of the method `admm`.
    pub(super) fn admm(&self) -> Rc<Terms> {
        Rc::clone(&self.admm.borrow())
    }

    pub(super) fn set_admm(&self, terms: Rc<Terms>) {
        // Dropped outside of the borrow, as in a slot.
        let old = self.admm.replace(terms);
        drop(old);
    }
}

impl TaoRef {
    /// The closures with the context that C knows them by; made when first asked for.
    pub(super) fn parts(&self) -> Result<(Rc<Parts>, *mut c_void)> {
        let mut container: sys::PetscObject = ptr::null_mut();
        // SAFETY: a live object, a NUL-terminated name and a valid out-pointer.
        unsafe {
            call!(PetscObjectQuery(
                self.object_ptr(),
                PARTS.as_ptr(),
                &raw mut container
            ))
        }?;
        let mut ctx = ptr::null_mut();
        if container.is_null() {
            // SAFETY: a live object.
            ctx =
                unsafe { callback::compose(self.object_ptr(), PARTS, Rc::new(Parts::default())) }?;
        } else {
            // SAFETY: under this name lies a container made above.
            unsafe { call!(PetscRsContainerGetPointer(container, &raw mut ctx)) }?;
        }
        // SAFETY: the context made above.
        Ok((unsafe { shared(ctx) }?, ctx))
    }

    /// The Hessian, the Jacobians of equalities and of inequalities, and that of a complementarity problem; NULL for those
    /// that there are not.
    pub(super) fn raw_matrices(&self) -> Result<[sys::Mat; 4]> {
        let mut matrices = [ptr::null_mut(); 4];
        // SAFETY: a live optimiser and a place for each matrix.
        unsafe { call!(PetscRsTaoGetMatrices(self.as_ptr(), matrices.as_mut_ptr())) }?;
        Ok(matrices)
    }

    /// What is said about sizes is checked with the next solve.
    pub(super) fn note(&self, what: impl FnOnce(&mut Sizes)) -> Result<()> {
        what(&mut self.parts()?.0.sizes.borrow_mut());
        Ok(())
    }

    /// Also one that an option computes.
    pub(super) fn has_hessian(&self) -> Result<bool> {
        let (h, p, function) = self.raw_hessian()?;
        Ok(function.is_some() && !h.is_null() && !p.is_null())
    }

    /// The matrices of the Hessian, and whether there is a function for it.
    pub(super) fn raw_hessian(&self) -> Result<(sys::Mat, sys::Mat, Option<Hessian>)> {
        let (mut h, mut p, mut ctx) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut::<c_void>());
        let mut f = None;
        // SAFETY: a live optimiser and valid out-pointers.
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

/// What C calls for the Hessian.
pub(super) type Hessian = unsafe extern "C" fn(
    sys::Tao,
    sys::Vec,
    sys::Mat,
    sys::Mat,
    *mut c_void,
) -> sys::PetscErrorCode;

/// # Safety
/// `ctx` is the context of the parts of a live optimiser.
pub(super) unsafe fn shared(ctx: *mut c_void) -> Result<Rc<Parts>> {
    // SAFETY: by contract; the slot of the context is never borrowed for longer than this.
    unsafe { Context::<Rc<Parts>>::with(ctx, |parts| Ok(Rc::clone(parts))) }
}
