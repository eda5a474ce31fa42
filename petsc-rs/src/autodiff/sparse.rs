//! Jacobians of any sparse pattern.

use super::trace::Trace;
use super::{Dual, Number, Traced};
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::IndexSet;
use crate::matrix::{ColoringType, Matrix, MatrixOption, MatrixRef, MatrixType};
use crate::scatter::Scatter;
use crate::vector::{InsertMode, Vector, VectorRef};
use crate::{Int, Object as _, Scalar, ScalarExt as _, ffi, sys};

/// A residual over slices, written once for all number types.
///
/// # Examples
/// See [`SparseJacobian`].
pub trait Residual {
    /// `y ← F(x)` for the rows of this rank. `x` are the unknowns in the order of
    /// [`SparseJacobian::unknowns`]: on one rank, all of them; else those of this rank and then the others
    /// that its rows need. The same for the same `x`: it is called several times for one Jacobian.
    ///
    /// # Errors
    /// Whatever it likes; the call that asked returns it.
    fn evaluate<N: Number>(&mut self, x: &[N], y: &mut [N]) -> Result<()>;
}

/// Computes the Jacobian of a [`Residual`] with a sparse pattern, which is given or traced. Columns that
/// meet in no row are computed together, by a colouring of PETSc; each pass takes eight colours.
///
/// # Examples
/// Newton's method for three equations, whose pattern nobody writes down:
/// ```
/// # petsc_rs::doctest(|comm| {
/// use petsc_rs::autodiff::{Number, Residual, SparseJacobian};
/// use petsc_rs::{Norm, Result, ScalarExt, Scalar, Snes, Vector};
///
/// struct Circle;
///
/// impl Residual for Circle {
///     fn evaluate<N: Number>(&mut self, x: &[N], y: &mut [N]) -> Result<()> {
///         y[0] = x[0] * x[0] + x[1] * x[1] - 2.0;
///         y[1] = x[0] - x[1];
///         y[2] = x[2].exp() - x[0];
///         Ok(())
///     }
/// }
///
/// let start = Vector::from_slice(comm, &[3.0, 2.0, 1.0].map(Scalar::from_real))?;
/// let mut jacobian = SparseJacobian::traced(&start, &mut Circle)?;
/// assert_eq!(jacobian.pattern(1), [0, 1]);
/// let mut a = jacobian.create_matrix(comm)?;
/// let mut snes = Snes::new(comm)?;
/// let mut of_function = SparseJacobian::from_matrix(&a)?;
/// let (mut x, y) = a.vectors()?;
/// x.copy_from(&start)?;
/// snes.set_function(&y, move |_, x, y| of_function.residual(&mut Circle, x, y))?;
/// snes.set_jacobian(&a, &a, move |_, x, _, p| jacobian.compute(&mut Circle, x, p))?;
/// let _ = snes.solve(None, &mut x)?;
/// assert!(x.norm(Norm::Two)? - 2.0_f64.sqrt() < 1e-6); // 1, 1, 0
/// # Ok(()) })
/// ```
#[derive(Debug)]
pub struct SparseJacobian {
    /// Places in `unknowns` of the columns of each row.
    starts: Vec<usize>,
    places: Vec<usize>,
    /// Global columns: of this rank, then the others.
    unknowns: Vec<Int>,
    owned: usize,
    first_row: Int,
    colors: Vec<usize>,
    passes: usize,
    /// Brings the unknowns of other ranks.
    ghosts: Option<(Scatter, Vector)>,
}

/// Directions of a pass.
const W: usize = 8;

impl SparseJacobian {
    /// For the pattern of an assembled matrix, on any number of ranks: each rank computes its rows, from
    /// its unknowns and those of others that its rows need. The matrix need not be square; `x` is then
    /// distributed as its columns are. Collective.
    ///
    /// # Errors
    /// As [`MatrixRef::row`].
    pub fn from_matrix(a: &MatrixRef) -> Result<Self> {
        let range = a.ownership_range()?;
        let mut rows = Vec::with_capacity(ffi::index_to_usize(range.end - range.start));
        for row in range.clone() {
            rows.push(a.row(row)?.columns().to_vec());
        }
        let (x, _) = a.vectors()?;
        Self::new(&x, range.start, &rows)
    }

    /// For a pattern that is given: for each row of this rank, its columns in the whole matrix. There are
    /// as many rows as unknowns, distributed as `x` is. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` unless there is a row for each entry of `x` on this rank; `ARG_OUTOFRANGE` for a column
    /// beyond the matrix.
    pub fn from_rows(x: &VectorRef, rows: &[Vec<Int>]) -> Result<Self> {
        ffi::same_len("rows", x.local_len()?, rows.len())?;
        let n = ffi::petsc_int(x.len()?)?;
        for row in rows {
            ffi::check_indices(row, &(0..n))?;
        }
        Self::new(x, x.ownership_range()?.start, rows)
    }

