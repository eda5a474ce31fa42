//! Fourier transforms with FFTW.

use std::fmt;

use petsc_macros::wraps;

#[cfg(petsc_have_fftw)]
use std::ptr;

use super::Matrix;
#[cfg(petsc_have_fftw)]
use crate::call;
use crate::comm::{self, Comm};
use crate::error::{Error, ErrorCode, Result};
use crate::vector::{Vector, VectorRef};
use crate::{Int, Object as _, Scalar, ScalarExt as _, ffi, options, sys};

/// A discrete Fourier transform with FFTW, and its vectors (`MATFFTW` in C). See [`Matrix::fft`].
///
/// All arrays have the same shape and are in row-major order (the last axis is contiguous). Each
/// rank owns a range of indices of the first axis, the same before and after the transform. Both
/// directions are unnormalized: a forward transform followed by a backward transform multiplies the
/// array by its number of entries.
///
/// - With complex scalars, the three vectors (input, spectrum and result) hold arrays of this
///   shape.
/// - With real scalars (on one rank), [`spectrum`](Self::spectrum) holds the coefficients `0..=n/2`
///   along the last axis, of length `n`. Each coefficient takes two entries. [`input`](Self::input)
///   and [`result`](Self::result) have the length of the spectrum; the array occupies their first
///   entries, and the other entries are not used.
///
/// This type is not a [`MatrixRef`](super::MatrixRef), for two reasons: FFTW needs work memory
/// behind the entries of its vectors, which other vectors do not have, and the real backward
/// transform overwrites the spectrum.
pub struct FftMatrix {
    matrix: Matrix,
    input: Vector,
    spectrum: Vector,
    result: Vector,
    shape: Vec<usize>,
}

impl Matrix {
    /// Creates an FFTW transform of arrays of this shape, in row-major order. Collective. Option:
    /// `-mat_fftw_plannerflags`, such as `FFTW_MEASURE`.
    ///
    /// This call also creates the plans of FFTW.
    ///
    /// # Errors
    /// All ranks return the same error. `ARG_OUTOFRANGE` if the array has no entries, or more
    /// entries than `PetscInt` can count. `SUP` if PETSc was built without FFTW
    /// (`cfg(petsc_have_fftw)`), and in these cases, where PETSc or FFTW can crash:
    ///
    /// - on more than one rank: real scalars, one-dimensional arrays, arrays with one entry along
    ///   the first axis or along all other axes, and, since PETSc 3.22, planner flags other than
    ///   `FFTW_ESTIMATE`;
    /// - with 64-bit indices: real arrays of more than three dimensions.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Scalar, ScalarExt};
    /// # if !cfg!(petsc_have_fftw) { return Ok(()); }
    /// let mut fft = Matrix::fft(comm, &[4, 6])?;
    /// fft.input_mut().set(Scalar::from_real(1.0))?;
    /// fft.forward()?;
    /// // The first coefficient is the sum of all entries.
    /// if comm.rank() == 0 {
    ///     assert!((fft.spectrum().array()?[0].real() - 24.0).abs() < 1e-13);
    /// }
    /// # Ok(()) })
    /// ```
    #[wraps(MatCreateFFT, MATFFTW, MatCreateVecsFFTW)]
    #[track_caller]
    pub fn fft(comm: &Comm, shape: &[usize]) -> Result<FftMatrix> {
        if !cfg!(petsc_have_fftw) {
            return unsupported(
                "this PETSc was built without FFTW (configure it with --download-fftw)",
            );
        }
        let entries = shape.iter().rev().enumerate().try_fold(1, |n: usize, (i, &m)| {
            n.checked_mul(if i == 0 { 2 * (m / 2 + 1) } else { m })
        });
        let entries = entries.filter(|&n| n > 0 && !shape.contains(&0) && Int::try_from(n).is_ok());
        if entries.is_none() || shape.is_empty() {
            return Err(Error::collective(
                ErrorCode::ARG_OUTOFRANGE,
                format!(
                    "an array of shape {shape:?} has no entries, or more entries than PetscInt can count"
                ),
            ));
        }
        if comm.size() > 1 && shape.len() == 1 {
            return unsupported(
                "on more than one rank, FFTW needs an array of two or more dimensions",
            );
        }
        if comm.size() > 1 && !Scalar::IS_COMPLEX {
            // MatMult_MPIFFTW executes plans of c2r that are NULL for some shapes; others were seen to corrupt the heap.
            return unsupported(
                "real transforms need one rank; on more ranks, use PencilFft of petsc-fft",
            );
        }
        if comm.size() > 1 && (shape.first() == Some(&1) || shape.iter().skip(1).all(|&n| n == 1)) {
            // fftw_mpi_plan_dft returns NULL for these, or crashes, and PETSc executes it.
            return unsupported(
                "on more than one rank, FFTW needs more than one entry along the first axis and along another axis",
            );
        }
        if cfg!(petsc_int = "i64") && !Scalar::IS_COMPLEX && shape.len() > 3 {
            // MatMult_SeqFFTW hands the array of PetscInt to fftw_plan_dft_r2c as one of int.
            return unsupported(
                "with 64-bit indices, PETSc supports real transforms in at most three dimensions",
            );
        }
        if cfg!(petsc_ge_3_22) && comm.size() > 1 && plans_by_measuring()? {
            // Since e8bdd179704 MatMult_MPIFFTW calls fftw_execute_dft, which is not for plans of fftw_mpi.
            return unsupported(
                "on more than one rank, -mat_fftw_plannerflags must be FFTW_ESTIMATE",
            );
        }
        create(comm, shape)
    }
}

