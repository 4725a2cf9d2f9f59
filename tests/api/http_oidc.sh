#!/usr/bin/env bash
# Signing in through an identity provider, with the real program, a provider that says what files say, and a browser played by curl. TAP.
#
#   http_oidc.sh PROGRAM FAKE_PROVIDER
. "$(dirname "$0")/cli_lib.sh" "$1" "$2"

pages=$work/pages
log=$work/serve.err
mkdir "$pages"
"$helper" "$pages" >"$work/provider.out" &
provider=$!
clean_up_more() { kill "$provider" 2>/dev/null; }
for _ in $(seq 100); do
	grep -q port "$work/provider.out" && break
	sleep 0.05
done
issuer=http://127.0.0.1:$(sed 's/port //' "$work/provider.out")

# ---- the provider ----
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
from_hex() { printf '%b' "$(sed 's/../\\x&/g')"; }
make_key() { openssl genrsa -out "$work/$1.key" 2048 2>/dev/null; }
publish() { # publish NAME: as the only key, under its name as kid
	printf '{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"%s","n":"%s","e":"AQAB"}]}' "$1" \
		"$(openssl rsa -in "$work/$1.key" -noout -modulus 2>/dev/null | sed 's/Modulus=//' | from_hex | base64url)" >"$pages/jwks"
}
# token KEY LOGIN [SED]: what the provider will give out for the sign-in that is under way; SED changes its claims.
token() {
	local now head claims
	now=$(date +%s)
	head=$(printf '{"alg":"RS256","kid":"%s"}' "$1" | base64url)
	claims=$(printf '{"iss":"%s","aud":"hub","sub":"4711","preferred_username":"%s","nonce":"%s","iat":%d,"exp":%d}' "$issuer" "$2" "$nonce" \
		"$now" $((now + 300)) | sed "${3:-}" | base64url)
	printf '{"access_token":"x","token_type":"Bearer","id_token":"%s.%s.%s"}' "$head" "$claims" \
		"$(printf %s "$head.$claims" | openssl dgst -sha256 -sign "$work/$1.key" | base64url)" >"$pages/token.json"
}
make_key one
make_key two
publish one
cat >"$pages/.well-known_openid-configuration" <<END
{"issuer":"$issuer","authorization_endpoint":"$issuer/authorize?realm=customs","token_endpoint":"$issuer/token","jwks_uri":"$issuer/jwks"}
END

# ---- settings ----
printf 's&cret=\n' >"$work/secret"
chmod 600 "$work/secret"
settings() { # settings FILE [jq-CHANGE]
	printf '{"issuer":"%s","client_id":"hub","client_secret_file":"%s","redirect":"https://hub.example","local":true}' "$issuer" "$work/secret" |
		jq "${2:-.}" >"$1"
}
settings "$work/oidc.json"
refused() { # refused NAME STATUS PATTERN CHANGE
	settings "$work/bad.json" "$4"
	run serve --data "$work/none" --listen 127.0.0.1:0 --oidc "$work/bad.json"
	ok "$1" exits "$2"
	ok "$1: why" err_has "$3"
}
refused 'settings without an issuer' 2 'must be given' 'del(.issuer)'
refused 'a setting that is none' 2 'no setting "isuer"' '.isuer = 1'
refused 'an issuer in the clear that is not this machine' 3 'https://' '.issuer = "http://id.example"'
refused 'an issuer of this machine where that is not allowed' 3 'https://' 'del(.local)'
refused 'a hub in the clear' 2 'redirect' '.redirect = "http://hub.example"'
refused 'a secret that is not there' 3 'No such file' '.client_secret_file = "/nowhere/secret"'
refused 'people who become administrators by themselves' 2 'nobody becomes' '.new_people = {"roles": ["administrator"]}'
refused 'officers of nowhere' 2 'have offices' '.new_people = {"roles": ["officer"]}'
refused 'a group that makes administrators' 2 'nobody becomes' '.groups = {"chiefs": {"roles": ["administrator"]}}'
refused 'a group of officers of nowhere' 2 'have offices' '.groups = {"front": {"roles": ["officer"]}}'
refused 'groups beside new people' 2 'one says' '.groups = {"a": {"roles": ["auditor"]}} | .new_people = {"roles": ["broker"], "parties": ["XL1"]}'
refused 'no group at all' 2 'groups: 1 to' '.groups = {}'
chmod 644 "$work/secret"
refused 'a secret that others may read' 3 'chmod 0600' .
chmod 600 "$work/secret"

