//! A battery cell in SI units and its critical ambient temperature.

use std::collections::BTreeMap;
use std::path::Path;

use petsc_rs::prelude::*;

use super::{Problem, Rate, to_the_fold};
use crate::stencil::Side;

/// The gas constant in J/(mol K).
const GAS: f64 = 8.314_462_618;
/// The step length of the continuation to the fold.
const STEP: Real = 0.25;
/// The temperature interval in K that is searched for a critical temperature.
const RANGE: (f64, f64) = (150.0, 1500.0);

/// A cell with an exothermic reaction. The consumption of the reactant is neglected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// The edge lengths in m of a prism with the volume and the surface of the cell.
    pub edges: [f64; 3],
    /// The conductivity in W/(m K).
    pub conductivity: f64,
    /// The preexponential factor of the heat release, in W/m³.
    pub prefactor: f64,
    /// The activation energy in J/mol.
    pub activation: f64,
}

/// The critical state of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Critical {
    /// The largest `λ` with a steady state.
    pub lambda: Real,
    /// The ambient temperature in K at which the cell has that `λ`.
    pub ambient: f64,
    /// The temperature rise at the center in this state, in K.
    pub rise: f64,
    /// `RT/E` at the ambient temperature.
    pub epsilon: Real,
}

/// The required entries of a file, with their units.
const LINES: [(&str, &str); 8] = [
    ("volume", "m3"),
    ("surface", "m2"),
    ("conductivity", "W/(m.K)"),
    ("reactant", "kg/m3"),
    ("fraction", "1"),
    ("heat", "J/kg"),
    ("frequency", "1/s"),
    ("activation_energy", "J/mol"),
];

impl Cell {
    /// Reads a file such as those in `examples/data/battery`: a name, a number and a unit on each
    /// line.
    ///
    /// # Errors
    /// One line that describes the error, with the name of the file.
    pub fn read(path: &Path) -> std::result::Result<Self, String> {
        let text = crate::app::read_text(path).map_err(|e| format!("{}: {e}", path.display()))?;
        Self::parse(&text).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// Parses the text of a file in the format of [`read`](Self::read).
    ///
    /// # Errors
    /// One line that describes the error.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        let mut lines: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
        for (number, line) in text.lines().enumerate() {
            let words: Vec<&str> =
                line.split('#').next().unwrap_or_default().split_whitespace().collect();
            match words[..] {
                [] => {}
                [name, value, unit] => {
                    if lines.insert(name, (value, unit)).is_some() {
                        return Err(format!("line {}: {name} occurs twice", number + 1));
                    }
                }
                _ => {
                    let text = format!("line {}: expected a name, a number and a unit", number + 1);
                    return Err(text);
                }
            }
        }
        let mut numbers = [0.0; LINES.len()];
        for ((name, unit), number) in LINES.iter().zip(&mut numbers) {
            let (value, found) = lines.remove(name).ok_or(format!("{name} is missing"))?;
            if found != *unit {
                return Err(format!("{name} in {found}: use {unit}"));
            }
            *number = value
                .parse()
                .ok()
                .filter(|v: &f64| v.is_finite() && *v > 0.0)
                .ok_or(format!("{name} {value}: use a positive number"))?;
        }
        let flat = match lines.remove("shape") {
            Some(("flat", "prism")) => true,
            Some(("tall", "prism")) => false,
            _ => return Err("the shape is missing: use 'flat prism' or 'tall prism'".into()),
        };
        if let Some(name) = lines.keys().next() {
            return Err(format!("unknown name {name}"));
        }
        let [volume, surface, conductivity, reactant, fraction, heat, frequency, activation] =
            numbers;
        Ok(Self {
            edges: edges(volume, surface, flat)?,
            conductivity,
            prefactor: reactant * fraction * heat * frequency,
            activation,
        })
    }

    /// Returns the heat release at a temperature, in W/m³.
    #[must_use]
    pub fn heat(&self, temperature: f64) -> f64 {
        self.prefactor * (-self.activation / (GAS * temperature)).exp()
    }

    /// Returns half the shortest edge in m, which is the unit of length of
    /// [`problem`](Self::problem).
    #[must_use]
    pub fn half(&self) -> f64 {
        0.5 * self.edges.into_iter().fold(f64::MAX, f64::min)
    }

    /// Returns `RT/E`.
    #[must_use]
    pub fn epsilon(&self, ambient: f64) -> f64 {
        GAS * ambient / self.activation
    }

    /// Returns the temperature rise in K that corresponds to `u = 1`: `RT²/E`.
    #[must_use]
    pub fn scale(&self, ambient: f64) -> f64 {
        ambient * self.epsilon(ambient)
    }

    /// Returns `λ` at an ambient temperature: `heat·half²/(conductivity·scale)`.
    #[must_use]
    pub fn lambda(&self, ambient: f64) -> f64 {
        self.heat(ambient) * self.half().powi(2) / (self.conductivity * self.scale(ambient))
    }

