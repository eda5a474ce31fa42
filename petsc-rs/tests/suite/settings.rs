//! Settings that C only stores: each getter returns the value that was set, for each type that has
//! the setting, and other types refuse it. Whether a setting reaches the method is seen in the
//! output of a view.

use petsc_rs::dm::DmPlex;
use petsc_rs::ksp::Side;
use petsc_rs::pc::{AsmType, ExoticType, Galerkin, JacobiType, MgType, ShiftType, SubcommType};
use petsc_rs::section::Section;
use petsc_rs::snes::{Snes, SnesType};
use petsc_rs::ts::{Ts, TsType};
use petsc_rs::{ErrorCode, ViewerFormat, prelude::*};
use petsc_test::assert_code;

use crate::ksp::{laplacian, r, tight};

/// Sets each value and compares the value that the getter returns.
macro_rules! stores {
    ($object:expr => $($set:ident($($value:expr),+) $get:ident),+ $(,)?) => {$(
        $object.$set($($value),+)?;
        assert_eq!($object.$get()?, ($($value),+), stringify!($get));
    )+};
}

#[petsc_test::test]
fn a_preconditioner_returns_the_settings_of_its_type(petsc: &Petsc) -> Result<()> {
    let mut pc = Pc::new(petsc.world())?;
    stores!(pc => set_use_operator(true) use_operator, set_reuse(true) reuse);
    assert_code(pc.set_jacobi_type(JacobiType::RowSum), ErrorCode::ARG_WRONG);
    pc.set_type(PcType::JACOBI)?;
    stores!(pc =>
        set_jacobi_type(JacobiType::RowMax) jacobi_type,
        set_jacobi_absolute(true) jacobi_absolute,
        set_jacobi_fix_diagonal(false) jacobi_fix_diagonal,
    );
    assert_code(pc.set_factor_levels(2), ErrorCode::ARG_WRONG);
    pc.set_type(PcType::ILU)?;
    stores!(pc =>
        set_factor_levels(2) factor_levels,
        set_factor_shift(ShiftType::Nonzero) factor_shift,
        set_factor_shift_amount(1e-3) factor_shift_amount,
        set_factor_zero_pivot(1e-7) factor_zero_pivot,
        set_factor_in_place(true) factor_in_place,
        set_factor_diagonal_fill(true) factor_diagonal_fill,
    );
    pc.set_factor_reuse_fill(true)?;
    pc.set_factor_pivot_in_blocks(false)?;
    pc.set_type(PcType::SOR)?;
    stores!(pc => set_sor_omega(1.5) sor_omega, set_sor_iterations(3, 2) sor_iterations);
    assert_code(pc.set_sor_omega(2.0), ErrorCode::ARG_OUTOFRANGE);
    pc.set_type(PcType::EISENSTAT)?;
    stores!(pc => set_eisenstat_omega(1.25) eisenstat_omega);
    assert_code(pc.set_eisenstat_omega(Real::NAN), ErrorCode::ARG_OUTOFRANGE);
    pc.set_type(PcType::ASM)?;
    stores!(pc =>
        set_asm_type(AsmType::Interpolate) asm_type,
        set_asm_dm_subdomains(true) asm_dm_subdomains,
    );
    pc.set_asm_sort_indices(false)?;
    pc.set_type(PcType::GASM)?;
    pc.set_gasm_sort_indices(false)?;
    pc.set_type(PcType::MG)?;
    stores!(pc => set_mg_type(MgType::Additive) mg_type, set_mg_galerkin(Galerkin::Both) mg_galerkin);
    pc.set_type(PcType::TELESCOPE)?;
    stores!(pc =>
        set_telescope_reduction(1) telescope_reduction,
        set_telescope_subcomm(SubcommType::Contiguous) telescope_subcomm,
        set_telescope_ignore_dm(true) telescope_ignore_dm,
        set_telescope_use_coarse_dm(true) telescope_use_coarse_dm,
        set_telescope_ignore_compute_operators(true) telescope_ignore_compute_operators,
    );
    let more = petsc.world().size().unsigned_abs() as usize + 1;
    assert_code(pc.set_telescope_reduction(more), ErrorCode::ARG_WRONG);
    pc.set_type(PcType::FIELDSPLIT)?;
    stores!(pc =>
        set_field_dm_splits(false) field_dm_splits,
        set_field_diagonal_use_operator(true) field_diagonal_use_operator,
        set_field_off_diagonal_use_operator(true) field_off_diagonal_use_operator,
    );
    pc.set_type(PcType::EXOTIC)?;
    pc.set_exotic_type(ExoticType::Face)?;
    pc.set_type(PcType::DEFLATION)?;
    pc.set_deflation_initial_only(true)?;
    assert_code(pc.set_deflation_reduction(0), ErrorCode::ARG_OUTOFRANGE);
    Ok(())
}

