#!/bin/bash
# Installs the software for the jobs: Debian's builds of PETSc, and the newest release from source.
. "$(dirname "$0")/lib.sh"
unset PETSC_DIR PETSC_ARCH
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
  apt-get update
fi
cargo xtask setup --builds all
