//! Materials of plates.

/// An isotropic elastic material.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Material {
    /// Young's modulus in Pa.
    pub young: f64,
    /// Poisson's ratio.
    pub poisson: f64,
    /// Density in kg/m³.
    pub density: f64,
}

impl Material {
    /// Structural steel, EN 1993-1-1: 210 GPa, 7850 kg/m³.
    pub const STEEL: Self = Self { young: 210e9, poisson: 0.3, density: 7850.0 };
    /// Concrete C30/37, reinforced and not cracked, EN 1992-1-1: 33 GPa, 2500 kg/m³.
    pub const CONCRETE: Self = Self { young: 33e9, poisson: 0.2, density: 2500.0 };
}
