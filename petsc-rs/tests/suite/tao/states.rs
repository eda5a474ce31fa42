//! Constraints that are equations for a state.

use petsc_rs::matrix::ShellMatrix;
use petsc_rs::prelude::*;
use petsc_rs::tao::Tolerances;
use petsc_rs::{ErrorCode, IndexSet, MatrixRef, Tao, TaoType, VectorRef};
use petsc_test::assert_error;

const N: Int = 12;
const WEIGHT: Real = 0.1;

/// What the state should be.
fn wanted(i: Int) -> Real {
    (0.4 * i as Real).sin() + 1.0
}

/// Every second entry of a vector like `c`, from the first or from the second.
fn every_second(c: &VectorRef, from: Int) -> Result<IndexSet> {
    let first = 2 * c.ownership_range()?.start + from;
    IndexSet::strided(&c.comm()?, c.local_len()?, first, 2)
}

/// `½‖u − wanted‖² + ½·WEIGHT·‖v‖²` of `x = (u₀, v₀, u₁, v₁, …)`.
fn objective(x: &VectorRef, g: &mut VectorRef) -> Result<Real> {
    let first = x.ownership_range()?.start / 2;
    let mut terms = x.duplicate()?;
    {
        let (x, mut g, mut terms) = (x.array()?, g.array_mut()?, terms.array_mut()?);
        for (k, i) in (0..x.len() / 2).zip(first..) {
            let (d, v) = (x[2 * k] - wanted(i), x[2 * k + 1]);
            (g[2 * k], g[2 * k + 1]) = (d, WEIGHT * v);
            terms[2 * k] = (d * d + WEIGHT * v * v) / 2.0;
            terms[2 * k + 1] = 0.0;
        }
    }
    terms.sum()
}

/// `cᵢ = 4uᵢ − uᵢ₋₁ − uᵢ₊₁ + uᵢ³ − vᵢ` from all of `x`.
fn constraint(x: &[Real], i: usize) -> Real {
    let u = |i: usize| x.get(2 * i).copied().unwrap_or(0.0);
    let left = if i == 0 { 0.0 } else { u(i - 1) };
    4.0 * u(i) - left - u(i + 1) + u(i).powi(3) - x[2 * i + 1]
}

/// `∂c/∂u`.
fn by_states(x: &[Real], j: &mut MatrixRef) -> Result<()> {
    for i in j.ownership_range()? {
        let u = x[2 * usize::try_from(i)?];
        j.set_value(i, i, 4.0 + 3.0 * u * u, InsertMode::Insert)?;
        for k in [i - 1, i + 1] {
            if (0..N).contains(&k) {
                j.set_value(i, k, -1.0, InsertMode::Insert)?;
            }
        }
    }
    j.assemble()
}

/// Everything but the Jacobian by the states; a vector of constraints and a matrix for that.
fn optimiser(petsc: &Petsc) -> Result<(Tao, Vector, Vector, Matrix)> {
    let world = petsc.world();
    let c = Vector::new(world, N.try_into()?)?;
    let n = c.local_len()?;
    let x = Vector::with_local_len(world, 2 * n)?;
    let mut tao = Tao::new(world)?;
    tao.set_type(TaoType::LCL)?;
    tao.set_from_options()?;
    tao.set_objective_and_gradient(|_, x, g| objective(x, g))?;
    tao.set_constraints(&c, |_, x, c| {
        let all = x.gather_to_all()?;
        let first = usize::try_from(c.ownership_range()?.start)?;
        for (i, c) in (first..).zip(c.array_mut()?.iter_mut()) {
            *c = constraint(&all, i);
        }
        Ok(())
    })?;
    tao.set_state_design(&*every_second(&c, 0)?, &*every_second(&c, 1)?)?;
    let mut by_design = Matrix::builder(world).local_size(n, n).build()?;
    for i in by_design.ownership_range()? {
        by_design.set_value(i, i, -1.0, InsertMode::Insert)?;
    }
    by_design.assemble()?;
    tao.set_design_jacobian(&by_design, |_, _, _| Ok(()))?;
    accurate(&mut tao)?;
    let a = Matrix::builder(world).local_size(n, n).build()?;
    Ok((tao, x, c, a))
}

/// When to stop. A change of the method makes another linear solver, and PETSc 3.18 puts back one of the tolerances.
fn accurate(tao: &mut Tao) -> Result<()> {
    tao.set_tolerances(Tolerances {
        gatol: 1e-5.into(),
        gttol: 0.0.into(),
        catol: 1e-5.into(),
        ..Default::default()
    })?;
    let mut ksp = tao.ksp()?.ok_or("a solver")?;
    ksp.set_tolerances(petsc_rs::ksp::Tolerances { rtol: 1e-12.into(), ..Default::default() })
}

