#!/usr/bin/env bash
# An official tariff on its way into a pack that decides.
. "$(dirname "$0")/cli_lib.sh"

schedule=$work/schedule.csv
cat >"$schedule" <<'END'
HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,Column 2 Rate of Duty,Quota Quantity,Additional Duties
"0901","0","Coffee:","","","","","",""
"","1","Not roasted:","","","","","",""
"0901.11.00","2","With caffeine","","4% + 1¢/kg","Free (CO,PE,XX)","10¢/kg","",""
"0901.11.00.15","3","Arabica","[""kg""]","","","","",""
"0901.12.00.00","2","Without","[""kg""]","as the moon says","","","",""
END

# ---- the command line ----

run tariff import "$schedule"
ok "a form has to be said" exits 2
run tariff import --from nonsense "$schedule"
ok "and one that is read" exits 2
run tariff import --from us-hts "$work/nothing"
ok "a file that is not there" exits 2
run tariff import --from us-hts packs/landfall/lanes.csv
ok "a table that is no schedule" exits 2
ok "is said why" err_has 'there is no column "HTS Number"'
run tariff export "$schedule"
ok "import is what can be done" exits 2
run tariff import --from us-hts --valid-from 2026-02-30 "$schedule"
ok "no day of the calendar" exits 2

# ---- report ----

run tariff import --from us-hts --report "$work/report" --lost "$work/lost" "$schedule"
ok "a schedule is read" exits 0
ok "and counted" [ "$(jq -c '[.rows,.lines,.compound,.not_understood,.measures,.left_out]' "$work/out")" = "[5,2,1,1,4,2]" ]
ok "a line of JSON for each line" lines_are "$work/report" 2
ok "with its rate" [ "$(jq -r 'select(.code == "09011100") | [.kind,.ad_valorem_percent,.expression] | join("|")' "$work/report")" = "compound|4|4% + 0.01 USD / kg" ]
ok "what is not carried over is listed" [ "$(jq -c '[.line,.text]' "$work/lost" | tr -d '\n')" = '[4,"XX"][6,"as the moon says"]' ]

# ---- pack ----

run tariff import --from us-hts --out "$work/pack" --valid-from 2026-01-01 "$schedule"
ok "a pack is written" exits 0
run pack check "$work/pack"
ok "and sound" exits 0
ok "each row says where it comes from" grep -q '"us-hts schedule.csv, line 4"' "$work/pack/measures.csv"
ok "other levies stay" grep -q '^VAT-STANDARD' "$work/pack/measures.csv"
ok "for goods that exist" [ "$(grep -c '^ADD-' "$work/pack/measures.csv")" = 0 ]
run tariff import --from us-hts --out "$work/pack" --valid-from 2026-01-01 "$schedule"
ok "an import may be made again" exits 0
mkdir "$work/mine"
echo mine >"$work/mine/README.md"
run tariff import --from us-hts --out "$work/mine" "$schedule"
ok "a folder of somebody else is left alone" exits 3
ok "and stays as it was" [ "$(cat "$work/mine/"*)" = mine ]
run tariff import --from us-hts --out "$work/other" --levy NIX "$schedule"
ok "a levy that the pack does not have is a fault of the pack" exits 1

jq '.shipment.items[0].commodity.classifications[0].id = "0901110015"' examples/import-simple.json >"$work/coffee.json"
run clear --pack "$work/pack" --on 2026-02-02 "$work/coffee.json"
ok "the duty of a line above is due" [ "$(jq -r '.taxes[] | select(.type == "CUD") | .measure' "$work/out")" = 09011100 ]
ok "by its expression" [ "$(jq -r '.taxes[] | select(.type == "CUD") | .rate' "$work/out")" = "4% + 0.01 USD / kg" ]

# ---- integrity ----

for pack in packs/landfall packs/farhaven; do
	run tariff check "$pack"
	ok "the tariff of $pack is sound" exits 0
done
run tariff check "$work/pack"
ok "so is the imported one" exits 0
ok "and every rule was looked at" [ "$(jq '.rules | length' "$work/out")" -ge 17 ]
sed -i 's/^09011100,CUD,09011100,\*,/09011100,CUD,09011100,XM,XN/; s/"us-hts schedule.csv, line 4"$/&/' "$work/pack/measures.csv"
run tariff check "$work/pack"
ok "a broken rule is an answer" exits 1
ok "by its name and line" [ "$(jq -r '.faults[0] | [.rule, .file] | join(" ")' "$work/out")" = "exclusion.country measures.csv" ]
run tariff check "$work/nothing"
ok "no pack, no answer" exits 3

