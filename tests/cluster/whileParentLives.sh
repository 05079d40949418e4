#!/bin/sh
# Runs a program for as long as whoever holds the other end of stdin lives and keeps it open: also a kill -9 of that one ends it.
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
{ cat <&3; kill "$program"; } >/dev/null 2>&1 &
exec 3<&-
wait "$program"
