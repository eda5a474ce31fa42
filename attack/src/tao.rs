//! Optimizers.

use petsc_rs::tao::{
    AdmmRegularizer, AdmmUpdate, AlmmType, ConvergedReason, LineSearch, LineSearchType, Tolerances,
};
use petsc_rs::{
    IndexSet, Int, Matrix, MatrixRef, Norm, Object as _, Real, Result, Scalar, ScalarExt as _, Tao,
    TaoRef, TaoType, Vector, VectorRef,
};

use crate::dice::Dice;
use crate::matrix;
use crate::vector;
use crate::work::{self, Mischief};
use crate::world::{Lease, Operation, World, ask};

/// The operations of this class.
pub(crate) const TABLE: &[Operation] = &[
    Operation { name: "Tao create", run: |w, d| create(w, d).map(drop) },
    Operation { name: "Tao drop", run: |w, d| w.taos.discard(d) },
    Operation {
        name: "Tao::share",
        run: |w, d| {
            let t = any(w, d)?.share()?;
            w.taos.keep(t);
            Ok(())
        },
    },
    Operation { name: "Tao ask", run: |w, d| ask(&mut *any(w, d)?, d) },
    Operation { name: "Tao::set_type", run: |w, d| any(w, d)?.set_type(d.pick(TAO)) },
    Operation {
        name: "Tao type after solve",
        run: |w, d| {
            let mut t = any(w, d)?;
            run(w, d, &mut t)?;
            t.set_type(usual(d))?;
            run(w, d, &mut t)
        },
    },
    Operation {
        name: "Tao another size",
        run: |w, d| {
            let mut t = any(w, d)?;
            let n = w.size(d);
            equip(w, d, &mut t, n)?;
            run_with(w, d, &mut t, n)
        },
    },
    Operation {
        name: "Tao objective",
        run: |w, d| {
            let mut t = any(w, d)?;
            objective(w, d, &mut t)
        },
    },
    Operation {
        name: "Tao::set_hessian",
        run: |w, d| {
            let mut t = any(w, d)?;
            let n = size(w, d, &t);
            hessian(w, d, &mut t, n)
        },
    },
    Operation { name: "Tao::set_from_options", run: from_options },
    Operation { name: "Tao::solve", run: solve },
    Operation { name: "Tao solve again", run: solve },
    Operation { name: "Tao least squares", run: least_squares },
    Operation { name: "Tao complementarity", run: complementarity },
    Operation { name: "Tao constraints", run: constraints },
    Operation { name: "Tao bounds", run: bounds },
    Operation { name: "Tao states", run: states },
    Operation { name: "Tao admm", run: admm },
    Operation { name: "Tao almm", run: almm },
    Operation { name: "Tao lmvm", run: quasi_newton },
    Operation { name: "Tao shell", run: shell },
    Operation { name: "Tao callbacks", run: callbacks },
    Operation { name: "Tao settings", run: settings },
    Operation { name: "Tao results", run: results },
    Operation { name: "Tao compute", run: compute },
    Operation { name: "Tao lent", run: lent },
    Operation { name: "Tao parts", run: parts },
    Operation {
        name: "Tao::ksp",
        run: |w, d| {
            if let Some(k) = any(w, d)?.ksp()? {
                w.ksps.keep(k);
            }
            Ok(())
        },
    },
    Operation { name: "Tao search", run: |w, d| search(w, d).map(drop) },
    Operation { name: "Tao search settings", run: search_settings },
    Operation { name: "Tao search apply", run: search_apply },
    Operation { name: "Tao search drop", run: |w, d| w.tao_searches.discard(d) },
];

