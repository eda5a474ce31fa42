//! Matrices and models that several tutorials use.

#[cfg(feature = "slepc")]
pub mod brusselator;
pub mod chwirut;
#[cfg(feature = "slepc")]
pub mod eigen;
pub mod radiation;
pub mod rod;
pub mod rosenbrock;
pub mod square;
pub mod surface;
pub mod tomography;
pub mod torsion;
pub mod van_der_pol;

use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives as _;
use petsc_rs::matrix::NullSpace;
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, ErrorCode, KspRef, MatrixRef, VectorRef};

/// Returns an error if there is more than one rank.
///
/// # Errors
/// `WRONG_MPI_SIZE`.
pub fn one_rank(petsc: &Petsc) -> Result<()> {
    if petsc.world().size() == 1 {
        return Ok(());
    }
    let text = "Incorrect number of processors";
    Err(Error::new(ErrorCode::WRONG_MPI_SIZE, text))
}

/// Returns the sum over the ranks.
#[must_use]
pub fn total(comm: &Comm, value: Real) -> Real {
    let mut sum = 0.0;
    comm.mpi().all_reduce_into(&value, &mut sum, SystemOperation::sum());
    sum
}

/// Returns the position of the point `(i, j)` in an array that is stored row by row, with `columns`
/// entries in each row. For a point outside the grid, the position is beyond the end of any array.
#[must_use]
pub fn position((i, j): (Int, Int), columns: Int) -> usize {
    usize::try_from(j * columns + i).unwrap_or(usize::MAX)
}

/// Creates the tridiagonal matrix with 2 on the diagonal and -1 next to it, set row by row.
///
/// # Errors
/// Errors of creation and assembly.
pub fn tridiagonal(comm: &Comm, n: Int) -> Result<Matrix> {
    let mut a = Matrix::builder(comm).global_size(n, n).build()?;
    for i in a.ownership_range()? {
        let columns: Vec<Int> = (i - 1..=i + 1).filter(|j| (0..n).contains(j)).collect();
        let values: Vec<Scalar> =
            columns.iter().map(|&j| Scalar::from_real(if i == j { 2.0 } else { -1.0 })).collect();
        a.set_values(&[i], &columns, &values, InsertMode::Insert)?;
    }
    a.assemble()?;
    Ok(a)
}

/// Creates the five-point Laplacian on `m` by `n` points. `room` is the preallocation of each row,
/// which affects the output of a matrix view.
///
/// # Errors
/// Errors of creation and assembly.
pub fn laplacian(comm: &Comm, m: Int, n: Int, room: Option<usize>) -> Result<Matrix> {
    let builder = Matrix::builder(comm).global_size(m * n, m * n);
    let mut a = match room {
        Some(entries) => builder.preallocate(entries, entries).build()?,
        None => builder.build()?,
    };
    for row in a.ownership_range()? {
        let (i, j) = (row / n, row % n);
        let beside =
            [(i > 0, row - n), (i < m - 1, row + n), (j > 0, row - 1), (j < n - 1, row + 1)];
        for (_, column) in beside.into_iter().filter(|(inside, _)| *inside) {
            a.set_value(row, column, Scalar::from_real(-1.0), InsertMode::Insert)?;
        }
        a.set_value(row, row, Scalar::from_real(4.0), InsertMode::Insert)?;
    }
    a.assemble()?;
    Ok(a)
}

/// Returns the numbers of points of a DMDA along `x`, `y` and `z`.
///
/// # Errors
/// Errors of `DMDAGetInfo`.
pub fn sizes(grid: &DmdaRef) -> Result<[Int; 3]> {
    let [nx, ny, nz] = grid.info()?.sizes;
    Ok([Int::try_from(nx)?, Int::try_from(ny)?, Int::try_from(nz)?])
}

/// Returns the neighbors of a point on a grid of `nx` by `ny` points, those along `x` with the weight
/// `x`, and those along `y` with the weight `y`.
pub fn neighbours(
    (i, j): (Int, Int),
    [nx, ny, _]: [Int; 3],
    (x, y): (Real, Real),
) -> impl Iterator<Item = ((Int, Int), Real)> {
    [((i, j - 1), y), ((i - 1, j), x), ((i + 1, j), x), ((i, j + 1), y)]
        .into_iter()
        .filter(move |((i, j), _)| (0..nx).contains(i) && (0..ny).contains(j))
}

/// Assembles the five-point Laplacian on cells of a square with Neumann conditions, and sets the
/// null space, which contains the constant vector.
///
/// # Errors
/// Errors of the assembly.
pub fn insulated_square(ksp: &KspRef, a: &mut MatrixRef, p: &mut MatrixRef) -> Result<()> {
    let grid = ksp.dm()?.into_dmda()?;
    let sizes = sizes(&grid)?;
    let (hx, hy) = (1.0 / sizes[0] as Real, 1.0 / sizes[1] as Real);
    let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
    for at in grid.corners()?.points() {
        let around = || neighbours(at, sizes, (-hy / hx, -hx / hy));
        let centre = -around().map(|(_, weight)| weight).sum::<Real>();
        rows.row(at, around().chain([(at, centre)]))?;
    }
    rows.finish()?;
    let constants = NullSpace::new(&ksp.comm()?, true, &[])?;
    a.set_null_space(Some(&constants))
}

/// Removes the constant part, so that a problem with Neumann conditions has a solution.
///
/// # Errors
/// Errors of `MatNullSpaceRemove`.
pub fn remove_constants(b: &mut VectorRef) -> Result<()> {
    NullSpace::new(&b.comm()?, true, &[])?.remove(b)
}

/// Returns the norm of the residual `A x - b` after a solve of a `Ksp` with a DM.
///
/// # Errors
/// Errors of the norm; no solve before this call.
pub fn residual_norm(ksp: &KspRef, norm: Norm) -> Result<Real> {
    let (Some(x), Some(b)) = (ksp.solution()?, ksp.rhs()?) else {
        return Err(Error::new(ErrorCode::ARG_WRONGSTATE, "nothing was solved"));
    };
    let mut r = b.duplicate()?;
    ksp.operators()?.0.mult(&x, &mut r)?;
    r.axpy(Scalar::from_real(-1.0), &b)?;
    r.norm(norm)
}
