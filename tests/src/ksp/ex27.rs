//! Port of PETSc's `src/ksp/ksp/tutorials/ex27.c`: least squares with the normal equations, with
//! the augmented system, or with a method for least squares. If the file contains no right-hand
//! side, a vector of ones is used. If it contains no initial guess, the initial guess is zero.

use petsc_rs::matrix::Builder;
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, FileMode, Viewer, ViewerFormat, ViewerRef};

/// Runs the port.
///
/// # Errors
/// Errors of reading and solving.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options, r) = (petsc.world(), petsc.options(), Scalar::from_real);
    let on = |name| Ok::<_, Error>(options.bool(name)?.unwrap_or(false));
    let name = |option, default: &str| {
        let given = options.string(option)?;
        Ok::<_, Error>(given.unwrap_or_else(|| default.to_owned()))
    };
    let reader = Reader { world, hdf5: on("-hdf5")? };
    let (truncate, normal) = (on("-truncate")?, on("-solve_normal")?);
    let augmented = !normal && on("-solve_augmented")?;
    let (file, a_name) = (name("-f", "")?, name("-A_name", "A")?);
    let viewer = reader.open(&file)?;
    let mut a = reader.load(Matrix::builder(world).name(&a_name), &viewer)?;
    if truncate {
        a = truncated(world, &a)?;
    }
    if on("-test_custom_layout")? && world.size() > 1 {
        let (m, n) = uneven(world, a.local_size()?)?;
        a = reader.load(Matrix::builder(world).name(&a_name).local_size(m, n), &viewer)?;
        if a.local_size()? != (m, n) {
            let text = "resulting sizes differ from requested ones";
            return Err(Error::new(ErrorCode::PLIB, text));
        }
    }

    let (mut x, mut b) = a.vectors()?;
    b.set_name(&name("-b_name", "b")?)?;
    if !reader.read_if_there(&mut b, &viewer)? {
        petsc.print(format_args!("Failed to load RHS, so use a vector of all ones.\n"))?;
        b.set(r(1.0))?;
    }
    x.set_name(&name("-x0_name", "x0")?)?;
    let guessed = !truncate
        && match options.string("-f_x0")? {
            Some(file) => match reader.open(&file) {
                Ok(viewer) => reader.read_if_there(&mut x, &viewer)?,
                Err(_) => false,
            },
            None => reader.read_if_there(&mut x, &viewer)?,
        };
    if !guessed {
        petsc
            .print(format_args!("Failed to load initial guess, so use a vector of all zeros.\n"))?;
        x.set_zero()?;
    }
    viewer.close()?;

    let log = petsc.log();
    let mut ksp = Ksp::new(world)?;
    let system = log.stage("KSPSetUp")?.record(|| {
        let system = if normal {
            let n = a.normal_view()?;
            ksp.set_operators(&n, &n)?;
            let mut rhs = x.duplicate()?;
            a.mult_hermitian_transpose(&b, &mut rhs)?;
            System::Normal(rhs)
        } else if augmented {
            let c = augmented_matrix(world, &a, on("-explicit_transpose")?)?;
            ksp.set_operators(&c, &c)?;
            let (mut solution, mut rhs) = c.vectors()?;
            rhs.sub_vector_mut(0)?.copy_from(&b)?;
            solution.sub_vector_mut(1)?.copy_from(&x)?;
            System::Augmented { rhs, solution }
        } else {
            ksp.set_type(KspType::LSQR)?;
            ksp.pc()?.set_type(PcType::NONE)?;
            let n = a.normal_view()?;
            ksp.set_operators(&a, &n)?;
            System::LeastSquares
        };
        ksp.set_initial_guess_nonzero(guessed)?;
        ksp.set_from_options()?;
        ksp.set_up()?;
        ksp.set_up_on_blocks()?;
        Ok(system)
    })?;
    log.stage("KSPSolve")?.record(|| {
        match system {
            System::Normal(rhs) => {
                let _ = ksp.solve_unchecked(&rhs, &mut x)?;
            }
            System::Augmented { rhs, mut solution } => {
                let _ = ksp.solve_unchecked(&rhs, &mut solution)?;
                x.copy_from(&*solution.sub_vector(1)?)?;
            }
            System::LeastSquares => {
                let _ = ksp.solve_unchecked(&b, &mut x)?;
            }
        }
        x.set_name("x")
    })?;

    let mut residual = b.duplicate()?;
    a.mult(&x, &mut residual)?;
    residual.axpy(r(-1.0), &b)?;
    let (norm, iterations) = (residual.norm(Norm::Two)?, ksp.iterations()?);
    let kind = ksp.type_name()?.unwrap_or_default();
    petsc.print(format_args!("KSP type: {kind}\n"))?;
    petsc.print(format_args!("Number of iterations = {iterations:3}\n"))?;
    petsc.print(format_args!("Residual norm {norm:e}\n"))
}

