#!/usr/bin/env bash
# What petsc-rs stands on, under Miri, which sees undefined behaviour that no program shows: closures behind `void *`,
# handles without size, guards and the borrow table, the registry. Miri cannot call C: petsc-rs/tests/miri has objects
# made of Rust in PETSc's place. Needs the nightly toolchain with its components miri and rust-src.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
export CARGO_TARGET_DIR=$PWD/target/miri
# Tree Borrows: in Stacked Borrows, a reference to a type without size leads nowhere (UNSAFE.md, borrowed handles).
# Leaks are meant: the borrow table is never freed, nor what a panic carries whose destructor panics. The tests count.
export MIRIFLAGS="-Zmiri-disable-isolation -Zmiri-ignore-leaks -Zmiri-tree-borrows ${MIRIFLAGS:-}"
export PROPTEST_CASES=${PROPTEST_CASES:-4}
cargo +nightly miri test --quiet --package petsc-rs --lib -- runtime::miri:: callback:: ffi:: "$@"
