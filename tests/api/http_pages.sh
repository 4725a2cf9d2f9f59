#!/usr/bin/env bash
# The pages for everybody from outside: they say what the API says, in three languages, with nothing in them that came from a stranger
# and means something in HTML, and nothing fetched from elsewhere. TAP.
#
#   http_pages.sh CUSTOMHOUSE
set -u
export LC_ALL=C
. "$(dirname "$0")/database_lib.sh"

program=$(realpath "$1")
root=${CUSTOMHOUSE_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
work=$(mktemp -d "${TMPDIR:-/tmp}/customhouse-pages.XXXXXX")
pid=
trap 'if [ -n "$pid" ]; then kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; fi; rm -rf "$work"' EXIT

cp -r "$root/packs/landfall" "$work/pack"
sed -i 's/,2027-12-31,/,2099-12-31,/' "$work/pack/quotas.csv" # whenever this runs
"$program" serve --data "$work/store" --pack "$work/pack" --listen 127.0.0.1:0 >"$work/out" 2>"$work/log" &
pid=$!
for _ in $(seq 300); do
	grep -qs 'http://' "$work/out" && break
	sleep 0.1
done
url=$(grep -o 'http://127.0.0.1:[0-9]*' "$work/out" | head -n 1)
[ -n "$url" ] || {
	cat "$work/out" "$work/log"
	echo "Bail out! the hub does not start"
	exit 1
}

n=0
ok() { # ok NAME COMMAND...
	local name=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		echo "# $status $(head -c 300 "$work/body" | tr '\n' ' ')"
	fi
}
get() { status=$(curl -s --max-time 60 -D "$work/headers" -o "$work/body" -w '%{http_code}' "$@"); }
header() { tr -d '\r' <"$work/headers" | sed -n "s/^$1: //Ip" | head -n 1; }
has() { grep -qF -- "$1" "$work/body"; }
lacks() { ! has "$1"; }

# ---- what they say ----
get "$url/tariff?q=cofee"
ok "a slip is forgiven" eval '[ "$status" = 200 ] && has "/tariff/09011100" && has "Green coffee beans"'
get "$url/tariff"
ok "the chapters" eval 'has "/tariff/09\"" && has "Coffee, tea and spices"'
get "$url/tariff/0901"
ok "a heading leads on to its codes" eval 'has "/tariff/09011100" && lacks "receipt"'
get "$url/tariff/04069000?value=1000.00&origin=XS&quantity=500+kg"
ok "what is left of a quota, and what cannot be known yet" eval \
	'has "Left of the quota" && has "only when the day" && has "If all is granted" && has "What is left of a quota changes"'
get "$url/tariff/04069000?value=1000.00&origin=XS&quantity=500+kg&on=2026-01-05&lang=fr"
ok "of a day that is over nothing" eval 'lacks "Reste du contingent" && has "pas conserv"'
get "$url/tariff/09011100?value=1000.00&currency=USD&origin=FR&quantity=500+kg&on=2026-11-22"
cp "$work/body" "$work/page"
total=$(curl -s "$url/api/v1/tariff/duty?commodity=09011100&value=1000.00&currency=USD&origin=FR&quantity=500+kg&on=2026-11-22" |
	jq -r '.options[].total')
cp "$work/page" "$work/body"
each_total() {
	[ "$(wc -w <<<"$total")" -ge 2 ] || return 1
	for t in $total; do
		has "$t" || return 1
	done
}
ok "the sums are those of the API" each_total
ok "with each step" has "half-up"
ok "the form says what was asked" eval 'has "value=\"1000.00\"" && has "value=\"FR\" selected"'
ok "and other languages keep it" has 'href="?lang=fr&amp;on=2026-11-22&amp;value=1000.00&amp;currency=USD&amp;origin=FR&amp;quantity=500%20kg"'
get "$url/tariff/09011100?value=much"
ok "what cannot be worked out says why" eval '[ "$status" = 200 ] && has govuk-error-summary && has "must be an amount"'
get "$url/tariff/77777777"
ok "no such goods" eval '[ "$status" = 404 ] && has "There is no such page"'
get "$url/tariff?on=yesterday"
ok "no such day" eval '[ "$status" = 400 ] && has "must be a day"'
get "$url/exchange-rates?on=2026-11-20"
ok "rates of exchange" eval 'has "US Dollar" && has "1.23" && has "datetime=\"2026"'
get "$url/procedures/transit"
cost="15.00$(printf '\302\240')XLD"
ok "what to do, step by step, what it costs and by which law" eval \
	'[ "$status" = 200 ] && has "class=\"steps\"" && has "$cost" && has "<bdi>24</bdi> hours" && has "Customs Debt Act, s. 14"'
ok "and the same for programs" has 'href="/api/v1/tariff/procedures/transit"'
get "$url/procedures/import?lang=fr&on=2026-11-22"
ok "fees that every consignment pays, papers and procedures" eval \
	'has "0.4% min 12.00 XLD max 480.00 XLD" && has "/tariff/01061100?on=2026-11-22" && has "Perfectionnement actif" && has "730"'
ok "the programs have the day too" has 'href="/api/v1/tariff/procedures/import?on=2026-11-22"'
get "$url/procedures/export"
ok "an export pays no import duty" eval 'has "XTX" && lacks "Processing fee" && has "Export for good"'
get "$url/procedures/smuggling"
ok "there is no other way" [ "$status" = 404 ]
get "$url/draws"
ok "draws" eval '[ "$status" = 200 ] && has "$(curl -s "$url/api/v1/draws" | jq -r ".days[0].commitment")"'

# ---- languages ----
get -H 'Accept-Language: ar, fr;q=0.5' "$url/tariff/09011100"
ok "Arabic, from right to left" eval 'has "<html lang=\"ar\" dir=\"rtl\">" && [ "$(header Content-Language)" = ar ]'
ok "what is in English there is marked and told" eval 'has "<bdi lang=\"en\">Green coffee beans</bdi>" && has "role=\"note\""'
get -H 'Accept-Language: fr-CH' "$url/tariff/09011100"
ok "French, with the pack's own texts" eval 'has "<html lang=\"fr\" dir=\"ltr\">" && lacks "role=\"note\""'
get -H 'Accept-Language: fr' "$url/tariff/09011100?value=2500&origin=FR"
ok "numbers as they are written there" eval 'has "2$(printf "\\342\\200\\257")500,00"'
get -H 'Accept-Language: fr' "$url/?lang=en"
ok "a language that was chosen is remembered" eval 'has "lang=\"en\"" && [[ "$(header Set-Cookie)" == "lang=en; Path=/; "*"SameSite=Lax"* ]]'
get -H 'Accept-Language: fr' -H 'Cookie: a=b; lang=ar; c=d' "$url/"
ok "and goes before what the browser says" has 'lang="ar"'
get -H 'Cookie: lang=xx"><script>' "$url/?lang=%22%3E%3Cscript%3E"
ok "one that there is not is nothing" eval '[ "$status" = 200 ] && has "<html lang=\"en\"" && lacks "<script>" && [ -z "$(header Set-Cookie)" ]'
for folder in . app trader desk; do
	for other in fr ar; do
		ok "every text of $folder is in $other" diff <(jq -r 'keys[]' "$root/web/phrases/$folder/en.json") <(jq -r 'keys[]' "$root/web/phrases/$folder/$other.json")
	done
done

# ---- the shells of the apps ----
get "$url/trader/declarations/26XL01000000001Y?x=%22%3E%3Cscript%3E"
ok "a shell for whatever lies below, the same for everybody" eval '[ "$status" = 200 ] && has "id=\"app\"" && lacks 26XL && lacks "<script>"'
[[ "$(header Content-Security-Policy)" == *"frame-ancestors 'none'"* ]] && framed=no || framed=yes
ok "which no other site can frame" [ "$framed" = no ]
get -H 'Accept-Language: ar' "$url/desk"
ok "in the reader's language" eval 'has "<html lang=\"ar\" dir=\"rtl\">" && has "مكتب الجمارك"'
texts=$(sed -n 's/.*data-phrases="\([^"]*\)".*/\1/p' "$work/body")
if [ -n "$texts" ]; then
	get "$url$texts"
	ok "with its texts, none of which is missing" [ "$(jq -r '(.texts | length > 50), (.missing | length)' "$work/body" | paste -sd' ')" = "true 0" ]
fi
# ---- papers, and whether they are the hub's ----
jq '.shipment.importer.name = "\u202e<b>Müller</b> & Söhne\u2066\n中文" | .trader_reference = "PAPER-1"' "$root/examples/import-simple.json" >"$work/import.json"
reference=$("$program" submit --data "$work/store" "$work/import.json" | jq -r .declaration.reference)
paper() { # paper NAME LANGUAGE: $work/NAME.pdf, and its text in the body
	status=$(curl -s --max-time 60 --unix-socket "$work/store/hub.sock" -o "$work/$1.pdf" -w '%{http_code}' \
		"http://localhost/api/v1/declarations/$reference/$1.pdf?lang=$2")
	! command -v pdftotext >/dev/null || pdftotext -layout "$work/$1.pdf" "$work/body"
}
code=$(curl -s --unix-socket "$work/store/hub.sock" "http://localhost/api/v1/declarations/$reference/papers" | jq -r '.papers[0].code')
ok "a case has a tax notice, with a code" eval '[[ "$code" == T1-????-????-????-???? ]]'
paper tax-notice en
drawn=yes
[ "$status" != 503 ] || { # the machine has not what papers are drawn with
	drawn=no
	grep -q no-papers "$work/tax-notice.pdf" || drawn=broken
}
ok "which is drawn, or it is said what is missing ($drawn)" [ "$drawn" != broken ]
if [ $drawn = yes ]; then
	cp "$work/tax-notice.pdf" "$work/first.pdf"
	paper tax-notice en
	ok "the same again is the same bytes" cmp -s "$work/first.pdf" "$work/tax-notice.pdf"
	if command -v pdftotext >/dev/null; then
		ok "it says what is due, by which law, and its code" eval 'has 17,937.20 && has "Finance Act 2026" && has "$code" && has "$reference"'
		ok "a name turns nothing around it" eval 'has "<b>Müller</b> & Söhne" && grep -q "Importer .*XL200000000018" "$work/body"'
		paper tax-notice fr
		ok "in French" eval 'has "Avis de liquidation" && has "Total dû" && has "Taxe sur la"'
		paper tax-notice ar
		ok "in Arabic, numbers from left to right" eval 'has 17,937.20 && has "$code" && has إشعار'
	fi
fi
get "$url/check?reference=$reference&code=$code"
ok "anybody checks it" eval '[ "$status" = 200 ] && has "Genuine, and it stands" && has 17,937.20'
ok "and learns no name" eval 'lacks Müller && lacks XL200000000018 && lacks PAPER-1 && lacks coffee'
get -H 'Accept-Language: ar' "$url/check?reference=$reference&code=$(tr -d - <<<"$code" | tr '[:upper:]' '[:lower:]')"
ok "as people type it, in Arabic" eval '[ "$status" = 200 ] && has "وثيقة صحيحة وسارية" && has "dir=\"rtl\""'
get "$url/check?reference=${reference%?}&code=$code"
ok "no other reference has it" eval '[ "$status" = 404 ] && has "No paper with this reference and code"'
get "$url/check?reference=$reference&code=${code/T1/T2}"
ok "nor another version" [ "$status" = 404 ]
get "$url/check?reference=$reference&code=${code/T1/N1}"
ok "nor another paper" [ "$status" = 404 ]

# What a first visit brings over the wire: the shell, what it names, and the screen that the script loads first.
weigh() { # weigh APP SCREEN
	local bytes link all
	bytes=$(curl -s "$url/$1" | tee "$work/shell" | wc -c)
	all=$(grep -o '"/web/[^"]*"' "$work/shell" | tr -d '"' | sort -u)
	curl -s "$url$(grep -o "/web/$1-[^\"]*js" "$work/shell")" >"$work/script"
	for link in $all $(grep -o "part-$2-[a-z0-9]*\.js" "$work/script" | sort -u | sed 's|^|/web/|'); do
		bytes=$((bytes + $(curl -s -H 'Accept-Encoding: gzip' "$url$link" | wc -c)))
	done
	echo "$bytes"
}
if [ -n "$texts" ]; then
	first=$(weigh trader today)
	echo "# a first visit to /trader: $first bytes"
	ok "a first visit of a trader is small" [ "$first" -gt 20000 -a "$first" -le 92160 ]
fi

# ---- notices ----
tell() { # tell PATH JSON: as the operator
	status=$(curl -s --max-time 60 --unix-socket "$work/store/hub.sock" -o "$work/body" -w '%{http_code}' --json "$2" "http://localhost/api/v1/$1")
}
get "$url/notices"
ok "no office announces anything" eval '[ "$status" = 200 ] && has "No office announces anything today"'
today=$(curl -s "$url/api/v1/announcements" | jq -r .day)
tell offices/XLHAR001/announcements '{"title_en": "Closed <b>on Friday</b>", "text_en": "The cash desk is closed.\nPay by transfer.",
	"title_fr": "Fermé vendredi", "text_fr": "La caisse est fermée."}'
