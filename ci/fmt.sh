#!/bin/bash
# Checks that every Rust file is formatted. cargo fmt follows `mod` and omits modules that macros
# declare, so this script passes the files to rustfmt. `ci/fmt.sh --write` formats them.
. "$(dirname "$0")/lib.sh"
mode=(--check)
if [ "${1:-}" = --write ]; then
  mode=()
fi
# bindgen writes the bindings for docs.rs.
git ls-files -z '*.rs' ':!*/bindings/*' | xargs -0 rustfmt "${mode[@]}" --edition 2024
