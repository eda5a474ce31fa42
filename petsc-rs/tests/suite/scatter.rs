//! Scatters.

use petsc_rs::ErrorCode;
use petsc_rs::prelude::*;
use petsc_test::assert_close;

use crate::vector::{all, code, counting, index, real};

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_scatter_moves_chosen_entries_in_both_directions(petsc: &Petsc) -> Result<()> {
    let x = counting(petsc, 6)?;
    // Everyone fetches the first and the last entry.
    let from = IndexSet::general(petsc.self_comm(), &[5, 0])?;
    let mut y = Vector::seq(petsc.self_comm(), 2)?;
    let scatter = Scatter::new(&x, Some(&from), &y, None)?;
    scatter.forward(&x, &mut y)?;
    assert_eq!(&*y.array()?, &[real(5.0), real(0.0)]);
    y.set(real(1.0))?;
    let mut sum = x.duplicate()?;
    scatter.scatter(&y, &mut sum, Combine::Add, Direction::Reverse)?;
    let size = f64::from(petsc.world().size());
    assert_eq!(all(&sum)?, [size, 0.0, 0.0, 0.0, 0.0, size]);
    let copy = scatter.copy()?;
    copy.reverse(&y, &mut sum)?;
    assert_eq!(all(&sum)?, [1.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_scatter_keeps_the_largest_or_smallest_entry(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::new(petsc.world(), 2)?;
    let mut y = Vector::seq(petsc.self_comm(), 2)?;
    y.set(index(1 + Int::from(petsc.world().rank())))?;
    let to = IndexSet::general(petsc.self_comm(), &[0, 1])?;
    let scatter = Scatter::new(&y, None, &x, Some(&to))?;
    let result = scatter.scatter(&y, &mut x, Combine::Max, Direction::Forward);
    if Scalar::IS_COMPLEX {
        assert_eq!(code(result), Some(ErrorCode::SUP));
        return Ok(());
    }
    result?;
    let size = f64::from(petsc.world().size());
    assert_eq!(all(&x)?, [size, size]);
    scatter.scatter(&y, &mut x, Combine::Min, Direction::Forward)?;
    assert_eq!(all(&x)?, [1.0, 1.0]);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_scatter_in_flight_does_not_begin_again(petsc: &Petsc) -> Result<()> {
    let x = counting(petsc, 4)?;
    let (scatter, mut y) = Scatter::to_all(&x)?;
    let flight = scatter.begin(&x, &mut y, Combine::Insert, Direction::Forward)?;
    // Reading the source is fine meanwhile, starting the same scatter again is not.
    assert_close!(x.norm(Norm::Infinity)?, 3.0, 1e-15);
    let mut other = y_like(petsc, 4)?;
    let again = scatter.begin(&x, &mut other, Combine::Insert, Direction::Forward);
    assert_eq!(code(again), Some(ErrorCode::ARG_WRONGSTATE));
    flight.finish()?;
    assert_eq!(y.array()?[3], real(3.0));
    Ok(())
}

fn y_like(petsc: &Petsc, n: usize) -> Result<Vector> {
    Vector::seq(petsc.self_comm(), n)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn dropping_a_scatter_in_flight_finishes_it(petsc: &Petsc) -> Result<()> {
    let x = counting(petsc, 4)?;
    let (scatter, mut y) = Scatter::to_all(&x)?;
    drop(scatter.begin(&x, &mut y, Combine::Insert, Direction::Forward)?);
    assert_eq!(y.array()?[3], real(3.0));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn gathers_collect_all_entries(petsc: &Petsc) -> Result<()> {
    let x = counting(petsc, 5)?;
    let expected: Vec<Scalar> = (0..5).map(index).collect();
    assert_eq!(x.gather_to_all()?, expected);
    let zero = x.gather_to_zero()?;
    assert_eq!(zero.is_some(), petsc.world().rank() == 0);
    assert!(zero.is_none_or(|v| v == expected));
    let empty = Vector::new(petsc.world(), 0)?;
    assert!(empty.gather_to_all()?.is_empty());
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn wrong_scatters_are_refused(petsc: &Petsc) -> Result<()> {
    // Four or more entries on each rank, so that no length is right by accident.
    let x = counting(petsc, 12)?;
    let mut y = Vector::seq(petsc.self_comm(), 2)?;
    let two = IndexSet::general(petsc.self_comm(), &[5, 0])?;
    let far = IndexSet::general(petsc.self_comm(), &[12, 0])?;
    let negative = IndexSet::general(petsc.self_comm(), &[-1, 0])?;
    let three = IndexSet::general(petsc.self_comm(), &[0, 1, 2])?;
    assert_eq!(code(Scatter::new(&x, Some(&far), &y, None)), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(code(Scatter::new(&x, Some(&negative), &y, None)), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(
        code(Scatter::new(&x, Some(&two), &y, Some(&three))),
        Some(ErrorCode::ARG_OUTOFRANGE)
    );
    assert_eq!(code(Scatter::new(&x, Some(&three), &y, None)), Some(ErrorCode::ARG_SIZ));
    assert_eq!(code(Scatter::new(&x, None, &y, None)), Some(ErrorCode::SUP));
    let scatter = Scatter::new(&x, Some(&two), &y, None)?;
    let mut small = Vector::seq(petsc.self_comm(), 1)?;
    // PETSc would write behind the end of `small`.
    assert_eq!(code(scatter.forward(&x, &mut small)), Some(ErrorCode::ARG_SIZ));
    assert_eq!(code(scatter.reverse(&x, &mut y)), Some(ErrorCode::ARG_SIZ));
    Ok(())
}
