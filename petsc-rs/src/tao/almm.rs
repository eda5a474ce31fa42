//! Augmented Lagrangian method (`almm`): its formulation, inner optimizer and multipliers.

use petsc_macros::{getter, setting, wraps};

use super::nested::Within;
use super::{Tao, TaoRef};
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::object::{Loan, type_among};
use crate::vector::{Vector, VectorRef};
use crate::{Object as _, sys};

c_enum! {
    /// Treatment of inequality constraints in `almm`, see [`TaoRef::set_almm_type`].
    #[doc(alias = "TaoALMMType")]
    AlmmType of TaoALMMType;
    /// Slack variables. Bounds on the variables are required in PETSc 3.18, where the method does
    /// not converge without them; the bounds may be wide.
    Classic = TAO_ALMM_CLASSIC,
    /// The augmented Lagrangian of Powell, Hestenes and Rockafellar, without slack variables. PETSc
    /// changes the signs of all entries of the Jacobian of the inequality constraints. The closure
    /// that computes this Jacobian must therefore set all entries in each call, including constant
    /// entries.
    Phr = TAO_ALMM_PHR,
}

impl TaoRef {
    /// The treatment of inequality constraints in `almm`. Set it before the first solve.
    #[setting(TaoALMMSetType, TaoALMMGetType, errors = "`ORDER` after the first solve")]
    #[types("almm")]
    #[option("-tao_almm_type", default = "`Phr`")]
    pub fn set_almm_type(almm_type: AlmmType);

    /// Returns the inner optimizer of `almm`.
    ///
    /// Its options have the prefix `tao_almm_subsolver_`. Its type must be one of `cg`, `lmvm`,
    /// `bncg`, `bqnls`, `bqnkls`, `bqnktr`, `bqnktl`.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is not `almm`.
    #[wraps(TaoALMMGetSubsolver, not_collective)]
    #[track_caller]
    pub fn almm_subsolver(&self) -> Result<Tao> {
        // SAFETY: a live optimizer.
        unsafe { Tao::part_of_method(self, self.raw_almm_subsolver()?) }
    }

    #[getter(TaoALMMGetSubsolver)]
    #[types("almm")]
    fn raw_almm_subsolver() -> sys::Tao;

    /// Returns the multipliers `y` of the Lagrangian `f(x) + y·c(x)` of `almm` after a solve, with
    /// the layout of the constraints.
    ///
    /// With `Phr` and inequality constraints, the Lagrangian is `f(x) - y·c(x)` with `y ≥ 0`.
    /// Because of the penalty, `x` can be accurate many iterations before the multipliers are.
    ///
    /// # Errors
    /// `SUP` with both equality and inequality constraints: PETSc (3.18 to 3.26) then creates one
    /// vector but never stores the multipliers in it; `ARG_WRONG` if the method is not `almm`;
    /// `ORDER` before a solve.
    #[wraps(TaoALMMGetMultipliers, not_collective)]
    #[track_caller]
    pub fn almm_multipliers(&self) -> Result<Loan<'_, Vector>> {
        type_among(self, &["almm"], "almm_multipliers")?;
        let (parts, _) = self.parts()?;
        if parts.equality.is_set() && parts.inequality.is_set() {
            let text = "almm computes no multipliers with both equality and inequality constraints";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        if self.solution()?.is_none() {
            let text = "the optimizer has no solution yet: call solve first";
            return Err(Error::new(ErrorCode::ORDER, text));
        }
        // SAFETY: NULL, or a live vector.
        let found = unsafe { Vector::retain_nullable(self.raw_almm_multipliers()?) }?;
        let text = "the optimizer has no constraints: call set_equality_constraints or \
                    set_inequality_constraints first";
        found.map(Loan::new).ok_or_else(|| Error::new(ErrorCode::ORDER, text))
    }

    #[getter(TaoALMMGetMultipliers)]
    #[types("almm")]
    fn raw_almm_multipliers() -> sys::Vec;

    /// Checks the type of the inner optimizer. PETSc sets only its function and gradient.
    /// `TaoALMMSetSubsolver` checks that the type needs nothing else, but nothing checks a later
    /// change of the type.
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
