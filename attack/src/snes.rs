//! Nonlinear solvers.

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::ksp::Side;
use petsc_rs::snes::{
    Changed, CompositeType, EisenstatWalker, FasType, FunctionType, Lag, LineSearch,
    LineSearchTolerances, LineSearchType, MatrixFree, MultistageType, NcgType, NgmresRestartType,
    NgmresSelectType, NormSchedule, QnRestartType, QnScaleType, QnType, Tolerances,
};
use petsc_rs::{
    Comm, Dmda, MatrixRef, Object as _, Real, Result, Scalar, ScalarExt as _, Snes, SnesRef,
    SnesType, Vector, VectorRef,
};

use crate::dice::Dice;
use crate::matrix;
use crate::vector;
use crate::work::{self, Mischief};
use crate::world::{Lease, Operation, World, ask};

/// The operations of this class.
pub(crate) const TABLE: &[Operation] = &[
    Operation { name: "Snes create", run: |w, d| create(w, d).map(drop) },
    Operation { name: "Snes drop", run: |w, d| w.sneses.discard(d) },
    Operation {
        name: "Snes::share",
        run: |w, d| {
            let s = any(w, d)?.share()?;
            w.sneses.keep(s);
            Ok(())
        },
    },
    Operation { name: "Snes ask", run: |w, d| ask(&mut *any(w, d)?, d) },
    Operation { name: "Snes::set_type", run: |w, d| any(w, d)?.set_type(d.pick(SNES)) },
    Operation {
        name: "Snes type after solve",
        run: |w, d| {
            let mut s = any(w, d)?;
            run(w, d, &mut s)?;
            s.set_type(d.pick(SNES))?;
            run(w, d, &mut s)
        },
    },
    Operation {
        name: "Snes another size",
        run: |w, d| {
            let mut s = any(w, d)?;
            let n = w.size(d);
            if d.chance(70) {
                s.reset()?;
            }
            equip(w, d, &mut s, n)?;
            run(w, d, &mut s)
        },
    },
    Operation {
        name: "Snes::set_function",
        run: |w, d| {
            let mut s = any(w, d)?;
            let n = size(w, d, &s);
            set_function(w, d, &mut s, n)
        },
    },
    Operation {
        name: "Snes::set_jacobian",
        run: |w, d| {
            let mut s = any(w, d)?;
            let n = size(w, d, &s);
            set_jacobian(w, d, &mut s, n)
        },
    },
    Operation { name: "Snes jacobian by differences", run: by_differences },
    Operation { name: "Snes::set_picard", run: picard },
    Operation { name: "Snes::set_from_options", run: from_options },
    Operation {
        name: "Snes::set_up",
        run: |w, d| {
            let mut s = any(w, d)?;
            if d.chance(80) {
                let (_, x) = vectors(w, d, &s)?;
                s.set_solution(&x)?;
            }
            s.set_up()
        },
    },
    Operation { name: "Snes::reset", run: |w, d| any(w, d)?.reset() },
    Operation { name: "Snes::solve", run: solve },
    Operation { name: "Snes solve again", run: solve },
    Operation { name: "Snes solve own", run: solve_in_place },
    Operation { name: "Snes callbacks", run: callbacks },
    Operation { name: "Snes::scope", run: scope },
    Operation { name: "Snes::set_dm", run: set_dm },
    Operation {
        name: "Snes::dm",
        run: |w, d| {
            let grid = any(w, d)?.dm()?;
            w.dms.keep(grid);
            Ok(())
        },
    },
    Operation { name: "Snes settings", run: settings },
    Operation { name: "Snes method settings", run: method_settings },
    Operation { name: "Snes results", run: results },
    Operation { name: "Snes compute", run: compute },
    Operation { name: "Snes bounds", run: bounds },
    Operation { name: "Snes lent", run: lent },
    Operation {
        name: "Snes::ksp",
        run: |w, d| {
            let k = any(w, d)?.ksp()?;
            w.ksps.keep(k);
            Ok(())
        },
    },
    Operation {
        name: "Snes::set_ksp",
        run: |w, d| {
            let mut s = any(w, d)?;
            let k = match w.ksps.find(d, |_| true) {
                Some(k) => k,
                None => w.ksps.lease(petsc_rs::Ksp::new(&s.comm()?)?),
            };
            s.set_ksp(&k)
        },
    },
    Operation {
        name: "Snes::jacobian",
        run: |w, d| {
            if let Some((a, p)) = any(w, d)?.jacobian()? {
                w.matrices.keep(a);
                w.matrices.keep(p);
            }
            Ok(())
        },
    },
    Operation { name: "Snes npc", run: preconditioner },
    Operation { name: "Snes composite", run: composite },
    Operation { name: "Snes fas", run: fas },
    Operation { name: "Snes::line_search", run: |w, d| search(w, d).map(drop) },
    Operation { name: "Snes search settings", run: search_settings },
    Operation { name: "Snes search checks", run: search_checks },
    Operation { name: "Snes search drop", run: |w, d| w.searches.discard(d) },
];

