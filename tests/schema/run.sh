#!/bin/sh
# schema/ is what the compiler prints, accepts what the compiler accepts, and refuses what has a wrong shape.
# Usage: run.sh MESHFEDC
exec python3 "$(dirname "$0")/check.py" "$1"
