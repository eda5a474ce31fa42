//! The kinds of callbacks.

use std::path::Path;
use std::time::Duration;

/// The callback fails by an error and by a panic on the ranks `who`.
fn check(kind: &str, who: &str) {
    for how in ["err", "panic"] {
        let program = Path::new(env!("CARGO_BIN_EXE_fault"));
        let limit = Duration::from_secs(10);
        let mut command = petsc_test::command(3, program);
        command.args([kind, how, who]);
        if who != "all" {
            // The others do not fail: no use in waiting a whole second for them to, in hundreds of jobs.
            command.env("PETSC_RS_ABORT_GRACE", "0.1");
        }
        let job = petsc_test::finish(command, limit).unwrap();
        let name = format!("{kind} {how} {who}");
        assert!(!job.timed_out, "{name} hangs:\n{}", job.output);
        assert!(job.code.is_some_and(|c| c != 0), "{name}: {:?}", job.code);
        let said = job.output.matches("injected fault").count();
        assert_eq!(said, 1, "{name} says it {said} times:\n{}", job.output);
    }
}

macro_rules! kinds {
    ($($name:ident = $kind:literal),* $(,)?) => {$(
        mod $name {
            #[test]
            fn fails_on_the_first() {
                super::check($kind, "first");
            }

            #[test]
            fn fails_on_the_last() {
                super::check($kind, "last");
            }

            #[test]
            fn fails_on_all() {
                super::check($kind, "all");
            }
        }
    )*};
}

kinds! {
    monitor = "monitor",
    convergence_test = "convergence",
    shell_mult = "shell-mult",
    shell_preconditioner = "shell-pc",
    compute_operators = "compute-operators",
}

/// The program fails because of its faults, and not of something else.
#[test]
fn without_a_fault_it_complains_of_the_kind_only() {
    let program = Path::new(env!("CARGO_BIN_EXE_fault"));
    let job = petsc_test::launch(3, program, &["nothing", "err", "all"], Duration::from_secs(10));
    assert!(job.unwrap().output.contains("unknown kind nothing"));
}

kinds! {
    grid_function = "grid-function",
    grid_jacobian = "grid-jacobian",
    grid_right_hand_side = "grid-rhs",
    grid_implicit_function = "grid-i-function",
    grid_implicit_jacobian = "grid-i-jacobian",
    grid_operators_of_multigrid = "grid-operators",
}

/// TAO needs real numbers.
#[cfg(petsc_scalar = "real")]
mod optimisers {
    use super::check;

    kinds! {
        objective = "tao-objective",
        gradient = "tao-gradient",
        objective_and_gradient = "tao-both",
        hessian = "tao-hessian",
        hessian_product = "tao-hessian-product",
        residual = "tao-residual",
        residual_jacobian = "tao-residual-jacobian",
        regularizer = "tao-regularizer",
        regularizer_hessian = "tao-regularizer-hessian",
        admm_misfit = "tao-admm-misfit",
        admm_misfit_hessian = "tao-admm-misfit-hessian",
        admm_misfit_constraint = "tao-admm-misfit-constraint",
        admm_regularizer = "tao-admm-regularizer",
        admm_regularizer_hessian = "tao-admm-regularizer-hessian",
        shell = "tao-shell",
        constraint = "tao-constraint",
        bounds = "tao-bounds",
        complementarity = "tao-complementarity",
        jacobian_of_complementarity = "tao-complementarity-jacobian",
        state_jacobian = "tao-state-jacobian",
        design_jacobian = "tao-design-jacobian",
        line_search_of_ones_own = "tao-line-search",
        monitor = "tao-monitor",
        convergence_test = "tao-convergence",
        update = "tao-update",
    }
}

kinds! {
    snes_function = "snes-function",
    snes_jacobian = "snes-jacobian",
    snes_monitor = "snes-monitor",
    snes_convergence_test = "snes-convergence",
    snes_update = "snes-update",
    snes_objective = "snes-objective",
    snes_initial_guess = "snes-guess",
    snes_pre_check = "snes-pre-check",
    snes_post_check = "snes-post-check",
    snes_bounds = "snes-bounds",
    snes_gauss_seidel = "snes-ngs",
    snes_picard = "snes-picard",
    snes_scoped_function = "snes-scoped",
}

