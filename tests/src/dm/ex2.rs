//! Port of PETSc's `src/dm/tutorials/ex2.c`: Conway's game of life on a torus.

use petsc_rs::dm::{BoundaryType, Corners, StencilType};
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, ErrorCode, VectorRef, Viewer};

/// The living cells of shapes, relative to the center, `y` upward.
const GLIDER: [(Int, Int); 5] = [(0, 1), (0, 0), (1, 0), (-1, -1), (1, -1)];
const BLINKER: [(Int, Int); 3] = [(0, -1), (0, 0), (0, 1)];

/// Runs the port.
///
/// # Errors
/// Errors of scatters and viewers.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let int = |name, default| Ok::<_, Error>(options.int(name)?.unwrap_or(default));
    let (steps, shown) = (int("-steps", 100)?, int("-viz_interval", 1)?);
    let (alive, dead) = (int("-check_step_alive", -1)?, int("-check_step_dead", -1)?);
    let picture = Viewer::draw(world, "Life", 1000, 1000)?;
    let grid = Dmda::builder(world)
        .sizes([30, 30])
        .boundaries([BoundaryType::Periodic; 2])
        .stencil(StencilType::Box, 1)
        .from_options()
        .build()?;
    let mut local = grid.create_local_vector()?;
    let mut cells = grid.create_global_vector()?;
    let own = grid.corners()?;
    for (name, shape) in [("-glider", &GLIDER[..]), ("-blinker", &BLINKER[..])] {
        let Some(at) = options.ints(name)? else {
            continue;
        };
        let [i, j] = at[..] else {
            let text = format!("{name} takes two numbers");
            return Err(Error::collective(ErrorCode::USER_INPUT, text));
        };
        place(&grid, own, (i, j), shape, &mut local)?;
    }
    grid.local_to_global(&local, InsertMode::Add, &mut cells)?;
    cells.view(&picture)?;
    for step in 0..steps {
        grid.global_to_local(&cells, InsertMode::Insert, &mut local)?;
        live(&grid, own, &local, &mut cells)?;
        if step == alive || step == dead {
            let any = cells.sum()?.modulus() > 0.1;
            if any && step == dead {
                petsc.print(format_args!("Simulation alive at step {step}\n"))?;
            } else if !any && step == alive {
                petsc.print(format_args!("Simulation dead at step {step}\n"))?;
            }
        }
        if step % shown == 0 {
            cells.view(&picture)?;
        }
    }
    Ok(())
}

/// Sets the cells of a shape to living, on the rank that owns its center.
fn place(
    grid: &DmdaRef,
    own: Corners,
    (i, j): (Int, Int),
    shape: &[(Int, Int)],
    local: &mut VectorRef,
) -> Result<()> {
    if own.contains((i, j, 0)) {
        let mut x = grid.array_mut(local)?;
        for (x_off, y_off) in shape {
            x[(i + x_off, j + y_off)] = Scalar::from_real(1.0);
        }
    }
    Ok(())
}

/// Computes one step.
fn live(grid: &DmdaRef, own: Corners, local: &VectorRef, cells: &mut VectorRef) -> Result<()> {
    let (x, mut y) = (grid.array(local)?, grid.array_mut(cells)?);
    for (i, j) in own.points() {
        let lives = |at| x[at].real() > 0.0;
        let around = (-1..=1).flat_map(|b| (-1..=1).map(move |a| (a, b)));
        let neighbours = around.filter(|&(a, b)| (a, b) != (0, 0) && lives((i + a, j + b))).count();
        let next = matches!((lives((i, j)), neighbours), (true, 2) | (_, 3));
        y[(i, j)] = Scalar::from_real(if next { 1.0 } else { 0.0 });
    }
    Ok(())
}