/// Those that need a gradient and no more, then those that need a Hessian as well, then the others.
const TAO: &[TaoType<'static>] = &[
    TaoType::LMVM,
    TaoType::BLMVM,
    TaoType::CG,
    TaoType::BNCG,
    TaoType::BQNLS,
    TaoType::BQNKLS,
    TaoType::BQNKTR,
    TaoType::BQNKTL,
    TaoType::NM,
    TaoType::OWLQN,
    TaoType::BMRM,
    TaoType::NLS,
    TaoType::NTR,
    TaoType::NTL,
    TaoType::TRON,
    TaoType::BNLS,
    TaoType::BNTR,
    TaoType::BNTL,
    TaoType::BQPIP,
    TaoType::GPCG,
    TaoType::POUNDERS,
    TaoType::BRGN,
    TaoType::SSILS,
    TaoType::SSFLS,
    TaoType::ASILS,
    TaoType::ASFLS,
    TaoType::IPM,
    TaoType::PDIPM,
    TaoType::ALMM,
    TaoType::ADMM,
    TaoType::LCL,
    TaoType::SHELL,
];

fn usual(dice: &mut Dice) -> TaoType<'static> {
    dice.pick(&TAO[..18])
}

fn real(value: Real) -> Scalar {
    Scalar::from_real(value)
}

/// An optimizer of a convex function, mostly.
fn create(world: &World, dice: &mut Dice) -> Result<Lease<Tao>> {
    let comm = world.comm(dice);
    let mut t = Tao::new(&comm)?;
    if dice.chance(85) {
        t.set_type(usual(dice))?;
    } else {
        t.set_type(dice.pick(TAO))?;
    }
    if dice.chance(20) {
        t.set_options_prefix("attacked_")?;
    }
    if dice.chance(90) {
        let n = world.size(dice);
        equip(world, dice, &mut t, n)?;
    }
    t.set_tolerances(Tolerances {
        max_iterations: dice.below(6).into(),
        max_evaluations: 60.into(),
        ..Default::default()
    })?;
    Ok(world.taos.lease(t))
}

fn any(world: &World, dice: &mut Dice) -> Result<Lease<Tao>> {
    if dice.chance(15) {
        return create(world, dice);
    }
    match world.taos.find(dice, |_| true) {
        Some(t) if dice.chance(30) => Ok(world.taos.lease(t.share()?)),
        Some(t) => Ok(t),
        None => create(world, dice),
    }
}

fn equip(world: &World, dice: &mut Dice, t: &mut Tao, n: usize) -> Result<()> {
    objective(world, dice, t)?;
    if dice.chance(90) {
        hessian(world, dice, t, n)?;
    }
    Ok(())
}

/// The number of variables that it was used for last.
fn size(world: &World, dice: &mut Dice, t: &Tao) -> usize {
    if dice.chance(5) {
        return world.size(dice);
    }
    let length = |x: Option<petsc_rs::Loan<'_, Vector>>| x.and_then(|x| x.len().ok());
    let of_hessian = || t.hessian().ok().flatten().and_then(|(h, _)| h.size().ok());
    t.solution()
        .ok()
        .and_then(length)
        .or_else(|| of_hessian().map(|(m, _)| m))
        .unwrap_or_else(|| world.n.get())
}

/// `∑ (xᵢ⁴/4 + xᵢ²/2 − xᵢ)` or the function of Rosenbrock, pair by pair on each rank.
fn value(x: &VectorRef, rosenbrock: bool) -> Result<Real> {
    let lent = x.array()?;
    let entries: Vec<Real> = lent.iter().map(|x| x.real()).collect();
    let here: Real = if rosenbrock {
        entries
            .chunks_exact(2)
            .map(|p| (1.0 - p[0]).powi(2) + 10.0 * (p[1] - p[0] * p[0]).powi(2))
            .sum()
    } else {
        entries.iter().map(|x| x.powi(4) / 4.0 + x * x / 2.0 - x).sum()
    };
    drop(lent);
    // The same on all ranks, by a reduction of PETSc's.
    let mut one = Vector::from_slice(&x.comm()?, &[real(here)])?;
    one.scale(real(1.0))?;
    Ok(one.sum()?.real())
}

fn gradient(x: &VectorRef, g: &mut VectorRef, rosenbrock: bool) -> Result<()> {
    if !rosenbrock {
        return work::map(x, g, |x| x * x * x + x - real(1.0));
    }
    let x = x.array()?;
    let mut g = g.array_mut()?;
    g.fill(real(0.0));
    for (x, g) in x.chunks_exact(2).zip(g.chunks_exact_mut(2)) {
        let d = x[1] - x[0] * x[0];
        g[0] = real(-2.0) * (real(1.0) - x[0]) - real(40.0) * x[0] * d;
        g[1] = real(20.0) * d;
    }
    Ok(())
}

