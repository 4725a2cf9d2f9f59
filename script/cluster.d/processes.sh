# The processes of script/cluster: started, found, ended. Sourced.
#
# $state/run/NODE.PART holds the process id and the moment at which the kernel started it, so that a number that another process got
# since is not taken for ours.

# PostgreSQL refuses to run as root; nothing else here needs it either.
account=postgres

as_account() { # as_account COMMAND...: replaces this shell
	if [ "$(id -u)" = 0 ]; then
		exec setpriv --reuid="$account" --regid="$account" --init-groups -- "$@"
	fi
	exec "$@"
}

in_place() { # in_place NODE COMMAND...: replaces this shell
	if [ "$mode" = net ]; then
		# setpriv comes second: entering a namespace is root's.
		exec nsenter --net="/run/netns/$(ns_of "$1")" -- setpriv --reuid="$account" --regid="$account" --init-groups -- "${@:2}"
	fi
	exec "${@:2}"
}

own() { # own PATH...: gives them to the account
	[ "$(id -u)" != 0 ] || chown "$account:$account" "$@"
}

started_at() { # of a process, in the kernel's ticks; nothing when there is none
	local stat
	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	# The name may hold blanks: what follows its closing parenthesis counts. The 22nd field of all.
	set -- ${stat##*) }
	printf '%s\n' "${20}"
}

# run_in NODE PART COMMAND...: in the background, in a session of its own.
run_in() {
	local node=$1 part=$2 pid
	shift 2
	(in_place "$node" setsid "$@") </dev/null >>"$state/log/$node.log" 2>&1 9>&- &
	pid=$!
	printf '%s %s\n' "$pid" "$(started_at "$pid" || echo 0)" >"$state/run/$node.$part"
}

# The process of a part, when it still runs.
process_of() {
	local pid begun file=$state/run/$1.$2
	[ -f "$file" ] && read -r pid begun <"$file" || return 1
	[ "$(started_at "$pid")" = "$begun" ] || return 1
	printf '%s\n' "$pid"
}

# Every process of a node.
processes() {
	local file pid
	if [ "$mode" = net ]; then
		ip netns pids "$(ns_of "$1")" 2>/dev/null || true
		return
	fi
	for file in "$state/run/$1".*; do
		[ -f "$file" ] || continue
		pid=$(process_of "$1" "${file##*.}") || continue
		printf '%s\n' "$pid"
	done
	# Patroni's database is a session of its own, which outlives it.
	pid=$(head -n 1 "$(home_of "$1")/data/postmaster.pid" 2>/dev/null) || return 0
	[ "$(realpath -q "/proc/$pid/cwd")" = "$(home_of "$1")/data" ] || return 0
	pgrep -P "$pid" || true
	printf '%s\n' "$pid"
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds; WHAT is what is being waited for. With $watched, names of nodes, it is
# in vain as soon as one of them has no process left.
wait_for() {
	local end=$(($(date +%s) + $1)) what=$2 node
	shift 2
	until "$@" >/dev/null 2>&1; do
		for node in ${watched:-}; do
			! is_gone "$node" || {
				say "script/cluster: $node ended while $what was waited for; its last lines:"
				tail -n 5 "$state/log/$node.log" >&2
				return 1
			}
		done
		[ "$(date +%s)" -lt "$end" ] || {
			say "script/cluster: waited in vain for $what"
			return 1
		}
		sleep 0.1
	done
}

is_gone() { [ -z "$(processes "$1")" ]; }

signal_node() { # signal_node SIGNAL NODE: to every process of it
	local all
	all=$(processes "$2")
	[ -z "$all" ] || kill "-$1" $all 2>/dev/null || true
}

kill_node() {
	signal_node KILL "$1"
	# What was being started while the others were killed.
	wait_for 10 "$1 to be gone" kill_rest "$1" || die "processes of $1 do not end:" $(processes "$1")
}

kill_rest() {
	is_gone "$1" || {
		signal_node KILL "$1"
		return 1
	}
}

end_node() { # asked to, and then made to
	local part pid
	for part in hub proxy patroni etcd; do
		pid=$(process_of "$1" "$part") || continue
		kill -TERM "$pid" 2>/dev/null || true
		kill -CONT "$pid" 2>/dev/null || true
		wait_for 60 "$1 to end by itself" is_gone "$1" || kill_node "$1"
	done
}
