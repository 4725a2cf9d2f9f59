/* What the program that follows this one might add; compiled into customhouse-next, for tests of both side by side. Programs from
 * schema 12 on know what `oldest` is. */
#ifndef CUSTOMHOUSE_TESTS_CLUSTER_NEXT_MIGRATION_H
#define CUSTOMHOUSE_TESTS_CLUSTER_NEXT_MIGRATION_H

#define CUSTOMHOUSE_NEXT_MIGRATION                                                                 \
	{"of tomorrow",                                                                            \
	 "CREATE TABLE tomorrow (office TEXT NOT NULL PRIMARY KEY, n {i64} NOT NULL) {strict};"    \
	 "ALTER TABLE event ADD COLUMN tomorrow TEXT NOT NULL DEFAULT '';"                         \
	 "ALTER TABLE declaration ADD COLUMN tomorrow {i64} NOT NULL DEFAULT 7;",                  \
	 12},

#endif
