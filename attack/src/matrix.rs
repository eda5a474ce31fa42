//! Matrices of all kinds, factors, products, null spaces.

use petsc_rs::matrix::{
    Blocks, ColoringType, CompositeKind, FactorKind, FactorOptions, MatrixOption, NullSpace,
    OrderingType, Product, Scope, ShellMatrix, SolverType, Structure, Unassembled,
};
use petsc_rs::{
    Comm, Int, LocalToGlobalMap, Matrix, MatrixRef, MatrixType, Norm, Object as _, Real, Result,
    Scalar, ScalarExt as _, Vector, VectorRef,
};

use crate::dice::Dice;
use crate::vector::{self, bits};
use crate::world::{Away, Lease, Operation, World, ask};

/// The operations of this class.
pub(crate) const TABLE: &[Operation] = &[
    Operation {
        name: "Matrix create",
        run: |w, d| {
            let a = create(w, d)?;
            w.matrices.keep(a);
            Ok(())
        },
    },
    Operation { name: "Matrix drop", run: |w, d| w.matrices.discard(d) },
    Operation {
        name: "Matrix::share",
        run: |w, d| {
            let a = any(w, d)?.share()?;
            w.matrices.keep(a);
            Ok(())
        },
    },
    Operation {
        name: "Matrix::duplicate",
        run: |w, d| {
            let a = any(w, d)?;
            let copy = if d.coin() { a.duplicate()? } else { a.duplicate_with_values()? };
            w.matrices.keep(copy);
            Ok(())
        },
    },
    Operation { name: "Matrix ask", run: |w, d| ask(&mut *any(w, d)?, d) },
    Operation { name: "Matrix sizes", run: sizes },
    Operation {
        name: "Matrix::info",
        run: |w, d| {
            let scope = d.pick(&[Scope::Local, Scope::GlobalMax, Scope::GlobalSum]);
            any(w, d)?.info(scope).map(drop)
        },
    },
    Operation {
        name: "Matrix::vectors",
        run: |w, d| {
            let (x, y) = any(w, d)?.vectors()?;
            w.vectors.keep(x);
            w.vectors.keep(y);
            Ok(())
        },
    },
    Operation {
        name: "Matrix::axpy",
        run: |w, d| {
            let (mut a, b) = two(w, d)?;
            a.axpy(d.scalar(), &b, structure(d))
        },
    },
    Operation {
        name: "Matrix::aypx",
        run: |w, d| {
            let (mut a, b) = two(w, d)?;
            a.aypx(d.scalar(), &b, structure(d))
        },
    },
    Operation {
        name: "Matrix::copy_from",
        run: |w, d| {
            let (mut a, b) = two(w, d)?;
            a.copy_from(&b)
        },
    },
    Operation {
        name: "Matrix::equal",
        run: |w, d| {
            let (a, b) = two(w, d)?;
            a.equal(&b).map(drop)
        },
    },
    Operation {
        name: "Matrix::mult_equal",
        run: |w, d| {
            let (a, b) = two(w, d)?;
            a.mult_equal(&b, d.below(3)).map(drop)
        },
    },
    Operation { name: "Matrix::scale", run: |w, d| any(w, d)?.scale(d.scalar()) },
    Operation { name: "Matrix::shift", run: |w, d| any(w, d)?.shift(d.scalar()) },
    Operation {
        name: "Matrix parts of numbers",
        run: |w, d| {
            let mut a = any(w, d)?;
            match d.below(3) {
                0 => a.real_part(),
                1 => a.imaginary_part(),
                _ => a.conjugate(),
            }
        },
    },
    Operation {
        name: "Matrix::transpose",
        run: |w, d| {
            let mut a = any(w, d)?;
            let t = match d.below(6) {
                0 => a.transpose()?,
                1 => a.hermitian_transpose()?,
                2 => return a.transpose_in_place(),
                3 => a.transpose_view()?,
                4 => a.hermitian_transpose_view()?,
                _ => a.normal_view()?,
            };
            w.matrices.keep(t);
            Ok(())
        },
    },
    Operation {
        name: "Matrix::set_random",
        run: |w, d| {
            let mut random = vector::random(w, d)?;
            any(w, d)?.set_random(&mut random)
        },
    },
    Operation {
        name: "Matrix::set_value",
        run: |w, d| {
            let mut a = any(w, d)?;
            let (m, n) = a.size()?;
            let (i, j) = (d.index(m), d.index(n));
            a.set_value(i, j, d.scalar(), d.mode())
        },
    },
    Operation { name: "Matrix::set_values", run: set_values },
    Operation { name: "Matrix::assembler", run: assembler },
    Operation { name: "Matrix::assemble", run: |w, d| any(w, d)?.assemble() },
    Operation { name: "Matrix::flush_assembly", run: |w, d| any(w, d)?.flush_assembly() },
    Operation {
        name: "Matrix::assemble_begin",
        run: |w, d| {
            let mut a = any(w, d)?.share()?;
            let assembly = a.assemble_begin()?;
            w.play(d);
            if d.coin() { assembly.finish() } else { Ok(()) }
        },
    },
    Operation { name: "Matrix::zero_entries", run: |w, d| any(w, d)?.zero_entries() },
    Operation { name: "Matrix::reset_preallocation", run: |w, d| any(w, d)?.reset_preallocation() },
    Operation { name: "Matrix::store_values", run: |w, d| any(w, d)?.store_values() },
    Operation {
        name: "Matrix::retrieve_values",
        run: |w, d| {
            let mut a = any(w, d)?;
            if d.coin() {
                a.set_option(MatrixOption::NewNonzeroLocations, false)?;
                a.store_values()?;
            }
            a.retrieve_values()
        },
    },
    Operation { name: "Matrix::zero_rows", run: zero_rows },
    Operation {
        name: "Matrix::create_coloring",
        run: |w, d| {
            let kinds = [
                ColoringType::NATURAL,
                ColoringType::SL,
                ColoringType::LF,
                ColoringType::ID,
                ColoringType::GREEDY,
                ColoringType::JP,
                ColoringType::POWER,
            ];
            any(w, d)?.create_coloring(d.pick(&kinds)).map(drop)
        },
    },
    Operation { name: "Matrix composite", run: composite_parts },
    Operation {
        name: "Matrix::convert",
        run: |w, d| {
            let b = any(w, d)?.convert(kind(d))?;
            w.matrices.keep(b);
            Ok(())
        },
    },
    Operation {
        name: "Matrix::convert_in_place",
        run: |w, d| any(w, d)?.convert_in_place(kind(d)),
    },
    Operation { name: "Matrix coo", run: coo },
    Operation { name: "Matrix::dense", run: dense },
    Operation { name: "Matrix::dense_mut", run: dense_mut },
    Operation {
        name: "Matrix::diagonal",
        run: |w, d| {
            let a = any(w, d)?;
            let (_, mut y) = fitting(w, d, &a)?;
            a.diagonal(&mut y)
        },
    },
    Operation {
        name: "Matrix::set_diagonal",
        run: |w, d| {
            let mut a = any(w, d)?;
            let (_, y) = fitting(w, d, &a)?;
            a.set_diagonal(&y, d.mode())
        },
    },
    Operation {
        name: "Matrix::diagonal_scale",
        run: |w, d| {
            let mut a = any(w, d)?;
            let (x, y) = fitting(w, d, &a)?;
            let (left, right) = (d.coin().then_some(&**y), d.coin().then_some(&**x));
            a.diagonal_scale(left, right)
        },
    },
    Operation { name: "Matrix::forget_diagonal", run: |w, d| any(w, d)?.forget_diagonal() },
    Operation { name: "Matrix::factor", run: factor },
    Operation { name: "Factor solve", run: factor_solve },
    Operation {
        name: "Factor::update",
        run: |w, d| {
            make_factor(w, d)?;
            match w.factors.find(d, |_| true) {
                Some(mut factor) => factor.update(),
                None => Ok(()),
            }
        },
    },
    Operation { name: "Factor drop", run: |w, d| w.factors.discard(d) },
    Operation { name: "Matrix::mult", run: mult },
    Operation { name: "Matrix::mult_add", run: mult_add },
    Operation { name: "Matrix::set_option", run: set_option },
    Operation { name: "Matrix product", run: product },
    Operation {
        name: "Product::update",
        run: |w, d| {
            if w.products.len() == 0 {
                product(w, d)?;
            }
            match w.products.find(d, |_| true) {
                Some(mut product) => product.update(),
                None => Ok(()),
            }
        },
    },
    Operation {
        name: "Product::into_matrix",
        run: |w, d| {
            if w.products.len() == 0 {
                product(w, d)?;
            }
            if let Some(product) = w.products.remove(d) {
                w.matrices.keep(product.into_matrix());
            }
            Ok(())
        },
    },
    Operation {
        name: "Matrix::mat_mult",
        run: |w, d| {
            let (a, b) = two(w, d)?;
            let c = a.mat_mult(&b)?;
            w.matrices.keep(c);
            Ok(())
        },
    },
    Operation { name: "Matrix reduce", run: reduce },
    Operation {
        name: "Matrix symmetry",
        run: |w, d| {
            let a = any(w, d)?;
            match d.below(4) {
                0 => a.symmetric_known().map(drop),
                1 => a.is_symmetric(1e-6).map(drop),
                2 => a.is_hermitian(1e-6).map(drop),
                _ => a.is_structurally_symmetric().map(drop),
            }
        },
    },
    Operation {
        name: "Matrix::column",
        run: |w, d| {
            let a = any(w, d)?;
            let (_, mut y) = fitting(w, d, &a)?;
            let j = d.index(a.size()?.1);
            a.column(j, &mut y)
        },
    },
    Operation {
        name: "Matrix::ordering",
        run: |w, d| {
            let kinds = [
                OrderingType::NATURAL,
                OrderingType::ND,
                OrderingType::ONE_WAY_DISSECTION,
                OrderingType::RCM,
                OrderingType::QMD,
            ];
            let (p, q) = any(w, d)?.ordering(d.pick(&kinds))?;
            w.sets.keep(p);
            w.sets.keep(q);
            Ok(())
        },
    },
    Operation {
        name: "Matrix::permute",
        run: |w, d| {
            let a = any(w, d)?;
            let (m, n) = a.local_size()?;
            let (p, q) = (vector::permutation(w, d, m)?, vector::permutation(w, d, n)?);
            let b = a.permute(&p, &q)?;
            w.matrices.keep(b);
            Ok(())
        },
    },
    Operation {
        name: "Matrix::values",
        run: |w, d| {
            let a = any(w, d)?;
            let (m, n) = a.local_size()?;
            let start = a.ownership_range()?.start;
            let rows: Vec<Int> = d.indices(3, m).iter().map(|i| i + start).collect();
            let columns = d.indices(3, n);
            a.values(&rows, &columns).map(drop)
        },
    },
    Operation { name: "Matrix::row", run: row },
    Operation { name: "Matrix::submatrix", run: submatrix },
    Operation {
        name: "Matrix::diagonal_block",
        run: |w, d| {
            let a = any(w, d)?.share()?;
            let block = a.diagonal_block()?;
            w.play(d);
            block.norm(Norm::Frobenius).map(drop)
        },
    },
    Operation {
        name: "Matrix::local_rows",
        run: |w, d| {
            let b = any(w, d)?.local_rows()?;
            w.matrices.keep(b);
            Ok(())
        },
    },
    Operation {
        name: "Matrix::local_part",
        run: |w, d| {
            let a = named(w, d, "is")?.share()?;
            let part = a.local_part()?;
            w.play(d);
            part.norm(Norm::One).map(drop)
        },
    },
    Operation { name: "Matrix nest", run: nest_blocks },
    Operation { name: "Matrix local", run: local },
    Operation { name: "Matrix lmvm", run: lmvm },
    Operation { name: "Matrix shell", run: shell_change },
    Operation { name: "Matrix null spaces", run: null_spaces },
    Operation { name: "NullSpace", run: space },
    Operation {
        name: "Matrix::compose",
        run: |w, d| {
            let mut a = any(w, d)?;
            let x = vector::any(w, d)?;
            a.compose::<Vector>("x", &x)?;
            w.play(d);
            if let Some(x) = a.query::<Vector>("x")? {
                w.vectors.keep(x);
            }
            a.uncompose("x")
        },
    },
];

