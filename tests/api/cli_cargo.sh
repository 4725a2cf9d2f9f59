#!/usr/bin/env bash
# Cargo reports from outside: interchanges and files of many, of one kind and mixed, over HTTP and by submit; a hub that is killed in
# the middle of one. Runs on both stores.
. "$(dirname "$0")/cli_lib.sh"

stories=$(dirname "$0")/stories
cp -r "$root/packs/landfall" "$work/pack"
rm "$work/pack"/*.rules
cp "$stories"/pack/* "$work/pack"
"$program" pack load "$work/pack" --data "$work/store" >"$work/out" 2>"$work/err"
users "$work/store"

carrier=XL700000000001
# message NUMBER REFERENCE FUNCTION BILL PACKAGES: one CUSCAR of one bill.
message() {
	printf '%s\n' "UNH+$1+CUSCAR:D:21B:UN'" "BGM+785+$2+$3'" "LOC+22+XLHAR001'" "NAD+MS+$carrier'" "NAD+CA+$carrier'" \
		"TDT+20+031E+1+++++9074729::::PA'" "CNI+1+$4'" "CNT+11:$5'" "CNT+7:30000:KGM'" "RFF+BM:$4:705'" "GID+1+$5:BG'" "UNT+12+$1'"
}
# cusdec NUMBER REFERENCE BILL: a declaration of goods under a bill.
cusdec() {
	jq --arg r "$2" --arg b "$3" '.shipment.previous[0].id = $b | .trader_reference = $r' "$stories/messages/import-bill.json" >"$work/cusdec.json"
	"$program" convert --to cusdec "$work/cusdec.json" 2>/dev/null | sed -n '/^UNH/,/^UNT/p' | sed "s/^UNH+[^+]*+/UNH+$1+/; s/^\(UNT+[0-9]*\)+.*/\1+$1'/"
}
# interchange REFERENCE COUNT: around what comes on standard input.
interchange() {
	echo "UNB+UNOC:3+$carrier+XLCUS+260117:1200+$1'"
	cat
	echo "UNZ+$2+$1'"
}
# post PATH TYPE FILE: by the gateway; leaves $code and $work/body.
post() {
	code=$(curl -sS -m 240 -o "$work/body" -w '%{http_code}' -H "Authorization: Bearer $gateway" -H "Content-Type: $2" \
		--data-binary "@$3" "$url/api/v1/$1" 2>>"$work/err")
}
get() {
	code=$(curl -sS -m 60 -o "$work/body" -w '%{http_code}' -H "Authorization: Bearer ${2:-$gateway}" "$url/api/v1/$1")
}
says() { grep -aqF "$1" "$work/body"; }
count() { grep -ac "$1" "$work/body"; }
json_is() { jq -e "$1" "$work/body" >/dev/null; }
bill() { get "bills?carrier=$carrier&limit=200" && jq -r --arg id "$1" '[.bills[] | select(.id == $id)][0] | '"$2" "$work/body"; }

start_server "$work/store"

# ---- an interchange of reports ----

{ message 1 R-1 9 IB-1 100; message 2 R-2 9 IB-2 100; message 3 R-3 9 IB-1 5; message 4 R-1 5 IB-1 90; message 5 R-2 1 IB-2 100; } |
	sed 's/BGM+785+R-3+9/BGM+785+R-3+9/' | interchange C1 5 >"$work/c1"
