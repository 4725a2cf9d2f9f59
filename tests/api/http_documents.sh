#!/usr/bin/env bash
# Documents of a case: types, places, limits, repeats, the virus scanner in all its moods, erasure, what verify finds, backup and
# kill -9. http_documents.sh PROGRAM FAKE_CLAMD. TAP.
. "$(dirname "$0")/cli_lib.sh"

store=$work/store
clamd=
clean_up_more() { [ -z "$clamd" ] || kill -9 "$clamd" 2>/dev/null; }

serve() { # serve STORE ARGS...
	local data=$1
	shift
	: >"$work/serve.out"
	"$program" serve --data "$data" --listen 127.0.0.1:0 --rate 0 "$@" >"$work/serve.out" 2>>"$work/serve.err" &
	server=$!
	for _ in $(seq 600); do
		grep -q serves "$work/serve.out" && break
		kill -0 "$server" 2>/dev/null || break
		sleep 0.05
	done
	url=$(sed -n 's|.*\(http://[^ ]*\)/ .*|\1|p' "$work/serve.out")
	[ -n "$url" ] && api=$url/api/v1/declarations && users "$data"
}

# logged KIND: the payload of the newest event of that kind of the case. In a backup it is plain.
logged() {
	"$program" backup --data "$store" | jq -r --arg kind "$1" --arg ref "$ref" \
		'select(.table == "event" and .row.kind == $kind and .row.reference == $ref) | .row.payload' | tail -n 1 | base64 -d
}