ok "an office announces something" eval '[ "$status" = 201 ] && has "XLHAR001-1"'
tell offices/XLHAR001/announcements "{\"title_en\": \"Later\", \"text_en\": \"Later\", \"from\": \"$(date -d "$today + 9 days" +%F)\"}"
ok "and something of a day to come" eval '[ "$status" = 201 ] && has "XLHAR001-2"'
get "$url/notices"
ok "everybody reads what is told today, as text" eval 'has "Closed &lt;b&gt;on Friday&lt;/b&gt;" && has "Harbourgate Seaport" && lacks Later && lacks "corrected on"'
get "$url/notices?lang=fr"
ok "in French" eval 'has "Fermé vendredi" && lacks "role=\"note\""'
get "$url/notices?lang=ar"
ok "what nobody translated is in English, and it is told" eval 'has "lang=\"en\" dir=\"ltr\"" && has "Closed" && has "role=\"note\""'
get "$url/notices.atom"
ok "as a feed" eval '[ "$(header Content-Type)" = "application/atom+xml; charset=utf-8" ] && has "urn:customhouse:announcement:XLHAR001-1"'
! command -v xmllint >/dev/null || ok "which is XML" xmllint --noout "$work/body"
tell announcements/XLHAR001-1 '{"title_en": "Closed on Monday", "text_en": "It is Monday."}'
ok "it is corrected" [ "$status" = 200 ]
get "$url/notices"
ok "which is said" eval 'has "Closed on Monday" && lacks Friday && has "corrected on"'
tell announcements/XLHAR001-1 "{\"title_en\": \"x\", \"text_en\": \"x\", \"to\": \"$(date -d "$today - 1 day" +%F)\"}"
get "$url/notices"
ok "and ended at once" eval '[ "$status" = 200 ] && lacks Monday && has "No office announces anything today"'
for sent in '{"title_en": "x"}' '{"title_en": "x", "text_en": "x", "title_fr": "x"}' '{"title_en": "x", "text_en": "x", "to": "2020-01-01"}' \
	'{"title_en": "x", "text_en": "x", "from": "2020-01-01"}' '{"title_en": "x", "text_en": "a\u0001b"}' \
	"{\"title_en\": \"$(printf 'x%.0s' $(seq 201))\", \"text_en\": \"x\"}"; do
	tell offices/XLHAR001/announcements "$sent"
	ok "what makes no sense is not announced: ${sent:0:60}" [ "$status" = 422 ]
