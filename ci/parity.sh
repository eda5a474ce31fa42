#!/bin/bash
# Compares the output of the ports of PETSc's tutorials with PETSc's reference output: all ports on
# the real build, and those that can differ on the others, or on the given builds: `ci/parity.sh
# real,3.26`. DATAFILESPATH is the collection of matrices and meshes, if available. The last line is
# the result: `N passed, N failed`.
. "$(dirname "$0")/lib.sh"
unset PETSC_DIR PETSC_ARCH
# The limit of a run is longer than the default: CI machines can be slow.
cargo xtask parity --limit 240 --builds "${1:-all}"
