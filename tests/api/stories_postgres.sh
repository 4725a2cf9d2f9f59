#!/usr/bin/env bash
# The stories over PostgreSQL: stories_postgres.sh SCENARIO PROGRAM STORIES
. "$(dirname "$0")/database_lib.sh"
exec "$@"
