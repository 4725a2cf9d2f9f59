# Shared by the commands in script/. Sourced, not run: sets $root and goes there.

set -euo pipefail
export LC_ALL=C

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() {
	printf '%s\n' "$*" >&2
}

die() {
	say "$(basename "$0"): $*"
	exit 1
}

# The number of jobs that suits this machine.
jobs_here() {
	nproc 2>/dev/null || echo 2
}

# configure DIR COMPILER [MESON-OPTION...]: makes build directory DIR once. A second call costs nothing; with other options than it was
# made with, it is made anew.
configure() {
	local dir=$1 compiler=$2 wanted out
	shift 2
	wanted="$compiler $*"
	if [ -f "$dir/build.ninja" ] && [ "$(cat "$dir/.configured" 2>/dev/null)" = "$wanted" ]; then
		return 0
	fi
	if [ -d "$dir" ] && [ ! -d "$dir/meson-private" ]; then
		die "$dir is in the way: it is no build directory"
	fi
	rm -rf "$dir"
	if ! out=$(CC=$compiler meson setup "$dir" "$@" 2>&1); then
		printf '%s\n' "$out" >&2
		return 1
	fi
	printf '%s\n' "$wanted" >"$dir/.configured"
}

# compile DIR [TARGET...]: quiet unless something fails.
compile() {
	local dir=$1 out
	shift
	if ! out=$(ninja --quiet -C "$dir" "$@" 2>&1); then
		printf '%s\n' "$out" >&2
		return 1
	fi
}

# tool NAME: compiles the one-file program tools/NAME.c into build-tools, when a source there is newer, and prints its path.
# Without meson, so that checks and generators work on a tree that does not configure. A source that needs a library says so in a
# line " * Links with: -lNAME".
tool() {
	local source=tools/$1.c binary=build-tools/$1 libraries
	if [ ! -x "$binary" ] || [ -n "$(find tools src/cli src/flow \( -path 'tools/*.[ch]' -o -name '*.def' \) -newer "$binary")" ]; then
		mkdir -p build-tools
		libraries=$(sed -n 's/^ \* Links with: \([-a-z0-9 ]*[a-z0-9]\).*/\1/p' "$source")
		# The libraries are words, split on purpose.
		cc -std=c17 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Werror -o "$binary" "$source" $libraries >&2 || return 1
	fi
	printf '%s\n' "$root/$binary"
}

# Every file of the work tree that is or could be committed, without test data, one a line.
tree_files() {
	git ls-files --cached --others --exclude-standard -- "$@" ':!tests/golden' ':!tests/fuzz/corpus' | sort -u |
		while IFS= read -r file; do
			if [ -f "$file" ]; then
				printf '%s\n' "$file"
			fi
		done
}
