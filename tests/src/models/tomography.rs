//! The tomography problem of `tomography` and `tomographyADMM`: `A x ≈ b` with fewer rays than
//! pixels, read from a file.

use petsc_rs::prelude::*;
use petsc_rs::viewer::FileMode;
use petsc_rs::{VectorRef, Viewer};

/// The file to which the C programs write the result.
const RESULT: &str = "tomographyResult_x";

/// The contents of the data file.
#[derive(Debug)]
pub struct Scan {
    /// The matrix, with a row for each ray and a column for each pixel.
    pub rays: Matrix,
    /// The measurements of the rays.
    pub measured: Vector,
    /// The object.
    pub truth: Vector,
}

impl Scan {
    /// Reads `tomographyData_A_b_xGT` from the working directory.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn read(comm: &Comm) -> Result<Self> {
        let file = Viewer::binary(comm, "tomographyData_A_b_xGT", FileMode::Read)?;
        Ok(Self {
            rays: Matrix::builder(comm).load(&file)?,
            measured: Vector::load(comm, &file)?,
            truth: Vector::load(comm, &file)?,
        })
    }

    /// Returns the number of pixels.
    ///
    /// # Errors
    /// Errors of `VecGetSize`.
    pub fn pixels(&self) -> Result<Int> {
        Ok(Int::try_from(self.truth.len()?)?)
    }

    /// Computes `f ← A x − b`.
    ///
    /// # Errors
    /// Errors of the product.
    pub fn residual(&self, x: &VectorRef, f: &mut VectorRef) -> Result<()> {
        self.rays.mult(x, f)?;
        f.axpy(Scalar::from_real(-1.0), &self.measured)
    }

    /// Creates the differences of neighboring pixels, with the given number of rows. If there is a
    /// row for each pixel, the last row contains only the negative last pixel, which has no right
    /// neighbor.
    ///
    /// # Errors
    /// Errors of the assembly.
    pub fn differences(&self, rows: Int) -> Result<Matrix> {
        let n = self.pixels()?;
        let mut d = Matrix::builder(&self.rays.comm()?).global_size(rows, n).build()?;
        for k in d.ownership_range()? {
            if k + 1 < n {
                d.set_value(k, k + 1, Scalar::from_real(1.0), InsertMode::Insert)?;
            }
            d.set_value(k, k, Scalar::from_real(-1.0), InsertMode::Insert)?;
        }
        d.assemble()?;
        Ok(d)
    }

    /// Writes the image to a file, and prints its error.
    ///
    /// # Errors
    /// Errors of writing.
    pub fn report(&self, x: &mut VectorRef) -> Result<()> {
        let comm = x.comm()?;
        x.view(&*Viewer::binary(&comm, RESULT, FileMode::Write)?)?;
        x.axpy(Scalar::from_real(-1.0), &self.truth)?;
        let error = x.norm(Norm::Two)? / self.truth.norm(Norm::Two)?;
        comm.print(format_args!(
            "relative reconstruction error: ||x-xGT||/||xGT|| = {error:6.4e}.\n"
        ))
    }
}
