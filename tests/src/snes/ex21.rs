//! Port of PETSc's `src/snes/tutorials/ex21.c`: optimal control of `u'' = 2`, where the control `w`
//! is the value at the left end.
//!
//! State `u`, adjoint `λ` and the design variable `w` are unknowns of one system. The DM of this
//! system is a composite of two DMDAs for `u` and `λ`, and of a redundant DM for `w`. The residual
//! is the gradient of the Lagrangian.

use petsc_rs::dm::{DmComposite, DmRedundant};
use petsc_rs::prelude::*;
use petsc_rs::{Dmda, Snes, VectorRef, Viewer};

/// Runs the port.
///
/// # Errors
/// Errors of the solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let design = DmRedundant::new(world, 0, 1)?;
    let line = |name| Dmda::builder(world).sizes([5]).field_names([name]).from_options().build();
    let (state, adjoint) = (line("u")?, line("lambda")?);
    let all = DmComposite::new(world, &[&design, &state, &adjoint])?;
    let mut x = all.create_global_vector()?;
    let residual = x.duplicate()?;
    let window = |title: &str| Viewer::draw(world, title, 300, 300);
    let unknowns = [window("u - state variables")?, window("lambda - Lagrange multipliers")?];
    let derivatives = [
        window("fu - derivate w.r.t. state variables")?,
        window("flambda - derivate w.r.t. Lagrange multipliers")?,
    ];
    let show = |whole: Option<&VectorRef>, windows: &[Viewer; 2]| {
        let Some(whole) = whole else {
            return Ok(());
        };
        let parts = all.parts(whole)?;
        parts.part(1)?.view(&windows[0])?;
        parts.part(2)?.view(&windows[1])
    };
    let mut snes = Snes::new(world)?;
    let _ = snes.scope(|s| {
        s.set_function(&residual, |_, x, f| gradient(&all, x, f))?;
        s.set_from_options()?;
        s.add_monitor(|snes, _, _| {
            show(snes.solution()?.as_deref(), &unknowns)?;
            show(snes.residual()?.as_deref(), &derivatives)
        })?;
        s.solve_unchecked(None, &mut x)
    })?;
    Ok(())
}

/// Computes the derivatives of the Lagrangian with respect to `w`, `u` and `λ`.
fn gradient(all: &DmComposite, x: &VectorRef, f: &mut VectorRef) -> Result<()> {
    let r = Scalar::from_real;
    let grids = all.grids()?;
    let grid = grids[1].as_dmda()?;
    let own = grid.corners()?.x();
    let n = grid.layout()?.sizes[0];
    let (d, h, two) = (r((n - 1) as Real), r(1.0 / (n - 1) as Real), r(2.0));
    let x = all.ghosted_parts(x)?;
    let mut f_locals = all.local_vectors()?;
    let [fw, fu, fl] = f_locals.as_mut_slice() else {
        return Err(Error::input("the composite has three parts"));
    };
    let (w, u, l) = (x[0].array()?, grid.array(&x[1])?, grid.array(&x[2])?);
    let (mut by_w, mut by_l, mut by_u) =
        (fw.array_mut()?, grid.array_mut(fu)?, grid.array_mut(fl)?);
    // The rank that owns `w` also owns the first point.
    if own.start == 0 {
        by_w[0] = -two * d * l[0];
    }
    for i in own {
        by_u[i] = if i == 0 {
            h * u[0] + two * d * l[0] - d * l[1]
        } else if i == 1 {
            two * h * u[1] + two * d * l[1] - d * l[2]
        } else if i == n - 1 {
            h * u[i] + two * d * l[i] - d * l[i - 1]
        } else if i == n - 2 {
            two * h * u[i] + two * d * l[i] - d * l[i - 1]
        } else {
            two * h * u[i] - d * (l[i + 1] - two * l[i] + l[i - 1])
        };
        by_l[i] = if i == 0 {
            two * d * (u[0] - w[0])
        } else if i == n - 1 {
            two * d * u[i]
        } else {
            -(d * (u[i + 1] - two * u[i] + u[i - 1]) - two * h)
        };
    }
    drop((by_w, by_u, by_l));
    let parts: [&VectorRef; 3] = [fw, fu, fl];
    all.gather(&parts, InsertMode::Insert, f)
}
