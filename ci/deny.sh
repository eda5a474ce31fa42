#!/bin/bash
# Checks licenses, banned versions and sources of all dependencies with deny.toml. Advisories are
# omitted, because their database is a repository that not every machine can fetch; `cargo deny
# check advisories` checks them. This is not a job of .ci/run, because compiling cargo-deny takes
# ten minutes.
. "$(dirname "$0")/lib.sh"
if ! cargo deny --version; then
  cargo install cargo-deny --locked
fi
cargo deny --locked check licenses bans sources
