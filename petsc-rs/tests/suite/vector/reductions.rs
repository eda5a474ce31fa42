//! Reductions, also in two halves.

use petsc_rs::prelude::*;
use petsc_test::{assert_close, assert_code, assert_error};

use super::{ErrorCode, code, counting, index, real};

#[petsc_test::test(ranks = [1, 2, 3])]
fn sums_and_norms_have_known_values(petsc: &Petsc) -> Result<()> {
    let x = counting(petsc, 5)?;
    let mut y = x.duplicate()?;
    y.set(real(2.0))?;
    assert_close!(x.dot(&y)?.real(), 20.0, 1e-15);
    assert_close!(x.tdot(&y)?.real(), 20.0, 1e-15);
    assert_close!(x.sum()?.real(), 10.0, 1e-15);
    assert_close!(x.mean()?.real(), 2.0, 1e-15);
    let (one, two) = x.norm_1_and_2()?;
    assert_close!(one, 10.0, 1e-15);
    assert_close!(two, 30.0_f64.sqrt(), 1e-15);
    assert_close!(x.norm(Norm::Frobenius)?, 30.0_f64.sqrt(), 1e-15);
    let (dot, norm2) = x.dot_norm2(&y)?;
    assert_close!(dot.real(), 20.0, 1e-15);
    assert_close!(norm2, 20.0, 1e-15);
    assert_close!(x.max_pointwise_divide(&y)?, 2.0, 1e-15);
    assert_close!(x.error_norm(&y, Norm::One)?, 6.0, 1e-15);
    let many = x.dot_many(&[&x, &y])?;
    assert_close!([many[0].real(), many[1].real()][..], [30.0, 20.0][..], 1e-15);
    let many = y.tdot_many(&[&x, &y])?;
    assert_close!([many[0].real(), many[1].real()][..], [20.0, 20.0][..], 1e-15);
    assert!(x.dot_many(&[])?.is_empty());
    let short = Vector::new(petsc.world(), 2)?;
    assert_eq!(code(x.dot(&short)), Some(ErrorCode::ARG_INCOMP));
    assert_code(x.tdot(&short), ErrorCode::ARG_INCOMP);
    assert_code(x.dot_norm2(&short), ErrorCode::ARG_SIZ);
    assert_code(x.dot_many(&[&y, &short]), ErrorCode::ARG_SIZ);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn dot_conjugates_its_argument(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::new(petsc.world(), 1)?;
    let mut y = x.duplicate()?;
    let (a, b) = (Scalar::from_parts(1.0, 2.0), Scalar::from_parts(3.0, -1.0));
    x.set(a)?;
    y.set(b)?;
    assert_eq!(x.dot(&y)?, a * b.conjugate());
    assert_eq!(x.tdot(&y)?, a * b);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn extrema_are_found_also_without_entries(petsc: &Petsc) -> Result<()> {
    let x = Vector::from_fn(petsc.world(), 7, |i| Ok(index((i - 3) * (i - 3))))?;
    assert_eq!(x.max()?, Some((0, 9.0)));
    assert_eq!(x.min()?, Some((3, 0.0)));
    // Fewer entries than ranks.
    let one = Vector::from_fn(petsc.world(), 1, |_| Ok(real(-4.0)))?;
    assert_eq!(one.max()?, Some((0, -4.0)));
    assert_eq!(one.min()?, Some((0, -4.0)));
    assert_close!(one.norm(Norm::Two)?, 4.0, 1e-15);
    let none = Vector::new(petsc.world(), 0)?;
    assert_eq!((none.max()?, none.min()?), (None, None));
    assert_eq!(none.stride_max(0)?, None);
    assert_close!(none.norm(Norm::One)?, 0.0, 0.0);
    assert!(none.array()?.is_empty());
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn split_reductions_give_the_same_numbers(petsc: &Petsc) -> Result<()> {
    let x = counting(petsc, 5)?;
    let mut y = x.duplicate()?;
    y.set(real(2.0))?;
    let norm = x.norm_begin(Norm::Two)?;
    let dot = x.dot_begin(&y)?;
    let tdot = y.tdot_begin(&x)?;
    let largest = x.norm_begin(Norm::Infinity)?;
    x.send_reductions()?;
    assert_close!(norm.finish()?, 30.0_f64.sqrt(), 1e-15);
    assert_close!(dot.finish()?.real(), 20.0, 1e-15);
    assert_close!(tdot.finish()?.real(), 20.0, 1e-15);
    assert_close!(largest.finish()?, 4.0, 1e-15);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn split_reductions_in_wrong_order_are_refused(petsc: &Petsc) -> Result<()> {
    // On a communicator of its own: what is left there disturbs nobody.
    let comm = petsc.world().duplicate()?;
    let x = Vector::new(&comm, 3)?;
    let y = x.duplicate()?;
    let first = x.norm_begin(Norm::Two)?;
    let second = y.norm_begin(Norm::Two)?;
    assert_eq!(code(second.finish()), Some(ErrorCode::ARG_WRONGSTATE));
    assert_close!(first.finish()?, 0.0, 0.0);
    let longer = Vector::with_local_len(&comm, 7)?;
    assert_error(x.dot_begin(&longer), ErrorCode::ARG_SIZ, "7 on this rank");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn all_ranks_see_a_difference_and_a_nan(petsc: &Petsc) -> Result<()> {
    let x = counting(petsc, 5)?;
    let mut y = counting(petsc, 5)?;
    assert!(x.equal(&y)? && !x.has_nan()?);
    // The last entry belongs to the last rank; all ranks must hear of it.
    y.set_value(4, real(f64::NAN), InsertMode::Insert)?;
    y.assemble()?;
    assert!(!x.equal(&y)? && y.has_nan()?);
    assert!(!x.equal(&*counting(petsc, 4)?)?);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn steps_end_at_the_boundary(petsc: &Petsc) -> Result<()> {
    let mut x = counting(petsc, 4)?;
    x.shift(real(2.0))?; // 2 3 4 5
    let mut direction = x.duplicate()?;
    direction.set(real(-4.0))?;
    assert_eq!(x.step_max(&direction)?, 0.5); // 2 / 4
    assert_eq!(x.dot_real_part(&direction)?, -56.0);
    let (mut low, mut high) = (x.duplicate()?, x.duplicate()?);
    low.set(real(1.0))?;
    high.set(real(9.0))?;
    assert_eq!(x.step_max_bounded(&direction, &low, &high)?, 1.0); // (5 - 1) / 4
    direction.set(real(2.0))?;
    assert_eq!(x.step_max_bounded(&direction, &low, &high)?, 3.5); // (9 - 2) / 2
    assert!(x.step_max(&direction)? > 1e30);
    // Only one rank has the negative entry.
    x.set_value(0, real(-1.0), InsertMode::Insert)?;
    x.assemble()?;
    assert_eq!(code(x.step_max(&direction)), Some(ErrorCode::ARG_OUTOFRANGE));
    let short = Vector::with_local_len(petsc.world(), 7)?;
    assert_eq!(code(x.dot_real_part(&short)), Some(ErrorCode::ARG_SIZ));
    assert_eq!(code(x.step_max_bounded(&direction, &low, &short)), Some(ErrorCode::ARG_SIZ));
    Ok(())
}
