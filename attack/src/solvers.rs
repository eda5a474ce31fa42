//! Common parts of the solvers of slepc-rs: operators, spaces, closures, and the operations of
//! every solver.

use std::cell::{Cell, RefCell};

use num_complex::Complex;
use petsc_rs::{
    Error, ErrorCode, Matrix, Object as _, Real, Result, Scalar, ScalarExt as _, Vector, VectorRef,
};
use slepc_rs::solver::{Dimensions, Tolerances};

use crate::dice::Dice;
use crate::matrix;
use crate::vector;
use crate::world::{Away, Lease, World};

/// A matrix for a solver: mostly square, sparse, of the size of this case, and symmetric.
pub(crate) fn operator(world: &World, dice: &mut Dice) -> Result<Lease<Matrix>> {
    if dice.chance(20) {
        return matrix::any(world, dice);
    }
    let comm = world.comm(dice);
    let entries = dice.pick(&[
        [-1.0, 2.0, -1.0],
        [-1.0, 3.0, -1.0],
        [0.5, 1.0, 0.5],
        [-1.0, 2.0, 1.0],
        [0.0, 1.0, 0.0],
        [0.0, 0.0, 1.0],
    ]);
    let a = matrix::tridiagonal(&comm, world.size(dice), entries)?;
    Ok(world.matrices.lease(a))
}

/// Mostly an operator of the sizes of another one, positive definite.
pub(crate) fn partner(world: &World, dice: &mut Dice, a: &Matrix) -> Result<Lease<Matrix>> {
    if dice.chance(15) {
        return matrix::any(world, dice);
    }
    let entries = dice.pick(&[[0.0, 1.0, 0.0], [0.1, 2.0, 0.1], [-1.0, 4.0, -1.0]]);
    let b = matrix::tridiagonal(&a.comm()?, a.size()?.0, entries)?;
    Ok(world.matrices.lease(b))
}

/// Up to three vectors: mostly such that fit, also zeros and one twice.
pub(crate) fn space(world: &World, dice: &mut Dice, a: &Matrix) -> Result<Vec<Lease<Vector>>> {
    let mut list: Vec<Lease<Vector>> = Vec::new();
    for _ in 0..dice.below(4) {
        let vector = match dice.below(12) {
            0 => vector::any(world, dice)?,
            1 => world.vectors.lease(a.vectors()?.1),
            2 if !list.is_empty() => world.vectors.lease(list[0].share()?),
            _ => {
                let mut x = a.vectors()?.0;
                let mut apart = dice.apart();
                for entry in x.array_mut()?.iter_mut() {
                    *entry = apart.scalar();
                }
                world.vectors.lease(x)
            }
        };
        list.push(vector);
    }
    Ok(list)
}

/// The vectors of a space, as solvers take them.
pub(crate) fn refer(list: &[Lease<Vector>]) -> Vec<&VectorRef> {
    list.iter().map(|x| -> &VectorRef { x }).collect()
}

pub(crate) fn dimensions(dice: &mut Dice) -> Dimensions {
    let mut dimensions = Dimensions::nev(dice.pick(&[1, 1, 2, 3, 8]));
    if dice.chance(30) {
        dimensions.ncv = dice.below(14).into();
    }
    if dice.chance(20) {
        dimensions.mpd = dice.below(8).into();
    }
    dimensions
}

pub(crate) fn tolerances(dice: &mut Dice) -> Tolerances {
    Tolerances {
        tolerance: dice.pick(&[1e-8, 1e-4, 1e-12, 0.0]).into(),
        max_iterations: dice.pick(&[1, 2, 20, 50]).into(),
    }
}

pub(crate) fn complex(dice: &mut Dice) -> Complex<Real> {
    let im = if dice.chance(70) { 0.0 } else { dice.real() };
    Complex::new(dice.real(), im)
}

/// What a closure does besides its own work: other operations in its first calls, sometimes an error.
pub(crate) struct Interruption {
    away: Away,
    dice: RefCell<Dice>,
    calls: Cell<u32>,
    fails: bool,
}

/// So many calls of a closure run other operations.
const CALLS: u32 = 3;

impl Interruption {
    pub(crate) fn new(world: &World, dice: &mut Dice) -> Self {
        Self {
            away: world.away(),
            dice: RefCell::new(Dice::new(dice.seed())),
            calls: Cell::new(0),
            fails: dice.chance(10),
        }
    }

    pub(crate) fn happen(&self) -> Result<()> {
        self.calls.set(self.calls.get() + 1);
        if self.calls.get() > CALLS {
            return Ok(());
        }
        let seed = self.dice.borrow_mut().seed();
        self.away.play(seed);
        if self.fails {
            return Err(Error::new(ErrorCode::USER, "a closure that fails"));
        }
        Ok(())
    }
}

