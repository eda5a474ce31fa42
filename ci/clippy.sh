#!/bin/bash
# Checks that rustc and clippy print no warnings for the workspace and its tests.
. "$(dirname "$0")/lib.sh"
cargo clippy --workspace --features workshop/slepc,petsc-parity/slepc,petsc-attack/slepc --all-targets -- -D warnings
