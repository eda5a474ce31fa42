#!/bin/bash
# Prints the names of the published packages, one per line.
. "$(dirname "$0")/lib.sh"
cargo metadata --no-deps --format-version 1 |
  python3 -c 'import json, sys
for package in json.load(sys.stdin)["packages"]:
    if package["publish"] is None: print(package["name"])'
