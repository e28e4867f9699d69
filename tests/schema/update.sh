#!/bin/sh
# Writes schema/ anew. Usage: update.sh MESHFEDC
set -eu
schema=$(dirname "$0")/../../schema
"$1" schema >"$schema/federation.schema.json"
