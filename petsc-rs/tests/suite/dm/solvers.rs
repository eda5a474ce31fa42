//! Solvers on a grid, and closures that live there.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::dm::{BoundaryType, GridMut, GridRead, StencilAssembler};
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, ErrorCode, KspRef, MatrixRef, Snes, SnesType, VectorRef};
use petsc_test::assert_close;

use super::{code, float, real, sampled};

/// Solid fuel ignition on the unit square: `-Δu = λ eᵘ`, scaled by the area of a cell.
fn bratu(
    lambda: f64,
) -> impl FnMut(&DmdaRef, &GridRead<'_, Scalar>, &mut GridMut<'_, Scalar>) -> Result<()> {
    move |grid, u, f| {
        let layout = grid.layout()?;
        let [mx, my, _] = layout.sizes;
        let (hx, hy) = (1.0 / float(mx - 1), 1.0 / float(my - 1));
        let (wx, wy, source) = (real(hy / hx), real(hx / hy), real(hx * hy * lambda));
        let two = real(2.0);
        for (i, j) in layout.owned.points() {
            let c = u[(i, j)];
            f[(i, j)] = if i == 0 || j == 0 || i == mx - 1 || j == my - 1 {
                two * (wx + wy) * c
            } else {
                let uxx = (two * c - u[(i - 1, j)] - u[(i + 1, j)]) * wx;
                let uyy = (two * c - u[(i, j - 1)] - u[(i, j + 1)]) * wy;
                uxx + uyy - source * c.exp()
            };
        }
        Ok(())
    }
}

/// Its derivative.
fn bratu_jacobian(
    lambda: f64,
) -> impl FnMut(&DmdaRef, &GridRead<'_, Scalar>, &mut StencilAssembler<'_>) -> Result<()> {
    move |grid, u, rows| {
        let layout = grid.layout()?;
        let [mx, my, _] = layout.sizes;
        let (hx, hy) = (1.0 / float(mx - 1), 1.0 / float(my - 1));
        let (wx, wy, source) = (real(hy / hx), real(hx / hy), real(hx * hy * lambda));
        let two = real(2.0);
        for (i, j) in layout.owned.points() {
            let center = two * (wx + wy);
            if i == 0 || j == 0 || i == mx - 1 || j == my - 1 {
                rows.set((i, j), (i, j), center)?;
                continue;
            }
            let entries = [
                ((i, j - 1), -wy),
                ((i - 1, j), -wx),
                ((i, j), center - source * u[(i, j)].exp()),
                ((i + 1, j), -wx),
                ((i, j + 1), -wy),
            ];
            rows.row((i, j), entries)?;
        }
        Ok(())
    }
}

fn tight(snes: &mut Snes) -> Result<()> {
    snes.ksp()?
        .set_tolerances(petsc_rs::ksp::Tolerances { rtol: 1e-10.into(), ..Default::default() })
}

/// The largest value and the sum, from a Newton iteration in SciPy with its sparse direct solver.
const SERIAL_NEWTON: [(usize, usize, f64, f64); 2] = [
    (17, 17, 0.796_489_030_063_621_8, 89.509_614_208_532_16),
    (17, 9, 0.795_653_074_870_787_4, 44.131_137_604_956_194),
];