# ---- the browser ----
start() { # start ARGS...
	: >"$work/serve.out"
	"$program" serve --data "$work/store" --listen 127.0.0.1:0 --name hub.example --rate 0 "$@" >"$work/serve.out" 2>>"$log" &
	server=$!
	for _ in $(seq 600); do
		grep -q serves "$work/serve.out" && break
		kill -0 "$server" 2>/dev/null || break
		sleep 0.05
	done
	url=$(sed -n 's|.*serves \(http://[^ ]*\)/ .*|\1|p' "$work/serve.out")
	[ -n "$url" ]
}
call() {
	: >"$work/headers"
	status=$(curl -sS --max-time 60 --noproxy '*' -H 'Host: hub.example' -D "$work/headers" -o "$work/out" -w '%{http_code}' "$@" 2>"$work/err")
}
answered() { [ "$status" = "$1" ]; }
is() { jq -e "$1" "$2" >/dev/null; }
header() { tr -d '\r' <"$work/headers" | sed -n "s/^$1: //Ip"; }
cookie() { header Set-Cookie | sed -n "s/^\($1=[^;]*\);.*/\1/p"; }
part() { sed -n "s/.*[?&]$1=\([^&]*\).*/\1/p" <<<"$location"; } # of the address that the browser is sent to
go() { # to the provider
	call "$url/api/v1/sign-in/oidc"
	location=$(header Location)
	ticket=$(cookie __Host-customhouse-oidc)
	state=$(part state)
	nonce=$(part nonce)
}
back() { # back [ARGS...]: with the code
	call -b "$ticket" "$@" "$url/api/v1/sign-in/oidc/callback?code=c%2Fde&state=$state"
	session=$(cookie __Host-customhouse)
}
denied() { # nobody is signed in, and the log says why
	[ "$status" = 403 ] && [ -z "$session" ] && jq -e '.type == "/api#problem-denied"' "$work/out" >/dev/null &&
		grep -q "sign-in.provider.*$1" "$log"
}

ok 'the hub starts' start --oidc "$work/oidc.json"
ok 'without having asked the provider' [ ! -e "$pages/log" ]
go
ok 'the browser is sent to the provider' answered 302
ok 'by the address that the provider named' [ "${location%%\?*}" = "$issuer/authorize" ]
ok 'which keeps its own query' [ "$(part realm)" = customs ]
ok 'for a code' [ "$(part response_type)/$(part client_id)/$(part scope)" = code/hub/openid%20profile ]
ok 'that comes back here' [ "$(part redirect_uri)" = https%3A%2F%2Fhub.example%2Fapi%2Fv1%2Fsign-in%2Foidc%2Fcallback ]
ok 'with a challenge' [ "$(part code_challenge_method)" = S256 -a "$(part code_challenge | wc -c)" = 44 ]
ok 'its cookie is short-lived, and sent when the provider leads back' \
	[ "$(header Set-Cookie | grep -c '^__Host-customhouse-oidc=.*HttpOnly; SameSite=Lax; Max-Age=600; Secure')" = 1 ]
ok 'and says nothing of what stands in the address' [ -n "$state" -a "${ticket/$state/}${ticket/$nonce/}" = "$ticket$ticket" ]

# ---- somebody whom the hub does not know ----
token one ann
back
ok 'whom the hub does not know is not let in' denied 'does not know'
ok 'the secret went to the provider, encoded' grep -q 'client_secret=s%26cret%3D' "$pages/form"
ok 'with the code' grep -q 'code=c%2Fde' "$pages/form"
verifier=$(sed -n 's/.*code_verifier=\([^&]*\).*/\1/p' "$pages/form")
ok 'and the verifier of the challenge' \
	[ "$(printf %s "$verifier" | openssl dgst -sha256 -binary | base64url)" = "$(part code_challenge)" ]
