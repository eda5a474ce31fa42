//! Splits into fields, by index and by component.

use petsc_rs::pc::{CompositeType, SchurFactorization, SchurPreconditioner};
use petsc_rs::{ErrorCode, prelude::*};
use petsc_test::{assert_close, assert_code, assert_error};

use crate::ksp::{r, tight};

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
fn fieldsplit_by_index_solves_with_each_composition(petsc: &Petsc) -> Result<()> {
    let a = two_fields(petsc, 12)?;
    let rows: Vec<Int> = a.ownership_range()?.collect();
    let part = |k| rows.iter().copied().filter(|i| i % 2 == k).collect::<Vec<_>>();
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
        ksp.pc()?.set_type(PcType::FIELDSPLIT)?;
        assert_error(
            ksp.pc()?.add_field("even", &part(0)),
            ErrorCode::ARG_WRONGSTATE,
            "no operators yet",
        ); // no operators
        ksp.set_operators(&a, &a)?;
        ksp.set_tolerances(tight())?;
        let mut pc = ksp.pc()?;
        let error = pc.add_field("even", &[0, 99]).unwrap_err();
        assert_eq!(error.code(), ErrorCode::ARG_OUTOFRANGE);
        pc.add_field("even", &part(0))?;
        let odd = IndexSet::general(petsc.world(), &part(1))?;
        pc.add_field_set("odd", &odd)?;
        pc.set_field_split_type(kind)?;
        let schur = pc.set_schur_factorization(SchurFactorization::Full);
        assert_eq!(schur.is_ok(), kind == CompositeType::Schur);
        pc.set_schur_preconditioner(SchurPreconditioner::Selfp, None)?;
        assert_code(
            pc.set_schur_preconditioner(SchurPreconditioner::User, None),
            ErrorCode::ARG_NULL,
        );
        let small = two_fields(petsc, 6)?;
        let error = ksp.set_operators(&small, &small).unwrap_err();
        assert_eq!(error.code(), ErrorCode::ARG_OUTOFRANGE);
        ksp.set_up()?;
        let mut subs = ksp.pc()?.sub_solvers()?;
        assert_eq!(subs.len(), 2);
        assert_eq!(subs[0].options_prefix()?.as_deref(), Some("fieldsplit_even_"));
        for sub in subs.iter_mut() {
            sub.pc()?.set_type(PcType::JACOBI)?;
        }
        let _ = ksp.solve(&b, &mut x)?;
        for value in x.array()?.iter() {
            assert_close!(value.real(), 1.0, 1e-9);
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn fieldsplit_by_component_solves(petsc: &Petsc) -> Result<()> {
    let a = two_fields(petsc, 12)?;
    let (mut x, mut b) = a.vectors()?;
    b.set(r(1.0))?;
    let mut ksp = Ksp::new(petsc.world())?;
    ksp.set_operators(&a, &a)?;
    let mut pc = ksp.pc()?;
    pc.set_type(PcType::FIELDSPLIT)?;
    assert_error(
        pc.add_field_components("none", 2, &[]),
        ErrorCode::ARG_OUTOFRANGE,
        "the components []",
    );
    pc.set_field_block_size(2)?;
    assert_error(
        pc.add_field_components("third", 2, &[2]),
        ErrorCode::ARG_OUTOFRANGE,
        "the components [2]",
    );
    let mut pc = ksp.pc()?;
    pc.add_field_components("odd", 2, &[1])?;
    pc.add_field_components("even", 2, &[0])?;
    let _ = ksp.solve(&b, &mut x)?;
    assert!(ksp.true_residual_norm(&b, &x)? < 1e-4);
    assert_eq!(ksp.pc()?.sub_solvers()?.len(), 2);
    Ok(())
}
