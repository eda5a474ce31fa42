//! Names of integrators, and the closed sets of choices.

use crate::c_enum::c_enum;
use crate::sys;
use crate::type_names::type_names;

type_names! {
    /// Name of a time integrator, for `-ts_type` and [`TsRef::set_type`](super::TsRef::set_type).
    #[doc(alias = "TSType")]
    TsType;
    /// Forward Euler.
    EULER = c"euler",
    /// Backward Euler.
    BEULER = c"beuler",
    /// Symplectic methods for separable Hamiltonian systems; needs a split right-hand side.
    BASICSYMPLECTIC = c"basicsymplectic",
    /// Pseudo-transient continuation towards a steady state.
    PSEUDO = c"pseudo",
    /// Crank–Nicolson.
    CN = c"cn",
    /// The library SUNDIALS.
    SUNDIALS = c"sundials",
    /// Explicit Runge–Kutta methods with adaptive steps.
    RK = c"rk",
    /// A method written in Python.
    PYTHON = c"python",
    /// The θ method.
    THETA = c"theta",
    /// Generalised α for problems of first order.
    ALPHA = c"alpha",
    /// Generalised α for problems of second order.
    ALPHA2 = c"alpha2",
    /// Implicit general linear methods.
    GLLE = c"glle",
    /// General linear methods that estimate the global error.
    GLEE = c"glee",
    /// Explicit strong-stability-preserving methods.
    SSP = c"ssp",
    /// Additive Runge–Kutta methods: implicit and explicit parts.
    ARKIMEX = c"arkimex",
    /// Rosenbrock-W methods: linearly implicit.
    ROSW = c"rosw",
    /// Extrapolated implicit-explicit Euler.
    EIMEX = c"eimex",
    /// Mixed implicit-explicit Euler; needs fields of a DM.
    MIMEX = c"mimex",
    /// Backward differentiation formulas.
    BDF = c"bdf",
    /// Radau IIA of order 5, from an external library.
    RADAU5 = c"radau5",
    /// Multirate partitioned Runge–Kutta; needs a split right-hand side.
    MPRK = c"mprk",
    /// Discrete gradients, which keep an energy.
    DISCGRAD = c"discgrad",
    /// Fully implicit Runge–Kutta (Gauss).
    IRK = c"irk",
}

c_enum! {
    /// What to do about the last step, which may pass the final time. See
    /// [`TsRef::set_exact_final_time`](super::TsRef::set_exact_final_time).
    #[doc(alias = "TSExactFinalTimeOption")]
    ExactFinalTime of TSExactFinalTimeOption;
    /// Nothing said: each method chooses.
    Unspecified = TS_EXACTFINALTIME_UNSPECIFIED,
    /// Stop at the first time past the end.
    StepOver = TS_EXACTFINALTIME_STEPOVER,
    /// Interpolate back to the end.
    Interpolate = TS_EXACTFINALTIME_INTERPOLATE,
    /// Shorten the last step.
    MatchStep = TS_EXACTFINALTIME_MATCHSTEP,
}

c_enum! {
    /// Whether the problem is linear, see [`TsRef::set_problem_type`](super::TsRef::set_problem_type).
    #[doc(alias = "TSProblemType")]
    ProblemType of TSProblemType;
    /// The solver of the implicit stages takes one linear step.
    Linear = TS_LINEAR,
    /// The implicit stages need a nonlinear solver.
    Nonlinear = TS_NONLINEAR,
}

c_enum! {
    /// What kind of equation is integrated, see
    /// [`TsRef::set_equation_type`](super::TsRef::set_equation_type).
    #[doc(alias = "TSEquationType")]
    EquationType of TSEquationType;
    /// Nothing said.
    Unspecified = TS_EQ_UNSPECIFIED,
    /// `M(t) u' = G(t, u)` with some mass matrix.
    Explicit = TS_EQ_EXPLICIT,
    /// `u' = G(t, u)`.
    OdeExplicit = TS_EQ_ODE_EXPLICIT,
    /// Semi-explicit, with algebraic equations of index 1.
    DaeSemiExplicitIndex1 = TS_EQ_DAE_SEMI_EXPLICIT_INDEX1,
    /// Semi-explicit, of index 2.
    DaeSemiExplicitIndex2 = TS_EQ_DAE_SEMI_EXPLICIT_INDEX2,
    /// Semi-explicit, of index 3.
    DaeSemiExplicitIndex3 = TS_EQ_DAE_SEMI_EXPLICIT_INDEX3,
    /// Semi-explicit, of a higher index.
    DaeSemiExplicitIndexHigh = TS_EQ_DAE_SEMI_EXPLICIT_INDEXHI,
    /// `F(t, u, u') = 0`.
    Implicit = TS_EQ_IMPLICIT,
    /// `F(t, u, u') = 0` with a regular `∂F/∂u'`.
    OdeImplicit = TS_EQ_ODE_IMPLICIT,
    /// Implicit, with algebraic equations of index 1.
    DaeImplicitIndex1 = TS_EQ_DAE_IMPLICIT_INDEX1,
    /// Implicit, of index 2.
    DaeImplicitIndex2 = TS_EQ_DAE_IMPLICIT_INDEX2,
    /// Implicit, of index 3.
    DaeImplicitIndex3 = TS_EQ_DAE_IMPLICIT_INDEX3,
    /// Implicit, of a higher index.
    DaeImplicitIndexHigh = TS_EQ_DAE_IMPLICIT_INDEXHI,
}
