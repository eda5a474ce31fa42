//! Port of PETSc's `src/snes/tutorials/ex2.c`: `u'' + u² = f` on one rank, with a monitor. Since
//! PETSc 3.26, the monitor also prints the converged reason.

use petsc_rs::prelude::*;
use petsc_rs::snes::CurrentTolerances;
use petsc_rs::{Snes, SnesRef};

use super::ex1::assemble;

/// Runs the port.
///
/// # Errors
/// Errors of the solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, r) = (petsc.world(), Scalar::from_real);
    if world.size() != 1 {
        return Err(Error::input("This is a uniprocessor example only!"));
    }
    let n = petsc.options().int("-n")?.unwrap_or(5);
    let h = 1.0 / (n - 1) as Real;
    let mut snes = Snes::new(world)?;
    let mut x = Vector::builder(world).global_len(usize::try_from(n)?).from_options().build()?;
    let residual = x.duplicate()?;
    let (mut source, mut exact) = (x.duplicate()?, x.duplicate()?);
    let mut at: Real = 0.0;
    for i in 0..n {
        // The small number avoids a power of zero.
        let value = r(6.0 * at + (at + 1e-12).powi(6));
        source.set_value(i, value, InsertMode::Insert)?;
        exact.set_value(i, r(at * at * at), InsertMode::Insert)?;
        at += h;
    }
    source.assemble()?;
    exact.assemble()?;
    snes.set_function(&residual, move |_, x, f| {
        let (x, mut f, g) = (x.array()?, f.array_mut()?, source.array()?);
        let last = x.len() - 1;
        let d = scale(x.len());
        f[0] = x[0];
        for i in 1..last {
            f[i] = d * (x[i - 1] - r(2.0) * x[i] + x[i + 1]) + x[i] * x[i] - g[i];
        }
        f[last] = x[last] - r(1.0);
        Ok(())
    })?;
    let jacobian = Matrix::builder(world).global_size(n, n).preallocate(3, 0).build()?;
    snes.set_jacobian(&jacobian, &jacobian, move |_, x, a, p| {
        let values = x.array()?;
        let d = scale(values.len());
        for (i, &u) in (0..n).zip(values.iter()).skip(1).take(values.len() - 2) {
            let row = [d, r(-2.0) * d + r(2.0) * u, d];
            p.set_values(&[i], &[i - 1, i, i + 1], &row, InsertMode::Insert)?;
        }
        p.set_value(0, 0, r(1.0), InsertMode::Insert)?;
        p.set_value(n - 1, n - 1, r(1.0), InsertMode::Insert)?;
        assemble(a, p)
    })?;
    let comm = world.duplicate()?;
    let says_why = petsc.version()? >= (3, 26, 0);
    snes.add_monitor(move |snes, iteration, norm| {
        comm.print(format_args!("iter = {iteration}, SNES Function norm {norm:e}\n"))?;
        if !says_why {
            return Ok(());
        }
        let why = snes.converged_reason_word()?;
        comm.print(format_args!("  converged = {why}\n"))
    })?;
    x.set_name("Approximate Solution")?;
    exact.set_name("Exact Solution")?;
    snes.set_from_options()?;
    if petsc.options().bool("-test_set_pc_type_lu")?.unwrap_or(false) {
        snes.ksp()?.pc()?.set_type(PcType::LU)?;
    }
    print_tolerances(petsc, &snes)?;
    x.set(r(0.5))?;
    let _ = snes.solve_unchecked(None, &mut x)?;
    let iterations = snes.iterations()?;
    petsc.print(format_args!("number of SNES iterations = {iterations}\n\n"))?;
    x.axpy(r(-1.0), &exact)?;
    let norm = x.norm(Norm::Two)?;
    petsc.print(format_args!("Norm of error {norm:e}, Iterations {iterations}\n"))
}

/// Returns the inverse square of the distance of `n` points on the unit interval.
fn scale(n: usize) -> Scalar {
    let d = u32::try_from(n - 1).map_or(Real::INFINITY, Real::from);
    Scalar::from_real(d * d)
}

/// Prints the line that shows the tolerances.
pub(super) fn print_tolerances(petsc: &Petsc, snes: &SnesRef) -> Result<()> {
    let CurrentTolerances { atol, rtol, stol, max_iterations, max_evaluations, .. } =
        snes.tolerances()?;
    let evaluations = max_evaluations.map_or_else(|| "-1".into(), |n| n.to_string());
    petsc.print(format_args!(
        "atol={atol:e}, rtol={rtol:e}, stol={stol:e}, maxit={max_iterations}, maxf={evaluations}\n"
    ))
}