#[petsc_test::test]
fn gamg_solves_with_each_of_its_settings(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 200)?;
    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    for setting in 0..3 {
        let mut ksp = Ksp::new(petsc.world())?;
        ksp.set_operators(&a, &a)?;
        ksp.set_tolerances(tight())?;
        let mut pc = ksp.pc()?;
        pc.set_type(PcType::GAMG)?;
        match setting {
            0 => pc.set_gamg_reuse_estimates(false),
            1 => pc.set_gamg_coarse_on_cpu(true),
            _ => pc.set_gamg_eigenvalues(2.1, 0.1),
        }?;
        ksp.solve(&b, &mut x)?;
        assert!(ksp.true_residual_norm(&b, &x)? < 1e-3, "setting {setting}");
    }
    let mut pc = Pc::new(petsc.world())?;
    pc.set_type(PcType::GAMG)?;
    assert_code(pc.set_gamg_eigenvalues(1.0, 2.0), ErrorCode::ARG_INCOMP);
    Ok(())
}

#[petsc_test::test]
fn a_linear_solver_returns_the_settings_of_its_type(petsc: &Petsc) -> Result<()> {
    let a = laplacian(petsc.world(), 20)?;
    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    ksp.set_type(KspType::GCR)?;
    stores!(ksp => set_gcr_restart(7) gcr_restart);
    ksp.set_type(KspType::FCG)?;
    stores!(ksp => set_fcg_directions(7) fcg_directions);
    ksp.set_type(KspType::PIPEFGMRES)?;
    ksp.set_pipefgmres_shift(r(2.5))?;
    assert!(ksp.view_to_string(ViewerFormat::Default)?.contains("shift=2.5"));
    ksp.set_type(KspType::GMRES)?;
    ksp.set_gmres_breakdown_tolerance(0.5)?;
    assert_code(ksp.set_gmres_breakdown_tolerance(-1.0), ErrorCode::ARG_OUTOFRANGE);
    ksp.set_type(KspType::CHEBYSHEV)?;
    ksp.set_chebyshev_noisy(false)?;
    assert_code(ksp.set_bcgsl_convex(true), ErrorCode::ARG_WRONG);
    ksp.set_type(KspType::BCGSL)?;
    // An incomplete factorization of a tridiagonal matrix is complete.
    ksp.pc()?.set_type(PcType::JACOBI)?;
    for setting in 0..4 {
        match setting {
            0 => Ok(()),
            1 => ksp.set_bcgsl_convex(true),
            2 => ksp.set_bcgsl_replacement(0.01),
            _ => ksp.set_bcgsl_pseudoinverse(false),
        }?;
        ksp.solve(&b, &mut x)?;
        assert!(ksp.true_residual_norm(&b, &x)? < 1e-3, "setting {setting}");
    }
    Ok(())
}

