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
# A pack alone: a server has no part in it, and these take long.

if ! on_server; then
	hostile() { # hostile NAME REASON FILE [STATUS]: the example pack with another FILE, from standard input
		rm -rf "$work/hostile"
		cp -r packs/landfall "$work/hostile"
		cat >"$work/hostile/$3"
		(
			ldd "$program" | grep -q 'lib[at]san' || ulimit -v 4000000 # sanitizers reserve terabytes
			timeout 300 "$program" pack check "$work/hostile" >"$work/out" 2>"$work/err"
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
		yes ,,,,,,,,,,,,,,,,,, | head -n "$1"
	}
	hostile "ten million rows" "may not be as large" measures.csv 3 < <(many 10000000)
	hostile "three million rows" field.empty measures.csv < <(many 3000000)
	hostile "a compressed table" csv.syntax measures.csv < <(head -c 50000000 /dev/zero | gzip -c)
	hostile "a group in a group" country.unknown areas.csv \
		< <(with areas.csv 'ONE,TWO,One,Un,2025-01-01,,x' 'TWO,ONE,Two,Deux,2025-01-01,,x')
	hostile "a circle of levies" levy.order levies.csv \
		< <(with levies.csv 'LP1,fee,90,value LP2,0,half-up,1,import,One,Un,2025-01-01,,x' \
			'LP2,fee,91,value LP1,0,half-up,1,import,Two,Deux,2025-01-01,,x')
	hostile "days that overlap" 'dates.overlap\|row.duplicate\|measure.ambiguous' measures.csv \
		< <(with measures.csv 'VAT-STANDARD,VAT,,*,,,,17%,,,,,,,,,2026-06-01,,x')
	hostile "a rate with twenty digits" expression.syntax measures.csv \
		< <(with measures.csv 'HUGE,CUD,97,*,,,,99999999999999999999%,,,,,,,,,2026-06-01,,x')
	sed 's/,16%,/,99999%,/' packs/landfall/measures.csv >"$work/hostile/measures.csv"
	run pack check "$work/hostile"
	ok "an absurd rate can be read" exits 0
	run tariff check "$work/hostile"
	ok "is found by the rules of the tariff" exits 1
	ok "by name" [ "$(jq -r '.rules[] | select(.rule == "rate.absurd") | .broken > 0' "$work/out")" = true ]
fi

# ---- one of every kind: the newer tables of the example pack ----

due() { # due LEVY OPTION WHAT: of the option with this name, or the first
	jq -r --arg levy "$1" --arg option "$2" "first(.options[] | select(\$option == \"\" or .quota == \$option or .preference.code == \$option)) |
		first(.lines[] | select(.levy == \$levy)) | .$3" "$work/out"
}
run duty 87120000 --value '1000.00 XLD' --origin XS
ok "trade defence, a company that is not named" [ "$(due ADD '' amount)" = 375.00 ]
run duty 87120000 --value '1000.00 XLD' --origin XS --additional B101
ok "a company's own rate" [ "$(due ADD '' amount)" = 124.00 ]
run duty 87120000 --value '1000.00 XLD' --origin XS --additional B102
ok "another's" [ "$(due ADD '' amount)" = 199.00 ]
run duty 87120000 --value '1000.00 XLD' --origin XS --additional B102 --document L109
ok "its undertaking frees" [ "$(due ADD '' amount)" = 0.00 ]
run duty 17019900 --value '1000.00 XLD' --origin BR --quantity '500 kg' --on 2026-03-01
ok "a pack alone knows no balance" [ "$(jq -c '.options[] | select(.quota == "050001").quota_balance' "$work/out")" = '{"unknown":"pack"}' ]
ok "and takes it that all is granted" [ "$(due CUD 050001 amount)" = 17.50 ]
run duty 17019900 --value 1 --data "$work/balances" --pack packs/landfall
ok "a pack or a store" exits 2
run duty 17019900 --value 1 --data "$work/balances"
ok "a store that is not there" exits 3
cp -r packs/landfall "$work/lasting"
sed -i 's/,2027-12-31,/,2099-12-31,/' "$work/lasting/quotas.csv"
run submit --data "$work/balances" --pack "$work/lasting" examples/import-simple.json
run duty 04069000 --value '1000.00 XLD' --origin XS --quantity '500 kg' --data "$work/balances"
ok "a store knows what is left" [ "$(jq -r '.options[] | select(.quota == "050101").quota_balance | [.way, .balance == .volume] | join(" ")' "$work/out")" = "later true" ]
run duty 04069000 --value '1000.00 XLD' --origin XS --quantity '500 kg' --data "$work/balances" --explain
ok "and says what is granted later" out_has "if all is granted of the quota"
run tariff quotas --data "$work/balances"
ok "quotas of a store" [ "$(jq -r '[.quotas[] | select(.quota == "050101")] | length' "$work/out")" = 1 ]
run tariff quotas 050101 --data "$work/balances"
ok "one of them" [ "$(jq -r '.quotas[0].parent' "$work/out")" = 050100 ]
run tariff claims 050101 --data "$work/balances"
ok "and who claims it" [ "$(jq -c '[.claims, .after]' "$work/out")" = '[[],null]' ]
run tariff claims 059999 --data "$work/balances"
ok "of a quota that there is" exits 1

# Reliefs by an additional procedure: gifts, and low value in bulk, each item a consignment of its own.
relieved() { # relieved PROCEDURE USD: what is due, by levy and measure
	jq --arg procedure "$1" --arg price "$2" '.shipment.items[0].procedures[1].requested = $procedure | .invoice_total.value = $price |
		.shipment.items[0].commodity |= (.price.value = $price | .net_mass.value = "10" | .duties = [])' examples/import-simple.json >"$work/relief.json"
	run clear --on 2026-02-02 "$work/relief.json"
	jq -r '[.taxes[] | select(.type != "STA") | .measure, .amount] | join(" ")' "$work/out"
}
ok "low value in bulk: no duty, one rate of tax, a fee an item" [ "$(relieved F49 100.00)" = "CUD-BULK 0.00 PRF-BULK 0.50 VAT-BULK 20.25" ]
ok "above its threshold" [ -n "$(relieved F49 200.00)" ]
ok "it is refused" out_has duty.not-allowed
ok "a gift within its allowance" [ "$(relieved C08 30.00)" = "CUD-GIFT 0.00 PRF-ALL 12.00 VAT-GIFT 0.00" ]
ok "and one above it" [ "$(relieved C08 60.00)" = "CUD-0901 0.60 PRF-ALL 12.00 VAT-STANDARD 14.12" ]
run duty 85076000 --value '1000.00 XLD' --origin CN --quantity '10 NAR' --on 2026-03-01
ok "a suspension that is claimed" [ "$(due CUD '' amount) $(due CUD 110 amount)" = "20.00 0.00" ]
run duty 07020000 --value '800.00 XLD' --origin MA --quantity '1000 kg' --on 2027-02-01
ok "an entry price a little too low" [ "$(due CUD '' amount)" = 137.40 ]
run duty 07020000 --value '840.00 XLD' --origin MA --quantity '1000 kg' --on 2027-02-01
ok "an entry price that is kept" [ "$(due CUD '' amount)" = 73.92 ]
run duty 18069070 --value '1000.00 XLD' --origin CH --quantity '500 kg' --additional 7015 --on 2027-02-01
ok "components by composition" [ "$(due CUD '' amount)" = 149.50 ]
run duty 18069070 --value '1000.00 XLD' --origin CH --quantity '500 kg' --on 2027-02-01
ok "and of any other" [ "$(due CUD '' amount)" = 160.00 ]
run duty 17029060 --value '1000.00 XLD' --origin BR --quantity '1000 kg,60 SUC' --on 2027-02-01
ok "by sucrose" [ "$(due CUD '' amount)" = 210.00 ]
run duty 22060031 --value '1000.00 XLD' --origin FR --quantity '10 HLT,9.5 ASV' --on 2027-02-01
ok "by strength" [ "$(due EXC '' amount)" = 684.00 ]
run duty 24039930 --value '1000.00 XLD' --origin SE --quantity '10 kg' --retail '5000.00 XLD' --on 2027-02-01
ok "by the retail price" [ "$(due EXC '' amount)" = 1620.00 ]
run duty 36041000 --value '100.00 XLD' --origin CN --quantity '3 kg' --on 2027-02-01
ok "more than is allowed" out_has duty.not-allowed
run duty 36041000 --value '100.00 XLD' --origin CN --quantity '2 kg' --on 2027-02-01
ok "a small quantity is" [ "$(grep -c duty.not-allowed "$work/out")" = 0 ]
run duty 92 --origin CN --on 2025-04-01 --known 2025-06-30
ok "what one knew before it was corrected" out_has '"expression":"8%"'
run duty 92 --origin CN --on 2025-04-01
ok "and after" out_has '"expression":"6%"'

# ---- origin: what a claim of preference rests on ----

# claim ANSWERS [DUTIES]: coffee from Farhaven under the agreement's preference, with a proof.
claim() {
	jq --arg answers "$1" '.shipment.items[0] |= (.origins = [{"country": "XM", "type": "2"}] | .export_country = "XM" |
		.documents += [{"category": "N", "type": "954", "id": "EUR-1"}] | .commodity.duties[0].preference = "300" |
		.statements = ($answers | split("|") | map({"code": "01600", "text": .})))' examples/import-simple.json >"$work/claim.json"
	run clear "$work/claim.json"
}
of_origin() { jq -r "[.findings[] | select(.rule | test(\"preference.(answer|cumulation|origin-)\"))] | map(.rule + \" \" + .severity) | join(\",\")" "$work/out"; }
known='wholly_obtained=no beyond_simple=yes direct_transport=yes proof_date=2026-10-01'
claim "$known material=120991:5:BR"
ok "answers that meet the rule" [ "$(jq -c '.origin[0] | [.item, .agreement, .originating, .criterion, .claim, (.answers | length)]' "$work/out")" = \
	'[1,"LFA","yes","rule","yes",5]' ]
