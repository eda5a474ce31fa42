//! Settings of the type `ciss`.

use petsc_macros::{setting, wraps};

use super::EpsRef;
use crate::solver;
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
}

#[cfg(not(petsc_ge_3_26))]
impl EpsRef {
    /// Whether `ciss` solves its linear systems with the linear solver of the spectral
    /// transformation. Otherwise it creates one linear solver per integration point. Until SLEPc
    /// 3.25.
    #[setting(EPSCISSSetUseST, EPSCISSGetUseST, then = give_operators)]
    #[types("ciss")]
    #[option("-eps_ciss_usest", default = "true, with one partition")]
    pub fn set_ciss_use_st(ciss_use_st: bool);
}

solver::contour! {
    EpsRef, "-eps_ciss";
    #[wraps(EPSCISSSetSizes)]
    EPSCISSSetSizes,
    #[wraps(EPSCISSGetSizes)]
    EPSCISSGetSizes,
    #[wraps(EPSCISSSetThreshold)]
    EPSCISSSetThreshold,
    #[wraps(EPSCISSGetThreshold)]
    EPSCISSGetThreshold,
    #[wraps(EPSCISSSetRefinement)]
    EPSCISSSetRefinement,
    #[doc(alias = "EPSCISSGetRefinement")]
    EPSCISSGetRefinement
}
