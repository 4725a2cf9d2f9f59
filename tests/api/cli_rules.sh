#!/usr/bin/env bash
# Rules that are written, checked and laid out before they are part of a pack.
. "$(dirname "$0")/cli_lib.sh"

cat >"$work/one.rules" <<'END'
# remark
rule N1 "n"  from 2026-01-01 owner "us" direction import
when sum(item.customs_value where item.commodity starts "24")>1000 and item.documents.type="640"
then red because "y" note "look"
END

run rules
ok "what to do has to be said" exits 2
run rules check "$work/nothing.rules"
ok "a file that is not there" exits 2
run rules check "$work/one.rules"
ok "sound rules" exits 0
run rules check "$work/one.rules" packs/landfall/landfall.rules
ok "several files" exits 0
cp "$work/one.rules" "$work/one.txt"
run rules check "$work/one.txt"
ok "another name" exits 2
sed 's/item.documents.type/item.documents.kind/' "$work/one.rules" >"$work/two.rules"
run rules check "$work/two.rules"
ok "a fault" exits 1
ok "with its place" grep -q '^two.rules:3:72: rule.field: N1: there is no field "item.documents.kind"$' "$work/out"

run rules format --check "$work/one.rules"
ok "not laid out" exits 1
cp "$work/out" "$work/out.rules"
run rules format --check "$work/out.rules"
ok "laid out" exits 0
ok "remarks stay" [ "$(head -n 1 "$work/out")" = "# remark" ]
run rules check "$work/out.rules"
ok "and still sound" exits 0

run rules fields
ok "what rules may ask about" exits 0
ok "signals" [ "$(jq -c '.fields[] | select(.name == "item.unit_price") | [.type, .about]' "$work/out")" = '["number","item"]' ]
ok "fields of the dictionary" [ "$(jq -c '.fields[] | select(.name == "item.documents.effective") | [.type, .several]' "$work/out")" = '["day",true]' ]
ok "each once" [ "$(jq '[.fields[].name] | length - (unique | length)' "$work/out")" = 0 ]
# Every field can be asked about: a rule that names it compiles.
jq -r '.fields[] | "\(.name) \(.type)"' "$work/out" |
	awk '{ v = $2 == "text" ? "\"x\"" : $2 == "day" ? "2026-01-01" : "1"
		printf "rule F%d \"f\" from 2026-01-01 owner \"us\" when %s then red because \"y\"\n", NR,
			$2 == "flag" ? $1 : $1 " = " v }' >"$work/all.rules"
run rules check "$work/all.rules"
ok "and asked about" exits 0
ok "all of them" [ "$(wc -l <"$work/all.rules")" -gt 400 ]

finish
