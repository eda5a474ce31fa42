//! Names of integrators, and enums of settings.

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
    /// Symplectic methods for separable Hamiltonian systems. They require a split right-hand side.
    BASICSYMPLECTIC = c"basicsymplectic",
    /// Pseudo-transient continuation towards a steady state.
    PSEUDO = c"pseudo",
    /// Crank–Nicolson.
    CN = c"cn",
    /// The integrators of the SUNDIALS library.
    SUNDIALS = c"sundials",
    /// Explicit Runge–Kutta methods with adaptive time steps.
    RK = c"rk",
    /// A method written in Python.
    PYTHON = c"python",
    /// The θ method.
    THETA = c"theta",
    /// Generalized α method for first-order problems.
    ALPHA = c"alpha",
    /// Generalized α method for second-order problems.
    ALPHA2 = c"alpha2",
    /// Implicit general linear methods.
    GLLE = c"glle",
    /// General linear methods that estimate the global error.
    GLEE = c"glee",
    /// Explicit strong-stability-preserving methods.
    SSP = c"ssp",
    /// Additive Runge–Kutta methods with implicit and explicit parts.
    ARKIMEX = c"arkimex",
    /// Rosenbrock-W methods: linearly implicit.
    ROSW = c"rosw",
    /// Extrapolated implicit-explicit (IMEX) Euler.
    EIMEX = c"eimex",
    /// Mixed implicit-explicit Euler. It requires a DM with fields.
    MIMEX = c"mimex",
    /// Backward differentiation formulas.
    BDF = c"bdf",
    /// Radau IIA of order 5, from the radau5 library.
    RADAU5 = c"radau5",
    /// Multirate partitioned Runge–Kutta methods. They require a split right-hand side.
    MPRK = c"mprk",
    /// Discrete gradient methods, which conserve an energy.
    DISCGRAD = c"discgrad",
    /// Fully implicit Runge–Kutta (Gauss).
    IRK = c"irk",
}

c_enum! {
    /// Treatment of the last step, which may exceed the final time. See
    /// [`TsRef::set_exact_final_time`](super::TsRef::set_exact_final_time).
    #[doc(alias = "TSExactFinalTimeOption")]
    ExactFinalTime of TSExactFinalTimeOption;
    /// Unspecified: each method has its own default.
    Unspecified = TS_EXACTFINALTIME_UNSPECIFIED,
    /// Stops after the first step that reaches or exceeds the final time.
    StepOver = TS_EXACTFINALTIME_STEPOVER,
    /// Takes the same steps as `StepOver`, and interpolates the state back to the final time.
    Interpolate = TS_EXACTFINALTIME_INTERPOLATE,
    /// Shortens the last step so that it ends at the final time.
    MatchStep = TS_EXACTFINALTIME_MATCHSTEP,
}

c_enum! {
    /// Whether the problem is linear, see
    /// [`TsRef::set_problem_type`](super::TsRef::set_problem_type).
    #[doc(alias = "TSProblemType")]
    ProblemType of TSProblemType;
    /// Linear: one linear solve for each implicit stage.
    Linear = TS_LINEAR,
    /// Nonlinear: a nonlinear solve for each implicit stage.
    Nonlinear = TS_NONLINEAR,
}

c_enum! {
    /// Type of the equation, see [`TsRef::set_equation_type`](super::TsRef::set_equation_type).
    #[doc(alias = "TSEquationType")]
    EquationType of TSEquationType;
    /// Unspecified.
    Unspecified = TS_EQ_UNSPECIFIED,
    /// `M(t) u' = G(t, u)` with a mass matrix `M`.
    Explicit = TS_EQ_EXPLICIT,
    /// `u' = G(t, u)`.
    OdeExplicit = TS_EQ_ODE_EXPLICIT,
    /// Semi-explicit differential-algebraic equation of index 1.
    DaeSemiExplicitIndex1 = TS_EQ_DAE_SEMI_EXPLICIT_INDEX1,
    /// Semi-explicit differential-algebraic equation of index 2.
    DaeSemiExplicitIndex2 = TS_EQ_DAE_SEMI_EXPLICIT_INDEX2,
    /// Semi-explicit differential-algebraic equation of index 3.
    DaeSemiExplicitIndex3 = TS_EQ_DAE_SEMI_EXPLICIT_INDEX3,
    /// Semi-explicit differential-algebraic equation of a higher index.
    DaeSemiExplicitIndexHigh = TS_EQ_DAE_SEMI_EXPLICIT_INDEXHI,
    /// `F(t, u, u') = 0`.
    Implicit = TS_EQ_IMPLICIT,
    /// `F(t, u, u') = 0` with a regular `∂F/∂u'`.
    OdeImplicit = TS_EQ_ODE_IMPLICIT,
    /// Implicit differential-algebraic equation of index 1.
    DaeImplicitIndex1 = TS_EQ_DAE_IMPLICIT_INDEX1,
    /// Implicit differential-algebraic equation of index 2.
    DaeImplicitIndex2 = TS_EQ_DAE_IMPLICIT_INDEX2,
    /// Implicit differential-algebraic equation of index 3.
    DaeImplicitIndex3 = TS_EQ_DAE_IMPLICIT_INDEX3,
    /// Implicit differential-algebraic equation of a higher index.
    DaeImplicitIndexHigh = TS_EQ_DAE_IMPLICIT_INDEXHI,
}
