//! Port of PETSc's `src/ksp/ksp/tutorials/ex3.c`: bilinear elements, assembled by ranks other than
//! the owners of the rows.

use petsc_rs::prelude::*;

/// Runs the port.
///
/// # Errors
/// Errors of assembly and solve.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, r) = (petsc.world(), Scalar::from_real);
    let m = petsc.options().int("-m")?.unwrap_or(5);
    let n = (m + 1) * (m + 1);
    let h = 1.0 / m as Real;
    let mut a = Matrix::builder(world).global_size(n, n).preallocate(9, 8).build()?;
    let stiffness = stiffness(h * h);
    let mine = share(world, m * m)?;
    for element in mine.clone() {
        let nodes = nodes(element, m);
        a.set_values(&nodes, &nodes, &stiffness, InsertMode::Add)?;
    }
    a.assemble()?;

    let mut u = Vector::new(world, usize::try_from(n)?)?;
    let (mut b, mut exact) = (u.duplicate()?, u.duplicate()?);
    for element in mine {
        b.set_values(&nodes(element, m), &[r(0.0); 4], InsertMode::Add)?;
    }
    b.assemble()?;

    let height = |node: Int| r(h * (node / (m + 1)) as Real);
    let boundary: Vec<Int> = (0..n)
        .filter(|node| {
            let (i, j) = (node / (m + 1), node % (m + 1));
            i == 0 || i == m || j == 0 || j == m
        })
        .collect();
    for &node in &boundary {
        u.set_value(node, height(node), InsertMode::Insert)?;
        b.set_value(node, height(node), InsertMode::Insert)?;
    }
    a.zero_rows(&boundary, r(1.0), None)?;
    u.assemble()?;
    b.assemble()?;

    let mut ksp = Ksp::new(world)?;
    ksp.set_operators(&a, &a)?;
    ksp.set_initial_guess_nonzero(true)?;
    ksp.set_from_options()?;
    let _ = ksp.solve_unchecked(&b, &mut u)?;

    for node in exact.ownership_range()? {
        exact.set_value(node, height(node), InsertMode::Insert)?;
    }
    exact.assemble()?;
    u.axpy(r(-1.0), &exact)?;
    let (error, iterations) = (u.norm(Norm::Two)? * h, ksp.iterations()?);
    petsc.print(format_args!("Norm of error {error:e} Iterations {iterations}\n"))
}

/// Returns the elements of this rank, distributed as in the C program.
fn share(world: &Comm, elements: Int) -> Result<std::ops::Range<Int>> {
    let size = Int::from(i16::try_from(world.size())?);
    let rank = Int::from(i16::try_from(world.rank())?);
    let start = rank * (elements / size) + rank.min(elements % size);
    Ok(start..start + elements / size + Int::from(elements % size > rank))
}

/// Returns the corners of an element, counterclockwise.
fn nodes(element: Int, m: Int) -> [Int; 4] {
    let corner = (m + 1) * (element / m) + element % m;
    [corner, corner + 1, corner + m + 2, corner + m + 1]
}

/// Returns the element matrix.
fn stiffness(h: Real) -> [Scalar; 16] {
    let (own, beside, across) = (h / 6.0, -0.125 * h, h / 12.0);
    [
        [own, beside, across, beside],
        [beside, own, beside, across],
        [across, beside, own, beside],
        [beside, across, beside, own],
    ]
    .as_flattened()
    .iter()
    .map(|&v| Scalar::from_real(v))
    .collect::<Vec<_>>()
    .try_into()
    .unwrap_or([Scalar::from_real(0.0); 16])
}
