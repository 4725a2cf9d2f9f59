#!/usr/bin/env bash
# ncts_test.sh MKXSD TABLES: the tables of transit messages are those that the schemas of NCTS give, where these are.
set -o pipefail
schemas=${CUSTOMHOUSE_SHARED:-}/transit/xsd-phase5
echo 1..1
if [ ! -d "$schemas" ]; then
	echo "ok 1 # SKIP no schemas: CUSTOMHOUSE_SHARED is not there"
elif "$1" "$schemas" cc007c cc015c | cmp - "$2"; then
	echo "ok 1"
else
	echo "not ok 1"
fi