# call ARGS...: one request as the trader. Leaves $status, $work/out and headers.
call() {
	status=$(curl -s --max-time 60 -H "Authorization: Bearer $gateway" -D "$work/headers" -o "$work/out" -w '%{http_code}' "$@")
}
# The same as customs: an officer and supervisor.
customs() {
	status=$(curl -s --max-time 60 -H "Authorization: Bearer $officer" -D "$work/headers" -o "$work/out" -w '%{http_code}' "$@")
}
answered() { [ "$status" = "$1" ] && { [ $# -lt 2 ] || jq -e "$2" "$work/out" >/dev/null 2>&1; }; }
problem() { answered "$1" ".type == \"/api#problem-$2\" and .status == $1"; }
header() { tr -d '\r' <"$work/headers" | sed -n "s/^$1: //Ip" | head -n 1; }
# put FILE TYPE [QUERY] [ARGS...]
put() {
	local file=$1 type=$2 query=${3:-}
	shift 2
	[ $# -eq 0 ] || shift
	call -H "Content-Type: $type" --data-binary "@$file" "$@" "$api/$ref/documents?$query"
}
# Until document $1 has the state $2.
becomes() {
	for _ in $(seq 400); do
		call "$api/$ref/documents"
		jq -e ".documents[] | select(.number == $1) | .state == \"$2\"" "$work/out" >/dev/null && return 0
		sleep 0.05
	done
	return 1
}
fake_clamd() {
	rm -f "$work/clamd.sock"
	"$helper" "$work/clamd.sock" "$work/way" >>"$work/clamd.out" &
	clamd=$!
	for _ in $(seq 100); do
		[ -S "$work/clamd.sock" ] && break
		sleep 0.05
	done
}

printf '%%PDF-1.7\nan invoice\n%%%%EOF\n' >"$work/a.pdf"
printf '%%PDF-1.7\nanother invoice\n%%%%EOF\n' >"$work/b.pdf"
printf '%%PDF-1.7\nINFECTED\n%%%%EOF\n' >"$work/bad.pdf"
printf '\211PNG\r\n\032\n....' >"$work/a.png"
printf 'item,price\n1,2.50\n' >"$work/a.csv"
printf '<!DOCTYPE html><script>alert(1)</script>' >"$work/a.html"

# ---- without a scanner ----
serve "$store" || echo '# the server does not start'
call --data-binary @examples/import-preference.json "$api"
ref=$(jq -r .reference "$work/out")
ok "a case" answered 201 '.state == "accepted"'

put "$work/a.pdf" application/pdf 'pointer=/shipment/items/0/documents/1&name=invoice%207.pdf'
ok "a document is taken" answered 201 '.number == 1 and .name == "invoice 7.pdf" and .type == "application/pdf" and .version == 1 and
	.pointer == "/shipment/items/0/documents/1"'
ok "its hash is that of its bytes" answered 201 ".sha256 == \"$(sha256sum <"$work/a.pdf" | cut -d' ' -f1)\" and .bytes == $(stat -c %s "$work/a.pdf")"
ok "nobody has looked through it" answered 201 '.state == "unscanned"'
ok "Location leads to it" [ "$(header Location)" = "/api/v1/declarations/$ref/documents/1" ]
call "$url$(header Location)"
ok "its bytes come back" cmp -s "$work/a.pdf" "$work/out"
ok "as what they are" [ "$(header Content-Type)" = application/pdf ]
ok "as an attachment" [ "$(header Content-Disposition)" = "attachment; filename=\"invoice_7.pdf\"; filename*=UTF-8''invoice%207.pdf" ]
ok "which no browser runs" [ "$(header Content-Security-Policy | grep -c '^sandbox; ')-$(header X-Content-Type-Options)-$(header Cache-Control)" = 1-nosniff-no-store ]
ok "with a note that nobody has looked through it" [ "$(header Customhouse-Document-State)" = unscanned ]
put "$work/a.pdf" application/pdf 'pointer=/shipment/items/0/documents/1&name=other.pdf'
ok "the same bytes for the same place are the same document" answered 200 '.number == 1 and .name == "invoice 7.pdf"'
put "$work/a.pdf" application/pdf
ok "for the whole case they are another" answered 201 '.number == 2 and .pointer == "" and .name == "document.pdf"'
put "$work/b.pdf" application/pdf 'pointer=/shipment/items/0/documents/1'
ok "and so are other bytes" answered 201 '.number == 3'
put "$work/a.csv" 'text/csv; charset=utf-8' 'pointer=/shipment/items'
ok "a list may be the place" answered 201 '.type == "text/csv"'
put "$work/a.csv" text/plain 'pointer=/trader_reference' -H 'Transfer-Encoding: chunked'
ok "and one value, and chunks are taken" answered 201 ".number == 5 and .sha256 == \"$(sha256sum <"$work/a.csv" | cut -d' ' -f1)\""

# ---- refusals ----
for pointer in /shipment/items/99 /shipment/items/0/nothing shipment /shipment/items/-1 /shipment//items / /shipment/items/0/documents/4 \
	/shipment/items/00 '/shipment/items/0%20'; do
	put "$work/b.pdf" application/pdf "pointer=$pointer"
	ok "$pointer leads nowhere" problem 422 no-such-place
done
put "$work/b.pdf" application/pdf "pointer=/$(printf 'a%.0s' $(seq 600))"
ok "nor does what is too long" problem 422 no-such-place
put "$work/b.pdf" application/pdf 'pointer=%ff'
ok "what is no UTF-8 is refused" problem 400 bad-request
put "$work/b.pdf" application/pdf 'pointer=%0'
ok "and what is no escape" problem 400 bad-request
put "$work/a.png" application/pdf
ok "a picture is no PDF" answered 422 '.type == "/api#problem-content-mismatch" and (.detail | test("image/png"))'
put "$work/a.html" text/plain
ok "a page is no text" problem 422 content-mismatch
put "$work/a.html" text/html
ok "and is no document at all" problem 415 unsupported-type
call -H 'Content-Type;' --data-binary "@$work/b.pdf" "$api/$ref/documents"
ok "nor is what has no type" problem 415 unsupported-type
put "$work/b.pdf" application/pdf '' -H 'Content-Encoding: gzip'
ok "nor what is encoded" problem 415 unsupported-type
for name in a.exe .pdf a%2fb.pdf a%5cb.pdf a%0ab.pdf a%22b.pdf 'a%e2%80%aeb.pdf' ''; do
	put "$work/b.pdf" application/pdf "name=$name"
	ok "the name '$name' is refused" problem 400 bad-request
done
call -X POST -H 'Content-Type: application/pdf' "$api/$ref/documents"
ok "no bytes" problem 400 empty
call -H 'Content-Type: application/pdf' --data-binary "@$work/b.pdf" "$api/26XL99999999999Z/documents"
ok "no such case" problem 404 not-found
for path in documents/0 documents/01 documents/99 documents/-1 documents/x documents/1x documents/9999999999; do
	call "$api/$ref/$path"
	ok "no $path" problem 404 not-found
done
call "$api/26XL99999999999Z/documents"
ok "no list of what is not there" problem 404 not-found
call --data-binary @examples/import-errors.json "$api"
rejected=$(jq -r .reference "$work/out")
call -H 'Content-Type: application/pdf' --data-binary "@$work/b.pdf" "$api/$rejected/documents"
ok "a rejected declaration takes none" problem 409 closed

{ cat "$work/a.pdf"; head -c $((20 * 1024 * 1024)) /dev/urandom; } | head -c $((20 * 1024 * 1024)) >"$work/large.pdf"
put "$work/large.pdf" application/pdf name=large.pdf -H 'Expect:'
ok "20 MiB are taken" answered 201 '.bytes == 20971520'
call "$url$(header Location)"
ok "and come back" cmp -s "$work/large.pdf" "$work/out"
printf x >>"$work/large.pdf"
put "$work/large.pdf" application/pdf '' -H 'Expect:'
ok "one more byte is too much" problem 413 too-large
put "$work/large.pdf" application/pdf '' -H 'Transfer-Encoding: chunked'
ok "also in chunks" problem 413 too-large
call --data-binary "@$work/large.pdf" -H 'Expect:' -H 'Content-Type: application/json' "$api"
ok "a declaration still has its own limit" problem 413 too-large
rm "$work/large.pdf"

# ---- a case that changes ----
request() { # request TYPE MEMBERS: a message about that case
	printf '{"function": "13", "type": "%s", "trader_reference": "C-%s", "movement_reference": "%s", "declarant": %s, %s}' "$1" "$1" "$changing" \
		"$(jq -c '.declarant // .agent' examples/export.json)" "$2" >"$work/request.json"
	call --data-binary "@$work/request.json" "$api"
}
of_case() { call -H 'Content-Type: application/pdf' --data-binary "@$work/b.pdf" "$api/$changing/documents?pointer=$1"; }
# The lot may pick a case for control, and its amendment waits for an officer then: another one is tried, of other goods, as the
# same goods would be picked again.
for case in 1 2 3 4 5 6 7 8; do
	jq --arg reference "CHANGES-$case" --arg mass "$((560 - case))" \
		'.trader_reference = $reference | .shipment.items[0].commodity.net_mass.value = $mass' examples/export.json >"$work/changing.json"
	call --data-binary "@$work/changing.json" "$api"
	changing=$(jq -r .reference "$work/out")
	of_case /shipment/items/0/commodity/description
	first="$status $(jq -c '[.version, .number]' "$work/out")"
	request COR '"amendments": [{"reason": "2", "pointers": [{"section": "42A"}, {"section": "67A"}, {"sequence": "1", "section": "68A"}, {"section": "23A", "tag": "137"}]}],
		"shipment": {"items": [{"sequence": "1", "commodity": {"description": "Green coffee beans, washed"}}]}'
	[ "$(jq -r .state "$work/out")" = requested ] || break
done
ok "an amendment" answered 201 '.version == 2 and .state != "requested"'
ok "a document of the first version" [ "$first" = '201 [1,1]' ]
call "$api/$changing/documents"
ok "leaves it where it was" answered 200 '.documents | length == 1 and .[0].version == 1'
of_case /shipment/items/0/commodity
ok "what comes now is of the second version" answered 201 '.version == 2 and .number == 2'
requests=$(sql "$store" "select reference from declaration where state = 'request' limit 1")
call "$api/$requests/documents"
ok "a request is no case" problem 404 not-found

# ---- two sides ----
customs -H 'Content-Type: image/png' --data-binary "@$work/a.png" "$api/$ref/documents?name=photo.png"
ok "customs hands in with numbers of its own" answered 201 '.number == 1001'
call "$api/$ref/documents"
ok "which the trader does not see" answered 200 'all(.documents[]; .number < 1000) and (.documents | length == 6)'
cp "$work/out" "$work/before"
call "$api/$ref/documents/1001"
ok "nor can it fetch them" problem 404 not-found
cp "$work/out" "$work/hidden"
call "$api/$ref/documents/1002"
ok "and it cannot tell them from nothing" [ "$(jq -c 'del(.instance)' "$work/out")" = "$(jq -c 'del(.instance)' "$work/hidden")" ]
put "$work/a.png" image/png
ok "its own numbers go on as if there were none" answered 201 '.number == 7'
customs "$api/$ref/documents"
ok "customs sees both sides" answered 200 '[.documents[].number] | contains([1, 7, 1001])'

# ---- the most that a case takes ----
for i in $(seq 8 200); do
	printf '%%PDF-1.7 %s' "$i" >"$work/n$i.pdf"
	echo "url = \"$api/$ref/documents\"
header = \"Content-Type: application/pdf\"
header = \"Authorization: Bearer $gateway\"
data-binary = \"@$work/n$i.pdf\"
output = \"/dev/null\"
silent
next"
done | sed '$d' >"$work/many"
curl -s -K "$work/many"
call "$api/$ref/documents"
ok "200 documents" answered 200 '.documents | length == 200'
put "$work/b.pdf" application/pdf 'name=more.pdf'
ok "one more is refused" problem 422 case-full
put "$work/a.pdf" application/pdf 'pointer=/shipment/items/0/documents/1'
ok "what is there already is not" answered 200 '.number == 1'
customs -H 'Content-Type: application/pdf' --data-binary "@$work/b.pdf" "$api/$ref/documents"
ok "and customs has its own count" answered 201 '.number == 1002'

# ---- an order to erase ----
call -X POST "$api/$ref/documents/2/erasure?reason=mine"
ok "a trader cannot erase" [ "$status" -ge 400 -a "$status" -lt 500 ]
call "$api/$ref/documents/2"
ok "and nothing happened" cmp -s "$work/a.pdf" "$work/out"
customs -X POST "$api/$ref/documents/2/erasure"
ok "an order has a reason" problem 400 bad-request
customs -X POST "$api/$ref/documents/2/erasure?reason=a+passport"
ok "a supervisor can" answered 200 '.number == 2 and .state == "erased"'
customs -X POST "$api/$ref/documents/2/erasure?reason=again"
ok "again changes nothing" answered 200 '.state == "erased"'
ok "one event tells of it" [ "$(sql "$store" "select count(*) from event where kind = 'erasure'")" -eq 1 ]
call "$api/$ref/documents/2"
ok "the bytes are given to nobody" problem 409 sealed
ok "because they are gone" [ "$(sql "$store" "select count(*) from document_body where number = 2 and reference = '$ref'")" -eq 0 ]
customs -X POST "$api/$ref/documents/999/erasure?reason=x"
ok "what is not there is not erased" problem 404 not-found
stop_server
ok "the server stops" exits 0
run verify --data "$store"
ok "the store verifies, with what was erased" exits 0
run replay --data "$store"
ok "and replays" exits 0

# A case whose life has ended, as the store would tell it.
copy_store "$store" "$work/ended"
sql "$work/ended" "update life set state = 'cancelled' where reference = '$changing'"
serve "$work/ended"
of_case /shipment
ok "a cancelled case takes no more" problem 409 closed
call "$api/$changing/documents/2"
ok "and gives out what it has" cmp -s "$work/b.pdf" "$work/out"
stop_server

# ---- with a scanner ----
echo answer >"$work/way"
fake_clamd
serve "$store" --clamav "$work/clamd.sock" || echo '# the server does not start'
ok "what came before is looked through now" becomes 1 clean
ok "all of it" becomes 200 clean
call "$api/$ref/documents/1"
ok "and given out as clean" [ "$(header Customhouse-Document-State)" = clean ]
call --data-binary @examples/import-simple.json "$api"
ref=$(jq -r .reference "$work/out")
put "$work/a.pdf" application/pdf
ok "what comes now waits" answered 201 '.state == "quarantined"'
ok "until the scanner found nothing" becomes 1 clean
put "$work/bad.pdf" application/pdf
ok "a virus" answered 201 '.number == 2'
ok "is found" becomes 2 infected
call "$api/$ref/documents/2"
ok "and sealed" problem 409 sealed
customs "$api/$ref/documents/2"
ok "from customs too" problem 409 sealed
ok "the log knows its name" [ "$(logged scan | jq -r .signature)" = Test.Virus-1 ]
customs -X POST "$api/$ref/documents/2/erasure?reason=virus"
ok "and can be erased" answered 200 '.state == "erased"'

echo hang >"$work/way"
put "$work/b.pdf" application/pdf
ok "while the scanner hangs, documents are taken" answered 201 '.number == 3 and .state == "quarantined"'
for _ in $(seq 200); do
	grep -q '^hang' "$work/clamd.out" && break
	sleep 0.05
done
call "$api/$ref/documents/3"
ok "but nobody gets them" problem 409 sealed
call "$api/$ref/documents/1"
ok "others are given out" cmp -s "$work/a.pdf" "$work/out"
call --data-binary @examples/export.json "$api"
ok "and declarations are decided" answered 201
stop_server
ok "the server stops although the scanner hangs" exits 0
echo answer >"$work/way"
serve "$store" --clamav "$work/clamd.sock" || echo '# the server does not start'
ok "it goes on after that" becomes 3 clean

for way in die refuse talk; do
	echo $way >"$work/way"
	: >"$work/clamd.out"
	printf '%%PDF-1.7 %s' $way >"$work/$way.pdf"
	put "$work/$way.pdf" application/pdf
	number=$(jq -r .number "$work/out")
	for _ in $(seq 200); do
		grep -q "^$way" "$work/clamd.out" && break
		sleep 0.05
	done
	call "$api/$ref/documents/$number"
	ok "the scanner does '$way': the document waits" problem 409 sealed
	echo answer >"$work/way"
	ok "and is tried again" becomes "$number" clean
done
kill -9 "$clamd"
wait "$clamd" 2>/dev/null
clamd=
printf '%%PDF-1.7 alone' >"$work/alone.pdf"
put "$work/alone.pdf" application/pdf
number=$(jq -r .number "$work/out")
ok "without the daemon documents are taken" answered 201 '.state == "quarantined"'
fake_clamd
ok "and looked through when it is back" becomes "$number" clean
stop_server
serve "$store"
put "$work/bad.pdf" application/pdf
ok "an erased document may come again" answered 201 '.state == "unscanned"'
stop_server
run verify --data "$store"
ok "all of this verifies" exits 0

# ---- behind the hub's back ----
tampered() { # tampered NAME STATEMENT PATTERN
	copy_store "$store" "$work/tampered"
	sql "$work/tampered" "$2" || echo "# refused: $2"
	run verify --data "$work/tampered"
	ok "$1 is found" exits 1
	ok "$1 is named" out_has "$3"
}
tampered "a changed byte of a document" "update document_body set body = cast(body || $x20 as $blob) where number = 3 and reference = '$ref'" \
	'bytes of document 3 were changed'
tampered "a document whose bytes are gone" "delete from document_body where number = 3 and reference = '$ref'" 'bytes of document 3 are gone'
tampered "bytes of no document" "insert into document_body values ('$(sql "$store" "select office from document limit 1")', '$ref', 77, $x00)" 'are kept'
tampered "a deleted document" "delete from document where number = 3 and reference = '$ref';
	delete from document_body where number = 3 and reference = '$ref'" 'the log has document 3'
tampered "a changed name" "update document set name = 'x.pdf' where number = 3 and reference = '$ref'" 'of document 3 what the log says'
tampered "a changed state" "update document set state = 'clean' where state = 'erased' and number = 2 and reference = '$ref'" 'erased in the log'
tampered "a planted document" "insert into document select office, reference, 78, version, sha256, name, type, bytes, pointer, state, actor, at
	from document where number = 3 and reference = '$ref'; insert into document_body select office, reference, 78, body from document_body
	where number = 3 and reference = '$ref'" 'does not know document 78'
sql "$store" "update document_body set body = cast(body || $x20 as $blob) where number = 1 and reference = '$ref'"
serve "$store"
call "$api/$ref/documents/1"
ok "changed bytes are not given out" problem 503 store-failed
stop_server
sql "$store" "update document_body set body = substr(body, 1, length(body) - 1) where number = 1 and reference = '$ref'"

# ---- backup ----
run backup --data "$store" --to "$work/backup.jsonl"
ok "backup" exits 0
run restore --data "$work/new" "$work/backup.jsonl"
ok "restore" exits 0
cp -r "$store/keys" "$store/roots.log" "$work/new/"
run verify --data "$work/new"
ok "the restored store verifies" exits 0
serve "$work/new"
call "$api/$ref/documents/3"
ok "and gives the documents out" cmp -s "$work/b.pdf" "$work/out"
stop_server

# ---- kill -9 while documents come ----
unsound=0
: >"$work/acknowledged"
for round in $(seq 6); do
	serve "$work/kill" || break
	call --data-binary "@examples/import-simple.json" "$api"
	ref=$(jq -r .reference "$work/out")
	for i in $(seq 40); do
		{ printf '%%PDF-1.7 %s %s' "$round" "$i"; head -c 300000 /dev/zero; } >"$work/flood.pdf"
		curl -s -H "Authorization: Bearer $gateway" -H 'Content-Type: application/pdf' --data-binary "@$work/flood.pdf" "$api/$ref/documents" 2>/dev/null |
			jq -r '.sha256 // empty' >>"$work/acknowledged" 2>/dev/null || break
	done &
	flood=$!
	sleep "0.$((3 + round))"
	stop_server KILL
	kill $flood 2>/dev/null
	wait $flood 2>/dev/null
	run verify --data "$work/kill"
	exits 0 || unsound=$((unsound + 1))
done
ok "the server came back every time" [ "$round" -eq 6 ]
ok "the store verified after every kill" [ $unsound -eq 0 ]
ok "documents were acknowledged" [ -s "$work/acknowledged" ]
if on_server; then
	sql "$work/kill" "select encode(sha256, 'hex') from document"
else
	sql "$work/kill" 'select lower(hex(sha256)) from document'
fi | sort >"$work/stored"
ok "every one of them is there" [ "$(sort -u "$work/acknowledged" | comm -23 - "$work/stored" | wc -l)" -eq 0 ]
ok "none is half there" [ "$(sql "$work/kill" 'select count(*) from document d left join document_body b using (office, reference, number)
	where b.body is null or length(b.body) <> d.bytes')" -eq 0 ]

finish