/// Draws a solver, most of the time solved, and the operations that all solvers have, in `COMMON`.
macro_rules! common {
    ($class:literal, $owned:ident, $pool:ident, $types:ident) => {
        pub(crate) fn any(world: &World, dice: &mut Dice) -> Result<Lease<$owned>> {
            if dice.chance(12) {
                return create(world, dice);
            }
            match world.$pool.find(dice, |_| true) {
                Some(s) if dice.chance(30) => Ok(world.$pool.lease(s.share()?)),
                Some(s) => Ok(s),
                None => create(world, dice),
            }
        }

        /// Mostly one that has solved.
        fn solved(world: &World, dice: &mut Dice) -> Result<Lease<$owned>> {
            let mut s = any(world, dice)?;
            if s.converged()? == 0 && dice.chance(85) {
                s.solve_unchecked()?;
            }
            Ok(s)
        }

        /// The operations of every solver.
        pub(crate) const COMMON: &[Operation] = &[
            Operation { name: concat!($class, " create"), run: |w, d| create(w, d).map(drop) },
            Operation {
                name: concat!($class, " drop"),
                run: |w, d| {
                    drop(w.$pool.remove(d));
                    Ok(())
                },
            },
            Operation {
                name: concat!($class, "::share"),
                run: |w, d| {
                    let s = any(w, d)?.share()?;
                    w.$pool.keep(s);
                    Ok(())
                },
            },
            Operation { name: concat!($class, " ask"), run: |w, d| ask(&mut *any(w, d)?, d) },
            Operation {
                name: concat!($class, " ask after a solve"),
                run: |w, d| ask(&mut *solved(w, d)?, d),
            },
            Operation {
                name: concat!($class, "::set_type"),
                run: |w, d| any(w, d)?.set_type(d.pick($types)),
            },
            Operation {
                name: concat!($class, "::set_from_options"),
                run: |w, d| any(w, d)?.set_from_options(),
            },
            Operation { name: concat!($class, "::set_up"), run: |w, d| any(w, d)?.set_up() },
            Operation { name: concat!($class, "::reset"), run: |w, d| any(w, d)?.reset() },
            Operation {
                name: concat!($class, "::solve_unchecked"),
                run: |w, d| any(w, d)?.solve_unchecked().map(drop),
            },
            Operation {
                name: concat!($class, "::solve"),
                run: |w, d| any(w, d)?.solve().map(drop),
            },
            Operation {
                name: concat!($class, "::set_dimensions"),
                run: |w, d| any(w, d)?.set_dimensions(solvers::dimensions(d)),
            },
            Operation {
                name: concat!($class, "::set_tolerances"),
                run: |w, d| any(w, d)?.set_tolerances(solvers::tolerances(d)),
            },
            Operation {
                name: concat!($class, "::set_track_all"),
                run: |w, d| any(w, d)?.set_track_all(d.coin()),
            },
            Operation {
                name: concat!($class, "::cancel_monitors"),
                run: |w, d| any(w, d)?.cancel_monitors(),
            },
            Operation {
                name: concat!($class, " outcome"),
                run: |w, d| {
                    let s = any(w, d)?;
                    s.dimensions()?;
                    s.tolerances()?;
                    s.iterations()?;
                    s.converged()?;
                    s.converged_reason().map(drop)
                },
            },
            Operation {
                name: concat!($class, "::ds"),
                run: |w, d| {
                    let s = solved(w, d)?.share()?;
                    let dense = s.ds()?;
                    w.play(d);
                    dense.dimensions()?;
                    dense.has(slepc_rs::ds::DsMatrix::A)?;
                    dense.state().map(drop)
                },
            },
            Operation {
                name: concat!($class, " stopping test"),
                run: |w, d| {
                    let now = Interruption::new(w, d);
                    any(w, d)?.set_stopping_test_function(move |test| {
                        now.happen()?;
                        test.default_test()
                    })
                },
            },
        ];
    };
}

