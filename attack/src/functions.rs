//! Functions of one variable, and the solvers of matrix functions (MFN) and of matrix equations
//! (LME).

use petsc_rs::{Matrix, Real, Result};
use slepc_rs::function::Combination;
use slepc_rs::{FnType, Lme, LmeType, MathFunction, Mfn, MfnType};

use crate::dice::Dice;
use crate::matrix;
use crate::solvers::{self, Interruption};
use crate::world::{Lease, Operation, World, ask};

const TYPES: &[FnType<'static>] = &[
    FnType::COMBINE,
    FnType::RATIONAL,
    FnType::EXP,
    FnType::LOG,
    FnType::PHI,
    FnType::SQRT,
    FnType::INVSQRT,
];

/// The operations of these classes.
pub(crate) const TABLE: &[Operation] = &[
    Operation { name: "MathFunction create", run: |w, d| create(w, d).map(drop) },
    Operation { name: "MathFunction drop", run: |w, d| w.functions.discard(d) },
    Operation {
        name: "MathFunction::share",
        run: |w, d| {
            let f = any(w, d)?.share()?;
            w.functions.keep(f);
            Ok(())
        },
    },
    Operation { name: "MathFunction ask", run: |w, d| ask(&mut *any(w, d)?, d) },
    Operation { name: "MathFunction::set_type", run: |w, d| any(w, d)?.set_type(d.pick(TYPES)) },
    Operation { name: "MathFunction::set_from_options", run: |w, d| any(w, d)?.set_from_options() },
    Operation {
        name: "MathFunction::combined",
        run: |w, d| {
            let (f, g) = (any(w, d)?.share()?, any(w, d)?);
            let how = d.pick(&[
                Combination::Add,
                Combination::Multiply,
                Combination::Divide,
                Combination::Compose,
            ]);
            let both = MathFunction::combined(&w.comm(d), how, &f, &g)?;
            w.functions.keep(both);
            Ok(())
        },
    },
    Operation {
        name: "MathFunction settings",
        run: |w, d| {
            let mut f = any(w, d)?;
            if d.coin() {
                f.set_scale(d.scalar(), d.scalar())?;
            } else {
                f.set_method(d.below(5))?;
            }
            f.scale().map(drop)
        },
    },
    Operation {
        name: "MathFunction::evaluate",
        run: |w, d| {
            let f = any(w, d)?;
            f.evaluate(d.scalar())?;
            f.derivative(d.scalar()).map(drop)
        },
    },
    Operation {
        name: "MathFunction::evaluate_matrix",
        run: |w, d| {
            let f = any(w, d)?;
            let n = small_size(w, d);
            let a = solvers::small(w, d, n, n)?;
            let b = f.evaluate_matrix(&a)?;
            w.matrices.keep(b);
            Ok(())
        },
    },
    Operation { name: "Mfn create", run: |w, d| mfn(w, d).map(drop) },
    Operation { name: "Mfn drop", run: |w, d| w.mfns.discard(d) },
    Operation {
        name: "Mfn::share",
        run: |w, d| {
            let mfn = any_mfn(w, d)?.share()?;
            w.mfns.keep(mfn);
            Ok(())
        },
    },
    Operation { name: "Mfn ask", run: |w, d| ask(&mut *any_mfn(w, d)?, d) },
    Operation {
        name: "Mfn::set_operator",
        run: |w, d| {
            let mut mfn = any_mfn(w, d)?;
            let a = solvers::operator(w, d)?;
            mfn.set_operator(&a)
        },
    },
    Operation {
        name: "Mfn::function",
        run: |w, d| {
            let f = any_mfn(w, d)?.function()?;
            w.functions.keep(f);
            Ok(())
        },
    },
    Operation {
        name: "Mfn::set_function",
        run: |w, d| {
            let mut mfn = any_mfn(w, d)?;
            let f = any(w, d)?;
            mfn.set_function(&f)
        },
    },
    Operation {
        name: "Mfn::solve",
        run: |w, d| {
            let mut mfn = any_mfn(w, d)?;
            let a = mfn.operator()?;
            let (b, mut x) = matrix::fitting(w, d, &a)?;
            if d.chance(75) {
                mfn.solve(&b, &mut x).map(drop)
            } else {
                mfn.solve_transpose(&b, &mut x).map(drop)
            }
        },
    },
    Operation {
        name: "Mfn settings",
        run: |w, d| {
            let mut mfn = any_mfn(w, d)?;
            match d.below(6) {
                0 => mfn.set_type(d.pick(&[MfnType::KRYLOV, MfnType::EXPOKIT])),
                1 => mfn.set_dimension(d.below(9)),
                2 => mfn.set_tolerances(solvers::tolerances(d)),
                3 => mfn.reset(),
                4 => mfn.set_from_options(),
                _ => {
                    let now = Interruption::new(w, d);
                    mfn.add_monitor(move |_, _, _| now.happen())
                }
            }
        },
    },
    Operation {
        name: "Mfn::bv",
        run: |w, d| {
            let mut mfn = any_mfn(w, d)?.share()?;
            if d.chance(80) {
                // It has no columns before.
                let (b, mut x) = matrix::fitting(w, d, &mfn.operator()?)?;
                let _ = mfn.solve(&b, &mut x)?;
            }
            let basis = mfn.bv()?;
            w.play(d);
            basis.sizes().map(drop)
        },
    },
    Operation { name: "Lme create", run: |w, d| lme(w, d).map(drop) },
    Operation { name: "Lme drop", run: |w, d| w.lmes.discard(d) },
    Operation {
        name: "Lme::share",
        run: |w, d| {
            let lme = any_lme(w, d)?.share()?;
            w.lmes.keep(lme);
            Ok(())
        },
    },
    Operation { name: "Lme ask", run: |w, d| ask(&mut *any_lme(w, d)?, d) },
    Operation {
        name: "Lme equation",
        run: |w, d| {
            let mut lme = any_lme(w, d)?;
            match d.below(3) {
                0 => {
                    let a = solvers::operator(w, d)?;
                    lme.set_coefficient(&a)
                }
                1 => {
                    let a = lme.coefficient()?;
                    w.matrices.keep(a);
                    Ok(())
                }
                _ => {
                    let n = lme.coefficient()?.size()?.0;
                    let c = solvers::small(w, d, n, thin(n))?;
                    lme.set_rhs_factor(&c)
                }
            }
        },
    },
    Operation { name: "Lme::solve", run: |w, d| any_lme(w, d)?.solve().map(drop) },
    Operation {
        name: "Lme results",
        run: |w, d| {
            let mut lme = any_lme(w, d)?;
            if d.chance(80) {
                let _ = lme.solve()?;
            }
            let lme = lme.share()?;
            match d.below(4) {
                0 => {
                    let factor = lme.solution_factor()?;
                    w.play(d);
                    factor.norm(petsc_rs::Norm::Frobenius).map(drop)
                }
                1 => lme.error_estimate().map(drop),
                2 => lme.residual_norm().map(drop),
                _ => {
                    let basis = lme.bv()?;
                    w.play(d);
                    basis.sizes().map(drop)
                }
            }
        },
    },
    Operation {
        name: "Lme settings",
        run: |w, d| {
            let mut lme = any_lme(w, d)?;
            match d.below(7) {
                0 => lme.set_type(LmeType::KRYLOV),
                1 => lme.set_dimension(d.below(9)),
                2 => lme.set_tolerances(solvers::tolerances(d)),
                3 => lme.reset(),
                4 => lme.set_from_options(),
                5 => lme.set_solution_rank(d.coin().then_some(d.below(5))),
                _ => {
                    let now = Interruption::new(w, d);
                    lme.add_monitor(move |_, _, _| now.happen())
                }
            }
        },
    },
];

