#!/usr/bin/env bash
# A hub beside an old system: it decides, stores and explains, and has no effect; and it compares with what that system decides. TAP.
#
#   cli_shadow.sh PROGRAM
. "$(dirname "$0")/cli_lib.sh"

store=$work/shadow
if on_server; then
	database_make "$store"
fi

start_shadow() { # start_shadow ARGS...
	rm -f "$work/serve.out"
	"$program" serve --data "$store" --listen 127.0.0.1:0 "$@" >"$work/serve.out" 2>>"$work/serve.err" &
	server=$!
	for _ in $(seq 600); do
		grep -q serves "$work/serve.out" && break
		kill -0 "$server" 2>/dev/null || break
		sleep 0.05
	done
	url=$(sed -n 's|.*\(http://[^ ]*\)/ .*|\1|p' "$work/serve.out")
	[ -n "$url" ]
}
call() { # call TOKEN ARGS...
	local token=$1
	shift
	status=$(curl -s --max-time 60 -H "Authorization: Bearer $token" -D "$work/headers" -o "$work/body" -w '%{http_code}' "$@")
}
answered() { [ "$status" = "$1" ] && { [ $# -lt 2 ] || jq -e "$2" "$work/body" >/dev/null; }; }
kind() { # kind KIND FILTER: of the report in $work/body
	jq -e --arg k "$1" "[.differences[] | select(.kind == \$k)] | $2" "$work/body" >/dev/null
}

ok "a store is begun in shadow" start_shadow --shadow
users "$store"
"$program" user add auditor --roles auditor --data "$store" >/dev/null 2>&1
auditor=$("$program" user token auditor --scopes read,audit --data "$store" 2>/dev/null)
"$program" user add cashier --roles cashier --offices XLHAR001 --data "$store" >/dev/null 2>&1
cashier=$("$program" user token cashier --scopes read,pay,act --data "$store" 2>/dev/null)
"$program" user add importer --roles trader --parties XL100000000026 --data "$store" >/dev/null 2>&1
api=$url/api/v1

# ---- no effect ----

"$program" generate --declarations 60 --seed 9 >"$work/stream.jsonl"
first=$(head -n 1 "$work/stream.jsonl")
call "$gateway" --data-binary "$first" -H 'Content-Type: application/json' "$api/declarations"
cp "$work/body" "$work/answer"
reference=$(jq -r .reference "$work/body")
ok "the sender is told that it is a shadow, and nothing else" answered 201 \
	'.state == "shadow" and .findings == [] and .taxes == [] and .next == [] and (has("total") | not)'
call "$gateway" --data-binary "$first" -H 'Content-Type: application/json' "$api/declarations"
ok "the same again gets the same" answered 200 '.state == "shadow"'
call "$gateway" "$api/declarations/$reference"
ok "so it reads later" cmp -s "$work/body" "$work/answer"
call "$gateway" -H 'Accept: application/xml' "$api/declarations/$reference"
ok "and there is no response message of it" answered 200 '.state == "shadow"'
call "$gateway" "$api/declarations/$reference/status"
ok "no status" answered 404
call "$gateway" "$api/declarations/$reference/history"
ok "no history" answered 404
call "$officer" "$api/declarations/$reference"
ok "officers are told no lane" answered 200 '.state == "shadow" and (has("lane") | not)'
call "$officer" "$api/cases?office=XLHAR001"
ok "and have no worklist" answered 403
call "$officer" -H 'Content-Type: application/json' -d '{"act":"release"}' "$api/declarations/$reference/acts"
ok "no act is done" answered 409 '.detail | test("shadow")'
call "$cashier" -H 'Content-Type: application/json' -H 'Idempotency-Key: k1' -d '{"office":"XLHAR001","amount":"5.00"}' \
	"$api/accounts/XL1/cash"
ok "no money is taken" answered 409 '.detail | test("shadow")'
call "$auditor" "$api/declarations/$reference"
ok "an auditor reads the whole decision" answered 200 '.lane and .taxes and .reasons'
call "$auditor" -H 'Accept: text/plain' "$api/declarations/$reference/explanation"
ok "and has it explained" grep -q "How to check this" "$work/body"
ok "nobody got a notice" [ "$(sql "$store" 'SELECT COUNT(*) FROM outbox')" = 0 ]
"$program" generate --format cusdec --declarations 3 --seed 12 >"$work/three.edi"
call "$gateway" -H 'Content-Type: application/edifact' --data-binary "@$work/three.edi" "$api/interchanges"
ok "an interchange is acknowledged" grep -q CONTRL "$work/body"
ok "and nothing is decided in it" eval '! grep -q CUSRES "$work/body"'

# ---- what the old system decided ----

tail -n +2 "$work/stream.jsonl" | head -n 49 >"$work/more.jsonl"
call "$gateway" -H 'Content-Type: application/x-ndjson' --data-binary "@$work/more.jsonl" "$api/bulk"
ok "a stream is taken" answered 200
ok "each is told so" [ "$(jq -s 'map(select(.answer.state == "shadow" or .state == "shadow")) | length' "$work/body")" = 49 ]

call "$gateway" "$api/differences"
ok "differences are for auditors" answered 403
call "$officer" --data-binary 'reference' "$api/outcomes"
ok "and so is what was decided there" answered 403
call "$auditor" "$api/differences"
before=$(jq .declarations "$work/body")
ok "until they say something, all lack an outcome" answered 200 '.same == 0 and .differences[0].kind == "no-outcome" and
	.differences[0].declarations == .declarations and (.differences[0].examples | length) == 5'

# What a hub of its own decided stands for the old system: a table by the same content as compare --outcomes.
"$program" clear <"$work/stream.jsonl" - >"$work/records.jsonl" 2>/dev/null
jq -r -s '["reference","outcome","total","currency"],
	(.[:50][] | [.declaration.trader_reference, (if .state == "rejected" then "rejected" else "accepted" end),
	(if .state == "rejected" then "" else .total.amount end), .total.currency]) | @csv' "$work/records.jsonl" >"$work/theirs.csv"
call "$auditor" -H 'Content-Type: text/csv' --data-binary "@$work/theirs.csv" "$api/outcomes"
ok "a table is taken" answered 200 '.references == 50 and .met == 50'
call "$auditor" "$api/differences"
ok "what is the same counts as such" answered 200 '.same == 50'

changed=$(jq -r -s '[.[:50][] | select(.state != "rejected" and (.taxes | length) > 0)][0].declaration.trader_reference' "$work/records.jsonl")
jq -c -n --arg r "$changed" '{reference:$r, outcome:"rejected", lane:"blue", total:"0.01", day:"2026-01-05",
	taxes:[{item:1, levy:"none-such", amount:"7.00"}]}, {reference:"NEVER-SEEN", outcome:"accepted"}' >"$work/lines.jsonl"
call "$auditor" --data-binary "@$work/lines.jsonl" "$api/outcomes"
ok "JSON Lines replace what was said before" answered 200 '.references == 2 and .met == 1'
call "$auditor" "$api/differences"
cp "$work/body" "$work/report"
ok "the outcome differs" kind outcome '.[0].declarations == 1 and .[0].examples[0].there == "rejected"'
ok "the total differs" kind total '.[0].examples[0].there == "0.01"'
ok "a tax is only there" kind tax-only-there '.[0].examples[0].levy == "none-such" and .[0].examples[0].item == 1'
ok "taxes are only here" kind tax-only-here '.[0].differences >= 1'
ok "what did not come is named" kind no-declaration '.[0].examples[0].reference == "NEVER-SEEN"'
ok "the rest is the same" answered 200 '.same == 49'

# The declaration comes after its outcome.
late=$(sed -n 55p "$work/stream.jsonl")
lateref=$(jq -r .trader_reference <<<"$late")
jq -c -n --arg r "$lateref" '{reference:$r, total:"123456789.00"}' >"$work/lines.jsonl"
call "$auditor" --data-binary "@$work/lines.jsonl" "$api/outcomes"
ok "an outcome may come first" answered 200 '.met == 0'
call "$gateway" --data-binary "$late" -H 'Content-Type: application/json' "$api/declarations"
call "$auditor" "$api/differences"
ok "and is compared when the declaration comes" kind total '.[0].declarations == 2'

# The same reference from somebody else.
jq -c '.declarant.id = "XL999"' <<<"$late" >"$work/other.json"
call "$gateway" -H 'Idempotency-Key: other' -H 'Content-Type: application/json' --data-binary "@$work/other.json" "$api/declarations"
call "$auditor" "$api/differences"
ok "two cases under one reference are said to be ambiguous" kind ambiguous '.[0].declarations == 1'
ok "and compared no more" kind total '.[0].declarations == 1'

call "$auditor" --data-binary $'reference,total\nA,x\n' "$api/outcomes"
ok "a table with a fault is refused with its place" answered 400 '.line == 2 and .column == 3'
call "$auditor" --data-binary $'{"reference":"A"}\n{"reference":"B","lane":"pink"}\n' "$api/outcomes"
ok "so are lines" answered 400 '.line == 2'
call "$auditor" --data-binary $'reference,currency\nA,\xff\xfe\n' "$api/outcomes"
ok "bytes that are no text are refused" answered 400 '.line == 2'
call "$auditor" --data-binary '{"reference":"A","outcom":"accepted"}' "$api/outcomes"
ok "a member that is not known is refused" answered 400
call "$auditor" --data-binary "reference$(printf '\n%0.sX' $(seq 3))" "$api/outcomes"
ok "a table with one column says that they decided" answered 200 '.references == 1'

# ---- from the command line, beside the server and without it ----

call "$auditor" "$api/differences"
run compare --data "$store" --json
ok "the verb says the same as the route" cmp -s "$work/out" "$work/body"
ok "and that something differs" exits 1
run compare --data "$store" --outcomes "$work/theirs.csv" --json
ok "a table goes to the hub that owns the store" exits 1
run compare --data "$work/none"
ok "a store that is none is not made" [ ! -e "$work/none" ]

# ---- it stays what it is ----

stop_server
ok "the hub stops in order" [ "$status" = 0 ]
run serve --data "$store" --listen 127.0.0.1:0
ok "a shadow is not served as a hub that works" exits 3
ok "and it says why" grep -q "begun with --shadow" "$work/err"
run submit --data "$store" "$root/examples/import-simple.xml"
ok "a verb that settles keeps the shadow" [ "$(sql "$store" 'SELECT COUNT(*) FROM outbox')" = 0 ]
run compare --data "$store" --outcomes "$work/theirs.csv" --json
ok "without a server the verb takes the table itself" exits 1
run verify --data "$store"
ok "verify finds nothing" exits 0
jq -c -n --arg r "$changed" '{reference:$r, outcome:"accepted", total:"0.01"}' >"$work/lines.jsonl"
run compare --data "$store" --outcomes "$work/lines.jsonl" --json
ok "a total that differs is told once" [ "$(sql "$store" "SELECT differences FROM difference WHERE reference = '$changed' AND kind = 'total'")" = 1 ]
sql "$store" "UPDATE difference SET differences = 99 WHERE reference = '$changed' AND kind = 'total'"
run verify --data "$store"
ok "but a difference that is not one" [ "$status $(grep -c "differences from the other system.*$changed" "$work/out")" = "1 1" ]
sql "$store" "UPDATE difference SET differences = 1 WHERE reference = '$changed' AND kind = 'total'"
told=$(sql "$store" "SELECT theirs FROM outcome WHERE reference = '$changed'")
sql "$store" "UPDATE outcome SET theirs = '{\"total\":\"0.02\"}' WHERE reference = '$changed'"
run verify --data "$store"
ok "and what nobody said" [ "$status $(grep -c "what the other system said of .*$changed" "$work/out")" = "1 1" ]
sql "$store" "UPDATE outcome SET theirs = '$told' WHERE reference = '$changed'"
run verify --data "$store"
ok "what is put back is found sound" exits 0
run replay --data "$store"
ok "every decision replays" exits 0
run backup --data "$store" --to "$work/copy.jsonl"
ok "a backup is made" exits 0
run compare --data "$store" --json
cp "$work/out" "$work/before"
if on_server; then
	database_make "$work/restored"
fi
run restore --data "$work/restored" "$work/copy.jsonl"
run compare --data "$work/restored" --json
ok "and what is restored is the shadow with all it knew" cmp -s "$work/out" "$work/before"

if on_server; then
	database_make "$work/live"
fi
run submit --data "$work/live" "$root/examples/import-simple.xml"
run serve --shadow --data "$work/live" --listen 127.0.0.1:0
ok "a store that works does not become a shadow" exits 3
ok "and it is said why" grep -q "begun without --shadow" "$work/err"
run compare --data "$work/live"
ok "it has nothing to compare" exits 3

# ---- what the other system answered, in its own messages ----

"$program" generate --format cusdec --declarations 40 --seed 31 --charset UNOC >"$work/sent.edi"
ok "the hub that works is served" start_server "$work/live"
users "$work/live"
call "$gateway" -H 'Content-Type: application/edifact' --data-binary "@$work/sent.edi" "$url/api/v1/interchanges"
cp "$work/body" "$work/answers.edi"
stop_server
run compare --outcomes "$work/answers.edi" --json "$work/sent.edi"
ok "CUSRES tell of each declaration" [ "$(jq -c '[.declarations, ([.differences[] | select(.kind == "no-outcome" or
	.kind == "no-declaration" or .kind == "outcome" or .kind == "total" or .kind == "unreadable")] | length)]' "$work/out")" = '[40,0]' ]
ok "and of taxes" [ "$(jq '.same' "$work/out")" -ge 20 ]
sed 's/^MOA+176:[0-9.]*/MOA+176:1.00/' "$work/answers.edi" >"$work/changed.edi"
run compare --outcomes "$work/changed.edi" --json "$work/sent.edi"
ok "a sum that differs is found" [ "$(jq -r '.differences[] | select(.kind == "total") | .differences' "$work/out")" -ge 20 ]
sed 's/^G[IE][SI]+/GIX+/' "$work/answers.edi" >"$work/damaged.edi"
run compare --outcomes "$work/damaged.edi" "$work/sent.edi"
ok "damaged answers are refused with their place" err_has 'damaged.edi:[0-9]*:1: GIX'

finish
