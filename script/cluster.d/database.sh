# etcd, Patroni and PostgreSQL of script/cluster. Sourced.

postgres_bin=${CLUSTER_POSTGRES:-/usr/lib/postgresql/15/bin}

# ---- etcd ----

etcd_members() {
	local e all=
	for e in $(etcd_names); do
		all=$all,$e=http://$(at "$e" peer)
	done
	printf '%s\n' "${all#,}"
}

etcd_clients() {
	local e all=
	for e in $(etcd_names); do
		all=$all,$(at "$e" client)
	done
	printf '%s\n' "${all#,}"
}

# Elections wait longer than etcd's own second: on a busy machine a late flush is no failure.
start_etcd() {
	local e=$1
	mkdir -p "$(home_of "$e")"
	chmod 0700 "$(home_of "$e")"
	own "$(home_of "$e")"
	run_in "$e" etcd etcd --name "$e" --data-dir "$(home_of "$e")/data" --logger zap --log-outputs stderr --log-level warn \
		--listen-peer-urls "http://$(at "$e" peer)" --initial-advertise-peer-urls "http://$(at "$e" peer)" \
		--listen-client-urls "http://$(at "$e" client)" --advertise-client-urls "http://$(at "$e" client)" \
		--initial-cluster "$(etcd_members)" --initial-cluster-state new --initial-cluster-token "ch$net" \
		--heartbeat-interval 200 --election-timeout 2000 --enable-v2 --auto-compaction-retention 1 --quota-backend-bytes 268435456
}

etcd_well() { curl -fsS -m 2 "http://$(at "$1" client)/health" 2>/dev/null | grep '"true"' >/dev/null; }
# While some may be away.
any_etcd_well() {
	local e
	for e in $(etcd_names); do
		! etcd_well "$e" || return 0
	done
	return 1
}

# ---- a small disk for each database ----

make_disk() {
	local image=$state/disk/$1.img where
	where=$(home_of "$1")
	mkdir -p "$state/disk" "$where"
	truncate -s "${disk}M" "$image"
	# No room is kept back for root, or a full disk would not be full.
	mkfs.ext4 -q -m 0 "$image" && mount -o loop "$image" "$where" 2>"$state/disk/why" ||
		die "a disk of its own for $1 cannot be mounted here ($(cat "$state/disk/why")): do without --disk"
	rmdir "$where/lost+found"
}

remove_disks() {
	local where
	grep -o " $state/node/[a-z0-9]* ext4" /proc/mounts | while read -r where _; do
		umount "$where" || umount --lazy "$where"
	done
}

# ---- PostgreSQL under Patroni ----

password_of() { sed -n "s/^\*:\*:\*:$1://p" "$state/pgpass"; }

make_passwords() {
	local name
	(umask 077 && : >"$state/pgpass")
	for name in postgres replicator customhouse; do
		printf '*:*:*:%s:%s\n' "$name" "$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n')" >>"$state/pgpass"
	done
	own "$state/pgpass"
}

# A library that makes the disk of one database slow; see tools/slow_disk.c.
build_slow_disk() {
	cc -std=c17 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -shared -fPIC -o "$state/bin/slow_disk.so" tools/slow_disk.c
}

archive_settings() {
	[ "$archive" = yes ] || return 0
	mkdir -p "$state/archive"
	own "$state/archive"
	# Never over a file that is there: two that lead, one after the other, must not write over one another's log.
	printf '        archive_mode: "on"\n        archive_timeout: 60s\n'
	printf '        archive_command: "test ! -f %s/%%f && cp %%p %s/%%f.part && mv %s/%%f.part %s/%%f"\n' \
		"$state/archive" "$state/archive" "$state/archive" "$state/archive"
}

# What of PostgreSQL's settings depends on the size of the disk. A member that was away gets what it missed from the log that is kept: its slot
# goes when Patroni has not heard of it for ttl seconds.
size_settings() {
	if [ "$disk" = 0 ]; then
		printf '        wal_keep_size: 512MB\n        max_wal_size: 2GB\n'
	else
		printf '        wal_keep_size: 160MB\n        max_wal_size: 192MB\n        min_wal_size: 32MB\n'
	fi
}

