//! Checks of inner optimizers, which C calls during a solve of the outer optimizer.

use super::{TaoRef, check, sizes, types};
use crate::Object as _;
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;

/// Methods that need only value, gradient and Hessian at one point.
pub(super) const OF_ONE_POINT: [&str; 18] = [
    "lmvm", "blmvm", "nls", "ntr", "ntl", "cg", "bncg", "tron", "bnls", "bntr", "bntl", "bqnls",
    "bqnkls", "bqnktr", "bqnktl", "owlqn", "bqpip", "gpcg",
];

/// The inner optimizers that a method supports.
pub(super) struct Within {
    pub(super) around: &'static str,
    pub(super) methods: &'static [&'static str],
}

impl TaoRef {
    /// Checks an inner optimizer before a solve from `x`, like [`solve`](Self::solve) for an outer
    /// one. `hessian` states whether C sets a Hessian in it. The type must be one of `methods`,
    /// which C checks in few cases.
    pub(super) fn ready_within(
        &mut self,
        x: &VectorRef,
        Within { around, methods }: &Within,
        hessian: bool,
    ) -> Result<()> {
        let name = self.type_name()?.unwrap_or_default();
        if !methods.contains(&name.as_str()) {
            return Err(Error::collective(
                ErrorCode::SUP,
                format!(
                    "the method {name} is not supported as inner optimizer within {around}: use one of {}",
                    methods.join(", ")
                ),
            ));
        }
        let needs = types::needs(&name);
        if needs.hessian && !hessian && !self.has_hessian()? {
            let what =
                "a Hessian for the inner optimizer (or set another type of the inner optimizer)";
            return Err(check::missing(around, what));
        }
        let mut sizes = *self.parts()?.0.sizes.borrow();
        sizes.solution = Some(sizes::length(x)?);
        sizes.check(needs)?;
        self.make_bounds(x)?;
        self.check_alike(x)?;
        self.size_differences(x)?;
        self.install_test()
    }
}
