#!/usr/bin/env bash
# Tests the foundations of petsc-rs with Miri, which detects undefined behavior that has no visible
# effect: closures behind `void *`, handles of size zero, guards and the table of borrowed arrays,
# the registry. Miri cannot call C; petsc-rs/tests/miri uses objects implemented in Rust. Needs the
# nightly toolchain with its components miri and rust-src.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
export CARGO_TARGET_DIR=$PWD/target/miri
# Tree Borrows is required: with Stacked Borrows, a reference to a type of size zero gives no access
# to memory (UNSAFE.md, borrowed handles).
# Leaks are expected: the table of borrowed arrays is never freed, and neither is the payload of a
# panic whose destructor panics. The tests count leaks.
export MIRIFLAGS="-Zmiri-disable-isolation -Zmiri-ignore-leaks -Zmiri-tree-borrows ${MIRIFLAGS:-}"
export PROPTEST_CASES=${PROPTEST_CASES:-4}
cargo +nightly miri test --quiet --package petsc-rs --lib -- runtime::miri:: callback:: ffi:: "$@"
