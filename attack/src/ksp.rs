//! Linear solvers and preconditioners.

use std::cell::RefCell;
use std::rc::Rc;

use petsc_rs::ksp::Tolerances;
use petsc_rs::pc::{AsmType, CompositeType};
use petsc_rs::{
    ConvergedReason, Ksp, KspType, Matrix, MatrixType, Pc, PcType, Result, Scalar, ScalarExt as _,
    Vector,
};

use crate::dice::Dice;
use crate::matrix;
use crate::vector;
use crate::world::{Lease, Operation, World, ask};

/// The operations of this class.
pub(crate) const TABLE: &[Operation] = &[
    Operation { name: "Ksp create", run: |w, d| create(w, d).map(drop) },
    Operation { name: "Ksp drop", run: |w, d| w.ksps.discard(d) },
    Operation {
        name: "Ksp::share",
        run: |w, d| {
            let k = any(w, d)?.share()?;
            w.ksps.keep(k);
            Ok(())
        },
    },
    Operation { name: "Ksp ask", run: |w, d| ask(&mut *any(w, d)?, d) },
    Operation { name: "Ksp::set_type", run: |w, d| any(w, d)?.set_type(d.pick(KSP)) },
    Operation { name: "Ksp pc type", run: |w, d| any(w, d)?.pc()?.set_type(d.pick(PC)) },
    Operation { name: "Ksp::set_operators", run: set_operators },
    Operation {
        name: "Ksp::operators",
        run: |w, d| {
            let (a, _) = any(w, d)?.operators()?;
            w.matrices.keep(a);
            Ok(())
        },
    },
    Operation { name: "Ksp::set_from_options", run: |w, d| any(w, d)?.set_from_options() },
    Operation {
        name: "Ksp::set_up",
        run: |w, d| {
            let mut k = any(w, d)?;
            if d.coin() { k.set_up() } else { k.set_up_on_blocks() }
        },
    },
    Operation { name: "Ksp::reset", run: |w, d| any(w, d)?.reset() },
    Operation { name: "Ksp::solve", run: solve },
    Operation { name: "Ksp solve again", run: solve },
    Operation {
        name: "Ksp::mat_solve",
        run: |w, d| {
            let mut k = any(w, d)?;
            let b = matrix::any(w, d)?;
            let mut x = b.duplicate()?;
            k.mat_solve(&b, &mut x).map(drop)
        },
    },
    Operation {
        name: "Ksp::pc",
        run: |w, d| {
            let pc = any(w, d)?.pc()?;
            w.pcs.keep(pc);
            Ok(())
        },
    },
    Operation {
        name: "Ksp::set_pc",
        run: |w, d| {
            let mut k = any(w, d)?;
            let pc = preconditioner(w, d)?;
            k.set_pc(&pc)
        },
    },
    Operation { name: "Ksp callbacks", run: callbacks },
    Operation {
        name: "Ksp::scope",
        run: |w, d| {
            let mut k = any(w, d)?;
            let mut norms = Vec::new();
            let (b, mut x) = vectors(w, d, &k)?;
            k.scope(|s| {
                s.add_monitor(|_, _, norm| {
                    norms.push(norm);
                    Ok(())
                })?;
                s.solve(&b, &mut x).map(drop)
            })
        },
    },
    Operation {
        name: "Ksp::share_dm",
        run: |w, d| {
            let (mut k, l) = (any(w, d)?, any(w, d)?);
            k.share_dm(&l)
        },
    },
    Operation { name: "Ksp settings", run: settings },
    Operation { name: "Ksp results", run: results },
    Operation {
        name: "Ksp::solution",
        run: |w, d| {
            let k = any(w, d)?.share()?;
            let Some(x) = k.solution()? else {
                return Ok(());
            };
            let lent = x.array()?;
            let before = vector::bits(&lent);
            w.play(d);
            assert!(vector::bits(&lent) == before, "the lent solution has changed");
            Ok(())
        },
    },
    Operation {
        name: "Ksp::rhs",
        run: |w, d| {
            let k = any(w, d)?.share()?;
            let Some(b) = k.rhs()? else { return Ok(()) };
            w.play(d);
            b.sum().map(drop)
        },
    },
    Operation { name: "Pc create", run: |w, d| preconditioner(w, d).map(drop) },
    Operation { name: "Pc drop", run: |w, d| w.pcs.discard(d) },
    Operation { name: "Pc ask", run: |w, d| ask(&mut *preconditioner(w, d)?, d) },
    Operation { name: "Pc::set_type", run: |w, d| preconditioner(w, d)?.set_type(d.pick(PC)) },
    Operation {
        name: "Pc::set_operators",
        run: |w, d| {
            let mut pc = preconditioner(w, d)?;
            let a = matrix::any(w, d)?;
            pc.set_operators(&a, &a)
        },
    },
    Operation {
        name: "Pc::set_up",
        run: |w, d| {
            let mut pc = preconditioner(w, d)?;
            if d.coin() { pc.set_up() } else { pc.set_up_on_blocks() }
        },
    },
    Operation { name: "Pc::reset", run: |w, d| preconditioner(w, d)?.reset() },
    Operation {
        name: "Pc::apply",
        run: |w, d| {
            let mut pc = preconditioner(w, d)?;
            let x = vector::any(w, d)?;
            let mut y = vector::like(w, d, &x)?;
            if d.chance(70) { pc.apply(&x, &mut y) } else { pc.apply_transpose(&x, &mut y) }
        },
    },
    Operation { name: "Pc settings", run: pc_settings },
    Operation { name: "Pc parts", run: parts },
    Operation {
        name: "Pc shell",
        run: |w, d| {
            let (away, seed) = (w.away(), d.seed());
            preconditioner(w, d)?.set_shell(move |x, y| {
                away.play(seed);
                y.copy_from(x)
            })
        },
    },
];

