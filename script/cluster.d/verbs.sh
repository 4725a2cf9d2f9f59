# What script/cluster does, one function a verb. Sourced.

progress() {
	[ ! -t 2 ] || printf '%-46s%s\n' "$1" "${2:-}" >&2
}

# ---- up and down ----

check_programs() {
	local program missing=()
	for program in etcd patroni "$postgres_bin/postgres" openssl curl setpriv setsid; do
		command -v "$program" >/dev/null || missing+=("$program")
	done
	[ "$hubs" = 0 ] || command -v haproxy >/dev/null || missing+=(haproxy)
	[ "$mode" != net ] || command -v ip >/dev/null || missing+=(ip)
	[ ${#missing[@]} -eq 0 ] || die "these programs are missing: ${missing[*]}. script/bootstrap installs them"
}

check_reachable() {
	[ "$(id -u)" != 0 ] || (as_account test -x "$state") ||
		die "$state cannot be reached by the account $account, as which the databases run: choose another with CLUSTER_DIR"
}

read_up_options() {
	hubs=3 databases=3 disk=0 archive=no program=$root/build/customhouse
	while [ $# -gt 0 ]; do
		case $1 in
		--nodes) hubs=${2:?how many} ;;
		--postgres) databases=${2:?how many} ;;
		--disk) disk=${2:?megabytes} ;;
		--program) program=$(realpath "${2:?which}") ;;
		--archive)
			archive=yes
			shift
			continue
			;;
		*) usage ;;
		esac
		shift 2
	done
	[[ $hubs =~ ^[0-9]$ && $databases =~ ^[1-9]$ ]] || die "up to nine nodes of each kind, and at least one database"
	[[ $disk =~ ^[0-9]+$ ]] && { [ "$disk" = 0 ] || [ "$disk" -ge 200 ]; } || die "--disk: at least 200 MB"
	[ "$hubs" = 0 ] || [ -x "$program" ] || die "there is no program $program: script/build"
}

failed_up() {
	local status=$?
	[ $status -ne 0 ] || return 0
	say "script/cluster: the cluster did not come up. script/cluster logs NAME shows why, script/cluster down removes what there is"
}

verb_up() {
	read_up_options "$@"
	[ ! -f "$conf" ] || die "there is a cluster in $state already: script/cluster status, or down"
	mode=ports
	[ "$(id -u)" != 0 ] || ! (unshare --net true 2>/dev/null) || mode=net
	[ "$disk" = 0 ] || [ "$mode" = net ] || die "--disk mounts a file system for each database: run script/cluster as root"
	[ "$(id -u)" != 0 ] || [ "$mode" = net ] ||
		die "root, but without network namespaces (a container that does not allow them?): run it as another user, on ports"
	check_programs
	mkdir -p "$state"/{run,log,bin,node,own}
	own "$state/own"
	check_reachable
	trap failed_up EXIT
	[ "$mode" = net ] && take_net_number || take_port_number
	printf '%s=%s\n' mode "$mode" net "$net" hubs "$hubs" databases "$databases" disk "$disk" archive "$archive" >"$conf"
	up_network
	up_databases
	[ "$hubs" = 0 ] || up_hubs
	trap - EXIT
	[ ! -t 2 ] || verb_status >&2
}

up_network() {
	local node
	make_passwords
	[ "$mode" = net ] || return 0
	progress "a switch and a place for each node ..."
	make_switch
	for node in $(node_names); do
		make_place "$node"
	done
}

up_databases() {
	local e p
	progress "etcd: $etcds members ..."
	for e in $(etcd_names); do start_etcd "$e"; done
	for e in $(etcd_names); do watched=$e wait_for 30 "etcd $e" etcd_well "$e"; done
	progress "PostgreSQL: $databases under Patroni ..."
	build_slow_disk
	for p in $(database_names); do
		[ "$disk" = 0 ] || make_disk "$p"
		start_database "$p"
	done
	watched=$(database_names) wait_for 90 "a database that leads" leader_now
	watched=$(database_names) wait_for 120 "every database, and one of them synchronous" all_databases_run
	make_database
}

up_hubs() {
	local h
	progress "hub: $hubs nodes and HAProxy ..."
	rm -rf "$state/pack"
	cp -r packs/landfall "$state/pack"
	make_authority
	for h in $(hub_names); do make_certificate "$h"; done
	start_first_hub "$program"
	start_other_hubs "$program"
	start_proxy
	wait_for 20 "the proxy to answer" proxy_well
}

# Nothing here may stop half way: it also clears away what an up left that failed.
verb_down() {
	local node
	if [ ! -f "$conf" ]; then
		[ ! -d "$state" ] || [ -z "$(ls -A "$state" | grep -vxE 'run|log|bin|node|own')" ] ||
			die "$state is no cluster's folder"
		rm -rf "$state"
		return 0
	fi
	. "$conf"
	set +e
	for node in $(node_names | tac); do
		kill_node "$node"
	done
	remove_disks
	remove_network
	rm -rf "$state"
}

# ---- looking ----

status_line() { printf '%-6s%-20s%s\n' "$@"; }

status_of_database() {
	local p=$1 word what=
	for word in primary synchronous asynchronous; do
		! patroni_says "$p" "$word" || what=$word
	done
	[ "$what" != primary ] || what=leader
	printf '%s\n' "${what:-not ready}"
}

