#include "db/db.h"
static const char statement[] = "SELECT a FROM b";