const SNES: &[SnesType<'static>] = &[
    SnesType::NEWTONLS,
    SnesType::NEWTONTR,
    SnesType::NEWTONTRDC,
    SnesType::NRICHARDSON,
    SnesType::KSPONLY,
    SnesType::KSPTRANSPOSEONLY,
    SnesType::VINEWTONRSLS,
    SnesType::VINEWTONSSLS,
    SnesType::NGMRES,
    SnesType::QN,
    SnesType::SHELL,
    SnesType::NGS,
    SnesType::NCG,
    SnesType::FAS,
    SnesType::MS,
    SnesType::NASM,
    SnesType::ANDERSON,
    SnesType::ASPIN,
    SnesType::COMPOSITE,
    SnesType::PATCH,
];

const SEARCH: &[LineSearchType<'static>] = &[
    LineSearchType::BT,
    LineSearchType::NLEQERR,
    LineSearchType::BASIC,
    LineSearchType::L2,
    LineSearchType::CP,
    LineSearchType::NCG_LINEAR,
    LineSearchType::SHELL,
];

/// `x³ + x − 2`, whose root is 1 from everywhere.
fn value(x: Scalar) -> Scalar {
    x * x * x + x - Scalar::from_real(2.0)
}

fn slope(x: Scalar) -> Scalar {
    x * x * Scalar::from_real(3.0) + Scalar::from_real(1.0)
}

/// A solver that can solve, mostly.
fn create(world: &World, dice: &mut Dice) -> Result<Lease<Snes>> {
    let comm = world.comm(dice);
    let mut s = Snes::new(&comm)?;
    if dice.coin() {
        s.set_type(dice.pick(SNES))?;
    }
    if dice.chance(20) {
        s.set_options_prefix("attacked_")?;
    }
    if dice.chance(85) {
        let n = world.size(dice);
        equip(world, dice, &mut s, n)?;
    }
    let max_iterations = dice.below(8).into();
    s.set_tolerances(Tolerances { max_iterations, ..Default::default() })?;
    Ok(world.sneses.lease(s))
}

pub(crate) fn any(world: &World, dice: &mut Dice) -> Result<Lease<Snes>> {
    if dice.chance(12) {
        return create(world, dice);
    }
    match world.sneses.find(dice, |_| true) {
        Some(s) if dice.chance(30) => Ok(world.sneses.lease(s.share()?)),
        Some(s) => Ok(s),
        None => create(world, dice),
    }
}

fn equip(world: &World, dice: &mut Dice, s: &mut Snes, n: usize) -> Result<()> {
    set_function(world, dice, s, n)?;
    if dice.chance(85) {
        set_jacobian(world, dice, s, n)?;
    }
    Ok(())
}

/// The number of unknowns that it was equipped for.
fn size(world: &World, dice: &mut Dice, s: &Snes) -> usize {
    match s.residual() {
        Ok(Some(r)) if dice.chance(90) => r.len().unwrap_or(0),
        _ => world.size(dice),
    }
}

