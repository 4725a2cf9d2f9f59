#!/usr/bin/env bash
# What other rules would have selected, beside what was selected and what control found.
. "$(dirname "$0")/cli_lib.sh"

store=$work/store
run generate --declarations 400 --seed 11
cp "$work/out" "$work/trade.jsonl"
run submit --data "$store" "$work/trade.jsonl"
cp "$work/out" "$work/records.jsonl"
accepted=$(records '.state != "rejected"' "$work/records.jsonl")
# With the pack said: which one is in force "today" depends on whose day it is.
simulate() { run simulate --data "$store" --pack packs/landfall --json "$@"; }
is() { [ "$(jq -c "$1" "$work/out")" = "$2" ]; }

# ---- the same rules ----

simulate --rules packs/landfall/landfall.rules
ok "the rules that decided select the same" exits 0
ok "every accepted declaration" is .total.declarations "$accepted"
ok "in its lane" is '.total.lanes_then == .total.lanes_now' true
ok "by every row" is '[.office, .trader, .size, .origin | .[] | select(.lanes_then != .lanes_now)]' '[]'
ok "and no example of a change" is '.newly_selected + .no_longer_selected' '[]'
for lane in green blue yellow red; do
	ok "$lane as the records say" is ".total.lanes_then.$lane" "$(records ".lane == \"$lane\" and .state != \"rejected\"" "$work/records.jsonl")"
done
for by in office trader size origin; do
	ok "rows by $by are the total" is "[.$by[].declarations] | add" "$accepted"
	ok "and of what is selected" is "([.$by[].selected_now] | add) == .total.selected_now" true
done

# ---- other rules ----

# Of what the records say, apart from the program. A rule that begins later is tried as if it held.
cat >"$work/dear.rules" <<'END'
rule DEAR "dear" from 2090-01-01 owner "us" when declaration.total_value > 20000 then red because "y"
rule GONE "gone" from 2020-01-01 to 2020-12-31 owner "us" when declaration.items > 0 then red because "y"
rule HALF "half" from 2090-01-01 owner "us" when declaration.items > 0 then blue 50% because "y"
END
simulate --rules "$work/dear.rules"
ok "other rules" exits 0
dear=$(records '.state != "rejected" and (.total.customs_value | tonumber) > 20000' "$work/records.jsonl")
ok "hit what they hit" is '[.rules[] | select(.id == "DEAR") | .hits, .selected]' "[$dear,$dear]"
ok "a rule that ended before hits nothing" is '.rules[] | select(.id == "GONE") | .hits' 0
ok "a percentage selects some" is '.rules[] | select(.id == "HALF") | .hits == '"$accepted"' and .selected > .hits / 3 and .selected < .hits * 2 / 3' true
cp "$work/out" "$work/first"
simulate --rules "$work/dear.rules"
ok "the same again" cmp -s "$work/out" "$work/first"
ok "with examples" is '.newly_selected | length > 0 and all((.now == "red" or .now == "yellow") and (.then == "green" or .then == "blue"))' true
simulate --rules "$work/dear.rules" --to 2020-01-01
ok "a period without trade" is .total.declarations 0
simulate --rules "$work/dear.rules" --from 2020-01-01
ok "a period with all" is .total.declarations "$accepted"

# ---- what control found ----

person() { # person LOGIN SCOPES ROLE
	"$program" user add "$1" --data "$store" --roles "$3" --offices "$offices" >/dev/null 2>&1
	"$program" user token "$1" --scopes "$2" --data "$store" >"$work/$1.token" 2>/dev/null
}
offices=$(sed -n '3,$s/,.*//p' packs/landfall/offices.csv | paste -sd,)
person sue act supervisor
person bob act officer
act() { # act LOGIN REFERENCE JSON
	curl -s -o "$work/act" -w '%{http_code}' -H "Authorization: Bearer $(cat "$work/$1.token")" --json "$3" \
		"$url/api/v1/declarations/$2/acts"
}
ok "a server starts" start_server "$store"
# How many are yellow the lot decides; the first that are controlled are irregular and clean in turn.
irregular=0
clean=0
for reference in $(jq -r 'select(.lane == "yellow" and .state != "rejected" and (.declaration.type | startswith("IM")) and
	(.holds | index("documents"))) | .declaration.reference' "$work/records.jsonl"); do
	[ "$(act sue "$reference" '{"act": "take-over", "officer": "bob", "reason": "first"}')" = 201 ] || continue
	if [ $irregular -eq $clean ]; then
		[ "$(act bob "$reference" '{"act": "check-documents", "result": "irregular", "code": "F1", "reason": "not these"}')" != 201 ] ||
			irregular=$((irregular + 1))
	else
		[ "$(act bob "$reference" '{"act": "check-documents", "result": "clean"}')" != 201 ] || clean=$((clean + 1))
	fi
	[ $clean -lt 2 ] || break
done
stop_server
ok "cases were controlled" [ $irregular -gt 0 ]
simulate --rules packs/landfall/landfall.rules
ok "the same rules keep what was found" is '.total | [.irregular, .irregular_kept, .irregular_lost, .clean, .clean_kept]' "[$irregular,$irregular,0,$clean,$clean]"
printf 'rule NONE "none" from 2026-01-01 owner "us" when declaration.items < 0 then red because "y"\n' >"$work/none.rules"
simulate --rules "$work/none.rules"
ok "no rules lose what no draw finds" is '.total.irregular - .total.irregular_kept == .total.irregular_lost and .total.irregular == '"$irregular" true
ok "and the lost come among the examples" is '[.no_longer_selected[] | select(.irregular)] | length == '"$(jq .total.irregular_lost "$work/out")" true

# ---- what is refused ----

simulate
ok "rules have to be given" exits 2
simulate --rules "$work/nothing"
ok "and be there" exits 3
printf 'rule A "a" from 2026-01-01 owner "us" when item.nothing = 1 then red because "y"\n' >"$work/bad.rules"
simulate --rules "$work/bad.rules"
ok "and be sound" exits 2
ok "with the place of each fault" out_has '^candidate.rules:1:'
simulate --rules "$work/dear.rules" --from tomorrow
ok "no day" exits 2

finish
