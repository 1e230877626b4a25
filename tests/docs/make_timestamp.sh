#!/usr/bin/env bash
# Makes docs/example/timestamp anew: a stamp on the checkpoint of docs/example/bundle, by an authority
# made for the purpose. Usage: make_timestamp.sh BIN, where BIN is the folder with the programs.
# Afterwards: tests/docs/run.py BIN --write
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
programs=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sh "$root/tests/support/make_tsa.sh" "$work"
cd "$work"
"$programs/exhibit" timestamp request --checkpoint "$root/docs/example/bundle/log/checkpoint" --out head.tsq
openssl ts -reply -config p256.cnf -section tsa -queryfile head.tsq -out head.tsr
rm -rf "$root/docs/example/timestamp"
mkdir -p "$root/docs/example/timestamp"
cp head.checkpoint head.tsq head.tsr "$root/docs/example/timestamp"
cp root.crt "$root/docs/example/timestamp/root.pem"