const KSP: &[KspType<'static>] = &[
    KspType::CG,
    KspType::GMRES,
    KspType::FGMRES,
    KspType::BCGS,
    KspType::RICHARDSON,
    KspType::CHEBYSHEV,
    KspType::PREONLY,
    KspType::MINRES,
    KspType::GROPPCG,
    KspType::PIPECG,
    KspType::PIPECGRR,
    KspType::PIPELCG,
    KspType::PIPEPRCG,
    KspType::PIPECG2,
    KspType::CGNE,
    KspType::NASH,
    KspType::STCG,
    KspType::GLTR,
    KspType::FCG,
    KspType::PIPEFCG,
    KspType::PIPEFGMRES,
    KspType::LGMRES,
    KspType::DGMRES,
    KspType::PGMRES,
    KspType::TCQMR,
    KspType::IBCGS,
    KspType::QMRCGS,
    KspType::FBCGS,
    KspType::FBCGSR,
    KspType::BCGSL,
    KspType::PIPEBCGS,
    KspType::CGS,
    KspType::TFQMR,
    KspType::CR,
    KspType::PIPECR,
    KspType::LSQR,
    KspType::CGLS,
    KspType::QCG,
    KspType::BICG,
    KspType::SYMMLQ,
    KspType::LCD,
    KspType::GCR,
    KspType::PIPEGCR,
    KspType::TSIRM,
    KspType::FETIDP,
    KspType::NONE,
];

const PC: &[PcType<'static>] = &[
    PcType::NONE,
    PcType::JACOBI,
    PcType::SOR,
    PcType::LU,
    PcType::ILU,
    PcType::BJACOBI,
    PcType::ASM,
    PcType::CHOLESKY,
    PcType::ICC,
    PcType::GAMG,
    PcType::QR,
    PcType::SHELL,
    PcType::MG,
    PcType::EISENSTAT,
    PcType::GASM,
    PcType::KSP,
    PcType::COMPOSITE,
    PcType::REDUNDANT,
    PcType::NN,
    PcType::PBJACOBI,
    PcType::VPBJACOBI,
    PcType::MAT,
    PcType::HYPRE,
    PcType::FIELDSPLIT,
    PcType::TFS,
    PcType::ML,
    PcType::GALERKIN,
    PcType::EXOTIC,
    PcType::CP,
    PcType::LSC,
    PcType::REDISTRIBUTE,
    PcType::SVD,
    PcType::BDDC,
    PcType::KACZMARZ,
    PcType::TELESCOPE,
    PcType::PATCH,
    PcType::LMVM,
    PcType::HMG,
    PcType::DEFLATION,
    PcType::MPI,
];