    /// Returns the ambient temperature between 150 K and 1500 K at which the cell has this `λ`, if
    /// there is one. In this range, `λ` increases with temperature.
    #[must_use]
    pub fn ambient(&self, lambda: f64) -> Option<f64> {
        let (mut low, mut high) = RANGE;
        if !(self.lambda(low) < lambda && lambda < self.lambda(high)) {
            return None;
        }
        while high - low > 1e-9 * high {
            let middle = 0.5 * (low + high);
            if self.lambda(middle) < lambda {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(0.5 * (low + high))
    }

    /// Returns the problem for the eighth of the cell between its center and a corner. The symmetry
    /// planes are insulated. The surface is at ambient temperature, or has the heat transfer
    /// coefficient `transfer` in W/(m² K).
    #[must_use]
    pub fn problem(&self, transfer: Option<f64>) -> Problem {
        let half = self.half();
        let outside = match transfer {
            None => Side::Held,
            Some(h) => Side::Open(h * half / self.conductivity),
        };
        Problem {
            lambda: 0.0,
            rate: Rate::Exponential,
            lengths: self.edges.map(|edge| 0.5 * edge / half),
            sides: [[Side::INSULATED, outside]; 3],
        }
    }

    /// Computes two critical states: one for Frank-Kamenetskii's approximation and one for
    /// Arrhenius' law. Collective.
    ///
    /// # Errors
    /// Errors of the continuation; no critical temperature between 150 K and 1500 K.
    pub fn critical(&self, grid: &Dmda, transfer: Option<f64>) -> Result<[Critical; 2]> {
        let problem = self.problem(transfer);
        let at = |rate| {
            let fold = to_the_fold(grid, &Problem { rate, ..problem }, STEP)?;
            let lambda = fold.lambda;
            let ambient = self
                .ambient(lambda)
                .ok_or_else(|| Error::user("no critical temperature between 150 K and 1500 K"))?;
            Ok::<_, Error>(Critical {
                lambda,
                ambient,
                rise: fold.largest * self.scale(ambient),
                epsilon: self.epsilon(ambient),
            })
        };
        let approximate = at(Rate::Exponential)?;
        // ε depends weakly on the unknown temperature, so a fixed-point iteration converges fast.
        let mut exact = approximate;
        for _ in 0..10 {
            let next = at(Rate::Arrhenius(exact.epsilon))?;
            let change = (next.ambient - exact.ambient).abs();
            exact = next;
            if change < 1e-3 {
                return Ok([approximate, exact]);
            }
        }
        Err(Error::user("the iteration for the critical temperature does not converge"))
    }
}

/// Returns the edges of a prism with a square base and this volume and surface. There are two
/// solutions.
fn edges(volume: f64, surface: f64, flat: bool) -> std::result::Result<[f64; 3], String> {
    let cube = volume.cbrt();
    let too_much = |a: f64| 2.0 * a * a + 4.0 * volume / a - surface;
    if too_much(cube) > 0.0 {
        return Err("the surface is smaller than that of a cube of this volume".into());
    }
    let (mut inside, mut outside) =
        if flat { (cube, surface.sqrt()) } else { (cube, volume / surface) };
    while (outside - inside).abs() > 1e-14 * cube {
        let middle = 0.5 * (inside + outside);
        if middle == inside || middle == outside {
            break;
        }
        if too_much(middle) > 0.0 {
            outside = middle;
        } else {
            inside = middle;
        }
    }
    Ok([inside, inside, volume / (inside * inside)])
}

#[cfg(test)]
mod tests {
    use super::Cell;

    const POUCH: &str = include_str!("../../data/battery/nmc_pouch.txt");

    #[test]
    fn a_cell_has_its_volume_and_surface() {
        for (text, volume, surface) in [
            (POUCH, 1.28e-4, 0.0379),
            (include_str!("../../data/battery/lfp_18650.txt"), 1.7e-5, 0.00431),
        ] {
            let [a, b, c] = Cell::parse(text).expect("a cell").edges;
            assert!((a * b * c / volume - 1.0).abs() < 1e-10);
            assert!((2.0 * (a * b + b * c + c * a) / surface - 1.0).abs() < 1e-10);
            assert_eq!(a > c, volume == 1.28e-4);
        }
    }

    #[test]
    fn lambda_and_ambient_are_inverse() {
        let cell = Cell::parse(POUCH).expect("a cell");
        // Computed by hand: 610.4·0.15·2.57e5·1.667e15·exp(-1.3508e5/(8.314462618·400)).
        assert!((cell.heat(400.0) / 90_163.0 - 1.0).abs() < 0.01, "{}", cell.heat(400.0));
        let back = cell.ambient(cell.lambda(387.5)).expect("in range");
        assert!((back - 387.5).abs() < 1e-6);
        assert_eq!(cell.ambient(1e300), None);
    }

    #[test]
    fn mistakes_in_a_cell_are_named() {
        let wrong =
            |from: &str, to: &str| Cell::parse(&POUCH.replace(from, to)).expect_err("refused");
        assert_eq!(wrong("m2", "cm2"), "surface in cm2: use m2");
        assert_eq!(
            wrong("0.0379", "0.01"),
            "the surface is smaller than that of a cube of this volume"
        );
        assert_eq!(wrong("0.0379", "-1"), "surface -1: use a positive number");
        assert_eq!(
            wrong("flat", "round"),
            "the shape is missing: use 'flat prism' or 'tall prism'"
        );
        assert_eq!(wrong("heat ", "colour 3 1\nheat "), "unknown name colour");
        assert_eq!(wrong("heat ", ""), "line 10: expected a name, a number and a unit");
    }
}
