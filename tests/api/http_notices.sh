#!/usr/bin/env bash
# Notifications from outside: asked for, as streams, delivered to a receiver that takes, refuses, hangs and redirects; and a hub
# that is killed between a delivery and the note of it. TAP.
#
#   http_notices.sh SERVER RECEIVER STREAMS
set -u
export LC_ALL=C

server=$(realpath "$1")
receiver=$(realpath "$2")
streams=$(realpath "$3")
root=${CUSTOMHOUSE_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
work=$(mktemp -d "${TMPDIR:-/tmp}/customhouse-notices.XXXXXX")
pid=
receiver_pid=
stream_pid=
trap 'for p in $pid $receiver_pid $stream_pid; do kill -9 $p 2>/dev/null; done; wait 2>/dev/null; databases_drop "$work"; rm -rf "$work"' EXIT
. "$(dirname "$0")/database_lib.sh"
if on_server; then
	database_make "$work/store"
	export CUSTOMHOUSE_TEST_DATABASE="$(cat "$work/store.database")"
fi

n=0
check() { # check NAME COMMAND...: passes when the command does
	local name=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		echo "# failed: $*; status ${status:-}; $(head -c 600 "$work/body" 2>/dev/null | tr '\n' ' ')"
		tail -n 5 "$work/log" "$work/received/log" 2>/dev/null | cut -c 1-200 | sed 's/^/# /'
	fi
}
eventually() { # what must come to pass; gives up after a minute, and then fails
	for _ in $(seq 1200); do
		"$@" && return 0
		sleep 0.05
	done
	return 1
}

# start LOCAL FIRST LAST TRIES PATIENCE NOTE
start() {
	: >"$work/out"
	rm -f "$work/in"
	mkfifo "$work/in"
	serve_as_told "$server" "$work/store" "$root/packs/landfall" "$work/hub.sock" "$@" <"$work/in" >"$work/out" 2>>"$work/log" &
	pid=$!
	exec 3>"$work/in"
	eventually grep -qs '^port' "$work/out"
	trader=$(sed -n 's/^trader //p' "$work/out")
	read -r _ port _ token _ officer < <(grep '^port' "$work/out")
	url=http://127.0.0.1:$port
}
stop() { # stop SIGNAL; leaves $status
	kill "-$1" "$pid"
	wait "$pid" 2>/dev/null
	status=$?
	exec 3>&-
	pid=
}
have_put() { [ "$(grep -c '^put$' "$work/out")" -gt "$1" ]; }
put() { # put PARTY N: N notices, committed when it returns
	local before
	before=$(grep -c '^put$' "$work/out")
	echo "$1 $2" >&3
	eventually have_put "$before"
}
# As a gateway, which is told what every party is, or, for an office, as its officer.
as() { case $* in *office=*) echo "Authorization: Bearer $officer" ;; *) echo "Authorization: Bearer $token" ;; esac }
call() { status=$(curl -s --max-time 60 -H "$(as "$@")" -o "$work/body" -w '%{http_code}' "$@"); }
notices() { call "$url/api/v1/notifications?$1"; }
hooks() { call "$url/api/v1/hooks?party=$1"; }
register() { # register PARTY URL [MEMBERS]
	call --data-binary "{\"url\":\"$2\"${3:-}}" "$url/api/v1/hooks?party=$1"
}
answered() { [ "$status" = "$1" ] && { [ $# -lt 2 ] || jq -e "$2" "$work/body" >/dev/null 2>&1; }; }
problem() { answered "$1" ".type == \"/api#problem-$2\" and .status == $1"; }
received() { grep -c "^$1 " "$work/received/log" 2>/dev/null || true; }
has_received() { [ "$(received "$1")" -ge "$2" ]; }
delivered() { sed -n "s|^$1 [0-9]*\.\([0-9]*\) .*|\1|p" "$work/received/log" | tr '\n' ' '; }
numbers() { seq "$1" "$2" | tr '\n' ' '; }

mkdir "$work/received"
"$receiver" "$work/received" >"$work/receiver" &
receiver_pid=$!
eventually grep -qs '^port' "$work/receiver"
to=http://127.0.0.1:$(sed -n 's/^port //p' "$work/receiver")
start yes 20 100 3 20000 20

# ---- asking ----
notices party=A
check 'nobody was told anything yet' answered 200 '.notifications == [] and .after == 0 and (.more | not)'
put A 3
put B 2
notices party=A
check 'a party has its own, numbered from 1' answered 200 '[.notifications[].id] == [1, 2, 3] and .after == 3 and (.more | not)'
check 'each says what, where and when' answered 200 'all(.notifications[]; .kind == "declaration.accepted" and .office == "LF001" and
	.reference == "26XL010000001234X" and .version == 1 and (.at | test("Z$")) and .data.next == ["present the goods"])'
notices party=B
check 'what others are told does not show in the numbers' answered 200 '[.notifications[].id] == [1, 2]'
notices 'party=A&after=1&limit=1'
check 'a page' answered 200 '[.notifications[].id] == [2] and .after == 2 and .more'
notices 'party=A&after=3'
check 'behind the last' answered 200 '.notifications == [] and .after == 3'
put office/LF001 1
notices office=LF001
check 'officers have their own' answered 200 '[.notifications[].id] == [1]'
notices party=office/LF001
check 'which no party reaches by its name' problem 404 not-found
notices 'party=A&office=LF001'
check 'one or the other' problem 400 bad-request
notices ''
check 'somebody must be named' problem 400 bad-request
for bad in after=-1 after=x after=99999999999999999999 limit=0 limit=501; do
	notices "party=A&$bad"
	check "$bad is refused" problem 400 bad-request
done

# ---- of a case ----
call --data-binary "@$root/examples/import-simple.xml" "$url/api/v1/declarations"
check 'a declaration' answered 201
reference=$(jq -r .reference "$work/body")
state=$(jq -r .state "$work/body")
notices party=XL200000000018
check 'its importer is told what it came to' answered 200 \
	".notifications[0].reference == \"$reference\" and .notifications[-1].kind == \"declaration.$state\""
check 'and nothing else' answered 200 'all(.notifications[]; .data | keys - ["next", "state"] == [])'

# ---- who may ----
everyone=$token
token=none
for path in notifications notifications/stream hooks hooks/1/dead-letters; do
	call "$url/api/v1/$path?party=A"
	check "nobody reads $path without signing in" [ "$status" = 401 ]
done
register A "$to/take"
check 'nor registers a hook' [ "$status" = 401 ]
token=$trader
notices ''
check 'who belongs to one company need not name it' answered 200 '[.notifications[].id] == [1, 2, 3]'
notices party=B
check 'others are not there' problem 404 not-found
call "$url/api/v1/notifications/stream?party=B"
check 'nor their streams' problem 404 not-found
register B "$to/take"
check 'nor can a hook be put in' problem 404 not-found
for what in 'GET hooks' 'GET hooks/1/dead-letters' 'DELETE hooks/1' 'POST hooks/1/replay'; do
	call -X "${what% *}" "$url/api/v1/${what#* }?party=B"
	check "$what of others" problem 404 not-found
done
officer_was=$officer
officer=$trader
notices office=LF001
check 'a trader is no officer' problem 404 not-found
officer=$officer_was
notices office=LF999
check 'an officer has offices of his own' problem 404 not-found
token=$officer
notices party=A
check 'and is no trader' problem 404 not-found
token=$everyone

# ---- a stream ----
listen() { # listen FILE ARGS...
	curl -sN --max-time 120 -H "$(as "${@:2}")" "${@:2}" >"$1" &
	stream_pid=$!
}
hang_up() {
	{ kill $stream_pid && wait $stream_pid; } 2>/dev/null
	stream_pid=
}
events() { [ "$(grep -c '^data: ' "$1")" -ge "$2" ]; }
ids() { sed -n 's/^id: //p' "$@" | tr '\n' ' '; }
listen "$work/s1" "$url/api/v1/notifications/stream?party=A&after=0"
check 'a stream brings what was' eventually events "$work/s1" 3
put A 2
check 'and what comes' eventually events "$work/s1" 5
sed -n 's/^data: //p' "$work/s1" | jq -cs . >"$work/body"
notices party=A
sed -n 's/^data: //p' "$work/s1" | jq -c . >"$work/streamed"
jq -c '.notifications[]' "$work/body" >"$work/asked"
check 'the same as one who asks gets' cmp -s "$work/streamed" "$work/asked"
hang_up
put A 4
listen "$work/s2" -H 'Last-Event-ID: 5' "$url/api/v1/notifications/stream?party=A&after=0"
eventually events "$work/s2" 4
put A 1
eventually events "$work/s2" 5
check 'after a break it goes on where it ended' [ "$(ids "$work/s1" "$work/s2")" = "$(numbers 1 10)" ]
hang_up
listen "$work/s3" "$url/api/v1/notifications/stream?party=A"
eventually grep -q '^retry: ' "$work/s3"
put A 1
check 'without a number a stream begins with what comes' eventually events "$work/s3" 1
check 'and not before' [ "$(ids "$work/s3")" = '11 ' ]
hang_up

# A reader that takes little at a time: another one gets all meanwhile, and nothing is lost to either.
put S 1
listen "$work/fast" "$url/api/v1/notifications/stream?party=S&after=0"
fast_pid=$stream_pid
listen "$work/slow" --limit-rate 1000 "$url/api/v1/notifications/stream?party=S&after=0"
eventually grep -q '^retry: ' "$work/slow"
put S 1500
put S 1499
check 'a slow reader holds up nobody' eventually events "$work/fast" 3000
check 'who gets all' [ "$(ids "$work/fast")" = "$(numbers 1 3000)" ]
check 'while the slow one is behind' eval '! events "$work/slow" 3000'
hang_up
got=$(grep -c '^$' "$work/slow") # events that came whole end in an empty line; the greeting has one too
got=$((got - 1))
stream_pid=$fast_pid
hang_up
listen "$work/again" -H "Last-Event-ID: $got" "$url/api/v1/notifications/stream?party=S"
eventually events "$work/again" $((3000 - got))
check 'and resumes where it was' [ "$(ids "$work/slow" | cut -d' ' -f-"$got") $(ids "$work/again")" = "$(numbers 1 3000)" ]
hang_up

call "$url/api/v1/notifications/stream"
check 'a stream is somebody'"'"'s' problem 400 bad-request
call -I "$url/api/v1/notifications/stream?party=A"
check 'HEAD of a stream ends' [ "$status" = 200 ]

# ---- registering hooks ----
for bad in http://example.com/ ftp://example.com/ https://user:secret@example.com/ https://example.com/#here 'https://10.0.0.1 /' nonsense '' \
	https://169.254.169.254/latest https://[fe80::1]/ https://0.0.0.0/ http://10.0.0.1/; do
	register A "$bad"
	check "no hook to '$bad'" problem 422 bad-hook
done
call --data-binary 'nonsense' "$url/api/v1/hooks?party=A"
check 'a body that is no JSON' problem 400 bad-request
register A "$to/take" ',"after":-5'
check 'a number that is none' problem 400 bad-request

# ---- delivering ----
register A "$to/take" ',"after":0'
check 'a hook' answered 201 '.id == 1 and .state == "active" and (.secret | test("^chs_[0-9a-f]{64}$"))'
secret=$(jq -r .secret "$work/body")
put A 9
check 'it gets what was and what comes' eventually has_received /take 20
check 'in order, once each' [ "$(delivered /take)" = "$(numbers 1 20)" ]
sed -n 's/^[^ ]* [^ ]* [^ ]* //p' "$work/received/log" | jq -c . >"$work/pushed"
notices 'party=A'
jq -c '.notifications[]' "$work/body" >"$work/asked"
check 'the same as one who asks gets ' cmp -s "$work/pushed" "$work/asked"
signature_sound() {
	local path delivery signature body t v1
	while read -r path delivery signature body; do
		t=${signature#t=}
		t=${t%%,*}
		v1=${signature##*v1=}
		[ "$(printf %s "$t.$body" | openssl dgst -sha256 -hmac "$1" -r | cut -d' ' -f1)" = "$v1" ] || return 1
	done <"$work/received/log"
}
check 'each signed with the secret' signature_sound "$secret"
check 'and with no other' eval '! signature_sound "${secret}0"'
taken() { hooks "$1" && answered 200 ".hooks[0].taken == $2 and (.hooks[0] | has(\"last_error\") | not)"; }
check 'what was taken is noted' eventually taken A 20
check 'the secret is told once' eval '! grep -q "chs_\|secret" "$work/body"'
on_server || check 'nor does the store hold it' eval '! grep -aq "$secret" "$work/store/"customhouse.db*'
hooks B
check 'others do not see the hook' answered 200 '.hooks == []'
call -X DELETE "$url/api/v1/hooks/1?party=B"
check 'nor may they remove it' problem 404 not-found
call -X DELETE "$url/api/v1/hooks/1?party=A"
check 'its owner may' answered 204
! several || sleep 2 # the node that delivers hears of it
call "$url/api/v1/hooks/1/dead-letters?party=A"
check 'then it is gone' problem 404 not-found
put A 2
register A "$to/take"
check 'a hook begins with what comes' answered 201 '.id == 2 and .taken == 22'
put A 1
check 'and gets that' eventually has_received /take 21
check 'and nothing else' [ "$(delivered /take)" = "$(numbers 1 20)23 " ]

# ---- tried again ----
register C "$to/third"
put C 3
check 'what is refused is tried again' eventually has_received /third 9
check 'before what comes after it' [ "$(delivered /third)" = '1 1 1 2 2 2 3 3 3 ' ]
check 'until it is taken' eventually taken C 3
same() { grep "^$1 " "$work/received/log" | cut -d' ' -f2,4- | sort -u | wc -l; }
check 'the same bytes each time' [ "$(same /third)" = 3 ]

# ---- dead letters ----
register D "$to/mode"
echo refuse >"$work/received/mode"
put D 5
stopped() { hooks D && answered 200 '.hooks[0].state == "stopped"'; }
check 'a hook that takes nothing is stopped' eventually stopped
check 'after three dead letters' answered 200 '.hooks[0].taken == 3 and .hooks[0].last_error == "answered 500"'
check 'of three tries each' [ "$(delivered /mode)" = '1 1 1 2 2 2 3 3 3 ' ]
call "$url/api/v1/hooks/1/dead-letters?party=D"
check 'they are listed' answered 200 '[.dead_letters[] | .notification, .reason] == [1, "answered 500", 2, "answered 500", 3, "answered 500"]'
call "$url/api/v1/hooks/1/dead-letters?party=D&after=2"
check 'page by page' answered 200 '[.dead_letters[].notification] == [3]'
call -X POST "$url/api/v1/hooks/1/replay?party=A"
check 'somebody else replays nothing' problem 404 not-found
call -X POST "$url/api/v1/hooks/1/replay?party=D"
check 'a replay' answered 202 '.replayed == 3'
check 'gives each dead letter one try, and goes on' eventually has_received /mode 18
check 'in order' [ "$(delivered /mode | cut -d' ' -f10-12)" = '1 2 3' ]
stopped_again() { hooks D && answered 200 '.hooks[0].state == "active" and .hooks[0].taken == 5'; }
check 'then what was left' eventually stopped_again
echo take >"$work/received/mode"
call -X POST "$url/api/v1/hooks/1/replay?party=D"
check 'once the receiver is well again' answered 202 '.replayed == 5'
check 'it gets them all' eventually has_received /mode 23
no_dead() { call "$url/api/v1/hooks/1/dead-letters?party=$1" && answered 200 '.dead_letters == []'; }
check 'and none is left' eventually no_dead D
check 'in their order, and never more than three tries' [ "$(delivered /mode)" = '1 1 1 2 2 2 3 3 3 1 2 3 4 4 4 5 5 5 1 2 3 4 5 ' ]

register E "$to/redirect"
put E 1
dead() { call "$url/api/v1/hooks/1/dead-letters?party=$1" && answered 200 '.dead_letters | length == 1'; }
check 'a redirect is no receipt' eventually dead E
check 'and is not followed' answered 200 '.dead_letters[0].reason == "answered 302; redirects are not followed"'
register F "$to/long"
put F 2
check 'an answer without end is a receipt, and is cut' eventually has_received /long 2
check 'and nothing more' eventually taken F 2
register G http://127.0.0.1:9/
put G 1
check 'nobody listens there' eventually dead G

for i in $(seq 9); do register H "$to/take"; done
check 'a party has eight hooks at most' problem 422 bad-hook

# ---- what may be counted ----
register O "$to/take"
call --data-binary "{\"url\":\"$to/take\"}" "$url/api/v1/hooks?office=LF001"
check 'an office has hooks too' answered 201
before=$(received /take)
put office/LF001 1
check 'which are delivered to' eventually has_received /take $((before + 1))
deliveries_counted() { call "$url/metrics" && grep -q '^customhouse_hook_deliveries_total{to="party",outcome="delivered"} [1-9]' "$work/body"; }
check 'deliveries are counted' eventually deliveries_counted # by the node that delivers
check 'those of officers not where traders look' eval '! grep -q office "$work/body"'
counted() { call --unix-socket "$work/hub.sock" http://localhost/metrics && grep -q '^customhouse_hook_deliveries_total{to="office",outcome="delivered"} 1$' "$work/body"; }
several || check 'but on the socket' eventually counted # that of the first node, which need not deliver
check 'and nobody is named' eval '! grep -qE "26XL|LF001|party=" "$work/body"'

# ---- killed between delivery and note ----
stop TERM
check 'a graceful stop with open hooks' [ "$status" = 0 ]
start yes 20 100 3 20000 3600000
register K "$to/take"
: >"$work/received/log"
put K 5
check 'five are delivered, and none is noted' eventually has_received /take 5
hooks K
check 'as it says' answered 200 '.hooks[0].taken == 0'
stop KILL
start yes 20 100 3 20000 20
check 'after a kill they are delivered again' eventually has_received /take 10
check 'in order' [ "$(delivered /take)" = "$(numbers 1 5)$(numbers 1 5)" ]
check 'with the same numbers and bytes' [ "$(same /take)" = 5 ]
check 'and noted' eventually taken K 5
put K 1
check 'then it goes on' eventually has_received /take 11

# ---- one that hangs ----
stop TERM
start yes 20 100 3 300 20
: >"$work/received/log"
register L "$to/hang"
register L "$to/take"
put L 30
check 'a receiver that hangs slows nobody' eventually has_received /take 30
check 'who gets all in order' [ "$(delivered /take)" = "$(numbers 1 30)" ]
hung() { call "$url/api/v1/hooks/1/dead-letters?party=L" && answered 200 '.dead_letters | length > 0'; }
check 'and is given up each time' eventually hung
check 'with the reason' answered 200 '.dead_letters[0].reason | test("(?i)time")'
stop TERM
check 'it holds up no stop' [ "$status" = 0 ]

# ---- whom a hub does not call ----
start no 20 100 3 20000 20
for bad in http://127.0.0.1/ https://127.0.0.1/ https://[::1]/ https://10.1.2.3/ https://192.168.0.1/ https://[fc00::1]/ https://[::ffff:10.0.0.1]/ \
	https://2130706433/ https://0x7f000001/ https://017700000001/; do
	register Q "$bad"
	check "no hook to $bad" problem 422 bad-hook
done
register Q "https://localhost:${to##*:}/take"
check 'a name may point anywhere' answered 201
put Q 1
check 'but where it points to is looked at' eventually dead Q
check 'when it is called' answered 200 '.dead_letters[0].reason == "the hub does not call the address that the name has"'
hooks L
check 'a hook that was allowed once is not called any more' answered 200 'all(.hooks[]; .state == "stopped")'

# ---- many streams ----
# All at once, and each must be told where it begins: that takes no place from what reads the store.
"$streams" "$port" "$token" P 800 10 3 now >"$work/streams" 2>"$work/streams.err" &
stream_pid=$!
eventually grep -q open "$work/streams"
check '800 streams are open' grep -q open "$work/streams"
call "$url/metrics"
several || check 'and counted' grep -q '^customhouse_notification_streams 800$' "$work/body" # each node counts its own
call "$url/healthz"
check 'the hub answers meanwhile' answered 200
for i in $(seq 0 9); do put P$i 1; done
for i in $(seq 0 9); do put P$i 2; done
wait $stream_pid
check 'every one of them gets everything, in order' [ $? = 0 ]
sed 's/^/# /' "$work/streams.err" | head -n 5
stream_pid=
"$streams" "$port" "$token" Z $((${CUSTOMHOUSE_TEST_NODES:-1} * 100 + 1)) 1 1 >"$work/streams" 2>"$work/streams.err"
check 'a party has a hundred at most of a node' grep -q 'HTTP/1.1 503' "$work/streams.err"
listen "$work/s4" "$url/api/v1/notifications/stream?party=A"
eventually grep -q '^retry: ' "$work/s4"
stop TERM
check 'open streams hold up no stop' [ "$status" = 0 ]
wait $stream_pid
check 'and end well' [ $? = 0 ]
stream_pid=

echo "1..$n"
