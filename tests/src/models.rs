//! The matrices that several tutorials begin with.

pub mod rod;
pub mod square;
pub mod van_der_pol;

use petsc_rs::prelude::*;

/// The tridiagonal matrix with 2 on the diagonal and -1 beside it, set row by row.
///
/// # Errors
/// What creation and assembly return.
pub fn tridiagonal(comm: &Comm, n: Int) -> Result<Matrix> {
    let mut a = Matrix::builder(comm).global_size(n, n).build()?;
    for i in a.ownership_range()? {
        let columns: Vec<Int> = (i - 1..=i + 1).filter(|j| (0..n).contains(j)).collect();
        let values: Vec<Scalar> = columns
            .iter()
            .map(|&j| Scalar::from_real(if i == j { 2.0 } else { -1.0 }))
            .collect();
        a.set_values(&[i], &columns, &values, InsertMode::Insert)?;
    }
    a.assemble()?;
    Ok(a)
}

/// The five-point Laplacian on `m` by `n` points, with `room` for entries in each row if it is said, which shows
/// when a matrix is viewed.
///
/// # Errors
/// What creation and assembly return.
pub fn laplacian(comm: &Comm, m: Int, n: Int, room: Option<usize>) -> Result<Matrix> {
    let builder = Matrix::builder(comm).global_size(m * n, m * n);
    let mut a = match room {
        Some(entries) => builder.preallocate(entries, entries).build()?,
        None => builder.build()?,
    };
    for row in a.ownership_range()? {
        let (i, j) = (row / n, row % n);
        let beside = [
            (i > 0, row - n),
            (i < m - 1, row + n),
            (j > 0, row - 1),
            (j < n - 1, row + 1),
        ];
        for (_, column) in beside.into_iter().filter(|(inside, _)| *inside) {
            a.set_value(row, column, Scalar::from_real(-1.0), InsertMode::Insert)?;
        }
        a.set_value(row, row, Scalar::from_real(4.0), InsertMode::Insert)?;
    }
    a.assemble()?;
    Ok(a)
}
