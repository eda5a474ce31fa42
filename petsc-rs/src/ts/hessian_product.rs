//! Products with the second derivatives of the equation, for second-order adjoints.

use std::ffi::c_void;
use std::ptr;

use petsc_macros::wraps;

use super::{TsRef, TsType};
use crate::callback::{Attached, trampoline};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::{Vector, VectorRef};
use crate::{Int, Object, Real, Scalar, ScalarExt as _, call, ffi, runtime, sys};

crate::attached! {
    const RHS: Product = c"petsc-rs.ts.rhs-hessian-product";
    const IMPLICIT: Product = c"petsc-rs.ts.i-hessian-product";
}

/// Block of second derivatives of an equation, see [`HessianProduct`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HessianBlock {
    /// Second derivatives with respect to the state. The direction and the product have the length
    /// of the state.
    StateState,
    /// Mixed derivatives with respect to the state and the parameters. The direction has the length
    /// of the parameters, and the product has the length of the state.
    StateParameter,
    /// Mixed derivatives with respect to the parameters and the state. The direction has the length
    /// of the state, and the product has the length of the parameters.
    ParameterState,
    /// Second derivatives with respect to the parameters. The direction and the product have the
    /// length of the parameters.
    ParameterParameter,
}

/// A product that a second-order adjoint requires, see [`TsRef::set_rhs_hessian_product`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct HessianProduct<'a> {
    /// Block of second derivatives.
    pub block: HessianBlock,
    /// Time.
    pub time: Real,
    /// State.
    pub u: &'a VectorRef,
    /// Weights of the components of the equation, with the length of the state.
    pub left: &'a VectorRef,
    /// Direction in the state or in the parameters.
    pub right: &'a VectorRef,
}