fn set_function(world: &World, dice: &mut Dice, s: &mut Snes, n: usize) -> Result<()> {
    let r = work::values(world, dice, &s.comm()?, n)?;
    let mischief = Mischief::new(world, dice);
    s.set_function(&r, move |_, x, f| {
        mischief.act()?;
        work::map(x, f, value)
    })
}

fn set_jacobian(world: &World, dice: &mut Dice, s: &mut Snes, n: usize) -> Result<()> {
    let comm = s.comm()?;
    let p = work::square(world, dice, &comm, n)?;
    let mischief = Mischief::new(world, dice);
    let jacobian = move |_: &SnesRef, x: &VectorRef, a: &mut MatrixRef, p: &mut MatrixRef| {
        mischief.act()?;
        work::fill_diagonal(x, p, slope)?;
        a.assemble()
    };
    if dice.chance(80) {
        s.set_jacobian(&p, &p, jacobian)
    } else {
        let a = work::square(world, dice, &comm, n)?;
        s.set_jacobian(&a, &p, jacobian)
    }
}

fn by_differences(world: &World, dice: &mut Dice) -> Result<()> {
    let mut s = any(world, dice)?;
    let n = size(world, dice, &s);
    let p = work::square(world, dice, &s.comm()?, n)?;
    match dice.below(5) {
        0 => s.set_jacobian_fd(&p, &p)?,
        1 => s.set_jacobian_fd_coloring(&p, &p)?,
        2 => {
            let mischief = Mischief::new(world, dice);
            s.set_jacobian_fd_local(&p, &p, move |_, x, f| {
                mischief.act()?;
                work::map(x, f, value)
            })?;
        }
        k => {
            let which = [MatrixFree::No, MatrixFree::Operator, MatrixFree::All];
            if k == 3 {
                s.set_jacobian_fd_coloring(&p, &p)?;
            }
            s.set_matrix_free(dice.pick(&which))?;
        }
    }
    if dice.coin() { run(world, dice, &mut s) } else { Ok(()) }
}

fn picard(world: &World, dice: &mut Dice) -> Result<()> {
    let mut s = any(world, dice)?;
    let n = size(world, dice, &s);
    let comm = s.comm()?;
    let r = work::values(world, dice, &comm, n)?;
    let p = work::square(world, dice, &comm, n)?;
    let (one, other) = (Mischief::new(world, dice), Mischief::new(world, dice));
    s.set_picard(
        &r,
        move |_, _, b| {
            one.act()?;
            b.set(Scalar::from_real(2.0))
        },
        &p,
        &p,
        move |_, x, _, p| {
            other.act()?;
            work::fill_diagonal(x, p, |x| x * x + Scalar::from_real(1.0))
        },
    )
}

fn from_options(world: &World, dice: &mut Dice) -> Result<()> {
    const OPTIONS: &[(&str, &str)] = &[
        ("snes_fd", "true"),
        ("snes_fd_color", "true"),
        ("snes_mf", "true"),
        ("snes_mf_operator", "true"),
        ("snes_test_jacobian", "true"),
        ("snes_lag_jacobian", "2"),
        ("snes_lag_preconditioner", "-2"),
        ("snes_linesearch_type", "l2"),
        ("snes_qn_type", "broyden"),
        ("snes_qn_scale_type", "diagonal"),
        ("snes_npc_side", "left"),
        ("snes_ksp_ew", "true"),
        ("snes_convergence_test", "skip"),
        ("npc_snes_type", "nrichardson"),
        ("ksp_type", "gmres"),
        ("pc_type", "none"),
    ];
    let mut s = any(world, dice)?;
    let prefix = s.options_prefix()?.unwrap_or_default();
    world.with_options(dice, &prefix, OPTIONS, || s.set_from_options())
}

