//! Memory that a guard lends and other objects share: whoever would read or write it through C is refused.

use petsc_rs::prelude::*;
use petsc_rs::{Combine, Direction, ErrorCode, PcType, ViewerFormat};

use crate::matrix::r;

fn assert_refused<T>(result: Result<T>) {
    let error = result.err().expect("an error");
    assert_eq!(error.code(), ErrorCode::ARG_WRONGSTATE, "{error}");
    assert!(error.to_string().contains("borrowed"), "{error}");
}

/// `diag(2, 3, …)` of `n` rows with ones beside it.
fn fill(a: &mut Matrix, n: Int) -> Result<()> {
    for i in a.ownership_range()? {
        for j in (i - 1).max(0)..=(i + 1).min(n - 1) {
            let value = if i == j { i as f64 + 2.0 } else { 1.0 };
            a.set_value(i, j, r(value), InsertMode::Insert)?;
        }
    }
    a.assemble()
}

fn dense(comm: &Comm, n: usize) -> Result<Matrix> {
    let rows = Vector::new(comm, n)?.local_len()?;
    let mut a = Matrix::from_dense(comm, rows, n, &vec![r(0.0); rows * n])?;
    fill(&mut a, Int::try_from(n)?)?;
    Ok(a)
}

fn aij(comm: &Comm, n: usize) -> Result<Matrix> {
    let mut a = Matrix::builder(comm).global_size(n, n).build()?;
    fill(&mut a, Int::try_from(n)?)?;
    Ok(a)
}

/// Another handle of an object.
fn twin<T: petsc_rs::object::Class>(object: &T) -> Result<T> {
    let mut box_ = Ksp::new(&object.comm()?)?;
    box_.compose("twin", object)?;
    Ok(box_.query("twin")?.expect("just composed"))
}

