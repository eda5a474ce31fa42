#!/bin/bash
# The documentation builds without PETSc and libclang, as on docs.rs: from bindings that are part of
# the package. The variables make sure that what is installed is not found after all.
. "$(dirname "$0")/lib.sh"
export CARGO_TARGET_DIR=target/docsrs DOCS_RS=1
export PETSC_DIR=/nonexistent SLEPC_DIR=/nonexistent PKG_CONFIG_PATH=/nonexistent
cargo doc --no-deps --package petsc-rs --features petsc-rs/autodiff --package petsc-sys --package slepc-rs --package slepc-sys