ok "and no finding" [ -z "$(of_origin)" ]
ok "the rule is cited with its row" [ "$(jq -c '.origin[0].steps | map(select(.about == "rule"))[0] | [.text, .line > 1, .source != ""]' "$work/out")" = \
	'["0901: change subheading",true,true]' ]
run convert --to wco-dec "$work/claim.json"
cp "$work/out" "$work/claim.xml"
run clear "$work/claim.xml"
ok "the same in the XML of the WCO" [ "$(jq -r '.origin[0].claim' "$work/out")" = yes ]
claim "$known"
ok "what is not answered is asked for" [ "$(of_origin)" = "preference.origin-open warning" ]
ok "by its name" out_has 'Answer materials, too'
claim "$known|material=090111:70:BR|ex_works=100"
ok "answers of several statements that do not" [ "$(of_origin)" = "preference.origin-not-met error" ]
ok "reject it, with the numbers" [ "$(jq -r '[.state, (.origin[0].steps[] | select(.about == "condition").met)] | join(" ")' "$work/out")" = "rejected no" ]
claim "$known material=090111:70:AT:originates ex_works=100"
ok "cumulation that is not claimed does not count" [ "$(of_origin)" = "preference.origin-not-met error" ]
claim "$known material=090111:70:AT:originates ex_works=100 cumulation=AT"
ok "what is claimed does" [ "$(jq -r '.origin[0] | [.claim, (.steps[] | select(.about == "cumulation").met)] | join(" ")' "$work/out")" = "yes yes" ]
claim "$known material=090111:70:BR:originates ex_works=100 cumulation=BR"
ok "but not with anybody" [ "$(of_origin)" = "preference.cumulation error,preference.origin-not-met error" ]
claim "$known material=120991:5:BR sworn=yes ex_works=-1"
ok "what is no answer is said" [ "$(jq -r '[.findings[] | select(.rule == "preference.answer").text[1:5]] | join(",")' "$work/out")" = "swor,ex_w" ]
claim "wholly_obtained=yes direct_transport=no"
ok "goods that did not come directly" [ "$(of_origin)" = "preference.origin-not-met error" ]
claim "$known material=120991:5:BR"
run submit --data "$work/origins" "$work/claim.json"
reference=$(jq -r .declaration.reference "$work/out")
run explain --data "$work/origins" --for trader --lang fr "$reference"
ok "the trader reads what the claim rests on" out_has 'le pays est partie à l’accord'
ok "and what it answered" out_has 'material=120991:5:BR'
run replay --data "$work/origins"
ok "and it replays" exits 0
run origin 090111 --agreement LFA --origin XM --lang fr wholly_obtained=yes
ok "steps in French" out_has 'entièrement obtenues dans le pays'

