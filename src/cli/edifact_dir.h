/* Directories of EDIFACT that a user adds, read from a folder before a verb runs. */
#ifndef CUSTOMHOUSE_CLI_EDIFACT_DIR_H
#define CUSTOMHOUSE_CLI_EDIFACT_DIR_H

#include "cli/cli.h"

/* Takes the tables of --edifact into use; where it is not given, those of the folder edifact in the data directory, if there is
 * one. The first fault is said, with file and line, and nothing runs: EXIT_UNREADABLE, EXIT_FAILED. */
int edifact_dir_open(const struct args *a);
void edifact_dir_close(void);

#endif
