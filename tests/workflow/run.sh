#!/bin/sh
# The workflow that examples/github-actions ships: actionlint reads it, and its steps are run on pull requests of a real
# repository. Usage: run.sh MESHFEDC
set -eu
meshfedc=$(realpath "$1")
cd "$(dirname "$0")/../.."
tools=$PWD/build/tools/workflow
actionlint=github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

[ -x "$tools/actionlint" ] || GOBIN=$tools go install "$actionlint"
exec python3 tests/workflow/run.py "$meshfedc" "$tools/actionlint" examples/github-actions/federation.yaml