const KINDS: &[MatrixType<'static>] = &[
    MatrixType::AIJ,
    MatrixType::SEQ_AIJ,
    MatrixType::MPI_AIJ,
    MatrixType::BAIJ,
    MatrixType::SBAIJ,
    MatrixType::DENSE,
    MatrixType::SEQ_DENSE,
    MatrixType::MPI_DENSE,
    MatrixType::SELL,
    MatrixType::AIJ_PERM,
    MatrixType::HYPRE,
    MatrixType::IS,
    MatrixType::NEST,
    MatrixType::SHELL,
    MatrixType::SCALAPACK,
    MatrixType::new(c"same"),
    MatrixType::new(c"aijcrl"),
    MatrixType::new(c"seqbaij"),
    MatrixType::new(c"mpibaij"),
    MatrixType::new(c"seqsbaij"),
    MatrixType::new(c"mpiadj"),
    MatrixType::new(c"diagonal"),
    MatrixType::new(c"constantdiagonal"),
    MatrixType::new(c"preallocator"),
    MatrixType::new(c"maij"),
    MatrixType::new(c"dummy"),
    MatrixType::new(c"scatter"),
    MatrixType::new(c"localref"),
    MatrixType::new(c"blockmat"),
    MatrixType::new(c"transpose"),
    MatrixType::new(c"elemental"),
];

