//! Augmented Lagrangians: the formulation, the optimiser within, the multipliers.

use std::ptr;

use petsc_macros::wraps;

use super::nested::Within;
use super::{Tao, TaoRef};
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Loan;
use crate::vector::{Vector, VectorRef};
use crate::{Object as _, call, sys};

c_enum! {
    /// How `almm` treats inequalities, see [`TaoRef::set_almm_type`].
    #[doc(alias = "TaoALMMType")]
    AlmmType of TaoALMMType;
    /// By slack variables. Bound the variables, however widely: without bounds, this does not converge in PETSc
    /// 3.18.
    Classic = TAO_ALMM_CLASSIC,
    /// By the function of Powell, Hestenes and Rockafellar, without slack variables. It turns the signs of the
    /// inequalities' Jacobian, whose closure must fill in all entries each time, also constant ones.
    Phr = TAO_ALMM_PHR,
}

impl TaoRef {
    /// Sets how `almm` treats inequalities. Before the first solve. Logically collective. Default: `Phr`. Option:
    /// `-tao_almm_type`.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `almm`; `ORDER` after the first solve.
    #[wraps(TaoALMMSetType)]
    pub fn set_almm_type(&mut self, kind: AlmmType) -> Result<()> {
        self.expect_type("almm")?;
        // SAFETY: a live optimiser of this type and a value of the enum.
        unsafe { call!(TaoALMMSetType(*self.busy()?, kind.to_raw())) }
    }

    /// How `almm` treats inequalities. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `almm`.
    #[wraps(TaoALMMGetType)]
    pub fn almm_type(&self) -> Result<AlmmType> {
        crate::not_collective!();
        self.expect_type("almm")?;
        let mut raw = AlmmType::Phr.to_raw();
        // SAFETY: a live optimiser of this type and a valid out-pointer.
        unsafe { call!(TaoALMMGetType(self.as_ptr(), &raw mut raw)) }?;
        raw.try_into()
    }

    /// The optimiser within `almm`, whose options have the prefix `tao_almm_subsolver_`. One of `cg`,
    /// `lmvm`, `bncg`, `bqnls`, `bqnkls`, `bqnktr`, `bqnktl`. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `almm`.
    #[wraps(TaoALMMGetSubsolver)]
    #[track_caller]
    pub fn almm_subsolver(&self) -> Result<Tao> {
        crate::not_collective!();
        // SAFETY: a live optimiser.
        unsafe { Tao::part_of_method(self, self.raw_almm_subsolver()?) }
    }

    fn raw_almm_subsolver(&self) -> Result<sys::Tao> {
        self.expect_type("almm")?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live optimiser of this type and a valid out-pointer.
        unsafe { call!(TaoALMMGetSubsolver(self.as_ptr(), &raw mut raw)) }?;
        Ok(raw)
    }

    /// The multipliers `y` of `f(x) + y·c(x)` of `almm` after a solve, distributed as the constraints. With `Phr`, those of
    /// inequalities belong to `f(x) - y·c(x)`, `y ≥ 0`. They are as good as the solve was: `x` may be right, by penalties,
    /// long before they are. Not collective.
    ///
    /// # Errors
    /// `SUP` with both equalities and inequalities, for which PETSc (3.18 to 3.26) makes one vector and never puts
    /// multipliers into it; `ARG_WRONG` if the method is not `almm`; `ORDER` before a solve.
    #[wraps(TaoALMMGetMultipliers)]
    #[track_caller]
    pub fn almm_multipliers(&self) -> Result<Loan<'_, Vector>> {
        crate::not_collective!();
        self.expect_type("almm")?;
        let (parts, _) = self.parts()?;
        if parts.equality.is_set() && parts.inequality.is_set() {
            let text = "almm gives no multipliers when there are both equalities and inequalities";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        if self.solution()?.is_none() {
            return Err(Error::new(ErrorCode::ORDER, "there was no solve yet"));
        }
        let mut raw = ptr::null_mut();
        // SAFETY: a live optimiser of this type and a valid out-pointer.
        unsafe { call!(TaoALMMGetMultipliers(self.as_ptr(), &raw mut raw)) }?;
        if raw.is_null() {
            return Err(Error::new(ErrorCode::ORDER, "there are no constraints"));
        }
        // SAFETY: a live vector.
        Ok(Loan::new(unsafe { Vector::retain(raw) }?))
    }

    /// PETSc gives the optimiser within a function and its gradient, and nothing else; a list of the types that do with
    /// these is compared by `TaoALMMSetSubsolver` only, not where the type within is changed.
    pub(super) fn guard_almm(&mut self, x: &VectorRef) -> Result<()> {
        const WITHIN: Within = Within {
            around: "almm",
            methods: &["cg", "lmvm", "bncg", "bqnls", "bqnkls", "bqnktr", "bqnktl"],
        };
        if !self.is_type("almm")? {
            return Ok(());
        }
        self.almm_subsolver()?.ready_within(x, &WITHIN, false)
    }
}