#[petsc_test::test]
fn a_trust_region_bounds_the_step(petsc: &Petsc) -> Result<()> {
    if Scalar::IS_COMPLEX {
        return Ok(());
    }
    // The model is xᵀAx/2 − bᵀx with A = diag(−6, −5, …, 3), which has no minimizer without a bound.
    let (n, radius) = (10, 0.5);
    let mut a = Matrix::builder(petsc.world()).global_size(n, n).build()?;
    for i in a.ownership_range()? {
        a.set_value(i, i, r(i as Real - 6.0), InsertMode::Insert)?;
    }
    a.assemble()?;
    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    for kind in [KspType::STCG, KspType::GLTR, KspType::NASH] {
        let mut ksp = Ksp::new(petsc.world())?;
        ksp.set_operators(&a, &a)?;
        ksp.set_tolerances(tight())?;
        ksp.pc()?.set_type(PcType::NONE)?;
        ksp.set_type(kind)?;
        ksp.set_cg_radius(radius)?;
        ksp.solve_unchecked(&b, &mut x)?;
        assert!((ksp.cg_step_norm()? - radius).abs() < 1e-6);
        assert!((x.norm(Norm::Two)? - radius).abs() < 1e-6);
        let mut ax = b.duplicate()?;
        a.mult(&x, &mut ax)?;
        let model = (ax.dot(&x)? / r(2.0) - b.dot(&x)?).real();
        assert!((ksp.cg_objective()? - model).abs() < 1e-6);
        if ksp.type_name()?.as_deref() == Some("gltr") {
            // The minimizer fulfills (A + λI)·x = b with the multiplier λ.
            assert!(ksp.gltr_multiplier()? > 6.0);
            ax.axpy(r(ksp.gltr_multiplier()?), &x)?;
            ax.axpy(r(-1.0), &b)?;
            assert!(ax.norm(Norm::Two)? < 1e-6);
            assert!((ksp.gltr_smallest_eigenvalue()? + 6.0).abs() < 1e-6);
        }
    }
    let mut ksp = Ksp::new(petsc.world())?;
    assert_code(ksp.set_qcg_radius(1.0), ErrorCode::ARG_WRONG);
    ksp.set_type(KspType::QCG)?;
    ksp.set_side(Side::Symmetric)?;
    ksp.pc()?.set_type(PcType::JACOBI)?;
    ksp.set_qcg_radius(1.0)?;
    ksp.set_operators(&a, &a)?;
    ksp.solve_unchecked(&b, &mut x)?;
    let mut ax = x.duplicate()?;
    a.mult(&x, &mut ax)?;
    // The method takes `b` for the gradient of the model.
    let objective = 0.5 * x.dot(&ax)?.real() + x.dot(&b)?.real();
    petsc_test::assert_close!(ksp.qcg_objective()?, objective, 1e-10);
    petsc_test::assert_close!(ksp.qcg_step_norm()?, 1.0, 1e-10);
    Ok(())
}

#[petsc_test::test]
fn a_nonlinear_solver_returns_the_settings_of_its_type(petsc: &Petsc) -> Result<()> {
    let mut snes = Snes::new(petsc.world())?;
    stores!(snes =>
        set_error_if_not_converged(true) error_if_not_converged,
        set_computes_final_residual(false) computes_final_residual,
    );
    snes.set_type(SnesType::NGMRES)?;
    stores!(snes => set_ngmres_restart_on_rise(true) ngmres_restart_on_rise);
    snes.set_type(SnesType::NASM)?;
    stores!(snes => set_nasm_damping(0.5) nasm_damping, set_nasm_type(AsmType::Basic) nasm_type);
    assert_code(snes.set_nasm_type(AsmType::None), ErrorCode::ARG_OUTOFRANGE);
    snes.set_type(SnesType::MS)?;
    stores!(snes => set_multistage_damping(0.5) multistage_damping);
    assert_code(snes.fas_is_fine().map(drop), ErrorCode::ARG_WRONG);
    snes.set_type(SnesType::FAS)?;
    stores!(snes => set_fas_galerkin(true) fas_galerkin, set_fas_full_total(true) fas_full_total);
    snes.set_fas_full_down(true)?;
    assert!(snes.fas_is_fine()?);
    Ok(())
}