#[petsc_test::test(ranks = [1, 2, 3])]
fn local_closures_solve_bratu_with_or_without_a_jacobian(petsc: &Petsc) -> Result<()> {
    for (nx, ny, max, sum) in SERIAL_NEWTON {
        for jacobian in [true, false] {
            let grid = Dmda::builder(petsc.world()).sizes([nx, ny]).build()?;
            let mut snes = Snes::new(petsc.world())?;
            snes.set_dm(&grid)?;
            snes.set_function_local(bratu(6.0))?;
            if jacobian {
                snes.set_jacobian_local(bratu_jacobian(6.0))?;
            }
            tight(&mut snes)?;
            // Without a Jacobian, PETSc makes one by differences along colors.
            let mut x = grid.create_global_vector()?;
            let _ = snes.solve(None, &mut x)?;
            assert_close!(x.norm(Norm::Infinity)?, max, 1e-7);
            assert_close!(x.sum()?.real(), sum, 1e-7);
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3], isolated, args = ["-pc_type", "mg", "-pc_mg_levels", "3", "-mg_coarse_pc_type", "redundant"])]
fn multigrid_calls_the_closures_on_coarse_grids(petsc: &Petsc) -> Result<()> {
    // The closures are called for the coarse grids too.
    let (nx, ny, max, _) = SERIAL_NEWTON[0];
    let grid = Dmda::builder(petsc.world()).sizes([nx, ny]).build()?;
    let coarsest = Rc::new(Cell::new(Int::MAX));
    let mut snes = Snes::new(petsc.world())?;
    snes.set_dm(&grid)?;
    snes.set_function_local(bratu(6.0))?;
    let (seen, mut jacobian) = (Rc::clone(&coarsest), bratu_jacobian(6.0));
    snes.set_jacobian_local(
        move |grid: &DmdaRef, x: &GridRead<'_, Scalar>, rows: &mut StencilAssembler<'_>| {
            seen.set(seen.get().min(grid.layout()?.sizes[0]));
            jacobian(grid, x, rows)
        },
    )?;
    tight(&mut snes)?;
    snes.set_from_options()?;
    let mut x = grid.create_global_vector()?;
    let converged = snes.solve(None, &mut x)?;
    assert_close!(x.norm(Norm::Infinity)?, max, 1e-7);
    assert_eq!(coarsest.get(), 5);
    // Twelve or so cycles a step are too many for a V-cycle that works.
    assert!(converged.linear_iterations <= 10 * converged.iterations);
    Ok(())
}

