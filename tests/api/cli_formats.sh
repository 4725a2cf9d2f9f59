#!/usr/bin/env bash
# Formats as people meet them: check and convert on the command line, and many declarations at once over HTTP.
. "$(dirname "$0")/cli_lib.sh"

# ---- what there is ----

run formats --json
for format in asycuda cargo-json csv cuscar cusrep edifact json ncts wco-dec wco-res; do
	ok "$format is listed" out_has "\"id\":\"$format\""
done
run formats --template csv
ok "the template has names and what they are for" lines_are "$work/out" 2
run formats --template xml
ok "nobody fills in XML" exits 2

# ---- from one to another ----

run convert --to csv examples/import-simple.json
ok "a table loses nothing" exits 0
cp "$work/out" "$work/simple.csv"
ok "and is the example" cmp -s "$work/simple.csv" examples/import-simple.csv
run convert --to json "$work/simple.csv"
jq -S . examples/import-simple.json >"$work/want.json"
jq -S . "$work/out" >"$work/got.json"
ok "back it is the same" cmp -s "$work/want.json" "$work/got.json"
run convert --to asycuda --lost "$work/lost.jsonl" examples/export.json
ok "a document of another form loses something" exits 1
ok "which is said with its line and value" err_has 'export.json:105: lost: /shipment/items/0/destination: GB'
ok "and listed" [ "$(jq '.lost | length' "$work/lost.jsonl")" = "$(grep -c lost "$work/err")" ]
ok "with its place" [ "$(jq -r '.lost[] | select(.value == "GB" and (.pointer | endswith("1/destination"))) | .pointer' "$work/lost.jsonl")" = /shipment/items/1/destination ]
cp "$work/out" "$work/export.xml"
run convert --to asycuda "$work/export.xml"
ok "what came of it loses nothing more" exits 0
run convert --to wco-dec "$work/simple.csv" examples/export.json
ok "one file of XML holds one declaration" exits 3
run convert --to nonsense examples/export.json
ok "a format that is not there" exits 2
run convert --to json "$work/nothing"
ok "a file that is not there" exits 2
run generate --declarations 300 --seed 5
cp "$work/out" "$work/stream.jsonl"
run convert --to csv "$work/stream.jsonl"
ok "many become one table" exits 0
cp "$work/out" "$work/stream.csv"
run convert --to json "$work/stream.csv"
ok "and many again" cmp -s "$work/out" "$work/stream.jsonl"

# ---- what is wrong, and where ----

printf 'reference;type;gross_mass;shoe\nR1;IMA;heavy;42\n' >"$work/faulty.csv"
run check "$work/faulty.csv"
ok "a table's findings have line and column" out_has 'faulty.csv:2:3: error decode.bad-number'
ok "what means nothing is told" out_has 'faulty.csv:2:4: info decode.unmapped'
run check --json "$work/faulty.csv"
ok "for programs, too" [ "$(jq '[.findings[] | select(.column == 3)] | length' "$work/out")" = 1 ]
printf '{"cargo_report":{"function":"9",\n"bills":[{"type":"705"}]}}\n' >"$work/cargo.json"
run check "$work/cargo.json"
ok "a cargo report is checked" out_has 'cargo.json:2: error decode.missing /bills/0/id'
ok "and is not sound" exits 1
manifest="$root/tests/api/stories/messages/manifest.json"
run submit --data "$work/reports" --pack "$root/packs/landfall" "$manifest"
ok "a sound one is submitted" out_has '"state":"accepted"'
run submit --data "$work/reports" "$manifest"
ok "once" out_has '"reference":"26XL01000000001Y"'
run replay --data "$work/reports"
ok "and decided again" exits 0
run verify --data "$work/reports"
ok "and verified" exits 0
cp -r "$root/packs/landfall" "$work/pack"
printf 'write_off,705\n' >>"$work/pack/pack.csv"
for i in 1 2 3 4 5 6 7 8; do
	jq -c ".trader_reference = \"SHARED-$i\"" "$root/tests/api/stories/messages/import-bill.json"
