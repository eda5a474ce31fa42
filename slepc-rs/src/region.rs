//! Regions of the complex plane (`RG` in C), in which a solver computes eigenvalues, or which it
//! excludes.

use num_complex::Complex;
use petsc_macros::{setting, wraps};
use petsc_rs::ffi::range::positive;
use petsc_rs::{
    Comm, Error, ErrorCode, Object as _, Real, Result, Scalar, call, ffi, petsc_object,
};

use crate::base::{scalars, value};
use crate::sys;
use petsc_rs::ffi::range::out_of_range;

petsc_object! {
    /// A region of the complex plane.
    ///
    /// A program creates a region, or gets that of a solver, and sets its shape. Dropping the
    /// handle destroys the region, unless a solver has a reference to it.
    ///
    /// # Examples
    /// See [`Region::interval`].
    ///
    /// # Options
    /// `-rg_type`, `-rg_complement`, `-rg_interval_endpoints`, `-rg_ellipse_center`,
    /// `-rg_ellipse_radius`.
    ///
    /// # See also
    /// [`RegionType`], [`RegionRef::check`], [`EpsRef::region`](crate::EpsRef::region).
    #[wraps(RG)]
    Region,
    /// A borrowed [`Region`].
    RegionRef,
    RG,
    RGDestroy,
}

petsc_rs::type_names! {
    /// Type of a region.
    #[doc(alias = "RGType")]
    RegionType;
    /// A rectangle, possibly unbounded.
    INTERVAL = c"interval",
    /// A polygon.
    POLYGON = c"polygon",
    /// An ellipse with axes parallel to the real and the imaginary axis.
    ELLIPSE = c"ellipse",
    /// A ring or an arc of a ring.
    RING = c"ring",
}

crate::base::basics! {
    Region, RegionRef, RegionType, "region", "none", "-rg_type";
    #[wraps(RGCreate)]
    RGCreate,
    #[wraps(RGSetType)]
    RGSetType,
    #[wraps(RGSetFromOptions)]
    RGSetFromOptions,
    #[wraps(RGSetOptionsPrefix)]
    RGSetOptionsPrefix,
    #[doc(alias = "RGAppendOptionsPrefix")]
    RGAppendOptionsPrefix
}

/// Position of a number relative to a region, see [`RegionRef::check`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Inside.
    Inside,
    /// On the boundary.
    Border,
    /// Outside.
    Outside,
}

/// A rectangle that contains a region, see [`RegionRef::bounding_box`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundingBox {
    /// Smallest and largest real part.
    pub re: [Real; 2],
    /// Smallest and largest imaginary part.
    pub im: [Real; 2],
}

impl Region {
    /// Creates the rectangle `re[0] ≤ Re z ≤ re[1]`, `im[0] ≤ Im z ≤ im[1]`. Collective.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use num_complex::Complex;
    /// use slepc_rs::region::{Place, Region};
    /// let rectangle = Region::interval(comm, [0.0, 2.0], [-1.0, 1.0])?;
    /// let [inside, outside] = [Complex::new(1.0, 0.5), Complex::new(3.0, 0.0)];
    /// assert_eq!(rectangle.check(&[inside, outside])?, [Place::Inside, Place::Outside]);
    /// # Ok(()) })
    /// ```
    #[wraps(RGIntervalSetEndpoints, errors = RegionRef::set_interval)]
    #[track_caller]
    pub fn interval(comm: &Comm, re: [Real; 2], im: [Real; 2]) -> Result<Self> {
        let mut region = Self::new(comm)?;
        region.set_interval(re, im)?;
        Ok(region)
    }

    /// Creates the ellipse with center `centre` and half-axes `radius` and `radius·scale`.
    /// Collective.
    #[wraps(RGEllipseSetParameters, errors = RegionRef::set_ellipse)]
    #[track_caller]
    pub fn ellipse(comm: &Comm, centre: Scalar, radius: Real, scale: Real) -> Result<Self> {
        let mut region = Self::new(comm)?;
        region.set_ellipse(centre, radius, scale)?;
        Ok(region)
    }

    /// Creates the polygon with these vertices. Collective.
    #[wraps(RGPolygonSetVertices, errors = RegionRef::set_polygon)]
    #[track_caller]
    pub fn polygon(comm: &Comm, corners: &[Complex<Real>]) -> Result<Self> {
        let mut region = Self::new(comm)?;
        region.set_polygon(corners)?;
        Ok(region)
    }

