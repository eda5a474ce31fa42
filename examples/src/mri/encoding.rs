//! The map from the image to the samples, and its adjoint.

use std::f64::consts::{PI, TAU};
use std::ops::Range;

use mpi::collective::SystemOperation;
use mpi::datatype::PartitionMut;
use mpi::traits::{CommunicatorCollectives, Equivalence};
use num_complex::Complex64;
use petsc_fft::{Fft, Scaling, Slab};
use petsc_rs::{Comm, Result};

use crate::mpi_basics::{chunk, layout};

/// The distribution over the ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// The rows of all images: all ranks compute each transform.
    Rows,
    /// The coils: each rank transforms the images of its coils, and the images of all coils are
    /// added.
    Coils,
}

/// The operator `samples = mask · F · maps · image`, with the orthonormal transform `F` and one
/// sensitivity map for each coil. The image is distributed in rows for both kinds of [`Share`].
#[derive(Debug)]
pub struct Encoding {
    comm: Comm,
    shape: [usize; 2],
    share: Share,
    /// The coils of this rank.
    coils: Range<usize>,
    fft: Fft,
    mask: Vec<bool>,
    samples: Vec<Vec<Complex64>>,
    maps: Vec<Vec<Complex64>>,
    image: Vec<Complex64>,
    spectrum: Vec<Complex64>,
}

impl Encoding {
    /// Creates an operator without samples. Collective.
    ///
    /// # Errors
    /// A shape that cannot be transformed.
    pub fn new(comm: &Comm, share: Share, shape: [usize; 2], coils: usize) -> Result<Self> {
        let (size, rank) = (comm.size() as usize, comm.rank() as usize);
        let plan = |comm: &Comm| Fft::builder(comm, &shape).scaling(Scaling::Orthonormal).build();
        let (fft, coils) = match share {
            Share::Rows => (plan(comm)?, 0..coils),
            Share::Coils => {
                let alone = comm.split(Some(comm.rank()), 0)?;
                let alone = alone.ok_or("this rank has a colour")?;
                (plan(&alone)?, chunk(coils, size, rank))
            }
        };
        let (input, output) = (fft.input().len(), fft.output().len());
        Ok(Self {
            comm: comm.clone(),
            shape,
            share,
            mask: vec![true; output],
            samples: vec![vec![Complex64::default(); output]; coils.len()],
            maps: vec![vec![Complex64::ONE; input]; coils.len()],
            coils,
            image: vec![Complex64::default(); input],
            spectrum: vec![Complex64::default(); output],
            fft,
        })
    }

    /// Returns the numbers of rows and columns of the image.
    #[must_use]
    pub fn shape(&self) -> [usize; 2] {
        self.shape
    }

    /// Returns the communicator of the image.
    #[must_use]
    pub fn comm(&self) -> &Comm {
        &self.comm
    }

    /// Returns the rows of the image on this rank.
    #[must_use]
    pub fn rows(&self) -> Range<usize> {
        let (size, rank) = (self.comm.size() as usize, self.comm.rank() as usize);
        chunk(self.shape[0], size, rank)
    }

    /// Returns row and column of each entry of this rank's part, in its order.
    fn places(slab: &Slab, columns: usize) -> impl Iterator<Item = (usize, usize)> {
        (0..slab.len()).map(move |i| slab.global_index(i)).map(move |i| (i / columns, i % columns))
    }

    /// Sets the measured samples. The arguments of `sample` are a coil, and a row and a column of
    /// k-space with zero frequency at the center.
    pub fn load(&mut self, sample: impl Fn(usize, usize, usize) -> Complex64) {
        let [ny, nx] = self.shape;
        // The center of the image is not the origin of the transform, which multiplies each
        // frequency by a phase.
        let phase = |f: usize, n: usize| f * (n / 2) % n * 2;
        for (coil, samples) in self.coils.clone().zip(&mut self.samples) {
            let places = Self::places(self.fft.output(), nx);
            for (value, (fy, fx)) in samples.iter_mut().zip(places) {
                let turns =
                    phase(fy, ny) as f64 / (2 * ny) as f64 + phase(fx, nx) as f64 / (2 * nx) as f64;
                let measured = sample(coil, (fy + ny / 2) % ny, (fx + nx / 2) % nx);
                *value = measured * Complex64::cis(-TAU * turns);
            }
        }
    }

