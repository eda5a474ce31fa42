//! Jacobians with any sparse nonzero pattern.

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
    /// Computes `y ← F(x)` for the rows of this rank. `x` contains the unknowns in the order of
    /// [`SparseJacobian::unknowns`]: on one rank, all of them; on several, those of this rank,
    /// followed by those of other ranks that its rows need. The result must depend on `x` only: the
    /// method is called several times for one Jacobian.
    ///
    /// # Errors
    /// Any error. The caller returns it.
    fn evaluate<N: Number>(&mut self, x: &[N], y: &mut [N]) -> Result<()>;
}

/// Computes the Jacobian of a [`Residual`] with a sparse nonzero pattern. The caller gives the
/// pattern, or a trace of the residual finds it.
///
/// PETSc colors the columns so that two columns of one color have no common row. Each evaluation of
/// the residual computes the columns of eight colors.
///
/// # Examples
/// Newton's method for three equations with a traced pattern:
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
    /// The columns of row `i`, as positions in `unknowns`, are `places[starts[i]..starts[i + 1]]`.
    starts: Vec<usize>,
    places: Vec<usize>,
    /// Global indices of the unknowns that this rank needs, its own unknowns first.
    unknowns: Vec<Int>,
    owned: usize,
    first_row: Int,
    colors: Vec<usize>,
    passes: usize,
    /// Communicates the unknowns of other ranks.
    ghosts: Option<(Scatter, Vector)>,
}

/// Number of directions of a pass.
const W: usize = 8;

impl SparseJacobian {
    /// Uses the pattern of an assembled matrix, on any number of ranks. Collective.
    ///
    /// Each rank computes its rows from its own unknowns and from the unknowns of other ranks on
    /// which these rows depend. The matrix need not be square; `x` then has the layout of its
    /// columns.
    ///
    /// # Errors
    /// The errors of [`MatrixRef::row`].
    pub fn from_matrix(a: &MatrixRef) -> Result<Self> {
        let range = a.ownership_range()?;
        let mut rows = Vec::with_capacity(ffi::index_to_usize(range.end - range.start));
        for row in range.clone() {
            rows.push(a.row(row)?.columns().to_vec());
        }
        let (x, _) = a.vectors()?;
        Self::new(&x, range.start, &rows)
    }

    /// Uses a given pattern: the global columns of each row of this rank. The matrix is square, and
    /// its rows have the layout of `x`. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` unless there is a row for each entry of `x` on this rank; `ARG_OUTOFRANGE` for a
    /// column outside the matrix.
    pub fn from_rows(x: &VectorRef, rows: &[Vec<Int>]) -> Result<Self> {
        ffi::same_len("number of rows on this rank", x.local_len()?, rows.len())?;
        let n = ffi::petsc_int(x.len()?)?;
        for row in rows {
            ffi::check_indices(row, &(0..n))?;
        }
        Self::new(x, x.ownership_range()?.start, rows)
    }

