//! Bases of vectors.

use petsc_rs::{Matrix, Norm, Result, Scalar, Vector};
use slepc_rs::bv::{MatMultMethod, OrthogBlock, OrthogRefine, OrthogType, Orthogonalization};
use slepc_rs::{Bv, BvType};

use crate::dice::Dice;
use crate::matrix;
use crate::solvers;
use crate::vector;
use crate::world::{Lease, Operation, World, ask};

const TYPES: &[BvType<'static>] = &[BvType::SVEC, BvType::VECS, BvType::CONTIGUOUS, BvType::MAT];

/// The operations of this class.
pub(crate) const TABLE: &[Operation] = &[
    Operation { name: "Bv create", run: |w, d| create(w, d).map(drop) },
    Operation { name: "Bv drop", run: |w, d| w.bases.discard(d) },
    Operation {
        name: "Bv::share",
        run: |w, d| {
            let basis = any(w, d)?.share()?;
            w.bases.keep(basis);
            Ok(())
        },
    },
    Operation { name: "Bv ask", run: |w, d| ask(&mut *any(w, d)?, d) },
    Operation { name: "Bv::set_from_options", run: |w, d| any(w, d)?.set_from_options() },
    Operation { name: "Bv::resize", run: |w, d| any(w, d)?.resize(d.below(8), d.coin()) },
    Operation {
        name: "Bv::set_active_columns",
        run: |w, d| {
            let mut basis = any(w, d)?;
            let m = basis.sizes()?.columns;
            let start = column(d, m);
            basis.set_active_columns(start..column(d, m + 1).max(start))
        },
    },
    Operation { name: "Bv copies", run: copies },
    Operation {
        name: "Bv::column",
        run: |w, d| {
            let basis = any(w, d)?.share()?;
            let lent = basis.column(column(d, basis.sizes()?.columns))?;
            let array = lent.array()?;
            let before = vector::bits(&array);
            w.play(d);
            assert!(vector::bits(&array) == before, "the lent column of a basis has changed");
            Ok(())
        },
    },
    Operation {
        name: "Bv::column_mut",
        run: |w, d| {
            let mut basis = any(w, d)?.share()?;
            let j = column(d, basis.sizes()?.columns);
            let mut lent = basis.column_mut(j)?;
            w.play(d);
            lent.set(d.scalar())
        },
    },
    Operation {
        name: "Bv::columns_mut",
        run: |w, d| {
            let mut basis = any(w, d)?.share()?;
            let m = basis.sizes()?.columns;
            let (mut x, mut y) = basis.columns_mut(column(d, m), column(d, m))?;
            w.play(d);
            x.copy_from(&y)?;
            y.scale(d.scalar())
        },
    },
    Operation {
        name: "Bv::matrix_view",
        run: |w, d| {
            let basis = any(w, d)?.share()?;
            let lent = basis.matrix_view()?;
            w.play(d);
            lent.norm(Norm::Frobenius).map(drop)
        },
    },
    Operation {
        name: "Bv::matrix_view_mut",
        run: |w, d| {
            let mut basis = any(w, d)?.share()?;
            let mut lent = basis.matrix_view_mut()?;
            w.play(d);
            lent.scale(d.scalar())
        },
    },
    Operation {
        name: "Bv::split",
        run: |w, d| {
            let mut basis = any(w, d)?.share()?;
            if d.chance(80) {
                let m = basis.sizes()?.columns;
                basis.set_active_columns(column(d, m)..m)?;
            }
            let mut parts = basis.split()?;
            w.play(d);
            let (left, right) = parts.parts_mut();
            left.scale(d.scalar())?;
            right.norm(Norm::Frobenius).map(drop)
        },
    },
    Operation { name: "Bv vectors", run: vectors },
    Operation {
        name: "Bv::copy_column",
        run: |w, d| {
            let mut basis = any(w, d)?;
            let m = basis.sizes()?.columns;
            basis.copy_column(column(d, m), column(d, m))
        },
    },
    Operation {
        name: "Bv::copy_from",
        run: |w, d| {
            let mut basis = any(w, d)?;
            let other = like(w, d, &basis)?;
            basis.copy_from(&other)
        },
    },
    Operation {
        name: "Bv::dot",
        run: |w, d| {
            let x = any(w, d)?;
            let y = like(w, d, &x)?;
            let product = x.dot(&y)?;
            w.matrices.keep(product);
            Ok(())
        },
    },
    Operation { name: "Bv norms and dots", run: norms },
    Operation { name: "Bv::normalize", run: |w, d| any(w, d)?.normalize() },
    Operation {
        name: "Bv::set_matrix",
        run: |w, d| {
            let mut basis = any(w, d)?;
            if d.chance(30) {
                return basis.set_matrix(None, false);
            }
            let b = square(w, d, &basis)?;
            basis.set_matrix(Some(&b), d.chance(20))
        },
    },
    Operation {
        name: "Bv::matrix",
        run: |w, d| {
            if let Some((b, _)) = any(w, d)?.matrix()? {
                w.matrices.keep(b);
            }
            Ok(())
        },
    },
    Operation {
        name: "Bv::apply_matrix",
        run: |w, d| {
            let basis = any(w, d)?;
            let (x, mut y) = (fitting(w, d, &basis)?, fitting(w, d, &basis)?);
            basis.apply_matrix(&x, &mut y)
        },
    },
    Operation { name: "Bv products with matrices", run: products },
    Operation {
        name: "Bv::mat_project",
        run: |w, d| {
            let x = any(w, d)?;
            let y = like(w, d, &x)?;
            let a = square(w, d, &x)?;
            let a: Option<&petsc_rs::MatrixRef> = if d.chance(80) { Some(&a) } else { None };
            let product = x.mat_project(a, &y)?;
            w.matrices.keep(product);
            Ok(())
        },
    },
    Operation { name: "Bv Krylov", run: krylov },
    Operation {
        name: "Bv::set_orthogonalization",
        run: |w, d| {
            let mut basis = any(w, d)?;
            basis.set_orthogonalization(how(d))?;
            basis.orthogonalization().map(drop)
        },
    },
    Operation { name: "Bv::orthogonalize", run: |w, d| any(w, d)?.orthogonalize() },
    Operation {
        name: "Bv::orthogonalize_with_factor",
        run: |w, d| {
            let factor = any(w, d)?.orthogonalize_with_factor()?;
            w.matrices.keep(factor);
            Ok(())
        },
    },
    Operation { name: "Bv orthogonalize one", run: orthogonalize_one },
    Operation {
        name: "Bv::insert_constraints",
        run: |w, d| {
            let mut basis = any(w, d)?;
            let (x, y) = (fitting(w, d, &basis)?, fitting(w, d, &basis)?);
            let list: Vec<&petsc_rs::VectorRef> = vec![&x, &y];
            basis.insert_constraints(&list[..d.below(3)])?;
            basis.constraints().map(drop)
        },
    },
    Operation { name: "Bv combinations", run: combinations },
    Operation {
        name: "Bv::mult_in_place",
        run: |w, d| {
            let mut basis = any(w, d)?;
            let active = basis.active_columns()?;
            let q = solvers::small(w, d, active.end, active.end)?;
            let columns = if d.chance(85) { active } else { 0..d.below(5) };
            if d.coin() {
                basis.mult_in_place(&q, columns)
            } else {
                basis.mult_in_place_hermitian_transpose(&q, columns)
            }
        },
    },
    Operation {
        name: "Bv::scale",
        run: |w, d| {
            let mut basis = any(w, d)?;
            let m = basis.sizes()?.columns;
            if d.coin() {
                basis.scale(d.scalar())
            } else {
                basis.scale_column(column(d, m), d.scalar())
            }
        },
    },
    Operation { name: "Bv random", run: |w, d| random(&mut *any(w, d)?, d) },
];

/// A column, in one of twenty throws one too many.
fn column(dice: &mut Dice, columns: usize) -> usize {
    let beyond = usize::from(dice.chance(5));
    dice.below(columns + beyond)
}

/// A basis, mostly of random vectors.
fn create(world: &World, dice: &mut Dice) -> Result<Lease<Bv>> {
    let comm = world.comm(dice);
    let (columns, kind) = (dice.below(6) + 1, dice.pick(TYPES));
    let mut basis = match dice.below(8) {
        0 => Bv::like(&*vector::any(world, dice)?, columns, kind)?,
        1 => Bv::from_matrix(&*matrix::any(world, dice)?, kind)?,
        2 => {
            let n = world.size(dice);
            let values = dice.scalars(n * columns);
            Bv::from_matrix(&*Matrix::from_dense(&comm, n, columns, &values)?, kind)?
        }
        _ => Bv::new(&comm, world.size(dice), columns, kind)?,
    };
    if dice.chance(85) {
        basis.set_random()?;
    }
    Ok(world.bases.lease(basis))
}

pub(crate) fn any(world: &World, dice: &mut Dice) -> Result<Lease<Bv>> {
    if dice.chance(12) {
        return create(world, dice);
    }
    match world.bases.find(dice, |_| true) {
        Some(basis) if dice.chance(25) => Ok(world.bases.lease(basis.share()?)),
        Some(basis) => Ok(basis),
        None => create(world, dice),
    }
}

/// Mostly one of the same kind and sizes.
fn like(world: &World, dice: &mut Dice, basis: &Bv) -> Result<Lease<Bv>> {
    if dice.chance(12) {
        return any(world, dice);
    }
    let mut other = match dice.below(3) {
        0 => basis.share()?,
        1 => basis.duplicate_resized(dice.below(6) + 1)?,
        _ => basis.duplicate()?,
    };
    if dice.coin() {
        other.set_random()?;
    }
    Ok(world.bases.lease(other))
}

/// Mostly a vector like the columns.
fn fitting(world: &World, dice: &mut Dice, basis: &Bv) -> Result<Lease<Vector>> {
    if dice.chance(10) {
        return vector::any(world, dice);
    }
    let mut x = basis.create_vector()?;
    let mut apart = dice.apart();
    for entry in x.array_mut()?.iter_mut() {
        *entry = apart.scalar();
    }
    Ok(world.vectors.lease(x))
}

/// Mostly a matrix that fits to the columns.
fn square(world: &World, dice: &mut Dice, basis: &Bv) -> Result<Lease<Matrix>> {
    if dice.chance(12) {
        return matrix::any(world, dice);
    }
    let comm = petsc_rs::Object::comm(&**basis)?;
    let a = matrix::tridiagonal(&comm, basis.sizes()?.global, [-1.0, 3.0, -1.0])?;
    Ok(world.matrices.lease(a))
}

fn copies(world: &World, dice: &mut Dice) -> Result<()> {
    let basis = any(world, dice)?;
    match dice.below(4) {
        0 => {
            let a = basis.to_matrix()?;
            world.matrices.keep(a);
        }
        1 => {
            let x = basis.create_vector()?;
            world.vectors.keep(x);
        }
        2 => {
            let other = basis.duplicate_resized(dice.below(7))?;
            world.bases.keep(other);
        }
        _ => {
            let other = basis.duplicate()?;
            world.bases.keep(other);
        }
    }
    Ok(())
}

fn vectors(world: &World, dice: &mut Dice) -> Result<()> {
    let mut basis = any(world, dice)?;
    let (mut x, y) = (fitting(world, dice, &basis)?, fitting(world, dice, &basis)?);
    let j = column(dice, basis.sizes()?.columns);
    match dice.below(3) {
        0 => basis.insert_vector(j, &x),
        1 => {
            let list: Vec<&petsc_rs::VectorRef> = vec![&x, &y];
            basis.insert_vectors(j, &list[..dice.below(3)], dice.coin()).map(drop)
        }
        _ => basis.copy_vector(j, &mut x),
    }
}

fn norms(world: &World, dice: &mut Dice) -> Result<()> {
    let basis = any(world, dice)?;
    let x = fitting(world, dice, &basis)?;
    let j = column(dice, basis.sizes()?.columns);
    let norm = dice.norm();
    match dice.below(5) {
        0 => basis.dot_vector(&x).map(drop),
        1 => basis.dot_column(j).map(drop),
        2 => basis.norm(norm).map(drop),
        3 => basis.norm_vector(&x, norm).map(drop),
        _ => basis.norm_column(j, norm).map(drop),
    }
}

fn products(world: &World, dice: &mut Dice) -> Result<()> {
    let mut basis = any(world, dice)?;
    let a = square(world, dice, &basis)?;
    match dice.below(5) {
        0 => basis.set_mat_mult_method(dice.pick(&[MatMultMethod::Vectors, MatMultMethod::Matrix])),
        1 => {
            let j = column(dice, basis.sizes()?.columns);
            basis.mat_mult_column(&a, j)
        }
        which => {
            let mut y = like(world, dice, &basis)?;
            match which {
                2 => basis.mat_mult_transpose(&a, &mut y),
                3 => basis.mat_mult_hermitian_transpose(&a, &mut y),
                _ => basis.mat_mult(&a, &mut y),
            }
        }
    }
}

fn krylov(world: &World, dice: &mut Dice) -> Result<()> {
    let mut basis = any(world, dice)?;
    let a = square(world, dice, &basis)?;
    let m = basis.sizes()?.columns;
    basis.set_random_column(0)?;
    basis.orthonormalize_column(0, false)?;
    let columns = 0..column(dice, m);
    if dice.coin() {
        let arnoldi = basis.arnoldi(&a, columns)?;
        world.matrices.keep(arnoldi.matrix);
        Ok(())
    } else {
        basis.lanczos(&a, columns).map(drop)
    }
}

fn how(dice: &mut Dice) -> Orthogonalization {
    Orthogonalization {
        kind: dice.pick(&[OrthogType::Classical, OrthogType::Modified]),
        refine: dice.pick(&[OrthogRefine::IfNeeded, OrthogRefine::Never, OrthogRefine::Always]),
        eta: dice.pick(&[0.7, 0.1, 2.0]),
        block: dice.pick(&[
            OrthogBlock::GramSchmidt,
            OrthogBlock::Cholesky,
            OrthogBlock::Tsqr,
            OrthogBlock::TsqrCholesky,
            OrthogBlock::Svqb,
        ]),
    }
}

fn orthogonalize_one(world: &World, dice: &mut Dice) -> Result<()> {
    let mut basis = any(world, dice)?;
    let j = column(dice, basis.sizes()?.columns);
    match dice.below(3) {
        0 => basis.orthogonalize_column(j).map(drop),
        1 => {
            let mut x = fitting(world, dice, &basis)?;
            basis.orthogonalize_vector(&mut x).map(drop)
        }
        _ => basis.orthonormalize_column(j, dice.coin()).map(drop),
    }
}

fn combinations(world: &World, dice: &mut Dice) -> Result<()> {
    let mut basis = any(world, dice)?;
    let (alpha, beta) = (dice.scalar(), dice.scalar());
    match dice.below(4) {
        0 => {
            let j = column(dice, basis.sizes()?.columns);
            let q = coefficients(dice, j);
            basis.mult_column(alpha, beta, j, &q)
        }
        1 => {
            let mut y = fitting(world, dice, &basis)?;
            let active = basis.active_columns()?;
            let q = coefficients(dice, active.len());
            basis.mult_vector(alpha, beta, &mut y, &q)
        }
        2 => {
            let x = like(world, dice, &basis)?;
            basis.mult(alpha, beta, &x, None)
        }
        _ => {
            let x = like(world, dice, &basis)?;
            let (m, n) = (x.active_columns()?.end, basis.active_columns()?.end);
            let q = solvers::small(world, dice, m, n)?;
            basis.mult(alpha, beta, &x, Some(&q))
        }
    }
}

/// So many numbers, in one of ten throws one too many.
fn coefficients(dice: &mut Dice, n: usize) -> Vec<Scalar> {
    let beyond = usize::from(dice.chance(10));
    dice.scalars(n + beyond)
}

fn random(basis: &mut Bv, dice: &mut Dice) -> Result<()> {
    match dice.below(5) {
        0 => basis.set_random(),
        1 => {
            let m = basis.sizes()?.columns;
            basis.set_random_column(column(dice, m))
        }
        2 => basis.set_random_normal(),
        3 => basis.set_random_sign(),
        _ => basis.random().map(drop),
    }
}
