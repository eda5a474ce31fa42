//! Matrices in the Matrix Market exchange format.
//!
//! Rank 0 reads the file, and PETSc sends the entries to their owners. If the file contains an
//! error, all ranks return it, with the name of the file and the line, so no rank waits for
//! another.

mod parse;

use std::io::BufRead;
use std::path::Path;

use mpi::traits::{Communicator as _, Root as _};

use super::{Builder, Matrix};
use crate::comm::Comm;
use crate::error::Result;
use crate::vector::InsertMode;
use crate::{Scalar, ffi, file};

pub use parse::{Entries, Failure};

impl Matrix {
    /// Reads a matrix of type `aij` from a file in Matrix Market format. Collective.
    ///
    /// Supports the formats coordinate and array, the fields real, complex, integer and pattern,
    /// and the symmetries general, symmetric, skew-symmetric and Hermitian. The entries of a
    /// pattern become 1. PETSc distributes the rows evenly.
    ///
    /// # Errors
    /// `FILE_OPEN` if the file cannot be opened; `FILE_UNEXPECTED`, with the line, for content that
    /// does not follow the format. All ranks return the same error.
    #[track_caller]
    pub fn read_market(comm: &Comm, path: impl AsRef<Path>) -> Result<Self> {
        read(comm, path.as_ref(), |b| b)
    }

    /// Reads a matrix with settings of the builder, such as the type, the options or the local
    /// sizes. The local sizes must add up to the sizes in the file. Collective. See
    /// [`read_market`](Self::read_market).
    ///
    /// # Errors
    /// See [`read_market`](Self::read_market) and [`Builder::build`].
    ///
    /// # Examples
    /// ```no_run
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, MatrixType};
    /// let a = Matrix::read_market_with(comm, "a.mtx", |b| b.kind(MatrixType::SBAIJ))?;
    /// # drop(a); Ok(()) })
    /// ```
    #[track_caller]
    pub fn read_market_with<'a>(
        comm: &'a Comm,
        path: impl AsRef<Path>,
        settings: impl FnOnce(Builder<'a>) -> Builder<'a>,
    ) -> Result<Self> {
        read(comm, path.as_ref(), settings)
    }
}

#[track_caller]
fn read<'a>(
    comm: &'a Comm,
    path: &Path,
    settings: impl FnOnce(Builder<'a>) -> Builder<'a>,
) -> Result<Matrix> {
    let outcome = if comm.rank() == 0 { load(path) } else { Ok(Entries::default()) };
    let failure = outcome.as_ref().err();
    let found = failure.map_or(Ok(()), |f| Err((f.code(), f.describe(path))));
    file::agree(comm, found)?;
    let entries = outcome.unwrap_or_default();
    let mut size = [entries.rows as u64, entries.columns as u64];
    comm.mpi().process_at_rank(0).broadcast_into(&mut size[..]);
    let mut a = settings(Matrix::builder(comm).global_size(size[0], size[1])).build()?;
    let (row, column) = (&entries.row, &entries.column);
    if a.prefers_coordinates()? {
        a.set_preallocation_coo(row, column)?;
        a.set_values_coo(&entries.value, InsertMode::Insert)?;
        return Ok(a);
    }
    let upper_only = a.stores_upper_triangle()?;
    let places = row.iter().zip(column).zip(&entries.value);
    for ((&i, &j), &value) in places.filter(|((i, j), _)| !upper_only || i <= j) {
        a.set_value(i, j, value, InsertMode::Add)?;
    }
    a.assemble()?;
    Ok(a)
}

fn load(path: &Path) -> std::result::Result<Entries, Failure> {
    let file = std::fs::File::open(path).map_err(|e| Failure::Open(e.to_string()))?;
    parse::parse(std::io::BufReader::with_capacity(1 << 20, file).lines())
}

impl super::MatrixRef {
    fn prefers_coordinates(&self) -> Result<bool> {
        use crate::Object as _;
        Ok(matches!(self.type_name()?.as_deref(), Some("seqaij" | "mpiaij")))
    }

    pub(crate) fn stores_upper_triangle(&self) -> Result<bool> {
        use crate::Object as _;
        Ok(self.type_name()?.is_some_and(|t| t.contains("sbaij")))
    }
}

/// Parses entries from any source of lines, without MPI and without creating a matrix.
///
/// # Errors
/// Returns a [`Failure`] with the number of the line.
pub fn parse_lines(
    lines: impl Iterator<Item = std::io::Result<String>>,
) -> std::result::Result<Entries, Failure> {
    parse::parse(lines)
}

/// Converts a count to the index type of PETSc, or returns `None` if it does not fit.
fn index(n: u64) -> Option<crate::Int> {
    usize::try_from(n).ok().and_then(|n| ffi::petsc_int(n).ok())
}

/// Converts a number of the file to a scalar; `None` for an imaginary part in a build with real
/// scalars.
fn scalar(re: f64, im: f64) -> Option<Scalar> {
    use crate::ScalarExt as _;
    (Scalar::IS_COMPLEX || im == 0.0).then(|| Scalar::from_parts(re, im))
}
