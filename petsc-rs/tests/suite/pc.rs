//! Preconditioners.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::Cell;
use std::rc::Rc;

use petsc_rs::pc::{
    CompositeType, Cycle, Galerkin, JacobiType, MgType, PcRef, Preconditioner,
    RegisteredPreconditioner, SchurFactorization, SchurPreconditioner, Shell, ShiftType,
};
use petsc_rs::{ErrorCode, VectorRef, prelude::*};
use petsc_test::assert_close;

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
fn types_precondition(petsc: &Petsc) -> Result<()> {
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
        let error = error_of(petsc, 40, |ksp| ksp.pc_mut()?.set_type(kind))?;
        assert!(error < 1e-7, "{kind:?}: {error:e}");
    }
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1, 2])]
fn jacobi_divides_by_the_diagonal(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 9)?;
    let (mut y, mut x) = a.vectors()?;
    x.set(r(3.0))?;
    let mut pc = Pc::new(petsc.world())?;
    pc.set_type(PcType::JACOBI)?;
    assert_eq!(
        pc.apply(&x, &mut y).unwrap_err().code(),
        ErrorCode::ARG_WRONGSTATE
    );
    pc.set_operators(&a, &a)?;
    pc.apply(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 1.5, 1e-14);
    pc.apply_transpose(&x, &mut y)?;
    assert_close!(y.norm(Norm::One)?, 13.5, 1e-14);
    let mut small = Vector::new(petsc.world(), 3)?;
    assert_eq!(
        pc.apply(&x, &mut small).unwrap_err().code(),
        ErrorCode::ARG_SIZ
    );
    // Inner rows sum to 0, which is taken as 1.
    pc.reset()?;
    pc.set_jacobi_type(JacobiType::RowMax)?;
    pc.set_operators(&a, &a)?;
    pc.apply(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 1.5, 1e-14);
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1])]
fn factorisations(petsc: &Petsc) -> Result<()> {
    for kind in [PcType::LU, PcType::CHOLESKY, PcType::ILU, PcType::ICC] {
        let error = error_of(petsc, 30, |ksp| {
            ksp.set_type(KspType::PREONLY)?;
            let pc = ksp.pc_mut()?;
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
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1, 2])]
fn a_missing_solver_is_named(petsc: &Petsc) -> Result<()> {
    let error = error_of(petsc, 10, |ksp| {
        ksp.pc_mut()?.set_type(PcType::LU)?;
        ksp.pc_mut()?
            .set_factor_solver(petsc_rs::matrix::SolverType::new(c"imaginary"))
    })
    .unwrap_err();
    assert_eq!(error.code(), ErrorCode::MISSING_FACTOR);
    assert!(error.to_string().contains("imaginary"), "{error}");
    #[cfg(petsc_have_mumps)]
    {
        let error = error_of(petsc, 30, |ksp| {
            ksp.set_type(KspType::PREONLY)?;
            ksp.pc_mut()?.set_type(PcType::LU)?;
            ksp.pc_mut()?
                .set_factor_solver(petsc_rs::matrix::SolverType::MUMPS)
        })?;
        assert!(error < 1e-9);
    }
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn blocks_have_solvers_after_set_up(petsc: &Petsc) -> Result<()> {
    let size = usize::try_from(petsc.world().size())?;
    // Several subdomains a rank are found by a partitioner, and Debian's 64-bit builds hand 64-bit indices to
    // a PTSCOTCH of 32 bits (upstream's own mat/ex15 fails there as well).
    let subdomains = if Int::BITS == 64 { 1 } else { 2 };
    for (kind, blocks) in [
        (PcType::BJACOBI, 2),
        (PcType::ASM, subdomains),
        (PcType::GASM, 1),
    ] {
        let error = error_of(petsc, 24, |ksp| {
            let pc = ksp.pc_mut()?;
            pc.set_type(kind)?;
            assert!(pc.sub_solvers().is_err(), "before set-up");
            match kind.name().to_bytes() {
                b"bjacobi" => pc.set_bjacobi_blocks(2 * size)?,
                b"asm" => pc.set_asm_local_subdomains(subdomains)?,
                _ => pc.set_gasm_overlap(1)?,
            }
            ksp.set_up()?;
            let mut subs = ksp.pc_mut()?.sub_solvers()?;
            assert_eq!(subs.len(), blocks);
            for sub in subs.iter_mut() {
                sub.set_type(KspType::PREONLY)?;
                sub.pc_mut()?.set_type(PcType::LU)?;
            }
            assert_eq!(subs[0].pc()?.type_name()?.as_deref(), Some("lu"));
            Ok(())
        })?;
        assert!(error < 1e-8, "{kind:?}: {error:e}");
    }
    let mut pc = Pc::new(petsc.world())?;
    pc.set_type(PcType::JACOBI)?;
    assert_eq!(
        pc.sub_solvers().unwrap_err().code(),
        ErrorCode::ARG_WRONGSTATE
    );
    assert!(pc.set_bjacobi_local_blocks(&[1]).is_err());
    petsc.collect_garbage()
}

/// Two uncoupled fields: even unknowns times 2, odd ones times 5.
fn two_fields(petsc: &Petsc, n: Int) -> Result<Matrix> {
    let mut a = Matrix::builder(petsc.world()).global_size(n, n).build()?;
    for i in a.ownership_range()? {
        let d = if i % 2 == 0 { 2.0 } else { 5.0 };
        a.set_value(i, i, r(d), InsertMode::Insert)?;
        let j = i ^ 1;
        a.set_value(i, j, r(1.0), InsertMode::Insert)?;
    }
    a.assemble()?;
    Ok(a)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn fieldsplit_by_index_and_by_component(petsc: &Petsc) -> Result<()> {
    let a = two_fields(petsc, 12)?;
    let rows: Vec<Int> = a.ownership_range()?.collect();
    let part = |k| {
        rows.iter()
            .copied()
            .filter(|i| i % 2 == k)
            .collect::<Vec<_>>()
    };
    for kind in [
        CompositeType::Additive,
        CompositeType::Multiplicative,
        CompositeType::SymmetricMultiplicative,
        CompositeType::Schur,
    ] {
        let (mut x, mut b) = a.vectors()?;
        // The solution is 1 everywhere.
        for (i, value) in rows.iter().zip(b.array_mut()?.iter_mut()) {
            *value = r(if i % 2 == 0 { 3.0 } else { 6.0 });
        }
        let mut ksp = Ksp::new(petsc.world())?;
        ksp.pc_mut()?.set_type(PcType::FIELDSPLIT)?;
        assert!(
            ksp.pc_mut()?.add_field("even", &part(0)).is_err(),
            "no operators"
        );
        ksp.set_operators(&a, &a)?;
        ksp.set_tolerances(tight())?;
        let pc = ksp.pc_mut()?;
        let error = pc.add_field("even", &[0, 99]).unwrap_err();
        assert_eq!(error.code(), ErrorCode::ARG_OUTOFRANGE);
        pc.add_field("even", &part(0))?;
        let odd = IndexSet::general(petsc.world(), &part(1))?;
        pc.add_field_set("odd", &odd)?;
        pc.set_field_split_type(kind)?;
        pc.set_schur_factorization(SchurFactorization::Full)?;
        pc.set_schur_preconditioner(SchurPreconditioner::Selfp, None)?;
        assert!(
            pc.set_schur_preconditioner(SchurPreconditioner::User, None)
                .is_err()
        );
        let small = two_fields(petsc, 6)?;
        let error = ksp.set_operators(&small, &small).unwrap_err();
        assert_eq!(error.code(), ErrorCode::ARG_OUTOFRANGE);
        ksp.set_up()?;
        let mut subs = ksp.pc_mut()?.sub_solvers()?;
        assert_eq!(subs.len(), 2);
        assert_eq!(
            subs[0].options_prefix()?.as_deref(),
            Some("fieldsplit_even_")
        );
        for sub in subs.iter_mut() {
            sub.pc_mut()?.set_type(PcType::JACOBI)?;
        }
        let _ = ksp.solve(&b, &mut x)?;
        for value in x.array()?.iter() {
            assert_close!(value.real(), 1.0, 1e-9);
        }
    }
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1])]
fn fieldsplit_by_component(petsc: &Petsc) -> Result<()> {
    let a = two_fields(petsc, 12)?;
    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    let pc = ksp.pc_mut()?;
    pc.set_type(PcType::FIELDSPLIT)?;
    assert!(pc.add_field_components("none", 2, &[]).is_err());
    pc.set_field_block_size(2)?;
    assert!(pc.add_field_components("third", 2, &[2]).is_err());
    petsc.collect_garbage()?;
    let pc = ksp.pc_mut()?;
    pc.add_field_components("odd", 2, &[1])?;
    pc.add_field_components("even", 2, &[0])?;
    let _ = ksp.solve(&b, &mut x)?;
    assert!(ksp.true_residual_norm(&b, &x)? < 1e-4);
    assert_eq!(ksp.pc_mut()?.sub_solvers()?.len(), 2);
    petsc.collect_garbage()
}

/// Linear interpolation from `(n - 1) / 2` to `n` inner points.
fn interpolation(petsc: &Petsc, n: Int) -> Result<Matrix> {
    let coarse = (n - 1) / 2;
    let mut p = Matrix::builder(petsc.world())
        .global_size(n, coarse)
        .build()?;
    for i in p.ownership_range()? {
        if i % 2 == 1 {
            p.set_value(i, i / 2, r(1.0), InsertMode::Insert)?;
        } else {
            for j in [i / 2 - 1, i / 2]
                .into_iter()
                .filter(|j| (0..coarse).contains(j))
            {
                p.set_value(i, j, r(0.5), InsertMode::Insert)?;
            }
        }
    }
    p.assemble()?;
    Ok(p)
}

#[petsc_test::test(ranks = [1, 2])]
fn multigrid_with_given_interpolations(petsc: &Petsc) -> Result<()> {
    let mut iterations = Vec::new();
    for n in [31, 127] {
        let a = laplacian(petsc.world(), n)?;
        let (mut x, mut b) = a.vectors()?;
        b.set(r(1.0))?;
        let mut ksp = Ksp::new(petsc.world())?;
        ksp.set_type(KspType::CG)?;
        ksp.set_operators(&a, &a)?;
        ksp.set_tolerances(tight())?;
        let pc = ksp.pc_mut()?;
        pc.set_type(PcType::MG)?;
        assert_eq!(pc.mg_levels()?, 0);
        assert_eq!(
            pc.mg_smoother(0).unwrap_err().code(),
            ErrorCode::ARG_OUTOFRANGE
        );
        assert!(pc.set_mg_cycle(Cycle::W).is_err(), "no levels");
        pc.set_mg_levels(3)?;
        let (p, coarser) = (interpolation(petsc, n)?, interpolation(petsc, (n - 1) / 2)?);
        pc.set_mg_interpolation(2, &p)?;
        pc.set_mg_interpolation(1, &coarser)?;
        assert!(pc.set_mg_interpolation(0, &p).is_err());
        assert!(pc.set_mg_interpolation(3, &p).is_err());
        pc.set_mg_galerkin(Galerkin::Both)?;
        pc.set_mg_type(MgType::Multiplicative)?;
        pc.set_mg_cycle(Cycle::V)?;
        pc.set_mg_smoothing_steps(2)?;
        for level in [1, 2] {
            let smoother = pc.mg_smoother(level)?;
            smoother.set_type(KspType::RICHARDSON)?;
            smoother.set_richardson_scale(0.6)?;
            smoother.pc_mut()?.set_type(PcType::JACOBI)?;
        }
        iterations.push(ksp.solve(&b, &mut x)?.iterations);
        assert!(ksp.true_residual_norm(&b, &x)? < 1e-6);
        assert_eq!(
            ksp.pc_mut()?.mg_coarse_solver()?.operators()?.0.size()?.0,
            usize::try_from((n - 3) / 4)?
        );
    }
    // The number of iterations of multigrid does not grow with the grid.
    assert!(iterations[1] <= iterations[0] + 2, "{iterations:?}");
    let mut pc = Pc::new(petsc.world())?;
    pc.set_type(PcType::JACOBI)?;
    assert!(pc.set_mg_levels(2).is_err() && pc.set_mg_type(MgType::Full).is_err());
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1, 2])]
fn gamg_settings(petsc: &Petsc) -> Result<()> {
    let error = error_of(petsc, 200, |ksp| {
        let pc = ksp.pc_mut()?;
        pc.set_type(PcType::GAMG)?;
        pc.set_gamg_threshold(&[0.0, 0.01])?;
        pc.set_gamg_smooths(1)?;
        pc.set_gamg_coarse_limit(10)?;
        ksp.set_up()?;
        assert!(ksp.pc()?.mg_levels()? >= 2);
        let (grid, operator) = ksp.pc()?.mg_complexity()?;
        assert!(grid >= 0.0 && operator >= 0.0);
        Ok(())
    })?;
    assert!(error < 1e-6);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn composite_and_inner_solvers(petsc: &Petsc) -> Result<()> {
    let error = error_of(petsc, 20, |ksp| {
        let pc = ksp.pc_mut()?;
        pc.set_type(PcType::COMPOSITE)?;
        pc.set_composite_type(CompositeType::Multiplicative)?;
        assert!(pc.set_composite_type(CompositeType::Schur).is_err());
        pc.add_composite(PcType::JACOBI)?;
        pc.add_composite(PcType::SOR)?;
        assert_eq!(pc.composite_len()?, 2);
        assert_eq!(pc.composite(1)?.type_name()?.as_deref(), Some("sor"));
        pc.composite(1)?.set_sor_omega(1.2)?;
        assert!(pc.composite(1)?.set_sor_omega(2.0).is_err());
        assert!(pc.composite(2).is_err());
        petsc.collect_garbage()
    })?;
    assert!(error < 1e-7);
    let error = error_of(petsc, 20, |ksp| {
        let pc = ksp.pc_mut()?;
        pc.set_type(PcType::KSP)?;
        pc.inner_solver()?.set_type(KspType::CG)?;
        ksp.set_type(KspType::FGMRES)
    })?;
    assert!(error < 1e-7);
    Ok(())
}

#[cfg(petsc_have_hypre)]
#[petsc_test::test(ranks = [1, 2])]
fn hypre(petsc: &Petsc) -> Result<()> {
    if Scalar::IS_COMPLEX {
        return Ok(());
    }
    let error = error_of(petsc, 60, |ksp| {
        ksp.pc_mut()?.set_type(PcType::HYPRE)?;
        ksp.pc_mut()?.set_hypre_type("boomeramg")
    })?;
    assert!(error < 1e-6);
    Ok(())
}

/// Halves, and counts what happens to it.
struct Half {
    drops: Rc<Cell<usize>>,
    set_ups: Rc<Cell<usize>>,
}

impl Drop for Half {
    fn drop(&mut self) {
        self.drops.set(self.drops.get() + 1);
    }
}

impl Preconditioner for Half {
    fn apply(&mut self, _: &PcRef, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        y.copy_from(x)?;
        y.axpy(r(-0.5), x)
    }

    fn set_up(&mut self, pc: &PcRef) -> Result<()> {
        assert!(pc.operators()?.0.size()?.0 > 0);
        self.set_ups.set(self.set_ups.get() + 1);
        Ok(())
    }
}

#[petsc_test::test(ranks = [1, 2])]
fn a_rust_type_is_dropped_once(petsc: &Petsc) -> Result<()> {
    let (drops, set_ups) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let half = || Half {
        drops: Rc::clone(&drops),
        set_ups: Rc::clone(&set_ups),
    };
    let a = laplacian(petsc.world(), 8)?;
    let (mut y, mut x) = a.vectors()?;
    x.set(r(4.0))?;
    let mut pc = Pc::new(petsc.world())?;
    pc.set_preconditioner(half())?;
    pc.set_operators(&a, &a)?;
    pc.apply(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 2.0, 1e-14);
    pc.apply(&x, &mut y)?;
    assert_eq!((drops.get(), set_ups.get()), (0, 1));
    assert!(!pc.has_transpose()?);
    // Replaced by another, which is not set up again: PETSc sees the same shell.
    pc.set_preconditioner(half())?;
    assert_eq!(drops.get(), 1);
    // Another type after set-up: gone with the shell, although the object lives.
    pc.set_type(PcType::JACOBI)?;
    assert_eq!(drops.get(), 2);
    pc.apply(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 2.0, 1e-14);
    pc.set_preconditioner(half())?;
    pc.set_up()?;
    drop(pc);
    assert_eq!(drops.get(), 3);
    // The wrapper is gone, the solver's preconditioner lives.
    let mut ksp = Ksp::new(petsc.world())?;
    {
        let mut pc = Pc::new(petsc.world())?;
        pc.set_preconditioner(half())?;
        ksp.set_pc(&pc)?;
    }
    assert_eq!(drops.get(), 3);
    ksp.set_operators(&a, &a)?;
    let _ = ksp.solve(&x, &mut y)?;
    drop(ksp);
    assert_eq!(drops.get(), 4);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn closures_with_transpose_and_set_up(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 8)?;
    let (mut y, mut x) = a.vectors()?;
    x.set(r(4.0))?;
    let set_up = Rc::new(Cell::new(0));
    let count = Rc::clone(&set_up);
    let mut pc = Pc::new(petsc.world())?;
    pc.set_preconditioner(
        Shell::new(|x, y| y.copy_from(x))
            .transpose(|x, y| {
                y.copy_from(x)?;
                y.axpy(r(2.0), x)
            })
            .set_up(move |_| {
                count.set(count.get() + 1);
                Ok(())
            }),
    )?;
    pc.set_operators(&a, &a)?;
    assert!(pc.has_transpose()?);
    pc.apply_transpose(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 12.0, 1e-14);
    assert_eq!(set_up.get(), 1);
    pc.set_shell(|x, y| y.copy_from(x))?;
    assert!(!pc.has_transpose()?);
    assert!(pc.apply_transpose(&x, &mut y).is_err());
    petsc.collect_garbage()
}

thread_local! {
    static MADE: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

/// Divides by a number that an option gives.
struct Scaled(Real);

impl Preconditioner for Scaled {
    fn apply(&mut self, _: &PcRef, x: &VectorRef, y: &mut VectorRef) -> Result<()> {
        y.copy_from(x)?;
        y.axpy(r(1.0 / self.0 - 1.0), x)
    }

    fn set_from_options(&mut self, pc: &PcRef) -> Result<()> {
        let prefix = pc.options_prefix()?.unwrap_or_default();
        self.0 = if prefix == "four_" { 4.0 } else { 2.0 };
        Ok(())
    }
}

impl Drop for Scaled {
    fn drop(&mut self) {
        let (made, dropped) = MADE.get();
        MADE.set((made, dropped + 1));
    }
}

impl RegisteredPreconditioner for Scaled {
    fn new(pc: &PcRef) -> Result<Self> {
        if pc.options_prefix()?.as_deref() == Some("bad_") {
            return Err(Error::user("not this one"));
        }
        let (made, dropped) = MADE.get();
        MADE.set((made + 1, dropped));
        Ok(Self(1.0))
    }
}

#[petsc_test::test(ranks = [1, 2])]
fn a_registered_type_is_chosen_by_name(petsc: &Petsc) -> Result<()> {
    MADE.set((0, 0));
    petsc.register_pc::<Scaled>("test-scaled")?;
    assert!(petsc.register_pc::<Scaled>("shell").is_err());
    petsc.collect_garbage()?;
    let scaled = PcType::new(c"test-scaled");
    let a = laplacian(petsc.world(), 8)?;
    let (mut y, mut x) = a.vectors()?;
    x.set(r(4.0))?;
    let mut pc = Pc::new(petsc.world())?;
    pc.set_options_prefix("four_")?;
    pc.set_operators(&a, &a)?;
    pc.set_type(scaled)?;
    assert_eq!(pc.type_name()?.as_deref(), Some("test-scaled"));
    pc.apply(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 4.0, 1e-14);
    pc.set_from_options()?;
    pc.set_type(scaled)?;
    assert_eq!(MADE.get(), (1, 0), "the same type again changes nothing");
    pc.apply(&x, &mut y)?;
    assert_close!(y.norm(Norm::Infinity)?, 1.0, 1e-14);
    pc.set_type(PcType::JACOBI)?;
    assert_eq!(MADE.get(), (1, 1));
    pc.set_from_options()?;
    pc.set_type(scaled)?;
    drop(pc);
    assert_eq!(MADE.get(), (2, 2));
    // One that cannot be made: an error with the reason, and the object can be used on.
    let mut pc = Pc::new(petsc.world())?;
    pc.set_options_prefix("bad_")?;
    let error = pc.set_type(scaled).unwrap_err();
    assert!(format!("{error:?}").contains("not this one"), "{error:?}");
    pc.set_operators(&a, &a)?;
    assert!(pc.apply(&x, &mut y).is_err());
    pc.set_type(PcType::JACOBI)?;
    pc.apply(&x, &mut y)?;
    petsc.collect_garbage()
}

#[petsc_test::test(ranks = [1, 2])]
fn an_error_in_a_shell_leaves_the_solver_usable(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 10)?;
    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    ksp.pc_mut()?.set_shell(|_, _| Err(Error::user("no")))?;
    let error = ksp.solve(&b, &mut x).unwrap_err();
    assert!(format!("{error:?}").contains("caused by: no"), "{error:?}");
    petsc.collect_garbage()?;
    // Since 3.22 vectors that were being read when the error came stay locked: `reset` makes new ones.
    ksp.reset()?;
    ksp.set_operators(&a, &a)?;
    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    ksp.pc_mut()?.set_shell(|x, y| y.copy_from(x))?;
    ksp.set_tolerances(tight())?;
    let _ = ksp.solve(&b, &mut x)?;
    assert!(ksp.true_residual_norm(&b, &x)? < 1e-8);
    Ok(())
}
