petsc_test::main!();
