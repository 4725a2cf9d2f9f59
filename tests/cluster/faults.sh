#!/usr/bin/env bash
# A cluster that is broken in every way while clients hand in, change and read declarations:
#
#   faults.sh PROGRAM FLOOD JUDGE [ROUNDS]
#
# Each fault has a flood of its own. Afterwards the judge compares what its clients were told with one another and with the store, and no node
# has written what it held no lease of; in the end, of several rounds after each fault, chains, ledger and projections verify, and everything
# replays. ROUNDS (1): how often each is done; from 20 on, restarts are 20 too. CLUSTER_FAULTS="NAME ..." chooses some. Needs root, for
# network namespaces and mounts. TAP.
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
# Whatever a node had, others have: each office that it held was asked for since. A flood asks for all of them all the time, but for one that
# came up only once.
has_offices() { [ "$(sql -c "select count(*) from lease where node = '$1' and office not like '*%'")" -gt 0 ]; }
has_no_offices() { ! has_offices "$1"; }
taken_over() { until_true 10 has_no_offices "$1" || true; }
h_well() { cluster status | grep -q "^$1 .*serves"; }

# ---- the faults: each leaves the cluster as it was ----

fault_node_kill() {
	local h
	for h in h1 h2 h3; do
		cluster kill $h
		sleep 1
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
	cluster wait
}

# The leader goes on without etcd as long as it reaches every other database.
fault_etcd_kill() {
	local before
	cluster kill e1
	cluster kill e3
	sleep 12
	before=$(acknowledged "$history")
	until_true 20 more_acknowledged "$history" "$before" || return 1
	cluster start e1
	cluster start e3
	cluster wait
}

fault_node_cut() {
	cluster cut h1 p1 p2 p3
	taken_over h1
	cluster heal h1 p1 p2 p3
	cluster wait
}

fault_node_unreachable() {
	cluster cut h2
	taken_over h2
	cluster heal h2
	cluster wait
}

fault_leader_cut() {
	local old
	old=$(cluster leader)
	cluster cut "$old"
	until_true 60 another_leads "$old" || return 1
	cluster heal "$old"
	cluster wait
}

# Longer than its leases: others take its offices over, and what it wakes up with is worth nothing.
fault_node_freeze() {
	local h
	for h in h3 h1; do
		cluster stop $h
		taken_over $h
		sleep $((RANDOM % 3))
		cluster cont $h
		sleep 1
	done
	cluster wait
}

fault_leader_freeze() {
	local old
	old=$(cluster leader)
	cluster stop "$old"
	until_true 60 another_leads "$old" || return 1
	cluster cont "$old"
	cluster wait
}

# First the leader's alone, which another replaces or which gets through; then all of them, and nothing can be stored until there is room.
fault_disk_full() {
	local p
	cluster fill leader
	sleep 8
	for p in p1 p2 p3; do cluster fill $p; done
	sleep 6
	for p in p1 p2 p3; do cluster free $p; done
	cluster wait
}

fault_disk_slow() {
	local p
	for p in p1 p2 p3; do cluster slow $p 100x; done
	sleep 6
	for p in p1 p2 p3; do cluster slow $p 0; done
	cluster wait
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
	for ((i = 1; i <= (rounds < 20 ? 2 : 20); i++)); do
		until_true 60 restart_leader $i || return 1
		before=$(acknowledged "$history")
		until_true 60 more_acknowledged "$history" "$before" || return 1
	done
	cluster wait
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
	begin_flood "$name" "$seed" || {
		ok "$fault: clients get answers before" false
		return
	}
	sleep 2
	ok "$fault: the cluster gets through" "fault_$fault" || cluster status | sed 's/^/# /'
	before=$(acknowledged "$history")
	ok "$fault: clients go on" until_true 60 more_acknowledged "$history" "$before"
	end_flood
	ok "$fault: every message got its answer" everything_answered
	ok "$fault: nothing lost, nothing twice, nobody was told what was no longer so" judge_flood "$name" "$seed"
	sed 's/^/# /' "$work/said"
	# of a single round once, in the end: chains only grow
	[ "$rounds" = 1 ] || ok "$fault: chains, ledger and projections verify" audit verify
	ok "$fault: nobody wrote without a lease" nobody_wrote_without_lease
	echo "# $fault: $((SECONDS - began)) s"
}

start_cluster --disk 400 || {
	ok "the cluster comes up" false
	finish
}
watch_writers
seed=100
for ((round = 1; round <= rounds; round++)); do
	for fault in ${CLUSTER_FAULTS:-$all_faults}; do
		seed=$((seed + 1))
		try_fault "$fault" $seed
	done
done
ok "leases went from node to node" [ "$(sql -c "select count(distinct peer) from witness where office <> 'HUB'")" -ge 2 ]
ok "chains, ledger and projections verify" audit verify
ok "everything replays" audit replay
[ $failures -eq 0 ] || for node in h1 h2 h3; do
	cluster logs $node | tail -n 15 | cut -c1-250 | sed "s/^/# $node: /"
done
finish