/// Vectors that fit to it, mostly.
fn vectors(
    world: &World,
    dice: &mut Dice,
    s: &Snes,
) -> Result<(Option<Lease<Vector>>, Lease<Vector>)> {
    let n = size(world, dice, s);
    let comm = s.comm()?;
    let b = if dice.chance(25) { Some(work::vector(world, dice, &comm, n)?) } else { None };
    Ok((b, work::vector(world, dice, &comm, n)?))
}

fn run(world: &World, dice: &mut Dice, s: &mut Snes) -> Result<()> {
    let (b, mut x) = vectors(world, dice, s)?;
    s.solve_unchecked(b.as_ref().map(|b| &***b), &mut x).map(drop)
}

fn solve(world: &World, dice: &mut Dice) -> Result<()> {
    let mut s = any(world, dice)?;
    if dice.chance(80) {
        return run(world, dice, &mut s);
    }
    let (b, mut x) = vectors(world, dice, &s)?;
    s.solve(b.as_ref().map(|b| &***b), &mut x).map(drop)
}

fn solve_in_place(world: &World, dice: &mut Dice) -> Result<()> {
    let mut s = any(world, dice)?;
    let (b, x) = vectors(world, dice, &s)?;
    if dice.chance(80) {
        s.set_solution(&x)?;
    }
    s.solve_in_place_unchecked(b.as_ref().map(|b| &***b)).map(drop)
}

fn set_dm(world: &World, dice: &mut Dice) -> Result<()> {
    let mut s = any(world, dice)?;
    let grid = grid(world, dice, &s.comm()?)?;
    s.set_dm(&grid)?;
    if dice.chance(80) {
        let r = grid.create_global_vector()?;
        let mischief = Mischief::new(world, dice);
        s.set_function(&r, move |_, x, f| {
            mischief.act()?;
            work::map(x, f, value)
        })?;
    }
    if dice.coin() { run(world, dice, &mut s) } else { s.solve_in_place_unchecked(None).map(drop) }
}

/// A small structured grid, a new one or one that is there.
pub(crate) fn grid(world: &World, dice: &mut Dice, comm: &Comm) -> Result<Lease<petsc_rs::Dm>> {
    if dice.coin() {
        if let Some(grid) = world.dms.find(dice, |_| true) {
            return Ok(grid);
        }
    }
    let n = world.size(dice).max(1);
    let sizes = if dice.chance(80) { vec![n] } else { vec![n, 3] };
    let dof = if dice.chance(80) { 1 } else { 2 };
    let grid = Dmda::builder(comm).sizes(sizes).dof(dof).build()?;
    Ok(world.dms.lease(grid.into_dm()))
}

/// Closures that do other things while the solver runs, to it as well.
fn callbacks(world: &World, dice: &mut Dice) -> Result<()> {
    let mut s = any(world, dice)?;
    let mischief = Mischief::new(world, dice);
    match dice.below(10) {
        0 => s.cancel_monitors(),
        1 => s.set_convergence_test(move |test| {
            mischief.act()?;
            test.default_test()
        }),
        2 => s.reset_convergence_test(),
        3 => s.set_update(move |_, _| mischief.act()),
        4 => s.set_initial_guess(move |_, x| {
            mischief.act()?;
            x.set(Scalar::from_real(0.5))
        }),
        5 => s.set_objective(move |_, x| {
            mischief.act()?;
            x.norm(petsc_rs::Norm::Two)
        }),
        6 | 7 => set_ngs(world, dice, &mut s),
        _ => {
            let away = world.away();
            let seed = dice.seed();
            let plays = dice.chance(30);
            s.add_monitor(move |s, k, _| {
                mischief.act()?;
                if plays && k == 1 {
                    if let Some(x) = s.solution()? {
                        let lent = x.array()?;
                        let before = vector::bits(&lent);
                        away.play(seed);
                        assert!(vector::bits(&lent) == before, "the lent solution has changed");
                    }
                }
                s.function_norm().map(drop)
            })
        }
    }
}

