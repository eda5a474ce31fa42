//! Eigensolvers.

use petsc_rs::{Object as _, Result, Scalar, ScalarExt as _, SnesRef, VectorRef};
use slepc_rs::eps::{
    Balance, ContourExtraction, ContourQuadrature, ContourSizes, ConvergenceTest, DavidsonRestart,
    ErrorType, Extraction, LanczosReorthogonalization, PowerShiftType, ProblemType, Which,
};
use slepc_rs::{Eps, EpsType};

use crate::dice::Dice;
use crate::matrix;
use crate::region;
use crate::solvers::{self, Interruption};
use crate::st;
use crate::world::{Lease, Operation, World, ask};

solvers::common!("Eps", Eps, eigensolvers, TYPES);
solvers::pairs!("Eps");

const TYPES: &[EpsType<'static>] = &[
    EpsType::POWER,
    EpsType::SUBSPACE,
    EpsType::ARNOLDI,
    EpsType::LANCZOS,
    EpsType::KRYLOVSCHUR,
    EpsType::KRYLOVSCHUR,
    EpsType::GD,
    EpsType::JD,
    EpsType::RQCG,
    EpsType::LOBPCG,
    EpsType::CISS,
    EpsType::LYAPII,
    EpsType::LAPACK,
    EpsType::ARPACK,
    EpsType::SCALAPACK,
    EpsType::PRIMME,
];

/// The operations of eigensolvers alone.
pub(crate) const TABLE: &[Operation] = &[
    Operation { name: "Eps::set_operators", run: set_operators },
    Operation {
        name: "Eps::operators",
        run: |w, d| {
            let (a, _) = any(w, d)?.operators()?;
            w.matrices.keep(a);
            Ok(())
        },
    },
    Operation {
        name: "Eps::set_problem_type",
        run: |w, d| {
            any(w, d)?.set_problem_type(d.pick(&[
                ProblemType::Hermitian,
                ProblemType::NonHermitian,
                ProblemType::GeneralizedHermitian,
                ProblemType::GeneralizedNonHermitian,
                ProblemType::PositiveGeneralizedNonHermitian,
                ProblemType::GeneralizedHermitianIndefinite,
            ]))
        },
    },
    Operation {
        name: "Eps::set_interval",
        run: |w, d| {
            let start = d.real();
            let mut eps = any(w, d)?;
            eps.set_interval(start, start + d.real().abs() + 0.5)?;
            eps.interval().map(drop)
        },
    },
    Operation { name: "Eps slices an interval", run: slice },
    Operation {
        name: "Eps::set_balance",
        run: |w, d| {
            let kind = d.pick(&[Balance::None, Balance::OneSided, Balance::TwoSided]);
            any(w, d)?.set_balance(kind, d.below(4), 1e-8)
        },
    },
    Operation {
        name: "Eps::set_extraction",
        run: |w, d| {
            any(w, d)?.set_extraction(d.pick(&[
                Extraction::Ritz,
                Extraction::Harmonic,
                Extraction::HarmonicRelative,
                Extraction::HarmonicRight,
                Extraction::HarmonicLargest,
                Extraction::Refined,
                Extraction::RefinedHarmonic,
            ]))
        },
    },
    Operation {
        name: "Eps flags",
        run: |w, d| {
            let mut eps = any(w, d)?;
            match d.below(3) {
                0 => eps.set_two_sided(d.coin()),
                1 => eps.set_true_residual(d.coin()),
                _ => eps.set_purify(d.coin()),
            }
        },
    },
    Operation {
        name: "Eps questions",
        run: |w, d| {
            let eps = any(w, d)?;
            eps.is_hermitian()?;
            eps.is_generalized()?;
            eps.is_positive()?;
            eps.which()?;
            eps.purify()?;
            eps.problem_type().map(drop)
        },
    },
    Operation { name: "Eps spaces", run: spaces },
    Operation {
        name: "Eps::invariant_subspace",
        run: |w, d| {
            for x in solved(w, d)?.invariant_subspace()? {
                w.vectors.keep(x);
            }
            Ok(())
        },
    },
    Operation { name: "Eps::left_vector", run: left_vectors },
    Operation {
        name: "Eps::set_inner_product",
        run: |w, d| {
            let mut eps = any(w, d)?;
            let a = eps.operators()?.0;
            let b = solvers::partner(w, d, &a)?;
            eps.set_inner_product(&b)
        },
    },
    Operation {
        name: "Eps::st",
        run: |w, d| {
            let st = any(w, d)?.st()?;
            w.transformations.keep(st);
            Ok(())
        },
    },
    Operation {
        name: "Eps::st type",
        run: |w, d| {
            let mut st = any(w, d)?.st()?;
            st.set_type(d.pick(st::TYPES))?;
            w.transformations.keep(st);
            Ok(())
        },
    },
    Operation {
        name: "Eps::set_st",
        run: |w, d| {
            let mut eps = any(w, d)?;
            let st = st::any(w, d)?;
            eps.set_st(&st)?;
            set_operators_of(w, d, &mut eps)
        },
    },
    Operation {
        name: "Eps::set_arbitrary_selection",
        run: |w, d| {
            let now = Interruption::new(w, d);
            any(w, d)?.set_arbitrary_selection(move |value, x, _| {
                now.happen()?;
                x.norm(petsc_rs::Norm::Two)?;
                Ok(value)
            })
        },
    },
    Operation { name: "Eps settings of methods", run: settings },
    Operation { name: "Eps answers of methods", run: answers },
    Operation {
        name: "Eps::krylovschur_ksp",
        run: |w, d| {
            let mut eps = krylovschur(w, d)?;
            if d.coin() {
                eps.set_which(Which::All)?;
            }
            let ksp = eps.krylovschur_ksp()?;
            w.ksps.keep(ksp);
            Ok(())
        },
    },
    Operation { name: "Eps nonlinear power", run: nonlinear },
];

