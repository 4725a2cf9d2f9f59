#!/usr/bin/env bash
# Rules and lists that one person proposes and another puts in force, and that one administration gives another.
. "$(dirname "$0")/cli_lib.sh"

store=$work/store
run generate --declarations 60 --seed 11
cp "$work/out" "$work/trade.jsonl"
run submit --data "$store" "$work/trade.jsonl"

person() { # person STORE LOGIN ROLE SCOPES
	"$program" user add "$2" --roles "$3" --data "$1" >/dev/null 2>&1
	"$program" user token "$2" --scopes "$4" --data "$1" >"$1-$2.token" 2>/dev/null
}
for login in ann abe; do person "$store" $login analyst read,tariff; done
person "$store" tara tariff read,tariff
person "$store" root administrator read,admin
as() { # as LOGIN ARGS...: one of them, in $at
	local login=$1
	shift
	run "$@" --data "$at" --token-file "$at-$login.token"
}
at=$store
is() { [ "$(jq -rc "$1" "$work/out")" = "$2" ]; }

# ---- two people ----

cat >"$work/mine.rules" <<'END'
rule NEW1 "everything" from 2025-01-01 owner "us" purpose revenue when declaration.items > 0 then yellow weight 100 because "y"
END
as ann rules propose "$work/mine.rules"
ok "a proposal wants a reason" exits 1
run rules propose "$work/mine.rules" --data "$store" --reason "more control"
ok "and somebody" exits 2
sed 's/declaration.items/declaration.nothing/' "$work/mine.rules" >"$work/bad.rules"
as ann rules propose "$work/bad.rules" --reason "a typing mistake"
ok "faults are told" exits 1
ok "by place and rule" out_has '^bad.rules:1:[0-9]*: rule.field: '
as ann rules propose packs/landfall/measures.csv --reason "a tariff by the back door"
ok "a tariff is none of rules" exits 1
as ann pack propose packs/farhaven --reason "nor by the front door"
ok "analysts propose no tariff" exits 1
as root rules propose "$work/mine.rules" --reason "mine"
ok "nor administrators rules" exits 1
as ann rules propose "$work/mine.rules" --reason "more control"
ok "a set is proposed" is .state proposed
number=$(jq .number "$work/out")
ok "the tables stay" is '.pack == .base.pack and .lists == .base.lists and .rules != .base.rules' true
as ann pack approve "$number"
ok "nobody approves their own" exits 1
as abe pack simulate "$number"
ok "it is tried on what was declared" is '.reports.rules.report.total.selected_now == .reports.rules.report.total.declarations' true
ok "by its rules" is '.reports.rules.report.rules[0] | .id, .hits == .selected' 'NEW1
true'
ok "and no tariff" is '.reports.revenue' null
jq -cj '.reports.rules.report' "$work/out" >"$work/report"
ok "the report has its hash" is .reports.rules.sha256 "$(sha256sum "$work/report" | cut -d' ' -f1)"
unhex() { xxd -r -p; }
key() { { printf 302a300506032b6570032100 | unhex; printf %s "$1" | unhex; } | openssl pkey -pubin -inform DER -out "$work/key.pem" 2>/dev/null; }
signed_by() { # signed_by KEY SIGNATURE FILE
	key "$1"
	printf %s "$2" | unhex >"$work/signature"
	openssl pkeyutl -verify -pubin -inkey "$work/key.pem" -rawin -in "$3" -sigfile "$work/signature" >/dev/null 2>&1
}
jq -rj '"customhouse report\n\(.number)\nrules\n\(.reports.rules.sha256)\n"' "$work/out" >"$work/what"
ok "and is signed" signed_by "$(jq -r .reports.rules.public_key "$work/out")" "$(jq -r .reports.rules.signature "$work/out")" "$work/what"
as tara pack show "$number"
ok "who is not cleared for targeting does not read it" is '.reports | keys' '["validation"]'
as ann rules export "$number"
ok "it is exported" exits 0
cp "$work/out" "$work/bundle.json"
as abe pack approve "$number"
ok "another puts it in force" is '[.state, .decided_by]' '["approved","abe"]'
run pack diff packs/landfall --data "$store"
ok "and only its rules differ" exits 1
as abe rules propose "$work/mine.rules" --reason "again"
ok "what is in force is not proposed" exits 1
printf 'list,value,from,to,source\ntransit-hubs,XM,2025-01-01,,note\n' >"$work/lists.csv"
as abe rules propose "$work/lists.csv" --reason "fewer hubs"
ok "lists alone may be proposed" is '.rules == .base.rules and .lists != .base.lists' true
as tara pack refuse "$(jq .number "$work/out")" --reason "not now"
ok "the tariff office may decide, too" is .state refused

