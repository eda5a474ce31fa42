//! Optimisers that C solves with, within another one.

use super::{TaoRef, check, sizes, types};
use crate::Object as _;
use crate::error::{Error, ErrorCode, Result};
use crate::vector::VectorRef;

/// Methods that need nothing but value, gradient and Hessian at one point.
pub(super) const OF_ONE_POINT: [&str; 18] = [
    "lmvm", "blmvm", "nls", "ntr", "ntl", "cg", "bncg", "tron", "bnls", "bntr", "bntl", "bqnls",
    "bqnkls", "bqnktr", "bqnktl", "owlqn", "bqpip", "gpcg",
];

/// What works within a method.
pub(super) struct Within {
    pub(super) around: &'static str,
    pub(super) methods: &'static [&'static str],
}

impl TaoRef {
    /// What [`solve`](Self::solve) from `x` would do for an optimiser that C solves with, and gives a Hessian perhaps.
    /// Its type may be any: C asks for the type at most where it sets it.
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
                    "the method {name} cannot work within {around}: one of {}",
                    methods.join(", ")
                ),
            ));
        }
        let needs = types::needs(&name);
        if needs.hessian && !hessian && !self.has_hessian()? {
            let what = "a Hessian for that optimiser within, or another type of it";
            return Err(check::missing(around, what));
        }
        let mut sizes = *self.parts()?.0.sizes.borrow();
        sizes.solution = Some(sizes::length(x)?);
        sizes.check(needs)?;
        self.make_bounds(x)?;
        self.size_differences(x)?;
        self.install_test()
    }
}
