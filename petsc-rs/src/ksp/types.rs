//! Names of Krylov methods. Plugins can register more names.

use crate::type_names::type_names;

type_names! {
    /// Name of a Krylov method, for `-ksp_type` and [`KspRef::set_type`](super::KspRef::set_type).
    #[doc(alias = "KSPType")]
    KspType;
    /// Richardson iteration.
    RICHARDSON = c"richardson",
    /// Chebyshev iteration. Requires bounds of the spectrum; by default, estimates them.
    CHEBYSHEV = c"chebyshev",
    /// Conjugate gradients. Requires a symmetric (Hermitian) positive definite operator.
    CG = c"cg",
    /// Conjugate gradients with overlapped reductions (Gropp).
    GROPPCG = c"groppcg",
    /// Conjugate gradients with overlapped reductions.
    PIPECG = c"pipecg",
    /// Conjugate gradients with overlapped reductions and residual replacement.
    PIPECGRR = c"pipecgrr",
    /// Conjugate gradients with deep pipelines: several reductions are pending at a time.
    PIPELCG = c"pipelcg",
    /// Conjugate gradients with overlapped reductions, predict-and-recompute variant.
    PIPEPRCG = c"pipeprcg",
    /// Conjugate gradients with one overlapped reduction for two iterations.
    PIPECG2 = c"pipecg2",
    /// Conjugate gradients on the normal equations. The matrix of the normal equations is not
    /// formed.
    CGNE = c"cgne",
    /// Conjugate gradients inside a trust region (Nash).
    NASH = c"nash",
    /// Conjugate gradients inside a trust region (Steihaug and Toint).
    STCG = c"stcg",
    /// Lanczos inside a trust region.
    GLTR = c"gltr",
    /// Flexible conjugate gradients: the preconditioner may change.
    FCG = c"fcg",
    /// Flexible conjugate gradients with overlapped reductions.
    PIPEFCG = c"pipefcg",
    /// Restarted GMRES (generalized minimal residuals).
    GMRES = c"gmres",
    /// Flexible GMRES: the preconditioner may change between iterations.
    FGMRES = c"fgmres",
    /// Flexible GMRES with overlapped reductions.
    PIPEFGMRES = c"pipefgmres",
    /// GMRES that augments the subspace at a restart.
    LGMRES = c"lgmres",
    /// GMRES that deflates small eigenvalues at a restart. Real scalars only.
    DGMRES = c"dgmres",
    /// GMRES with overlapped reductions.
    PGMRES = c"pgmres",
    /// Transpose-free quasi-minimal residuals (Chan).
    TCQMR = c"tcqmr",
    /// BiCGStab (stabilized biconjugate gradients).
    BCGS = c"bcgs",
    /// BiCGStab with one reduction in each iteration.
    IBCGS = c"ibcgs",
    /// Quasi-minimal residual variant of BiCGStab.
    QMRCGS = c"qmrcgs",
    /// Flexible BiCGStab: the preconditioner may change.
    FBCGS = c"fbcgs",
    /// Flexible BiCGStab with fewer reductions.
    FBCGSR = c"fbcgsr",
    /// BiCGStab(ℓ).
    BCGSL = c"bcgsl",
    /// BiCGStab with overlapped reductions.
    PIPEBCGS = c"pipebcgs",
    /// Conjugate gradients squared.
    CGS = c"cgs",
    /// Transpose-free quasi-minimal residuals.
    TFQMR = c"tfqmr",
    /// Conjugate residuals.
    CR = c"cr",
    /// Conjugate residuals with overlapped reductions.
    PIPECR = c"pipecr",
    /// Least squares with Golub–Kahan bidiagonalization.
    LSQR = c"lsqr",
    /// Least squares with conjugate gradients.
    CGLS = c"cgls",
    /// Applies the preconditioner once. Used with direct solvers.
    PREONLY = c"preonly",
    /// Another name for [`PREONLY`](Self::PREONLY).
    NONE = c"none",
    /// Conjugate gradients for a quadratic function inside a trust region. Real scalars only.
    QCG = c"qcg",
    /// Biconjugate gradients.
    BICG = c"bicg",
    /// Minimal residuals. Requires a symmetric operator, which may be indefinite.
    MINRES = c"minres",
    /// Method based on an LQ factorization. Requires a symmetric operator, which may be indefinite.
    SYMMLQ = c"symmlq",
    /// Left conjugate directions.
    LCD = c"lcd",
    /// A method written in Python.
    PYTHON = c"python",
    /// Generalized conjugate residuals.
    GCR = c"gcr",
    /// Generalized conjugate residuals with overlapped reductions.
    PIPEGCR = c"pipegcr",
    /// Two-stage method: the outer stage minimizes the residual over the results of inner solves.
    TSIRM = c"tsirm",
    /// Dual-primal domain decomposition.
    FETIDP = c"fetidp",
    /// Block and recycling methods of the HPDDM library.
    HPDDM = c"hpddm",
    /// Induced dimension reduction. Since PETSc 3.26.
    IDR = c"idr",
    /// Extended Krylov subspaces for shifted systems. Since PETSc 3.26.
    EKSM = c"eksm",
}