done
tell offices/XLNONE/announcements '{"title_en": "x", "text_en": "x"}'
ok "no such office" [ "$status" = 422 ]
for id in XLHAR001-9 XLHAR001-0 XLHAR001- -1 x; do
	tell "announcements/$id" '{"title_en": "x", "text_en": "x"}'
	ok "no such notice: $id" [ "$status" = 404 ]
done
get -X POST --json '{"title_en": "x", "text_en": "x"}' "$url/api/v1/offices/XLHAR001/announcements"
ok "a stranger announces nothing" [ "$status" = 401 ]
get "$url/api/v1/announcements?after=2026-01-01.XLHAR001"
ok "a page that there is not" [ "$status" = 400 ]
for i in $(seq 22); do
	tell offices/XLMER011/announcements "{\"title_en\": \"Number $i.\", \"text_en\": \"x\"}"
done
get "$url/notices"
ok "twenty a page, the newest first" eval 'has "Number 22." && has "Number 3." && lacks "Number 2." && has "Earlier notices"'
get "$url$(grep -o '/notices?after=[^"]*' "$work/body" | tail -n 1)"
ok "then the others" eval 'has "Number 2." && has "Number 1." && lacks "Number 22." && lacks "Earlier notices"'

# ---- travellers ----
get "$url/travel?from=FR&office=XLMER011&adults=2&children=1&g-wine=9.5&g-cigarettes=400"
ok "a traveller is told what to do, and what it costs" eval 'has "take the red exit" && has 4.80 && has "Travellers Order, schedule, item 4"'
ok "which is what the API says" eval '[ "$(curl -s --json "{\"adults\": 2, \"children\": 1, \"goods\": [{\"goods\": \"wine\", \"quantity\": \"9.5\"}]}" "$url/api/v1/travel/assessment" | jq -r .total)" = 4.80 ]'
get "$url/travel?from=FR&office=XLMER011&g-wine=4"
ok "nothing to declare" has "take the green exit"
get "$url/travel?adults=two&g-wine=9"
ok "what makes no sense says why" has "one is an adult"
get -X POST "$url/travel?keep=yes&from=FR&office=XLMER011&g-wine=9"
code=$(header Location)
ok "a code, and nothing of it in any cache" eval '[ "$status" = 303 ] && [[ "$code" == /travel/V???-????-????-???? ]]'
get -H 'Accept-Language: fr' "$url$code"
ok "which is shown" eval '[ "$status" = 200 ] && has "${code#/travel/}" && has "prenez la sortie rouge" && [[ "$(header Cache-Control)" == *no-store* ]]'
get -X POST -H 'Origin: https://elsewhere.example' "$url/travel?from=FR&office=XLMER011"
ok "no other site declares for somebody" [ "$status" = 403 ]

