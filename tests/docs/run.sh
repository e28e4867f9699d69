#!/bin/sh
# Runs every command of README.md in a copy of the tree and checks what it quotes. Usage: run.sh [--update] MESHFEDC
exec python3 "$(dirname "$0")/readme.py" "$@"
