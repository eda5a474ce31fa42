//! Objective functions with gradients and Hessians from automatic differentiation.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives as _;

use super::{Dual, HyperDual, Number};
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::MatrixRef;
use crate::tao::TaoRef;
use crate::vector::{InsertMode, VectorRef};
use crate::{Object as _, Real, Scalar, ScalarExt as _, ffi};

/// An objective function of few parameters, written once for all number types.
///
/// # Examples
/// See [`TaoRef::set_objective_autodiff`].
pub trait Objective {
    /// Computes the contribution of this rank to `f(x)`, which is the sum over the ranks. Each rank
    /// gets all parameters. On several ranks, the contribution may come from the local part of the
    /// data, or be zero. The result must depend on `x` only: the method is called several times for
    /// one gradient.
    ///
    /// # Errors
    /// Any error. The caller returns it.
    fn evaluate<N: Number>(&mut self, x: &[N]) -> Result<N>;
}

/// Number of directions of a pass.
const W: usize = 8;

/// Computes an [`Objective`] with its derivatives.
///
/// Each pass over the function computes the derivatives with respect to eight parameters. A
/// gradient with respect to `n` parameters takes about `n / 8` passes, each of which costs a few
/// evaluations of the function. For thousands of parameters, implement the gradient by hand.
///
/// # Examples
/// Computes the Hessian of `x²·y` at `(3, 5)`:
/// ```
/// # petsc_rs::doctest(|comm| {
/// use petsc_rs::autodiff::{Derivatives, Number, Objective};
/// use petsc_rs::{Matrix, MatrixType, Result, Scalar, ScalarExt, Vector};
///
/// struct Product;
///
/// impl Objective for Product {
///     fn evaluate<N: Number>(&mut self, x: &[N]) -> Result<N> {
///         Ok(x[0] * x[0] * x[1])
///     }
/// }
///
/// let of = Scalar::from_real;
/// let x = Vector::from_slice(comm, &[of(3.0), of(5.0)])?;
/// let mut h = Matrix::builder(comm).local_size(2, 2).kind(MatrixType::DENSE).build()?;
/// Derivatives::new(Product).hessian(&x, &mut h)?;
/// assert_eq!(h.value(0, 0)?.real(), 10.0);
/// assert_eq!(h.value(0, 1)?.real(), 6.0);
/// assert_eq!(h.value(1, 1)?.real(), 0.0);
/// # Ok(()) })
/// ```
pub struct Derivatives<F> {
    objective: F,
}

impl<F> fmt::Debug for Derivatives<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Derivatives").finish_non_exhaustive()
    }
}

impl<F: Objective> Derivatives<F> {
    /// Creates the derivatives of this function.
    pub fn new(objective: F) -> Self {
        Self { objective }
    }

    /// Computes `f(x)`. Collective.
    ///
    /// # Errors
    /// Any error of the function.
    pub fn value(&mut self, x: &VectorRef) -> Result<Real> {
        let all = x.gather_to_all()?;
        let mut sums = [self.objective.evaluate(&all)?.real()];
        add_ranks(&x.comm()?, &mut sums);
        Ok(sums[0])
    }

    /// Computes `f(x)` and `g ← ∇f(x)`. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if `g` does not have the length of `x`; any error of the function.
    pub fn value_and_gradient(&mut self, x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
        let all = x.gather_to_all()?;
        let mut numbers = constants(&all);
        let (mut value, mut sums) = (None, vec![0.0; all.len() + 1]);
        for first in (0..all.len()).step_by(W) {
            let block = first..all.len().min(first + W);
            for k in block.clone() {
                numbers[k] = Dual::variable(all[k], k - first);
            }
            let y: Dual<W> = self.objective.evaluate(&numbers)?;
            value = Some(y.value().real());
            for k in block {
                sums[k] = y.derivatives()[k - first].real();
                numbers[k] = Dual::from(all[k]);
            }
        }
        sums[all.len()] = match value {
            Some(value) => value,
            None => self.objective.evaluate(&all)?.real(),
        };
        add_ranks(&x.comm()?, &mut sums);
        put(&sums, g)?;
        Ok(sums[all.len()])
    }

    /// Computes `y ← ∇²f(x)·v`. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the vectors differ in length; any error of the function.
    pub fn hessian_product(
        &mut self,
        x: &VectorRef,
        v: &VectorRef,
        y: &mut VectorRef,
    ) -> Result<()> {
        let (all, along) = (x.gather_to_all()?, v.gather_to_all()?);
        ffi::same_len("number of entries of the direction", all.len(), along.len())?;
        put(&self.product(&x.comm()?, &all, &along)?, y)
    }

