#!/bin/bash
# Is the code formatted?
. "$(dirname "$0")/lib.sh"
cargo fmt --all --check
