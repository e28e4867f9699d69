#!/bin/bash
# Writes DIRECTORY/older.mod, for `go test -modfile`: the lab's modules, but those of Istio from older.sum, which are near
# 1.30. All else has one version in both, so that it is compiled once. Downloads them, and prints which Istio it is.
# Usage: older.sh DIRECTORY [MOD], where MOD is the lab's go.mod, with its checksums beside it
set -eu
mkdir -p "$1"
older=$(realpath "$1")/older
mod=$(realpath "${2:-$(dirname "$0")/go.mod}")
cd "$(dirname "$0")"

mapfile -t modules < <(awk '$2 !~ /\/go\.mod$/ { print $1 "@" $2 }' older.sum)
cp "$mod" "$older.mod"
cat "${mod%.mod}.sum" older.sum >"$older.sum"
go mod edit "${modules[@]/#/-require=}" "$older.mod"
go mod download -modfile="$older.mod" "${modules[@]%@*}" >&2
go list -modfile="$older.mod" -m istio.io/istio