/// A solver with operators, mostly.
fn create(world: &World, dice: &mut Dice) -> Result<Lease<Ksp>> {
    let comm = world.comm(dice);
    let mut ksp = Ksp::new(&comm)?;
    if dice.chance(85) {
        let a = laplacian(&comm, world.size(dice))?;
        ksp.set_operators(&a, &a)?;
        world.matrices.keep(a);
    }
    if dice.coin() {
        ksp.set_type(dice.pick(KSP))?;
    }
    if dice.coin() {
        ksp.pc()?.set_type(dice.pick(PC))?;
    }
    ksp.set_tolerances(Tolerances { max_iterations: 20.into(), ..Default::default() })?;
    Ok(world.ksps.lease(ksp))
}

fn laplacian(comm: &petsc_rs::Comm, n: usize) -> Result<Matrix> {
    matrix::tridiagonal(comm, n, [-1.0, 3.0, -1.0])
}

fn any(world: &World, dice: &mut Dice) -> Result<Lease<Ksp>> {
    if dice.chance(12) {
        return create(world, dice);
    }
    match world.ksps.find(dice, |_| true) {
        Some(k) if dice.chance(30) => Ok(world.ksps.lease(k.share()?)),
        Some(k) => Ok(k),
        None => create(world, dice),
    }
}

/// One of its own with operators, or one of a solver.
fn preconditioner(world: &World, dice: &mut Dice) -> Result<Lease<Pc>> {
    if dice.chance(60) {
        if let Some(pc) = world.pcs.find(dice, |_| true) {
            return Ok(pc);
        }
    }
    if dice.coin() {
        return Ok(world.pcs.lease(any(world, dice)?.pc()?));
    }
    let comm = world.comm(dice);
    let mut pc = Pc::new(&comm)?;
    if dice.chance(85) {
        let a = laplacian(&comm, world.size(dice))?;
        pc.set_operators(&a, &a)?;
    }
    if dice.chance(70) {
        pc.set_type(dice.pick(PC))?;
    }
    Ok(world.pcs.lease(pc))
}

fn vectors(world: &World, dice: &mut Dice, ksp: &Ksp) -> Result<(Lease<Vector>, Lease<Vector>)> {
    if dice.chance(10) {
        return Ok((vector::any(world, dice)?, vector::any(world, dice)?));
    }
    let (a, _) = ksp.operators()?;
    let (x, b) = matrix::fitting(world, dice, &a)?;
    Ok((b, x))
}

fn set_operators(world: &World, dice: &mut Dice) -> Result<()> {
    let mut ksp = any(world, dice)?;
    let a = if dice.coin() {
        let comm = world.comm(dice);
        world.matrices.lease(laplacian(&comm, world.size(dice))?)
    } else {
        matrix::any(world, dice)?
    };
    if dice.chance(80) {
        ksp.set_operators(&a, &a)
    } else {
        let p = matrix::any(world, dice)?;
        ksp.set_operators(&a, &p)
    }
}

fn solve(world: &World, dice: &mut Dice) -> Result<()> {
    let mut ksp = any(world, dice)?;
    let (b, mut x) = vectors(world, dice, &ksp)?;
    match dice.below(5) {
        0 => ksp.solve_transpose(&b, &mut x).map(drop),
        1 => ksp.solve(&b, &mut x).map(drop),
        _ => ksp.solve_unchecked(&b, &mut x).map(drop),
    }
}

