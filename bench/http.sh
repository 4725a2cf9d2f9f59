#!/usr/bin/env bash
# Durable declarations over HTTP, end to end: loopback, keep-alive, 64 clients, SQLite with synchronous=FULL, beside what the same disk does
# in the same run. BENCH_DECLARATIONS (default 100000) is how many are sent at full speed; half as many at half of the rate that gave.
# BENCH_DIR is where the store lies (default: a temporary folder).
set -euo pipefail

n=${BENCH_DECLARATIONS:-100000}
port=${BENCH_PORT:-8097}
work=$(mktemp -d "${BENCH_DIR:-${TMPDIR:-/tmp}}/customhouse-bench.XXXXXX")
hub=
trap 'if [ -n "$hub" ]; then kill "$hub" 2>/dev/null || true; wait "$hub" 2>/dev/null || true; fi; rm -rf "$work"' EXIT

ninja -C build bench/load-http bench/disk-rate >&2
build/bench/disk-rate "$work" | tee "$work/disk"
"$CUSTOMHOUSE" generate --pack packs/landfall --declarations $((n + n / 2)) --seed 1 >"$work/all.jsonl"
head -n "$n" "$work/all.jsonl" >"$work/full.jsonl"
tail -n +"$((n + 1))" "$work/all.jsonl" >"$work/half.jsonl"

"$CUSTOMHOUSE" serve --rate 0 --listen "127.0.0.1:$port" --data "$work/store" --pack packs/landfall >"$work/serve.log" 2>&1 &
hub=$!
for _ in $(seq 100); do
	curl -fsS -o /dev/null "http://127.0.0.1:$port/healthz" 2>/dev/null && break
	sleep 0.1
done

# Who hands in for everybody.
"$CUSTOMHOUSE" user add bench --roles broker --parties '*' --data "$work/store" >/dev/null 2>&1
token=$("$CUSTOMHOUSE" user token bench --scopes read,submit --data "$work/store" 2>/dev/null)

value() { sed -n "s/.*\"name\":\"$1\",\"value\":\([0-9.]*\).*/\1/p" "$2"; }
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$hub/status"; }

before=$(resident)
build/bench/load-http "$port" "$token" 64 0 "$work/full.jsonl" >"$work/full" || true
after=$(resident)
rate=$(value http.answers "$work/full")
half=$(awk -v r="$rate" 'BEGIN { printf "%d", r / 2 }')
build/bench/load-http "$port" "$token" 64 "$half" "$work/half.jsonl" >"$work/half" || true

cat "$work/full"
sed -n 's/"http\.p99"/"http.p99.half-load"/p; s/"http\.p50"/"http.p50.half-load"/p' "$work/half" |
	sed '/p99/s/}$/,"aim":"<= 50"}/'
awk -v r="$rate" -v g="$(value disk.group "$work/disk")" -v s="$(value disk.rows "$work/disk")" -v b="$before" -v a="$after" 'BEGIN {
	printf "{\"name\":\"http.rate\",\"value\":%d,\"unit\":\"declarations/s\",\"aim\":\">= 10000\"}\n", r
	printf "{\"name\":\"http.of-disk-group\",\"value\":%.3f,\"unit\":\"ratio\"}\n", r / g
	printf "{\"name\":\"http.of-sqlite-rows\",\"value\":%.2f,\"unit\":\"ratio\"}\n", r / s
	printf "{\"name\":\"http.resident.before\",\"value\":%d,\"unit\":\"kB\"}\n", b
	printf "{\"name\":\"http.resident.after\",\"value\":%d,\"unit\":\"kB\"}\n", a
}'