type Product = Box<dyn FnMut(&TsRef, &HessianProduct<'_>, &mut VectorRef) -> Result<()>>;

impl TsRef {
    /// Sets products with the second derivatives of the right-hand side, for
    /// [`solve_tangent`](Self::solve_tangent). Replaces an earlier closure. Logically collective.
    ///
    /// `f(ts, product, y)` computes `yⱼ ← ∑ leftᵢ·∂²Gᵢ/∂aⱼ∂bₖ·rightₖ`, where `a` and `b` are the
    /// state or the parameters, as the [block](HessianProduct::block) says. `y` is zero on entry,
    /// so that `f` may ignore a block in which all second derivatives are zero.
    ///
    /// # Errors
    /// The errors of `PetscObjectCompose`.
    #[wraps(TSSetRHSHessianProduct)]
    pub fn set_rhs_hessian_product<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, &HessianProduct<'_>, &mut VectorRef) -> Result<()> + 'static,
    {
        self.set_product(&RHS, Box::new(f))
    }

    /// Sets products with the second derivatives of the implicit function `F(t, u, u')`, see
    /// [`set_rhs_hessian_product`](Self::set_rhs_hessian_product). Second derivatives that involve
    /// `u'` are assumed to be zero. Logically collective.
    ///
    /// If products are set for both the right-hand side and the implicit function, PETSc uses only
    /// the products of the implicit function.
    ///
    /// # Errors
    /// The errors of `PetscObjectCompose`.
    #[wraps(TSSetIHessianProduct)]
    pub fn set_i_hessian_product<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, &HessianProduct<'_>, &mut VectorRef) -> Result<()> + 'static,
    {
        self.set_product(&IMPLICIT, Box::new(f))
    }

    fn set_product(&mut self, key: &Attached<Product>, f: Product) -> Result<()> {
        // C has the context only while `install_products` is in effect.
        key.set(self, f).map(drop)
    }

    /// Installs the products for `costs` cost functions in C, until the result is dropped.
    pub(super) fn install_products(
        &self,
        costs: usize,
        state: &VectorRef,
        parameters: Option<&VectorRef>,
    ) -> Result<Installed> {
        // SAFETY: a live integrator.
        let implicit = unsafe { IMPLICIT.context(self.object_ptr()) }?;
        // SAFETY: as above.
        let rhs = unsafe { RHS.context(self.object_ptr()) }?;
        let explicit_method = self.is_type(&TsType::RK.name().to_string_lossy())?;
        let (ctx, set): (_, Set) = match (implicit, rhs) {
            (Some(ctx), _) if !explicit_method => (ctx, sys::TSSetIHessianProduct),
            (_, Some(ctx)) => (ctx, sys::TSSetRHSHessianProduct),
            _ => {
                let text = "the integrator has no second derivatives: call set_rhs_hessian_product, or \
                            set_i_hessian_product for implicit methods";
                return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
            }
        };
        let zero = |like: &VectorRef| -> Result<Vector> {
            let mut y = like.duplicate()?;
            y.set(Scalar::from_real(0.0))?;
            Ok(y)
        };
        // C also adds the products that no function computes.
        let many = |like: Option<&VectorRef>| match like {
            Some(like) => (0..costs).map(|_| zero(like)).collect(),
            None => Ok(Vec::new()),
        };
        let results: [Vec<Vector>; 4] =
            [many(Some(state))?, many(Some(state))?, many(parameters)?, many(parameters)?];
        let raw = results.each_ref().map(|v| v.iter().map(|v| v.as_ptr()).collect::<Vec<_>>());
        let mut installed = Installed { ts: self.as_ptr(), set, raw, _results: results };
        installed.give(ctx)?;
        Ok(installed)
    }
}

/// Signature of the C function for the products of one block.
type InC = Option<
    unsafe extern "C" fn(
        sys::TS,
        Real,
        sys::Vec,
        *mut sys::Vec,
        sys::Vec,
        *mut sys::Vec,
        *mut c_void,
    ) -> sys::PetscErrorCode,
>;

type Set = unsafe extern "C" fn(
    sys::TS,
    *mut sys::Vec,
    InC,
    *mut sys::Vec,
    InC,
    *mut sys::Vec,
    InC,
    *mut sys::Vec,
    InC,
    *mut c_void,
) -> sys::PetscErrorCode;

/// Vectors of the products while C has pointers to them.
pub(super) struct Installed {
    ts: sys::TS,
    set: Set,
    raw: [Vec<sys::Vec>; 4],
    _results: [Vec<Vector>; 4],
}

/// Placeholder for vectors: C does not accept NULL.
static NOTHING: [usize; 1] = [0];

impl Installed {
    fn give(&mut self, ctx: *mut c_void) -> Result<()> {
        let [uu, up, pu, pp] =
            self.raw.each_mut().map(|v| if v.is_empty() { nothing() } else { v.as_mut_ptr() });
        let of_parameters = !self.raw[2].is_empty();
        let f: [InC; 4] = [
            Some(state_state::<Product>),
            of_parameters.then_some(state_parameter::<Product>),
            of_parameters.then_some(parameter_state::<Product>),
            of_parameters.then_some(parameter_parameter::<Product>),
        ];
        let set = self.set;
        // SAFETY: a live integrator; C stores the arrays, which live as long as this, and `drop`
        // removes them. The context is that of a `Product`.
        let code = unsafe { set(self.ts, uu, f[0], up, f[1], pu, f[2], pp, f[3], ctx) };
        ffi::check("TSSetRHSHessianProduct", code)
    }
}

fn nothing() -> *mut sys::Vec {
    (&raw const NOTHING).cast::<sys::Vec>().cast_mut()
}

impl Drop for Installed {
    fn drop(&mut self) {
        let (none, set) = (nothing(), self.set);
        // SAFETY: a live integrator, which outlives this value inside one of its methods; without
        // functions, C does not read the arrays.
        let code = unsafe {
            set(self.ts, none, None, none, None, none, None, none, None, ptr::null_mut())
        };
        runtime::record_drop("TSSetRHSHessianProduct", code);
    }
}

/// Returns the number of cost functions of an integrator, 0 before they are set.
pub(super) fn cost_count(ts: &TsRef) -> Result<Int> {
    let (mut count, none) = (0, ptr::null_mut());
    // SAFETY: a live integrator and a valid out-pointer; the others may be NULL.
    unsafe { call!(TSGetCostGradients(ts.as_ptr(), &raw mut count, none, none)) }?;
    Ok(count)
}

/// # Safety
/// The arrays have one live vector for each cost function.
unsafe fn each(
    ts: &TsRef,
    left: *mut sys::Vec,
    y: *mut sys::Vec,
    mut f: impl FnMut(&VectorRef, &mut VectorRef) -> Result<()>,
) -> Result<()> {
    let count = ffi::size(cost_count(ts)?)?;
    // SAFETY: by contract.
    let left = unsafe { ffi::slice(left.cast_const(), count) };
    // SAFETY: by contract.
    let y = unsafe { ffi::slice(y.cast_const(), count) };
    for (&left, &y) in left.iter().zip(y) {
        // SAFETY: by contract; the handle does not claim exclusive access.
        let left = unsafe { VectorRef::from_ptr::<'_>(left) };
        // SAFETY: by contract; the handle claims no memory.
        let y = unsafe { VectorRef::from_ptr_mut::<'_>(y) };
        y.set(Scalar::from_real(0.0))?;
        f(left, y)?;
    }
    Ok(())
}

/// Defines the C functions, one for each block.
macro_rules! products {
    ($($name:ident = $block:ident;)*) => {$(
        trampoline! {
            fn $name[c"TS Hessian product"](
                ts: &TsRef, time: Real, u: &VectorRef, left: *mut sys::Vec, right: &VectorRef, y: *mut sys::Vec
            )
            for FnMut(&TsRef, &HessianProduct<'_>, &mut VectorRef) -> Result<()> as F
            = |f| {
                let block = HessianBlock::$block;
                // SAFETY: PETSc passes one vector for each cost function.
                unsafe {
                    each(ts, left, y, |left, y| f(ts, &HessianProduct { block, time, u, left, right }, y))
                }
            }
        }
    )*};
}

products! {
    state_state = StateState;
    state_parameter = StateParameter;
    parameter_state = ParameterState;
    parameter_parameter = ParameterParameter;
}
