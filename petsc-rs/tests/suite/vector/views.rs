//! Guards: arrays, shapes, subvectors.

use petsc_rs::prelude::*;
use petsc_test::assert_close;

use super::{ErrorCode, VectorRef, all, code, counting, index, real};

#[petsc_test::test(ranks = [1, 2])]
fn an_array_is_viewed_in_one_or_two_dimensions(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::with_local_len(petsc.world(), 6)?;
    for (i, v) in x.array_write()?.iter_mut().enumerate() {
        *v = index(Int::try_from(i)?);
    }
    assert_eq!(x.array()?.view().len(), 6);
    assert_eq!(x.array()?.view2(3)?[(1, 0)], real(3.0));
    assert_eq!(code(x.array()?.view2(4)), Some(ErrorCode::ARG_SIZ));
    assert_eq!(code(x.array()?.view2(0)), Some(ErrorCode::ARG_SIZ));
    let mut array = x.array_mut()?;
    array.view2_mut(2)?.row_mut(2).fill(real(9.0));
    array.view_mut()[0] = real(-1.0);
    drop(array);
    assert_eq!(&*x.array()?, &[-1.0, 1.0, 2.0, 3.0, 9.0, 9.0].map(real));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn norms_are_computed_again_after_a_write(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::new(petsc.world(), 4)?;
    assert_close!(x.norm(Norm::Infinity)?, 0.0, 0.0);
    x.array_write()?.fill(real(2.0));
    assert_close!(x.norm(Norm::Infinity)?, 2.0, 1e-15);
    x.array_mut()?.fill(real(3.0));
    assert_close!(x.norm(Norm::Infinity)?, 3.0, 1e-15);
    Ok(())
}

/// By the short way, which asks no function of C, and beside another guard, where C is asked.
#[petsc_test::test(ranks = [1, 2])]
fn guards_hold_their_vector_and_only_writers_change_it(petsc: &Petsc) -> Result<()> {
    let other = Vector::new(petsc.world(), 2)?;
    for beside in [false, true] {
        let guard = beside.then(|| other.array()).transpose()?;
        let mut x = counting(petsc, 4)?;
        let handle = x.share()?;
        let state = x.state()?;
        let lent = x.array()?;
        assert_eq!(handle.reference_count()?, 3, "beside: {beside}");
        drop(lent);
        assert_eq!((handle.reference_count()?, x.state()?), (2, state));
        let lent = x.array_mut()?;
        assert_eq!(handle.reference_count()?, 3, "beside: {beside}");
        drop(lent);
        assert_eq!((handle.reference_count()?, x.state()?), (2, state + 1));
        drop(x.array_write()?);
        assert_eq!((handle.reference_count()?, x.state()?), (2, state + 2));
        drop(guard);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_subvector_writes_back_to_its_vector(petsc: &Petsc) -> Result<()> {
    let mut x = counting(petsc, 7)?;
    // Contiguous on each rank, so shared; then every other one, so copied.
    let own = x.ownership_range()?;
    let n = own.clone().count();
    let whole = IndexSet::strided(petsc.world(), n, own.start, 1)?;
    assert_close!(x.subvector(&whole)?.sum()?.real(), 21.0, 1e-15);
    x.subvector_mut(&whole)?.shift(real(1.0))?;
    assert_close!(x.sum()?.real(), 28.0, 1e-15);
    let odd: Vec<Int> = own.filter(|i| i % 2 == 1).collect();
    let odd = IndexSet::general(petsc.world(), &odd)?;
    assert_eq!(x.subvector(&odd)?.len()?, 3);
    let mut part = x.subvector_mut(&odd)?;
    part.set(real(-1.0))?;
    drop(part);
    assert_eq!(all(&x)?, [1.0, -1.0, 3.0, -1.0, 5.0, -1.0, 7.0]);
    let mut part = x.subvector_mut(&odd)?;
    part.set(real(-2.0))?;
    part.restore()?;
    assert_close!(x.min()?.map_or(0.0, |m| m.1), -2.0, 1e-15);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn wrong_subvectors_are_refused(petsc: &Petsc) -> Result<()> {
    let mut x = counting(petsc, 4)?;
    let outside = IndexSet::general(petsc.world(), &[4])?;
    assert_eq!(code(x.subvector(&outside)), Some(ErrorCode::ARG_OUTOFRANGE));
    if petsc.world().size() > 1 {
        let alone = IndexSet::general(petsc.self_comm(), &[0])?;
        assert_eq!(code(x.subvector(&alone)), Some(ErrorCode::ARG_NOTSAMECOMM));
    }
    let own = x.ownership_range()?;
    let own = IndexSet::strided(petsc.world(), own.clone().count(), own.start, 1)?;
    // SAFETY: `x` lives to the end of this function.
    let alias = unsafe { VectorRef::from_ptr_mut(x.as_ptr()) };
    let part = x.subvector_mut(&own)?;
    assert_eq!(code(alias.set(real(0.0))), Some(ErrorCode::ARG_WRONGSTATE));
    assert_eq!(code(alias.array()), Some(ErrorCode::ARG_WRONGSTATE));
    drop(part);
    alias.set(real(0.0))
}
