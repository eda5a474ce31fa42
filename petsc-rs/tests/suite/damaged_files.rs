//! Damaged files give an error on all ranks, and C does not see them.

use std::fs;
use std::path::Path;

use super::options::shared_dir;
use petsc_rs::prelude::*;
use petsc_rs::{BinaryOptions, ErrorCode, FileMode, Viewer, ViewerFormat};

const WIDTH: usize = size_of::<Int>();
const ROWS: usize = 8;

/// What a file is written from, and loaded as.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Vector,
    Aij,
    Baij,
    Sbaij,
    /// A sparse file, loaded as a dense matrix.
    Dense,
    /// A file of all values.
    Values,
}

const SPARSE: [Kind; 4] = [Kind::Aij, Kind::Baij, Kind::Sbaij, Kind::Dense];
const ALL: [Kind; 6] =
    [Kind::Vector, Kind::Aij, Kind::Baij, Kind::Sbaij, Kind::Dense, Kind::Values];

impl Kind {
    fn builder(self, comm: &Comm, writes: bool) -> petsc_rs::matrix::Builder<'_> {
        let builder = Matrix::builder(comm);
        match self {
            Self::Baij => builder.kind(MatrixType::BAIJ).block_size(2),
            Self::Sbaij => builder.kind(MatrixType::SBAIJ).block_size(2),
            Self::Values => builder.kind(MatrixType::DENSE),
            Self::Dense if !writes => builder.kind(MatrixType::DENSE),
            _ => builder.kind(MatrixType::AIJ),
        }
    }
}

fn viewer(comm: &Comm, path: &Path, mode: FileMode) -> Result<Viewer> {
    let options = BinaryOptions { skip_info: true, ..BinaryOptions::default() };
    Viewer::binary_with(comm, path, mode, options)
}

/// The matrix with diagonal 4, 5, … and -1 beside it.
fn tridiagonal(comm: &Comm, kind: Kind) -> Result<Matrix> {
    let mut a = kind.builder(comm, true).global_size(ROWS, ROWS).build()?;
    let n = Int::try_from(ROWS)?;
    for i in a.ownership_range()? {
        a.set_value(i, i, Scalar::from_real(4.0 + i as Real), InsertMode::Insert)?;
        for j in [i - 1, i + 1].into_iter().filter(|j| (0..n).contains(j)) {
            if kind != Kind::Sbaij || j > i {
                a.set_value(i, j, Scalar::from_real(-1.0), InsertMode::Insert)?;
            }
        }
    }
    a.assemble()?;
    Ok(a)
}

/// The bytes that PETSc writes, on all ranks.
fn good_file(comm: &Comm, path: &Path, kind: Kind) -> Result<Vec<u8>> {
    let file = viewer(comm, path, FileMode::Write)?;
    match kind {
        Kind::Vector => {
            let mut x = Vector::new(comm, ROWS)?;
            x.set(Scalar::from_real(1.5))?;
            x.view(&file)?;
        }
        Kind::Values => {
            let a = tridiagonal(comm, kind)?;
            file.with_format(ViewerFormat::Native, |file| a.view(file))?;
        }
        _ => tridiagonal(comm, kind)?.view(&file)?,
    }
    file.close()?;
    comm.barrier()?;
    let bytes = fs::read(path)?;
    comm.barrier()?;
    Ok(bytes)
}

/// Loads `bytes`, which all ranks have, from a file: the norm of what is in it.
fn load(comm: &Comm, path: &Path, kind: Kind, bytes: &[u8]) -> Result<Real> {
    if comm.rank() == 0 {
        fs::write(path, bytes)?;
    }
    comm.barrier()?;
    let file = viewer(comm, path, FileMode::Read)?;
    if kind == Kind::Vector {
        return Vector::load(comm, &file)?.norm(Norm::Two);
    }
    let a = kind.builder(comm, false).load(&file)?;
    let (mut x, mut y) = a.vectors()?;
    x.set(Scalar::from_real(1.0))?;
    a.mult(&x, &mut y)?;
    a.norm(Norm::Frobenius)
}

