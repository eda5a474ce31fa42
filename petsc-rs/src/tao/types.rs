//! Names of the methods, and what each of them must be given.

use crate::type_names::type_names;

type_names! {
    /// Name of a method of optimisation, for `-tao_type` and [`TaoRef::set_type`](super::TaoRef::set_type).
    TaoType;
    /// Limited-memory variable metric (quasi-Newton), without bounds.
    LMVM = c"lmvm",
    /// The same with bounds.
    BLMVM = c"blmvm",
    /// Newton's method with a line search, without bounds.
    NLS = c"nls",
    /// Newton's method with a trust region, without bounds.
    NTR = c"ntr",
    /// Newton's method with a trust region and a line search, without bounds.
    NTL = c"ntl",
    /// Nonlinear conjugate gradients, without bounds.
    CG = c"cg",
    /// Nonlinear conjugate gradients with bounds.
    BNCG = c"bncg",
    /// Trust-region Newton with bounds.
    TRON = c"tron",
    /// Newton's method with a line search and bounds, by an active set.
    BNLS = c"bnls",
    /// Newton's method with a trust region and bounds, by an active set.
    BNTR = c"bntr",
    /// Newton's method with a trust region, a line search and bounds, by an active set.
    BNTL = c"bntl",
    /// Quasi-Newton with a line search and bounds, by an active set.
    BQNLS = c"bqnls",
    /// Quasi-Newton, its system solved by a Krylov method, with a line search and bounds.
    BQNKLS = c"bqnkls",
    /// The same with a trust region.
    BQNKTR = c"bqnktr",
    /// The same with a trust region and a line search.
    BQNKTL = c"bqnktl",
    /// Orthant-wise quasi-Newton for `f(x) + λ‖x‖₁`, λ being `-tao_owlqn_lambda` (default 1): the objective
    /// includes the L1 term, the gradient does not.
    OWLQN = c"owlqn",
    /// Bundle method for a regularised risk, of weight `-tao_bmrm_lambda`.
    BMRM = c"bmrm",
    /// Interior points for a quadratic objective with bounds.
    BQPIP = c"bqpip",
    /// Gradient projection and conjugate gradients for a quadratic objective with bounds.
    GPCG = c"gpcg",
    /// Simplex search (Nelder and Mead) without gradients.
    NM = c"nm",
    /// Least squares without derivatives, by models of the residuals. For an optimiser on one rank: on several,
    /// PETSc gathers the points of the first simplex only, and from the first accepted step on reads all variables
    /// and residuals from arrays that hold this rank's part. Each rank may have an optimiser of its own, or one
    /// rank optimises while the others compute residuals (`tests/src/tao/leastsquares/chwirut2.rs`).
    POUNDERS = c"pounders",
    /// Regularised Gauss-Newton for least squares, with bounds.
    BRGN = c"brgn",
    /// Complementarity by a semismooth method, iterates may leave the bounds.
    SSILS = c"ssils",
    /// The same, iterates stay within the bounds.
    SSFLS = c"ssfls",
    /// Complementarity by an active-set semismooth method, iterates may leave the bounds.
    ASILS = c"asils",
    /// The same, iterates stay within the bounds.
    ASFLS = c"asfls",
    /// Interior points with general constraints, on one rank.
    IPM = c"ipm",
    /// Primal-dual interior points with general constraints. A variable with an upper bound needs a lower one.
    PDIPM = c"pdipm",
    /// Augmented Lagrangian multipliers for general constraints.
    ALMM = c"almm",
    /// Alternating directions for the sum of a misfit and a regulariser, see
    /// [`TaoRef::set_admm_misfit`](super::TaoRef::set_admm_misfit).
    ADMM = c"admm",
    /// Linearly constrained augmented Lagrangian, where constraints are equations for a state, see
    /// [`TaoRef::set_state_design`](super::TaoRef::set_state_design). Gets its defaults by
    /// [`TaoRef::set_from_options`](super::TaoRef::set_from_options), which has to be called.
    LCL = c"lcl",
    /// A closure, see [`TaoRef::set_shell_solve`](super::TaoRef::set_shell_solve).
    SHELL = c"shell",
}

/// What a method calls without asking whether it is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Needs {
    pub(super) hessian: bool,
    pub(super) residual: bool,
    pub(super) residual_jacobian: bool,
    pub(super) complementarity: bool,
    /// Both a function and a Jacobian of each general constraint that there is.
    pub(super) general: bool,
    /// Reads the vectors of bounds also if there are none.
    pub(super) bounds: bool,
    /// Writes beyond its arrays on several ranks.
    pub(super) one_rank: bool,
    /// Constraints that determine states, and their Jacobian in two parts.
    pub(super) states: bool,
    /// Is set up by functions that are not wrapped.
    pub(super) out_of_reach: bool,
}

/// By the name of the method.
pub(super) fn needs(kind: &str) -> Needs {
    let none = Needs::default();
    match kind {
        "nls" | "ntr" | "ntl" | "bnls" | "bntr" | "bntl" | "bnk" | "tron" | "bqpip" | "gpcg"
        | "snes" => Needs {
            hessian: true,
            ..none
        },
        "pounders" => Needs {
            residual: true,
            one_rank: true,
            ..none
        },
        "brgn" => Needs {
            residual: true,
            residual_jacobian: true,
            ..none
        },
        "ssils" | "ssfls" | "asils" | "asfls" => Needs {
            complementarity: true,
            ..none
        },
        "ipm" | "pdipm" => Needs {
            hessian: true,
            general: true,
            bounds: true,
            ..none
        },
        "almm" => Needs {
            general: true,
            ..none
        },
        "lcl" => Needs {
            states: true,
            ..none
        },
        "python" => Needs {
            out_of_reach: true,
            ..none
        },
        _ => none,
    }
}
