#!/usr/bin/env bash
# A grown store: resident memory while it grows, how long a start takes then, how long its replay. BENCH_GROWN is how many
# declarations it gets (default 100000; a million needs some 15 GB and a quarter of an hour). With 100000 or fewer it is replayed,
# too, in a fresh process.
set -euo pipefail

n=${BENCH_GROWN:-100000}
port=${BENCH_PORT:-8098}
work=$(mktemp -d "${BENCH_DIR:-${TMPDIR:-/tmp}}/customhouse-scale.XXXXXX")
hub=
stop() {
	[ -n "$hub" ] || return 0
	kill "$hub" 2>/dev/null || true
	wait "$hub" 2>/dev/null || true
	hub=
}
trap 'stop; rm -rf "$work"' EXIT

start() {
	"$CUSTOMHOUSE" serve --rate 0 --listen "127.0.0.1:$port" --data "$work/store" --pack packs/landfall >>"$work/serve.log" 2>&1 &
	hub=$!
	until curl -fsS -o /dev/null "http://127.0.0.1:$port/healthz" 2>/dev/null; do sleep 0.02; done
}
figure() { printf '{"name":"scale.%s","value":%s,"unit":"%s"%s}\n' "$1" "$2" "$3" "${4:+,\"aim\":\"$4\"}"; }
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$hub/status"; }
seconds_since() { awk -v a="$1" -v b="$(date +%s.%N)" 'BEGIN { printf "%.2f", b - a }'; }

ninja -C build bench/load-http >&2
start
figure resident.empty "$(resident)" kB "<= 65536"
# Who hands in for everybody.
"$CUSTOMHOUSE" user add bench --roles broker --parties '*' --data "$work/store" >/dev/null 2>&1
token=$("$CUSTOMHOUSE" user token bench --scopes read,submit --data "$work/store" 2>/dev/null)
step=$((n / 5))
for part in 1 2 3 4 5; do
	"$CUSTOMHOUSE" generate --pack packs/landfall --declarations "$step" --seed "$part" >"$work/part.jsonl"
	build/bench/load-http "$port" "$token" 64 0 "$work/part.jsonl" >"$work/load" || true
	figure "resident.after-$((part * step))" "$(resident)" kB
done
stop
figure declarations "$n" stored
figure store-size "$(du -sm "$work/store" | cut -f1)" MB
began=$(date +%s.%N)
start
figure start "$(seconds_since "$began")" s "<= 2"
stop
if [ "$n" -le 100000 ]; then
	began=$(date +%s.%N)
	"$CUSTOMHOUSE" replay --data "$work/store" >"$work/replay"
	cat "$work/replay" >&2
	figure "replay-of-$n" "$(seconds_since "$began")" s "<= 10"
fi