done >"$work/shared.jsonl"
run submit --data "$work/shared" --pack "$work/pack" "$manifest"
run submit --data "$work/shared" "$work/shared.jsonl"
ok "of many that come at once, for a bill of 500 packages" exits 1
ok "one of 320 is accepted" [ "$(grep -c '"state":"rejected"' "$work/out")" -eq 7 ]
run verify --data "$work/shared"
ok "which verifies" exits 0
run replay --data "$work/shared"
ok "and replays" exits 0
run check tests/fuzz/corpus/ncts/arrival.xml
ok "a transit message is valid" exits 0
sed 's/<incidentFlag>0/<incidentFlag>7/' tests/fuzz/corpus/ncts/arrival.xml >"$work/arrival.xml"
run check "$work/arrival.xml"
ok "or says why not" out_has 'arrival.xml:4: error schema.value /CC007C/TransitOperation/incidentFlag'
run submit --data "$work/store0" "$work/arrival.xml"
ok "submit keeps it, as refused" [ "$status $(jq -r .state "$work/out")" = "1 rejected" ]

# ---- beside another system ----

"$program" clear --on 2026-01-05 "$work/stream.jsonl" >"$work/records" 2>/dev/null
{
	echo 'reference,outcome,lane,total,currency,item,levy,amount,day'
	jq -r '.declaration.trader_reference as $r | (if .state == "rejected" then "rejected" else "accepted" end) as $o |
		[$r, $o, .lane, (if $o == "accepted" then .total.amount else "" end), .total.currency, "", "", "", "2026-01-05"],
		(if $o == "accepted" then .taxes[] | [$r, "", "", "", "", .item, .type, .amount, ""] else empty end) | @csv' "$work/records"
} >"$work/theirs.csv"
run compare --outcomes "$work/theirs.csv" "$work/stream.csv"
ok "the same system decides the same" exits 0
ok "all of it" [ "$(jq -c '[.declarations, .same, (.differences | length)]' "$work/out")" = '[300,300,0]' ]
ref=$(jq -r 'select(.state != "rejected" and .lane == "green" and (.taxes | length) > 0) | .declaration.trader_reference' "$work/records" | head -1)
refused=$(jq -r 'select(.state == "rejected") | .declaration.trader_reference' "$work/records" | head -1)
awk -F, -v OFS=, -v ref="\"$ref\"" -v refused="\"$refused\"" '
	$1 == ref && $3 == "\"green\"" { $3 = "\"red\""; $4 = "\"1.00\"" }
	$1 == ref && $7 != "\"\"" && !changed { $8 = "\"999999.99\""; changed = 1 }
	$1 == refused { $2 = "\"accepted\"" }
	NR == 1 || !gone && $1 != ref && $1 != refused && $2 != "\"\"" { if (NR > 1) { gone = 1; dropped = $1; next } }
	$1 == dropped { next }
	{ print }' "$work/theirs.csv" >"$work/other.csv"
