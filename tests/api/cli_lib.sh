# Shared by the tests of the command line. Sourced: cli_NAME.sh PROGRAM. TAP on standard output; the plan comes last, in finish.
set -u
export LC_ALL=C

program=$(realpath "$1") # the tests work elsewhere
helper=$(realpath "${2:-/}")
root=${CUSTOMHOUSE_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
work=$(mktemp -d "${TMPDIR:-/tmp}/customhouse-cli.XXXXXX")
server=
tests=0
failures=0
. "$(dirname "$0")/database_lib.sh"
cd "$root" || exit 1

clean_up() {
	[ -z "$server" ] || kill -9 "$server" 2>/dev/null
	[ "$(type -t clean_up_more)" != function ] || clean_up_more
	databases_drop "$work"
	rm -rf "$work"
}
trap clean_up EXIT

# Nodes read twice a second what others have changed of people, sessions and tokens: heard comes after a change that the next question is
# about.
heard() { ! several || sleep 4; }

# run ARGS...: the program; leaves $status, $work/out and $work/err.
run() {
	"$program" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
}

# ok NAME COMMAND...: passes when the command does.
ok() {
	local name=$1
	shift
	tests=$((tests + 1))
	if "$@"; then
		echo "ok $tests - $name"
		return 0
	fi
	failures=$((failures + 1))
	echo "not ok $tests - $name"
	echo "# failed: $*; last status ${status:-none}"
	head -c 600 "$work/out" 2>/dev/null | sed 's/^/# out: /'
	head -c 600 "$work/err" 2>/dev/null | sed 's/^/# err: /'
	echo
	return 1
}

exits() { [ "$status" -eq "$1" ]; }
out_has() { grep -q "$@" "$work/out"; }
out_lacks() { ! grep -q "$@" "$work/out"; }
err_has() { grep -q "$@" "$work/err"; }
out_is() { [ "$(cat "$work/out")" = "$1" ]; }
lines_are() { [ "$(wc -l <"$1")" -eq "$2" ]; }
# How many records of a file have this jq condition.
records() { jq -c "select($1)" "$2" | wc -l; }
all_json() { jq -es 'length > 0' "$1" >/dev/null; }

# A server that owns $1, on a port of the machine's choice; $url is its address.
start_server() {
	: >"$work/serve.out" # what the server before said is not this one's
	"$program" serve --data "$1" --listen 127.0.0.1:0 >"$work/serve.out" 2>>"$work/serve.err" &
	server=$!
	for _ in $(seq 600); do
		grep -q serves "$work/serve.out" && break
		kill -0 "$server" 2>/dev/null || break
		sleep 0.05
	done
	url=$(sed -n 's|.*\(http://[^ ]*\)/ .*|\1|p' "$work/serve.out")
	[ -n "$url" ]
}

# users STORE: makes a gateway, who hands in for everybody, and an officer and supervisor of every office, where they are not there
# yet; tokens of both in $gateway and $officer.
users() {
	local offices
	offices=$(sed -n '3,$s/,.*//p' "$root/packs/landfall/offices.csv" | paste -sd,)
	"$program" user add gateway --roles broker --parties '*' --data "$1" >/dev/null 2>>"$work/users.err"
	"$program" user add officer --roles officer,supervisor --offices "$offices" --data "$1" >/dev/null 2>>"$work/users.err"
	gateway=$("$program" user token gateway --scopes read,submit,act --data "$1" 2>>"$work/users.err")
	officer=$("$program" user token officer --scopes read,submit,act --data "$1" 2>>"$work/users.err")
	[ -n "$gateway" ] && [ -n "$officer" ]
}

# Leaves the server's exit status in $status.
stop_server() {
	kill "-${1:-TERM}" "$server" 2>/dev/null
	wait "$server" 2>/dev/null
	status=$?
	server=
}

finish() {
	echo "1..$tests"
	exit $((failures > 0))
}
