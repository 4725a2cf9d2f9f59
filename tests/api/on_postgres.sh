#!/usr/bin/env bash
# Stands for the program in tests that run over PostgreSQL: what has its store in --data DIR gets a database of its own, which the
# file DIR.database names. CUSTOMHOUSE_PROGRAM is the program; script/with-postgres says where the server is. With
# CUSTOMHOUSE_TEST_NODES=N a server is N nodes, and CUSTOMHOUSE_SERVE_NODES what starts them.
set -u

export CUSTOMHOUSE_TEST_DB=postgres
. "$(dirname "$0")/database_lib.sh"

verb=${1:-}
case $verb in
backup | cargo | compare | duty | erase | explain | measure | messages | pack | reassess | replay | restore | rules | serve | simulate | stock | submit | tariff | user | verify) ;;
*) exec "$CUSTOMHOUSE_PROGRAM" "$@" ;;
esac

dir=customhouse-data
more=()
named=no
previous=
for word in "$@"; do
	case $previous in
	--data) dir=$word ;;
	esac
	case $word in
	--data=*) dir=${word#--data=} ;;
	--database | --database=*) exec "$CUSTOMHOUSE_PROGRAM" "$@" ;;
	--advertise | --advertise=* | --node | --node=*) named=yes ;;
	esac
	previous=$word
done
if [ "$verb" = pack ] && [ "${2:-}" = check ]; then
	exec "$CUSTOMHOUSE_PROGRAM" "$@"
fi

if [ "$verb" = rules ] && [[ ! ${2:-} =~ ^(propose|export|import|keys|trust|distrust)$ ]]; then
	exec "$CUSTOMHOUSE_PROGRAM" "$@"
fi

# These ask files or packs without a store.
if [[ $verb =~ ^(compare|duty|tariff)$ ]] && [[ " $* " != *" --data "* ]]; then
	exec "$CUSTOMHOUSE_PROGRAM" "$@"
fi

mark=$(realpath -m "$dir").database
case $verb in
serve | submit | user | pack | restore)
	if [ ! -e "$mark" ] && [ -d "$(dirname "$mark")" ]; then
		database_make "${mark%.database}"
	fi
	;;
esac
url=$CUSTOMHOUSE_TEST_POSTGRES/nothing
[ ! -e "$mark" ] || url=$(cat "$mark")
# A port that the machine chooses is no address for other nodes: there are none.
if [ "$verb" = serve ] && [ $named = no ]; then
	more=(--node "$(basename "$dir")" --advertise 127.0.0.1:1)
fi
# Several of them behind one address (serve_nodes.c).
if [ "$verb" = serve ] && [ $named = no ] && [ -n "${CUSTOMHOUSE_TEST_NODES:-}" ]; then
	exec "$CUSTOMHOUSE_SERVE_NODES" "$CUSTOMHOUSE_TEST_NODES" "$CUSTOMHOUSE_PROGRAM" "$@" --database "$url"
fi
# Keys are put there.
[ "$verb" != restore ] || mkdir -p "$dir"
exec "$CUSTOMHOUSE_PROGRAM" "$@" --database "$url" "${more[@]}"
