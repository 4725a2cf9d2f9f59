#!/usr/bin/env bash
# A PostgreSQL server that is killed and restarted 20 times, and whose disk is full for a while, under a writer that does not give up:
# pg_restarts.sh KEEP_WRITING. Nothing that was confirmed is lost, and nothing is written twice. TAP.
program=$(realpath "$1")
. "${CUSTOMHOUSE_ROOT:-$(dirname "$0")/../..}/script/lib.sh"
set +e

[ -n "$(postgres_programs)" ] || {
	echo "1..0 # SKIP no PostgreSQL here"
	exit 0
}
room=$(mktemp -d "${TMPDIR:-/tmp}/customhouse-restarts.XXXXXX")
chmod 0755 "$room"
writer=
mounted=no
clean_up() {
	[ -z "$writer" ] || kill -9 "$writer" 2>/dev/null
	postgres_stop
	[ $mounted = no ] || umount "$room"
	rm -rf "$room"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
tests=0
failures=0
ok() { # ok NAME COMMAND...
	local name=$1
	shift
	tests=$((tests + 1))
	if "$@" >/dev/null 2>&1; then
		echo "ok $tests - $name"
	else
		failures=$((failures + 1))
		echo "not ok $tests - $name"
		tail -n 3 "$output" "$output.err" | sed 's/^/# /'
	fi
}

# A disk of its own, small enough to be filled, where that is allowed.
mount -t tmpfs -o size=300m,mode=0755 none "$room" 2>/dev/null && mounted=yes
output=$(mktemp)
export TMPDIR=$room
postgres_start yes || {
	echo "1..0 # SKIP PostgreSQL does not start"
	exit 0
}
server() { postgres_as "$(postgres_programs)/pg_ctl" -D "$postgres_dir/data" -w -t 60 -l "$postgres_dir/data/server.log" "$@" >/dev/null 2>&1; }
port=$(sed -n 4p "$postgres_dir/data/postmaster.pid")
begin() { # begin DATABASE COUNT
	psql -q "$CUSTOMHOUSE_TEST_POSTGRES/postgres" \
		-c "CREATE DATABASE $1 TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
	"$program" "$CUSTOMHOUSE_TEST_POSTGRES/$1" "$2" >"$output" 2>"$output.err" &
	writer=$!
	until [ -s "$output" ] || ! kill -0 $writer 2>/dev/null; do sleep 0.05; done
}
end() {
	wait $writer
	status=$?
	writer=
	tail -n 1 "$output" | sed 's/^/# /'
}
figure() { tail -n 1 "$output" | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }

# Every other time all of it is killed at once; else clients are cut off and the server stops in order.
restarts=0
begin restarts 1000000
while [ $restarts -lt 20 ] && kill -0 $writer; do
	sleep 0.2
	if [ $((restarts % 2)) = 0 ]; then
		postmaster=$(head -n 1 "$postgres_dir/data/postmaster.pid")
		kill -9 "$postmaster" $(pgrep -P "$postmaster")
		while pgrep -P "$postmaster" >/dev/null || kill -0 "$postmaster" 2>/dev/null; do sleep 0.05; done
	else
		server -m fast stop
	fi
	server -o "-p $port" start && restarts=$((restarts + 1))
done
ok "the server was restarted 20 times" [ $restarts = 20 ]
kill -USR1 $writer
end
ok "a writer goes on through all of it" [ "$status" = 0 ]
ok "and was told where an answer was lost" [ "$(figure uncertain)" -gt 0 ]
ok "each row is there once" [ "$(figure rows)" = "$(figure stored)" -a "$(figure faults)" = 0 ]

if [ $mounted = yes ]; then
	begin filled 1000000
	for _ in 1 2 3; do
		dd if=/dev/zero of="$room/filler" bs=1M 2>/dev/null
		sleep 2
		rm -f "$room/filler"
		# one that ran out of room for its log has stopped
		server status || server -o "-p $port" start
		sleep 0.5
	done
	kill -USR1 $writer
	end
	ok "a full disk stops nobody for good" [ "$status" = 0 ]
	ok "nothing is lost by it, or there twice" [ "$(figure rows)" = "$(figure stored)" -a "$(figure faults)" = 0 ]
else
	echo "# no disk of its own could be mounted: what a full one does is not tried"
fi
rm -f "$output" "$output.err"
echo "1..$tests"
exit $((failures > 0))
