#!/bin/bash
# Every published crate compiles with the oldest Rust that Cargo.toml promises. Tests are left out: what they depend on
# may need a newer one.
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
