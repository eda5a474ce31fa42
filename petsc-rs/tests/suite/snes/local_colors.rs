//! Jacobians by differences along colors of ghosted points.

use petsc_rs::matrix::{MatrixOption, Structure};
use petsc_rs::prelude::*;
use petsc_rs::{Dmda, ErrorCode, Matrix, Snes, SnesRef, VectorRef};

/// Points along a side of the grid.
const N: Int = 7;

/// `F(x)_ij = x_ij³ + 4x_ij − x_i±1,j − x_i,j±1`, from values that have come already.
fn function(snes: &SnesRef, x: &VectorRef, f: &mut VectorRef) -> Result<()> {
    let grid = snes.dm()?.into_dmda()?;
    let (x, mut f) = (grid.array(x)?, grid.array_mut(f)?);
    let four = Scalar::from_real(4.0);
    for (i, j) in grid.corners()?.points() {
        let mut sum = x[(i, j)] * (x[(i, j)] * x[(i, j)] + four);
        for (k, l) in neighbours((i, j)) {
            sum -= x[(k, l)];
        }
        f[(i, j)] = sum;
    }
    Ok(())
}

fn neighbours((i, j): (Int, Int)) -> impl Iterator<Item = (Int, Int)> {
    [(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)]
        .into_iter()
        .filter(|(i, j)| (0..N).contains(i) && (0..N).contains(j))
}

fn solver(comm: &Comm, kind: MatrixType<'_>) -> Result<(Snes, Matrix)> {
    let mut grid = Dmda::builder(comm).sizes([7, 7]).build()?;
    grid.set_mat_type(kind)?;
    let a = grid.create_matrix()?;
    let mut snes = Snes::new(comm)?;
    snes.set_dm(&grid)?;
    let residual = grid.create_global_vector()?;
    snes.set_function(&residual, |snes, x, f| {
        let grid = snes.dm()?;
        let x = grid.ghosted(x)?;
        function(snes, &x, f)
    })?;
    Ok((snes, a))
}

