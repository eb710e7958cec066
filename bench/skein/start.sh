#!/bin/sh
# Our own server for the interleaved run beside the peers: gets PORT, DIR and PIN_CMD.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
exec $PIN_CMD "$here/../../skein" up --data "$DIR/skein" --name bench --irc "127.0.0.1:$PORT" --http off --mesh 127.0.0.1:0
