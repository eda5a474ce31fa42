#!/usr/bin/env bash
# Runs the memory tests with AddressSanitizer. The Rust code and the C shim are compiled with it;
# PETSc, MPI and the standard library are not, but their allocations are checked. Leaks are not
# checked, because MPI and PETSc have leaks (see ci/valgrind.sh). Needs the nightly toolchain.
#
# ci/asan.sh [RANKS [MODULE...]]; the defaults are 1 rank and the modules below.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
ranks=${1:-1}
modules=(callbacks shared lent unchecked ownership damaged_files dm::damaged_meshes vector matrix)
[ $# -gt 1 ] && modules=("${@:2}")

# A separate target directory, because all crates are compiled with other flags. Build scripts and
# macros are not, because a target is specified.
export CARGO_TARGET_DIR=$PWD/target/asan
target=$(rustc +nightly -vV | sed -n 's/^host: //p')
export RUSTFLAGS='-Zsanitizer=address -Cforce-frame-pointers=yes'
export "CFLAGS_${target//-/_}=-fsanitize=address -fno-omit-frame-pointer -g"

suite=$(cargo +nightly test --quiet --target "$target" --package petsc-rs --test suite --no-run --message-format=json |
    python3 -c 'import json, sys
for line in sys.stdin:
    m = json.loads(line)
    if m.get("executable") and m["target"]["name"] == "suite": print(m["executable"])')

# As in ci/valgrind.sh, the harness runs the tests listed in a file in one process per rank, and
# records the completed ones.
job=$(mktemp -d)
trap 'cat "$job"/asan.* 2>/dev/null || true; rm -rf "$job"' EXIT
# Prints the failed test and its messages.
failed() {
    grep -h '^failed' "$job"/diary-*
    tail -n 30 "$job"/output-*
    exit 1
}
export ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=1:strict_string_checks=1:log_path=$job/asan:${ASAN_OPTIONS:-}
pattern=$(IFS='|'; echo "${modules[*]}")
# One test needs a process of its own: hypre returns its first error again in all later calls.
"$suite" --list --format terse 2>/dev/null |
    sed -nE "s/^(($pattern)::[a-z_0-9:]*)::ranks_$ranks: test\$/suite::\\1/p" |
    grep -v -e hypre_is_created_before > "$job/tests"
test -s "$job/tests"
export PETSC_TEST_JOB=$job PETSC_TEST_JOB_RANKS=$ranks
if [ "$ranks" = 1 ]; then "$suite" || failed; else mpiexec -n "$ranks" "$suite" || failed; fi
for rank in $(seq 0 $((ranks - 1))); do
    test "$(grep -c '^done' "$job/diary-$rank")" = "$(wc -l < "$job/tests")"
done
echo "AddressSanitizer: $(wc -l < "$job/tests") tests on $ranks ranks, no error"
