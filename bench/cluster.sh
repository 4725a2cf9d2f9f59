#!/usr/bin/env bash
# Several nodes on PostgreSQL under Patroni (script/cluster): durable declarations a second with one, two and three nodes beside pgbench on the
# same database in the same run, and the pause that clients see when a node or the database's leader is killed.
#
# BENCH_TRIALS (20): kills of each kind; BENCH_DECLARATIONS (4000): for each count of nodes; BENCH_SECONDS (10): of pgbench. Everything,
# load generators too, shares this machine. Needs root.
set -euo pipefail

trials=${BENCH_TRIALS:-20}
each=${BENCH_DECLARATIONS:-4000}
seconds=${BENCH_SECONDS:-10}
ninja -C build bench/load-http tests/cluster/flood tests/cluster/judge >&2
program=$CUSTOMHOUSE
flood=build/tests/cluster/flood
judge=build/tests/cluster/judge
. tests/cluster/lib.sh

can_have_network || {
	echo "cluster: left out, network namespaces need root" >&2
	exit 0
}

figure() { # figure NAME VALUE UNIT [AIM]
	printf '{"name":"cluster.%s","value":%s,"unit":"%s"%s}\n' "$1" "$2" "$3" "${4:+,\"aim\":\"$4\"}"
}

# Microseconds of processor time of all processes of some nodes.
busy() {
	local node pid
	for node in "$@"; do
		for pid in $(ip netns pids "ch$(sed -n 's/^net=//p' "$CLUSTER_DIR/conf")-$node"); do
			cat "/proc/$pid/stat" 2>/dev/null | sed 's/.*) //' || true
		done
	done | awk -v tick="$(getconf CLK_TCK)" '{ sum += $12 + $13 + $14 + $15 } END { printf "%.0f", sum * 1000000 / tick }'
}

rate_with() { # rate_with NODES SEED
	local before_hub before_db after_hub after_db rate
	"$program" generate --declarations "$each" --seed "$2" >"$work/stream"
	before_hub=$(busy h1 h2 h3)
	before_db=$(busy p1 p2 p3)
	build/bench/load-http "${at#http://}" "$token" 64 0 "$work/stream" >"$work/rate" || true
	after_hub=$(busy h1 h2 h3)
	after_db=$(busy p1 p2 p3)
	rate=$(jq -r 'select(.name == "http.answers") | .value' "$work/rate")
	figure "rate.$1" "$rate" "declarations/s"
	figure "refused.$1" "$(jq -r 'select(.name == "http.refused") | .value' "$work/rate")" answers
	figure "p99.$1" "$(jq -r 'select(.name == "http.p99") | .value' "$work/rate")" ms
	figure "hub-cpu.$1" $(((after_hub - before_hub) / each)) us/declaration
	figure "database-cpu.$1" $(((after_db - before_db) / each)) us/declaration
	rates[$1]=$rate
	cpu[$1]=$(((after_hub - before_hub + after_db - before_db) / each))
	figure "of-pgbench.$1" "$(awk -v r="$rate" -v p="$pgbench" 'BEGIN { printf "%.2f", r / p }')" ratio "$([ "$1" != 1 ] || echo '>= 1')"
}

run_pgbench() {
	local leader
	leader=$(cluster leader)
	PGPASSFILE=$CLUSTER_DIR/pgpass /usr/lib/postgresql/15/bin/pgbench -h "$(cluster url "$leader" | sed 's/.*@\([0-9.]*\):.*/\1/')" \
		-U postgres "$@" bench
}

# The longest that any client waited for one answer, over the trials: median and worst.
pauses() { # pauses NAME FILE
	figure "$1.median" "$(sort -n "$2" | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }')" ms
	figure "$1.worst" "$(sort -n "$2" | tail -n 1)" ms
	figure "$1.trials" "$(wc -l <"$2")" trials
}

trial() { # trial KIND SEED VICTIM
	begin_flood "$1" "$2" 100 24
	sleep 2
	cluster kill "$3"
	[ "$1" = node ] && sleep 8 || sleep 25
	cluster start "$3"
	cluster wait 120
	end_flood
	judge_flood "$1" "$2" >"$work/judged" || {
		cat "$work/judged" >&2
		exit 1
	}
	tail -n 1 "$work/judged" | jq -r .longest_ms >>"$work/$1.pauses"
	tail -n 1 "$work/judged" >&2
}

declare -A rates cpu
start_cluster
cluster psql -qc 'create database bench'
run_pgbench -i -q -s 10 >/dev/null 2>&1
pgbench=$(run_pgbench -n -N -c 16 -j 2 -M prepared -T "$seconds" | sed -n 's/^tps = \([0-9]*\).*/\1/p')
figure pgbench "$pgbench" transactions/s

rate_with 3 31
cluster term h3
cluster wait
rate_with 2 32
cluster term h2
cluster wait
rate_with 1 33
# What the second node costs: all share one machine here, so the processor time is what another machine would have to bring.
figure second-node.rate "$(awk -v a="${rates[2]}" -v b="${rates[1]}" 'BEGIN { printf "%.2f", a / b }')" "of one node's"
figure second-node.cpu "$(awk -v a="${cpu[2]}" -v b="${cpu[1]}" 'BEGIN { printf "%.2f", a / b }')" "of one node's"
cluster start h2
cluster start h3
cluster wait

for ((i = 1; i <= trials; i++)); do
	trial node $((1000 + i)) "h$((i % 3 + 1))"
	trial leader $((2000 + i)) "$(cluster leader)"
done
pauses node "$work/node.pauses"
pauses leader "$work/leader.pauses"
