//! Port of PETSc's `src/ksp/ksp/tutorials/ex9.c`: two systems with separate solvers, solved
//! repeatedly, with log stages and an event.

use petsc_rs::log::{Event, LogClass};
use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;
use petsc_rs::{MatrixRef, VectorRef, Viewer};

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options, log) = (petsc.world(), petsc.options(), petsc.log());
    let m = options.int("-m")?.unwrap_or(3);
    let times = options.int("-t")?.unwrap_or(3);
    let unsymmetric = options.bool("-unsym")?.unwrap_or(true);
    let size = Int::from(i16::try_from(world.size())?);
    let rank = Int::from(i16::try_from(world.rank())?);
    let n = 2 * size;
    let stages =
        [log.stage("Prelim setup")?, log.stage("Linear System 1")?, log.stage("Linear System 2")?];
    let matrix = || Matrix::builder(world).global_size(m * n, m * n).build();

    let setup = stages[0].begin()?;
    let (mut c1, mut c2) = (matrix()?, matrix()?);
    let (mut u, mut b1) = c1.vectors()?;
    let (mut b2, mut x1, mut x2) = (u.duplicate()?, u.duplicate()?, u.duplicate()?);
    let (mut ksp1, mut ksp2) = (Ksp::new(world)?, Ksp::new(world)?);
    let check = Check { petsc, event: log.event_of("Check Error", Some(LogClass::of(&ksp1)?))? };
    ksp1.set_from_options()?;
    if options.bool("-my_ksp_monitor")?.unwrap_or(false) {
        let stdout = Viewer::stdout(world)?;
        ksp1.add_monitor(move |ksp, n, norm| {
            stdout.print(format_args!("iteration {n} solution vector:\n"))?;
            ksp.build_solution()?.view(&stdout)?;
            stdout.print(format_args!("iteration {n} KSP Residual norm {norm:14.12e} \n"))
        })?;
    }
    ksp2.append_options_prefix("s2_")?;
    ksp2.set_from_options()?;
    let mine = u.ownership_range()?;
    for (k, i) in (0..).zip(mine.clone()) {
        u.set_value(i, Scalar::from_real((k + 100 * rank) as Real), InsertMode::Add)?;
    }
    u.assemble()?;
    log.flops(2.0 * u.local_len()? as f64)?;
    drop(setup);

    for t in 0..times {
        let first = stages[1].begin()?;
        if t > 0 {
            c1.zero_entries()?;
        }
        for row in mine.clone() {
            stencil(&mut c1, row, m, n, 4.0)?;
        }
        if unsymmetric {
            skew(&mut c1, mine.clone(), n, t)?;
        }
        c1.assemble()?;
        c1.set_option(MatrixOption::NewNonzeroLocations, true)?;
        c1.mult(&u, &mut b1)?;
        ksp1.set_operators(&c1, &c1)?;
        if t > 0 {
            ksp1.set_initial_guess_nonzero(true)?;
        }
        ksp1.set_up()?;
        let _ = ksp1.solve_unchecked(&b1, &mut x1)?;
        check.error(&u, &x1, &mut b1, ksp1.iterations()?)?;
        drop(first);

        let second = stages[2].begin()?;
        if t > 0 {
            c2.zero_entries()?;
        }
        for i in 0..m {
            for j in 2 * rank..2 * rank + 2 {
                stencil(&mut c2, j + n * i, m, n, 6.0 + t as Real * 0.5)?;
            }
        }
        if unsymmetric {
            skew(&mut c2, mine.clone(), n, t)?;
        }
        c2.assemble()?;
        c2.set_option(MatrixOption::NewNonzeroLocations, false)?;
        c2.mult(&u, &mut b2)?;
        ksp2.set_operators(&c2, &c2)?;
        ksp2.set_up()?;
        let _ = ksp2.solve_unchecked(&b2, &mut x2)?;
        check.error(&u, &x2, &mut b2, ksp2.iterations()?)?;
        drop(second);
    }
    Ok(())
}

/// Adds a row of the five-point stencil.
fn stencil(a: &mut MatrixRef, row: Int, m: Int, n: Int, diagonal: Real) -> Result<()> {
    let (i, j) = (row / n, row % n);
    let beside = [(i > 0, row - n), (i < m - 1, row + n), (j > 0, row - 1), (j < n - 1, row + 1)];
    for (_, column) in beside.into_iter().filter(|(inside, _)| *inside) {
        a.set_value(row, column, Scalar::from_real(-1.0), InsertMode::Add)?;
    }
    a.set_value(row, row, Scalar::from_real(diagonal), InsertMode::Add)
}

/// Makes the matrix unsymmetric.
fn skew(a: &mut MatrixRef, rows: std::ops::Range<Int>, n: Int, t: Int) -> Result<()> {
    let value = Scalar::from_real(-(t as Real + 0.5));
    for row in rows.filter(|row| row / n > 0) {
        a.set_value(row, row - n, value, InsertMode::Add)?;
    }
    Ok(())
}

struct Check<'a> {
    petsc: &'a Petsc,
    event: Event,
}

impl Check<'_> {
    /// Prints an error norm that is too large; overwrites `work`.
    fn error(
        &self,
        exact: &VectorRef,
        x: &VectorRef,
        work: &mut VectorRef,
        iterations: usize,
    ) -> Result<()> {
        self.event.record(|| {
            work.copy_from(x)?;
            work.axpy(Scalar::from_real(-1.0), exact)?;
            let norm = work.norm(Norm::Two)?;
            if norm > 1e-4 {
                self.petsc
                    .print(format_args!("Norm of error {norm:e}, Iterations {iterations}\n"))?;
            }
            Ok(())
        })
    }
}