/// Closures that do other things while the solver runs, to it as well.
fn callbacks(world: &World, dice: &mut Dice) -> Result<()> {
    let mut ksp = any(world, dice)?;
    let (away, seed) = (world.away(), dice.seed());
    match dice.below(8) {
        0 => ksp.cancel_monitors(),
        1 => ksp.set_convergence_test(move |test| {
            away.play(seed);
            if test.iteration() > 5 {
                return test.default_test();
            }
            Ok(ConvergedReason::Iterating)
        }),
        2 => ksp.reset_convergence_test(),
        3 => ksp.set_pre_solve(move |_, _, _| {
            away.play(seed);
            Ok(())
        }),
        4 => ksp.set_post_solve(move |_, _, x| {
            away.play(seed);
            x.scale(Scalar::from_real(1.0))
        }),
        5 => {
            let n = world.size(dice);
            let template = laplacian(&world.shared, n)?;
            ksp.set_template(&template)?;
            ksp.set_compute_operators(move |_, a, _| {
                away.play(seed);
                a.shift(Scalar::from_real(1.0))
            })?;
            ksp.set_compute_rhs(|_, b| b.set(Scalar::from_real(1.0)))
        }
        _ => {
            let dice = RefCell::new(Dice::new(seed));
            let kept: Rc<RefCell<Vec<Pc>>> = Rc::default();
            ksp.add_monitor(move |ksp, _, _| {
                away.play(dice.borrow_mut().seed());
                if dice.borrow_mut().chance(20) {
                    // A handle that lives as long as the closure does would keep the solver: only for this call.
                    kept.borrow_mut().push(ksp.pc()?);
                    kept.borrow_mut().clear();
                }
                ksp.residual_norm().map(drop)
            })
        }
    }
}

fn settings(world: &World, dice: &mut Dice) -> Result<()> {
    let mut k = any(world, dice)?;
    match dice.below(16) {
        0 => k.set_gmres_restart(dice.below(5)),
        1 => k.set_gcr_restart(dice.below(5)),
        2 => k.set_lgmres_augment(dice.below(3)),
        3 => k.set_fcg_directions(dice.below(4)),
        4 => k.set_bcgsl_ell(dice.below(4)),
        5 => k.set_chebyshev_eigenvalues(dice.real(), dice.real()),
        6 => k.set_richardson_scale(dice.real()),
        7 => k.set_richardson_self_scale(dice.coin()),
        8 => k.set_cg_single_reduction(dice.coin()),
        9 => k.set_cg_radius(dice.real()),
        10 => k.set_residual_history(dice.below(5), dice.coin()),
        11 => k.set_compute_singular_values(dice.coin()),
        12 => k.set_compute_eigenvalues(dice.coin()),
        13 => k.set_check_norm_iteration(dice.below(4)),
        14 => k.set_lag_norm(dice.coin()),
        _ => k.set_tolerances(Tolerances {
            max_iterations: dice.below(8).into(),
            ..Default::default()
        }),
    }
}

fn results(world: &World, dice: &mut Dice) -> Result<()> {
    let mut k = any(world, dice)?;
    match dice.below(9) {
        0 => k.iterations().map(drop),
        1 => k.converged_reason().map(drop),
        2 => k.residual_history().map(drop),
        3 => k.extreme_singular_values().map(drop),
        4 => k.eigenvalues().map(drop),
        5 => k.eigenvalues_explicitly().map(drop),
        6 => {
            let x = k.build_solution()?;
            world.vectors.keep(x);
            Ok(())
        }
        7 => {
            let r = k.build_residual()?;
            world.vectors.keep(r);
            Ok(())
        }
        _ if dice.chance(30) => {
            let a = k.compute_operator(dice.pick(&[MatrixType::DENSE, MatrixType::AIJ]))?;
            world.matrices.keep(a);
            Ok(())
        }
        _ if dice.chance(30) => k.convergence_rate().map(drop),
        _ => {
            let (b, x) = vectors(world, dice, &k)?;
            k.true_residual_norm(&b, &x).map(drop)
        }
    }
}

