#!/bin/bash
# Is every Rust file formatted? cargo fmt follows `mod` and misses the modules that macros declare, so rustfmt is given the
# files themselves. `ci/fmt.sh --write` formats them.
. "$(dirname "$0")/lib.sh"
mode=(--check)
if [ "${1:-}" = --write ]; then
  mode=()
fi
# The bindings for docs.rs are written by bindgen.
git ls-files -z '*.rs' ':!*/bindings/*' | xargs -0 rustfmt "${mode[@]}" --edition 2024
