//! Sizes of what an optimiser was given: C looks at few of them.

use super::types::Needs;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;

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
    /// Optimised PETSc looks at few of them. Constraints determine the states, or make a complementarity problem:
    /// that depends on the method.
    pub(super) fn check(&self, needs: Needs) -> Result<()> {
        let x = self.solution;
        let determined = self.state.filter(|_| needs.states);
        let determined = determined.or(x.filter(|_| needs.complementarity));
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
        // A dictionary has as many rows as it likes.
        let matrices = [
            ("Hessian", self.hessian, x, x),
            ("first Hessian", self.start, x, x),
            ("norm of gradients", self.gradient_norm, x, x),
            ("Hessian of the regulariser", self.regularizer_hessian, x, x),
            (
                "Jacobian of the residual",
                self.residual_jacobian,
                self.residual,
                x,
            ),
            ("Jacobian", self.jacobian, x, x),
            (
                "Jacobian of the equalities",
                self.equality_jacobian,
                self.equality,
                x,
            ),
            (
                "Jacobian of the inequalities",
                self.inequality_jacobian,
                self.inequality,
                x,
            ),
            ("dictionary", self.dictionary, None, x),
            (
                "Jacobian by the states",
                self.state_jacobian,
                self.state,
                self.state,
            ),
            (
                "Jacobian by the design variables",
                self.design_jacobian,
                self.state,
                self.design,
            ),
        ];
        for (what, found, rows, columns) in matrices {
            let Some((r, c)) = found else { continue };
            for (side, found, wanted) in [("rows", r, rows), ("columns", c, columns)] {
                if let Some(wanted) = wanted.filter(|wanted| *wanted != found) {
                    return Err(differs(&format!("{side} of the {what}"), found, wanted));
                }
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
