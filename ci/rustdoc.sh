#!/bin/bash
# The documentation builds without a warning, and no link of the book is dead. The book itself is built where
# mdbook is; `cargo xtask docs --install` builds one.
. "$(dirname "$0")/lib.sh"
cargo xtask docs
