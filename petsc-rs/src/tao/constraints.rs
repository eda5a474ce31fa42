//! Bounds and constraints.

use std::ptr;

use petsc_macros::wraps;

use super::{TaoRef, shims, sizes, types};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::vector::{Vector, VectorRef};
use crate::{Object as _, Real, Scalar, ScalarExt as _, call, comm};

/// What PETSc takes for infinite: a bound that is none, in a vector of bounds of which others are finite.
#[doc(alias = "PETSC_INFINITY")]
pub const INFINITY: Real = Real::MAX / 4.0;

/// A bound of the variables, see [`TaoRef::set_variable_bounds`].
#[derive(Clone, Copy, Debug)]
pub enum Bound<'a> {
    /// None.
    None,
    /// One number for all of them.
    Constant(Real),
    /// A number for each.
    Vector(&'a VectorRef),
}

impl From<Real> for Bound<'_> {
    fn from(value: Real) -> Self {
        Self::Constant(value)
    }
}

impl<'a> From<&'a VectorRef> for Bound<'a> {
    fn from(vector: &'a VectorRef) -> Self {
        Self::Vector(vector)
    }
}

impl<'a> From<&'a Vector> for Bound<'a> {
    fn from(vector: &'a Vector) -> Self {
        Self::Vector(vector)
    }
}

impl Bound<'_> {
    fn constant(self, otherwise: Real) -> Real {
        match self {
            Self::Constant(value) => value.clamp(-INFINITY, INFINITY),
            _ => otherwise,
        }
    }
}

