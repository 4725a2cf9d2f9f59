#!/usr/bin/env bash
# Interchanges of thousands of messages: memory that does not grow with them, and a hub that is killed in the middle of one.
. "$(dirname "$0")/cli_lib.sh"

# ---- memory ----

# Peak of resident memory of process $1, in kB.
peak() { awk '/^VmHWM/ { print $2 }' "/proc/$1/status"; }

# flat NAME VERB...: feeds the verb a tenth of the stream and then the rest, and looks at the peak after each. The pipe holds
# little: when all is written, all but that was taken.
flat() {
	local name=$1 early late pid
	shift
	mkfifo "$work/pipe"
	"$program" "$@" - <"$work/pipe" >"$work/out" 2>"$work/err" &
	pid=$!
	exec 7>"$work/pipe"
	head -n "$tenth" "$work/stream" >&7
	early=$(peak "$pid")
	tail -n "+$((tenth + 1))" "$work/stream" >&7
	late=$(peak "$pid")
	exec 7>&-
	wait "$pid"
	status=$?
	rm "$work/pipe"
	ok "$name: the peak is the same after ten times as much ($early, then $late kB)" [ "$late" -lt $((early + 2048)) ]
	ok "$name: and below 32 MiB" [ "$late" -lt 32768 ]
	ok "$name: all of it was read" test "$status" -lt 2
}

"$program" generate --declarations 6000 --seed 5 --items 1 --messages 6000 --format cusdec --charset UNOC >"$work/stream"
ok "one interchange of thousands" [ "$(grep -c '^UNB' "$work/stream") $(tail -n 1 "$work/stream" | cut -c1-9)" = "1 UNZ+6000+" ]
tenth=$(grep -n -m 1 '^UNT+[0-9]*+600'"'" "$work/stream" | cut -d: -f1)
if ldd "$program" | grep -q 'lib[at]san'; then
	echo "# the memory of a program with sanitizers says nothing: not looked at"
else
	flat check check
	flat convert convert --to json
	ok "convert: every message" lines_are "$work/out" 6000
	# With its store in this process: the hub's own, a small cache of SQLite's writer, and the declarations under way.
	mkfifo "$work/pipe"
	"$program" submit --data "$work/small" - <"$work/pipe" >"$work/out" 2>"$work/err" &
	pid=$!
	exec 7>"$work/pipe"
	cat "$work/stream" >&7
	most=$(peak "$pid")
	exec 7>&-
	wait "$pid"
	rm "$work/pipe"
	ok "submit with a store of its own: below 48 MiB ($most kB)" [ "$most" -lt 49152 ]
	ok "submit: every message" lines_are "$work/out" 6000
	run check "$work/stream"
	ok "a file, whose envelope is looked at first" test "$status" -lt 2
fi

# ---- killed in the middle ----

many=3000
"$program" generate --declarations "$many" --seed 6 --items 1 --messages "$many" --format cusdec --charset UNOC >"$work/sent"
send() {
	curl -sS -m 240 -o "$work/answer" -H "Authorization: Bearer $gateway" -H 'Content-Type: application/edifact' \
		--data-binary "@$work/sent" "$url/api/v1/interchanges" 2>>"$work/err"
}
# Some of it is stored.
is_amid() {
	if on_server; then
		[ "$(sql "$work/store" 'select count(*) from declaration')" -gt 300 ]
	else
		[ "$(du -sb "$work/store" | cut -f1)" -gt $((before + 3000000)) ]
	fi
}
decided() {
	run replay --json --data "$work/store"
	jq .looked_at "$work/out"
}

users "$work/store"
start_server "$work/store"
before=$(du -sb "$work/store" | cut -f1)
send &
sending=$!
for _ in $(seq 2000); do
	! is_amid || break
	sleep 0.01
done
kill -9 "$server"
wait "$server" 2>/dev/null
wait "$sending"
status=$?
ok "a hub that is killed answers nothing" [ "$status" -ne 0 ]
part=$(decided)
ok "when some of the messages were decided, and others not ($part of $many)" [ "$part" -gt 0 -a "$part" -lt "$many" ]

start_server "$work/store"
send
status=$?
ok "the same interchange again is answered" exits 0
ok "by one interchange" [ "$(grep -ac '^UNB+' "$work/answer") $(grep -ac '^UNZ+' "$work/answer")" = "1 1" ]
ok "which speaks of every message in CONTRL" [ "$(grep -ac '^UCM+' "$work/answer")" = "$many" ]
ok "and has a CUSRES for each" [ "$(grep -ac '^UNH+.*+CUSRES:' "$work/answer")" = "$many" ]
ok "of a case of its own" [ "$(grep -a '^RFF+ABT:' "$work/answer" | sort -u | wc -l)" = "$many" ]
cp "$work/answer" "$work/first"
send
ok "a third time: the same cases" \
	cmp -s <(grep -a '^RFF+ABT:' "$work/first") <(grep -a '^RFF+ABT:' "$work/answer")
stop_server
ok "nothing was decided twice" [ "$(decided)" = "$many" ]
run verify --data "$work/store"
ok "and the store verifies" exits 0

finish
