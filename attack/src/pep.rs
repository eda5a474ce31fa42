//! Polynomial eigensolvers.

use petsc_rs::{MatrixRef, Object as _, Result};
use slepc_rs::pep::{
    Basis, ConvergenceTest, ErrorType, Extraction, JdProjection, ProblemType, Refine, RefineScheme,
    Refinement, Scale, Scaling, Tolerances, Which,
};
use slepc_rs::{Pep, PepType, StType};

use crate::dice::Dice;
use crate::matrix;
use crate::region;
use crate::solvers::{self, Interruption};
use crate::world::{Lease, Operation, World, ask};

solvers::common!("Pep", Pep, peps, TYPES);
solvers::pairs!("Pep");

const TYPES: &[PepType<'static>] = &[
    PepType::LINEAR,
    PepType::QARNOLDI,
    PepType::TOAR,
    PepType::TOAR,
    PepType::STOAR,
    PepType::JD,
    PepType::CISS,
];

/// The operations of this class alone.
pub(crate) const TABLE: &[Operation] = &[
    Operation {
        name: "Pep::set_operators",
        run: |w, d| {
            let mut pep = any(w, d)?;
            let a = solvers::operator(w, d)?;
            terms(w, d, &mut pep, &a)
        },
    },
    Operation {
        name: "Pep::operators",
        run: |w, d| {
            for a in any(w, d)?.operators()? {
                w.matrices.keep(a);
            }
            Ok(())
        },
    },
    Operation {
        name: "Pep::set_problem_type",
        run: |w, d| {
            any(w, d)?.set_problem_type(d.pick(&[
                ProblemType::General,
                ProblemType::General,
                ProblemType::Hermitian,
                ProblemType::Hyperbolic,
                ProblemType::Gyroscopic,
            ]))
        },
    },
    Operation {
        name: "Pep::set_basis",
        run: |w, d| {
            any(w, d)?.set_basis(d.pick(&[
                Basis::Monomial,
                Basis::Monomial,
                Basis::Chebyshev1,
                Basis::Chebyshev2,
                Basis::Legendre,
                Basis::Laguerre,
                Basis::Hermite,
            ]))
        },
    },
    Operation {
        name: "Pep::set_extraction",
        run: |w, d| {
            any(w, d)?.set_extraction(d.pick(&[
                Extraction::None,
                Extraction::Norm,
                Extraction::Residual,
                Extraction::Structured,
            ]))
        },
    },
    Operation {
        name: "Pep::set_scaling",
        run: |w, d| {
            let kind = d.pick(&[Scale::None, Scale::Scalar, Scale::Diagonal, Scale::Both]);
            any(w, d)?.set_scaling(kind, Scaling::default())
        },
    },
    Operation {
        name: "Pep::set_refinement",
        run: |w, d| {
            let kind = d.pick(&[Refine::None, Refine::Simple, Refine::Multiple]);
            any(w, d)?.set_refinement(kind, refinement(d))
        },
    },
    Operation {
        name: "Pep::refinement_ksp",
        run: |w, d| {
            let ksp = any(w, d)?.refinement_ksp()?;
            w.ksps.keep(ksp);
            Ok(())
        },
    },
    Operation {
        name: "Pep::set_initial_space",
        run: |w, d| {
            let mut pep = any(w, d)?;
            let Some(a) = pep.operators()?.pop() else {
                return Ok(());
            };
            let list = solvers::space(w, d, &a)?;
            pep.set_initial_space(&solvers::refer(&list))
        },
    },
    Operation { name: "Pep::set_interval", run: slice },
    Operation {
        name: "Pep::st",
        run: |w, d| {
            let mut st = any(w, d)?.st()?;
            if d.coin() {
                st.set_type(d.pick(&[StType::SHIFT, StType::SINVERT, StType::CAYLEY]))?;
            }
            w.transformations.keep(st);
            Ok(())
        },
    },
    Operation {
        name: "Pep::eps",
        run: |w, d| {
            let eps = of_type(w, d, &[PepType::LINEAR])?.eps()?;
            w.eigensolvers.keep(eps);
            Ok(())
        },
    },
    Operation { name: "Pep settings of methods", run: settings },
];

