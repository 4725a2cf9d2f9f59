#!/usr/bin/env bash
# What a tariff office does: what another edition would bring, whom it concerns, and who puts it in force.
. "$(dirname "$0")/cli_lib.sh"

run generate --declarations 60 --seed 11
cp "$work/out" "$work/trade.jsonl"
store=$work/store
run submit --data "$store" "$work/trade.jsonl"
cp "$work/out" "$work/records.jsonl"

# ---- what another edition would bring ----

cents() { jq -r "$1 | gsub(\"[.]\"; \"\") | tonumber" "$work/out"; }
revenue() { run reassess --data "$store" --revenue "$@"; }

revenue
ok "under the same tariff nothing differs" exits 0
ok "what was due is what was decided" [ "$(cents .total.before)" = "$(jq -s '[.[] | select(.state != "rejected") | .taxes[] |
	select(.state == "due") | .amount | gsub("[.]"; "") | tonumber] | add' "$work/records.jsonl")" ]
ok "and would be" [ "$(cents .total.after)" = "$(cents .total.before)" ]
ok "every accepted declaration was assessed" [ "$(jq .declarations.assessed "$work/out")" = "$(records '.state != "rejected"' "$work/records.jsonl")" ]
ok "nothing is claimed of behaviour" out_has 'is not estimated'

cp -r packs/landfall "$work/next"
sed -i 's/^\(VAT-STANDARD,VAT,,\*,,,,\)16%,/\117%,/' "$work/next/measures.csv"
revenue --pack "$work/next"
ok "under another something does" exits 1
# Cents, added up apart from the program.
more=$(jq -s '[.[] | select(.state != "rejected") | .taxes[] | select(.measure == "VAT-STANDARD" and .state == "due") |
	(((.base | gsub("[.]"; "") | tonumber) * 17 / 100) + 0.5 | floor) - (.amount | gsub("[.]"; "") | tonumber)] | add' "$work/records.jsonl")