    /// Creates a ring or an arc of a ring. Collective.
    #[wraps(RGRingSetParameters, errors = RegionRef::set_ring)]
    #[track_caller]
    pub fn ring(comm: &Comm, centre: Scalar, ring: Ring) -> Result<Self> {
        let mut region = Self::new(comm)?;
        region.set_ring(centre, ring)?;
        Ok(region)
    }
}

/// A ring or an arc of a ring. Angles are fractions of a full turn, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ring {
    /// Radius of the center line of the ring.
    pub radius: Real,
    /// Vertical scale: the ratio of the half-axis along the imaginary axis to the radius.
    pub scale: Real,
    /// Angle at the start of the arc.
    pub start: Real,
    /// Angle at the end of the arc.
    pub end: Real,
    /// Width of the ring.
    pub width: Real,
}

impl RegionRef {
    /// Sets the region to a rectangle, whose sides may be infinite. With real scalars, it must be
    /// symmetric about the real axis. Logically collective. Option:
    /// `-rg_interval_endpoints a,b,c,d`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if a start lies above its end; `ARG_WRONG` for equal endpoints other than
    /// 0, and with real scalars for a rectangle that is not symmetric about the real axis.
    #[wraps(RGIntervalSetEndpoints)]
    pub fn set_interval(&mut self, re: [Real; 2], im: [Real; 2]) -> Result<()> {
        for [start, end] in [re, im] {
            if start.is_nan() || end.is_nan() || start > end {
                return Err(out_of_range(format!(
                    "[{start}, {end}] is not an interval: start must not exceed end"
                )));
            }
        }
        self.set_type(RegionType::INTERVAL)?;
        // SLEPc represents infinity by the largest number.
        let [[a, b], [c, d]] = [re, im].map(|ends| ends.map(|x| x.clamp(Real::MIN, Real::MAX)));
        let region = self.as_ptr();
        // SAFETY: a live region of this type.
        unsafe { call!(RGIntervalSetEndpoints(region, a, b, c, d)) }
    }

    /// Sets the region to an ellipse. Logically collective. Options: `-rg_ellipse_center`,
    /// `-rg_ellipse_radius`, `-rg_ellipse_vscale`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `radius` or `scale` is not positive.
    #[wraps(RGEllipseSetParameters)]
    pub fn set_ellipse(&mut self, centre: Scalar, radius: Real, scale: Real) -> Result<()> {
        positive(radius, "the radius")?;
        positive(scale, "the scale")?;
        self.set_type(RegionType::ELLIPSE)?;
        let (region, centre) = (self.as_ptr(), &raw const centre);
        // SAFETY: a live region of this type and a valid pointer.
        unsafe { call!(PetscRsRGEllipseSetParameters(region, centre, radius, scale)) }
    }

    /// Sets the region to a polygon. With real scalars, it must be symmetric about the real axis.
    /// Logically collective. Option: `-rg_polygon_vertices`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for fewer than three vertices, or more than SLEPc allows.
    #[wraps(RGPolygonSetVertices)]
    pub fn set_polygon(&mut self, corners: &[Complex<Real>]) -> Result<()> {
        self.set_type(RegionType::POLYGON)?;
        let n = ffi::petsc_int(corners.len())?;
        let (mut re, mut im): (Vec<_>, Vec<_>) = corners.iter().map(|z| scalars(*z)).unzip();
        // SAFETY: a live region of this type; SLEPc copies the `n` numbers and checks how many there are.
        unsafe { call!(RGPolygonSetVertices(*self.busy()?, n, re.as_mut_ptr(), im.as_mut_ptr())) }
    }