pub(crate) fn kind(dice: &mut Dice) -> MatrixType<'static> {
    // The first ones are those of most programs.
    if dice.chance(60) { dice.pick(&KINDS[..10]) } else { dice.pick(KINDS) }
}

fn structure(dice: &mut Dice) -> Structure {
    dice.pick(&[Structure::Unknown, Structure::Subset, Structure::Different])
}

fn integer(n: usize) -> Int {
    Int::try_from(n).unwrap_or(0)
}

/// A new matrix of any kind, mostly square and assembled.
pub(crate) fn create(world: &World, dice: &mut Dice) -> Result<Matrix> {
    let comm = world.comm(dice);
    let m = world.size(dice);
    let n = if dice.chance(80) { m } else { world.size(dice) };
    let x = |n: usize| Vector::new(&comm, n);
    match dice.below(16) {
        0 => Matrix::constant_diagonal(&comm, m, dice.scalar()),
        1 => {
            let mut entries = x(m)?;
            entries.set(dice.scalar())?;
            Matrix::diagonal_of(&comm, &entries)
        }
        2 => from_csr(&comm, dice, m),
        3 => {
            let (rows, _) = comm.split_ownership(None, Some(m))?;
            let values = dice.scalars(m * n);
            let _ = rows;
            Matrix::from_dense(&comm, m, n, &values)
        }
        4 => shell(world, dice, &comm, m, n),
        5 => nest(world, dice),
        6 => composite(world, dice, &comm),
        7 => {
            let kinds = [
                MatrixType::LMVM_BFGS,
                MatrixType::LMVM_DFP,
                MatrixType::LMVM_SR1,
                MatrixType::LMVM_SYM_BROYDEN,
                MatrixType::LMVM_SYM_BAD_BROYDEN,
                MatrixType::LMVM_DIAG_BROYDEN,
                MatrixType::LMVM_BROYDEN,
                MatrixType::LMVM_BAD_BROYDEN,
            ];
            Matrix::lmvm(dice.pick(&kinds), &*x(m)?)
        }
        8 => unassembled(world, dice, &comm, m),
        9 => {
            let a = any(world, dice)?;
            match dice.below(3) {
                0 => a.transpose_view(),
                1 => a.hermitian_transpose_view(),
                _ => a.normal_view(),
            }
        }
        10 => schur(world, dice),
        _ => built(dice, &comm, m, n),
    }
}

