#!/usr/bin/env bash
# Every verb: what it prints, and what it exits with.
. "$(dirname "$0")/cli_lib.sh"

e=examples
store=$work/store

# ---- the command line itself ----
run
ok "without a verb it lists the verbs" out_has '^  submit '
run nonsense
ok "an unknown verb is refused" exits 2
ok "and what to do is said" err_has 'customhouse help'
run submit
ok "submit without a file is refused" exits 2
run clear --nonsense x
ok "an unknown option is refused" err_has 'there is no option --nonsense'
run clear --on 2026-02-30 $e/import-simple.xml
ok "a day that is none is refused" exits 2
run clear --on
ok "an option without its value is refused" err_has 'needs a value'
run clear --explain=yes $e/import-simple.xml
ok "a switch with a value is refused" err_has 'takes no value'
run version
ok "version" out_has '^customhouse [0-9]'
for verb in $("$program" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
	run help "$verb"
	ok "help $verb" out_has "^usage: customhouse $verb"
	ok "$verb has a man page" test -s "docs/man/customhouse-$verb.1"
done
run submit --help
ok "--help is help" out_has '^usage: customhouse submit'
run formats
ok "formats are JSON where nobody looks" all_json "$work/out"
ok "formats name the WCO declaration" out_has '"id":"wco-dec"'

# ---- check ----
run check $e/import-simple.xml
ok "a sound declaration has no findings" exits 0
ok "and no output" out_is ''
run check $e/import-errors.xml
ok "errors give status 1" exits 1
ok "a finding is file:line: severity rule pointer: text" \
	out_has "^$e/import-errors.xml:[0-9]*: error item.count /item_count: 4 items"
ok "all are found at once" [ "$(wc -l <"$work/out")" -gt 15 ]
run check --lang fr $e/import-errors.xml
ok "in French" out_has 'articles sont annoncés'
run check --json $e/import-errors.json
ok "as JSON, one object" lines_are "$work/out" 1
ok "with findings" [ "$(jq '.findings | length' "$work/out")" -gt 15 ]
run check "$work/missing.xml"
ok "a file that is not there gives status 2" exits 2
ok "and is named" err_has 'missing.xml'
printf '<a><b></a>' >"$work/bad.xml"
run check "$work/bad.xml"
ok "what is not well-formed gives status 2" exits 2
ok "with the place" err_has 'bad.xml:1:'
run check $e/import-errors.xml "$work/bad.xml" $e/import-simple.xml
ok "of several files the highest status counts" exits 2

# ---- clear ----
run clear $e/import-simple.xml
ok "clear accepts" exits 0
ok "its record is JSON" all_json "$work/out"
ok "without reference or draw" [ "$(jq -c '[.declaration.reference, .draw]' "$work/out")" = '["",null]' ]
run clear --on 2026-01-20 $e/import-simple.xml
cp "$work/out" "$work/one"
run clear --on=2026-01-20 $e/import-simple.xml
ok "the same day gives the same record" cmp -s "$work/one" "$work/out"
ok "amounts are text" [ "$(jq -r '.total.amount | type' "$work/out")" = string ]
run clear --explain $e/import-preference.json
ok "explained in words" out_has '^Why this lane'
run clear $e/import-errors.xml
ok "what would be rejected gives status 1" exits 1
run clear --pack "$work" $e/import-simple.xml
ok "a pack that is none is refused" exits 3
"$program" clear - <$e/import-simple.json >"$work/out" 2>"$work/err"
ok "standard input" all_json "$work/out"
cat $e/import-simple.json $e/export.json >"$work/two.json"
run clear "$work/two.json"
ok "two declarations in a file give two lines" lines_are "$work/out" 2
(cat $e/import-simple.json && echo '{"broken": ' && jq -c . $e/export.json) >"$work/three.json"
run clear "$work/three.json"
ok "a broken one between two gives three lines" lines_are "$work/out" 3
ok "the broken one in its place, with its line" \
	[ "$(jq -s '.[1].unreadable.line' "$work/out")" -gt "$(wc -l <$e/import-simple.json)" ]
ok "and status 2" exits 2
run clear -- $e/export.xml
ok "operands behind --" exits 0

# ---- duty ----
run duty roasted cofee
ok "goods are found by words" out_has '"code":"09012100"'
ok "and mistakes are said" out_has '"to":"coffee"'
run duty 0901 --origin FR --on 2026-03-01
ok "a place of the nomenclature has its measures" out_has '"expression":"6.00 XLD / 100 kg"'
run duty 09011100 --value '1000.00 USD' --origin FR --quantity '500 kg' --terms CIF --on 2026-03-01
ok "what is due, without a claim" out_has '"total":"257.84","total_invoice":"203.10"'
ok "and with a preference" out_has '"document":{"code":"N954"'
ok "all JSON" all_json "$work/out"
run duty 09011100 --value '1000.00 USD' --origin FR --quantity '500 kg' --terms CIF --on 2025-03-01
ok "as of another day" out_has '"on":"2025-03-01"'
run duty 09011100 --value '1000.00 USD' --origin FR --quantity '500 kg' --terms CIF --on 2026-03-01 --explain
ok "for people in columns" out_has 'Customs duty     6.00 XLD / 100 kg'
ok "with the sum in both currencies" grep -Eq '^  Total due +[0-9.]+  XLD, [0-9.]+ USD$' "$work/out"
ok "an option a paragraph" grep -q '^preference 300 Free trade partners, with N954' "$work/out"
run duty 0901 --explain --on 2026-03-01
ok "a place of the nomenclature too" out_has 'Measures'
run duty roasted cofee --explain
ok "and what was found" out_has 'cofee is read as coffee'
run duty 99990000
ok "goods that are not there" exits 1
run duty 0901 --value 1
ok "goods that nobody can declare" exits 2
run duty 09011100 --value much
ok "no amount" err_has 'value "much" must be an amount'
run duty 09011100 --on yesterday
ok "no day" exits 2
run duty
ok "nothing to look for" exits 2

# ---- value ----
value() { # value SHEET: what is worked out of it
	printf '%s' "$1" >"$work/sheet.json"
	run value "$work/sheet.json"
}
value '{"on": "2026-03-01", "sale_for_export": true, "price": "1000.00 USD", "terms": "FOB", "freight": "50.00", "insurance": "10.00 USD",
	"additions": [{"code": "AB", "amount": "5.00", "document": "N935"}]}'
