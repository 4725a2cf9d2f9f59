#!/usr/bin/env bash
# Strangers, thieves and curious traders: nobody gets in who is not let in, sees what is not theirs, or stays when they are put out. TAP.
#
#   http_signin.sh PROGRAM
. "$(dirname "$0")/cli_lib.sh"

store=$work/store
jar=
body=$work/body

serve() { # serve ARGS...
	: >"$work/serve.out"
	"$program" serve --data "$store" --listen 127.0.0.1:0 "$@" >"$work/serve.out" 2>"$work/serve.err" &
	server=$!
	for _ in $(seq 600); do
		grep -q serves "$work/serve.out" && break
		kill -0 "$server" 2>/dev/null || break
		sleep 0.05
	done
	url=$(sed -n 's|.*\(http://[^ ]*\)/ .*|\1|p' "$work/serve.out")
	api=$url/api/v1
	[ -n "$url" ]
}
# call ARGS...: leaves $status, the body and the headers.
call() { status=$(curl -s --max-time 60 -D "$work/headers" -o "$body" -w '%{http_code}' "$@"); }
with() { # with TOKEN ARGS...
	local token=$1
	shift
	call -H "Authorization: Bearer $token" "$@"
}
local_call() { status=$(curl -s --max-time 60 --unix-socket "$store/hub.sock" -o "$body" -w '%{http_code}' "$@"); }
answered() { [ "$status" = "$1" ] && { [ $# -lt 2 ] || jq -e "$2" "$body" >/dev/null 2>&1; }; }
problem() { answered "$1" ".type == \"/api#problem-$2\" and .status == $1"; }
header() { tr -d '\r' <"$work/headers" | sed -n "s/^$1: //Ip" | head -n 1; }
has_header() { header "$1" | grep -q -- "$2"; }

# person LOGIN ARGS...: the first password in $password
person() {
	password=$("$program" user add "$@" --data "$store" 2>>"$work/users.err")
	heard
}
token_of() { "$program" user token "$1" --scopes "$2" --data "$store" 2>>"$work/users.err"; }
sign_in() { # sign_in LOGIN PASSWORD [CURL-ARGS...]: leaves $cookie and $csrf
	local login=$1 password=$2
	shift 2
	call "$@" --json "{\"login\": \"$login\", \"password\": \"$password\"}" "$api/sign-in"
	cookie=$(header Set-Cookie | sed 's/;.*//')
	csrf=$(jq -r .csrf_token "$body" 2>/dev/null)
}
session() { # session ARGS...: with the cookie and the header
	call -H "Cookie: $cookie" -H "X-CSRF-Token: $csrf" "$@"
}
hashed() { local_call http://localhost/local/v1/status && jq .passwords_hashed "$body"; }
# settle NAME PASSWORD: signs in with a first password and chooses this one
settle() {
	sign_in "$1" "$password"
	session -X PUT --json "{\"old\": \"$password\", \"new\": \"$2\"}" "$api/me/password"
	heard
}

# ---- the first administrator ----
ok "the server starts" serve --rate 0
secret=$(grep -A1 'with this secret' "$work/serve.err" | sed -n '2s/ //gp')
ok "a hub without people prints a secret" [ ${#secret} -eq 43 ]
ok "and keeps it nowhere" eval '! grep -rqF "$secret" "$store"'
call --json "{\"secret\": \"$secret.\", \"login\": \"ada\", \"password\": \"a very long password\"}" "$api/sign-in/claim"
ok "another secret makes nobody" problem 403 denied
call --json "{\"secret\": \"$secret\", \"login\": \"ada\", \"password\": \"password1234\"}" "$api/sign-in/claim"
ok "one of the commonest passwords is refused" problem 422 invalid
call --json "{\"secret\": \"$secret\", \"login\": \"ada\", \"password\": \"a very long password\"}" "$api/sign-in/claim"
ok "it makes the first administrator" answered 201
call --json "{\"secret\": \"$secret\", \"login\": \"eve\", \"password\": \"a very long password\"}" "$api/sign-in/claim"
ok "once" problem 403 denied

# ---- deny by default ----
open='GET / GET /api GET /api/v1/draws GET /api/v1/formats GET /api/v1/openapi.json GET /healthz GET /metrics GET /web/{ref} GET /tariff GET /tariff/{ref} GET /exchange-rates GET /notices GET /notices.atom GET /api/v1/announcements GET /procedures GET /procedures/{ref} GET /api/v1/tariff/procedures/{ref} GET /draws GET /trader GET /trader/{rest} GET /desk GET /desk/{rest}
GET /check GET /api/v1/check GET /travel GET /travel/{ref} POST /travel GET /api/v1/travel POST /api/v1/travel POST /api/v1/travel/assessment
GET /api/v1/tariff/chapters GET /api/v1/tariff/countries GET /api/v1/tariff/exchange-rates
GET /api/v1/sign-out/oidc GET /api/v1/tariff/commodities GET /api/v1/tariff/commodities/{ref} GET /api/v1/tariff/duty
GET /api/v1/tariff/codes/{ref} GET /api/v1/tariff/procedures GET /api/v1/tariff/quotas GET /api/v1/tariff/quotas/{ref} GET /api/v1/tariff/origin POST /api/v1/tariff/origin
GET /api/v1/sign-in/oidc GET /api/v1/sign-in/oidc/callback GET /api/v1/schemas/{ref} POST /api/v1/sign-in POST /api/v1/sign-in/claim'
sed -n 's/^\([A-Z]*\)("\([^"]*\)", [a-z_]*, OPEN.*/\1 \2/p' "$root/src/http/routes.def" >"$work/routes"
refused=0
while read -r method path; do
	case " $(echo $open) " in *" $method $path "*) continue ;; esac
	call -X "$method" -H 'Content-Type: application/json' --data '{}' "$url$(echo "$path" | sed 's/{ref}/26XL01000000001Y/; s/{number}/1/')"
	[ "$status" = 401 ] && has_header WWW-Authenticate Bearer && refused=$((refused + 1)) && continue
	echo "# $method $path is answered $status to a stranger"
done <"$work/routes"
ok "every route but those that are listed here wants somebody signed in" [ "$refused" -eq $(($(wc -l <"$work/routes") - $(echo $open | wc -w) / 2)) ]
with ch_nonsense "$api/me"
ok "a token that is none" problem 401 sign-in
call -H 'Authorization: Basic YWRhOmE=' "$api/me"
ok "another scheme" problem 401 sign-in
call -H 'Cookie: customhouse=nonsense' "$api/me"
ok "a session that is none" problem 401 sign-in

# ---- people ----
sign_in ada 'a very long password'
ok "the administrator signs in" answered 200 '.user == "ada" and .roles == ["administrator"]'
ok "with a cookie that scripts and other sites cannot use" eval 'has_header Set-Cookie HttpOnly && has_header Set-Cookie SameSite=Strict'
session --json '{"login": "tom", "roles": ["trader"], "parties": ["XL200000000018"]}' "$api/people"
ok "and makes a person" answered 201 '.password | length > 20'
password=$(jq -r .password "$body")
session --json '{"login": "tom", "roles": ["trader"], "parties": ["XL1"]}' "$api/people"
ok "one of a login" problem 409 taken
session --json '{"login": "rex", "roles": ["administrator", "officer"], "offices": ["XLHAR001"]}' "$api/people"
ok "roles that do not go together" problem 422 invalid
session --json '{"login": "rex", "roles": ["trader"], "parties": ["office/XLHAR001"]}' "$api/people"
ok "a company by the name of something else" problem 422 invalid
session --json '{"login": "rex", "roles": ["hub"]}' "$api/people"
ok "the hub's own role" problem 422 invalid
session --json '{"login": "rex", "roles": ["auditor"], "created_at": "x"}' "$api/people"
ok "a member that is not asked for" problem 422 invalid
session -X PATCH --json '{"login": "root"}' "$api/people/tom"
ok "nor one in a change" problem 422 invalid
session -X PATCH --json '{"roles": ["auditor"]}' "$api/people/ada"
ok "nobody changes their own roles" problem 403 denied
call -H "Cookie: $cookie" --json '{"login": "rex", "roles": ["auditor"]}' "$api/people"
ok "without the header of the session nothing changes" problem 403 csrf
call -H "Cookie: $cookie" -H 'X-CSRF-Token: 0' --json '{"login": "rex", "roles": ["auditor"]}' "$api/people"
ok "nor with another" problem 403 csrf
session -H 'Origin: https://elsewhere.example' --json '{"login": "rex", "roles": ["auditor"]}' "$api/people"
ok "nor from another site" problem 403 foreign-origin
session -H 'Content-Type: text/plain' --data '{"login": "rex", "roles": ["auditor"]}' "$api/people"
ok "nor as a form that another site may send" problem 415 unsupported-type
session "$api/people/rex"
ok "and so there is no such person" problem 404 not-found

# ---- a first password ----
sign_in tom "$password"
ok "a first password signs in" answered 200 '.must_change_password and .scopes == []'
session "$api/authorities"
ok "and does nothing but choose another" problem 403 denied
session --json '{"name": "t", "scopes": ["read"]}' "$api/tokens"
ok "no token either" problem 403 denied
session --json '{"act": "pay"}' "$api/declarations/26XL01000000001Y/acts"
ok "nor an act" problem 403 denied
first_cookie=$cookie
session -X PUT --json "{\"old\": \"wrong\", \"new\": \"tom has a password\"}" "$api/me/password"
ok "which needs the old one" problem 403 denied
session -X PUT --json "{\"old\": \"$password\", \"new\": \"short\"}" "$api/me/password"
ok "and length" problem 422 invalid
session -X PUT --json "{\"old\": \"$password\", \"new\": \"tom has a password\"}" "$api/me/password"
ok "then it is chosen" answered 204
heard
session "$api/authorities"
ok "from then on the session may" answered 200 '.authorities == []'

# ---- fixation, rotation, sign-out ----
sign_in tom 'tom has a password' -H "Cookie: $first_cookie"
heard
ok "signing in gives a session of its own, not the one that was brought" [ "$cookie" != "$first_cookie" -a "$status" = 200 ]
call -H "Cookie: $first_cookie" "$api/me"
ok "and ends that one" problem 401 sign-in
call -H 'Cookie: customhouse=chosen-by-somebody' --json '{"login": "tom", "password": "tom has a password"}' "$api/sign-in"
ok "a session that somebody chose is not taken on" eval '! has_header Set-Cookie chosen-by-somebody'
other=$(header Set-Cookie | sed 's/;.*//')
session -X POST "$api/sign-out"
ok "signing out" answered 204
heard
call -H "Cookie: $cookie" "$api/me"
ok "ends the session" problem 401 sign-in
call -H "Cookie: $other" "$api/me"
ok "and not another one" answered 200
cookie=$other csrf=$(jq -r .csrf_token "$body")
session -X POST "$api/sign-out?everywhere=yes"
heard
call -H "Cookie: $other" "$api/me"
ok "but everywhere is everywhere" problem 401 sign-in
ok "no secret of a session is in the store" eval '! grep -rqF "${other#*=}" "$store"'

# ---- tokens ----
sign_in tom 'tom has a password'
session --json '{"name": "erp", "scopes": ["read", "submit"]}' "$api/tokens"
ok "a token" answered 201 '.token | test("^ch_[A-Za-z0-9_-]{43}$")'
token=$(jq -r .token "$body") id=$(jq -r .id "$body")
ok "which is kept as a hash" eval '! grep -rqF "$token" "$store"'
session --json '{"name": "erp", "scopes": ["admin"]}' "$api/tokens"
ok "no scope beyond the roles" problem 422 invalid
with "$token" "$api/me"
ok "it signs in" answered 200 '.token and .scopes == ["read", "submit"]'
with "$token" --json '{"name": "more", "scopes": ["read"]}' "$api/tokens"
ok "a token makes no tokens" problem 403 denied
with "$token" --json '{"broker": "XL300000000015", "from": "2026-01-01", "to": "2026-12-31"}' "$api/authorities"
ok "nor goes beyond its scopes" problem 403 denied
session "$api/tokens"
ok "the list tells no secret" answered 200 '(.tokens | length == 1) and (.tokens[0] | has("token") | not)'
person eve --roles trader --parties XL200000000026
settle eve 'eve has a password too'
session -X DELETE "$api/tokens/$id"
ok "another person cannot revoke it" problem 404 not-found
with "$token" "$api/me"
ok "so that it goes on" answered 200

# ---- in whose name ----
eve=$(token_of eve read,submit)
person bea --roles broker --parties XL300000000015
bea=$(token_of bea read,submit,act)
tom=$(token_of tom read,submit,act)
send() { # send TOKEN FILE
	with "$1" --data-binary "@$2" "$api/declarations"
}
send "$bea" examples/import-simple.json
ok "a broker without authority hands in nothing" problem 403 denied
send "$eve" examples/import-simple.json
ok "a trader nothing in another's name" problem 403 denied
ok "and nothing of it is stored" [ "$(sql "$store" 'select count(*) from declaration')" -eq 0 ]
grant() { with "$tom" --json "{\"broker\": \"XL300000000015\", \"from\": \"$1\", \"to\": \"$2\"}" "$api/authorities"; }
grant 2020-01-01 2020-12-31
ok "an authority" answered 201
send "$bea" examples/import-simple.json
ok "that has expired does not count" problem 403 denied
grant "$(date -u -d '-1 day' +%F)" "$(date -u -d '+30 days' +%F)"
granted=$(jq -r .id "$body")
with "$bea" --json '{"party": "XL200000000018", "broker": "XL300000000023", "from": "2026-01-01", "to": "2026-12-31"}' "$api/authorities"
ok "a broker gives no authority for a trader" problem 403 denied
with "$eve" -X DELETE "$api/authorities/$granted"
ok "nor does another trader end it" problem 403 denied
eve_acts=$(token_of eve read,act)
with "$eve_acts" -X DELETE "$api/authorities/$granted"
ok "with whatever scope" problem 404 not-found
send "$bea" examples/import-simple.json
ok "under a valid one the broker hands in" answered 201
ref=$(jq -r .reference "$body")
ok "as its own company" [ "$(sql "$store" "select sender from declaration where reference = '$ref'")" = XL300000000015 ]

# ---- who sees a case: every route that has a reference ----
missing=26XL01000000099X
sees() { # sees TOKEN: asks every route of the case and of one that is not there
	local method path differ=0
	while read -r method path; do
		case $method\ $path in
		GET\ */declarations/{ref}*) ;;
		*) continue ;;
		esac
		with "$1" "$url$(echo "$path" | sed "s/{ref}/$ref/; s/{number}/1/")"
		echo "$status" >>"$work/seen"
		jq -c 'del(.instance)' "$body" 2>/dev/null | sed "s/$ref/REF/g" >"$work/one"
		with "$1" "$url$(echo "$path" | sed "s/{ref}/$missing/; s/{number}/1/")"
		jq -c 'del(.instance)' "$body" 2>/dev/null | sed "s/$missing/REF/g" >"$work/other"
		cmp -s "$work/one" "$work/other" || differ=$((differ + 1))
	done <"$work/routes"
	echo $differ
}
: >"$work/seen"
ok "another trader cannot tell the case from nothing, by any route" [ "$(sees "$eve")" = 0 ]
ok "it is not there" [ "$(sort -u "$work/seen")" = 404 ]
# Whatever is asked to be done to it, too.
done_alike() { # done_alike TOKEN: 404 in the same words for the case and for one that is not there, by every route that changes it
	local method path one
	grep '^POST .*/declarations/{ref}/' "$work/routes" | while read -r method path; do
		for one in "$ref" "$missing"; do
			with "$1" -H 'Content-Type: application/json' --data '{"act": "abandon", "reason": "x"}' \
				"$url$(echo "$path" | sed "s/{ref}/$one/; s/{number}/1/")?reason=x&name=x.json"
			echo "$path $status $(jq -r .detail "$body" | sed "s/$one/REF/")"
		done
	done | sort | uniq -c | awk '$1 != 2 || $3 != 404 { print; bad = 1 } END { exit bad }'
}
eve_all=$(token_of eve read,submit,act,pay)
ok "nor by anything that could be done to it" done_alike "$eve_all"
with "$eve_all" "$api/cases?limit=100"
ok "a list holds one's own cases alone" answered 200 "[.. | strings | select(. == \"$ref\")] == []"
with "$eve_all" "$api/cases?party=XL200000000018"
ok "and not another's" eval '[ "$status" = 403 -o "$status" = 404 ]'
with "$eve_all" "$api/cases?office=XLHAR001"
ok "nor an office's" eval '[ "$status" = 403 -o "$status" = 404 ]'
with "$eve_all" "$api/accounts/XL200000000018"
ok "nor what another owes" eval '[ "$status" = 403 -o "$status" = 404 ]'
with "$eve_all" "$api/notifications?party=XL200000000018"
ok "nor what another is told" problem 404 not-found
with "$eve_all" "$api/offices/XLHAR001/roster"
ok "nor who examines" eval '[ "$status" = 403 -o "$status" = 404 ]'
for who in tom bea; do
	with "${!who}" "$api/declarations/$ref"
	ok "$who sees it" answered 200 '.state and (has("lane") | not)'
done
person olga --roles officer --offices XLHAR001
olga=$(token_of olga read,act)
person oscar --roles officer --offices XLSOU002
oscar=$(token_of oscar read,act)
office=$(sql "$store" "select office from declaration where reference = '$ref'")
[ "$office" = XLHAR001 ] || "$program" user change olga --offices "$office" --data "$store" 2>>"$work/users.err"
with "$olga" "$api/declarations/$ref"
ok "its officer sees the record" answered 200 '.lane'
: >"$work/seen"
ok "an officer of another office cannot tell it from nothing" [ "$(sees "$oscar")" = 0 -a "$(sort -u "$work/seen")" = 404 ]
person carl --roles carrier --parties XL400000000013
carl=$(token_of carl read)
with "$carl" "$api/declarations/$ref"
ok "a carrier sees that it is held" answered 200 '. == {"reference": "'$ref'", "version": 1, "state": "held"}'
person audrey --roles auditor
audrey=$(token_of audrey read,audit)
with "$audrey" "$api/declarations/$ref"
ok "an auditor sees the record" answered 200 '.lane and .draw'
for role in analyst administrator; do
	person "a-$role" --roles $role
	with "$(token_of "a-$role" read)" "$api/declarations/$ref"
	ok "an $role sees no case" problem 404 not-found
done
for path in people accesses; do
	with "$eve" "$api/$path"
	ok "a trader lists no $path" problem 403 denied
done
with "$olga" "$api/people/ada"
ok "an officer reads no person" problem 403 denied
with "$tom" "$api/people/eve"
ok "nor does a trader" problem 403 denied

# ---- who looked ----
for _ in $(seq 100); do
	with "$audrey" "$api/accesses?reference=$ref&limit=1000"
	jq -e '[.accesses[].user] | contains(["eve", "olga", "audrey"])' "$body" >/dev/null && break
	sleep 0.05
done
ok "the auditor reads who looked at the case, and who tried to" answered 200 \
	'(.accesses | any(.user == "olga" and .view == "officer")) and (.accesses | any(.user == "eve" and .view == "none"))'
with "$audrey" "$api/accesses?user=carl"
ok "or what one person looked at" answered 200 '.accesses | all(.user == "carl") and length > 0'

# ---- put out, at once ----
sign_in tom 'tom has a password'
"$program" user disable tom --data "$store" 2>>"$work/users.err"
heard
session "$api/me"
ok "a disabled user's session ends in the middle" problem 401 sign-in
with "$tom" "$api/declarations/$ref"
ok "and the token opens nothing" problem 401 sign-in
sign_in tom 'tom has a password'
ok "nor does the password" problem 401 sign-in
"$program" user enable tom --data "$store" 2>>"$work/users.err"
heard
with "$tom" "$api/declarations/$ref"
ok "until he is let in again" answered 200
tokens=$("$program" user tokens eve --data "$store" 2>>"$work/users.err" | jq -r .id | head -n 1)
"$program" user revoke eve "$tokens" --data "$store" 2>>"$work/users.err"
heard
with "$eve" "$api/me"
ok "a stolen token that was revoked opens nothing" problem 401 sign-in
"$program" user change bea --parties XL300000000023 --data "$store" 2>>"$work/users.err"
heard
with "$bea" "$api/declarations/$ref"
ok "who no longer belongs to a company sees its cases no more" problem 404 not-found
with "$tom" -X DELETE "$api/authorities/$granted"
"$program" user change bea --parties XL300000000015 --data "$store" 2>>"$work/users.err"
heard
jq '.trader_reference = "AFTER-1"' examples/import-simple.json >"$work/after.json"
send "$bea" "$work/after.json"
ok "an authority that was revoked counts no more" problem 403 denied
with "$bea" "$api/declarations/$ref"
ok "but what was handed in under it stays in sight" answered 200

# ---- a restart ----
sign_in tom 'tom has a password'
stop_server
ok "a graceful stop" [ "$status" -eq 0 ]
serve --rate 0
ok "with people there is no secret to print" eval '! grep -q "this secret" "$work/serve.err"'
session "$api/me"
ok "a restart keeps sessions" answered 200 '.user == "tom"'
with "$tom" "$api/me"
ok "and tokens" answered 200
with "$audrey" "$api/accesses?user=eve"
ok "and the notes of who looked" answered 200 '.accesses | length > 0'
stop_server KILL
serve --rate 0
session "$api/me"
ok "so does a kill" answered 200 '.user == "tom"'

# ---- guessing: counted by each node for itself ----
if ! several; then
before=$(hashed)
sign_in eve 'not the password'
cp "$body" "$work/known"
known=$(($(hashed) - before))
before=$(hashed)
sign_in nobody-of-this-name 'not the password'
cp "$body" "$work/unknown"
unknown=$(($(hashed) - before))
ok "a wrong password and an unknown login cost the same work" [ "$known" = 1 -a "$unknown" = 1 ]
ok "and are told alike" [ "$(jq -c 'del(.instance)' "$work/known")" = "$(jq -c 'del(.instance)' "$work/unknown")" ]
for _ in 1 2 3 4; do sign_in eve 'not the password'; done
before=$(hashed)
sign_in eve 'eve has a password too'
ok "after five failures even the right one waits" problem 429 too-many-requests
ok "as long as it says" [ "$(header Retry-After)" -ge 1 ]
ok "and costs no work" [ "$(hashed)" = "$before" ]
for _ in 1 2 3 4; do sign_in nobody-of-this-name 'not the password'; done
sign_in nobody-of-this-name 'x'
ok "the same for a login that nobody has" problem 429 too-many-requests
sign_in tom 'tom has a password'
ok "others sign in meanwhile" answered 200
ok "the log names no login that was tried" eval '! grep -q nobody-of-this-name "$work/serve.err"'
call "$url/metrics"
ok "figures tell of it" grep -q '^customhouse_passwords_total{outcome="held-up"} [1-9]' "$body"
else
	tests=$((tests + 1))
	echo "ok $tests - guesses # SKIP each node counts its own"
fi
stop_server

# ---- too much at once ----
serve --rate 1
for _ in $(seq 100); do
	with "$tom" "$api/me"
	[ "$status" = 429 ] && break
done
ok "a user who asks too often is told to wait" problem 429 too-many-requests
ok "and how long" [ "$(header Retry-After)" -ge 1 ]
with "$audrey" "$api/me"
ok "another one is not" answered 200
stop_server
run verify --data "$store"
ok "the log of all this is whole" exits 0
finish
