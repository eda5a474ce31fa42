//! Transforms on 1, 2 and 3 ranks, against the sums they stand for.

mod fftw;

use std::f64::consts::TAU;

use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use petsc_fft::{Block, Complex64, Fft, Output, PencilFft, RowFft, Scaling, Slab};
use petsc_rs::prelude::*;
use petsc_test::assert_code;

/// The same numbers on any number of ranks: a hash of their place in the whole array.
fn value(index: usize) -> Complex64 {
    let hash = |seed: u64| {
        let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as f64 / u64::MAX as f64 - 0.5
    };
    Complex64::new(hash(2 * index as u64 + 1), hash(2 * index as u64 + 2))
}

fn fill(slab: &Slab) -> Vec<Complex64> {
    (0..slab.len()).map(|i| value(slab.global_index(i))).collect()
}

fn digits(mut index: usize, shape: &[usize]) -> Vec<usize> {
    let mut digits = vec![0; shape.len()];
    for (digit, n) in digits.iter_mut().zip(shape).rev() {
        *digit = index % n;
        index /= n;
    }
    digits
}

/// The sum over the whole array, with the exponents reduced to whole numbers before they are rounded.
fn direct(shape: &[usize], k: usize, sign: f64) -> Complex64 {
    let total: usize = shape.iter().product();
    let k = digits(k, shape);
    let mut sum = Complex64::default();
    for j in 0..total {
        let j_digits = digits(j, shape);
        let turns = j_digits.iter().zip(&k).zip(shape);
        let turns: f64 = turns.map(|((j, k), n)| (j * k % n) as f64 / *n as f64).sum();
        sum += value(j) * Complex64::cis(sign * TAU * turns.fract());
    }
    sum
}

/// Largest difference over all ranks, relative to the largest value.
fn error(comm: &Comm, pairs: impl Iterator<Item = (Complex64, Complex64)>) -> f64 {
    let (mut own, mut all) = ([0.0_f64; 2], [0.0_f64; 2]);
    for (found, expected) in pairs {
        assert!(found.is_finite());
        own[0] = own[0].max((found - expected).norm());
        own[1] = own[1].max(expected.norm());
    }
    comm.mpi().all_reduce_into(&own, &mut all, SystemOperation::max());
    all[0] / all[1]
}

const SHAPES: &[&[usize]] = &[
    &[12, 32],
    &[2, 7],
    &[7, 2],
    &[1, 5],
    &[5, 1],
    &[1, 1],
    &[13, 17],
    &[4, 6, 5],
    &[1, 2, 11],
    &[7, 3, 1],
    &[2, 1, 9],
    &[5, 7, 11],
    &[3, 2, 2, 5],
];