impl TaoRef {
    /// Sets bounds `lower ≤ x ≤ upper`, numbers or vectors, for the methods that know them; `lmvm`, `nls`, `ntr`,
    /// `ntl`, `cg`, `nm` and `owlqn` go on as if there were none. Logically collective, collective for a
    /// number beside a vector. Default: none.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a NaN, or numbers of which the lower is above the upper; that vectors fit the
    /// solution is checked by [`solve`](Self::solve).
    ///
    /// # Examples
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Norm, Tao, TaoType, Vector, tao::Bound};
    /// let mut x = Vector::new(comm, 4)?;
    /// let mut tao = Tao::new(comm)?;
    /// tao.set_type(TaoType::BLMVM)?;
    /// tao.set_variable_bounds(Bound::None, 1.0)?;
    /// tao.set_objective_and_gradient(|_, x, g| {
    ///     g.copy_from(x)?;
    ///     g.shift(-3.0)?;
    ///     let norm = g.norm(Norm::Two)?;
    ///     Ok(norm * norm / 2.0)
    /// })?;
    /// let _ = tao.solve(&mut x)?;
    /// assert_eq!(x.norm(Norm::Infinity)?, 1.0);
    /// # Ok(()) })
    /// ```
    #[wraps(TaoSetVariableBounds)]
    pub fn set_variable_bounds<'a>(
        &mut self,
        lower: impl Into<Bound<'a>>,
        upper: impl Into<Bound<'a>>,
    ) -> Result<()> {
        let (lower, upper) = (lower.into(), upper.into());
        let numbers = (lower.constant(-INFINITY), upper.constant(INFINITY));
        if numbers.0.is_nan() || numbers.1.is_nan() || numbers.0 > numbers.1 {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!(
                    "the lower bound {} is above the upper bound {}",
                    numbers.0, numbers.1
                ),
            ));
        }
        let (parts, _) = self.parts()?;
        parts.constant_bounds.take();
        match (lower, upper) {
            (Bound::None, Bound::None) => {
                self.note(|sizes| (sizes.lower, sizes.upper) = (None, None))?;
                // SAFETY: a live optimiser; NULL takes bounds away.
                unsafe {
                    call!(TaoSetVariableBounds(
                        *self.busy()?,
                        ptr::null_mut(),
                        ptr::null_mut()
                    ))
                }
            }
            (Bound::Vector(l), Bound::Vector(u)) => self.set_bound_vectors(l, u),
            (Bound::Vector(l), _) => {
                let mut u = l.duplicate()?;
                u.set(Scalar::from_real(numbers.1))?;
                self.set_bound_vectors(l, &u)
            }
            (_, Bound::Vector(u)) => {
                let mut l = u.duplicate()?;
                l.set(Scalar::from_real(numbers.0))?;
                self.set_bound_vectors(&l, u)
            }
            _ => {
                // Vectors will be made that fit.
                self.note(|sizes| (sizes.lower, sizes.upper) = (None, None))?;
                parts.constant_bounds.replace(Some(numbers));
                Ok(())
            }
        }
    }

    fn set_bound_vectors(&mut self, lower: &VectorRef, upper: &VectorRef) -> Result<()> {
        let lengths = (sizes::length(lower)?, sizes::length(upper)?);
        comm::check_same_ranks(self.object_ptr(), lower.object_ptr())?;
        comm::check_same_ranks(self.object_ptr(), upper.object_ptr())?;
        // SAFETY: live objects, of which the optimiser takes references.
        unsafe {
            call!(TaoSetVariableBounds(
                *self.busy()?,
                lower.as_ptr(),
                upper.as_ptr()
            ))
        }?;
        self.note(|sizes| (sizes.lower, sizes.upper) = (Some(lengths.0), Some(lengths.1)))
    }

    /// Bounds that are numbers become vectors now that there is a solution. Interior points read vectors also
    /// where there are no bounds, and PETSc mixes up its lists where a variable has an upper bound only.
    pub(super) fn make_bounds(&mut self, like: &VectorRef) -> Result<()> {
        let (parts, _) = self.parts()?;
        let needs = types::needs(&self.type_name()?.unwrap_or_default());
        let interior = needs.bounds;
        let mut numbers = parts.constant_bounds.take();
        if interior && parts.bounds.is_set() {
            return Err(Error::collective(
                ErrorCode::SUP,
                "interior points take bounds as numbers or vectors, not by a closure",
            ));
        }
        let none = !parts.bounds.is_set() && parts.sizes.borrow().lower.is_none();
        if (interior || needs.complementarity) && numbers.is_none() && none {
            numbers = Some((-INFINITY, INFINITY));
        }
        if let Some(numbers) = numbers {
            let (mut lower, mut upper) = (like.duplicate()?, like.duplicate()?);
            lower.set(Scalar::from_real(numbers.0))?;
            upper.set(Scalar::from_real(numbers.1))?;
            self.set_bound_vectors(&lower, &upper)?;
        }
        if interior {
            self.refuse_upper_bounds_alone()?;
        }
        Ok(())
    }

    fn refuse_upper_bounds_alone(&self) -> Result<()> {
        let (mut lower, mut upper) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live optimiser and valid out-pointers.
        unsafe {
            call!(TaoGetVariableBounds(
                self.as_ptr(),
                &raw mut lower,
                &raw mut upper
            ))
        }?;
        if lower.is_null() || upper.is_null() {
            return Ok(());
        }
        // SAFETY: the optimiser keeps a reference while it is borrowed.
        let lower = unsafe { VectorRef::from_ptr(lower) };
        // SAFETY: as above.
        let upper = unsafe { VectorRef::from_ptr(upper) };
        let alone = {
            let (lower, upper) = (lower.array()?, upper.array()?);
            lower
                .iter()
                .zip(upper.iter())
                .any(|(l, u)| l.real() <= -INFINITY && u.real() < INFINITY)
        };
        if comm::any_rank(self.object_ptr(), alone)? {
            return Err(Error::collective(
                ErrorCode::SUP,
                "interior points need a lower bound for each variable with an upper bound",
            ));
        }
        Ok(())
    }

    /// Sets what computes the bounds at the beginning of a solve: `f(tao, lower, upper)`. Replaces an earlier
    /// one. Logically collective.
    ///
    /// # Errors
    /// What `TaoSetVariableBoundsRoutine` returns.
    #[wraps(TaoSetVariableBoundsRoutine)]
    pub fn set_compute_variable_bounds<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TaoRef, &mut VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let (parts, ctx) = self.parts()?;
        parts.bounds.set(Box::new(f));
        let shim = Some(shims::bounds as _);
        // SAFETY: a live optimiser, which keeps the context.
        unsafe { call!(TaoSetVariableBoundsRoutine(*self.busy()?, shim, ctx)) }
    }

    /// Sets bounds `lower ≤ c(x) ≤ upper` of the inequalities, `None` for none on that side. No method of PETSc
    /// reads them: `almm` refuses them, the others take `c(x) ≥ 0` all the same. Write both sides into `c`
    /// instead. Logically collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the vectors differ in length; that they fit is checked by [`solve`](Self::solve).
    #[wraps(TaoSetInequalityBounds)]
    pub fn set_inequality_bounds(
        &mut self,
        lower: Option<&VectorRef>,
        upper: Option<&VectorRef>,
    ) -> Result<()> {
        let length = |bound: Option<&VectorRef>| bound.map(sizes::length).transpose();
        let (below, above) = (length(lower)?, length(upper)?);
        if let (Some(below), Some(above)) = (below, above) {
            crate::ffi::same_len("bounds of the inequalities", below.0, above.0)?;
        }
        let raw = |bound: Option<&VectorRef>| bound.map_or(ptr::null_mut(), VectorRef::as_ptr);
        let (lower, upper) = (raw(lower), raw(upper));
        // SAFETY: live objects, of which the optimiser takes references; NULL for none.
        unsafe { call!(TaoSetInequalityBounds(*self.busy()?, lower, upper)) }?;
        self.note(|sizes| sizes.inequality_bounds = below.or(above))
    }
}