/// The system that replaces `A·x = b`.
enum System {
    Normal(Vector),
    Augmented { rhs: Vector, solution: Vector },
    LeastSquares,
}

struct Reader<'a> {
    world: &'a Comm,
    hdf5: bool,
}

impl Reader<'_> {
    fn open(&self, file: &str) -> Result<Viewer> {
        #[cfg(petsc_have_hdf5)]
        if self.hdf5 {
            return Viewer::hdf5(self.world, file, FileMode::Read);
        }
        Viewer::binary(self.world, file, FileMode::Read)
    }

    /// Returns the format of MATLAB files, if the file is one.
    fn format(&self) -> ViewerFormat {
        if self.hdf5 { ViewerFormat::Hdf5Mat } else { ViewerFormat::Default }
    }

    fn load(&self, builder: Builder<'_>, viewer: &ViewerRef) -> Result<Matrix> {
        viewer.with_format(self.format(), |viewer| builder.load(viewer))
    }

    fn read_if_there(&self, x: &mut Vector, viewer: &ViewerRef) -> Result<bool> {
        viewer.with_format(self.format(), |viewer| {
            #[cfg(petsc_have_hdf5)]
            if self.hdf5 {
                let there = viewer.has_object(x)?;
                if there {
                    x.read(viewer)?;
                }
                return Ok(there);
            }
            Ok(x.read(viewer).is_ok())
        })
    }
}

/// Removes a third of the columns.
fn truncated(world: &Comm, a: &Matrix) -> Result<Matrix> {
    let (rows, columns) = a.size()?;
    let mut p =
        Matrix::builder(world).global_size(rows, columns * 2 / 3).preallocate(1, 1).build()?;
    for i in p.ownership_range_column()? {
        p.set_value(i, i, Scalar::from_real(1.0), InsertMode::Insert)?;
    }
    p.assemble()?;
    p.shift(Scalar::from_real(1.0))?;
    a.mat_mult(&p)
}

/// Adds rows on the first rank and columns on the last one, as many as there are other ranks.
fn uneven(world: &Comm, (m, n): (usize, usize)) -> Result<(usize, usize)> {
    let others = usize::try_from(world.size() - 1)?;
    let (first, last) = (world.rank() == 0, world.rank() + 1 == world.size());
    Ok((if first { m + others } else { m - 1 }, if last { n + others } else { n - 1 }))
}

/// Creates the matrix `(-I A; Aᴴ 0)`.
fn augmented_matrix(world: &Comm, a: &Matrix, explicit: bool) -> Result<Matrix> {
    let identity = Matrix::constant_diagonal(world, a.size()?.0, Scalar::from_real(-1.0))?;
    let transpose = if explicit { a.hermitian_transpose()? } else { a.hermitian_transpose_view()? };
    let a: &petsc_rs::MatrixRef = a;
    Matrix::nest(world, &[&[Some(&identity), Some(a)], &[Some(&transpose), None]])
}
