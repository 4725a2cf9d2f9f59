# Shared by the tests of the API: the store that a directory stands for, a file in it or, with CUSTOMHOUSE_TEST_DB=postgres, a database
# of the server that script/with-postgres started, which the file DIR.database names. Sourced.

on_server() { [ "${CUSTOMHOUSE_TEST_DB:-}" = postgres ]; }

if on_server && [ -z "${CUSTOMHOUSE_TEST_POSTGRES:-}" ]; then
	echo "1..0 # SKIP no PostgreSQL server: script/with-postgres starts one"
	exit 0
fi

# SQL's words for bytes.
if on_server; then
	blob=bytea
	x20="'\\x20'::bytea"
	x00="'\\x00'::bytea"
else
	blob=blob
	x20="x'20'"
	x00="x'00'"
fi

# Is a server several nodes (serve_nodes.c)?
several() { [ -n "${CUSTOMHOUSE_TEST_NODES:-}" ]; }

# serve_as_told SERVER DIR ARGS...: a test's own server, or several of it; replaces this shell.
serve_as_told() {
	! several || set -- "$CUSTOMHOUSE_SERVE_NODES" "$CUSTOMHOUSE_TEST_NODES" "$@"
	exec "$@"
}

database_do() {
	psql -q "$CUSTOMHOUSE_TEST_POSTGRES/postgres" -c "$1" >/dev/null 2>&1
}

# database_make DIR [TEMPLATE]: the database of a directory.
database_make() {
	local name
	name=api_$(printf '%s' "$1" | md5sum | cut -c1-20)
	database_do "DROP DATABASE IF EXISTS $name WITH (FORCE)"
	database_do "CREATE DATABASE $name TEMPLATE ${2:-template0} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'" || return 1
	printf '%s\n' "$CUSTOMHOUSE_TEST_POSTGRES/$name" >"$1.database"
}

# copy_store FROM TO: with keys and roots.
copy_store() {
	rm -rf "$2"
	cp -r "$1" "$2"
	! on_server || database_make "$2" "$(sed 's|.*/||' "$1.database")"
}

# Those of all directories in $1.
databases_drop() {
	local mark
	for mark in "$1"/*.database; do
		[ ! -e "$mark" ] || database_do "DROP DATABASE $(sed 's|.*/||' "$mark") WITH (FORCE)"
	done
}

sql() { # sql DIR STATEMENT
	if on_server; then
		psql -qAt "$(cat "$1.database")" -c "$2"
	else
		sqlite3 "$1/customhouse.db" "$2"
	fi
}
