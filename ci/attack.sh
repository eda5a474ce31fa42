#!/usr/bin/env bash
# A small fixed budget of random programs against the safe interface: none crashes or hangs. More of them, on more
# ranks and under valgrind: `cargo xtask attack --help`.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo xtask attack --cases "${ATTACK_CASES:-600}" --seed "${ATTACK_SEED:-1}"
