#include <sqlite3.h>
static const char steer[] = "PRAGMA journal_mode = WAL";