    /// Finds the pattern by tracing one evaluation at `x`, which has as many rows as unknowns. What a
    /// branch leaves out at this `x` is left out of the pattern, and an entry that appears later is lost:
    /// start where all branches depend on the same unknowns. On one rank only: which unknowns of others a
    /// rank needs, is what [`from_matrix`](Self::from_matrix) must be told.
    ///
    /// # Errors
    /// `WRONG_MPI_SIZE` on more than one rank; `ARG_WRONGSTATE` inside another trace; what the residual
    /// returns.
    pub fn traced<R: Residual>(x: &VectorRef, residual: &mut R) -> Result<Self> {
        if x.comm()?.size() != 1 {
            return Err(Error::collective(
                ErrorCode::WRONG_MPI_SIZE,
                "a pattern is traced on one rank; on several, give it by a matrix or by rows",
            ));
        }
        let Some(trace) = Trace::begin() else {
            return Err(Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "a trace is running already",
            ));
        };
        let values = x.array()?;
        let unknowns: Vec<Traced> = variables(&values, |j| j);
        let mut y = vec![Traced::from(Scalar::from_real(0.0)); values.len()];
        drop(values);
        residual.evaluate(&unknowns, &mut y)?;
        let rows = trace.variables(&y);
        drop(trace);
        let rows: Result<Vec<Vec<Int>>> = rows
            .into_iter()
            .map(|row| row.into_iter().map(ffi::petsc_int).collect())
            .collect();
        Self::new(x, 0, &rows?)
    }

    /// `rows` has columns that exist.
    fn new(x: &VectorRef, first_row: Int, rows: &[Vec<Int>]) -> Result<Self> {
        let own = x.ownership_range()?;
        let mut others: Vec<Int> = rows.iter().flatten().copied().collect();
        others.retain(|j| !own.contains(j));
        others.sort_unstable();
        others.dedup();
        let owned = ffi::index_to_usize(own.end - own.start);
        let mut starts = vec![0];
        let mut places = Vec::new();
        for row in rows {
            for j in row {
                places.push(if own.contains(j) {
                    ffi::index_to_usize(j - own.start)
                } else {
                    owned + others.partition_point(|other| other < j)
                });
            }
            starts.push(places.len());
        }
        let unknowns: Vec<Int> = own.chain(others).collect();
        let (colors, count) = colors(&starts, &places, unknowns.len())?;
        Ok(Self {
            ghosts: ghosts(x, &unknowns)?,
            starts,
            places,
            unknowns,
            owned,
            first_row,
            colors,
            passes: count.div_ceil(W),
        })
    }

    /// Which unknowns of the whole the residual gets on this rank, in this order.
    #[must_use]
    pub fn unknowns(&self) -> &[Int] {
        &self.unknowns
    }

    /// The columns of a row of this rank, counted from its first; none if there is no such row.
    #[must_use]
    pub fn pattern(&self, row: usize) -> Vec<Int> {
        let Some(&[from, to]) = self.starts.get(row..row + 2) else {
            return Vec::new();
        };
        self.places[from..to]
            .iter()
            .map(|&p| self.unknowns[p])
            .collect()
    }

    /// How many times [`compute`](Self::compute) evaluates the residual on this rank.
    #[must_use]
    pub fn passes(&self) -> usize {
        self.passes
    }

    /// A matrix with this pattern, filled with zeros. Collective.
    ///
    /// # Errors
    /// As [`Matrix::from_csr`].
    #[track_caller]
    pub fn create_matrix(&self, comm: &Comm) -> Result<Matrix> {
        let offsets: Result<Vec<Int>> = self.starts.iter().map(|&n| ffi::petsc_int(n)).collect();
        let columns: Vec<Int> = self.places.iter().map(|&p| self.unknowns[p]).collect();
        let zeros = vec![Scalar::from_real(0.0); columns.len()];
        Matrix::from_csr(comm, self.owned, &offsets?, &columns, &zeros)
    }

    /// `y ← F(x)`. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if `x` or `y` is distributed otherwise; what the residual returns.
    pub fn residual<R: Residual>(
        &mut self,
        residual: &mut R,
        x: &VectorRef,
        y: &mut VectorRef,
    ) -> Result<()> {
        let x = self.gather(x)?;
        let mut y = y.array_mut()?;
        ffi::same_len("rows", self.starts.len() - 1, y.len())?;
        residual.evaluate::<Scalar>(&x, &mut y)
    }

    /// `p ← ∂F/∂x`, assembled. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if `x` is distributed otherwise; `ARG_OUTOFRANGE` for an entry that has no place in `p`;
    /// what the residual returns.
    pub fn compute<R: Residual>(
        &mut self,
        residual: &mut R,
        x: &VectorRef,
        p: &mut MatrixRef,
    ) -> Result<()> {
        let x = self.gather(x)?;
        let mut values = vec![Scalar::from_real(0.0); self.places.len()];
        let mut y = vec![Dual::<W>::from(Scalar::from_real(0.0)); self.starts.len() - 1];
        for pass in 0..self.passes {
            // What belongs to another pass is a direction that no dual number of this one has.
            let direction = |j: usize| self.colors[j].wrapping_sub(pass * W);
            let unknowns = variables(&x, direction);
            y.fill(Dual::from(Scalar::from_real(0.0)));
            residual.evaluate(&unknowns, &mut y)?;
            for (row, y) in self.starts.windows(2).zip(&y) {
                let part = row[0]..row[1];
                for (value, &place) in values[part.clone()].iter_mut().zip(&self.places[part]) {
                    if let Some(&derivative) = y.derivatives().get(direction(place)) {
                        *value = derivative;
                    }
                }
            }
        }
        p.zero_entries()?;
        let mut entries = p.assembler(InsertMode::Insert)?;
        let mut columns = Vec::new();
        for (row, w) in (self.first_row..).zip(self.starts.windows(2)) {
            columns.clear();
            columns.extend(self.places[w[0]..w[1]].iter().map(|&p| self.unknowns[p]));
            entries.row(row, &columns, &values[w[0]..w[1]])?;
        }
        entries.finish()
    }

    /// The values of the unknowns.
    fn gather(&mut self, x: &VectorRef) -> Result<Vec<Scalar>> {
        ffi::same_len("unknowns", self.owned, x.local_len()?)?;
        match &mut self.ghosts {
            None => Ok(x.array()?.to_vec()),
            Some((scatter, local)) => {
                scatter.forward(x, local)?;
                Ok(local.array()?.to_vec())
            }
        }
    }
}

