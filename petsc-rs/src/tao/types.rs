//! Names of optimization methods, and the functions that each method requires.

use crate::type_names::type_names;

type_names! {
    /// Name of an optimization method, for `-tao_type` and
    /// [`TaoRef::set_type`](super::TaoRef::set_type).
    TaoType;
    /// Limited-memory variable metric (quasi-Newton) method, without bounds.
    LMVM = c"lmvm",
    /// Limited-memory variable metric (quasi-Newton) method, with bounds.
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
    /// Trust-region Newton method with bounds.
    TRON = c"tron",
    /// Newton's method with a line search and bounds, with an active set.
    BNLS = c"bnls",
    /// Newton's method with a trust region and bounds, with an active set.
    BNTR = c"bntr",
    /// Newton's method with a trust region, a line search and bounds, with an active set.
    BNTL = c"bntl",
    /// Quasi-Newton method with a line search and bounds, with an active set.
    BQNLS = c"bqnls",
    /// Quasi-Newton–Krylov method with a line search and bounds.
    BQNKLS = c"bqnkls",
    /// Quasi-Newton–Krylov method with a trust region and bounds.
    BQNKTR = c"bqnktr",
    /// Quasi-Newton–Krylov method with a trust region, a line search and bounds.
    BQNKTL = c"bqnktl",
    /// Orthant-wise quasi-Newton method for `f(x) + λ‖x‖₁`, where λ is `-tao_owlqn_lambda` (default
    /// 1). The closure of the objective includes the L1 term; the closure of the gradient omits it.
    OWLQN = c"owlqn",
    /// Bundle method for regularized risk minimization, with the weight `-tao_bmrm_lambda`.
    BMRM = c"bmrm",
    /// Interior-point method for quadratic objectives with bounds.
    BQPIP = c"bqpip",
    /// Gradient projection and conjugate gradients for quadratic objectives with bounds.
    GPCG = c"gpcg",
    /// Simplex search of Nelder and Mead, without gradients.
    NM = c"nm",
    /// Least squares without derivatives, with models of the residuals. Requires a communicator of
    /// one rank: on several ranks, PETSc's implementation gathers the initial interpolation points,
    /// but later it reads all variables and residuals from arrays of local entries. To use several
    /// ranks, give each rank its own optimizer, or optimize on one rank while the others compute
    /// residuals (`tests/src/tao/leastsquares/chwirut2.rs`).
    POUNDERS = c"pounders",
    /// Regularized Gauss–Newton method for least squares, with bounds.
    BRGN = c"brgn",
    /// Semismooth method for complementarity problems. Iterates may violate the bounds.
    SSILS = c"ssils",
    /// Feasible semismooth method for complementarity problems. Iterates satisfy the bounds.
    SSFLS = c"ssfls",
    /// Active-set semismooth method for complementarity problems. Iterates may violate the bounds.
    ASILS = c"asils",
    /// Feasible active-set semismooth method for complementarity problems. Iterates satisfy the
    /// bounds.
    ASFLS = c"asfls",
    /// Interior-point method with general constraints, on one rank.
    IPM = c"ipm",
    /// Primal-dual interior-point method with general constraints. A variable with an upper bound
    /// needs a lower bound.
    PDIPM = c"pdipm",
    /// Augmented Lagrangian method of multipliers for general constraints.
    ALMM = c"almm",
    /// Alternating direction method of multipliers for the sum of a misfit and a regularizer, see
    /// [`TaoRef::set_admm_misfit`](super::TaoRef::set_admm_misfit).
    ADMM = c"admm",
    /// Linearly constrained augmented Lagrangian method, where the constraints are equations for a
    /// state, see [`TaoRef::set_state_design`](super::TaoRef::set_state_design). Call
    /// [`TaoRef::set_from_options`](super::TaoRef::set_from_options), which sets the defaults of
    /// this method.
    LCL = c"lcl",
    /// A method implemented as a closure, see
    /// [`TaoRef::set_shell_solve`](super::TaoRef::set_shell_solve).
    SHELL = c"shell",
}

/// Functions that a method calls without checking that they are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Needs {
    pub(super) hessian: bool,
    pub(super) residual: bool,
    pub(super) residual_jacobian: bool,
    pub(super) complementarity: bool,
    /// The function and the Jacobian of each general constraint that is set.
    pub(super) general: bool,
    /// The vectors of bounds, which the method reads even if there are none.
    pub(super) bounds: bool,
    /// Only one rank: on several ranks, the method writes outside its arrays.
    pub(super) one_rank: bool,
    /// Constraints that determine states, and the two parts of their Jacobian.
    pub(super) states: bool,
    /// Settings with functions that are not wrapped.
    pub(super) out_of_reach: bool,
}

/// Returns the requirements of a method.
pub(super) fn needs(kind: &str) -> Needs {
    let interior = matches!(kind, "ipm" | "pdipm");
    let newton = ["nls", "ntr", "ntl", "bnls", "bntr", "bntl", "bnk"];
    let with_hessian = ["tron", "bqpip", "gpcg", "snes"];
    Needs {
        hessian: interior || newton.contains(&kind) || with_hessian.contains(&kind),
        residual: matches!(kind, "pounders" | "brgn"),
        residual_jacobian: kind == "brgn",
        complementarity: matches!(kind, "ssils" | "ssfls" | "asils" | "asfls"),
        general: interior || kind == "almm",
        bounds: interior,
        one_rank: kind == "pounders",
        states: kind == "lcl",
        out_of_reach: kind == "python",
    }
}
