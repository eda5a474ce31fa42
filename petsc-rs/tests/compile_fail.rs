//! Programs that must not compile: one for each promise that the type system keeps.
//!
//! Each of them builds petsc-rs anew, so they run for the build that they were written with only.

#[cfg(all(petsc_scalar = "real", petsc_int = "i32", not(petsc_ge_3_19)))]
#[test]
fn misuse_does_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
}
