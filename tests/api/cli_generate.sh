#!/usr/bin/env bash
# The synthetic trade stream: the same bytes for the same seed, and mostly sound.
. "$(dirname "$0")/cli_lib.sh"

generate() { run generate --declarations "$1" --seed "$2" "${@:3}"; }

generate 400 7
cp "$work/out" "$work/stream"
ok "as many lines as asked for" lines_are "$work/stream" 400
ok "each is JSON" all_json "$work/stream"
generate 400 7
ok "the same seed gives the same bytes" cmp -s "$work/stream" "$work/out"
generate 100 7
ok "a shorter stream is the beginning of a longer one" cmp -s <(head -n 100 "$work/stream") "$work/out"
generate 400 8
ok "another seed gives others" test "$(cat "$work/stream" "$work/out" | sort | uniq -d | wc -l)" -eq 0
generate 400 7 --date 2026-03-02
ok "another day gives others" test "$(cmp -s "$work/stream" "$work/out"; echo $?)" -eq 1
ok "trader references are unique" \
	[ "$(jq -r .trader_reference "$work/stream" | sort -u | wc -l)" -eq 400 ]
ok "imports and exports" [ "$(records '.type[0:2] == "EX"' "$work/stream")" -gt 20 ]
ok "several offices" [ "$(jq -r .office "$work/stream" | sort -u | wc -l)" -gt 5 ]
ok "many chapters" \
	[ "$(jq -r '.shipment.items[].commodity.classifications[0].id[0:2]' "$work/stream" | sort -u | wc -l)" -gt 50 ]
ok "some claim a preference" \
	[ "$(records '[.shipment.items[].commodity.duties // [] | .[].preference] | any(. == "300")' "$work/stream")" -gt 10 ]

"$program" generate --declarations 2000 --seed 99 | "$program" submit --data "$work/store" - >"$work/records" 2>"$work/err"
status=${PIPESTATUS[1]}
ok "the stream can be submitted" lines_are "$work/records" 2000
ok "some are rejected" exits 1
rejected=$(records '.state == "rejected"' "$work/records")
ok "but no more than one in ten" [ "$rejected" -lt 200 ]
ok "and no fewer than one in fifty" [ "$rejected" -gt 40 ]
ok "mistakes are of many kinds" \
	[ "$(jq -r 'select(.state == "rejected") | .findings[] | select(.severity == "error") | .rule' "$work/records" | sort -u | wc -l)" -ge 8 ]
for lane in green yellow red blue; do
	ok "some are $lane" [ "$(records ".lane == \"$lane\"" "$work/records")" -gt 0 ]
done
run verify --data "$work/store"
ok "the store verifies" exits 0
run replay --data "$work/store"
ok "and replays" [ "$(jq .looked_at "$work/out")" = 2000 ]

generate 5 7 --format wco-dec
ok "as XML of the WCO Data Model" out_has '<FunctionalReferenceID>S7-000005<'
generate 1 3 --format wco-dec
cp "$work/out" "$work/one.xml"
generate 1 3
jq -c 'del(.envelope)' "$work/out" >"$work/one.json"
run check "$work/one.xml"
ok "which the program reads" test "$status" -lt 2
generate 25 7 --format cusdec --items 1 --messages 10 --charset UNOC
cp "$work/out" "$work/cusdec"
ok "as messages of interchanges of EDIFACT" \
	[ "$(grep -c '^UNB+UNOC:3' "$work/out") $(grep -c '^UNH+' "$work/out") $(grep -c '^UNZ+10+' "$work/out") $(grep -c '^UNZ+5+' "$work/out")" = "3 25 2 1" ]
ok "of at most one item" [ "$(grep -c '^CST+' "$work/out")" = 25 ]
generate 25 7 --format cusdec --items 1 --messages 10 --charset UNOC
ok "the same bytes again" cmp -s "$work/cusdec" "$work/out"
run check --json "$work/cusdec"
ok "whose envelopes and messages are sound by their directory" \
	[ "$(jq -s '[.. | objects | select((.rule // "") | startswith("edifact."))] | length' "$work/out")" = 0 ]
ok "all of which are read" test "$status" -lt 2
run generate --declarations 1 --seed 1 --items 0
ok "no items are refused" exits 2
run generate --declarations 1 --seed 1 --format cusdec --charset UNOQ
ok "a character set that is not there is refused" exits 2
run generate --declarations 100 --seed 1 --pack packs/farhaven
ok "over another pack" lines_are "$work/out" 100
cp "$work/out" "$work/far.jsonl"
"$program" clear --pack packs/farhaven "$work/far.jsonl" >"$work/out" 2>"$work/err"
ok "which takes nine in ten of them" [ "$(records '.state == "rejected"' "$work/out")" -lt 10 ]
run generate --declarations 5
ok "without a seed it is refused" exits 2
run generate --declarations -1 --seed 1
ok "a number that is none is refused" exits 2
run generate --declarations 5 --seed 1 --format edifact
ok "a format that is not there is refused" exits 2

finish
