#!/usr/bin/env bash
# Three nodes on one PostgreSQL: nodes.sh CUSTOMHOUSE FLOOD JUDGE. Everything is sent to every node, and whoever asks does not see which of them has
# which office. One is killed and one frozen in a flood; a checker that knows only what clients were told judges the histories. TAP.
set -u -o pipefail
export LC_ALL=C

program=$(realpath "$1")
flood=$(realpath "$2")
judge=$(realpath "$3")
root=${CUSTOMHOUSE_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
cd "$root" || exit 1
tests=0
failures=0

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}
[ -n "${CUSTOMHOUSE_TEST_POSTGRES:-}" ] || skip_all "no PostgreSQL server: script/with-postgres starts one"
for name in psql jq curl; do
	command -v $name >/dev/null || skip_all "$name is not installed"
done

work=$(mktemp -d "${TMPDIR:-/tmp}/customhouse-nodes.XXXXXX")
database=customhouse_nodes_$$
store=$CUSTOMHOUSE_TEST_POSTGRES/$database
declare -A pid
flood_process=

clean_up() {
	[ -z "$flood_process" ] || kill -9 "$flood_process" 2>/dev/null
	for i in "${!pid[@]}"; do
		kill -CONT "${pid[$i]}" 2>/dev/null
		kill -9 "${pid[$i]}" 2>/dev/null
	done
	if [ -n "${NODES_KEEP:-}" ]; then
		echo "# kept: $work, $store"
		return
	fi
	psql "$CUSTOMHOUSE_TEST_POSTGRES/postgres" -qc "DROP DATABASE IF EXISTS $database WITH (FORCE)" >/dev/null 2>&1
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

ok() { # ok NAME COMMAND...
	local name=$1
	shift
	tests=$((tests + 1))
	if "$@" >"$work/said" 2>&1; then
		echo "ok $tests - $name"
		return 0
	fi
	failures=$((failures + 1))
	echo "not ok $tests - $name"
	echo "# failed: $*"
	head -n 20 "$work/said" | cut -c1-400 | sed 's/^/# /'
	for i in 1 2 3; do
		tail -n 6 "$work/log$i" 2>/dev/null | cut -c1-300 | sed "s/^/# n$i: /"
	done
	return 1
}

until_true() { # until_true SECONDS COMMAND...
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.1
	done
}

sql() { psql "$store" -qAt "$@"; }
url() { echo "http://127.0.0.1:$((base + $1))"; }
is_ready() { curl -sf "$(url "$1")/healthz"; }

start_node() { # start_node N [OPTION...]
	local i=$1
	shift
	: >"$work/out$i"
	"$program" serve --database "$store" --data "$work/d$i" --node "n$i" --listen "127.0.0.1:$((base + i))" --rate 0 "$@" \
		>"$work/out$i" 2>>"$work/log$i" </dev/null &
	pid[$i]=$!
	until_true 30 grep -q serves "$work/out$i" && until_true 10 is_ready "$i"
}

# Ports that nobody has.
for base in 21130 22130 23130 24130 25130 26130; do
	used=no
	for i in 1 2 3; do
		curl -s -m 1 -o /dev/null "$(url $i)/healthz" && used=yes
	done
	[ $used = yes ] || break
done

psql "$CUSTOMHOUSE_TEST_POSTGRES/postgres" -qc \
	"CREATE DATABASE $database TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'" || skip_all "no database can be made"

# ---- they begin ----

ok "the first node starts on an empty database" start_node 1
refuses_without_keys() { ! "$program" serve --database "$store" --data "$work/d2" --node n2 --listen 127.0.0.1:$((base + 2)) 2>"$work/err" &&
	grep -q "copy the folder keys" "$work/err" && [ ! -e "$work/d2/keys/signing.key" ]; }
ok "a node without the keys says what to do, and makes none" refuses_without_keys
refuses_other_keys() {
	"$program" submit --data "$work/other" examples/import-simple.xml >/dev/null 2>&1
	mkdir -p "$work/d9" && cp -r "$work/other/keys" "$work/d9/"
	! "$program" serve --database "$store" --data "$work/d9" --node n9 --listen 127.0.0.1:$((base + 9)) 2>"$work/err" &&
		grep -q "sign this store with another key" "$work/err"
}
ok "a node with other keys is refused" refuses_other_keys
for i in 2 3; do
	rm -rf "$work/d$i"
	mkdir -p "$work/d$i"
	cp -r "$work/d1/keys" "$work/d$i/"
	ok "node $i starts" start_node $i
done

# ---- people: made at one, known at all ----

user() { "$program" user "$@" --data "$work/d1"; }
user add gateway --roles broker --parties '*' >/dev/null 2>&1
token=$(user token gateway --scopes read,submit 2>/dev/null)
user add chief --roles administrator >"$work/chief" 2>/dev/null
chief=$(user token chief --scopes read,admin 2>/dev/null)
ok "there are tokens" test -n "$token" -a -n "$chief"

status_at() { # status_at N TOKEN [CURL...]
	local i=$1 with=$2
	shift 2
	curl -s -o "$work/body" -w '%{http_code}' -H "Authorization: Bearer $with" "$@" "$(url "$i")/api/v1/me"
}
known_everywhere() { [ "$(status_at 1 "$token")$(status_at 2 "$token")$(status_at 3 "$token")" = 200200200 ]; }
ok "a token that one node made is known at once at all" known_everywhere
again=$(user token gateway --scopes read 2>/dev/null)
id=$(user tokens gateway 2>/dev/null | grep -o '[0-9a-z]\{6,\}' | tail -n 1)
[ "$(status_at 2 "$again")$(status_at 3 "$again")" = 200200 ] || echo "# the second token is not known"
refused_everywhere() { [ "$(status_at 1 "$again")$(status_at 2 "$again")$(status_at 3 "$again")" = 401401401 ]; }
user disable gateway >/dev/null 2>&1
ok "who is disabled at one node is refused at all within seconds" until_true 5 refused_everywhere
user enable gateway >/dev/null 2>&1
ok "and who is enabled again is let in" until_true 5 known_everywhere

sign_in() { # sign_in N: the cookie jar of chief
	curl -s -c "$work/jar" -o "$work/me" -H 'Content-Type: application/json' -w '%{http_code}' \
		-d "{\"login\":\"chief\",\"password\":\"$1\"}" "$(url 1)/api/v1/sign-in"
}
password=$(tail -n 1 "$work/chief")
me_at() { curl -s -o /dev/null -w '%{http_code}' -b "$work/jar" "$(url "$1")/api/v1/me"; }
if [ "$(sign_in "$password")" = 200 ]; then
	ok "who signed in at one node acts at the next" test "$(me_at 2)$(me_at 3)" = 200200
	csrf=$(jq -r .csrf_token "$work/me")
	curl -s -o "$work/said" -b "$work/jar" -H "X-CSRF-Token: $csrf" -X POST "$(url 2)/api/v1/sign-out"
	signed_out() { [ "$(me_at 1)$(me_at 2)$(me_at 3)" = 401401401 ]; }
	ok "who signed out at the second is signed out at all" until_true 5 signed_out
else
	ok "an administrator signs in" false
fi

# ---- every office at every node ----

begin_flood() { # begin_flood NAME SEED
	"$program" generate --declarations 5000 --seed "$2" >"$work/stream"
	"$flood" --at "$(url 1)" --at "$(url 2)" --at "$(url 3)" --token "$token" --file "$work/stream" --history "$work/$1.history" \
		--seed "$2" --rate 40 --clients 9 --seconds 3600 --patience 60 2>"$work/$1.flood" &
	flood_process=$!
	until_true 20 grep -q ' 201 ' "$work/$1.history"
}
end_flood() {
	kill -TERM "$flood_process"
	wait "$flood_process"
	flood_status=$?
	flood_process=
}
acknowledged() { grep -c ' 201 ' "$1"; }
judged() { # judged NAME SEED
	sql -F ' ' -c "select trader_reference, reference, version from declaration where trader_reference like 'S$2-%'" >"$work/stored"
	[ "$flood_status" = 0 ] && "$judge" "$work/$1.history" --stored "$work/stored" | tee "$work/$1.judged"
}
audited() { # audited VERB
	"$program" "$1" --database "$store" --data "$work/d1"
}
several_hold() { [ "$(sql -c "select count(distinct node) from lease where node <> '' and office not like '*%'")" -ge 2 ]; }

begin_flood plain 71
until_true 20 several_hold
sleep 3
end_flood
ok "every node takes declarations for every office" judged plain 71
ok "several nodes have offices, and decide" several_hold
# ---- many in one request ----

post_many() { # post_many N TYPE PATH FILE
	curl -s -m 100 -H "Authorization: Bearer $token" -H "Content-Type: $2" --data-binary "@$4" "$(url "$1")/api/v1/$3"
}
bulk() { post_many "$1" application/x-ndjson bulk "$2"; } # bulk N FILE
"$program" generate --declarations 150 --seed 99 >"$work/many"
many_at_one() {
	bulk 1 "$work/many" >"$work/lines1"
	jq -se 'length == 150 and all(.outcome == "decided") and ([.[].answer.reference] | unique | length == 150)' "$work/lines1"
}
ok "lines of many are decided, whichever node has their office" many_at_one
# as a later one gives them: without what tells that it was not the first
same_answers() { diff <(jq -c 'del(.outcome)' "$work/lines1") <(jq -c 'del(.outcome)' "$1"); }
many_again() {
	for i in 2 3; do
		bulk $i "$work/many" >"$work/lines$i"
		jq -se 'length == 150 and all(.outcome == "repeated")' "$work/lines$i" && same_answers "$work/lines$i" || return 1
	done
}
ok "and sent again to another node get the same answers" many_again
stored_once() { # stored_once SEED COUNT
	[ "$(sql -c "select count(*) || ' ' || count(distinct trader_reference) from declaration where trader_reference like 'S$1-%'")" = "$2 $2" ]; }
ok "each is there once" stored_once 99 150

"$program" generate --declarations 60 --seed 98 >"$work/filed"
mkdir -p "$work/dsubmit" && cp -r "$work/d1/keys" "$work/dsubmit/"
submit_file() { "$program" submit --database "$store" --data "$work/dsubmit" "$work/filed" 2>>"$work/submit.err"; }
filed_once() {
	submit_file >"$work/filed1"
	submit_file >"$work/filed2"
	jq -se 'length == 60 and all(.declaration.reference != null)' "$work/filed1" && cmp "$work/filed1" "$work/filed2"
}
ok "a file that a verb submits beside the nodes is decided whole, once" filed_once
ok "by the nodes" stored_once 98 60

# An interchange of a message for each office that a node has.
interchange() {
	local n=0 office
	printf "UNB+UNOC:3+BROKER1:ZZ+XLCUS+260117:1200+INT1'"
	for office in $(sql -c "select office from lease where node <> '' and office like 'XL%' order by office"); do
		n=$((n + 1))
		printf "UNH+$n+CUSDEC:D:96B:UN'BGM+929:::IMA+EDI-$n+9'LOC+22+$office'NAD+DT+XL300000000015'UNS+D'UNS+S'UNT+7+$n'"
	done
	printf "UNZ+$n+INT1'"
}
interchange >"$work/interchange"
messages=$(grep -o 'UNH+' "$work/interchange" | wc -l)
cases() { sql -c 'select count(*) from declaration'; }
interchanged() {
	local i before
	before=$(cases)
	for i in 1 2 3; do
		post_many $i application/edifact interchanges "$work/interchange" >"$work/answered$i"
		# a CUSRES for each message, whichever node decided it; what was refused unread has none
		grep -ao 'CUSRES' "$work/answered$i" | wc -l >"$work/responses"
		[ "$messages" -ge 4 ] && [ "$(cat "$work/responses")" -ge "$messages" ] || return 1
		[ "$(cases)" = $((before + messages)) ] || return 1
	done
}
ok "so are the messages of an interchange, once" interchanged

killed_meanwhile() {
	"$program" generate --declarations 800 --seed 97 >"$work/killing"
	bulk 1 "$work/killing" >"$work/killed1" &
	local sending=$!
	sleep 0.7
	kill -9 "${pid[2]}"
	unset 'pid[2]'
	wait "$sending"
	jq -se 'length == 800 and all(.outcome == "decided" or .outcome == "repeated")' "$work/killed1"
}
ok "a node that dies while many are on their way costs none of them" killed_meanwhile
ok "nor decides one twice" stored_once 97 800
killed_again() {
	bulk 3 "$work/killing" >"$work/killed3"
	jq -se 'all(.outcome == "repeated")' "$work/killed3" &&
		diff <(jq -c 'del(.outcome)' "$work/killed1") <(jq -c 'del(.outcome)' "$work/killed3")
}
ok "and who sends them again is told the same" killed_again
ok "the node comes back" start_node 2
nobody_hands_over() { [ "$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" -d x "$(url 1)/peer/v1/declarations")" = 404 ]; }
ok "what nodes hand over to one another, nobody else does" nobody_hands_over

ok "each reference was issued once" test "$(sql -c 'select count(*) - count(distinct reference) from declaration')" = 0
nodes_listed() { curl -s -H "Authorization: Bearer $chief" "$(url 2)/api/v1/nodes" >"$work/nodes" &&
	jq -e '.node == "n2" and ([.nodes[] | select(.lives)] | length == 3) and (.leases | length > 1)' "$work/nodes"; }
ok "an administrator sees who has what" nodes_listed
other_trader() { [ "$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" "$(url 2)/api/v1/nodes")" = 403 ]; }
ok "and nobody else does" other_trader
forged() { [ "$(curl -s -o /dev/null -w '%{http_code}' -H 'Customhouse-Forwarded: ls 127.0.0.1 0000 0000' -d x "$(url 1)/local/v1/declarations")" = 400 ]; }
ok "nobody but a node passes anything on" forged

# ---- what takes long is one node's, whoever is asked ----

user add auditor --roles auditor >/dev/null 2>&1
auditor=$(user token auditor --scopes read,audit 2>/dev/null)
ask_audit() { # ask_audit N PATH [CURL...]: leaves what was said in $work/said-audit
	curl -sf -o "$work/said-audit" -H "Authorization: Bearer $auditor" "${@:3}" "$(url "$1")/api/v1/audits$2"
}
audit_at() { # audit_at N: how the newest one stands, as any node says
	ask_audit "$1" "/$audit" && jq -r .state "$work/said-audit"
}
audited_at_all() {
	local i
	ask_audit 2 "" -H 'Content-Type: application/json' -d '{"kind":"verify"}' && audit=$(jq -r .id "$work/said-audit") || return 1
	until_true 60 ended 3
	for i in 1 2 3; do
		[ "$(audit_at $i)" = done ] || return 1
	done
}
ended() { [ "$(audit_at "$1")" != running ]; }
ok "an audit that one node was asked for, each of them tells of" audited_at_all

# ---- one is killed ----

holder=$(sql -c "select substr(node, 2) from lease where node <> '' and office not like '*%' order by used desc limit 1")
begin_flood killed 72
sleep 2
kill -9 "${pid[$holder]}"
unset "pid[$holder]"
before=$(acknowledged "$work/killed.history")
no_lease_of() { [ "$(sql -c "select count(*) from lease where node = 'n$1' and used > 0 and office not like '*%'")" = 0 ]; }
until_true 15 no_lease_of "$holder"
sleep 2
more() { [ "$(acknowledged "$work/killed.history")" -gt "$before" ]; }
ok "the others go on when one is killed" more
ok "it comes back" start_node "$holder"
sleep 1
end_flood
ok "nothing that was acknowledged is lost, nothing is there twice" judged killed 72
sed 's/^/# kill -9 of a holder: /' "$work/killed.judged"

# ---- one is frozen past its lease, and wakes ----

frozen=$(sql -c "select substr(node, 2) from lease where node <> '' and office not like '*%' order by used desc limit 1")
begin_flood frozen 73
sleep 2
kill -STOP "${pid[$frozen]}"
sleep 7
kill -CONT "${pid[$frozen]}"
sleep 3
end_flood
ok "a node that was frozen for 7 s and wakes does no harm" judged frozen 73
sed 's/^/# frozen: /' "$work/frozen.judged"
ok "it serves again" until_true 5 is_ready "$frozen"

# ---- the database ends every connection, again and again ----

begin_flood cut 75
for _ in $(seq 12); do
	sql -c "select count(pg_terminate_backend(pid)) from pg_stat_activity
		where datname = current_database() and pid <> pg_backend_pid()" >/dev/null
	sleep 0.4
done
end_flood
ok "lost connections, in the middle of commits too, lose nothing and decide nothing twice" judged cut 75
sed 's/^/# cut: /' "$work/cut.judged"

# ---- one after the other is stopped and started, in order ----

begin_flood rolled 74
for i in 1 2 3; do
	kill -TERM "${pid[$i]}"
	wait "${pid[$i]}"
	ok "node $i stops and gives back what it had" test "$(sql -c "select count(*) from lease where node = 'n$i'")" = 0
	ok "and starts again" start_node $i
done
end_flood
ok "nothing is lost when nodes are restarted one by one" judged rolled 74

# ---- and all of it holds ----

ok "the chains, roots, balances and projections verify" audited verify
ok "every decision replays" audited replay

echo "1..$tests"
exit $((failures > 0))
