//! Regions of the complex plane.

use num_complex::Complex;
use petsc_rs::ErrorCode;
use petsc_test::assert_close;
use slepc_rs::prelude::*;
use slepc_rs::region::{Place, Ring};

use crate::problems::{code, r};

fn z(re: f64, im: f64) -> Complex<f64> {
    Complex::new(re, im)
}

#[petsc_test::test(ranks = [1, 2])]
fn numbers_are_inside_outside_or_on_the_border(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let ellipse = Region::ellipse(comm, r(1.0), 2.0, 0.5)?;
    // Half-axes 2 and 1.
    let places = ellipse.check(&[z(2.9, 0.0), z(1.0, 0.9), z(1.0, 1.1), z(3.0, 0.0)])?;
    let (inside, outside) = (Place::Inside, Place::Outside);
    assert_eq!(places, [inside, inside, outside, Place::Border]);
    let mut polygon = Region::polygon(comm, &[z(0.0, -1.0), z(2.0, 0.0), z(0.0, 1.0)])?;
    let points = [z(0.5, 0.0), z(1.9, 0.3), z(0.1, -0.9)];
    assert_eq!(polygon.check(&points)?, [inside, outside, inside]);
    polygon.set_complement(true)?;
    assert_eq!(polygon.check(&points)?, [outside, inside, outside]);
    let whole = Ring { radius: 2.0, scale: 1.0, start: 0.0, end: 1.0, width: 0.5 };
    let ring = Region::ring(comm, r(0.0), whole)?;
    let places = ring.check(&[z(0.0, 2.0), z(0.0, 0.0), z(-2.1, 0.0)])?;
    assert_eq!(places, [inside, outside, inside]);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn regions_have_bounding_boxes_and_contours(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let mut region = Region::interval(comm, [-1.0, 3.0], [-2.0, 2.0])?;
    let around = region.bounding_box()?;
    assert_eq!((around.re, around.im), ([-1.0, 3.0], [-2.0, 2.0]));
    assert!(!region.is_trivial()?);
    region.set_complement(true)?;
    assert_eq!(region.bounding_box()?.re, [f64::NEG_INFINITY, f64::INFINITY]);
    let ellipse = Region::ellipse(comm, r(1.0), 2.0, 0.5)?;
    for point in ellipse.contour(16)? {
        assert_close!(((point.re - 1.0) / 2.0).powi(2) + point.im.powi(2), 1.0, 1e-12);
    }
    let half = Region::interval(comm, [0.0, f64::INFINITY], [f64::NEG_INFINITY, f64::INFINITY])?;
    let places = half.check(&[z(1e100, 1e100), z(-1.0, 0.0)])?;
    assert_eq!(places, [Place::Inside, Place::Outside]);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn wrong_regions_are_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let out = Some(ErrorCode::ARG_OUTOFRANGE);
    assert_eq!(code(Region::interval(comm, [2.0, 1.0], [0.0, 0.0])), out);
    assert_eq!(code(Region::interval(comm, [0.0, f64::NAN], [0.0, 0.0])), out);
    assert_eq!(code(Region::ellipse(comm, r(0.0), -1.0, 1.0)), out);
    assert_eq!(code(Region::polygon(comm, &[z(0.0, 0.0), z(1.0, 0.0)])), out);
    let none = Region::new(comm)?;
    assert_eq!(code(none.check(&[z(0.0, 0.0)])), Some(ErrorCode::ARG_WRONGSTATE));
    assert_eq!(code(none.contour(4)), Some(ErrorCode::ARG_WRONGSTATE));
    let ellipse = Region::ellipse(comm, r(0.0), 1.0, 1.0)?;
    assert_eq!(code(ellipse.contour(0)), out);
    Ok(())
}
