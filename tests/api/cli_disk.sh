#!/usr/bin/env bash
# A disk that is full or read-only: a clear error, nothing lost, and it goes on by itself when there is room again.
. "$(dirname "$0")/cli_lib.sh"

mount=$work/disk
clean_up_more() { umount "$mount" 2>/dev/null; }
mkdir "$mount"
if ! mount -t tmpfs -o size=24m customhouse-test "$mount" 2>/dev/null; then
	echo "1..0 # SKIP no right to mount a small file system"
	exit 0
fi
store=$mount/store
"$program" generate --declarations 3000 --seed 41 >"$work/stream"

# The notes on what is being worked on are a sparse file; the rest of the disk is for the store.
ok "the server starts on a small disk" start_server "$store"
"$program" submit --data "$store" "$work/stream" >"$work/first" 2>"$work/err"
status=$?
ok "when it is full, the rest is refused" exits 3
ok "and said not to be stored" err_has 'Nothing was stored'
ok "the operator's log says why" grep -q -i -e 'full' -e 'no space' "$work/serve.err"
stored=$(records 'has("declaration")' "$work/first")
ok "what came before was stored ($stored)" [ "$stored" -gt 50 ]
ok "the server still lives" kill -0 "$server"
ok "and says that it is not well" [ "$(curl -s -o /dev/null -w '%{http_code}' "$url/healthz")" = 503 ]
run explain --data "$store" "$(jq -r 'select(has("declaration")) | .declaration.reference' "$work/first" | head -n 1)"
ok "what is stored can be read" exits 0
mount -o remount,size=200m "$mount"
"$program" submit --data "$store" "$work/stream" >"$work/second" 2>"$work/err"
status=$?
ok "with room again, it goes on without hands" [ "$status" -le 1 ]
ok "all are stored" [ "$(records 'has("declaration")' "$work/second")" -eq 3000 ]
ok "those before under the same references" \
	[ "$(comm -23 <(jq -r 'select(has("declaration")) | .declaration.reference' "$work/first" | sort) \
		<(jq -r .declaration.reference "$work/second" | sort) | wc -l)" -eq 0 ]
ok "it is well again" [ "$(curl -s -o /dev/null -w '%{http_code}' "$url/healthz")" = 200 ]
stop_server
run verify --data "$store"
ok "the store verifies" exits 0
run replay --data "$store"
ok "and replays" exits 0

mount -o remount,ro "$mount"
run submit --data "$store" examples/import-simple.xml
ok "a read-only disk is refused" exits 3
ok "with a text that says so" err_has -i 'read-only'
mount -o remount,rw "$mount"
run submit --data "$store" examples/import-simple.xml
ok "writable again, it goes on" exits 0

finish