#[petsc_test::test(ranks = [1, 2])]
fn a_dense_matrix_and_its_diagonal_block_are_one_memory(petsc: &Petsc) -> Result<()> {
    let mut a = dense(petsc.world(), 6)?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    let (operator, _) = ksp.operators()?;
    let block = operator.diagonal_block()?;
    let writer = a.dense_mut()?;
    assert_refused(block.dense());
    assert_refused(block.trace());
    drop(writer);
    let reader = block.dense()?;
    let first = reader[0];
    assert_refused(a.dense_mut());
    assert_refused(a.scale(r(7.0)));
    assert_refused(a.set_value(0, 0, r(7.0), InsertMode::Insert));
    assert_eq!(reader[0], first);
    // Readers share.
    assert!(a.dense()?.contains(&first));
    drop(reader);
    a.scale(r(2.0))?;
    assert_eq!(block.dense()?[0], first * r(2.0));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_row_of_a_diagonal_block_is_a_row_of_the_matrix(petsc: &Petsc) -> Result<()> {
    let mut a = aij(petsc.world(), 6)?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    let (operator, _) = ksp.operators()?;
    let block = operator.diagonal_block()?;
    let at = a.ownership_range()?.start;
    let row = block.row(0)?;
    let diagonal = row.values()[0];
    assert_refused(a.set_value(at, at, r(9.0), InsertMode::Insert));
    assert_refused(a.scale(r(9.0)));
    assert_refused(a.zero_entries());
    assert_refused(a.assembler(InsertMode::Add));
    assert_refused(a.assemble_begin());
    assert_eq!(row.values()[0], diagonal);
    drop(row);
    let entries = a.assembler(InsertMode::Add)?;
    assert_refused(block.row(0));
    drop(entries);
    assert_eq!(block.row(0)?.values()[0], diagonal);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_set_up_does_not_factor_what_is_lent(petsc: &Petsc) -> Result<()> {
    // Each rank solves a problem of its own: factors in place need one rank.
    let own = petsc.self_comm();
    let a = dense(own, 4)?;
    let others = dense(own, 4)?;
    let (b, mut x) = (Vector::new(own, 4)?, Vector::new(own, 4)?);
    let mut ksp = Ksp::new(own)?;
    ksp.set_operators(&a, &a)?;
    ksp.pc()?.set_type(PcType::LU)?;
    ksp.pc()?.set_factor_in_place(true)?;
    let lent = a.dense()?;
    let before = lent.to_vec();
    assert_refused(ksp.set_up());
    assert_refused(ksp.solve_unchecked(&b, &mut x));
    assert_refused(ksp.pc()?.set_up());
    assert_refused(ksp.pc()?.apply(&b, &mut x));
    assert_eq!(*lent, *before);
    drop(lent);
    // A matrix that no solver knows, and right-hand sides, may be lent.
    let (unrelated, rhs) = (others.dense()?, b.array()?);
    ksp.set_up()?;
    ksp.solve_unchecked(&b, &mut x)?;
    drop((unrelated, rhs));
    assert_ne!(*a.dense()?, *before);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_nest_is_not_viewed_while_a_part_is_written(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (mut u, p) = (Vector::new(comm, 4)?, Vector::new(comm, 4)?);
    let whole = Vector::nest(comm, &[&u, &p])?;
    let part = u.array_mut()?;
    assert_refused(whole.view_to_string(ViewerFormat::Default));
    drop(part);
    whole.view_to_string(ViewerFormat::Default)?;
    let mut a = dense(comm, 4)?;
    let whole = Matrix::nest(comm, &[&[Some(&a)]])?;
    let part = a.dense_mut()?;
    assert_refused(whole.view_to_string(ViewerFormat::Default));
    assert_refused(whole.mult(&whole.vectors()?.0, &mut u));
    drop(part);
    whole.view_to_string(ViewerFormat::Default)?;
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_work_vector_without_an_array_is_not_lent(petsc: &Petsc) -> Result<()> {
    let a = aij(petsc.world(), 8)?;
    let (mut b, mut x) = a.vectors()?;
    b.set(r(1.0))?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    ksp.pc()?.set_type(PcType::BJACOBI)?;
    ksp.pc()?.set_bjacobi_blocks(2)?;
    ksp.solve(&b, &mut x)?;
    let subs = ksp.pc()?.sub_solvers()?;
    let error = subs[0].solution().expect_err("no array");
    assert_eq!(error.code(), ErrorCode::ARG_WRONGSTATE);
    assert!(error.to_string().contains("no array"), "{error}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_transfer_on_its_way_holds_the_memory_of_parts(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut x = Vector::ghosted(comm, 4, &[])?;
    let other = twin(&x)?;
    let update = x.update_ghosts_begin(Combine::Insert, Direction::Forward)?;
    assert_refused(other.local_form());
    assert_refused(other.array());
    update.finish()?;
    let ghosts = other.local_form()?;
    let lent = ghosts.array()?;
    assert_refused(x.set(r(1.0)));
    drop(lent);
    drop(ghosts);
    x.set(r(1.0))?;
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
#[expect(clippy::mem_forget, reason = "what a user may do")]
fn a_forgotten_guard_locks_its_own_object_only(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut x = Vector::new(comm, 100)?;
    let other = twin(&x)?;
    std::mem::forget(x.array_mut()?);
    assert_refused(x.set(r(1.0)));
    assert_refused(other.norm(Norm::Two));
    drop((x, other));
    // The errors above queued them.
    petsc.recover()?;
    let mut a = dense(comm, 5)?;
    std::mem::forget(a.dense_mut()?);
    drop(a);
    // The allocator gives memory of this size out again at once.
    for _ in 0..50 {
        let mut y = Vector::new(comm, 100)?;
        y.set(r(2.0))?;
        y.array_mut()?.fill(r(3.0));
        assert_eq!(y.norm(Norm::Infinity)?, 3.0);
        let mut a = dense(comm, 5)?;
        a.dense_mut()?.fill(r(1.0));
    }
    let a = aij(comm, 5)?;
    let (mut b, mut x) = a.vectors()?;
    b.set(r(1.0))?;
    let mut ksp = Ksp::new(comm)?;
    ksp.set_operators(&a, &a)?;
    ksp.solve(&b, &mut x)?;
    Ok(())
}
