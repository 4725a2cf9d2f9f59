#!/usr/bin/env bash
# UN/EDIFACT beside two npm peers, in one run over the same file: 100 MB (BENCH_MEGABYTES) of interchanges of CUSDEC, some 40
# segments a message. Tokens are a bare pass over segments, elements and components; declarations are checked against the
# directory. All rates are of processor time. The peers are installed here, from bench/peers/package-lock.json, and nowhere else.
set -euo pipefail

megabytes=${BENCH_MEGABYTES:-100}
work=$(mktemp -d "${BENCH_DIR:-${TMPDIR:-/tmp}}/customhouse-edifact.XXXXXX")
trap 'rm -rf "$work"' EXIT
figure() { printf '{"name":"edifact.%s","value":%s,"unit":"%s"%s}\n' "$1" "$2" "$3" "${4:+,\"aim\":\"$4\"}"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

ninja -C build bench/measure-edifact >&2
# A message has some 930 bytes; the last interchange ends where it ends.
"$CUSTOMHOUSE" generate --pack packs/landfall --declarations $((megabytes * 1080)) --seed 5 --items 1 --format cusdec --charset UNOC \
	>"$work/file"
figure size "$(stat -c %s "$work/file")" bytes
figure segments-a-message "$(awk -F "'" '/^UNH/ { m++ } END { printf "%.1f", NR / m }' "$work/file")" segments

best=0
if command -v npm >/dev/null && (cp -r bench/peers "$work/peers" && cd "$work/peers" && npm ci --silent --no-audit --no-fund >&2); then
	for peer in edifact ts-edifact; do
		rate=$(node "$work/peers/edifact.mjs" "$peer" "$work/file" | jq .rate)
		figure "peer.$peer" "$rate" MB/s
		best=$(awk -v a="$best" -v b="$rate" 'BEGIN { print (b > a ? b : a) }')
	done
else
	echo "bench: no npm, or the peers cannot be installed: no ratios" >&2
fi

build/bench/measure-edifact "$work/file" >"$work/ours"
cat "$work/ours"
if [ "$best" != 0 ]; then
	figure tokens.of-the-faster-peer \
		"$(ratio "$(jq -s 'map(select(.name | test("edifact.tokens"))) | last.value' "$work/ours")" "$best")" times ">= 10"
	figure declarations.of-the-faster-peer-tokens \
		"$(ratio "$(jq -s 'map(select(.name == "edifact.declarations")) | last.value' "$work/ours")" "$best")" times ">= 3"
fi