fn built(dice: &mut Dice, comm: &Comm, m: usize, n: usize) -> Result<Matrix> {
    let size = if dice.chance(70) { 1 } else { dice.below(3) + 1 };
    let mut builder = Matrix::builder(comm).kind(kind(dice)).global_size(m * size, n * size);
    if size > 1 {
        builder = builder.block_size(size);
    }
    if dice.coin() {
        builder = builder.preallocate(dice.below(4), dice.below(3));
    }
    let mut a = builder.build()?;
    if dice.chance(90) {
        fill(&mut a, dice)?;
    }
    Ok(a)
}

/// A dominant diagonal, some entries beside it, assembled.
fn fill(a: &mut Matrix, dice: &mut Dice) -> Result<()> {
    let (m, n) = a.size()?;
    let (m, n) = (integer(m), integer(n));
    let symmetric = dice.coin();
    let (main, beside) = (dice.real() + 9.0, dice.scalar());
    let range = a.ownership_range()?;
    for i in range.start..range.end.min(m) {
        if i < n {
            a.set_value(i, i, Scalar::from_real(main), petsc_rs::InsertMode::Insert)?;
        }
        if i + 1 < n {
            a.set_value(i, i + 1, beside, petsc_rs::InsertMode::Insert)?;
        }
        if symmetric && i > 0 && i <= n && !a.is_type("seqsbaij")? && !a.is_type("mpisbaij")? {
            a.set_value(i, i - 1, beside, petsc_rs::InsertMode::Insert)?;
        }
    }
    a.assemble()
}

/// A sparse matrix with these numbers below, on, and above the diagonal.
pub(crate) fn tridiagonal(comm: &Comm, n: usize, entries: [Real; 3]) -> Result<Matrix> {
    let mut a = Matrix::builder(comm).global_size(n, n).build()?;
    let n = integer(n);
    for i in a.ownership_range()? {
        for (j, value) in (i - 1..).zip(entries) {
            if (0..n).contains(&j) {
                a.set_value(i, j, Scalar::from_real(value), petsc_rs::InsertMode::Insert)?;
            }
        }
    }
    a.assemble()?;
    Ok(a)
}

fn from_csr(comm: &Comm, dice: &mut Dice, m: usize) -> Result<Matrix> {
    let (rows, _) = comm.split_ownership(None, Some(m))?;
    let (mut offsets, mut columns) = (vec![0], Vec::new());
    let mut apart = dice.apart();
    for _ in 0..rows {
        for j in 0..integer(m) {
            if apart.chance(40) {
                columns.push(j);
            }
        }
        offsets.push(integer(columns.len()));
    }
    let values = apart.scalars(columns.len());
    Matrix::from_csr(comm, rows, &offsets, &columns, &values)
}

/// The identity times a number, as closures that also do other things.
fn shell(world: &World, dice: &mut Dice, comm: &Comm, m: usize, n: usize) -> Result<Matrix> {
    match dice.below(4) {
        0 => Matrix::shell_from(comm, m, n, Twice(world.away())),
        1 => Matrix::shell_cloned(comm, m, n, Twice(world.away())),
        _ => {
            let (away, seed) = (world.away(), dice.seed());
            let mut builder = Matrix::shell(comm, m, n, move |x, y| {
                away.play(seed);
                copy(x, y)
            });
            if dice.coin() {
                builder = builder.mult_transpose(copy).mult_hermitian_transpose(copy);
            }
            if dice.coin() {
                builder = builder.diagonal(|d| d.set(Scalar::from_real(1.0)));
            }
            builder.build()
        }
    }
}

fn copy(x: &VectorRef, y: &mut VectorRef) -> Result<()> {
    if x.local_len()? == y.local_len()? { y.copy_from(x) } else { y.set(Scalar::from_real(1.0)) }
}

/// An operator with a value of its own.
#[derive(Clone)]
struct Twice(Away);

impl ShellMatrix for Twice {
    const TRANSPOSE: bool = true;
    const DIAGONAL: bool = true;
    fn mult(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        self.0.play(1);
        copy(x, y)?;
        y.scale(Scalar::from_real(2.0))
    }
    fn mult_transpose(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        copy(x, y)?;
        y.scale(Scalar::from_real(2.0))
    }
    fn diagonal(&mut self, diagonal: &mut VectorRef) -> Result<()> {
        diagonal.set(Scalar::from_real(2.0))
    }
}

fn nest(world: &World, dice: &mut Dice) -> Result<Matrix> {
    let a = any(world, dice)?;
    let b = like(world, dice, &a)?;
    let comm = a.comm()?;
    let (a, b): (Option<&MatrixRef>, Option<&MatrixRef>) = (Some(&a), Some(&b));
    match dice.below(4) {
        0 => Matrix::nest(&comm, &[&[a]]),
        1 => Matrix::nest(&comm, &[&[a, b]]),
        2 => Matrix::nest(&comm, &[&[a], &[b]]),
        _ => Matrix::nest(&comm, &[&[a, None], &[None, b]]),
    }
}

fn composite(world: &World, dice: &mut Dice, comm: &Comm) -> Result<Matrix> {
    let a = any(world, dice)?;
    let b = like(world, dice, &a)?;
    let kind = dice.pick(&[CompositeKind::Sum, CompositeKind::Product]);
    Matrix::composite(comm, kind, &[(dice.scalar(), &a), (dice.scalar(), &b)])
}

