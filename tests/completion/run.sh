#!/bin/sh
# Tab in real, interactive shells completes command lines of meshfedc. Usage: run.sh MESHFEDC
exec python3 "$(dirname "$0")/typed.py" "$1"