/// Counts how often it is dropped.
struct Counted(Rc<Cell<usize>>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn closures_outlive_their_solver_on_the_grid(petsc: &Petsc) -> Result<()> {
    let (nx, ny, max, _) = SERIAL_NEWTON[0];
    let drops = Rc::new(Cell::new(0));
    let grid = Dmda::builder(petsc.world()).sizes([nx, ny]).build()?;
    let mut x = grid.create_global_vector()?;
    {
        let mut first = Snes::new(petsc.world())?;
        first.set_dm(&grid)?;
        let (counted, mut f) = (Counted(Rc::clone(&drops)), bratu(6.0));
        first.set_function_local(
            move |grid: &DmdaRef, u: &GridRead<'_, Scalar>, y: &mut GridMut<'_, Scalar>| {
                let _ = &counted;
                f(grid, u, y)
            },
        )?;
        first.set_jacobian_local(bratu_jacobian(6.0))?;
    }
    assert_eq!(drops.get(), 0);
    // A second solver on the grid calls the closures of the first.
    let mut second = Snes::new(petsc.world())?;
    second.set_dm(&grid)?;
    tight(&mut second)?;
    let _ = second.solve(None, &mut x)?;
    assert_close!(x.norm(Norm::Infinity)?, max, 1e-7);
    // Replaced through the second, the first closure is freed, once.
    second.set_function_local(bratu(0.0))?;
    assert_eq!(drops.get(), 1);
    let _ = second.solve(None, &mut x)?;
    assert_close!(x.norm(Norm::Infinity)?, 0.0, 0.0, 1e-7);
    drop((second, grid, x));
    assert_eq!(drops.get(), 1);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn errors_of_closures_come_out_of_solve(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([9]).build()?;
    let mut snes = Snes::new(petsc.world())?;
    let not_yet = snes.set_function_local(bratu(1.0));
    assert_eq!(code(not_yet), Some(ErrorCode::ARG_WRONG));
    snes.set_dm(&grid)?;
    snes.set_function_local(
        |_: &DmdaRef, _: &GridRead<'_, Scalar>, _: &mut GridMut<'_, Scalar>| {
            Err(Error::user("no such material"))
        },
    )?;
    let mut x = grid.create_global_vector()?;
    let error = snes.solve(None, &mut x).err().ok_or("it must fail")?;
    let source = std::error::Error::source(&error).ok_or("no source")?;
    assert!(source.to_string().contains("no such material"), "{source}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn nonlinear_richardson_calls_the_function_only(petsc: &Petsc) -> Result<()> {
    // u - g = 0 is solved by one full step.
    let grid = Dmda::builder(petsc.world()).sizes([9]).dof(2).build()?;
    let mut snes = Snes::new(petsc.world())?;
    snes.set_type(SnesType::NRICHARDSON)?;
    snes.set_dm(&grid)?;
    type Pair = [Scalar; 2];
    snes.set_function_local(
        |grid: &DmdaRef, u: &GridRead<'_, Pair>, f: &mut GridMut<'_, Pair>| {
            for i in grid.corners()?.x() {
                f[i] = [u[i][0] - real(float(i)), u[i][1] - real(2.0)];
            }
            Ok(())
        },
    )?;
    let mut x = grid.create_global_vector()?;
    let _ = snes.solve(None, &mut x)?;
    assert_close!(x.stride_sum(0)?.real(), 36.0, 1e-7);
    assert_close!(x.stride_sum(1)?.real(), 18.0, 1e-7);
    Ok(())
}

/// `-u'' ` on any number of inner points with zero ends.
fn line(ksp: &KspRef, _: &mut MatrixRef, p: &mut MatrixRef) -> Result<()> {
    let grid = ksp.dm()?.into_dmda()?;
    let n = grid.layout()?.sizes[0];
    let h = 1.0 / float(n - 1);
    let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
    for i in grid.corners()?.x() {
        if i == 0 || i == n - 1 {
            rows.set(i, i, real(2.0 / h))?;
            continue;
        }
        let inner = [i - 1, i + 1].into_iter().filter(|&i| i > 0 && i < n - 1);
        let around = inner.map(|at| (at, real(-1.0 / h)));
        rows.row(i, around.chain([(i, real(2.0 / h))]))?;
    }
    rows.finish()
}

fn ones(ksp: &KspRef, b: &mut VectorRef) -> Result<()> {
    let grid = ksp.dm()?.into_dmda()?;
    let n = grid.layout()?.sizes[0];
    let mut values = grid.array_mut(b)?;
    for i in grid.corners()?.x() {
        let inner = i > 0 && i < n - 1;
        values[i] = real(if inner { 1.0 / float(n - 1) } else { 0.0 });
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3], isolated, args = ["-ksp_type", "cg", "-pc_type", "mg", "-pc_mg_levels", "4", "-ksp_rtol", "1e-10"])]
fn multigrid_computes_its_operators_by_closures_of_the_grid(petsc: &Petsc) -> Result<()> {
    // -u'' = 1, u(0) = u(1) = 0: u = x(1 - x)/2 at every point of every grid.
    let grid = Dmda::builder(petsc.world()).sizes([65]).build()?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_dm(&grid)?;
    ksp.set_compute_operators(line)?;
    ksp.set_compute_rhs(ones)?;
    ksp.set_from_options()?;
    let converged = ksp.solve_in_place()?;
    assert!(converged.iterations <= 12, "{converged}");
    let exact = sampled(&grid, |i, _, _| 0.5 * (i / 64.0) * (1.0 - i / 64.0))?;
    let mut error = exact.duplicate()?;
    error.copy_from(&*ksp.solution()?.ok_or("no solution")?)?;
    error.axpy(real(-1.0), &exact)?;
    assert_close!(error.norm(Norm::Infinity)?, 0.0, 0.0, 1e-9);
    drop(ksp);
    // The closures stay with the grid.
    let mut other = Ksp::new(petsc.world())?;
    other.set_dm(&grid)?;
    let mut x = grid.create_global_vector()?;
    let b = grid.create_global_vector()?;
    let _ = other.solve(&b, &mut x)?;
    error.copy_from(&x)?;
    error.axpy(real(-1.0), &exact)?;
    assert_close!(error.norm(Norm::Infinity)?, 0.0, 0.0, 1e-5);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_vector_that_does_not_fit_the_grid_of_a_solver_is_refused(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([9]).build()?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_dm(&grid)?;
    ksp.set_compute_operators(line)?;
    let b = Vector::with_local_len(petsc.world(), 1)?;
    let mut x = grid.create_global_vector()?;
    assert_eq!(code(ksp.solve(&b, &mut x)), Some(ErrorCode::ARG_SIZ));
    // A solver with operators of its own on a grid that it only keeps.
    let mut own = Ksp::new(petsc.world())?;
    own.set_dm(&grid)?;
    own.set_dm_active(false)?;
    let mut a = grid.create_matrix()?;
    a.shift(real(2.0))?;
    own.set_operators(&a, &a)?;
    let mut b = grid.create_global_vector()?;
    b.set(real(3.0))?;
    let _ = own.solve(&b, &mut x)?;
    assert_close!(x.sum()?.real(), 13.5, 1e-9);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn integrators_keep_their_grid(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([9]).build()?;
    let mut ts = petsc_rs::Ts::new(petsc.world())?;
    ts.set_dm(&grid)?;
    assert_eq!(ts.dm()?.as_dmda()?.info()?.sizes[0], 9);
    assert!(ts.dm()?.same_object(&grid));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn backward_euler_on_a_ring_decays_a_wave_at_its_rate(petsc: &Petsc) -> Result<()> {
    // A wave that fits the ring shrinks by the same factor in each step of backward Euler.
    let n = 12;
    let rate = 2.0 - 2.0 * (2.0 * std::f64::consts::PI / 12.0).cos();
    let grid =
        Dmda::builder(petsc.world()).sizes([n]).boundaries([BoundaryType::Periodic]).build()?;
    let drops = Rc::new(Cell::new(0));
    let mut ts = petsc_rs::Ts::new(petsc.world())?;
    ts.set_dm(&grid)?;
    ts.set_type(petsc_rs::TsType::BEULER)?;
    let counted = Counted(Rc::clone(&drops));
    ts.set_i_function_local(
        move |grid: &DmdaRef,
              _: Real,
              u: &GridRead<'_, Scalar>,
              v: &GridRead<'_, Scalar>,
              y: &mut GridMut<'_, Scalar>| {
            let _ = &counted;
            for i in grid.corners()?.x() {
                y[i] = v[i] - (u[i - 1] - real(2.0) * u[i] + u[i + 1]);
            }
            Ok(())
        },
    )?;
    ts.set_i_jacobian_local(
        |grid: &DmdaRef,
         _: Real,
         _: &GridRead<'_, Scalar>,
         _: &GridRead<'_, Scalar>,
         shift: Real,
         rows: &mut StencilAssembler<'_>| {
            for i in grid.corners()?.x() {
                rows.row(i, [(i - 1, -1.0), (i, shift + 2.0), (i + 1, -1.0)])?;
            }
            Ok(())
        },
    )?;
    let mut u = sampled(&grid, |i, _, _| (2.0 * std::f64::consts::PI * i / 12.0).cos())?;
    ts.set_time_step(0.1)?;
    ts.set_max_time(1.0)?;
    ts.set_exact_final_time(petsc_rs::ts::ExactFinalTime::MatchStep)?;
    let _ = ts.solve(&mut u)?;
    assert_close!(u.norm(Norm::Infinity)?, (1.0 + 0.1 * rate).powi(-10), 1e-5);
    drop(ts);
    assert_eq!(drops.get(), 0, "the grid still has the closure");
    drop((grid, u));
    assert_eq!(drops.get(), 1);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn errors_of_closures_come_out_of_time_steps(petsc: &Petsc) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([9]).build()?;
    let mut ts = petsc_rs::Ts::new(petsc.world())?;
    ts.set_dm(&grid)?;
    ts.set_type(petsc_rs::TsType::EULER)?;
    ts.set_rhs_function_local(
        |_: &DmdaRef, _: Real, _: &GridRead<'_, Scalar>, _: &mut GridMut<'_, Scalar>| {
            Err(Error::user("too hot"))
        },
    )?;
    ts.set_time_step(0.1)?;
    ts.set_max_time(1.0)?;
    let mut u = grid.create_global_vector()?;
    let error = ts.solve(&mut u).err().ok_or("it must fail")?;
    let source = std::error::Error::source(&error).ok_or("no source")?;
    assert!(source.to_string().contains("too hot"), "{source}");
    Ok(())
}