pub(crate) fn refinement(dice: &mut Dice) -> Refinement {
    Refinement {
        iterations: (dice.below(3) + 1).into(),
        scheme: dice.coin().then(|| {
            dice.pick(&[
                RefineScheme::Schur,
                RefineScheme::MixedBlockElimination,
                RefineScheme::Explicit,
            ])
        }),
        ..Refinement::default()
    }
}

/// A solver of a quadratic problem, mostly.
fn create(world: &World, dice: &mut Dice) -> Result<Lease<Pep>> {
    let comm = world.comm(dice);
    let mut pep = Pep::new(&comm)?;
    if dice.chance(85) {
        let a = matrix::tridiagonal(&comm, world.size(dice).max(1), [-1.0, 2.0, -1.0])?;
        terms(world, dice, &mut pep, &a)?;
        world.matrices.keep(a);
    }
    if dice.coin() {
        pep.set_type(dice.pick(TYPES))?;
    }
    if dice.chance(30) {
        pep.set_dimensions(solvers::dimensions(dice))?;
    }
    pep.set_tolerances(Tolerances { max_iterations: 30.into(), ..Default::default() })?;
    Ok(world.peps.lease(pep))
}

/// Mostly the three matrices of a quadratic problem.
fn terms(world: &World, dice: &mut Dice, pep: &mut Pep, a: &petsc_rs::Matrix) -> Result<()> {
    let mut parts = Vec::new();
    for _ in 0..dice.pick(&[2, 2, 2, 2, 1, 3]) {
        parts.push(solvers::partner(world, dice, a)?);
    }
    let mut list: Vec<&MatrixRef> = vec![a];
    list.extend(parts.iter().map(|part| -> &MatrixRef { part }));
    pep.set_operators(&list)
}

/// Mostly one of these types.
fn of_type(world: &World, dice: &mut Dice, kinds: &[PepType<'static>]) -> Result<Lease<Pep>> {
    let mut pep = any(world, dice)?;
    if dice.chance(85) {
        pep.set_type(dice.pick(kinds))?;
    }
    Ok(pep)
}

/// An interval, for the method that slices.
fn slice(world: &World, dice: &mut Dice) -> Result<()> {
    let mut pep = of_type(world, dice, &[PepType::STOAR])?;
    let start = dice.real();
    pep.set_interval(start, start + 2.0)?;
    if dice.coin() {
        pep.set_problem_type(ProblemType::Hyperbolic)?;
        pep.set_which(Which::All)?;
        pep.st()?.set_type(StType::SINVERT)?;
        pep.solve_unchecked()?;
        pep.stoar_inertias()?;
    }
    Ok(())
}

fn settings(world: &World, dice: &mut Dice) -> Result<()> {
    let krylov = &[PepType::TOAR, PepType::QARNOLDI, PepType::STOAR];
    match dice.below(12) {
        0 => of_type(world, dice, &[PepType::LINEAR])?.set_linear_explicit_matrix(dice.coin()),
        1 => of_type(world, dice, krylov)?.set_locking(dice.coin()),
        2 => of_type(world, dice, krylov)?.set_restart(0.4),
        3 => of_type(world, dice, &[PepType::STOAR])?.set_stoar_detect_zeros(dice.coin()),
        4 => of_type(world, dice, &[PepType::STOAR])?.set_stoar_check_eigenvalue_type(dice.coin()),
        5 => of_type(world, dice, &[PepType::JD])?.set_jd_fix(dice.real()),
        6 => of_type(world, dice, &[PepType::JD])?.set_jd_reuse_preconditioner(dice.coin()),
        7 => of_type(world, dice, &[PepType::JD])?.set_jd_minimality_index(dice.below(4)),
        8 => of_type(world, dice, &[PepType::JD])?
            .set_jd_projection(dice.pick(&[JdProjection::Orthogonal, JdProjection::Harmonic])),
        9 => of_type(world, dice, &[PepType::LINEAR, PepType::STOAR])?
            .set_linearization(dice.real(), dice.real()),
        10 => of_type(world, dice, krylov)?.restart().map(drop),
        _ => of_type(world, dice, &[PepType::LINEAR])?.linearization().map(drop),
    }
}