    /// Computes `h ← ∇²f(x)` with one Hessian-vector product for each column. Suitable for few
    /// parameters. Collective.
    ///
    /// The matrix needs space for all entries, which a matrix of type `dense` has.
    ///
    /// # Errors
    /// `ARG_SIZ` unless `h` has one row and one column for each entry of `x`; any error of the
    /// function or the matrix.
    pub fn hessian(&mut self, x: &VectorRef, h: &mut MatrixRef) -> Result<()> {
        let (all, comm) = (x.gather_to_all()?, x.comm()?);
        let size = h.size()?;
        if size != (all.len(), all.len()) {
            return Err(Error::new(
                ErrorCode::ARG_SIZ,
                format!("the Hessian must have {} rows and columns, got {size:?}", all.len()),
            ));
        }
        let own = h.ownership_range()?;
        let rows: Vec<_> = own.clone().collect();
        let own = ffi::index_to_usize(own.start)..ffi::index_to_usize(own.end);
        let mut along = vec![Scalar::from_real(0.0); all.len()];
        for column in 0..all.len() {
            along[column] = Scalar::from_real(1.0);
            let entries = self.product(&comm, &all, &along)?;
            along[column] = Scalar::from_real(0.0);
            let entries: Vec<_> =
                entries[own.clone()].iter().map(|&y| Scalar::from_real(y)).collect();
            h.set_values(&rows, &[ffi::petsc_int(column)?], &entries, InsertMode::Insert)?;
        }
        h.assemble()
    }

    fn product(&mut self, comm: &Comm, x: &[Scalar], along: &[Scalar]) -> Result<Vec<Real>> {
        let moving = |k: usize, number: HyperDual<W>| number.along(along[k]);
        let mut numbers: Vec<_> = constants(x);
        for (k, number) in numbers.iter_mut().enumerate() {
            *number = moving(k, *number);
        }
        let mut sums = vec![0.0; x.len()];
        for first in (0..x.len()).step_by(W) {
            let block = first..x.len().min(first + W);
            for k in block.clone() {
                numbers[k] = moving(k, HyperDual::variable(x[k], k - first));
            }
            let y = self.objective.evaluate(&numbers)?;
            for k in block {
                sums[k] = y.change().derivatives()[k - first].real();
                numbers[k] = moving(k, HyperDual::from(x[k]));
            }
        }
        add_ranks(comm, &mut sums);
        Ok(sums)
    }
}

fn constants<N: Number>(values: &[Scalar]) -> Vec<N> {
    values.iter().map(|&value| N::from(value)).collect()
}

/// Adds all sums over the ranks with one reduction.
fn add_ranks(comm: &Comm, sums: &mut [Real]) {
    if comm.size() == 1 {
        return;
    }
    let own = sums.to_vec();
    comm.mpi().all_reduce_into(&own[..], sums, SystemOperation::sum());
}

/// Stores the entries of this rank.
fn put(all: &[Real], y: &mut VectorRef) -> Result<()> {
    let n = y.len()?;
    if all.len() < n {
        return Err(Error::new(
            ErrorCode::ARG_SIZ,
            format!("the vector has {n} entries, but there are {} parameters", all.len()),
        ));
    }
    let first = ffi::index_to_usize(y.ownership_range()?.start);
    for (y, &value) in y.array_mut()?.iter_mut().zip(&all[first..]) {
        *y = Scalar::from_real(value);
    }
    Ok(())
}

impl TaoRef {
    /// Sets an [`Objective`] of few parameters, with its exact gradient and exact Hessian-vector
    /// products. Replaces earlier functions. Collective.
    ///
    /// `like` is a vector with the layout of the solution.
    ///
    /// Active-set methods extract submatrices of the Hessian. Use such a method with
    /// `-tao_subset_type matrixfree`, or with an assembled matrix from [`Derivatives::hessian`] in
    /// [`set_hessian`](Self::set_hessian).
    ///
    /// # Errors
    /// The errors of [`set_objective_and_gradient`](Self::set_objective_and_gradient) and
    /// [`set_hessian_product`](Self::set_hessian_product).
    ///
    /// # Examples
    /// ```
    /// # #[cfg(petsc_scalar = "real")]
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::autodiff::{Number, Objective};
    /// use petsc_rs::{Result, Tao, TaoType, Vector};
    ///
    /// /// The Rosenbrock function.
    /// struct Valley;
    ///
    /// impl Objective for Valley {
    ///     fn evaluate<N: Number>(&mut self, x: &[N]) -> Result<N> {
    ///         let (a, b) = (x[0], x[1]);
    ///         Ok((b - a * a).powi(2) * 100.0 + (a - 1.0).powi(2))
    ///     }
    /// }
    ///
    /// let mut x = Vector::from_slice(comm, &[-1.2, 1.0])?;
    /// let mut tao = Tao::new(comm)?;
    /// tao.set_type(TaoType::NTR)?;
    /// tao.set_objective_autodiff(&x, Valley)?;
    /// let _ = tao.solve(&mut x)?;
    /// assert!((x.array()?[0] - 1.0).abs() < 1e-8);
    /// # Ok(()) })
    /// ```
    pub fn set_objective_autodiff<F>(&mut self, like: &VectorRef, objective: F) -> Result<()>
    where
        F: Objective + 'static,
    {
        let all = Rc::new(RefCell::new(Derivatives::new(objective)));
        let value = Rc::clone(&all);
        self.set_objective(move |_, x| value.borrow_mut().value(x))?;
        let both = Rc::clone(&all);
        self.set_objective_and_gradient(move |_, x, g| both.borrow_mut().value_and_gradient(x, g))?;
        self.set_hessian_product(like, move |x, v, y| all.borrow_mut().hessian_product(x, v, y))
    }
}
