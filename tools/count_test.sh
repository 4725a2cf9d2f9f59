#!/usr/bin/env bash
# Tests the counting of test cases (script/count.awk): a test runner that miscounts hides failures. Prints TAP.

cd "$(dirname "$0")/.." || exit 1
echo 1..1
if difference=$(awk -f script/count.awk tests/golden/count/printed.txt | diff tests/golden/count/counted.txt -); then
	echo "ok 1 - cases are counted and failures shown"
else
	echo "not ok 1 - cases are counted and failures shown"
	printf '%s\n' "$difference" | sed 's/^/# /'
fi