/// The operations of solvers that find eigenpairs, in `PAIRS`.
macro_rules! pairs {
    ($class:literal) => {
        /// The operations on eigenpairs and those that see them come.
        pub(crate) const PAIRS: &[Operation] = &[
            Operation {
                name: concat!($class, "::eigenvalues"),
                run: |w, d| solved(w, d)?.eigenvalues().map(drop),
            },
            Operation {
                name: concat!($class, "::eigenvalue"),
                run: |w, d| {
                    let s = solved(w, d)?;
                    let beyond = usize::from(d.chance(15));
                    s.eigenvalue(d.below(s.converged()? + beyond)).map(drop)
                },
            },
            Operation {
                name: concat!($class, "::eigenpairs"),
                run: |w, d| {
                    let s = solved(w, d)?.share()?;
                    for pair in s.eigenpairs()? {
                        let pair = pair?;
                        if d.chance(20) {
                            w.play(d);
                        }
                        let vector = pair.vector()?;
                        vector.local_values()?;
                        w.vectors.keep(vector.into_parts().0);
                    }
                    Ok(())
                },
            },
            Operation {
                name: concat!($class, " errors"),
                run: |w, d| {
                    let s = solved(w, d)?.share()?;
                    for pair in s.eigenpairs()? {
                        pair?.error(d.pick(&[
                            ErrorType::Absolute,
                            ErrorType::Relative,
                            ErrorType::Backward,
                        ]))?;
                    }
                    Ok(())
                },
            },
            Operation {
                name: concat!($class, "::error_view"),
                run: |w, d| {
                    let s = solved(w, d)?;
                    petsc_rs::Viewer::capture(&s.comm()?, |viewer| {
                        s.error_view(ErrorType::Relative, viewer)?;
                        s.converged_reason_view(viewer)
                    })
                    .map(drop)
                },
            },
            Operation {
                name: concat!($class, "::bv"),
                run: |w, d| {
                    let s = solved(w, d)?.share()?;
                    let basis = s.bv()?;
                    w.play(d);
                    basis.norm(petsc_rs::Norm::Frobenius).map(drop)
                },
            },
            Operation {
                name: concat!($class, "::bv column"),
                run: |w, d| {
                    let s = solved(w, d)?.share()?;
                    let basis = s.bv()?;
                    let column = basis.column(d.below(3))?;
                    w.play(d);
                    column.sum().map(drop)
                },
            },
            Operation {
                name: concat!($class, "::add_monitor"),
                run: |w, d| {
                    let now = Interruption::new(w, d);
                    any(w, d)?.add_monitor(move |progress| {
                        now.happen()?;
                        progress.values()?;
                        progress.solver().iterations().map(drop)
                    })
                },
            },
            Operation {
                name: concat!($class, "::set_eigenvalue_comparison"),
                run: |w, d| {
                    let now = Interruption::new(w, d);
                    any(w, d)?.set_eigenvalue_comparison(move |a, b| {
                        now.happen()?;
                        Ok(b.re.total_cmp(&a.re))
                    })
                },
            },
            Operation {
                name: concat!($class, "::set_convergence_test"),
                run: |w, d| {
                    any(w, d)?.set_convergence_test(d.pick(&[
                        ConvergenceTest::Absolute,
                        ConvergenceTest::Relative,
                        ConvergenceTest::Norm,
                        ConvergenceTest::User,
                    ]))
                },
            },
            Operation {
                name: concat!($class, "::set_convergence_test_function"),
                run: |w, d| {
                    let now = Interruption::new(w, d);
                    any(w, d)?.set_convergence_test_function(move |_, value, residual| {
                        now.happen()?;
                        Ok(residual / value.norm().max(1.0))
                    })
                },
            },
            Operation {
                name: concat!($class, "::region"),
                run: |w, d| {
                    let region = any(w, d)?.region()?;
                    w.regions.keep(region);
                    Ok(())
                },
            },
            Operation {
                name: concat!($class, "::set_region"),
                run: |w, d| {
                    let region = region::any(w, d)?;
                    any(w, d)?.set_region(&region)
                },
            },
            Operation {
                name: concat!($class, "::target"),
                run: |w, d| {
                    let mut s = any(w, d)?;
                    s.set_target(d.scalar())?;
                    s.target().map(drop)
                },
            },
            Operation {
                name: concat!($class, "::set_which"),
                run: |w, d| {
                    any(w, d)?.set_which(d.pick(&[
                        Which::LargestMagnitude,
                        Which::SmallestMagnitude,
                        Which::LargestReal,
                        Which::SmallestReal,
                        Which::LargestImaginary,
                        Which::SmallestImaginary,
                        Which::TargetMagnitude,
                        Which::TargetReal,
                        Which::All,
                        Which::User,
                    ]))
                },
            },
        ];
    };
}

pub(crate) use {common, pairs};

/// The entries of a small matrix, as bases and dense problems take them.
pub(crate) fn small(world: &World, dice: &mut Dice, m: usize, n: usize) -> Result<Matrix> {
    let values: Vec<Scalar> =
        (0..m * n).map(|k| Scalar::from_real(if k % (n + 1) == 0 { 3.0 } else { 0.5 })).collect();
    if dice.chance(10) {
        return matrix::any(world, dice)?.share();
    }
    Matrix::from_dense(&world.alone, m, n, &values)
}