ok 'the ticket is taken back' [ "$(header Set-Cookie | grep -c '^__Host-customhouse-oidc=;')" = 1 ]

# ---- somebody whom it knows ----
"$program" user add ann --roles broker --parties XL200000000018 --data "$work/store" >"$work/password" 2>>"$log"
heard
go
token one ann
back
ok 'whom the hub knows is signed in' answered 200
ok 'on a page of ours, which leads on to where this person works' grep -qE 'url=/(trader|desk)"' "$work/out"
heard
call -b "$session" "$url/api/v1/me"
ok 'as the person that the hub knows' is '.user == "ann" and .roles == ["broker"] and (.must_change_password | not)' "$work/out"
printf '{"login":"ann","password":"%s"}' "$(cat "$work/password")" >"$work/sign-in"
call --data-binary "@$work/sign-in" -H 'Content-Type: application/json' "$url/api/v1/sign-in"
ok 'the first password, never used, opens nothing any more' answered 401
ok 'the sign-in is noted' [ "$(sql "$work/store" "select count(*) from access where login = 'ann' and purpose = 'sign-in'")" = 1 ]

# ---- what is refused ----
go
token one ann
call "$url/api/v1/sign-in/oidc/callback?code=code&state=$state"
session=$(cookie __Host-customhouse)
ok 'without the ticket' denied 'no sign-in of this browser'
other=$ticket
go
ticket=$other back
ok 'with the ticket of another sign-in' denied 'no sign-in of this browser'
go
old=$(($(date +%s) - 601)).${ticket#*.}
ticket=__Host-customhouse-oidc=$old back
ok 'with a ticket that was made older' denied 'no sign-in of this browser'
go
call -b "$ticket" "$url/api/v1/sign-in/oidc/callback?error=access_denied&state=$state"
session=$(cookie __Host-customhouse)
ok 'whom the provider refused' denied 'the provider refused'
go
nonce=another
token one ann
back
ok 'a token of another sign-in' denied nonce
go
token one ann 's/"aud":"hub"/"aud":"other"/'
back
ok 'a token for another client' denied aud
go
token one ann 's/"iss":"http/"iss":"https/'
back
ok 'a token of another issuer' denied iss
go
token one ann 's/"exp":[0-9]*/"exp":1000000000/'
back
ok 'a token that has expired' denied expired
go
token one 'Ann Smith' && "$program" user list --data "$work/store" >"$work/people"
back
ok 'a name that is no login' denied 'does not know'
go
token one ann && sed -i 's/\(id_token":"[^.]*\.[^.]*\.\)..../\1AAAA/' "$pages/token.json"
back
ok 'a signature that was changed' denied 'signature'
go
token two ann
back
ok 'a key that the provider does not publish' denied 'publishes no key'
publish two
go
token two ann
back
ok 'a key that it publishes since' answered 200
"$program" user disable ann --data "$work/store" 2>>"$log" >/dev/null
heard
go
token two ann
back
ok 'whom the hub has disabled' denied disabled

# ---- a provider that fails ----
rm "$pages/token.json"
go
back
ok 'a provider that gives no token' [ "$status" = 503 -a -z "$session" ]
printf '{"id_token":17}' >"$pages/token.json"
go
back
ok 'or one that is none' [ "$status" = 503 -a -z "$session" ]
stop_server
ok 'the hub stops in order' exits 0
cp "$pages/.well-known_openid-configuration" "$work/page"
sed -i 's/"issuer":"http/"issuer":"https/' "$pages/.well-known_openid-configuration"
start --oidc "$work/oidc.json"
go
ok 'a provider that says it is another' answered 503
sed 's|"token_endpoint":"[^"]*"|"token_endpoint":"http://id.example/token"|' "$work/page" >"$pages/.well-known_openid-configuration"
go
ok 'a provider that wants the secret in the clear' answered 503
head -c 70000 /dev/zero | tr '\0' ' ' >"$pages/.well-known_openid-configuration"
go
ok 'a provider that says too much' answered 503
cp "$work/page" "$pages/.well-known_openid-configuration"
go
ok 'and once it behaves' answered 302
stop_server

# ---- people who are made ----
settings "$work/makes.json" '.new_people = {"roles": ["broker"], "parties": ["XL200000000018"]}'
start --oidc "$work/makes.json"
go
token two bob
back
ok 'where the settings say so, people are made' answered 200
call -b "$session" "$url/api/v1/me"
ok 'with the roles of the settings' is '.user == "bob" and .roles == ["broker"] and (.must_change_password | not)' "$work/out"
go
token two 'Bob!'
back
ok 'but not under a name that is no login' denied 'a login has'
stop_server

# ---- groups of the provider ----
settings "$work/groups.json" '.groups_claim = "realm_groups" | .groups = {
	"front-office": {"roles": ["officer"], "offices": ["XLHAR001"]},
	"tills": {"roles": ["cashier"], "offices": ["XLHAR001", "XLMER011"]},
	"audit": {"roles": ["auditor"]}}'