#[petsc_test::test]
fn an_integrator_returns_the_settings_of_its_type(petsc: &Petsc) -> Result<()> {
    let mut ts = Ts::new(petsc.world())?;
    assert_code(ts.set_ssp_stages(9), ErrorCode::ARG_WRONG);
    ts.set_type(TsType::SSP)?;
    stores!(ts => set_ssp_stages(9) ssp_stages);
    assert_code(ts.set_ssp_stages(0), ErrorCode::ARG_OUTOFRANGE);
    ts.set_type(TsType::ROSW)?;
    ts.set_rosw_recompute_jacobian(true)?;
    ts.set_type(TsType::EIMEX)?;
    ts.set_eimex_order_adapt(true)?;
    ts.set_eimex_row_column(3, 2)?;
    assert_code(ts.set_eimex_row_column(2, 3), ErrorCode::ARG_OUTOFRANGE);
    ts.set_type(TsType::ARKIMEX)?;
    stores!(ts => set_arkimex_fully_implicit(true) arkimex_fully_implicit);
    let mut adapt = ts.adapt()?;
    stores!(adapt => set_max_ignore(0.5) max_ignore);
    adapt.set_scale_solve_failed(0.3)?;
    assert_eq!(adapt.scale_solve_failed()?, 0.3);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_mesh_returns_the_parameters_of_its_metric(petsc: &Petsc) -> Result<()> {
    let mut mesh = DmPlex::box_mesh(petsc.world(), [2, 2]).build()?;
    stores!(mesh =>
        set_metric_isotropic(true) metric_isotropic,
        set_metric_restrict_anisotropy_first(true) metric_restrict_anisotropy_first,
        set_metric_no_insertion(true) metric_no_insertion,
        set_metric_no_swapping(true) metric_no_swapping,
        set_metric_no_movement(true) metric_no_movement,
        set_metric_no_surface(true) metric_no_surface,
        set_metric_minimum(0.01) metric_minimum,
        set_metric_maximum(0.5) metric_maximum,
        set_metric_maximum_anisotropy(10.0) metric_maximum_anisotropy,
        set_metric_target_complexity(400.0) metric_target_complexity,
        set_metric_normalization_order(2.0) metric_normalization_order,
        set_metric_gradation(1.5) metric_gradation,
        set_metric_hausdorff(0.1) metric_hausdorff,
        set_metric_verbosity(2) metric_verbosity,
        set_metric_iterations(4) metric_iterations,
        set_partition_balance(true) partition_balance,
    );
    mesh.set_metric_isotropic(false)?;
    stores!(mesh => set_metric_uniform(true) metric_uniform);
    assert!(mesh.metric_isotropic()?, "a uniform metric is isotropic");
    assert_code(mesh.set_metric_minimum(0.0), ErrorCode::ARG_OUTOFRANGE);
    assert_code(mesh.set_metric_maximum_anisotropy(0.5), ErrorCode::ARG_OUTOFRANGE);
    assert_eq!(mesh.is_simplex()?, !mesh.cells()?.is_empty());
    Ok(())
}

#[petsc_test::test]
fn a_section_describes_its_unknowns(petsc: &Petsc) -> Result<()> {
    let section = Section::builder(petsc.world(), 0..3)
        .field("u", 1, |point| if point == 1 { 2 } else { 1 })
        .fix("u", |point| 0..usize::from(point == 2))
        .build()?;
    assert_eq!((section.len()?, section.max_dof()?), (4, 2));
    assert!(section.has_fixed()? && section.point_major()? && section.includes_fixed()?);
    let free = Section::builder(petsc.world(), 0..3).field("u", 1, |_| 1).build()?;
    assert!(!free.has_fixed()? && free.max_dof()? == 1);
    Ok(())
}
