#!/usr/bin/env bash
# Kill -9 in the middle of a flood, twenty times: what was acknowledged is there once, nothing is half there.
. "$(dirname "$0")/cli_lib.sh"

rounds=20
each=400
store=$work/store
"$program" generate --declarations $((rounds * each)) --seed 31 >"$work/stream"
: >"$work/acknowledged"
lost=0
interrupted=0
unsound=0

for round in $(seq $rounds); do
	start_server "$store" || break
	sed -n "$(((round - 1) * each + 1)),$((round * each))p" "$work/stream" >"$work/part"
	"$program" submit --data "$store" "$work/part" >"$work/answers" 2>/dev/null &
	client=$!
	# Somewhere between the first commit and the last, whatever the machine's pace: so many answers are out.
	for _ in $(seq 3000); do
		[ "$(wc -l <"$work/answers")" -lt $((1 + round * 37 % 300)) ] && kill -0 $client 2>/dev/null || break
		sleep 0.01
	done
	stop_server KILL
	wait $client && : || interrupted=$((interrupted + ($? == 3)))
	jq -r 'select(has("declaration")) | .declaration | .trader_reference + " " + .reference' "$work/answers" >>"$work/acknowledged"
	run verify --data "$store"
	exits 0 || {
		unsound=$((unsound + 1))
		sed 's/^/# /' "$work/out" | head -n 5
	}
done
ok "the server came back every time" [ "$round" -eq $rounds ]
ok "floods were cut in the middle ($interrupted of $rounds)" [ $interrupted -ge 5 ]
ok "some declarations were acknowledged" [ "$(wc -l <"$work/acknowledged")" -gt $each ]
ok "the store verified after every kill" [ $unsound -eq 0 ]

sql "$store" "select trader_reference || ' ' || reference from declaration order by 1" >"$work/stored"
lost=$(sort "$work/acknowledged" | uniq | comm -23 - <(sort "$work/stored") | wc -l)
ok "every acknowledged declaration is there, under its reference" [ "$lost" -eq 0 ]
ok "none is there twice" [ "$(cut -d' ' -f1 "$work/stored" | sort | uniq -d | wc -l)" -eq 0 ]
half=$(sql "$store" "select count(*) from (select office, reference from event where kind in ('input', 'decision', 'answer')
	group by office, reference having count(distinct kind) <> 3) as cases")
ok "none is half there" [ "$half" -eq 0 ]
run replay --data "$store"
ok "everything replays" exits 0

run submit --data "$store" "$work/stream"
ok "sending all of it again stores the rest" lines_are "$work/out" $((rounds * each))
ok "and repeats what was there" \
	[ "$(sql "$store" 'select count(*) from declaration where version = 1')" -eq $((rounds * each)) ]
ok "under the same references" \
	[ "$(sort -u "$work/acknowledged" | comm -23 - <(jq -r '.declaration | .trader_reference + " " + .reference' "$work/out" | sort) | wc -l)" -eq 0 ]
run verify --data "$store"
ok "and all of it verifies" exits 0

finish
