#!/bin/sh
# step.sh NAME COMMAND...: run one check, say which and how long it took.
name=$1
shift
printf '\n▸ %s\n' "$name"
began=$(date +%s)
"$@"
status=$?
mark=✓
[ "$status" -eq 0 ] || mark=✗
printf '%s %s · %d s\n' "$mark" "$name" "$(($(date +%s) - began))"
exit "$status"