# etcd, not etcd3: with etcd3 Patroni 3.0.2 of Debian 12 writes the leader's key without looking whose it is by now. A leader that was frozen
# for longer than ttl and wakes takes it back from the member that has been promoted, whose commits are then lost or whose followers are
# stuck on another timeline. By etcd's older interface it compares and sets.
# synchronous_mode_strict: with nobody left who has a second copy the leader acknowledges nothing. Without it Patroni turns replication
# asynchronous then, and what was acknowledged would be lost with the one disk. failsafe_mode: a leader that reaches every other member goes
# on while etcd is away. ttl: a leader that says nothing for ten seconds is replaced; half of what Patroni suggests for machines that are apart.
patroni_settings() {
	cat <<YAML
scope: ch$net
name: $1
restapi: {listen: "$(at "$1" patroni)", connect_address: "$(at "$1" patroni)"}
etcd: {hosts: "$(etcd_clients)"}
log: {level: INFO}
bootstrap:
  dcs:
    ttl: 10
    loop_wait: 2
    retry_timeout: 4
    primary_start_timeout: 10
    maximum_lag_on_failover: 1048576
    synchronous_mode: $([ "$databases" -gt 1 ] && echo true || echo false)
    synchronous_mode_strict: $([ "$databases" -gt 1 ] && echo true || echo false)
    failsafe_mode: true
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters:
        max_connections: 200
        shared_buffers: 128MB
        synchronous_commit: "on"
        wal_log_hints: "on"
        max_slot_wal_keep_size: 256MB
        tcp_keepalives_idle: 2
        tcp_keepalives_interval: 1
        tcp_keepalives_count: 3
        tcp_user_timeout: 5000
        wal_sender_timeout: 5s
        wal_receiver_timeout: 5s
        wal_retrieve_retry_interval: 500ms
$(size_settings)
$(archive_settings)
  initdb: [{encoding: UTF8}, {locale: C.UTF-8}, data-checksums, {auth: scram-sha-256}]
postgresql:
  listen: "$(at "$1" postgres)"
  connect_address: "$(at "$1" postgres)"
  data_dir: "$(home_of "$1")/data"
  bin_dir: "$postgres_bin"
  pgpass: "$state/own/$1.pgpass"
  remove_data_directory_on_rewind_failure: true
  remove_data_directory_on_diverged_timelines: true
  authentication:
    superuser: {username: postgres, password: "$(password_of postgres)"}
    replication: {username: replicator, password: "$(password_of replicator)"}
  parameters:
    unix_socket_directories: ""
  pg_hba:
    - host all all $(host_of "$1")/24 scram-sha-256
    - host replication replicator $(host_of "$1")/24 scram-sha-256
watchdog: {mode: "off"}
YAML
}

start_database() {
	local p=$1
	mkdir -p "$(home_of "$p")"
	chmod 0700 "$(home_of "$p")"
	(umask 077 && patroni_settings "$p" >"$state/run/$p.yml")
	own "$(home_of "$p")" "$state/run/$p.yml"
	run_in "$p" patroni env LD_PRELOAD="$state/bin/slow_disk.so" SLOW_DISK="$state/run/$p.slow" \
		PYTHONUNBUFFERED=1 /usr/bin/patroni "$state/run/$p.yml"
}

# Patroni's word for a database: 200 only when it is what is asked: primary, replica, sync, health.
patroni_says() { curl -fsS -m 2 -o /dev/null "http://$(at "$1" patroni)/$2" 2>/dev/null; }

leader_now() {
	local p
	for p in $(database_names); do
		if patroni_says "$p" primary; then
			printf '%s\n' "$p"
			return 0
		fi
	done
	return 1
}

sync_now() {
	local p
	for p in $(database_names); do
		! patroni_says "$p" synchronous || return 0
	done
	return 1
}

all_databases_run() {
	local p
	for p in $(database_names); do
		patroni_says "$p" health || return 1
	done
	[ "$databases" = 1 ] || sync_now
}

# database_url NODE...: of these, with what a client of several needs. The driver asks each host in turn and takes the one that may be
# written to; connect_timeout bounds a host that says nothing.
database_url() {
	local p hosts=
	for p in "$@"; do
		hosts=$hosts,$(at "$p" postgres)
	done
	printf 'postgresql://customhouse@%s/customhouse?connect_timeout=2&keepalives_idle=2&keepalives_interval=1&keepalives_count=3&tcp_user_timeout=5000' \
		"${hosts#,}"
}

psql_at_leader() {
	local p
	p=$(leader_now) || die "no database leads at the moment"
	PGPASSFILE=$state/pgpass psql -X -h "$(host_of "$p")" -p "$(port_of "$p" postgres)" -U postgres "$@"
}

make_database() {
	psql_at_leader -qv ON_ERROR_STOP=1 -v password="$(password_of customhouse)" <<'SQL'
create role customhouse login password :'password';
create database customhouse owner customhouse template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C';
SQL
}