fn variables<N: Number>(x: &[Scalar], direction: impl Fn(usize) -> usize) -> Vec<N> {
    let numbered = x.iter().enumerate();
    numbered
        .map(|(j, &x)| N::variable(x, direction(j)))
        .collect()
}

/// This process alone.
fn alone() -> Result<Comm> {
    // SAFETY: a constant of the MPI library.
    Comm::duplicate_of(unsafe { sys::PetscRsCommSelf() })
}

/// What brings the unknowns of a rank together; nothing on one rank.
fn ghosts(x: &VectorRef, unknowns: &[Int]) -> Result<Option<(Scatter, Vector)>> {
    if x.comm()?.size() == 1 {
        return Ok(None);
    }
    let comm = alone()?;
    let from = IndexSet::general(&comm, unknowns)?;
    let local = Vector::seq(&comm, unknowns.len())?;
    Ok(Some((Scatter::new(x, Some(&from), &local, None)?, local)))
}

/// A colour for each of `n` columns of the pattern of this rank, and their number: no two columns of one
/// colour meet in a row. Each rank has its own colours, because each seeds its own copy of the unknowns.
fn colors(starts: &[usize], places: &[usize], n: usize) -> Result<(Vec<usize>, usize)> {
    if places.is_empty() {
        return Ok((vec![0; n], 0));
    }
    let comm = alone()?;
    let int = |list: &[usize]| {
        list.iter()
            .map(|&p| ffi::petsc_int(p))
            .collect::<Result<Vec<_>>>()
    };
    let room: Vec<usize> = starts.windows(2).map(|w| w[1] - w[0]).collect();
    let mut pattern = Matrix::builder(&comm)
        .local_size(room.len(), n)
        .kind(MatrixType::AIJ)
        .from_options(false)
        .preallocate_rows(&int(&room)?, &vec![0; room.len()])
        .build()?;
    pattern.set_option(MatrixOption::UseInodes, false)?;
    let mut entries = pattern.assembler(InsertMode::Insert)?;
    for (row, w) in starts.windows(2).enumerate() {
        let columns = int(&places[w[0]..w[1]])?;
        let ones = vec![Scalar::from_real(1.0); columns.len()];
        entries.row(ffi::petsc_int(row)?, &columns, &ones)?;
    }
    entries.finish()?;
    let coloring = pattern.create_coloring(ColoringType::SL)?;
    let (count, colors) = coloring.colors()?;
    ffi::same_len("coloured columns", n, colors.len())?;
    Ok((colors.iter().map(|&c| usize::from(c)).collect(), count))
}
