#!/usr/bin/env bash
# The API from outside, with curl: every route, every kind of refusal, and what must never leave on TCP. TAP.
#
#   http_routes.sh SERVER        SERVER is serve_for_tests
set -u
export LC_ALL=C

server=$(realpath "$1")
root=${CUSTOMHOUSE_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
pack=$root/packs/landfall
examples=$root/examples
work=$(mktemp -d "${TMPDIR:-/tmp}/customhouse-http.XXXXXX")
pid=
trap 'if [ -n "$pid" ]; then kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; fi; databases_drop "$work"; rm -rf "$work"' EXIT
. "$(dirname "$0")/database_lib.sh"
new_store() {
	rm -rf "$work/store" "$work/store."node*
	! on_server || database_make "$work/store"
	! on_server || export CUSTOMHOUSE_TEST_DATABASE="$(cat "$work/store.database")"
}
new_store

n=0
check() { # check NAME COMMAND...: passes when the command does
	local name=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		echo "# status ${status:-}; $(head -c 400 "$work/body" 2>/dev/null | tr '\n' ' ')"
	fi
}

start() {
	rm -f "$work/out"
	serve_as_told "$server" "$work/store" "$pack" "$work/hub.sock" >"$work/out" 2>>"$work/log" &
	pid=$!
	for _ in $(seq 300); do
		grep -qs '^port' "$work/out" && break
		sleep 0.1
	done
	read -r _ port _ token _ officer <"$work/out"
	url=http://127.0.0.1:$port
}

stop() {
	kill "$pid"
	wait "$pid"
	stopped=$?
	pid=
}

# call ARGS...: one request on TCP, signed in as a gateway, which sees what every trader sees. Leaves $status, body and headers; everything that ever came is kept for the last test.
call() {
	status=$(curl -s --max-time 60 -H "Authorization: Bearer $token" -D "$work/headers" -o "$work/body" -w '%{http_code}' "$@")
	case $* in
	*/openapi.json* | */draws* | */web/* | "$url/" | "$url/api") ;; # documents that speak of these things
	*) cat "$work/headers" "$work/body" >>"$work/all" 2>/dev/null ;;
	esac
}
post() { # post FILE ARGS...
	local file=$1
	shift
	call --data-binary "@$file" "$@" "$url/api/v1/declarations"
}
local_call() {
	status=$(curl -s --max-time 60 --unix-socket "$work/hub.sock" -o "$work/body" -w '%{http_code}' "$@")
}
answered() { [ "$status" = "$1" ] && { [ $# -lt 2 ] || jq -e "$2" "$work/body" >/dev/null 2>&1; }; }
header() { tr -d '\r' <"$work/headers" | sed -n "s/^$1: //Ip" | head -n 1; }
problem() { # problem STATUS ID: the body is a whole problem document
	answered "$1" ".type == \"/api#problem-$2\" and .status == $1 and (.title | length > 0) and .instance == \"$(header X-Request-Id)\"" &&
		[ "$(header Content-Type)" = application/problem+json ]
}

# A few in a hundred are drawn at random for a control, and told so: then with the keys of another store.
for _ in 1 2 3 4 5 6; do
	start
	post "$examples/import-simple.xml"
	answered 201 '.state == "documents-required" or .state == "examination"' || break
	stop
	new_store
done

# ---- handing in ----
ref=$(jq -r .reference "$work/body")
check 'a declaration is decided and stored' answered 201 '.state == "assessed" and (.taxes | length > 0)'
check 'Location leads to it' [ "$(header Location)" = "/api/v1/declarations/$ref" ]
cp "$work/body" "$work/first"
call "$url/api/v1/declarations/$ref"
check 'its answer can be read' cmp -s "$work/first" "$work/body"
post "$examples/import-simple.xml" -H 'Content-Type: application/xml'
check 'the same bytes again: the same answer, 200' answered 200 ".reference == \"$ref\""
check 'byte for byte' cmp -s "$work/first" "$work/body"
sed 's/81600/81700/' "$examples/import-simple.xml" >"$work/other.xml"
post "$work/other.xml"
check 'other bytes under the same reference are a conflict' problem 409 conflict
check 'which names the case' answered 409 ".reference == \"$ref\""

post "$examples/import-preference.json" -H 'Idempotency-Key: "key-1"' -H 'Content-Type: application/json; charset=utf-8'
check 'JSON is taken' answered 201 '.state == "accepted"'
keyed=$(jq -r .reference "$work/body")
post "$examples/import-preference.json" -H 'Idempotency-Key: key-1'
check 'an idempotency key, quoted or not, gives the same answer' answered 200 ".reference == \"$keyed\""
sed 's/DELI-2026-0093-J/DELI-2026-0094-J/' "$examples/import-preference.json" >"$work/other.json"
post "$work/other.json" -H 'Idempotency-Key: key-1'
check 'other bytes under a key are a conflict' problem 409 conflict
post "$work/other.json" -H 'Idempotency-Key: '"$(printf 'k%.0s' $(seq 71))"
check 'a key that is too long is refused' problem 400 bad-idempotency-key

# ---- interchanges ----
edi() { call --data-binary "@$1" -H 'Content-Type: application/edifact' "$url/api/v1/interchanges"; }
says() { grep -aqF "$1" "$work/body"; }
cat >"$work/int.edi" <<-'EDI'
	UNB+UNOC:3+BROKER1:ZZ+XLCUS+260117:1200+INT1'
	UNH+1+CUSDEC:D:96B:UN'BGM+929:::IMA+EDI-1+9'LOC+22+XLHAR001'NAD+DT+XL300000000015'UNS+D'UNS+S'UNT+7+1'
	UNH+2+CUSDEC:D:96B:UN'BGM+929:::IMA+EDI-2+9'LOC+QQ+XLHAR001'NAD+DT+XL300000000015'UNS+D'UNS+S'UNT+7+2'
	UNH+3+PAXLST:D:05B:UN'BGM+745'UNT+3+3'
	UNH+4+PNRGOV:D:05B:UN'BGM+745'UNT+3+4'
	UNZ+4+INT1'
EDI
edi "$work/int.edi"
check 'an interchange is answered by one' answered 200
check 'of its kind' [ "$(header Content-Type)" = application/edifact ]
check 'with the two turned round' says "UNB+UNOC:3+XLCUS+BROKER1:ZZ+"
check 'CONTRL takes what is sound' says "UCM+1+CUSDEC:D:96B:UN+7'"
check 'and says what is not, and where' [ "$(grep -aA2 'UCM+2' "$work/body" | tr -d '\n')" = "UCM+2+CUSDEC:D:96B:UN+4'UCS+3'UCD+12+1:1'" ]
check 'a message that is only kept is checked' [ "$(grep -aA1 'UCM+3' "$work/body" | tr -d '\n')" = "UCM+3+PAXLST:D:05B:UN+4'UCS+3+13'" ]
check 'one that no directory has is refused alone' says "UCM+4+PNRGOV:D:05B:UN+4+17'"
check 'CUSRES tells what was decided' says "+CUSRES:D:96B:UN'"
check 'for each declaration' [ "$(grep -ac 'RFF+ABT' "$work/body")" = 2 ]
grep -a 'RFF+ABT' "$work/body" >"$work/references"
edi "$work/int.edi"
grep -a 'RFF+ABT' "$work/body" >"$work/again"
check 'the same interchange again: the same cases' cmp -s "$work/references" "$work/again"
sed 's/UNZ+4/UNZ+1000000/; s/INT1/INT2/' "$work/int.edi" >"$work/lie.edi"
edi "$work/lie.edi"
check 'one whose count is a lie is refused as a whole' says "UCI+INT2+BROKER1:ZZ+XLCUS+4+29+UNZ'"
check 'and nothing of it is decided' [ "$(grep -ac RFF "$work/body")" = 0 ]
printf 'nonsense' >"$work/none.edi"
edi "$work/none.edi"
check 'what is no interchange' problem 400 unreadable

# ---- what would come of it ----
try() { # try FILE ARGS...
	local file=$1
	shift
	call --data-binary "@$file" "$@" "$url/api/v1/declarations/check"
}
cases_before=$(curl -s --unix-socket "$work/hub.sock" http://localhost/local/v1/status | jq .submitted)
try "$examples/import-simple.xml"
check 'a check says what would be due' answered 200 '.sound and .format == "wco-dec" and .total.amount == "'"$(jq -r .total.amount "$work/first")"'"'
check 'and neither lane nor state' answered 200 '(has("lane") or has("state") or has("next") or has("score") or has("draw")) | not'
jq .declaration "$work/body" >"$work/canonical"
call "$url/api/v1/declarations/$ref/declaration"
check 'what was declared is the same as what was read' [ "$(jq -S . "$work/body")" = "$(jq -S . "$work/canonical")" ]
try "$work/canonical" -H 'Content-Type: application/json'
check 'and reads as itself' [ "$(jq -S .declaration "$work/body")" = "$(jq -S . "$work/canonical")" ]
try "$examples/import-simple.csv" -H 'Content-Type: text/csv'
check 'of a table, too' answered 200 '.format == "csv" and (.declaration.shipment.items | length > 0)'
try "$examples/import-errors.json" -H 'Accept-Language: fr'
check 'every finding at its place, in words' answered 200 '(.sound | not) and ([.findings[] | select(.severity == "error" and (.text | length > 0))] | length > 10)'
printf '{"function": ' >"$work/broken.json"
try "$work/broken.json" -H 'Content-Type: application/json'
check 'what cannot be read says where' answered 400 '.type == "/api#problem-unreadable" and .line == 1'
try "$examples/import-simple.xml" -H 'Content-Type: image/png'
check 'another type' problem 415 unsupported-type
check 'nothing of that was stored' [ "$(curl -s --unix-socket "$work/hub.sock" http://localhost/local/v1/status | jq .submitted)" = "$cases_before" ]
call "$url/api/v1/declarations/26XL99999999999X/declaration"
check 'no such declaration' problem 404 not-found
call "$url/api/v1/tariff/codes/office"
check 'a code list' answered 200 '.codes[0].code == "XLHAR001" and (.codes[0].name | length > 0)'
call "$url/api/v1/tariff/codes/nothing"
check 'no such code list' problem 404 not-found
call "$url/api/v1/tariff/procedures"
check 'procedures' answered 200 '.procedures | any(.code == "42" and .previous == "00" and .documents == "L210")'

post "$examples/import-errors.json"
check 'a rejected declaration is stored too, with all its findings' answered 201 '.state == "rejected" and ([.findings[] | select(.severity == "error")] | length > 10)'
english=$(jq -r '.findings[0].text' "$work/body")
rejected=$(jq -r .reference "$work/body")
call -H 'Accept-Language: de;q=0.9, fr-CA;q=0.8, en;q=0.1' "$url/api/v1/declarations/$rejected"
check 'in French when that is what is read' answered 200 ".findings[0].text != \"$(printf %s "$english" | sed 's/"/\\"/g')\" and (has(\"language_fallback\") | not)"
check 'and it says so' [ "$(header Content-Language)" = fr ]
call -H 'Accept-Language: de' "$url/api/v1/declarations/$rejected"
check 'a language without texts falls back visibly' answered 200 '.language_fallback'

# ---- the answer as a response message ----
xml() { xmllint --xpath "$1" "$work/body" 2>/dev/null; } # the value of an XPath expression, by local names
response='//*[local-name()="Response"]'
call -H 'Accept: application/xml' "$url/api/v1/declarations/$ref"
check 'as XML when that is accepted' [ "$status" = 200 -a "$(header Content-Type)" = application/xml ]
check 'it says accepted, then what is due' [ "$(xml "string(($response/*[local-name()='FunctionCode'])[1])")/$(xml "string(($response/*[local-name()='FunctionCode'])[2])")" = 01/13 ]
check 'of this case' [ "$(xml "string(//*[local-name()='Declaration']/*[local-name()='ID'])")" = "$ref" ]
check 'with the same total' [ "$(xml "string(//*[local-name()='Declaration']/*[local-name()='DutyTaxFee']//*[local-name()='PaymentAmount'])")" = "$(jq -r .total.amount "$work/first")" ]
check 'with as many lines' [ "$(xml "count(//*[local-name()='Commodity']/*[local-name()='DutyTaxFee'])")" = "$(jq '.taxes | length' "$work/first")" ]
cp "$work/body" "$work/first.xml"
post "$examples/import-simple.xml" -H 'Accept: application/xml, application/json;q=0.5'
check 'the same bytes posted again: the same message' [ "$status" = 200 -a "$(cmp "$work/body" "$work/first.xml" && echo same)" = same ]
call -H 'Accept: application/json, application/xml' "$url/api/v1/declarations/$ref"
check 'JSON when that comes first' cmp -s "$work/first" "$work/body"
call -H 'Accept: */*' "$url/api/v1/declarations/$ref"
check 'JSON for whoever takes anything' cmp -s "$work/first" "$work/body"
call -H 'Accept: application/xml' -H 'Accept-Language: fr' "$url/api/v1/declarations/$rejected"
check 'a rejection: one answer' [ "$(xml "count($response)")/$(xml "string($response/*[local-name()='FunctionCode'])")" = 1/03 ]
errors=$(xml "count($response/*[local-name()='Error'])")
french=$(xml "string($response/*[local-name()='Error'][1]/*[local-name()='Description'])")
rule=$(xml "string($response/*[local-name()='Error'][1]/*[local-name()='ValidationCode']/@name)")
call -H 'Accept-Language: fr' "$url/api/v1/declarations/$rejected"
check 'with each error' answered 200 "[.findings[] | select(.severity == \"error\")] | length == $errors"
check 'its rule and its text in the language asked for' answered 200 "[.findings[] | select(.severity == \"error\")][0] | .rule == \"$rule\" and .text == \"$french\""
call -H 'Accept: application/xml' "$url/api/v1/declarations/26XL99999999999Z"
check 'a problem stays a problem document' problem 404 not-found

# ---- refusals of a body ----
printf '<a>\n <b></a>' >"$work/broken.xml"
post "$work/broken.xml"
check 'what is not well-formed: where' answered 400 '.line == 2 and .column > 0 and .type == "/api#problem-unreadable"'
printf '{"a": 1, "a": 2}' >"$work/broken.json"
post "$work/broken.json" -H 'Content-Type: application/json'
check 'the same for JSON' problem 400 unreadable
post "$examples/import-simple.xml" -H 'Content-Type: application/json'
check 'XML that calls itself JSON' problem 400 unreadable
post "$examples/import-simple.xml" -H 'Content-Type: application/vnd.wco.dec+xml'
check 'a vendor type of XML is XML' answered 200
post "$examples/import-simple.xml" -H 'Content-Type: text/plain'
check 'a type that is not read' problem 415 unsupported-type
gzip -c "$examples/import-simple.xml" >"$work/simple.gz"
post "$work/simple.gz" -H 'Content-Encoding: gzip' -H 'Content-Type: application/xml'
check 'an encoded body' problem 415 unsupported-type
call -X POST "$url/api/v1/declarations"
check 'no body' problem 400 empty
for encoding in UTF-16LE UTF-16BE UTF-32; do
	iconv -f UTF-8 -t $encoding "$examples/import-simple.xml" >"$work/wide.xml"
	post "$work/wide.xml"
	check "$encoding is read or refused, never a crash" [ "$status" = 400 -o "$status" = 201 -o "$status" = 409 ]
done

truncate -s 200M "$work/huge"
call -X POST -T "$work/huge" "$url/api/v1/declarations"
check '200 MB are refused before they are read' problem 413 too-large
call -X POST -H 'Expect:' -T "$work/huge" "$url/api/v1/declarations"
check 'also when the client does not wait' [ "$status" = 413 -o "$status" = 000 ]
truncate -s 11M "$work/huge"
call -X POST -H 'Expect:' -T "$work/huge" "$url/api/v1/declarations"
check '11 MB: an answer, and the connection goes on' problem 413 too-large
call -X POST -H 'Transfer-Encoding: chunked' -T "$work/huge" "$url/api/v1/declarations"
check '11 MB in chunks' problem 413 too-large
rm "$work/huge"
call -X POST -H 'Transfer-Encoding: chunked' -T "$examples/import-simple.xml" "$url/api/v1/declarations"
check 'chunks are taken' answered 200 ".reference == \"$ref\""

# ---- paths and methods ----
call "$url/nothing"
check 'no such path' problem 404 not-found
call "$url/api/v1/declarations/26XL99999999999Z"
check 'no such declaration' problem 404 not-found
for path in /../../etc/passwd /api/v1/declarations/..%2f..%2fetc%2fpasswd /web/../../etc/passwd //etc/passwd /api/v1/declarations/%2e%2e \
	"/api/v1/declarations/'%20OR%20'1'='1" "/api/v1/declarations/x';DROP%20TABLE%20event;--"; do
	call --path-as-is "$url$path"
	check "$path leads nowhere" problem 404 not-found
done
for path in '/%00' '/api/v1/declarations/a%00b' '/api%0d%0aSet-Cookie:x' '/%zz' '/%'; do
	call --path-as-is "$url$path"
	check "$path is refused" problem 400 bad-request
done
call -X DELETE "$url/api/v1/declarations"
check 'a method that is not taken' problem 405 method-not-allowed
check 'and those that are' [ "$(header Allow)" = 'POST, OPTIONS' ]
call -X PUT "$url/healthz"
check 'the same for GET' [ "$(header Allow)" = 'GET, HEAD, OPTIONS' ]
call -X OPTIONS "$url/healthz"
check 'OPTIONS' [ "$status-$(header Allow)" = '204-GET, HEAD, OPTIONS' ]
status=$(curl -s -I -D "$work/headers" -o "$work/body" -w '%{http_code}-%{size_download}' "$url/healthz")
check 'HEAD has no body' [ "$status" = 200-0 ]

# ---- what every answer carries ----
call -H 'X-Request-Id: my-id.7' "$url/healthz"
check 'the request id comes back' [ "$(header X-Request-Id)" = my-id.7 ]
call -H 'X-Request-Id: <script>' "$url/healthz"
check 'unless it is none' [ ${#status} = 3 -a "$(header X-Request-Id | grep -c '^[0-9a-f]\{32\}$')" = 1 ]
check 'nosniff' [ "$(header X-Content-Type-Options)" = nosniff ]
check 'a form of ours may say where it stands' [ "$(header Referrer-Policy)" = same-origin ]
call "$url/api/v1/declarations/$ref"
check 'answers are kept by nobody' [ "$(header Cache-Control)" = no-store ]
call "$url/api"
check 'a page loads nothing but its own' [ "$(header Content-Security-Policy | grep -c "default-src 'none'.*script-src 'self'")" = 1 ]
call -H 'Origin: https://elsewhere.example' --data-binary "@$examples/export.json" "$url/api/v1/declarations"
check 'a page of another site may not hand in' problem 403 foreign-origin
call -H 'Host: elsewhere.example' "$url/api/v1/declarations/$ref"
check 'nor may another name be pointed here' problem 421 misdirected
call -H "Origin: $url" --data-binary "@$examples/export.json" "$url/api/v1/declarations"
check 'a page of our own may' answered 201

# ---- explanation, lists, documents ----
call "$url/api/v1/declarations/$ref/explanation"
check 'an explanation in words' grep -q "$ref" "$work/body"
call -H 'Accept: application/json' "$url/api/v1/declarations/$ref/explanation"
check 'and as JSON' answered 200 ".reference == \"$ref\" and .language == \"en\" and (.text | length > 50)"
call "$url/api/v1/declarations/26XL99999999999Z/explanation"
check 'of nothing' problem 404 not-found
call "$url/api/v1/formats"
check 'the formats' answered 200 '(map(.id) | contains(["json", "wco-dec", "wco-res"])) and (map(select(.carries == "answers").id) == ["cusres", "wco-res"])'
call "$url/api/v1/tariff/commodities?q=roasted+cofee"
check 'the tariff is searched, mistakes forgiven' answered 200 '(.commodities | map(.code) | index("09012100")) and .corrected == [{"from": "cofee", "to": "coffee"}]'
call "$url/api/v1/tariff/commodities?q="
check 'but not for nothing' problem 400 bad-request
call "$url/api/v1/tariff/commodities/0901?origin=FR&on=2026-03-01"
check 'a place of the nomenclature' answered 200 '(.below | length) == 4 and any(.measures[]; .preference.code == "300" and .document.code == "N954" and (.source | length > 0))'
call "$url/api/v1/tariff/commodities/99990000"
check 'one that is not there' problem 404 not-found
call "$url/api/v1/tariff/duty?commodity=09011100&value=1000.00+USD&origin=FR&quantity=500+kg&terms=CIF&on=2026-03-01"
check 'what is due, by every option' answered 200 '(.options | map(.total)) == ["257.84", "223.04"] and .options[0].total_invoice == "203.10" and ([.. | strings] | any(test("lane|score")) | not)'
call "$url/api/v1/tariff/duty?commodity=0901&value=1"
check 'only for goods that can be declared' problem 400 bad-request
call "$url/api/v1/tariff/duty?commodity=09011100&value=1&origin=FR&destination=FR"
check 'and for one direction' problem 400 bad-request
call "$url/api/v1/tariff/origin?commodity=640399&origin=XM"
check 'agreements of a country' answered 200 '(.agreements | map(.code)) == ["LFA"] and (has("next") | not)'
call "$url/api/v1/tariff/origin?commodity=640399&origin=XM&agreement=LFA&on=2026-06-01"
check 'a check of origin begins with a question' answered 200 '.originating == "open" and .next.question == "wholly_obtained" and .rule.commodity == "64"'
origin() { # origin ANSWERS
	call -H 'Content-Type: application/json' --data-binary "{\"commodity\":\"640399\",\"origin\":\"XM\",\"agreement\":\"LFA\",\"on\":\"2026-06-01\",\"answers\":$1}" \
		"$url/api/v1/tariff/origin"
}
origin '{"materials":[{"commodity":"640610","value":"8.01","country":"XN"}]}'
check 'asks for what the rule needs' answered 200 '.next.question == "ex_works" and .next.asks == "amount"'
origin '{"materials":[{"commodity":"640610","value":"8.01","country":"XN"}],"ex_works":"80"}'
check 'is exact' answered 200 '.originating == "no" and .next == null and any(.steps[]; .text == "change heading except 6406: 8.01 of 80" and .line == 20)'
origin '{"materials":[{"commodity":"640610","value":8,"country":"XN"}],"ex_works":"80","beyond_simple":true,"direct_transport":true,"proof":"N954","proof_date":"2026-05-01"}'
check 'and comes to an end' answered 200 '.originating == "yes" and .criterion == "rule" and .preference == "yes" and .next == null'
origin '{"colour":"red"}'
check 'what nobody asked is refused' problem 400 bad-request
origin '{},"more":1'
check 'and what is not of the question' problem 422 invalid
origin "{\"proof\":\"$(printf '%070000d' 0)\"}"
check 'and what is too much' problem 413 too-large
call "$url/api/v1/draws"
check 'the draws are committed to and signed' answered 200 '(.days | length > 0) and (.signature | test("^[0-9a-f]{128}$"))'
check 'but a running day is not counted' answered 200 'all(.days[]; (has("picked") or has("drawn")) | not)'
call "$url/"
check 'a first page' grep -q 'data-binary @examples' "$work/body"
call "$url/metrics"
# Nodes count what each of them did.
several && count='[0-9]' || count=3
check 'metrics' grep -q "^customhouse_declarations_total{outcome=\"accepted\"} $count\$" "$work/body"
check 'well-formed ones' [ "$(grep -Evc '^(# (HELP|TYPE) customhouse_[a-z_]+ .+|customhouse_[a-z_]+(\{([a-z]+="[^"]*",?)+\})? [0-9.]+)$' "$work/body")" = 0 ]

call "$url/api/v1/openapi.json"
check 'the OpenAPI document' answered 200 '.openapi == "3.1.0" and (.components.schemas | has("declaration"))'
jq -r '.paths | to_entries[] | .key as $p | .value | keys[] | "\(ascii_upcase) \($p)"' "$work/body" | sort >"$work/documented"
sed -n 's/^\([A-Z]*\)("\([^"]*\)".*/\1 \2/p' "$root/src/http/routes.def" | sort >"$work/routes"
check 'names every route, and no other' cmp -s "$work/documented" "$work/routes"
jq '. as $d | [.. | objects | ."$ref"? | strings] | unique[] | select(. as $r | $d | getpath($r[2:] / "/") | not)' "$work/body" >"$work/dangling"
check 'and refers to nothing that is not there' [ ! -s "$work/dangling" ]
jq -r '."x-problems"[].id' "$work/body" | sort >"$work/documented"
sed -n 's/^PROBLEM([A-Z_]*, "\([^"]*\)".*/\1/p' "$root/src/http/problems.def" | sort >"$work/routes"
check 'it lists every problem' cmp -s "$work/documented" "$work/routes"

# ---- the operator's socket ----
check 'only its owner may open the socket' [ "$(stat -c %a "$work/hub.sock")" = 600 ]
for path in status declarations "declarations/$ref" packs; do
	call "$url/local/v1/$path"
	check "on TCP there is no /local/v1/$path" problem 404 not-found
done
local_call --data-binary "@$examples/import-simple.xml" http://localhost/local/v1/declarations
check 'the whole record' answered 200 '.declaration.reference and .lane and .draw and .versions.pack and .program'
local_call "http://localhost/local/v1/declarations/$ref?for=auditor&version=1"
check 'the same later' answered 200 '.lane and .decided_at'
local_call "http://localhost/local/v1/declarations/$ref?for=trader"
check 'what the trader sees' answered 200 '(has("lane") | not) and .state == "assessed"'
local_call -H 'Accept: text/plain' "http://localhost/local/v1/declarations/$ref?for=officer"
check 'and in words' grep -qi lane "$work/body"
local_call "http://localhost/local/v1/declarations/$ref?for=nobody"
check 'no such reader' answered 400
local_call "http://localhost/local/v1/declarations/$ref?version=9"
check 'no such version' answered 404
local_call http://localhost/local/v1/status
several && is='.accepted <= 3' || is=".accepted == 3 and \"$url\" == \"http://127.0.0.1:\(.port)\""
check 'status' answered 200 ".writable and $is"
local_call --data-binary "$pack" http://localhost/local/v1/packs
check 'the pack that is in force' answered 200 '.unchanged'
cp -r "$pack" "$work/pack"
echo 'nonsense' >>"$work/pack/levies.csv"
local_call --data-binary "{\"folder\": \"$work/pack\"}" http://localhost/local/v1/packs
check 'a pack with a fault: where' answered 422 '.faults[0].file == "levies.csv" and .faults[0].line > 1 and (.faults[0].text | length > 0)'
local_call --data-binary 'packs/landfall' http://localhost/local/v1/packs
check 'a path that depends on who reads it' answered 400
rm -r "$work/pack"
cp -r "$pack" "$work/pack"
echo '# another' >>"$work/pack/landfall.rules"
local_call --data-binary "{\"folder\": \"$work/pack\", \"reason\": \"a test\"}" http://localhost/local/v1/packs
check 'another pack comes into force while the hub runs' answered 200 '.unchanged | not'

# ---- nothing of the officer's on TCP ----
sed -n 's/^rule \([A-Za-z0-9_-]*\) .*/\1/p' "$pack"/*.rules | sort -u >"$work/rules"
check 'there are rules to look for' [ "$(wc -l <"$work/rules")" -ge 20 ]
leaks() { # leaks FILE; that there is a route of this name is no secret
	sed 's|/api/v1/draws||g' "$1" >"$work/looked-at"
	grep -aEiq '\<(lane|lanes|score|draw|draws)\>|"(holds|reasons|weight|kind|commitment|facts|versions)"' "$work/looked-at" ||
		grep -aFwq -f "$work/rules" "$work/looked-at"
}
leaks_not() { ! leaks "$@"; }
check 'lane, score, draw, rules, holds: in nothing that left on TCP' leaks_not "$work/all"
local_call "http://localhost/local/v1/declarations/$ref"
check 'though in the record they would be found' leaks "$work/body"
call "$url/api/v1/declarations/$ref"
check 'an answer has the members that it is documented with, and no others' answered 200 \
	'keys - ["asked", "findings", "next", "received_at", "reference", "state", "taxes", "total", "trader_reference", "version"] == []'

# ---- stop and start ----
stop
check 'a graceful stop' [ $stopped = 0 ]
check 'takes the socket away' [ ! -e "$work/hub.sock" ]
: >"$work/hub.sock"
"$server" "$work/store" "$pack" "$work/hub.sock" >/dev/null 2>"$work/err"
check 'a file that is no socket is left alone' [ $? = 1 -a -f "$work/hub.sock" ]
rm "$work/hub.sock"
start
{ kill -9 "$pid" && wait "$pid"; } 2>/dev/null
check 'a killed server leaves its socket' [ -S "$work/hub.sock" ]
start
call "$url/api/v1/declarations/$ref"
check 'and the next one replaces it; nothing is lost' cmp -s "$work/first" "$work/body"

echo "1..$n"
