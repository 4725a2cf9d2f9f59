#!/usr/bin/env bash
# Messages that are checked and kept: who sent what and when, the bytes, what the check found; over HTTP, in interchanges and by
# submit; a hub that is killed in the middle. Runs on both stores.
. "$(dirname "$0")/cli_lib.sh"

"$program" pack load packs/landfall --data "$work/store" >"$work/out" 2>"$work/err"
users "$work/store"
person() { # person LOGIN ARGS...: makes somebody; the token in $token
	"$program" user add "$@" --data "$work/store" >/dev/null 2>>"$work/users.err"
	token=$("$program" user token "$1" --scopes read,submit --data "$work/store" 2>>"$work/users.err")
}
carrier=XL700000000001
person carl --roles carrier --parties $carrier
carl=$token
person eve --roles trader --parties XL200000000018
eve=$token
person far --roles officer --offices XLMER011
far=$token
person vet --roles agency --agency VET
vet=$token

# passengers NUMBER NAME: one PAXLST.
passengers() {
	printf '%s\n' "UNH+$1+PAXLST:D:21B:UN'" "BGM+745'" "TDT+20+XA123+++XA'" "LOC+125+ZZAAA'" "DTM+189:202611230600:203'" "NAD+FL+++$2'" \
		"ATT+2++F'" "DTM+329:19800101:102'" "DOC+39+X1'" "CNT+42:1'" "UNT+11+$1'"
}
# interchange REFERENCE COUNT [RECIPIENT]: around what comes on standard input.
interchange() {
	echo "UNB+UNOC:3+$carrier+${3:-XLHAR001}+261123:0600+$1'"
	cat
	echo "UNZ+$2+$1'"
}
# post TOKEN PATH TYPE FILE [CURL-ARGS...]: leaves $code and $work/body.
post() {
	local token=$1 path=$2 type=$3 file=$4
	shift 4
	code=$(curl -sS -m 240 -D "$work/headers" -o "$work/body" -w '%{http_code}' -H "Authorization: Bearer $token" \
		-H "Content-Type: $type" "$@" --data-binary "@$file" "$url/api/v1/$path" 2>>"$work/err")
}
get() { # get TOKEN PATH
	code=$(curl -sS -m 60 -D "$work/headers" -o "$work/body" -w '%{http_code}' -H "Authorization: Bearer $1" "$url/api/v1/$2")
}
count() { grep -ac "$1" "$work/body"; }
body_is() { jq -e "$1" "$work/body" >/dev/null; }
answered() { [ "$code" = "$1" ] && { [ $# -lt 2 ] || body_is "$2"; }; }

# ---- check ----

passengers 1 DOE:JANE | interchange P1 1 >"$work/one"
run check "$work/one"
ok "check: a passenger list is sound" [ "$status $(wc -c <"$work/out")" = "0 0" ]
sed "s/^TDT.*/TDT+20+XA123'/; s/^DTM+189.*/DTM'/; s/^ATT+2/ATT+TOOLONG/" "$work/one" >"$work/bad"
run check "$work/bad"
ok "a damaged one: each fault" exits 1
ok "what is missing, at its line" out_has "bad:6:.*error edifact.missing"
ok "what is too long" out_has "error edifact.length"
printf '%s\n' "UNH+1+CONTRL:D:3:UN'" "UCI+P1+A+B+7'" "UNT+3+1'" | interchange K1 1 >"$work/contrl"
run check "$work/contrl"
ok "CONTRL is checked, too" [ "$status $(wc -c <"$work/out")" = "0 0" ]
sed 's/PAXLST:D:21B/PNRGOV:D:21B/' "$work/one" >"$work/unknown"
run check "$work/unknown"
ok "a message that no directory defines: refused, and named" [ "$status $(grep -c 'directory D.21B has no message PNRGOV' "$work/err")" = "2 1" ]

sed 's/UNOC:3/UNOX:3/' "$work/one" >"$work/unox"
run check "$work/unox"
ok "UNOX is read as long as it is ASCII" [ "$status $(wc -c <"$work/out")" = "0 0" ]
sed 's/DOE:/\x1b$B+'"'"'\x1b(B:/' "$work/unox" >"$work/shifts"
run check "$work/shifts"
ok "one that changes its set is refused as a whole, and told why" [ "$status $(grep -c 'NAD, segment 7: character set not supported' "$work/err")" = "2 1" ]

# ---- one ----

start_server "$work/store"
post "$carl" messages application/edifact "$work/one"
ok "a message is kept" answered 201 '.state == "accepted" and .asked == "message" and .type == "PAXLST" and .findings == []'
first=$(jq -r .reference "$work/body")
ok "and has a place" grep -qi "^location: /api/v1/messages/$first" "$work/headers"
post "$carl" messages application/edifact "$work/one"
ok "again: the same answer" answered 200 ".reference == \"$first\""
post "$carl" messages application/edifact "$work/bad"
ok "a faulty one is kept, and refused with its faults" answered 201 '.state == "rejected" and (.findings | length) > 1 and (.findings[0].text | length) > 9'
bad=$(jq -r .reference "$work/body")
post "$carl" messages application/edifact "$work/one" -H 'Idempotency-Key: list-7'
keyed=$(jq -r .reference "$work/body")
passengers 1 ROE:JOHN | interchange P2 1 >"$work/two"
post "$carl" messages application/edifact "$work/two" -H 'Idempotency-Key: list-7'
ok "other bytes under a key: a conflict" answered 409 ".reference == \"$keyed\""
post "$carl" messages application/edifact "$work/bad" -H 'Idempotency-Key: list-8'
post "$carl" messages application/edifact "$work/two" -H 'Idempotency-Key: list-8'
ok "a key under which nothing sound stands may be used again" answered 201 '.state == "accepted"'
post "$vet" messages application/edifact "$work/contrl"
ok "an agency hands in, too" answered 201 '.type == "CONTRL"'
post "$officer" messages application/edifact "$work/one"
ok "an officer does not" answered 403
post "$carl" messages application/edifact "$work/unknown"
ok "what no directory defines is not kept" answered 400
post "$carl" messages application/json examples/import-simple.json
ok "nor is a declaration" answered 415
"$program" convert --to cusdec examples/import-simple.json >"$work/cusdec" 2>/dev/null
post "$carl" messages application/edifact "$work/cusdec"
ok "in whatever format" answered 400
post "$gateway" messages application/xml tests/fuzz/corpus/ncts/arrival.xml
ok "a transit message is kept" answered 201 '.type == "CC007C" and .state == "accepted"'

post "$gateway" interchanges application/edifact "$work/shifts"
ok "CONTRL refuses a character set that is not read" [ "$code $(count '^UCI+P1+.*+4+46')" = "200 1" ]
post "$carl" messages application/edifact "$work/shifts"
ok "one alone is kept with a finding of it" answered 201 '.state == "rejected" and any(.findings[]; .rule == "edifact.charset")'

# ---- looking ----

get "$carl" "messages/$first"
ok "its sender reads the answer" answered 200 '.state == "accepted" and (has("facts") | not)'
get "$officer" "messages/$first"
ok "an officer what was found, of whom, and of which bytes" \
	answered 200 ".facts.login == \"carl\" and .facts.sender == \"$carrier\" and .input.sha256 == \"$(sha256sum <"$work/one" | cut -d' ' -f1)\" and .message.directory == \"21B\""
get "$carl" "messages/$first/original"
ok "the bytes are those that were sent" cmp -s "$work/body" "$work/one"
ok "as an attachment" grep -qi "^content-disposition: attachment; filename=\"$first.edi\"" "$work/headers"
get "$officer" "messages/$bad/original"
ok "also of what was refused" cmp -s "$work/body" "$work/bad"
for path in "messages/$first" "messages/$first/original"; do
	get "$eve" "$path"
	ok "somebody else finds nothing at $path" answered 404
done
get "$eve" "messages?party=$carrier"
ok "nor in the list" answered 403
get "$carl" "messages?party=$carrier&limit=2"
ok "a sender's list, by pages" answered 200 '(.messages | length) == 2 and .after == .messages[1].reference'
get "$carl" "messages?party=$carrier&limit=2&after=$(jq -r .after "$work/body")"
ok "goes on behind the page before" answered 200 '(.messages | length) == 2 and .messages[0].reference > "'"$bad"'"'
get "$vet" "messages?party=VET"
ok "an agency's" answered 200 '[.messages[].type] == ["CONTRL"]'
get "$officer" "messages/$first"
default=$(jq -r .facts.office "$work/body")
get "$officer" "messages?office=$default&type=PAXLST"
ok "an office's, of one type" answered 200 '(.messages | length) == 6 and ([.messages[].type] | unique) == ["PAXLST"]'
get "$officer" messages
ok "of nobody: refused" answered 422

# ---- interchanges ----

{ passengers 1 A:B; passengers 2 C:D | sed "s/^DTM+189.*/DTM'/"; sed -n '/^UNH/,/^UNT/p' "$work/cusdec" | sed "s/^UNH+[^+]*+/UNH+3+/; s/^\(UNT+[0-9]*\)+.*/\1+3'/"; } |
	interchange I1 3 XLMER011 >"$work/i1"
post "$gateway" interchanges application/edifact "$work/i1"
ok "an interchange with a declaration among them" [ "$code $(count '^UCM+')" = "200 3" ]
ok "CONTRL says of each what there is to say" [ "$(count "^UCM+1+PAXLST:D:21B:UN+7'") $(count "^UCM+2+PAXLST:D:21B:UN+4'")" = "1 1" ]
ok "with the place of the fault" [ "$(count "^UCS+5'")" = 1 -a "$(count "^UCD+13")" = 1 ]
ok "and the declaration has its CUSRES, alone" [ "$(count '^UNH+.*+CUSRES:')" = 1 ]
get "$far" "messages?office=XLMER011"
ok "they are kept at the office that it is addressed to" answered 200 '[.messages[].state] == ["accepted","rejected"]'
cp "$work/body" "$work/list"
post "$gateway" interchanges application/edifact "$work/i1"
get "$far" "messages?office=XLMER011"
ok "sent again: nothing twice" cmp -s "$work/body" "$work/list"

# ---- killed in the middle ----

many=400
for i in $(seq $many); do passengers "$i" "N$i:X"; done | interchange I2 $many >"$work/i2"
kept() { sql "$work/store" "SELECT count(*) FROM message" 2>/dev/null || echo 0; }
before=$(kept)
post "$gateway" interchanges application/edifact "$work/i2" &
sending=$!
for _ in $(seq 2000); do
	[ "$(kept)" -le "$before" ] || break
	sleep 0.01
done
kill -9 "$server"
wait "$server" 2>/dev/null
wait "$sending"
part=$(($(kept) - before))
ok "a hub is killed amid an interchange ($part of $many)" [ "$part" -gt 0 -a "$part" -lt "$many" ]
start_server "$work/store"
post "$gateway" interchanges application/edifact "$work/i2"
ok "the same interchange again: every message is answered" [ "$code $(count "^UCM+.*+PAXLST:D:21B:UN+7'")" = "200 $many" ]
ok "and none was kept twice" [ "$(($(kept) - before))" = "$many" ]

# ---- submit, replay, verify, backup ----

passengers 9 S:T | interchange I3 1 >"$work/i3"
run submit --data "$work/store" "$work/i3"
ok "submit, through the hub that owns the store" [ "$status $(jq -r .state "$work/out")" = "0 accepted" ]
stop_server
run submit --data "$work/store" "$work/i3" examples/import-simple.json
ok "and with a store of its own: known again" [ "$status $(jq -r .state "$work/out" | head -n 1)" = "0 accepted" ]
run replay --data "$work/store"
ok "all of it replays" exits 0
run verify --data "$work/store"
ok "and verifies" exits 0
"$program" backup --data "$work/store" >"$work/backup" 2>>"$work/err"
mkdir -p "$work/other/keys"
cp "$work/store/keys"/* "$work/other/keys"
run restore --data "$work/other" "$work/backup"
ok "a backup has them" [ "$status $(sql "$work/other" "SELECT count(*) FROM message")" = "0 $(kept)" ]
# ---- by the command line, and erased by two ----

run messages --data "$work/store" --office "$default" --type PAXLST
ok "the command line lists an office's" [ "$status $(jq '.messages | length > 6' "$work/out")" = "0 true" ]
run messages --data "$work/store" "$first"
ok "shows what was found of one" [ "$status $(jq -r '.facts.login' "$work/out")" = "0 carl" ]
run messages --data "$work/store" --original "$first"
ok "and its bytes" [ "$status" = 0 -a "$(cmp "$work/out" "$work/one" && echo same)" = same ]
run messages --data "$work/store" 26XL010000009999X
ok "of none there is nothing" exits 1
person sue --roles supervisor --offices "$default"
person aud --roles auditor
"$program" user token sue --scopes act --data "$work/store" >"$work/sue.token" 2>>"$work/err"
"$program" user token aud --scopes audit --data "$work/store" >"$work/aud.token" 2>>"$work/err"
erase() { run erase --message --reason "the term is over" --token-file "$work/$1.token" --data "$work/store" "$first"; }
erase aud
ok "an auditor orders nothing" exits 1
erase sue
ok "a supervisor orders that a message is erased" [ "$status $(jq -r .state "$work/out")" = "0 ordered" ]
run messages --data "$work/store" --original "$first"
ok "nothing is erased yet" exits 0
erase sue
ok "nor by the same person again" [ "$(jq -r .state "$work/out")" = ordered ]
erase aud
ok "an auditor carries it out" [ "$status $(jq -r .state "$work/out")" = "0 erased" ]
run messages --data "$work/store" --original "$first"
ok "the bytes are gone" exits 1
run messages --data "$work/store" "$first"
ok "what was found of them stays" [ "$status $(jq -r .state "$work/out")" = "0 accepted" ]
run replay --json --data "$work/store"
ok "replay counts it" [ "$status $(jq .erased "$work/out")" = "0 1" ]
run verify --data "$work/store"
ok "verify knows that it was ordered" exits 0
sql "$work/store" "UPDATE event SET payload = NULL WHERE kind = 'message-input' AND reference = '$keyed'"
run verify --data "$work/store"
ok "and finds what nobody ordered" [ "$status $(grep -c "$keyed.*nobody ordered" "$work/out")" = "1 1" ]
sql "$work/store" "UPDATE message SET state = 'accepted' WHERE reference = '$bad'"
run verify --data "$work/store"
ok "a row that was changed is found" [ "$status $(grep -c "$bad" "$work/out")" = "1 1" ]
sql "$work/store" "DELETE FROM message WHERE reference = '$bad'"
run verify --data "$work/store"
ok "and one that is gone" [ "$status $(grep -c 'messages, the log knows' "$work/out")" = "1 1" ]

finish
