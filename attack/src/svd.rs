//! Singular value solvers.

use petsc_rs::{Matrix, Object as _, Result, Scalar, ScalarExt as _, Viewer};
use slepc_rs::svd::{BidiagonalForm, ConvergenceTest, ErrorType, ProblemType, Tolerances, Which};
use slepc_rs::{Svd, SvdType};

use crate::dice::Dice;
use crate::matrix;
use crate::solvers::{self, Interruption};
use crate::world::{Lease, Operation, World, ask};

solvers::common!("Svd", Svd, svds, TYPES);

const TYPES: &[SvdType<'static>] = &[
    SvdType::CROSS,
    SvdType::CYCLIC,
    SvdType::LAPACK,
    SvdType::LANCZOS,
    SvdType::TRLANCZOS,
    SvdType::TRLANCZOS,
    SvdType::RANDOMIZED,
    SvdType::SCALAPACK,
    SvdType::PRIMME,
];

/// The operations of this class alone.
pub(crate) const TABLE: &[Operation] = &[
    Operation {
        name: "Svd::set_operators",
        run: |w, d| {
            let mut svd = any(w, d)?;
            let a = rectangle(w, d)?;
            if d.chance(70) {
                return svd.set_operators(&a, None);
            }
            let b = below(w, d, &a)?;
            svd.set_operators(&a, Some(&b))
        },
    },
    Operation {
        name: "Svd::operators",
        run: |w, d| {
            let (a, _) = any(w, d)?.operators()?;
            w.matrices.keep(a);
            Ok(())
        },
    },
    Operation {
        name: "Svd::set_problem_type",
        run: |w, d| {
            any(w, d)?.set_problem_type(d.pick(&[
                ProblemType::Standard,
                ProblemType::Standard,
                ProblemType::Generalized,
                ProblemType::Hyperbolic,
            ]))
        },
    },
    Operation {
        name: "Svd::set_which",
        run: |w, d| any(w, d)?.set_which(d.pick(&[Which::Largest, Which::Smallest])),
    },
    Operation {
        name: "Svd::set_signature",
        run: |w, d| {
            let mut svd = any(w, d)?;
            if d.chance(30) {
                return svd.set_signature(None);
            }
            let a = svd.operators()?.0;
            let (_, mut signs) = matrix::fitting(w, d, &a)?;
            let mut apart = d.apart();
            for entry in signs.array_mut()?.iter_mut() {
                *entry = Scalar::from_real(if apart.coin() { 1.0 } else { -1.0 });
            }
            svd.set_signature(Some(&signs))
        },
    },
    Operation {
        name: "Svd::set_implicit_transpose",
        run: |w, d| any(w, d)?.set_implicit_transpose(d.coin()),
    },
    Operation {
        name: "Svd::set_initial_spaces",
        run: |w, d| {
            let mut svd = any(w, d)?;
            let a = svd.operators()?.0;
            let right = solvers::space(w, d, &a)?;
            let left = if d.coin() { Vec::new() } else { vec![matrix::fitting(w, d, &a)?.1] };
            svd.set_initial_spaces(&solvers::refer(&right), &solvers::refer(&left))
        },
    },
    Operation {
        name: "Svd::eps",
        run: |w, d| {
            let eps = of_type(w, d, &[SvdType::CROSS, SvdType::CYCLIC])?.eps()?;
            w.eigensolvers.keep(eps);
            Ok(())
        },
    },
    Operation {
        name: "Svd::bv",
        run: |w, d| {
            let svd = solved(w, d)?.share()?;
            let (right, left) = svd.bv()?;
            w.play(d);
            right.norm(petsc_rs::Norm::Frobenius)?;
            left.map_or(Ok(()), |left| left.sizes().map(drop))
        },
    },
    Operation {
        name: "Svd::singular_values",
        run: |w, d| solved(w, d)?.singular_values().map(drop),
    },
    Operation {
        name: "Svd::singular_triplets",
        run: |w, d| {
            let svd = solved(w, d)?.share()?;
            for triplet in svd.singular_triplets()? {
                let triplet = triplet?;
                if d.chance(20) {
                    w.play(d);
                }
                let (u, v) = triplet.vectors()?;
                w.vectors.keep(u);
                w.vectors.keep(v);
            }
            Ok(())
        },
    },
    Operation {
        name: "Svd errors",
        run: |w, d| {
            let svd = solved(w, d)?.share()?;
            for triplet in svd.singular_triplets()? {
                triplet?.error(d.pick(&[
                    ErrorType::Absolute,
                    ErrorType::Relative,
                    ErrorType::Norm,
                ]))?;
            }
            Ok(())
        },
    },
    Operation {
        name: "Svd::error_view",
        run: |w, d| {
            let svd = solved(w, d)?;
            Viewer::capture(&svd.comm()?, |viewer| {
                svd.error_view(ErrorType::Relative, viewer)?;
                svd.converged_reason_view(viewer)
            })
            .map(drop)
        },
    },
    Operation {
        name: "Svd::add_monitor",
        run: |w, d| {
            let now = Interruption::new(w, d);
            any(w, d)?.add_monitor(move |progress| {
                now.happen()?;
                progress.solver().iterations().map(drop)
            })
        },
    },
    Operation {
        name: "Svd::set_convergence_test",
        run: |w, d| {
            any(w, d)?.set_convergence_test(d.pick(&[
                ConvergenceTest::Absolute,
                ConvergenceTest::Relative,
                ConvergenceTest::Norm,
                ConvergenceTest::MaxIterations,
                ConvergenceTest::User,
            ]))
        },
    },
    Operation {
        name: "Svd::set_convergence_test_function",
        run: |w, d| {
            let now = Interruption::new(w, d);
            any(w, d)?.set_convergence_test_function(move |_, value, residual| {
                now.happen()?;
                Ok(residual / value.abs().max(1.0))
            })
        },
    },
    Operation { name: "Svd settings of methods", run: settings },
];

