//! What only the method `ciss` has.

use super::{EpsRef, EpsType};
use crate::solver;
#[cfg(not(petsc_ge_3_26))]
use crate::solver::Flag;
use crate::sys;

petsc_rs::c_enum! {
    /// How the method `ciss` takes eigenvalues from its integrals, see [`EpsRef::set_ciss_extraction`].
    #[doc(alias = "EPSCISSExtraction")]
    ContourExtraction of EPSCISSExtraction;
    /// From the subspace that they span (Rayleigh-Ritz). The default.
    Ritz = EPS_CISS_EXTRACTION_RITZ,
    /// From the Hankel matrices of their moments.
    Hankel = EPS_CISS_EXTRACTION_HANKEL,
}

petsc_rs::c_enum! {
    /// The rule of quadrature of the method `ciss`, see [`EpsRef::set_ciss_quadrature`].
    #[doc(alias = "EPSCISSQuadRule")]
    ContourQuadrature of EPSCISSQuadRule;
    /// The trapezoidal rule along the contour. The default for ellipses and rings.
    Trapezoidal = EPS_CISS_QUADRULE_TRAPEZOIDAL,
    /// Chebyshev points of an interval, real where it is. The default for intervals.
    Chebyshev = EPS_CISS_QUADRULE_CHEBYSHEV,
}

solver::kinds! {
    ContourExtraction of EPSCISSExtraction,
    ContourQuadrature of EPSCISSQuadRule,
}

solver::by_method! {
    EpsRef, EpsType::KRYLOVSCHUR;
    /// Sets how the method `ciss` takes eigenvalues from its integrals. Logically collective. Option:
    /// `-eps_ciss_extraction`.
    #[doc(alias = "EPSCISSSetExtraction")]
    set_ciss_extraction,
    /// How eigenvalues are taken from integrals.
    #[doc(alias = "EPSCISSGetExtraction")]
    ciss_extraction: ContourExtraction as ContourExtraction("an extraction") {
        "ciss" => EPSCISSSetExtraction, EPSCISSGetExtraction;
    }
    /// Sets the rule of quadrature of the method `ciss`. Logically collective. Option: `-eps_ciss_quadrule`.
    #[doc(alias = "EPSCISSSetQuadRule")]
    set_ciss_quadrature,
    /// The rule of quadrature; an error before SLEPc has decided.
    #[doc(alias = "EPSCISSGetQuadRule")]
    ciss_quadrature: ContourQuadrature as ContourQuadrature("a rule of quadrature") {
        "ciss" => EPSCISSSetQuadRule, EPSCISSGetQuadRule;
    }
}

#[cfg(not(petsc_ge_3_26))]
solver::by_method! {
    EpsRef, EpsType::KRYLOVSCHUR;
    /// Sets whether the method `ciss` solves its systems by the linear solver of the transformation, instead of one of
    /// its own for each point. Up to SLEPc 3.25. Logically collective. Default: yes, on one group of ranks. Option:
    /// `-eps_ciss_usest`.
    #[doc(alias = "EPSCISSSetUseST")]
    set_ciss_use_st,
    /// Whether systems are solved by that of the transformation.
    #[doc(alias = "EPSCISSGetUseST")]
    ciss_use_st: bool as Flag("the solver of the transformation") {
        "ciss" => EPSCISSSetUseST, EPSCISSGetUseST;
    }
}

solver::contour! {
    EpsRef, "-eps_ciss";
    #[doc(alias = "EPSCISSSetSizes")]
    EPSCISSSetSizes,
    #[doc(alias = "EPSCISSGetSizes")]
    EPSCISSGetSizes,
    #[doc(alias = "EPSCISSSetThreshold")]
    EPSCISSSetThreshold,
    #[doc(alias = "EPSCISSGetThreshold")]
    EPSCISSGetThreshold,
    #[doc(alias = "EPSCISSSetRefinement")]
    EPSCISSSetRefinement,
    #[doc(alias = "EPSCISSGetRefinement")]
    EPSCISSGetRefinement
}