/// The conditions of an optimum, written out: `c = 0` and `u − wanted + WEIGHT·(∂c/∂u)ᵀ·v = 0`.
fn assert_optimal(x: &VectorRef) -> Result<()> {
    let all = x.gather_to_all()?;
    let value = |i: Int, of: usize| {
        usize::try_from(i).map_or(0.0, |i| all.get(2 * i + of).copied().unwrap_or(0.0))
    };
    for i in 0..N {
        let violation = constraint(&all, usize::try_from(i)?);
        assert!(violation.abs() < 1e-5, "{i}: {violation}");
        let (u, v) = (value(i, 0), value(i, 1));
        let product = (4.0 + 3.0 * u * u) * v - value(i - 1, 1) - value(i + 1, 1);
        let slope = u - wanted(i) + WEIGHT * product;
        assert!(slope.abs() < 1e-4, "{i}: {slope}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn lcl_finds_the_optimum_under_a_nonlinear_equation(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x, _, a) = optimiser(petsc)?;
    tao.set_state_jacobian(&a, &a, None, |_, x, j, _, inverse| {
        assert!(inverse.is_none());
        by_states(&x.gather_to_all()?, j)
    })?;
    let _ = tao.solve(&mut x)?;
    assert_optimal(&x)?;
    // Again, from another point.
    x.set(0.5)?;
    let _ = tao.solve(&mut x)?;
    assert_optimal(&x)
}

/// Of a symmetric matrix.
struct Inverse(Ksp);

impl ShellMatrix for Inverse {
    const TRANSPOSE: bool = true;

    fn mult(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        self.0.solve(x, y).map(drop)
    }

    fn mult_transpose(&mut self, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        self.mult(x, y)
    }
}

/// The inverse is applied, and the solver not.
#[petsc_test::test(ranks = [1, 2, 3])]
fn an_inverse_of_the_program_replaces_the_linear_solver(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x, c, a) = optimiser(petsc)?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_tolerances(petsc_rs::ksp::Tolerances { rtol: 1e-13.into(), ..Default::default() })?;
    ksp.set_operators(&a, &a)?;
    let n = c.local_len()?;
    let inverse = Matrix::shell_from(petsc.world(), n, n, Inverse(ksp))?;
    tao.set_state_jacobian(&a, &a, Some(&inverse), |_, x, j, _, inverse| {
        assert!(inverse.is_some());
        by_states(&x.gather_to_all()?, j)
    })?;
    let _ = tao.solve(&mut x)?;
    assert_optimal(&x)?;
    assert_eq!(tao.ksp()?.ok_or("a solver")?.total_iterations()?, 0);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn what_does_not_fit_is_refused(petsc: &Petsc) -> Result<()> {
    let mut tao = Tao::new(petsc.world())?;
    tao.set_type(TaoType::LCL)?;
    let mut x = Vector::new(petsc.world(), 4)?;
    let error = tao.solve(&mut x).map(drop).expect_err("no options");
    assert!(error.to_string().contains("set_from_options"), "{error}");

    let (mut tao, mut x, c, a) = optimiser(petsc)?;
    let code = |tao: &mut Tao, x: &mut Vector| tao.solve(x).map(drop).map_err(|e| e.code());
    assert_eq!(code(&mut tao, &mut x), Err(ErrorCode::ORDER));
    tao.set_state_jacobian(&a, &a, None, |_, x, j, _, _| by_states(&x.gather_to_all()?, j))?;
    let (even, odd) = (every_second(&c, 0)?, every_second(&c, 1)?);
    tao.set_state_design(&even, &even)?;
    for _ in 0..2 {
        assert_eq!(code(&mut tao, &mut x), Err(ErrorCode::ARG_INCOMP));
    }

    let (mut tao, mut x, c, a) = optimiser(petsc)?;
    tao.set_state_jacobian(&a, &a, None, |_, x, j, _, _| by_states(&x.gather_to_all()?, j))?;
    tao.set_state_design(&even, &*every_second(&c, 2)?)?;
    for _ in 0..2 {
        assert_eq!(code(&mut tao, &mut x), Err(ErrorCode::ARG_OUTOFRANGE));
    }

    let (mut tao, mut x, c, a) = optimiser(petsc)?;
    tao.set_state_jacobian(&a, &a, None, |_, x, j, _, _| by_states(&x.gather_to_all()?, j))?;
    let few = IndexSet::strided(petsc.world(), c.local_len()? - 1, 0, 1)?;
    tao.set_state_design(&few, &odd)?;
    assert_eq!(code(&mut tao, &mut x), Err(ErrorCode::ARG_SIZ));

    // Either Jacobian has a row for each state, and a column for each state or design variable.
    let (mut tao, mut x, c, a) = optimiser(petsc)?;
    let n = c.local_len()?;
    let of = |rows, columns| {
        let sizes = Matrix::builder(petsc.world()).local_size(rows, columns);
        sizes.build()
    };
    let mut refused = |tao: &mut Tao, what: &str| {
        let error = tao.solve(&mut x).map(drop).expect_err(what);
        assert_eq!(error.code(), ErrorCode::ARG_SIZ, "{error}");
        assert!(error.to_string().contains(what), "{error}");
    };
    let larger = of(n + 1, n + 1)?;
    tao.set_state_jacobian(&larger, &larger, None, |_, _, _, _, _| Ok(()))?;
    refused(&mut tao, "rows of the Jacobian with respect to the states");
    tao.set_state_jacobian(&a, &a, None, |_, _, _, _, _| Ok(()))?;
    tao.set_design_jacobian(&*of(n + 1, n)?, |_, _, _| Ok(()))?;
    refused(&mut tao, "rows of the Jacobian with respect to the design variables");
    tao.set_design_jacobian(&*of(n, n + 1)?, |_, _, _| Ok(()))?;
    refused(&mut tao, "columns of the Jacobian with respect to the design variables");

    let (mut tao, mut x, _, a) = optimiser(petsc)?;
    tao.set_state_jacobian(&a, &a, None, |_, x, j, _, _| by_states(&x.gather_to_all()?, j))?;
    let _ = tao.solve(&mut x)?;
    let late = tao.set_state_design(&even, &odd);
    assert_eq!(late.map_err(|e| e.code()), Err(ErrorCode::ARG_WRONGSTATE));
    Ok(())
}

/// States and designs go with the method that was set up with them, and only with that one.
#[petsc_test::test(ranks = [1, 2, 3])]
fn states_and_designs_go_with_the_method_that_was_set_up(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x, c, a) = optimiser(petsc)?;
    tao.set_state_jacobian(&a, &a, None, |_, x, j, _, _| by_states(&x.gather_to_all()?, j))?;
    let code = |tao: &mut Tao, x: &mut Vector| tao.solve(x).map(drop).map_err(|e| e.code());
    let (even, odd) = (every_second(&c, 0)?, every_second(&c, 1)?);
    // Another method neither needs nor takes them, also where they are wrong.
    tao.set_state_design(&even, &even)?;
    tao.set_type(TaoType::LMVM)?;
    assert_eq!(code(&mut tao, &mut x), Ok(()));
    let by_option = |tao: &mut Tao, name: &str| {
        petsc.options().scope(|options| {
            options.set("-tao_type", name)?;
            tao.set_from_options()
        })
    };
    by_option(&mut tao, "lcl")?;
    accurate(&mut tao)?;
    x.set(0.0)?;
    assert_eq!(code(&mut tao, &mut x), Err(ErrorCode::ARG_INCOMP));
    tao.set_state_design(&even, &odd)?;
    assert_eq!(code(&mut tao, &mut x), Ok(()));
    assert_optimal(&x)?;
    for option in [false, true] {
        assert_error(
            tao.set_state_design(&even, &odd),
            ErrorCode::ARG_WRONGSTATE,
            "cannot change after the first solve",
        );
        // The same type is no change.
        tao.set_type(TaoType::LCL)?;
        assert_error(
            tao.set_state_design(&even, &odd),
            ErrorCode::ARG_WRONGSTATE,
            "cannot change after the first solve",
        );
        if option {
            by_option(&mut tao, "blmvm")?;
        } else {
            tao.set_type(TaoType::BLMVM)?;
        }
        assert_eq!(code(&mut tao, &mut x), Ok(()));
        tao.set_type(TaoType::LCL)?;
        tao.set_from_options()?;
        accurate(&mut tao)?;
        // PETSc has thrown them away.
        assert_eq!(code(&mut tao, &mut x), Err(ErrorCode::ORDER));
        tao.set_state_design(&even, &odd)?;
        x.set(0.0)?;
        assert_eq!(code(&mut tao, &mut x), Ok(()));
        assert_optimal(&x)?;
    }
    Ok(())
}

/// A method that fails while it is made leaves an optimizer without one: C calls functions of the new method then, and
/// says that it is the old one.
#[petsc_test::test(ranks = [1, 2])]
fn a_method_whose_creation_failed_is_not_set(petsc: &Petsc) -> Result<()> {
    let (mut tao, mut x, c, _) = optimiser(petsc)?;
    tao.set_type(TaoType::BLMVM)?;
    let unknown = tao.set_type(TaoType::new(c"unknown"));
    assert_eq!(unknown.map_err(|e| e.code()), Err(ErrorCode::ARG_UNKNOWN_TYPE));
    let _ = tao.solve(&mut x)?;
    let mut tao = Tao::new(petsc.world())?;
    tao.set_objective_and_gradient(|_, x, g| objective(x, g))?;
    tao.set_state_design(&*every_second(&c, 0)?, &*every_second(&c, 1)?)?;
    for option in [false, true] {
        petsc.options().scope(|options| {
            options.set("-ksp_type", "nonsense")?;
            let failed = if option {
                options.set("-tao_type", "lcl")?;
                tao.set_from_options()
            } else {
                tao.set_type(TaoType::LCL)
            };
            assert_eq!(failed.map_err(|e| e.code()), Err(ErrorCode::ARG_UNKNOWN_TYPE));
            Ok::<(), Error>(())
        })?;
        assert_eq!(tao.type_name()?, None);
        let refused = tao.solve(&mut x).map(drop).map_err(|e| e.code());
        assert_eq!(refused, Err(ErrorCode::ORDER));
        tao.set_type(TaoType::LMVM)?;
        x.set(0.0)?;
        let _ = tao.solve(&mut x)?;
    }
    Ok(())
}