/// Integer `at` of a file of integers.
fn int(bytes: &[u8], at: usize) -> i64 {
    let mut wide = [0; 8];
    wide[8 - WIDTH..].copy_from_slice(&bytes[at * WIDTH..][..WIDTH]);
    i64::from_be_bytes(wide)
}

fn set_int(bytes: &[u8], at: usize, value: i64) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at * WIDTH..][..WIDTH].copy_from_slice(&value.to_be_bytes()[8 - WIDTH..]);
    bytes
}

/// Loads a damaged file, whose error must say `what` at which `byte`, on all ranks.
#[track_caller]
fn refused(comm: &Comm, path: &Path, kind: Kind, bytes: &[u8], byte: usize, what: &str) {
    let error = match load(comm, path, kind, bytes) {
        Ok(norm) => panic!("{kind:?}, {what}: loaded, norm {norm}"),
        Err(error) => error,
    };
    assert_eq!(error.code(), ErrorCode::FILE_UNEXPECTED, "{error}");
    assert!(error.is_collective(), "{error}");
    let expected = format!("{}, byte {byte}: {what}", path.display());
    assert!(error.message().starts_with(&expected), "{error}\n{expected}");
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn damaged_matrices_are_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let folder = shared_dir(petsc)?;
    let (lengths, columns) = (4, 4 + ROWS);
    for kind in SPARSE {
        let path = folder.join(format!("{kind:?}"));
        let good = good_file(comm, &path, kind)?;
        let norm = load(comm, &path, kind, &good)?;
        let expected = tridiagonal(comm, kind)?.norm(Norm::Frobenius)?;
        petsc_test::assert_close!(norm, expected, 1e-14);
        let nonzeros = int(&good, 3);
        let first = int(&good, lengths);
        assert!(first >= 2, "row 0 has a diagonal and a neighbour");
        let refused = |bytes: &[u8], at: usize, what: &str| {
            refused(comm, &path, kind, bytes, at * WIDTH, what);
        };
        let damaged = set_int(&good, columns + 1, 100_000_000);
        let what = "row 0 has column 100000000, but the matrix has 8 columns";
        refused(&damaged, columns + 1, what);
        let what = "row 0 has column -3, but the matrix has 8 columns";
        refused(&set_int(&good, columns, -3), columns, what);
        let what = "row 0 has column 8, but the matrix has 8 columns";
        refused(&set_int(&good, columns + 1, 8), columns + 1, what);
        let what = "row 0 has column 0 after column 0";
        refused(&set_int(&good, columns + 1, 0), columns + 1, what);
        let what = "row 2 of 8 columns has -1 nonzeros";
        refused(&set_int(&good, lengths + 2, -1), lengths + 2, what);
        let what = "row 0 of 8 columns has 9 nonzeros";
        refused(&set_int(&good, lengths, 9), lengths, what);
        let what = format!(
            "the row lengths add up to {nonzeros}, but the header contains {}",
            nonzeros - 1
        );
        let wrong_sum = set_int(&good, 3, nonzeros - 1);
        refused(&wrong_sum, lengths + ROWS - 1, &what);
        refused(&set_int(&good, 3, -2), 3, "a matrix of -2 nonzeros");
        let what = "a matrix of -8 rows and 8 columns";
        refused(&set_int(&good, 1, -8), 1, what);
        refused(&set_int(&good, 0, 1_211_214), 0, "no matrix begins here");
        let short = &good[..good.len() - 1];
        let end = |bytes: &[u8], what: &str| {
            let end = bytes.len();
            format!("the file ends at byte {end}, before the end of {what}")
        };
        let what = end(short, "the values of the matrix");
        refused(short, columns + usize::try_from(nonzeros)?, &what);
        for (length, at, what) in [
            (columns + 2, columns, "the column indices"),
            (7, lengths, "the row lengths"),
            (3, 0, "the integers of a header"),
        ] {
            let short = &good[..length * WIDTH];
            refused(short, at, &end(short, what));
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn damaged_values_are_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let folder = shared_dir(petsc)?;
    for (kind, header, object) in [(Kind::Vector, 2, "vector"), (Kind::Values, 4, "matrix")] {
        let path = folder.join(format!("{kind:?}"));
        let good = good_file(comm, &path, kind)?;
        assert!(load(comm, &path, kind, &good)? > 1.0);
        let short = &good[..good.len() - 1];
        let what = format!("the file ends at byte {}, before the end of the values", short.len());
        refused(comm, &path, kind, short, header * WIDTH, &what);
        let large = set_int(&good, 1, 100_000_000);
        let what = format!("the file ends at byte {}, before the end of the values", good.len());
        refused(comm, &path, kind, &large, header * WIDTH, &what);
        let other = set_int(&good, 0, 7);
        refused(comm, &path, kind, &other, 0, &format!("no {object} begins here"));
    }
    let path = folder.join("negative");
    let good = good_file(comm, &path, Kind::Vector)?;
    let negative = set_int(&good, 1, -4);
    refused(comm, &path, Kind::Vector, &negative, WIDTH, "a vector of -4 entries");
    Ok(())
}

/// A symmetric matrix takes the upper triangle of a general one, which must be square.
#[petsc_test::test(ranks = [1, 2, 3])]
fn symmetric_matrices_are_square(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let path = shared_dir(petsc)?.join("general");
    let general = good_file(comm, &path, Kind::Aij)?;
    let norm = tridiagonal(comm, Kind::Aij)?.norm(Norm::Frobenius)?;
    petsc_test::assert_close!(load(comm, &path, Kind::Sbaij, &general)?, norm, 1e-14);
    let wide = set_int(&general, 2, 10);
    let what = "a symmetric matrix of 8 rows and 10 columns";
    refused(comm, &path, Kind::Sbaij, &wide, WIDTH, what);
    Ok(())
}

/// The check begins where the viewer reads, and leaves it there.
#[petsc_test::test(ranks = [1, 2, 3])]
fn later_objects_are_checked_too(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let folder = shared_dir(petsc)?;
    let mut bytes = good_file(comm, &folder.join("vector"), Kind::Vector)?;
    let start = bytes.len();
    bytes.extend(good_file(comm, &folder.join("matrix"), Kind::Aij)?);
    let sound = bytes.clone();
    let column = start + (4 + ROWS) * WIDTH;
    bytes[column] = 1;
    let path = folder.join("both");
    for mpiio in [false, true] {
        for damaged in [false, true] {
            comm.barrier()?;
            if comm.rank() == 0 {
                fs::write(&path, if damaged { &bytes } else { &sound })?;
            }
            comm.barrier()?;
            let options = BinaryOptions { mpiio, skip_info: true, ..BinaryOptions::default() };
            let file = Viewer::binary_with(comm, &path, FileMode::Read, options)?;
            let x = Vector::load(comm, &file)?;
            petsc_test::assert_close!(x.sum()?.real(), 12.0, 1e-14);
            match Matrix::load(comm, &file) {
                Ok(a) => {
                    assert!(!damaged);
                    petsc_test::assert_close!(a.trace()?.real(), 60.0, 1e-14);
                }
                Err(error) => {
                    assert!(damaged, "{error}");
                    let place = format!("byte {column}: row 0 has column ");
                    assert!(error.message().contains(&place), "{error}");
                }
            }
        }
    }
    Ok(())
}

/// The tridiagonal matrix in HDF5 as MATLAB and PETSc have it, after `damage` to where rows begin and to the columns.
#[cfg(petsc_have_hdf5)]
fn write_hdf5(comm: &Comm, path: &Path, damage: impl Fn(&mut [Int], &mut [Int])) -> Result<()> {
    let (mut begins, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
    let n = Int::try_from(ROWS)?;
    for i in 0..n {
        for j in (i - 1..i + 2).filter(|j| (0..n).contains(j)) {
            columns.push(j);
            let value = if i == j { 4.0 + i as Real } else { -1.0 };
            values.push(Scalar::from_real(value));
        }
        begins.push(Int::try_from(columns.len())?);
    }
    damage(&mut begins, &mut columns);
    let first = comm.rank() == 0;
    let part = |list: Vec<Int>| if first { list } else { Vec::new() };
    let mut begins = IndexSet::general(comm, &part(begins))?;
    let mut columns = IndexSet::general(comm, &part(columns))?;
    let mut data = Vector::with_local_len(comm, if first { values.len() } else { 0 })?;
    if first {
        data.array_mut()?.copy_from_slice(&values);
    }
    begins.set_name("jc")?;
    columns.set_name("ir")?;
    data.set_name("data")?;
    let file = Viewer::hdf5(comm, path, FileMode::Write)?;
    file.with_group("/A", |file| {
        begins.view(file)?;
        columns.view(file)?;
        data.view(file)
    })?;
    file.write_attribute("/A", "MATLAB_sparse", n)?;
    file.close()
}

#[cfg(petsc_have_hdf5)]
#[petsc_test::test(ranks = [1, 2, 3])]
fn rows_of_hdf5_files_are_checked(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let folder = shared_dir(petsc)?;
    let load = |name: &str, row, begin| {
        let path = folder.join(name);
        write_hdf5(comm, &path, |begins: &mut [Int], _: &mut [Int]| {
            if row > 0 {
                begins[row] = begin;
            }
        })?;
        let file = Viewer::hdf5(comm, &path, FileMode::Read)?;
        let a = Matrix::builder(comm).name("A").load(&file)?;
        a.norm(Norm::Frobenius)
    };
    let norm = tridiagonal(comm, Kind::Aij)?.norm(Norm::Frobenius)?;
    petsc_test::assert_close!(load("good.h5", 0, 0)?, norm, 1e-14);
    for (name, row, begin) in
        [("far.h5", 2, 100_000_000), ("back.h5", 7, 3), ("negative.h5", 1, -5)]
    {
        let error = load(name, row, begin).expect_err("damaged");
        assert_eq!(error.code(), ErrorCode::FILE_UNEXPECTED, "{error}");
        let what =
            "the row offsets of the matrix A must start at 0 and must not decrease (dataset A/jc)";
        assert!(error.is_collective() && error.message() == what, "{error}");
    }
    Ok(())
}

#[cfg(petsc_have_hdf5)]
#[petsc_test::test(ranks = [1, 2, 3])]
fn columns_of_hdf5_files_are_checked(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let folder = shared_dir(petsc)?;
    for (place, column) in [(1, 8), (4, 100_000_000), (21, -3)] {
        let path = folder.join(format!("column_{place}.h5"));
        write_hdf5(comm, &path, |_: &mut [Int], columns: &mut [Int]| {
            columns[place] = column;
        })?;
        let file = Viewer::hdf5(comm, &path, FileMode::Read)?;
        let error = Matrix::builder(comm).name("A").load(&file).err();
        let error = error.expect("damaged");
        assert_eq!(error.code(), ErrorCode::FILE_UNEXPECTED, "{error}");
        let what = "the matrix A has column indices outside 0..8 (dataset A/ir)";
        assert!(error.is_collective() && error.message() == what, "{error}");
    }
    let path = folder.join("long.h5");
    write_hdf5(comm, &path, |begins: &mut [Int], _: &mut [Int]| {
        begins[ROWS] += 8;
    })?;
    let file = Viewer::hdf5(comm, &path, FileMode::Read)?;
    let error = Matrix::builder(comm).name("A").load(&file).err();
    let what = "the matrix A has 30 entries but 22 column indices (dataset A/ir)";
    assert_eq!(error.expect("damaged").message(), what);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_file_without_headers_loads_into_an_object_with_sizes(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let path = shared_dir(petsc)?.join("bare");
    let options = BinaryOptions { skip_info: true, skip_header: true, ..BinaryOptions::default() };
    let file = Viewer::binary_with(comm, &path, FileMode::Write, options)?;
    let mut x = Vector::new(comm, 6)?;
    x.set(Scalar::from_real(2.0))?;
    x.view(&file)?;
    file.close()?;
    comm.barrier()?;
    let open = || Viewer::binary_with(comm, &path, FileMode::Read, options);
    let mut y = Vector::new(comm, 6)?;
    y.read(&*open()?)?;
    petsc_test::assert_close!(y.sum()?.real(), 12.0, 1e-14);
    let a = Matrix::builder(comm).kind(MatrixType::DENSE).global_size(2, 3);
    let norm = a.load(&*open()?)?.norm(Norm::Frobenius)?;
    petsc_test::assert_close!(norm * norm, 24.0, 1e-14);
    let dense = Matrix::builder(comm).kind(MatrixType::DENSE);
    let mut long = Vector::new(comm, 7)?;
    let errors = [
        (long.read(&*open()?).err(), "before the end of the values"),
        (Vector::load(comm, &*open()?).err(), "does not contain the length"),
        (dense.clone().load(&*open()?).err(), "does not contain the size"),
        (dense.global_size(3, 3).load(&*open()?).err(), "before the end of the values"),
    ];
    for (error, what) in errors {
        let error = error.expect("no headers");
        assert_eq!(error.code(), ErrorCode::FILE_UNEXPECTED, "{error}");
        assert!(error.is_collective() && error.message().contains(what), "{error}");
    }
    Ok(())
}

/// A generator of Marsaglia's (xorshift64), the same on all ranks.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).unwrap_or(0)
    }

    /// Another byte at some places, a bit flipped, or the end cut off.
    pub(crate) fn damage(&mut self, good: &[u8]) -> Vec<u8> {
        let mut bytes = good.to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            match self.below(6) {
                0 => bytes.truncate(at.max(1)),
                1 | 2 => bytes[at] ^= 1 << self.below(8),
                3 => bytes[at] = 0xff,
                _ => bytes[at] = u8::try_from(self.below(256)).unwrap_or(0),
            }
        }
        bytes
    }
}

/// Set `PETSC_RS_MUTATIONS` for more than 300 damaged files of each kind.
pub(crate) fn mutations() -> usize {
    let count = std::env::var("PETSC_RS_MUTATIONS").ok();
    count.and_then(|n| n.parse().ok()).unwrap_or(300)
}

#[petsc_test::test(ranks = [1, 2, 3], timeout = 300)]
fn whatever_is_damaged_loads_or_is_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let folder = shared_dir(petsc)?;
    let mut dice = Dice::new();
    for kind in ALL {
        let path = folder.join(format!("{kind:?}"));
        let good = good_file(comm, &path, kind)?;
        let (mut loaded, mut refused) = (0, 0);
        for _ in 0..mutations() / usize::try_from(comm.size())? {
            // Half of them within the integers.
            let end = if kind == Kind::Vector { 2 } else { 4 + ROWS + 8 };
            let bytes = match dice.below(2) {
                0 => dice.damage(&good),
                _ => [&dice.damage(&good[..end * WIDTH]), &good[end * WIDTH..]].concat(),
            };
            // A sparse matrix may have more columns than there is memory for vectors.
            let wide =
                kind != Kind::Vector && bytes.len() >= 3 * WIDTH && int(&bytes, 2) > 1_000_000;
            if wide {
                continue;
            }
            match load(comm, &path, kind, &bytes) {
                Ok(_) => loaded += 1,
                Err(error) => {
                    // PETSc compares the sizes with those of blocks before it reads on.
                    let blocks = error.message().contains("must be divisible by blocksize");
                    let code = error.code();
                    assert!(blocks || code == ErrorCode::FILE_UNEXPECTED, "{kind:?}: {error}");
                    refused += 1;
                }
            }
            petsc.recover()?;
            comm.barrier()?;
        }
        assert!(loaded > 0 && refused > 0, "{kind:?}: {loaded} {refused}");
    }
    Ok(())
}
