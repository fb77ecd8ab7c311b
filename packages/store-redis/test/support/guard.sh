# Starts a server each time a line comes in, and says its process id and when it is gone. Once nothing
# can come any more, because whoever wanted the servers asked so or died, it leaves nothing behind.
# Whoever ends a whole process group ends the servers, and this is left to clear them away.
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
