# Runs a server until its standard input ends: when the test process asks for it, or dies.
trap '' TERM INT HUP
"$@" </dev/null &
pid=$!
cat >/dev/null
kill -9 $pid
wait $pid 2>/dev/null
exit 0
