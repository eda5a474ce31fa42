#!/bin/bash
# Compiles every published crate with the minimum Rust version in Cargo.toml. Tests are omitted,
# because their dependencies may need a newer version.
. "$(dirname "$0")/lib.sh"
version=$(sed -n 's/^rust-version = "\(.*\)"$/\1.0/p' Cargo.toml)
if ! rustup run "$version" rustc --version; then
  rustup toolchain install "$version" --profile minimal
fi
check() {
  cargo "+$version" check --locked "$@"
}
packages=()
for name in $(bash ci/published.sh); do
  packages+=(--package "$name")
done
check "${packages[@]}"
check --package petsc-rs --features petsc-rs/autodiff
