//! Stiffness and mass matrices, also from files.

use std::path::Path;

use petsc_rs::matrix::Structure;
use petsc_rs::prelude::*;

use crate::app::input_error;

/// The problem `K·u = ω²·M·u`.
#[derive(Debug)]
pub struct Problem {
    /// `K`.
    pub stiffness: Matrix,
    /// `M`, or `None` for the identity.
    pub mass: Option<Matrix>,
    /// The target `ω²` in 1/s²: 0, or a negative number if the structure has rigid-body motions, so
    /// that `K - shift·M` can be factored.
    pub shift: f64,
}

impl Problem {
    /// Creates a problem without rigid-body motions.
    #[must_use]
    pub fn new(stiffness: Matrix, mass: Option<Matrix>) -> Self {
        Self { stiffness, mass, shift: 0.0 }
    }

    /// Reads both matrices from Matrix Market files. Collective.
    ///
    /// # Errors
    /// An [`input_error`](crate::app::input_error) for a file that cannot be read, or matrices of
    /// different sizes.
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

    /// Adds a multiple of another stiffness matrix, `K + factor·K₂`, such as that of a viscoelastic
    /// layer whose modulus is a separate parameter. Collective.
    ///
    /// # Errors
    /// An [`input_error`](crate::app::input_error) for a file that cannot be read, or a matrix of
    /// another size.
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
        self.stiffness.axpy(Scalar::from_real(factor), &more, Structure::Different)
    }

    /// Reads a square matrix from a Matrix Market file, such as a damping matrix. Collective.
    ///
    /// # Errors
    /// An [`input_error`](crate::app::input_error) for a file that cannot be read.
    pub fn read_matrix(comm: &Comm, path: &Path) -> Result<Matrix> {
        read(comm, path)
    }

    /// Returns the number of unknowns.
    ///
    /// # Errors
    /// Errors of the size query.
    pub fn unknowns(&self) -> Result<usize> {
        Ok(self.stiffness.size()?.0)
    }

    /// Returns the number of unknowns without mass: zero rows of `M`. Collective.
    ///
    /// # Errors
    /// Errors of the column norms.
    pub fn massless(&self) -> Result<usize> {
        match &self.mass {
            None => Ok(0),
            Some(mass) => {
                let norms = mass.column_norms(Norm::Infinity)?;
                Ok(norms.iter().filter(|&&norm| norm == 0.0).count())
            }
        }
    }

    /// Returns whether all diagonal entries of `K` are nonnegative. A negative entry means that a
    /// displacement has negative energy: `K` is indefinite. Collective.
    ///
    /// # Errors
    /// Errors of reading the diagonal.
    pub fn has_positive_diagonal(&self) -> Result<bool> {
        let (mut diagonal, _) = self.stiffness.vectors()?;
        self.stiffness.diagonal(&mut diagonal)?;
        let lowest = diagonal.min()?;
        Ok(lowest.is_none_or(|(_, value)| value >= 0.0))
    }

    /// Returns whether both matrices are symmetric up to rounding. Collective.
    ///
    /// # Errors
    /// Errors of the comparison with the transpose.
    pub fn is_symmetric(&self) -> Result<bool> {
        for matrix in [Some(&self.stiffness), self.mass.as_ref()].into_iter().flatten() {
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
            "{}: the matrix is {rows} x {columns}: it must be square",
            path.display()
        )));
    }
    Ok(matrix)
}
