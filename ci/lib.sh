# Settings of all jobs: the root of the workspace, and variables of MPI for containers. This file is
# sourced and not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMP_NUM_THREADS=1
export OMPI_MCA_rmaps_base_oversubscribe=1
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never} CARGO_INCREMENTAL=0
# The artifacts of all builds take 15 GB with debug information.
export CARGO_PROFILE_DEV_DEBUG=0
# One target directory for all jobs and builds: registry crates are compiled once.
export CARGO_TARGET_DIR=$PWD/target/all
# Jobs with a single build of PETSc use the real one.
if [ -z "${PETSC_DIR:-}" ] && [ -e /usr/lib/petscdir/petsc-real ]; then
  export PETSC_DIR=/usr/lib/petscdir/petsc-real
fi
