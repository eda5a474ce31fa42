//! Fast Fourier transforms of rows (unit 05 of the workshop) and along all axes (unit 06).
//!
//! ```text
//! cargo build --release -p workshop
//! mpiexec -n 3 target/release/fft
//! mpiexec -n 2 target/release/fft --shape 256 256 256 --repeats 5
//! mpiexec -n 4 target/release/fft --shape 256 256 256 --grid 2 2
//! mpiexec -n 3 target/release/fft --errors
//! ```
//!
//! The program runs on any number of ranks with any sizes. The random numbers do not depend on the
//! number of ranks.

mod errors;

use std::f64::consts::TAU;
use std::process::ExitCode;

use clap::Parser;
use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use petsc_fft::{Complex64, Fft, Kernel, Output, PencilFft, RowFft, Slab};
use petsc_rs::prelude::*;
use workshop::app::{self, input_error};
use workshop::mpi_basics::median_time;

/// Transforms rows and whole arrays, and compares the results with direct sums.
#[derive(Parser, Debug)]
#[command(name = "fft", version)]
struct Args {
    /// Numbers of rows and columns of the table whose rows are transformed
    #[arg(long, num_args = 2, value_names = ["ROWS", "COLUMNS"], default_values_t = [12, 32])]
    rows: Vec<usize>,
    /// Shape of the array that is transformed along all axes
    #[arg(long, num_args = 2..=4, value_names = ["N0", "N1"], default_values_t = [12, 32])]
    shape: Vec<usize>,
    /// Return the transform in slabs of the first axis, which needs one more exchange
    #[arg(long)]
    in_order: bool,
    /// Also transform with this process grid: numbers of ranks along the first axes
    #[arg(long, num_args = 1..=4, value_name = "RANKS")]
    grid: Option<Vec<usize>>,
    /// Use FFTW through PETSc, if PETSc was built with FFTW and complex scalars
    #[arg(long, conflicts_with = "grid")]
    fftw: bool,
    /// Number of coefficients that are compared with direct sums
    #[arg(long, default_value_t = 8)]
    check: usize,
    /// Number of timed runs, of which the median is printed
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    repeats: u32,
    /// Instead, print the errors of all plans, for sizes that are multiples of the number of ranks
    /// and for sizes that are not
    #[arg(long, conflicts_with_all = ["rows", "shape", "in_order", "grid", "fftw", "check", "repeats"])]
    errors: bool,
}

fn main() -> ExitCode {
    app::main(|petsc, args: Args| {
        if args.errors {
            return errors::table(petsc);
        }
        rows(petsc, args.rows[0], args.rows[1])?;
        all_axes(petsc, &args)?;
        match &args.grid {
            Some(grid) => over_grid(petsc, &args, grid),
            None => Ok(()),
        }
    })
}

/// Returns the signal of the workshop: two sines, shifted by one entry in each row.
fn signal(row: usize, column: usize, columns: usize) -> Complex64 {
    let place = (column + columns - row % columns) % columns;
    let x = TAU * place as f64 / columns as f64;
    ((3.0 * x).sin() + 0.3 * (9.0 * x).sin()).into()
}

fn rows(petsc: &Petsc, rows: usize, columns: usize) -> Result<()> {
    let comm = petsc.world();
    let mut fft = RowFft::new(comm, rows, columns).map_err(refused)?;
    petsc.print(format_args!("Rows of a table of {rows} x {columns}\n"))?;
    let table: Option<Vec<_>> = (comm.rank() == 0)
        .then(|| (0..rows * columns).map(|i| signal(i / columns, i % columns, columns)).collect());
    let mut own = fft.scatter(table.as_deref())?;
    fft.forward(&mut own)?;
    let Some(found) = fft.gather(&own)? else {
        return Ok(());
    };
    let mut error = 0.0_f64;
    for row in 0..rows {
        for k in (0..columns).step_by(columns.div_ceil(16)) {
            let terms = (0..columns).map(|j| {
                let turns = (j * k % columns) as f64 / columns as f64;
                signal(row, j, columns) * Complex64::cis(-TAU * turns)
            });
            let sum: Complex64 = terms.sum();
            error = error.max((found[row * columns + k] - sum).norm());
        }
    }
    let strength = |k: usize| found[..columns].get(k).map_or(0.0, |value| value.norm());
    petsc.print(format_args!(
        "  first row: {:.6} at frequency 3, {:.6} at 9\n  largest error against the sums: {error:.1e}\n",
        strength(3),
        strength(9)
    ))
}

/// Returns a number between -1/2 and 1/2 that depends on the index only.
fn random(index: usize) -> f64 {
    let mut z = (index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) as f64 / u64::MAX as f64 - 0.5
}

