static const char mine[] = "PRAGMA journal_mode = WAL";
static const char not_mine[] = "UPDATE event SET x = $1";
