#!/usr/bin/env bash
# What a tariff office does: what another edition would bring, whom it concerns, and who puts it in force.
. "$(dirname "$0")/cli_lib.sh"

run generate --declarations 60 --seed 11
cp "$work/out" "$work/trade.jsonl"
store=$work/store
run submit --data "$store" "$work/trade.jsonl"
cp "$work/out" "$work/records.jsonl"

# ---- what another edition would bring ----

cents() { jq -r "$1 | gsub(\"[.]\"; \"\") | tonumber" "$work/out"; }
revenue() { run reassess --data "$store" --revenue "$@"; }

revenue
ok "under the same tariff nothing differs" exits 0
ok "what was due is what was decided" [ "$(cents .total.before)" = "$(jq -s '[.[] | select(.state != "rejected") | .taxes[] |
	select(.state == "due") | .amount | gsub("[.]"; "") | tonumber] | add' "$work/records.jsonl")" ]
ok "and would be" [ "$(cents .total.after)" = "$(cents .total.before)" ]
ok "every accepted declaration was assessed" [ "$(jq .declarations.assessed "$work/out")" = "$(records '.state != "rejected"' "$work/records.jsonl")" ]
ok "nothing is claimed of behaviour" out_has 'is not estimated'

cp -r packs/landfall "$work/next"
sed -i 's/^\(VAT-STANDARD,VAT,,\*,,,,\)16%,/\117%,/' "$work/next/measures.csv"
revenue --pack "$work/next"
ok "under another something does" exits 1
# Cents, added up apart from the program.
more=$(jq -s '[.[] | select(.state != "rejected") | .taxes[] | select(.measure == "VAT-STANDARD" and .state == "due") |
	(((.base | gsub("[.]"; "") | tonumber) * 17 / 100) + 0.5 | floor) - (.amount | gsub("[.]"; "") | tonumber)] | add' "$work/records.jsonl")
ok "the sum is what a sum by hand gives" [ "$(cents .total.difference)" = "$more" ]
for by in chapter country trader levy commodity; do
	ok "and of all rows by $by" [ "$(jq "[.by.$by[].difference | gsub(\"[.]\"; \"\") | tonumber] | add" "$work/out")" = "$more" ]
done
ok "value and items are the total's, too" [ "$(jq -c '[.by.chapter[] | .items] | add' "$work/out")" = "$(jq .total.items "$work/out")" ]
ok "only the tax changed" [ "$(jq -r '[.by.levy[] | select(.difference != "0.00") | .key] | join(" ")' "$work/out")" = VAT ]
cp "$work/out" "$work/revenue.json"
run reassess --data "$store" --pack "$work/next"
ok "the list of cases has the same sum" [ "$(tail -n 1 "$work/out" | jq -r '.owes | gsub("[.]"; "")')" = "$more" ]

revenue --pack "$work/next" --csv
ok "a table has the same rows" [ "$(sed 1d "$work/out" | wc -l)" = "$(jq '[.by[][]] | length + 1' "$work/revenue.json")" ]
ok "and sums" [ "$(sed -n 's/^total,.*,\([^,]*\),XLD$/\1/p' "$work/out")" = "$(jq -r .total.difference "$work/revenue.json")" ]
revenue --pack "$work/next" --since 2999-01-01
ok "of days without declarations there is nothing" [ "$(jq -c '[.declarations.assessed, .total.before]' "$work/out")" = '[0,"0.00"]' ]

# An edition that is still to come: its rates hold from a day on.
cp -r packs/landfall "$work/coming"
sed -i '/^VAT-STANDARD,.*,2026-01-01,,/ {h; s/,2026-01-01,,/,2026-01-01,2029-12-31,/; p; x; s/16%/17%/; s/,2026-01-01,,/,2030-01-01,,/}' \
	"$work/coming/measures.csv"
revenue --pack "$work/coming"
ok "by their own days nothing differs" exits 0
revenue --pack "$work/next" --as-of 2030-01-01
as_of=$(jq -c .total "$work/out")
revenue --pack "$work/coming" --as-of 2030-01-01
ok "by the rates of that day something does" exits 1
ok "the same as if they had held before" [ "$(jq -c .total "$work/out")" = "$as_of" ]

# Goods that the edition no longer has.
code=$(jq -r '.by.commodity[0].key' "$work/revenue.json")
cp -r "$work/next" "$work/fewer"
sed -i "/^$code,/d" "$work/fewer/nomenclature.csv"
run pack check "$work/fewer"
if [ "$status" -eq 0 ]; then
	revenue --pack "$work/fewer"
	ok "what cannot be assessed is counted apart" [ "$(jq -r '.left_out[0].reason' "$work/out")" = commodity.unknown ]
	ok "and in no other sum" [ "$(jq ".declarations.assessed + .declarations.left_out" "$work/out")" = "$(jq .declarations.assessed "$work/revenue.json")" ]
	ok "nor hidden" [ "$(jq -r '(.total.before, .left_out[].before) | gsub("[.]"; "") | tonumber' "$work/out" | paste -sd+ | bc)" = \
		"$(jq -r '.total.before | gsub("[.]"; "")' "$work/revenue.json")" ]
else
	ok "an edition without a code is sound" exits 0
fi
run reassess --data "$store" --csv
ok "a table is of sums" exits 2
run replay --data "$store"
ok "decisions stay what they were" exits 0

finish