fn unsupported<T>(text: &str) -> Result<T> {
    Err(Error::collective(ErrorCode::SUP, text))
}

/// Returns whether the options request planner flags other than `FFTW_ESTIMATE`.
fn plans_by_measuring() -> Result<bool> {
    let flags = options::of_object(None, c"-mat_fftw_plannerflags")?;
    Ok(flags.is_some_and(|name| !name.eq_ignore_ascii_case("FFTW_ESTIMATE")))
}

#[cfg(petsc_have_fftw)]
#[track_caller]
fn create(comm: &Comm, shape: &[usize]) -> Result<FftMatrix> {
    let sizes: Vec<Int> = shape.iter().map(|&n| ffi::petsc_int(n)).collect::<Result<_>>()?;
    // SAFETY: a live communicator, as many positive sizes as are announced, a NUL-terminated name; C creates a matrix.
    let matrix = unsafe {
        crate::create!(MatCreateFFT(
            comm.as_raw(),
            ffi::petsc_int(sizes.len())?,
            sizes.as_ptr(),
            c"fftw".as_ptr(),
            _
        ))
    }
    .and_then(Matrix::complete)?;
    let (mut x, mut y, mut z) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    // SAFETY: a live matrix of type MATFFTW and valid out-pointers.
    unsafe { call!(MatCreateVecsFFTW(matrix.as_ptr(), &raw mut x, &raw mut y, &raw mut z)) }?;
    // SAFETY: just created, and so below; the references are ours.
    let input = unsafe { Vector::from_raw(x) };
    // SAFETY: as above.
    let spectrum = unsafe { Vector::from_raw(y) };
    // SAFETY: as above.
    let result = unsafe { Vector::from_raw(z) };
    let mut fft = FftMatrix { matrix, input, spectrum, result, shape: shape.to_vec() };
    // The first product creates the plan. Measuring overwrites the vectors, which PETSc before
    // 3.22.5 does not save.
    fft.forward()?;
    fft.backward()?;
    for vector in [&mut fft.input, &mut fft.spectrum, &mut fft.result] {
        vector.set_zero()?;
    }
    Ok(fft)
}

#[cfg(not(petsc_have_fftw))]
fn create(_comm: &Comm, _shape: &[usize]) -> Result<FftMatrix> {
    unsupported("this PETSc was built without FFTW")
}

impl FftMatrix {
    /// Returns the shape of the whole array, in row-major order.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Returns the array that [`forward`](Self::forward) transforms.
    ///
    /// # Examples
    /// See [`Matrix::fft`](super::Matrix::fft).
    #[must_use]
    pub fn input(&self) -> &VectorRef {
        &self.input
    }

