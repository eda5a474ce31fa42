//! Names of nonlinear methods and line searches.

use crate::type_names::type_names;

type_names! {
    /// Name of a nonlinear method, for `-snes_type` and [`SnesRef::set_type`](super::SnesRef::set_type).
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
    /// One linear solve, for functions that are linear.
    KSPONLY = c"ksponly",
    /// One linear solve with the transposed operator.
    KSPTRANSPOSEONLY = c"ksptransposeonly",
    /// Variational inequalities by a reduced space method.
    VINEWTONRSLS = c"vinewtonrsls",
    /// Variational inequalities by a semismooth method.
    VINEWTONSSLS = c"vinewtonssls",
    /// Nonlinear generalised minimal residuals.
    NGMRES = c"ngmres",
    /// Quasi-Newton methods.
    QN = c"qn",
    /// The program's own method.
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
    /// Newton's method on a function that nonlinear additive Schwarz has preconditioned.
    ASPIN = c"aspin",
    /// Several methods one after another, or side by side.
    COMPOSITE = c"composite",
    /// Small problems on the patches of a mesh.
    PATCH = c"patch",
}

type_names! {
    /// Name of a line search, for `-snes_linesearch_type` and
    /// [`LineSearchRef::set_type`](super::LineSearchRef::set_type).
    #[doc(alias = "SNESLineSearchType")]
    LineSearchType;
    /// Backtracking by a polynomial.
    BT = c"bt",
    /// The affine-covariant search of Deuflhard's NLEQ-ERR.
    NLEQERR = c"nleqerr",
    /// The full step, or a fixed part of it.
    BASIC = c"basic",
    /// The secant method on the norm of the function.
    L2 = c"l2",
    /// The secant method for a critical point of an objective along the step.
    CP = c"cp",
    /// The program's own search.
    SHELL = c"shell",
    /// For conjugate gradients: one linear solve.
    NCG_LINEAR = c"ncglinear",
}

type_names! {
    /// Name of a multi-stage smoother, for `-snes_ms_type` and
    /// [`SnesRef::set_multistage_type`](super::SnesRef::set_multistage_type).
    #[doc(alias = "SNESMSType")]
    MultistageType;
    /// Euler's one stage.
    EULER = c"euler",
    /// Two registers, six stages: the default.
    M62 = c"m62",
    /// Jameson's four stages.
    JAMESON83 = c"jameson83",
    /// Van Leer's and Tai's best damping, one stage.
    VLTP11 = c"vltp11",
    /// The same, two stages.
    VLTP21 = c"vltp21",
    /// The same, three stages.
    VLTP31 = c"vltp31",
    /// The same, four stages.
    VLTP41 = c"vltp41",
    /// The same, five stages.
    VLTP51 = c"vltp51",
    /// The same, six stages.
    VLTP61 = c"vltp61",
}
