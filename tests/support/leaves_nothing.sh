# shellcheck shell=bash
# For tests whose programs must end with them. To be read by a script that has `remains`, which prints what there is of the test.

# Ends a command in each way after some seconds, and looks for what it leaves: the kernel takes a while to end a hundred
# processes. Prints as Go's tests do.
leaves_nothing() { # SECONDS COMMAND...
  local seconds=$1 signal before after waited
  shift
  before=$(remains)
  for signal in INT TERM KILL; do
    echo "=== RUN   Interrupted/$signal"
    { timeout -s "$signal" "$seconds" "$@"; } >/dev/null 2>&1
    [ $? -ge 124 ] || { echo "the lab ended by itself" && echo "--- FAIL: Interrupted/$signal (${seconds}s)" && continue; }
    waited=0
    while after=$(remains) && [ "$before" != "$after" ] && [ "$waited" -lt 30 ]; do
      sleep 1
      waited=$((waited + 1))
    done
    if [ "$before" = "$after" ]; then
      echo "--- PASS: Interrupted/$signal (${seconds}s)"
    else
      diff <(echo "$before") <(echo "$after")
      echo "--- FAIL: Interrupted/$signal (${seconds}s)"
    fi
  done
}
