#!/usr/bin/env bash
# Runs a small fixed number of random programs with the safe interface. None may crash or hang. For
# more programs, more ranks and valgrind, see `cargo xtask attack --help`.
set -euo pipefail
cd "$(dirname "$0")/.."
for class in vector matrix ksp snes ts tao dm eps svd pep nep; do
  cargo xtask attack "$class" --cases "${ATTACK_CASES:-300}" --seed "${ATTACK_SEED:-1}"
done
