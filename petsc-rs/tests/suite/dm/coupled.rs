//! Problems of several grids.

use petsc_rs::dm::{DmComposite, DmRedundant};
use petsc_rs::matrix::{MatrixOption, MatrixType};
use petsc_rs::prelude::*;
use petsc_rs::{DmdaRef, ErrorCode, MatrixRef, Snes, VectorRef};
use petsc_test::assert_close;

use super::{all, code, float, real, sampled};

/// A line and a parameter.
fn line_and_parameter(petsc: &Petsc) -> Result<(Dmda, DmRedundant, DmComposite)> {
    let line = Dmda::builder(petsc.world()).sizes([7]).build()?;
    let parameter = DmRedundant::new(petsc.world(), 0, 1)?;
    let both = DmComposite::new(petsc.world(), &[&line, &parameter])?;
    Ok((line, parameter, both))
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn parts_of_a_composite_agree_with_its_local_vectors(petsc: &Petsc) -> Result<()> {
    let (line, _, both) = line_and_parameter(petsc)?;
    assert_eq!(both.grids()?[1].as_redundant()?.size()?, 1);
    let mut x = both.create_global_vector()?;
    let counting = sampled(&line, |i, _, _| i)?;
    let mut parts = both.parts_mut(&mut x)?;
    parts.part_mut(0)?.copy_from(&counting)?;
    parts.part_mut(1)?.set(real(10.0))?;
    drop(parts);
    // The same vectors as in pieces.
    let locals = both.ghosted_parts(&x)?;
    let (u, w) = (line.array(&locals[0])?, locals[1].array()?);
    for i in line.ghost_corners()?.x() {
        assert_eq!(u[i].real(), float(i));
    }
    assert_eq!(w[0].real(), 10.0);
    drop((u, w));
    // As one local vector of the composite: the local sets say what is whose.
    let mut whole = both.create_local_vector()?;
    both.global_to_local(&x, InsertMode::Insert, &mut whole)?;
    let sets = both.local_index_sets()?;
    let (first, second) = (whole.subvector(&sets[0])?, whole.subvector(&sets[1])?);
    assert_close!(first.sum()?.real(), locals[0].sum()?.real(), 1e-14);
    assert_eq!(second.array()?[0].real(), 10.0);
    drop((first, second));
    // The maps lead from there to the same entries of the global vector.
    let everything = all(&x)?;
    for (map, local) in both.local_to_global_maps()?.iter().zip(&locals) {
        for (&global, value) in map.indices()?.iter().zip(local.array()?.iter()) {
            assert_eq!(everything[usize::try_from(global)?], value.real());
        }
    }
    // Back, the ghost points being added to their owners and the parameter summed over the ranks.
    let mut y = both.create_global_vector()?;
    let mut ones = both.local_vectors()?;
    for one in &mut ones {
        one.set(real(1.0))?;
    }
    let pieces: [&VectorRef; 2] = [&ones[0], &ones[1]];
    both.gather(&pieces, InsertMode::Add, &mut y)?;
    let ranks = f64::from(petsc.world().size());
    assert_close!(y.sum()?.real(), ranks + 7.0 + 2.0 * (ranks - 1.0), 1e-13);
    Ok(())
}

/// Sets the blocks of the grid and of the parameter on the diagonal, and where there are any those beside it.
fn couple(line: &DmdaRef, both: &DmComposite, a: &mut MatrixRef) -> Result<usize> {
    let (own, seen) = (line.corners()?, line.ghost_corners()?.x().start);
    let sets = both.local_index_sets()?;
    let owns_parameter = both.grids()?[1].create_global_vector()?.local_len()? == 1;
    let mut blocks = 0;
    for i in 0..2 {
        for j in 0..2 {
            let Some(mut block) = a.local_block(&sets[i], &sets[j])? else {
                continue;
            };
            blocks += 1;
            for row in if i == 0 { own.x() } else { 0..Int::from(owns_parameter) } {
                let row = if i == 0 { row - seen } else { row };
                let mut set = |column, value| {
                    block.set_values(&[row], &[column], &[real(value)], InsertMode::Insert)
                };
                match (i, j) {
                    (0, 0) => set(row, 2.0 + float(row + seen))?,
                    (1, 1) => set(0, 3.0)?,
                    (0, 1) => set(0, 1.0)?,
                    // The parameter's row knows the points that its rank sees.
                    _ => set(row, 5.0)?,
                }
            }
        }
    }
    a.assemble()?;
    Ok(blocks)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn local_blocks_add_to_monolithic_and_nested_matrices(petsc: &Petsc) -> Result<()> {
    let (line, _, mut both) = line_and_parameter(petsc)?;
    let mut sums = Vec::new();
    for kind in [MatrixType::AIJ, MatrixType::NEST] {
        both.set_mat_type(kind)?;
        let mut a = both.create_matrix()?;
        if kind == MatrixType::AIJ {
            for option in
                [MatrixOption::NewNonzeroAllocationErr, MatrixOption::NewNonzeroLocationErr]
            {
                a.set_option(option, false)?;
            }
        }
        let blocks = couple(&line, &both, &mut a)?;
        assert_eq!(blocks, if kind == MatrixType::AIJ { 4 } else { 2 });
        let mut b = both.create_global_vector()?;
        let mut ones = both.create_global_vector()?;
        ones.set(real(1.0))?;
        a.mult(&ones, &mut b)?;
        sums.push(b.sum()?.real());
    }
    // The diagonal: 2 to 8, and 3. Beside it 7 ones, and one 5.
    assert_close!(sums[0], 35.0 + 3.0 + 7.0 + 5.0, 1e-13);
    assert_close!(sums[1], 35.0 + 3.0, 1e-13);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn blocks_outside_the_matrix_are_refused(petsc: &Petsc) -> Result<()> {
    let (_, _, mut both) = line_and_parameter(petsc)?;
    let sets = both.local_index_sets()?;
    let mut a = both.create_matrix()?;
    let out = Some(ErrorCode::ARG_OUTOFRANGE);
    let far = IndexSet::strided(petsc.self_comm(), 1, 100, 1)?;
    assert_eq!(code(a.local_block(&far, &sets[0])), out);
    let one = [real(1.0)];
    let mut block = a.local_block(&sets[1], &sets[1])?.ok_or("a view")?;
    assert_eq!(code(block.set_values(&[1], &[0], &one, InsertMode::Insert)), out);
    let size = Some(ErrorCode::ARG_SIZ);
    assert_eq!(code(block.set_values(&[0], &[0, 0], &one, InsertMode::Insert)), size);
    drop(block);
    both.set_mat_type(MatrixType::NEST)?;
    let mut nest = both.create_matrix()?;
    let part = IndexSet::strided(petsc.self_comm(), 1, 1, 1)?;
    assert_eq!(code(nest.local_block(&part, &sets[0])), out);
    assert!(nest.local_block(&sets[0], &sets[1])?.is_none());
    let mut plain = Matrix::builder(petsc.world()).global_size(3, 3).build()?;
    assert_eq!(code(plain.local_block(&part, &part)), Some(ErrorCode::ARG_WRONGSTATE));
    Ok(())
}

/// Two fields with several unknowns at a point, and a Newton that finds both: `u² = 4`, `w u = 6`.
#[petsc_test::test(ranks = [1, 2, 3])]
fn newton_solves_for_both_fields_of_a_composite(petsc: &Petsc) -> Result<()> {
    let world = petsc.world();
    let u = Dmda::builder(world).sizes([5]).dof(2).options_prefix("u_").build()?;
    let w = Dmda::builder(world).sizes([5]).dof(2).options_prefix("w_").build()?;
    let both = DmComposite::new(world, &[&u, &w])?;
    let mut snes = Snes::new(world)?;
    snes.set_dm(&both)?;
    let mut x = both.create_global_vector()?;
    x.set(real(1.0))?;
    let residual = x.duplicate()?;
    snes.set_function(&residual, |snes, x, f| {
        let both = snes.dm()?.into_composite()?;
        let (x, mut f) = (both.parts(x)?, both.parts_mut(f)?);
        let (u, w) = (x.part(0)?.array()?, x.part(1)?.array()?);
        for (f, u) in f.part_mut(0)?.array_mut()?.iter_mut().zip(u.iter()) {
            *f = *u * *u - real(4.0);
        }
        for (f, (u, w)) in f.part_mut(1)?.array_mut()?.iter_mut().zip(u.iter().zip(w.iter())) {
            *f = *w * *u - real(6.0);
        }
        Ok(())
    })?;
    snes.set_matrix_free(petsc_rs::snes::MatrixFree::All)?;
    snes.ksp()?.pc()?.set_type(PcType::NONE)?;
    let _ = snes.solve(None, &mut x)?;
    let parts = both.parts(&x)?;
    assert_close!(parts.part(0)?.sum()?.real(), 20.0, 1e-6);
    assert_close!(parts.part(1)?.sum()?.real(), 30.0, 1e-6);
    Ok(())
}
