#!/usr/bin/env bash
# The same 10,000 calculations of duty (code, day, value; ad valorem rates of five years) by us, in plain SQLite queries and in decision
# tables of npm's zen-engine. All answers are compared first. We and SQLite have the whole tariff of a nation's size (bench/national.h);
# the decision table has the rows of the 500 codes that are asked for, because it looks at its rows one after the other. All figures are of
# processor time. The peer is installed here and nowhere else (its builds for other machines are optional packages that a
# lock file made on one machine lacks: so without one, by its exact version).
set -euo pipefail

build=${BENCH_BUILD:-build}
work=$(mktemp -d "${BENCH_DIR:-${TMPDIR:-/tmp}}/customhouse-calculations.XXXXXX")
trap 'rm -rf "$work"' EXIT
figure() { printf '{"name":"calculations.%s","value":%s,"unit":"%s"}\n' "$1" "$2" "$3"; }

ninja -C "$build" bench/bench-tariff >&2
"$build/bench/bench-tariff" --calculations "$work" | tee "$work/ours"
if command -v npm >/dev/null && (cp -r bench/peers/zen "$work/peers" && cd "$work/peers" && npm install --silent --no-audit --no-fund >&2); then
	zen=$(node "$work/peers/zen.mjs" "$work" | jq '.processor / 10000 * 1e6')
	figure zen-engine "$zen" "us a calculation"
	figure zen-engine-of-ours \
		"$(jq -s --argjson zen "$zen" '$zen / (map(select(.name == "calculations.ours"))[0].value) | round' "$work/ours")" times
else
	echo "bench: no npm, or the peer cannot be installed: no ratio" >&2
fi
