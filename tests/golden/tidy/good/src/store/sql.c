#include "db/db.h"
static const char statement[] = "SELECT a FROM b";
static const char sum[] = "SELECT CAST(SUM(a) AS BIGINT), liked, summary FROM b"
			  " WHERE c = $1 AND e = $1"
			  " AND d = $2";
static const char rest[] = COLUMNS " WHERE a = $2 AND b = $3";
