//! Port of PETSc's `src/snes/tutorials/ex28.c`: two coupled problems in one dimension, solved
//! separately and together with the same code.
//!
//! The problems are a diffusion equation `-(k u')' = 1` for `u`, and an algebraic equation for `k`.
//! The grid points of `k` lie between those of `u`. The code of each problem uses the DM of this
//! problem only. The coupled solver passes the blocks of the coupled matrix
//! ([`local_block`](petsc_rs::MatrixRef::local_block)) to this code; `-pack_dm_mat_type nest`
//! stores these blocks separately.

use petsc_rs::dm::{DmComposite, GridMut, GridRead};
use petsc_rs::matrix::MatrixOption;
use petsc_rs::prelude::*;
use petsc_rs::{Dmda, MatrixRef, Snes, VectorRef};

use super::ex1::assemble;

type In<'a> = GridRead<'a, Scalar>;
type Out<'a> = GridMut<'a, Scalar>;
/// A function that sets rows, columns and values of a block with local indices.
type Set<'a> = dyn FnMut(&[Int], &[Int], &[Scalar]) -> Result<()> + 'a;

/// The DMs of both unknowns, and their composite.
struct Grids {
    u: Dmda,
    k: Dmda,
    both: DmComposite,
}

/// The data of a DMDA: size, first local point, distance of points.
struct Line {
    m: Int,
    seen: Int,
    h: Scalar,
}

impl Line {
    fn of(grid: &Dmda) -> Result<Self> {
        let m = grid.layout()?.sizes[0];
        let seen = grid.ghost_corners()?.x().start;
        Ok(Self { m, seen, h: r(1.0 / m as Real) })
    }
}

fn r(x: Real) -> Scalar {
    Scalar::from_real(x)
}

/// Runs the port.
///
/// # Errors
/// Errors of the solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let grids = Grids::new(world)?;
    let problem = options.int("-problem_type")?.unwrap_or(0);
    let pass_dm = options.bool("-pass_dm")?.unwrap_or(true);
    let mut x = grids.both.create_global_vector()?;
    grids.start(&mut x)?;
    // If only one problem is solved, the unknowns of the other keep their initial values.
    let fixed = grids.both.ghosted_parts(&x)?;
    let mut snes = Snes::new(world)?;
    match problem {
        0 => {
            let k = grids.k.array(&fixed[1])?;
            let mut u_alone = grids.u.create_global_vector()?;
            u_alone.copy_from(grids.both.parts(&x)?.part(0)?)?;
            snes.set_dm(&grids.u)?;
            let (b, f) = (grids.u.create_matrix()?, u_alone.duplicate()?);
            snes.scope(|s| {
                s.set_function(&f, |_, x, f| {
                    let u = grids.u.ghosted(x)?;
                    grids.residual_u(&grids.u.array(&u)?, &k, &mut grids.u.array_mut(f)?)
                })?;
                s.set_jacobian(&b, &b, |_, _, a, p| {
                    grids.jacobian_u(&k, &mut |i, j, v| {
                        p.set_values_local(i, j, v, InsertMode::Insert)
                    })?;
                    assemble(a, p)
                })?;
                s.set_from_options()?;
                s.solve_unchecked(None, &mut u_alone)
            })?;
            grids.both.parts_mut(&mut x)?.part_mut(0)?.copy_from(&u_alone)?;
        }
        1 => {
            let u = grids.u.array(&fixed[0])?;
            let mut k_alone = grids.k.create_global_vector()?;
            k_alone.copy_from(grids.both.parts(&x)?.part(1)?)?;
            snes.set_dm(&grids.k)?;
            let (b, f) = (grids.k.create_matrix()?, k_alone.duplicate()?);
            snes.scope(|s| {
                s.set_function(&f, |_, x, f| {
                    let k = grids.k.ghosted(x)?;
                    grids.residual_k(&u, &grids.k.array(&k)?, &mut grids.k.array_mut(f)?)
                })?;
                s.set_jacobian(&b, &b, |_, x, a, p| {
                    let k = grids.k.ghosted(x)?;
                    grids.jacobian_k(&grids.k.array(&k)?, &mut |i, j, v| {
                        p.set_values_local(i, j, v, InsertMode::Insert)
                    })?;
                    assemble(a, p)
                })?;
                s.set_from_options()?;
                s.solve_unchecked(None, &mut k_alone)
            })?;
            grids.both.parts_mut(&mut x)?.part_mut(1)?.copy_from(&k_alone)?;
        }
        _ => {
            let (mut b, f) = (grids.both.create_matrix()?, x.duplicate()?);
            // The DM does not preallocate the off-diagonal blocks; their entries are inserted
            // later.
            b.set_option(MatrixOption::NewNonzeroLocationErr, false)?;
            b.set_option(MatrixOption::NewNonzeroAllocationErr, false)?;
            if pass_dm {
                snes.set_dm(&grids.both)?;
            }
            snes.scope(|s| {
                s.set_function(&f, |_, x, f| grids.residual(x, f))?;
                s.set_jacobian(&b, &b, |_, x, a, p| {
                    grids.jacobian(x, p)?;
                    assemble(a, p)
                })?;
                s.set_from_options()?;
                let mut pc = s.ksp()?.pc()?;
                if !pass_dm && pc.is_type("fieldsplit")? {
                    for (set, name) in grids.both.global_index_sets()?.iter().zip(["u", "k"]) {
                        pc.add_field_set(name, set)?;
                    }
                }
                s.solve_unchecked(None, &mut x)
            })?;
        }
    }
    drop(fixed);
    x.view_from_options("-view_sol")
}