/// A solver with operators, mostly.
fn create(world: &World, dice: &mut Dice) -> Result<Lease<Svd>> {
    let comm = world.comm(dice);
    let mut svd = Svd::new(&comm)?;
    if dice.chance(85) {
        let a = dense(world, dice, &comm)?;
        svd.set_operators(&a, None)?;
        world.matrices.keep(a);
    }
    if dice.coin() {
        svd.set_type(dice.pick(TYPES))?;
    }
    if dice.chance(30) {
        svd.set_dimensions(solvers::dimensions(dice))?;
    }
    svd.set_tolerances(Tolerances { max_iterations: 30.into(), ..Default::default() })?;
    Ok(world.svds.lease(svd))
}

/// As a sparse matrix, with more rows than columns or fewer.
fn dense(world: &World, dice: &mut Dice, comm: &petsc_rs::Comm) -> Result<Matrix> {
    let m = world.size(dice).max(1);
    let n = dice.pick(&[m, m, m + 2, m.div_ceil(2)]);
    let a = Matrix::from_dense(comm, m, n, &dice.scalars(m * n))?;
    a.convert(petsc_rs::MatrixType::AIJ)
}

fn rectangle(world: &World, dice: &mut Dice) -> Result<Lease<Matrix>> {
    if dice.chance(40) {
        return solvers::operator(world, dice);
    }
    let comm = world.comm(dice);
    Ok(world.matrices.lease(dense(world, dice, &comm)?))
}

/// Mostly with as many columns.
fn below(world: &World, dice: &mut Dice, a: &Matrix) -> Result<Lease<Matrix>> {
    if dice.chance(20) {
        return matrix::any(world, dice);
    }
    let n = a.size()?.1;
    let b = matrix::tridiagonal(&a.comm()?, n, [0.5, 2.0, -0.5])?;
    Ok(world.matrices.lease(b))
}

/// Mostly one of these types.
fn of_type(world: &World, dice: &mut Dice, kinds: &[SvdType<'static>]) -> Result<Lease<Svd>> {
    let mut svd = any(world, dice)?;
    if dice.chance(85) {
        svd.set_type(dice.pick(kinds))?;
    }
    Ok(svd)
}

fn settings(world: &World, dice: &mut Dice) -> Result<()> {
    match dice.below(8) {
        0 => {
            let kinds = &[SvdType::CROSS, SvdType::CYCLIC, SvdType::TRLANCZOS];
            of_type(world, dice, kinds)?.set_explicit_matrix(dice.coin())
        }
        1 => {
            let kinds = &[SvdType::LANCZOS, SvdType::TRLANCZOS];
            of_type(world, dice, kinds)?.set_one_side(dice.coin())
        }
        which => {
            let mut svd = of_type(world, dice, &[SvdType::TRLANCZOS])?;
            match which {
                2 => svd.set_trlanczos_locking(dice.coin()),
                3 => svd.set_trlanczos_restart(0.4),
                4 => svd.set_trlanczos_form(dice.pick(&[
                    BidiagonalForm::Single,
                    BidiagonalForm::Upper,
                    BidiagonalForm::Lower,
                ])),
                5 => svd.set_trlanczos_scale(dice.real()),
                6 => svd.trlanczos_scale().map(drop),
                _ => svd.trlanczos_restart().map(drop),
            }
        }
    }
}
