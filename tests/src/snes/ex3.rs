//! Port of PETSc's `src/snes/tutorials/ex3.c`: `u'' + u² = f` in parallel, with closures that check
//! the steps of the line search.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::prelude::*;
use petsc_rs::snes::{Changed, LineSearchRef};
use petsc_rs::{Dmda, DmdaRef, Snes, VectorRef, Viewer};

use super::ex2::print_tolerances;

/// Runs the port.
///
/// # Errors
/// Errors of the solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options, r) = (petsc.world(), petsc.options(), Scalar::from_real);
    let n = options.int("-n")?.unwrap_or(5);
    let h = 1.0 / (n - 1) as Real;
    let domain_error = options.bool("-test_jacobian_domain_error")?.unwrap_or(false);
    let grid = Rc::new(Dmda::builder(world).sizes([usize::try_from(n)?]).from_options().build()?);
    let mut snes = Snes::new(world)?;
    let mut x = grid.create_global_vector()?;
    let residual = x.duplicate()?;
    let (mut source, mut exact) = (x.duplicate()?, x.duplicate()?);
    fill(&grid, h, &mut source, &mut exact)?;
    let mut right = source.duplicate()?;
    right.copy_from(&source)?;
    let da = Rc::clone(&grid);
    snes.set_function(&residual, move |_, x, f| function(&da, h, &right, x, f))?;
    let jacobian = Matrix::builder(world).global_size(n, n).preallocate(3, 3).build()?;
    let da = Rc::clone(&grid);
    snes.set_jacobian(&jacobian, &jacobian, move |_, x, a, _| {
        if domain_error {
            return Err(Error::domain("no Jacobian here"));
        }
        let u = da.array(x)?;
        let d = r(1.0 / (h * h));
        for i in da.corners()?.x() {
            if i == 0 || i == n - 1 {
                a.set_value(i, i, r(1.0), InsertMode::Insert)?;
                continue;
            }
            let row = [d, r(-2.0) * d + r(2.0) * u[i], d];
            a.set_values(&[i], &[i - 1, i, i + 1], &row, InsertMode::Insert)?;
        }
        a.assemble()
    })?;
    if options.has("-user_precond")? {
        snes.ksp()?.pc()?.set_shell(|x, y| y.copy_from(x))?;
    }
    let comm = world.duplicate()?;
    snes.add_monitor(move |_, iteration, norm| {
        comm.print(format_args!("iter = {iteration},SNES Function norm {norm:e}\n"))
    })?;
    x.set_name("Approximate Solution")?;
    exact.set_name("Exact Solution")?;
    snes.set_from_options()?;
    checks(petsc, &grid, &x, &mut snes)?;
    print_tolerances(petsc, &snes)?;
    if options.bool("-view_initial")?.unwrap_or(false) {
        let stdout = Viewer::stdout(world)?;
        exact.view(&stdout)?;
        source.view(&stdout)?;
    }
    x.set(r(0.5))?;
    let _ = snes.solve_unchecked(None, &mut x)?;
    let iterations = snes.iterations()?;
    petsc.print(format_args!("Number of SNES iterations = {iterations}\n"))?;
    x.axpy(r(-1.0), &exact)?;
    let norm = x.norm(Norm::Two)?;
    petsc.print(format_args!("Norm of error {norm:e} Iterations {iterations}\n"))?;
    if domain_error {
        let kind = snes.type_name()?.unwrap_or_default();
        petsc.print(format_args!("SNES Type {kind}\n"))?;
    }
    Ok(())
}

/// Returns the right-hand side and the exact solution.
fn fill(grid: &DmdaRef, h: Real, source: &mut VectorRef, exact: &mut VectorRef) -> Result<()> {
    let x = grid.corners()?.x();
    let (mut f, mut u) = (grid.array_mut(source)?, grid.array_mut(exact)?);
    let mut at = h * x.start as Real;
    for i in x {
        f[i] = Scalar::from_real(6.0 * at + (at + 1e-12).powi(6));
        u[i] = Scalar::from_real(at * at * at);
        at += h;
    }
    Ok(())
}