impl Grids {
    fn new(world: &Comm) -> Result<Self> {
        let line = |n| Dmda::builder(world).sizes([n]).from_options();
        let u = line(10).options_prefix("u_").field_names(["u"]).build()?;
        // Each point of `k` lies between two points of `u`, so the first rank has one point less.
        let mut ranges = u.ownership_ranges()?;
        ranges[0][0] -= 1;
        let n = ranges[0].iter().sum();
        let k = line(n).options_prefix("k_").field_names(["k"]).ownership_ranges(ranges);
        let k = k.build()?;
        let mut both = DmComposite::new(world, &[&u, &k])?;
        both.set_options_prefix("pack_")?;
        Ok(Self { u, k, both })
    }

    fn start(&self, x: &mut VectorRef) -> Result<()> {
        let h = 1.0 / self.k.layout()?.sizes[0] as Real;
        let mut parts = self.both.parts_mut(x)?;
        let mut u = self.u.array_mut(parts.part_mut(0)?)?;
        for i in self.u.corners()?.x() {
            let at = i as Real * h;
            u[i] = r(at * (1.0 - at));
        }
        drop(u);
        let mut k = self.k.array_mut(parts.part_mut(1)?)?;
        for i in self.k.corners()?.x() {
            k[i] = r(1.0 + 0.5 * (std::f64::consts::TAU * i as Real * h).sin());
        }
        Ok(())
    }

    /// Computes the residual of both problems.
    fn residual(&self, x: &VectorRef, f: &mut VectorRef) -> Result<()> {
        let locals = self.both.ghosted_parts(x)?;
        let (u, k) = (self.u.array(&locals[0])?, self.k.array(&locals[1])?);
        let mut f = self.both.parts_mut(f)?;
        self.residual_u(&u, &k, &mut self.u.array_mut(f.part_mut(0)?)?)?;
        self.residual_k(&u, &k, &mut self.k.array_mut(f.part_mut(1)?)?)
    }

