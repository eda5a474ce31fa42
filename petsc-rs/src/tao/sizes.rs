//! Sizes of the objects passed to an optimizer. C checks few of them.

use super::types::Needs;
use crate::error::{Error, ErrorCode, Result};
use crate::ffi;
use crate::matrix::MatrixRef;
use crate::vector::VectorRef;

/// Local and global length.
pub(super) type Length = (usize, usize);
/// Numbers of rows and columns.
pub(super) type Shape = (Length, Length);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sizes {
    pub(super) solution: Option<Length>,
    pub(super) hessian: Option<Shape>,
    /// The initial approximation of the Hessian.
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

/// Returns the shape that both matrices must have.
pub(super) fn shape(a: &MatrixRef, p: &MatrixRef) -> Result<Shape> {
    a.check_same_layout(p)?;
    let ((m, n), (rows, columns)) = (a.local_size()?, a.size()?);
    Ok(((m, rows), (n, columns)))
}

impl Sizes {
    /// Checks the sizes, since optimized PETSc checks few of them. Whether constraints determine
    /// the states or define a complementarity problem depends on the method.
    pub(super) fn check(&self, needs: Needs) -> Result<()> {
        let (x, residual, state) = (self.solution, self.residual, self.state);
        let (equality, inequality) = (self.equality, self.inequality);
        let determined = state.filter(|_| needs.states);
        let determined = determined.or(x.filter(|_| needs.complementarity));
        let bounds = "bounds of the inequality constraints";
        let vectors = [
            ("lower bounds", self.lower, x),
            ("upper bounds", self.upper, x),
            ("weights of the residual", self.residual_weights, residual),
            ("constraints", self.constraints, determined),
            (bounds, self.inequality_bounds, inequality),
        ];
        for (what, found, wanted) in vectors {
            if let (Some(found), Some(wanted)) = (found, wanted) {
                if found != wanted {
                    return Err(differs(&format!("length of the {what}"), found, wanted));
                }
            }
        }
        let jacobians = [
            ("residual", self.residual_jacobian, residual),
            ("equality constraints", self.equality_jacobian, equality),
            ("inequality constraints", self.inequality_jacobian, inequality),
        ];
        let jacobians =
            jacobians.map(|(of, j, rows)| (format!("Jacobian of the {of}"), j, rows, x));
        let by = |what: &str| format!("Jacobian with respect to the {what}");
        let norm = "matrix of the gradient norm";
        let regularizer = "Hessian of the regularizer";
        // A dictionary may have any number of rows.
        let matrices = [
            ("Hessian".into(), self.hessian, x, x),
            ("initial Hessian".into(), self.start, x, x),
            (norm.into(), self.gradient_norm, x, x),
            (regularizer.into(), self.regularizer_hessian, x, x),
            ("Jacobian".into(), self.jacobian, x, x),
            ("dictionary".into(), self.dictionary, None, x),
            (by("states"), self.state_jacobian, state, state),
            (by("design variables"), self.design_jacobian, state, self.design),
        ];
        for (what, found, rows, columns) in matrices.into_iter().chain(jacobians) {
            let Some((r, c)) = found else { continue };
            for (side, found, wanted) in [("rows", r, rows), ("columns", c, columns)] {
                if let Some(wanted) = wanted.filter(|wanted| *wanted != found) {
                    return Err(differs(&format!("number of {side} of the {what}"), found, wanted));
                }
            }
        }
        Ok(())
    }
}

pub(super) fn differs(what: &str, found: Length, wanted: Length) -> Error {
    Error::new(ErrorCode::ARG_SIZ, ffi::lengths_differ(what, wanted, found))
}