ok "the price, with what the terms leave out" out_has '^{"method":1,"value":"1337.23","currency":"XLD","price":"1269.53"'
value '{"on": "2026-03-01", "sale_for_export": true, "price": "1000.00 USD", "terms": "FOB"}'
ok "what nobody said is missing" out_has '"missing":\["freight","insurance"\]'
value '{"on": "2026-03-01", "sale_for_export": true, "related": true, "price": "900.00", "test_value": "1000.00", "test_close": "5", "terms": "CIF",
	"exported": "2026-02-01", "quantity": "10", "accepted": [{"reference": "A", "identical": true, "exported": "2026-01-20", "unit_value": "101.255"},
	{"reference": "B", "identical": true, "exported": "2025-01-20", "unit_value": "1"}]}'
ok "a price between related parties falls, identical goods stand" out_has '^{"method":2,"value":"1012.55","currency":"XLD","basis":"A"'
value '{"resale": {"unit_price": "20.00", "after_days": "30", "deductions": [{"code": "profit", "amount": "40.00"}]}, "quantity": "10",
	"costs": {"materials": "100.00", "processing": "30.00", "profit": "10.00"}, "swap": true}'
ok "the importer has 4 and 5 swapped" out_has '^{"method":5,"value":"140.00"'
value '{}'
ok "nothing known: no method" out_has '^{"method":0,"attempts":\[{"method":1,'
value '{"price": "-1"}'
ok "an amount below zero is refused" exits 2
value '[]'
ok "a sheet is an object" err_has 'a sheet is a JSON object'

