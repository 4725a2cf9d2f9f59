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
	if [ ! -x "$binary" ] || [ -n "$(find tools src/cli src/flow src/msg \( -path 'tools/*.[ch]' -o -name '*.def' \) -newer "$binary")" ]; then
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

# ---- a PostgreSQL server for tests ----

# The directory of the server's programs; nothing when there is none.
postgres_programs() {
	local dir
	for dir in /usr/lib/postgresql/*/bin; do
		if [ -x "$dir/initdb" ]; then
			printf '%s\n' "$dir"
		fi
	done | tail -n 1
}

# A server does not run as root.
postgres_as() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && exec setpriv --reuid=postgres --regid=postgres --init-groups "$@")
	else
		"$@"
	fi
}

# postgres_start DURABLE: starts a server in a directory of its own and exports its URL; DURABLE: yes or no.
postgres_start() {
	local programs port tries
	programs=$(postgres_programs)
	[ -n "$programs" ] || return 1
	postgres_dir=$(mktemp -d "${TMPDIR:-/tmp}/customhouse-postgres-XXXXXX") || return 1
	if [ "$(id -u)" = 0 ]; then
		chown postgres "$postgres_dir"
	fi
	postgres_as "$programs/initdb" -D "$postgres_dir/data" -U customhouse --auth=trust --encoding=UTF8 --locale=C --no-sync \
		>"$postgres_dir/initdb.log" 2>&1 || return 1
	{
		printf "%s\n" "listen_addresses = '127.0.0.1'" "unix_socket_directories = '$postgres_dir'" "max_connections = 200" \
			"log_statement_stats = off" "autovacuum_naptime = 60" "max_wal_size = 512MB"
		if [ "$1" = no ]; then
			printf "%s\n" "fsync = off" "full_page_writes = off" "synchronous_commit = off" "customhouse.durable = 'off'"
		fi
	} >>"$postgres_dir/data/postgresql.conf"
	for tries in 1 2 3 4 5; do
		port=$((20000 + (RANDOM * 7 + $$) % 12000))
		if postgres_as "$programs/pg_ctl" -D "$postgres_dir/data" -w -t 60 -l "$postgres_dir/data/server.log" -o "-p $port" start \
			>/dev/null 2>&1; then
			CUSTOMHOUSE_TEST_POSTGRES="postgresql://customhouse@$(printf '%s' "$postgres_dir" | sed 's,/,%2F,g'):$port"
			export CUSTOMHOUSE_TEST_POSTGRES
			return 0
		fi
	done
	cat "$postgres_dir/data/server.log" >&2
	return 1
}

postgres_stop() {
	if [ -n "${postgres_dir:-}" ]; then
		postgres_as "$(postgres_programs)/pg_ctl" -D "$postgres_dir/data" -m immediate -w stop >/dev/null 2>&1 || true
		rm -rf "$postgres_dir"
		postgres_dir=
	fi
}
