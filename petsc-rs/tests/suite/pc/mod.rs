//! Preconditioners.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fields;
mod multigrid;
mod own;
mod parts;

use petsc_rs::pc::{CompositeType, JacobiType, ShiftType};
use petsc_rs::{ErrorCode, prelude::*};
use petsc_test::{assert_close, assert_error};

use super::ksp::{laplacian, r, tight};

/// A solver on the Laplacian, and the error of its solution against the same by LU.
fn error_of(petsc: &Petsc, n: Int, configure: impl FnOnce(&mut Ksp) -> Result<()>) -> Result<Real> {
    let a = laplacian(petsc.world(), n)?;
    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    ksp.set_tolerances(tight())?;
    configure(&mut ksp)?;
    let _ = ksp.solve(&b, &mut x)?;
    let start = x.ownership_range()?.start;
    for (i, value) in (start..).zip(x.array_mut()?.iter_mut()) {
        *value -= r(((i + 1) * (n - i)) as Real / 2.0);
    }
    x.norm(Norm::Infinity)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn each_type_preconditions_the_laplacian(petsc: &Petsc) -> Result<()> {
    for kind in [
        PcType::NONE,
        PcType::JACOBI,
        PcType::BJACOBI,
        PcType::ASM,
        PcType::GASM,
        PcType::GAMG,
        PcType::SOR,
        PcType::REDUNDANT,
        PcType::KSP,
        PcType::TELESCOPE,
        PcType::PBJACOBI,
    ] {
        let error = error_of(petsc, 40, |ksp| ksp.pc()?.set_type(kind))?;
        assert!(error < 1e-7, "{kind:?}: {error:e}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn jacobi_divides_by_the_diagonal(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 9)?;
    let (mut y, mut x) = a.vectors()?;
    x.set(r(3.0))?;
    let mut pc = Pc::new(petsc.world())?;
    pc.set_type(PcType::JACOBI)?;
    assert_eq!(pc.apply(&x, &mut y).unwrap_err().code(), ErrorCode::ARG_WRONGSTATE);
    pc.set_operators(&a, &a)?;
    pc.apply(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 1.5, 1e-14);
    pc.apply_transpose(&x, &mut y)?;
    assert_close!(y.norm(Norm::One)?, 13.5, 1e-14);
    let mut small = Vector::new(petsc.world(), 3)?;
    assert_eq!(pc.apply(&x, &mut small).unwrap_err().code(), ErrorCode::ARG_SIZ);
    // Inner rows sum to 0, which is taken as 1.
    pc.reset()?;
    pc.set_jacobi_type(JacobiType::RowMax)?;
    pc.set_operators(&a, &a)?;
    pc.apply(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 1.5, 1e-14);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn factorizations_of_a_tridiagonal_matrix_are_exact(petsc: &Petsc) -> Result<()> {
    for kind in [PcType::LU, PcType::CHOLESKY, PcType::ILU, PcType::ICC] {
        let error = error_of(petsc, 30, |ksp| {
            ksp.set_type(KspType::PREONLY)?;
            let mut pc = ksp.pc()?;
            pc.set_type(kind)?;
            pc.set_factor_ordering("natural")?;
            pc.set_factor_shift(ShiftType::None)?;
            pc.set_up()?;
            assert_eq!(pc.factor_matrix()?.size()?, (30, 30));
            assert_eq!(pc.factor_solver()?.as_deref(), Some("petsc"));
            Ok(())
        })?;
        // Without fill a tridiagonal matrix is factored exactly.
        assert!(error < 1e-9, "{kind:?}: {error:e}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_missing_solver_is_named(petsc: &Petsc) -> Result<()> {
    let error = error_of(petsc, 10, |ksp| {
        ksp.pc()?.set_type(PcType::LU)?;
        ksp.pc()?.set_factor_solver(petsc_rs::matrix::SolverType::new(c"imaginary"))
    })
    .unwrap_err();
    assert_eq!(error.code(), ErrorCode::MISSING_FACTOR);
    assert!(error.to_string().contains("imaginary"), "{error}");
    #[cfg(petsc_have_mumps)]
    {
        let error = error_of(petsc, 30, |ksp| {
            ksp.set_type(KspType::PREONLY)?;
            ksp.pc()?.set_type(PcType::LU)?;
            ksp.pc()?.set_factor_solver(petsc_rs::matrix::SolverType::MUMPS)
        })?;
        assert!(error < 1e-9);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn blocks_have_solvers_after_set_up(petsc: &Petsc) -> Result<()> {
    let size = usize::try_from(petsc.world().size())?;
    // Several subdomains a rank are found by a partitioner, and Debian's 64-bit builds hand 64-bit indices to
    // a PTSCOTCH of 32 bits (upstream's own mat/ex15 fails there as well).
    let subdomains = if Int::BITS == 64 { 1 } else { 2 };
    for (kind, blocks) in [(PcType::BJACOBI, 2), (PcType::ASM, subdomains), (PcType::GASM, 1)] {
        let error = error_of(petsc, 24, |ksp| {
            let mut pc = ksp.pc()?;
            pc.set_type(kind)?;
            let early =
                if kind == PcType::BJACOBI { ErrorCode::ARG_WRONGSTATE } else { ErrorCode::ORDER };
            assert_error(pc.sub_solvers(), early, "PCSetUp");
            match kind.name().to_bytes() {
                b"bjacobi" => pc.set_bjacobi_blocks(2 * size)?,
                b"asm" => pc.set_asm_local_subdomains(subdomains)?,
                _ => pc.set_gasm_overlap(1)?,
            }
            ksp.set_up()?;
            let mut subs = ksp.pc()?.sub_solvers()?;
            assert_eq!(subs.len(), blocks);
            for sub in subs.iter_mut() {
                sub.set_type(KspType::PREONLY)?;
                sub.pc()?.set_type(PcType::LU)?;
            }
            assert_eq!(subs[0].pc()?.type_name()?.as_deref(), Some("lu"));
            Ok(())
        })?;
        assert!(error < 1e-8, "{kind:?}: {error:e}");
    }
    let mut pc = Pc::new(petsc.world())?;
    pc.set_type(PcType::JACOBI)?;
    assert_error(
        pc.sub_solvers(),
        ErrorCode::ARG_WRONG,
        "sub_solvers requires type bjacobi, asm, gasm or fieldsplit; this object has type jacobi",
    );
    assert_error(pc.set_bjacobi_local_blocks(&[1]), ErrorCode::ARG_WRONGSTATE, "no operators yet");
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn composite_and_inner_solvers_precondition(petsc: &Petsc) -> Result<()> {
    let error = error_of(petsc, 20, |ksp| {
        let mut pc = ksp.pc()?;
        pc.set_type(PcType::COMPOSITE)?;
        pc.set_composite_type(CompositeType::Multiplicative)?;
        assert_error(
            pc.set_composite_type(CompositeType::Schur),
            ErrorCode::ARG_WRONG,
            "only fieldsplit has this combination",
        );
        pc.add_composite(PcType::JACOBI)?;
        pc.add_composite(PcType::SOR)?;
        assert_eq!(pc.composite_len()?, 2);
        assert_eq!(pc.composite(1)?.type_name()?.as_deref(), Some("sor"));
        pc.composite(1)?.set_sor_omega(1.2)?;
        assert_error(
            pc.composite(1)?.set_sor_omega(2.0),
            ErrorCode::ARG_OUTOFRANGE,
            "omega must lie between 0 and 2",
        );
        assert_error(pc.composite(2), ErrorCode::ARG_OUTOFRANGE, "lies outside 0..2");
        Ok(())
    })?;
    assert!(error < 1e-7);
    let error = error_of(petsc, 20, |ksp| {
        let mut pc = ksp.pc()?;
        pc.set_type(PcType::KSP)?;
        pc.inner_solver()?.set_type(KspType::CG)?;
        ksp.set_type(KspType::FGMRES)
    })?;
    assert!(error < 1e-7);
    Ok(())
}