fn function(
    grid: &DmdaRef,
    h: Real,
    source: &VectorRef,
    x: &VectorRef,
    f: &mut VectorRef,
) -> Result<()> {
    let mut local = grid.local_vector()?;
    grid.global_to_local(x, InsertMode::Insert, &mut local)?;
    let layout = grid.layout()?;
    let (u, g) = (grid.array(&local)?, grid.array(source)?);
    let mut f = grid.array_mut(f)?;
    let (d, two) = (Scalar::from_real(1.0 / (h * h)), Scalar::from_real(2.0));
    for i in layout.owned.x() {
        f[i] = if i == 0 {
            u[i]
        } else if i == layout.sizes[0] - 1 {
            u[i] - Scalar::from_real(1.0)
        } else {
            d * (u[i - 1] - two * u[i] + u[i + 1]) + u[i] * u[i] - g[i]
        };
    }
    Ok(())
}

/// Sets the closures of the line search that the options select.
fn checks(petsc: &Petsc, grid: &Rc<Dmda>, x: &VectorRef, snes: &mut Snes) -> Result<()> {
    let options = petsc.options();
    let mut search = snes.line_search()?;
    if options.has("-post_check_iterates")? {
        petsc.print(format_args!("Activating post step checking routine\n"))?;
        let tolerance = options.real("-check_tol")?.unwrap_or(1.0);
        let (comm, grid, mut last) = (petsc.world().duplicate()?, Rc::clone(grid), x.duplicate()?);
        search.set_post_check(move |search, _, _, w| {
            post_check(search, &comm, &grid, tolerance, &mut last, w)
        })?;
    }
    if options.has("-post_setsubksp")? {
        petsc.print(format_args!("Activating post setsubksp\n"))?;
        let (comm, before) = (petsc.world().duplicate()?, Cell::new(0));
        search.set_post_check(move |search, _, _, _| {
            limit_inner_solve(search, &comm, &before)?;
            Ok(Changed::default())
        })?;
    }
    if options.has("-pre_check_iterates")? {
        petsc.print(format_args!("Activating pre step checking routine\n"))?;
        search.set_pre_check(|_, _, _| Ok(false))?;
    }
    Ok(())
}

/// Halves the change of entries that change too much, from the second iteration on.
fn post_check(
    search: &LineSearchRef,
    comm: &Comm,
    grid: &DmdaRef,
    tolerance: Real,
    last: &mut VectorRef,
    w: &mut VectorRef,
) -> Result<Changed> {
    let iteration = search.snes()?.iterations()?;
    let mut changed = Changed::default();
    if iteration > 0 {
        comm.print(format_args!(
            "Checking candidate step at iteration {iteration} with tolerance {tolerance:e}\n"
        ))?;
        let before = grid.array(last)?;
        let mut now = grid.array_mut(w)?;
        for i in grid.corners()?.x() {
            let (old, new) = (before[i], now[i]);
            let difference =
                if new.modulus() == 0.0 { 2.0 * tolerance } else { ((new - old) / new).modulus() };
            if difference > tolerance {
                now[i] = Scalar::from_real(0.5) * (new + old);
                changed.point = true;
                comm.print(format_args!(
                    "  Altering entry {i}: x={:e}, x_last={:e}, diff={difference:e}, x_new={:e}\n",
                    new.modulus(),
                    old.modulus(),
                    now[i].modulus()
                ))?;
            }
        }
    }
    last.copy_from(w)?;
    Ok(changed)
}

/// Prints the convergence of the inner solves. The C program then limits the iterations of the
/// inner solver. Here the closure only borrows that solver; use `-sub_ksp_max_it`.
fn limit_inner_solve(search: &LineSearchRef, comm: &Comm, before: &Cell<usize>) -> Result<()> {
    let snes = search.snes()?;
    let (iteration, linear) = (snes.iterations()?, snes.ksp()?.iterations()?);
    if iteration > 0 {
        let first = before.get();
        comm.print(format_args!(
            "    ...PostCheck snes iteration {iteration}, ksp_it {first} {linear}\n"
        ))?;
    }
    before.set(linear);
    Ok(())
}