fn set_ngs(world: &World, dice: &mut Dice, s: &mut Snes) -> Result<()> {
    let mischief = Mischief::new(world, dice);
    s.set_ngs(move |_, x, _| {
        mischief.act()?;
        for x in x.array_mut()?.iter_mut() {
            *x -= value(*x) / slope(*x);
        }
        Ok(())
    })
}

fn scope(world: &World, dice: &mut Dice) -> Result<()> {
    let mut s = any(world, dice)?;
    let (b, mut x) = vectors(world, dice, &s)?;
    let n = x.len()?;
    let comm = s.comm()?;
    let r = work::values(world, dice, &comm, n)?;
    let p = work::square(world, dice, &comm, n)?;
    let mischief = Mischief::new(world, dice);
    let (functions, jacobians) = (dice.coin(), dice.coin());
    let calls = Cell::new(0);
    let mut norms = Vec::new();
    s.scope(|s| {
        if functions {
            s.set_function(&r, |_, x, f| {
                calls.set(calls.get() + 1);
                mischief.act()?;
                work::map(x, f, value)
            })?;
        }
        if jacobians {
            s.set_jacobian(&p, &p, |_, x, _, p| work::fill_diagonal(x, p, slope))?;
        }
        s.add_monitor(|_, _, norm| {
            norms.push(norm);
            Ok(())
        })?;
        s.solve_unchecked(b.as_ref().map(|b| &***b), &mut x).map(drop)
    })
}

fn settings(world: &World, dice: &mut Dice) -> Result<()> {
    let mut s = any(world, dice)?;
    let lag = |dice: &mut Dice| match dice.below(4) {
        0 => Lag::Once,
        1 => Lag::Never,
        k => Lag::Every(k - 1),
    };
    match dice.below(20) {
        0 => s.set_lag_jacobian(lag(dice)),
        1 => s.set_lag_preconditioner(lag(dice)),
        2 => s.set_lag_jacobian_persists(dice.coin()),
        3 => s.set_lag_preconditioner_persists(dice.coin()),
        4 => s.set_eisenstat_walker(EisenstatWalker::default()),
        5 => s.unset_eisenstat_walker(),
        6 => s.set_convergence_history(dice.below(6), dice.coin()),
        7 => s.set_divergence_tolerance(dice.coin().then_some(1e4)),
        8 => s.set_force_iteration(dice.coin()),
        9 => s.set_counters_reset(dice.coin()),
        10 => s.set_check_jacobian_domain_error(dice.coin()),
        11 => s.set_max_step_failures(dice.below(4)),
        12 => s.set_max_linear_failures(dice.below(4)),
        13 => s.set_grid_sequence(dice.below(2)),
        14 => s.set_norm_schedule(dice.pick(&[
            NormSchedule::Default,
            NormSchedule::Never,
            NormSchedule::Always,
            NormSchedule::InitialOnly,
            NormSchedule::FinalOnly,
            NormSchedule::InitialAndFinal,
        ])),
        15 => s.set_function_type(dice.pick(&[
            FunctionType::Default,
            FunctionType::Unpreconditioned,
            FunctionType::Preconditioned,
        ])),
        16 => s.set_npc_side(dice.pick(&[Side::Left, Side::Right])),
        17 => s.append_options_prefix("a_"),
        _ => s.set_tolerances(Tolerances {
            max_iterations: dice.below(8).into(),
            max_evaluations: (dice.below(30) + 1).into(),
            ..Default::default()
        }),
    }
}

