#!/bin/bash
# The documentation builds without a warning.
. "$(dirname "$0")/lib.sh"
export CARGO_TARGET_DIR=target/real RUSTDOCFLAGS="-D warnings"
cargo doc --workspace --features workshop/slepc,petsc-parity/slepc --no-deps