start --oidc "$work/groups.json"
in_groups() { # in_groups LOGIN JSON: signs in
	go
	token two "$1" "s/}\$/,\"realm_groups\":$2}/"
	back
	heard
	call -b "$session" "$url/api/v1/me"
}
in_groups greta '["front-office","tills","choir"]'
ok 'groups give what each of them gives' is '.user == "greta" and .roles == ["officer", "cashier"] and .offices == ["XLHAR001", "XLMER011"]' "$work/out"
old=$session
in_groups greta '"tills"'
ok 'and take what is no longer theirs' is '.roles == ["cashier"] and .offices == ["XLHAR001", "XLMER011"]' "$work/out"
call -b "$old" "$url/api/v1/me"
ok 'from the sessions that they had, too' is '.roles == ["cashier"]' "$work/out"
in_groups bob '["audit"]'
ok 'whom the hub knew becomes what the groups say' is '.user == "bob" and .roles == ["auditor"] and (has("parties") and .parties != [] | not)' "$work/out"
go
token two greta
back
ok 'without groups nobody is let in' denied 'no group of this person'
go
token two nora 's/}$/,"realm_groups":["choir","Tills"]}/'
back
ok 'nor by groups that the settings do not name' denied 'no group of this person'
go
token two nora 's/}$/,"realm_groups":["audit","tills"]}/'
back
ok 'nor with roles that do not go together' denied 'stand'
go
token two nora 's/}$/,"realm_groups":{"tills":true}}/'
back
ok 'nor by what is no list' denied 'no group of this person'
"$program" user add carla --roles administrator --data "$work/store" >/dev/null 2>&1
in_groups carla '["tills"]'
ok 'an administrator stays what they are' is '.user == "carla" and .roles == ["administrator"]' "$work/out"

# ---- signing out at the provider ----
call "$url/api/v1/sign-out/oidc"
ok 'a provider without a page to sign out' answered 404
stop_server
sed "s|}\$|,\"end_session_endpoint\":\"$issuer/logout?realm=customs\"}|" "$work/page" >"$pages/.well-known_openid-configuration"
start --oidc "$work/groups.json"
call "$url/api/v1/sign-out/oidc"
location=$(header Location)
ok 'one that has leads there' [ "$status" = 302 -a "${location%%\?*}" = "$issuer/logout" ]
ok 'says who asks' [ "$(part realm)/$(part client_id)" = customs/hub ]
ok 'and comes back to the hub' [ "$(part post_logout_redirect_uri)" = https%3A%2F%2Fhub.example%2F ]
stop_server
run verify --data "$work/store"
ok 'the store verifies' exits 0

start
call "$url/api/v1/sign-in/oidc"
ok 'a hub without a provider has no such path' answered 404
stop_server
finish
