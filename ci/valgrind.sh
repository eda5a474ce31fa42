#!/usr/bin/env bash
# Runs the memory tests with valgrind's memcheck. There must be no invalid access and no definite
# leak in petsc-rs. ci/valgrind.supp contains suppressions for the libraries, each with its reason.
set -euo pipefail
cd "$(dirname "$0")/.."
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMP_NUM_THREADS=1

supp=(--suppressions=ci/valgrind.supp)
for file in /usr/share/openmpi/openmpi-valgrind.supp; do
    [ -f "$file" ] && supp+=("--suppressions=$file")
done
memcheck() {
    valgrind --quiet --error-exitcode=9 --leak-check=full --show-leak-kinds=definite \
        --errors-for-leak-kinds=definite "${supp[@]}" "$@"
}
# Returns the executable of a test target from cargo's output.
test_binary() {
    cargo test --quiet --package "$1" --test "$2" --no-run --message-format=json |
        python3 -c 'import json, sys
for line in sys.stdin:
    m = json.loads(line)
    if m.get("executable") and m["target"]["name"] == sys.argv[1]: print(m["executable"])' "$2"
}

echo "drop order, sessions and closures:"
PETSC_RS_DROP_ORDER_CHILD=1 memcheck "$(test_binary petsc-rs drop_order)"

echo "callbacks, ownership and the borrow table, one rank:"
suite=$(test_binary petsc-rs suite)
job=$(mktemp -d)
trap 'rm -rf "$job"' EXIT
# The harness runs the tests of one rank listed in a file, and records the completed ones. Omitted
# are tests with known leaks: a closure that PETSc refuses is leaked on purpose (PETSc may hold the
# pointer), a forgotten guard keeps its object, PCSetUp_LU leaks the matrix that it creates when it
# factors in place, KSPSetUp_LGMRES its arrays after a reset, and SNESSetUp_NASM the DMs of its
# subdomains if it fails.
"$suite" --list --format terse 2>/dev/null | sed -n 's/^\(\(callbacks\|shared\|lent\|unchecked\)::[a-z_0-9:]*\)::ranks_1: test$/suite::\1/p' |
    grep -v -e too_many_monitors -e a_forgotten_guard -e a_set_up_does_not_factor -e numbers_of_vectors_stay \
        -e nonlinear_schwarz_method_are_set_up_again > "$job/tests"
test -s "$job/tests"
PETSC_TEST_JOB=$job PETSC_TEST_JOB_RANKS=1 memcheck "$suite"
test "$(grep -c '^done' "$job/diary-0")" = "$(wc -l < "$job/tests")"
echo "valgrind: no error, no leak"
