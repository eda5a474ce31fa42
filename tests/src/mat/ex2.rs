//! Port of PETSc's `src/mat/tutorials/ex2.c`: a dense matrix in four blocks whose leading dimension
//! is larger than their number of rows.
//!
//! The blocks of the C program share one array. Here each block has a separate array with the same
//! leading dimension, because blocks that overlap in memory cannot be borrowed as slices.

use petsc_rs::prelude::*;

const SIZE: usize = 8;
const FIRST: usize = 6;

/// Runs the port.
///
/// # Errors
/// Errors of the products.
pub fn main(petsc: &Petsc) -> Result<()> {
    let own = petsc.self_comm();
    let mut random = Random::new(own)?;
    let mut values = vec![Scalar::from_real(0.0); SIZE * SIZE];
    for i in 0..SIZE {
        for j in 0..SIZE {
            values[i + j * SIZE] = random.value()?;
        }
    }
    let block = |i: usize, j: usize, m: usize, n: usize| {
        Matrix::dense_from_vec(own, m, n, SIZE, values[i + j * SIZE..].to_vec())
    };
    let second = SIZE - FIRST;
    let mut blocks = Blocks {
        a11: block(0, 0, FIRST, FIRST)?,
        a12: block(0, FIRST, FIRST, second)?,
        a21: block(FIRST, 0, second, FIRST)?,
        a22: block(FIRST, FIRST, second, second)?,
        ones: [ones(own, FIRST)?, ones(own, second)?],
    };
    let mut a = block(0, 0, SIZE, SIZE)?;
    let (x, mut y) = (ones(own, SIZE)?, Vector::seq(own, SIZE)?);

    a.mult(&x, &mut y)?;
    report(petsc, "Test1", &y, &blocks.mult(false)?)?;

    let v = random.value()?;
    let (row, last, first): (Int, Int, Int) = (1, SIZE.try_into()?, FIRST.try_into()?);
    a.set_value(row, last - 2, v, InsertMode::Insert)?;
    blocks.a12.set_value(row, last - 2 - first, v, InsertMode::Insert)?;
    let v = random.value()?;
    a.set_value(first + 1, first + 1, v, InsertMode::Insert)?;
    blocks.a22.set_value(1, 1, v, InsertMode::Insert)?;
    a.assemble()?;
    blocks.a12.assemble()?;
    blocks.a22.assemble()?;
    a.mult(&x, &mut y)?;
    report(petsc, "Test2", &y, &blocks.mult(false)?)?;

    a.mult_transpose(&x, &mut y)?;
    report(petsc, "Test3", &y, &blocks.mult(true)?)
}

fn ones(own: &Comm, n: usize) -> Result<Vector> {
    let mut x = Vector::seq(own, n)?;
    x.set(Scalar::from_real(1.0))?;
    Ok(x)
}

struct Blocks {
    a11: Matrix,
    a12: Matrix,
    a21: Matrix,
    a22: Matrix,
    ones: [Vector; 2],
}

impl Blocks {
    /// Computes the product with the vector of ones, or that of the transpose, upper and lower
    /// part.
    fn mult(&self, transpose: bool) -> Result<[Vector; 2]> {
        let [x1, x2] = &self.ones;
        let (mut z1, mut z2) = (x1.duplicate()?, x2.duplicate()?);
        if transpose {
            self.a11.mult_transpose(x1, &mut z1)?;
            self.a22.mult_transpose(x2, &mut z2)?;
            let (mut w1, mut w2) = (z1.duplicate()?, z2.duplicate()?);
            self.a21.mult_transpose_add(x2, &z1, &mut w1)?;
            self.a12.mult_transpose_add(x1, &z2, &mut w2)?;
            return Ok([w1, w2]);
        }
        self.a11.mult(x1, &mut z1)?;
        self.a12.mult_add_to(x2, &mut z1)?;
        self.a22.mult(x2, &mut z2)?;
        self.a21.mult_add_to(x1, &mut z2)?;
        Ok([z1, z2])
    }
}

fn report(petsc: &Petsc, test: &str, whole: &Vector, parts: &[Vector; 2]) -> Result<()> {
    let mut squares = 0.0;
    {
        let whole = whole.array()?;
        let (upper, lower) = (parts[0].array()?, parts[1].array()?);
        for (a, b) in whole.iter().zip(upper.iter().chain(lower.iter())) {
            squares += (*a - *b).modulus().powi(2);
        }
    }
    let norm = squares.sqrt();
    if norm > 100.0 * Real::EPSILON {
        petsc.print(format_args!("{test}; error norm={norm:e}\n"))?;
    }
    Ok(())
}