    /// Finds the pattern by tracing one evaluation at `x`. The matrix is square. Requires one rank,
    /// because a trace does not find the unknowns that a rank needs from other ranks: on several
    /// ranks, use [`from_matrix`](Self::from_matrix).
    ///
    /// The pattern contains only the dependencies that occur in this evaluation. If the evaluation
    /// does not take a branch, the pattern lacks the dependencies in that branch, and the Jacobian
    /// lacks the corresponding entries. Choose `x` so that all dependencies occur.
    ///
    /// # Errors
    /// `WRONG_MPI_SIZE` on more than one rank; `ARG_WRONGSTATE` while another trace is running; any
    /// error of the residual.
    pub fn traced<R: Residual>(x: &VectorRef, residual: &mut R) -> Result<Self> {
        if x.comm()?.size() != 1 {
            return Err(Error::collective(
                ErrorCode::WRONG_MPI_SIZE,
                "tracing a pattern requires one rank: on several, use from_matrix or from_rows",
            ));
        }
        let Some(trace) = Trace::begin() else {
            return Err(Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "a trace is running already: traces cannot be nested",
            ));
        };
        let values = x.array()?;
        let unknowns: Vec<Traced> = variables(&values, |j| j);
        let mut y = vec![Traced::from(Scalar::from_real(0.0)); values.len()];
        drop(values);
        residual.evaluate(&unknowns, &mut y)?;
        let rows = trace.variables(&y);
        drop(trace);
        let rows: Result<Vec<Vec<Int>>> =
            rows.into_iter().map(|row| row.into_iter().map(ffi::petsc_int).collect()).collect();
        Self::new(x, 0, &rows?)
    }

    /// The columns in `rows` must exist.
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

    /// Returns the global indices of the unknowns that the residual receives on this rank, in the
    /// order of the residual's argument.
    #[must_use]
    pub fn unknowns(&self) -> &[Int] {
        &self.unknowns
    }

    /// Returns the global columns of row `row` of this rank. Rows are counted from 0 on each rank.
    /// The list is empty if the row does not exist.
    #[must_use]
    pub fn pattern(&self, row: usize) -> Vec<Int> {
        let Some(&[from, to]) = self.starts.get(row..row + 2) else {
            return Vec::new();
        };
        self.places[from..to].iter().map(|&p| self.unknowns[p]).collect()
    }

    /// Returns the number of evaluations of the residual on this rank in
    /// [`compute`](Self::compute).
    #[must_use]
    pub fn passes(&self) -> usize {
        self.passes
    }

    /// Creates a matrix with this pattern, filled with zeros. Collective.
    ///
    /// # Errors
    /// The errors of [`Matrix::from_csr`].
    #[track_caller]
    pub fn create_matrix(&self, comm: &Comm) -> Result<Matrix> {
        let offsets: Result<Vec<Int>> = self.starts.iter().map(|&n| ffi::petsc_int(n)).collect();
        let columns: Vec<Int> = self.places.iter().map(|&p| self.unknowns[p]).collect();
        let zeros = vec![Scalar::from_real(0.0); columns.len()];
        Matrix::from_csr(comm, self.owned, &offsets?, &columns, &zeros)
    }

    /// Computes `y ← F(x)`. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if `x` or `y` has a different layout; any error of the residual.
    pub fn residual<R: Residual>(
        &mut self,
        residual: &mut R,
        x: &VectorRef,
        y: &mut VectorRef,
    ) -> Result<()> {
        let x = self.gather(x)?;
        let mut y = y.array_mut()?;
        ffi::same_len("number of rows on this rank", self.starts.len() - 1, y.len())?;
        residual.evaluate::<Scalar>(&x, &mut y)
    }

    /// Computes and assembles `p ← ∂F/∂x`. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if `x` has a different layout; `ARG_OUTOFRANGE` for an entry outside the nonzero
    /// pattern of `p`; any error of the residual.
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
            // Columns of other passes have a direction that no dual number of this pass has.
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

    /// Returns the values of the unknowns.
    fn gather(&mut self, x: &VectorRef) -> Result<Vec<Scalar>> {
        ffi::same_len("number of unknowns on this rank", self.owned, x.local_len()?)?;
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
    numbered.map(|(j, &x)| N::variable(x, direction(j))).collect()
}

/// Returns the communicator of this process only.
fn alone() -> Result<Comm> {
    // SAFETY: a constant of the MPI library.
    Comm::duplicate_of(unsafe { sys::PetscRsCommSelf() })
}

/// Creates the scatter that collects the unknowns of a rank, `None` on one rank.
fn ghosts(x: &VectorRef, unknowns: &[Int]) -> Result<Option<(Scatter, Vector)>> {
    if x.comm()?.size() == 1 {
        return Ok(None);
    }
    let comm = alone()?;
    let from = IndexSet::general(&comm, unknowns)?;
    let local = Vector::seq(&comm, unknowns.len())?;
    Ok(Some((Scatter::new(x, Some(&from), &local, None)?, local)))
}

/// Returns a color for each of the `n` columns in the pattern of this rank, and the number of
/// colors: columns of one color have no common row. Each rank has its own colors, because each rank
/// sets the directions of its own copy of the unknowns.
fn colors(starts: &[usize], places: &[usize], n: usize) -> Result<(Vec<usize>, usize)> {
    if places.is_empty() {
        return Ok((vec![0; n], 0));
    }
    let comm = alone()?;
    let int = |list: &[usize]| list.iter().map(|&p| ffi::petsc_int(p)).collect::<Result<Vec<_>>>();
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
    ffi::same_len("number of colored columns", n, colors.len())?;
    Ok((colors.iter().map(|&c| usize::from(c)).collect(), count))
}
