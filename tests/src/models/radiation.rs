//! Radiation diffusion in one dimension through matter that the radiation heats and ionizes: the
//! model of Rauenzahn, Mousseau and Knoll (2005), with derivatives.

use petsc_rs::prelude::*;

/// The radiation energy and the temperature of the matter at a point, or derivatives with respect
/// to both.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Node {
    /// Energy.
    pub e: Real,
    /// Temperature.
    pub t: Real,
}

impl Node {
    /// Returns the values at a point of the grid.
    #[must_use]
    pub fn of(point: [Scalar; 2]) -> Self {
        Self { e: point[0].real(), t: point[1].real() }
    }

    /// Returns `a·self + b·other`.
    #[must_use]
    pub fn mix(self, a: Real, other: Self, b: Real) -> Self {
        Self { e: a * self.e + b * other.e, t: a * self.t + b * other.t }
    }
}

/// The boundary condition at the left end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Incoming radiation.
    Robin,
    /// No flux.
    Neumann,
}

/// The ionization of the matter.
#[derive(Clone, Copy, Debug)]
enum Ionisation {
    /// A simple dimensionless law.
    Reduced,
    /// Saha's equation for hydrogen, with the potential, the masses of proton and electron, and the
    /// constants of Planck and Boltzmann.
    Saha { i_h: Real, m_p: Real, m_e: Real, h: Real, k: Real },
}

/// The initial energy.
#[derive(Clone, Copy, Debug)]
enum First {
    Constant(Real),
    Blast,
}

/// The parameters of the model.
#[derive(Clone, Debug)]
pub struct Model {
    /// The density.
    pub rho: Real,
    /// The speed of light.
    pub c: Real,
    /// The length of the domain.
    pub length: Real,
    /// The energy of the incoming radiation.
    pub applied: Real,
    /// The condition at the left end.
    pub left: Left,
    /// The temperature exponent of the absorption.
    pub beta: Real,
    /// The temperature exponent of the diffusion.
    pub gamma: Real,
    /// The final time.
    pub final_time: Real,
    k_r: Real,
    k_p: Real,
    sigma_b: Real,
    ionisation: Ionisation,
    first: First,
}

/// The diffusion coefficient, with its derivatives with respect to state and slope.
#[derive(Clone, Copy, Debug)]
pub struct Coefficient {
    /// The value.
    pub d: Real,
    /// The derivative with respect to the state.
    pub by_n: Node,
    /// The derivative with respect to the slope.
    pub by_nx: Node,
}

impl Model {
    /// Returns the dimensionless models: a wave that enters from the left (1), or a blast (2).
    fn without_units(left: Left, applied: Real, final_time: Real, first: First) -> Self {
        Self {
            rho: 1.0,
            c: 1.0,
            length: 1.0,
            applied,
            left,
            beta: 3.0,
            gamma: 3.0,
            final_time,
            k_r: 1.0,
            k_p: 1.0,
            sigma_b: 0.25,
            ionisation: Ionisation::Reduced,
            first,
        }
    }

    /// Returns the model for hydrogen, with the numbers of units in a meter, a kilogram, a second
    /// and a kelvin.
    fn hydrogen([meter, kilogram, second, kelvin]: [Real; 4]) -> Self {
        let joule = kilogram * (meter / second).powi(2);
        let density = joule / meter.powi(3);
        let absorption = meter.powi(5) * kelvin.powf(3.5) / kilogram.powi(2);
        Self {
            rho: 1.17e-3 * kilogram / meter.powi(3),
            c: 3.00e8 * meter / second,
            length: 5.0 * meter,
            applied: 7.503e6 * density,
            left: Left::Robin,
            beta: 3.5,
            gamma: 3.5,
            final_time: 20e-9 * second,
            k_r: 7.44e18 * absorption,
            k_p: 2.33e20 * absorption,
            sigma_b: 5.67e-8 * joule / second / meter.powi(2) / kelvin.powi(4),
            ionisation: Ionisation::Saha {
                i_h: 2.179e-18 * joule,
                m_p: 1.673e-27 * kilogram,
                m_e: 9.109e-31 * kilogram,
                h: 6.626e-34 * joule * second,
                k: 1.381e-23 * joule / kelvin,
            },
            first: First::Constant(7.56e-2 * density),
        }
    }

    /// Returns the model selected with the options.
    ///
    /// # Errors
    /// An unknown model, or an invalid value of an option.
    pub fn from_options(options: &petsc_rs::Options) -> Result<Self> {
        let real =
            |name: &str, default: Real| Ok::<_, Error>(options.real(name)?.unwrap_or(default));
        let mut model = match options.int("-rd_initial")?.unwrap_or(1) {
            1 => Self::without_units(Left::Robin, 4.0, 3.0, First::Constant(0.001)),
            2 => Self::without_units(Left::Neumann, 0.0, 1.0, First::Blast),
            3 => Self::hydrogen([
                real("-rd_unit_meter", 1.0)?,
                real("-rd_unit_kilogram", 1e12)?,
                real("-rd_unit_second", 1e9)?,
                real("-rd_unit_Kelvin", 1.0)?,
            ]),
            other => return Err(Error::input(format!("Unknown initial condition {other}"))),
        };
        match options.elist("-rd_leftbc", &["dirichlet", "neumann", "robin"])? {
            None => {}
            Some(1) => model.left = Left::Neumann,
            Some(2) => model.left = Left::Robin,
            Some(_) => return Err(Error::input("no Dirichlet condition at the left end")),
        }
        model.applied = real("-rd_E_applied", model.applied)?;
        model.beta = real("-rd_beta", model.beta)?;
        model.gamma = real("-rd_gamma", model.gamma)?;
        Ok(model)
    }

