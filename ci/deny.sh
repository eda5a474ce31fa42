#!/bin/bash
# Licences, banned versions and sources of everything that the workspace depends on, by deny.toml. Advisories are left out:
# their database is a repository that not every machine can fetch; `cargo deny check advisories` asks it. No job of
# .ci/run, because cargo-deny takes ten minutes to compile where it is not installed.
. "$(dirname "$0")/lib.sh"
if ! cargo deny --version; then
  cargo install cargo-deny --locked
fi
cargo deny --locked check licenses bans sources
