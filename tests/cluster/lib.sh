# Shared by the tests of a cluster and by bench/cluster.sh. Sourced, after $program, $flood and $judge were set; leaves $work, a cluster's
# folder in it, and $token for clients. What is started here ends with the script.
set -u
export LC_ALL=C

root=${CUSTOMHOUSE_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
cd "$root" || exit 1
work=$(mktemp -d "${TMPDIR:-/tmp}/customhouse-cluster.XXXXXX")
chmod 0755 "$work" # the account that databases run as goes through it
export CLUSTER_DIR=$work/cluster
flood_process=
tests=0
failures=0

cluster() { script/cluster "$@"; }

clean_up() {
	[ -z "$flood_process" ] || kill -9 "$flood_process" 2>/dev/null
	cluster down >&2
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

ok() { # ok NAME COMMAND...: passes when the command does
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
	head -n 30 "$work/said" | cut -c1-300 | sed 's/^/# /'
	return 1
}

finish() {
	echo "1..$tests"
	exit $((failures > 0))
}

# until_true SECONDS COMMAND...
until_true() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.2
	done
}

can_have_network() { [ "$(id -u)" = 0 ] && unshare --net true 2>/dev/null; }

missing_programs() {
	local name
	for name in etcd patroni haproxy ip openssl setpriv jq "${CLUSTER_POSTGRES:-/usr/lib/postgresql/15/bin}/postgres"; do
		command -v "$name" >/dev/null || echo "$name"
	done
}

# start_cluster ARGS...: of script/cluster up; and somebody who hands in for everybody.
start_cluster() {
	local h1=$CLUSTER_DIR/node/h1
	cluster up --program "$program" "$@" >"$work/up" 2>&1 || {
		sed 's/^/# /' "$work/up"
		cluster logs h1 2>/dev/null | tail -n 20 | sed 's/^/# h1: /'
		return 1
	}
	at=$(cluster url)
	"$program" user add gateway --roles broker --parties '*' --data "$h1" >/dev/null 2>"$work/users"
	token=$("$program" user token gateway --scopes read,submit --data "$h1" 2>>"$work/users")
	[ -n "$token" ] || {
		sed 's/^/# /' "$work/users"
		return 1
	}
}

# Asked of the node itself, without a look at all others.
h_well() { curl -skf -m 2 -o /dev/null "$(cluster url "$1")/healthz"; }

sql() { cluster psql -d customhouse -qAt "$@"; }

# audit VERB: verify or replay over the store that all share; h1's folder has the keys.
audit() {
	PGPASSFILE=$CLUSTER_DIR/pgpass "$program" "$1" --database "$(cluster url database)" --data "$CLUSTER_DIR/node/h1"
}

# ---- a flood ----

# begin_flood NAME SEED [RATE [CLIENTS]]: in the background, until end_flood. Each seed has trader's references of its own.
begin_flood() {
	# Made once: only how traders call their declarations differs between floods.
	[ -s "$work/stream-1" ] || "$program" generate --declarations 20000 --seed 1 >"$work/stream-1"
	sed "s/\"trader_reference\":\"S1-/\"trader_reference\":\"S$2-/" "$work/stream-1" >"$work/stream"
	"$flood" --at "$at" --token "$token" --file "$work/stream" --history "$work/$1.history" --seed "$2" --rate "${3:-60}" \
		--clients "${4:-12}" --seconds 3600 --patience 90 2>"$work/$1.flood" &
	flood_process=$!
	# It has begun when something was answered.
	until_true 20 grep -q ' 201 ' "$work/$1.history"
}

# Lets go on what was begun, and read everything. Leaves the exit status in $flood_status.
end_flood() {
	kill -TERM "$flood_process"
	wait "$flood_process"
	flood_status=$?
	flood_process=
}

acknowledged() { grep -c ' 201 ' "$1"; }

# more_acknowledged HISTORY COUNT: since it was COUNT, more were.
more_acknowledged() { [ "$(acknowledged "$1")" -gt "$2" ]; }

judge_flood() { # judge_flood NAME SEED: also against the store
	sql -F ' ' -c "select trader_reference, reference, version from declaration where trader_reference like 'S$2-%'" >"$work/stored"
	"$judge" "$work/$1.history" --stored "$work/stored"
}

# ---- who writes ----

# In the database itself: for each event that is added, who is connected, and who holds the office's lease in that very transaction.
watch_writers() {
	sql <<'SQL'
create table witness (at timestamptz, office text, seq bigint, peer text, node text, epoch bigint, address text);
create function witness() returns trigger language plpgsql as $$
begin
	insert into witness
	select clock_timestamp(), new.office, new.seq, host(inet_client_addr()), l.node, l.epoch, split_part(regexp_replace(n.address, '^https?://', ''), ':', 1)
	from lease l left join node n on n.name = l.node where l.office = new.office;
	if not found then
		insert into witness values (clock_timestamp(), new.office, new.seq, host(inet_client_addr()), null, null, null);
	end if;
	return null;
end $$;
create trigger witness after insert on event for each row execute function witness();
grant insert on witness to customhouse;
SQL
}

# Events that somebody added who did not hold the lease. The hub's own chain is nobody's: all nodes write it, one at a time.
writes_without_lease() { sql -c "select * from witness where office <> 'HUB' and peer is distinct from address limit 10"; }
nobody_wrote_without_lease() {
	writes_without_lease >"$work/strays" && [ ! -s "$work/strays" ] || {
		cat "$work/strays"
		return 1
	}
}