echo 'NOBODY-1,accepted,green,,,,,,' >>"$work/other.csv"
echo "$ref,,,,,1,ZZZ,5.00," >>"$work/other.csv"
run compare --outcomes "$work/other.csv" "$work/stream.jsonl"
ok "another decides otherwise" exits 1
for kind in outcome lane total tax-amount tax-only-there no-outcome no-declaration; do
	ok "told by kind: $kind" [ "$(jq -r ".differences[] | select(.kind == \"$kind\") | .differences" "$work/out")" = 1 ]
done
ok "with an example" [ "$(jq -c '.differences[] | select(.kind == "lane") | .examples[0]' "$work/out")" = "{\"reference\":\"$ref\",\"there\":\"red\",\"here\":\"green\"}" ]
run compare --outcomes "$work/nothing" "$work/stream.jsonl"
ok "without their table nothing is compared" exits 2
printf 'reference,total\nR,many\n' >"$work/wrong.csv"
run compare --outcomes "$work/wrong.csv" "$work/stream.jsonl"
ok "what is no amount is said" err_has 'wrong.csv:2:3: this is no amount'

# ---- over HTTP ----

store=$work/store
"$program" pack load packs/landfall --data "$store" >/dev/null 2>&1
start_server "$store"
users "$store"
call() { # call TYPE FILE PATH
	status=$(curl -s --max-time 120 -H "Authorization: Bearer $gateway" -H "Content-Type: $1" --data-binary "@$2" \
		-o "$work/out" -w '%{http_code}' "$url$3")
}
call text/csv examples/import-simple.csv /api/v1/declarations
ok "a table is a declaration" [ "$status" = 201 ]
ok "and is accepted" [ "$(jq -r .state "$work/out")" != rejected ]
call application/xml "$work/export.xml" /api/v1/declarations
ok "so is a single administrative document" [ "$status" = 201 ]
call application/pdf examples/import-simple.csv /api/v1/declarations
ok "a type that is none is refused" [ "$status" = 415 ]

call application/x-ndjson "$work/stream.jsonl" /api/v1/bulk
ok "many at once" [ "$status" = 200 ]
cp "$work/out" "$work/answers"
ok "each is answered" lines_are "$work/answers" 300
ok "in its order" [ "$(jq -c '.line' "$work/answers" | sort -n -c && echo sorted)" = sorted ]
ok "and decided" [ "$(records '.outcome == "decided"' "$work/answers")" = 300 ]
ok "some are rejected alone" [ "$(records '.answer.state == "rejected"' "$work/answers")" -gt 3 ]
call application/x-ndjson "$work/stream.jsonl" /api/v1/bulk
ok "again, nothing is done twice" [ "$(records '.outcome == "repeated"' "$work/out")" -gt 270 ]
count() { sql "$store" "select count(*) from declaration where state <> 'rejected'"; }
before=$(count)
{ sed -n 1,2p "$work/stream.jsonl"; echo '{"broken'; sed -n 3p "$work/stream.jsonl"; } >"$work/mixed.jsonl"
call application/x-ndjson "$work/mixed.jsonl" /api/v1/bulk
ok "one that is broken fails alone" [ "$(jq -r .outcome "$work/out" | paste -sd' ')" = 'repeated repeated unreadable repeated' ]
ok "with its line" [ "$(jq -r 'select(.outcome == "unreadable") | .fault_line' "$work/out")" = 3 ]
ok "nothing was added" [ "$(count)" = "$before" ]
printf 'reference,type\nT1,IMA\nT2,EXA\n' >"$work/two.csv"
call text/csv "$work/two.csv" /api/v1/bulk
ok "a table is answered as a table" out_has '^line,column,reference,outcome'
ok "with rows for each" out_has '^3,.*T2,decided,.*rejected,error,'
call application/xml "$work/export.xml" /api/v1/bulk
ok "XML is not for many" [ "$status" = 415 ]
for schema in declaration cargo-report; do
	ok "the schema of a $schema is served" \
		[ "$(curl -s "$url/api/v1/schemas/$schema" | jq -r '."$schema"')" = https://json-schema.org/draft/2020-12/schema ]
done
ok "another is not" [ "$(curl -s -o /dev/null -w '%{http_code}' "$url/api/v1/schemas/nonsense")" = 404 ]

# ---- a crash in the middle ----

run generate --declarations 1500 --seed 77
cp "$work/out" "$work/long.jsonl"
before=$(sql "$store" "select count(distinct reference) from declaration")
curl -s --max-time 120 -H "Authorization: Bearer $gateway" -H 'Content-Type: application/x-ndjson' \
	--data-binary "@$work/long.jsonl" -o /dev/null "$url/api/v1/bulk" &
client=$!
for _ in $(seq 400); do
	[ "$(sql "$store" "select count(distinct reference) from declaration" 2>/dev/null || echo 0)" -gt $((before + 50)) ] && break
	sleep 0.02
done
stop_server KILL
wait "$client" 2>/dev/null
start_server "$store"
call application/x-ndjson "$work/long.jsonl" /api/v1/bulk
ok "after a crash the same is sent again" [ "$status" = 200 ]
ok "all are answered" lines_are "$work/out" 1500
ok "none is lost or refused" [ "$(records '.outcome == "decided" or .outcome == "repeated"' "$work/out")" = 1500 ]
accepted=$(jq -r 'select(.answer.state != "rejected") | .answer.trader_reference' "$work/out" | sort -u | wc -l)
stored=$(sql "$store" "select count(*) from (select trader_reference, count(*) n from declaration where state <> 'rejected' group by 1 having n > 1)")
ok "none is there twice" [ "$stored" = 0 ]
ok "and all that were accepted are there" [ "$accepted" -gt 1300 ]
stop_server
run verify --data "$store"
ok "the store is sound" exits 0
finish