fn schur(world: &World, dice: &mut Dice) -> Result<Matrix> {
    let a00 = any(world, dice)?;
    let a01 = like(world, dice, &a00)?;
    let a10 = like(world, dice, &a00)?;
    let a11 = like(world, dice, &a00)?;
    Matrix::schur_complement(&Blocks {
        a00: &a00,
        p00: &a00,
        a01: &a01,
        a10: &a10,
        a11: dice.coin().then_some(&**a11),
    })
}

fn unassembled(world: &World, dice: &mut Dice, comm: &Comm, n: usize) -> Result<Matrix> {
    let own;
    let leased;
    let map = if dice.chance(80) {
        own = LocalToGlobalMap::new(comm, 1, &(0..integer(n)).collect::<Vec<_>>())?;
        &own
    } else {
        leased = vector::map(world, dice)?;
        &*leased
    };
    let parts = Unassembled {
        size: (n, n),
        rows: map,
        columns: map,
        entries_per_row: dice.coin().then_some(3),
    };
    let mut a = Matrix::unassembled(comm, &parts)?;
    if dice.chance(90) {
        for i in 0..integer(n) {
            a.set_value(i, i, Scalar::from_real(2.0), petsc_rs::InsertMode::Add)?;
        }
        a.assemble()?;
    }
    Ok(a)
}

/// A matrix: the object of the pool itself, or a second handle of it.
pub(crate) fn any(world: &World, dice: &mut Dice) -> Result<Lease<Matrix>> {
    if !dice.chance(15) {
        if let Some(a) = world.matrices.find(dice, |_| true) {
            return twin(world, dice, a);
        }
    }
    let deep = dice.seed();
    let a = built_or_any(world, &mut Dice::new(deep))?;
    name(world, &a);
    Ok(world.matrices.lease(a))
}

/// The trace names the types and sizes of the matrices.
fn name(world: &World, a: &Matrix) {
    if world.trace {
        let kind = a.type_name().ok().flatten().unwrap_or_default();
        eprint!(" [{kind} {:?} {:?}]", a.size().ok(), a.block_sizes().ok());
    }
}

/// The kinds that are made of others end here, so that one is not made of itself without end.
fn built_or_any(world: &World, dice: &mut Dice) -> Result<Matrix> {
    if dice.chance(30) && world.matrices.len() > 0 {
        return create(world, dice);
    }
    let comm = world.comm(dice);
    let n = world.size(dice);
    built(dice, &comm, n, n)
}

fn twin(world: &World, dice: &mut Dice, a: Lease<Matrix>) -> Result<Lease<Matrix>> {
    name(world, &a);
    if dice.chance(25) {
        return Ok(world.matrices.lease(a.share()?));
    }
    Ok(a)
}

/// Mostly one of the same sizes.
fn like(world: &World, dice: &mut Dice, a: &Matrix) -> Result<Lease<Matrix>> {
    if dice.chance(8) {
        return any(world, dice);
    }
    let wanted = (a.size().ok(), a.local_size().ok());
    if dice.chance(85) {
        let fits = |b: &Matrix| (b.size().ok(), b.local_size().ok()) == wanted;
        if let Some(found) = world.matrices.find(dice, fits) {
            return twin(world, dice, found);
        }
    }
    Ok(world.matrices.lease(a.duplicate_with_values()?))
}

fn two(world: &World, dice: &mut Dice) -> Result<(Lease<Matrix>, Lease<Matrix>)> {
    let a = any(world, dice)?;
    let b = if dice.chance(8) { world.matrices.lease(a.share()?) } else { like(world, dice, &a)? };
    Ok((a, b))
}

/// One of a type, or any.
fn named(world: &World, dice: &mut Dice, kind: &str) -> Result<Lease<Matrix>> {
    if dice.chance(85) {
        if let Some(a) = world.matrices.find(dice, |a| a.is_type(kind).unwrap_or(false)) {
            return twin(world, dice, a);
        }
        let comm = world.comm(dice);
        let n = world.size(dice);
        let made = match kind {
            "is" => unassembled(world, dice, &comm, n)?,
            "nest" => nest(world, dice)?,
            "shell" => shell(world, dice, &comm, n, n)?,
            "composite" => composite(world, dice, &comm)?,
            "lmvm" => {
                let kinds = [
                    MatrixType::LMVM_BFGS,
                    MatrixType::LMVM_BROYDEN,
                    MatrixType::LMVM_DIAG_BROYDEN,
                ];
                Matrix::lmvm(dice.pick(&kinds), &*Vector::new(&comm, n)?)?
            }
            _ => Matrix::from_dense(&comm, n, n, &dice.scalars(n * n))?,
        };
        return Ok(world.matrices.lease(made));
    }
    any(world, dice)
}

/// Mostly vectors that fit: what the matrix is applied to, and what it gives.
pub(crate) fn fitting(
    world: &World,
    dice: &mut Dice,
    a: &Matrix,
) -> Result<(Lease<Vector>, Lease<Vector>)> {
    if dice.chance(8) {
        return Ok((vector::any(world, dice)?, vector::any(world, dice)?));
    }
    let ((m, n), (rows, columns)) = (a.local_size()?, a.size()?);
    let fresh = dice.chance(30);
    let fits = |here: usize, together: usize| {
        move |x: &Vector| {
            let flat = !x.is_type("nest").unwrap_or(true);
            flat && x.local_len().ok() == Some(here) && x.len().ok() == Some(together)
        }
    };
    let (x, y) =
        (world.vectors.find(dice, fits(n, columns)), world.vectors.find(dice, fits(m, rows)));
    if let (Some(x), Some(y), false) = (x, y, fresh) {
        return Ok((x, y));
    }
    let (mut x, y) = a.vectors()?;
    x.set(dice.scalar())?;
    Ok((world.vectors.lease(x), world.vectors.lease(y)))
}