/// An eigensolver with operators, mostly.
fn create(world: &World, dice: &mut Dice) -> Result<Lease<Eps>> {
    let comm = world.comm(dice);
    let mut eps = Eps::new(&comm)?;
    if dice.chance(85) {
        let a = matrix::tridiagonal(&comm, world.size(dice).max(1), [-1.0, 2.0, -1.0])?;
        if dice.chance(30) {
            let b = solvers::partner(world, dice, &a)?;
            eps.set_operators(&a, Some(&b))?;
            if dice.coin() {
                eps.set_problem_type(ProblemType::GeneralizedHermitian)?;
            }
        } else {
            eps.set_operators(&a, None)?;
            if dice.coin() {
                eps.set_problem_type(ProblemType::Hermitian)?;
            }
        }
        world.matrices.keep(a);
    }
    if dice.coin() {
        eps.set_type(dice.pick(TYPES))?;
    }
    if dice.chance(30) {
        eps.set_dimensions(solvers::dimensions(dice))?;
    }
    eps.set_tolerances(slepc_rs::eps::Tolerances {
        max_iterations: 30.into(),
        ..Default::default()
    })?;
    Ok(world.eigensolvers.lease(eps))
}

/// Mostly one of a method.
fn of_type(world: &World, dice: &mut Dice, kind: EpsType<'static>) -> Result<Lease<Eps>> {
    let mut eps = any(world, dice)?;
    if dice.chance(85) {
        eps.set_type(kind)?;
    }
    Ok(eps)
}

fn krylovschur(world: &World, dice: &mut Dice) -> Result<Lease<Eps>> {
    of_type(world, dice, EpsType::KRYLOVSCHUR)
}

fn set_operators(world: &World, dice: &mut Dice) -> Result<()> {
    let mut eps = any(world, dice)?;
    set_operators_of(world, dice, &mut eps)
}

fn set_operators_of(world: &World, dice: &mut Dice, eps: &mut Eps) -> Result<()> {
    let a = solvers::operator(world, dice)?;
    if dice.chance(60) {
        return eps.set_operators(&a, None);
    }
    let b = solvers::partner(world, dice, &a)?;
    eps.set_operators(&a, Some(&b))
}

