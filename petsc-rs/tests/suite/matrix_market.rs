//! Files in Matrix Market format; the numbers come from SciPy.

use petsc_rs::ErrorCode;
use petsc_rs::matrix::Scope;
use petsc_rs::prelude::*;
use petsc_test::assert_close;

/// File, rows, columns, entries, norms one, infinity and Frobenius.
const FILES: &[(&str, usize, usize, f64, f64, f64, f64)] = &[
    ("1138_bus", 1138, 1138, 4054.0, 40366.72317, 40366.72317, 125946.1593719312),
    ("494_bus", 494, 494, 1666.0, 40015.422479, 40015.422479, 57513.15961734143),
    ("cryg2500", 2500, 2500, 12349.0, 12443.31839848862, 10872.00165492118, 42849.9963557822),
    ("epb0", 1794, 1794, 7764.0, 0.7389024888479361, 0.6531417232087068, 10.45508656862899),
    ("nos5", 468, 468, 5172.0, 6.8412e+05, 6.8412e+05, 4970392.020178441),
    ("pde900", 900, 900, 4380.0, 12.858645109915, 12.833488221538, 145.8608862543463),
    ("rajat01", 6833, 6833, 43250.0, 1.442e+03, 1.442e+03, 207.9663434308542),
    ("well1033", 1033, 320, 4732.0, 15.39480431925007, 2.4238181791, 17.88854382018482),
    ("west0479", 479, 479, 1910.0, 382221.51, 318714.29, 710459.1518433925),
];

const COMPLEX: &[(&str, usize, usize, f64, f64, f64, f64)] = &[
    ("dwg961b", 961, 961, 10591.0, 1054.58539977073, 1054.58539977073, 2351.545810583592),
    ("young1c", 841, 841, 4089.0, 4.7446e+02, 4.7446e+02, 6484.533199159227),
];

fn sparse() -> std::path::PathBuf {
    petsc_test::data_dir().expect("the data is available").join("sparse")
}

#[petsc_test::test(ranks = [1, 2, 3], needs = petsc_test::data_available)]
fn files_agree_with_scipy(petsc: &Petsc) -> Result<()> {
    let dir = sparse();
    let complex = if Scalar::IS_COMPLEX { COMPLEX } else { &[] };
    for &(name, m, n, entries, one, infinity, frobenius) in FILES.iter().chain(complex) {
        let a = Matrix::read_market(petsc.world(), dir.join(name).with_extension("mtx"))?;
        assert_eq!(a.size()?, (m, n), "{name}");
        assert_close!(a.info(Scope::GlobalSum)?.used, entries, 0.0);
        assert_close!(a.norm(Norm::One)?, one, 1e-12);
        assert_close!(a.norm(Norm::Infinity)?, infinity, 1e-12);
        assert_close!(a.norm(Norm::Frobenius)?, frobenius, 1e-12);
    }
    if !Scalar::IS_COMPLEX {
        let error =
            Matrix::read_market(petsc.world(), dir.join("young1c.mtx")).expect_err("complex");
        assert!(error.to_string().contains("young1c.mtx:"), "{error}");
        assert!(error.to_string().contains("complex"), "{error}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3], needs = petsc_test::data_available)]
fn files_are_read_into_other_types_and_distributions(petsc: &Petsc) -> Result<()> {
    let dir = sparse();
    let comm = petsc.world();
    let path = dir.join("494_bus.mtx");
    for kind in [MatrixType::SBAIJ, MatrixType::DENSE] {
        let a = Matrix::read_market_with(comm, &path, |b| b.kind(kind))?;
        assert_close!(a.norm(Norm::Frobenius)?, 5.751_315_961_734_143e4, 1e-12);
    }
    // All rows on the last rank.
    let n = if comm.rank() + 1 == comm.size() { 494 } else { 0 };
    let a = Matrix::read_market_with(comm, &path, |b| b.local_size(n, n))?;
    assert_eq!(a.local_size()?, (n, n));
    assert_close!(a.norm(Norm::Frobenius)?, 5.751_315_961_734_143e4, 1e-12);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn bad_files_fail_on_all_ranks(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let error = Matrix::read_market(comm, "there/is/none.mtx").expect_err("no file");
    assert_eq!(error.code(), ErrorCode::FILE_OPEN);
    assert!(error.to_string().contains("none.mtx"));
    let path = std::env::temp_dir().join(format!("petsc-rs-bad-{}.mtx", comm.size()));
    if comm.rank() == 0 {
        let text = "%%MatrixMarket matrix coordinate real general\n2 2 2\n1 1 1.0\n9 1 1.0\n";
        std::fs::write(&path, text).expect("a writable folder");
    }
    comm.barrier()?;
    let error = Matrix::read_market(comm, &path).expect_err("a wrong row");
    assert_eq!(error.code(), ErrorCode::FILE_UNEXPECTED);
    assert!(error.message().ends_with(".mtx:4: the row 9 is outside 1..=2"), "{error}");
    comm.barrier()?;
    if comm.rank() == 0 {
        let _ = std::fs::remove_file(&path);
    }
    Ok(())
}
