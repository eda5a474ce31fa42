//! An object measured with few rays: `A x ≈ b` with fewer rays than pixels, from the file of
//! `tomography` and `tomographyADMM`.

use petsc_rs::prelude::*;
use petsc_rs::viewer::FileMode;
use petsc_rs::{VectorRef, Viewer};

/// Where upstream's programs leave what they found.
const RESULT: &str = "tomographyResult_x";

/// What the data file holds.
#[derive(Debug)]
pub struct Scan {
    /// A row for each ray, a column for each pixel.
    pub rays: Matrix,
    /// What the rays measured.
    pub measured: Vector,
    /// The object.
    pub truth: Vector,
}

impl Scan {
    /// Reads `tomographyData_A_b_xGT` from the working directory.
    ///
    /// # Errors
    /// What reading returns.
    pub fn read(comm: &Comm) -> Result<Self> {
        let file = Viewer::binary(comm, "tomographyData_A_b_xGT", FileMode::Read)?;
        Ok(Self {
            rays: Matrix::builder(comm).load(&file)?,
            measured: Vector::load(comm, &file)?,
            truth: Vector::load(comm, &file)?,
        })
    }

    /// Number of pixels.
    ///
    /// # Errors
    /// What `VecGetSize` returns.
    pub fn pixels(&self) -> Result<Int> {
        Ok(Int::try_from(self.truth.len()?)?)
    }

    /// `f ← A x − b`.
    ///
    /// # Errors
    /// What the product returns.
    pub fn residual(&self, x: &VectorRef, f: &mut VectorRef) -> Result<()> {
        self.rays.mult(x, f)?;
        f.axpy(Scalar::from_real(-1.0), &self.measured)
    }

    /// Differences of neighbouring pixels, in as many rows as said: with a row for each pixel, the last one sees
    /// nothing beside it.
    ///
    /// # Errors
    /// What assembly returns.
    pub fn differences(&self, rows: Int) -> Result<Matrix> {
        let n = self.pixels()?;
        let mut d = Matrix::builder(&self.rays.comm()?)
            .global_size(rows, n)
            .build()?;
        for k in d.ownership_range()? {
            if k + 1 < n {
                d.set_value(k, k + 1, Scalar::from_real(1.0), InsertMode::Insert)?;
            }
            d.set_value(k, k, Scalar::from_real(-1.0), InsertMode::Insert)?;
        }
        d.assemble()?;
        Ok(d)
    }

    /// Leaves the picture in a file, and prints how far it is from the object.
    ///
    /// # Errors
    /// What writing returns.
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
