#!/bin/bash
# Builds a crate outside the workspace, which depends on petsc-rs by path, uses
# #[cfg(petsc_have_mumps)], and has a test under mpiexec. Tests of petsc-test in targets without
# `harness = false` fail with instructions.
. "$(dirname "$0")/lib.sh"
root=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/src" "$folder/tests"
# The versions are those of the workspace, which are compiled already.
cp Cargo.lock "$folder"
cat > "$folder/Cargo.toml" <<TOML
[package]
name = "downstream"
version = "0.1.0"
edition = "2024"

[dependencies]
petsc-rs = { path = "$root/petsc-rs" }

[build-dependencies]
petsc-sys-build = { path = "$root/petsc-sys-build" }

[dev-dependencies]
petsc-test = { path = "$root/petsc-test" }

[[test]]
name = "solver"
harness = false
TOML
cat > "$folder/build.rs" <<'RUST'
fn main() -> Result<(), petsc_sys_build::Error> {
    petsc_sys_build::emit()
}
RUST
cat > "$folder/src/lib.rs" <<'RUST'
//! A solver that keeps its objects in a struct, without a lifetime.

use petsc_rs::prelude::*;

pub struct Diagonal {
    matrix: Matrix,
    solver: Ksp,
}

impl Diagonal {
    pub fn new(comm: &Comm, n: usize) -> Result<Self> {
        let mut matrix = Matrix::builder(comm).global_size(n, n).build()?;
        for i in matrix.ownership_range()? {
            matrix.set_value(i, i, Scalar::from_real(2.0), InsertMode::Insert)?;
        }
        matrix.assemble()?;
        let mut solver = Ksp::new(comm)?;
        solver.set_operators(&matrix, &matrix)?;
        solver.set_from_options()?;
        Ok(Self { matrix, solver })
    }

    pub fn solve(&mut self, value: Scalar) -> Result<Vector> {
        let (mut x, mut b) = self.matrix.vectors()?;
        b.set(value)?;
        let _ = self.solver.solve(&b, &mut x)?;
        Ok(x)
    }

    /// Name of the direct solver that this build of PETSc would use in parallel.
    pub fn direct_solver() -> &'static str {
        #[cfg(petsc_have_mumps)]
        return "mumps";
        #[cfg(not(petsc_have_mumps))]
        return "none";
    }
}
RUST
cat > "$folder/tests/solver.rs" <<'RUST'
use downstream::Diagonal;
use petsc_rs::prelude::*;

#[petsc_test::test(ranks = [1, 2, 3])]
fn halves(petsc: &Petsc) -> Result<()> {
    let x = Diagonal::new(petsc.world(), 10)?.solve(Scalar::from_real(6.0))?;
    petsc_test::assert_close!(x.norm(Norm::Infinity)?, 3.0, 1e-12);
    println!("direct solver: {}", Diagonal::direct_solver());
    Ok(())
}

petsc_test::main!();
RUST
cat > "$folder/tests/forgotten.rs" <<'RUST'
use petsc_rs::prelude::*;

#[petsc_test::test]
fn is_not_run(_petsc: &Petsc) -> Result<()> {
    Ok(())
}

petsc_test::main!();
RUST
cat >> "$folder/src/lib.rs" <<'RUST'

#[cfg(test)]
mod tests {
    use petsc_rs::prelude::*;

    #[petsc_test::test]
    fn is_not_run(_petsc: &Petsc) -> Result<()> {
        Ok(())
    }
}
RUST
cd "$folder"
cargo test --test solver
for target in "--test forgotten" --lib; do
  if cargo test $target > output; then
    cat output
    echo "cargo test $target: success, although its target has no harness = false"
    exit 1
  fi
  cat output
  grep -qx '    harness = false' output
  grep -q 'is_not_run_needs_harness_false .* FAILED$' output
done
