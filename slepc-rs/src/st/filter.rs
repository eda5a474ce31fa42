//! Settings of the type `filter`.

use petsc_macros::setting;
use petsc_rs::Real;
use petsc_rs::ffi::range::{at_least_one, increasing};

use super::StRef;
use crate::sys;

impl StRef {
    /// The interval in which the polynomial filter is large; both ends are 0 before the interval is
    /// set.
    ///
    /// [`EpsRef::set_interval`](crate::EpsRef::set_interval) has the same effect.
    #[setting(
        STFilterSetInterval,
        STFilterGetInterval,
        get = filter_interval,
        check_all = increasing
    )]
    #[types("filter")]
    #[option("-st_filter_interval")]
    pub fn set_filter_interval(start: Real, end: Real);

    /// The range that contains all eigenvalues; both numbers are 0 before it is set or estimated.
    #[setting(STFilterSetRange, STFilterGetRange, get = filter_range, check_all = increasing)]
    #[types("filter")]
    #[option("-st_filter_range", default = "estimated")]
    pub fn set_filter_range(left: Real, right: Real);

    /// The degree of the polynomial.
    #[setting(STFilterSetDegree, STFilterGetDegree, check = at_least_one)]
    #[types("filter")]
    #[option("-st_filter_degree", default = "100")]
    pub fn set_filter_degree(filter_degree: usize);
}
