#!/usr/bin/env bash
# A cluster that is broken in every way while clients hand in, change and read declarations:
#
#   faults.sh PROGRAM FLOOD JUDGE [ROUNDS]
#
# Each fault has a flood of its own. After each the judge compares what its clients were told with one another and with the store, no node
# has written what it held no lease of, chains, ledger and projections verify, and everything replays: while the cluster recovers from the
# fault, as an administration would look. ROUNDS (1): how often all are done, each time on a cluster made anew; of several, the first restarts
# the database 20 times. CLUSTER_FAULTS="NAME ..." chooses some. Needs root, for network namespaces and mounts. TAP.
program=$(realpath "$1")
flood=$(realpath "$2")
judge=$(realpath "$3")
rounds=${4:-1}
. "$(dirname "$0")/lib.sh"

can_have_network || skip_all "network namespaces need root"
[ -z "$(missing_programs)" ] || skip_all "not here:" $(missing_programs)

all_faults="node_kill leader_kill etcd_kill node_cut node_unreachable leader_cut node_freeze leader_freeze disk_full disk_slow database_restart"
another_leads() {
	local leader
	leader=$(cluster leader) && [ "$leader" != "$1" ]
}
# The leases of a node, but for those of duties. A flood asks for most offices all the time.
offices_of() { sql -c "select office from lease where node = '$1' and office not like '*%' order by office"; }
# has_fewer NODE FILE: others have some of what it had when the file was written.
has_fewer() { [ -n "$(offices_of "$1" | comm -13 - "$2")" ]; }
# until_taken_over NODE COMMAND...: does to the node what makes it silent, and waits until others take its offices. One that
# has none when it falls silent is waited for no longer than a node may be silent.
until_taken_over() {
	local node=$1
	shift
	offices_of "$node" >"$work/offices"
	"$@"
	until_true 6 has_fewer "$node" "$work/offices" || true
}

# ---- the faults: each starts again what it ended; until all is well the next one waits ----

fault_node_kill() {
	local h
	for h in h1 h2 h3; do
		cluster kill $h
		sleep 0.5
		cluster start $h
		until_true 30 h_well $h || return 1
	done
}

fault_leader_kill() {
	local old
	old=$(cluster leader)
	cluster kill "$old"
	until_true 60 another_leads "$old" || return 1
	cluster start "$old"
}

# The leader goes on without etcd as long as it reaches every other database: longer than its key would hold (ttl).
fault_etcd_kill() {
	local before
	cluster kill e1
	cluster kill e3
	sleep 11
	before=$(acknowledged "$history")
	until_true 20 more_acknowledged "$history" "$before" || return 1
	cluster start e1
	cluster start e3
}

fault_node_cut() {
	until_taken_over h1 cluster cut h1 p1 p2 p3
	cluster heal h1 p1 p2 p3
}

fault_node_unreachable() {
	until_taken_over h2 cluster cut h2
	cluster heal h2
}

fault_leader_cut() {
	local old
	old=$(cluster leader)
	cluster cut "$old"
	until_true 60 another_leads "$old" || return 1
	cluster heal "$old"
}

# Longer than its leases: others take its offices over, and what it wakes up with is worth nothing.
fault_node_freeze() {
	local h
	for h in h3 $([ "$rounds" = 1 ] || echo h1); do
		until_taken_over $h cluster stop $h
		sleep $((RANDOM % 2))
		cluster cont $h
	done
}

fault_leader_freeze() {
	local old
	old=$(cluster leader)
	cluster stop "$old"
	until_true 60 another_leads "$old" || return 1
	cluster cont "$old"
}

# Nothing was acknowledged while one could count to two.
stands_still() {
	local before
	before=$(acknowledged "$history")
	sleep 2
	! more_acknowledged "$history" "$before"
}

# First the leader's alone, which another replaces or which gets through; then all of them, and nothing can be stored until there is room.
fault_disk_full() {
	local p
	cluster fill leader
	sleep 4
	for p in p1 p2 p3; do cluster fill $p; done
	until_true 10 stands_still || true
	for p in p1 p2 p3; do cluster free $p; done
}

# Ten more of each hundredfold flush, and whatever shares it.
fault_disk_slow() {
	local p before
	for p in p1 p2 p3; do cluster slow $p 100x; done
	sleep 1
	before=$(acknowledged "$history")
	until_true 60 more_acknowledged "$history" $((before + 10)) || return 1
	for p in p1 p2 p3; do cluster slow $p 0; done
}

restart_leader() {
	local p
	p=$(cluster leader) || return 1
	# Every other time without a word to anybody.
	if [ $(($1 % 2)) = 0 ]; then
		cluster in "$p" kill -9 "$(head -n 1 "$CLUSTER_DIR/node/$p/data/postmaster.pid")"
	else
		cluster in "$p" curl -fsS -m 30 -X POST "http://$(cluster status | awk -v p="$p" '$1 == p { sub(":.*", "", $2); print $2 }'):8008/restart"
	fi
}

fault_database_restart() {
	local i before
	for ((i = 1; i <= (rounds > 1 && round == 1 ? 20 : 2); i++)); do
		until_true 60 restart_leader $i || return 1
		before=$(acknowledged "$history")
		until_true 60 more_acknowledged "$history" "$before" || return 1
	done
}

# ---- the run ----

everything_answered() { [ "$flood_status" -eq 0 ] || {
	cat "$work/$name.flood"
	return 1
}; }

try_fault() { # try_fault FAULT SEED
	local fault=$1 seed=$2 before
	local began=$SECONDS
	name=$fault-$seed
	history=$work/$name.history
	begin_flood "$name" "$seed" 30 8 || {
		ok "$fault: clients get answers before" false
		return
	}
	sleep 0.5
	ok "$fault: the cluster gets through" "fault_$fault" || cluster status | sed 's/^/# /'
	before=$(acknowledged "$history")
	ok "$fault: clients go on" until_true 60 more_acknowledged "$history" "$before"
	end_flood
	ok "$fault: every message got its answer" everything_answered
	ok "$fault: nothing lost, nothing twice, nobody was told what was no longer so" judge_flood "$name" "$seed"
	sed 's/^/# /' "$work/said"
	ok "$fault: nobody wrote without a lease" nobody_wrote_without_lease
	ok "$fault: chains, ledger and projections verify" audit verify
	ok "$fault: everything replays" audit replay
	ok "$fault: all is well again" cluster wait
	echo "# $fault: $((SECONDS - began)) s"
}

try_all() {
	local fault
	start_cluster --disk 400 || {
		ok "the cluster comes up" false
		finish
	}
	watch_writers
	echo "# the cluster came up: $SECONDS s"
	for fault in ${CLUSTER_FAULTS:-$all_faults}; do
		seed=$((seed + 1))
		try_fault "$fault" $seed
	done
	ok "leases went from node to node" [ "$(sql -c "select count(distinct peer) from witness where office <> 'HUB'")" -ge 2 ]
}

seed=100
for ((round = 1; round <= rounds; round++)); do
	[ $round = 1 ] || cluster down
	try_all
done
[ $failures -eq 0 ] || for node in h1 h2 h3; do
	cluster logs $node | tail -n 15 | cut -c1-250 | sed "s/^/# $node: /"
done
finish
