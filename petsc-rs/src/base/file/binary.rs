//! Checks of objects in PETSc's binary format, before PETSc loads the objects.
//!
//! `MatLoad` uses row lengths and column indices of the file as memory offsets and does not check
//! them in optimized builds. The functions of this module check them before the load; they read the
//! file through a buffer and do not store the matrix.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt as _;

use crate::{Int, Scalar, sys};

const INT: u64 = size_of::<Int>() as u64;
const SCALAR: u64 = size_of::<Scalar>() as u64;

/// An error in a file, with its byte offset.
#[derive(Debug)]
pub(crate) struct Fault {
    byte: u64,
    what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: {}", self.byte, self.what)
    }
}

fn fault<T>(byte: u64, what: impl Into<String>) -> Result<T, Fault> {
    let what = what.into();
    Err(Fault { byte, what })
}

/// A file from a given byte on. Its file position is neither used nor changed.
pub(crate) struct Binary {
    file: File,
    start: u64,
    length: u64,
}

impl Binary {
    pub(crate) fn new(file: File, start: u64) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self { file, start, length })
    }

    /// Checks a vector: its header, and that its values exist. Since 3.26 PETSc reads headers with
    /// either width of indices; earlier releases refuse the other width.
    pub(crate) fn check_vector(&self) -> Result<(), Fault> {
        let class = i64::from(sys::VEC_FILE_CLASSID);
        for width in [4, 8] {
            let mut head = self.numbers(self.start, 2, width, "the integers of a header")?;
            if head.next()? == class {
                let n = head.next()?;
                return match u64::try_from(n) {
                    Ok(n) => self.room(head.byte, n, SCALAR, "the values of the vector"),
                    Err(_) => fault(head.byte - width, format!("a vector of {n} entries")),
                };
            }
        }
        fault(self.start, "no vector begins here")
    }

    /// Checks that `n` values exist, for files without headers.
    pub(crate) fn check_values(&self, n: u64) -> Result<(), Fault> {
        self.room(self.start, n, SCALAR, "the values")
    }

    /// Checks a matrix: its header, that the row lengths add up, that the columns of each row
    /// increase and lie within the matrix, and that all values exist. With `square`, the numbers of
    /// rows and columns must be equal.
    pub(crate) fn check_matrix(&self, square: bool) -> Result<(), Fault> {
        let mut head = self.numbers(self.start, 4, INT, "the integers of a header")?;
        let class = head.next()?;
        if class != i64::from(sys::MAT_FILE_CLASSID) {
            return self.no_matrix(class);
        }
        let (rows, columns, nonzeros) = (head.next()?, head.next()?, head.next()?);
        let (Ok(height), Ok(_)) = (u64::try_from(rows), u64::try_from(columns)) else {
            let what = format!("a matrix of {rows} rows and {columns} columns");
            return fault(self.start + INT, what);
        };
        if square && rows != columns {
            let what = format!("a symmetric matrix of {rows} rows and {columns} columns");
            return fault(self.start + INT, what);
        }
        let start = head.byte;
        if nonzeros == i64::from(sys::MATRIX_BINARY_FORMAT_DENSE) {
            let n = height.saturating_mul(columns.unsigned_abs());
            return self.room(start, n, SCALAR, "the values of the matrix");
        }
        let Ok(count) = u64::try_from(nonzeros) else {
            return fault(start - INT, format!("a matrix of {nonzeros} nonzeros"));
        };
        let lengths = self.numbers(start, height, INT, "the row lengths")?;
        let indices = self.numbers(start + height * INT, count, INT, "the column indices")?;
        let values = start + (height + count) * INT;
        self.room(values, count, SCALAR, "the values of the matrix")?;
        let shape = Shape { rows, columns, nonzeros };
        shape.check(lengths, indices)
    }

    fn no_matrix(&self, class: i64) -> Result<(), Fault> {
        let found = match class {
            0 => " (a file of a PETSc with 64-bit indices begins like this)",
            _ if class >> 32 == i64::from(sys::MAT_FILE_CLASSID) => {
                " (a file of a PETSc with 32-bit indices begins like this)"
            }
            _ => "",
        };
        fault(self.start, format!("no matrix begins here{found}"))
    }

    /// Checks that `n` numbers of `width` bytes fit between `byte` and the end of the file.
    fn room(&self, byte: u64, n: u64, width: u64, what: &str) -> Result<(), Fault> {
        if n.saturating_mul(width) <= self.length.saturating_sub(byte) {
            return Ok(());
        }
        let length = self.length;
        let what = format!(
            "the file ends at byte {length}, before the end of {what} ({n} times {width} bytes)"
        );
        fault(byte, what)
    }

    fn numbers(&self, byte: u64, n: u64, width: u64, what: &str) -> Result<Numbers<'_>, Fault> {
        self.room(byte, n, width, what)?;
        let section = Section { file: &self.file, byte };
        Ok(Numbers { reader: BufReader::with_capacity(1 << 16, section), byte, width })
    }
}

/// The header of a sparse matrix.
struct Shape {
    rows: i64,
    columns: i64,
    nonzeros: i64,
}

impl Shape {
    fn check(&self, mut lengths: Numbers<'_>, mut indices: Numbers<'_>) -> Result<(), Fault> {
        let mut total = 0_i64;
        for row in 0..self.rows {
            let byte = lengths.byte;
            let length = lengths.next()?;
            if !(0..=self.columns).contains(&length) {
                let columns = self.columns;
                let what = format!("row {row} of {columns} columns has {length} nonzeros");
                return fault(byte, what);
            }
            total = length.saturating_add(total);
            if total > self.nonzeros {
                return self.wrong_sum(byte, total);
            }
            self.check_row(row, length, &mut indices)?;
        }
        if total < self.nonzeros {
            return self.wrong_sum(lengths.byte, total);
        }
        Ok(())
    }

    fn wrong_sum(&self, byte: u64, total: i64) -> Result<(), Fault> {
        let nonzeros = self.nonzeros;
        let what = format!("the row lengths add up to {total}, but the header contains {nonzeros}");
        fault(byte, what)
    }

    fn check_row(&self, row: i64, length: i64, indices: &mut Numbers<'_>) -> Result<(), Fault> {
        let mut last = -1;
        for _ in 0..length {
            let byte = indices.byte;
            let column = indices.next()?;
            if !(0..self.columns).contains(&column) {
                let columns = self.columns;
                let what =
                    format!("row {row} has column {column}, but the matrix has {columns} columns");
                return fault(byte, what);
            }
            if column <= last {
                let what = format!("row {row} has column {column} after column {last}");
                return fault(byte, what);
            }
            last = column;
        }
        Ok(())
    }
}

/// A sequence of big-endian integers.
struct Numbers<'a> {
    reader: BufReader<Section<'a>>,
    /// Position of the next integer.
    byte: u64,
    width: u64,
}

impl Numbers<'_> {
    fn next(&mut self) -> Result<i64, Fault> {
        let read = match self.width {
            4 => self.bytes().map(|b| i64::from(i32::from_be_bytes(b))),
            _ => self.bytes().map(i64::from_be_bytes),
        };
        match read {
            Ok(number) => {
                self.byte += self.width;
                Ok(number)
            }
            Err(error) => fault(self.byte, error.to_string()),
        }
    }

    fn bytes<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.reader.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// Reads at an offset, which does not change the file position.
struct Section<'a> {
    file: &'a File,
    byte: u64,
}

impl Read for Section<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read_at(buffer, self.byte)?;
        self.byte += n as u64;
        Ok(n)
    }
}
