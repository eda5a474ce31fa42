//! Stiffness and mass, also from files.

use std::path::Path;

use petsc_rs::matrix::Structure;
use petsc_rs::prelude::*;

use crate::app::input_error;

/// The problem `K·u = ω²·M·u`.
#[derive(Debug)]
pub struct Problem {
    /// `K`.
    pub stiffness: Matrix,
    /// `M`; the identity where there is none.
    pub mass: Option<Matrix>,
    /// Modes are looked for near this `ω²` in 1/s²: 0, or a negative number where the structure can move without bending,
    /// so that `K - shift·M` can be factorised.
    pub shift: f64,
}

impl Problem {
    /// A structure that is held.
    #[must_use]
    pub fn new(stiffness: Matrix, mass: Option<Matrix>) -> Self {
        Self {
            stiffness,
            mass,
            shift: 0.0,
        }
    }

    /// Reads both matrices from files in Matrix Market format. Collective.
    ///
    /// # Errors
    /// A file that cannot be read, or matrices that do not fit, as an error of the user's input.
    pub fn read(comm: &Comm, stiffness: &Path, mass: Option<&Path>) -> Result<Self> {
        let k = read(comm, stiffness)?;
        let m = mass.map(|path| read(comm, path)).transpose()?;
        if let (Some(path), Some(m)) = (mass, &m) {
            if m.size()? != k.size()? {
                return Err(input_error(format_args!(
                    "{} has {} rows, but {} has {}",
                    path.display(),
                    m.size()?.0,
                    stiffness.display(),
                    k.size()?.0
                )));
            }
        }
        Ok(Self::new(k, m))
    }

    /// Adds a multiple of another stiffness matrix, such as that of a viscoelastic layer, whose modulus is given apart:
    /// `K + factor·K₂`. Collective.
    ///
    /// # Errors
    /// A file that cannot be read, or a matrix of another size, as an error of the user's input.
    pub fn add_stiffness(&mut self, path: &Path, factor: f64) -> Result<()> {
        let more = read(&self.stiffness.comm()?, path)?;
        if more.size()? != self.stiffness.size()? {
            return Err(input_error(format_args!(
                "{} has {} rows, but the stiffness matrix has {}",
                path.display(),
                more.size()?.0,
                self.unknowns()?
            )));
        }
        self.stiffness
            .axpy(Scalar::from_real(factor), &more, Structure::Different)
    }

    /// A square matrix from a file in Matrix Market format, such as that of a damping. Collective.
    ///
    /// # Errors
    /// A file that cannot be read, as an error of the user's input.
    pub fn read_matrix(comm: &Comm, path: &Path) -> Result<Matrix> {
        read(comm, path)
    }

    /// Number of unknowns.
    ///
    /// # Errors
    /// What asking for the size returns.
    pub fn unknowns(&self) -> Result<usize> {
        Ok(self.stiffness.size()?.0)
    }

    /// Number of unknowns without mass: rows of `M` that are zero. Collective.
    ///
    /// # Errors
    /// What asking for the norms of the columns returns.
    pub fn massless(&self) -> Result<usize> {
        match &self.mass {
            None => Ok(0),
            Some(mass) => {
                let norms = mass.column_norms(Norm::Infinity)?;
                Ok(norms.iter().filter(|&&norm| norm == 0.0).count())
            }
        }
    }

    /// Whether all entries of the diagonal of `K` are at least 0. An entry below 0 is a displacement of negative energy:
    /// `K` is indefinite. Collective.
    ///
    /// # Errors
    /// What asking for the diagonal returns.
    pub fn has_positive_diagonal(&self) -> Result<bool> {
        let (mut diagonal, _) = self.stiffness.vectors()?;
        self.stiffness.diagonal(&mut diagonal)?;
        let lowest = diagonal.min()?;
        Ok(lowest.is_none_or(|(_, value)| value >= 0.0))
    }

    /// Whether both matrices are symmetric up to rounding. Collective.
    ///
    /// # Errors
    /// What comparing a matrix with its transpose returns.
    pub fn is_symmetric(&self) -> Result<bool> {
        for matrix in [Some(&self.stiffness), self.mass.as_ref()]
            .into_iter()
            .flatten()
        {
            if !matrix.is_symmetric(1e-12 * matrix.norm(Norm::Infinity)?)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn read(comm: &Comm, path: &Path) -> Result<Matrix> {
    let matrix = Matrix::read_market(comm, path).map_err(|e| input_error(e.message()))?;
    let (rows, columns) = matrix.size()?;
    if rows != columns || rows == 0 {
        return Err(input_error(format_args!(
            "{}: a matrix of {rows} x {columns} is not that of a structure",
            path.display()
        )));
    }
    Ok(matrix)
}
