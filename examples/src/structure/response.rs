//! The response of a structure to ground motion, computed from its modes.

use petsc_rs::VectorRef;
use petsc_rs::prelude::*;

use super::oscillator::{Oscillator, State};
use super::{Accelerogram, Mode, Participation, Problem};
use crate::app::input_error;

/// The damping of the modes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ratio {
    /// The same damping ratio for all modes.
    Same(f64),
    /// Rayleigh damping with the matrix `mass·M + stiffness·K`: the ratio is `(mass/ω +
    /// stiffness·ω)/2`.
    Rayleigh {
        /// The mass coefficient in 1/s.
        mass: f64,
        /// The stiffness coefficient in s.
        stiffness: f64,
    },
}

impl Ratio {
    fn of(self, omega: f64) -> f64 {
        match self {
            Self::Same(ratio) => ratio,
            Self::Rayleigh { mass, stiffness } => 0.5 * (mass / omega + stiffness * omega),
        }
    }
}

/// The motion of a structure relative to the ground.
#[derive(Debug)]
pub struct Response {
    /// The times of the ground motion in s.
    pub times: Vec<f64>,
    /// The motion of each mode at these times, for a participation factor of 1.
    pub modal: Vec<Vec<State>>,
    /// For each mode, `ω` in 1/s, damping ratio and participation factor.
    parts: Vec<(f64, f64, Scalar)>,
}

/// Computes the response of modes to ground motion, without time discretization error. The response
/// of the modes that were not computed is missing in the result. Not collective.
///
/// # Errors
/// A mode with complex frequency, or an overdamped mode.
pub fn respond(
    modes: &[Mode],
    participation: &Participation,
    ground: &Accelerogram,
    ratio: Ratio,
) -> Result<Response> {
    let (mut parts, mut modal) = (Vec::new(), Vec::new());
    for (mode, share) in modes.iter().zip(&participation.shares) {
        if mode.buckles() {
            return Err(input_error(format_args!(
                "a mode has omega² = {:.3e} 1/s², so the structure buckles: superposition needs modes that oscillate",
                mode.eigenvalue
            )));
        }
        // The computed frequency of a rigid-body motion is a rounding error.
        let rigid = mode.rigid;
        let omega = if rigid { 0.0 } else { mode.eigenvalue.sqrt() };
        let ratio = if rigid { 0.0 } else { ratio.of(omega) };
        if mode.imaginary != 0.0 || !(0.0..1.0).contains(&ratio) {
            return Err(input_error(format_args!(
                "a mode of {} Hz has the damping ratio {ratio}: superposition needs modes that oscillate, with ratios from 0 to 1",
                mode.frequency
            )));
        }
        parts.push((omega, ratio, share.factor));
        modal.push(Oscillator { omega, ratio }.respond(ground));
    }
    Ok(Response { times: ground.times.clone(), modal, parts })
}

impl Response {
    /// Computes the displacements in m relative to the ground at one of the times. Collective.
    ///
    /// # Errors
    /// A vector of another size.
    pub fn displacement(&self, modes: &[Mode], step: usize, u: &mut VectorRef) -> Result<()> {
        u.set_zero()?;
        for ((mode, states), part) in modes.iter().zip(&self.modal).zip(&self.parts) {
            u.axpy(part.2 * Scalar::from_real(states[step].q), mode.shape.main())?;
        }
        Ok(())
    }

    /// Returns the displacements in m of one unknown at all times. Collective.
    ///
    /// # Errors
    /// The unknown does not exist.
    pub fn at(&self, modes: &[Mode], unknown: Int) -> Result<Vec<f64>> {
        let Some(first) = modes.first() else {
            return Ok(vec![0.0; self.times.len()]);
        };
        let mut one = first.shape.main().duplicate()?;
        if one.ownership_range()?.contains(&unknown) {
            one.set_value(unknown, Scalar::from_real(1.0), InsertMode::Insert)?;
        }
        one.assemble()?;
        let mut sum = vec![0.0; self.times.len()];
        for ((mode, states), part) in modes.iter().zip(&self.modal).zip(&self.parts) {
            let here = (mode.shape.main().dot(&one)? * part.2).real();
            for (sum, state) in sum.iter_mut().zip(states) {
                *sum += here * state.q;
            }
        }
        Ok(sum)
    }

    /// Returns the force in N between ground and structure at all times: `Σ |Γ|²·(ω²·q + 2ζω·q̇)`.
    #[must_use]
    pub fn base_force(&self) -> Vec<f64> {
        let mut sum = vec![0.0; self.times.len()];
        for ((omega, ratio, factor), states) in self.parts.iter().zip(&self.modal) {
            for (sum, state) in sum.iter_mut().zip(states) {
                *sum += factor.modulus().powi(2)
                    * (omega * omega * state.q + 2.0 * ratio * omega * state.v);
            }
        }
        sum
    }
}

/// Returns the unknown with the largest displacement in a mode; of unknowns that are equal up to
/// rounding, the first. Collective.
///
/// # Errors
/// Errors of the reductions.
pub fn most_moved(mode: &Mode) -> Result<Int> {
    let mut size = mode.shape.main().duplicate_with_values()?;
    size.abs()?;
    let largest = size.max()?.map_or(0.0, |(_, value)| value);
    for value in size.array_mut()?.iter_mut() {
        *value = Scalar::from_real(f64::from(u8::from(value.real() > 0.999_999 * largest)));
    }
    Ok(size.max()?.map_or(0, |(index, _)| index))
}

impl Problem {
    /// Computes `y = M·x`. Collective.
    ///
    /// # Errors
    /// Errors of the product.
    pub fn times_mass(&self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        match &self.mass {
            Some(mass) => mass.mult(x, y),
            None => y.copy_from(x),
        }
    }
}

/// Returns the largest absolute value and its position.
#[must_use]
pub fn peak(values: &[f64]) -> (usize, f64) {
    let found = values.iter().copied().enumerate();
    found.fold(
        (0, 0.0),
        |best: (usize, f64), (i, value)| {
            if value.abs() > best.1.abs() { (i, value) } else { best }
        },
    )
}
