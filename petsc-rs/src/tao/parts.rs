//! The closures of one optimiser, and the sizes of what it was given.
//!
//! TAO has no destructors for contexts, and some methods copy functions and contexts into solvers of
//! their own when they are set up. So all closures lie behind one context, which is composed with the
//! optimiser and stays in its place: a closure that is replaced is replaced for the inner solvers too.

use std::cell::{Cell, RefCell};
use std::ffi::{CStr, c_void};
use std::ptr;
use std::rc::Rc;

use super::admm::Terms;
use super::kind::{self, Needs};
use super::{ConvergedReason, TaoRef};
use crate::callback::{self, Context};
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::IndexSet;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;
use crate::{Object as _, Real, call, comm, sys};

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
    /// Whether the method of now was asked to read options.
    pub(super) options_read: Cell<bool>,
    /// States and design variables, until it is checked that they divide the solution.
    pub(super) state_design: RefCell<Option<(IndexSet, IndexSet)>>,
    pub(super) sizes: RefCell<Sizes>,
    /// The sizes that the optimiser was set up with.
    first: RefCell<Option<Sizes>>,
}

impl Parts {
    /// Whether there was a solve.
    pub(super) fn was_set_up(&self) -> bool {
        self.first.borrow().is_some()
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

/// On this rank and on all.
pub(super) type Length = (usize, usize);
/// Rows and columns.
pub(super) type Shape = (Length, Length);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sizes {
    pub(super) solution: Option<Length>,
    pub(super) hessian: Option<Shape>,
    /// The approximation of the Hessian to begin with.
    pub(super) start: Option<Shape>,
    pub(super) gradient_norm: Option<Shape>,
    pub(super) residual: Option<Length>,
    pub(super) residual_jacobian: Option<Shape>,
    pub(super) residual_weights: Option<Length>,
    pub(super) dictionary: Option<Shape>,
    pub(super) regularizer_hessian: Option<Shape>,
    pub(super) lower: Option<Length>,
    pub(super) upper: Option<Length>,
    pub(super) constraints: Option<Length>,
    pub(super) jacobian: Option<Shape>,
    pub(super) equality: Option<Length>,
    pub(super) equality_jacobian: Option<Shape>,
    pub(super) inequality: Option<Length>,
    pub(super) inequality_jacobian: Option<Shape>,
    pub(super) inequality_bounds: Option<Length>,
    pub(super) state: Option<Length>,
    pub(super) design: Option<Length>,
    pub(super) state_jacobian: Option<Shape>,
    pub(super) design_jacobian: Option<Shape>,
}

pub(super) fn length(x: &VectorRef) -> Result<Length> {
    Ok((x.local_len()?, x.len()?))
}

/// Both matrices have this shape.
pub(super) fn shape(a: &MatrixRef, p: &MatrixRef) -> Result<Shape> {
    a.check_same_layout(p)?;
    let ((m, n), (rows, columns)) = (a.local_size()?, a.size()?);
    Ok(((m, rows), (n, columns)))
}

impl Sizes {
    /// Optimised PETSc looks at few of them. Constraints determine the states, if there are any for the method.
    pub(super) fn check(&self, states: bool) -> Result<()> {
        let x = self.solution;
        let determined = if states { self.state } else { x };
        let vectors = [
            ("lower bounds", self.lower, x),
            ("upper bounds", self.upper, x),
            (
                "weights of the residual",
                self.residual_weights,
                self.residual,
            ),
            ("constraints", self.constraints, determined),
            (
                "bounds of the inequalities",
                self.inequality_bounds,
                self.inequality,
            ),
        ];
        for (what, found, wanted) in vectors {
            if let (Some(found), Some(wanted)) = (found, wanted) {
                if found != wanted {
                    return Err(differs(what, found, wanted));
                }
            }
        }
        let matrices = [
            ("Hessian", self.hessian, x),
            ("first Hessian", self.start, x),
            ("norm of gradients", self.gradient_norm, x),
            ("Hessian of the regulariser", self.regularizer_hessian, x),
            (
                "Jacobian of the residual",
                self.residual_jacobian,
                self.residual,
            ),
            ("Jacobian", self.jacobian, x),
            (
                "Jacobian of the equalities",
                self.equality_jacobian,
                self.equality,
            ),
            (
                "Jacobian of the inequalities",
                self.inequality_jacobian,
                self.inequality,
            ),
            ("dictionary", self.dictionary, None),
        ];
        self.check_state_design()?;
        for (what, found, rows) in matrices {
            let Some((r, c)) = found else { continue };
            if let Some(rows) = rows {
                if r != rows {
                    return Err(differs(&format!("rows of the {what}"), r, rows));
                }
            }
            if let Some(x) = x {
                if c != x {
                    return Err(differs(&format!("columns of the {what}"), c, x));
                }
            }
        }
        Ok(())
    }
}

impl Sizes {
    /// The Jacobian of the constraints in two parts.
    fn check_state_design(&self) -> Result<()> {
        let parts = [
            ("states", self.state_jacobian, self.state),
            ("design variables", self.design_jacobian, self.design),
        ];
        for (what, found, columns) in parts {
            let (Some((r, c)), Some(rows), Some(columns)) = (found, self.state, columns) else {
                continue;
            };
            if r != rows {
                return Err(differs(
                    &format!("rows of the Jacobian by the {what}"),
                    r,
                    rows,
                ));
            }
            if c != columns {
                return Err(differs(
                    &format!("columns of the Jacobian by the {what}"),
                    c,
                    columns,
                ));
            }
        }
        Ok(())
    }
}

pub(super) fn differs(what: &str, found: Length, wanted: Length) -> Error {
    Error::new(
        ErrorCode::ARG_SIZ,
        format!(
            "the {what} are {} ({} on this rank), wanted {} ({})",
            found.1, found.0, wanted.1, wanted.0
        ),
    )
}

pub(super) fn missing(kind: &str, what: &str) -> Error {
    Error::collective(
        ErrorCode::ORDER,
        format!("the method {kind} needs {what}, which was not set"),
    )
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

    /// What is said about sizes is checked with the next solve.
    pub(super) fn note(&self, what: impl FnOnce(&mut Sizes)) -> Result<()> {
        what(&mut self.parts()?.0.sizes.borrow_mut());
        Ok(())
    }

    /// Everything that the method calls is there, and fits a solution of this length.
    pub(super) fn check_parts(&self, parts: &Parts, solution: Length) -> Result<()> {
        let kind = self.type_name()?.unwrap_or_default();
        let needs = kind::needs(&kind);
        self.check_needs(parts, &kind, needs)?;
        let mut sizes = *parts.sizes.borrow();
        sizes.solution = Some(solution);
        sizes.check(needs.states)?;
        let mut first = parts.first.borrow_mut();
        let first = first.get_or_insert(sizes);
        let (was, is) = (
            (first.solution, first.residual),
            (sizes.solution, sizes.residual),
        );
        if was != is && (was.0 != is.0 || was.1.is_some()) {
            return Err(Error::new(
                ErrorCode::ARG_SIZ,
                "the optimiser was set up for another number of variables or residuals: make a new one",
            ));
        }
        *first = sizes;
        Ok(())
    }

    fn check_needs(&self, parts: &Parts, kind: &str, needs: Needs) -> Result<()> {
        if needs.out_of_reach {
            return Err(Error::collective(
                ErrorCode::SUP,
                format!("the method {kind} cannot be set up from Rust"),
            ));
        }
        if needs.one_rank && comm::size_of_object(self.object_ptr())? > 1 {
            return Err(Error::collective(
                ErrorCode::SUP,
                format!(
                    "the method {kind} is for one rank: make the optimiser on Petsc::self_comm()"
                ),
            ));
        }
        if needs.hessian && !self.has_hessian()? {
            return Err(missing(kind, "a Hessian (set_hessian, or -tao_fd_hessian)"));
        }
        if needs.residual && !parts.residual.is_set() {
            return Err(missing(kind, "residuals (set_residual)"));
        }
        if needs.residual_jacobian && !parts.residual_jacobian.is_set() {
            return Err(missing(
                kind,
                "the Jacobian of the residuals (set_residual_jacobian)",
            ));
        }
        if parts.regularizer.is_set() != parts.regularizer_hessian.is_set() {
            return Err(missing(
                kind,
                "both regulariser and its Hessian, or neither,",
            ));
        }
        if needs.complementarity && !(parts.constraints.is_set() && parts.jacobian.is_set()) {
            return Err(missing(
                kind,
                "constraints and their Jacobian (set_constraints, set_jacobian)",
            ));
        }
        if needs.states {
            if !parts.options_read.get() {
                // The number of steps within an iteration would be zero.
                return Err(Error::collective(
                    ErrorCode::ORDER,
                    format!(
                        "the method {kind} gets its defaults by set_from_options: call it after set_type"
                    ),
                ));
            }
            let all = parts.constraints.is_set()
                && parts.state_jacobian.is_set()
                && parts.design_jacobian.is_set()
                && parts.sizes.borrow().state.is_some();
            if !all {
                return Err(missing(
                    kind,
                    "constraints, states and design variables, and the Jacobian by each of them (set_constraints, \
                     set_state_design, set_state_jacobian, set_design_jacobian)",
                ));
            }
        }
        if needs.general {
            let (e, i) = (parts.equality.is_set(), parts.inequality.is_set());
            if e != parts.equality_jacobian.is_set() {
                return Err(missing(
                    kind,
                    "both equalities and their Jacobian, or neither,",
                ));
            }
            if i != parts.inequality_jacobian.is_set() {
                return Err(missing(
                    kind,
                    "both inequalities and their Jacobian, or neither,",
                ));
            }
        }
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