# ---- hostile ----
hostile='%22%3E%3Cscript%3Ealert(1)%3C/script%3E%27%26'
for at in "/tariff?q=$hostile" "/tariff?on=$hostile" "/tariff/$hostile" "/procedures/$hostile" "/procedures/import?on=$hostile" "/tariff/09011100?value=$hostile" "/tariff/09011100?origin=$hostile" \
	"/tariff/09011100?currency=$hostile" "/tariff/09011100?quantity=$hostile" "/tariff/09011100?on=$hostile" "/exchange-rates?on=$hostile" \
	"/travel?from=$hostile&office=$hostile&adults=$hostile&g-wine=$hostile&currency=$hostile" "/travel/$hostile" "/check?reference=$hostile&code=$hostile" "/check?code=$hostile"; do
	get "$url$at"
	ok "nothing of a stranger's is markup: $at" lacks "<script>alert"
done
get "$url/tariff?q=%ff"
ok "what is no text is refused" [ "$status" = 400 ]
get "$url/tariff?q=$(printf 'a%.0s' $(seq 300))"
ok "a question has a bound" [ "$status" = 400 ]

# ---- what browsers are told ----
whole=yes
for at in / /tariff "/tariff/09011100?origin=FR" /exchange-rates "/travel?from=FR&g-wine=9" /check /draws /notices /procedures /procedures/import /api /trader /desk/x; do
	get "$url$at"
	case $(header Content-Security-Policy) in *"default-src 'none'"*"script-src 'self'"*) ;; *) whole=$at ;; esac
	# No style or script within the page, nothing from another place.
	! grep -Eqi ' style=|<style|<script>| on[a-z]+=|(src|href)="(https?:)?//' "$work/body" || whole=$at
	# Every link of ours leads somewhere.
	for link in $(grep -o '\(href\|src\)="/[^"]*"' "$work/body" | sed 's/^[a-z]*="//; s/"$//; s/&amp;/\&/g' | sort -u); do
		[ "$(curl -s -o /dev/null -w '%{http_code}' "$url$link")" = 200 ] || whole="$at -> $link"
	done