/// A setting for the method that it has, mostly.
fn method_settings(world: &World, dice: &mut Dice) -> Result<()> {
    let mut s = any(world, dice)?;
    if dice.chance(70) {
        s.set_type(dice.pick(&[
            SnesType::QN,
            SnesType::NGMRES,
            SnesType::NCG,
            SnesType::MS,
            SnesType::NGS,
            SnesType::NASM,
            SnesType::NEWTONTR,
        ]))?;
    }
    match dice.below(15) {
        0 => s.set_qn_type(dice.pick(&[QnType::Lbfgs, QnType::Broyden, QnType::BadBroyden])),
        1 => s.set_qn_scale_type(dice.pick(&[
            QnScaleType::Default,
            QnScaleType::None,
            QnScaleType::Scalar,
            QnScaleType::Diagonal,
            QnScaleType::Jacobian,
        ])),
        2 => s.set_qn_restart_type(dice.pick(&[
            QnRestartType::Default,
            QnRestartType::None,
            QnRestartType::Powell,
            QnRestartType::Periodic,
        ])),
        3 => s.set_ngmres_restart_type(dice.pick(&[
            NgmresRestartType::None,
            NgmresRestartType::Periodic,
            NgmresRestartType::Difference,
        ])),
        4 => s.set_ngmres_select_type(dice.pick(&[
            NgmresSelectType::None,
            NgmresSelectType::Difference,
            NgmresSelectType::LineSearch,
        ])),
        5 => s.set_ncg_type(dice.pick(&[
            NcgType::FletcherReeves,
            NcgType::PolakRibierePolyak,
            NcgType::HestenesStiefel,
            NcgType::DaiYuan,
            NcgType::ConjugateDescent,
        ])),
        6 => s.set_ngmres_restart_on_rise(dice.coin()),
        7 => s.set_trust_region_tolerance(0.01),
        8 => s.set_nasm_damping(dice.real()),
        9 => s.set_multistage_type(dice.pick(&[
            MultistageType::EULER,
            MultistageType::M62,
            MultistageType::JAMESON83,
            MultistageType::VLTP11,
            MultistageType::VLTP61,
        ])),
        10 => s.set_multistage_damping(dice.real()),
        11 => s.set_ngs_sweeps(dice.below(3)),
        12 => s.ngs_sweeps().map(drop),
        13 => s.set_ngs_tolerances(Tolerances::default()),
        _ => s.ngs_tolerances().map(drop),
    }?;
    if dice.coin() { run(world, dice, &mut s) } else { Ok(()) }
}

fn results(world: &World, dice: &mut Dice) -> Result<()> {
    let s = any(world, dice)?;
    match dice.below(24) {
        0 => s.converged_reason().map(drop),
        1 => s.converged_reason_word().map(drop),
        2 => s.iterations().map(drop),
        3 => s.linear_iterations().map(drop),
        4 => s.function_norm().map(drop),
        5 => s.convergence_history().map(drop),
        6 => s.tolerances().map(drop),
        7 => s.divergence_tolerance().map(drop),
        8 => s.lag_jacobian().map(drop),
        9 => s.lag_preconditioner().map(drop),
        10 => s.uses_eisenstat_walker().map(drop),
        11 => s.matrix_free().map(drop),
        12 => s.force_iteration().map(drop),
        13 => s.step_failures().map(drop),
        14 => s.linear_failures().map(drop),
        15 => s.grid_sequence().map(drop),
        16 => s.function_evaluations().map(drop),
        17 => s.norm_schedule().map(drop),
        18 => s.solution_norm().map(drop),
        19 => s.update_norm().map(drop),
        20 => s.npc_side().map(drop),
        21 => s.function_type().map(drop),
        22 => s.has_npc().map(drop),
        _ => s.fas_levels().map(drop),
    }
}