fn objective(world: &World, dice: &mut Dice, t: &mut Tao) -> Result<()> {
    let mischief = Mischief::new(world, dice);
    let other = Mischief::new(world, dice);
    let rosenbrock = dice.chance(30);
    if dice.chance(70) {
        return t.set_objective_and_gradient(move |_, x, g| {
            mischief.act()?;
            gradient(x, g, rosenbrock)?;
            value(x, rosenbrock)
        });
    }
    t.set_objective(move |_, x| {
        mischief.act()?;
        value(x, rosenbrock)
    })?;
    t.set_gradient(move |_, x, g| {
        other.act()?;
        gradient(x, g, rosenbrock)
    })
}

fn hessian(world: &World, dice: &mut Dice, t: &mut Tao, n: usize) -> Result<()> {
    let comm = t.comm()?;
    let mischief = Mischief::new(world, dice);
    if dice.chance(10) {
        let like = work::vector(world, dice, &comm, n)?;
        return t.set_hessian_product(&like, move |_, v, y| {
            mischief.act()?;
            y.copy_from(v)
        });
    }
    let h = work::square(world, dice, &comm, n)?;
    let fill = move |_: &TaoRef, x: &VectorRef, _: &mut MatrixRef, p: &mut MatrixRef| {
        mischief.act()?;
        work::fill_diagonal(x, p, |x| real(3.0) * x * x + real(1.0))
    };
    if dice.chance(85) {
        t.set_hessian(&h, &h, fill)
    } else {
        let p = work::square(world, dice, &comm, n)?;
        t.set_hessian(&h, &p, fill)
    }
}

fn from_options(world: &World, dice: &mut Dice) -> Result<()> {
    const OPTIONS: &[(&str, &str)] = &[
        ("tao_type", "bncg"),
        ("tao_fd_gradient", "true"),
        ("tao_fd_hessian", "true"),
        ("tao_mf_hessian", "true"),
        ("tao_test_gradient", "true"),
        ("tao_ls_type", "armijo"),
        ("tao_bnk_as_type", "none"),
        ("tao_bnk_init_type", "interpolation"),
        ("tao_bqnls_mat_lmvm_num_vecs", "2"),
        ("tao_bncg_type", "ssml_bfgs"),
        ("tao_ntr_ksp_type", "nash"),
        ("tao_nls_ksp_type", "cg"),
        ("ksp_type", "stcg"),
        ("pc_type", "none"),
        ("tao_recycle_history", "true"),
    ];
    let mut t = any(world, dice)?;
    let prefix = t.options_prefix()?.unwrap_or_default();
    world.with_options(dice, &prefix, OPTIONS, || t.set_from_options())
}

fn run(world: &World, dice: &mut Dice, t: &mut Tao) -> Result<()> {
    let n = size(world, dice, t);
    run_with(world, dice, t, n)
}

fn run_with(world: &World, dice: &mut Dice, t: &mut Tao, n: usize) -> Result<()> {
    let mut x = work::vector(world, dice, &t.comm()?, n)?;
    if dice.chance(90) { t.solve_unchecked(&mut x).map(drop) } else { t.solve(&mut x).map(drop) }
}

fn solve(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    run(world, dice, &mut t)
}

