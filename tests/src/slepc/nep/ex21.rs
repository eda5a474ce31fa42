//! Port of SLEPc's `src/nep/tutorials/ex21.c`: the string of ex20 as a shell matrix with a Rust
//! value. Methods that need `T` at two values of `λ` duplicate the matrix; each duplicate has a
//! clone of the Rust value.

use std::rc::Rc;

use petsc_rs::VectorRef;
use petsc_rs::dm::Dmda;
use petsc_rs::matrix::ShellMatrix;
use petsc_rs::prelude::*;
use slepc_rs::nep::ErrorType;
use slepc_rs::prelude::*;

use crate::models::eigen::results;

const KAPPA: Real = 1.0;

/// A tridiagonal matrix that depends on `λ`, with a different last entry.
#[derive(Clone)]
struct Diagonals {
    lambda: Scalar,
    /// The value of the off-diagonal entries, that of the diagonal entries, and the last diagonal
    /// entry.
    entries: fn(Scalar, Real) -> [Scalar; 3],
    /// A DMDA, which exchanges the values of neighboring points between ranks.
    grid: Rc<Dmda>,
}

impl Diagonals {
    fn here(&self, x: &VectorRef) -> Result<[Scalar; 3]> {
        Ok((self.entries)(self.lambda, x.len()? as Real))
    }
}

impl ShellMatrix for Diagonals {
    const DIAGONAL: bool = true;

    fn mult(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        let [beside, diagonal, last] = self.here(x)?;
        let (rows, n) = (y.ownership_range()?, Int::try_from(x.len()?)?);
        let local = self.grid.ghosted(x)?;
        let x = self.grid.array(&local)?;
        for (i, y) in rows.zip(y.array_mut()?.iter_mut()) {
            *y = x[i] * if i == n - 1 { last } else { diagonal };
            for j in [i - 1, i + 1].into_iter().filter(|j| (0..n).contains(j)) {
                *y += x[j] * beside;
            }
        }
        Ok(())
    }

    fn diagonal(&mut self, d: &mut VectorRef) -> Result<()> {
        let [_, diagonal, last] = self.here(d)?;
        d.set(diagonal)?;
        if d.ownership_range()?.contains(&(Int::try_from(d.len()?)? - 1)) {
            if let Some(end) = d.array_mut()?.last_mut() {
                *end = last;
            }
        }
        Ok(())
    }
}

/// Returns stiffness minus `λ` times mass of `n` linear elements, with the spring at the end.
fn function(lambda: Scalar, n: Real) -> [Scalar; 3] {
    let spring = lambda * KAPPA / (lambda - KAPPA);
    let half = lambda * (-1.0 / (3.0 * n)) + n;
    [lambda * (-1.0 / (6.0 * n)) - n, half * 2.0, half + spring]
}

/// Returns the derivative.
fn derivative(lambda: Scalar, n: Real) -> [Scalar; 3] {
    let c = Scalar::from_real(KAPPA) / (lambda - KAPPA);
    let mass = |part: Real| Scalar::from_real(-part / n);
    [mass(1.0 / 6.0), mass(2.0 / 3.0), mass(1.0 / 3.0) - c * c]
}

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let n = petsc.options().int("-n")?.unwrap_or(128);
    petsc.print(format_args!("\n1-D Nonlinear Eigenproblem, n={n}\n\n"))?;
    let grid = Rc::new(Dmda::builder(world).sizes([usize::try_from(n)?]).build()?);
    let operator = |entries| {
        let rows = grid.create_global_vector()?.local_len()?;
        let value = Diagonals { lambda: Scalar::default(), entries, grid: Rc::clone(&grid) };
        Matrix::shell_cloned(world, rows, rows, value)
    };
    let (t, j) = (operator(function)?, operator(derivative)?);
    let at = |matrix: &mut petsc_rs::MatrixRef, lambda| {
        matrix.with_shell_value(|value: &mut Diagonals| {
            value.lambda = lambda;
            Ok(())
        })
    };
    let mut nep = Nep::new(world)?;
    nep.set_function(&t, &t, move |_, lambda, t, _| at(t, lambda))?;
    nep.set_jacobian(&j, move |_, lambda, j| at(j, lambda))?;
    nep.set_type(NepType::RII)?;
    nep.set_lag_preconditioner(0)?;
    let mut ksp = nep.ksp()?;
    ksp.set_type(KspType::BCGS)?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    nep.set_from_options()?;
    let _ = nep.solve_unchecked()?;
    let nev = nep.dimensions()?.nev;
    petsc.print(format_args!(" Number of requested eigenvalues: {nev}\n"))?;
    results(
        petsc,
        |viewer| nep.error_view(ErrorType::Relative, viewer),
        |viewer| nep.converged_reason_view(viewer),
    )
}
