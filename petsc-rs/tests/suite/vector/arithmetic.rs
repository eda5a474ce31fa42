//! Arithmetic.

use petsc_rs::prelude::*;
use petsc_test::{assert_close, assert_code, assert_error};

use super::{ErrorCode, VectorRef, all, code, counting, index, real};

fn pair(petsc: &Petsc) -> Result<(Vector, Vector)> {
    // x = 0, 1, 2, 3, 4 and y = 10, 20, 30, 40, 50.
    let x = counting(petsc, 5)?;
    let y = Vector::from_fn(petsc.world(), 5, |i| Ok(index(10 * (i + 1))))?;
    Ok((x, y))
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn axpy_changes_the_norm_as_computed_by_hand(petsc: &Petsc) -> Result<()> {
    let mut y = Vector::new(petsc.world(), 10)?;
    y.set(real(2.0))?;
    let mut x = y.duplicate()?;
    x.set(real(3.0))?;
    y.axpy(real(0.5), &x)?;
    assert_close!(y.norm(Norm::One)?, 35.0, 1e-15);
    assert_close!(y.norm(Norm::Infinity)?, 3.5, 1e-15);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn linear_combinations_have_known_entries(petsc: &Petsc) -> Result<()> {
    let (x, y) = pair(petsc)?;
    let mut z = y.duplicate()?;
    z.copy_from(&y)?;
    z.aypx(real(2.0), &x)?;
    assert_eq!(all(&z)?, [20.0, 41.0, 62.0, 83.0, 104.0]);
    z.copy_from(&y)?;
    z.axpby(real(3.0), real(-1.0), &x)?;
    assert_eq!(all(&z)?, [-10.0, -17.0, -24.0, -31.0, -38.0]);
    z.set_waxpy(real(2.0), &x, &y)?;
    assert_eq!(all(&z)?, [10.0, 22.0, 34.0, 46.0, 58.0]);
    z.set(real(1.0))?;
    z.set_axpbypcz(real(2.0), real(0.5), real(4.0), &x, &y)?;
    assert_eq!(all(&z)?, [9.0, 16.0, 23.0, 30.0, 37.0]);
    z.set(real(1.0))?;
    z.maxpy(&[real(1.0), real(0.1)], &[&x, &y])?;
    assert_close!(all(&z)?, [2.0, 4.0, 6.0, 8.0, 10.0].to_vec(), 1e-15);
    z.maxpy(&[], &[])
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn linear_combinations_of_other_lengths_are_refused(petsc: &Petsc) -> Result<()> {
    let (x, mut y) = pair(petsc)?;
    let short = Vector::new(petsc.world(), 4)?;
    assert_eq!(code(y.axpy(real(1.0), &short)), Some(ErrorCode::ARG_INCOMP));
    assert_eq!(code(y.aypx(real(1.0), &short)), Some(ErrorCode::ARG_INCOMP));
    assert_eq!(code(y.axpby(real(1.0), real(2.0), &short)), Some(ErrorCode::ARG_INCOMP));
    assert_eq!(code(y.set_waxpy(real(1.0), &x, &short)), Some(ErrorCode::ARG_INCOMP));
    assert_error(
        y.maxpy(&[real(1.0)], &[&x, &x]),
        ErrorCode::ARG_SIZ,
        "vectors: expected 1, got 2",
    );
    let longer = Vector::with_local_len(petsc.world(), 7)?;
    let result = y.maxpy(&[real(1.0)], &[&longer]);
    assert_error(result, ErrorCode::ARG_SIZ, "7 on this rank");
    // A second handle to `y`, such as a solver's.
    // SAFETY: `y` lives to the end of this function.
    let alias = unsafe { VectorRef::from_ptr(y.as_ptr()) };
    assert_eq!(code(y.maxpy(&[real(1.0)], &[alias])), Some(ErrorCode::ARG_IDN));
    let nest = Vector::nest(petsc.world(), &[&x])?;
    assert_eq!(code(y.axpy(real(1.0), &nest)), Some(ErrorCode::ARG_NOTSAMETYPE));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn functions_apply_to_each_entry(petsc: &Petsc) -> Result<()> {
    let mut x = counting(petsc, 5)?;
    x.scale(real(2.0))?;
    x.shift(real(-3.0))?;
    assert_eq!(all(&x)?, [-3.0, -1.0, 1.0, 3.0, 5.0]);
    x.abs()?;
    assert_eq!(all(&x)?, [3.0, 1.0, 1.0, 3.0, 5.0]);
    x.pow(real(2.0))?;
    assert_close!(all(&x)?, [9.0, 1.0, 1.0, 9.0, 25.0].to_vec(), 1e-14);
    x.scale(real(-1.0))?;
    x.sqrt_abs()?;
    assert_close!(all(&x)?, [3.0, 1.0, 1.0, 3.0, 5.0].to_vec(), 1e-14);
    x.log()?;
    x.exp()?;
    assert_close!(all(&x)?, [3.0, 1.0, 1.0, 3.0, 5.0].to_vec(), 1e-14);
    x.shift(real(-3.0))?;
    x.filter(1e-10)?;
    x.reciprocal()?;
    assert_close!(all(&x)?, [0.0, -0.5, -0.5, 0.0, 0.5].to_vec(), 1e-14);
    x.set(real(2.0))?;
    assert_close!(x.normalize()?, 20.0_f64.sqrt(), 1e-15);
    assert_close!(x.norm(Norm::Two)?, 1.0, 1e-15);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn conjugate_conjugates_each_entry(petsc: &Petsc) -> Result<()> {
    let mut x = Vector::new(petsc.world(), 3)?;
    let z = Scalar::from_parts(1.0, 2.0);
    x.set(z)?;
    x.conjugate()?;
    assert!(x.array()?.iter().all(|&v| v == z.conjugate()));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn pointwise_operations_combine_entries(petsc: &Petsc) -> Result<()> {
    let x = Vector::from_fn(petsc.world(), 4, |i| Ok(index(i + 1)))?;
    let y = Vector::from_fn(petsc.world(), 4, |i| Ok(index(4 - 3 * i)))?;
    // x = 1, 2, 3, 4 and y = 4, 1, -2, -5.
    let mut w = x.duplicate()?;
    w.pointwise_mult(&x, &y)?;
    assert_eq!(all(&w)?, [4.0, 2.0, -6.0, -20.0]);
    w.pointwise_divide(&y, &x)?;
    assert_close!(all(&w)?, [4.0, 0.5, -2.0 / 3.0, -1.25].to_vec(), 1e-15);
    w.pointwise_max(&x, &y)?;
    assert_eq!(all(&w)?, [4.0, 2.0, 3.0, 4.0]);
    w.pointwise_min(&x, &y)?;
    assert_eq!(all(&w)?, [1.0, 1.0, -2.0, -5.0]);
    w.pointwise_max_abs(&x, &y)?;
    assert_eq!(all(&w)?, [4.0, 2.0, 3.0, 5.0]);
    let short = Vector::new(petsc.world(), 1)?;
    assert_code(w.pointwise_mult(&x, &short), ErrorCode::ARG_SIZ);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn vectors_are_swapped_and_permuted(petsc: &Petsc) -> Result<()> {
    let (mut x, mut y) = pair(petsc)?;
    x.swap(&mut y)?;
    assert_eq!(all(&y)?, [0.0, 1.0, 2.0, 3.0, 4.0]);
    assert_eq!(all(&x)?, [10.0, 20.0, 30.0, 40.0, 50.0]);
    let own = y.ownership_range()?;
    let reversed: Vec<Int> = own.clone().rev().collect();
    let before: Vec<Scalar> = y.array()?.to_vec();
    let reversed = IndexSet::general(petsc.world(), &reversed)?;
    y.permute(&reversed, false)?;
    assert!(y.array()?.iter().eq(before.iter().rev()));
    let outside: Vec<Int> = own.map(|_| 5).collect();
    let outside = IndexSet::general(petsc.world(), &outside)?;
    assert_eq!(code(y.permute(&outside, false)), Some(ErrorCode::ARG_OUTOFRANGE));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_stride_selects_one_component(petsc: &Petsc) -> Result<()> {
    let ranks = usize::try_from(petsc.world().size())?;
    let mut x = Vector::builder(petsc.world()).local_len(6).block_size(3).build()?;
    for i in x.ownership_range()? {
        x.set_value(i, index(i), InsertMode::Insert)?;
    }
    x.assemble()?;
    // Component 1 is 1, 4, 7, …
    let expected: Vec<f64> =
        (0..2 * ranks).map(|b| f64::from(u32::try_from(3 * b + 1).unwrap_or(0))).collect();
    let last = *expected.last().unwrap_or(&0.0);
    assert_close!(x.stride_norm(1, Norm::One)?, expected.iter().sum::<f64>(), 1e-15);
    assert_close!(
        x.stride_norm(1, Norm::Two)?,
        expected.iter().map(|v| v * v).sum::<f64>().sqrt(),
        1e-15
    );
    assert_eq!(x.stride_max(1)?.map(|(_, v)| v), Some(last));
    assert_eq!(x.stride_min(1)?, Some((1, 1.0)));
    assert_close!(x.stride_sum(1)?.real(), expected.iter().sum::<f64>(), 1e-15);
    let mut part = Vector::with_local_len(petsc.world(), 2)?;
    part.stride_gather(&x, 1, InsertMode::Insert)?;
    assert_eq!(all(&part)?, expected);
    x.stride_scale(1, real(2.0))?;
    part.stride_gather(&x, 1, InsertMode::Add)?;
    assert_eq!(all(&part)?, expected.iter().map(|v| 3.0 * v).collect::<Vec<_>>());
    x.stride_set(0, real(-1.0))?;
    part.set(real(5.0))?;
    x.stride_scatter(&part, 2, InsertMode::Insert)?;
    assert_eq!(all(&x)?[..6], [-1.0, 2.0, 5.0, -1.0, 8.0, 5.0]);
    assert_eq!(code(x.stride_set(3, real(0.0))), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_eq!(code(x.stride_norm(0, Norm::Frobenius)), Some(ErrorCode::SUP));
    let three = Vector::with_local_len(petsc.world(), 3)?;
    assert_error(
        x.stride_scatter(&three, 0, InsertMode::Insert),
        ErrorCode::ARG_OUTOFRANGE,
        "Subvector length * blocksize",
    );
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn all_components_are_gathered_and_scattered_at_once(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut x = Vector::builder(comm).local_len(6).block_size(3).build()?;
    for i in x.ownership_range()? {
        x.set_value(i, index(i % 6), InsertMode::Insert)?;
    }
    x.assemble()?;
    let mut one = Vector::with_local_len(comm, 2)?;
    let mut two = Vector::builder(comm).local_len(4).block_size(2).build()?;
    x.stride_gather_all(&mut [&mut one, &mut two], InsertMode::Insert)?;
    assert_eq!(&*one.array()?, &[0.0, 3.0].map(real));
    assert_eq!(&*two.array()?, &[1.0, 2.0, 4.0, 5.0].map(real));
    x.stride_scatter_all(&[&one, &two], InsertMode::Add)?;
    assert_eq!(&*x.array()?, &[0.0, 2.0, 4.0, 6.0, 8.0, 10.0].map(real));
    let refused = x.stride_gather_all(&mut [&mut two], InsertMode::Insert);
    assert_eq!(code(refused), Some(ErrorCode::ARG_INCOMP));
    let refused = x.stride_scatter_all(&[&one, &one, &one], InsertMode::Add);
    assert_eq!(code(refused), Some(ErrorCode::ARG_IDN));
    let long = Vector::with_local_len(comm, 3)?;
    let refused = x.stride_scatter_all(&[&long, &two], InsertMode::Add);
    assert_eq!(code(refused), Some(ErrorCode::ARG_SIZ));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn index_sets_select_entries(petsc: &Petsc) -> Result<()> {
    let mut x = counting(petsc, 6)?;
    let even: Vec<Int> = x.ownership_range()?.filter(|i| i % 2 == 0).collect();
    let is = IndexSet::general(petsc.world(), &even)?;
    x.set_indices(&is, real(9.0))?;
    assert_eq!(all(&x)?, [9.0, 1.0, 9.0, 3.0, 9.0, 5.0]);
    let mut reduced = Vector::with_local_len(petsc.world(), even.len())?;
    reduced.set(real(1.0))?;
    x.axpy_indices(&is, real(-4.0), &reduced)?;
    assert_eq!(all(&x)?, [5.0, 1.0, 5.0, 3.0, 5.0, 5.0]);
    x.copy_indices(&is, Direction::Reverse, &mut reduced)?;
    assert_eq!(all(&reduced)?, [5.0, 5.0, 5.0]);
    let y = counting(petsc, 6)?;
    let mut equal = x.which_equal(&y)?.all_gather()?;
    equal.sort()?;
    assert_eq!(&*equal.indices()?, &[1, 3, 5]);
    assert_eq!(&*x.which_greater_than(&y)?.all_gather()?.indices()?, &[0, 2, 4]);
    assert!(x.which_less_than(&y)?.is_empty()?);
    let outside = IndexSet::general(petsc.world(), &[6])?;
    assert_eq!(code(x.set_indices(&outside, real(0.0))), Some(ErrorCode::ARG_OUTOFRANGE));
    assert_code(x.axpy_indices(&is, real(1.0), &y), ErrorCode::ARG_SIZ);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_median_of_three_vectors_and_the_parts_of_complex_entries(petsc: &Petsc) -> Result<()> {
    let x = counting(petsc, 4)?; // 0 1 2 3
    let mut y = x.duplicate()?;
    y.set(real(1.5))?;
    let mut z = x.duplicate_with_values()?;
    z.scale(real(-1.0))?; // 0 -1 -2 -3
    let mut median = x.duplicate()?;
    median.set_median(&x, &y, &z)?;
    assert_eq!(all(&median)?, [0.0, 1.0, 1.5, 1.5]);
    let short = Vector::with_local_len(petsc.world(), 7)?;
    assert_code(median.set_median(&x, &short, &z), ErrorCode::ARG_SIZ);

    let mut w = x.duplicate()?;
    w.set(Scalar::from_parts(3.0, 4.0))?;
    let mut imaginary = w.duplicate_with_values()?;
    w.real_part()?;
    assert_eq!(w.sum()?, real(12.0));
    imaginary.imaginary_part()?;
    let four = if Scalar::IS_COMPLEX { 4.0 } else { 0.0 };
    assert_eq!(imaginary.sum()?, real(4.0 * four));
    let mut same = w.share()?;
    let array = w.array()?;
    assert_code(same.real_part(), ErrorCode::ARG_WRONGSTATE);
    assert_code(same.imaginary_part(), ErrorCode::ARG_WRONGSTATE);
    drop(array);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn entries_between_bounds_are_found(petsc: &Petsc) -> Result<()> {
    let x = counting(petsc, 5)?; // 0 1 2 3 4
    let (mut low, mut high, mut gradient) = (x.duplicate()?, x.duplicate()?, x.duplicate()?);
    low.set(real(1.0))?;
    high.set(real(3.0))?;
    let list = |is: IndexSet| Ok::<_, Error>(is.all_gather()?.indices()?.to_vec());
    assert_eq!(list(x.which_between(&low, &high)?)?, [2]);
    assert_eq!(list(x.which_between_or_equal(&low, &high)?)?, [1, 2, 3]);
    // At the lower bound, a descent direction leads away from it only where the gradient is negative.
    for (slope, strong, found) in [
        (-1.0, true, &[1, 2][..]),
        (1.0, true, &[2, 3]),
        (0.0, true, &[2]),
        (0.0, false, &[1, 2, 3]),
    ] {
        gradient.set(real(slope))?;
        let inactive = x.which_inactive(&low, &gradient, &high, strong)?;
        assert_eq!(list(inactive)?, found, "{slope} {strong}");
    }
    let short = Vector::with_local_len(petsc.world(), 7)?;
    assert_code(x.which_between(&short, &high), ErrorCode::ARG_SIZ);
    assert_code(x.which_between_or_equal(&low, &short), ErrorCode::ARG_SIZ);
    assert_code(x.which_inactive(&low, &short, &high, true), ErrorCode::ARG_SIZ);
    Ok(())
}
