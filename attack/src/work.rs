//! Closures for solvers: smooth functions of a state, which sometimes run another random operation.

use std::cell::RefCell;

use petsc_rs::{
    Comm, Error, ErrorCode, InsertMode, Int, Matrix, MatrixRef, MatrixType, Result, Scalar,
    ScalarExt as _, Vector, VectorRef,
};

use crate::dice::Dice;
use crate::matrix;
use crate::vector;
use crate::world::{Away, Lease, World};

/// What a closure does besides its work: nothing, mostly; else it fails now and then, or runs other operations.
pub(crate) struct Mischief {
    away: Away,
    dice: RefCell<Dice>,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    None,
    Fail,
    Play,
}

impl Mischief {
    pub(crate) fn new(world: &World, dice: &mut Dice) -> Self {
        let kind = match dice.below(10) {
            0 => Kind::Fail,
            1..=2 => Kind::Play,
            _ => Kind::None,
        };
        Self { away: world.away(), dice: RefCell::new(dice.apart()), kind }
    }

    /// Called at the begin of a closure.
    pub(crate) fn act(&self) -> Result<()> {
        if matches!(self.kind, Kind::None) {
            return Ok(());
        }
        let (throw, seed) = {
            let mut dice = self.dice.borrow_mut();
            (dice.below(8), dice.seed())
        };
        match (self.kind, throw) {
            (Kind::Fail, 0) => Err(Error::new(ErrorCode::USER, "a closure fails")),
            (Kind::Fail, 1) => {
                Err(Error::domain("the state is outside the domain of the function"))
            }
            (Kind::Play, 0..=2) => {
                self.away.play(seed);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// `yᵢ ← f(xᵢ)`, also into a vector of another length.
pub(crate) fn map(x: &VectorRef, y: &mut VectorRef, f: impl Fn(Scalar) -> Scalar) -> Result<()> {
    let x = x.array()?;
    let mut y = y.array_mut()?;
    for (y, &x) in y.iter_mut().zip(x.iter()) {
        *y = f(x);
    }
    Ok(())
}

/// Writes `f(xᵢ)` to the diagonal, whatever the size of the matrix.
pub(crate) fn fill_diagonal(
    x: &VectorRef,
    a: &mut MatrixRef,
    f: impl Fn(Scalar) -> Scalar,
) -> Result<()> {
    let (rows, columns) = a.size()?;
    let values: Vec<Scalar> = x.array()?.iter().map(|&x| f(x)).collect();
    // The matrix is assembled if a rank has no place for its entries, too.
    let mut written = Ok(());
    for (i, value) in a.ownership_range()?.zip(values) {
        if i < Int::try_from(rows.min(columns))? {
            written = written.and(a.set_value(i, i, value, InsertMode::Insert));
        }
    }
    a.assemble()?;
    written
}

/// A matrix of `n` rows with places on the diagonal and beside it.
pub(crate) fn tridiagonal(comm: &Comm, n: usize) -> Result<Matrix> {
    let mut a = Matrix::builder(comm).global_size(n, n).build()?;
    let n = Int::try_from(n)?;
    for i in a.ownership_range()? {
        for j in (i - 1).max(0)..(i + 2).min(n) {
            let value = Scalar::from_real(if i == j { 3.0 } else { -0.1 });
            a.set_value(i, j, value, InsertMode::Insert)?;
        }
    }
    a.assemble()?;
    Ok(a)
}

/// Mostly a new matrix for `n` unknowns.
pub(crate) fn square(
    world: &World,
    dice: &mut Dice,
    comm: &Comm,
    n: usize,
) -> Result<Lease<Matrix>> {
    match dice.below(100) {
        0..=74 => Ok(world.matrices.lease(tridiagonal(comm, n)?)),
        75..=84 => {
            let same = |a: &Matrix| a.size().is_ok_and(|size| size == (n, n));
            match world.matrices.find(dice, same) {
                Some(a) => Ok(a),
                None => Ok(world.matrices.lease(tridiagonal(comm, n)?)),
            }
        }
        85..=92 => Ok(world
            .matrices
            .lease(Matrix::builder(comm).kind(MatrixType::DENSE).global_size(n, n).build()?)),
        _ => matrix::any(world, dice),
    }
}

/// Mostly a vector of `n` entries: a new one, or one of those that are there.
pub(crate) fn vector(
    world: &World,
    dice: &mut Dice,
    comm: &Comm,
    n: usize,
) -> Result<Lease<Vector>> {
    let throw = dice.below(100);
    if throw < 6 {
        return vector::any(world, dice);
    }
    let fits = |x: &Vector| x.len().is_ok_and(|len| len == n) && x.array().is_ok();
    if throw < 60 {
        if let Some(x) = world.vectors.find(dice, fits) {
            return Ok(if dice.chance(25) { world.vectors.lease(x.share()?) } else { x });
        }
    }
    let mut x = Vector::new(comm, n)?;
    x.set(dice.scalar())?;
    Ok(world.vectors.lease(x))
}

/// A new vector for the values of a function: solvers refuse it as solution, so that it is rarely kept for others.
pub(crate) fn values(world: &World, dice: &mut Dice, comm: &Comm, n: usize) -> Result<Vector> {
    if dice.chance(8) {
        return vector(world, dice, comm, n)?.share();
    }
    let r = Vector::new(comm, n)?;
    if dice.chance(5) {
        world.vectors.keep(r.share()?);
    }
    Ok(r)
}