done
ok "pages hold no style and no script, and all links lead somewhere ($whole)" [ "$whole" = yes ]
get "$url/"
style=$(grep -o '/web/service[^"]*' "$work/body")
if [ -n "$style" ]; then
	get -H 'Accept-Encoding: gzip, br' "$url$style"
	ok "style in Brotli, for good" eval '[ "$(header Content-Encoding)" = br ] && [[ "$(header Cache-Control)" == *immutable* ]] && [ "$(stat -c %s "$work/body")" -lt 20000 ]'
	curl -s -H 'Accept-Encoding: gzip' "$url$style" | gzip -d >"$work/gzip"
	get "$url$style"
	ok "gzipped and plain are the same" cmp -s "$work/gzip" "$work/body"
	get -H 'Accept-Encoding: br;q=0, gzip;q=0.0' "$url$style"
	ok "a coding that is not wanted is not used" [ -z "$(header Content-Encoding | grep br)" ]
fi
guess() { # until the hub has had enough
	for i in $(seq 200); do
		get "$url/api/v1/check?reference=26XL01000000001Y&code=T1-0000-0000-0000-$((1000 + i))"
		[ "$status" = 404 ] || break
	done
	[ "$status" = 429 ] && [ "$i" -lt 150 ] && [ -n "$(header Retry-After)" ]
}
several || ok "guesses are bounded" guess # by each node for itself, and three nodes take three times as many
sleep 2
get "$url/web/nothing.css"
ok "no other file" [ "$status" = 404 ]
kill "$pid"
wait "$pid"
stopped=$?
pid=
ok "the hub stops as it should" [ "$stopped" = 0 ]
"$program" verify --data "$work/store" >"$work/body" 2>&1
ok "all of it verifies" [ $? = 0 ]
if [ -e "$work/store/customhouse.db" ] && command -v sqlite3 >/dev/null; then
	sqlite3 "$work/store/customhouse.db" "UPDATE announcement SET body = replace(body, 'Number 7.', 'Number 8.')"
	"$program" verify --data "$work/store" >"$work/body" 2>&1
	ok "a list that was changed is found" has "the list of announcements does not say what the log says"
	# An office that took as many declarations of travellers as it takes in a day, from however many addresses.
	sqlite3 "$work/store/customhouse.db" "UPDATE counter SET next = 10001 WHERE office = 'XLMER011' AND year > 10000"
	"$program" serve --data "$work/store" --listen 127.0.0.1:0 >"$work/out2" 2>"$work/log" &
	pid=$!
	for _ in $(seq 300); do
		grep -qs 'http://' "$work/out2" && break
		sleep 0.1
	done
	url=$(grep -o 'http://127.0.0.1:[0-9]*' "$work/out2" | head -n 1)
	get --json '{"office": "XLMER011", "from": "FR"}' "$url/api/v1/travel"
	ok "an office is not filled up by strangers" eval '[ "$status" = 422 ] && has "declare at the exit"'
	get --json '{"office": "XLHIL013", "from": "FR"}' "$url/api/v1/travel"
	ok "others still take them" [ "$status" = 201 ]
	kill "$pid"
	wait "$pid"
	pid=
fi
echo "1..$n"