fn compute(world: &World, dice: &mut Dice) -> Result<()> {
    let mut s = any(world, dice)?;
    let n = size(world, dice, &s);
    let comm = s.comm()?;
    let x = work::vector(world, dice, &comm, n)?;
    match dice.below(6) {
        0 | 1 => {
            let mut f = work::vector(world, dice, &comm, n)?;
            s.compute_function(&x, &mut f)
        }
        2 => {
            if dice.chance(80) {
                s.set_objective(|_, x| x.norm(petsc_rs::Norm::Two))?;
            }
            s.compute_objective(&x).map(drop)
        }
        3 => {
            let mut x = x;
            if dice.chance(80) {
                set_ngs(world, dice, &mut s)?;
            }
            let b = if dice.coin() { Some(work::vector(world, dice, &comm, n)?) } else { None };
            s.compute_ngs(b.as_ref().map(|b| &***b), &mut x)
        }
        k => {
            let (mut a, mut p) = match s.jacobian()? {
                Some((a, p)) if dice.chance(80) => {
                    (world.matrices.lease(a), world.matrices.lease(p))
                }
                _ => (matrix::any(world, dice)?, matrix::any(world, dice)?),
            };
            if k == 4 {
                s.compute_jacobian(&x, &mut a, &mut p)
            } else {
                s.compute_jacobian_one(&x, &mut p)
            }
        }
    }
}

fn bounds(world: &World, dice: &mut Dice) -> Result<()> {
    let mut s = any(world, dice)?;
    if dice.chance(80) {
        s.set_type(dice.pick(&[SnesType::VINEWTONRSLS, SnesType::VINEWTONSSLS]))?;
    }
    let n = size(world, dice, &s);
    let comm = s.comm()?;
    let mut low = work::vector(world, dice, &comm, n)?;
    let mut high = work::vector(world, dice, &comm, n)?;
    match dice.below(5) {
        0 => s.variable_bounds().map(drop),
        1 => {
            let set = s.active_set(&low, &high)?;
            world.sets.keep(set);
            Ok(())
        }
        2 => {
            let mischief = Mischief::new(world, dice);
            s.set_compute_variable_bounds(move |_, low, high| {
                mischief.act()?;
                low.set(Scalar::from_real(-1.0))?;
                high.set(Scalar::from_real(0.5))
            })?;
            run(world, dice, &mut s)
        }
        _ => {
            low.set(Scalar::from_real(-1.0))?;
            high.set(Scalar::from_real(0.5))?;
            s.set_variable_bounds(&low, &high)?;
            drop((low, high));
            run(world, dice, &mut s)
        }
    }
}

/// What the solver lends, while other things happen.
fn lent(world: &World, dice: &mut Dice) -> Result<()> {
    let s = any(world, dice)?.share()?;
    let found = match dice.below(4) {
        0 => s.solution()?,
        1 => s.solution_update()?,
        2 => s.rhs()?,
        _ => s.residual()?,
    };
    let Some(x) = found else { return Ok(()) };
    if dice.coin() {
        world.play(dice);
        return x.norm(dice.norm()).map(drop);
    }
    let lent = x.array()?;
    let before = vector::bits(&lent);
    world.play(dice);
    assert!(vector::bits(&lent) == before, "a lent vector has changed");
    Ok(())
}

fn preconditioner(world: &World, dice: &mut Dice) -> Result<()> {
    let mut s = any(world, dice)?;
    match dice.below(3) {
        0 => {
            let npc = any(world, dice)?;
            s.set_npc(&npc)
        }
        1 => {
            let mut npc = s.npc()?;
            npc.set_type(dice.pick(SNES))?;
            world.sneses.keep(npc);
            run(world, dice, &mut s)
        }
        _ => {
            let npc = s.npc()?;
            world.sneses.keep(npc);
            Ok(())
        }
    }
}

fn composite(world: &World, dice: &mut Dice) -> Result<()> {
    let mut s = any(world, dice)?;
    if dice.chance(80) {
        s.set_type(SnesType::COMPOSITE)?;
        if s.composite_count()? == 0 {
            s.add_to_composite(dice.pick(SNES))?;
            s.add_to_composite(dice.pick(SNES))?;
        }
    }
    match dice.below(6) {
        0 => s.set_composite_type(dice.pick(&[
            CompositeType::Additive,
            CompositeType::Multiplicative,
            CompositeType::AdditiveOptimal,
        ])),
        1 => s.composite_count().map(drop),
        2 => {
            let part = s.composite_solver(dice.below(2))?;
            world.sneses.keep(part);
            Ok(())
        }
        3 => s.set_composite_damping(dice.below(2), 0.5),
        _ => run(world, dice, &mut s),
    }
}

