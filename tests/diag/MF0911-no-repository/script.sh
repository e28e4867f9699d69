meshfedc build 2>/dev/null
meshfedc check --against HEAD
