#!/usr/bin/env bash
# TLS, and the names that the hub goes by, with the real program and certificates made here. TAP.
#
#   http_tls.sh PROGRAM
. "$(dirname "$0")/cli_lib.sh" "$1"

# certify NAME SUBJECT-ALTERNATIVES ARGS...: a key and a certificate that signs itself, in $work/NAME.key and .pem.
certify() {
	local name=$1 names=$2
	shift 2
	openssl req -x509 -nodes -days 2 -subj "/CN=$name" -addext "subjectAltName=$names" -keyout "$work/$name.key" -out "$work/$name.pem" \
		"$@" 2>>"$work/openssl.log"
	chmod 600 "$work/$name.key"
}

# start ARGS...: a server of $work/store; $port and $log.
log=$work/serve.err
start() { # --listen among ARGS takes the place of ours
	: >"$work/serve.out"
	: >"$log"
	case $* in
	*--listen=*) ;;
	*) set -- --listen 127.0.0.1:0 "$@" ;;
	esac
	"$program" serve --data "$work/store" "$@" >"$work/serve.out" 2>>"$log" &
	server=$!
	for _ in $(seq 600); do
		grep -q serves "$work/serve.out" && break
		kill -0 "$server" 2>/dev/null || break
		sleep 0.05
	done
	port=$(sed -n 's|.*serves https*://[^ ]*:\([0-9]*\)/ .*|\1|p' "$work/serve.out")
	[ -n "$port" ]
}

# call ARGS...: leaves $status (000: no answer), the answer's headers and $work/out; $curl is how curl ended.
call() {
	: >"$work/headers"
	status=$(curl -sS --max-time 60 --noproxy '*' -D "$work/headers" -o "$work/out" -w '%{http_code}' "$@" 2>"$work/err")
	curl=$?
}
answered() { [ "$status" = "$1" ]; }
header() { tr -d '\r' <"$work/headers" | sed -n "s/^$1: //Ip" | head -n 1; }
named() { # named HOST PATH ARGS...: over TLS, by this name
	local host=$1 path=$2
	shift 2
	call --cacert "$work/hub.pem" --resolve "$host:$port:127.0.0.1" "$@" "https://$host:$port$path"
}
# shake ARGS...: does a TLS client with these settings come to terms with the server?
shake() { openssl s_client -connect "127.0.0.1:$port" -brief "$@" </dev/null >"$work/out" 2>"$work/err"; }
shakes_not() { ! shake "$@"; }
serial() { openssl s_client -connect "127.0.0.1:$port" -showcerts </dev/null 2>/dev/null | openssl x509 -noout -serial; }
waits_for() { # waits_for COUNT PATTERN: until the log has it so often
	for _ in $(seq 200); do
		[ "$(grep -c "$2" "$log")" -ge "$1" ] && return 0
		sleep 0.05
	done
	return 1
}

certify hub DNS:hub.example,DNS:localhost,IP:127.0.0.1 -newkey ec -pkeyopt ec_paramgen_curve:P-256
certify rsa DNS:hub.example,DNS:localhost,IP:127.0.0.1 -newkey rsa:2048
certify weak DNS:hub.example -newkey rsa:1024
certify short DNS:hub.example -newkey ec -pkeyopt ec_paramgen_curve:P-256

# ---- what is refused at the start ----
refused() { # refused NAME STATUS PATTERN ARGS...
	local name=$1 wanted=$2 pattern=$3
	shift 3
	run serve --data "$work/none" --listen 127.0.0.1:0 "$@"
	ok "$name" exits "$wanted"
	ok "$name: why" err_has "$pattern"
}
run serve --data "$work/none" --listen 0.0.0.0:0
ok 'without TLS the network is not listened to' exits 3
ok 'and it says why, and what to do' err_has 'without TLS .*--tls-cert'
refused 'a certificate without a key' 2 'go together' --tls-cert "$work/hub.pem"
refused 'a key without a certificate' 2 'go together' --tls-key "$work/hub.key"
refused 'a certificate that is not there' 3 'none.pem: No such file' --tls-cert "$work/none.pem" --tls-key "$work/hub.key"
refused 'a key that is another one' 2 'rsa.key: this is not the key' --tls-cert "$work/hub.pem" --tls-key "$work/rsa.key"
refused 'a key for a certificate' 2 'hub.key: no certificate' --tls-cert "$work/hub.key" --tls-key "$work/hub.key"
cp "$work/hub.pem" "$work/nokey.key"
chmod 600 "$work/nokey.key"
refused 'a certificate for a key' 2 'no private key' --tls-cert "$work/hub.pem" --tls-key "$work/nokey.key"
refused 'a key of too few bits' 2 'too weak' --tls-cert "$work/weak.pem" --tls-key "$work/weak.key"
for mode in 0644 0640 0604 0660; do
	chmod $mode "$work/hub.key"
	refused "a key of mode $mode" 3 "(mode $mode): chmod 0600" --tls-cert "$work/hub.pem" --tls-key "$work/hub.key"
