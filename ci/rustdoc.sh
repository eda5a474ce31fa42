#!/bin/bash
# Builds the documentation without warnings and checks the links of the book. The book itself is
# built if mdbook is installed; `cargo xtask docs --install` installs it.
. "$(dirname "$0")/lib.sh"
cargo xtask docs