fn fas(world: &World, dice: &mut Dice) -> Result<()> {
    let mut s = any(world, dice)?;
    if dice.chance(80) {
        s.set_type(SnesType::FAS)?;
        s.set_fas_levels(dice.below(2) + 1)?;
    }
    let level = dice.below(2);
    match dice.below(14) {
        0 => s.set_fas_type(dice.pick(&[
            FasType::Multiplicative,
            FasType::Additive,
            FasType::Full,
            FasType::Kaskade,
        ])),
        1 => s.fas_type().map(drop),
        2 => s.set_fas_cycles(dice.below(3)),
        3 => s.set_fas_smooth_down(dice.below(3)),
        4 => s.set_fas_smooth_up(dice.below(3)),
        5 => {
            let a = matrix::any(world, dice)?;
            match dice.below(3) {
                0 => s.set_fas_interpolation(1, &a),
                1 => s.set_fas_restriction(1, &a),
                _ => s.set_fas_injection(1, &a),
            }
        }
        6 => {
            let x = vector::any(world, dice)?;
            s.set_fas_rscale(1, &x)
        }
        7 => {
            let part = s.fas_smoother(level)?;
            world.sneses.keep(part);
            Ok(())
        }
        8 => {
            let part = s.fas_smoother_up(level)?;
            world.sneses.keep(part);
            Ok(())
        }
        9 => {
            let part = s.fas_smoother_down(level)?;
            world.sneses.keep(part);
            Ok(())
        }
        10 => {
            let part = s.fas_coarse_solver()?;
            world.sneses.keep(part);
            Ok(())
        }
        11 => s.set_fas_levels(dice.below(3)),
        _ => {
            let grid = grid(world, dice, &s.comm()?)?;
            s.set_dm(&grid)?;
            let n = grid.create_global_vector()?.len()?;
            set_function(world, dice, &mut s, n)?;
            run(world, dice, &mut s)
        }
    }
}

fn search(world: &World, dice: &mut Dice) -> Result<Lease<LineSearch>> {
    if dice.coin() {
        if let Some(search) = world.searches.find(dice, |_| true) {
            return Ok(search);
        }
    }
    Ok(world.searches.lease(any(world, dice)?.line_search()?))
}

fn search_settings(world: &World, dice: &mut Dice) -> Result<()> {
    let mut search = search(world, dice)?;
    match dice.below(16) {
        0..=2 => search.set_type(dice.pick(SEARCH)),
        3 => search.set_from_options(),
        4 => {
            let s = search.snes()?;
            world.sneses.keep(s);
            Ok(())
        }
        5 => search.set_order(dice.below(3) + 1),
        6 => search.order().map(drop),
        7 => search.set_damping(0.5),
        8 => search.damping().map(drop),
        9 => search.lambda().map(drop),
        10 => search.norms().map(drop),
        11 => search.set_compute_norms(dice.coin()),
        12 => search.set_tolerances(LineSearchTolerances {
            max_iterations: (dice.below(4) + 1).into(),
            ..Default::default()
        }),
        13 => search.set_backtracking_alpha(1e-3),
        _ => ask(&mut *search, dice),
    }
}

fn search_checks(world: &World, dice: &mut Dice) -> Result<()> {
    let mut search = search(world, dice)?;
    let mischief = Mischief::new(world, dice);
    if dice.coin() {
        search.set_pre_check(move |_, _, step| {
            mischief.act()?;
            step.scale(Scalar::from_real(0.9))?;
            Ok(true)
        })
    } else {
        let times = Rc::new(Cell::new(0 as Real));
        search.set_post_check(move |_, _, _, w| {
            mischief.act()?;
            times.set(times.get() + 1.0);
            w.scale(Scalar::from_real(1.0))?;
            Ok(Changed { step: false, point: true })
        })
    }
}
