git init -q .
meshfedc build 2>/dev/null
meshfedc check --against v1.0