done
chmod 600 "$work/hub.key"
openssl pkcs8 -topk8 -in "$work/hub.key" -passout pass:secret -out "$work/locked.key" 2>/dev/null
chmod 600 "$work/locked.key"
refused 'a key behind a password' 2 'locked with a password' --tls-cert "$work/hub.pem" --tls-key "$work/locked.key"
openssl x509 -req -in <(openssl req -new -key "$work/short.key" -subj /CN=short 2>/dev/null) -signkey "$work/short.key" -days -1 \
	-out "$work/past.pem" 2>/dev/null
refused 'a certificate that is over' 2 'and not today: renew it' --tls-cert "$work/past.pem" --tls-key "$work/short.key"
refused 'a name that is none' 2 'is no host name' --name 'hub example'
refused 'an address for a name' 2 'is no host name' --name 10.0.0.1
refused 'a comma too much' 2 'is no host name' --name hub.example,

# ---- what is served ----
cp "$work/hub.pem" "$work/live.pem"
cp "$work/hub.key" "$work/live.key"
ok 'a server with TLS starts' start --tls-cert "$work/live.pem" --tls-key "$work/live.key"
ok 'and says so' grep -q "serves https://127.0.0.1:$port/" "$work/serve.out"
call --cacert "$work/hub.pem" "https://127.0.0.1:$port/healthz"
ok 'whoever trusts the certificate is answered' answered 200
ok 'by address: nothing for a browser to remember' [ -z "$(header Strict-Transport-Security)" ]
call --cacert "$work/rsa.pem" "https://127.0.0.1:$port/healthz"
ok 'whoever does not has no connection' [ $curl -eq 60 ]
call "http://127.0.0.1:$port/healthz"
ok 'what is not encrypted gets no answer' answered 000

ok 'TLS 1.3' shake -tls1_3
ok 'TLS 1.2' shake -tls1_2
ok 'not TLS 1.1' shakes_not -tls1_1 -cipher ALL:@SECLEVEL=0
ok 'not TLS 1.0' shakes_not -tls1 -cipher ALL:@SECLEVEL=0
ok 'not without authenticated encryption' shakes_not -tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA

named hub.example /healthz
ok 'by a name of the certificate' answered 200
ok 'which a browser calls over TLS from then on' [ "$(header Strict-Transport-Security)" = max-age=31536000 ]
named HUB.example /healthz
ok 'in any case' answered 200
named localhost /healthz
ok 'localhost is no name to remember' [ "$status" = 200 -a -z "$(header Strict-Transport-Security)" ]
named elsewhere.example /healthz -k
ok 'by no other name' answered 421