#[petsc_test::test(ranks = [1, 2, 3])]
fn forward_is_the_sum(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for shape in SHAPES {
        for output in [Output::SecondAxis, Output::FirstAxis] {
            let mut fft = Fft::builder(comm, shape).output(output).build()?;
            let data = fill(fft.input());
            let mut found = vec![Complex64::default(); fft.output().len()];
            fft.forward(&data, &mut found)?;
            let slab = fft.output();
            let pairs = found
                .iter()
                .enumerate()
                .map(|(i, &found)| (found, direct(shape, slab.global_index(i), -1.0)));
            let error = error(comm, pairs);
            assert!(error < 1e-12, "{shape:?} {output:?}: {error:e}");
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn backward_is_the_conjugate_sum(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for shape in SHAPES {
        let n: f64 = shape.iter().map(|&n| n as f64).product();
        for output in [Output::SecondAxis, Output::FirstAxis] {
            let mut fft = Fft::builder(comm, shape).output(output).build()?;
            let spectrum = fill(fft.output());
            let mut found = vec![Complex64::default(); fft.input().len()];
            fft.backward(&spectrum, &mut found)?;
            let slab = fft.input();
            let pairs = found
                .iter()
                .enumerate()
                .map(|(i, &found)| (found * n, direct(shape, slab.global_index(i), 1.0)));
            let error = error(comm, pairs);
            assert!(error < 1e-12, "{shape:?} {output:?}: {error:e}");
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_plan_goes_there_and_back_many_times(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for shape in [&[64, 48][..], &[97, 101], &[30, 20, 28], &[2, 127, 5]] {
        let n: f64 = shape.iter().map(|&n| n as f64).product();
        for (scaling, factor) in [
            (Scaling::Backward, 1.0),
            (Scaling::Forward, 1.0),
            (Scaling::Orthonormal, 1.0),
            (Scaling::None, n),
        ] {
            let mut fft = Fft::builder(comm, shape).scaling(scaling).build()?;
            let start = fill(fft.input());
            let mut data = start.clone();
            let mut spectrum = vec![Complex64::default(); fft.output().len()];
            for _ in 0..3 {
                fft.forward(&data, &mut spectrum)?;
                fft.backward(&spectrum, &mut data)?;
                data.iter_mut().for_each(|value| *value /= factor);
            }
            let error = error(comm, data.into_iter().zip(start));
            assert!(error < 1e-12, "{shape:?} {scaling:?}: {error:e}");
        }
    }
    Ok(())
}

/// Parseval: with the orthonormal factors the norm stays.
#[petsc_test::test(ranks = [1, 2, 3])]
fn orthonormal_transforms_keep_the_norm(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut fft = Fft::builder(comm, &[19, 8, 6]).scaling(Scaling::Orthonormal).build()?;
    let data = fill(fft.input());
    let mut spectrum = vec![Complex64::default(); fft.output().len()];
    fft.forward(&data, &mut spectrum)?;
    let norm = |values: &[Complex64]| {
        let own: f64 = values.iter().map(Complex64::norm_sqr).sum();
        let mut all = 0.0_f64;
        comm.mpi().all_reduce_into(&own, &mut all, SystemOperation::sum());
        all
    };
    let (before, after) = (norm(&data), norm(&spectrum));
    assert!(before > 1.0 && (after / before - 1.0).abs() < 1e-13, "{before} {after}");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn rows_are_transformed_each_by_itself(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for (rows, columns) in [(12, 32), (2, 13), (1, 1), (5, 101)] {
        let mut fft = RowFft::new(comm, rows, columns)?;
        let table: Vec<_> = (0..rows * columns).map(value).collect();
        let mut own = fft.scatter((comm.rank() == 0).then_some(&table[..]))?;
        assert_eq!(own, fill(fft.slab()));
        fft.forward(&mut own)?;
        let found = fft.gather(&own)?;
        assert_eq!(found.is_some(), comm.rank() == 0);
        let pairs = found.iter().flatten().enumerate().map(|(i, &found)| {
            let (row, k) = (i / columns, i % columns);
            let terms = (0..columns).map(|j| {
                let turns = (j * k % columns) as f64 / columns as f64;
                table[row * columns + j] * Complex64::cis(-TAU * turns)
            });
            (found, terms.sum())
        });
        let error_of_sum = error(comm, pairs);
        assert!(error_of_sum < 1e-12, "{error_of_sum:e}");
        fft.backward(&mut own)?;
        let round_trip = error(comm, own.iter().copied().zip(fill(fft.slab())));
        assert!(round_trip < 1e-12, "{round_trip:e}");
        // Without factors both ways multiply by the length.
        let mut fft = RowFft::new(comm, rows, columns)?.with_scaling(Scaling::None);
        fft.forward(&mut own)?;
        fft.backward(&mut own)?;
        let n = columns as f64;
        let pairs = own.iter().map(|v| v / n).zip(fill(fft.slab()));
        assert!(error(comm, pairs) < 1e-12);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn wrong_sizes_are_refused(petsc: &Petsc) -> Result<()> {
    use petsc_rs::ErrorCode;
    let comm = petsc.world();
    for shape in [&[][..], &[4], &[0, 3], &[3, 0, 2], &[usize::MAX, 2], &[1 << 17, 1 << 17]] {
        let error = Fft::new(comm, shape).expect_err("refused");
        assert_eq!(error.code(), ErrorCode::ARG_OUTOFRANGE, "{error}");
    }
    let mut fft = Fft::new(comm, &[4, 5])?;
    let mut right = vec![Complex64::default(); fft.output().len()];
    let wrong = vec![Complex64::default(); 21];
    let error = fft.forward(&wrong, &mut right).expect_err("refused");
    assert_eq!(error.code(), ErrorCode::ARG_SIZ);
    assert!(error.to_string().contains("has 21 entries"), "{error}");
    let refused = RowFft::new(comm, 3, 2)?.forward(&mut [Complex64::ONE]);
    assert_code(refused, ErrorCode::ARG_SIZ);
    assert_code(RowFft::new(comm, 3, 0), ErrorCode::ARG_OUTOFRANGE);
    Ok(())
}

/// Grids for a number of ranks and of axes: lines in each direction, and all that have two or three directions.
fn grids(comm: &Comm, axes: usize) -> Vec<Vec<usize>> {
    let ranks = usize::try_from(comm.size()).expect("a number of ranks");
    let mut all: Vec<Vec<usize>> = vec![vec![]];
    let mut grids = Vec::new();
    for _ in 0..axes.min(3) {
        let longer = |grid: &Vec<usize>| {
            let grid = grid.clone();
            (1..=ranks).map(move |n| [&grid[..], &[n]].concat())
        };
        all = all.iter().flat_map(longer).collect();
        grids.extend(all.iter().filter(|g| g.iter().product::<usize>() == ranks).cloned());
    }
    grids
}

fn fill_block(block: &Block) -> Vec<Complex64> {
    (0..block.len()).map(|i| value(block.global_index(i))).collect()
}

/// The whole transform by the sum over each axis in turn, which is the direct evaluation factor by factor.
fn whole(shape: &[usize], values: Vec<Complex64>, sign: f64) -> Vec<Complex64> {
    let mut values = values;
    let mut stride = 1;
    for &n in shape.iter().rev() {
        let old = values.clone();
        for (index, value) in values.iter_mut().enumerate() {
            let k = index / stride % n;
            let first = index - k * stride;
            *value = (0..n)
                .map(|j| {
                    let turns = (j * k % n) as f64 / n as f64;
                    old[first + j * stride] * Complex64::cis(sign * TAU * turns)
                })
                .sum();
        }
        stride *= n;
    }
    values
}

const PENCIL_SHAPES: &[&[usize]] = &[
    &[12, 32],
    &[2, 7],
    &[7, 2],
    &[1, 5],
    &[1, 1],
    &[13, 17],
    &[4, 6, 5],
    &[1, 2, 11],
    &[7, 3, 1],
    &[5, 7, 11],
    &[3, 2, 2, 5],
];

#[petsc_test::test(ranks = [1, 2, 3, 4, 6])]
fn pencils_and_boxes_are_the_sum(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for shape in PENCIL_SHAPES {
        let total: usize = shape.iter().product();
        let forward = whole(shape, (0..total).map(value).collect(), -1.0);
        let inverse = whole(shape, (0..total).map(value).collect(), 1.0);
        let sampled = direct(shape, total / 2, -1.0);
        assert!((forward[total / 2] - sampled).norm() < 1e-12 * total as f64);
        for grid in grids(comm, shape.len()) {
            for in_order in [false, true] {
                let builder = PencilFft::builder(comm, shape).grid(&grid).in_order(in_order);
                let mut fft = builder.scaling(Scaling::None).build()?;
                assert_eq!(fft.grid(), grid);
                assert!(!in_order || fft.output() == fft.input());
                let mut found = vec![Complex64::default(); fft.output().len()];
                // Twice: the buffers are used again.
                for _ in 0..2 {
                    fft.forward(&fill_block(fft.input()), &mut found)?;
                }
                let (output, input) = (fft.output().clone(), fft.input().clone());
                let pairs = found.iter().enumerate();
                let pairs = pairs.map(|(i, &f)| (f, forward[output.global_index(i)]));
                let far = error(comm, pairs);
                assert!(far < 1e-12, "{shape:?} {grid:?} {in_order}: {far:e}");
                let mut back = vec![Complex64::default(); fft.input().len()];
                fft.backward(&fill_block(fft.output()), &mut back)?;
                let pairs = back.iter().enumerate();
                let pairs = pairs.map(|(i, &f)| (f, inverse[input.global_index(i)]));
                let far = error(comm, pairs);
                assert!(far < 1e-12, "{shape:?} {grid:?} {in_order} back: {far:e}");
            }
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3, 4])]
fn real_arrays_give_half_of_the_sum(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for shape in PENCIL_SHAPES {
        let total: usize = shape.iter().product();
        let n = shape[shape.len() - 1];
        let real = |i: usize| value(i).re;
        let expected = whole(shape, (0..total).map(|i| real(i).into()).collect(), -1.0);
        for grid in grids(comm, shape.len()) {
            for scaling in [Scaling::Backward, Scaling::Forward, Scaling::Orthonormal] {
                let in_order = scaling == Scaling::Forward;
                let builder = PencilFft::builder(comm, shape).grid(&grid).scaling(scaling);
                let mut fft = builder.in_order(in_order).build_real()?;
                let (input, output) = (fft.input().clone(), fft.output().clone());
                let factor = match scaling {
                    Scaling::Forward => 1.0 / total as f64,
                    Scaling::Orthonormal => 1.0 / (total as f64).sqrt(),
                    _ => 1.0,
                };
                let data: Vec<f64> =
                    (0..input.len()).map(|i| real(input.global_index(i))).collect();
                let mut found = vec![Complex64::default(); output.len()];
                fft.forward(&data, &mut found)?;
                let half = n / 2 + 1;
                let pairs = found.iter().enumerate().map(|(i, &found)| {
                    let index = output.global_index(i);
                    (found, expected[index / half * n + index % half] * factor)
                });
                let far = error(comm, pairs);
                assert!(far < 1e-12, "{shape:?} {grid:?}: {far:e}");
                let mut back = vec![0.0; data.len()];
                fft.backward(&found, &mut back)?;
                let pairs = back.iter().zip(&data);
                let far = error(comm, pairs.map(|(&a, &b)| (a.into(), b.into())));
                assert!(far < 1e-12, "{shape:?} {grid:?} back: {far:e}");
            }
        }
    }
    Ok(())
}

/// The boxes are those of a DMDA with the same numbers of processes, `x` being the last axis.
#[petsc_test::test(ranks = [1, 2, 3, 4])]
fn boxes_are_those_of_a_dmda(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for grid in grids(comm, 3).into_iter().filter(|g| g.len() == 3) {
        let fft = PencilFft::builder(comm, &[5, 7, 9]).grid(&grid).build()?;
        let processes: Vec<usize> = grid.iter().rev().copied().collect();
        let da = Dmda::builder(comm).sizes([9, 7, 5]).processes(processes).build()?;
        let corners = da.corners()?;
        let own = [corners.z(), corners.y(), corners.x()];
        for (found, expected) in fft.input().ranges().iter().zip(own) {
            let ends = (Int::try_from(found.start)?, Int::try_from(found.end)?);
            assert_eq!(ends, (expected.start, expected.end), "{grid:?}");
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 4])]
fn wrong_grids_are_refused(petsc: &Petsc) -> Result<()> {
    use petsc_rs::ErrorCode;
    let comm = petsc.world();
    let ranks = usize::try_from(comm.size())?;
    for (shape, grid, text) in [
        (&[4, 4, 4][..], &[ranks, 2][..], "does not have"),
        (&[4, 4], &[1, 1, ranks], "more directions"),
        (&[4], &[ranks], "two or more axes"),
        (&[4, 0], &[ranks], "axes with entries"),
        (&[1 << 20, 1 << 20], &[ranks], "more than 2³¹"),
    ] {
        let refused = PencilFft::builder(comm, shape).grid(grid).build().expect_err("refused");
        assert_eq!(refused.code(), ErrorCode::ARG_OUTOFRANGE);
        assert!(refused.to_string().contains(text), "{refused}");
        let real = PencilFft::builder(comm, shape).grid(grid).build_real();
        assert_code(real, ErrorCode::ARG_OUTOFRANGE);
    }
    let mut fft = PencilFft::new(comm, &[4, 4])?;
    let mut none = [];
    let refused = fft.forward(&[], &mut none).expect_err("refused");
    assert_eq!(refused.code(), ErrorCode::ARG_SIZ);
    Ok(())
}

/// In complex builds the arrays may be those of vectors.
#[cfg(petsc_scalar = "complex")]
#[petsc_test::test(ranks = [1, 2, 3])]
fn arrays_of_vectors_are_transformed_in_complex_builds(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut fft = Fft::new(comm, &[6, 7])?;
    let mut x = Vector::with_local_len(comm, fft.input().len())?;
    let mut y = Vector::with_local_len(comm, fft.output().len())?;
    x.set(Scalar::new(1.0, 2.0))?;
    fft.forward(&x.array()?, &mut y.array_mut()?)?;
    let peak = y.norm(Norm::Infinity)?;
    assert!(
        (peak - 42.0 * 5.0_f64.sqrt()).abs() < 1e-12 && (y.norm(Norm::One)? - peak).abs() < 1e-11
    );
    Ok(())
}

petsc_test::main!();
