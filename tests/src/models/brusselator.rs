//! The Brusselator wave model, in which two chemicals react and diffuse in a tube, as a shell
//! matrix.

use petsc_rs::VectorRef;
use petsc_rs::matrix::ShellMatrix;
use petsc_rs::prelude::*;

use super::tridiagonal;

/// The matrix `[τ₁·T + (β-1)·I, α²·I; -β·I, τ₂·T - α²·I]`, where `T` is the second difference. On
/// each rank, the first half of a vector belongs to one chemical, and the second half to the other.
#[derive(Debug)]
pub struct Brusselator {
    /// `-T`.
    laplacian: Matrix,
    tau: [Scalar; 2],
    alpha: Scalar,
    beta: Scalar,
    x: [Vector; 2],
    y: [Vector; 2],
}

impl Brusselator {
    /// Creates the matrix with `n` points and the parameters in the options.
    ///
    /// # Errors
    /// Errors of the assembly.
    pub fn from_options(petsc: &Petsc, n: Int) -> Result<Self> {
        let option = |name: &str, default: Real| -> Result<Scalar> {
            Ok(petsc.options().scalar(name)?.unwrap_or(Scalar::from_real(default)))
        };
        let laplacian = tridiagonal(petsc.world(), n)?;
        let step = option("-L", 0.51302)? * (1.0 / (n + 1) as Real);
        let tau = |name: &str, default: Real| -> Result<Scalar> {
            Ok(option(name, default)? / (step * step))
        };
        let (x, y) = (laplacian.vectors()?, laplacian.vectors()?);
        Ok(Self {
            laplacian,
            tau: [tau("-delta1", 0.008)?, tau("-delta2", 0.004)?],
            alpha: option("-alpha", 2.0)?,
            beta: option("-beta", 5.45)?,
            x: [x.0, x.1],
            y: [y.0, y.1],
        })
    }

    /// Creates the shell matrix.
    ///
    /// # Errors
    /// Errors of `MatCreateShell`.
    pub fn into_matrix(self, comm: &Comm) -> Result<Matrix> {
        let rows = 2 * self.laplacian.local_size()?.0;
        Matrix::shell_from(comm, rows, rows, self)
    }

    /// Computes `y = [τ₁·T + (β-1)·I, b·I; c·I, τ₂·T - α²·I]·x`; `T` is symmetric.
    fn product(&mut self, x: &VectorRef, y: &mut VectorRef, b: Scalar, c: Scalar) -> Result<()> {
        let half = self.laplacian.local_size()?.0;
        {
            let x = x.array()?;
            self.x[0].array_mut()?.copy_from_slice(&x[..half]);
            self.x[1].array_mut()?.copy_from_slice(&x[half..]);
        }
        let one = Scalar::from_real(1.0);
        let diagonal = [self.beta - one, -self.alpha * self.alpha];
        for (i, beside) in [(0, b), (1, c)] {
            let (x, y) = (&self.x[i], &mut self.y[i]);
            self.laplacian.mult(x, y)?;
            y.scale(-self.tau[i])?;
            y.axpy(diagonal[i], x)?;
            y.axpy(beside, &self.x[1 - i])?;
        }
        let mut y = y.array_mut()?;
        y[..half].copy_from_slice(&self.y[0].array()?);
        y[half..].copy_from_slice(&self.y[1].array()?);
        Ok(())
    }
}

impl ShellMatrix for Brusselator {
    const TRANSPOSE: bool = true;
    const DIAGONAL: bool = true;

    fn mult(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        self.product(x, y, self.alpha * self.alpha, -self.beta)
    }

    fn mult_transpose(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        self.product(x, y, -self.beta, self.alpha * self.alpha)
    }

    fn diagonal(&mut self, diagonal: &mut VectorRef) -> Result<()> {
        let half = self.laplacian.local_size()?.0;
        let mut entries = diagonal.array_mut()?;
        let one = Scalar::from_real(1.0);
        entries[..half].fill(self.tau[0] * -2.0 + self.beta - one);
        entries[half..].fill(self.tau[1] * -2.0 - self.alpha * self.alpha);
        Ok(())
    }
}

/// Creates the assembled matrix, with the unknowns of one chemical first.
///
/// # Errors
/// Errors of the assembly.
pub fn assembled(petsc: &Petsc, n: Int) -> Result<Matrix> {
    let model = Brusselator::from_options(petsc, n)?;
    let [tau1, tau2] = model.tau;
    let (alpha2, beta) = (model.alpha * model.alpha, model.beta);
    let mut a = Matrix::builder(petsc.world()).global_size(2 * n, 2 * n).build()?;
    for i in a.ownership_range()? {
        let (block, tau, diagonal, other, beside) = if i < n {
            (0..n, tau1, tau1 * -2.0 + beta - Scalar::from_real(1.0), i + n, alpha2)
        } else {
            // The first row of this block is not coupled with the last row of the first block.
            (n..2 * n, tau2, tau2 * -2.0 - alpha2, i - n, -beta)
        };
        for j in [i - 1, i + 1].into_iter().filter(|j| block.contains(j)) {
            a.set_value(i, j, tau, InsertMode::Insert)?;
        }
        a.set_value(i, i, diagonal, InsertMode::Insert)?;
        a.set_value(i, other, beside, InsertMode::Insert)?;
    }
    a.assemble()?;
    Ok(a)
}
