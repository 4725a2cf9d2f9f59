#!/usr/bin/env bash
# Durable declarations over HTTP on PostgreSQL: one node, 64 clients, a server of our own that waits for its disk (fsync,
# synchronous_commit), beside what the same server does for pgbench with 16 clients in the same run: its simple transactions (-N: an
# update, a select and an insert) and inserts of one row each. BENCH_DECLARATIONS (20000), BENCH_SECONDS (10) of each pgbench, BENCH_DIR
# where everything lies. The load generators share the machine.
. "$(dirname "$0")/../script/lib.sh"

n=${BENCH_DECLARATIONS:-20000}
seconds=${BENCH_SECONDS:-10}
port=${BENCH_PORT:-8098}
export TMPDIR=${BENCH_DIR:-${TMPDIR:-/tmp}}
work=$(mktemp -d "$TMPDIR/customhouse-bench.XXXXXX")
hub=
stop_all() {
	if [ -n "$hub" ]; then
		kill "$hub" 2>/dev/null || true
		wait "$hub" 2>/dev/null || true
	fi
	postgres_stop
	rm -rf "$work"
}
trap stop_all EXIT

figure() { # figure NAME VALUE UNIT [AIM]
	printf '{"name":"postgres.%s","value":%s,"unit":"%s"%s}\n' "$1" "$2" "$3" "${4:+,\"aim\":\"$4\"}"
}

# Processor time of a process, and of its children that have ended, in microseconds.
busy() {
	local pid
	for pid in "$@"; do
		sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null || true
	done | awk -v tick="$(getconf CLK_TCK)" '{ sum += $12 + $13 + $14 + $15 } END { printf "%.0f", sum * 1000000 / tick }'
}
postmaster() { head -n 1 "$postgres_dir/data/postmaster.pid"; }
busy_server() {
	# The process ids are words, split on purpose.
	busy "$(postmaster)" $(pgrep -P "$(postmaster)")
}

# tps ARGUMENTS...: of pgbench.
tps() {
	"$(postgres_programs)/pgbench" -n -c 16 -j 2 -M prepared -T "$seconds" "$@" "$CUSTOMHOUSE_TEST_POSTGRES/bench" 2>/dev/null |
		sed -n 's/^tps = \([0-9]*\).*/\1/p'
}

ninja -C build bench/load-http >&2
postgres_start yes || die "PostgreSQL does not start"
for database in bench customs; do
	psql -q "$CUSTOMHOUSE_TEST_POSTGRES/postgres" \
		-c "CREATE DATABASE $database TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
done
"$(postgres_programs)/pgbench" -i -q -s 10 "$CUSTOMHOUSE_TEST_POSTGRES/bench" >/dev/null 2>&1
psql -q "$CUSTOMHOUSE_TEST_POSTGRES/bench" -c "CREATE TABLE one (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text TEXT)"
echo "INSERT INTO one (text) VALUES ('a row of some length, as one writes them');" >"$work/one.sql"

"$CUSTOMHOUSE" generate --pack packs/landfall --declarations "$n" --seed 1 >"$work/all.jsonl"
"$CUSTOMHOUSE" serve --rate 0 --listen "127.0.0.1:$port" --data "$work/data" --database "$CUSTOMHOUSE_TEST_POSTGRES/customs" \
	--pack packs/landfall >"$work/serve.log" 2>&1 &
hub=$!
for _ in $(seq 100); do
	curl -fsS -o /dev/null "http://127.0.0.1:$port/healthz" 2>/dev/null && break
	sleep 0.1
done
user() { "$CUSTOMHOUSE" user "$@" --data "$work/data" --database "$CUSTOMHOUSE_TEST_POSTGRES/customs" 2>/dev/null; }
user add bench --roles broker --parties '*' >/dev/null
token=$(user token bench --scopes read,submit)

ask() { psql -qAt "$CUSTOMHOUSE_TEST_POSTGRES/customs" -c "$1"; }
log_at() { ask "select pg_current_wal_lsn()"; }
log_since() { ask "select round(pg_wal_lsn_diff(pg_current_wal_lsn(), '$1'))"; }
rows_written() { ask "select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_user_tables"; }

simple=$(tps -N)
rows=$(tps -f "$work/one.sql")
before_hub=$(busy "$hub")
before_server=$(busy_server)
before_log=$(log_at)
before_rows=$(rows_written)
build/bench/load-http "$port" "$token" 64 0 "$work/all.jsonl" >"$work/load" || true
after_hub=$(busy "$hub")
after_server=$(busy_server)
log=$(log_since "$before_log")
sleep 2 # a server process tells its counts when it rests
rows_of_ours=$(($(rows_written) - before_rows))
rate=$(jq -r 'select(.name == "http.answers") | .value | floor' "$work/load")

figure rate "$rate" declarations/s
figure refused "$(jq -r 'select(.name == "http.refused") | .value' "$work/load")" answers
figure p50 "$(jq -r 'select(.name == "http.p50") | .value' "$work/load")" ms
figure p99 "$(jq -r 'select(.name == "http.p99") | .value' "$work/load")" ms
figure pgbench-simple "$simple" transactions/s
figure pgbench-rows "$rows" transactions/s
figure of-pgbench-simple "$(awk -v r="$rate" -v p="$simple" 'BEGIN { printf "%.2f", r / p }')" ratio ">= 1"
figure of-pgbench-rows "$(awk -v r="$rate" -v p="$rows" 'BEGIN { printf "%.2f", r / p }')" ratio
figure hub-cpu $(((after_hub - before_hub) / n)) us/declaration
figure server-cpu $(((after_server - before_server) / n)) us/declaration
figure log $((log / n)) bytes/declaration
figure rows "$(awk -v r="$rows_of_ours" -v n="$n" 'BEGIN { printf "%.1f", r / n }')" rows/declaration
