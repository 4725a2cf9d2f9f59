#!/usr/bin/env bash
# Rules: what a set costs a declaration, and the same 200 rules over the same declarations in hand-written C, in two npm engines
# and in CLIPS. Each prints which rules hit which declarations, and a rate counts only where that is what ours hit. The npm peers
# are installed here and nowhere else; a peer that is not there is left out.
set -euo pipefail

rules=${BENCH_RULES:-200}
work=$(mktemp -d "${BENCH_DIR:-${TMPDIR:-/tmp}}/customhouse-rules.XXXXXX")
trap 'rm -rf "$work"' EXIT
figure() { printf '{"name":"rules.%s","value":%s,"unit":"%s"%s}\n' "$1" "$2" "$3" "${4:+,\"aim\":\"$4\"}"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3g", a / b }'; }

ninja -C build bench/rules-rate >&2
build/bench/rules-rate >"$work/figures"
cat "$work/figures"
ours=$(jq -s --arg n "rules.declarations-$rules" 'map(select(.name == $n))[0].value // empty' "$work/figures")
build/bench/rules-rate emit "$work" "$rules"

# peer NAME RATE HITS: a peer's figures, if it hit the same of the declarations that it looked at.
peer() {
	head -n "$(wc -l <"$3")" "$work/ours.hits" >"$work/expected"
	if ! cmp -s "$work/expected" "$3"; then
		echo "bench: $1 hits other rules than we do" >&2
		return
	fi
	figure "peer.$1" "$2" declarations/s
	[ -z "$ours" ] || figure "of-$1" "$(ratio "$ours" "$2")" times
}

cc -O2 -I"$work" -o "$work/hand" bench/peers/rules_hand.c
peer hand-written-c "$("$work/hand" "$work/records.csv" "$work/hand.hits")" "$work/hand.hits"

# Not from bench/peers/package-lock.json: zen-engine has a package for each machine, and a registry need not carry all of them.
mkdir "$work/peers"
cp bench/peers/rules.mjs "$work/peers"
if command -v npm >/dev/null && (cd "$work/peers" && npm install --silent --no-audit --no-fund --no-package-lock \
	@gorules/zen-engine@0.54.0 json-rules-engine@7.3.1 >&2); then
	for engine in zen json-rules; do
		peer "$engine-engine" "$(node "$work/peers/rules.mjs" "$engine" "$work" 1000)" "$work/$engine.hits"
	done
else
	echo "bench: no npm, or the peers cannot be installed" >&2
fi

# CLIPS reads the declarations as commands; what it needs to read them without any rule does not count.
if command -v clips >/dev/null; then
	{
		echo '(deftemplate rec (slot n) (slot code) (slot origin) (slot from) (slot office) (slot importer) (slot mass) (slot value))'
		cat "$work/rules.clp"
	} >"$work/all.clp"
	head -n 1 "$work/all.clp" >"$work/none.clp"
	head -n 6000 "$work/records.clp" >"$work/some.clp"
	for set in none all; do
		printf '(load "%s")\n(open "%s" hits "w")\n(batch* "%s")\n(close hits)\n(exit)\n' \
			"$work/$set.clp" "$work/$set.clips" "$work/some.clp" >"$work/$set.bat"
		began=$(date +%s%N)
		clips -f2 "$work/$set.bat" >/dev/null
		declare "took_$set=$(($(date +%s%N) - began))"
	done
	# One line a hit, in CLIPS's own order: as ours has it.
	sort -n -k 1 -k 2 "$work/all.clips" | awk 'BEGIN { at = 0; line = "0" }
		{ while (at < $1) { print line; line = ++at "" } line = line " " $2 }
		END { while (at < 1999) { print line; line = ++at "" } print line }' >"$work/clips.hits"
	# shellcheck disable=SC2154
	peer clips "$(awk -v a="$took_all" -v b="$took_none" 'BEGIN { printf "%.0f", 2000 * 1e9 / (a - b) }')" "$work/clips.hits"
fi
