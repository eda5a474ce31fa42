//! Setters of the terms of `admm`.

use std::ffi::{CStr, c_void};
use std::ptr;
use std::rc::Rc;

use petsc_macros::wraps;

use super::{TaoRef, Terms, terms};
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::tao::sizes;
use crate::vector::VectorRef;
use crate::{Object as _, Real, call, comm, ffi};

/// PETSc stores the vector without taking a reference.
const RHS: &CStr = c"petsc-rs.tao.admm.rhs";

macro_rules! term {
    ($(
        $term:ident, $of:literal, $variable:literal, $matrix:literal:
        $(#[$doc:meta])* $set:ident = $objective:ident, $objective_c:ident;
        $(#[$hessian_doc:meta])* $set_hessian:ident = $hessian:ident, $hessian_c:ident;
        $(#[$changes_doc:meta])* $set_changes:ident = $changes_c:ident;
        $(#[$constraint_doc:meta])* $set_constraint:ident = $constraint:ident, $constraint_c:ident, $identity:literal;
    )*) => {
        impl TaoRef {$(
            $(#[$doc])*
            ///
            /// Replaces an earlier closure. Logically collective.
            ///
            /// # Errors
            /// `ARG_WRONG` if the method is not `admm`.
            pub fn $set<F>(&mut self, f: F) -> Result<()>
            where
                F: FnMut(&TaoRef, &VectorRef, &mut VectorRef) -> Result<Real> + 'static,
            {
                let (terms, ctx) = self.admm_terms()?;
                let shim = Some(terms::$objective as _);
                // SAFETY: a live optimizer of this type, which owns the context.
                unsafe { call!($objective_c(*self.busy()?, shim, ctx)) }?;
                terms.$term.objective.set(Box::new(f));
                Ok(())
            }

            #[doc = concat!("Sets the Hessian of the ", $of, " of `admm`, see [`set_hessian`](Self::set_hessian). Logically collective.")]
            ///
            /// With the update `Basic`, PETSc adds the penalty to the matrix once, before the first
            /// step. The matrix must be assembled before the solve. If the Hessian is constant, do
            /// not change the matrix during the solve. A closure that computes the Hessian at each
            /// point must add the penalty itself. With the other updates, PETSc adds each change of
            /// the penalty to the matrix.
            ///
            /// # Errors
            /// `ARG_WRONG` if the method is not `admm`; `ARG_SIZ` if the matrices differ in size.
            $(#[$hessian_doc])*
            pub fn $set_hessian<F>(&mut self, h: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
            where
                F: FnMut(&TaoRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
            {
                let (terms, ctx) = self.admm_terms()?;
                let shape = sizes::shape(h, p)?;
                comm::check_same_ranks(self.object_ptr(), h.object_ptr())?;
                let (shim, h, p) = (Some(terms::$hessian as _), h.as_ptr(), p.as_ptr());
                // SAFETY: live objects, of which this optimizer takes references; it keeps the context.
                unsafe { call!($hessian_c(*self.busy()?, h, p, shim, ctx)) }?;
                terms.$term.hessian.set(Box::new(f));
                terms.$term.hessian_shape.set(Some(shape));
                Ok(())
            }

            #[doc = concat!("Sets whether the Hessian of the ", $of, " of `admm` depends on the point.")]
            /// Logically collective. Default: yes.
            ///
            /// # Errors
            /// `ARG_WRONG` if the method is not `admm`.
            $(#[$changes_doc])*
            pub fn $set_changes(&mut self, on: bool) -> Result<()> {
                self.admm_terms()?;
                // SAFETY: a live optimizer of this type.
                unsafe { call!($changes_c(*self.busy()?, ffi::raw_bool(on))) }
            }

            #[doc = concat!("Sets the matrix `", $matrix, "` of the constraint of `admm`, which is square with the size of \
                the solution: `f(tao, ", $variable, ", j, p)` computes it.")]
            /// Logically collective.
            #[doc = concat!("Default: ", $identity, ".")]
            ///
            /// # Errors
            /// `ARG_WRONG` if the method is not `admm`; `ARG_SIZ` if the matrices differ in size;
            /// `ARG_WRONGSTATE` after the solve.
            $(#[$constraint_doc])*
            pub fn $set_constraint<F>(&mut self, j: &MatrixRef, p: &MatrixRef, f: F) -> Result<()>
            where
                F: FnMut(&TaoRef, &VectorRef, &mut MatrixRef, &mut MatrixRef) -> Result<()> + 'static,
            {
                let (terms, ctx) = self.admm_terms()?;
                if self.parts()?.0.begun.get().is_some() {
                    return Err(Error::collective(
                        ErrorCode::ARG_WRONGSTATE,
                        "the constraint cannot change after the solve: create a new optimizer",
                    ));
                }
                let shape = sizes::shape(j, p)?;
                comm::check_same_ranks(self.object_ptr(), j.object_ptr())?;
                let (shim, j, p) = (Some(terms::$constraint as _), j.as_ptr(), p.as_ptr());
                // SAFETY: live objects, of which this optimizer takes references; it keeps the context.
                unsafe { call!($constraint_c(*self.busy()?, j, p, shim, ctx)) }?;
                terms.$term.constraint.set(Box::new(f));
                terms.$term.constraint_shape.set(Some(shape));
                Ok(())
            }
        )*

            /// Sets the functions that C calls without a check, also for identity matrices.
            pub(super) fn install_admm_constraints(&mut self, ctx: *mut c_void) -> Result<()> {
                $({
                    let shim = Some(terms::$constraint as _);
                    let (j, p) = (ptr::null_mut(), ptr::null_mut());
                    // SAFETY: a live optimizer of this type, which owns the context; NULL keeps the
                    // matrices.
                    unsafe { call!($constraint_c(*self.busy()?, j, p, shim, ctx)) }?;
                })*
                Ok(())
            }
        }
    };
}

term! {
    misfit, "misfit", "x", "A":
    /// Sets the misfit of `admm`: `f(tao, x, g)` returns `f(x)` and computes its gradient into `g`.
    ///
    /// # Examples
    /// The lasso `½‖x − b‖² + λ‖x‖₁` with `b = 3` and minimizer `b − λ`:
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Norm, Tao, TaoType, Vector};
    /// let mut x = Vector::new(comm, 4)?;
    /// let mut tao = Tao::new(comm)?;
    /// tao.set_type(TaoType::ADMM)?;
    /// tao.set_admm_misfit(|_, x, g| {
    ///     g.copy_from(x)?;
    ///     g.shift(-3.0)?;
    ///     let norm = g.norm(Norm::Two)?;
    ///     Ok(norm * norm / 2.0)
    /// })?;
    /// // lmvm needs no Hessian for the steps over x. Soft thresholding gives those over z.
    /// tao.admm_misfit_solver()?.set_type(TaoType::LMVM)?;
    /// tao.set_admm_regularizer_coefficient(0.5)?;
    /// let _ = tao.solve_unchecked(&mut x)?;
    /// assert!((x.norm(Norm::Infinity)? - 2.5).abs() < 1e-5);
    /// # Ok(()) })
    /// ```
    #[doc(alias = "TaoADMMSetMisfitObjectiveAndGradientRoutine")]
    set_admm_misfit = misfit_objective, TaoADMMSetMisfitObjectiveAndGradientRoutine;
    #[doc(alias = "TaoADMMSetMisfitHessianRoutine")]
    set_admm_misfit_hessian = misfit_hessian, TaoADMMSetMisfitHessianRoutine;
    #[doc(alias = "TaoADMMSetMisfitHessianChangeStatus")]
    set_admm_misfit_hessian_changes = TaoADMMSetMisfitHessianChangeStatus;
    #[doc(alias = "TaoADMMSetMisfitConstraintJacobian")]
    set_admm_misfit_constraint = misfit_constraint, TaoADMMSetMisfitConstraintJacobian,
        "the identity";

    regularizer, "regularizer", "z", "B":
    /// Sets the regularizer of `admm` for the type [`AdmmRegularizer::User`](super::AdmmRegularizer::User): `f(tao, z, g)`
    /// returns `g(z)` and computes its gradient into `g`.
    #[doc(alias = "TaoADMMSetRegularizerObjectiveAndGradientRoutine")]
    set_admm_regularizer = regularizer_objective, TaoADMMSetRegularizerObjectiveAndGradientRoutine;
    #[doc(alias = "TaoADMMSetRegularizerHessianRoutine")]
    set_admm_regularizer_hessian = regularizer_hessian, TaoADMMSetRegularizerHessianRoutine;
    #[doc(alias = "TaoADMMSetRegHessianChangeStatus")]
    set_admm_regularizer_hessian_changes = TaoADMMSetRegHessianChangeStatus;
    #[doc(alias = "TaoADMMSetRegularizerConstraintJacobian")]
    set_admm_regularizer_constraint = regularizer_constraint, TaoADMMSetRegularizerConstraintJacobian,
        "minus the identity, so that the constraint is `x = z`";
}

impl TaoRef {
    /// Sets the right-hand side `c` of the constraint `A·x + B·z = c`. Logically collective.
    /// Default: zero.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `admm`. [`solve`](Self::solve) checks that the vector has
    /// the layout of the solution.
    #[wraps(TaoADMMSetConstraintVectorRHS)]
    pub fn set_admm_rhs(&mut self, c: &VectorRef) -> Result<()> {
        let (terms, _) = self.admm_terms()?;
        comm::check_same_ranks(self.object_ptr(), c.object_ptr())?;
        let length = sizes::length(c)?;
        // SAFETY: live objects and a NUL-terminated name; the optimizer takes a reference.
        unsafe { call!(PetscObjectCompose(self.object_ptr(), RHS.as_ptr(), c.object_ptr())) }?;
        // SAFETY: a live optimizer of this type; the vector was composed with it, and so lives as long.
        unsafe { call!(TaoADMMSetConstraintVectorRHS(*self.busy()?, c.as_ptr())) }?;
        terms.rhs.set(Some(length));
        Ok(())
    }

    /// Returns the terms of the current instance of the method, and the context for C.
    pub(super) fn admm_terms(&self) -> Result<(Rc<Terms>, *mut c_void)> {
        let misfit = self.raw_admm_misfit_solver()?;
        let mut id = 0;
        // SAFETY: a live object and a valid out-pointer.
        unsafe { call!(PetscObjectGetId(misfit.cast(), &raw mut id)) }?;
        let (parts, ctx) = self.parts()?;
        let terms = parts.admm();
        if terms.of == id {
            return Ok((terms, ctx));
        }
        let fresh = Rc::new(Terms { of: id, ..Terms::default() });
        parts.set_admm(Rc::clone(&fresh));
        Ok((fresh, ctx))
    }
}