    /// Simulates complete samples of each coil. The arguments of `seen` are a coil, and a row and a
    /// column of its image. Returns the error of the images after a forward and a backward
    /// transform, relative to the largest value. Collective.
    ///
    /// # Errors
    /// Errors of the transforms.
    pub fn simulate(&mut self, seen: impl Fn(usize, usize, usize) -> Complex64) -> Result<f64> {
        let (mut far, mut largest) = (0.0_f64, 0.0_f64);
        for (coil, samples) in self.coils.clone().zip(&mut self.samples) {
            let places = Self::places(self.fft.input(), self.shape[1]);
            let image: Vec<_> = places.map(|(i, j)| seen(coil, i, j)).collect();
            self.fft.forward(&image, samples)?;
            self.fft.backward(samples, &mut self.image)?;
            for (a, b) in image.iter().zip(&self.image) {
                far = far.max((a - b).norm());
                largest = largest.max(a.norm());
            }
        }
        Ok(self.largest(far) / self.largest(largest))
    }

    /// Removes the samples for which `mask` is false. Its arguments are a row and a column of
    /// k-space with zero frequency at the center.
    pub fn set_mask(&mut self, mask: impl Fn(usize, usize) -> bool) {
        let [ny, nx] = self.shape;
        self.mask = Self::places(self.fft.output(), nx)
            .map(|(fy, fx)| mask((fy + ny / 2) % ny, (fx + nx / 2) % nx))
            .collect();
        for samples in &mut self.samples {
            let outside = samples.iter_mut().zip(&self.mask).filter(|(_, m)| !**m);
            outside.for_each(|(value, _)| *value = Complex64::default());
        }
    }

    fn largest(&self, own: f64) -> f64 {
        let mut all = 0.0;
        self.comm.mpi().all_reduce_into(&own, &mut all, SystemOperation::max());
        all
    }

    /// Computes the sum over the ranks that have the same pixels.
    fn add_up<T: Equivalence + Clone + Default>(&self, own: Vec<T>) -> Vec<T> {
        if self.share == Share::Rows {
            return own;
        }
        let mut all = vec![T::default(); own.len()];
        self.comm.mpi().all_reduce_into(&own[..], &mut all[..], SystemOperation::sum());
        all
    }