/// All eigenvalues of an interval, and what the slices say about them.
fn slice(world: &World, dice: &mut Dice) -> Result<()> {
    let mut eps = if dice.chance(80) {
        let comm = world.comm(dice);
        let n = world.size(dice).max(6);
        let mut eps = Eps::new(&comm)?;
        let mut a = matrix::tridiagonal(&comm, n, [-1.0, 2.0, -1.0])?;
        a.set_option(petsc_rs::matrix::MatrixOption::Symmetric, true)?;
        eps.set_operators(&world.matrices.lease(a.convert(petsc_rs::MatrixType::SBAIJ)?), None)?;
        eps.set_type(EpsType::KRYLOVSCHUR)?;
        world.eigensolvers.lease(eps)
    } else {
        krylovschur(world, dice)?
    };
    eps.set_problem_type(ProblemType::Hermitian)?;
    eps.set_which(Which::All)?;
    eps.set_interval(0.3, dice.pick(&[1.2, 3.1, 5.0]))?;
    let mut st = eps.st()?;
    st.set_type(slepc_rs::StType::SINVERT)?;
    let ksp = st.ksp()?;
    let mut ksp = world.ksps.lease(ksp);
    ksp.set_type(petsc_rs::KspType::PREONLY)?;
    ksp.pc()?.set_type(petsc_rs::PcType::CHOLESKY)?;
    eps.solve_unchecked()?;
    if dice.coin() {
        world.play(dice);
    }
    eps.krylovschur_inertias().map(drop)
}

fn spaces(world: &World, dice: &mut Dice) -> Result<()> {
    let mut eps = any(world, dice)?;
    let a = eps.operators()?.0;
    let list = solvers::space(world, dice, &a)?;
    let list = solvers::refer(&list);
    match dice.below(3) {
        0 => eps.set_initial_space(&list),
        1 => eps.set_left_initial_space(&list),
        _ => eps.set_deflation_space(&list),
    }
}

fn left_vectors(world: &World, dice: &mut Dice) -> Result<()> {
    let mut eps = krylovschur(world, dice)?;
    if dice.chance(90) {
        eps.set_two_sided(true)?;
    }
    eps.solve_unchecked()?;
    let eps = eps.share()?;
    for pair in eps.eigenpairs()? {
        let left = pair?.left_vector()?;
        if dice.chance(20) {
            world.play(dice);
        }
        world.vectors.keep(left.into_parts().0);
    }
    Ok(())
}

/// A nonlinear problem, solved by inverse or direct power iteration.
fn nonlinear(world: &World, dice: &mut Dice) -> Result<()> {
    let mut eps = if dice.chance(80) {
        let comm = world.comm(dice);
        let mut eps = Eps::new(&comm)?;
        let a = matrix::tridiagonal(&comm, world.size(dice).max(1), [-1.0, 2.0, -1.0])?;
        eps.set_operators(&world.matrices.lease(a), None)?;
        eps.set_type(EpsType::POWER)?;
        world.eigensolvers.lease(eps)
    } else {
        of_type(world, dice, EpsType::POWER)?
    };
    let now = Interruption::new(world, dice);
    let a = eps.operators()?.0;
    eps.set_operators(&a, None)?;
    eps.set_power_nonlinear(true)?;
    eps.set_power_function(move |_: &SnesRef, x: &VectorRef, y: &mut VectorRef| {
        now.happen()?;
        y.copy_from(x)?;
        y.scale(Scalar::from_real(2.0))
    })?;
    if dice.coin() {
        let now = Interruption::new(world, dice);
        eps.set_power_jacobian(move |_, _, a, _| {
            now.happen()?;
            a.shift(Scalar::from_real(0.0))
        })?;
    }
    if dice.chance(30) {
        eps.set_power_update(dice.coin())?;
    }
    let outcome = eps.solve_unchecked();
    if dice.chance(80) {
        let _ = eps.set_power_nonlinear(false);
    }
    outcome.map(drop)
}

