#!/bin/bash
# Names of the packages that are published, one a line.
. "$(dirname "$0")/lib.sh"
cargo metadata --no-deps --format-version 1 |
  python3 -c 'import json, sys
for package in json.load(sys.stdin)["packages"]:
    if package["publish"] is None: print(package["name"])'