    /// Returns this rank's rows of the pixels that it transforms.
    fn own_rows<'a, T>(&self, pixels: &'a [T]) -> &'a [T] {
        match self.share {
            Share::Rows => pixels,
            Share::Coils => {
                let rows = self.rows();
                &pixels[rows.start * self.shape[1]..rows.end * self.shape[1]]
            }
        }
    }

    /// Returns the square root of the sum of squares of the coil images, with missing samples set
    /// to zero. Collective.
    ///
    /// # Errors
    /// Errors of the transforms.
    pub fn root_of_squares(&mut self) -> Result<Vec<f64>> {
        let mut sum = vec![0.0; self.fft.input().len()];
        for samples in &self.samples {
            self.fft.backward(samples, &mut self.image)?;
            let squares = self.image.iter().map(Complex64::norm_sqr);
            sum.iter_mut().zip(squares).for_each(|(s, v)| *s += v);
        }
        let sum = self.add_up(sum);
        Ok(self.own_rows(&sum).iter().map(|v| v.sqrt()).collect())
    }

    /// Computes the sensitivity maps: the coil images computed from the center of k-space,
    /// `calibration` samples wide, divided by the square root of the sum of squares of these
    /// images. The maps are zero where this square root is less than `cut` times its maximum.
    /// Collective.
    ///
    /// # Errors
    /// Errors of the transforms.
    pub fn estimate_maps(&mut self, calibration: usize, cut: f64) -> Result<()> {
        let [ny, nx] = self.shape;
        let window = |f: usize, n: usize| {
            let f = ((f + n / 2) % n) as f64 - (n / 2) as f64;
            let width = calibration as f64;
            if f.abs() < 0.5 * width { (PI * f / width).cos().powi(2) } else { 0.0 }
        };
        let weights: Vec<f64> = Self::places(self.fft.output(), nx)
            .map(|(fy, fx)| window(fy, ny) * window(fx, nx))
            .collect();
        let mut sum = vec![0.0; self.fft.input().len()];
        for (samples, map) in self.samples.iter().zip(&mut self.maps) {
            let windowed = samples.iter().zip(&weights).map(|(s, w)| s * w);
            self.spectrum.clear();
            self.spectrum.extend(windowed);
            self.fft.backward(&self.spectrum, map)?;
            let squares = map.iter().map(Complex64::norm_sqr);
            sum.iter_mut().zip(squares).for_each(|(s, v)| *s += v);
        }
        let sum = self.add_up(sum);
        let limit = cut * self.largest(sum.iter().fold(0.0, |m: f64, v| m.max(v.sqrt())));
        for map in &mut self.maps {
            for (value, sum) in map.iter_mut().zip(&sum) {
                let root = sum.sqrt();
                *value = if root > limit { *value / root } else { Complex64::default() };
            }
        }
        Ok(())
    }

    /// Applies the adjoint to the samples and returns the rows of this rank. Collective.
    ///
    /// # Errors
    /// Errors of the transforms.
    pub fn adjoint(&mut self) -> Result<Vec<Complex64>> {
        let mut sum = vec![Complex64::default(); self.fft.input().len()];
        for (samples, map) in self.samples.iter().zip(&self.maps) {
            self.fft.backward(samples, &mut self.image)?;
            for ((s, m), v) in sum.iter_mut().zip(map).zip(&self.image) {
                *s += m.conj() * v;
            }
        }
        let sum = self.add_up(sum);
        Ok(self.own_rows(&sum).to_vec())
    }

    /// Computes `y ← E*·E·x` for the rows of this rank. Collective.
    ///
    /// # Errors
    /// Errors of the transforms.
    pub fn normal(&mut self, x: &[Complex64], y: &mut [Complex64]) -> Result<()> {
        let whole;
        let x = match self.share {
            Share::Rows => x,
            Share::Coils => {
                whole = self.gather(x)?;
                &whole[..]
            }
        };
        let mut sum = vec![Complex64::default(); self.fft.input().len()];
        for map in &self.maps {
            for ((v, m), x) in self.image.iter_mut().zip(map).zip(x) {
                *v = m * x;
            }
            self.spectrum.resize(self.mask.len(), Complex64::default());
            self.fft.forward(&self.image, &mut self.spectrum)?;
            let outside = self.spectrum.iter_mut().zip(&self.mask);
            outside.filter(|(_, m)| !**m).for_each(|(v, _)| *v = Complex64::default());
            self.fft.backward(&self.spectrum, &mut self.image)?;
            for ((s, m), v) in sum.iter_mut().zip(map).zip(&self.image) {
                *s += m.conj() * v;
            }
        }
        let sum = self.add_up(sum);
        y.copy_from_slice(self.own_rows(&sum));
        Ok(())
    }

    /// Returns the whole image on all ranks.
    fn gather(&self, rows: &[Complex64]) -> Result<Vec<Complex64>> {
        let [ny, nx] = self.shape;
        let (mut counts, mut starts) = layout(ny, self.comm.size() as usize)?;
        let width = i32::try_from(nx)?;
        counts.iter_mut().for_each(|c| *c *= width);
        starts.iter_mut().for_each(|s| *s *= width);
        let mut whole = vec![Complex64::default(); ny * nx];
        let mut parts = PartitionMut::new(&mut whole[..], counts, starts);
        self.comm.mpi().all_gather_varcount_into(rows, &mut parts);
        Ok(whole)
    }
}