coffee() { # coffee PROCEDURES PRICE...: the example with these procedures and an item for each price
	jq --arg procedures "$1" '.shipment.items[0] as $one | .shipment.items = [$ARGS.positional[] | . as $price | $one |
		.commodity.price.value = $price | .commodity.net_mass.value = "4" | .commodity.gross_mass.value = "5" |
		.commodity.duties += [{"quantity": {"value": "4", "unit": "MON"}}] |
		.procedures = [$procedures | split(" ")[] | split("/") | {"requested": .[0], "previous": (.[1] // "00")}]]' \
		--args "${@:2}" <examples/import-simple.json >"$work/coffee-item.json"
	run clear --on 2026-02-02 "$work/coffee-item.json"
}
lines() { # lines LEVY FIELD: of the record, by item
	jq -r --arg levy "$1" "[.taxes[] | select(.type == \$levy) | .$2] | join(\" \")" "$work/out"
}
coffee "40" 100.00
ok "without a claim there is no relief" [ "$(lines CUD measure)" = CUD-0901 ]
coffee "40 C07" 100.00
ok "a consignment of low value" [ "$(lines CUD 'measure + " " + .amount')" = "CUD-LOW-VALUE 0.00" ]
coffee "40 C07" 60.00 65.00
ok "it is the whole that counts" [ "$(lines CUD measure)" = "CUD-0901 CUD-0901" ]
coffee "40 C08" 30.00
ok "a gift pays no tax either" [ "$(lines VAT 'measure + " " + .amount')" = "VAT-GIFT 0.00" ]
coffee "40 F49" 60.00 65.00 30.00
ok "in bulk each item is a consignment" [ "$(lines CUD measure)" = "CUD-BULK CUD-BULK CUD-BULK" ]
ok "with one rate of tax" [ "$(lines VAT rate)" = "16% 16% 16%" ]
ok "and a fee an item" [ "$(lines PRF amount)" = "0.50 0.50 0.50" ]
coffee "40 F49" 60.00 650.00
ok "where none may be worth more" out_has duty.not-allowed
coffee "57" 1000.00
ok "temporary admission, a part for each month" [ "$(lines CUD state)" = due ]
ok "with its proof" out_has 'CUD (in part, by months)'
coffee "40 C01" 1000.00
ok "removal goods" [ "$(lines CUD state) $(lines VAT state)" = "relieved relieved" ]
coffee "40 F01" 1000.00
ok "returned goods" [ "$(lines CUD state) $(lines VAT state)" = "relieved due" ]

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
