//! Port of PETSc's `src/tao/constrained/tutorials/ex1.c`: `min (x₀ − 2)² + (x₁ − 2)² − 2 (x₀ + x₁)` with
//! `x₀² + x₁ = 2`, `0 ≤ x₀² − x₁ ≤ 1` and `-1 ≤ x ≤ 2`, on one rank or two.

use petsc_rs::matrix::SolverType;
use petsc_rs::prelude::*;
use petsc_rs::tao::Tolerances;
use petsc_rs::{ErrorCode, KspType, MatrixRef, Tao, TaoRef, TaoType, VectorRef, Viewer};

/// Returns both entries on all ranks.
fn everything(x: &VectorRef) -> Result<Vec<Real>> {
    Ok(x.gather_to_all()?.iter().map(|x| x.real()).collect())
}

/// Writes the entries that this rank owns.
fn fill(c: &mut VectorRef, values: &[Real]) -> Result<()> {
    for i in c.ownership_range()? {
        let value = Scalar::from_real(values[usize::try_from(i)?]);
        c.set_value(i, value, InsertMode::Insert)?;
    }
    c.assemble()
}

/// Writes the rows of a matrix that this rank owns.
fn fill_rows(a: &mut MatrixRef, rows: &[[Real; 2]]) -> Result<()> {
    for i in a.ownership_range()? {
        let row = rows[usize::try_from(i)?].map(Scalar::from_real);
        a.set_values(&[i], &[0, 1], &row, InsertMode::Insert)?;
    }
    a.assemble()
}

fn objective(_: &TaoRef, x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
    let x = everything(x)?;
    let (u, v) = (x[0] - 2.0, x[1] - 2.0);
    fill(g, &[2.0 * u - 2.0, 2.0 * v - 2.0])?;
    Ok(u * u + v * v - 2.0 * (x[0] + x[1]))
}

fn equality(_: &TaoRef, x: &VectorRef, c: &mut VectorRef) -> Result<()> {
    let x = everything(x)?;
    fill(c, &[x[0] * x[0] + x[1] - 2.0])
}

fn equality_jacobian(
    _: &TaoRef,
    x: &VectorRef,
    j: &mut MatrixRef,
    _: &mut MatrixRef,
) -> Result<()> {
    let x = everything(x)?;
    fill_rows(j, &[[2.0 * x[0], 1.0]])
}

fn inequalities(_: &TaoRef, x: &VectorRef, c: &mut VectorRef) -> Result<()> {
    let x = everything(x)?;
    fill(c, &[x[0] * x[0] - x[1], -x[0] * x[0] + x[1] + 1.0])
}

fn inequalities_jacobian(
    _: &TaoRef,
    x: &VectorRef,
    j: &mut MatrixRef,
    _: &mut MatrixRef,
) -> Result<()> {
    let x = everything(x)?;
    fill_rows(j, &[[2.0 * x[0], -1.0], [-2.0 * x[0], 1.0]])
}

/// Computes the Hessian of the Lagrangian with the multipliers of the `Tao`.
fn hessian(tao: &TaoRef, _: &VectorRef, h: &mut MatrixRef, _: &mut MatrixRef) -> Result<()> {
    let multipliers = |of: Option<&VectorRef>| of.map_or(Ok(Vec::new()), everything);
    let (e, i) = tao.dual_variables()?;
    let (e, i) = (multipliers(e.as_deref())?, multipliers(i.as_deref())?);
    let curvature = 1.0 + e.first().unwrap_or(&0.0) - i[0] + i[1];
    fill_rows(h, &[[2.0 * curvature, 0.0], [0.0, 2.0]])
}

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`; more than two ranks.
pub fn main(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    if comm.size() > 2 {
        let text = "More than 2 processors detected. Example written to use max of 2 processors.";
        return Err(Error::new(ErrorCode::WRONG_MPI_SIZE, text));
    }
    let no_equality = petsc.options().bool("-no_eq")?.unwrap_or(false);
    let expected =
        if no_equality { " (-no_eq): f(1.73205, 2) = -7.3923" } else { ": f(1, 1) = -2" };
    petsc.print(format_args!("---- Constrained Problem -----\nExpected solution{expected}\n"))?;
    let mut x = Vector::new(comm, 2)?;
    let (ce, ci) = (Vector::new(comm, 1)?, Vector::new(comm, 2)?);
    let matrix = |rows: &Vector| {
        let size = (rows.local_len()?, x.local_len()?);
        Matrix::builder(comm).local_size(size.0, size.1).build()
    };
    let (je, ji, h) = (matrix(&ce)?, matrix(&ci)?, matrix(&x)?);

    let mut tao = Tao::new(comm)?;
    tao.set_type(TaoType::ALMM)?;
    tao.set_variable_bounds(-1.0, 2.0)?;
    tao.set_objective_and_gradient(objective)?;
    tao.set_tolerances(Tolerances {
        gatol: 1e-4.into(),
        grtol: 0.0.into(),
        gttol: 0.0.into(),
        catol: 1e-4.into(),
        crtol: 0.0.into(),
        max_evaluations: 1_000_000.into(),
        ..Tolerances::default()
    })?;
    tao.set_from_options()?;
    if !no_equality {
        tao.set_equality_constraints(&ce, equality)?;
        tao.set_equality_jacobian(&je, &je, equality_jacobian)?;
    }
    tao.set_inequality_constraints(&ci, inequalities)?;
    tao.set_inequality_jacobian(&ji, &ji, inequalities_jacobian)?;
    if tao.type_name()?.as_deref() == Some("pdipm") {
        // The matrix of the optimality conditions is indefinite, with zeros on its diagonal.
        if let Some(mut ksp) = tao.ksp()? {
            ksp.pc()?.set_factor_solver(SolverType::MUMPS)?;
            ksp.set_type(KspType::PREONLY)?;
            ksp.set_from_options()?;
        }
        tao.set_hessian(&h, &h, hessian)?;
    }
    let _ = tao.solve_unchecked(&mut x)?;
    petsc.print(format_args!("Found solution:\n"))?;
    x.view(&*Viewer::stdout(comm)?)
}
