//! Nonlinear eigensolvers.

use petsc_rs::matrix::Structure;
use petsc_rs::{InsertMode, Matrix, MatrixRef, Object as _, Result, Scalar, ScalarExt as _};
use slepc_rs::function::MathFunctionRef;
use slepc_rs::nep::{ConvergenceTest, ErrorType, ProblemType, Refine, Tolerances, Which};
use slepc_rs::{FnType, MathFunction, Nep, NepType};

use crate::dice::Dice;
use crate::functions;
use crate::matrix;
use crate::pep;
use crate::region;
use crate::solvers::{self, Interruption};
use crate::world::{Lease, Operation, World, ask};

solvers::common!("Nep", Nep, neps, TYPES);
solvers::pairs!("Nep");

const TYPES: &[NepType<'static>] = &[
    NepType::RII,
    NepType::SLP,
    NepType::NARNOLDI,
    NepType::CISS,
    NepType::INTERPOL,
    NepType::NLEIGS,
];

/// The operations of this class alone.
pub(crate) const TABLE: &[Operation] = &[
    Operation {
        name: "Nep::set_split_operator",
        run: |w, d| {
            let mut nep = any(w, d)?;
            split(w, d, &mut nep)
        },
    },
    Operation {
        name: "Nep::set_function",
        run: |w, d| {
            let mut nep = any(w, d)?;
            closures(w, d, &mut nep)
        },
    },
    Operation {
        name: "Nep::operators",
        run: |w, d| {
            for a in any(w, d)?.operators()? {
                w.matrices.keep(a);
            }
            Ok(())
        },
    },
    Operation {
        name: "Nep::functions",
        run: |w, d| {
            for f in any(w, d)?.functions()? {
                w.functions.keep(f);
            }
            Ok(())
        },
    },
    Operation {
        name: "Nep::set_problem_type",
        run: |w, d| {
            any(w, d)?.set_problem_type(d.pick(&[ProblemType::General, ProblemType::Rational]))
        },
    },
    Operation { name: "Nep::set_two_sided", run: |w, d| any(w, d)?.set_two_sided(d.coin()) },
    Operation {
        name: "Nep::left_vector",
        run: |w, d| {
            let mut nep = of_type(w, d, &[NepType::SLP, NepType::NLEIGS])?;
            nep.set_two_sided(true)?;
            nep.solve_unchecked()?;
            let nep = nep.share()?;
            for pair in nep.eigenpairs()? {
                w.vectors.keep(pair?.left_vector()?.into_parts().0);
            }
            Ok(())
        },
    },
    Operation {
        name: "Nep::set_initial_space",
        run: |w, d| {
            let mut nep = any(w, d)?;
            let Some(a) = nep.operators()?.pop() else {
                return Ok(());
            };
            let list = solvers::space(w, d, &a)?;
            nep.set_initial_space(&solvers::refer(&list))
        },
    },
    Operation {
        name: "Nep::set_refinement",
        run: |w, d| {
            let kind = d.pick(&[Refine::None, Refine::Simple, Refine::Multiple]);
            any(w, d)?.set_refinement(kind, pep::refinement(d))
        },
    },
    Operation {
        name: "Nep::refinement_ksp",
        run: |w, d| {
            let ksp = any(w, d)?.refinement_ksp()?;
            w.ksps.keep(ksp);
            Ok(())
        },
    },
    Operation {
        name: "Nep::ksp",
        run: |w, d| {
            let ksp = of_type(w, d, &[NepType::RII, NepType::SLP, NepType::NARNOLDI])?.ksp()?;
            w.ksps.keep(ksp);
            Ok(())
        },
    },
    Operation {
        name: "Nep::eps",
        run: |w, d| {
            let eps = of_type(w, d, &[NepType::SLP])?.eps()?;
            w.eigensolvers.keep(eps);
            Ok(())
        },
    },
    Operation {
        name: "Nep::pep",
        run: |w, d| {
            let pep = of_type(w, d, &[NepType::INTERPOL])?.pep()?;
            w.peps.keep(pep);
            Ok(())
        },
    },
    Operation { name: "Nep settings of methods", run: settings },
];

/// A solver with a problem, mostly.
fn create(world: &World, dice: &mut Dice) -> Result<Lease<Nep>> {
    let mut nep = Nep::new(&world.comm(dice))?;
    if dice.chance(60) {
        split(world, dice, &mut nep)?;
    } else if dice.chance(70) {
        closures(world, dice, &mut nep)?;
    }
    if dice.coin() {
        nep.set_type(dice.pick(TYPES))?;
    }
    if dice.coin() {
        let region = slepc_rs::Region::ellipse(&nep.comm()?, Scalar::from_real(1.0), 2.0, 1.0)?;
        nep.set_region(&region)?;
        world.regions.keep(region);
    }
    if dice.chance(30) {
        nep.set_dimensions(solvers::dimensions(dice))?;
    }
    nep.set_tolerances(Tolerances { max_iterations: 20.into(), ..Default::default() })?;
    Ok(world.neps.lease(nep))
}

