#!/bin/bash
# Builds the documentation without PETSc and libclang, as on docs.rs, with bindings that are part of
# the package. The variables hide installed software.
. "$(dirname "$0")/lib.sh"
export CARGO_TARGET_DIR=target/docsrs DOCS_RS=1
export PETSC_DIR=/nonexistent SLEPC_DIR=/nonexistent PKG_CONFIG_PATH=/nonexistent
cargo doc --no-deps --package petsc-rs --features petsc-rs/autodiff --package petsc-sys --package slepc-rs --package slepc-sys
