//! The errors of all plans relative to the direct sums, for sizes that are multiples of the number
//! of ranks and for sizes that are not.

use std::f64::consts::TAU;

use petsc_fft::{Complex64, Fft, Kernel, Output, PencilFft};
use petsc_rs::ErrorCode;
use petsc_rs::prelude::*;

use crate::{max, random};

/// Powers of two, primes, and fewer rows or pencils than ranks.
const SHAPES: [&[usize]; 9] = [
    &[64, 64],
    &[97, 101],
    &[2, 1009],
    &[1000, 3],
    &[32, 32, 32],
    &[31, 37, 41],
    &[2, 127, 5],
    &[100, 100, 3],
    &[6, 5, 4, 7],
];
const PLANS: [&str; 4] = ["slabs", "pencils", "real", "FFTW"];

/// The errors of the transform and of a forward and a backward transform, relative to the maximum.
type Errors = [f64; 2];

/// Prints a line for each shape. Collective.
pub(crate) fn table(petsc: &Petsc) -> Result<()> {
    let titles = PLANS.map(|plan| format!("  {plan:>17}")).concat();
    petsc.print(format_args!(
        "Maximum errors on {} ranks: of the transform (relative to direct sums), and of a forward and a backward transform\n{:>12}{titles}\n",
        petsc.world().size(),
        "shape"
    ))?;
    let mut largest = 0.0_f64;
    for shape in SHAPES {
        let name: Vec<_> = shape.iter().map(ToString::to_string).collect();
        let all = of_shape(petsc.world(), shape)?;
        let texts = all.map(|errors| {
            let text = errors.map_or("-".into(), |[sums, trip]| format!("{sums:.1e}, {trip:.1e}"));
            format!("  {text:>17}")
        });
        petsc.print(format_args!("{:>12}{}\n", name.join("x"), texts.concat()))?;
        largest = all.into_iter().flatten().flatten().fold(largest, f64::max);
    }
    petsc.print(format_args!("largest of all {largest:.1e}\n"))
}

/// Returns the errors in the order of [`PLANS`]; `None` for plans that this build does not provide.
fn of_shape(comm: &Comm, shape: &[usize]) -> Result<[Option<Errors>; 4]> {
    let total: usize = shape.iter().product();
    let values: Vec<_> =
        (0..total).map(|i| Complex64::new(random(2 * i), random(2 * i + 1))).collect();
    let sums = direct(shape, values.clone());
    let reals: Vec<Complex64> = values.iter().map(|v| v.re.into()).collect();
    let sums_of_reals = direct(shape, reals.clone());

    let slabs = |mut fft: Fft| {
        let input = places(fft.input().len(), |i| fft.input().global_index(i));
        let output = places(fft.output().len(), |i| fft.output().global_index(i));
        errors(comm, (&values, &sums), input, output, |data, spectrum, back| {
            fft.forward(data, spectrum)?;
            fft.backward(spectrum, back)
        })
    };
    let mut pencils = PencilFft::new(comm, shape)?;
    let input = places(pencils.input().len(), |i| pencils.input().global_index(i));
    let output = places(pencils.output().len(), |i| pencils.output().global_index(i));
    let of_pencils = errors(comm, (&values, &sums), input, output, |data, spectrum, back| {
        pencils.forward(data, spectrum)?;
        pencils.backward(spectrum, back)
    })?;

    let mut real = PencilFft::builder(comm, shape).build_real()?;
    let input = places(real.input().len(), |i| real.input().global_index(i));
    // Only one half of the last axis is stored.
    let (n, half) = (shape[shape.len() - 1], shape[shape.len() - 1] / 2 + 1);
    let output = places(real.output().len(), |i| {
        let i = real.output().global_index(i);
        i / half * n + i % half
    });
    let of_reals =
        errors(comm, (&reals, &sums_of_reals), input, output, |data, spectrum, back| {
            let data: Vec<f64> = data.iter().map(|v| v.re).collect();
            let mut again = vec![0.0; data.len()];
            real.forward(&data, spectrum)?;
            real.backward(spectrum, &mut again)?;
            back.iter_mut().zip(again).for_each(|(to, v)| *to = v.into());
            Ok(())
        })?;

    let fftw = Fft::builder(comm, shape).kernel(Kernel::Fftw);
    let of_fftw = match fftw.output(Output::FirstAxis).build() {
        Ok(fft) => Some(slabs(fft)?),
        Err(error) if error.code() == ErrorCode::SUP => None,
        Err(error) => return Err(error),
    };
    Ok([Some(slabs(Fft::new(comm, shape)?)?), Some(of_pencils), Some(of_reals), of_fftw])
}

/// Returns the positions of this rank's entries in the whole array.
fn places(len: usize, of: impl Fn(usize) -> usize) -> Vec<usize> {
    (0..len).map(of).collect()
}

/// Computes the errors of a plan for values with known sums. The entries have these positions in
/// the whole array. Collective.
fn errors(
    comm: &Comm,
    (values, sums): (&[Complex64], &[Complex64]),
    input: Vec<usize>,
    output: Vec<usize>,
    go: impl FnOnce(&[Complex64], &mut [Complex64], &mut [Complex64]) -> Result<()>,
) -> Result<Errors> {
    let data: Vec<_> = input.into_iter().map(|i| values[i]).collect();
    let mut spectrum = vec![Complex64::default(); output.len()];
    let mut back = vec![Complex64::default(); data.len()];
    go(&data, &mut spectrum, &mut back)?;
    let expected: Vec<_> = output.into_iter().map(|i| sums[i]).collect();
    let far = |found: &[Complex64], expected: &[Complex64]| {
        let pairs = found.iter().zip(expected);
        let error = pairs.map(|(a, b)| (a - b).norm()).fold(0.0, f64::max);
        let scale = expected.iter().map(|v| v.norm()).fold(0.0, f64::max);
        max(comm, error) / max(comm, scale)
    };
    Ok([far(&spectrum, &expected), far(&back, &data)])
}

/// Computes the sums along one axis after the other. Exponents are reduced modulo `n`, in multiples
/// of 1/`n` turn.
fn direct(shape: &[usize], mut values: Vec<Complex64>) -> Vec<Complex64> {
    let mut stride = 1;
    for &n in shape.iter().rev() {
        let turns: Vec<_> = (0..n).map(|t| Complex64::cis(-TAU * t as f64 / n as f64)).collect();
        let old = values.clone();
        for (index, value) in values.iter_mut().enumerate() {
            let k = index / stride % n;
            let first = index - k * stride;
            *value = (0..n).map(|j| old[first + j * stride] * turns[j * k % n]).sum();
        }
        stride *= n;
    }
    values
}
