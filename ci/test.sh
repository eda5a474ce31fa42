#!/bin/bash
# Runs the tests with all builds, or with the given ones: `ci/test.sh real,3.26`.
. "$(dirname "$0")/lib.sh"
unset PETSC_DIR PETSC_ARCH
cargo xtask test --one-folder --builds "${1:-all}"
