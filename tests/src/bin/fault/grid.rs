//! Failing closures over grid points.

use petsc_rs::dm::{GridMut, GridRead, StencilAssembler};
use petsc_rs::prelude::*;
use petsc_rs::ts::ExactFinalTime;
use petsc_rs::{DmdaRef, Snes, Ts, TsType};

use crate::Fault;

type In<'a> = GridRead<'a, Scalar>;
type Out<'a> = GridMut<'a, Scalar>;

pub(crate) fn run(petsc: &Petsc, kind: &str, fault: Fault) -> Result<()> {
    let grid = Dmda::builder(petsc.world()).sizes([33]).build()?;
    let mut x = grid.create_global_vector()?;
    x.set(Scalar::from_real(1.0))?;
    match kind {
        "function" | "jacobian" => nonlinear(petsc, &grid, &mut x, kind, fault),
        "operators" => multigrid(petsc, &grid, fault),
        _ => in_time(petsc, &grid, &mut x, kind, fault),
    }
}

/// `u³ = 8` at each point.
fn nonlinear(
    petsc: &Petsc,
    grid: &DmdaRef,
    x: &mut Vector,
    kind: &str,
    fault: Fault,
) -> Result<()> {
    let sound = Fault { here: false, ..fault.clone() };
    let (mut in_function, mut in_jacobian) = match kind {
        "function" => (fault, sound),
        _ => (sound, fault),
    };
    let mut snes = Snes::new(petsc.world())?;
    snes.set_dm(grid)?;
    snes.set_function_local(move |grid: &DmdaRef, u: &In<'_>, f: &mut Out<'_>| {
        in_function.strike()?;
        for i in grid.corners()?.x() {
            f[i] = u[i] * u[i] * u[i] - Scalar::from_real(8.0);
        }
        Ok(())
    })?;
    snes.set_jacobian_local(move |grid: &DmdaRef, u: &In<'_>, rows: &mut StencilAssembler<'_>| {
        in_jacobian.strike()?;
        for i in grid.corners()?.x() {
            rows.set(i, i, Scalar::from_real(3.0) * u[i] * u[i])?;
        }
        Ok(())
    })?;
    let converged = snes.solve(None, x)?;
    petsc.print(format_args!("{converged}\n"))
}

/// A closure that is called for each of three DMDAs.
fn multigrid(petsc: &Petsc, grid: &DmdaRef, mut fault: Fault) -> Result<()> {
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_dm(grid)?;
    ksp.pc()?.set_type(PcType::MG)?;
    ksp.pc()?.set_mg_levels(3)?;
    ksp.set_compute_operators(move |ksp, _, p| {
        fault.strike()?;
        let grid = ksp.dm()?.into_dmda()?;
        let mut rows = grid.stencil_assembler(p, InsertMode::Insert)?;
        for i in grid.corners()?.x() {
            rows.set(i, i, Scalar::from_real(2.0))?;
        }
        rows.finish()
    })?;
    ksp.set_compute_rhs(|_, b| b.set(Scalar::from_real(1.0)))?;
    let converged = ksp.solve_in_place()?;
    petsc.print(format_args!("{converged}\n"))
}

/// Decay.
fn in_time(
    petsc: &Petsc,
    grid: &DmdaRef,
    x: &mut Vector,
    kind: &str,
    mut fault: Fault,
) -> Result<()> {
    let mut ts = Ts::new(petsc.world())?;
    ts.set_dm(grid)?;
    ts.set_time_step(0.1)?;
    ts.set_max_time(1.0)?;
    ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    if kind == "rhs" {
        ts.set_type(TsType::EULER)?;
        ts.set_rhs_function_local(move |grid: &DmdaRef, _: Real, u: &In<'_>, g: &mut Out<'_>| {
            fault.strike()?;
            for i in grid.corners()?.x() {
                g[i] = -u[i];
            }
            Ok(())
        })?;
    } else {
        let sound = Fault { here: false, ..fault.clone() };
        let (mut in_function, mut in_jacobian) = match kind {
            "i-function" => (fault, sound),
            "i-jacobian" => (sound, fault),
            other => return Err(Error::user(format!("unknown kind grid-{other}"))),
        };
        ts.set_type(TsType::BEULER)?;
        ts.set_i_function_local(
            move |grid: &DmdaRef, _: Real, u: &In<'_>, v: &In<'_>, y: &mut Out<'_>| {
                in_function.strike()?;
                for i in grid.corners()?.x() {
                    y[i] = v[i] + u[i];
                }
                Ok(())
            },
        )?;
        ts.set_i_jacobian_local(
            move |grid: &DmdaRef,
                  _: Real,
                  _: &In<'_>,
                  _: &In<'_>,
                  shift: Real,
                  rows: &mut StencilAssembler<'_>| {
                in_jacobian.strike()?;
                for i in grid.corners()?.x() {
                    rows.set(i, i, Scalar::from_real(shift + 1.0))?;
                }
                Ok(())
            },
        )?;
    }
    let end = ts.solve(x)?;
    petsc.print(format_args!("{end}\n"))
}
