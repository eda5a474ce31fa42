//! Port of PETSc's `src/ksp/ksp/tutorials/ex10.c`: solves systems from files, with separate log
//! stages, and optionally reorders the unknowns.

use std::ffi::CString;

use petsc_rs::matrix::OrderingType;
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, FileMode, Viewer};

/// Runs the port.
///
/// # Errors
/// Errors of reading and solving; no file.
pub fn main(petsc: &Petsc) -> Result<()> {
    let options = petsc.options();
    let job = Job {
        petsc,
        transpose: options.bool("-trans")?.unwrap_or(false),
        permute: options.string("-permute")?,
        rhs: options.elist("-rhs", &["FILE", "ONE", "RANDOM"])?.unwrap_or(0),
    };
    if let Some(file) = options.string("-f")? {
        return (0..2).try_for_each(|system| job.run(&file, system));
    }
    let Some(small) = options.string("-f0")? else {
        return Err(Error::new(
            ErrorCode::USER_INPUT,
            "must indicate a binary file with the -f0 or -f option",
        ));
    };
    let large = options.string("-f1")?.unwrap_or_default();
    job.run(&small, 0)?;
    job.run(&large, 1)
}

struct Job<'a> {
    petsc: &'a Petsc,
    transpose: bool,
    permute: Option<String>,
    rhs: usize,
}

impl Job<'_> {
    fn run(&self, file: &str, system: usize) -> Result<()> {
        let (world, log) = (self.petsc.world(), self.petsc.log());
        let stage = |what: &str| log.stage(&format!("{what} {system}"));
        let (mut a, mut b) = stage("Load System")?.record(|| self.load(file))?;
        let mut x = b.duplicate()?;
        let mut rows = None;
        if let Some(ordering) = &self.permute {
            let name = CString::new(ordering.as_str())?;
            let (row_order, column_order) = a.ordering(OrderingType::new(&name))?;
            a = a.permute(&row_order, &column_order)?;
            b.permute(&column_order, false)?;
            rows = Some(row_order);
        }
        let mut ksp = stage("KSPSetUp")?.record(|| {
            let mut ksp = Ksp::new(world)?;
            ksp.set_operators(&a, &a)?;
            ksp.set_from_options()?;
            ksp.set_up()?;
            ksp.set_up_on_blocks()?;
            Ok(ksp)
        })?;
        stage("KSPSolve")?.record(|| {
            if self.transpose {
                ksp.solve_transpose(&b, &mut x)?;
            } else {
                let _ = ksp.solve_unchecked(&b, &mut x)?;
            }
            Ok(())
        })?;
        if let Some(rows) = &rows {
            x.permute(rows, true)?;
        }
        let (iterations, norm) = (ksp.total_iterations()?, ksp.residual_norm()?);
        self.petsc.print(format_args!("Number of iterations = {iterations}\n"))?;
        if norm < 1e-12 {
            return self.petsc.print(format_args!("Residual norm < 1.e-12\n"));
        }
        self.petsc.print(format_args!("Residual norm {norm:e}\n"))
    }

    /// Reads the matrix and a right-hand side, which is extended with zeros if the matrix was
    /// padded to whole blocks.
    fn load(&self, file: &str) -> Result<(Matrix, Vector)> {
        let world = self.petsc.world();
        let viewer = Viewer::binary(world, file, FileMode::Read)?;
        let a = Matrix::builder(world).load(&viewer)?;
        let (mut b, _) = a.vectors()?;
        match self.rhs {
            0 => {
                let read = Vector::load(world, &viewer)?;
                if read.len()? == b.len()? {
                    return Ok((a, read));
                }
                let start = read.ownership_range()?.start;
                for (i, &value) in (start..).zip(read.array()?.iter()) {
                    b.set_value(i, value, InsertMode::Insert)?;
                }
                b.assemble()?;
            }
            1 => b.set(Scalar::from_real(1.0))?,
            _ => b.set_random(&mut *Random::new(world)?)?,
        }
        Ok((a, b))
    }
}
