//! Grids that a Rust type is.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::dm::{CustomGrid, DmShell, Interpolation};
use petsc_rs::prelude::*;
use petsc_rs::{ErrorCode, KspRef, MatrixRef};

use super::code;

/// What goes wrong.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    Error,
    Panic,
}

/// A line that counts how many of its kind live.
struct Line {
    grid: Dmda,
    fault: Fault,
    alive: Rc<Cell<usize>>,
}

impl Line {
    fn new(grid: Dmda, fault: Fault, alive: &Rc<Cell<usize>>) -> Self {
        alive.set(alive.get() + 1);
        let alive = Rc::clone(alive);
        Self { grid, fault, alive }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.alive.set(self.alive.get() - 1);
    }
}

impl CustomGrid for Line {
    fn create_matrix(&self) -> Result<Matrix> {
        self.grid.create_matrix()
    }

    fn create_global_vector(&self) -> Result<Vector> {
        self.grid.create_global_vector()
    }

    fn coarsen(&self) -> Result<Self> {
        match self.fault {
            Fault::None => Ok(Self::new(self.grid.coarsen()?, self.fault, &self.alive)),
            Fault::Error => Err(Error::collective(ErrorCode::USER, "no coarser line")),
            Fault::Panic => panic!("no coarser line at all"),
        }
    }

    fn create_interpolation(&self, fine: &Self) -> Result<Interpolation> {
        self.grid.create_interpolation(&fine.grid)
    }
}

struct Other;

impl CustomGrid for Other {
    fn create_matrix(&self) -> Result<Matrix> {
        Err(Error::collective(ErrorCode::SUP, "none"))
    }

    fn create_global_vector(&self) -> Result<Vector> {
        Err(Error::collective(ErrorCode::SUP, "none"))
    }
}

fn operators(ksp: &KspRef, a: &mut MatrixRef) -> Result<()> {
    let line = ksp.dm()?.as_shell()?.custom::<Line>()?;
    let n = Int::try_from(line.grid.info()?.sizes[0])?;
    let mut rows = line.grid.stencil_assembler(a, InsertMode::Insert)?;
    for i in line.grid.corners()?.x() {
        let beside = [(i - 1, -1.0), (i + 1, -1.0)];
        let inside = beside.into_iter().filter(|(j, _)| (0..n).contains(j));
        rows.row(i, inside.chain([(i, 2.0)]))?;
    }
    rows.finish()
}

fn solver(petsc: &Petsc, fault: Fault, alive: &Rc<Cell<usize>>) -> Result<Ksp> {
    let world = petsc.world();
    let line = Line::new(Dmda::builder(world).sizes([65]).build()?, fault, alive);
    let grid = DmShell::custom(world, line)?;
    let mut ksp = Ksp::new(world)?;
    ksp.set_dm(&grid)?;
    ksp.pc()?.set_type(PcType::MG)?;
    ksp.pc()?.set_mg_levels(3)?;
    ksp.set_compute_operators(|ksp, _, a| operators(ksp, a))?;
    ksp.set_compute_rhs(|_, b| b.set(Scalar::from_real(1.0)))?;
    ksp.set_tolerances(petsc_rs::ksp::Tolerances { rtol: 1e-10.into(), ..Default::default() })?;
    Ok(ksp)
}

/// Levels come from the Rust type, the solution is that of the formula, and nothing is left.
#[petsc_test::test(ranks = [1, 2, 3])]
fn multigrid_takes_its_levels_from_a_custom_grid(petsc: &Petsc) -> Result<()> {
    let alive = Rc::new(Cell::new(0));
    let mut ksp = solver(petsc, Fault::None, &alive)?;
    let _ = ksp.solve_in_place()?;
    // The line itself and two coarser ones.
    assert_eq!(alive.get(), 3);
    // -u'' = 1 with zeros one step beyond the ends: x(i) = (i + 1)(n - i)/2.
    let x = ksp.solution()?.expect("solved");
    for (i, value) in x.ownership_range()?.zip(x.array()?.iter()) {
        let exact = (i + 1) as Real * (65 - i) as Real / 2.0;
        assert!((value.real() - exact).abs() < 1e-6 * exact, "{i}: {value}");
    }
    // The vector keeps its grid.
    drop(x);
    drop(ksp);
    petsc.recover()?;
    assert_eq!(alive.get(), 0);
    Ok(())
}

/// What a method returns, and what it lacks, comes out of the call that asked.
#[petsc_test::test(ranks = [1, 2])]
fn errors_of_a_custom_grid_come_out_of_the_call(petsc: &Petsc) -> Result<()> {
    let alive = Rc::new(Cell::new(0));
    let world = petsc.world();
    let line = Line::new(Dmda::builder(world).sizes([9]).build()?, Fault::Error, &alive);
    let grid = DmShell::custom(world, line)?;
    assert_eq!(code(grid.custom::<Other>()), Some(ErrorCode::ARG_WRONG));
    assert_eq!(grid.custom::<Line>()?.grid.info()?.sizes[0], 9);
    assert_eq!(code(grid.refine()), Some(ErrorCode::SUP));
    assert_eq!(code(grid.create_local_vector()), Some(ErrorCode::SUP));
    assert_eq!(code(grid.coarsen()), Some(ErrorCode::USER));
    // Vectors of the grid inside do not look into it: they are viewed as what they are.
    let mut x = grid.create_global_vector()?;
    x.set(Scalar::from_real(2.5))?;
    let text = x.view_to_string(petsc_rs::ViewerFormat::Default)?;
    assert!(world.rank() > 0 || text.matches("2.5").count() == 9, "{text}");
    // A shell that is made of templates.
    let template = grid.custom::<Line>()?.grid.create_global_vector()?;
    let plain = DmShell::new(&template)?;
    let mut x = plain.create_global_vector()?;
    x.set(Scalar::from_real(2.5))?;
    let text = x.view_to_string(petsc_rs::ViewerFormat::Default)?;
    assert!(world.rank() > 0 || text.matches("2.5").count() == 9, "{text}");
    assert_eq!(code(plain.custom::<Line>()), Some(ErrorCode::ARG_WRONGSTATE));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_panic_in_a_custom_grid_comes_out_of_the_solve(petsc: &Petsc) -> Result<()> {
    let alive = Rc::new(Cell::new(0));
    let mut ksp = solver(petsc, Fault::Panic, &alive)?;
    petsc_test::assert_panics(|| ksp.solve_in_place(), "no coarser line at all");
    Ok(())
}
