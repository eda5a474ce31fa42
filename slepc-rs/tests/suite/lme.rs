//! Lyapunov equations against the solution in the basis of sines.

use std::cell::Cell;
use std::f64::consts::PI;
use std::rc::Rc;

use petsc_rs::ErrorCode;
use petsc_rs::matrix::MatrixType;
use petsc_test::assert_close;
use slepc_rs::lme::{ConvergedReason, NotConverged, Tolerances};
use slepc_rs::prelude::*;

use crate::problems::{code, laplacian, laplacian_eigenvalue, r};

const N: Int = 40;

/// `-L·X - X·L = -c·cᴴ`, with `c` the sum of the first two modes.
fn equation(comm: &Comm) -> Result<(Matrix, Matrix)> {
    let mut a = laplacian(comm, N)?;
    a.scale(r(-1.0))?;
    let builder = Matrix::builder(comm).global_size(N, 1);
    let mut c = builder.kind(MatrixType::DENSE).build()?;
    for i in c.ownership_range()? {
        c.set_value(i, 0, r(mode(1, i) + mode(2, i)), InsertMode::Insert)?;
    }
    c.assemble()?;
    Ok((a, c))
}

fn mode(k: Int, i: Int) -> f64 {
    let n = (N + 1) as f64;
    (2.0 / n).sqrt() * (k as f64 * (i + 1) as f64 * PI / n).sin()
}

/// In that basis the solution has the entries `1/(κⱼ + κₖ)`.
fn exact(i: Int, l: Int) -> f64 {
    let pairs = [(1, 1), (1, 2), (2, 1), (2, 2)];
    let entry = |(j, k): (Int, Int)| {
        let sum = laplacian_eigenvalue(N, j) + laplacian_eigenvalue(N, k);
        mode(j, i) * mode(k, l) / sum
    };
    pairs.into_iter().map(entry).sum()
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn the_lyapunov_equation_has_its_closed_form(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (a, c) = equation(comm)?;
    let mut lme = Lme::new(comm)?;
    lme.set_coefficient(&a)?;
    lme.set_rhs_factor(&c)?;
    lme.set_dimension(2)?;
    let seen = Rc::new(Cell::new(0));
    let count = Rc::clone(&seen);
    lme.add_monitor(move |_, iteration, _| {
        count.set(iteration);
        Ok(())
    })?;
    for rank in [None, Some(2), None] {
        lme.set_solution_rank(rank)?;
        let converged = lme.solve()?;
        assert!(converged.iterations > 0);
        assert_eq!(seen.get(), converged.iterations);
        assert!(lme.residual_norm()? < 1e-7);
        assert!(lme.error_estimate()? < 1e-7);
        let x = lme.solution_factor()?;
        let columns = x.size()?.1;
        assert!(columns >= 2 && rank.is_none_or(|rank| columns == rank));
        // The solution itself, from rows that this rank has.
        let rows: Vec<Int> = x.ownership_range()?.collect();
        let all: Vec<Int> = (0..Int::try_from(columns)?).collect();
        let values = x.values(&rows, &all)?;
        let row = |i: usize| &values[i * columns..(i + 1) * columns];
        for (i, &at) in rows.iter().enumerate() {
            for (l, &beside) in rows.iter().enumerate() {
                let product: f64 =
                    row(i).iter().zip(row(l)).map(|(x, y)| (*x * y.conjugate()).real()).sum();
                assert_close!(product, exact(at, beside), 1e-6, 1e-8);
            }
        }
    }
    lme.reset()?;
    let _ = lme.solve()?;
    assert!(lme.residual_norm()? < 1e-7);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn misuse_says_what_is_wrong(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (a, c) = equation(comm)?;
    let mut lme = Lme::new(comm)?;
    let early = Some(ErrorCode::ARG_WRONGSTATE);
    assert_eq!(code(lme.solve()), early);
    assert_eq!(code(lme.set_rhs_factor(&c)), early);
    assert_eq!(code(lme.solution_factor()), early);
    lme.set_coefficient(&a)?;
    assert_eq!(code(lme.solve()), early);
    assert_eq!(code(lme.set_rhs_factor(&a)), Some(ErrorCode::ARG_WRONG));
    let builder = Matrix::builder(comm).global_size(N + 1, 1);
    let mut long = builder.kind(MatrixType::DENSE).build()?;
    long.assemble()?;
    assert_eq!(code(lme.set_rhs_factor(&long)), Some(ErrorCode::ARG_SIZ));
    assert_eq!(code(lme.set_solution_rank(Some(0))), Some(ErrorCode::ARG_OUTOFRANGE));
    lme.set_rhs_factor(&c)?;
    // One step with one vector is not enough.
    lme.set_dimension(2)?;
    lme.set_tolerances(Tolerances { tolerance: 1e-30.into(), max_iterations: 1.into() })?;
    for _ in 0..2 {
        let error = lme.solve().err().ok_or("must not converge")?;
        assert!(error.is_collective());
        let failure: &NotConverged = error.downcast_ref().ok_or("a source")?;
        assert_eq!(failure.reason, ConvergedReason::IterationLimit);
        assert!(error.to_string().contains("-lme_max_it"), "{error}");
        lme.cancel_monitors()?;
    }
    lme.set_tolerances(Tolerances { tolerance: 1e-8.into(), max_iterations: 100.into() })?;
    let _ = lme.solve()?;
    assert!(lme.residual_norm()? < 1e-7);
    Ok(())
}