macro_rules! constraints {
    ($(
        $(#[$doc:meta])* $set:ident: $c:ident, $slot:ident;
        $(#[$jacobian_doc:meta])* $set_jacobian:ident: $jacobian_c:ident, $jacobian_slot:ident;
    )*) => {
        impl TaoRef {$(
            $(#[$doc])*
            ///
            /// `c` is a vector for the values. Replaces an earlier one. Logically collective.
            ///
            /// # Errors
            /// `ARG_WRONGSTATE` after a solve by `almm`, `ipm` or `pdipm`, which keep the constraints of their set-up.
            pub fn $set<F>(&mut self, c: &VectorRef, f: F) -> Result<()>
            where
                F: FnMut(&TaoRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
            {
                let length = sizes::length(c)?;
                comm::check_same_ranks(self.object_ptr(), c.object_ptr())?;
                let (parts, ctx) = self.parts()?;
                parts.check_constraints_change()?;
                let shim = Some(shims::$slot as _);
                // SAFETY: live objects, of which the optimiser takes a reference; it keeps the context.
                unsafe { call!($c(*self.busy()?, c.as_ptr(), shim, ctx)) }?;
                parts.$slot.set(Box::new(f));
                self.note(|sizes| sizes.$slot = Some(length))
            }

            $(#[$jacobian_doc])*
            ///
            /// `p` is for the preconditioner and may be the same matrix. Replaces an earlier one. Logically
            /// collective.
            ///
            /// # Errors
            /// `ARG_SIZ` if the matrices differ in size; that they fit is checked by
            /// [`solve`](Self::solve).
            pub fn $set_jacobian<F>(&mut self, j: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
            where
                F: FnMut(&TaoRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
            {
                let shape = sizes::shape(j, p)?;
                comm::check_same_ranks(self.object_ptr(), j.object_ptr())?;
                let (parts, ctx) = self.parts()?;
                let shim = Some(shims::$jacobian_slot as _);
                // SAFETY: live objects, of which the optimiser takes references; it keeps the context.
                unsafe { call!($jacobian_c(*self.busy()?, j.as_ptr(), p.as_ptr(), shim, ctx)) }?;
                parts.$jacobian_slot.set(Box::new(f));
                self.note(|sizes| sizes.$jacobian_slot = Some(shape))
            }
        )*}
    };
}

constraints! {
    /// Sets the function of a complementarity problem, for `ssils`, `ssfls`, `asils`, `asfls`: `f(tao, x, c)`
    /// computes `c ← c(x)`, as long as `x`; wanted is `cᵢ = 0` where `x` lies between its bounds, `cᵢ ≥ 0` at
    /// a lower and `cᵢ ≤ 0` at an upper bound.
    #[doc(alias = "TaoSetConstraintsRoutine")]
    set_constraints: TaoSetConstraintsRoutine, constraints;
    /// Sets the Jacobian of the function of a complementarity problem: `f(tao, x, j, p)` computes `j ← c'(x)`.
    #[doc(alias = "TaoSetJacobianRoutine")]
    set_jacobian: TaoSetJacobianRoutine, jacobian;
    /// Sets equality constraints `c(x) = 0`: `f(tao, x, c)` computes `c ← c(x)`.
    #[doc(alias = "TaoSetEqualityConstraintsRoutine")]
    set_equality_constraints: TaoSetEqualityConstraintsRoutine, equality;
    /// Sets the Jacobian of the equality constraints: `f(tao, x, j, p)` computes `j ← c'(x)`.
    #[doc(alias = "TaoSetJacobianEqualityRoutine")]
    set_equality_jacobian: TaoSetJacobianEqualityRoutine, equality_jacobian;
    /// Sets inequality constraints `c(x) ≥ 0`: `f(tao, x, c)` computes `c ← c(x)`.
    #[doc(alias = "TaoSetInequalityConstraintsRoutine")]
    set_inequality_constraints: TaoSetInequalityConstraintsRoutine, inequality;
    /// Sets the Jacobian of the inequality constraints: `f(tao, x, j, p)` computes `j ← c'(x)`.
    #[doc(alias = "TaoSetJacobianInequalityRoutine")]
    set_inequality_jacobian: TaoSetJacobianInequalityRoutine, inequality_jacobian;
}
