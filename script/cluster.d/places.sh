# Where the nodes of script/cluster are: names, addresses, the network. Sourced.
#
# $conf holds, as shell: mode (net or ports), net (the number of this cluster on this machine), hubs, databases (how many), disk (MB, 0:
# none), archive (yes or no).
#
# In mode net every node has a network namespace chN-NAME with one interface eth0, whose other end hangs on a bridge in the namespace chN-sw;
# this machine has an address there too. The bridge lies in a namespace so that no packet filter of this machine sees its packets.

etcds=3

numbered() { # numbered LETTER COUNT
	local i
	for ((i = 1; i <= $2; i++)); do
		printf '%s%d\n' "$1" "$i"
	done
}

hub_names() { numbered h "$hubs"; }
database_names() { numbered p "$databases"; }
etcd_names() { numbered e "$etcds"; }
node_names() {
	etcd_names
	database_names
	hub_names
	[ "$hubs" = 0 ] || echo lb
}

# The node that somebody means by a word.
node_of() {
	local name=${1:-}
	[ -n "$name" ] || usage
	[ "$name" != leader ] || name=$(leader_now) || die "no database leads at the moment: script/cluster status"
	# No grep -q behind a pipe: it closes that early, and then the pipe has failed.
	[[ " $(echo $(node_names)) " = *" $name "* ]] || die "there is no node $name; there are:" $(node_names)
	printf '%s\n' "$name"
}

ns_of() { printf 'ch%s-%s\n' "$net" "$1"; }

host_of() { # of a node, or client: this machine
	[ "$mode" = net ] || {
		echo 127.0.0.1
		return
	}
	case $1 in
	client) echo "10.77.$net.1" ;;
	lb) echo "10.77.$net.10" ;;
	h*) echo "10.77.$net.$((20 + ${1#h}))" ;;
	p*) echo "10.77.$net.$((40 + ${1#p}))" ;;
	e*) echo "10.77.$net.$((60 + ${1#e}))" ;;
	esac
}

# port_of NODE WHAT: postgres, patroni, client, peer (of etcd), hub, proxy, stats.
port_of() {
	local base=0 own=${1//[a-z]/}
	[ "$mode" = net ] || base=$((17000 + 100 * net + ${own:-0}))
	case $mode.$2 in
	net.postgres) echo 5432 ;;
	net.patroni) echo 8008 ;;
	net.client) echo 2379 ;;
	net.peer) echo 2380 ;;
	net.hub) echo 8443 ;;
	net.proxy) echo 8080 ;;
	net.stats) echo 8081 ;;
	ports.proxy) echo $((base + 1)) ;;
	ports.stats) echo $((base + 2)) ;;
	ports.hub) echo $((base + 10)) ;;
	ports.postgres) echo $((base + 30)) ;;
	ports.patroni) echo $((base + 40)) ;;
	ports.client) echo $((base + 50)) ;;
	ports.peer) echo $((base + 60)) ;;
	esac
}

at() { printf '%s:%s\n' "$(host_of "$1")" "$(port_of "$1" "$2")"; }

home_of() { printf '%s/node/%s\n' "$state" "$1"; }

# ---- the network ----

switch() { ip netns exec "$(ns_of sw)" "$@"; }

# Takes a number for this cluster that none on this machine has. The namespace of the switch is the lock: two cannot make it.
take_net_number() {
	for net in $(seq 0 255); do
		[ -z "$(ip -4 route show "10.77.$net.0/24")" ] || continue
		! ip netns add "ch$net-sw" 2>/dev/null || return 0
	done
	die "no free number for a network: clusters whose folder was removed? See ip netns list"
}

# Without namespaces: by a port that nobody listens on.
take_port_number() {
	for net in $(seq 0 40); do
		(exec 3<>"/dev/tcp/127.0.0.1/$((17051 + 100 * net))") 2>/dev/null || return 0
	done
	die "no free range of ports between 17000 and 21100"
}

make_switch() {
	switch ip link set dev lo up
	switch ip link add name br type bridge
	switch ip link set dev br up
	ip link add name "ch$net" type veth peer name client netns "$(ns_of sw)"
	switch ip link set dev client master br up
	ip address add "$(host_of client)/24" dev "ch$net"
	ip link set dev "ch$net" up
}

make_place() { # make_place NODE: its namespace, on the switch
	local ns
	ns=$(ns_of "$1")
	ip netns add "$ns"
	ip -n "$ns" link set dev lo up
	ip -n "$ns" link add name eth0 type veth peer name "$1" netns "$(ns_of sw)"
	ip -n "$ns" address add "$(host_of "$1")/24" dev eth0
	ip -n "$ns" link set dev eth0 up
	switch ip link set dev "$1" master br up
}

# Every namespace of this cluster, whatever became of the rest of it.
places() {
	[ "$mode" = net ] || return 0
	ip netns list | sed -n "s/^\(ch$net-[a-z0-9]*\).*/\1/p"
}

remove_network() {
	local ns
	[ "$mode" = net ] || return 0
	ip link delete dev "ch$net" 2>/dev/null || true
	for ns in $(places); do
		ip netns delete "$ns"
	done
}

needs_network() {
	[ "$mode" = net ] || die "$1 needs a network namespace for each node: run script/cluster as root (down, then up again)"
}

# Off the switch, or on it. Its own end stays up: packets vanish without a word, as when a cable breaks further away.
unplug() { switch ip link set dev "$1" nomaster; }
plug() { switch ip link set dev "$1" master br; }

# Two nodes that do not reach one another, while others reach both: each sends what is for the other to a machine that is not there.
part() { # part NODE FROM
	silence "$1" "$2"
	silence "$2" "$1"
}

ip_at() { # ip_at NODE ARGS...: the command ip there; ETH stands for the interface
	local where=$1
	shift
	if [ "$where" = client ]; then
		ip "${@//ETH/ch$net}"
	else
		ip -n "$(ns_of "$where")" "${@//ETH/eth0}"
	fi
}

silence() { ip_at "$1" neighbour replace "$(host_of "$2")" lladdr 02:00:00:00:00:01 nud permanent dev ETH; }

join() {
	ip_at "$1" neighbour delete "$(host_of "$2")" dev ETH 2>/dev/null || true
	ip_at "$2" neighbour delete "$(host_of "$1")" dev ETH 2>/dev/null || true
}
