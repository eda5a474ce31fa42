//! Transforms of rows.

use std::fmt;

use mpi::Count;
use mpi::datatype::{Partition, PartitionMut};
use mpi::traits::{Communicator, Root};
use num_complex::Complex64;
use petsc_rs::{Comm, Error, ErrorCode, Result};
use rustfft::{FftDirection, FftPlanner};

use crate::check_len;
use crate::lines::Lines;
use crate::scaling::Scaling;
use crate::slab::{Slab, block, check_shape, place};

/// A plan for the transforms of all rows of a table. The rows are distributed over the ranks.
pub struct RowFft {
    comm: Comm,
    slab: Slab,
    lines: Lines,
    scaling: Scaling,
}

impl RowFft {
    /// Creates a plan for `rows` rows of `columns` entries. Collective.
    ///
    /// # Errors
    /// [`ErrorCode::ARG_OUTOFRANGE`] if the table has no entries, or if a rank has more entries
    /// than MPI can count.
    ///
    /// # Examples
    /// ```
    /// use petsc_fft::{Complex64, RowFft};
    /// # petsc_rs::doctest(|comm| {
    /// let mut fft = RowFft::new(comm, 3, 4)?;
    /// let mut own = vec![Complex64::ONE; fft.slab().len()];
    /// fft.forward(&mut own)?;
    /// assert!(own.chunks(4).all(|row| row[0].re == 4.0 && row[1].norm() < 1e-15));
    /// # Ok(()) })
    /// ```
    pub fn new(comm: &Comm, rows: usize, columns: usize) -> Result<Self> {
        let (rank, ranks) = place(comm)?;
        let shape = [rows, columns];
        check_shape(&shape, &[0], ranks)?;
        Ok(Self {
            comm: comm.duplicate()?,
            slab: Slab::new(&shape, 0, ranks, rank),
            lines: Lines::new(&mut FftPlanner::new(), columns),
            scaling: Scaling::default(),
        })
    }

    /// Sets the scaling factor. Default: [`Scaling::Backward`].
    #[must_use]
    pub fn with_scaling(mut self, scaling: Scaling) -> Self {
        self.scaling = scaling;
        self
    }

    /// Returns the rows of this rank.
    #[must_use]
    pub fn slab(&self) -> &Slab {
        &self.slab
    }

    /// Replaces each row by its transform, `X[k] = Σ x[j]·exp(−2πi jk/n)`. Not collective.
    ///
    /// # Errors
    /// [`ErrorCode::ARG_SIZ`] if the length is not the number of entries in the rows of this rank.
    pub fn forward(&mut self, rows: &mut [Complex64]) -> Result<()> {
        petsc_rs::not_collective!();
        self.transform(rows, FftDirection::Forward)
    }

    /// Replaces each row by its inverse transform, `x[j] = 1/n Σ X[k]·exp(2πi jk/n)`. Not
    /// collective.
    ///
    /// # Errors
    /// [`ErrorCode::ARG_SIZ`] if the length is not the number of entries in the rows of this rank.
    pub fn backward(&mut self, rows: &mut [Complex64]) -> Result<()> {
        petsc_rs::not_collective!();
        self.transform(rows, FftDirection::Inverse)
    }

    fn transform(&mut self, rows: &mut [Complex64], direction: FftDirection) -> Result<()> {
        check_len("table", rows.len(), self.slab.len())?;
        let factor = self.scaling.factor(direction, self.slab.shape()[1] as f64);
        self.lines.transform(rows, 1, direction, factor);
        Ok(())
    }

    /// Distributes the table of rank 0, and returns the rows of this rank. The other ranks pass
    /// `None`. Collective.
    ///
    /// # Errors
    /// [`ErrorCode::ARG_SIZ`] if rank 0 passes no table of this shape, or if the table has more
    /// entries than MPI can count.
    pub fn scatter(&self, table: Option<&[Complex64]>) -> Result<Vec<Complex64>> {
        let (counts, starts) = self.layout()?;
        let mut own = vec![Complex64::default(); self.slab.len()];
        let root = self.comm.mpi().process_at_rank(0);
        if self.comm.rank() == 0 {
            let table = table.unwrap_or_default();
            check_len("table", table.len(), self.slab.shape().iter().product())?;
            let parts = Partition::new(table, counts, starts);
            root.scatter_varcount_into_root(&parts, &mut own[..]);
        } else {
            root.scatter_varcount_into(&mut own[..]);
        }
        Ok(own)
    }

    /// Gathers the table on rank 0. Returns `None` on the other ranks. Collective.
    ///
    /// # Errors
    /// [`ErrorCode::ARG_SIZ`] if the length is not the number of entries in the rows of this rank,
    /// or if the table has more entries than MPI can count.
    pub fn gather(&self, own: &[Complex64]) -> Result<Option<Vec<Complex64>>> {
        check_len("table", own.len(), self.slab.len())?;
        let (counts, starts) = self.layout()?;
        let root = self.comm.mpi().process_at_rank(0);
        if self.comm.rank() != 0 {
            root.gather_varcount_into(own);
            return Ok(None);
        }
        let mut table = vec![Complex64::default(); self.slab.shape().iter().product()];
        let mut parts = PartitionMut::new(&mut table[..], counts, starts);
        root.gather_varcount_into_root(own, &mut parts);
        Ok(Some(table))
    }

    fn layout(&self) -> Result<(Vec<Count>, Vec<Count>)> {
        let (rows, columns) = (self.slab.shape()[0], self.slab.shape()[1]);
        if Count::try_from(rows * columns).is_err() {
            return Err(Error::collective(
                ErrorCode::ARG_SIZ,
                format!("a table of {rows} x {columns} is too large for one rank's messages"),
            ));
        }
        let (_, ranks) = place(&self.comm)?;
        (0..ranks)
            .map(|rank| block(rows, ranks, rank))
            .map(|range| {
                let (len, start) = (range.len() * columns, range.start * columns);
                Ok((Count::try_from(len)?, Count::try_from(start)?))
            })
            .collect()
    }
}

impl fmt::Debug for RowFft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowFft")
            .field("slab", &self.slab)
            .field("scaling", &self.scaling)
            .finish_non_exhaustive()
    }
}