# ---- a bundle, apart from the program ----

jq -rj .payload "$work/bundle.json" >"$work/payload"
ok "the payload is signed" signed_by "$(jq -r .public_key "$work/bundle.json")" "$(jq -r .signature "$work/bundle.json")" "$work/payload"
ok "it says where it is from" [ "$(jq -c '[.customhouse, .country]' "$work/payload")" = '["rules 1","XL"]' ]
ok "with what the rules did" [ "$(jq -c '.evidence.rules[0].hits > 0' "$work/payload")" = true ]
ok "and nothing of traders or cases" [ "$(jq -c '.evidence | keys' "$work/payload")" = '["currency","rules","total"]' ]
as abe rules export
ok "what is in force is exported" exits 0
cp "$work/out" "$work/later.json"
as tara rules export
ok "by analysts" exits 1

# ---- another administration ----

other=$work/other
run submit --data "$other" --pack packs/farhaven /dev/null
for login in ida ivo; do person "$other" $login analyst read,tariff; done
person "$other" adam administrator read,admin
at=$other
as ida rules import "$work/bundle.json" --reason "from next door"
ok "a key that nobody trusts is refused" exits 1
ok "and named" err_has "$(jq -r .public_key "$work/bundle.json")"
own=$(jq -r .public_key "$work/bundle.json")
as ida rules trust "$own" --name Landfall
ok "an analyst trusts nobody" exits 1
as adam rules trust "${own}0" --name Landfall
ok "what is no key is refused" exits 1
as adam rules trust "$own" --name Landfall
ok "an administrator does" is '.keys[0].name' Landfall
ok "and has a key of one's own" is '.own | length' 64
for change in '.payload |= sub("yellow"; "blue")' '.signature |= (if startswith("0") then "1" else "0" end) + .[1:]' '.payload |= . + " "' 'del(.signature)' '.public_key = "00"' '[]'; do
	jq -c "$change" "$work/bundle.json" >"$work/changed.json"
	as ida rules import "$work/changed.json" --reason "from next door"
	ok "tampered with by $change" exits 1
done
head -c 100 "$work/bundle.json" >"$work/changed.json"
as ida rules import "$work/changed.json" --reason "from next door"
ok "one that was cut off" exits 1
as ida rules import "$work/bundle.json" --reason "from next door"
ok "the bundle is a candidate" is .state proposed
number=$(jq .number "$work/out")
as ivo pack show "$number"
ok "with where it is from" is '.reports.import.report | [.country, .trusted_as, .public_key == "'"$own"'", .evidence.rules[0].id]' '["XL","Landfall",true,"NEW1"]'
as ida pack approve "$number"
ok "a second person reviews it" exits 1
as ivo pack approve "$number"
ok "and puts it in force" is .state approved
as ivo rules export
ok "it stands beside one's own" [ "$(jq -r '.payload | fromjson | [.files[].name] | map(select(endswith(".rules"))) | join(" ")' "$work/out")" = 'farhaven.rules shared-XL-mine.rules' ]
ok "lists that were there stay, others come" [ "$(jq -r '.payload | fromjson | .files[] | select(.name == "lists.csv") | .text' "$work/out" | grep -c '^transit-hubs,')" -ge 1 ]
as ida rules import "$work/bundle.json" --reason "again"
ok "the same again is in force already" exits 1
as ivo rules export
ok "it says whose key signed it, and when" [ "$(jq -r '.payload | fromjson | .files[] | select(.name == "shared-XL-mine.rules") | .text' "$work/out" | head -n 1)" = "# shared by $own at $(jq -r '.payload | fromjson | .exported_at' "$work/bundle.json")" ]
as ida rules import "$work/later.json" --reason "the newest"
ok "a later one takes its place" is .state proposed
as ivo pack approve "$(jq .number "$work/out")"
ok "once it is approved" is .state approved
as ida rules import "$work/bundle.json" --reason "what was withdrawn since"
ok "and an old one does not come back" err_has 'older than what stands here'
as adam rules distrust "$own"
ok "trust ends" is .keys '[]'
as adam rules distrust "$own"
ok "once" exits 1
as ida rules import "$work/bundle.json" --reason "again"
ok "and is asked each time" err_has 'nobody trusts'
for at in "$store" "$other"; do
	run verify --data "$at"
	ok "the log holds all of it" exits 0
done

finish
