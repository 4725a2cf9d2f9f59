#!/usr/bin/env bash
# Runs a test in a browser against a hub of its own. Skips where there is no Chromium, or the pages were built without npm.
#
#   run.sh CUSTOMHOUSE TEST.mjs [PACK]    PACK: a folder of files that take the place of Landfall's, without its rules
#
# The test finds the program in CUSTOMHOUSE_PROGRAM, its store in CUSTOMHOUSE_STORE (as arguments of a verb) and the repository in CUSTOMHOUSE_ROOT.
# TEST.people, where there is one, names who is to be there, one a line: login, scopes of a token, arguments of `customhouse user add`. The test
# gets them as CUSTOMHOUSE_PEOPLE: {"login": {"password", "token"}}.
set -u
program=$(realpath "$1")
test=$(realpath "$2")
root=${CUSTOMHOUSE_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
modules=$root/web/node_modules
for need in /usr/bin/chromium "$modules/playwright-core" "$modules/axe-core"; do
	[ -e "$need" ] || {
		echo "1..0 # SKIP there is no $(basename "$need")"
		exit 0
	}
done
work=$(mktemp -d "${TMPDIR:-/tmp}/customhouse-browser.XXXXXX")
pid=
trap 'if [ -n "$pid" ]; then kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; fi; rm -rf "$work"' EXIT
pack=$root/packs/landfall
if [ $# -gt 2 ]; then
	pack=$work/pack
	cp -r "$root/packs/landfall" "$pack" && rm "$pack"/*.rules && cp "$3"/* "$pack" || exit 1
fi
export CUSTOMHOUSE_PROGRAM=$program CUSTOMHOUSE_STORE="--data $work/store" CUSTOMHOUSE_ROOT=$root
"$program" serve --data "$work/store" --pack "$pack" --listen 127.0.0.1:0 --rate 0 >"$work/out" 2>"$work/log" &
pid=$!
for _ in $(seq 600); do
	grep -qs 'http://' "$work/out" && break
	sleep 0.1
done
url=$(grep -o 'http://127.0.0.1:[0-9]*' "$work/out" | head -n 1)
[ -n "$url" ] || {
	cat "$work/out" "$work/log"
	echo "Bail out! the hub does not start"
	exit 1
}
people=
if [ -e "${test%.mjs}.people" ]; then
	while read -r login scopes arguments; do
		# The arguments are words, split on purpose.
		password=$("$program" user add "$login" $arguments --data "$work/store" 2>>"$work/log") &&
			token=$("$program" user token "$login" --scopes "$scopes" --data "$work/store" 2>>"$work/log") || {
			cat "$work/log"
			echo "Bail out! $login cannot be made"
			exit 1
		}
		people="$people${people:+, }\"$login\": {\"password\": \"$password\", \"token\": \"$token\"}"
	done <"${test%.mjs}.people"
	# Bea, a broker, may hand in for the company that the examples are of.
	curl -fsS -o "$work/granted" --unix-socket "$work/store/hub.sock" --json "{\"party\": \"XL200000000018\", \"broker\": \"XL300000000015\",
		\"from\": \"$(date -d '-2 days' +%F)\", \"to\": \"$(date -d '+400 days' +%F)\"}" http://localhost/api/v1/authorities
fi
# Pictures are kept for people to look at where somebody says so.
pictures=${CUSTOMHOUSE_PICTURES:-$work}
mkdir -p "$pictures"
CUSTOMHOUSE_PEOPLE="{$people}" HOME=$work node "$test" "$url" "$modules" "$pictures"