fn sizes(world: &World, dice: &mut Dice) -> Result<()> {
    let a = any(world, dice)?;
    a.ownership_range_column()?;
    a.block_sizes()?;
    a.is_assembled()?;
    a.nonzero_state().map(drop)
}

fn set_values(world: &World, dice: &mut Dice) -> Result<()> {
    let mut a = any(world, dice)?;
    let (m, n) = a.size()?;
    if dice.coin() {
        let (rows, columns) = (dice.indices(3, m), dice.indices(3, n));
        let values = dice.scalars(rows.len() * columns.len());
        return a.set_values(&rows, &columns, &values, dice.mode());
    }
    let (p, q) = a.block_sizes()?;
    let (rows, columns) = (dice.indices(2, m / p.max(1)), dice.indices(2, n / q.max(1)));
    let values = dice.scalars(rows.len() * columns.len() * p * q);
    a.set_values_blocked(&rows, &columns, &values, dice.mode())
}

fn assembler(world: &World, dice: &mut Dice) -> Result<()> {
    let mut a = any(world, dice)?.share()?;
    let (m, n) = a.size()?;
    let mut assembler = a.assembler(dice.mode())?;
    assembler.set(dice.index(m), dice.index(n), dice.scalar())?;
    world.play(dice);
    let columns = dice.indices(3, n);
    let values = dice.scalars(columns.len());
    assembler.row(dice.index(m), &columns, &values)?;
    if dice.chance(80) { assembler.finish() } else { Ok(()) }
}

fn zero_rows(world: &World, dice: &mut Dice) -> Result<()> {
    let mut a = any(world, dice)?;
    let (x, mut y) = fitting(world, dice, &a)?;
    let rows = dice.indices(3, a.size()?.0);
    let solution: Option<(&VectorRef, &mut VectorRef)> =
        if dice.coin() { Some((&x, &mut y)) } else { None };
    if dice.coin() {
        a.zero_rows(&rows, dice.scalar(), solution)
    } else {
        a.zero_rows_columns(&rows, dice.scalar(), solution)
    }
}

fn composite_parts(world: &World, dice: &mut Dice) -> Result<()> {
    let mut a = named(world, dice, "composite")?.share()?;
    match dice.below(3) {
        0 => {
            a.composite_kind()?;
            a.composite_len().map(drop)
        }
        1 => a.merge_composite(structure(dice)),
        _ => {
            let part = a.composite_part(dice.below(3))?;
            world.play(dice);
            part.norm(Norm::Frobenius).map(drop)
        }
    }
}

fn coo(world: &World, dice: &mut Dice) -> Result<()> {
    let mut a = any(world, dice)?;
    let (m, n) = a.size()?;
    let count = dice.below(6);
    let rows: Vec<Int> = (0..count).map(|_| dice.index(m)).collect();
    let columns: Vec<Int> = (0..count).map(|_| dice.index(n)).collect();
    if dice.chance(70) {
        a.set_preallocation_coo(&rows, &columns)?;
    }
    if dice.coin() {
        world.play(dice);
    }
    let values = dice.scalars(count);
    a.set_values_coo(&values, dice.mode())
}

fn dense(world: &World, dice: &mut Dice) -> Result<()> {
    let a = named(world, dice, "seqdense")?.share()?;
    let lent = a.dense()?;
    let before = bits(&lent);
    world.play(dice);
    assert!(bits(&lent) == before, "the lent array of a dense matrix has changed");
    Ok(())
}

fn dense_mut(world: &World, dice: &mut Dice) -> Result<()> {
    let mut a = named(world, dice, "seqdense")?.share()?;
    let mut lent = a.dense_mut()?;
    let value = dice.scalar();
    lent.fill(value);
    world.play(dice);
    assert!(lent.iter().all(|&v| v == value), "a dense array lent for writing has changed");
    Ok(())
}

fn make_factor(world: &World, dice: &mut Dice) -> Result<()> {
    if world.factors.len() == 0 || dice.chance(20) { factor(world, dice) } else { Ok(()) }
}

fn factor(world: &World, dice: &mut Dice) -> Result<()> {
    let a = any(world, dice)?;
    let made = match dice.below(5) {
        0 => a.lu()?,
        1 => a.cholesky()?,
        2 => a.ilu(u32::try_from(dice.below(3)).unwrap_or(0))?,
        _ => {
            let packages = [
                SolverType::PETSC,
                SolverType::MUMPS,
                SolverType::SUPERLU_DIST,
                SolverType::UMFPACK,
                SolverType::CHOLMOD,
                SolverType::KLU,
                SolverType::new(c"bas"),
            ];
            let kinds = [FactorKind::Lu, FactorKind::Cholesky, FactorKind::Ilu, FactorKind::Icc];
            let (package, kind) = (dice.pick(&packages), dice.pick(&kinds));
            if dice.chance(20) {
                return a.factor_available(package, kind).map(drop);
            }
            let orderings =
                [OrderingType::NATURAL, OrderingType::ND, OrderingType::RCM, OrderingType::QMD];
            let options = FactorOptions {
                package: dice.coin().then_some(package),
                ordering: dice.coin().then_some(dice.pick(&orderings)),
                levels: dice.coin().then_some(1),
                shift: dice.coin().then_some(0.5),
                ..FactorOptions::default()
            };
            a.factor(kind, &options)?
        }
    };
    world.factors.keep(made);
    Ok(())
}