/// One of these types: a new one, mostly, else one that there is.
fn of_type(world: &World, dice: &mut Dice, types: &[TaoType<'static>]) -> Result<Lease<Tao>> {
    let kind = dice.pick(types);
    let is = |t: &Tao| t.is_type(&kind.name().to_string_lossy()).unwrap_or(false);
    if dice.coin() {
        if let Some(t) = world.taos.find(dice, is) {
            return Ok(t);
        }
    }
    let mut t = create(world, dice)?;
    if dice.chance(95) {
        t.set_type(kind)?;
    }
    Ok(t)
}

fn least_squares(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = of_type(world, dice, &[TaoType::BRGN, TaoType::BRGN, TaoType::POUNDERS])?;
    let n = size(world, dice, &t);
    let comm = t.comm()?;
    let m = if dice.coin() { n } else { n + 2 };
    let r = work::values(world, dice, &comm, m)?;
    let (one, other) = (Mischief::new(world, dice), Mischief::new(world, dice));
    t.set_residual(&r, move |_, x, r| {
        one.act()?;
        r.set(real(0.1))?;
        work::map(x, r, |x| x * x - real(2.0))
    })?;
    if dice.chance(90) {
        let mut j = Matrix::builder(&comm).global_size(m, n).build()?;
        for i in j.ownership_range()?.filter(|&i| usize::try_from(i).is_ok_and(|i| i < n)) {
            j.set_value(i, i, real(1.0), petsc_rs::InsertMode::Insert)?;
        }
        j.assemble()?;
        t.set_residual_jacobian(&j, &j, move |_, x, _, j| {
            other.act()?;
            work::fill_diagonal(x, j, |x| real(2.0) * x)
        })?;
    }
    match dice.below(8) {
        0 => {
            let weights = work::vector(world, dice, &comm, m)?;
            t.set_residual_weights(&weights)?;
        }
        1 => t.set_residual_weight_pairs(&[0, 1], &[0, 1], &[1.0, 2.0])?,
        2 => t.set_brgn_regularizer_weight(0.1)?,
        3 => t.set_brgn_l1_smooth_epsilon(1e-3)?,
        4 => {
            let d = work::square(world, dice, &comm, n)?;
            t.set_brgn_dictionary(&d)?;
        }
        5 => {
            let h = work::square(world, dice, &comm, n)?;
            t.set_brgn_regularizer(
                |_, x, g| {
                    g.copy_from(x)?;
                    Ok(x.norm(Norm::Two)?.powi(2) / 2.0)
                },
                &h,
                |_, x, h| work::fill_diagonal(x, h, |_| real(1.0)),
            )?;
        }
        _ => {}
    }
    run_with(world, dice, &mut t, n)
}

fn complementarity(world: &World, dice: &mut Dice) -> Result<()> {
    let kinds = [TaoType::SSILS, TaoType::SSFLS, TaoType::ASILS, TaoType::ASFLS];
    let mut t = of_type(world, dice, &kinds)?;
    let n = size(world, dice, &t);
    let comm = t.comm()?;
    let c = work::values(world, dice, &comm, n)?;
    let j = work::square(world, dice, &comm, n)?;
    let (one, other) = (Mischief::new(world, dice), Mischief::new(world, dice));
    t.set_constraints(&c, move |_, x, c| {
        one.act()?;
        work::map(x, c, |x| x * real(2.0) - real(1.0))
    })?;
    t.set_jacobian(&j, &j, move |_, x, _, j| {
        other.act()?;
        work::fill_diagonal(x, j, |_| real(2.0))
    })?;
    if dice.chance(90) {
        t.set_variable_bounds(0.0, 10.0)?;
    }
    run_with(world, dice, &mut t, n)
}

fn constraints(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = of_type(world, dice, &[TaoType::ALMM, TaoType::PDIPM, TaoType::IPM])?;
    let n = size(world, dice, &t);
    let comm = t.comm()?;
    let h = work::square(world, dice, &comm, n)?;
    t.set_hessian(&h, &h, |_, x, _, p| {
        work::fill_diagonal(x, p, |x| real(3.0) * x * x + real(1.0))
    })?;
    let row = |m: usize| -> Result<Matrix> {
        let mut j = Matrix::builder(&comm).global_size(m, n).build()?;
        for i in j.ownership_range()? {
            if usize::try_from(i)? < n {
                j.set_value(i, i, real(1.0), petsc_rs::InsertMode::Insert)?;
            }
        }
        j.assemble()?;
        Ok(j)
    };
    let (one, other) = (Mischief::new(world, dice), Mischief::new(world, dice));
    if dice.chance(70) {
        let c = work::values(world, dice, &comm, 1)?;
        t.set_equality_constraints(&c, move |_, x, c| {
            one.act()?;
            work::map(x, c, |x| x - real(0.5))
        })?;
        let j = row(1)?;
        t.set_equality_jacobian(&j, &j, |_, _, _, _| Ok(()))?;
    }
    if dice.chance(50) {
        let m = dice.below(n) + 1;
        let c = work::values(world, dice, &comm, m)?;
        t.set_inequality_constraints(&c, move |_, x, c| {
            other.act()?;
            work::map(x, c, |x| x + real(2.0))
        })?;
        let j = row(m)?;
        t.set_inequality_jacobian(&j, &j, |_, x, j, _| work::fill_diagonal(x, j, |_| real(1.0)))?;
        if dice.chance(10) {
            t.set_inequality_bounds(Some(&c), None)?;
        }
    }
    if dice.chance(80) {
        t.set_variable_bounds(-10.0, 10.0)?;
    }
    run_with(world, dice, &mut t, n)
}

fn bounds(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    if dice.chance(70) {
        t.set_type(dice.pick(&[
            TaoType::BLMVM,
            TaoType::TRON,
            TaoType::BNLS,
            TaoType::BQNLS,
            TaoType::BNCG,
        ]))?;
    }
    let n = size(world, dice, &t);
    let comm = t.comm()?;
    match dice.below(4) {
        0 => t.set_variable_bounds(-1.0, 0.5)?,
        1 => {
            let mut low = work::vector(world, dice, &comm, n)?;
            let mut high = work::vector(world, dice, &comm, n)?;
            low.set(real(-1.0))?;
            high.set(real(0.5))?;
            t.set_variable_bounds(&**low, &**high)?;
        }
        2 => {
            let mischief = Mischief::new(world, dice);
            t.set_compute_variable_bounds(move |_, low, high| {
                mischief.act()?;
                low.set(real(-1.0))?;
                high.set(real(0.5))
            })?;
        }
        _ => {
            if let Some((low, _)) = t.variable_bounds()? {
                let lent = low.array()?;
                let before = vector::bits(&lent);
                world.play(dice);
                assert!(vector::bits(&lent) == before, "lent bounds have changed");
            }
        }
    }
    run_with(world, dice, &mut t, n)
}

/// States and design variables: half of the variables each.
fn states(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = of_type(world, dice, &[TaoType::LCL])?;
    if dice.chance(90) {
        t.set_from_options()?;
    }
    let comm = t.comm()?;
    let half = world.n.get().div_ceil(2);
    let n = 2 * half;
    let count = Int::try_from(half)?;
    if comm.size() == 1 {
        let state = IndexSet::strided(&comm, half, 0, 1)?;
        let design = IndexSet::strided(&comm, half, count, 1)?;
        t.set_state_design(&state, &design)?;
    }
    let c = work::values(world, dice, &comm, half)?;
    let mischief = Mischief::new(world, dice);
    t.set_constraints(&c, move |_, x, c| {
        mischief.act()?;
        work::map(x, c, |x| x - real(0.5))
    })?;
    let (j, inverse) = (work::square(world, dice, &comm, half)?, work::tridiagonal(&comm, half)?);
    let given = dice.coin().then_some(&*inverse);
    t.set_state_jacobian(&j, &j, given, |_, x, _, j, inverse| {
        work::fill_diagonal(x, j, |_| real(1.0))?;
        inverse.map_or(Ok(()), |i| work::fill_diagonal(x, i, |_| real(1.0)))
    })?;
    let d = work::square(world, dice, &comm, half)?;
    t.set_design_jacobian(&d, |_, x, d| work::fill_diagonal(x, d, |_| real(0.1)))?;
    run_with(world, dice, &mut t, n)
}

fn admm(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = of_type(world, dice, &[TaoType::ADMM])?;
    let n = size(world, dice, &t);
    let comm = t.comm()?;
    let mischief = Mischief::new(world, dice);
    t.set_admm_misfit(move |_, x, g| {
        mischief.act()?;
        work::map(x, g, |x| x - real(3.0))?;
        let norm = g.norm(Norm::Two)?;
        Ok(norm * norm / 2.0)
    })?;
    if dice.chance(80) {
        t.admm_misfit_solver()?.set_type(TaoType::LMVM)?;
    }
    match dice.below(14) {
        0 => t.set_admm_regularizer_type(AdmmRegularizer::SoftThreshold)?,
        1 => {
            t.set_admm_regularizer_type(AdmmRegularizer::User)?;
            t.set_admm_regularizer(|_, z, g| {
                g.copy_from(z)?;
                Ok(z.norm(Norm::Two)?.powi(2) / 2.0)
            })?;
            t.admm_regularizer_solver()?.set_type(TaoType::LMVM)?;
        }
        2 => t.set_admm_update(dice.pick(&[
            AdmmUpdate::Basic,
            AdmmUpdate::Adaptive,
            AdmmUpdate::AdaptiveRelaxed,
        ]))?,
        3 => {
            let c = work::vector(world, dice, &comm, n)?;
            t.set_admm_rhs(&c)?;
        }
        4 => t.set_admm_spectral_penalty(2.0)?,
        5 => t.set_admm_minimum_spectral_penalty(0.1)?,
        6 => t.set_admm_regularizer_coefficient(0.5)?,
        7 => {
            let h = work::square(world, dice, &comm, n)?;
            t.set_admm_misfit_hessian(&h, &h, |_, x, _, h| {
                work::fill_diagonal(x, h, |_| real(1.0))
            })?;
        }
        8 => {
            let j = work::square(world, dice, &comm, n)?;
            t.set_admm_misfit_constraint(&j, &j, |_, _, _, _| Ok(()))?;
        }
        9 => {
            let part = t.admm_misfit_solver()?;
            world.taos.keep(part);
        }
        10 => {
            let part = t.admm_regularizer_solver()?;
            world.taos.keep(part);
        }
        11 => {
            if let Some(dual) = t.admm_dual()? {
                world.play(dice);
                dual.sum()?;
            }
        }
        12 => {
            let part = t.admm_misfit_solver()?;
            if let Some(parent) = part.admm_parent()? {
                world.taos.keep(parent);
            }
        }
        _ => {
            t.admm_spectral_penalty()?;
            t.admm_update()?;
            t.admm_regularizer_type()?;
        }
    }
    run_with(world, dice, &mut t, n)
}

fn almm(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = of_type(world, dice, &[TaoType::ALMM])?;
    match dice.below(5) {
        0 => t.set_almm_type(dice.pick(&[AlmmType::Classic, AlmmType::Phr])),
        1 => t.almm_type().map(drop),
        2 => {
            let part = t.almm_subsolver()?;
            world.taos.keep(part);
            Ok(())
        }
        3 => {
            let lent = t.almm_multipliers()?;
            world.play(dice);
            lent.sum().map(drop)
        }
        _ => {
            t.almm_subsolver()?.set_type(usual(dice))?;
            run(world, dice, &mut t)
        }
    }
}

fn quasi_newton(world: &World, dice: &mut Dice) -> Result<()> {
    let kinds = [TaoType::LMVM, TaoType::BLMVM, TaoType::BQNLS, TaoType::BQNKLS];
    let mut t = of_type(world, dice, &kinds)?;
    let n = size(world, dice, &t);
    let comm = t.comm()?;
    match dice.below(7) {
        0 => {
            let lent = t.lmvm_matrix()?;
            world.play(dice);
            lent.size().map(drop)
        }
        1 => {
            run_with(world, dice, &mut t, n)?;
            let b = work::vector(world, dice, &comm, n)?;
            let mut x = b.duplicate()?;
            t.lmvm_solve(&b, &mut x)
        }
        2 => {
            let a = world.matrices.find(dice, |a| {
                a.type_name().is_ok_and(|k| k.is_some_and(|k| k.starts_with("lmvm")))
            });
            match a {
                Some(a) => t.set_lmvm_matrix(&a),
                None => t.recycle_history().map(drop),
            }
        }
        3 => {
            let h = work::square(world, dice, &comm, n)?;
            t.set_lmvm_h0(&h)?;
            run_with(world, dice, &mut t, n)
        }
        4 => t.set_recycle_history(dice.coin()),
        5 => t.set_lmvm_recycle(dice.coin()),
        _ => {
            t.set_recycle_history(true)?;
            run_with(world, dice, &mut t, n)?;
            run_with(world, dice, &mut t, n)
        }
    }
}

fn shell(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = of_type(world, dice, &[TaoType::SHELL])?;
    let mischief = Mischief::new(world, dice);
    t.set_shell_solve(move |t| {
        mischief.act()?;
        if let Some(mut x) = t.solution_mut()? {
            x.scale(real(0.5))?;
        }
        t.set_converged_reason(ConvergedReason::User)
    })?;
    run(world, dice, &mut t)
}

/// Closures that do other things while the optimizer runs, to it as well.
fn callbacks(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    let mischief = Mischief::new(world, dice);
    match dice.below(6) {
        0 => t.cancel_monitors(),
        1 => t.set_convergence_test(move |t| {
            mischief.act()?;
            t.default_convergence_test()
        }),
        2 => t.set_update(move |_, _| mischief.act()),
        _ => {
            let (away, seed, plays) = (world.away(), dice.seed(), dice.chance(30));
            t.add_monitor(move |t| {
                mischief.act()?;
                if plays && t.status()?.iterations == 1 {
                    if let Some(x) = t.solution()? {
                        let lent = x.array()?;
                        let before = vector::bits(&lent);
                        away.play(seed);
                        assert!(vector::bits(&lent) == before, "the lent solution has changed");
                    }
                }
                t.evaluations().map(drop)
            })
        }
    }
}

fn settings(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?;
    match dice.below(9) {
        0 => t.set_function_lower_bound(-100.0),
        1 => t.set_initial_trust_region_radius(dice.real().abs() + 0.1),
        2 => t.set_convergence_history(dice.below(6), dice.coin()),
        3 => t.set_converged_reason(ConvergedReason::Iterating),
        4 => t.append_options_prefix("a_"),
        5 => {
            let n = size(world, dice, &t);
            let m = work::square(world, dice, &t.comm()?, n)?;
            t.set_gradient_norm(&m)
        }
        6 => t.set_recycle_history(dice.coin()),
        _ => t.set_tolerances(Tolerances {
            max_iterations: dice.below(8).into(),
            gatol: 1e-6.into(),
            ..Default::default()
        }),
    }
}

fn results(world: &World, dice: &mut Dice) -> Result<()> {
    let t = any(world, dice)?;
    match dice.below(11) {
        0 => t.status().map(drop),
        1 => t.evaluations().map(drop),
        2 => t.linear_iterations().map(drop),
        3 => t.total_iterations().map(drop),
        4 => t.convergence_history().map(drop),
        5 => t.tolerances().map(drop),
        6 => t.function_lower_bound().map(drop),
        7 => t.initial_trust_region_radius().map(drop),
        8 => t.trust_region_radius().map(drop),
        9 => t.recycle_history().map(drop),
        _ => t.dual_variables().map(drop),
    }
}

fn compute(world: &World, dice: &mut Dice) -> Result<()> {
    let t = any(world, dice)?;
    let n = size(world, dice, &t);
    let comm = t.comm()?;
    let x = work::vector(world, dice, &comm, n)?;
    let mut g = x.duplicate()?;
    match dice.below(6) {
        0 => t.compute_objective(&x).map(drop),
        1 => t.compute_objective_and_gradient(&x, &mut g).map(drop),
        2 => t.compute_gradient(&x, &mut g),
        3 => t.compute_gradient_by_differences(&x, &mut g),
        4 => t.gradient_norm(&x).map(drop),
        _ => {
            if let Some((h, p)) = t.hessian()? {
                return t.compute_hessian(&x, &h, &p);
            }
            let h = matrix::any(world, dice)?;
            t.compute_hessian(&x, &h, &h)
        }
    }
}

/// What the optimizer lends, while other things happen.
fn lent(world: &World, dice: &mut Dice) -> Result<()> {
    let mut t = any(world, dice)?.share()?;
    if dice.chance(30) {
        let Some(mut x) = t.solution_mut()? else {
            return Ok(());
        };
        let mut lent = x.array_mut()?;
        let value = dice.scalar();
        lent.fill(value);
        world.play(dice);
        assert!(lent.iter().all(|&v| v == value), "a solution lent for writing has changed");
        return Ok(());
    }
    let found = if dice.coin() { t.solution()? } else { t.gradient()? };
    let Some(x) = found else { return Ok(()) };
    let lent = x.array()?;
    let before = vector::bits(&lent);
    world.play(dice);
    assert!(vector::bits(&lent) == before, "a lent vector has changed");
    Ok(())
}

fn parts(world: &World, dice: &mut Dice) -> Result<()> {
    match dice.below(4) {
        0 => {
            let t = of_type(world, dice, &[TaoType::BRGN])?;
            let part = t.brgn_subsolver()?;
            world.taos.keep(part);
        }
        1 => {
            let t = of_type(world, dice, &[TaoType::BRGN])?;
            let Some(lent) = t.brgn_damping()? else {
                return Ok(());
            };
            world.play(dice);
            lent.sum()?;
        }
        2 => {
            let t = any(world, dice)?;
            if let Some((h, p)) = t.hessian()? {
                world.matrices.keep(h);
                world.matrices.keep(p);
            }
        }
        _ => {
            let t = of_type(world, dice, &[TaoType::ALMM])?;
            let part = t.almm_subsolver()?;
            world.taos.keep(part);
        }
    }
    Ok(())
}

const SEARCH: &[LineSearchType<'static>] = &[
    LineSearchType::UNIT,
    LineSearchType::MORE_THUENTE,
    LineSearchType::GPCG,
    LineSearchType::ARMIJO,
    LineSearchType::OWARMIJO,
];

/// One of an optimizer, or one of its own.
fn search(world: &World, dice: &mut Dice) -> Result<Lease<LineSearch>> {
    if dice.coin() {
        if let Some(search) = world.tao_searches.find(dice, |_| true) {
            return Ok(search);
        }
    }
    if dice.coin() {
        if let Some(search) = any(world, dice)?.line_search()? {
            return Ok(world.tao_searches.lease(search));
        }
    }
    let mut search = LineSearch::new(&world.comm(dice))?;
    let mischief = Mischief::new(world, dice);
    search.set_objective_and_gradient(move |_, x, g| {
        mischief.act()?;
        gradient(x, g, false)?;
        value(x, false)
    })?;
    Ok(world.tao_searches.lease(search))
}

fn search_settings(world: &World, dice: &mut Dice) -> Result<()> {
    let mut s = search(world, dice)?;
    match dice.below(8) {
        0 | 1 => s.set_type(dice.pick(SEARCH)),
        2 => s.set_from_options(),
        3 => s.step_length().map(drop),
        4 => s.set_initial_step_length(0.5),
        5 => s.full_step_objective().map(drop),
        6 => s.evaluations().map(drop),
        _ => ask(&mut *s, dice),
    }
}

fn search_apply(world: &World, dice: &mut Dice) -> Result<()> {
    let mut s = search(world, dice)?;
    if dice.chance(60) {
        s.set_type(dice.pick(SEARCH))?;
    }
    let comm = s.comm()?;
    let n = world.size(dice);
    let mut x = work::vector(world, dice, &comm, n)?;
    let mut g = x.duplicate()?;
    gradient(&x, &mut g, false)?;
    let f = value(&x, false)?;
    let mut step = g.duplicate()?;
    step.copy_from(&g)?;
    step.scale(real(-1.0))?;
    if dice.chance(70) {
        return s.apply(&mut x, f, &mut g, &step).map(drop);
    }
    let (mut low, mut high) = (x.duplicate()?, x.duplicate()?);
    low.set(real(-100.0))?;
    high.set(real(100.0))?;
    s.apply_within(&mut x, f, &mut g, &step, (&low, &high)).map(drop)
}