post interchanges application/edifact "$work/c1"
ok "an interchange of reports is answered" [ "$code" = 200 ]
ok "by CONTRL, which takes each" [ "$(count "^UCM+.*+CUSCAR:D:21B:UN+7'")" = 5 ]
ok "and a CUSRES for each" [ "$(count '^UNH+.*+CUSRES:D:21B:UN')" = 5 ]
ok "which name the report as customs do and as the sender does" [ "$(count '^RFF+AFB:') $(count '^RFF+ABO:R-')" = "5 5" ]
ok "one is refused alone: its bill stands in another" [ "$(count "^ERP+1'")" = 1 ]
ok "one replaces an earlier one of the same interchange" says "GEI+4+15'"
grep -a '^RFF+AFB' "$work/body" >"$work/first"
ok "of which it keeps the reference" [ "$(sort -u "$work/first" | wc -l)" = 3 ]
ok "what it grants is the newest" [ "$(bill IB-1 .granted.packages)" = 90 ]
ok "what was withdrawn is gone" [ "$(bill IB-2 .id)" = null ]
post interchanges application/edifact "$work/c1"
ok "sent again: the same answers" cmp -s <(grep -a '^RFF+AFB' "$work/body") "$work/first"

# ---- mixed with declarations ----

{ message 1 R-4 9 IB-4 500; cusdec 2 D-4 IB-4; cusdec 3 D-5 IB-5; message 4 R-5 9 IB-5 100; } | interchange C2 4 >"$work/c2"
post interchanges application/edifact "$work/c2"
ok "a mixed interchange: every message is settled" [ "$code $(count '^UNH+.*+CUSRES:')" = "200 4" ]
answer_to() { awk -v want="RFF+ABE:$1" 'BEGIN { RS = "UNH" } index($0, want)' "$work/body"; }
ok "a declaration finds the bill that was reported before it" [ "$(answer_to D-4 | grep -c "^GEI+4+1'") $(answer_to D-4 | grep -c "^ERP+")" = "2 0" ]
ok "and not the one behind it" [ "$(answer_to D-5 | grep -c "^GEI+4+2'") $(answer_to D-5 | grep -c 'IB-5')" = "1 1" ]

# ---- a count that is sent again ----

get "cargo-reports?carrier=$carrier"
landed=$(jq -r '.reports[] | select(.trader_reference == "R-4") | .reference' "$work/body")
outturn() { # outturn KEY PACKAGES
	code=$(curl -sS -m 60 -o "$work/body" -w '%{http_code}' -H "Authorization: Bearer $officer" -H 'Content-Type: application/json' \
		-H "Idempotency-Key: $1" -d '{"bills":[{"type":"705","id":"IB-4","packages":"'"$2"'"}]}' "$url/api/v1/cargo-reports/$landed/outturn")
}
outturn shift-1 40
ok "a count is noted" [ "$code $(jq -r '.bills[0].landed.packages' "$work/body")" = "201 40" ]
outturn shift-1 40
ok "sent again under its key: it counts once" [ "$code $(jq -r '.bills[0].landed.packages' "$work/body")" = "200 40" ]
outturn shift-1 41
ok "another under that key: a conflict" [ "$code" = 409 ]
outturn shift-2 40
ok "the next shift adds up" [ "$code $(jq -r '.bills[0].landed.packages' "$work/body")" = "201 80" ]

# ---- JSON Lines ----

line() { # line REFERENCE BILL
	jq -c --arg r "$1" --arg b "$2" '.cargo_report.reference = $r | .cargo_report.bills = [.cargo_report.bills[0] | .id = $b]' "$stories/messages/manifest.json"
}
{
	line J-1 JB-1
	line J-2 JB-1
	echo '{"cargo_report":'
	jq -c '.shipment.previous[0].id = "JB-1" | .trader_reference = "JD-1"' "$stories/messages/import-bill.json"
	line J-3 JB-3
} >"$work/lines"
post bulk application/x-ndjson "$work/lines"
ok "JSON Lines of reports and declarations: a line for each" [ "$code $(wc -l <"$work/body")" = "200 5" ]
ok "each says what became of it" [ "$(jq -r '.outcome + "/" + (.answer.state // "")' "$work/body" | paste -sd' ')" = "decided/accepted decided/rejected unreadable/ decided/assessed decided/accepted" ]
ok "the declaration wrote its bill off" [ "$(bill JB-1 .reserved.packages)" = 320 ]
post bulk application/x-ndjson "$work/lines"
ok "again: nothing twice" [ "$(jq -r .outcome "$work/body" | sort | uniq -c | xargs)" = "4 repeated 1 unreadable" ]

# ---- killed in the middle ----

many=600
for i in $(seq $many); do message "$i" "K-$i" 9 "KB-$i" "$i"; done | interchange C3 $many >"$work/c3"
decided() { sql "$work/store" "SELECT count(*) FROM event WHERE kind = 'cargo-decision'" 2>/dev/null || echo 0; }
before=$(decided)
post interchanges application/edifact "$work/c3" &
sending=$!
for _ in $(seq 2000); do
	[ "$(decided)" -le "$before" ] || break
	sleep 0.01
done
kill -9 "$server"
wait "$server" 2>/dev/null
wait "$sending"
part=$(($(decided) - before))
ok "a hub is killed amid an interchange ($part of $many)" [ "$part" -gt 0 -a "$part" -lt "$many" ]
start_server "$work/store"
post interchanges application/edifact "$work/c3"
ok "the same interchange again: every report is answered" [ "$code $(count '^UNH+.*+CUSRES:')" = "200 $many" ]
ok "as one of its own" [ "$(grep -a '^RFF+AFB:' "$work/body" | sort -u | wc -l)" = "$many" ]
ok "and none was decided twice" [ "$(($(decided) - before))" = "$many" ]

# ---- submit ----

for i in 1 2 3; do message "$i" "S-$i" 9 "SB-$i" 10; done | interchange C4 3 >"$work/c4"
run submit --data "$work/store" "$work/c4"
ok "submit, through the hub that owns the store" [ "$status $(jq -r .state "$work/out" | xargs)" = "0 accepted accepted accepted" ]
stop_server
{ for i in 4 5 6; do message "$i" "S-$i" 9 "SB-$i" 320; done; } | interchange C5 3 >"$work/c5"
jq '.shipment.previous[0].id = "SB-4" | .trader_reference = "SD-4"' "$stories/messages/import-bill.json" >"$work/sd4"
run submit --data "$work/store" "$work/c5" "$work/sd4"
ok "submit with a store of its own, reports and what writes them off" [ "$status $(jq -r .state "$work/out" | xargs)" = "0 accepted accepted accepted accepted" ]
run submit --data "$work/store" "$work/c5"
ok "again: the same records" [ "$status $(wc -l <"$work/out")" = "0 3" ]

# ---- the verb ----

run cargo bills --carrier $carrier --data "$work/store"
ok "cargo bills: one a line, however many" [ "$status $(wc -l <"$work/out")" = "0 $(sql "$work/store" "SELECT count(*) FROM stock WHERE open = 1")" ]
ok "of more than one page" [ "$(wc -l <"$work/out")" -gt 400 ]
ok "each once" [ "$(jq -r .id "$work/out" | sort | uniq -d | wc -l)" = 0 ]
ok "with what is left of it" [ "$(jq -r 'select(.id == "SB-4") | .left.packages + " " + (.age_days | tostring)' "$work/out")" = "0 0" ]
ok "and how old it is" [ "$(jq -r 'select(.id == "SB-5") | .left.packages + " " + (.age_days | tostring)' "$work/out")" = "320 0" ]
run cargo bills --party XL200000000018 --data "$work/store"
ok "of a consignee" [ "$status $(jq -r .id "$work/out" | sort | xargs)" = "0 JB-1 JB-3" ]
run cargo list --office XLHAR001 --data "$work/store"
ok "cargo list: the reports of an office" [ "$status $(jq -r .trader_reference "$work/out" | sort -u | wc -l)" = "0 $(sql "$work/store" "SELECT count(DISTINCT trader_reference) FROM cargo WHERE office = 'XLHAR001'")" ]
report=$(jq -r 'select(.trader_reference == "S-4") | .reference' "$work/out")
run cargo list --carrier $carrier --data "$work/store"
ok "and of a carrier" [ "$status $(jq -r 'select(.trader_reference == "S-4") | .reference' "$work/out")" = "0 $report" ]
run cargo show "$report" --data "$work/store"
ok "cargo show: the decision" [ "$status $(jq -r '.facts.carrier + " " + .state' "$work/out")" = "0 $carrier accepted" ]
run cargo landing "$report" --data "$work/store"
ok "cargo landing: bill by bill" [ "$status $(jq -r '.bills[0].written_off.packages + " " + .bills[0].short.packages' "$work/out")" = "0 320 320" ]
run cargo show 26XL01000000001X --data "$work/store"
ok "one that is not there" [ "$status" = 3 ]
run cargo bills --data "$work/store"
ok "of nobody: refused" exits 2
run cargo bills --office XLHAR001 --carrier $carrier --data "$work/store"
ok "of two: refused" exits 2
run cargo lose --office XLHAR001 --data "$work/store"
ok "another word: refused" exits 2
if command -v script >/dev/null; then
	script -qec "$program cargo bills --office XLHAR001 --data $work/store" /dev/null </dev/null >"$work/out" 2>&1
	ok "for people: a table" [ "$(head -n 1 "$work/out" | grep -c '^TYPE  BILL ')" = 1 ]
fi

run replay --data "$work/store"
ok "all of it replays" exits 0
run verify --data "$work/store"
ok "and verifies" exits 0

finish