#[cfg(feature = "slepc")]
mod eigensolvers {
    use super::check;

    kinds! {
        monitor = "eigen-monitor",
        comparison = "eigen-comparison",
        convergence_test = "eigen-convergence",
        stopping_test = "eigen-stopping",
        selection = "eigen-selection",
        shell_mult = "eigen-shell-mult",
        transformation = "eigen-transformation",
        transposed_transformation = "eigen-transposed-transformation",
        back_transformation = "eigen-back-transformation",
        nonlinear_function = "eigen-nep-function",
        nonlinear_jacobian = "eigen-nep-jacobian",
        nonlinear_monitor = "eigen-nep-monitor",
        nonlinear_comparison = "eigen-nep-comparison",
        nonlinear_convergence_test = "eigen-nep-convergence",
        nonlinear_stopping_test = "eigen-nep-stopping",
        nonlinear_singularities = "eigen-nep-singularities",
        singular_monitor = "eigen-svd-monitor",
        singular_convergence_test = "eigen-svd-convergence",
        singular_stopping_test = "eigen-svd-stopping",
        singular_shell_mult = "eigen-svd-shell-mult",
        singular_shell_mult_transpose = "eigen-svd-shell-mult-transpose",
        polynomial_monitor = "eigen-pep-monitor",
        polynomial_comparison = "eigen-pep-comparison",
        polynomial_stopping_test = "eigen-pep-stopping",
        polynomial_shell_mult = "eigen-pep-shell-mult",
        polynomial_convergence_test = "eigen-pep-convergence",
        matrix_function_monitor = "eigen-mfn-monitor",
        matrix_function_shell_mult = "eigen-mfn-shell-mult",
        matrix_equation_monitor = "eigen-lme-monitor",
        matrix_equation_shell_mult = "eigen-lme-shell-mult",
        order_of_a_dense_problem = "eigen-dense-order",
        eigenvector_function = "eigen-power-function",
        eigenvector_jacobian = "eigen-power-jacobian",
        eigenvector_function_of_the_right = "eigen-power-function-b",
        eigenvector_functions_of_both_sides = "eigen-power-functions",
    }

    #[cfg(petsc_ge_3_20)]
    kinds! { eigenvector_norm = "eigen-power-norm" }
}

mod integrators {
    use super::check;

    kinds! {
        right_hand_side = "time-rhs",
        right_hand_side_jacobian = "time-rhs-jacobian",
        implicit_function = "time-i-function",
        implicit_jacobian = "time-i-jacobian",
        function_of_second_order = "time-i2-function",
        jacobian_of_second_order = "time-i2-jacobian",
        monitor = "time-monitor",
        pre_step = "time-pre-step",
        post_step = "time-post-step",
        post_evaluate = "time-post-evaluate",
        pre_stage = "time-pre-stage",
        post_stage = "time-post-stage",
        domain = "time-domain",
        event_indicator = "time-indicator",
        after_event = "time-after-event",
        solution = "time-solution",
        derivative_by_parameters = "time-rhs-jacobian-p",
        adjoint_monitor = "time-adjoint-monitor",
        implicit_derivative_by_parameters = "time-i-jacobian-p",
        pseudo_step = "time-pseudo-step",
        pseudo_verification = "time-pseudo-verify",
        right_hand_side_of_a_part = "time-part",
        post_step_of_a_scope = "time-scoped-post-step",
        product_with_second_derivatives = "time-hessian-product",
        implicit_product_with_second_derivatives = "time-i-hessian-product",
    }

    /// The program that the faults are injected into runs to its end without them.
    #[test]
    fn without_a_fault_it_succeeds() {
        let program = std::path::Path::new(env!("CARGO_BIN_EXE_fault"));
        let limit = std::time::Duration::from_secs(10);
        let job = petsc_test::launch(3, program, &["time-nothing", "err", "all"], limit).unwrap();
        assert_eq!(job.code, Some(0), "{}", job.output);
    }
}
