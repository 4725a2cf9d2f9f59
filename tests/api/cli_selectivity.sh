#!/usr/bin/env bash
# Lanes that follow what officers have time for, in a store: counted hour by hour, over a restart, and replayed.
. "$(dirname "$0")/cli_lib.sh"

cp -r packs/landfall "$work/pack"
rm "$work/pack"/*.rules
cat >"$work/pack/one.rules" <<'END'
rule GUARD "guarded" from 2025-01-01 owner "us" purpose prohibition when declaration.items = 3 then yellow because "y"
rule MONEY "money" from 2025-01-01 owner "us" purpose revenue when declaration.items > 0 then red weight 100 because "y"
END
cat >"$work/pack/capacity.csv" <<'END'
office,weekdays,first_hour,last_hour,minutes,yellow_minutes,red_minutes,worth,from,to,source
*,1234567,0,23,100,10,40,0,2025-01-01,,test
END
echo yellow_to_blue_days,3 >>"$work/pack/pack.csv"
run pack check "$work/pack"
ok "a pack with capacity is sound" exits 0
run generate --declarations 120 --seed 5
cp "$work/out" "$work/trade.jsonl"
head -n 60 "$work/trade.jsonl" >"$work/first.jsonl"
tail -n 60 "$work/trade.jsonl" >"$work/second.jsonl"
store=$work/store
run submit --data "$store" --pack "$work/pack" "$work/first.jsonl"
cp "$work/out" "$work/records.jsonl"
run submit --data "$store" "$work/second.jsonl" # another process: what was taken is read again
cat "$work/out" >>"$work/records.jsonl"
accepted() { jq -cs 'map(select(.state != "rejected" and .declaration.version == 1))' "$work/records.jsonl"; }

# Apart from the program: each decision knows the minutes of all before it, of its office and hour.
accepted | jq -c 'def minutes: {"red": 40, "yellow": 10}[.] // 0;
	reduce .[] as $r ({taken: {}, wrong: []};
		($r.facts.office + " " + ($r.facts.received_at | .[:13])) as $key |
		(if ($r.facts.hour_taken // 0) != (.taken[$key] // 0) then .wrong += [$r.declaration.reference] else . end) |
		.taken[$key] += ($r.lane | minutes))' >"$work/hours"
ok "every decision knows what was taken before it" [ "$(jq -c .wrong "$work/hours")" = '[]' ]
free='map(select([.reasons[].kind] | index("random") | not) | select([.reasons[].id] | index("GUARD") | not))'
ok "the first get the control that is asked for" [ "$(accepted | jq "$free | map(select(.lane == \"red\")) | length > 0")" = true ]
ok "then less" [ "$(accepted | jq "$free | map(select(.lane == \"yellow\")) | length > 0")" = true ]
ok "and then none but an audit" [ "$(accepted | jq "$free | map(select(.lane == \"blue\")) | length > 0")" = true ]
ok "each says why" [ "$(accepted | jq "$free | map(select(.lane != \"red\") | .reasons[] | select(.kind == \"capacity\") | .text) | all(startswith(\"Of 100 minutes\"))")" = true ]
ok "what is worth it fits" [ "$(accepted | jq "$free | map(select((.lane == \"red\" and (.facts.hour_taken // 0) > 60) or (.lane == \"yellow\" and .facts.hour_taken > 90))) | length")" = 0 ]
ok "nothing guarded gives way" [ "$(accepted | jq 'map(select([.reasons[].id] | index("GUARD")) | .lane) | length > 0 and all(. == "yellow" or . == "red")')" = true ]
ok "nor does the random stratum" [ "$(accepted | jq 'map(select([.reasons[].kind] | index("random")) | .lane) | all(. == "red")')" = true ]
ok "what only revenue asks for may end with time" [ "$(accepted | jq "$free | map(select(.lane == \"yellow\") | .ease_days) | length > 0 and all(. == 3)")" = true ]
ok "what is guarded may not" [ "$(accepted | jq 'map(select([.reasons[].id] | index("GUARD")) | .ease_days) | all(. == null)')" = true ]
run replay --data "$store"
ok "it replays" exits 0
run verify --data "$store"
ok "and verifies" exits 0
reference=$(accepted | jq -r 'map(select(.reasons[].kind == "capacity"))[0].declaration.reference')
run explain "$reference" --data "$store" --for officer
ok "an officer reads why" out_has 'capacity of the office'
run explain "$reference" --data "$store" --for trader
ok "a trader does not" out_lacks -i 'capacity'

finish