# ---- reassess ----
run generate --declarations 40 --seed 3
cp "$work/out" "$work/trade.jsonl"
run submit --data "$work/again" "$work/trade.jsonl"
cp "$work/out" "$work/records.jsonl"
run reassess --data "$work/again"
ok "under the same tariff nothing differs" exits 0
ok "and all were looked at" out_has '^{"looked_at":40,"differing":0,'
cp -r packs/landfall "$work/corrected"
# The tax was lowered in hindsight: a row with the same id, known from a later day.
echo 'VAT-STANDARD,VAT,,*,,,,15%,,,2026-11-01,,,,,,2025-01-01,,Finance (Correction) Act' >>"$work/corrected/measures.csv"
run reassess --data "$work/again" --pack "$work/corrected"
ok "under a correction something does" exits 1
ok "all JSON, too" all_json "$work/out"
# Cents, added up apart from the program.
owed=$(jq -s '[.[] | select(.state != "rejected") | .taxes[] | select(.measure == "VAT-STANDARD" and .state == "due") |
	((.amount | gsub("[.]"; "") | tonumber) - (((.base | gsub("[.]"; "") | tonumber) * 15 / 100) + 0.5 | floor))] | add' "$work/records.jsonl")
ok "the sum is what a sum by hand gives" [ "$(tail -n 1 "$work/out" | jq -r '.owed | gsub("[.]"; "")')" = "$owed" ]
run duty 84713000 --value 100 --pack "$work/corrected" --known 2026-10-31
ok "before it was known the old rate holds" out_has '"rate":"16%"'
run duty 84713000 --value 100 --pack "$work/corrected"
ok "then the corrected one" out_has '"rate":"15%"'
run replay --data "$work/again"
ok "decisions stay what they were" exits 0

# A rate of exchange was corrected in hindsight: whoever declared in dollars on these days owes the difference.
cp -r packs/landfall "$work/exchanged"
sed '/^#/!{s/,/,,/;1,/^currency,,/s/^currency,,/currency,known_from,/}' packs/landfall/rates.csv >"$work/exchanged/rates.csv"
echo 'USD,2026-06-01,1.5,1,2026-03-01,2026-03-31,Central Bank of Landfall correction 2026/1' >>"$work/exchanged/rates.csv"
ask_dollars() { run duty 84713000 --value '1000.00 USD' --pack "$work/exchanged" --on 2026-03-10 "$@"; }
ask_dollars --known 2026-05-31
ok "before it was known the old rate of exchange holds" [ "$(jq -r '.options[0].customs_value.amount' "$work/out")" != 1500.00 ]
ask_dollars
ok "then the corrected one" [ "$(jq -r '.options[0].customs_value.amount' "$work/out")" = 1500.00 ]
sed -i 's/,2026-03-01,2026-03-31,Central/,2025-01-01,,Central/' "$work/exchanged/rates.csv"
run submit --data "$work/dollars" $e/import-simple.json
was=$(jq -r '.total.amount | gsub("[.]"; "")' "$work/out")
run clear --pack "$work/exchanged" $e/import-simple.json
would=$(jq -r '.total.amount | gsub("[.]"; "")' "$work/out")
run reassess --data "$work/dollars" --pack "$work/exchanged"
ok "who declared in that money owes the difference" [ "$(tail -n 1 "$work/out" | jq -r '.owes | gsub("[.]"; "")')" = $((would - was)) ]
ok "which is more than nothing" [ $((would - was)) -gt 0 ]
run replay --data "$work/dollars"
ok "and what was decided stays pinned to what was known" exits 0

# ---- submit, explain, replay, verify ----
run submit --data "$store" $e/import-simple.xml $e/import-errors.xml $e/export.json
ok "submit prints a record each" lines_are "$work/out" 3
ok "in the order of the files" \
	[ "$(jq -r .declaration.trader_reference "$work/out" | paste -sd' ')" = 'COFFEE-2026-0117 WRONG-2026-0001 EXP-2026-0044-J' ]
ok "a rejected one gives status 1" exits 1
reference=$(jq -r .declaration.reference "$work/out" | head -n 1)
cp "$work/out" "$work/first"
run submit --data "$store" $e/import-simple.xml
ok "the same bytes again give the stored record" cmp -s <(head -n 1 "$work/first") "$work/out"
ok "and status 0" exits 0
sed 's/81600/81601/' $e/import-simple.xml >"$work/other.xml"
run submit --data "$store" "$work/other.xml"
ok "other bytes under the same reference are a conflict" out_has '"conflict"'
ok "which names the case" out_has "$reference"
run submit --data "$store" "$work/bad.xml"
ok "unreadable gives status 2" exits 2
ok "and a line that says where" [ "$(jq .unreadable.line "$work/out")" = 1 ]