fn all_axes(petsc: &Petsc, args: &Args) -> Result<()> {
    let comm = petsc.world();
    let output = if args.in_order { Output::FirstAxis } else { Output::SecondAxis };
    let kernel = if args.fftw { Kernel::Fftw } else { Kernel::Rust };
    let mut fft =
        Fft::builder(comm, &args.shape).output(output).kernel(kernel).build().map_err(refused)?;
    petsc.print(format_args!("All axes of an array of shape {:?}\n", args.shape))?;
    let slab = fft.input().clone();
    let data: Vec<_> =
        (0..slab.len()).map(|i| Complex64::from(random(slab.global_index(i)))).collect();
    let mut spectrum = vec![Complex64::default(); fft.output().len()];
    let mut back = vec![Complex64::default(); data.len()];
    let repeats = args.repeats as usize;
    let (forward, ()) = median_time(repeats, || {
        comm.mpi().barrier();
        fft.forward(&data, &mut spectrum)?;
        comm.barrier()
    })?;
    let (backward, ()) = median_time(repeats, || {
        comm.mpi().barrier();
        fft.backward(&spectrum, &mut back)?;
        comm.barrier()
    })?;
    let trip = back.iter().zip(&data).map(|(a, b)| (a - b).norm()).fold(0.0, f64::max);
    let largest = data.iter().map(|v| v.norm()).fold(0.0, f64::max);
    let trip = max(comm, trip) / max(comm, largest);
    let direct = compare(comm, &data, &slab, &spectrum, fft.output(), args.check);
    petsc.print(format_args!(
        "  forward {:.3} ms, backward {:.3} ms\n  round trip: relative error {trip:.1e}\n  \
         {} coefficients against direct sums: relative error {direct:.1e}\n",
        1e3 * forward,
        1e3 * backward,
        args.check.min(slab.shape().iter().product())
    ))
}

/// Transforms the same array with a process grid, as complex and as real numbers.
fn over_grid(petsc: &Petsc, args: &Args, grid: &[usize]) -> Result<()> {
    let comm = petsc.world();
    let builder = || PencilFft::builder(comm, &args.shape).grid(grid).in_order(args.in_order);
    let mut complex = builder().build().map_err(refused)?;
    let mut real = builder().build_real().map_err(refused)?;
    let repeats = args.repeats as usize;
    let data: Vec<f64> =
        (0..complex.input().len()).map(|i| random(complex.input().global_index(i))).collect();
    let values: Vec<_> = data.iter().copied().map(Complex64::from).collect();
    let mut spectrum = vec![Complex64::default(); complex.output().len()];
    let mut half = vec![Complex64::default(); real.output().len()];
    let (mut back, mut real_back) = (values.clone(), data.clone());
    let (seconds, ()) = median_time(repeats, || {
        comm.mpi().barrier();
        complex.forward(&values, &mut spectrum)?;
        complex.backward(&spectrum, &mut back)?;
        comm.barrier()
    })?;
    let (real_seconds, ()) = median_time(repeats, || {
        comm.mpi().barrier();
        real.forward(&data, &mut half)?;
        real.backward(&half, &mut real_back)?;
        comm.barrier()
    })?;
    let far = data.iter().zip(&back).map(|(a, b)| (a - b).norm());
    let real_far = data.iter().zip(&real_back).map(|(a, b)| (a - b).abs());
    let largest = max(comm, data.iter().fold(0.0, |m, v| v.abs().max(m)));
    let far = max(comm, far.fold(0.0, f64::max)) / largest;
    let real_far = max(comm, real_far.fold(0.0, f64::max)) / largest;
    petsc.print(format_args!(
        "Process grid of {grid:?} ranks\n  \
         complex, round trip {:.3} ms, relative error {far:.1e}\n  \
         real, round trip {:.3} ms, relative error {real_far:.1e}\n",
        1e3 * seconds,
        1e3 * real_seconds
    ))
}

fn max(comm: &Comm, own: f64) -> f64 {
    let mut all = 0.0;
    comm.mpi().all_reduce_into(&own, &mut all, SystemOperation::max());
    all
}

/// Compares coefficients, spread over the spectrum, with direct sums over all ranks. The errors are
/// relative to the maximum.
fn compare(
    comm: &Comm,
    data: &[Complex64],
    input: &Slab,
    spectrum: &[Complex64],
    output: &Slab,
    count: usize,
) -> f64 {
    let shape = input.shape();
    let total: usize = shape.iter().product();
    let digits = |mut index: usize| {
        let mut digits = vec![0; shape.len()];
        for (digit, n) in digits.iter_mut().zip(shape).rev() {
            *digit = index % n;
            index /= n;
        }
        digits
    };
    let mut error = 0.0_f64;
    let mut largest = 0.0_f64;
    for c in 0..count.min(total) {
        // An odd stride through the array visits all axes.
        let wanted = (c * ((total / count.max(1)) | 1) + c) % total;
        let k = digits(wanted);
        let mut own = Complex64::default();
        for (i, value) in data.iter().enumerate() {
            let j = digits(input.global_index(i));
            let turns: f64 =
                (0..shape.len()).map(|a| (j[a] * k[a] % shape[a]) as f64 / shape[a] as f64).sum();
            own += value * Complex64::cis(-TAU * turns.fract());
        }
        let mut sum = Complex64::default();
        comm.mpi().all_reduce_into(&own, &mut sum, SystemOperation::sum());
        largest = largest.max(sum.norm());
        if let Some(i) = (0..output.len()).find(|&i| output.global_index(i) == wanted) {
            error = error.max((spectrum[i] - sum).norm());
        }
    }
    max(comm, error) / largest
}

/// Converts the error for a shape that the plan refuses into an error for invalid input.
fn refused(error: Error) -> Error {
    input_error(error.message())
}
