# The hub's nodes of script/cluster, and the proxy in front of them. Sourced.

# ---- certificates: to a network the hub speaks TLS only ----

make_authority() {
	mkdir -p "$state/tls"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj '/CN=script-cluster' \
		-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign \
		-keyout "$state/tls/ca.key" -out "$state/tls/ca.pem" 2>"$state/log/openssl.log"
}

make_certificate() { # make_certificate NODE
	local base=$state/tls/$1
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" \
		-keyout "$base.key" -out "$base.csr" 2>>"$state/log/openssl.log"
	printf '%s\n' "subjectAltName=IP:$(host_of "$1"),IP:127.0.0.1,DNS:$1,DNS:localhost" 'basicConstraints=critical,CA:FALSE' \
		'keyUsage=critical,digitalSignature' 'extendedKeyUsage=serverAuth,clientAuth' >"$base.ext"
	openssl x509 -req -in "$base.csr" -CA "$state/tls/ca.pem" -CAkey "$state/tls/ca.key" -CAcreateserial -days 365 \
		-extfile "$base.ext" -out "$base.pem" 2>>"$state/log/openssl.log"
	chmod 0600 "$base.key"
	own "$base.key" "$base.pem"
}

# ---- the nodes ----

hub_database_url() { printf '%s&target_session_attrs=read-write\n' "$(database_url $(database_names))"; }
hub_read_url() { printf '%s&target_session_attrs=prefer-standby\n' "$(database_url $(database_names))"; }

# start_hub NODE [PROGRAM]: the program is copied, so that a build may go on meanwhile, and nodes may run different ones.
start_hub() {
	local h=$1 program=${2:-} copy=$state/bin/customhouse-$1
	if [ -n "$program" ]; then
		cp -f "$program" "$copy.new"
		mv -f "$copy.new" "$copy"
	fi
	mkdir -p "$(home_of "$h")"
	chmod 0700 "$(home_of "$h")"
	own "$(home_of "$h")"
	run_in "$h" hub env PGPASSFILE="$state/pgpass" "$copy" serve --node "$h" --advertise "https://$(at "$h" hub)" --listen "$(at "$h" hub)" \
		--tls-cert "$state/tls/$h.pem" --tls-key "$state/tls/$h.key" --peer-ca "$state/tls/ca.pem" --pack "$state/pack" --rate 0 \
		--database "$(hub_database_url)" --data "$(home_of "$h")"
}

hub_well() { curl -fsS -m 2 --cacert "$state/tls/ca.pem" -o /dev/null "https://$(at "$1" hub)/healthz" 2>/dev/null; }

# The first node makes the tables and the keys; the others get a copy of the keys before their first start.
start_first_hub() {
	start_hub h1 "$1"
	watched=h1 wait_for 60 "h1 to serve" hub_well h1
}

start_other_hubs() {
	local h
	for h in $(hub_names); do
		[ "$h" != h1 ] || continue
		mkdir -p "$(home_of "$h")"
		cp -a "$(home_of h1)/keys" "$(home_of "$h")/keys"
		start_hub "$h" "$1"
	done
	for h in $(hub_names); do
		watched=$h wait_for 60 "$h to serve" hub_well "$h"
	done
}

# ---- the proxy ----

# A request that reached no node, or whose node died before it said a word, goes to another: the hub knows a declaration again by its
# trader's reference, and an act by its Idempotency-Key, so that sending it twice does nothing twice. Acts without a key stay where they were.
proxy_settings() {
	local h
	cat <<TEXT
global
    maxconn 4000
    tune.bufsize 65536
defaults
    mode http
    timeout client 75s
    timeout server 75s
    timeout connect 1s
    timeout check 2s
    option redispatch 1
    retries 3
    retry-on conn-failure empty-response response-timeout
    option http-keep-alive
frontend hub
    bind $(at lb proxy)
    http-request disable-l7-retry unless METH_GET or { path /api/v1/declarations } or { req.hdr(Idempotency-Key) -m found }
    default_backend nodes
backend nodes
    balance leastconn
    option httpchk GET /healthz
    default-server ssl verify required ca-file $state/tls/ca.pem check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
TEXT
	for h in $(hub_names); do
		printf '    server %s %s\n' "$h" "$(at "$h" hub)"
	done
	printf 'frontend stats\n    bind %s\n    stats enable\n    stats uri /\n' "$(at lb stats)"
}

start_proxy() {
	proxy_settings >"$state/run/haproxy.cfg"
	run_in lb proxy haproxy -db -f "$state/run/haproxy.cfg"
}

proxy_well() { curl -fsS -m 2 -o /dev/null "http://$(at lb proxy)/healthz" 2>/dev/null; }
