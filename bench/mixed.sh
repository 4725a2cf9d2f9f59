#!/usr/bin/env bash
# A hub at work: 64 clients hand in, read, pay, inspect and list at a paced rate; twice, each time on a new store with the same requests:
# with 800 open event streams and a hook whose receiver takes connections and never answers (mixed.), and without them (mixed.alone.).
# The difference is what they cost the others. BENCH_RATE (default 2000 requests a second), BENCH_SECONDS (30), BENCH_PRIMED (40000
# declarations before the clock starts, so that there is something to inspect), BENCH_STREAMS (800; streams live for five minutes, so
# BENCH_SECONDS stays below 240), BENCH_SEED (1) and BENCH_PORT change it. BENCH_DIR is where the stores lie (default: a temporary folder).
set -euo pipefail

rate=${BENCH_RATE:-2000}
seconds=${BENCH_SECONDS:-30}
primed=${BENCH_PRIMED:-40000}
port=${BENCH_PORT:-8099}
work=$(mktemp -d "${BENCH_DIR:-${TMPDIR:-/tmp}}/customhouse-mixed.XXXXXX")
hub=
stop() {
	[ -n "$hub" ] || return 0
	kill "$hub" 2>/dev/null || true
	wait "$hub" 2>/dev/null || true
	hub=
}
trap 'stop; rm -rf "$work"' EXIT

# person LOGIN SCOPES ARGS...: the token of a new person
person() {
	local login=$1 scopes=$2
	shift 2
	"$CUSTOMHOUSE" user add "$login" "$@" --data "$work/store" >/dev/null 2>>"$work/users.log"
	"$CUSTOMHOUSE" user token "$login" --scopes "$scopes" --data "$work/store" 2>>"$work/users.log"
}

# Who acts, as load-mixed wants to know it; every officer examines at every office.
people() {
	local offices until token office login
	offices=$(paste -sd, "$work/offices")
	until=$(date -u -d '+12 hours' +%Y-%m-%dT%H:%M:%SZ)
	person gateway read,submit,act,pay --roles broker --parties '*' >"$work/gateway"
	person supervisor read,act --roles supervisor --offices "$offices" >"$work/supervisor"
	person cashier read,act,pay --roles cashier --offices "$offices" >"$work/cashier"
	token=$(cat "$work/supervisor")
	: >"$work/officers"
	for login in examiner1 examiner2 examiner3 examiner4; do
		printf '%s %s\n' "$login" "$(person "$login" read,act --roles officer --offices "$offices")" >>"$work/officers"
		while read -r office; do
			curl -fsS -o /dev/null -H "Authorization: Bearer $token" --json \
				"{\"login\":\"$login\",\"present_until\":\"$until\",\"skills\":\"documents inspection\"}" \
				"http://127.0.0.1:$port/api/v1/offices/$office/roster"
		done <"$work/offices"
	done
}

# The processor time that the hub has had, in ticks.
ticks() {
	awk '{ print $14 + $15 }' "/proc/$hub/stat"
}

# run NAME STREAMS
run() {
	rm -rf "$work/store"
	"$CUSTOMHOUSE" serve --rate 0 --hooks-local --listen "127.0.0.1:$port" --data "$work/store" --pack packs/landfall \
		>>"$work/serve.log" 2>&1 &
	hub=$!
	for _ in $(seq 100); do
		curl -fsS -o /dev/null "http://127.0.0.1:$port/healthz" 2>/dev/null && break
		sleep 0.1
	done
	people
	spent=$(ticks)
	BENCH_STREAMS=$2 build/bench/load-mixed "$port" "$work" "$1" || status=1
	printf '{"name":"%s.hub-processor","value":%d,"unit":"ms"}\n' "$1" $((($(ticks) - spent) * 1000 / $(getconf CLK_TCK)))
	stop
}

ninja -C build bench/load-mixed >&2
# 35 in a hundred requests hand in; the draw of kinds has some spread.
"$CUSTOMHOUSE" generate --pack packs/landfall --declarations $((primed + rate * seconds * 40 / 100 + 1000)) --seed 1 >"$work/declarations"
# The offices and companies that they name: the busiest first.
jq -r .office "$work/declarations" | sort | uniq -c | sort -rn | awk '{ print $2 }' |
	grep -Fxf <(sed -n '3,$s/,.*//p' packs/landfall/offices.csv) >"$work/offices"
jq -r '.exporter.id, .shipment.importer.id, .declarant.id | select(. and . != "")' "$work/declarations" | sort | uniq -c | sort -rn |
	awk '{ print $2 }' >"$work/parties"

status=0
run mixed "${BENCH_STREAMS:-800}"
run mixed.alone 0
exit $status
