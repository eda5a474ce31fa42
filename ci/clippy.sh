#!/bin/bash
# No warning of rustc or clippy, in the whole workspace with its tests.
. "$(dirname "$0")/lib.sh"
cargo clippy --workspace --features workshop/slepc,petsc-parity/slepc,petsc-attack/slepc --all-targets -- -D warnings
