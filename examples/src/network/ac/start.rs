//! Initial guesses for Newton's method.

use petsc_rs::prelude::*;

use super::{AcModel, Given};
use crate::network::{self, DcModel};

/// The initial guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Start {
    /// The angle of the slack bus at all buses, and magnitude 1 at buses without a prescribed
    /// magnitude.
    Flat,
    /// The angles of the DC power flow, and magnitude 1 at buses without a prescribed magnitude.
    Dc,
    /// The voltages of the file.
    Case,
}

impl Start {
    /// Returns the voltages of the file if they are not flat, otherwise the flat initial guess.
    #[must_use]
    pub fn of_case(model: &AcModel) -> Self {
        let (_, angle) = model.stored[0];
        let flat = model.stored.iter().zip(&model.given).all(|(stored, given)| {
            let magnitude_given = !matches!(given, Given::Powers(..));
            stored.1 == angle && (magnitude_given || stored.0 == 1.0)
        });
        if flat || model.stored.iter().any(|&(v, _)| v <= 0.0) { Self::Flat } else { Self::Case }
    }

    /// Returns the magnitude in p.u. and the angle in radians at each bus. Collective.
    ///
    /// # Errors
    /// [`Dc`](Self::Dc): errors of [`network::solve`].
    pub fn voltages(self, comm: &Comm, model: &AcModel, dc: &DcModel) -> Result<Vec<(f64, f64)>> {
        Ok(match self {
            Self::Flat => {
                let slack = model.given.iter().find_map(|given| match given {
                    Given::Voltage(_, angle) if *angle != 0.0 => Some(*angle),
                    _ => None,
                });
                vec![(1.0, slack.unwrap_or(0.0)); model.given.len()]
            }
            Self::Dc => {
                let angles = network::solve(comm, dc)?.angles;
                angles.into_iter().map(|angle| (1.0, angle)).collect()
            }
            Self::Case => model.stored.clone(),
        })
    }
}
