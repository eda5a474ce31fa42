//! Names of Krylov methods: an open set, to which plugins add.

use crate::type_names::type_names;

type_names! {
    /// Name of a Krylov method, for `-ksp_type` and [`KspRef::set_type`](super::KspRef::set_type).
    #[doc(alias = "KSPType")]
    KspType;
    /// Richardson iteration.
    RICHARDSON = c"richardson",
    /// Chebyshev iteration; needs bounds of the spectrum, or estimates them.
    CHEBYSHEV = c"chebyshev",
    /// Conjugate gradients; needs a symmetric (Hermitian) positive definite operator.
    CG = c"cg",
    /// Conjugate gradients with one reduction an iteration, overlapped (Gropp).
    GROPPCG = c"groppcg",
    /// Conjugate gradients with overlapped reductions.
    PIPECG = c"pipecg",
    /// Overlapped conjugate gradients with residual replacement.
    PIPECGRR = c"pipecgrr",
    /// Conjugate gradients with several reductions in flight.
    PIPELCG = c"pipelcg",
    /// Overlapped conjugate gradients that predict and recompute.
    PIPEPRCG = c"pipeprcg",
    /// Overlapped conjugate gradients, two iterations a reduction.
    PIPECG2 = c"pipecg2",
    /// Conjugate gradients on the normal equations, without forming them.
    CGNE = c"cgne",
    /// Conjugate gradients inside a trust region (Nash).
    NASH = c"nash",
    /// Conjugate gradients inside a trust region (Steihaug and Toint).
    STCG = c"stcg",
    /// Lanczos inside a trust region.
    GLTR = c"gltr",
    /// Conjugate gradients that allow the preconditioner to change.
    FCG = c"fcg",
    /// The same with overlapped reductions.
    PIPEFCG = c"pipefcg",
    /// Generalised minimal residuals, restarted.
    GMRES = c"gmres",
    /// GMRES that allows the preconditioner to change between iterations.
    FGMRES = c"fgmres",
    /// The same with overlapped reductions.
    PIPEFGMRES = c"pipefgmres",
    /// GMRES that augments the space at a restart.
    LGMRES = c"lgmres",
    /// GMRES that deflates small eigenvalues at a restart; real scalars only.
    DGMRES = c"dgmres",
    /// GMRES with overlapped reductions.
    PGMRES = c"pgmres",
    /// Transpose-free quasi-minimal residuals (Chan).
    TCQMR = c"tcqmr",
    /// Stabilised biconjugate gradients.
    BCGS = c"bcgs",
    /// The same with one reduction an iteration.
    IBCGS = c"ibcgs",
    /// Quasi-minimal residuals on stabilised biconjugate gradients.
    QMRCGS = c"qmrcgs",
    /// Stabilised biconjugate gradients that allow the preconditioner to change.
    FBCGS = c"fbcgs",
    /// The same with fewer reductions.
    FBCGSR = c"fbcgsr",
    /// BiCGStab(ℓ).
    BCGSL = c"bcgsl",
    /// Stabilised biconjugate gradients with overlapped reductions.
    PIPEBCGS = c"pipebcgs",
    /// Conjugate gradients squared.
    CGS = c"cgs",
    /// Transpose-free quasi-minimal residuals.
    TFQMR = c"tfqmr",
    /// Conjugate residuals.
    CR = c"cr",
    /// Conjugate residuals with overlapped reductions.
    PIPECR = c"pipecr",
    /// Least squares by bidiagonalisation.
    LSQR = c"lsqr",
    /// Least squares by conjugate gradients.
    CGLS = c"cgls",
    /// One application of the preconditioner, for direct solvers.
    PREONLY = c"preonly",
    /// Another name of [`PREONLY`](Self::PREONLY).
    NONE = c"none",
    /// Conjugate gradients for a quadratic inside a trust region; real scalars only.
    QCG = c"qcg",
    /// Biconjugate gradients.
    BICG = c"bicg",
    /// Minimal residuals; needs a symmetric operator, which may be indefinite.
    MINRES = c"minres",
    /// For symmetric operators, which may be indefinite, by an LQ factorisation.
    SYMMLQ = c"symmlq",
    /// Left conjugate directions.
    LCD = c"lcd",
    /// A method written in Python.
    PYTHON = c"python",
    /// Generalised conjugate residuals.
    GCR = c"gcr",
    /// The same with overlapped reductions.
    PIPEGCR = c"pipegcr",
    /// Two stages: inner iterations and least squares over their results.
    TSIRM = c"tsirm",
    /// Dual-primal domain decomposition.
    FETIDP = c"fetidp",
    /// Block and recycling methods of the library HPDDM.
    HPDDM = c"hpddm",
    /// Induced dimension reduction. PETSc 3.26.
    IDR = c"idr",
    /// Extended Krylov subspaces for shifted systems. PETSc 3.26.
    EKSM = c"eksm",
}
