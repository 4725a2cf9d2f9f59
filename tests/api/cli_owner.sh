#!/usr/bin/env bash
# One store, one owner: what the command line does while a server runs.
. "$(dirname "$0")/cli_lib.sh"

store=$work/store
e=examples
ok "the server starts" start_server "$store"
owner=$server

run submit --data "$store" $e/import-simple.xml $e/import-errors.xml
ok "submit goes through the owner" lines_are "$work/out" 2
ok "and exits as it would alone" exits 1
ok "with records, not answers" [ "$(records 'has("lane") and has("draw")' "$work/out")" -eq 2 ]
reference=$(jq -r .declaration.reference "$work/out" | head -n 1)
printf '{"a":' >"$work/bad.json"
run submit --data "$store" "$work/bad.json"
ok "unreadable gives status 2 there too" exits 2
ok "with its place" [ "$(jq -c '[.unreadable.line, .unreadable.column]' "$work/out")" = '[1,6]' ]
sed 's/81600/81602/' $e/import-simple.xml >"$work/other.xml"
run submit --data "$store" "$work/other.xml"
ok "a conflict gives status 1" exits 1
ok "and names the case" out_has "$reference"
"$program" generate --declarations 1500 --seed 5 >"$work/stream"
run submit --data "$store" "$work/stream"
ok "a stream, in order" cmp -s <(jq -r .trader_reference "$work/stream") <(jq -r .declaration.trader_reference "$work/out")

run explain --data "$store" "$reference"
ok "explain reads beside the owner" exits 0
run verify --data "$store"
ok "verify reads beside the owner" exits 0
run replay --data "$store"
ok "replay reads beside the owner" exits 0
"$program" backup --data "$store" >"$work/backup" 2>"$work/err"
status=$?
ok "backup reads beside the owner" exits 0
run pack load packs/landfall --data "$store"
ok "pack load goes through the owner" out_is '{"loaded":false}'
run pack load packs/landfall --data "$store" --valid-from 2020-01-01
ok "who refuses a day that has passed" err_has 'has passed'
run pack load packs/landfall --data "$store" --valid-from "$(date -u -d '10 days' +%F)"
ok "and takes one that is to come" out_is '{"loaded":true}'
cp -r packs/landfall "$work/pack"
sed -i 's/^XLHAR001,Harbourgate Seaport,/XLHAR001,Harbourgate New Seaport,/' "$work/pack/offices.csv"
run pack load "$work/pack" --data "$store"
ok "a new pack, without stopping it" out_is '{"loaded":true}'
echo 'nonsense' >>"$work/pack/offices.csv"
run pack load "$work/pack" --data "$store"
ok "one with faults is refused" exits 1
ok "with the faults" out_has 'offices.csv:[0-9]*:'

run serve --data "$store" --listen 127.0.0.1:0
ok "a second server is refused" exits 3
several || ok "with the owner's process id" err_has "$owner"
run restore --data "$store" "$work/backup"
ok "restore is refused" exits 3
if ! on_server; then # a database that is filled refuses before anybody looks for its owner
	ok "with the owner's process id" err_has "$owner"
fi
run serve --data "$work/another" --listen "${url#http://}"
ok "a port that is taken is refused" exits 3
if ! several; then # what stands before them takes any address
	run serve --data "$work/refused" --listen 0.0.0.0:0
	ok "an address that is not loopback is refused" exits 3
	ok "before anything is begun" [ ! -e "$work/refused" ]
fi

run submit --data "$store" $e/export.xml
"$program" submit --data "$store" "$work/stream" >"$work/again" 2>"$work/err" &
client=$!
sleep 0.2
kill -TERM "$server"
kill -TERM "$server" 2>/dev/null
stop_server TERM
ok "it stops in order, also when told three times" exits 0
wait $client
run submit --data "$store" $e/import-preference.xml
ok "afterwards submit owns the store itself" exits 0
run verify --data "$store"
ok "and it verifies" exits 0

ok "a server starts on the same store" start_server "$store"
stop_server KILL
ok "after a kill another one starts" start_server "$store"
stop_server INT
ok "SIGINT stops it as well" exits 0
ok "its socket is gone" test ! -e "$store/hub.sock"

finish
