//! Settings of the type `ciss`.

use petsc_macros::{setting, wraps};
use petsc_rs::ffi::range::{count, out_of_range, positive};
use petsc_rs::{Int, Object as _, Real, Result, call, ffi};

use super::EpsRef;
use crate::base::one_of;
use crate::sys;

petsc_rs::c_enum! {
    /// Extraction of eigenvalues from the contour integrals of the method `ciss`, see
    /// [`EpsRef::set_ciss_extraction`].
    #[doc(alias = "EPSCISSExtraction")]
    ContourExtraction of EPSCISSExtraction;
    /// Rayleigh-Ritz projection onto the subspace that the integrals span. The default.
    Ritz = EPS_CISS_EXTRACTION_RITZ,
    /// Block Hankel matrices of the moments.
    Hankel = EPS_CISS_EXTRACTION_HANKEL,
}

petsc_rs::c_enum! {
    /// Quadrature rule of the method `ciss`, see [`EpsRef::set_ciss_quadrature`].
    #[doc(alias = "EPSCISSQuadRule")]
    ContourQuadrature of EPSCISSQuadRule;
    /// The trapezoidal rule along the contour. The default for ellipses and rings.
    Trapezoidal = EPS_CISS_QUADRULE_TRAPEZOIDAL,
    /// Chebyshev points of an interval, real if the interval is real. The default for intervals.
    Chebyshev = EPS_CISS_QUADRULE_CHEBYSHEV,
}

/// Sizes of the method `ciss`, which computes all eigenvalues in a region with integrals along its
/// contour. To change some of the sizes, modify the result of [`EpsRef::ciss_sizes`] and pass it to
/// [`EpsRef::set_ciss_sizes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContourSizes {
    /// Number of integration points, even.
    pub points: usize,
    /// Number of vectors in a block.
    pub block: usize,
    /// Number of moments, at most the number of integration points.
    pub moments: usize,
    /// Number of partitions: groups of ranks that share the integration points.
    pub partitions: usize,
    /// Largest number of vectors in a block.
    pub max_block: usize,
    /// Whether the matrices are real: half of the integration points then suffice.
    pub real_matrices: bool,
}

impl ContourSizes {
    /// Checks the sizes and converts them for C: points, block, moments, partitions, largest block.
    pub(crate) fn raw(self, ranks: i32) -> Result<[Int; 5]> {
        let Self { points, block, moments, partitions, max_block, .. } = self;
        let raw = [
            count(points, "the number of points")?,
            count(block, "the size of a block")?,
            count(moments, "the number of moments")?,
            count(partitions, "the number of partitions")?,
            count(max_block, "the largest size of a block")?,
        ];
        if points % 2 != 0 {
            return Err(out_of_range(format!(
                "the number of integration points must be even, got {points}"
            )));
        }
        if moments > points {
            let text =
                format!("{moments} moments exceed the number of integration points, {points}");
            return Err(out_of_range(text));
        }
        if usize::try_from(ranks).is_ok_and(|ranks| partitions > ranks) {
            let text = format!("{partitions} partitions exceed the number of ranks, {ranks}");
            return Err(out_of_range(text));
        }
        Ok(raw)
    }
}

impl EpsRef {
    /// The method by which `ciss` extracts eigenvalues from its contour integrals.
    #[setting(EPSCISSSetExtraction, EPSCISSGetExtraction, then = give_operators)]
    #[types("ciss")]
    #[option("-eps_ciss_extraction")]
    pub fn set_ciss_extraction(ciss_extraction: ContourExtraction);

    /// The quadrature rule of `ciss`.
    #[setting(EPSCISSSetQuadRule, EPSCISSGetQuadRule, then = give_operators)]
    #[types("ciss")]
    #[option("-eps_ciss_quadrule")]
    pub fn set_ciss_quadrature(ciss_quadrature: ContourQuadrature);

    /// The thresholds of `ciss`. The numerical rank of the subspace is the number of singular
    /// values above `rank` times the largest singular value. Eigenvalues with a weight below
    /// `spurious` are discarded as spurious.
    #[setting(EPSCISSSetThreshold, EPSCISSGetThreshold, get = ciss_threshold, check = positive)]
    #[types("ciss")]
    #[option("-eps_ciss_delta", "-eps_ciss_spurious_threshold", default = "1e-12 and 1e-4")]
    pub fn set_ciss_threshold(rank: Real, spurious: Real);

    /// The refinement of `ciss`: the integrals are computed again from the previous result at most
    /// `inner` times, and the block size is increased at most `blocks` times.
    #[setting(EPSCISSSetRefinement, EPSCISSGetRefinement, get = ciss_refinement)]
    #[types("ciss")]
    #[option("-eps_ciss_refine_inner", "-eps_ciss_refine_blocksize", default = "0 and 0")]
    pub fn set_ciss_refinement(inner: usize, blocks: usize);

    /// Sets the sizes of the method `ciss`. Collective. Default: chosen by SLEPc. Options:
    /// `-eps_ciss_integration_points`, `-eps_ciss_blocksize`, `-eps_ciss_moments`,
    /// `-eps_ciss_partitions`, ….
    ///
    /// # Errors
    /// `ARG_WRONG` for other types: set the type first. `ARG_OUTOFRANGE` for an invalid size; no
    /// size is changed in this case.
    #[wraps(EPSCISSSetSizes)]
    pub fn set_ciss_sizes(&mut self, sizes: ContourSizes) -> Result<()> {
        one_of(self, &["ciss"], "a contour integral")?;
        let [points, block, moments, partitions, max] = sizes.raw(self.comm()?.size())?;
        let real = ffi::raw_bool(sizes.real_matrices);
        let eps = self.as_ptr();
        // SAFETY: a live solver of this type; SLEPc accepts all of these sizes (it would keep those
        // before one that it refuses).
        unsafe { call!(EPSCISSSetSizes(eps, points, block, moments, partitions, max, real)) }?;
        self.give_operators()
    }

    /// Returns the sizes of the method `ciss`. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(EPSCISSGetSizes)]
    pub fn ciss_sizes(&self) -> Result<ContourSizes> {
        petsc_rs::not_collective!();
        one_of(self, &["ciss"], "a contour integral")?;
        let mut n = [0; 5];
        let [a, b, c, d, e] = n.each_mut().map(std::ptr::from_mut);
        let mut real = ffi::raw_bool(false);
        // SAFETY: a live solver of this type and valid out-pointers.
        unsafe { call!(EPSCISSGetSizes(self.as_ptr(), a, b, c, d, e, &raw mut real)) }?;
        Ok(ContourSizes {
            points: ffi::size(n[0])?,
            block: ffi::size(n[1])?,
            moments: ffi::size(n[2])?,
            partitions: ffi::size(n[3])?,
            max_block: ffi::size(n[4])?,
            real_matrices: ffi::to_bool(real),
        })
    }
}

#[cfg(not(petsc_ge_3_26))]
impl EpsRef {
    /// Whether `ciss` solves its linear systems with the linear solver of the spectral
    /// transformation. Otherwise `ciss` creates one linear solver per integration point. Only in
    /// SLEPc up to 3.25.
    #[setting(EPSCISSSetUseST, EPSCISSGetUseST, then = give_operators)]
    #[types("ciss")]
    #[option("-eps_ciss_usest", default = "true, with one partition")]
    pub fn set_ciss_use_st(ciss_use_st: bool);
}