    /// Sets the region to a ring or an arc of a ring. Logically collective. Options:
    /// `-rg_ring_center`, `-rg_ring_radius`, ….
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if a size is not positive, or an angle lies outside [0, 1].
    #[wraps(RGRingSetParameters)]
    pub fn set_ring(&mut self, centre: Scalar, ring: Ring) -> Result<()> {
        positive(ring.radius, "the radius")?;
        positive(ring.scale, "the scale")?;
        positive(ring.width, "the width")?;
        if ![ring.start, ring.end].iter().all(|x| (0.0..=1.0).contains(x)) {
            return Err(out_of_range(
                "the angles of a ring must lie between 0 and 1, as fractions of a full turn",
            ));
        }
        self.set_type(RegionType::RING)?;
        let Ring { radius, scale, start, end, width } = ring;
        let (region, centre) = (self.as_ptr(), &raw const centre);
        // SAFETY: a live region of this type and a valid pointer.
        unsafe {
            call!(PetscRsRGRingSetParameters(region, centre, radius, scale, start, end, width))
        }
    }

    /// Whether the region is replaced with its complement.
    #[setting(RGSetComplement)]
    #[option("-rg_complement", default = "false")]
    pub fn set_complement(complement: bool);

    /// Returns whether the region is the whole complex plane. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without a type.
    #[wraps(RGIsTrivial)]
    pub fn is_trivial(&self) -> Result<bool> {
        petsc_rs::not_collective!();
        self.check_type()?;
        let mut flag = ffi::raw_bool(false);
        // SAFETY: a live region with a type and a valid out-pointer.
        unsafe { call!(RGIsTrivial(self.as_ptr(), &raw mut flag)) }?;
        Ok(ffi::to_bool(flag))
    }

    /// Returns the position of each number relative to the region. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without a type.
    #[wraps(RGCheckInside)]
    pub fn check(&self, numbers: &[Complex<Real>]) -> Result<Vec<Place>> {
        petsc_rs::not_collective!();
        self.check_type()?;
        let n = ffi::petsc_int(numbers.len())?;
        let (mut re, mut im): (Vec<_>, Vec<_>) = numbers.iter().map(|z| scalars(*z)).unzip();
        let mut places = vec![0; numbers.len()];
        let (a, b, out) = (re.as_mut_ptr(), im.as_mut_ptr(), places.as_mut_ptr());
        // SAFETY: a live region with a type; three arrays of `n` entries.
        unsafe { call!(RGCheckInside(self.as_ptr(), n, a, b, out)) }?;
        let place = |place: petsc_rs::Int| match place.signum() {
            1 => Place::Inside,
            0 => Place::Border,
            _ => Place::Outside,
        };
        Ok(places.into_iter().map(place).collect())
    }

    /// Returns `n` consecutive points on the boundary. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without a type; `ARG_OUTOFRANGE` if `n` is 0; `SUP` for an unbounded
    /// region.
    #[wraps(RGComputeContour)]
    pub fn contour(&self, n: usize) -> Result<Vec<Complex<Real>>> {
        petsc_rs::not_collective!();
        self.check_type()?;
        if n == 0 {
            return Err(out_of_range("a contour needs at least one point"));
        }
        let (mut re, mut im) = (vec![Scalar::default(); n], vec![Scalar::default(); n]);
        let (n, a, b) = (ffi::petsc_int(n)?, re.as_mut_ptr(), im.as_mut_ptr());
        // SAFETY: a live region with a type; two arrays of `n` entries.
        unsafe { call!(RGComputeContour(self.as_ptr(), n, a, b)) }?;
        Ok(re.into_iter().zip(im).map(|(re, im)| value(re, im)).collect())
    }

    /// Returns a rectangle that contains the region; the rectangle is infinite for a complement.
    /// Not collective.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` without a type.
    #[wraps(RGComputeBoundingBox)]
    pub fn bounding_box(&self) -> Result<BoundingBox> {
        petsc_rs::not_collective!();
        self.check_type()?;
        let (mut re, mut im) = ([0.0; 2], [0.0; 2]);
        let ([a, b], [c, d]) = (re.each_mut(), im.each_mut());
        // SAFETY: a live region with a type and valid out-pointers.
        unsafe { call!(RGComputeBoundingBox(self.as_ptr(), a, b, c, d)) }?;
        let endless = |x: Real| {
            if x.abs() == Real::MAX { x.signum() * Real::INFINITY } else { x }
        };
        Ok(BoundingBox { re: re.map(endless), im: im.map(endless) })
    }

    /// Checks that the type is set: optimized SLEPc calls functions of the type without a check.
    fn check_type(&self) -> Result<()> {
        if self.type_name()?.is_none() {
            let text = "the region has no type yet: call set_type";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        Ok(())
    }
}
