//! Participation factors and effective masses of modes.

use petsc_rs::prelude::*;

use super::{Mode, Problem};
use crate::app::input_error;

/// The direction of a ground motion: unknown `first` of every `of` unknowns, for nodes with
/// displacements in several directions. The text `0/1` selects every unknown, and `2/3` the third
/// of every three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Direction {
    /// The position of the direction's unknown among those of a node.
    pub first: usize,
    /// The number of unknowns of a node.
    pub of: usize,
}

impl std::str::FromStr for Direction {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let parts = text.split_once('/').and_then(|(first, of)| {
            let (first, of) = (first.parse().ok()?, of.parse().ok()?);
            (first < of).then_some(Self { first, of })
        });
        parts
            .ok_or_else(|| "use two numbers, the first smaller than the second, such as 0/3".into())
    }
}

/// The participation of a mode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The participation factor `Γ = uᴴ·M·r` in √kg of the mode with `uᴴ·M·u = 1`. The sign or
    /// phase of `Γ` depends on that of the mode shape.
    pub factor: Scalar,
    /// The effective mass `|Γ|²` in kg.
    pub mass: f64,
}

/// The participation of all modes.
#[derive(Debug)]
pub struct Participation {
    /// The participation of each mode.
    pub shares: Vec<Share>,
    /// `rᵀ·M·r` in kg: the total mass in this direction, which is the sum of the effective masses
    /// of all modes.
    pub total: f64,
}

impl Participation {
    /// Returns the sum of the effective masses as a fraction of the total mass.
    #[must_use]
    pub fn covered(&self) -> f64 {
        self.shares.iter().map(|share| share.mass).sum::<f64>() / self.total
    }

    /// Returns the mode with the largest effective mass.
    #[must_use]
    pub fn strongest(&self) -> Option<usize> {
        let masses = self.shares.iter().enumerate();
        masses.max_by(|a, b| a.1.mass.total_cmp(&b.1.mass)).map(|(mode, _)| mode)
    }
}

/// Computes participation factors and effective masses of modes for a direction of ground motion,
/// where `r` is the rigid-body displacement in this direction. Collective.
///
/// # Errors
/// The number of unknowns is not a multiple of the unknowns of a node; no mass in this direction.
pub fn participation(
    problem: &Problem,
    modes: &[Mode],
    direction: Direction,
) -> Result<Participation> {
    let n = problem.unknowns()?;
    if n % direction.of != 0 {
        return Err(input_error(format_args!(
            "{n} unknowns cannot be divided into nodes of {} unknowns",
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
        return Err(input_error("the structure has no mass in this direction"));
    }
    let shares = modes.iter().map(|mode| {
        let factor = moved.dot(mode.shape.main())?;
        Ok(Share { factor, mass: factor.modulus().powi(2) })
    });
    Ok(Participation { shares: shares.collect::<Result<_>>()?, total })
}