fn factor_solve(world: &World, dice: &mut Dice) -> Result<()> {
    make_factor(world, dice)?;
    let Some(mut factor) = world.factors.find(dice, |_| true) else {
        return Ok(());
    };
    let b = vector::any(world, dice)?;
    let mut x = vector::like(world, dice, &b)?;
    match dice.below(7) {
        0 => factor.solve_transpose(&b, &mut x),
        1 => {
            let y = vector::like(world, dice, &b)?;
            factor.solve_add(&b, &y, &mut x)
        }
        2 => {
            let b = named(world, dice, "seqdense")?;
            let mut x = b.duplicate()?;
            factor.mat_solve(&b, &mut x)
        }
        3 => factor.inertia().map(drop),
        4 => {
            factor.package()?;
            factor.mumps_icntl(7)?;
            factor.set_mumps_icntl(integer(dice.below(40)), integer(dice.below(3)))?;
            factor.mumps_infog(1).map(drop)
        }
        _ => factor.solve(&b, &mut x),
    }
}

fn mult(world: &World, dice: &mut Dice) -> Result<()> {
    let a = any(world, dice)?;
    let (mut x, mut y) = fitting(world, dice, &a)?;
    match dice.below(4) {
        0 => a.mult_transpose(&y, &mut x),
        1 => a.mult_hermitian_transpose(&y, &mut x),
        _ => a.mult(&x, &mut y),
    }
}

fn mult_add(world: &World, dice: &mut Dice) -> Result<()> {
    let a = any(world, dice)?;
    let (mut x, mut y) = fitting(world, dice, &a)?;
    match dice.below(4) {
        0 => {
            let mut z = vector::like(world, dice, &y)?;
            a.mult_add(&x, &y, &mut z)
        }
        1 => a.mult_add_to(&x, &mut y),
        2 => {
            let z = vector::like(world, dice, &x)?;
            a.mult_transpose_add(&y, &z, &mut x)
        }
        _ => {
            let z = vector::like(world, dice, &x)?;
            a.mult_hermitian_transpose_add(&y, &z, &mut x)
        }
    }
}

fn set_option(world: &World, dice: &mut Dice) -> Result<()> {
    let options = [
        MatrixOption::Symmetric,
        MatrixOption::StructurallySymmetric,
        MatrixOption::Hermitian,
        MatrixOption::Spd,
        MatrixOption::SymmetryEternal,
        MatrixOption::ForceDiagonalEntries,
        MatrixOption::IgnoreOffProcEntries,
        MatrixOption::NoOffProcEntries,
        MatrixOption::NoOffProcZeroRows,
        MatrixOption::KeepNonzeroPattern,
        MatrixOption::IgnoreZeroEntries,
        MatrixOption::NewNonzeroLocations,
        MatrixOption::NewNonzeroLocationErr,
        MatrixOption::NewNonzeroAllocationErr,
        MatrixOption::UnusedNonzeroLocationErr,
        MatrixOption::IgnoreLowerTriangular,
        MatrixOption::ErrorLowerTriangular,
        MatrixOption::GetRowUpperTriangular,
        MatrixOption::UseInodes,
    ];
    let option = dice.pick(&options);
    let mut a = any(world, dice)?;
    if dice.chance(70) { a.set_option(option, dice.coin()) } else { a.option(option).map(drop) }
}

fn product(world: &World, dice: &mut Dice) -> Result<()> {
    let (a, b) = two(world, dice)?;
    let fill: Option<Real> = dice.coin().then_some(2.0);
    let made: Product = match dice.below(5) {
        0 => a.product(&b, fill)?,
        1 => a.transpose_product(&b, fill)?,
        2 => a.product_transpose(&b, fill)?,
        3 => a.ptap(&b, fill)?,
        _ => a.rart(&b, fill)?,
    };
    world.products.keep(made);
    Ok(())
}

fn reduce(world: &World, dice: &mut Dice) -> Result<()> {
    let a = any(world, dice)?;
    let choice = dice.below(8);
    match choice {
        0 => a.norm(dice.norm()).map(drop),
        1 => a.trace().map(drop),
        2 => a.column_norms(dice.norm()).map(drop),
        3 => a.column_sums().map(drop),
        _ => {
            let (_, mut y) = fitting(world, dice, &a)?;
            match choice {
                4 => a.row_sum(&mut y),
                5 => a.row_max(&mut y).map(drop),
                6 => a.row_min(&mut y).map(drop),
                _ => a.row_max_abs(&mut y).map(drop),
            }
        }
    }
}

fn row(world: &World, dice: &mut Dice) -> Result<()> {
    let a = any(world, dice)?.share()?;
    let range = a.ownership_range()?;
    let n = usize::try_from(range.end - range.start)?;
    let row = a.row(range.start + dice.index(n))?;
    let before = (row.columns().to_vec(), bits(row.values()));
    world.play(dice);
    assert!((row.columns().to_vec(), bits(row.values())) == before, "a lent row has changed");
    Ok(())
}

