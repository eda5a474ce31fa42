//! Comparison of values between ranks.

use mpi::traits::CommunicatorCollectives as _;
use petsc_rs::{Comm, Real};

/// Values that are compared between ranks as lists of numbers. Integers beyond 2^53 are rounded.
pub trait Numbers {
    /// Appends the value.
    fn append_to(&self, list: &mut Vec<f64>);
}

macro_rules! numbers {
    ($($type:ty),*) => {$(
        impl Numbers for $type {
            fn append_to(&self, list: &mut Vec<f64>) {
                list.push(*self as f64);
            }
        }
    )*};
}
numbers!(f32, f64, i32, i64, u32, u64, usize);

impl Numbers for num_complex::Complex<Real> {
    fn append_to(&self, list: &mut Vec<f64>) {
        self.re.append_to(list);
        self.im.append_to(list);
    }
}

impl<T: Numbers> Numbers for [T] {
    fn append_to(&self, list: &mut Vec<f64>) {
        self.iter().for_each(|entry| entry.append_to(list));
    }
}

impl<T: Numbers> Numbers for Vec<T> {
    fn append_to(&self, list: &mut Vec<f64>) {
        self.as_slice().append_to(list);
    }
}

impl<T: Numbers, const N: usize> Numbers for [T; N] {
    fn append_to(&self, list: &mut Vec<f64>) {
        self.as_slice().append_to(list);
    }
}

impl<T: Numbers + ?Sized> Numbers for &T {
    fn append_to(&self, list: &mut Vec<f64>) {
        (**self).append_to(list);
    }
}

/// Compares the value of each rank with the value of rank 0.
///
/// Collective on `comm`; the result is the same on all ranks, so that all of them fail together.
///
/// # Errors
/// The first rank with a number that differs by more than `rtol·|value| + atol`, and the first such
/// number.
pub fn same_on_ranks<T>(comm: &Comm, value: &T, rtol: f64, atol: f64) -> Result<(), String>
where
    T: Numbers + ?Sized,
{
    let mut mine = Vec::new();
    value.append_to(&mut mine);
    let ranks = usize::try_from(comm.size()).map_err(|e| e.to_string())?;
    let mut lengths = vec![0_usize; ranks];
    comm.mpi().all_gather_into(&mine.len(), &mut lengths[..]);
    if let Some(rank) = lengths.iter().position(|&length| length != lengths[0]) {
        return Err(format!(
            "rank {rank} has {} numbers, rank 0 has {}",
            lengths[rank], lengths[0]
        ));
    }
    let length = mine.len();
    let mut all = vec![0.0_f64; length * ranks];
    if length > 0 {
        comm.mpi().all_gather_into(&mine[..], &mut all[..]);
    }
    for i in length..all.len() {
        let (found, first) = (all[i], all[i % length]);
        let same = (found - first).abs() <= rtol * first.abs() + atol;
        // Two infinities are equal, and so are two NaNs, because the comparison is between ranks.
        if !(same || found == first || (found.is_nan() && first.is_nan())) {
            return Err(format!(
                "number {} is {found:e} on rank {}, {first:e} on rank 0",
                i % length,
                i / length
            ));
        }
    }
    Ok(())
}

/// See [`assert_same_on_ranks!`](crate::assert_same_on_ranks).
///
/// # Panics
/// On all ranks, if the values differ.
#[track_caller]
pub fn check_same_on_ranks<T>(comm: &Comm, value: &T, rtol: f64, atol: f64)
where
    T: Numbers + ?Sized,
{
    if let Err(text) = same_on_ranks(comm, value, rtol, atol) {
        #[expect(clippy::panic, reason = "an assertion")]
        {
            panic!("{text} (rtol {rtol:e}, atol {atol:e})");
        }
    }
}

/// Asserts that all ranks of a communicator have the same value: exactly, or with tolerances.
///
/// Collective on the communicator.
///
/// ```
/// # use petsc_rs::prelude::*;
/// # petsc_rs::doctest(|comm| {
/// let mut x = Vector::new(comm, 10)?;
/// x.set(Scalar::from_real(2.0))?;
/// petsc_test::assert_same_on_ranks!(comm, x.norm(Norm::Infinity)?);
/// petsc_test::assert_same_on_ranks!(comm, [1.0, 2.0], 1e-12, 0.0);
/// # Ok(()) })
/// ```
#[macro_export]
macro_rules! assert_same_on_ranks {
    ($comm:expr, $value:expr $(,)?) => {
        $crate::check_same_on_ranks($comm, &$value, 0.0, 0.0)
    };
    ($comm:expr, $value:expr, $rtol:expr, $atol:expr $(,)?) => {
        $crate::check_same_on_ranks($comm, &$value, $rtol, $atol)
    };
}
