#!/usr/bin/env bash
# Nodes are upgraded one by one to a program with a newer schema, and taken back, under a flood:
#
#   upgrade.sh PROGRAM FLOOD JUDGE NEXT
#
# NEXT is the same program with one more migration (next_migration.h), which adds tables and columns: for a while nodes of both run. TAP.
program=$(realpath "$1")
flood=$(realpath "$2")
judge=$(realpath "$3")
next=$(realpath "$4")
. "$(dirname "$0")/lib.sh"

can_have_network || skip_all "network namespaces need root"
[ -z "$(missing_programs)" ] || skip_all "not here:" $(missing_programs)

schema() { sql -c 'select max(number) from migration'; }

change() { # change NODE PROGRAM: as whoever upgrades does
	cluster term "$1" || return 1
	cluster start "$1" --program "$2"
	until_true 60 h_well "$1"
}

everything_answered() { [ "$flood_status" -eq 0 ] || {
	cat "$work/upgrade.flood"
	return 1
}; }

goes_on() {
	local before
	before=$(acknowledged "$work/upgrade.history")
	until_true 30 more_acknowledged "$work/upgrade.history" "$before"
}

audit_as() { # audit_as PROGRAM VERB
	PGPASSFILE=$CLUSTER_DIR/pgpass "$1" "$2" --database "$(cluster url database)" --data "$CLUSTER_DIR/node/h1"
}

ok "three nodes, one database" start_cluster --postgres 1 || finish
before=$(schema)
ok "a flood begins" begin_flood upgrade 51
ok "the first node gets the next program" change h1 "$next"
ok "which brings the schema up" [ "$(schema)" -eq $((before + 1)) ]
ok "nodes of both go on" goes_on
for h in h2 h3; do
	ok "the next program on $h" change $h "$next"
done
ok "all of the next program go on" goes_on
for h in h3 h1 h2; do
	ok "back to this program on $h" change $h "$program"
done
ok "this program goes on with the newer schema" goes_on
end_flood
ok "every message got its answer" everything_answered
ok "nothing lost, nothing twice" judge_flood upgrade 51
sed 's/^/# /' "$work/said"
for p in "$program" "$next"; do
	ok "chains and ledger verify with $(basename "$p")" audit_as "$p" verify
	ok "everything replays with $(basename "$p")" audit_as "$p" replay
done
# A backup by the older one would leave out what the newer one keeps.
ok "no backup by this program" [ "$(audit_as "$program" backup 2>&1 >/dev/null | grep -c 'leave out')" -eq 1 ]
ok "but by the next one" audit_as "$next" backup
finish
