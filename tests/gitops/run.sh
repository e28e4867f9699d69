#!/bin/sh
# Argo CD's and Flux's own code on what meshfedc prints, writes and ships in examples/. Usage: run.sh MESHFEDC
# The first run builds Argo CD's repo-server and plugin server as libraries, which takes minutes.
set -eu
MESHFEDC=$(realpath "$1")
export MESHFEDC
here=$(dirname "$0")
exec "$here/../support/go_test.sh" "$here"
