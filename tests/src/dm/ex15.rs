//! Port of PETSc's `src/dm/tutorials/ex15.c`: writes a vector of a DMDA to a binary file without a
//! header and reads it back, on rank 0 or with MPI-IO.

use petsc_rs::dm::StencilType;
use petsc_rs::prelude::*;
use petsc_rs::viewer::FileMode;
use petsc_rs::{BinaryOptions, DmdaRef, VectorRef, Viewer};

const SIZES: [usize; 3] = [5, 4, 6];
const X: [Real; 5] = [1.10, 2.3006, 2.32444, 3.44006, 66.9009];
const Y: [Real; 4] = [0.0, 0.25, 0.5, 0.75];
const Z: [Real; 6] = [0.0, 1.1, 2.2, 3.3, 4.4, 5.5];
const DOF: usize = 3;

/// Runs the port.
///
/// # Errors
/// Errors of the DMDA and the files.
pub fn main(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let mpiio = petsc.options().bool("-usempiio")?.unwrap_or(false);
    let (path, mark) =
        if mpiio { ("dmda-mpiio.pbvec", " [using mpi-io]") } else { ("dmda.pbvec", "") };
    petsc.print(format_args!("TestDMDAVec{mark}\n"))?;
    let grid = Dmda::builder(world)
        .sizes(SIZES)
        .dof(DOF)
        .stencil(StencilType::Box, 2)
        .from_options()
        .build()?;
    let mut reference = grid.create_global_vector()?;
    fill(&grid, &mut reference)?;
    let options = BinaryOptions { mpiio, skip_header: true, ..BinaryOptions::default() };
    let file = Viewer::binary_with(world, path, FileMode::Write, options)?;
    reference.view(&file)?;
    if mpiio {
        petsc.print(format_args!("*** PetscViewer[write] using MPI-IO ***\n"))?;
    }
    petsc.print(format_args!("*** PetscViewer[write] skipping header ***\n"))?;
    file.close()?;
    let mut loaded = grid.create_global_vector()?;
    let file = Viewer::binary_with(world, path, FileMode::Read, options)?;
    loaded.read(&file)?;
    petsc.print(format_args!("*** PetscViewer[load] skipping header ***\n"))?;
    if mpiio {
        petsc.print(format_args!("*** PetscViewer[load] using MPI-IO ***\n"))?;
    }
    file.close()?;
    compare(petsc, &reference, &loaded)?;
    if world.rank() == 0 {
        verify(petsc, path)?;
    }
    Ok(())
}

fn place(i: Int) -> Result<usize> {
    Ok(usize::try_from(i)?)
}

/// Returns the value of the unknown `d` at a point.
fn value((i, j, k): (usize, usize, usize), d: usize) -> Scalar {
    let [m, n, _] = SIZES;
    let plane = i + j * m;
    let sum = X[i] * i as Real + Y[j] * plane as Real + Z[k] * (plane + k * m * n) as Real;
    Scalar::from_real(DOF as Real * sum + d as Real)
}

fn fill(grid: &DmdaRef, x: &mut VectorRef) -> Result<()> {
    let mut x = grid.array_as_mut::<[Scalar; DOF]>(x)?;
    for at @ (i, j, k) in grid.corners()?.points3() {
        let point = (place(i)?, place(j)?, place(k)?);
        x[at] = std::array::from_fn(|d| value(point, d));
    }
    Ok(())
}

fn compare(petsc: &Petsc, a: &VectorRef, b: &VectorRef) -> Result<()> {
    petsc.print(format_args!("VecCompare\n"))?;
    for (name, x) in [("a", a), ("b", b)] {
        for (what, found) in [("min", x.min()?), ("max", x.max()?)] {
            let (at, value) = found.unwrap_or_default();
            petsc.print(format_args!("  {what}({name})   = {value:+.2e} [loc {at}]\n"))?;
        }
    }
    let mut difference = a.duplicate()?;
    difference.copy_from(a)?;
    difference.axpy(Scalar::from_real(-1.0), b)?;
    let least = difference.min()?.unwrap_or_default().1.abs();
    if least > 1e-10 {
        petsc.print(format_args!("  ERROR: min(a-b) > 1.0e-10\n"))?;
        return petsc.print(format_args!("  min(a-b) = {least:+.10e}\n"));
    }
    petsc.print(format_args!("  min(a-b) < 1.0e-10\n"))
}

/// Reads the file as scalars only and compares them.
fn verify(petsc: &Petsc, path: &str) -> Result<()> {
    let own = petsc.self_comm();
    let file = Viewer::binary(own, path, FileMode::Read)?;
    let [m, n, p] = SIZES;
    let mut right = true;
    let found = file.read_scalars(m * n * p * DOF)?;
    for (index, found) in found.into_iter().enumerate() {
        let (point, d) = (index / DOF, index % DOF);
        let at @ (i, j, k) = (point % m, point / m % n, point / (m * n));
        let expected = value(at, d);
        if (expected - found).modulus() > 1e-10 {
            right = false;
            own.print(format_args!(
                "ERROR: Difference > 1.0e-10 occurred (delta = {expected:+.12e} [loc {i},{j},{k}({d})])\n"
            ))?;
        }
    }
    if right {
        own.print(format_args!("Headerless read of data verified for: {path}\n"))?;
    }
    Ok(())
}