/// The sizes of small matrices.
fn small_size(world: &World, dice: &mut Dice) -> usize {
    world.size(dice).min(8)
}

/// A factor of the right side is thin.
fn thin(n: usize) -> usize {
    n.min(2)
}

/// A function, mostly complete.
fn create(world: &World, dice: &mut Dice) -> Result<Lease<MathFunction>> {
    let comm = world.comm(dice);
    let f = match dice.below(6) {
        0 => MathFunction::new(&comm)?,
        1 => MathFunction::of_type(&comm, dice.pick(TYPES))?,
        2 => MathFunction::phi(&comm, dice.below(4))?,
        3 => MathFunction::of_type(&comm, FnType::EXP)?,
        _ => {
            let (p, q) = (dice.below(4), dice.below(3));
            MathFunction::rational(&comm, &dice.scalars(p), &dice.scalars(q))?
        }
    };
    Ok(world.functions.lease(f))
}

pub(crate) fn any(world: &World, dice: &mut Dice) -> Result<Lease<MathFunction>> {
    if dice.chance(20) {
        return create(world, dice);
    }
    match world.functions.find(dice, |_| true) {
        Some(f) => Ok(f),
        None => create(world, dice),
    }
}

/// A solver for the exponential, mostly.
fn mfn(world: &World, dice: &mut Dice) -> Result<Lease<Mfn>> {
    let comm = world.comm(dice);
    let mut mfn = Mfn::new(&comm)?;
    if dice.chance(90) {
        let a = definite(&comm, world.size(dice))?;
        mfn.set_operator(&a)?;
        mfn.function()?.set_type(FnType::EXP)?;
        world.matrices.keep(a);
    }
    Ok(world.mfns.lease(mfn))
}

fn any_mfn(world: &World, dice: &mut Dice) -> Result<Lease<Mfn>> {
    if dice.chance(20) {
        return mfn(world, dice);
    }
    match world.mfns.find(dice, |_| true) {
        Some(mfn) => Ok(mfn),
        None => mfn(world, dice),
    }
}

fn definite(comm: &petsc_rs::Comm, n: usize) -> Result<Matrix> {
    let entries: [Real; 3] = [1.0, -3.0, 1.0];
    matrix::tridiagonal(comm, n, entries)
}

/// A Lyapunov equation, mostly.
fn lme(world: &World, dice: &mut Dice) -> Result<Lease<Lme>> {
    let comm = world.comm(dice);
    let mut lme = Lme::new(&comm)?;
    if dice.chance(90) {
        let n = world.size(dice).max(1);
        let a = definite(&comm, n)?;
        lme.set_coefficient(&a)?;
        let values = dice.scalars(n * thin(n));
        let c = Matrix::from_dense(&comm, n, thin(n), &values)?;
        lme.set_rhs_factor(&c)?;
        world.matrices.keep(a);
    }
    Ok(world.lmes.lease(lme))
}

fn any_lme(world: &World, dice: &mut Dice) -> Result<Lease<Lme>> {
    if dice.chance(20) {
        return lme(world, dice);
    }
    match world.lmes.find(dice, |_| true) {
        Some(lme) => Ok(lme),
        None => lme(world, dice),
    }
}