fn settings(world: &World, dice: &mut Dice) -> Result<()> {
    match dice.below(22) {
        0 => of_type(world, dice, EpsType::ARNOLDI)?.set_arnoldi_delayed(dice.coin()),
        1 => of_type(world, dice, EpsType::LANCZOS)?.set_lanczos_reorthogonalization(dice.pick(&[
            LanczosReorthogonalization::Local,
            LanczosReorthogonalization::Full,
            LanczosReorthogonalization::Selective,
            LanczosReorthogonalization::Periodic,
            LanczosReorthogonalization::Partial,
            LanczosReorthogonalization::Delayed,
        ])),
        2 => davidson(world, dice)?.set_davidson_krylov_start(dice.coin()),
        3 => davidson(world, dice)?.set_davidson_block_size(dice.below(4)),
        4 => davidson(world, dice)?.set_davidson_initial_size(dice.below(6)),
        5 => davidson(world, dice)?.set_davidson_b_orthogonal(dice.coin()),
        6 => of_type(world, dice, EpsType::GD)?.set_gd_double_expansion(dice.coin()),
        7 => of_type(world, dice, EpsType::JD)?.set_jd_fix(dice.real()),
        8 => of_type(world, dice, EpsType::JD)?.set_jd_constant_tolerance(dice.coin()),
        9 => of_type(world, dice, EpsType::LOBPCG)?.set_lobpcg_block_size(dice.below(5)),
        10 => of_type(world, dice, EpsType::LOBPCG)?.set_lobpcg_locking(dice.coin()),
        11 => of_type(world, dice, EpsType::LOBPCG)?.set_lobpcg_restart(0.5),
        12 => of_type(world, dice, EpsType::RQCG)?.set_rqcg_reset(dice.below(6)),
        13 => krylovschur(world, dice)?.set_krylovschur_detect_zeros(dice.coin()),
        14 => krylovschur(world, dice)?.set_krylovschur_restart(0.4),
        15 => krylovschur(world, dice)?.set_krylovschur_locking(dice.coin()),
        16 => krylovschur(world, dice)?.set_krylovschur_partitions(dice.below(3)),
        17 => krylovschur(world, dice)?.set_krylovschur_dimensions(solvers::dimensions(dice)),
        18 => davidson(world, dice)?
            .set_davidson_restart(DavidsonRestart { keep: dice.below(6), previous: dice.below(3) }),
        19 => of_type(world, dice, EpsType::LYAPII)?.set_lyapii_ranks(dice.below(6), dice.below(9)),
        20 => of_type(world, dice, EpsType::POWER)?.set_power_shift_type(dice.pick(&[
            PowerShiftType::Constant,
            PowerShiftType::Rayleigh,
            PowerShiftType::Wilkinson,
        ])),
        _ => contour(world, dice),
    }
}

fn davidson(world: &World, dice: &mut Dice) -> Result<Lease<Eps>> {
    let kind = dice.pick(&[EpsType::GD, EpsType::JD]);
    of_type(world, dice, kind)
}

fn contour(world: &World, dice: &mut Dice) -> Result<()> {
    let mut eps = of_type(world, dice, EpsType::CISS)?;
    match dice.below(5) {
        0 => eps
            .set_ciss_extraction(dice.pick(&[ContourExtraction::Ritz, ContourExtraction::Hankel])),
        1 => eps.set_ciss_quadrature(
            dice.pick(&[ContourQuadrature::Trapezoidal, ContourQuadrature::Chebyshev]),
        ),
        2 => {
            let sizes = eps.ciss_sizes()?;
            eps.set_ciss_sizes(ContourSizes {
                points: dice.pick(&[4, 8, 32]),
                block: dice.below(4) + 1,
                moments: dice.below(4) + 1,
                max_block: dice.below(6) + 1,
                ..sizes
            })
        }
        3 => eps.set_ciss_threshold(1e-6, 1e-4),
        _ => eps.set_ciss_refinement(dice.below(3), dice.below(3)),
    }
}

fn answers(world: &World, dice: &mut Dice) -> Result<()> {
    match dice.below(9) {
        0 => of_type(world, dice, EpsType::ARNOLDI)?.arnoldi_delayed().map(drop),
        1 => davidson(world, dice)?.davidson_restart().map(drop),
        2 => of_type(world, dice, EpsType::LYAPII)?.lyapii_ranks().map(drop),
        3 => of_type(world, dice, EpsType::LOBPCG)?.lobpcg_block_size().map(drop),
        4 => krylovschur(world, dice)?.krylovschur_restart().map(drop),
        5 => krylovschur(world, dice)?.krylovschur_inertias().map(drop),
        6 => of_type(world, dice, EpsType::CISS)?.ciss_sizes().map(drop),
        7 => of_type(world, dice, EpsType::POWER)?.power_shift_type().map(drop),
        _ => davidson(world, dice)?.davidson_block_size().map(drop),
    }
}
