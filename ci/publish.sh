#!/bin/bash
# Checks that the workspace can be published: cargo packages every published crate, each package
# contains its licenses and its README, and a program outside the workspace builds and runs with the
# packages alone. Arguments are passed to cargo, such as --allow-dirty.
. "$(dirname "$0")/lib.sh"
cargo publish --workspace --dry-run --no-verify --locked "$@"

names=$(bash ci/published.sh)
# A dry run deletes its packages.
cargo package --no-verify --locked --quiet $(printf -- '--package %s ' $names) "$@"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
version=$(sed -n '/^\[workspace.package\]/,/^$/s/^version = "\(.*\)"$/\1/p' Cargo.toml)
mkdir -p "$folder/program/src"
patches=
for name in $names; do
  package="$CARGO_TARGET_DIR/package/$name-$version.crate"
  tar -xzf "$package" -C "$folder"
  for file in LICENSE-APACHE LICENSE-MIT README.md; do
    if ! test -s "$folder/$name-$version/$file"; then
      echo "$package: no $file"
      exit 1
    fi
  done
  patches+="$name = { path = \"$folder/$name-$version\" }"$'\n'
done
cat > "$folder/program/Cargo.toml" <<TOML
[package]
name = "program"
version = "0.1.0"
edition = "2024"

[dependencies]
petsc-rs = "$version"

[build-dependencies]
petsc-sys-build = "$version"

[patch.crates-io]
$patches
TOML
cat > "$folder/program/build.rs" <<'RUST'
fn main() -> Result<(), petsc_sys_build::Error> {
    petsc_sys_build::emit()
}
RUST
cat > "$folder/program/src/main.rs" <<'RUST'
use petsc_rs::prelude::*;

fn main() -> std::process::ExitCode {
    petsc_rs::run(|petsc| {
        let mut x = Vector::new(petsc.world(), 9)?;
        x.set(Scalar::from_real(2.0))?;
        petsc.print(format_args!("norm {}\n", x.norm(Norm::Two)?))
    })
}
RUST
cp Cargo.lock "$folder/program"
cd "$folder/program"
cargo run > "$folder/output"
cat "$folder/output"
grep -qx 'norm 6' "$folder/output"
# No file of a package refers to a file of the repository, including documentation examples.
cd "$folder/petsc-rs-$version"
printf '[workspace]\n[patch.crates-io]\n%s' "$patches" >> Cargo.toml
cargo test --doc -- error::Error
