#!/usr/bin/env bash
# Promise 2 across compilers: what the build of one decided, the build of the other decides again, byte for byte, both ways. script/test
# makes both builds and says where they are; without them there is nothing to compare.
. "$(dirname "$0")/cli_lib.sh"

if [ ! -x "${CUSTOMHOUSE_GCC:-}" ] || [ ! -x "${CUSTOMHOUSE_CLANG:-}" ]; then
	echo "1..0 # SKIP the builds of both compilers are not there (script/test makes them)"
	exit 0
fi

"$CUSTOMHOUSE_GCC" generate --declarations 300 --seed 31 >"$work/gcc.jsonl"
"$CUSTOMHOUSE_CLANG" generate --declarations 300 --seed 31 >"$work/clang.jsonl"
ok "both generate the same stream" cmp -s "$work/gcc.jsonl" "$work/clang.jsonl"

both_ways() { # both_ways NAME DECIDING REPLAYING
	"$2" submit --data "$work/$1" "$work/gcc.jsonl" >"$work/$1.records" 2>"$work/err"
	ok "$1 decides 300 declarations" lines_are "$work/$1.records" 300
	program=$3
	run replay --data "$work/$1"
	ok "the other build replays what $1 decided" exits 0
	ok "all of it" out_is '{"looked_at":300,"differences":0}'
	run verify --data "$work/$1"
	ok "and verifies it" exits 0
}
both_ways gcc "$CUSTOMHOUSE_GCC" "$CUSTOMHOUSE_CLANG"
both_ways clang "$CUSTOMHOUSE_CLANG" "$CUSTOMHOUSE_GCC"

finish