    /// Computes the Jacobian of both problems, for the blocks that the matrix has.
    fn jacobian(&self, x: &VectorRef, b: &mut MatrixRef) -> Result<()> {
        let locals = self.both.ghosted_parts(x)?;
        let (u, k) = (self.u.array(&locals[0])?, self.k.array(&locals[1])?);
        let sets = self.both.local_index_sets()?;
        for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let Some(mut block) = b.local_block(&sets[row], &sets[column])? else {
                continue;
            };
            let set: &mut Set<'_> = &mut |i, j, v| block.set_values(i, j, v, InsertMode::Insert);
            match (row, column) {
                (0, 0) => self.jacobian_u(&k, set)?,
                (0, _) => self.coupling_uk(&u, set)?,
                (_, 0) => self.coupling_ku(&u, set)?,
                _ => self.jacobian_k(&k, set)?,
            }
        }
        Ok(())
    }

    fn residual_u(&self, u: &In<'_>, k: &In<'_>, f: &mut Out<'_>) -> Result<()> {
        let Line { m, h, .. } = Line::of(&self.u)?;
        for i in self.u.corners()?.x() {
            f[i] = if i == 0 {
                r(1.0) / h * u[i]
            } else if i == m - 1 {
                r(1.0) / h * (u[i] - r(1.0))
            } else {
                let flux = k[i - 1] * (u[i] - u[i - 1]) - k[i] * (u[i + 1] - u[i]);
                h * (flux / (h * h) - r(1.0))
            };
        }
        Ok(())
    }

    fn residual_k(&self, u: &In<'_>, k: &In<'_>, f: &mut Out<'_>) -> Result<()> {
        let (h, one) = (Line::of(&self.k)?.h, r(1.0));
        for i in self.k.corners()?.x() {
            let mean = r(0.5) * (u[i + 1] + u[i]);
            let slope = (u[i + 1] - u[i]) / h;
            let w = one / (one + mean) + one / (one + slope * slope);
            f[i] = h * ((k[i] - one).exp() + k[i] - one / w);
        }
        Ok(())
    }

    fn jacobian_u(&self, k: &In<'_>, set: &mut Set<'_>) -> Result<()> {
        let Line { m, seen, h } = Line::of(&self.u)?;
        for i in self.u.corners()?.x() {
            let row = i - seen;
            if i == 0 || i == m - 1 {
                set(&[row], &[row], &[r(1.0) / h])?;
            } else {
                let values = [-k[i - 1] / h, (k[i - 1] + k[i]) / h, -k[i] / h];
                set(&[row], &[row - 1, row, row + 1], &values)?;
            }
        }
        Ok(())
    }

    fn jacobian_k(&self, k: &In<'_>, set: &mut Set<'_>) -> Result<()> {
        let Line { seen, h, .. } = Line::of(&self.k)?;
        for i in self.k.corners()?.x() {
            let row = i - seen;
            set(&[row], &[row], &[h * ((k[i] - r(1.0)).exp() + r(1.0))])?;
        }
        Ok(())
    }

    /// Sets the derivative of the equations for `u` with respect to `k`.
    fn coupling_uk(&self, u: &In<'_>, set: &mut Set<'_>) -> Result<()> {
        let Line { m, seen, h } = Line::of(&self.u)?;
        let columns = Line::of(&self.k)?.seen;
        for i in self.u.corners()?.x().filter(|&i| i > 0 && i < m - 1) {
            let values = [(u[i] - u[i - 1]) / h, (u[i] - u[i + 1]) / h];
            set(&[i - seen], &[i - 1 - columns, i - columns], &values)?;
        }
        Ok(())
    }

    /// Sets the derivative of the equations for `k` with respect to `u`.
    fn coupling_ku(&self, u: &In<'_>, set: &mut Set<'_>) -> Result<()> {
        let (m, columns) = (self.u.layout()?.sizes[0], Line::of(&self.u)?.seen);
        let (rows, h, one) = (Line::of(&self.k)?.seen, r(1.0 / (m - 1) as Real), r(1.0));
        for i in self.k.corners()?.x() {
            let mean = r(0.5) * (u[i] + u[i + 1]);
            let slope = (u[i + 1] - u[i]) / h;
            let g = one + slope * slope;
            let w = one / (one + mean) + one / g;
            // The derivatives of 1/w with respect to the mean and the slope.
            let inverse = one / w;
            let by_mean = one / ((one + mean) * (one + mean)) * (inverse * inverse);
            let by_slope = r(2.0) * slope / (g * g) * (inverse * inverse);
            let values =
                [-one / h, one / h].map(|change| -h * (by_mean * r(0.5) + by_slope * change));
            set(&[i - rows], &[i - columns, i + 1 - columns], &values)?;
        }
        Ok(())
    }
}
