//! The synthetic city of the workshop: a grid of streets and avenues with one plant and three
//! districts.
//!
//! The voltage is 1 p.u. at the plant and 0 at the far corner. Because both voltages are
//! prescribed, the power injected at the plant has no effect; only the loads have an effect. The
//! workshop's script prints "line currents" between nodes that no line connects (conductance times
//! voltage difference). This program prints only the currents of lines that exist.

use super::{DcModel, Line};

/// The city.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SyntheticCity {
    /// The number of streets.
    pub nx: usize,
    /// The number of avenues.
    pub ny: usize,
    /// The total load in p.u.
    pub load: f64,
    /// The conductance of a line in p.u.
    pub conductance: f64,
}

impl SyntheticCity {
    /// Returns the node at street `ix` and avenue `iy`.
    #[must_use]
    pub fn node(&self, ix: usize, iy: usize) -> usize {
        iy * self.nx + ix
    }

    /// Returns the name and the node of each place in the report.
    #[must_use]
    pub fn places(&self) -> [(&'static str, usize); 5] {
        let (nx, ny) = (self.nx, self.ny);
        [
            ("Plant", self.node(nx / 4, ny / 4)),
            ("Downtown", self.node(3 * nx / 4, ny / 4)),
            ("Midtown", self.node(nx / 3, 2 * ny / 3)),
            ("Uptown", self.node(3 * nx / 4, 3 * ny / 4)),
            ("Reference", self.node(nx - 1, ny - 1)),
        ]
    }

    /// Returns the DC power flow model with the same equations: its angles correspond to the
    /// voltages of the city, and its flows to the currents.
    #[must_use]
    pub fn model(&self) -> DcModel {
        let n = self.nx * self.ny;
        let mut lines = Vec::with_capacity(2 * n);
        for iy in 0..self.ny {
            for ix in 0..self.nx {
                let from = self.node(ix, iy);
                let mut connect = |to: usize| {
                    lines.push(Line {
                        branch: lines.len(),
                        from,
                        to,
                        susceptance: self.conductance,
                        shift: 0.0,
                        rating: None,
                    });
                };
                if ix + 1 < self.nx {
                    connect(self.node(ix + 1, iy));
                }
                if iy + 1 < self.ny {
                    connect(self.node(ix, iy + 1));
                }
            }
        }
        let [plant, downtown, midtown, uptown, reference] = self.places().map(|(_, node)| node);
        let mut injection = vec![0.0; n];
        injection[plant] += self.load;
        for district in [downtown, midtown, uptown] {
            injection[district] -= self.load / 3.0;
        }
        let fixed = vec![(plant, 1.0), (reference, 0.0)];
        DcModel { buses: n, lines, injection, fixed, base_mva: 1.0 }
    }

    /// Returns the position of the line between two nodes.
    #[must_use]
    pub fn line(model: &DcModel, a: usize, b: usize) -> Option<usize> {
        model.lines.iter().position(|l| (l.from, l.to) == (a, b) || (l.from, l.to) == (b, a))
    }
}
