#!/usr/bin/env bash
# Backup and restore: everything comes back, and nothing from a backup that was cut or altered.
. "$(dirname "$0")/cli_lib.sh"

old=$work/old
new=$work/new
"$program" generate --declarations 300 --seed 11 | "$program" submit --data "$old" - >"$work/records" 2>"$work/err"
run backup --data "$old" --to "$work/backup.jsonl"
ok "backup to a file" exits 0
"$program" backup --data "$old" >"$work/piped.jsonl"
ok "the same bytes to standard output" cmp -s "$work/backup.jsonl" "$work/piped.jsonl"
ok "every line is JSON" all_json "$work/backup.jsonl"
ok "nothing is left beside it" test ! -e "$work/backup.jsonl.part"
run backup --data "$old" --to "$work/nowhere/backup.jsonl"
ok "a folder that is not there is refused" exits 3
run backup --data "$work/nothing"
ok "a store that is not there is refused" exits 3

run restore --data "$new" "$work/backup.jsonl"
ok "restore" exits 0
run replay --data "$new"
ok "it replays before its keys are back" exits 0
run verify --data "$new"
ok "verify asks for them" exits 3
ok "and says what to do" err_has 'put keys/ back'
cp -r "$old/keys" "$old/roots.log" "$new/"
run verify --data "$new"
ok "the restored store verifies, with the keys and roots of the old one" exits 0
run replay --data "$new"
ok "and replays" [ "$(jq -c . "$work/out")" = '{"looked_at":300,"differences":0}' ]
"$program" backup --data "$new" >"$work/second.jsonl"
ok "a backup of it is the same backup" cmp -s "$work/backup.jsonl" "$work/second.jsonl"
run submit --data "$new" examples/import-simple.xml
ok "and it goes on" exits 0
run restore --data "$new" "$work/backup.jsonl"
ok "a store that is not empty is not restored into" exits 3

head -c -200 "$work/backup.jsonl" >"$work/cut.jsonl"
run restore --data "$work/cut" "$work/cut.jsonl"
ok "a backup that is cut off is refused" exits 2
sed '0,/"table":"event"/{/"table":"event"/s/"seq":\([0-9]*\)/"seq":9\1/}' "$work/backup.jsonl" >"$work/altered.jsonl"
run restore --data "$work/altered" "$work/altered.jsonl"
ok "one that is altered is refused" [ "$status" -ge 2 ]
run restore --data "$work/altered" "$work/backup.jsonl"
ok "which leaves the store empty: a sound one goes in" exits 0
"$program" restore --data "$work/piped" <"$work/backup.jsonl" 2>"$work/err"
status=$?
ok "from standard input" exits 0
run restore --data "$work/missing" "$work/missing.jsonl"
ok "a file that is not there is refused" exits 2

finish