fn submatrix(world: &World, dice: &mut Dice) -> Result<()> {
    let mut a = any(world, dice)?.share()?;
    let (rows, columns) = if dice.chance(30) {
        (vector::set(world, dice)?, vector::set(world, dice)?)
    } else {
        let chosen = |range: std::ops::Range<Int>, dice: &mut Dice| {
            let mut apart = dice.apart();
            let some: Vec<Int> = range.filter(|_| apart.coin()).collect();
            petsc_rs::IndexSet::general(&a.comm()?, &some)
        };
        let rows = chosen(a.ownership_range()?, dice)?;
        let columns = chosen(a.ownership_range_column()?, dice)?;
        (world.sets.lease(rows), world.sets.lease(columns))
    };
    let made = match dice.below(3) {
        0 => a.submatrix(&rows, &columns)?,
        1 => a.local_submatrix(&rows, &columns)?,
        _ => {
            let Some(mut block) = a.local_block(&rows, &columns)? else {
                return Ok(());
            };
            let (i, j) = (dice.indices(2, 3), dice.indices(2, 3));
            let values = dice.scalars(i.len() * j.len());
            world.play(dice);
            return block.set_values(&i, &j, &values, dice.mode());
        }
    };
    world.matrices.keep(made);
    Ok(())
}

fn nest_blocks(world: &World, dice: &mut Dice) -> Result<()> {
    let mut a = named(world, dice, "nest")?.share()?;
    let (m, n) = a.nest_size()?;
    let (i, j) = (dice.below(m + 1), dice.below(n + 1));
    if dice.coin() {
        if let Some(block) = a.nest_block(i, j)? {
            world.play(dice);
            block.norm(Norm::One)?;
        }
    } else if let Some(mut block) = a.nest_block_mut(i, j)? {
        world.play(dice);
        block.scale(dice.scalar())?;
    }
    Ok(())
}

fn local(world: &World, dice: &mut Dice) -> Result<()> {
    let mut a = any(world, dice)?;
    if dice.chance(70) {
        let map = vector::map(world, dice)?;
        a.set_local_to_global_map(&map, &map)?;
    }
    let (rows, columns) = (dice.indices(2, 3), dice.indices(2, 3));
    if dice.coin() {
        let values = dice.scalars(rows.len() * columns.len());
        return a.set_values_local(&rows, &columns, &values, dice.mode());
    }
    let (p, q) = a.block_sizes()?;
    let values = dice.scalars(rows.len() * columns.len() * p * q);
    a.set_values_blocked_local(&rows, &columns, &values, dice.mode())
}

fn lmvm(world: &World, dice: &mut Dice) -> Result<()> {
    let mut a = named(world, dice, "lmvm")?;
    let (mut x, y) = fitting(world, dice, &a)?;
    match dice.below(8) {
        0 => a.lmvm_solve(&y, &mut x),
        1 => a.lmvm_reset(),
        2 => a.lmvm_counts().map(drop),
        3 => a.set_lmvm_j0_scale(dice.real()),
        4 => {
            let j0 = like(world, dice, &a)?;
            a.set_lmvm_j0(&j0)
        }
        5 => a.set_lmvm_history_size(dice.below(4)),
        _ => a.lmvm_update(&x, &y),
    }
}

fn shell_change(world: &World, dice: &mut Dice) -> Result<()> {
    let mut a = named(world, dice, "shell")?;
    let (away, seed) = (world.away(), dice.seed());
    match dice.below(4) {
        0 => a.set_shell_mult(move |x, y| {
            away.play(seed);
            copy(x, y)
        }),
        1 => a.set_shell_mult_transpose(copy),
        2 => a.set_shell_diagonal(|d| d.set_zero()),
        _ => a.with_shell_value::<Twice, ()>(|twice| {
            twice.0.play(seed);
            Ok(())
        }),
    }
}

fn new_space(world: &World, dice: &mut Dice) -> Result<Lease<NullSpace>> {
    if dice.coin() {
        if let Some(space) = world.spaces.find(dice, |_| true) {
            return Ok(space);
        }
    }
    let comm = world.comm(dice);
    let space = match dice.below(3) {
        0 => NullSpace::new(&comm, true, &[])?,
        1 => NullSpace::rigid_body(&*vector::any(world, dice)?)?,
        _ => {
            let mut x = vector::any(world, dice)?;
            x.normalize()?;
            NullSpace::new(&comm, dice.coin(), &[&x])?
        }
    };
    Ok(world.spaces.lease(space))
}

fn null_spaces(world: &World, dice: &mut Dice) -> Result<()> {
    let mut a = any(world, dice)?;
    let space = new_space(world, dice)?;
    let given: Option<&petsc_rs::matrix::NullSpaceRef> = dice.chance(80).then_some(&space);
    match dice.below(4) {
        0 => a.set_null_space(given),
        1 => a.set_transpose_null_space(given),
        2 => a.set_near_null_space(given),
        _ => {
            if let Some(space) = a.null_space()? {
                world.spaces.keep(space);
            }
            Ok(())
        }
    }
}

fn space(world: &World, dice: &mut Dice) -> Result<()> {
    let space = new_space(world, dice)?;
    match dice.below(4) {
        0 => space.remove(&mut *vector::any(world, dice)?),
        1 => space.test(&*any(world, dice)?).map(drop),
        2 => space.has_constant().map(drop),
        _ => {
            let space = space.share()?;
            let vectors = space.vectors()?;
            world.play(dice);
            for x in vectors {
                x.norm(Norm::Two)?;
            }
            Ok(())
        }
    }
}
