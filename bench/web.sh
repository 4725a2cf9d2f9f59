#!/usr/bin/env bash
# The first paint of pages on a bad link, with nothing in the cache. Then, unless WEB_CASES is 0, the customs desk over a store of WEB_CASES
# declarations at one office (100,000 unless set): what the hub takes to answer for a page of the worklist, and what a browser takes from a key
# to what it paints, when all cases that are open were read into the list.
set -euo pipefail
root=${CUSTOMHOUSE_ROOT:-$(cd "$(dirname "$0")/.." && pwd)}
program=${CUSTOMHOUSE:-$root/build/customhouse}
cases=${WEB_CASES:-100000}
for need in /usr/bin/chromium "$root/web/node_modules/playwright-core"; do
	[ -e "$need" ] || {
		echo "bench/web.sh: there is no $need" >&2
		exit 0
	}
done
work=$(mktemp -d "${TMPDIR:-/tmp}/customhouse-web.XXXXXX")
pid=
trap 'if [ -n "$pid" ]; then kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; fi; rm -rf "$work"' EXIT
[ "$cases" = 0 ] || "$program" generate --pack "$root/packs/landfall" --declarations "$cases" --items 2 --seed 1 | sed -E 's/"office":"[A-Z0-9]+"/"office":"XLHAR001"/' |
	"$program" submit --data "$work/store" --pack "$root/packs/landfall" - >/dev/null 2>"$work/submit.log" || true # some are rejected
"$program" user add bob --roles officer --offices XLHAR001 --data "$work/store" >"$work/password" 2>/dev/null
"$program" serve --data "$work/store" --pack "$root/packs/landfall" --listen 127.0.0.1:0 --rate 0 >"$work/out" 2>"$work/log" &
pid=$!
for _ in $(seq 600); do
	grep -qs 'http://' "$work/out" && break
	sleep 0.1
done
HOME=$work node "$root/bench/web.mjs" "$(grep -o 'http://127.0.0.1:[0-9]*' "$work/out" | head -n 1)" "$root/web/node_modules" "$(cat "$work/password")"