for reader in officer auditor trader; do
	run explain --data "$store" --for $reader "$reference"
	ok "explain for the $reader" out_has "$reference"
done
ok "the trader reads how to appeal" out_has 'appeal'
ok "and nothing of lanes, scores, draws and rules" out_lacks -i -e 'lane' -e 'score' -e 'draw' -e 'green'
run explain --data "$store" --for trader --lang fr "$reference"
ok "in French" out_has '^Droits, taxes et redevances'
run explain --data "$store" --for trader --lang de "$reference"
ok "a language that is not there falls back, visibly" out_has 'shown in English'
run explain --data "$store" --for auditor "$reference"
ok "the auditor reads the proof" out_has 'half-up'
ok "the draw" out_has '  commitment: [0-9a-f]\{64\}'
ok "and how to replay it" out_has 'customhouse replay'
run explain --data "$store" --version 2 "$reference"
ok "a version that is not there is refused" exits 3
run explain --data "$store" --for neighbour "$reference"
ok "a reader that is none is refused" exits 2
run explain --data "$store" 26XL99999999999X
ok "a case that is not there is refused" exits 3
run explain --data "$work/nowhere" "$reference"
ok "a store that is not there is refused" exits 3
ok "and reading makes none" test ! -e "$work/nowhere"

run replay --data "$store"
ok "replay finds no difference" exits 0
ok "and says how many it looked at" [ "$(jq .looked_at "$work/out")" = 3 ]
run replay --data "$store" --since 2090-01-01
ok "since a later day it looks at none" [ "$(jq .looked_at "$work/out")" = 0 ]
run verify --data "$store"
ok "verify finds no fault" exits 0
run verify --data "$work/nowhere"
ok "verify needs a store" exits 3

# ---- packs ----
run pack check packs/landfall
ok "landfall is sound" exits 0
cp -r packs/landfall "$work/pack"
sed -i 's/^CUD-01,CUD,/CUD-01,NOPE,/' "$work/pack/measures.csv"
sed -i '3s/2025-01-01/2025-02-31/' "$work/pack/areas.csv"
run pack check "$work/pack"
ok "faults give status 1" exits 1
ok "each with file, line, column and rule" out_has '/areas.csv:[0-9]*:[0-9]*: [a-z.-]*: '
run pack check --json "$work/pack"
ok "as JSON" [ "$(jq '.faults | length' "$work/out")" -gt 0 ]
run pack load "$work/pack" --data "$store"
ok "a pack with faults is not loaded" exits 1
run pack load packs/landfall --data "$store"
ok "what is in force already stays" out_is '{"loaded":false}'
rm -rf "$work/pack"
cp -r packs/landfall "$work/pack"
sed -i 's/^XLHAR001,Harbourgate Seaport,/XLHAR001,Harbourgate Old Seaport,/' "$work/pack/offices.csv"
sed -i '/^XLPOS041,/d' "$work/pack/offices.csv"
sed -i 's/^rule R002 "Cheap spirits"/rule R002 "Very cheap spirits"/' "$work/pack/landfall.rules"
run pack diff packs/landfall "$work/pack"
ok "diff names each change" [ "$(jq -r '.change + " " + .key' "$work/out" | sort | paste -sd,)" = \
	'changed R002,changed XLHAR001 2025-01-01,removed XLPOS041 2025-01-01' ]
