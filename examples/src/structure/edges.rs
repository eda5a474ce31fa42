//! Boundary conditions of a plate.

use std::fmt;
use std::str::FromStr;

/// The boundary condition at one edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Clamped: `w = 0` and zero slope.
    Clamped,
    /// Supported: `w = 0` and zero moment.
    Supported,
    /// Free: zero moment and zero shear force.
    Free,
}

impl Edge {
    /// Returns whether the displacement is zero at the edge.
    #[must_use]
    pub fn is_held(self) -> bool {
        self != Self::Free
    }
}

/// The four edges: at `x = 0` and at the other end, at `y = 0` and at the other side.
///
/// The text form has a letter for each edge, as in the literature: `C` (clamped), `S` (supported)
/// or `F` (free).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edges(pub [[Edge; 2]; 2]);

impl Edges {
    /// Returns four equal edges.
    #[must_use]
    pub fn all(edge: Edge) -> Self {
        Self([[edge; 2]; 2])
    }

    /// Returns whether the plate has rigid-body motions: all edges are free, or exactly one edge is
    /// not free, and that edge is supported.
    #[must_use]
    pub fn leave_it_loose(&self) -> bool {
        let mut held = self.0.iter().flatten().filter(|edge| edge.is_held());
        match (held.next(), held.next()) {
            (None, _) => true,
            (Some(edge), None) => *edge == Edge::Supported,
            _ => false,
        }
    }
}

impl FromStr for Edges {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let edge = |letter: char| match letter.to_ascii_uppercase() {
            'C' => Some(Edge::Clamped),
            'S' => Some(Edge::Supported),
            'F' => Some(Edge::Free),
            _ => None,
        };
        let list: Option<Vec<Edge>> = text.chars().map(edge).collect();
        match list.as_deref() {
            Some(&[left, right, bottom, top]) => Ok(Self([[left, right], [bottom, top]])),
            _ => Err("use four letters, each C (clamped), S (supported) or F (free)".into()),
        }
    }
}

impl fmt::Display for Edges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().flatten().try_for_each(|edge| {
            f.write_str(match edge {
                Edge::Clamped => "C",
                Edge::Supported => "S",
                Edge::Free => "F",
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Edge, Edges};

    #[test]
    fn letters_are_edges_in_order() {
        let edges: Edges = "csFF".parse().expect("four letters");
        assert_eq!(edges.0, [[Edge::Clamped, Edge::Supported], [Edge::Free; 2]]);
        assert_eq!(edges.to_string(), "CSFF");
        for text in ["", "CCC", "CCCCC", "CCXC"] {
            assert!(text.parse::<Edges>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_plate_with_one_hinge_is_loose() {
        for (text, loose) in [
            ("FFFF", true),
            ("SFFF", true),
            ("FFFS", true),
            ("CFFF", false),
            ("SFSF", false),
            ("SSFF", false),
        ] {
            let edges: Edges = text.parse().expect("four letters");
            assert_eq!(edges.leave_it_loose(), loose, "{text}");
        }
    }
}
