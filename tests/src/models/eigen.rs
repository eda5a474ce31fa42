//! The final output of the tutorials of eigensolvers.

use num_complex::Complex;
use petsc_rs::prelude::*;
use petsc_rs::{FileMode, Viewer, ViewerFormat, ViewerRef};
use slepc_rs::eps::{CurrentTolerances, ErrorType};
use slepc_rs::prelude::*;

/// Prints the method and the number of eigenvalues.
///
/// # Errors
/// Errors of the getters of the solver.
pub fn requested(petsc: &Petsc, eps: &Eps) -> Result<()> {
    let (kind, nev) = (eps.type_name()?.unwrap_or_default(), eps.dimensions()?.nev);
    petsc.print(format_args!(" Solution method: {kind}\n\n"))?;
    petsc.print(format_args!(" Number of requested eigenvalues: {nev}\n"))
}

/// Prints the results: briefly with `-terse`, otherwise in a table.
///
/// # Errors
/// Errors of the viewer.
pub fn report(petsc: &Petsc, eps: &Eps) -> Result<()> {
    results(
        petsc,
        |viewer| eps.error_view(ErrorType::Relative, viewer),
        |viewer| eps.converged_reason_view(viewer),
    )
}

/// Prints the results of a solver of any class: `errors` prints its errors, and `reason` its
/// converged reason.
///
/// # Errors
/// Errors of the viewer.
pub fn results(
    petsc: &Petsc,
    errors: impl Fn(&ViewerRef) -> Result<()>,
    reason: impl Fn(&ViewerRef) -> Result<()>,
) -> Result<()> {
    let stdout = Viewer::stdout(petsc.world())?;
    if petsc.options().has("-terse")? {
        return errors(&stdout);
    }
    stdout.with_format(ViewerFormat::InfoDetail, |viewer| {
        reason(viewer)?;
        errors(viewer)
    })
}

/// Prints the stopping criteria of a solver.
///
/// # Errors
/// Errors of printing.
pub fn stopping(petsc: &Petsc, now: CurrentTolerances) -> Result<()> {
    let (tol, max) = (now.tolerance.unwrap_or(0.0), now.max_iterations.unwrap_or(0));
    petsc.print(format_args!(" Stopping condition: tol={tol:e}, maxit={max}\n"))
}

/// Reads a matrix from the binary file that an option names.
///
/// # Errors
/// The option is not set; errors of the viewer.
pub fn loaded(petsc: &Petsc, option: &str) -> Result<Matrix> {
    let Some(file) = petsc.options().string(option)? else {
        return Err(format!("Must indicate a file name with the {option} option").into());
    };
    load(petsc, &file)
}

/// Reads a matrix from a binary file.
///
/// # Errors
/// Errors of the viewer.
pub fn load(petsc: &Petsc, file: &str) -> Result<Matrix> {
    let world = petsc.world();
    Matrix::builder(world).load(&*Viewer::binary(world, file, FileMode::Read)?)
}

/// Formats an eigenvalue as SLEPc's tutorials do.
#[must_use]
pub fn number(value: Complex<Real>) -> String {
    if value.im == 0.0 {
        return format!("  {:12.6}      ", value.re);
    }
    format!(" {:9.6}{:+9.6}i", value.re, value.im)
}

/// Creates the matrix of the transition probabilities of a random walk on a triangle with `m`
/// points along a side. There is a row for each point.
///
/// # Errors
/// Errors of the assembly.
pub fn random_walk(comm: &Comm, m: Int) -> Result<Matrix> {
    let n = m * (m + 1) / 2;
    let mut a = Matrix::builder(comm).global_size(n, n).build()?;
    let rows = a.ownership_range()?;
    let chance = 0.5 / (m - 1) as Real;
    let points = (1..=m).flat_map(|i| (1..=m - i + 1).map(move |j| (i, j, m - i + 1)));
    for (row, (i, j, last)) in (0..).zip(points).filter(|(row, _)| rows.contains(row)) {
        let mut set = |column: Int, value: Real| {
            a.set_value(row, column, Scalar::from_real(value), InsertMode::Insert)
        };
        if j != last {
            let away = chance * (i + j - 1) as Real;
            set(row + 1, if i == 1 { 2.0 * away } else { away })?;
            set(row + last, if j == 1 { 2.0 * away } else { away })?;
        }
        let back = 0.5 - chance * (i + j - 3) as Real;
        if j > 1 {
            set(row - 1, back)?;
        }
        if i > 1 {
            set(row - last - 1, back)?;
        }
    }
    a.assemble()?;
    Ok(a)
}