    /// Returns the array that [`forward`](Self::forward) transforms, for writing.
    pub fn input_mut(&mut self) -> &mut VectorRef {
        &mut self.input
    }

    /// Returns the spectrum: [`forward`](Self::forward) writes it, and [`backward`](Self::backward)
    /// transforms it.
    #[must_use]
    pub fn spectrum(&self) -> &VectorRef {
        &self.spectrum
    }

    /// Returns the spectrum for writing.
    pub fn spectrum_mut(&mut self) -> &mut VectorRef {
        &mut self.spectrum
    }

    /// Returns the result of [`backward`](Self::backward).
    #[must_use]
    pub fn result(&self) -> &VectorRef {
        &self.result
    }

    /// Computes `X[k] = Σ x[j]·exp(−2πi Σ jₐkₐ/nₐ)` from [`input`](Self::input) to
    /// [`spectrum`](Self::spectrum). Collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` while entries of these vectors are borrowed.
    #[wraps(MatMult)]
    pub fn forward(&mut self) -> Result<()> {
        self.matrix.mult(&self.input, &mut self.spectrum)
    }

    /// Computes `x[j] = Σ X[k]·exp(2πi Σ jₐkₐ/nₐ)` from [`spectrum`](Self::spectrum) to
    /// [`result`](Self::result). Collective.
    ///
    /// With real scalars, this overwrites the spectrum.
    #[wraps(MatMultTranspose, errors = forward)]
    pub fn backward(&mut self) -> Result<()> {
        self.spectrum.check_writable()?;
        self.matrix.mult_transpose(&self.spectrum, &mut self.result)?;
        // FFTW wrote to the vector without PETSc, so cached norms are out of date.
        drop(self.spectrum.array_mut()?);
        Ok(())
    }

    /// Copies an array in natural order to [`input`](Self::input). The distribution of `array` is
    /// arbitrary. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the length of `array` is not the number of entries of the shape;
    /// `ARG_NOTSAMECOMM` if `array` is on a different communicator; `ARG_WRONGSTATE` while entries
    /// are borrowed.
    #[wraps(VecScatterPetscToFFTW)]
    pub fn scatter_from(&mut self, array: &VectorRef) -> Result<()> {
        self.check_scatter(array)?;
        array.check_readable()?;
        self.input.check_writable()?;
        let (from, to) = (array.as_ptr(), self.input.as_ptr());
        self.scatter(from, to, true)
    }

    /// Copies [`result`](Self::result) to an array in natural order. Collective.
    #[wraps(VecScatterFFTWToPetsc, errors = scatter_from)]
    pub fn scatter_to(&self, array: &mut VectorRef) -> Result<()> {
        self.check_scatter(array)?;
        array.check_writable()?;
        self.result.check_readable()?;
        self.scatter(self.result.as_ptr(), array.as_ptr(), false)
    }

    fn check_scatter(&self, array: &VectorRef) -> Result<()> {
        comm::check_same_ranks(self.matrix.object_ptr(), array.object_ptr())?;
        ffi::same_len("length of the array", self.shape.iter().product(), array.len()?)?;
        Ok(())
    }

    #[cfg(petsc_have_fftw)]
    fn scatter(&self, from: sys::Vec, to: sys::Vec, there: bool) -> Result<()> {
        let matrix = self.matrix.as_ptr();
        if there {
            // SAFETY: live objects on one communicator, of which `to` is of this transform and `from` has all entries (the
            // callers check).
            unsafe { call!(VecScatterPetscToFFTW(matrix, from, to)) }
        } else {
            // SAFETY: the same with the roles exchanged.
            unsafe { call!(VecScatterFFTWToPetsc(matrix, from, to)) }
        }
    }

    #[cfg(not(petsc_have_fftw))]
    #[expect(clippy::unused_self, reason = "as with FFTW")]
    fn scatter(&self, _from: sys::Vec, _to: sys::Vec, _there: bool) -> Result<()> {
        unsupported("this PETSc was built without FFTW")
    }
}

impl fmt::Debug for FftMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FftMatrix").field("shape", &self.shape).finish_non_exhaustive()
    }
}
