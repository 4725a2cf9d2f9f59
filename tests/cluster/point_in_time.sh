#!/usr/bin/env bash
# Backup of a database with its log, and a restore to a moment in between (docs/operations.md tells the same steps):
#
#   point_in_time.sh PROGRAM
#
# Three parts of a stream are handed in. A base backup is taken after the first, the moment is noted after the second. The database that comes
# up from backup and log holds the first two, whole and verified, and nothing of the third. TAP.
program=$(realpath "$1")
. "$(dirname "$0")/lib.sh"

can_have_network || skip_all "network namespaces need root"
[ -z "$(missing_programs)" ] || skip_all "not here:" $(missing_programs)
bin=${CLUSTER_POSTGRES:-/usr/lib/postgresql/15/bin}
each=150
restored=$work/restored
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"; }

clean_up_restored() {
	[ ! -f "$restored/data/postmaster.pid" ] || as_postgres "$bin/pg_ctl" -D "$restored/data" -m immediate stop >/dev/null 2>&1
}
trap 'clean_up_restored; clean_up' EXIT

hand_in() { # hand_in PART
	sed -n "$((($1 - 1) * each + 1)),$(($1 * each))p" "$work/all" >"$work/part"
	"$program" submit --data "$CLUSTER_DIR/node/h1" "$work/part" >"$work/records"
	# 1: some were rejected, which are cases too.
	[ $? -le 1 ] && [ "$(wc -l <"$work/records")" -eq $each ]
}

base_backup() {
	local leader
	leader=$(cluster leader)
	# As the account that the database to come runs as, which owns the files.
	as_postgres env PGPASSFILE="$CLUSTER_DIR/pgpass" "$bin/pg_basebackup" -h "$(host_part "$leader")" -U replicator \
		-D "$restored/data" -X none --checkpoint=fast
}

host_part() { cluster url "$1" | sed 's/.*@\([0-9.]*\):.*/\1/'; }

# The log up to now is in the archive.
log_is_away() {
	local last
	last=$(sql -c "select pg_walfile_name(pg_switch_wal())")
	until_true 60 test -f "$CLUSTER_DIR/archive/$last"
}

restore_to() { # restore_to MOMENT
	cat >>"$restored/data/postgresql.auto.conf" <<CONF
restore_command = 'cp $CLUSTER_DIR/archive/%f %p'
recovery_target_time = '$1'
recovery_target_action = 'promote'
archive_mode = off
hba_file = '$restored/data/pg_hba.conf'
synchronous_standby_names = ''
listen_addresses = '127.0.0.1'
unix_socket_directories = '$restored'
port = $port
CONF
	touch "$restored/data/recovery.signal"
	rm -f "$restored/data/postgresql.base.conf.backup"
	printf 'local all all trust\nhost all all 127.0.0.1/32 trust\n' >"$restored/data/pg_hba.conf"
	as_postgres "$bin/pg_ctl" -D "$restored/data" -w -t 120 -l "$restored/log" start
}

ask_restored() { psql -X -h 127.0.0.1 -p "$port" -U postgres -d customhouse -qAt "$@"; }
is_open() { [ "$(ask_restored -c 'select pg_is_in_recovery()')" = f ]; }
counts() { [ "$(ask_restored -c "select count(*) from declaration")" -eq "$1" ]; }
check_restored() { "$program" "$1" --database "postgresql://customhouse@127.0.0.1:$port/customhouse" --data "$CLUSTER_DIR/node/h1"; }

ok "a database that archives its log, and a node" start_cluster --nodes 1 --postgres 1 --archive || finish
"$program" generate --declarations $((3 * each)) --seed 41 >"$work/all"
install -d -o postgres -g postgres -m 0700 "$restored"
port=$((30000 + RANDOM % 2000))

ok "a first part is handed in" hand_in 1
ok "a base backup is taken while the hub runs" base_backup
ok "a second part is handed in" hand_in 2
moment=$(sql -c 'select clock_timestamp()')
# The restore stops before the first commit behind the moment.
sleep 1
ok "a third part, which is to be undone, is handed in" hand_in 3
ok "the log is in the archive" log_is_away
ok "the backup comes up with the log until the moment" restore_to "$moment"
ok "and opens" until_true 60 is_open
ok "the first two parts are there, and nothing of the third" counts $((2 * each))
# The file outside knows of roots that are undone: that is said, and is the only thing that is.
ok "every decision replays" check_restored replay
sed 's/^/# /' "$work/said"
"$program" verify --database "postgresql://customhouse@127.0.0.1:$port/customhouse" --data "$CLUSTER_DIR/node/h1" >"$work/verified" 2>&1
ok "verify misses the roots that were undone, as it must" grep -q 'signed and is gone' "$work/verified"
sed 's/^/# /' "$work/verified"
mv "$CLUSTER_DIR/node/h1/roots.log" "$work/roots.undone"
ok "and nothing else: without the file outside it finds no fault" check_restored verify
finish
