# Starts a server for each line of input, and reports its process id and its end. The input ends when the tests
# end, or when their process dies. Then the guard stops its servers and removes their files. It ignores the signals
# that end a whole process group, so that it can do this.
trap '' TERM INT HUP
directory=$1
shift
while read -r line; do
  {
    "$@" $line >>"$directory/log" 2>&1 &
    echo $! >"$directory/pid"
    echo "started $!"
    wait $!
    rm -f "$directory/pid"
    echo gone
  } &
done
[ -e "$directory/pid" ] && kill -9 "$(cat "$directory/pid")"
wait
rm -rf "$directory"
