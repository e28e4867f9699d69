#!/bin/sh
# Reads what the compiler writes with kustomize and with a strict Kubernetes YAML decoder. Usage: run.sh MESHFEDC
set -eu
MESHFEDC=$(realpath "$1")
export MESHFEDC
here=$(dirname "$0")
exec "$here/../support/go_test.sh" "$here"
