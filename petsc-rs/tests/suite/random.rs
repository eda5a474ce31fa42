//! Random numbers.

use petsc_rs::ErrorCode;
use petsc_rs::prelude::*;
use petsc_rs::random::RandomType;
use petsc_test::assert_close;

use crate::vector::{code, real};

#[petsc_test::test(ranks = [1, 2])]
fn a_seed_repeats_its_sequence(petsc: &Petsc) -> Result<()> {
    let mut random = Random::new(petsc.world())?;
    random.set_type(RandomType::RANDER48)?;
    random.seed(42)?;
    let first = (random.value()?, random.value()?);
    random.seed(42)?;
    assert_eq!(first, (random.value()?, random.value()?));
    random.seed(43)?;
    assert_ne!(first.0, random.value()?);
    assert_eq!(
        code(random.set_type(RandomType::new(c"no such type"))),
        Some(ErrorCode::ARG_UNKNOWN_TYPE)
    );
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn rander48_gives_the_sequence_of_drand48(petsc: &Petsc) -> Result<()> {
    // POSIX: X' = 0x5DEECE66D·X + 11 modulo 2^48, from X = seed·2^16 + 0x330E.
    let mut random = Random::new(petsc.self_comm())?;
    random.seed(7)?;
    let mut state = (7_u64 << 16) + 0x330E;
    for _ in 0..3 {
        state = (0x5_DEEC_E66D_u64.wrapping_mul(state) + 11) & ((1 << 48) - 1);
        #[expect(clippy::cast_precision_loss, reason = "48 bits fit into an f64")]
        let expected = state as f64 / (1_u64 << 48) as f64;
        assert_close!(random.real_value()?, expected, 1e-15);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn random_entries_lie_in_the_interval(petsc: &Petsc) -> Result<()> {
    let mut random = Random::new(petsc.world())?;
    random.set_interval(real(2.0), real(3.0))?;
    assert_eq!(random.interval()?, (real(2.0), real(3.0)));
    let mut x = Vector::new(petsc.world(), 100)?;
    x.set_random(&mut random)?;
    assert!(x.array()?.iter().all(|v| (2.0..3.0).contains(&v.real())));
    let (least, most) = (x.min()?.unwrap_or_default().1, x.max()?.unwrap_or_default().1);
    assert!(most - least > 0.5);
    let mut few = [real(0.0); 4];
    random.fill(&mut few)?;
    assert!(few.iter().all(|v| (2.0..3.0).contains(&v.real())));
    assert_eq!(code(random.set_interval(real(1.0), real(0.0))), Some(ErrorCode::ARG_OUTOFRANGE));
    Ok(())
}

#[petsc_test::test]
fn the_seed_is_returned(petsc: &Petsc) -> Result<()> {
    let mut random = Random::new(petsc.world())?;
    for seed in [42, u32::MAX] {
        random.seed(seed)?;
        assert_eq!(random.current_seed()?, seed);
    }
    Ok(())
}
