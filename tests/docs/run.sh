#!/bin/sh
# Runs every command of every page (*.md) in a copy of the tree and checks what it quotes.
# Usage: run.sh [--update] MESHFEDC
exec python3 "$(dirname "$0")/pages.py" "$@"
