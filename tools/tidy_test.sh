#!/usr/bin/env bash
# Tests tidy on two small trees: in tests/golden/tidy/good nothing is wrong, although much looks so; faults.txt lists every fault of
# tests/golden/tidy/bad. One case a file, and the exit statuses. Prints TAP.
#
#   tools/tidy_test.sh PATH-OF-TIDY

set -u
export LC_ALL=C
tidy=$(realpath "$1")
[ -x "$tidy" ] || {
	echo "Bail out! $1 is no program"
	exit 1
}
trees=$(cd "$(dirname "$0")/../tests/golden/tidy" && pwd)
cases=0

# report NAME OK-OR-NOT [DETAIL]
report() {
	cases=$((cases + 1))
	if [ "$2" = ok ]; then
		echo "ok $cases - $1"
	else
		echo "not ok $cases - $1"
		[ -z "${3:-}" ] || printf '%s\n' "$3" | sed 's/^/# /'
	fi
}

# tree NAME FAULTS-FILE: compares what tidy says of each file of the tree with the lines of FAULTS-FILE that begin with its name.
tree() {
	local file found wanted difference
	cd "$trees/$1" || exit 1
	for file in $(find . -type f | sort | sed 's|^\./||'); do
		found=$(printf '%s\n' "$file" | "$tidy")
		wanted=$(grep -F "$file:" "$2")
		if difference=$(diff <(printf '%s\n' "$wanted") <(printf '%s\n' "$found")); then
			report "$1/$file" ok
		else
			report "$1/$file" 'not ok' "$difference"
		fi
	done
}

# status NAME WANTED INPUT: the exit status of tidy when it reads these file names.
status() {
	printf '%s' "$3" | "$tidy" >/dev/null 2>&1
	if [ $? = "$2" ]; then
		report "$1" ok
	else
		report "$1" 'not ok'
	fi
}

tree good /dev/null
status "exit status 0 without a fault" 0 "src/http/server.c"
tree bad "$trees/faults.txt"
status "exit status 1 with a fault" 1 "src/hub/sql.c"
status "exit status 2 without the file" 2 "src/hub/none.c"
status "no file, no fault" 0 ""
echo "1..$cases"
