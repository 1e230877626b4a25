#!/usr/bin/env bash
# Makes docs/example anew: a plain bundle of one item, for readers of docs/FORMAT.md and as seeds of the fuzz targets. Usage: make_example.sh BIN
# where BIN is the folder with the programs. Afterwards: make_timestamp.sh BIN, then run.py BIN --write
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
programs=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export HOME=$work/home
unset XDG_CONFIG_HOME XDG_STATE_HOME EXHIBIT_VAULT EXHIBIT_KEY EXHIBIT_IDENTITY
cp -r "$root/tools/example" collected
"$programs/exhibit" keygen --no-passphrase -o reader.txt > reader.pub
"$programs/exhibit" init case --origin x7.example/q4d2 --name "Alice Examiner" --organisation "Acme IR" \
  --reader "$(tail -n 1 reader.pub)" --no-passphrase
"$programs/exhibit" --vault case add collected --case IR-2025-014 --source fs01
"$programs/exhibit" --vault case export 1 --out bundle -i reader.txt --purpose "an example"
rm -rf "$root/docs/example"
mkdir -p "$root/docs/example"
mv bundle "$root/docs/example/bundle"