ok "with what was and what is" [ "$(jq -r 'select(.key | startswith("XLHAR")) | .after.name_en' "$work/out")" = 'Harbourgate Old Seaport' ]
run pack diff "$work/pack" --data "$store"
ok "diff against what is in force" exits 1
run pack load "$work/pack" --data "$store" --valid-from "$(date -u -d '10 days ago' +%F)"
ok "a day that has passed gets no other pack" exits 2
run pack load "$work/pack" --data "$store" --valid-from "$(date -u -d '10 days' +%F)"
ok "a later day gets one" out_is '{"loaded":true}'
run pack diff "$work/pack" --data "$store"
ok "and until then what is in force stays" exits 1
run pack load "$work/pack" --data "$store"
ok "a new pack is loaded" out_is '{"loaded":true}'
run pack diff "$work/pack" --data "$store"
ok "and is in force" exits 0
run replay --data "$store"
ok "older decisions replay by the older pack" exits 0
run pack load "$work/nowhere" --data "$store"
ok "a pack that is not there is refused" exits 2
run pack turn packs/landfall
ok "pack knows check, load and diff" exits 2

{
	printf "UNB+UNOC:3+A+B+260117:1200+7'"
	for i in 1 2; do
		printf "UNH+%s+CUSDEC:D:96B:UN'BGM+929:::IMA+R-%s+9'UNS+D'UNS+S'UNT+5+%s'" $i $i $i
	done
	printf "UNZ+2+7'"
} >"$work/sound.edi"
sed 's/UNZ+2/UNZ+1000000/' "$work/sound.edi" >"$work/lie.edi"
run check --json "$work/sound.edi"
ok "an interchange holds many declarations" exits 1
ok "each by itself" [ "$(jq -r .trader_reference "$work/out" | tr '\n' ' ')" = "R-1 R-2 " ]
run check --json "$work/lie.edi"
ok "one whose count is a lie is refused before its first message" exits 2
ok "and none of them is looked at" [ ! -s "$work/out" ]

# ---- erase: by two people, with the hub running and without ----
erased=$work/erased
# Lanes for which nothing is drawn: a case that the lot picks is not over when it is paid.
cp -r "$root/packs/landfall" "$work/calm"
sed -i 's/^\(blue\|yellow\|red\),[0-9]*,/\1,0,/' "$work/calm/lanes.csv"
run submit --data "$erased" --pack "$work/calm" $e/export.xml
reference=$(jq -r .declaration.reference "$work/out")
person() { # person LOGIN SCOPES ROLE...
	"$program" user add "$1" --data "$erased" --roles "$3" ${4:+--offices "$4"} >/dev/null 2>&1
	"$program" user token "$1" --scopes "$2" --data "$erased" >"$work/$1.token" 2>/dev/null
}
person sue act supervisor XLMER011
person kay act,pay cashier XLMER011
person aud audit auditor
erase() { run erase --data "$erased" --token-file "$work/$1.token" --reason "the term's over" "$reference"; }
run erase --data "$erased" --reason x "$reference"
ok "erase without a token is refused" exits 2
ok "and says who does it" err_has 'supervisor .* auditor'
run erase --data "$erased" --token-file "$work/sue.token" "$reference"
ok "erase without a reason is refused" exits 2
erase sue
ok "what owes is not erased" exits 1
ok "and why" err_has 'not over'
ok "a server starts" start_server "$erased"
curl -s -o "$work/paid" -H "Authorization: Bearer $(cat "$work/kay.token")" --json '{"act": "pay"}' "$url/api/v1/declarations/$reference/acts"
erase aud
ok "an auditor does not order it" exits 1
erase kay
ok "nor a cashier" exits 1
erase sue
ok "a supervisor does" out_has '"state":"ordered"'
ok "and is told that an auditor follows" err_has 'an auditor carries it out'
run explain --data "$erased" --for trader "$reference"
ok "it is there until then" exits 0
stop_server
erase aud
ok "an auditor carries it out, without a server too" out_has '"state":"erased"'
run explain --data "$erased" "$reference"
ok "explain tells of it" out_has "^Erased on .* by aud, by order of sue, because: the term's over"
run explain --data "$erased" --for trader "$reference"
ok "and the trader that it is gone" exits 3
ok "and why" err_has 'as the law asks'
run verify --data "$erased"
ok "verify finds no fault" exits 0

run bench
ok "bench measures every part" lines_are "$work/out" 7
ok "as figures" [ "$(jq -s 'all(.value > 0 and .unit == "us")' "$work/out")" = true ]

finish
