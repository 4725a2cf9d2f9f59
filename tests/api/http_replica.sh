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

serve() { # serve OPTIONS...
	: >"$work/serve.out"
	"$CUSTOMHOUSE_PROGRAM" serve --data "$store" --listen 127.0.0.1:0 --database "$primary" --read-database "$late" --node one \
		--advertise 127.0.0.1:1 "$@" >"$work/serve.out" 2>>"$work/serve.err" &
	server=$!
	for _ in $(seq 600); do
		grep -q serves "$work/serve.out" && break
		sleep 0.05
	done
	api=$(sed -n 's|.*\(http://[^ ]*\)/ .*|\1|p' "$work/serve.out")/api/v1/declarations
}
serve --list-seconds 3600

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
away() { admin "alter database ${late##*/} allow_connections false" &&
	admin "select pg_terminate_backend(pid) from pg_stat_activity where datname = '${late##*/}'"; }
listed() { # listed REFERENCE: a list has it
	get "${api%/declarations}/cases?office=$(sql "$store" "select office from declaration where reference = '$1'")"
	[ "$(cat "$work/code")" = 200 ] && grep -q "$1" "$work/out"
}
says_away() { curl -s "${api%/api/*}/metrics" | grep -q "^customhouse_replica_away $1\$"; }
ok "nobody said that the replica is away" says_away 0

# ---- what takes long ----
# Whoever reads the tables of the replica waits as long as another session holds them.
hold() {
	psql "$late" -qc "begin; lock table declaration, life, event in access exclusive mode; select pg_sleep(600)" >/dev/null 2>&1 &
	holder=$!
	for _ in $(seq 200); do
		[ "$(admin_asks "select count(*) from pg_stat_activity where datname = '${late##*/}' and query like '%pg_sleep(600)%' and state = 'active'")" = 1 ] && return
		sleep 0.05
	done
}
release() {
	admin "select pg_terminate_backend(pid) from pg_stat_activity where datname = '${late##*/}' and query like '%pg_sleep(600)%'"
	wait "$holder" 2>/dev/null
	return 0
}
admin_asks() { psql "$CUSTOMHOUSE_TEST_POSTGRES/postgres" -qAtc "$1"; }
waiting() { admin_asks "select count(*) from pg_stat_activity where datname = '${late##*/}' and wait_event_type = 'Lock'"; }
soon() { # soon N: so many questions wait on the replica
	for _ in $(seq 400); do
		[ "$(waiting)" = "$1" ] && return
		sleep 0.05
	done
	return 1
}
admin() { psql "$CUSTOMHOUSE_TEST_POSTGRES/postgres" -qc "$1" >/dev/null 2>&1; }
office=$(sql "$store" "select office from declaration where reference = '$before'")
"$CUSTOMHOUSE_PROGRAM" user add aud --roles auditor --data "$store" --database "$primary" >/dev/null 2>>"$work/users.err"
auditor=$("$CUSTOMHOUSE_PROGRAM" user token aud --scopes read,audit --data "$store" --database "$primary" 2>>"$work/users.err")
ok "an auditor" [ -n "$auditor" ]
audits=${api%/declarations}/audits
audit() { # audit KIND: begins one; $id
	id=$(curl -s -H "Authorization: Bearer $auditor" --json "{\"kind\": \"$1\"}" "$audits" | jq -r .id)
}
audit_is() { # audit_is STATE TEXT: in the end
	for _ in $(seq 400); do
		curl -s -H "Authorization: Bearer $auditor" "$audits/$id" >"$work/out"
		[ "$(jq -r .state "$work/out")" = running ] || break
		sleep 0.05
	done
	[ "$(jq -r .state "$work/out")" = "$1" ] && jq -r .detail "$work/out" | grep -q "$2"
}

hold
curl -s -o "$work/unused" -H "Authorization: Bearer $officer" "${api%/declarations}/cases?office=$office" &
client=$!
ok "a list waits on the replica" soon 1
curl -s -o "$work/unused" -H "Authorization: Bearer $auditor" "${api%/declarations}/accounts/nobody" >/dev/null
kill "$client"
ok "when its client leaves, its question is stopped there" soon 0
for kind in verify replay; do
	audit $kind
	ok "$kind waits there, too" soon 1
	curl -s -o "$work/out" -w '%{http_code}' -X DELETE -H "Authorization: Bearer $officer" "$audits/$id" >"$work/code"
	ok "which an officer does not stop" [ "$(cat "$work/code")" = 403 ]
	curl -s -o "$work/out" -w '%{http_code}' -X DELETE -H "Authorization: Bearer $auditor" "$audits/$((id + 1))" >"$work/code"
	ok "nor anybody one that is not there" [ "$(cat "$work/code")" = 404 ]
	curl -s -o "$work/out" -w '%{http_code}' -X DELETE -H "Authorization: Bearer $auditor" "$audits/$id" >"$work/code"
	ok "an auditor does" [ "$(cat "$work/code")" = 204 ]
	ok "and it ends" audit_is failed 'it was stopped'
	ok "on the server, too" soon 0
done
release
audit replay
ok "the next one begins: this copy is late for ever" [ "$id" = 3 ]
stop_server
ok "a hub that stops does not wait for it" exits 0
serve --list-seconds 1
audits=${api%/declarations}/audits
hold
get "${api%/declarations}/cases?office=$office"
ok "what takes longer than its limit is given up" [ "$(cat "$work/code")" = 503 ]
ok "on the server, too" soon 0
ok "which the log says" grep -q 'longer than its limit' "$work/serve.err"
release
get "${api%/declarations}/cases?office=$office"
ok "and the next reader is served" [ "$(cat "$work/code")" = 200 ]
stop_server
serve
audits=${api%/declarations}/audits
away
ok "a replica that is away is not waited for: the primary answers" listed "$after"
ok "which the figures say" says_away 1
audit verify
ok "an audit is the primary's then, and says so" audit_is done 'the replica does not answer, so this is read from the primary'
ok "with what only the primary has" [ "$(jq '.looked_at > 0 and .differences == 0' "$work/out")" = true ]
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
