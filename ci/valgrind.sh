#!/usr/bin/env bash
# Runs the test programs whose subject is memory under valgrind's memcheck: no invalid access and no
# definite leak of ours. Suppressions for the libraries below: ci/valgrind.supp, each with its reason.
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
# The executable of a test target, as cargo names it.
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
# The harness runs the tests of one rank that are named in a file, and writes down which are done. A closure
# that PETSc refuses is leaked on purpose (PETSc may hold the pointer), and a forgotten guard
# keeps its object; PCSetUp_LU loses the matrix that it made when it factors in place, KSPSetUp_LGMRES its arrays after a
# reset. The tests of these are left out.
"$suite" --list --format terse 2>/dev/null | sed -n 's/^\(\(callbacks\|shared\|lent\|unchecked\)::[a-z_0-9:]*\)::ranks_1: test$/suite::\1/p' |
    grep -v -e too_many_monitors -e a_forgotten_guard -e a_set_up_does_not_factor -e numbers_of_vectors_stay > "$job/tests"
test -s "$job/tests"
PETSC_TEST_JOB=$job PETSC_TEST_JOB_RANKS=1 memcheck "$suite"
test "$(grep -c '^done' "$job/diary-0")" = "$(wc -l < "$job/tests")"
echo "valgrind: no error, no leak"
