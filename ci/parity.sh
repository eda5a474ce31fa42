#!/bin/bash
# The ports of upstream's tutorials against upstream's outputs: all of them on the real build, on the others those that
# differ there; or on the builds named: `ci/parity.sh real,3.26`. DATAFILESPATH names the collection of matrices and
# meshes, where there is one. The last line is the result: `N passed, N failed`.
. "$(dirname "$0")/lib.sh"
unset PETSC_DIR PETSC_ARCH
cargo xtask parity --builds "${1:-all}"