    /// Returns the initial state at a position, in equilibrium.
    #[must_use]
    pub fn first_state(&self, x: Real) -> Node {
        let e = match self.first {
            First::Constant(e) => e,
            First::Blast => 0.001 + 100.0 * (-(x / 0.1).powi(2)).exp(),
        };
        Node { e, t: (e * self.c / (4.0 * self.sigma_b)).powf(0.25) }
    }

    /// Returns the energy of the matter and its derivatives, Eq. 6, 7 and 30.
    #[must_use]
    pub fn material_energy(&self, n: Node) -> (Real, Node) {
        let t = n.t;
        match self.ionisation {
            Ionisation::Reduced => {
                let chi = -0.3 / t;
                let b = chi.exp();
                let b_t = -b * chi / t;
                let (alpha, alpha_t) = positive_root(b, b_t);
                let value = (1.0 + alpha) * t + 0.3 * alpha;
                (value, Node { e: 0.0, t: alpha_t * t + (1.0 + alpha) + 0.3 * alpha_t })
            }
            Ionisation::Saha { i_h, m_p, m_e, h, k } => {
                let chi = i_h / (k * t);
                let chi_t = -chi / t;
                let density = (2.0 * std::f64::consts::PI * m_e * i_h / (h * h)).powf(1.5);
                let b = 4.0 * m_p / self.rho * density * (-chi).exp() * chi.powf(1.5);
                let b_t = -b * chi_t + 1.5 * b / chi * chi_t;
                let (alpha, alpha_t) = positive_root(b, b_t);
                let value = k * t / m_p * (1.5 * (1.0 + alpha) + alpha * chi);
                let slope = 1.5 * alpha_t + alpha_t * chi + alpha * chi_t;
                (value, Node { e: 0.0, t: value / t + k * t / m_p * slope })
            }
        }
    }

    /// Returns the energy transfer from matter to radiation and its derivatives.
    #[must_use]
    pub fn radiation(&self, n: Node) -> (Real, Node) {
        let sigma = self.k_p * self.rho * n.t.powf(-self.beta);
        let sigma_t = -self.beta * sigma / n.t;
        let excess = 4.0 * self.sigma_b * n.t.powi(4) / self.c - n.e;
        let excess_t = 16.0 * self.sigma_b * n.t.powi(3) / self.c;
        let scale = self.c * self.rho;
        let by_t = scale * (sigma_t * excess + sigma * excess_t);
        (sigma * scale * excess, Node { e: -sigma * scale, t: by_t })
    }

    /// Returns the diffusion coefficient, Eq. 4 and 5; `limit` bounds the flux by the speed of
    /// light.
    #[must_use]
    pub fn coefficient(&self, limit: bool, n: Node, nx: Node) -> Coefficient {
        let sigma = self.k_r * self.rho * n.t.powf(-self.gamma);
        let sigma_t = -self.gamma * sigma / n.t;
        let limit = if limit { 1.0 } else { 0.0 };
        let denominator = 3.0 * self.rho * sigma + limit * nx.e.abs() / n.e;
        let slope = -self.c / (denominator * denominator);
        let sign = if nx.e < 0.0 { -1.0 } else { 1.0 };
        Coefficient {
            d: self.c / denominator,
            by_n: Node {
                e: slope * (-limit * nx.e.abs() / (n.e * n.e)),
                t: slope * (3.0 * self.rho * sigma_t),
            },
            by_nx: Node { e: slope * (limit * sign / n.e), t: 0.0 },
        }
    }

    /// Returns the diffusion at the center of three points, and the derivatives with respect to all
    /// three.
    #[must_use]
    pub fn diffusion(&self, h: Real, x: [Node; 3]) -> (Real, [Node; 3]) {
        let (left, by_left) = self.flux(h, x[0], x[1]);
        let (right, by_right) = self.flux(h, x[1], x[2]);
        let none = Node::default();
        let derivatives = [
            by_left[0].mix(-1.0 / h, none, 0.0),
            by_right[0].mix(1.0 / h, by_left[1], -1.0 / h),
            by_right[1].mix(1.0 / h, none, 0.0),
        ];
        ((right - left) / h, derivatives)
    }

    fn flux(&self, h: Real, a: Node, b: Node) -> (Real, [Node; 2]) {
        let n = a.mix(0.5, b, 0.5);
        let nx = b.mix(1.0 / h, a, -1.0 / h);
        let Coefficient { d, by_n, by_nx } = self.coefficient(true, n, nx);
        let by = |sign: Real| Node {
            e: sign / h * d + (0.5 * by_n.e + sign / h * by_nx.e) * nx.e,
            t: (0.5 * by_n.t + sign / h * by_nx.t) * nx.e,
        };
        (d * nx.e, [by(-1.0), by(1.0)])
    }
}

/// Returns the positive root of `x² + b x - b` and its derivative, from the derivative of `b`.
fn positive_root(b: Real, b_t: Real) -> (Real, Real) {
    let root = (b * b + 4.0 * b).sqrt();
    let root_t = (2.0 * b * b_t + 4.0 * b_t) / (2.0 * root);
    ((-b + root) / 2.0, (-b_t + root_t) / 2.0)
}
