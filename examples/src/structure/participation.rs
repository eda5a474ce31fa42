//! How much of a structure each mode moves when the ground does.

use petsc_rs::prelude::*;

use super::{Mode, Problem};
use crate::app::input_error;

/// A direction in which the ground moves: unknown `first` of every `of` unknowns, as where each node has displacements in
/// several directions. As text, `0/1` is every unknown, `2/3` the third of every three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Direction {
    /// Place of the direction's unknown among those of a node.
    pub first: usize,
    /// Number of unknowns of a node.
    pub of: usize,
}

impl std::str::FromStr for Direction {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let parts = text.split_once('/').and_then(|(first, of)| {
            let (first, of) = (first.parse().ok()?, of.parse().ok()?);
            (first < of).then_some(Self { first, of })
        });
        parts.ok_or_else(|| "two numbers are needed, the first smaller than the second: 0/3".into())
    }
}

/// What a mode takes part with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Participation factor `Γ = uᴴ·M·r` of the mode with `uᴴ·M·u = 1`, in √kg: of the sign, or the phase, of the shape.
    pub factor: Scalar,
    /// Effective mass `|Γ|²` in kg.
    pub mass: f64,
}

/// How the ground takes modes with it.
#[derive(Debug)]
pub struct Participation {
    /// One for each mode.
    pub shares: Vec<Share>,
    /// `rᵀ·M·r` in kg: all that moves in this direction. The effective masses of all modes add up to it.
    pub total: f64,
}

impl Participation {
    /// The share of the mass that the modes have together, up to 1.
    #[must_use]
    pub fn covered(&self) -> f64 {
        self.shares.iter().map(|share| share.mass).sum::<f64>() / self.total
    }

    /// The mode that takes part with the largest mass.
    #[must_use]
    pub fn strongest(&self) -> Option<usize> {
        let masses = self.shares.iter().enumerate();
        masses
            .max_by(|a, b| a.1.mass.total_cmp(&b.1.mass))
            .map(|(mode, _)| mode)
    }
}

/// Computes participation factors and effective masses of modes for a ground that moves in a direction, with `r` the
/// displacements of a structure that goes with it. Collective.
///
/// # Errors
/// Nodes that do not fit the number of unknowns; nothing that has mass in this direction.
pub fn participation(
    problem: &Problem,
    modes: &[Mode],
    direction: Direction,
) -> Result<Participation> {
    let n = problem.unknowns()?;
    if n % direction.of != 0 {
        return Err(input_error(format_args!(
            "{n} unknowns are not nodes of {} each",
            direction.of
        )));
    }
    let (mut r, mut moved) = problem.stiffness.vectors()?;
    for index in r.ownership_range()? {
        if usize::try_from(index)? % direction.of == direction.first {
            r.set_value(index, Scalar::from_real(1.0), InsertMode::Insert)?;
        }
    }
    r.assemble()?;
    problem.times_mass(&r, &mut moved)?;
    let total = r.dot(&moved)?.real();
    if total <= 0.0 {
        return Err(input_error("nothing has mass in this direction"));
    }
    let shares = modes.iter().map(|mode| {
        let factor = moved.dot(mode.shape.main())?;
        Ok(Share {
            factor,
            mass: factor.modulus().powi(2),
        })
    });
    Ok(Participation {
        shares: shares.collect::<Result<_>>()?,
        total,
    })
}