#[petsc_test::test(ranks = [1, 2, 3, 4])]
fn local_colors_give_the_jacobian(petsc: &Petsc) -> Result<()> {
    let (mut snes, a) = solver(petsc.world(), MatrixType::AIJ)?;
    snes.set_jacobian_fd_local(&a, &a, function)?;
    let dm = snes.dm()?.into_dmda()?;
    let mut x = dm.create_global_vector()?;
    let at = |i: Int, j: Int| 0.1 * (i + 2 * j) as Real;
    {
        let mut x = dm.array_mut(&mut x)?;
        for (i, j) in dm.corners()?.points() {
            x[(i, j)] = Scalar::from_real(at(i, j));
        }
    }
    let mut exact = a.duplicate()?;
    {
        let mut rows = dm.stencil_assembler(&mut exact, InsertMode::Insert)?;
        for (i, j) in dm.corners()?.points() {
            let diagonal = Scalar::from_real(3.0 * at(i, j) * at(i, j) + 4.0);
            rows.set((i, j), (i, j), diagonal)?;
            for other in neighbours((i, j)) {
                rows.set((i, j), other, Scalar::from_real(-1.0))?;
            }
        }
        rows.finish()?;
    }
    let (mut a, mut p) = (a.duplicate()?, a);
    // Twice: with new differences, and with those that the matrix keeps.
    for _ in 0..2 {
        snes.compute_jacobian(&x, &mut a, &mut p)?;
        let mut error = p.duplicate_with_values()?;
        error.axpy(Scalar::from_real(-1.0), &exact, Structure::Subset)?;
        assert!(error.norm(Norm::Frobenius)? < 1e-5);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn local_colors_need_a_matrix_of_a_grid(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let (mut snes, _) = solver(world, MatrixType::AIJ)?;
    let mut x = snes.dm()?.create_global_vector()?;
    x.set(Scalar::from_real(1.0))?;
    let mut a = Matrix::builder(world).local_size(x.local_len()?, x.local_len()?).build()?;
    a.assemble()?;
    snes.set_jacobian_fd_local(&a, &a, function)?;
    assert_eq!(snes.solve(None, &mut x).unwrap_err().code(), ErrorCode::SUP);
    let (mut snes, a) = solver(world, MatrixType::BAIJ)?;
    snes.set_jacobian_fd_local(&a, &a, function)?;
    assert_eq!(snes.solve(None, &mut x).unwrap_err().code(), ErrorCode::SUP);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn the_local_function_is_freed(petsc: &Petsc) -> Result<()> {
    let life = std::rc::Rc::new(());
    {
        let (mut snes, a) = solver(petsc.world(), MatrixType::AIJ)?;
        let mine = std::rc::Rc::clone(&life);
        snes.set_jacobian_fd_local(&a, &a, move |snes, x, f| {
            assert_eq!(std::rc::Rc::strong_count(&mine), 2);
            function(snes, x, f)
        })?;
        let mut x = snes.dm()?.create_global_vector()?;
        x.set(Scalar::from_real(1.0))?;
        let _ = snes.solve(None, &mut x)?;
        assert!(x.norm(Norm::Infinity)? < 1e-6);
        assert_eq!(std::rc::Rc::strong_count(&life), 2);
    }
    assert_eq!(std::rc::Rc::strong_count(&life), 1);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn errors_of_the_local_function_come_back(petsc: &Petsc) -> Result<()> {
    let (mut snes, a) = solver(petsc.world(), MatrixType::AIJ)?;
    snes.set_jacobian_fd_local(&a, &a, |_, _, _| Err(Error::user("enough")))?;
    let mut x = snes.dm()?.create_global_vector()?;
    x.set(Scalar::from_real(1.0))?;
    let error = snes.solve(None, &mut x).unwrap_err();
    let mut first: &dyn std::error::Error = &error;
    while let Some(source) = first.source() {
        first = source;
    }
    assert!(first.to_string().contains("enough"), "{first}");
    Ok(())
}

/// How a Jacobian by differences gets into a solver.
type Install = fn(&mut Snes, &Matrix) -> Result<()>;

/// The values of a matrix move when entries come in that it has no room for: PETSc writes to where they were.
fn moved_values(petsc: &Petsc, install: Install) -> Result<()> {
    let (mut snes, a) = solver(petsc.world(), MatrixType::AIJ)?;
    install(&mut snes, &a)?;
    let mut x = snes.dm()?.create_global_vector()?;
    x.set(Scalar::from_real(2.0))?;
    let (mut a, last) = (a, N * N - 1);
    let check = |snes: &Snes, a: &mut Matrix| -> Result<()> {
        snes.compute_jacobian_one(&x, a)?;
        // The row sums of interior points: 3·4 + 4 − 4; those of corners 3·4 + 4 − 2.
        let mut sums = x.duplicate()?;
        a.row_sum(&mut sums)?;
        let (smallest, largest) = (sums.min()?.unwrap().1, sums.max()?.unwrap().1);
        assert!((smallest - 12.0).abs() < 1e-5, "{smallest}");
        assert!((largest - 14.0).abs() < 1e-5, "{largest}");
        Ok(())
    };
    // C follows the solution without asking whether there is one. With one elsewhere, it evaluates the function here.
    let none = snes.compute_jacobian_one(&x, &mut a).unwrap_err();
    assert_eq!(none.code(), ErrorCode::ARG_WRONGSTATE);
    let elsewhere = x.duplicate()?;
    snes.set_solution(&elsewhere)?;
    check(&snes, &mut a)?;
    check(&snes, &mut a)?;
    for option in [MatrixOption::NewNonzeroAllocationErr, MatrixOption::NewNonzeroLocationErr] {
        a.set_option(option, false)?;
    }
    // Only the first rank has a new entry, as many as make it move everything.
    if petsc.world().rank() == 0 {
        for j in 10..=last {
            a.set_value(0, j, Scalar::from_real(0.0), InsertMode::Insert)?;
        }
    }
    a.assemble()?;
    check(&snes, &mut a)?;
    check(&snes, &mut a)?;
    // Another type and back, in place.
    a.convert_in_place(MatrixType::BAIJ)?;
    a.convert_in_place(MatrixType::AIJ)?;
    check(&snes, &mut a)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn colors_are_computed_again_when_values_have_moved(petsc: &Petsc) -> Result<()> {
    moved_values(petsc, |snes, a| snes.set_jacobian_fd_coloring(a, a))
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn colors_by_option_are_computed_again_when_values_have_moved(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options.set_flag("-snes_fd_color")?;
        moved_values(petsc, |snes, a| {
            snes.set_jacobian(a, a, |_, _, _, _| Err(Error::user("the option wins")))?;
            snes.set_from_options()
        })
    })
}

#[petsc_test::test(ranks = [1, 2])]
fn local_colors_are_refused_after_a_conversion(petsc: &Petsc) -> Result<()> {
    let (mut snes, mut a) = solver(petsc.world(), MatrixType::AIJ)?;
    snes.set_jacobian_fd_local(&a, &a, function)?;
    let mut x = snes.dm()?.create_global_vector()?;
    x.set(Scalar::from_real(2.0))?;
    snes.compute_jacobian_one(&x, &mut a)?;
    a.convert_in_place(MatrixType::BAIJ)?;
    a.convert_in_place(MatrixType::AIJ)?;
    a.zero_entries()?;
    // The conversion loses the grid that the colors come from, and with it what would be stale.
    let lost = snes.compute_jacobian_one(&x, &mut a).unwrap_err();
    assert_eq!(lost.code(), ErrorCode::SUP);
    assert_eq!(a.norm(Norm::Frobenius)?, 0.0);
    Ok(())
}

/// PETSc would follow pointers that it never set: two entries of a row may have one color of the grid.
#[petsc_test::test(ranks = [1, 2])]
fn colors_of_a_grid_are_for_its_own_pattern(petsc: &Petsc) -> Result<()> {
    let (mut snes, mut a) = solver(petsc.world(), MatrixType::AIJ)?;
    snes.set_jacobian_fd_local(&a, &a, function)?;
    let x = snes.dm()?.create_global_vector()?;
    for option in [MatrixOption::NewNonzeroAllocationErr, MatrixOption::NewNonzeroLocationErr] {
        a.set_option(option, false)?;
    }
    a.set_value(0, N * N - 1, Scalar::from_real(1.0), InsertMode::Insert)?;
    a.assemble()?;
    let error = snes.compute_jacobian_one(&x, &mut a).unwrap_err();
    assert_eq!(error.code(), ErrorCode::SUP);
    Ok(())
}
