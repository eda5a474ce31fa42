//! Settings of the method `ciss` of several classes: integrals along the contour of a region.

use petsc_rs::{Int, Result};

use petsc_rs::ffi::range::count;
use petsc_rs::ffi::range::out_of_range;

/// Sizes of the method `ciss`, which computes all eigenvalues in a region with integrals along its
/// contour. Start from the current sizes, and change some of them.
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
        let Self {
            points,
            block,
            moments,
            partitions,
            max_block,
            ..
        } = self;
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

/// Defines the settings of sizes, thresholds and refinement of the method.
macro_rules! contour {
    (
        $borrowed:ident, $option:literal;
        $(#[$set_sizes_meta:meta])* $set_sizes:ident,
        $(#[$get_sizes_meta:meta])* $get_sizes:ident,
        $(#[$set_threshold_meta:meta])* $set_threshold:ident,
        $(#[$get_threshold_meta:meta])* $get_threshold:ident,
        $(#[$set_refinement_meta:meta])* $set_refinement:ident,
        $(#[$get_refinement_meta:meta])* $get_refinement:ident
    ) => {
        impl $borrowed {
            #[doc = concat!("Sets the sizes of the method `ciss` (`", stringify!($set_sizes),
                "`). Collective. Default: chosen by SLEPc. Options: `", $option, "_integration_points`, `", $option,
                "_blocksize`, `", $option, "_moments`, `", $option, "_partitions`, ….")]
            ///
            /// # Errors
            /// `ARG_WRONG` for other types: set the type first. `ARG_OUTOFRANGE` for an invalid
            /// size; no size is changed in this case.
            $(#[$set_sizes_meta])*
            pub fn set_ciss_sizes(&mut self, sizes: $crate::solver::ContourSizes) -> petsc_rs::Result<()> {
                $crate::base::one_of(self, &["ciss"], "numbers of a contour")?;
                let ranks = petsc_rs::Object::comm(self)?.size();
                let [points, block, moments, partitions, max] = sizes.raw(ranks)?;
                let real = petsc_rs::ffi::raw_bool(sizes.real_matrices);
                let solver = self.as_ptr();
                // SAFETY: a live solver of this type; SLEPc accepts all of these sizes (it would
                // keep those before one that it refuses).
                unsafe { petsc_rs::call!($set_sizes(solver, points, block, moments, partitions, max, real)) }?;
                self.give_operators()
            }

            #[doc = concat!("Returns the sizes of the method `ciss` (`", stringify!($get_sizes), "`). Not collective.")]
            ///
            /// # Errors
            /// `ARG_WRONG` for other types.
            $(#[$get_sizes_meta])*
            pub fn ciss_sizes(&self) -> petsc_rs::Result<$crate::solver::ContourSizes> {
                petsc_rs::not_collective!();
                $crate::base::one_of(self, &["ciss"], "numbers of a contour")?;
                let mut n = [0; 5];
                let [a, b, c, d, e] = n.each_mut().map(::std::ptr::from_mut);
                let mut real = petsc_rs::ffi::raw_bool(false);
                // SAFETY: a live solver of this type and valid out-pointers.
                unsafe { petsc_rs::call!($get_sizes(self.as_ptr(), a, b, c, d, e, &raw mut real)) }?;
                Ok($crate::solver::ContourSizes {
                    points: petsc_rs::ffi::size(n[0])?,
                    block: petsc_rs::ffi::size(n[1])?,
                    moments: petsc_rs::ffi::size(n[2])?,
                    partitions: petsc_rs::ffi::size(n[3])?,
                    max_block: petsc_rs::ffi::size(n[4])?,
                    real_matrices: petsc_rs::ffi::to_bool(real),
                })
            }

            #[doc = concat!("Sets the thresholds of the method `ciss`. The first determines the rank of the subspace: singular \
                values below this fraction of the largest one are neglected. The second is the weight below which \
                an eigenvalue is discarded as spurious (`",
                stringify!($set_threshold), "`). Logically collective. Default: 1e-12 and 1e-4. Options: `", $option,
                "_delta`, `", $option, "_spurious_threshold`.")]
            ///
            /// # Errors
            /// `ARG_WRONG` for other types; `ARG_OUTOFRANGE` if a threshold is not positive.
            $(#[$set_threshold_meta])*
            pub fn set_ciss_threshold(
                &mut self,
                rank: petsc_rs::Real,
                spurious: petsc_rs::Real,
            ) -> petsc_rs::Result<()> {
                $crate::base::one_of(self, &["ciss"], "thresholds")?;
                petsc_rs::ffi::range::positive(rank, "the threshold of the rank")?;
                petsc_rs::ffi::range::positive(spurious, "the threshold of spurious eigenvalues")?;
                // SAFETY: a live solver of this type.
                unsafe { petsc_rs::call!($set_threshold(*self.busy()?, rank, spurious)) }
            }

            #[doc = concat!("Returns the thresholds, see [`set_ciss_threshold`](Self::set_ciss_threshold) (`",
                stringify!($get_threshold), "`). Not collective.")]
            ///
            /// # Errors
            /// `ARG_WRONG` for other types.
            $(#[$get_threshold_meta])*
            pub fn ciss_threshold(&self) -> petsc_rs::Result<(petsc_rs::Real, petsc_rs::Real)> {
                petsc_rs::not_collective!();
                $crate::base::one_of(self, &["ciss"], "thresholds")?;
                let (mut rank, mut spurious) = (0.0, 0.0);
                let (solver, a, b) = (self.as_ptr(), &raw mut rank, &raw mut spurious);
                // SAFETY: a live solver of this type and valid out-pointers.
                unsafe { petsc_rs::call!($get_threshold(solver, a, b)) }?;
                Ok((rank, spurious))
            }

            #[doc = concat!("Sets the refinement of the method `ciss`: the number of inner iterations, each of which computes \
                the integrals again from the last result, and the number of iterations with larger blocks (`", stringify!($set_refinement),
                "`). Logically collective. Default: 0 and 0. Options: `", $option, "_refine_inner`, `", $option,
                "_refine_blocksize`.")]
            ///
            /// # Errors
            /// `ARG_WRONG` for other types.
            $(#[$set_refinement_meta])*
            pub fn set_ciss_refinement(&mut self, inner: usize, blocks: usize) -> petsc_rs::Result<()> {
                $crate::base::one_of(self, &["ciss"], "refinement")?;
                let (inner, blocks) = (petsc_rs::ffi::petsc_int(inner)?, petsc_rs::ffi::petsc_int(blocks)?);
                // SAFETY: a live solver of this type.
                unsafe { petsc_rs::call!($set_refinement(*self.busy()?, inner, blocks)) }
            }

            #[doc = concat!("Returns the numbers of refinement iterations, see [`set_ciss_refinement`](Self::set_ciss_refinement) (`",
                stringify!($get_refinement), "`). Not collective.")]
            ///
            /// # Errors
            /// `ARG_WRONG` for other types.
            $(#[$get_refinement_meta])*
            pub fn ciss_refinement(&self) -> petsc_rs::Result<(usize, usize)> {
                petsc_rs::not_collective!();
                $crate::base::one_of(self, &["ciss"], "refinement")?;
                let (mut inner, mut blocks) = (0, 0);
                let (solver, a, b) = (self.as_ptr(), &raw mut inner, &raw mut blocks);
                // SAFETY: a live solver of this type and valid out-pointers.
                unsafe { petsc_rs::call!($get_refinement(solver, a, b)) }?;
                Ok((petsc_rs::ffi::size(inner)?, petsc_rs::ffi::size(blocks)?))
            }
        }
    };
}

pub(crate) use contour;