/// Mostly `A - λ·I + exp(-λ)·B`.
fn split(world: &World, dice: &mut Dice, nep: &mut Nep) -> Result<()> {
    let comm = nep.comm()?;
    let n = world.size(dice).max(1);
    let a = if dice.chance(10) {
        matrix::any(world, dice)?
    } else {
        world.matrices.lease(matrix::tridiagonal(&comm, n, [-1.0, 2.0, -1.0])?)
    };
    let b = solvers::partner(world, dice, &a)?;
    let c = solvers::partner(world, dice, &a)?;
    let one = MathFunction::rational(&comm, &[Scalar::from_real(1.0)], &[])?;
    let minus = [Scalar::from_real(-1.0), Scalar::from_real(0.0)];
    let linear = MathFunction::rational(&comm, &minus, &[])?;
    let third = if dice.chance(60) {
        let mut f = MathFunction::of_type(&comm, FnType::EXP)?;
        f.set_scale(Scalar::from_real(-1.0), Scalar::from_real(1.0))?;
        world.functions.lease(f)
    } else {
        functions::any(world, dice)?
    };
    let terms: [(&MatrixRef, &MathFunctionRef); 3] = [(&a, &one), (&b, &linear), (&c, &third)];
    let structure = dice.pick(&[Structure::Unknown, Structure::Subset, Structure::Different]);
    let terms = if dice.chance(90) { &terms[..dice.below(2) + 2] } else { &terms[..dice.below(2)] };
    nep.set_split_operator(terms, structure)
}

/// `A - λ·I` by closures.
fn closures(world: &World, dice: &mut Dice, nep: &mut Nep) -> Result<()> {
    let comm = nep.comm()?;
    let n = world.size(dice).max(1);
    let (t, j) = if dice.chance(80) {
        let t = matrix::tridiagonal(&comm, n, [-1.0, 2.0, -1.0])?;
        let j = t.duplicate_with_values()?;
        (t, j)
    } else {
        // Without entries, and not assembled.
        let empty = || {
            let n = n.try_into().unwrap_or(1);
            Matrix::builder(&comm).global_size(n, n).build()
        };
        (empty()?, empty()?)
    };
    let now = Interruption::new(world, dice);
    nep.set_function(&t, &t, move |_, lambda, t, _| {
        now.happen()?;
        diagonal(t, Scalar::from_real(2.0) - lambda)
    })?;
    if dice.chance(85) {
        let now = Interruption::new(world, dice);
        nep.set_jacobian(&j, move |_, _, j| {
            now.happen()?;
            j.zero_entries()?;
            diagonal(j, Scalar::from_real(-1.0))
        })?;
    }
    keep(world, t, j);
    Ok(())
}

fn keep(world: &World, t: Matrix, j: Matrix) {
    world.matrices.keep(t);
    world.matrices.keep(j);
}

fn diagonal(a: &mut MatrixRef, value: Scalar) -> Result<()> {
    for i in a.ownership_range()? {
        a.set_value(i, i, value, InsertMode::Insert)?;
    }
    a.assemble()
}

/// Mostly one of these types.
fn of_type(world: &World, dice: &mut Dice, kinds: &[NepType<'static>]) -> Result<Lease<Nep>> {
    let mut nep = any(world, dice)?;
    if dice.chance(85) {
        nep.set_type(dice.pick(kinds))?;
    }
    Ok(nep)
}

fn settings(world: &World, dice: &mut Dice) -> Result<()> {
    let inverse = &[NepType::RII, NepType::SLP];
    match dice.below(12) {
        0 => of_type(world, dice, &[NepType::RII])?.set_lag_preconditioner(dice.below(3)),
        1 => of_type(world, dice, &[NepType::RII])?.set_rii_hermitian(dice.coin()),
        2 => of_type(world, dice, &[NepType::RII])?.set_rii_constant_tolerance(dice.coin()),
        3 => of_type(world, dice, &[NepType::RII])?.set_rii_inner_iterations(dice.below(4)),
        4 => of_type(world, dice, inverse)?.set_deflation_threshold(1e-6),
        5 => of_type(world, dice, &[NepType::NLEIGS])?.set_nleigs_full_basis(dice.coin()),
        6 => of_type(world, dice, &[NepType::NLEIGS])?.set_nleigs_locking(dice.coin()),
        7 => of_type(world, dice, &[NepType::NLEIGS])?.set_nleigs_restart(0.4),
        8 => of_type(world, dice, &[NepType::INTERPOL, NepType::NLEIGS])?
            .set_interpolation(1e-6, dice.below(12)),
        9 => {
            let shifts = dice.below(3);
            let shifts = dice.scalars(shifts);
            of_type(world, dice, &[NepType::NLEIGS])?.set_nleigs_rk_shifts(&shifts)
        }
        10 => of_type(world, dice, &[NepType::NLEIGS])?.nleigs_rk_shifts().map(drop),
        _ => {
            let now = Interruption::new(world, dice);
            of_type(world, dice, &[NepType::NLEIGS])?.set_nleigs_singularities(move |_, most| {
                now.happen()?;
                Ok(vec![Scalar::from_real(9.0); most.min(2)])
            })
        }
    }
}
