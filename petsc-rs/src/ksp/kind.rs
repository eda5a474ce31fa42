//! Names of Krylov methods: an open set, to which plugins add.

use std::ffi::{CStr, c_char};

/// Name of a Krylov method, for `-ksp_type` and [`KspRef::set_type`](super::KspRef::set_type).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias = "KSPType")]
pub struct KspType<'a>(&'a CStr);

impl<'a> KspType<'a> {
    /// A method by its name.
    #[must_use]
    pub const fn new(name: &'a CStr) -> Self {
        Self(name)
    }

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'a CStr {
        self.0
    }

    pub(crate) fn as_ptr(self) -> *const c_char {
        self.0.as_ptr()
    }
}

macro_rules! kinds {
    ($($(#[$meta:meta])* $name:ident = $text:literal),* $(,)?) => {
        impl KspType<'static> {
            $($(#[$meta])* pub const $name: Self = Self($text);)*
        }
    };
}

kinds! {
    /// Richardson iteration.
    RICHARDSON = c"richardson",
    /// Chebyshev iteration; needs bounds of the spectrum, or estimates them.
    CHEBYSHEV = c"chebyshev",
    /// Conjugate gradients; needs a symmetric (Hermitian) positive definite operator.
    CG = c"cg",
    /// Conjugate gradients with overlapped reductions.
    PIPECG = c"pipecg",
    /// Generalised minimal residuals, restarted.
    GMRES = c"gmres",
    /// GMRES that allows the preconditioner to change between iterations.
    FGMRES = c"fgmres",
    /// GMRES that augments the space at a restart.
    LGMRES = c"lgmres",
    /// Transpose-free quasi-minimal residuals.
    TFQMR = c"tfqmr",
    /// Stabilised biconjugate gradients.
    BCGS = c"bcgs",
    /// BiCGStab(ℓ).
    BCGSL = c"bcgsl",
    /// Biconjugate gradients.
    BICG = c"bicg",
    /// Conjugate gradients squared.
    CGS = c"cgs",
    /// Minimal residuals; needs a symmetric operator, which may be indefinite.
    MINRES = c"minres",
    /// Conjugate residuals.
    CR = c"cr",
    /// Generalised conjugate residuals.
    GCR = c"gcr",
    /// Least squares by bidiagonalisation.
    LSQR = c"lsqr",
    /// Least squares by conjugate gradients on the normal equations.
    CGNE = c"cgne",
    /// One application of the preconditioner, for direct solvers.
    PREONLY = c"preonly",
}