fn pc_settings(world: &World, dice: &mut Dice) -> Result<()> {
    let mut pc = preconditioner(world, dice)?;
    match dice.below(20) {
        0 => pc.set_bjacobi_blocks(dice.below(4)),
        1 => pc.set_bjacobi_local_blocks(&[dice.below(4), dice.below(4)]),
        2 => pc.set_asm_overlap(dice.below(3)),
        3 => pc.set_asm_type(dice.pick(&[
            AsmType::Basic,
            AsmType::Restrict,
            AsmType::Interpolate,
            AsmType::None,
        ])),
        4 => match dice.below(4) {
            0 => pc.set_asm_subdomains(dice.below(5)),
            1 => pc.set_gamg_levels(dice.below(12)),
            2 => pc.factor_reorder_for_nonzero_diagonal(0.1),
            _ => pc.set_asm_local_subdomains(dice.below(4)),
        },
        5 => pc.set_gasm_subdomains(dice.below(4)),
        6 => pc.set_factor_levels(dice.below(3)),
        7 => pc.set_factor_in_place(dice.coin()),
        8 => pc.set_factor_reuse_ordering(dice.coin()),
        9 => pc.set_mg_levels(dice.below(4)),
        10 => {
            let a = matrix::any(world, dice)?;
            let level = dice.below(3);
            if dice.coin() {
                pc.set_mg_interpolation(level, &a)
            } else {
                pc.set_mg_operators(level, &a, &a)
            }
        }
        11 => {
            let name = dice.pick(&["a", "b"]);
            if dice.coin() {
                return pc.add_field_set(name, &*vector::set(world, dice)?);
            }
            let fields = dice.indices(3, 4);
            pc.add_field(name, &fields)
        }
        12 => pc.set_field_split_type(dice.pick(&[
            CompositeType::Additive,
            CompositeType::Multiplicative,
            CompositeType::Schur,
        ])),
        13 => pc.add_composite(dice.pick(PC)),
        14 => pc.set_sor_iterations(dice.below(3), dice.below(3)),
        15 => pc.set_redundant_groups(dice.below(3)),
        16 => pc.set_reuse(dice.coin()),
        17 => pc.set_use_operator(dice.coin()),
        18 => {
            let n = dice.below(12);
            let at = vec![0.5; n];
            pc.set_coordinates(dice.below(4), &at)
        }
        _ => pc.set_from_options(),
    }
}

fn parts(world: &World, dice: &mut Dice) -> Result<()> {
    let mut pc = preconditioner(world, dice)?.share()?;
    match dice.below(13) {
        0 => {
            let (a, _) = pc.operators()?;
            world.matrices.keep(a);
        }
        1 => {
            for k in pc.sub_solvers()? {
                world.ksps.keep(k);
            }
        }
        2 => {
            let k = pc.inner_solver()?;
            world.ksps.keep(k);
        }
        3 => {
            let k = pc.mg_smoother(dice.below(3))?;
            world.ksps.keep(k);
        }
        4 => {
            let k = pc.mg_coarse_solver()?;
            world.ksps.keep(k);
        }
        5 => {
            let p = pc.composite(dice.below(3))?;
            world.pcs.keep(p);
        }
        6 => {
            let a = pc.factor_matrix()?;
            world.play(dice);
            a.size()?;
        }
        7 => {
            pc.asm_subdomains()?;
        }
        8 => {
            pc.field_indices(dice.pick(&["a", "b"]))?;
        }
        9 => {
            let level = dice.below(3);
            let found = [pc.mg_interpolation(level)?, pc.mg_restriction(level)?];
            for a in found.into_iter().flatten() {
                world.matrices.keep(a);
            }
        }
        10 => {
            let scale = pc.mg_rscale(dice.below(3))?;
            world.vectors.keep(scale);
        }
        11 => {
            let (x, mut y) = (matrix::any(world, dice)?, matrix::any(world, dice)?);
            pc.mat_apply(&x, &mut y)?;
        }
        _ => {
            pc.failed_reason()?;
        }
    }
    Ok(())
}
