//! Subdomains, levels and fields of preconditioners, and settings of single types.

use petsc_rs::pc::{CompositeType, Cycle, FailedReason, GamgLayout, SchurPreconditioner, SorSweep};
use petsc_rs::{ErrorCode, prelude::*};
use petsc_test::{assert_close, assert_code, assert_error};

use super::multigrid::interpolation;
use crate::ksp::{laplacian, r};

fn of_type(petsc: &Petsc, a: &Matrix, kind: PcType<'_>) -> Result<Pc> {
    let mut pc = Pc::new(petsc.world())?;
    pc.set_operators(a, a)?;
    pc.set_type(kind)?;
    Ok(pc)
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn subdomains_of_asm_overlap_by_one_row(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut pc = of_type(petsc, &a, PcType::ASM)?;
    let ranks = usize::try_from(petsc.world().size())?;
    assert_code(pc.set_asm_subdomains(ranks - 1), ErrorCode::ARG_OUTOFRANGE);
    pc.set_asm_subdomains(ranks)?;
    assert_code(pc.set_asm_subdomains(2 * ranks), ErrorCode::ARG_WRONGSTATE);
    pc.set_asm_overlap(1)?;
    pc.set_asm_local_type(CompositeType::Multiplicative)?;
    assert_eq!(pc.asm_local_type()?, CompositeType::Multiplicative);
    assert_code(pc.set_asm_local_type(CompositeType::Schur), ErrorCode::SUP);
    assert!(pc.asm_subdomains()?.is_empty());
    pc.set_up()?;
    let own = a.ownership_range()?;
    let rows: Vec<Int> = (own.start - 1..own.end + 1).filter(|i| (0..12).contains(i)).collect();
    assert_eq!(pc.asm_subdomains()?, [rows]);
    let mut pc = of_type(petsc, &a, PcType::JACOBI)?;
    assert_code(pc.asm_subdomains(), ErrorCode::ARG_WRONG);
    assert_code(pc.set_asm_local_type(CompositeType::Additive), ErrorCode::ARG_WRONG);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn multigrid_returns_its_transfers(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 15)?;
    let mut pc = of_type(petsc, &a, PcType::MG)?;
    assert_code(pc.mg_interpolation(1), ErrorCode::ARG_OUTOFRANGE);
    assert_code(pc.set_mg_distinct_smooth_up(), ErrorCode::ARG_OUTOFRANGE);
    pc.set_mg_levels(2)?;
    assert!(pc.mg_interpolation(1)?.is_none());
    assert!(pc.mg_restriction(1)?.is_none());
    assert_error(pc.mg_rscale(1), ErrorCode::ARG_WRONGSTATE, "no restriction from this level");
    let p = interpolation(petsc, 15)?;
    pc.set_mg_interpolation(1, &p)?;
    assert_eq!(pc.mg_interpolation(1)?.unwrap().size()?, (15, 7));
    // The restriction is the transpose of the interpolation, which C returns itself.
    assert_eq!(pc.mg_restriction(1)?.unwrap().size()?, (15, 7));
    assert!(pc.mg_injection(1)?.is_none());
    // Each column is 1/2, 1, 1/2.
    let scale = pc.mg_rscale(1)?;
    assert_eq!(scale.len()?, 7);
    for value in scale.array()?.iter() {
        assert_close!(value.real(), 0.5, 1e-14);
    }
    for code in [
        pc.mg_interpolation(0).map(drop),
        pc.mg_restriction(2).map(drop),
        pc.mg_injection(0).map(drop),
        pc.mg_rscale(2).map(drop),
        pc.set_mg_cycle_on_level(2, Cycle::V),
    ] {
        assert_code(code, ErrorCode::ARG_OUTOFRANGE);
    }
    pc.set_mg_cycle_on_level(1, Cycle::W)?;
    pc.set_mg_distinct_smooth_up()?;
    let prefix = pc.mg_smoother_up(1)?.options_prefix()?;
    assert_eq!(prefix.as_deref(), Some("mg_levels_1_up_"));
    #[cfg(petsc_have_ml)]
    {
        pc.set_type(PcType::ML)?;
        pc.set_up()?;
        assert_code(pc.mg_interpolation(1), ErrorCode::ARG_WRONG);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn gamg_has_no_more_levels_than_allowed(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 400)?;
    let mut pc = of_type(petsc, &a, PcType::GAMG)?;
    assert_code(pc.set_gamg_levels(0), ErrorCode::ARG_OUTOFRANGE);
    assert_code(pc.set_gamg_levels(11), ErrorCode::ARG_OUTOFRANGE);
    pc.set_gamg_levels(2)?;
    pc.set_gamg_coarse_layout(GamgLayout::Compact)?;
    pc.set_gamg_parallel_coarse_solver(true)?;
    pc.set_up()?;
    assert_eq!(pc.mg_levels()?, 2);
    assert_code(pc.set_gamg_levels(3), ErrorCode::ARG_WRONGSTATE);
    pc.set_type(PcType::MG)?;
    for code in [
        pc.set_gamg_levels(2),
        pc.set_gamg_coarse_layout(GamgLayout::Spread),
        pc.set_gamg_parallel_coarse_solver(true),
        pc.set_hmg_reuse_interpolation(true),
        pc.set_hmg_subspace_coarsening(true),
        pc.set_hmg_use_maij(true),
    ] {
        assert_code(code, ErrorCode::ARG_WRONG);
    }
    pc.set_type(PcType::HMG)?;
    pc.set_hmg_reuse_interpolation(true)?;
    pc.set_hmg_subspace_coarsening(true)?;
    pc.set_hmg_use_maij(false)
}

#[petsc_test::test(ranks = [1, 2])]
fn a_field_split_returns_its_fields(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 12)?;
    let mut pc = of_type(petsc, &a, PcType::FIELDSPLIT)?;
    let own = a.ownership_range()?;
    let part = |k| own.clone().filter(|i| i % 2 == k).collect::<Vec<_>>();
    assert_eq!(pc.field_split_type()?, CompositeType::Multiplicative);
    pc.add_field("even", &part(0))?;
    pc.add_field("odd", &part(1))?;
    assert_eq!(pc.field_indices("odd")?, Some(part(1)));
    assert_eq!(pc.field_indices("third")?, None);
    assert!(pc.schur_preconditioner().is_err());
    pc.set_field_split_type(CompositeType::Schur)?;
    assert_eq!(pc.field_split_type()?, CompositeType::Schur);
    assert!(pc.schur_preconditioner()?.1.is_none());
    pc.set_schur_preconditioner(SchurPreconditioner::User, Some(&a))?;
    let (kind, matrix) = pc.schur_preconditioner()?;
    assert_eq!(kind, SchurPreconditioner::User);
    assert_eq!(matrix.unwrap().size()?, (12, 12));
    assert!(!pc.field_detect_saddle_point()?);
    pc.set_field_detect_saddle_point(true)?;
    assert!(pc.field_detect_saddle_point()?);
    pc.set_type(PcType::JACOBI)?;
    assert_code(pc.field_split_type(), ErrorCode::ARG_WRONG);
    assert_code(pc.field_indices("odd"), ErrorCode::ARG_WRONG);
    let detect = pc.set_field_detect_saddle_point(true);
    assert_code(detect, ErrorCode::ARG_WRONG);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn a_forward_sweep_solves_with_the_lower_triangle(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 9)?;
    let (mut y, mut x) = a.vectors()?;
    x.set(r(1.0))?;
    let mut pc = of_type(petsc, &a, PcType::SOR)?;
    assert_eq!(pc.sor_sweep()?, SorSweep::LocalSymmetric);
    pc.set_sor_sweep(SorSweep::Forward)?;
    assert_eq!(pc.sor_sweep()?, SorSweep::Forward);
    pc.apply(&x, &mut y)?;
    // 2·yᵢ - yᵢ₋₁ = 1.
    for (i, value) in (1..).zip(y.array()?.iter()) {
        assert_close!(value.real(), 1.0 - Real::powi(0.5, i), 1e-14);
    }
    assert!(pc.has_richardson()?);
    pc.set_type(PcType::JACOBI)?;
    assert!(!pc.has_richardson()?);
    assert_code(pc.set_sor_sweep(SorSweep::Forward), ErrorCode::ARG_WRONG);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn settings_belong_to_their_types(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 9)?;
    let mut pc = of_type(petsc, &a, PcType::COMPOSITE)?;
    assert_eq!(pc.composite_type()?, CompositeType::Additive);
    pc.set_composite_type(CompositeType::Multiplicative)?;
    assert_eq!(pc.composite_type()?, CompositeType::Multiplicative);
    pc.set_type(PcType::BDDC)?;
    assert_code(pc.composite_type(), ErrorCode::ARG_WRONG);
    pc.set_bddc_coarsening_ratio(4)?;
    assert_code(pc.set_bddc_coarsening_ratio(0), ErrorCode::ARG_OUTOFRANGE);
    pc.set_bddc_levels(1)?;
    assert_code(pc.set_bddc_levels(8), ErrorCode::SUP);
    pc.set_stiffness_scaling(true)?;
    pc.set_type(PcType::JACOBI)?;
    assert_code(pc.set_bddc_levels(1), ErrorCode::ARG_WRONG);
    assert_code(pc.set_bddc_coarsening_ratio(4), ErrorCode::ARG_WRONG);
    assert_code(pc.set_stiffness_scaling(true), ErrorCode::ARG_WRONG);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_preconditioner_applies_to_all_columns(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 9)?;
    let dense = |columns| {
        let b = Matrix::builder(petsc.world()).global_size(9, columns);
        b.kind(MatrixType::DENSE).build()
    };
    let (mut x, mut y) = (dense(2)?, dense(2)?);
    for i in x.ownership_range()? {
        x.set_value(i, 0, r(3.0), InsertMode::Insert)?;
        x.set_value(i, 1, r(4.0), InsertMode::Insert)?;
    }
    x.assemble()?;
    y.assemble()?;
    let mut pc = Pc::new(petsc.world())?;
    pc.set_type(PcType::JACOBI)?;
    assert_code(pc.mat_apply(&x, &mut y), ErrorCode::ARG_WRONGSTATE);
    pc.set_operators(&a, &a)?;
    pc.mat_apply(&x, &mut y)?;
    // Nine rows of 3/2 and 4/2.
    assert_close!(y.norm(Norm::Frobenius)?, (9.0 * 6.25_f64).sqrt(), 1e-14);
    let mut wide = dense(3)?;
    assert_code(pc.mat_apply(&x, &mut wide), ErrorCode::ARG_SIZ);
    assert_code(pc.mat_apply(&a, &mut y), ErrorCode::ARG_SIZ);
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn rows_are_permuted_for_a_nonzero_diagonal(petsc: &Petsc) -> Result<()> {
    let swap = |diagonal: [Real; 2]| {
        let mut a = Matrix::builder(petsc.world()).global_size(2, 2).build()?;
        for (i, d) in (0..2).zip(diagonal) {
            a.set_value(i, i, r(d), InsertMode::Insert)?;
            a.set_value(i, 1 - i, r(1.0), InsertMode::Insert)?;
        }
        a.assemble()?;
        Ok::<_, Error>(a)
    };
    let a = swap([0.0, 0.0])?;
    let (mut y, mut x) = a.vectors()?;
    x.array_mut()?.copy_from_slice(&[r(1.0), r(2.0)]);
    let mut pc = of_type(petsc, &a, PcType::LU)?;
    pc.set_factor_ordering("natural")?;
    assert_code(pc.factor_reorder_for_nonzero_diagonal(-1.0), ErrorCode::ARG_OUTOFRANGE);
    pc.factor_reorder_for_nonzero_diagonal(1e-10)?;
    pc.apply(&x, &mut y)?;
    assert_close!(y.array()?[0].real(), 2.0, 1e-14);
    assert_close!(y.array()?[1].real(), 1.0, 1e-14);
    pc.set_type(PcType::JACOBI)?;
    assert_code(pc.factor_reorder_for_nonzero_diagonal(0.0), ErrorCode::ARG_WRONG);
    // The second pivot of a singular matrix is zero.
    let a = swap([1.0, 1.0])?;
    let mut pc = of_type(petsc, &a, PcType::LU)?;
    pc.set_up()?;
    assert_eq!(pc.failed_reason()?, FailedReason::NumericZeroPivot);
    let mut pc = of_type(petsc, &a, PcType::LU)?;
    pc.set_error_if_failure(true)?;
    assert_code(pc.set_up(), ErrorCode::MAT_LU_ZRPVT);
    Ok(())
}
