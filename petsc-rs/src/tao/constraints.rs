//! Bounds and constraints.

use std::ptr;

use petsc_macros::wraps;

use super::{TaoRef, shims, sizes, types};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::vector::{Vector, VectorRef};
use crate::{Object as _, Real, Scalar, ScalarExt as _, call, comm};

/// The value that PETSc treats as infinite: in a vector of bounds, it means that a variable has no
/// bound.
#[doc(alias = "PETSC_INFINITY")]
pub const INFINITY: Real = Real::MAX / 4.0;

/// A bound of the variables, see [`TaoRef::set_variable_bounds`].
#[derive(Clone, Copy, Debug)]
pub enum Bound<'a> {
    /// No bound.
    None,
    /// The same bound for all variables.
    Constant(Real),
    /// A bound for each variable.
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
    /// Sets bounds `lower ≤ x ≤ upper`, as numbers or vectors. Logically collective; collective if
    /// one bound is a number and the other bound is a vector. Default: none.
    ///
    /// The methods `lmvm`, `nls`, `ntr`, `ntl`, `cg`, `nm` and `owlqn` ignore bounds.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a NaN, or if the number `lower` exceeds the number `upper`.
    /// [`solve`](Self::solve) checks that vectors have the layout of the solution.
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
        let numbers @ (low, high) = (lower.constant(-INFINITY), upper.constant(INFINITY));
        if low.is_nan() || high.is_nan() || low > high {
            let text = format!("the lower bound {low} exceeds the upper bound {high}");
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        let none = ptr::null_mut();
        let (parts, _) = self.parts()?;
        parts.constant_bounds.take();
        match (lower, upper) {
            (Bound::None, Bound::None) => {
                self.note(|sizes| (sizes.lower, sizes.upper) = (None, None))?;
                // SAFETY: a live optimizer; NULL removes the bounds.
                unsafe { call!(TaoSetVariableBounds(*self.busy()?, none, none)) }
            }
            (Bound::Vector(l), Bound::Vector(u)) => self.set_bound_vectors(l, u),
            (Bound::Vector(l), _) => {
                let mut u = l.duplicate()?;
                u.set(Scalar::from_real(high))?;
                self.set_bound_vectors(l, &u)
            }
            (_, Bound::Vector(u)) => {
                let mut l = u.duplicate()?;
                l.set(Scalar::from_real(low))?;
                self.set_bound_vectors(&l, u)
            }
            _ => {
                // The vectors will be created with the layout of the solution.
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
        let (l, u) = (lower.as_ptr(), upper.as_ptr());
        // SAFETY: live objects, of which the optimizer takes references.
        unsafe { call!(TaoSetVariableBounds(*self.busy()?, l, u)) }?;
        self.note(|sizes| (sizes.lower, sizes.upper) = (Some(lengths.0), Some(lengths.1)))
    }

    /// Converts bounds that are numbers to vectors, once there is a solution. Interior-point
    /// methods also read the vectors if there are no bounds, and PETSc confuses its index lists if
    /// a variable has only an upper bound.
    pub(super) fn make_bounds(&mut self, like: &VectorRef) -> Result<()> {
        let (parts, _) = self.parts()?;
        let needs = types::needs(&self.type_name()?.unwrap_or_default());
        let interior = needs.bounds;
        let mut numbers = parts.constant_bounds.take();
        if interior && parts.bounds.is_set() {
            return Err(Error::collective(
                ErrorCode::SUP,
                "interior-point methods support bounds as numbers or vectors, but not as a closure",
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
        let Some((lower, upper)) = self.variable_bounds()? else {
            return Ok(());
        };
        let (lower, upper) = (lower.array()?, upper.array()?);
        let mut both = lower.iter().zip(upper.iter());
        let alone = both.any(|(l, u)| l.real() <= -INFINITY && u.real() < INFINITY);
        if comm::any_rank(self.object_ptr(), alone)? {
            return Err(Error::collective(
                ErrorCode::SUP,
                "interior-point methods need a lower bound for each variable with an upper bound",
            ));
        }
        Ok(())
    }

    /// Sets the closure `f(tao, lower, upper)` that computes the bounds at the start of a solve.
    /// Replaces an earlier closure. Logically collective.
    #[wraps(TaoSetVariableBoundsRoutine)]
    pub fn set_compute_variable_bounds<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&TaoRef, &mut VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let (parts, ctx) = self.parts()?;
        parts.bounds.set(Box::new(f));
        let shim = Some(shims::bounds as _);
        // SAFETY: a live optimizer, which keeps the context.
        unsafe { call!(TaoSetVariableBoundsRoutine(*self.busy()?, shim, ctx)) }
    }

    /// Sets bounds `lower ≤ c(x) ≤ upper` of the inequality constraints. `None` means that there is
    /// no bound on that side. Logically collective.
    ///
    /// No method of PETSc uses these bounds: `almm` returns an error, and the other methods still
    /// require `c(x) ≥ 0`. Write both bounds as components of `c(x) ≥ 0` instead.
    ///
    /// # Errors
    /// `ARG_SIZ` if the vectors differ in length. [`solve`](Self::solve) checks that they fit.
    #[wraps(TaoSetInequalityBounds)]
    pub fn set_inequality_bounds(
        &mut self,
        lower: Option<&VectorRef>,
        upper: Option<&VectorRef>,
    ) -> Result<()> {
        let length = |bound: Option<&VectorRef>| bound.map(sizes::length).transpose();
        let (below, above) = (length(lower)?, length(upper)?);
        if let (Some(below), Some(above)) = (below, above) {
            crate::ffi::same_len(
                "length of the upper bounds of the inequalities",
                below.0,
                above.0,
            )?;
        }
        let raw = |bound: Option<&VectorRef>| bound.map_or(ptr::null_mut(), VectorRef::as_ptr);
        let (lower, upper) = (raw(lower), raw(upper));
        // SAFETY: live objects, of which the optimizer takes references; NULL for none.
        unsafe { call!(TaoSetInequalityBounds(*self.busy()?, lower, upper)) }?;
        self.note(|sizes| sizes.inequality_bounds = below.or(above))
    }
}

macro_rules! constraints {
    ($(
        $(#[$doc:meta])* $set:ident: $c:ident, $part:ident;
        $(#[$jacobian_doc:meta])* $set_jacobian:ident: $jacobian_c:ident, $jacobian_part:ident;
    )*) => {
        impl TaoRef {$(
            $(#[$doc])*
            ///
            /// PETSc uses the vector passed here as `c`. Replaces an earlier closure. Logically
            /// collective.
            ///
            /// # Errors
            /// `ARG_WRONGSTATE` after a solve with `almm`, `ipm` or `pdipm`, which store the
            /// constraints in the setup.
            pub fn $set<F>(&mut self, c: &VectorRef, f: F) -> Result<()>
            where
                F: FnMut(&TaoRef, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
            {
                let length = sizes::length(c)?;
                comm::check_same_ranks(self.object_ptr(), c.object_ptr())?;
                let (parts, ctx) = self.parts()?;
                parts.check_constraints_change()?;
                let shim = Some(shims::$part as _);
                // SAFETY: live objects, of which the optimizer takes a reference; it keeps the context.
                unsafe { call!($c(*self.busy()?, c.as_ptr(), shim, ctx)) }?;
                parts.$part.set(Box::new(f));
                self.note(|sizes| sizes.$part = Some(length))
            }

            $(#[$jacobian_doc])*
            ///
            /// The preconditioner is built from `p`, which may be the same matrix. Replaces an
            /// earlier closure. Logically collective.
            ///
            /// # Errors
            /// `ARG_SIZ` if the matrices differ in size. [`solve`](Self::solve) checks that they
            /// fit.
            pub fn $set_jacobian<F>(&mut self, j: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
            where
                F: FnMut(&TaoRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
            {
                let shape = sizes::shape(j, p)?;
                comm::check_same_ranks(self.object_ptr(), j.object_ptr())?;
                let (parts, ctx) = self.parts()?;
                let shim = Some(shims::$jacobian_part as _);
                // SAFETY: live objects, of which the optimizer takes references; it keeps the context.
                unsafe { call!($jacobian_c(*self.busy()?, j.as_ptr(), p.as_ptr(), shim, ctx)) }?;
                parts.$jacobian_part.set(Box::new(f));
                self.note(|sizes| sizes.$jacobian_part = Some(shape))
            }
        )*}
    };
}

constraints! {
    /// Sets the function of a complementarity problem, for `ssils`, `ssfls`, `asils`, `asfls`:
    /// `f(tao, x, c)` computes `c ← c(x)`, which has the length of `x`. At the solution, `cᵢ = 0`
    /// where `x` lies strictly between its bounds, `cᵢ ≥ 0` at a lower bound, and `cᵢ ≤ 0` at an
    /// upper bound.
    #[doc(alias = "TaoSetConstraintsRoutine")]
    set_constraints: TaoSetConstraintsRoutine, constraints;
    /// Sets the Jacobian of the function of a complementarity problem: `f(tao, x, j, p)` computes
    /// `j ← c'(x)`.
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