# ---- hostile packs: refused with a reason, in bounded time and memory ----

hostile() { # hostile NAME REASON FILE [STATUS]: the example pack with another FILE, from standard input
	rm -rf "$work/hostile"
	cp -r packs/landfall "$work/hostile"
	cat >"$work/hostile/$3"
	(
		ldd "$program" | grep -q 'lib[at]san' || ulimit -v 4000000 # sanitizers reserve terabytes
		timeout 60 "$program" pack check "$work/hostile" >"$work/out" 2>"$work/err"
	)
	status=$?
	ok "$1: as it should be" exits "${4:-1}"
	ok "$1: with its reason" grep -q "$2" "$work/out" "$work/err"
}
with() { # with FILE ROW...: a table of the example pack, and more rows
	cat "packs/landfall/$1"
	printf '%s\n' "${@:2}"
}
many() { # many ROWS: measures that say nothing
	grep -m 1 ^id packs/landfall/measures.csv
	yes ,,,,,,,,,,,,, | head -n "$1"
}
hostile "ten million rows" "may not be as large" measures.csv 3 < <(many 10000000)
hostile "four million rows" field.empty measures.csv < <(many 4000000)
hostile "a compressed table" csv.syntax measures.csv < <(head -c 50000000 /dev/zero | gzip -c)
hostile "a group in a group" country.unknown areas.csv \
	< <(with areas.csv 'ONE,TWO,One,Un,2025-01-01,,x' 'TWO,ONE,Two,Deux,2025-01-01,,x')
hostile "a circle of levies" levy.order levies.csv \
	< <(with levies.csv 'LP1,fee,90,value LP2,0,half-up,1,import,One,Un,2025-01-01,,x' \
		'LP2,fee,91,value LP1,0,half-up,1,import,Two,Deux,2025-01-01,,x')
hostile "days that overlap" 'dates.overlap\|row.duplicate\|measure.ambiguous' measures.csv \
	< <(with measures.csv 'VAT-STANDARD,VAT,,*,,,,17%,,,,2026-06-01,,x')
hostile "a rate with twenty digits" expression.syntax measures.csv \
	< <(with measures.csv 'HUGE,CUD,99,*,,,,99999999999999999999%,,,,2026-06-01,,x')
sed 's/,16%,/,99999%,/' packs/landfall/measures.csv >"$work/hostile/measures.csv"
run pack check "$work/hostile"
ok "an absurd rate can be read" exits 0
run tariff check "$work/hostile"
ok "is found by the rules of the tariff" exits 1
ok "by name" [ "$(jq -r '.rules[] | select(.rule == "rate.absurd") | .broken > 0' "$work/out")" = true ]

# ---- a plain table ----

cat >"$work/plain.csv" <<'END'
code,text_en,unit,rate,area,preference,from,to
09,Coffee and tea,,,,,,
0901,Coffee,,7.5%,,,,
0901110015,Arabica,KGM,free,XM,300,2026-01-01,
END
run tariff import --from csv --out "$work/plain" --valid-from 2026-01-01 "$work/plain.csv"
ok "a plain table is a pack" exits 0
run clear --pack "$work/plain" --on 2026-02-02 "$work/coffee.json"
ok "that decides" [ "$(jq -r '.taxes[] | select(.type == "CUD") | .rate' "$work/out")" = "7.5%" ]
sed 's/7.5%/7.5 parts/; s/2026-01-01/soon/' "$work/plain.csv" >"$work/bad.csv"
run tariff import --from csv --out "$work/bad" "$work/bad.csv"
ok "a table with faults is refused" exits 1
ok "cell by cell" [ "$(cut -d: -f2,3 "$work/out" | tr '\n' ' ')" = "3:18 4:36 " ]
ok "and no pack is made" [ ! -e "$work/bad" ]
run tariff import --from csv "$work/plain.csv" "$work/plain.csv"
ok "one table makes a tariff" exits 2

finish
