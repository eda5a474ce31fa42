//! Names of nonlinear methods and line searches.

use crate::type_names::type_names;

type_names! {
    /// Name of a nonlinear method, for `-snes_type` and
    /// [`SnesRef::set_type`](super::SnesRef::set_type).
    #[doc(alias = "SNESType")]
    SnesType;
    /// Newton's method with a line search.
    NEWTONLS = c"newtonls",
    /// Newton's method with a trust region.
    NEWTONTR = c"newtontr",
    /// Newton's method with a trust region and Powell's dogleg step from the Cauchy point.
    NEWTONTRDC = c"newtontrdc",
    /// Richardson iteration.
    NRICHARDSON = c"nrichardson",
    /// One linear solve, for linear functions.
    KSPONLY = c"ksponly",
    /// One linear solve with the transposed operator.
    KSPTRANSPOSEONLY = c"ksptransposeonly",
    /// Variational inequalities with a reduced-space active-set method.
    VINEWTONRSLS = c"vinewtonrsls",
    /// Variational inequalities with a semismooth Newton method.
    VINEWTONSSLS = c"vinewtonssls",
    /// Nonlinear GMRES (generalized minimal residuals).
    NGMRES = c"ngmres",
    /// Quasi-Newton methods.
    QN = c"qn",
    /// A method that the application implements.
    SHELL = c"shell",
    /// Nonlinear Gauss–Seidel sweeps.
    NGS = c"ngs",
    /// Nonlinear conjugate gradients.
    NCG = c"ncg",
    /// Full approximation scheme: nonlinear multigrid.
    FAS = c"fas",
    /// Multi-stage smoothers.
    MS = c"ms",
    /// Nonlinear additive Schwarz.
    NASM = c"nasm",
    /// Anderson mixing.
    ANDERSON = c"anderson",
    /// Newton's method on a function preconditioned with nonlinear additive Schwarz.
    ASPIN = c"aspin",
    /// Several methods, applied one after another, or independently with their corrections added.
    COMPOSITE = c"composite",
    /// Small problems on patches of a mesh.
    PATCH = c"patch",
}

type_names! {
    /// Name of a line search, for `-snes_linesearch_type` and
    /// [`LineSearchRef::set_type`](super::LineSearchRef::set_type).
    #[doc(alias = "SNESLineSearchType")]
    LineSearchType;
    /// Backtracking with polynomial interpolation.
    BT = c"bt",
    /// The affine-covariant line search of Deuflhard's NLEQ-ERR.
    NLEQERR = c"nleqerr",
    /// No search: the full step, or a fixed fraction of it.
    BASIC = c"basic",
    /// Secant method for the minimum of the norm of the function.
    L2 = c"l2",
    /// Secant method for a critical point of an objective along the step.
    CP = c"cp",
    /// A line search that the application implements.
    SHELL = c"shell",
    /// The exact step length for a linear `F`, for nonlinear conjugate gradients.
    NCG_LINEAR = c"ncglinear",
}

type_names! {
    /// Name of a multi-stage smoother, for `-snes_ms_type` and
    /// [`SnesRef::set_multistage_type`](super::SnesRef::set_multistage_type).
    #[doc(alias = "SNESMSType")]
    MultistageType;
    /// Forward Euler, one stage.
    EULER = c"euler",
    /// Six stages in two registers. The default.
    M62 = c"m62",
    /// Jameson, four stages.
    JAMESON83 = c"jameson83",
    /// Van Leer, Tai and Powell, optimal damping, one stage.
    VLTP11 = c"vltp11",
    /// Van Leer, Tai and Powell, two stages.
    VLTP21 = c"vltp21",
    /// Van Leer, Tai and Powell, three stages.
    VLTP31 = c"vltp31",
    /// Van Leer, Tai and Powell, four stages.
    VLTP41 = c"vltp41",
    /// Van Leer, Tai and Powell, five stages.
    VLTP51 = c"vltp51",
    /// Van Leer, Tai and Powell, six stages.
    VLTP61 = c"vltp61",
}