# ---- signing in ----
password=$("$program" user add ann --roles administrator --data "$work/store" 2>>"$log")
printf '{"login":"ann","password":"%s"}' "$password" >"$work/sign-in"
named hub.example /api/v1/sign-in --data-binary "@$work/sign-in" -H 'Content-Type: application/json' -H "Origin: https://hub.example:$port"
ok 'somebody signs in' answered 200
cookie=$(header Set-Cookie)
ok 'the cookie is bound to this host' [ "${cookie%%=*}" = __Host-customhouse ]
ok 'and to TLS' [ "$(tr -d ' ' <<<"$cookie" | tr ';' '\n' | grep -cxE 'Secure|HttpOnly|SameSite=Strict|Path=/')" = 4 ]
ok 'of no domain' [ "${cookie/omain/}" = "$cookie" ]
secret=${cookie#*=}
secret=${secret%%;*}
csrf=$(jq -r .csrf_token "$work/out")
named hub.example /api/v1/me -H "Cookie: __Host-customhouse=$secret"
ok 'with it one is known' answered 200
named hub.example /api/v1/me -H "Cookie: customhouse=$secret"
ok 'by the name that others could set, not' answered 401
named hub.example /api/v1/sign-out -X POST -H "Cookie: __Host-customhouse=$secret" -H "X-CSRF-Token: $csrf" -H "Origin: http://hub.example:$port"
ok 'a page that came in the clear may not act' answered 403
named hub.example /api/v1/sign-out -X POST -H "Cookie: __Host-customhouse=$secret" -H "X-CSRF-Token: $csrf" -H "Origin: https://hub.example:$port"
ok 'a page of ours may' answered 204
cookie=$(header Set-Cookie)
ok 'signing out takes the same cookie away' [ "${cookie%%;*}" = '__Host-customhouse=' ]

# ---- work ----
users "$work/store"
call --cacert "$work/hub.pem" -H "Authorization: Bearer $gateway" --data-binary @examples/import-simple.xml "https://127.0.0.1:$port/api/v1/declarations"
ok 'a declaration is handed in, decided and answered' answered 201
reference=$(jq -r .reference "$work/out")
curl -sN --max-time 60 --cacert "$work/hub.pem" -H "Authorization: Bearer $gateway" \
	"https://127.0.0.1:$port/api/v1/notifications/stream?party=XL300000000015&after=0" >"$work/stream" 2>/dev/null &
stream=$!
log=$work/stream waits_for 1 '^: '
call --cacert "$work/hub.pem" -H "Authorization: Bearer $officer" -H 'Content-Type: application/json' \
	--data-binary '{"act":"detain","reason":"the seal is broken"}' "https://127.0.0.1:$port/api/v1/declarations/$reference/acts"
ok 'an officer acts on it' answered 201
ok 'and the stream that waits brings the notification' eval "log=\$work/stream waits_for 1 '^data: '"
{ kill "$stream" && wait "$stream"; } 2>/dev/null
{ cat examples/import-simple.xml && head -c 9000000 /dev/zero | tr '\0' ' '; } >"$work/large"
call --cacert "$work/hub.pem" -H "Authorization: Bearer $gateway" --data-binary "@$work/large" "https://127.0.0.1:$port/api/v1/declarations"
ok 'nine megabytes come in whole, and are read' answered 409

# ---- another certificate while it runs ----
before=$(serial)
cp "$work/rsa.pem" "$work/live.pem"
cp "$work/rsa.key" "$work/live.key"
kill -HUP "$server"
ok 'SIGHUP reads the files again' waits_for 1 'tls.reload certificate=in-use'
ok 'connections to come get the new certificate' [ "$(serial)" = "$(openssl x509 -in "$work/rsa.pem" -noout -serial)" ]
ok 'which is not the old one' [ "$(serial)" != "$before" ]
ok 'with RSA: forward secrecy' shake -tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256
ok 'and nothing without it' shakes_not -tls1_2 -cipher AES256-GCM-SHA384:AES128-GCM-SHA256:DHE-RSA-AES128-GCM-SHA256
cp "$work/hub.pem" "$work/live.pem"
kill -HUP "$server"
ok 'files that do not fit are refused' waits_for 1 'tls.reload error='
ok 'and the certificate stays' [ "$(serial)" = "$(openssl x509 -in "$work/rsa.pem" -noout -serial)" ]
call --cacert "$work/rsa.pem" "https://127.0.0.1:$port/healthz"
ok 'it serves on' answered 200
stop_server
ok 'and stops in order' exits 0

# ---- the network; names that the operator gives ----
cp "$work/hub.pem" "$work/live.pem"
cp "$work/hub.key" "$work/live.key"
ok 'with TLS it listens to the network' start --listen=0.0.0.0:0 --tls-cert "$work/live.pem" --tls-key "$work/live.key" --name customs.example,HUB2.example
named hub2.example /healthz -k
ok 'by a name that it was given' answered 200
named hub.example /healthz
ok 'and then not by another of the certificate' answered 421
stop_server

ok 'a server without TLS starts' start
call "http://127.0.0.1:$port/healthz" -H 'Host: customs.example'
ok 'it goes by no name' answered 421
stop_server
ok 'behind a proxy it is given one' start --name customs.example
password=$("$program" user reset ann --data "$work/store" 2>>"$log")
printf '{"login":"ann","password":"%s"}' "$password" >"$work/sign-in"
call "http://127.0.0.1:$port/api/v1/sign-in" --data-binary "@$work/sign-in" -H 'Content-Type: application/json' -H 'Host: customs.example' -H 'Origin: https://customs.example'
cookie=$(header Set-Cookie)
ok 'whoever comes by it came over TLS' [ "$status/${cookie%%=*}" = 200/__Host-customhouse ]
call "http://127.0.0.1:$port/api/v1/sign-in" --data-binary "@$work/sign-in" -H 'Host: customs.example' -H 'Origin: http://customs.example'
ok 'a page in the clear is not ours' answered 403
stop_server
finish
