#!/usr/bin/env bash
# Reading from a replica: http_replica.sh PROGRAM (on_postgres.sh). The replica here is a copy that stays behind for ever, so that it
# is seen which of the two a question went to.
. "$(dirname "$0")/cli_lib.sh"

store=$work/store
run submit --data "$store" examples/import-simple.xml
ok "a case" exits 0
before=$(jq -r .declaration.reference "$work/out")
users "$store"
ok "people" [ -n "$gateway" ]
primary=$(cat "$store.database")
database_make "$work/late" "${primary##*/}"
late=$(cat "$work/late.database")

"$CUSTOMHOUSE_PROGRAM" serve --data "$store" --listen 127.0.0.1:0 --database "$primary" --read-database "$late" --node one \
	--advertise 127.0.0.1:1 >"$work/serve.out" 2>"$work/serve.err" &
server=$!
for _ in $(seq 600); do
	grep -q serves "$work/serve.out" && break
	sleep 0.05
done
api=$(sed -n 's|.*\(http://[^ ]*\)/ .*|\1|p' "$work/serve.out")/api/v1/declarations

# The copy has no lease that holds: whoever settles takes it within seconds.
for _ in $(seq 100); do
	curl -s -o "$work/out" -w '%{http_code}' -H "Authorization: Bearer $gateway" --data-binary @examples/export.xml "$api" >"$work/code"
	[ "$(cat "$work/code")" = 503 ] || break
	sleep 0.1
done
ok "another case" [ "$(cat "$work/code")" = 201 ]
after=$(jq -r .reference "$work/out")
get() { curl -s -o "$work/out" -w '%{http_code}' -H "Authorization: Bearer $officer" "$1" >"$work/code"; }

get "$api/$after"
ok "who asks for it finds it: from the primary" [ "$(cat "$work/code")" = 200 ]
get "$api/$after/status"
ok "and where it stands" [ "$(cat "$work/code")" = 200 ]
for reference in "$before" "$after"; do
	get "${api%/declarations}/cases?office=$(sql "$store" "select office from declaration where reference = '$reference'")"
	ok "a list" [ "$(cat "$work/code")" = 200 ]
	cp "$work/out" "$work/list.$reference"
done
ok "has what the replica has" grep -q "$before" "$work/list.$before"
ok "and not what it has not" test -z "$(grep "$after" "$work/list.$after")"

# ---- it goes away, and comes back ----
admin() { psql "$CUSTOMHOUSE_TEST_POSTGRES/postgres" -qc "$1" >/dev/null 2>&1; }
away() { admin "alter database ${late##*/} allow_connections false" &&
	admin "select pg_terminate_backend(pid) from pg_stat_activity where datname = '${late##*/}'"; }
listed() { # listed REFERENCE: a list has it
	get "${api%/declarations}/cases?office=$(sql "$store" "select office from declaration where reference = '$1'")"
	[ "$(cat "$work/code")" = 200 ] && grep -q "$1" "$work/out"
}
says_away() { curl -s "${api%/api/*}/metrics" | grep -q "^customhouse_replica_away $1\$"; }
ok "nobody said that the replica is away" says_away 0
away
ok "a replica that is away is not waited for: the primary answers" listed "$after"
ok "which the figures say" says_away 1
admin "alter database ${late##*/} allow_connections true"
back() { ! listed "$after" && [ "$(cat "$work/code")" = 200 ]; }
for _ in $(seq 100); do
	back && break
	sleep 0.2
done
ok "once it is back it is read again" back
ok "and that is said, too" says_away 0
stop_server
ok "it stops" exits 0
finish