status_word() {
	[ -n "$(processes "$1")" ] || {
		echo "not running"
		return
	}
	case $1 in
	e*) etcd_well "$1" && echo well || echo "no quorum, or not well" ;;
	p*) status_of_database "$1" ;;
	h*) hub_well "$1" && echo serves || echo "does not answer" ;;
	lb) proxy_well && echo serves || echo "no node answers through it" ;;
	esac
}

verb_status() {
	local node kind
	for node in $(node_names); do
		case $node in
		e*) kind=client ;;
		p*) kind=postgres ;;
		h*) kind=hub ;;
		lb) kind=proxy ;;
		esac
		status_line "$node" "$(at "$node" $kind)" "$(status_word "$node")"
	done
}

# What runs is well; what was killed and not started again counts as not there.
all_well() {
	local node
	for node in $(node_names); do
		[ -n "$(processes "$node")" ] || continue
		case $(status_word "$node") in
		well | serves | leader | synchronous | asynchronous) ;;
		*) return 1 ;;
		esac
	done
	leader_now && { [ "$databases" = 1 ] || sync_now; }
}

verb_wait() {
	wait_for "${1:-90}" "every node that runs to be well" all_well || {
		verb_status >&2
		return 1
	}
}

at_hub() { at "$1" hub; }

verb_url() {
	case ${1:-lb} in
	lb)
		[ "$hubs" != 0 ] || die "there are no hub nodes here, only databases: script/cluster url database"
		printf 'http://%s\n' "$(at lb proxy)"
		;;
	database) hub_database_url ;;
	reading) hub_read_url ;;
	h*) printf 'https://%s\n' "$(on_node at_hub "$1")" ;;
	*) on_node database_url "$1" && echo ;;
	esac
}

verb_leader() { leader_now || die "no database leads at the moment"; }

verb_psql() { psql_at_leader "$@"; }

verb_logs() {
	local node
	[ $# -gt 0 ] || {
		ls "$state"/log/*.log
		return
	}
	node=$(node_of "$1")
	cat "$state/log/$node.log"
	cat "$(home_of "$node")"/data/log/*.log 2>/dev/null || true
}

verb_in() {
	local node
	node=$(node_of "${1:-}")
	[ $# -gt 1 ] || usage
	(PGPASSFILE=$state/pgpass in_place "$node" "${@:2}")
}

# ---- breaking and mending ----

on_node() { # on_node COMMAND... NODE: the command with the node's name in place of what somebody called it
	local node
	node=$(node_of "${!#}")
	"${@:1:$#-1}" "$node"
}

verb_kill() { on_node kill_node "${1:-}"; }
verb_term() { on_node end_node "${1:-}"; }
verb_stop() { on_node signal_node STOP "${1:-}"; }
verb_cont() { on_node signal_node CONT "${1:-}"; }

# Does not wait until the node is well: status tells, and who lost a leader may want to see what happens until then.
verb_start() {
	local node program=
	node=$(node_of "${1:-}")
	if [ "${2:-}" = --program ]; then
		program=$(realpath "${3:?which}")
	fi
	is_gone "$node" || die "$node runs already"
	case $node in
	e*) start_etcd "$node" ;;
	p*) start_database "$node" ;;
	h*) start_hub "$node" "$program" ;;
	lb) start_proxy ;;
	esac
}

each_from() { # each_from FUNCTION NODE FROM...
	local act=$1 node=$2 from
	shift 2
	for from in "$@"; do
		[ "$from" = client ] || from=$(node_of "$from")
		"$act" "$node" "$from"
	done
}

verb_cut() {
	local node
	needs_network "cutting a node off"
	node=$(node_of "${1:-}")
	[ $# -gt 1 ] || {
		unplug "$node"
		return
	}
	each_from part "$node" "${@:2}"
}

verb_heal() {
	local node
	needs_network "cutting a node off"
	node=$(node_of "${1:-}")
	[ $# -gt 1 ] || {
		plug "$node"
		each_from join "$node" client $(node_names | grep -vx "$node")
		return
	}
	each_from join "$node" "${@:2}"
}

verb_slow() {
	local node
	node=$(node_of "${1:-}")
	[[ $node = p* ]] || die "slow is for a database (p1 ...): it makes each flush to its disk take longer"
	[[ ${2:-} =~ ^[0-9]+x?$ ]] || die "how slow? Milliseconds more for each flush, or 100x; 0: as before"
	printf '%s\n' "$2" >"$state/run/$node.slow"
}

disk_node() {
	local node
	node=$(node_of "${1:-}") || return 1
	[[ $node = p* ]] && [ "$disk" != 0 ] || die "$node has no disk of its own: that is for databases, with script/cluster up --disk MB"
	printf '%s\n' "$node"
}

# Whatever room comes free while it is being filled is taken too.
verb_fill() {
	local node where
	node=$(disk_node "${1:-}")
	where=$(home_of "$node")
	dd if=/dev/zero of="$where/filler" bs=64k oflag=append conv=notrunc status=none 2>/dev/null || true
	dd if=/dev/zero of="$where/filler" bs=512 oflag=append conv=notrunc status=none 2>/dev/null || true
}

verb_free() {
	local node
	node=$(disk_node "${1:-}")
	rm -f "$(home_of "$node")/filler"
}
