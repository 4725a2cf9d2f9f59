#!/usr/bin/env bash
# What is due on goods, by every option, asked over HTTP of a hub with a tariff of a nation's size (bench/national.h), a different code each
# time: 2,000 questions a second (BENCH_RATE) for BENCH_SECONDS (default 10), each due at its own moment, over BENCH_CLIENTS connections (32).
set -euo pipefail

rate=${BENCH_RATE:-2000}
seconds=${BENCH_SECONDS:-10}
port=${BENCH_PORT:-8096}
build=${BENCH_BUILD:-build}
work=$(mktemp -d "${BENCH_DIR:-${TMPDIR:-/tmp}}/customhouse-bench.XXXXXX")
hub=
trap 'if [ -n "$hub" ]; then kill "$hub" 2>/dev/null || true; wait "$hub" 2>/dev/null || true; fi; rm -rf "$work"' EXIT

ninja -C "$build" bench/load-http bench/bench-tariff >&2
cp -r packs/landfall "$work/pack"
"$build/bench/bench-tariff" --write "$work/pack"
awk -F, -v n=$((rate * seconds)) '$2 == 1 { code[m++] = $1 } END {
	split("FR XM BD CN XS BR", origin, " ")
	for (i = 0; i < n; i++)
		printf "/api/v1/tariff/duty?commodity=%s&value=1000.00+USD&origin=%s&quantity=500+kg&on=2026-02-02\n", code[i * 7919 % m], origin[1 + i % 6]
}' "$work/pack/nomenclature.csv" >"$work/questions"

"$CUSTOMHOUSE" serve --rate 0 --listen "127.0.0.1:$port" --data "$work/store" --pack "$work/pack" >"$work/serve.log" 2>&1 &
hub=$!
for _ in $(seq 200); do
	curl -fsS -o /dev/null "http://127.0.0.1:$port/healthz" 2>/dev/null && break
	sleep 0.1
done
ticks() { awk '{ print $14 + $15 }' "/proc/$hub/stat"; }

head -n 1000 "$work/questions" >"$work/first"
"$build/bench/load-http" "$port" - 4 0 "$work/first" >"$work/warm" # the first page faults are nobody's figure
before=$(ticks)
"$build/bench/load-http" "$port" - "${BENCH_CLIENTS:-32}" "$rate" "$work/questions" >"$work/answers"
after=$(ticks)
sed 's/"http\./"tariff-http./; /p99/s/}$/,"aim":"<= 5"}/; /http.answers/s|}$|,"aim":">= '$((rate * 99 / 100))'"}|' "$work/answers"
awk -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" -v n=$((rate * seconds)) 'BEGIN {
	printf "{\"name\":\"tariff-http.processor\",\"value\":%.1f,\"unit\":\"us a question\"}\n", t / hz / n * 1e6
}'