ok "the sum is what a sum by hand gives" [ "$(cents .total.difference)" = "$more" ]
for by in chapter country trader levy commodity; do
	ok "and of all rows by $by" [ "$(jq "[.by.$by[].difference | gsub(\"[.]\"; \"\") | tonumber] | add" "$work/out")" = "$more" ]
done
ok "value and items are the total's, too" [ "$(jq -c '[.by.chapter[] | .items] | add' "$work/out")" = "$(jq .total.items "$work/out")" ]
ok "only the tax changed" [ "$(jq -r '[.by.levy[] | select(.difference != "0.00") | .key] | join(" ")' "$work/out")" = VAT ]
cp "$work/out" "$work/revenue.json"
run reassess --data "$store" --pack "$work/next"
ok "the list of cases has the same sum" [ "$(tail -n 1 "$work/out" | jq -r '.owes | gsub("[.]"; "")')" = "$more" ]

revenue --pack "$work/next" --csv
ok "a table has the same rows" [ "$(sed 1d "$work/out" | wc -l)" = "$(jq '[.by[][]] | length + 1' "$work/revenue.json")" ]
ok "and sums" [ "$(sed -n 's/^total,.*,\([^,]*\),XLD$/\1/p' "$work/out")" = "$(jq -r .total.difference "$work/revenue.json")" ]
revenue --pack "$work/next" --since 2999-01-01
ok "of days without declarations there is nothing" [ "$(jq -c '[.declarations.assessed, .total.before]' "$work/out")" = '[0,"0.00"]' ]

# The rates that differ, and the trade under each.
run pack diff "$work/next" --data "$store" --trade
ok "rates differ" exits 1
ok "one of them, for many codes" [ "$(jq -c '[.rates[] | [.levy, .commodity, .before, .after, .codes > 500]]' "$work/out")" = '[["VAT","","16%","17%",true]]' ]
ok "with what it would bring" [ "$(cents .rates[0].trade.difference)" = "$more" ]
cp -r packs/landfall "$work/dearer"
sed -i 's|^\(CUD-1701,CUD,1701,\*,,,,\)110.00|\1120.00|' "$work/dearer/measures.csv"
run pack diff packs/landfall "$work/dearer" --rates
ok "inheritance is followed, and its source named" [ "$(jq -c '[.rates[] | [.commodity, .before, .after]]' "$work/out")" = '[["1701","110.00 XLD / 1000 kg","120.00 XLD / 1000 kg"]]' ]
ok "without trade nothing is said of it" [ "$(jq -c '[.rates[].trade] | unique' "$work/out")" = '[null]' ]
run pack diff packs/landfall packs/landfall --rates
ok "of the same tariff none" exits 0

# An edition that is still to come: its rates hold from a day on.
cp -r packs/landfall "$work/coming"
sed -i '/^VAT-STANDARD,.*,2026-01-01,,/ {h; s/,2026-01-01,,/,2026-01-01,2029-12-31,/; p; x; s/16%/17%/; s/,2026-01-01,,/,2030-01-01,,/}' \
	"$work/coming/measures.csv"
revenue --pack "$work/coming"
ok "by their own days nothing differs" exits 0
revenue --pack "$work/next" --as-of 2030-01-01
as_of=$(jq -c .total "$work/out")
revenue --pack "$work/coming" --as-of 2030-01-01
ok "by the rates of that day something does" exits 1
ok "the same as if they had held before" [ "$(jq -c .total "$work/out")" = "$as_of" ]

# Goods that the edition no longer has.
code=$(jq -r '.by.commodity[0].key' "$work/revenue.json")
cp -r "$work/next" "$work/fewer"
sed -i "/^$code,/d" "$work/fewer/nomenclature.csv"
run pack check "$work/fewer"
if [ "$status" -eq 0 ]; then
	revenue --pack "$work/fewer"
	ok "what cannot be assessed is counted apart" [ "$(jq -r '.left_out[0].reason' "$work/out")" = commodity.unknown ]
	ok "and in no other sum" [ "$(jq ".declarations.assessed + .declarations.left_out" "$work/out")" = "$(jq .declarations.assessed "$work/revenue.json")" ]
	ok "nor hidden" [ "$(jq -r '(.total.before, .left_out[].before) | gsub("[.]"; "") | tonumber' "$work/out" | paste -sd+ | bc)" = \
		"$(jq -r '.total.before | gsub("[.]"; "")' "$work/revenue.json")" ]
else
	ok "an edition without a code is sound" exits 0
fi
run reassess --data "$store" --csv
ok "a table is of sums" exits 2
run replay --data "$store"
ok "decisions stay what they were" exits 0

# ---- two people ----

run pack load "$work/next" --data "$store"
ok "while there is nobody a pack is loaded" exits 0
run user add ann --roles analyst --data "$store"
run pack load packs/landfall --data "$store"
ok "where there are people it is refused" exits 3
ok "and said why" err_has -e --reason
run pack load packs/landfall --data "$store" --reason "no tariff office yet"
ok "unless who runs the hub says why" exits 0
for login in tara theo; do
	run user add "$login" --roles tariff --data "$store"
	run user token "$login" --scopes read,tariff --data "$store"
	cp "$work/out" "$work/$login.token"
done
run user token ann --scopes read --data "$store"
cp "$work/out" "$work/ann.token"
run pack load "$work/next" --data "$store" --reason "I can"
ok "with a tariff office it is refused" exits 3
run pack load packs/landfall --data "$store"
ok "what is in force already stays so" out_is '{"loaded":false}'

office() { # office LOGIN ARGS...: one of them does something
	local login=$1
	shift
	run pack "$@" --data "$store" --token-file "$work/$login.token"
}
office tara propose "$work/next"
ok "a proposal wants a reason" exits 1
run pack propose "$work/next" --data "$store" --reason "Finance Act"
ok "and somebody" exits 2
office ann propose "$work/next" --reason "Finance Act"
ok "of the tariff office" exits 1
office tara propose packs/landfall --reason "nothing new"
ok "and something new" exits 1
cp -r "$work/next" "$work/broken"
echo 'X1,NIX,01,*,,,,1%,,,,,,,,,2026-01-01,,x' >>"$work/broken/measures.csv"
office tara propose "$work/broken" --reason "a typing mistake"
ok "a pack with faults is refused" exits 1
ok "by place and rule" out_has '^[^:]*/measures.csv:[0-9]*: [a-z.-]*: '
cp -r "$work/next" "$work/absurd"
sed -i 's/,17%,/,99999%,/' "$work/absurd/measures.csv"
office tara propose "$work/absurd" --reason "another"
ok "so is a tariff that breaks its rules" out_has 'rate.absurd'

office tara propose "$work/next" --reason "Finance Act 2027" --valid-from 2020-01-01
past=$(jq .number "$work/out")
office theo approve "$past"
ok "a day that has passed is not approved" exits 1
office tara withdraw "$past"
ok "withdrawing wants a reason" exits 1
office theo withdraw "$past" --reason "not mine"
ok "and who proposed" exits 1
office tara withdraw "$past" --reason "the wrong year"
ok "they do" [ "$(jq -r .state "$work/out")" = withdrawn ]

office tara propose "$work/next" --reason "Finance Act 2027"
ok "a sound one is a candidate" [ "$(jq -r .state "$work/out")" = proposed ]
ok "with what the rules say of it" [ "$(jq -r '.reports.validation.report.sound' "$work/out")" = true ]
number=$(jq .number "$work/out")
office tara approve "$number"
ok "nobody approves their own" exits 1
office tara refuse "$number" --reason "my own"
ok "or refuses it" exits 1
office ann approve "$number"
ok "nor does anybody else" exits 1
run pack approve "$number" --data "$store"
ok "nor the operator" exits 2
office theo approve 4711
ok "nor what is not there" exits 1
office tara propose "$work/coming" --reason "a second idea"
second=$(jq .number "$work/out")
office theo refuse "$second"
ok "refusing wants a reason" exits 1
office tara propose "$work/coming" --reason "a third idea"
third=$(jq .number "$work/out")
office theo refuse "$second" --reason "not yet"
ok "another refuses" [ "$(jq -r '[.state, .decided_by, .decided_reason] | join("|")' "$work/out")" = "refused|theo|not yet" ]
office theo approve "$second"
ok "which is the end of it" exits 1

office theo simulate "$number"
ok "a simulation is kept with it" [ "$(jq -r '.reports.revenue.report.total.difference | gsub("[.]"; "")' "$work/out")" = "$more" ]
ok "and the rates that differ, with their trade" [ "$(jq -c '.reports.changes.report.rates[] | [.levy, .after, .trade.difference]' "$work/out")" = \
	"[\"VAT\",\"17%\",$(jq -c .reports.revenue.report.total.difference "$work/out")]" ]
office theo approve "$number"
ok "another approves" [ "$(jq -r '[.state, .decided_by] | join(" ")' "$work/out")" = "approved theo" ]
run pack diff "$work/next" --data "$store"
ok "and it is in force" exits 0
office theo approve "$third"
ok "what was compared with another tariff is not approved" err_has 'propose it again'
run pack list --data "$store"
ok "all are listed" [ "$(jq -c '[.candidates[].state]' "$work/out")" = '["proposed","refused","approved","withdrawn"]' ]
office ann list
ok "also for analysts" exits 0
run verify --data "$store"
ok "the log holds all of it" exits 0
run backup --data "$store" --to "$work/backup.jsonl"
ok "and so does a backup" [ "$(grep -c '^{"table":"candidate"' "$work/backup.jsonl")" = 4 ]

# ---- over HTTP ----

start_server "$store"
tara=$(cat "$work/tara.token") theo=$(cat "$work/theo.token")
http() { # http LOGIN METHOD PATH [CURL ARGS...]: leaves $code and $work/out
	code=$(curl -sS -o "$work/out" -w '%{http_code}' -X "$2" -H "Authorization: Bearer ${!1}" "${@:4}" "$url$3")
}
tar=(-H 'Content-Type: application/x-tar' --data-binary)
( cd packs && tar cf "$work/landfall.tar" landfall )
http tara POST '/api/v1/packs?reason=back' "${tar[@]}" "@$work/landfall.tar"
ok "a tar archive of a folder is proposed" [ "$code" = 201 ]
number=$(jq .number "$work/out")
ok "and is the pack of that folder" [ "$(jq -r .pack "$work/out")" = "$("$program" pack check packs/landfall --json | jq -r .pack)" ]
http tara POST "/api/v1/packs/$number/approval"
ok "its proposer does not approve it" [ "$code" = 403 ]
http theo POST "/api/v1/packs/$number/simulation?as-of=2030-01-01"
ok "a simulation is begun" [ "$code" = 202 ]
for _ in $(seq 100); do
	http theo GET "/api/v1/packs/$number/simulation"
	[ "$(jq -r .state "$work/out")" = running ] || break
	sleep 0.1
done
ok "and ends" [ "$(jq -r .state "$work/out")" = done ]
http theo DELETE "/api/v1/packs/$number/simulation"
ok "one that has ended stays" [ "$(jq -r .state "$work/out")" = done ]
http theo GET "/api/v1/packs/$number"
ok "its report says as of when" [ "$(jq -r .reports.revenue.report.as_of "$work/out")" = 2030-01-01 ]
http theo POST "/api/v1/packs/$number/approval?reason=agreed"
ok "another approves over HTTP" [ "$code" = 200 ]
http theo POST "/api/v1/packs/$number/approval"
ok "once" [ "$code" = 409 ]

refused() { # refused NAME CODE CURL ARGS...
	http tara POST '/api/v1/packs?reason=hostile' "${@:3}"
	ok "$1" [ "$code" = "$2" ]
}
gzip -c "$work/landfall.tar" >"$work/landfall.tar.gz"
refused "a compressed archive is none" 422 "${tar[@]}" "@$work/landfall.tar.gz"
refused "nor sent as compressed" 415 -H 'Content-Encoding: gzip' "${tar[@]}" "@$work/landfall.tar.gz"
refused "nor a zip" 415 -H 'Content-Type: application/zip' --data-binary "@$work/landfall.tar.gz"
head -c 5000 "$work/landfall.tar" >"$work/cut.tar"
refused "an archive that was cut off" 422 "${tar[@]}" "@$work/cut.tar"
mkdir "$work/links"
ln -s /etc/passwd "$work/links/pack.csv"
tar cf "$work/links.tar" -C "$work" links
refused "one with links" 422 "${tar[@]}" "@$work/links.tar"
cp -r packs/landfall "$work/twice"
mkdir "$work/twice/more"
cp packs/landfall/pack.csv "$work/twice/more"
tar cf "$work/twice.tar" -C "$work" twice
refused "one with a file twice" 422 "${tar[@]}" "@$work/twice.tar"
head -c 200000000 /dev/zero >"$work/huge.tar"
http tara POST '/api/v1/packs?reason=huge' -H Expect: "${tar[@]}" "@$work/huge.tar" 2>/dev/null
ok "one that is too large" [ "$code" = 413 ]
rm "$work/huge.tar"
http tara POST '/api/v1/packs' "${tar[@]}" "@$work/landfall.tar"
ok "one without a reason" [ "$code" = 422 ]
stop_server
run verify --data "$store"
ok "the log holds that as well" exits 0

finish
